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
def _met(servers: int, load: float, limit: float, requests: int, warm: int, seed: int):
    """Whether each request is in time, first come, first served."""
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
    warm = int(100 / (1 - load) ** 2)
    for year in range(years):
        found = _met(servers, load, limit, requests, warm, seed + year)
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


@numba.njit(cache=False)
def single(load, limit, requests, seed, late_last):
    """Sojourn times of M/M/1 in order of arrival; with `late_last` those already late are served last."""
    np.random.seed(seed)
    arrival = np.cumsum(np.random.exponential(1 / load, requests))
    work = np.random.exponential(1.0, requests)
    times = np.empty(requests)
    late = np.empty(requests, np.int64)
    head = first = last = done = 0
    now = 0.0
    while done < requests:
        while late_last and head < requests and arrival[head] <= now and now - arrival[head] > limit:
            late[last] = head
            last += 1
            head += 1
        if head < requests and arrival[head] <= now:
            one = head
            head += 1
        elif first < last:
            one = late[first]
            first += 1
        else:
            now = arrival[head]
            continue
        now += work[one]
        times[one] = now - arrival[one]
        done += 1
    return times


def bureau_table(policies: dict[str, list[dict[str, float]]], level_unit: str = "") -> pd.DataFrame:
    """Outcomes of the bureau by policy and replication, as a long table."""
    rows = [
        (policy, number, 2025, 0, level_unit, "", "", name, value)
        for policy, runs in policies.items()
        for number, values in enumerate(runs)
        for name, value in values.items()
    ]
    columns = ["policy", "replication", "year", "month", "unit", "kind", "person", "outcome", "value"]
    return pd.DataFrame(rows, columns=columns)
