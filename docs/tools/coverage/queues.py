"""Replications of an office whose distribution is known as closely as one likes: a queue simulated often."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numba
import numpy as np

CLERKS = 3
HORIZONS = {"week": 80.0, "year": 4000.0}  # mean service times: of half an hour, 5 and 250 days of 8 hours
RATES = (0.90, 0.99, 0.999)
LOADS = (0.5, 0.75, 0.9)
FASTER = 0.95  # of the time that a request takes, under the other policy
_PILOT = 300


@dataclass(frozen=True)
class Pool:
    """Many replications at one load and horizon, (r,) or (r, rates) each, under common random numbers.

    ``on_time`` and ``faster`` are on-time rates at deadlines that give about `RATES`, under the policy as it
    is and with faster service; ``mean_time`` and ``mean_work`` are mean sojourn and service times.
    """

    arrivals: np.ndarray
    mean_time: np.ndarray
    mean_work: np.ndarray
    on_time: np.ndarray
    faster: np.ndarray


@numba.njit
def _simulate(seed, rows, horizon, rate, clerks, pace, deadlines, times):
    """Simulate M/M/c from empty: by replication arrivals, sums of sojourn and work, late ones by deadline."""
    np.random.seed(seed)
    sums = np.zeros((rows, 3))
    late = np.zeros((rows, len(deadlines)))
    told = 0
    for row in range(rows):
        free, now = np.zeros(clerks), 0.0
        while True:
            now += np.random.exponential(1 / rate)
            if now > horizon:
                break
            work = pace * np.random.exponential(1.0)
            first = np.argmin(free)
            free[first] = max(now, free[first]) + work
            sojourn = free[first] - now
            sums[row, 0] += 1
            sums[row, 1] += sojourn
            sums[row, 2] += work
            for place in range(len(deadlines)):
                late[row, place] += sojourn > deadlines[place]
            if told < len(times):
                times[told] = sojourn
                told += 1
    return sums, late


@cache
def pool(load: float, horizon: str, rows: int, seed: int = 1) -> Pool:
    """Simulate `rows` replications of an office under both policies."""
    length, rate, none = HORIZONS[horizon], load * CLERKS, np.zeros(0)
    few = min(_PILOT * int(HORIZONS["year"] / length), rows)
    times = np.zeros(int(few * length * rate * 0.9))
    _simulate(seed + 1, few, length, rate, CLERKS, 1.0, none, times)
    deadlines = np.quantile(times, RATES)
    sums, late = _simulate(seed, rows, length, rate, CLERKS, 1.0, deadlines, none)
    _, fewer = _simulate(seed, rows, length, rate, CLERKS, FASTER, deadlines, none)
    count = sums[:, 0]
    return Pool(
        count, sums[:, 1] / count, sums[:, 2] / count, 1 - late / count[:, None],
        1 - fewer / count[:, None],
    )  # fmt: skip
