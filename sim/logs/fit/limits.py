"""Time limits of cases, and how many were kept, as the log has them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .estimate import Estimate, share_of
from .hours import Week

FREQUENT = 0.05  # share of cases from which a limit is one of its own
MOST_TRIED = 40  # lengths tried as one that is moved on to a working day
LEAST = 20  # cases that share a limit, at least


@dataclass(frozen=True)
class Limits:
    """The limits of cases.

    Attributes
    ----------
    days : Series
        The limit of each case in `per`, its own or that of its neighbours; NaN where there is none.
    per : str
        ``calendar_days`` or ``working_days``.
    late : Estimate or None
        Share of the closed cases that ended after their deadline, as recorded.
    moved : int
        Cases that stand under their neighbours' limit.
    """

    days: pd.Series
    per: str
    late: Estimate | None
    moved: int


def fit_limits(cases: pd.DataFrame, office: Week) -> Limits:
    """Find the limits: deadline minus arrival in whole days, where several cases share them."""
    days, per = _lengths(cases, office)
    both = cases.dropna(subset=["due", "closed"])
    late = share_of(int((both["closed"] > both["due"]).sum()), len(both)) if len(both) else None
    counts = days.value_counts().sort_index()
    if counts.sum() < LEAST:
        return Limits(pd.Series(float("nan"), cases.index), per, late, int(days.notna().sum()))
    shared = days.map(_grouped(counts, max(FREQUENT * counts.sum(), LEAST)))
    return Limits(shared, per, late, int((days.notna() & (days != shared)).sum()))


def _lengths(cases: pd.DataFrame, office: Week) -> tuple[pd.Series, str]:
    """The length of each case's limit, NaN where there is none, and its unit.

    Deadlines at the end of a day may count working days, or be moved on to the next one: whichever makes the
    most cases have the same length.
    """
    length = (cases["due"] - cases["arrival"]).dt.total_seconds() / 86_400
    by_clock = length.where(length > 0).round()
    last = cases["due"] - pd.Timedelta(seconds=1)
    known = last.notna() & (length > 0)
    if not known.any() or last[known].dt.hour.isin([22, 23]).mean() < 0.9:
        return by_clock, "calendar_days"
    worked = office.open.any(axis=1)
    begin, end = (one[known].to_numpy("datetime64[D]") for one in (cases["arrival"], last))
    plain = (end - begin).astype(int)
    working = np.busday_count(begin + 1, end + 1, weekmask=worked)
    moved = plain.copy()
    for days in pd.Series(plain).value_counts().index[:MOST_TRIED]:
        due = np.busday_offset(begin + days, 0, roll="forward", weekmask=worked)
        moved = np.where((due == end) & (moved == plain), days, moved)
    found, per = max(((moved, "calendar_days"), (working, "working_days")), key=lambda one: _alike(one[0]))
    return pd.Series(found.astype(float), cases.index[known]).reindex(cases.index), per


def _alike(lengths: np.ndarray) -> int:
    return int(np.bincount(np.maximum(lengths, 0)).max())


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
