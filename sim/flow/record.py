"""What happened, as tables with names: requests, steps, work. All times are whole seconds; −1 = has not
happened."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.jit import compiled
from sim.scenario.limits import LIMITS, named_limits, runs_to_start
from sim.world import World
from sim.world.reroute import stream_of
from sim.world.tasks import CHECK, TYPES, step_names

from .definitions import AT_ONCE
from .tables import Bureau, Tables, duty_over
from .time_limits import due_after_stops, first_start_s, limits_of
from .trace import Trace


def due(trace: Trace, start_s: int, now: int, *further_s: np.ndarray) -> np.ndarray:
    """The requests that fell due since `start_s` or are overdue `now`, by their limit or one of the further
    ones, whose ends are `further_s`; positions (n,)."""
    which = _due(trace.due_s, trace.finish_s, start_s, now)
    for due_s in further_s:
        which = np.union1d(which, _due(due_s, trace.finish_s, start_s, now))
    return which


@compiled
def _due(due_s, finish_s, start_s, now):
    which, count = np.empty(len(due_s), np.int64), 0
    for i in range(len(due_s)):
        if 0 <= due_s[i] <= now and (due_s[i] > start_s or finish_s[i] < 0):
            which[count] = i
            count += 1
    return which[:count]


def requests_of(world: World, bureau: Bureau, trace: Trace) -> pd.DataFrame:
    """One row a request: kind, unit, case_number, arrival_s, first_start_s, finish_s, due_s (after stops of
    the clock), statutory_due_s, until_start, returns, withdrawn_s, work_s (standard work of its visits: those
    it made, or while it is open those drawn for it); channel, where rules give a choice; booked, by
    appointment, where a kind has any; turned_away, how often, where anybody may be; due_s.<name> of further
    time limits."""
    drawn, tables, tasks = world.requests, bureau.tables, world.tasks
    amount, per = limits_of(world, "statutory_limit")
    needless = (trace.ready_s < 0) & (trace.finish_s >= 0)[tasks.request]  # corrections of no error
    work_s = np.concatenate(([0], np.cumsum(np.where(needless, 0, tasks.work_s))))
    channel = {"channel": drawn["channel"]} if "channel" in drawn else {}
    booked = {"booked": drawn["booked"]} if "booked" in drawn else {}
    refused = {"turned_away": trace.turned_away} if tables.refuses else {}
    further = further_limits(world, tables, trace.start_s)
    return pd.DataFrame(
        {
            "kind": drawn["kind"],
            "unit": drawn["unit"],
            "case_number": drawn["case_number"],
            "arrival_s": world.received_s,
            "first_start_s": first_start_s(world, trace.first_start_s),
            "finish_s": trace.finish_s,
            "due_s": trace.due_s,
            "statutory_due_s": due_after_stops(tables, amount, per, trace.start_s),
            "until_start": until_start(world),
            "returns": trace.returns,
            "withdrawn_s": trace.withdrawn_s,
            "work_s": np.diff(work_s[tasks.first]),
            **channel,
            **booked,
            **refused,
            **{f"due_s.{name}": due_s for name, (due_s, _) in further.items()},
        },
        index=pd.RangeIndex(len(drawn), name="request"),
        copy=False,
    )


def open_at_end(world: World, trace: Trace) -> pd.DataFrame:
    """What is open at the end, as a scenario's table of work in progress: kind, unit, step, received, due.

    A matter stands before the first step of its file's route that it has reached or is about to reach; kinds
    and steps that rules have added are left out.
    """
    scenario, tasks = world.scenario, world.tasks
    written = scenario if scenario._written is None else scenario._written[0]
    names = [(kind, stream_of(step)) for kind, step in step_names(scenario)]
    known = np.array([kind in written.kinds and step in written.kinds[kind].route for kind, step in names])
    ahead = np.flatnonzero(known[tasks.step] & (trace.end_s < 0))
    request, first = np.unique(tasks.request[ahead], return_index=True)
    still = (trace.finish_s < 0) & (trace.withdrawn_s < 0)
    request, first = request[still[request]], first[still[request]]
    steps = [names[step] for step in tasks.step[ahead[first]].tolist()]
    midnight = pd.Timestamp(world.calendar.first).as_unit("s")

    def moments(seconds: np.ndarray) -> pd.Series:
        return (midnight + pd.to_timedelta(pd.Series(seconds), unit="s")).astype("datetime64[s]")

    due_s = trace.due_s[request]
    return pd.DataFrame(
        {
            "kind": [kind for kind, _ in steps],
            "unit": world.requests["unit"].astype(str).to_numpy()[request],
            "step": [step for _, step in steps],
            "received": moments(world.received_s[request]),
            "due": moments(due_s).where(due_s >= 0),
        }
    )


def ended_by(
    world: World, trace: Trace, which: np.ndarray, start_s: int, end_s: int
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """What people ended within (start, end]: the standard work of these visits, seconds, float (people,); and
    of the requests `which`, positions (n,), the posts and the places in `which` of which there was one, int
    (m,) each, no pair twice."""
    tasks = world.tasks
    last = _last_ones(trace.segments, np.ascontiguousarray(trace.end_s), start_s, end_s)
    own = np.flatnonzero(last >= 0)
    work_s = np.bincount(last[own], tasks.work_s[own], len(world.people))
    return work_s, _pairs(last, tasks.first, which, len(own), len(world.people))


@compiled
def _last_ones(segments, ended_s, start_s, end_s):
    """Return who worked last on the tasks ended within (start, end], int64 (tasks,); −1 for all others."""
    last = np.full(len(ended_s), -1, np.int64)
    for i in range(len(segments)):
        if start_s < ended_s[segments[i, 0]] <= end_s:
            last[segments[i, 0]] = segments[i, 1]
    return last


@compiled
def _pairs(person, first, which, most, people):
    """Return each person of the tasks of each request once, and its place; a person of −1 is none."""
    who, places, count = np.empty(most, np.int64), np.empty(most, np.int64), 0
    seen = np.full(people, -1, np.int64)  # the request at which each person was last seen
    for i in range(len(which)):
        for task in range(first[which[i]], first[which[i] + 1]):
            own = person[task]
            if own >= 0 and seen[own] != i:
                seen[own] = i
                who[count], places[count] = own, i
                count += 1
    return who[:count], places[:count]


def until_start(world: World, which: str = "limit") -> np.ndarray:
    """Whether the limit of each request runs to its first start, bool (requests,)."""
    of_kind = runs_to_start(world.scenario, which)
    return world.once(f"{which} until start", lambda: of_kind.take(world.requests["kind"].cat.codes))


def further_limits(
    world: World, tables: Tables, start_s: np.ndarray
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """When the further time limits of each request run out, after stops of the clock, −1 = it has none, and
    whether they run to its first start; by name. `start_s` (tasks,) is when each visit began."""
    found = {}
    for name in named_limits(world.scenario):
        amount, per = limits_of(world, LIMITS + name)
        due_s = due_after_stops(tables, amount, per, start_s)
        found[name] = due_s, until_start(world, LIMITS + name)
    return found


def steps_of(world: World, bureau: Bureau, trace: Trace) -> pd.DataFrame:
    """One row for each visit of a step that was reached, index task (as `segments_of` names it): request,
    kind, step, type, unit, role, person (who ended it: the post's first holder, also after moves), work_s
    (standard work; 0 where nobody works), delay_s and delay_days (of a wait, as drawn: seconds, or −1 and the
    working days), ready_s, start_s, end_s."""
    tasks = world.tasks
    reached = np.flatnonzero(trace.ready_s >= 0)
    names = step_names(world.scenario)
    last = np.full(len(tasks.step), -1, np.int32)
    segments = worked(world, bureau, trace)
    last[segments[:, 0]] = segments[:, 1]
    steps, persons = tasks.step[reached], [person.name for person in world.people]
    queue = bureau.tables.queue[reached]
    return pd.DataFrame(
        {
            "request": tasks.request[reached].astype(np.int64),
            "kind": _named([kind for kind, _ in names], steps),
            "step": _named([step for _, step in names], steps),
            "type": pd.Categorical.from_codes(tasks.type[reached], pd.Index(TYPES)),
            "unit": _named([queue.unit for queue in bureau.queues], queue),
            "role": _named([queue.role for queue in bureau.queues], queue),
            "person": _named(persons, last[reached]),
            "work_s": tasks.work_s[reached].astype(np.int64),
            "delay_s": tasks.delay_s[reached].astype(np.int64),
            "delay_days": tasks.delay_days[reached].astype(np.int64),
            **{
                name: getattr(trace, name)[reached].astype(np.int64)
                for name in ("ready_s", "start_s", "end_s")
            },
        },
        index=pd.Index(reached, name="task"),
        copy=False,
    )


def answers_of(
    world: World, bureau: Bureau, trace: Trace, which: np.ndarray, until_s: int
) -> tuple[np.ndarray, np.ndarray]:
    """Which units answer up to `until_s` for the requests `which`, positions (n,): the unit and the place in
    `which` of each pair, int32 (m,) each, in the order of the place.

    The unit at which a request came in, and those at which it reached a step of work.
    """
    return _answering(
        which,
        home_of(world),
        world.tasks.first,
        bureau.tables.queue,
        trace.ready_s,
        world.once("unit of queues", lambda: _unit_of_queues(world, bureau)),
        until_s,
        len(world.scenario.units),
    )


def home_of(world: World) -> np.ndarray:
    """The unit at which each request came in, int32 (requests,)."""
    return world.once("home", lambda: world.requests["unit"].cat.codes.to_numpy().astype(np.int32))


@compiled
def _answering(which, home, first, queue, ready_s, unit_of_queue, until_s, units):
    most = 0
    for i in which:
        most += 1 + first[i + 1] - first[i]
    unit, place = np.empty(most, np.int32), np.empty(most, np.int32)
    last, count = np.full(units, -1, np.int64), 0  # the request that a unit was last seen to answer for
    for i in range(len(which)):
        for task in range(first[which[i]] - 1, first[which[i] + 1]):  # the one before: where it came in
            here, came = home[which[i]], task < first[which[i]]
            if not came and queue[task] >= 0:
                here = unit_of_queue[queue[task]]
            if last[here] == i:  # most often, and without a look at what happened
                continue
            if came or 0 <= ready_s[task] <= until_s:
                last[here] = i
                unit[count], place[count] = here, i
                count += 1
    return unit[:count], place[:count]


def _unit_of_queues(world: World, bureau: Bureau) -> np.ndarray:
    place = {unit: number for number, unit in enumerate(world.scenario.units)}
    return np.array([place[queue.unit] for queue in bureau.queues], np.int32)


def went_wrong(world: World, trace: Trace) -> np.ndarray:
    """Whether an error was made in each request so far, bool (requests,): a check of its work failed."""
    checks = world.once("checks", lambda: np.flatnonzero(world.tasks.type == CHECK))
    return _marked(world, checks[trace.start_s[checks] >= 0])


def came_to(world: World, trace: Trace, step: str) -> np.ndarray:
    """Whether each request has come to the step of that name, or to a copy of it on another channel, so far,
    bool (requests,)."""
    visits = world.tasks.of_step(step, world.scenario)
    return _marked(world, visits[trace.ready_s[visits] >= 0])


def _marked(world: World, tasks: np.ndarray) -> np.ndarray:
    marked = np.zeros(len(world.requests), bool)
    marked[world.tasks.request[tasks]] = True
    return marked


def segments_of(world: World, bureau: Bureau, trace: Trace) -> pd.DataFrame:
    """Who worked on what: request, task, person, start_s, end_s; work under way ends as `worked` says."""
    rows = worked(world, bureau, trace).astype(np.int64)
    return pd.DataFrame(
        {
            "request": world.tasks.request[rows[:, 0]].astype(np.int64),
            "task": rows[:, 0],
            "person": _named([person.name for person in world.people], rows[:, 1]),
            "start_s": rows[:, 2],
            "end_s": rows[:, 3],
        }
    )


def worked(world: World, bureau: Bureau, trace: Trace) -> np.ndarray:
    """Segments of work, int32 (n, 4): task, person, start_s, end_s. Those under way come last, and end with
    the last duty of the person in the horizon; with the horizon where work goes on after duty."""
    tables = bureau.tables
    task, person, start_s, _ = trace.in_hand.T
    ends = np.where(
        tables.when_duty_ends[tables.queue[task]] == AT_ONCE,
        world.end_s,
        np.clip(duty_over(tables)[person], start_s, world.end_s),
    )
    under_way = np.column_stack((task, person, start_s, ends)).astype(np.int32)
    return np.concatenate((trace.segments, under_way))


def _named(names: list[str], codes: np.ndarray) -> pd.Categorical[str]:
    """``names[code]`` of each code, "" for −1; categorical."""
    known = ["", *dict.fromkeys(names)]
    place = {name: number for number, name in enumerate(known)}
    return pd.Categorical.from_codes(np.array([*(place[name] for name in names), 0])[codes], pd.Index(known))
