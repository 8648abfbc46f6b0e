"""Each request's way through its route, one row per visit to a step; drawn before any queue is simulated."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.jit import compiled
from sim.scenario.departments import Departments
from sim.scenario.schema import Scenario
from sim.scenario.steps import DELAY_UNITS_S, Branch, Check, Delay, Return, Sitting, Work

from .reroute import stream_of
from .shapes import mean_one_lognormal, quantile
from .streams import Streams, block, words
from .tasks import BRANCH, CARE_UNITS, CHECK, DELAY, RESTARTS, RETURN, SITTING, TYPES, Tasks, step_names

MOST_CARELESS = 8  # times the standard: nobody is more careless, so rarer errors need no check
NUMBER_BITS = 28  # of a case number that count the requests of a cell; the others are a hash of its name
AT_A_TIME = 2**19  # visits to steps drawn per compiled call, a twentieth of a second


def draw_tasks(scenario: Scenario, requests: pd.DataFrame, streams: Streams) -> Tasks:
    """Draw the tasks of all `requests`.

    They have index 0 … n−1, and columns kind, unit (categorical), number, and those of a replay.
    """
    routes, cells = _routes(scenario), Cells.of(requests)
    keys = [
        [streams.key("way", unit, kind, stream_of(step)) for step in scenario.kinds[kind].route]
        for kind, unit in cells.names
    ]
    kinds, numbers = np.array(requests["kind"].cat.codes, np.int64), np.array(requests["number"], np.int64)
    first_key = np.cumsum([0, *(len(of_cell) for of_cell in keys)])[cells.number]
    anew = is_done_anew(scenario)
    every_key = words([key for of_cell in keys for key in of_cell])
    first, request, step, luck, luck_anew = _ways(routes, kinds, numbers, every_key, first_key, anew)
    types = routes.type[step]
    tasks = Tasks(
        first=first,
        request=request,
        step=step,
        type=np.where(types == RETURN, DELAY, types).astype(np.int8),
        work_s=np.zeros(len(step), np.int64),
        again_s=np.zeros(len(step), np.int64),
        delay_s=np.zeros(len(step), np.int64),
        delay_days=np.zeros(len(step), np.int64),
        fails_above=np.zeros(len(step), np.int32),
        corrections=np.zeros(len(step), np.int8),
        stops=np.zeros(len(step), np.int8),
        returned=types == RETURN,
        supervised=routes.supervised[step] if routes.supervised.any() else np.zeros(len(step), np.int8),
        pressed_s=np.empty(0, np.int64),
    )
    complexity = _complexity(scenario, requests, cells, streams)
    by_step = np.argsort(step.astype(np.int16) if len(routes.type) < 2**15 else step, kind="stable")
    edges = np.concatenate(([0], np.cumsum(np.bincount(step, minlength=len(routes.type)))))
    parts = [part for kind in scenario.kinds.values() for part in kind.route.values()]
    for number, (part, (_, name)) in enumerate(zip(parts, step_names(scenario), strict=True)):
        rows = by_step[edges[number] : edges[number + 1]]
        if len(rows) and not isinstance(part, Branch):  # a branch makes no task
            twice = luck_anew[rows] if anew else None
            if isinstance(part, Check):
                _checks(tasks, routes.target[routes.first_target[number]], rows, luck[rows])
            else:
                _amounts(tasks, part, stream_of(name), rows, luck[rows], twice, complexity, requests)
                if isinstance(part, Delay) and part.departments and scenario.departments.on:
                    drawn = cells.draw(f"department {stream_of(name)}", requests["number"], streams)
                    _asked(tasks, part, scenario.departments, rows, luck[rows], drawn)
    pressed = np.array([getattr(part, "pressed_share", 1.0) for part in parts])
    if (pressed < 1).any():
        tasks.pressed_s = np.where(tasks.delay_s < 0, -1, _whole(tasks.delay_s * pressed[step]))
    return tasks


def _checks(tasks: Tasks, correction: int, rows: np.ndarray, careless: np.ndarray) -> None:
    """Fill in the checks `rows`; above `careless` (times the standard) there is an error.

    If the error is found, the step number `correction` and the one after it are done.
    """
    tasks.fails_above[rows] = np.ceil(careless * CARE_UNITS).astype(np.int32)
    following = rows + 1 < tasks.first[tasks.request[rows] + 1]
    following[following] = tasks.step[rows[following] + 1] == correction
    tasks.corrections[rows] = np.where(following, 2, 0)


def _amounts(
    tasks: Tasks,
    part: Work | Delay | Return | Sitting,
    name: str,
    rows: np.ndarray,
    luck: np.ndarray,
    luck_anew: np.ndarray | None,
    complexity: np.ndarray,
    requests: pd.DataFrame,
) -> None:
    """Fill in the durations of the tasks `rows`, all visits to the step `part`, by their `luck` in [0, 1)."""
    request = tasks.request[rows]

    def given(column: str, drawn: np.ndarray) -> np.ndarray:
        """Return the replay table's values for this step, else those drawn."""
        if f"{column}.{name}" not in requests.columns:
            return drawn
        stated = requests[f"{column}.{name}"].to_numpy(float)[request]
        return np.where(np.isnan(stated), drawn, np.rint(np.nan_to_num(stated))).astype(np.int64)

    if isinstance(part, Work):
        factor = complexity[request] if part.complexity else 1.0
        for column, drawn in (("work_s", luck), ("again_s", luck_anew)):
            if drawn is not None:
                seconds = _whole(60 * quantile(part, part.minutes, drawn) * factor)
                getattr(tasks, column)[rows] = given(column, seconds)
    elif isinstance(part, Sitting):
        tasks.delay_s[rows] = _whole(np.array(60 * part.minutes))
    else:
        tasks.stops[rows] = RESTARTS if getattr(part, "restarts_clock", False) else part.stops_clock
        amount = quantile(part, part.amount, luck)
        if part.per == "working_days":
            tasks.delay_days[rows] = _whole(amount)
            tasks.delay_s[rows] = given("delay_s", np.full(len(rows), -1))
        else:
            tasks.delay_s[rows] = given("delay_s", _whole(amount * DELAY_UNITS_S[part.per]))


def _asked(
    tasks: Tasks,
    part: Delay,
    departments: Departments,
    rows: np.ndarray,
    luck: np.ndarray,
    drawn: np.ndarray,
) -> None:
    """Fill in which department each of the tasks `rows` waits for, and how long, by its factor and spread.

    `drawn` (requests,) says which; how long goes by the same `luck` as without departments.
    """
    if tasks.department is None:
        tasks.department = np.full(len(tasks.step), -1, np.int8)
    names, shares = list(part.departments), np.cumsum(list(part.departments.values()))
    chosen = np.minimum(np.searchsorted(shares, drawn[tasks.request[rows]], side="right"), len(names) - 1)
    for place, name in enumerate(names):
        mine = np.flatnonzero(chosen == place)
        own = rows[mine]
        tasks.department[own] = list(departments.titles).index(name)
        cv = departments.cv.get(name, part.cv) if part.cv is not None else None
        mean = part.amount * departments.delay_factor.get(name, 1.0)
        amount = quantile(part.model_copy(update={"cv": cv}), mean, luck[mine])
        if part.per == "working_days":
            tasks.delay_days[own] = _whole(amount)
        else:
            tasks.delay_s[own] = _whole(amount * DELAY_UNITS_S[part.per])


def _whole(amount: np.ndarray) -> np.ndarray:
    return np.rint(amount).astype(np.int64)


def is_done_anew(scenario: Scenario) -> bool:
    """Return whether a rule draws interrupted work again."""
    return any(scenario.setting(unit, "preemption") == "resample" for unit in scenario.units)


def _complexity(scenario: Scenario, requests: pd.DataFrame, cells: Cells, streams: Streams) -> np.ndarray:
    complexity = np.ones(len(requests))
    drawn = cells.draw("complexity", requests["number"], streams)
    kinds = requests["kind"].cat.codes.to_numpy()
    for kind, part in enumerate(scenario.kinds.values()):
        if part.complexity_cv:
            rows = np.flatnonzero(kinds == kind)
            complexity[rows] = mean_one_lognormal(drawn[rows], part.complexity_cv)
    return complexity


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
        chance=np.array([getattr(step, "chance", 0.0) for step in parts], float),
        at_most=np.array([getattr(step, "at_most", 0) for step in parts], np.int64),
        caught=np.array([getattr(step, "caught", 0.0) for step in parts], float),
        supervised=np.array([_percent(getattr(step, "supervised_from", None)) for step in parts], np.int8),
        first_target=np.concatenate(([0], np.cumsum([len(of_step) for of_step in targets]))),
        target=np.array([number for of_step in targets for number in of_step], np.int64),
        edge=np.array([edge for of_step in edges for edge in of_step], float),
    )


def _ways(
    routes: Routes,
    kinds: np.ndarray,
    numbers: np.ndarray,
    keys: np.ndarray,
    first_key: np.ndarray,
    anew: bool,
) -> tuple[np.ndarray, ...]:
    """Move each request along its route.

    Return the first task of each request (requests + 1,), the request and step of each task, and its numbers
    in [0, 1): one for its work or delay and, with `anew`, one for work begun anew. Each call does `AT_A_TIME`
    visits; Python handles a Ctrl-C between two calls.
    """
    first, visits = np.zeros(len(kinds) + 1, np.int64), np.zeros(len(routes.type), np.int64)
    position = np.array([0, routes.first_step[kinds[0]] if len(kinds) else -1])
    room = [np.empty(AT_A_TIME, kind) for kind in (np.int32, np.int32, float)]
    room.append(np.empty(AT_A_TIME if anew else 0))
    pieces: list[list[np.ndarray]] = []
    while position[0] < len(kinds) or not pieces:
        count = _walk(
            routes, kinds, numbers, keys, first_key, anew, AT_A_TIME, first, visits, position, *room
        )
        pieces.append([column[:count].copy() for column in room])
    return np.cumsum(first), *(np.concatenate(column) for column in zip(*pieces, strict=True))


@compiled
def _walk(
    routes,
    kinds,
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
    count = 0
    for _ in range(most):
        if i == len(kinds):
            break
        key = first_key[i] + at - routes.first_step[kinds[i]]
        drawn = block(keys[key, 0], keys[key, 1], np.uint64(numbers[i]), np.uint64(visits[at]))
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
            first[i + 1] += 1
        visits[at] += 1
        at = routes.target[turn]
        if at < 0:  # the end
            i += 1
            at = routes.first_step[kinds[i]] if i < len(kinds) else -1
            visits[:] = 0
    position[0], position[1] = i, at
    return count
