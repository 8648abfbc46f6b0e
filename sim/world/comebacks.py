"""Who comes again after being turned away: when, and with what patience."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.scenario.calendar import WorkingCalendar, covered, union
from sim.scenario.schema import Scenario
from sim.scenario.time import DAY_S, span_s

from .closing import until_closing
from .routes import Cells
from .streams import Streams
from .tasks import LAST_MOMENT, Tasks

MOST_COMEBACKS = 9


@dataclass(frozen=True)
class Comebacks:
    """The later visits of requests that are turned away; those of a request are ``first[i]:first[i + 1]``.

    first : int64 (requests + 1,). comes_s : when, int64 s; `LAST_MOMENT` = not within the horizon.
    patience_s : of the first wait on that day, int64 s, −1 = endless.
    """

    first: np.ndarray
    comes_s: np.ndarray
    patience_s: np.ndarray


def draw_comebacks(
    scenario: Scenario, calendar: WorkingCalendar, requests: pd.DataFrame, tasks: Tasks, streams: Streams
) -> Comebacks | None:
    """Return when each request comes again; None where no kind does."""
    if not any(kind.comes_back > 0 for kind in scenario.kinds.values()):
        return None
    times = _how_often(scenario, requests, streams)
    first = np.concatenate(([0], np.cumsum(times)))
    moments = requests["arrival_s"].to_numpy(np.int64)
    comes_s = np.empty(first[-1], np.int64)
    for nth in range(times.max(initial=0)):
        moments = np.where(nth < times, comes_again(calendar, moments), moments)
        comes_s[first[:-1][nth < times] + nth] = moments[nth < times]
    rows = np.repeat(np.arange(len(requests)), times)
    return Comebacks(first, comes_s, until_closing(scenario, calendar, requests, tasks, rows, comes_s))


def _how_often(scenario: Scenario, requests: pd.DataFrame, streams: Streams) -> np.ndarray:
    """Return how often each request comes again when turned away: geometric, at most `MOST_COMEBACKS`."""
    chance = np.array([part.comes_back for part in scenario.kinds.values()])[requests["kind"].cat.codes]
    drawn = Cells.of(requests).draw("comes back", requests["number"], streams)
    times = np.floor(np.log1p(-drawn) / np.log(np.where(chance > 0, chance, 0.5)))
    return np.where(chance > 0, np.minimum(times, MOST_COMEBACKS), 0).astype(np.int64)


def comes_again(calendar: WorkingCalendar, moments: np.ndarray) -> np.ndarray:
    """Return when people come again who were turned away at `moments`, int64 s; `LAST_MOMENT` = not within
    the horizon.

    They know the opening hours: it is the next day on which the office is open at that hour. At an hour at
    which it never opens, they come when it opens next from a day later on.
    """
    spans, end_s = calendar.open_spans(), calendar.days * DAY_S
    found = np.full(len(moments), LAST_MOMENT, np.int64)
    ever = covered(_hours_of_any_day(calendar), moments % DAY_S)
    pending, days = np.flatnonzero(ever), 0
    while len(pending):
        days += 1
        pending = pending[moments[pending] + days * DAY_S < end_s]
        later = moments[pending] + days * DAY_S
        is_open = covered(spans, later)
        found[pending[is_open]] = later[is_open]
        pending = pending[~is_open]
    opens_s = np.append(spans[:, 0], LAST_MOMENT)
    next_opening = opens_s[np.searchsorted(spans[:, 0], moments + DAY_S)]
    return np.where(ever, found, next_opening)


def _hours_of_any_day(calendar: WorkingCalendar) -> np.ndarray:
    """Return the seconds of the day at which the office is open on some weekday, int64 (n, 2)."""
    spans = np.array([span_s(text) for hours in calendar.rules.week.values() for text in hours])
    return union(np.concatenate((np.minimum(spans, DAY_S), np.maximum(spans - DAY_S, 0))))
