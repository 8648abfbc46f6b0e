"""The queues that requests can join, the people who serve them, and the lines that queues form.

A queue is a unit, a role and a kind, under the rules of its unit. Queues that exactly the same people serve
form one line: whoever is free takes the first claim in all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.cache import LruCache
from sim.scenario.check_rules import OWN, PARTNER
from sim.scenario.disciplines import DISCIPLINES
from sim.scenario.errors import InputError
from sim.scenario.schema import Scenario
from sim.scenario.steps import Work
from sim.world import World
from sim.world.demand import intensities

from .definitions import AT_ONCE, DAY_S, HAND_OVER, NONE, RESAMPLE, RESTART, RESUME

_DISCIPLINES = {name: code for code, name in enumerate(DISCIPLINES)}
_WHEN_DUTY_ENDS = {
    "resume": RESUME,
    "restart": RESTART,
    "finish": AT_ONCE,
    "hand_over": HAND_OVER,
    "hand_over_restart": HAND_OVER,
}
_PREEMPTION = {"none": NONE, "resume": RESUME, "restart": RESTART, "resample": RESAMPLE}


@dataclass(frozen=True)
class Queue:
    """A station and a kind, with the service rules of its unit (codes of `definitions`)."""

    unit: str
    role: str
    kind: str
    discipline: int
    preemption: int
    when_duty_ends: int
    anew: bool  # who takes work over starts it anew
    first_begun: bool  # of equal priority the work begun first is preempted


@dataclass(frozen=True)
class Layout:
    """Who serves what, before anything has happened.

    queues; serves : the queues of each person, as numbers. of_step, joined_of_step : as `queues_of` returns
    them. columns : those of `Tables` by queue, line and person, except duty; nobody writes into them.
    """

    queues: list[Queue]
    serves: list[list[int]]
    of_step: np.ndarray
    joined_of_step: np.ndarray
    columns: dict[str, np.ndarray]


_layouts: LruCache[Layout] = LruCache(16)


def layout_of(world: World, digest: str | None = None) -> Layout:
    """Return who serves what in a world; made once for worlds of one `digest` (`Scenario.digest`, of_world).

    Which kinds come to which unit is of one replication. Raises InputError if nobody serves a queue.
    """
    scenario, requests = world.scenario, world.requests
    homes = np.zeros((len(scenario.kinds), len(scenario.units)), bool)
    homes[requests["kind"].cat.codes, requests["unit"].cat.codes] = True
    if digest is None:
        return _layout(world, homes)
    return _layouts.get((digest, homes.tobytes()), lambda: _layout(world, homes))


def _layout(world: World, homes: np.ndarray) -> Layout:
    scenario, people, kinds = world.scenario, world.people, list(world.scenario.kinds)
    queues, of_step, joined_of_step = queues_of(scenario, homes)
    serves = served_queues(world, queues)
    line, lines, staff = lines_of(serves, len(queues))
    steps = [step for kind in scenario.kinds.values() for step in kind.route.values()]
    again = any(isinstance(step, Work) and step.same_person for step in steps)
    own_line = add_own_lines(lines, staff) if again else np.empty(0, np.uint32)
    ahead = {name: kind.ahead_days for name, kind in scenario.kinds.items()}
    columns = {
        "line": line,
        "kind": np.array([kinds.index(queue.kind) for queue in queues], np.int64),
        "ahead_s": np.array([round(ahead[queue.kind] * DAY_S) for queue in queues], np.int64),
        "discipline": np.array([queue.discipline for queue in queues], np.int8),
        "preemption": np.array([queue.preemption for queue in queues], np.int8),
        "when_duty_ends": np.array([queue.when_duty_ends for queue in queues], np.int8),
        "anew": np.array([queue.anew for queue in queues], np.bool_),
        "first_begun": np.array([queue.first_begun for queue in queues], np.bool_),
        "first_of_staff": firsts(staff),
        "staff": in_a_row(staff, np.int32),
        "speed": np.array([[one.speed] * len(kinds) for one in people], float).reshape(len(people), -1),
        "first_of_lines": firsts(lines),
        "lines": in_a_row(lines, np.int32),
        "own_line": own_line,
    }
    for column in columns.values():
        column.flags.writeable = False  # tables get copies
    return Layout(queues, serves, of_step, joined_of_step, columns)


def firsts(lists: list) -> np.ndarray:
    """Return where each of the `lists` begins in their concatenation, and where the last ends."""
    return np.concatenate(([0], np.cumsum([len(one) for one in lists], dtype=np.int64)))


def in_a_row(lists: list[list[int]], kind: type) -> np.ndarray:
    """Return the concatenation of the `lists`."""
    return np.array([number for one in lists for number in one], kind)


def queues_of(scenario: Scenario, homes: np.ndarray) -> tuple[list[Queue], np.ndarray, np.ndarray]:
    """Return the queues on the requests' routes; and the queue of each step, and the one whose people join
    its work (`Work.joined_by`), int32 (steps, units) each.

    The second index is the request's own unit; −1 where nobody works, or where no request comes from.
    `homes` says which kinds come to which units, bool (kinds, units).
    """
    units, kinds = list(scenario.units), list(scenario.kinds)
    partners = scenario.service_rules.assistance.partners
    # station (0 = of the step, 1 = who joins), step, home, (unit, role, kind)
    wanted: list[tuple[int, int, int, tuple[str, str, str]]] = []
    for number, (kind, step) in enumerate((k, s) for k in kinds for s in scenario.kinds[k].route.values()):
        if not isinstance(step, Work):
            continue
        at_home = np.flatnonzero(homes[kinds.index(kind)]).tolist()
        for which, station in enumerate(filter(None, (step.at, step.joined_by))):
            place, _, role = station.partition("/")
            for home in at_home:
                unit = {OWN: units[home], PARTNER: partners.get(units[home])}.get(place, place)
                if unit is None:  # which kinds come where in a table of arrivals is known only now
                    raise InputError(
                        f"'{kind}' comes to {units[home]}, which no unit helps",
                        path="service_rules.assistance.partners",
                        remedy=f"Say which unit helps {units[home]}",
                    )
                wanted.append((which, number, home, (unit, role, kind)))
    numbers = {key: number for number, key in enumerate(sorted({key for *_, key in wanted}))}
    steps = sum(len(kind.route) for kind in scenario.kinds.values())
    of_step = np.full((2, steps, len(units)), -1, np.int32)
    for which, number, home, key in wanted:
        of_step[which, number, home] = numbers[key]
    rules = {unit: [scenario.setting(unit, rule) for rule in _RULES] for unit in {key[0] for key in numbers}}
    return [Queue(*key, **_codes(*rules[key[0]])) for key in numbers], *of_step


_RULES = ("discipline", "preemption", "when_duty_ends", "preempted")


def _codes(discipline: str, preemption: str, when_duty_ends: str, preempted: str) -> dict[str, Any]:
    return {
        "discipline": _DISCIPLINES[discipline],
        "preemption": _PREEMPTION[preemption],
        "when_duty_ends": _WHEN_DUTY_ENDS[when_duty_ends],
        "anew": when_duty_ends == "hand_over_restart",
        "first_begun": preempted == "first_begun",
    }


def served_queues(world: World, queues: list[Queue]) -> list[list[int]]:
    """Return the queues that each person serves, in order.

    Under ``desk_per_kind`` the front staff of a unit divide its kinds among themselves (`desks`), by the
    expected work of each queue. Raises InputError for a queue that nobody serves.
    """
    scenario, people = world.scenario, world.people
    at: dict[tuple[str, str], list[int]] = {}
    for number, queue in enumerate(queues):
        at.setdefault((queue.unit, queue.role), []).append(number)
    served = [
        sorted(
            {
                number
                for station in person.stations
                for number in at.get(station, ())
                if queues[number].kind in person.kinds
            }
        )
        for person in people
    ]
    divided = {unit for unit in scenario.units if scenario.setting(unit, "front_desk") == "desk_per_kind"}
    if divided:
        load = _expected_load(world, queues)
        fronts: dict[tuple[str, str], list[int]] = {}
        for number, person in enumerate(people):
            if person.unit in divided and scenario.roles[person.role].front:
                fronts.setdefault((person.unit, person.role), []).append(number)
        for station, staff in fronts.items():
            to_divide = at.get(station, [])
            allotted = desks([set(served[number]) for number in staff], to_divide, load)
            for number, own in zip(staff, allotted, strict=True):
                served[number] = sorted(own | (set(served[number]) - set(to_divide)))
    _nobody_missing(queues, served)
    return served


def _nobody_missing(queues: list[Queue], served: list[list[int]]) -> None:
    manned = {number for own in served for number in own}
    for number, queue in enumerate(queues):
        if number not in manned:  # the kinds in a table of arrivals are known only now
            remedy = f"Give {queue.unit} staff in role '{queue.role}' with the skill"
            raise InputError(
                f"nobody at {queue.unit}/{queue.role} can do '{queue.kind}'", path="staff", remedy=remedy
            )


def check_teams(queues: list[Queue], served: list[list[int]], asked: set[tuple[int, int, int]]) -> None:
    """Raise InputError where fewer can do a step than it asks for: `asked`, (queue, people, who joins)."""
    able: list[set[int]] = [set() for _ in queues]
    for person, own in enumerate(served):
        for number in own:
            able[number].add(person)
    for number, people, joined in sorted(asked):
        queue, others = queues[number], able[joined] if joined >= 0 else set()
        where, have = f"{queue.unit}/{queue.role}", len(able[number])
        if have < people:
            message = f"'{queue.kind}' takes {people} people at once at {where}, and {have} can do it there"
            remedy = "Add staff or skills there, or lower 'people'; with 'desk_per_kind' a desk may have one"
        elif joined >= 0 and len(able[number] | others) <= people:
            other = f"{queues[joined].unit}/{queues[joined].role}"
            message = f"'{queue.kind}' takes {people} of {where} and one of {other}: nobody is left to join"
            remedy = f"Add staff at {other}"
        else:
            continue
        raise InputError(message, path="staff", remedy=remedy)


def lines_of(served: list[list[int]], count: int) -> tuple[np.ndarray, list[list[int]], list[list[int]]]:
    """Return the line of each of `count` queues, the lines of each person, and the people of each line."""
    people_of: list[list[int]] = [[] for _ in range(count)]
    for person, own in enumerate(served):
        for queue in own:
            people_of[queue].append(person)
    numbers: dict[tuple[int, ...], int] = {}
    line = np.array([numbers.setdefault(tuple(staff), len(numbers)) for staff in people_of], np.int32)
    lines = [list(dict.fromkeys(line[own].tolist())) for own in served]
    return line, lines, [list(staff) for staff in numbers]


def add_own_lines(lines: list[list[int]], staff: list[list[int]]) -> np.ndarray:
    """Add a line for each person, of those who ask for that person; return the numbers of these lines."""
    first = len(staff)
    for person, own in enumerate(lines):
        own.append(first + person)
        staff.append([person])
    return np.arange(first, len(staff))


def _expected_load(world: World, queues: list[Queue]) -> dict[int, float]:
    """Return the expected work of each queue over the horizon (minutes), from the scenario, not the draw."""
    scenario: Scenario = world.scenario
    numbers = {(queue.unit, queue.role, queue.kind): number for number, queue in enumerate(queues)}
    load = dict.fromkeys(numbers.values(), 0.0)
    for kind, demand in scenario.demand.items():
        for unit, expected in intensities(scenario, demand, world.calendar):
            for step in scenario.kinds[kind].route.values():
                if isinstance(step, Work):
                    place, _, role = step.at.partition("/")
                    number = numbers.get((unit if place == OWN else place, role, kind))
                    if number is not None:
                        load[number] += float(expected.cumulative[-1]) * step.minutes * step.people
    return load


def desks(able: list[set[int]], queues: list[int], load: dict[int, float]) -> list[set[int]]:
    """Divide the queues of a front desk among its people, in proportion to the expected work.

    A queue with at least one person's even share of the work is a desk of its own. The lighter ones are
    combined, the heaviest first, into as many desks as their work is worth. Each desk gets one person; every
    further person goes to the desk with the most work per head.
    """
    allotted: list[set[int]] = [set() for _ in able]
    total = _work(set(queues), load)
    heavy = [{queue} for queue in queues if load.get(queue, 0.0) * len(able) >= total]
    light = sorted((q for q in queues if {q} not in heavy), key=lambda q: (-load.get(q, 0.0), q))
    worth = round(_work(set(light), load) * len(able) / total) if total else 1
    together: list[set[int]] = [set() for _ in range(max(1, min(worth, len(light), len(able) - len(heavy))))]
    for queue in light:
        min(together, key=lambda post: _work(post, load)).add(queue)
    posts = [*heavy, *(post for post in together if post)]
    posts.sort(key=lambda post: (-_work(post, load), min(post)))
    heads = [0] * len(posts)
    free = list(range(len(able)))
    while free:
        # Desks without anybody come first, then those with the most work per head.
        wanted = sorted(
            range(len(posts)), key=lambda d: (heads[d] > 0, -_work(posts[d], load) / max(heads[d], 1))
        )
        desk = next((desk for desk in wanted if any(able[person] & posts[desk] for person in free)), None)
        if desk is None:
            break
        able_here = [person for person in free if able[person] & posts[desk]]
        person = max(able_here, key=lambda person: (_work(able[person] & posts[desk], load), -person))
        heads[desk] += 1
        allotted[person] |= able[person] & posts[desk]
        free.remove(person)
    for queue in queues:  # where skills are too few for a desk of its own
        if not any(queue in own for own in allotted):
            chosen = next((person for person, can in enumerate(able) if queue in can), None)
            if chosen is not None:
                allotted[chosen].add(queue)
    return allotted


def _work(queues: set[int], load: dict[int, float]) -> float:
    return sum(load.get(queue, 0.0) for queue in queues)
