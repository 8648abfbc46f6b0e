"""What of the rules at desks has no effect, because what they act on is not there (docs/offices.md)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from .calendar import WorkingCalendar, calendar_of
from .check import home_units
from .check_rules import OWN
from .schema import Scenario
from .service import Kind
from .source import Path_
from .steps import Branch, Step, Work
from .time import DAY_S, WEEKDAYS

AT_THE_DOOR = ("places", "tickets_a_day", "last_ticket_minutes", "goes_home")
_TURN_AWAY = ("places", "tickets_a_day")
_AT_CLOSING = ("last_ticket_minutes", "goes_home")


def without_effect_at_desks(scenario: Scenario) -> Iterator[tuple[Path_, str]]:
    """Yield paths, and why what stands there has no effect."""
    fronts = {unit for kind in scenario.kinds for unit in _fronts(scenario, kind)}
    yield from _of_units(scenario, fronts)
    for name, kind in scenario.kinds.items():
        for key, why in _of_kind(scenario, name, kind):
            yield ("kinds", name, key), why
        for step in _never_the_same(scenario, name, kind):
            yield (
                ("kinds", name, "route", step, "same_person"),
                "nobody who does another step can do this one",
            )
    yield from _of_calendar(scenario)
    crowding = scenario.competence.crowding
    if crowding.on and crowding.shape == "step":
        if _is_written(scenario, "competence", "crowding", "exponent"):
            yield ("competence", "crowding", "exponent"), "with 'shape: step' speed goes by step_from"
    elif crowding.on:
        for key in ("step_from", "step_factor"):
            if _is_written(scenario, "competence", "crowding", key):
                yield ("competence", "crowding", key), "without 'shape: step' speed goes by the exponent"


def _is_written(scenario: Scenario, *path: str) -> bool:
    """Return whether a number differs from its default."""
    part: Any = scenario
    for name in path[:-1]:
        part = getattr(part, name)
    return getattr(part, path[-1]) != type(part).model_fields[path[-1]].default


def _fronts(scenario: Scenario, kind: str) -> set[str]:
    """Return the units to whose front desk people with a kind come first."""
    found: set[str] = set()
    for step in _first(scenario.kinds[kind]):
        if isinstance(step, Work):
            place, _, role = step.at.partition("/")
            if scenario.roles[role].front:
                found |= {place} if place in scenario.units else set(home_units(scenario, kind))
    return found


def _first(kind: Kind) -> list[Step]:
    """Return the steps of which one may be a request's first."""
    steps = list(kind.route.values())
    return steps if isinstance(steps[0], Branch) else steps[:1]


def _of_units(scenario: Scenario, fronts: set[str]) -> Iterator[tuple[Path_, str]]:
    why = "nobody comes there first to a role with 'front: true'"
    for name, part in scenario.unit_types.items():
        units = {unit for unit, one in scenario.units.items() if one.type == name}
        for key in AT_THE_DOOR:
            if getattr(part, key) not in (None, False) and units and not units & fronts:
                yield ("unit_types", name, key), why
        for key in _AT_CLOSING:
            if getattr(part, key) not in (None, False) and units & fronts and _never_closes(scenario):
                yield ("unit_types", name, key), "the office never closes"
        if part.preempted != "last_begun" and part.preemption == "none":
            yield ("unit_types", name, "preempted"), "with 'preemption: none' nothing is interrupted"
    for name, unit in scenario.units.items():
        for key in _TURN_AWAY:
            if getattr(unit, key) is not None and name not in fronts:
                yield ("units", name, key), why


def _never_closes(scenario: Scenario) -> bool:
    """Return whether the office is open from some moment to the end of the horizon, and not before."""
    calendar = calendar_of(scenario)
    return len(spans := calendar.hours_by_the_clock()) == 1 and spans[0, 1] == calendar.days * DAY_S


def _of_kind(scenario: Scenario, name: str, kind: Kind) -> Iterator[tuple[str, str]]:
    is_replayed = scenario.replay is not None  # a table may give the patience of each request
    if kind.patience_minutes is None and not is_replayed:
        for key in ("patience_shape", "patience_covers"):
            if getattr(kind, key) != type(kind).model_fields[key].default:
                yield key, "without 'patience_minutes' patience has no end"
    looks = kind.leaves_at is not None or kind.leaves_over_minutes is not None
    if not any(isinstance(step, Work) for step in _first(kind)):
        for key in ("leaves_at", "leaves_over_minutes", "appointments"):
            if getattr(kind, key) is not None:
                yield key, "its first step is no work: nobody comes to a desk"
    elif kind.comes_back > 0 and not looks:
        fronts = _fronts(scenario, name)
        if not any(scenario.setting(unit, key) is not None for unit in fronts for key in _TURN_AWAY):
            yield "comes_back", "nothing turns these people away, and none leave at once"
    if kind.comes_back > 0 and len(np.unique(calendar_of(scenario).shifts()[:, 0] // DAY_S)) < 2:
        yield "comes_back", "the office opens on one day of the horizon only: nobody can come again"


def _never_the_same(scenario: Scenario, name: str, kind: Kind) -> Iterator[str]:
    """Yield the steps that ask for the same person, where nobody works at two steps of the kind."""
    asked = [step for step, part in kind.route.items() if isinstance(part, Work) and part.same_person]
    if not asked:
        return
    homes = home_units(scenario, name)
    able = [
        {f"{group.unit}/{group.role}", *group.also_serves}
        for group in scenario.staff.values()
        if group.count > 0 and (group.skills == "all" or name in group.skills)
    ]

    def at(step: Work, home: str) -> str:
        place, _, role = step.at.partition("/")
        return f"{home if place == OWN else place}/{role}"

    others = {step: part for step, part in kind.route.items() if isinstance(part, Work)}
    for step in asked:
        stations = [
            {at(others[step], home), at(part, home)}
            for other, part in others.items()
            for home in homes
            if other != step
        ]
        if homes and not any(both <= own for both in stations for own in able):
            yield step


def _of_calendar(scenario: Scenario) -> Iterator[tuple[Path_, str]]:
    calendar = calendar_of(scenario)
    if scenario.calendar.time_zone is not None and calendar.clock_hours is None:
        yield ("calendar", "time_zone"), "no summer time begins or ends there within the horizon"
    if not _has_holiday(calendar):
        for name, profile in scenario.profiles.items():
            for key in ("before_holiday", "after_holiday"):
                if getattr(profile, key) != 1:
                    yield ("profiles", name, key), "the horizon has no holiday; write a country, or 'closed'"


def _has_holiday(calendar: WorkingCalendar) -> bool:
    """Return whether a regular working day of the horizon is off."""
    regular = np.array([bool(calendar.rules.week.get(day)) for day in WEEKDAYS])
    days = slice(calendar.days)
    return bool((regular[calendar.weekday[days]] & ~calendar.working[days]).any())
