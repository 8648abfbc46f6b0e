"""Time limits of cases, and how many were kept, as the log has them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from .estimate import Estimate, share_of

FREQUENT = 0.05  # share of cases from which a limit is one of its own
LEAST = 20  # cases that share a limit, at least


@dataclass(frozen=True)
class Limits:
    """The limits of cases.

    Attributes
    ----------
    days : Series
        The limit of each case in calendar days, its own or that of its neighbours; NaN where there is none.
    late : Estimate or None
        Share of the closed cases that ended after their deadline, as recorded.
    moved : int
        Cases that stand under their neighbours' limit.
    """

    days: pd.Series
    late: Estimate | None
    moved: int


def fit_limits(cases: pd.DataFrame) -> Limits:
    """Find the limits: deadline minus arrival in whole days, where several cases share them."""
    given = (cases["due"] - cases["arrival"]).dt.total_seconds() / 86_400
    days = given.where(given > 0).round()
    both = cases.dropna(subset=["due", "closed"])
    late = share_of(int((both["closed"] > both["due"]).sum()), len(both)) if len(both) else None
    counts = days.value_counts().sort_index()
    if counts.sum() < LEAST:
        return Limits(pd.Series(float("nan"), cases.index), late, int(days.notna().sum()))
    shared = days.map(_grouped(counts, max(FREQUENT * counts.sum(), LEAST)))
    return Limits(shared, late, int((days.notna() & (days != shared)).sum()))


def _grouped(counts: pd.Series, frequent: float) -> dict[float, float]:
    """The limit under which each one stands: its own if frequent, else the median of its neighbours."""
    found: dict[float, float] = {}
    group: list[float] = []

    def close() -> None:
        own = counts[group]
        middle = own.index[int((own.cumsum() < own.sum() / 2).sum())] if group else 0.0
        if group and (own.sum() >= LEAST or not found):
            found.update(dict.fromkeys(group, float(middle)))
        elif group:  # too few to stand alone: with the limit before
            found.update(dict.fromkeys(group, list(found.values())[-1]))
        group.clear()

    for days, count in zip(counts.index.to_numpy(float).tolist(), counts, strict=True):
        if count >= frequent:
            close()
            found[days] = days
            continue
        group.append(days)
        if counts[group].sum() >= LEAST:
            close()
    close()
    return found
