"""Time-weighted areas: the numbers of waiting requests and of busy people, integrated over windows of time.

An area divided by its window's length is the mean number. A request waits from when it is ready until its
work first begins; the moment of the start is not counted (half-open intervals).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd


def queue_area(steps: pd.DataFrame, start_s: int | np.ndarray, end_s: int | np.ndarray) -> np.ndarray:
    """Return the request-seconds of waiting for work to start, within each window [start_s, end_s).

    `steps` has ready_s and start_s (−1 = not yet started), and type: only steps of work have a queue. It must
    not contain requests withdrawn unserved. Windows may be numbers or arrays of one shape, which is the shape
    of the result.
    """
    waiting = steps[steps["type"] == "work"]
    return _area(waiting["ready_s"].to_numpy(), waiting["start_s"].to_numpy(), start_s, end_s)


def busy_area(segments: pd.DataFrame, start_s: int | np.ndarray, end_s: int | np.ndarray) -> np.ndarray:
    """Return the person-seconds of work within each window.

    `segments` has start_s and end_s of uninterrupted work. A segment over a night counts in full; cut it at
    the end of duty first where that matters.
    """
    return _area(segments["start_s"].to_numpy(), segments["end_s"].to_numpy(), start_s, end_s)


def _area(
    begin: np.ndarray, end: np.ndarray, start_s: int | np.ndarray, end_s: int | np.ndarray
) -> np.ndarray:
    begun, ended = _elapsed(begin), _elapsed(end[end >= 0])
    return (begun(end_s) - begun(start_s)) - (ended(end_s) - ended(start_s))


def _elapsed(moments: np.ndarray) -> Callable[[int | np.ndarray], np.ndarray]:
    """Return the function t → Σ max(t − moment, 0), by one sort and cumulative sums."""
    ordered = np.sort(moments)
    sums = np.concatenate(([0], np.cumsum(ordered)))

    def elapsed(t: int | np.ndarray) -> np.ndarray:
        before = np.searchsorted(ordered, t)
        return before * np.asarray(t) - sums[before]

    return elapsed
