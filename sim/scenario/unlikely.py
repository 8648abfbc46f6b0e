"""What is valid but most likely not meant, as `sim check` tells it: limits beyond their mean, old dates."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .calendar import calendar_of
from .open_matters import open_matters
from .schema import Scenario
from .source import Path_
from .steps import Draw, Work
from .time import DAY_S

OLD_YEARS = 30  # an open matter that was received earlier has most likely a wrong date


def unlikely(scenario: Scenario) -> Iterator[tuple[Path_, str]]:
    """Yield paths, and what is unlikely there."""
    yield from _last_tickets(scenario)
    for name, kind in scenario.kinds.items():
        here = ("kinds", name)
        yield from _floor((*here, "patience_shape"), kind.patience_shape, kind.patience_minutes)
        for step, part in kind.route.items():
            if isinstance(part, Work):
                yield from _floor((*here, "route", step), part, part.minutes)
    listed = open_matters(scenario)
    if listed is not None:
        old = int((listed.received_s < -OLD_YEARS * 366 * DAY_S).sum())
        if old:
            whose = "1 matter was" if old == 1 else f"{old:,} matters were"
            message = f"{whose} received over {OLD_YEARS} years before the start; look at the dates"
            yield ("work_in_progress",), message


def _floor(path: Path_, draw: Draw, mean: float | None) -> Iterator[tuple[Path_, str]]:
    """Tell a lower limit that lifts the mean: whoever has less has the limit."""
    if mean is not None and draw.least > mean:
        yield (*path, "least"), f"the least, {draw.least:g}, is above the mean, {mean:g}, and lifts it"


def _last_tickets(scenario: Scenario) -> Iterator[tuple[Path_, str]]:
    """Tell last tickets that are given before the office opens, even on the longest day; days whose shifts
    touch are one."""
    shifts = calendar_of(scenario).shifts()
    day, first = np.unique(shifts[:, 0] // DAY_S, return_index=True)
    closes = np.maximum.reduceat(shifts[:, 1], first) if len(day) else np.empty(0)
    begun = until = 0
    longest = 0.0
    for opens, ends in zip(shifts[first, 0], closes, strict=True):
        begun, until = begun if opens == until else opens, ends
        longest = max(longest, float(until - begun) / 60)
    for name, part in scenario.unit_types.items():
        if part.last_ticket_minutes is not None and part.last_ticket_minutes >= longest:
            message = (
                f"no day is open for more than {longest:g} minutes: who comes after it opens gets no ticket"
            )
            yield ("unit_types", name, "last_ticket_minutes"), message
