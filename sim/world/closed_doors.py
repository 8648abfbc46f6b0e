"""Who comes when the office has closed for the day: the share of a kind's expected requests."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.scenario.calendar import WorkingCalendar, calendar_of
from sim.scenario.errors import InputError
from sim.scenario.schema import Scenario
from sim.scenario.steps import Work
from sim.scenario.time import DAY_S

from .demand import HOUR_S, intensities

TOLD_FROM = 0.05  # of a kind's requests; fewer are those who come just too late


def closed_doors(scenario: Scenario) -> Iterator[InputError]:
    """Yield a note on each kind of which many come to a closed front desk.

    They come on a day off, or after the last closing of the day, and wait until the office opens again. Those
    who wait before it opens are not counted.
    """
    calendar = calendar_of(scenario)
    late = _closed_for_the_day(calendar)
    for name, demand in scenario.demand.items():
        works = [step for step in scenario.kinds[name].route.values() if isinstance(step, Work)]
        if not works or not scenario.roles[works[0].at.partition("/")[2]].front:
            continue
        rate = sum((one.hourly for _, one in intensities(scenario, demand, calendar)), np.zeros(late.size))
        share = float(rate @ late.ravel() / rate.sum()) if rate.any() else 0.0
        if share >= TOLD_FROM:
            yield scenario.source.error(
                f"{share:.0%} of '{name}' come when the office has closed for the day, and wait for the next",
                ("demand", name),
                "Write 'while_open: true' in the profile, or other 'hours' and 'weekdays'",
            )


def _closed_for_the_day(calendar: WorkingCalendar) -> np.ndarray:
    """Return the share of each hour after the last closing of its day, float (days, 24); 1 on days off."""
    closes = np.zeros(calendar.days, np.int64)
    spans = calendar.open_spans()
    last_day = (spans[:, 1] - 1) // DAY_S
    for begin, end, day in zip(spans[:, 0] // DAY_S, spans[:, 1], last_day, strict=True):
        closes[begin : day + 1] = np.maximum(closes[begin : day + 1], DAY_S)  # open to the end of the day
        if day < calendar.days:
            closes[day] = end - day * DAY_S
    hours = HOUR_S * np.arange(24)
    return np.clip((hours + HOUR_S - closes[:, None]) / HOUR_S, 0.0, 1.0)
