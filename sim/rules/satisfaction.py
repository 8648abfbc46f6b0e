"""What applicants say, as a stated function of what happened to them: `sim.scenario.satisfaction`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.jit import both_ways, compiled
from sim.scenario.calendar import calendar_of
from sim.scenario.projects import PROJECT
from sim.scenario.schema import Scenario
from sim.scenario.service_rules import AllOr
from sim.scenario.time import DAY_S

from .indicators import FLAGS, Cohort
from .record import Record

_ON_TIME, _RETURNED, _COMPLAINT = (
    1 << list(FLAGS).index(flag) for flag in ("on_time", "returned", "complaint")
)


class _Rule(NamedTuple):
    """The numbers of `Satisfaction`."""

    best: float
    least: float
    wait_hour: float
    most_hours: float
    returned: float
    late: float
    late_day: float
    most_days: float
    complaint: float


@both_ways
def satisfied(rule, wait_hours, returned, late, late_days, complaint):
    """Return the points of a case from what happened to it."""
    lost = rule.wait_hour * min(wait_hours, rule.most_hours) + (rule.returned if returned else 0.0)
    lost += rule.late + rule.late_day * min(late_days, rule.most_days) if late else 0.0
    return max(rule.best - lost - (rule.complaint if complaint else 0.0), rule.least)


def asked(scenario: Scenario, record: Record, seen: Cohort, end_s: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the cases falling due whose applicants are asked, positions (n,), and their points, (n,)."""
    rule = scenario.satisfaction
    is_named = np.zeros(len(scenario.kinds) + 1, bool)  # the last: of none of the kinds
    is_named[named(scenario, rule.kinds)] = True
    cases = np.flatnonzero(is_named[record.kind] & seen.has("due"))
    numbers = _Rule(*(float(getattr(rule, name)) for name in _Rule._fields))
    times = (np.ascontiguousarray(own, np.int64) for own in (record.arrival_s, record.first_start_s))
    spans = calendar_of(scenario).open_spans()
    return cases, _points(numbers, spans, cases, *times, seen.flags, seen.late_s, end_s)


@compiled
def _points(rule, spans, cases, arrival_s, first_start_s, flags, late_s, end_s):
    """Return the points of the cases. Who files at night does not wait until it opens.

    The search for the span goes on from that of the case before, which came in shortly before.
    """
    points, turn = np.empty(len(cases)), 0
    for place in range(len(cases)):
        i = cases[place]
        while turn > 0 and spans[turn - 1, 1] > arrival_s[i]:
            turn -= 1
        while turn < len(spans) and spans[turn, 1] <= arrival_s[i]:
            turn += 1
        waits_from = max(arrival_s[i], spans[turn, 0]) if turn < len(spans) else arrival_s[i]
        wait_hours = max(min(first_start_s[i], end_s) - waits_from, 0) / 3600
        late_days = max(late_s[i], 0) / DAY_S
        returned, late, complaint = flags[i] & _RETURNED, not flags[i] & _ON_TIME, flags[i] & _COMPLAINT
        points[place] = satisfied(rule, wait_hours, returned, late, late_days, complaint)
    return points


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
