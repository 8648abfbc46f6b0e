"""Waiting that no person explains: how long a case rests between two activities though somebody was free."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr

from .estimate import Estimate, share_of
from .hours import Week
from .passing import (
    AT_ONCE_S,
    Bounds,
    Days,
    bounds_of,
    by_calendar,
    mixture_of,
    passes_by_calendar,
    worked_days,
)
from .people import People

ALONE = 25  # waits between two activities from which they are fitted alone, not with others into the second
MOST_CV = 5.0
LEAST_OF_GROUP = 5  # waits of whole working days that a group holds
MOST_GROUPS = 12
MOST_APART = 0.03  # share of waits by which lognormal parts may be off


@dataclass(frozen=True)
class Part:
    """A part of a mixture of waits.

    Attributes
    ----------
    share : Estimate
        The share of all waits.
    amount : Estimate
        Its mean, in `per`.
    cv : float or None
        Its spread (lognormal); None where it is constant.
    per : str
        ``hours``, or ``working_days`` to the same hour of a later one.
    """

    share: Estimate
    amount: Estimate
    cv: float | None
    per: str


@dataclass(frozen=True)
class Delay:
    """Waits before an activity.

    Attributes
    ----------
    at_once : Estimate
        The share that goes on at once.
    parts : tuple of Part
        Those of the others.
    by_calendar : bool
        Whether they pass by the calendar, nights and days off included; else within a day or in working days.
    """

    at_once: Estimate
    parts: tuple[Part, ...]
    by_calendar: bool = False


def unexplained(
    events: pd.DataFrame, cases: pd.DataFrame, people: People, closed: Days, *, day_only: bool
) -> tuple[pd.DataFrame, float]:
    """Return each step from one activity to the next, and the share of all waiting while people were at work.

    Columns are case, before, after, wait_s, days, and those of `Bounds`. The wait runs from the end of all
    that came before in the case to the start. What people explain is taken out: hours off duty just before
    the start, and the work at which all who do it were until then. What is left is `wait_s` within a day, or
    `days` worked days to the same hour. The steps "" → first activity hold the wait since the case came in.
    """
    case = events["case"].to_numpy()
    first = np.concatenate(([True], case[1:] != case[:-1])) if len(case) else np.empty(0, bool)
    ended = events.groupby("case")["end"].cummax().to_numpy("datetime64[s]")
    ready = np.concatenate((ended[:1], ended[:-1]))
    ready[first] = cases["arrival"].to_numpy("datetime64[s]")[case[first]]
    start = np.maximum(events["start"].to_numpy("datetime64[s]"), ready)
    activity = events["activity"].astype("str").to_numpy(object)
    before = np.where(first, "", np.concatenate(([""], activity[:-1])))
    free = np.maximum(np.minimum(start, _busy_since(events, activity, people)), ready)
    waits = pd.concat(
        [
            _waits(ready[rows], free[rows], start[rows], people.week(name), people.office, closed, day_only)
            .set_index(rows)
            for name in np.unique(activity)
            for rows in (np.flatnonzero(activity == name),)
        ]
    ).sort_index()  # fmt: skip
    steps = pd.concat([pd.DataFrame({"case": case, "before": before, "after": activity}), waits], axis=1)
    whole_s, queued_s = (float((start - begin).astype(float).sum()) for begin in (ready, free))
    return steps, queued_s / whole_s if whole_s else 0.0


def _waits(
    ready: np.ndarray,
    free: np.ndarray,
    start: np.ndarray,
    week: Week,
    office: Week,
    closed: Days,
    day_only: bool,
) -> pd.DataFrame:
    """The waits of an activity from `ready` to `start`, by the hours of those who do it; from `free` on they
    are at no other work.
    """
    week = week.whole_days() if day_only else week
    opened = np.maximum(free - week.last_closed(free).astype("timedelta64[s]"), ready)
    if day_only:
        days = worked_days(ready, free, office, closed)
    else:
        days = np.maximum(worked_days(ready, opened, office, closed) - week.is_over(ready), 0)
    wait_s = np.where(days > 0, 0.0, (opened - ready).astype(float))
    same_day = (days == 0) & (start.astype("datetime64[D]") == ready.astype("datetime64[D]"))
    wait_s = _between(wait_s, (start - ready).astype(float), same_day)
    bounds = bounds_of(ready, opened, start, week, office, closed)
    return pd.DataFrame({"wait_s": wait_s, "days": days} | vars(bounds))


def _busy_since(events: pd.DataFrame, activity: np.ndarray, people: People) -> np.ndarray:
    """When the person began the work without a break that ended at the start of each event; else its start.

    It explains a wait only where all others on duty who do the activity were at work just before, too.
    """
    since = events["start"].to_numpy("datetime64[s]").copy()
    named = events["person"].astype("str").to_numpy(object)
    begin, end = (events[name].to_numpy("datetime64[s]").astype(np.int64) for name in ("start", "end"))
    spans = {one.name: _union(begin[named == one.name], end[named == one.name]) for one in people.regular}
    crowded = {activity for one in people.others for activity in one.activities}
    for name in np.unique(activity):
        pool = [one for one in people.regular if name in one.activities]
        if not pool or name in crowded:
            continue
        rows = np.flatnonzero(activity == name)
        moments = begin[rows] - 1
        on_duty, at_work = np.zeros(len(rows), int), np.zeros(len(rows), int)
        earliest = begin[rows].copy()
        for one in pool:
            from_, to = spans[one.name]
            place = np.searchsorted(from_, moments, side="right") - 1
            works = (place >= 0) & (to[np.maximum(place, 0)] >= moments)
            there = one.week.is_open(moments.astype("datetime64[s]"))
            at_work += works & there
            on_duty += there
            own = works & (named[rows] == one.name)
            earliest[own] = from_[place[own]]
        explained = (on_duty > 0) & (at_work >= on_duty)
        since[rows[explained]] = earliest[explained].astype("datetime64[s]")
    return since


def _between(least_s: np.ndarray, most_s: np.ndarray, same_day: np.ndarray) -> np.ndarray:
    """Give each wait within a day that is known within bounds the value of a known one between them.

    Such a delay ended while people were busy or at lunch. Without a known one between, its least value stays.
    """
    filled = least_s.copy()
    luck = np.random.default_rng(0)  # the same log gives the same fit
    sure = least_s >= most_s
    known, rows = np.sort(least_s[same_day & sure]), np.flatnonzero(same_day & ~sure)
    first = np.searchsorted(known, least_s[rows])
    many = np.searchsorted(known, most_s[rows], side="right") - first
    some = many > 0
    chosen = first[some] + np.floor(luck.random(int(some.sum())) * many[some]).astype(int)
    filled[rows[some]] = known[chosen]
    return filled


def _union(begin: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The spans of time that the given ones cover, breaks of up to a minute included."""
    if not len(begin):
        return begin, end
    order = np.argsort(begin, kind="stable")
    begin, latest = begin[order], np.maximum.accumulate(end[order])
    new = np.concatenate(([True], begin[1:] > latest[:-1] + AT_ONCE_S))
    last = np.append(np.flatnonzero(new)[1:] - 1, len(begin) - 1)
    return begin[new], latest[last]


def fit_delay(wait_s: np.ndarray, days: np.ndarray, bounds: Bounds | None = None) -> Delay:
    """Fit the waits of a step: a share at once, and lognormal parts of the others.

    These are parts by the calendar where `bounds` make that likelier. Otherwise they are parts within a day,
    and groups of working days. Each part keeps the mean and the spread of the waits it stands for, so that
    the mean of all is that of the log.
    """
    n = len(wait_s)
    waits = (wait_s > AT_ONCE_S) | (days > 0)
    at_once = share_of(n - int(waits.sum()), n)
    if bounds is not None and passes_by_calendar(wait_s[waits], days[waits], bounds.of(waits)):
        hours, mixture = by_calendar(bounds)
        at_once, hours = share_of(int((hours == 0).sum()), n), hours[hours > 0]
        return Delay(at_once, tuple(_part(hours, one, n, "hours") for one in mixture.member), True)
    hours, later = wait_s[waits & (days == 0)] / 3600, days[days > 0].astype(float)
    within = mixture_of(hours).member if len(hours) else ()
    parts = [_part(hours, one, n, "hours") for one in within]
    return Delay(at_once, (*parts, *_of_days(later, n)))


def _of_days(days: np.ndarray, n: int) -> tuple[Part, ...]:
    """The parts of waits of whole days: lognormal ones, or groups where these are too far from the waits.

    Whole days follow habits (the next day, the weekly meeting) that no smooth distribution has.
    """
    if not len(days):
        return ()
    smooth = tuple(_part(days, one, n, "working_days") for one in mixture_of(days).member)
    if _apart(smooth, days) <= MOST_APART:
        return smooth
    return tuple(_part(days, one, n, "working_days") for one in _groups(days))


def _apart(parts: tuple[Part, ...], days: np.ndarray) -> float:
    """The greatest difference between the shares of waits up to so many days: of the parts and of `days`."""
    values, counts = np.unique(days, return_counts=True)
    spread = np.sqrt(np.log1p(np.array([one.cv or 0.01 for one in parts]) ** 2))
    centre = np.log([one.amount.value for one in parts]) - spread**2 / 2
    share = np.array([one.share.value for one in parts])
    below = ndtr((np.log(values + 0.5) - centre[:, None]) / spread[:, None])
    return float(np.abs(share @ below / share.sum() - np.cumsum(counts) / len(days)).max())


def _groups(days: np.ndarray) -> list[np.ndarray]:
    """Which waits belong to each group of about equal size, the shortest first; equal waits stay together."""
    count = max(min(len(days) // LEAST_OF_GROUP, MOST_GROUPS), 1)
    chances = (np.arange(count) + 1) / count
    edges = np.unique(np.quantile(days, chances, method="inverted_cdf"))
    group = np.searchsorted(edges, days)
    return [(group == one).astype(float) for one in range(len(edges))]


def _part(amounts: np.ndarray, weight: np.ndarray, n: int, per: str) -> Part:
    size = float(weight.sum())
    mean = float((weight * amounts).sum() / size)
    spread = float(np.sqrt((weight * (amounts - mean) ** 2).sum() / size))
    cv = min(spread / mean, MOST_CV)
    amount = Estimate(mean, spread / float(np.sqrt(size)), round(size))
    share = Estimate(size / n, share_of(round(size), n).se, n)
    return Part(share, amount, cv if cv > 0.01 else None, per)
