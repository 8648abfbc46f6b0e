"""The tables of an executor: columns of numbers, without a scenario's names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, NamedTuple, get_type_hints

import numpy as np

from sim.jit import compiled
from sim.scenario.competence import Crowding
from sim.scenario.errors import InputError
from sim.scenario.schema import Scenario
from sim.scenario.service import Committee
from sim.scenario.steps import Step, Work
from sim.world import World
from sim.world.tasks import LAST_MOMENT

from .definitions import (
    DAY_S,
    MOST_REQUESTS,
    NONE,
    asks_for_work,
)
from .halls import halls
from .lines import Queue, check_teams, firsts, in_a_row, layout_of
from .time_limits import by_kind, due_dates, far_enough, limits_of

MOST_CROWDED = 500  # requests per head beyond which the pace no longer changes


# The executors' columns have only these types: numba compiles anew for each.
Whole = Annotated[np.ndarray, np.int64]
Number = Annotated[np.ndarray, np.int32]
Place = Annotated[np.ndarray, np.uint32]  # in another table; unsigned indices are faster
Short = Annotated[np.ndarray, np.int16]
Small = Annotated[np.ndarray, np.int8]
Flag = Annotated[np.ndarray, np.bool_]
Real = Annotated[np.ndarray, np.float64]


class Tables(NamedTuple):
    """A replication in numbers; times in whole seconds. Rows of another table are ``first[i]:first[i + 1]``.

    By request (in order of arrival): arrival_s, priority, limit_amount (days, or seconds), limit_per, due_s
    (before any stop of the clock), patience_s (of the first wait; −1 = endless), whole_s (patience for the
    whole matter, −1 = endless; empty if nobody has such), booked (comes by appointment; empty if nobody
    does), first_task; and of those who may be turned away (`refuses`; else empty): hall, the station to which
    people come in person (−1 = they do not), leaves_at (present there; 0 = never),
    leaves_over_s (expected wait; −1 = however long), first_comeback into comeback_s (when it comes again)
    and comeback_patience_s (of the first wait then). By queue: hall_of. By hall: seats and tickets (−1 = no
    end), first_of_hall into hall_lines, first_of_clerks into clerks (people).
    By task: type, queue (−1 where it needs nobody), committee (−1 where it is not a sitting), and the draws
    (`sim.world.tasks.Tasks`); expected_s, the expected work, empty unless a discipline uses it
    (`knows_work`); people, who do it together, and joined, the queue of which one more joins them (−1 =
    none), both empty unless a step takes several people (`teams`); same_person, whether who worked on the
    request last does it, empty unless a step asks so (`returns_to_person`).
    By queue: line, kind, discipline, preemption, when_duty_ends, anew (who takes over starts anew),
    first_begun (which work of equal priority is preempted). By line: first_of_staff into ``staff``
    (people). By person: first_of_lines into ``lines``, own_line (that nobody else serves; empty unless
    `returns_to_person`), first_span into the spans of duty start, end and
    before (seconds on duty before the span); holder: the person of each span; duty_order: the spans in order
    of their begin; leave_order: with `teams`, the spans in order of their end. By person and kind: speed,
    (people, kinds).
    By committee: first_sitting into sitting_s and places; one_by_one.
    By day: worked_days (working days up to and including the day), day_ends_s (when a limit that ends with
    the day runs out); working_days: the days that are worked.
    By requests per head in a line, rounded up: pace, the factor on speed (`hurries`: not always 1).
    Supervised work that lags (`definitions.lags`) is served as if it had arrived supervision_s earlier; a
    supervised delay of what lags takes pressed_s (by task; empty: it takes as long as any other).
    Requests of a queue stand in line as if they had come ahead_s earlier.
    keeps_claims: work may be taken away from people, so its place in the line is kept.
    """

    arrival_s: Whole
    priority: Whole
    limit_amount: Whole
    limit_per: Small
    due_s: Whole
    patience_s: Whole
    whole_s: Whole
    booked: Flag
    hall: Number
    leaves_at: Whole
    leaves_over_s: Whole
    first_comeback: Whole
    comeback_s: Whole
    comeback_patience_s: Whole
    hall_of: Number
    seats: Whole
    tickets: Whole
    first_of_hall: Place
    hall_lines: Place
    first_of_clerks: Place
    clerks: Place
    first_task: Whole
    type: Small
    queue: Number
    committee: Short
    work_s: Number
    again_s: Number
    delay_s: Number
    delay_days: Number
    fails_above: Number
    corrections: Small
    expected_s: Number
    people: Small
    joined: Number
    same_person: Flag
    stops: Small
    returned: Flag
    supervised: Small
    pressed_s: Number
    line: Place
    kind: Place
    ahead_s: Whole
    discipline: Small
    preemption: Small
    when_duty_ends: Small
    anew: Flag
    first_begun: Flag
    first_of_staff: Place
    staff: Place
    speed: Real
    first_of_lines: Place
    lines: Place
    own_line: Place
    first_span: Whole
    start_s: Whole
    end_s: Whole
    before_s: Whole
    holder: Place
    duty_order: Place
    leave_order: Place
    first_sitting: Whole
    sitting_s: Whole
    places: Whole
    one_by_one: Flag
    worked_days: Whole
    working_days: Whole
    day_ends_s: Whole
    pace: Real
    begin: int
    end: int
    may_interrupt: bool
    keeps_claims: bool
    hurries: bool
    knows_work: bool
    teams: bool
    returns_to_person: bool
    refuses: bool
    supervision_s: int

    @property
    def comebacks(self) -> np.ndarray:
        """How often each request comes again if it is turned away, int64 (requests,)."""
        return np.diff(self.first_comeback)


@dataclass(frozen=True)
class Bureau:
    """The tables of a replication with the names behind their numbers.

    ``queues``, and ``serves``: the queues of each person, as numbers.
    """

    tables: Tables
    queues: list[Queue]
    serves: list[list[int]]


def build(world: World, digest: str | None = None) -> Bureau:
    """Return the executors' tables of a world, under its scenario's service rules.

    `digest` is that of the scenario (`Scenario.digest`, of_world), where it is known. Raises InputError if
    nobody serves a queue, or if there are more requests or seconds than an executor can count.
    """
    requests, tasks, calendar = world.requests, world.tasks, far_enough(world)
    if len(requests) >= MOST_REQUESTS or world.end_s > LAST_MOMENT:
        raise InputError(
            f"{len(requests):,} requests up to second {world.end_s:,} are too many for one replication",
            path="horizon",
            remedy=f"Stay under {MOST_REQUESTS:,} requests and {LAST_MOMENT:,} seconds",
        )
    layout = layout_of(world, digest)
    queues, serves, own_line = layout.queues, layout.serves, layout.columns["own_line"]
    works = [step if isinstance(step, Work) else None for step in _steps(world.scenario)]
    same = np.array([step is not None and step.same_person for step in works], np.bool_)
    homes = requests["unit"].cat.codes.to_numpy()
    amount, per = limits_of(world, "limit")
    arrival_s, *days = (
        np.array(column, np.int64)
        for column in (requests["arrival_s"], calendar.count, calendar.working_days, calendar.ends_s)
    )
    sittings = [_sittings(committee, world) for committee in world.scenario.committees.values()]
    pace = paces(world.scenario.competence.crowding)
    may_interrupt = any(queue.preemption != NONE for queue in queues)
    hurries = len(pace) > 1
    weighed = any(kind.leaves_over_minutes for kind in world.scenario.kinds.values())
    knows_work = weighed or any(asks_for_work(queue.discipline) for queue in queues)
    people_of_step = np.array([1 if step is None else step.people for step in works], np.int8)
    in_team = (people_of_step[:, None] > 1) | (layout.joined_of_step >= 0)
    of_steps = layout.of_step, layout.joined_of_step, people_of_step, _committee_of_steps(world.scenario)
    met, queue, joined, together, committee = _done_by(
        *of_steps, tasks.first, tasks.step, homes, bool(in_team.any())
    )
    in_team &= met
    teams = bool(in_team.any())
    if teams:
        people_at = np.broadcast_to(people_of_step[:, None], met.shape)
        asked = (of[in_team].tolist() for of in (layout.of_step, people_at, layout.joined_of_step))
        check_teams(queues, serves, set(zip(*asked, strict=True)))
    tables = tables_of(
        arrival_s=arrival_s,
        priority=by_kind([kind.priority for kind in world.scenario.kinds.values()], requests["kind"]),
        limit_amount=amount,
        limit_per=per,
        due_s=due_dates(*days, arrival_s, amount, per),
        patience_s=requests["patience_s"].to_numpy(np.int64),
        whole_s=requests["whole_s"].to_numpy(np.int64) if "whole_s" in requests else np.empty(0, np.int64),
        booked=requests["booked"] if "booked" in requests else np.empty(0, np.bool_),
        first_task=tasks.first,
        type=tasks.type,
        queue=queue,
        committee=committee,
        work_s=tasks.work_s,
        again_s=tasks.again_s,
        delay_s=tasks.delay_s,
        delay_days=tasks.delay_days,
        fails_above=tasks.fails_above,
        corrections=tasks.corrections,
        expected_s=_expected_work(world.scenario)[tasks.step] if knows_work else np.empty(0, np.int32),
        people=together if teams else np.empty(0, np.int8),
        joined=joined if teams else np.empty(0, np.int32),
        same_person=same[tasks.step] if same.any() else np.empty(0, np.bool_),
        stops=tasks.stops,
        returned=tasks.returned,
        supervised=tasks.supervised,
        pressed_s=tasks.pressed_s,
        **layout.columns,
        **_duty([person.duty for person in world.people], world.begin_s, teams),
        first_sitting=firsts([times for times, _ in sittings]),
        sitting_s=in_a_row([times for times, _ in sittings], np.int64),
        places=in_a_row([places for _, places in sittings], np.int64),
        one_by_one=np.array([one.one_by_one for one in world.scenario.committees.values()], np.bool_),
        **dict(zip(("worked_days", "working_days", "day_ends_s"), days, strict=True)),
        pace=pace,
        begin=world.begin_s,
        end=world.end_s,
        may_interrupt=may_interrupt,
        keeps_claims=may_interrupt or hurries or world.scenario.careers.on,
        hurries=hurries,
        knows_work=knows_work,
        teams=teams,
        returns_to_person=bool(same.any()),
        **halls(world, queues, serves, layout.columns["line"], own_line, queue, tasks.first),
        supervision_s=round(world.scenario.projects.supervision_days * DAY_S),
    )
    return Bureau(tables, queues, serves)


@compiled
def _done_by(of_step, joined_of_step, people_of_step, committee_of_step, first_task, step, home, teams):
    """Return which steps are met at which unit, bool (steps, units), and the columns of tasks that say who
    does them: queue, joined, people, committee. Without `teams`, joined and people are empty.

    `of_step` and `joined_of_step` are (steps, units), by the own unit of a request, `home`.
    """
    count = len(step)
    met = np.zeros(of_step.shape, np.bool_)
    queue, committee = np.empty(count, np.int32), np.empty(count, np.int16)
    joined, people = np.empty(count if teams else 0, np.int32), np.empty(count if teams else 0, np.int8)
    for request in range(len(home)):
        unit = home[request]
        for task in range(first_task[request], first_task[request + 1]):
            number = step[task]
            met[number, unit] = True
            queue[task] = of_step[number, unit]
            committee[task] = committee_of_step[number]
            if teams:
                joined[task], people[task] = joined_of_step[number, unit], people_of_step[number]
    return met, queue, joined, people, committee


def paces(crowding: Crowding) -> np.ndarray:
    """Return the factor on speed by requests per head 0 to `MOST_CROWDED`; [1] if off.

    A power: n ** exponent. Conway and Maxwell 1962: a service rate μ·n^γ with n requests in the system.
    A step: `step_factor` from `step_from` on.
    """
    if not crowding.on:
        return np.ones(1)
    if crowding.shape == "step":
        hurried = np.arange(MOST_CROWDED + 1) >= crowding.step_from
        return np.where(hurried, crowding.step_factor, 1.0) if crowding.step_factor > 1 else np.ones(1)
    if crowding.exponent == 0:
        return np.ones(1)
    return np.maximum(np.arange(MOST_CROWDED + 1.0), 1.0) ** crowding.exponent


def rostered(tables: Tables, spans: list[np.ndarray]) -> Tables:
    """Return the tables with other spans of duty, one array (n, 2) s for each person."""
    return tables_of(**(tables._asdict() | _duty(spans, tables.begin, tables.teams)))


def _duty(spans: list[np.ndarray], begin: int, teams: bool) -> dict[str, np.ndarray]:
    """Return the columns of `Tables` for spans of duty."""
    span = np.concatenate([*spans, np.empty((0, 2), np.int64)])
    lengths = span[:, 1] - span[:, 0]
    first_span = firsts(spans)
    before = np.cumsum(lengths) - lengths
    before -= np.repeat(np.append(before, 0)[first_span[:-1]], np.diff(first_span))
    return {
        "first_span": first_span,
        "start_s": np.ascontiguousarray(span[:, 0]),
        "end_s": np.ascontiguousarray(span[:, 1]),
        "before_s": before,
        "holder": np.repeat(np.arange(len(spans)), np.diff(first_span)),
        "duty_order": np.argsort(np.maximum(span[:, 0], begin), kind="stable"),
        "leave_order": np.argsort(span[:, 1] if teams else np.empty(0, np.int64), kind="stable"),
    }


def duty_over(tables: Tables) -> np.ndarray:
    """Return the end of each person's last duty, int64 (people,) s; without any, the begin of the horizon."""
    last = tables.first_span[1:] - 1
    has_duty = np.diff(tables.first_span) > 0
    return np.where(has_duty, np.append(tables.end_s, 0)[np.where(has_duty, last, -1)], tables.begin)


def tables_of(**columns: Any) -> Tables:
    """Return tables of these columns, each with its type, contiguous and writable."""
    kinds = _kinds()
    return Tables(
        **{
            name: np.require(column, kinds[name], ["C", "W"]) if name in kinds else column
            for name, column in columns.items()
        }
    )


@cache
def _kinds() -> dict[str, Any]:
    """Return the types of the columns of `Tables` that are arrays."""
    hints = get_type_hints(Tables, include_extras=True)
    return {name: hint.__metadata__[0] for name, hint in hints.items() if hasattr(hint, "__metadata__")}


def _expected_work(scenario: Scenario) -> np.ndarray:
    """Return the expected work of each step (s), 0 where nobody works; complexity has mean 1."""
    minutes = [step.minutes if isinstance(step, Work) else 0 for step in _steps(scenario)]
    return np.array([round(60 * one) for one in minutes], np.int32)


def _steps(scenario: Scenario) -> list[Step]:
    """Return the steps of all kinds, in the order of their numbers in tasks."""
    return [step for kind in scenario.kinds.values() for step in kind.route.values()]


def _committee_of_steps(scenario: Scenario) -> np.ndarray:
    numbers = {name: number for number, name in enumerate(scenario.committees)}
    held = [numbers[step.committee] if step.type == "sitting" else -1 for step in _steps(scenario)]
    return np.array(held, np.int16)


def _sittings(committee: Committee, world: World) -> tuple[list[int], list[int]]:
    """Return the times and places of a committee's sittings up to the end of the horizon."""
    times: list[int] = []
    places: list[int] = []
    turn = 0
    while True:
        offset = 0.0 if committee.every_minutes is None else turn * committee.every_minutes
        of_round = [
            min(world.begin_s + round(60 * (first + offset)), LAST_MOMENT) for first in committee.first
        ]
        times += of_round
        places += committee.places
        turn += 1
        if committee.every_minutes is None or of_round[0] > world.end_s:
            return times, places
