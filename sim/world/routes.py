"""Each request's way through its route, one row per visit to a step; drawn before any queue is simulated."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.cache import LruCache
from sim.jit import compiled
from sim.scenario.schema import Scenario
from sim.scenario.steps import Branch, Check, Delay, Draw, Return, Step

from .durations import Durations, Told, Visits
from .reroute import route_of, said, stream_of
from .shapes import Quantiles
from .streams import Streams, block, words
from .tasks import BRANCH, CHECK, DELAY, RESTARTS, RETURN, SITTING, TYPES, Tasks, step_names, whole

MOST_CARELESS = 8  # times the standard: nobody is more careless, so rarer errors need no check
NUMBER_BITS = 28  # of a case number that count the requests of a cell; the others are a hash of its name
AT_A_TIME = 2**16  # visits to steps drawn together: so many stay in the processor's cache


class Plan:
    """What a scenario says of the steps of all kinds, the same in every replication: prepared once."""

    def __init__(self, scenario: Scenario) -> None:
        self.steps = [part for kind in scenario.kinds.values() for part in route_of(kind).values()]
        self.routes = _routes(scenario)
        self.durations = Durations(scenario, self.steps, self.routes.type)
        self.streams = {
            name: [stream_of(step).encode() for step in kind.route] for name, kind in scenario.kinds.items()
        }
        self.returned = self.routes.type == RETURN
        self.task = np.where(self.returned, np.int8(DELAY), self.routes.type)  # its type, by step
        self.stops = np.array([_stops(step) for step in self.steps], np.int8)
        self.pressed = np.array([said(step, "pressed_share", 1.0) for step in self.steps])
        spreads = [kind.complexity_cv for kind in scenario.kinds.values()]
        self.complexity = Quantiles([Draw.model_construct(cv=cv) for cv in spreads]) if any(spreads) else None
        self.asked = {
            number: (step, f"department {stream_of(name)}")
            for number, (step, (_, name)) in enumerate(zip(self.steps, step_names(scenario), strict=True))
            if isinstance(step, Delay) and step.departments and scenario.departments.on
        }


plans: LruCache[Plan] = LruCache(16)  # by what they are made from


def draw_tasks(scenario: Scenario, digest: str, requests: pd.DataFrame, streams: Streams) -> Tasks:
    """Draw the tasks of all `requests`; `digest` is that of the scenario's draw (`Scenario.digest`).

    The requests have index 0 … n−1, and columns kind, unit (categorical), number, and those of a replay.
    """
    plan = plans.get(digest, lambda: Plan(scenario))
    routes, cells = plan.routes, Cells.of(requests)
    keys = [streams.keys(("way", unit, kind), plan.streams[kind]) for kind, unit in cells.names]
    kinds, numbers = np.array(requests["kind"].cat.codes, np.int64), np.array(requests["number"], np.int64)
    first_key = np.cumsum([0, *(len(of_cell) for of_cell in keys)])[cells.number]
    every_key = words([key for of_cell in keys for key in of_cell])
    begins = routes.first_step[kinds]
    if "step" in requests:  # some have come further
        begins = np.where(requests["step"] >= 0, requests["step"], begins)
    complexity = np.ones(len(kinds))
    if plan.complexity is not None:
        complexity = plan.complexity(kinds, cells.draw("complexity", requests["number"], streams))
    asked = {
        number: (delay, cells.draw(purpose, requests["number"], streams))
        for number, (delay, purpose) in plan.asked.items()
    }
    told = Told(complexity, plan.durations.given(scenario, requests), asked)
    first = np.zeros(len(kinds) + 1, np.int64)
    way = _way(routes, kinds, begins, numbers, every_key, first_key, is_done_anew(scenario), first)
    visits = plan.durations.of(list(way), told)
    return _tasks(plan, np.cumsum(first), visits)


def _tasks(plan: Plan, first: np.ndarray, visits: Visits) -> Tasks:
    """Return visits as tasks; those of request i are ``first[i]:first[i + 1]``."""
    routes, step, count = plan.routes, visits.step.astype(np.intp), len(visits.step)

    def column(name: str) -> np.ndarray:
        drawn = getattr(visits, name)
        return drawn if len(drawn) else np.zeros(count, np.int32)

    tasks = Tasks(
        first=first,
        request=visits.request,
        step=visits.step,
        type=plan.task.take(step),
        work_s=visits.work_s,
        again_s=column("again_s"),
        delay_s=visits.delay_s,
        delay_days=visits.delay_days,
        fails_above=column("fails_above"),
        corrections=np.zeros(count, np.int8),
        stops=plan.stops.take(step),
        returned=plan.returned.take(step),
        supervised=routes.supervised.take(step) if routes.supervised.any() else np.zeros(count, np.int8),
        pressed_s=np.empty(0, np.int32),
        department=visits.department if (visits.department >= 0).any() else None,
    )
    checks = np.flatnonzero(tasks.type == CHECK)
    corrected = _corrected(tasks, checks, routes.target[routes.first_target[step[checks]]])
    tasks.corrections[checks] = np.where(corrected, 2, 0)
    if (plan.pressed < 1).any():
        tasks.pressed_s = np.where(tasks.delay_s < 0, -1, whole(tasks.delay_s * plan.pressed[step]))
    return tasks


def _corrected(tasks: Tasks, checks: np.ndarray, correction: np.ndarray) -> np.ndarray:
    """Return whether each of the `checks` has its `correction` (a step) behind it: the error is found."""
    following = checks + 1 < tasks.first[tasks.request[checks] + 1]
    following[following] = tasks.step[checks[following] + 1] == correction[following]
    return following


def _stops(step: Step | Check) -> int:
    """Return whether a step stops the time limit (`Tasks.stops`)."""
    return RESTARTS if said(step, "restarts_clock", False) else int(said(step, "stops_clock", False))


def is_done_anew(scenario: Scenario) -> bool:
    """Return whether a rule draws interrupted work again."""
    return any(scenario.setting(unit, "preemption") == "resample" for unit in scenario.units)


@dataclass(frozen=True)
class Cells:
    """The pairs of kind and unit of requests: ``names`` of each, and ``number`` (requests,)."""

    names: list[tuple[str, str]]
    number: np.ndarray

    @classmethod
    def of(cls, requests: pd.DataFrame) -> Cells:
        kinds, units = requests["kind"].cat, requests["unit"].cat
        size = len(units.categories)
        pairs = kinds.codes.to_numpy(np.int64) * size + units.codes.to_numpy()
        present = np.flatnonzero(np.bincount(pairs, minlength=1))
        place = np.zeros(present.max(initial=0) + 1, np.int64)
        place[present] = np.arange(len(present))
        of_kind, of_unit = kinds.categories.tolist(), units.categories.tolist()
        names = [(of_kind[pair // size], of_unit[pair % size]) for pair in present.tolist()]
        return cls(names, place[pairs])

    def case_numbers(self, numbers: pd.Series) -> np.ndarray:
        """Return a number for each request, int64 (requests,), the same whatever other requests there are.

        `numbers` count the requests of each cell.
        """
        hashes = [hashlib.blake2b("\0".join(name).encode(), digest_size=8).digest() for name in self.names]
        cells = [int.from_bytes(name, "big") >> NUMBER_BITS + 1 << NUMBER_BITS for name in hashes]
        return np.array(cells, np.int64)[self.number] + np.array(numbers, np.int64)

    def draw(self, purpose: str, numbers: pd.Series, streams: Streams) -> np.ndarray:
        """Draw a number in [0, 1) for each request."""
        keys = words([streams.key(purpose, unit, kind) for kind, unit in self.names])
        return _each(keys, self.number, np.array(numbers, np.int64))


@compiled
def _each(keys, cell, numbers):
    drawn = np.empty(len(cell))
    for i in range(len(cell)):
        key = keys[cell[i]]
        drawn[i] = block(key[0], key[1], np.uint64(numbers[i]), np.uint64(0))[0]
    return drawn


class Routes(NamedTuple):
    """The routes of all kinds as columns by step; targets are steps, −1 = the end.

    first_step: of each kind. chance and at_most: of a return, else 0; chance and caught: of a check. A
    branch's targets are ``target[first_target[i] : first_target[i + 1]]`` with their cumulative probability
    in ``edge``; every other step has one target, a return two (onward, back), a check two (found, sound).
    """

    first_step: np.ndarray
    type: np.ndarray
    chance: np.ndarray
    at_most: np.ndarray
    caught: np.ndarray
    supervised: np.ndarray
    first_target: np.ndarray
    target: np.ndarray
    edge: np.ndarray


def _percent(share: float | None) -> int:
    return 0 if share is None else max(1, round(100 * share))


def _routes(scenario: Scenario) -> Routes:
    numbers = {name: number for number, name in enumerate(step_names(scenario))}
    targets: list[list[int]] = []
    edges: list[list[float]] = []
    parts = []
    for kind, part in scenario.kinds.items():
        names = list(part.route)
        for position, (name, step) in enumerate(part.route.items()):
            parts.append(step)
            if isinstance(step, Branch):
                onward, chances = list(step.to), np.cumsum(list(step.to.values()))
                edges.append((chances / chances[-1]).tolist())
            elif isinstance(step, Check):
                onward = [step.next, step.sound]
                edges.append([1.0, 1.0])
            else:
                onward = [step.next or names[position + 1] if step.next or name != names[-1] else ""]
                onward += [step.back_to] if isinstance(step, Return) else []
                edges.append([1.0] * len(onward))
            targets.append([numbers.get((kind, one), -1) for one in onward])
    return Routes(
        first_step=np.array([numbers[kind, next(iter(part.route))] for kind, part in scenario.kinds.items()]),
        type=np.array([TYPES.index(step.type) for step in parts], np.int8),
        chance=np.array([said(step, "chance", 0.0) for step in parts], float),
        at_most=np.array([said(step, "at_most", 0) for step in parts], np.int64),
        caught=np.array([said(step, "caught", 0.0) for step in parts], float),
        supervised=np.array([_percent(said(step, "supervised_from", None)) for step in parts], np.int8),
        first_target=np.concatenate(([0], np.cumsum([len(of_step) for of_step in targets]))),
        target=np.array([number for of_step in targets for number in of_step], np.int64),
        edge=np.array([edge for of_step in edges for edge in of_step], float),
    )


def _way(
    routes: Routes,
    kinds: np.ndarray,
    begins: np.ndarray,
    numbers: np.ndarray,
    keys: np.ndarray,
    first_key: np.ndarray,
    anew: bool,
    first: np.ndarray,
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]:
    """Move each request along its route from the step with which it `begins`; yield some tasks at a time.

    Of each task its request, its step, and its numbers in [0, 1): one for its work or delay and, with `anew`,
    one for work begun anew. The tasks of request i are added to ``first[i + 1]``.
    """
    visits = np.zeros(len(routes.type), np.int64)
    position = np.array([0, begins[0] if len(kinds) else -1])
    yielded = False
    while position[0] < len(kinds) or not yielded:
        request, step = np.empty(AT_A_TIME, np.int32), np.empty(AT_A_TIME, np.int32)
        luck, luck_anew = np.empty(AT_A_TIME), np.empty(AT_A_TIME if anew else 0)
        so_far = AT_A_TIME, first, visits, position
        columns = request, step, luck, luck_anew
        count = _walk(routes, kinds, begins, numbers, keys, first_key, anew, *so_far, *columns)
        yield request[:count], step[:count], luck[:count], luck_anew[:count]
        yielded = True


@compiled
def _walk(
    routes,
    kinds,
    begins,
    numbers,
    keys,
    first_key,
    anew,
    most,
    first,
    visits,
    position,
    request,
    step,
    luck,
    luck_anew,
):
    """Go on from `position` (request, step) by `most` visits to steps; return the number of tasks they make.

    The columns are written from their beginning. Tasks of request i are added to ``first[i + 1]``.
    `visits` (steps,): those of the request so far. A visit to a step takes one `block` of the step's stream.
    Its third number decides a turn, its fourth whether an error is found. The luck of a check is the
    carelessness above which there is an error.
    """
    i, at = position
    count, left = 0, most
    while left > 0 and i < len(kinds):
        number, before = np.uint64(numbers[i]), count
        first_of_kind = first_key[i] - routes.first_step[kinds[i]]
        while left > 0 and at >= 0:
            left -= 1
            key = first_of_kind + at
            drawn = block(keys[key, 0], keys[key, 1], number, np.uint64(visits[at]))
            turn = routes.first_target[at]
            kind = routes.type[at]
            if kind == BRANCH:
                while routes.edge[turn] <= drawn[2] and turn < routes.first_target[at + 1] - 1:
                    turn += 1
            back = kind == RETURN and drawn[2] < routes.chance[at] and visits[at] < routes.at_most[at]
            checked = kind == CHECK and drawn[2] < MOST_CARELESS * routes.chance[at]
            if back or (kind == CHECK and not (checked and drawn[3] < routes.caught[at])):
                turn += 1
            if kind <= SITTING or back or checked:
                request[count], step[count] = i, at
                luck[count] = drawn[2] / routes.chance[at] if checked else drawn[0]
                if anew:
                    luck_anew[count] = drawn[1]
                count += 1
            visits[at] += 1
            at = routes.target[turn]
        first[i + 1] += count - before
        if at < 0:  # the end
            i += 1
            at = begins[i] if i < len(kinds) else -1
            visits[:] = 0
    position[0], position[1] = i, at
    return count
