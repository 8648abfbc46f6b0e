"""What an executor works on: columns of numbers, nothing of a scenario's names; and the definitions both
executors share.

The order of simultaneous events is total: by time, then by class (the constants below, in this order), then
by the number of the request or person. A person who finishes takes the next waiting request before the
finished one moves on. Who waits is taken by (class of urgency, key of the discipline, request number); a
request that was interrupted keeps its place. Of several idle people the one idle longest serves, then the
lower number.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

import numpy as np

from sim.scenario.calendar import WorkingCalendar
from sim.scenario.errors import InputError
from sim.scenario.time import DAY_S
from sim.world import World
from sim.world.demand import hourly_rates
from sim.world.routes import Tasks, step_names
from sim.world.staff import Person, queues_of, served_queues

# Classes of simultaneous events, in the order in which they happen.
FINISH, SUSPEND, RETURN, DUTY, ARRIVAL, PATIENCE = 1, 2, 3, 4, 5, 6
NEVER = 2**62

FIRST_COME, DUE_DATE, CLASS = 0, 1, 2
_DISCIPLINES = {"first_come_first_served": FIRST_COME, "earliest_due_date": DUE_DATE, "class_priority": CLASS}
RESUME, RESTART, RESAMPLE, AT_ONCE, HAND_OVER, NONE = 0, 1, 2, 3, 4, 5
_DUTY_ENDS = {"resume": RESUME, "restart": RESTART, "finish": AT_ONCE, "hand_over": HAND_OVER}
_PREEMPTION = {"none": NONE, "resume": RESUME, "restart": RESTART, "resample": RESAMPLE}
NO_LIMIT, WORKING_DAYS, CALENDAR_DAYS, SECONDS = -1, 0, 1, 2
_SECONDS_PER = {"minutes": 60, "hours": 3600}


@dataclass
class Queue:
    """One waiting line: a station and a kind, with the service rules of its unit."""

    unit: str
    role: str
    kind: str
    discipline: int
    preemption: int
    duty_ends: int


@dataclass
class Tables:
    """A replication as an executor sees it (arrays by request, by task, by person, by queue)."""

    arrival_s: np.ndarray
    urgency: np.ndarray
    limit_amount: np.ndarray  # days, or seconds
    limit_per: np.ndarray
    patience_s: np.ndarray
    first_task: np.ndarray  # (requests + 1,)
    tasks: Tasks
    queue: np.ndarray  # of each task, −1 where it needs nobody
    committee: np.ndarray  # of each task, −1 where it is no sitting
    queues: list[Queue]
    people: list[Person]
    serves: list[list[int]]  # queues of each person
    staff_of: list[list[int]]  # people of each queue
    sittings: list[tuple[list[int], list[int]]]  # of each committee: times (s), places
    calendar: WorkingCalendar
    end_s: int


def build(world: World) -> Tables:
    """The executor's tables of a world, under its scenario's service rules."""
    scenario, requests, tasks = world.scenario, world.requests, world.tasks
    numbering = queues_of(scenario, requests)
    queues = [
        Queue(
            unit,
            role,
            kind,
            _DISCIPLINES[scenario.setting(unit, "discipline")],
            _PREEMPTION[scenario.setting(unit, "preemption")],
            _DUTY_ENDS[scenario.setting(unit, "when_duty_ends")],
        )
        for unit, role, kind in numbering
    ]
    queue = _queue_of_tasks(world, numbering)
    serves = served_queues(scenario, world.people, numbering, _expected_load(world, numbering))
    staff_of = [
        [person for person, mine in enumerate(serves) if number in mine] for number in range(len(queues))
    ]
    for line, staff in zip(queues, staff_of, strict=True):
        if not staff:  # what a table of arrivals brings is known only now
            remedy = f"Give {line.unit} staff in role '{line.role}' with the skill"
            raise InputError(
                f"nobody at {line.unit}/{line.role} can do '{line.kind}'", path="staff", remedy=remedy
            )
    committees = list(scenario.committees)
    names = step_names(scenario)
    committee_of_step = np.array(
        [
            committees.index(step.committee) if (step := scenario.kinds[k].route[s]).type == "sitting" else -1
            for k, s in names
        ]
    )
    kinds = requests["kind"].to_numpy()
    amount, per = limit_of(scenario, kinds, "limit")
    return Tables(
        arrival_s=requests["arrival_s"].to_numpy(np.int64),
        urgency=np.array([scenario.kinds[kind].priority for kind in kinds], np.int64),
        limit_amount=amount,
        limit_per=per,
        patience_s=requests["patience_s"].to_numpy(np.int64),
        first_task=np.searchsorted(tasks.request, np.arange(len(requests) + 1)),
        tasks=tasks,
        queue=queue,
        committee=committee_of_step[tasks.step] if len(tasks.step) else tasks.step,
        queues=queues,
        people=world.people,
        serves=serves,
        staff_of=staff_of,
        sittings=[_sittings(scenario.committees[name], world.begin_s, world.end_s) for name in committees],
        calendar=world.calendar,
        end_s=world.end_s,
    )


def limit_of(scenario, kinds: np.ndarray, which: str) -> tuple[np.ndarray, np.ndarray]:
    """Amount and unit code of each request's ``limit`` or ``statutory_limit``."""
    amount, per = np.zeros(len(kinds), np.int64), np.full(len(kinds), NO_LIMIT, np.int64)
    for kind, part in scenario.kinds.items():
        limit = getattr(part, which)
        if limit is not None:
            mine = kinds == kind
            codes = {"working_days": WORKING_DAYS, "calendar_days": CALENDAR_DAYS}
            amount[mine] = round(limit.amount * _SECONDS_PER.get(limit.per, 1))
            per[mine] = codes.get(limit.per, SECONDS)
    return amount, per


def due_s(
    calendar: WorkingCalendar,
    received_s: int,
    amount: int,
    per: int,
    excluded: tuple[int, int, int] = (0, 0, 0),
) -> int:
    """When a time limit runs out; `excluded` is the time that did not count, in working days, days and
    seconds."""
    if per == NO_LIMIT:
        return -1
    if per == SECONDS:
        return received_s + amount + excluded[2]
    if per == WORKING_DAYS:
        return calendar.due(received_s, amount + excluded[0], "working_days")
    return calendar.due(received_s, amount + excluded[1], "calendar_days")


def _queue_of_tasks(world: World, numbering: dict[tuple[str, str, str], int]) -> np.ndarray:
    tasks, requests = world.tasks, world.requests
    units = requests["unit"].to_numpy()
    queue = np.full(len(tasks.step), -1, np.int64)
    for number, (kind, step) in enumerate(step_names(world.scenario)):
        part = world.scenario.kinds[kind].route[step]
        mine = np.flatnonzero(tasks.step == number)
        if part.type != "work" or not len(mine):
            continue
        place, _, role = part.at.partition("/")
        if place == "own":
            homes = units[tasks.request[mine]]
            queue[mine] = [numbering[home, role, kind] for home in homes]
        else:
            queue[mine] = numbering[place, role, kind]
    return queue


def _expected_load(world: World, numbering: dict[tuple[str, str, str], int]) -> dict[int, float]:
    """Expected work of each queue, in minutes a horizon: from the scenario, not from what happened to be
    drawn."""
    scenario = world.scenario
    load = dict.fromkeys(numbering.values(), 0.0)
    if not any(scenario.setting(unit, "front_desk") == "desk_per_kind" for unit in scenario.units):
        return load
    for kind, demand in scenario.demand.items():
        for unit, rate in hourly_rates(scenario, kind, demand, world.calendar).items():
            for step in scenario.kinds[kind].route.values():
                if step.type == "work":
                    place, _, role = step.at.partition("/")
                    key = (unit if place == "own" else place, role, kind)
                    if key in numbering:
                        load[numbering[key]] += float(rate.sum()) * step.minutes
    return load


def _sittings(committee, begin_s: int, end_s: int) -> tuple[list[int], list[int]]:
    times: list[int] = []
    places: list[int] = []
    turn = 0
    while True:
        offset = 0.0 if committee.every_minutes is None else turn * committee.every_minutes
        round_s = [begin_s + round(60 * (first + offset)) for first in committee.first]
        times += round_s
        places += committee.places
        turn += 1
        if committee.every_minutes is None or round_s[0] > end_s:
            return times, places


class Duty:
    """A person's on-duty time as arithmetic: known calendars need no events to interrupt work."""

    def __init__(self, spans: np.ndarray) -> None:
        self.start: list[int] = spans[:, 0].tolist()
        self.end: list[int] = spans[:, 1].tolist()
        lengths = spans[:, 1] - spans[:, 0]
        self.before: list[int] = np.concatenate(([0], np.cumsum(lengths)))[
            :-1
        ].tolist()  # duty before each span
        self.total = int(lengths.sum())

    def last_start(self, moment: int) -> int:
        """When the span of duty began that `moment` lies in, or that is over by then."""
        return self.start[bisect_right(self.start, moment) - 1]

    def worked(self, moment: int) -> int:
        """Seconds on duty up to `moment`."""
        index = bisect_right(self.start, moment) - 1
        return 0 if index < 0 else self.before[index] + min(moment, self.end[index]) - self.start[index]

    def worked_all(self, moments: np.ndarray) -> np.ndarray:
        """`worked` of many moments."""
        if not self.start:
            return np.zeros(len(moments), np.int64)
        start, end, before = np.array(self.start), np.array(self.end), np.array(self.before)
        index = np.searchsorted(start, moments, side="right") - 1
        spent = before[index] + np.minimum(moments, end[index]) - start[index]
        return np.where(index < 0, 0, spent)

    def advance(self, moment: int, work_s: int) -> int:
        """When `work_s` seconds of duty from `moment` on are over; NEVER if the duty does not suffice."""
        target = self.worked(moment) + work_s
        if target > self.total:
            return NEVER
        if work_s == 0:
            return moment
        index = bisect_left(self.before, target) - 1
        return self.start[index] + target - self.before[index]

    def first_fit(self, moment: int, work_s: int) -> int:
        """The end of the first uninterrupted stretch of `work_s` seconds that begins at `moment` or at a
        later start."""
        index = bisect_right(self.start, moment) - 1
        if index >= 0 and self.end[index] - moment >= work_s:
            return moment + work_s
        for later in range(index + 1, len(self.start)):
            if self.end[later] - self.start[later] >= work_s:
                return self.start[later] + work_s
        return NEVER


def person_seconds(work_s: int, speed: float) -> int:
    """The time a person of this speed needs for standard work."""
    return int(work_s / speed + 0.5)


def after_delay(calendar: WorkingCalendar, moment: int, delay_s: int, working_days: int) -> int:
    """When a delay is over: seconds, or (`delay_s` = −1) the same time of day so many working days later."""
    if delay_s >= 0:
        return moment + delay_s
    day, rest = divmod(moment, DAY_S)
    if working_days == 0:
        return moment
    place = min(int(calendar.count[day]) + working_days - 1, len(calendar.working_days) - 1)
    return int(calendar.working_days[place]) * DAY_S + rest


def excluded_time(calendar: WorkingCalendar, start_s: int, end_s: int) -> tuple[int, int, int]:
    """What a stop of the clock excludes, in working days, days and seconds."""
    first, last = start_s // DAY_S, min(end_s // DAY_S, len(calendar.count) - 1)
    return int(calendar.count[last] - calendar.count[first]), last - first, end_s - start_s
