"""What applicants say, as a stated function of what happened to them: `sim.scenario.satisfaction`."""

from __future__ import annotations

import numpy as np

from sim.jit import compiled
from sim.scenario.calendar import calendar_of
from sim.scenario.projects import PROJECT
from sim.scenario.satisfaction import Satisfaction
from sim.scenario.schema import Scenario
from sim.scenario.service_rules import AllOr
from sim.scenario.time import DAY_S

from .indicators import Cohort
from .record import Record


def satisfied(
    rule: Satisfaction,
    wait_hours: np.ndarray,
    returned: np.ndarray,
    late: np.ndarray,
    late_days: np.ndarray,
    complaint: np.ndarray,
) -> np.ndarray:
    """Return the points of cases, float (n,), from what happened to them, (n,) each."""
    lost = rule.wait_hour * np.minimum(wait_hours, rule.most_hours) + rule.returned * returned
    lost = lost + np.where(late, rule.late + rule.late_day * np.minimum(late_days, rule.most_days), 0.0)
    return np.maximum(rule.best - lost - rule.complaint * complaint, rule.least)


def asked(scenario: Scenario, record: Record, seen: Cohort, end_s: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the cases falling due whose applicants are asked, positions (n,), and their points, (n,)."""
    rule = scenario.satisfaction
    is_named = np.zeros(len(scenario.kinds) + 1, bool)  # the last: of none of the kinds
    is_named[named(scenario, rule.kinds)] = True
    cases = np.flatnonzero(seen.has("due") & is_named[record.kind])
    begun = np.minimum(record.first_start_s[cases], end_s)
    points = satisfied(
        rule,
        np.maximum(begun - opened(scenario, record.arrival_s[cases]), 0) / 3600,
        seen.has("returned")[cases],
        ~seen.has("on_time")[cases],
        np.maximum(seen.late_s[cases], 0) / DAY_S,
        seen.has("complaint")[cases],
    )
    return cases, points


def opened(scenario: Scenario, arrival_s: np.ndarray) -> np.ndarray:
    """Return from when applicants wait, int64 (n,) s: who files at night does not wait until it opens."""
    return _opened(calendar_of(scenario).open_spans(), arrival_s)


@compiled
def _opened(spans, arrival_s):
    """`opened`; a search goes on from the span of the request before, which came in shortly before."""
    waits_from, turn = np.empty(len(arrival_s), np.int64), 0
    for i in range(len(arrival_s)):
        while turn > 0 and spans[turn - 1, 1] > arrival_s[i]:
            turn -= 1
        while turn < len(spans) and spans[turn, 1] <= arrival_s[i]:
            turn += 1
        begins = spans[turn, 0] if turn < len(spans) else arrival_s[i]
        waits_from[i] = max(arrival_s[i], begins)
    return waits_from


def satisfaction(scenario: Scenario, record: Record, seen: Cohort, end_s: int) -> np.ndarray:
    """Return mean points over 100 of those asked, by unit where they came in, (units,); NaN = nobody."""
    units = len(scenario.units)
    if not scenario.satisfaction.on:
        return np.full(units, np.nan)
    cases, points = asked(scenario, record, seen, end_s)
    with np.errstate(invalid="ignore"):
        return (
            np.bincount(record.unit[cases], points, units)
            / np.bincount(record.unit[cases], minlength=units)
            / 100
        )


def named(scenario: Scenario, kinds: AllOr) -> np.ndarray:
    """Return the positions of the kinds that a rule names; all but target projects, if it names all."""
    known = list(scenario.kinds)
    wanted = [kind for kind in known if not kind.startswith(PROJECT)] if kinds == "all" else kinds
    return np.array([known.index(kind) for kind in wanted], np.int64)
