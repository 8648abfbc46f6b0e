"""The people: who they are, when they are on duty, and which queues they serve."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sim.scenario.calendar import WorkingCalendar, union, without
from sim.scenario.check import OWN, people_of
from sim.scenario.schema import Scenario
from sim.scenario.service import Work
from sim.scenario.time import DAY_S

from . import duties
from .streams import Streams

Station = tuple[str, str]  # unit, role


@dataclass
class Person:
    """A named member of staff.

    duty : on-duty spans, int64 (n, 2) seconds, sorted and disjoint. away : what took the person off service,
    by name (leave, study, training, standing duty), as spans within the office's hours. stations : where
    they serve;
    kinds : what they can do.
    """

    name: str
    group: str
    unit: str
    role: str
    grade: str
    speed: float
    stations: list[Station]
    kinds: frozenset[str]
    duty: np.ndarray
    away: dict[str, np.ndarray] = field(default_factory=dict)


def draw_people(scenario: Scenario, calendar: WorkingCalendar, streams: Streams) -> list[Person]:
    """All people with their availability; leave and training days are drawn by the person's name."""
    people: list[Person] = []
    office = calendar.open_spans()
    lectures = integrity = np.empty((0, 2), np.int64)
    if scenario.study:
        lectures = duties.gatherings(scenario.study.lectures_a_year, scenario.study.lecture_hours, calendar)
        integrity = duties.gatherings(
            scenario.study.integrity_sessions_a_year, scenario.study.integrity_hours, calendar
        )
    for group, staff in scenario.staff.items():
        kinds = frozenset(scenario.kinds if staff.skills == "all" else staff.skills)
        stations = [(staff.unit, staff.role), *(tuple(station.split("/")) for station in staff.also_serves)]
        hours = office if staff.week is None else calendar.open_spans(staff.week)
        for name in people_of(group, staff.count, staff.names):
            person = Person(
                name, group, staff.unit, staff.role, staff.grade, staff.speed, stations, kinds, hours
            )
            if staff.roster is not None:
                person.duty = _roster(staff.roster, calendar)
            else:
                away = {
                    "leave": duties.leave_spans(
                        name, scenario.grades[staff.grade].leave_days, calendar, streams
                    )
                }
                away["training"] = duties.training_spans(scenario, name, staff.role, calendar, streams)
                if scenario.study:
                    weekly = duties.weekly_study(scenario.study, len(people), calendar)
                    away["study"] = union(np.concatenate((weekly, lectures, integrity)))
                away["duty"] = duties.standing_duties(scenario, staff.role, calendar)
                for use, spans in away.items():
                    person.away[use] = without(person.duty, without(person.duty, spans))
                    person.duty = without(person.duty, spans)
            people.append(person)
    return people


def _roster(shifts, calendar: WorkingCalendar) -> np.ndarray:
    midnight = pd.Timestamp(calendar.first)
    spans = [
        [int((pd.Timestamp(moment) - midnight).total_seconds()) for moment in (shift.start, shift.end)]
        for shift in shifts
    ]
    return union(np.clip(np.array(spans, dtype=np.int64).reshape(-1, 2), 0, calendar.days * DAY_S))


def queues_of(scenario: Scenario, requests: pd.DataFrame) -> dict[tuple[str, str, str], int]:
    """The queues (unit, role, kind) that the requests' routes can join, numbered from 0 in a stable order."""
    homes = requests.groupby("kind")["unit"].unique()
    keys = {
        (place, step.at.partition("/")[2], kind)
        for kind, part in scenario.kinds.items()
        if kind in homes.index
        for step in part.route.values()
        if isinstance(step, Work)
        for place in (homes[kind] if step.at.partition("/")[0] == OWN else [step.at.partition("/")[0]])
    }
    return {key: number for number, key in enumerate(sorted(keys))}


def served_queues(
    scenario: Scenario, people: list[Person], queues: dict[tuple[str, str, str], int], load: dict[int, float]
) -> list[list[int]]:
    """For each person, the queues they serve.

    Under ``desk_per_kind`` the front staff of a unit divide its kinds among themselves (`desks`), by the
    expected work of each queue, `load` (any unit).
    """
    served = [
        sorted(
            q
            for (unit, role, kind), q in queues.items()
            if (unit, role) in person.stations and kind in person.kinds
        )
        for person in people
    ]
    for unit in scenario.units:
        if scenario.setting(unit, "front_desk") != "desk_per_kind":
            continue
        for role in (name for name, part in scenario.roles.items() if part.front):
            here = [
                number for number, person in enumerate(people) if (person.unit, person.role) == (unit, role)
            ]
            mine = sorted(q for (place, post, _), q in queues.items() if (place, post) == (unit, role))
            allotted = desks([set(served[number]) for number in here], mine, load)
            for number, kept in zip(here, allotted, strict=True):
                served[number] = sorted(kept | (set(served[number]) - set(mine)))
    return served


def desks(able: list[set[int]], queues: list[int], load: dict[int, float]) -> list[set[int]]:
    """Divide the queues of a front desk among its people, in proportion to the expected work.

    A queue with at least one person's even share of the work is a desk of its own; the lighter ones are put
    together, the heaviest first, to as many desks as their work is worth. Each desk has one person, and every
    further person goes to the desk with the most work a head.
    """
    kept: list[set[int]] = [set() for _ in able]
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
        # Desks nobody attends come first; then the most work a head.
        wanted = sorted(
            range(len(posts)), key=lambda d: (heads[d] > 0, -_work(posts[d], load) / max(heads[d], 1))
        )
        desk = next((desk for desk in wanted if any(able[person] & posts[desk] for person in free)), None)
        if desk is None:
            break
        able_here = [person for person in free if able[person] & posts[desk]]
        person = max(able_here, key=lambda person: (_work(able[person] & posts[desk], load), -person))
        heads[desk] += 1
        kept[person] |= able[person] & posts[desk]
        free.remove(person)
    for queue in queues:  # where skills are too few for a desk of its own
        if not any(queue in mine for mine in kept):
            chosen = next((person for person, can in enumerate(able) if queue in can), None)
            if chosen is not None:
                kept[chosen].add(queue)
    return kept


def _work(queues: set[int], load: dict[int, float]) -> float:
    return sum(load.get(queue, 0.0) for queue in queues)
