"""What of a scenario's tables, sittings and shifts has no effect, because it lies outside the horizon or the
office hours, or because something else takes its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np

from .calendar import WorkingCalendar, calendar_of, horizon_s, span_of, year_starts
from .no_effect_at_desks import without_effect_at_desks
from .request_tables import read_rates, read_replay
from .schema import Scenario
from .source import Path_

MOST_CHANGE = ("pay", "most_change")
NO_YEAR_BEFORE = "no share has a year before; simulate two years or more"


def without_effect(scenario: Scenario) -> Iterator[tuple[Path_, str]]:
    """Paths, and what of them has no effect, with counts. (What a replay says of itself is said where it is
    read.)"""
    yield from _replay(scenario)
    yield from _rates(scenario)
    yield from _sittings(scenario)
    yield from _shifts(scenario)
    for path, why in without_effect_at_desks(scenario):
        yield path, f"{why}; it has no effect"
    if scenario.pay is not None and scenario.pay.most_change is not None and scenario.horizon.one_year:
        yield MOST_CHANGE, NO_YEAR_BEFORE
    if scenario.projects.on and not year_starts(scenario):
        yield ("projects",), "a horizon in minutes has no assessment year; no project is handed out"


def _replay(scenario: Scenario) -> Iterator[tuple[Path_, str]]:
    if scenario.replay is None:
        return
    replay = read_replay(scenario.folder / scenario.replay, scenario)
    for kind in scenario.demand:
        if kind in replay.units:
            yield ("demand", kind), f"the replay table holds '{kind}'; its demand has no effect"


def _rates(scenario: Scenario) -> Iterator[tuple[Path_, str]]:
    """Report rates of weekdays on which the office is closed."""
    if not any(demand.rates for demand in scenario.demand.values()):
        return
    calendar: WorkingCalendar = calendar_of(scenario)
    worked = calendar.weekday[: calendar.days][calendar.working[: calendar.days]]
    closed = ~np.isin(np.arange(7), worked)
    for kind, demand in scenario.demand.items():
        if demand.rates is None:
            continue
        rates = read_rates(scenario.folder / demand.rates, scenario)
        idle = np.array([rate[closed] for rate in rates.values()])
        if count := int((idle > 0).sum()):
            message = f"{count:,} rates of '{demand.rates}' are for weekdays that are never worked; "
            lost = idle.sum() * 24 / idle.shape[-1]
            yield ("demand", kind, "rates"), f"{message}these {lost:,.1f} requests a week do not come"


def _sittings(scenario: Scenario) -> Iterator[tuple[Path_, str]]:
    begin_s, end_s = horizon_s(scenario)
    for name, committee in scenario.committees.items():
        late = [first for first in committee.first if begin_s + 60 * first >= end_s]
        if late:
            message = f"{len(late)} of {len(committee.first)} first sittings lie after the end of the horizon"
            yield ("committees", name, "first"), f"{message}; they have no effect"


def _shifts(scenario: Scenario) -> Iterator[tuple[Path_, str]]:
    begin_s, end_s = horizon_s(scenario)
    midnight = dt.datetime.combine(span_of(scenario)[0], dt.time())
    begin, end = (midnight + dt.timedelta(seconds=second) for second in (begin_s, end_s))
    for name, staff in scenario.staff.items():
        outside = [shift for shift in staff.roster or () if shift.end <= begin or shift.start >= end]
        if outside:
            message = f"{len(outside)} of {len(staff.roster or ())} shifts lie outside the horizon"
            yield ("staff", name, "roster"), f"{message}, {begin} to {end}; they have no effect"
