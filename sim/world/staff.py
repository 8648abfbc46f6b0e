"""The people and their duty."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from sim.scenario.calendar import WorkingCalendar, union, without
from sim.scenario.check import people_of
from sim.scenario.schema import Scenario
from sim.scenario.time import DAY_S, Shift

from . import duties
from .late import opened_late
from .streams import Streams

Station = tuple[str, str]  # unit, role
_NOTHING = np.empty((0, 2), np.int64)
_NEVER_LATE = _NOTHING, np.empty(0)


@dataclass
class Person:
    """A named member of staff.

    duty : on-duty spans, int64 (n, 2) seconds, sorted and disjoint. away : spans off service within office
    hours, by reason (leave, study, training, standing duty). stations : those they serve. kinds : those they
    can do. late : (n, 2) s, when their front desk should be open and is not, which their duty is
    without; late_luck : the luck of each, (n,) in [0, 1), see `sim.world.discipline`. share : of a full post.
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
    late: np.ndarray = field(default_factory=lambda: np.empty((0, 2), np.int64))
    late_luck: np.ndarray = field(default_factory=lambda: np.empty(0))
    share: float = 1.0
    _at_duty: dict[str, np.ndarray] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def days_at_work(self) -> np.ndarray:
        """Days on duty, at study or at standing duties: whole numbers in order."""
        spans = [self.duty, *(self.away[use] for use in ("study", "duty") if use in self.away)]
        return np.unique(np.concatenate([own[:, 0] // DAY_S for own in spans]))

    def at_duty(self, name: str, scenario: Scenario, calendar: WorkingCalendar) -> np.ndarray:
        """Return when the person is at a standing duty, (n, 2) s."""
        if name not in self._at_duty:
            duty, away = scenario.duties[name], self.away.get("duty", _NOTHING)
            owes = duty.is_of(self.unit, self.role)
            self._at_duty[name] = duties.at_duty(duty, away, calendar) if owes else _NOTHING
        return self._at_duty[name]

    def without(self, spans: np.ndarray) -> Person:
        """Return the person not being there in these spans, (n, 2) s."""
        opened_late = np.isin(self.late[:, 0], without(self.late, spans)[:, 0])
        return replace(
            self,
            duty=without(self.duty, spans),
            away={use: without(own, spans) for use, own in self.away.items()},
            late=self.late[opened_late],
            late_luck=self.late_luck[opened_late],
        )


def draw_people(scenario: Scenario, calendar: WorkingCalendar, streams: Streams) -> list[Person]:
    """Draw all people's availability; leave and training days are keyed by the person's name."""
    people: list[Person] = []
    study = scenario.study
    named = {group: people_of(group, one.count, one.names) for group, one in scenario.staff.items()}
    regular = {
        name: staff
        for group, staff in scenario.staff.items()
        if staff.roster is None
        for name in named[group]
    }
    leave_a_year = {name: scenario.grades[staff.grade].leave_days for name, staff in regular.items()}
    leave = duties.leave_days(leave_a_year, calendar, streams)
    role = {name: staff.role for name, staff in regular.items()}
    training = duties.training_days(scenario, role, calendar, streams)
    for group, staff in scenario.staff.items():
        kinds = frozenset(scenario.kinds if staff.skills == "all" else staff.skills)
        stations = [(staff.unit, staff.role), *map(_station, staff.also_serves)]
        week = None if staff.week is None else tuple(staff.week.items())
        standing = duties.standing_duties(scenario, staff.unit, staff.role)
        for name in named[group]:
            away: dict[str, np.ndarray] = {}
            if staff.roster is not None:
                duty = _roster(staff.roster, calendar)
            else:
                slot = duties.slot_of(study, len(people)) if study else 0
                writing_day = duties.writing_day_of(study, len(people)) if study else 0
                routine = duties.routine(calendar, week, study, slot, standing, writing_day, staff.share)
                duty, away = routine.around(leave[name], training[name], calendar.days)
            late = _NEVER_LATE
            if scenario.frictions.late_opening.on and scenario.roles[staff.role].front:
                late = opened_late(scenario, staff.unit, duty, calendar, streams)
            people.append(
                Person(
                    name,
                    group,
                    staff.unit,
                    staff.role,
                    staff.grade,
                    staff.speed,
                    stations,
                    kinds,
                    without(duty, late[0]),
                    away,
                    *late,
                    share=staff.share,
                )
            )
    return people


def _station(text: str) -> Station:
    unit, _, role = text.partition("/")
    return unit, role


def _roster(shifts: tuple[Shift, ...], calendar: WorkingCalendar) -> np.ndarray:
    midnight = dt.datetime.combine(calendar.first, dt.time())
    spans = [
        [int((moment - midnight).total_seconds()) for moment in (shift.start, shift.end)] for shift in shifts
    ]
    written = union(np.clip(np.array(spans, dtype=np.int64).reshape(-1, 2), 0, calendar.days * DAY_S))
    return without(written, calendar.left_out)
