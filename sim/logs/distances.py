"""How far a simulated log is from a real one: the distances of the field, on tables of events.

Chapela-Campos et al. 2023, "Can I trust my simulation model? Measuring the quality of business process
simulation models" (BPM 2023); the library log-distance-measures computes the same, more slowly.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
from scipy.stats import wasserstein_distance

HOUR_S = 3600.0
DISTANCES = {
    "ngram": ("n-grams of 3 activities", "三元环节序列", "share"),
    "absolute": ("events over the calendar", "事件的日历分布", "hours"),
    "circadian": ("events over the week's hours", "事件的周内小时分布", "hours"),
    "relative": ("events since arrival", "事件距来件的时间", "hours"),
    "cycle": ("cycle time", "办理周期", "hours"),
    "arrivals": ("arrivals over the calendar", "来件的日历分布", "hours"),
}


def distances(real: pd.DataFrame, simulated: pd.DataFrame) -> dict[str, float]:
    """Return all distances of two logs with case, activity, start and end; names as in `DISTANCES`."""
    return {
        "ngram": ngram(real, simulated),
        "absolute": absolute(real, simulated),
        "circadian": circadian(real, simulated),
        "relative": relative(real, simulated),
        "cycle": cycle(real, simulated),
        "arrivals": arrivals(real, simulated),
    }


def ngram(real: pd.DataFrame, simulated: pd.DataFrame, n: int = 3) -> float:
    """The share of n-grams of activities that differ, cases padded at both ends; 0 to 1."""
    one, other = _grams(real, n), _grams(simulated, n)
    total = sum(one.values()) + sum(other.values())
    return sum(abs(one[gram] - other[gram]) for gram in one.keys() | other.keys()) / total


def _grams(log: pd.DataFrame, n: int) -> Counter[tuple[str, ...]]:
    found: Counter[tuple[str, ...]] = Counter()
    ordered = log.sort_values(["case", "start", "end"], kind="stable")
    names = ordered["activity"].astype("str").to_numpy(object)
    case = ordered["case"].to_numpy()
    edges = np.flatnonzero(np.concatenate(([True], case[1:] != case[:-1], [True])))
    pad = ("",) * (n - 1)
    for first, after in zip(edges, edges[1:], strict=False):
        whole = (*pad, *names[first:after], *pad)
        found.update(whole[place : place + n] for place in range(len(whole) - n + 1))
    return found


def absolute(real: pd.DataFrame, simulated: pd.DataFrame) -> float:
    """Events over the calendar: hours that starts and ends must be moved on average."""
    return _moved(_hours(_moments(real)), _hours(_moments(simulated)))


def arrivals(real: pd.DataFrame, simulated: pd.DataFrame) -> float:
    """The same of the first start of each case."""
    first, other = (log.groupby("case")["start"].min() for log in (real, simulated))
    return _moved(_hours(first), _hours(other))


def circadian(real: pd.DataFrame, simulated: pd.DataFrame) -> float:
    """Events over the hours of the day, averaged over the weekdays; 24 h where only one has the weekday."""
    one, other = _moments(real), _moments(simulated)
    found, weights = [], []
    for day in range(7):
        a, b = (part[part.dt.day_of_week == day].dt.hour.to_numpy(float) for part in (one, other))
        if len(a) and len(b):
            found.append(_moved(a, b))
        elif len(a) or len(b):
            found.append(23.0)
        else:
            continue
        weights.append(1)
    return float(np.average(found, weights=weights)) if found else 0.0


def relative(real: pd.DataFrame, simulated: pd.DataFrame) -> float:
    """Events by the hours since the first start of their case."""
    return _moved(*(_since(log) for log in (real, simulated)))


def cycle(real: pd.DataFrame, simulated: pd.DataFrame) -> float:
    """Cycle times, in whole hours: from the first start to the last end of a case."""
    return _moved(*(np.floor(cycle_hours(log)) for log in (real, simulated)))


def cycle_hours(log: pd.DataFrame) -> np.ndarray:
    """The cycle time of each case in hours."""
    grouped = log.groupby("case")
    length = grouped["end"].max() - grouped["start"].min()
    return (length.dt.total_seconds() / HOUR_S).to_numpy()


def _moments(log: pd.DataFrame) -> pd.Series:
    return pd.concat([log["start"], log["end"]], ignore_index=True)


def _since(log: pd.DataFrame) -> np.ndarray:
    first = log.groupby("case")["start"].transform("min")
    both = pd.concat([log["start"] - first, log["end"] - first])
    return np.floor(both.dt.total_seconds().to_numpy() / HOUR_S)


def _hours(moments: pd.Series) -> np.ndarray:
    return moments.to_numpy("datetime64[h]").astype(float)


def _moved(one: np.ndarray, other: np.ndarray) -> float:
    return float(wasserstein_distance(one, other)) if len(one) and len(other) else float("nan")
