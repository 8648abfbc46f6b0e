"""Intervals of what the held-out period may bring, and whether they hold what it brought."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from .distances import HOUR_S, cycle_hours
from .read import Log

LEVEL = 0.95


def prediction(several: np.ndarray) -> tuple[float, float, float]:
    """Return low, middle and high of the 95 % prediction interval of one more value like `several`.

    Student's t, so that few simulations give a wide interval; amounts of time and shares are never below 0.

    Examples
    --------
    >>> import numpy as np
    >>> from sim.logs.intervals import prediction
    >>> [round(one, 1) for one in prediction(np.array([9.0, 10.0, 11.0]))]
    [5.0, 10.0, 15.0]
    """
    n, mean = len(several), float(np.mean(several))
    if n < 2:
        return 0.0, mean, float("inf")
    half = stats.t.ppf((1 + LEVEL) / 2, n - 1) * float(np.std(several, ddof=1)) * np.sqrt(1 + 1 / n)
    return max(mean - float(half), 0.0), mean, mean + float(half)


def outcomes(
    held_out: Log, real: pd.DataFrame, simulated: Sequence[pd.DataFrame], end: pd.Timestamp
) -> pd.DataFrame:
    """Cases, mean and median cycle time, late share: real, and the prediction interval, a row each.

    The mean time since receipt too, where it is longer than the cycle time by more than an hour.
    """
    lengths = [cycle_hours(one) for one in (real, *simulated)]
    rows = {
        "cases": [float(len(one)) for one in lengths],
        "mean_cycle_hours": [float(one.mean()) for one in lengths],
        "median_cycle_hours": [float(np.median(one)) for one in lengths],
    }
    waited = [_hours_since_receipt(one) for one in (real, *simulated)]
    if waited[0] - lengths[0].mean() > 1:  # the log knows when cases came in, and their first step waits
        rows["mean_hours_since_receipt"] = waited
    late = late_share(held_out.cases, end)
    if late is not None:
        shares = [late_share(one.groupby("case").first(), end) for one in simulated]
        rows["late_share"] = [late, *(share for share in shares if share is not None)]
    table = {
        name: (real_one, *prediction(np.array(several)))
        for name, (real_one, *several) in rows.items()
        if several
    }
    return pd.DataFrame.from_dict(table, orient="index", columns=["real", "low", "middle", "high"])


def _hours_since_receipt(log: pd.DataFrame) -> float:
    """The mean time from a case's receipt to its last end, hours."""
    grouped = log.groupby("case")
    return float((grouped["end"].max() - grouped["arrival"].first()).dt.total_seconds().mean() / HOUR_S)


def late_share(cases: pd.DataFrame, end: pd.Timestamp) -> float | None:
    """The share of cases closed until `end` that ended after their deadline; None where there are none."""
    both = cases.dropna(subset=["due", "closed"])
    both = both[both["closed"] <= end]
    return float((both["closed"] > both["due"]).mean()) if len(both) else None


def months(real: pd.DataFrame, simulated: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The mean cycle time, hours, of the cases that came in each month: real, low, middle, high, covered."""
    ours = _by_month(real)
    table = pd.DataFrame([_by_month(one) for one in simulated]).reindex(columns=ours.index)
    rows = {}
    for month, value in ours.items():
        several = table[month].dropna().to_numpy()
        if len(several) > 1:
            low, middle, high = prediction(several)
            rows[str(month)] = (value, low, middle, high, low <= value <= high)
    return pd.DataFrame.from_dict(rows, orient="index", columns=["real", "low", "middle", "high", "covered"])


def _by_month(log: pd.DataFrame) -> pd.Series:
    arrival = log.groupby("case")["arrival"].first()
    hours = pd.Series(cycle_hours(log), arrival.index)
    return hours.groupby(arrival.dt.to_period("M")).mean()
