"""Waiting that no person explains: how long a case rests between two activities though somebody was free."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .estimate import Estimate, share_of
from .hours import Week
from .people import People

AT_ONCE_S = 60.0  # a shorter wait is none
ALONE = 25  # waits between two activities from which they are fitted alone, not with others into the second
MOST_PARTS = 3
LEAST_PART = 8  # waits that a part must stand for
MOST_CV = 5.0
ROUNDS = 60


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
        ``hours`` within a day, ``working_days`` to the same hour of a later one.
    """

    share: Estimate
    amount: Estimate
    cv: float | None
    per: str


@dataclass(frozen=True)
class Delay:
    """Waits before an activity: the share that goes on at once, and the parts of the others."""

    at_once: Estimate
    parts: tuple[Part, ...]


def unexplained(
    events: pd.DataFrame, cases: pd.DataFrame, people: People, closed: tuple[pd.Timestamp, ...]
) -> tuple[pd.DataFrame, float]:
    """Return each step from one activity to the next: case, before, after, wait_s, days; and the share of all
    waiting while those who do it were at other work.

    The wait runs from the end of all that came before in the case to the start. What people explain is taken
    out: hours off duty just before the start, and the work that the person was at until then. What is left is
    `wait_s` within a day, or `days` worked days to the same hour. The steps "" → first activity hold the wait
    since the case came in.
    """
    case = events["case"].to_numpy()
    first = np.concatenate(([True], case[1:] != case[:-1])) if len(case) else np.empty(0, bool)
    ended = events.groupby("case")["end"].cummax().to_numpy("datetime64[s]")
    ready = np.concatenate((ended[:1], ended[:-1]))
    ready[first] = cases["arrival"].to_numpy("datetime64[s]")[case[first]]
    start = np.maximum(events["start"].to_numpy("datetime64[s]"), ready)
    activity = events["activity"].astype("str").to_numpy(object)
    before = np.where(first, "", np.concatenate(([""], activity[:-1])))
    until = np.minimum(start, _busy_since(events, activity, people))
    queued_s = float((start - np.maximum(until, ready)).astype(float).sum())
    after_hours = np.zeros(len(events), bool)
    for name in np.unique(activity):
        if name not in people.nobody:
            rows = np.flatnonzero(activity == name)
            week = people.week(name)
            until[rows] -= week.last_closed(until[rows]).astype("timedelta64[s]")
            after_hours[rows] = week.is_over(ready[rows])
    until = np.maximum(until, ready)
    days = np.maximum(worked_days(ready, until, people.office, closed) - after_hours, 0)
    wait_s = np.where(days > 0, 0.0, (until - ready).astype(float))
    same_day = (days == 0) & (start.astype("datetime64[D]") == ready.astype("datetime64[D]"))
    wait_s = _between(wait_s, (start - ready).astype(float), same_day, activity)
    steps = pd.DataFrame({"case": case, "before": before, "after": activity, "wait_s": wait_s, "days": days})
    whole = float((start - ready).astype(float).sum())
    return steps, queued_s / whole if whole else 0.0


def worked_days(
    begin: np.ndarray, end: np.ndarray, office: Week, closed: tuple[pd.Timestamp, ...]
) -> np.ndarray:
    """The days on which the office works after that of `begin`, up to that of `end`."""
    first, last = (moments.astype("datetime64[D]") for moments in (begin, end))
    worked = office.open.any(axis=1)
    if not worked.any():
        worked = np.ones(7, bool)
    holidays = np.array([day.to_datetime64() for day in closed], "datetime64[D]")
    return np.busday_count(first + 1, last + 1, weekmask=worked, holidays=holidays)


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


def _between(
    least_s: np.ndarray, most_s: np.ndarray, same_day: np.ndarray, activity: np.ndarray
) -> np.ndarray:
    """Give each wait within a day that is known within bounds the value of a known one between them.

    Such a delay ended while people were busy or at lunch. Without a known one between, its least value stays.
    """
    filled = least_s.copy()
    luck = np.random.default_rng(0)  # the same log gives the same fit
    sure = least_s >= most_s
    for name in np.unique(activity):
        own = same_day & (activity == name)
        known, rows = np.sort(least_s[own & sure]), np.flatnonzero(own & ~sure)
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


def fit_delay(wait_s: np.ndarray, days: np.ndarray) -> Delay:
    """Fit the waits of a step: a share at once, lognormal parts within a day and of days, by BIC.

    McLachlan and Peel 2000: a mixture by the EM algorithm, on logarithms. Each part keeps the mean and the
    spread of the waits it stands for, so that the mean of all is that of the log.
    """
    n = len(wait_s)
    hours = wait_s[(days == 0) & (wait_s > AT_ONCE_S)] / 3600
    later = days[days > 0].astype(float)
    at_once = share_of(n - len(hours) - len(later), n)
    return Delay(at_once, (*_parts(hours, n, "hours"), *_parts(later, n, "working_days")))


def _parts(amounts: np.ndarray, n: int, per: str) -> tuple[Part, ...]:
    if not len(amounts):
        return ()
    best, weights = np.inf, np.ones((1, len(amounts)))
    if len(amounts) >= 2 * LEAST_PART and np.ptp(amounts) > 0:
        logs = np.log(amounts)
        for parts in range(1, MOST_PARTS + 1):
            member, likelihood = _mixture(logs, parts)
            value = (3 * parts - 1) * np.log(len(logs)) - 2 * likelihood
            if value < best - 2 and member.sum(axis=1).min() >= LEAST_PART:
                best, weights = value, member
    return tuple(_part(amounts, weight, n, per) for weight in weights)


def _mixture(logs: np.ndarray, parts: int) -> tuple[np.ndarray, float]:
    """Membership (parts, n) of each value in normal parts, and the log-likelihood, by EM."""
    centre = np.quantile(logs, (np.arange(parts) + 0.5) / parts)
    spread = np.full(parts, max(logs.std() / parts, 0.1))
    share = np.full(parts, 1 / parts)
    member, likelihood = np.ones((parts, len(logs))), -np.inf
    for _ in range(ROUNDS):
        away = (logs - centre[:, None]) / spread[:, None]
        density = share[:, None] * np.exp(-0.5 * away**2) / (spread[:, None] * np.sqrt(2 * np.pi)) + 1e-300
        total = density.sum(axis=0)
        member, now = density / total, float(np.log(total).sum())
        weight = member.sum(axis=1)
        share = weight / len(logs)
        centre = (member @ logs) / weight
        spread = np.sqrt(np.maximum((member * (logs - centre[:, None]) ** 2).sum(axis=1) / weight, 0.01))
        if now - likelihood < 1e-6 * abs(now):
            break
        likelihood = now
    return member, now


def _part(amounts: np.ndarray, weight: np.ndarray, n: int, per: str) -> Part:
    size = float(weight.sum())
    mean = float((weight * amounts).sum() / size)
    spread = float(np.sqrt((weight * (amounts - mean) ** 2).sum() / size))
    cv = min(spread / mean, MOST_CV)
    amount = Estimate(mean, spread / float(np.sqrt(size)), round(size))
    share = Estimate(size / n, share_of(round(size), n).se, n)
    return Part(share, amount, cv if cv > 0.01 else None, per)
