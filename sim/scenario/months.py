"""The months of an assessment year: the steps in which a bureau is simulated and reviewed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .calendar import WorkingCalendar
from .time import DAY_S, Horizon


class Month(NamedTuple):
    """A month of an assessment year, 1 … 12 by where it begins, and its span; a stretch of minutes is one
    month without a number."""

    number: int
    start_s: int
    end_s: int
    year_start_s: int
    year_end_s: int


def months_of(horizon: Horizon, calendar: WorkingCalendar, start_s: int, end_s: int) -> list[Month]:
    """Return the months of an assessment period."""
    if horizon.years is None:
        return [Month(0, start_s, end_s, start_s, end_s)]
    bounds, numbers = month_bounds(calendar, start_s, end_s)
    edges = bounds.tolist()
    return [
        Month(number, first, last, start_s, end_s)
        for number, first, last in zip(numbers.tolist(), edges, edges[1:], strict=False)
    ]


def month_bounds(calendar: WorkingCalendar, start_s: int, end_s: int) -> tuple[np.ndarray, np.ndarray]:
    """Starts of the period's months and its end, int64 (m + 1,) seconds, and the months' numbers 1 … 12,
    (m,).
    """
    months = [(number, day * DAY_S) for number, day in calendar.month_starts(start_s // DAY_S)]
    numbers = [number for number, begin in months if begin < end_s]
    starts = [begin for _, begin in months if begin < end_s]
    return np.array([*starts, end_s], np.int64), np.array(numbers, np.int64)
