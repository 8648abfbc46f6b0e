"""Years of a queue M/M/c in its steady state, as a study's long table."""

from __future__ import annotations

import numba
import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import pdtr

UNIT, POLICY = "office", "current"


def late_share(servers: int, load: float, limit: float) -> float:
    """P(sojourn > limit), in mean service times."""
    offered = servers * load
    blocked = (pdtr(servers, offered) - pdtr(servers - 1, offered)) / pdtr(servers, offered)
    waits = blocked / (1 - load * (1 - blocked))
    rate = servers * (1 - load)
    if abs(rate - 1) < 1e-9:
        return float(np.exp(-limit) * (1 + waits * limit))
    return float(np.exp(-limit) + waits * (np.exp(-rate * limit) - np.exp(-limit)) / (1 - rate))


def limit_for(servers: int, load: float, share: float) -> float:
    """The limit within which this share is done, in mean service times."""
    return float(brentq(lambda limit: late_share(servers, load, limit) - (1 - share), 0.01, 500))


@numba.njit(cache=False)
def _met(servers: int, load: float, limit: float, requests: int, warm: int, seed: int, last: bool):
    """Whether each request is in time and its time beyond the limit; `last`: late ones are served last."""
    np.random.seed(seed)
    free = np.zeros(servers)
    now = 0.0
    met = np.empty(requests, np.bool_)
    for number in range(-warm, requests):
        now += np.random.exponential(1 / (servers * load))
        first = np.argmin(free)
        free[first] = max(free[first], now) + np.random.exponential(1.0)
        if number >= 0:
            met[number] = free[first] - now <= limit
    return met


@numba.njit(cache=False)
def years_of(servers, load, limit, requests, years, batches, seed):
    """Return requests in time, (years, batches): independent years that begin in the steady state."""
    met = np.empty((years, batches))
    warm = int(200 / (1 - load) ** 2 * 0.5)
    for year in range(years):
        found = _met(servers, load, limit, requests, warm, seed + year, False)
        for batch in range(batches):
            begin, end = requests * batch // batches, requests * (batch + 1) // batches
            met[year, batch] = found[begin:end].sum()
    return met


def table_of(rates: dict[str, np.ndarray], cases: dict[str, int], outcome="on_time_rate") -> pd.DataFrame:
    """Yearly rates (replications,) or (replications, years) by unit, as a long table."""
    parts = []
    for unit, values in rates.items():
        values = np.atleast_2d(np.asarray(values, float).T).T
        replication, year = np.indices(values.shape)
        for name, column in ((outcome, values), ("due_cases", np.full(values.shape, float(cases[unit])))):
            parts.append(
                pd.DataFrame(
                    {
                        "policy": POLICY,
                        "replication": replication.ravel(),
                        "year": 2025 + year.ravel(),
                        "month": 0,
                        "unit": unit,
                        "kind": "",
                        "person": "",
                        "outcome": name,
                        "value": column.ravel(),
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)
