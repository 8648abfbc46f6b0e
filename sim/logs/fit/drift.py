"""Whether the process changed while the log was kept: then its later part tells how it is now."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from scipy import stats

LEAST = 400  # cases of which the halves can be compared
SURE = 0.001
MOST_HALVINGS = 2
SLIGHT = 1.25  # times: a smaller change of the mean is none


@dataclass(frozen=True)
class Drift:
    """The later part of a log that differs from the earlier one.

    Attributes
    ----------
    cases : Index
        The cases from which routes and waits are fitted: all, or those of the later part.
    since : Timestamp or None
        The arrival of the first of them, where earlier ones are left out of routes and waits.
    earlier_hours, later_hours : float
        Mean cycle time of both parts.
    """

    cases: pd.Index
    since: pd.Timestamp | None
    earlier_hours: float
    later_hours: float


def later_part(events: pd.DataFrame, cases: pd.DataFrame) -> Drift:
    """Halve the log, in order of arrival, once or twice, where cycle times of the halves differ for sure.

    The test of Mann and Whitney at 0.1 %, and means a quarter apart; at least 200 cases stay. Cases that came
    last may be unfinished: those that came within the usual time (90 % of cycle times) of the log's end do
    not speak for drift.
    """
    grouped = events.groupby("case")
    length = grouped["end"].max() - grouped["start"].min()
    usual = length.quantile(0.9)
    order = cases["arrival"].sort_values(kind="stable").index
    ripe = cases["arrival"] <= events["end"].max() - usual
    begun, earlier, later = 0, 0.0, 0.0
    for _ in range(MOST_HALVINGS):
        if len(order) - begun < LEAST:
            break
        half = begun + (len(order) - begun) // 2
        one, other = (length[part[ripe[part].to_numpy()]] for part in (order[begun:half], order[half:]))
        if len(other) < LEAST / 4 or stats.mannwhitneyu(one, other).pvalue >= SURE:
            break
        means = [part.mean().total_seconds() / 3600 for part in (one, other)]
        if max(means) < SLIGHT * min(means):
            break
        begun, earlier, later = half, *means
    since = cases["arrival"][order[begun]] if begun else None
    return Drift(order[begun:].sort_values(), since, earlier, later)
