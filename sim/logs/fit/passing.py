"""In which time a wait passes: by the calendar, nights and days off included, or in working days.

Both are held against the day on which each wait ended, and the likelier one is taken. A wait that passes by
the calendar may end while everybody is away; then it is known only to lie between two bounds.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from .hours import SLOT_S, SLOTS, Week

Days = np.ndarray  # of datetime64[D]

MOST_PARTS = 3
LEAST_PART = 8  # waits that a part must stand for
ROUNDS = 60
DRAWS = 12  # rounds in which waits known within bounds are drawn anew
AT_ONCE_S = 60.0  # a shorter wait is none
MARGIN = 6.0  # of BIC: strong evidence (Kass and Raftery 1995), before the calendar is taken
RARE = 1e-3  # likelihood of what a model excludes, such as a working day's wait that ends on a Sunday


@dataclass(frozen=True)
class Bounds:
    """What is known of waits by the calendar, in hours since the case was ready.

    Attributes
    ----------
    least, most : ndarray
        When the wait ended: equal where it is known, else from closing to opening.
    since, until : ndarray
        From the end of the working day before that of the start to the end of that day: a wait that ends
        between them leads to a start on this day.
    days_since, days_until : ndarray
        Likewise in working days: to the working day before that of the start, and to that day; at least -0.5,
        from where on a wait is rounded to 0 days.
    worked : ndarray of bool
        Whether the office works on the day of the start.
    """

    least: np.ndarray
    most: np.ndarray
    since: np.ndarray
    until: np.ndarray
    days_since: np.ndarray
    days_until: np.ndarray
    worked: np.ndarray

    @classmethod
    def of_table(cls, waits: pd.DataFrame) -> Bounds:
        """The bounds in the columns of a table of waits."""
        return cls(*(waits[one.name].to_numpy() for one in fields(cls)))

    def of(self, rows: np.ndarray) -> Bounds:
        """The bounds of some waits."""
        return Bounds(*(getattr(self, one.name)[rows] for one in fields(self)))


@dataclass(frozen=True)
class Mixture:
    """Lognormal parts: share, mean and standard deviation of the logarithm, and each value's membership."""

    share: np.ndarray
    centre: np.ndarray
    spread: np.ndarray
    member: np.ndarray  # (parts, n)

    @property
    def parameters(self) -> int:
        """How many numbers it has."""
        return 3 * len(self.share) - 1

    def below(self, amounts: np.ndarray) -> np.ndarray:
        """The probability of each part to lie below, (parts, n); amounts from 0."""
        return ndtr(self._away(amounts))

    def _away(self, amounts: np.ndarray) -> np.ndarray:
        with np.errstate(divide="ignore"):
            logs = np.log(amounts)
        return (logs - self.centre[:, None]) / self.spread[:, None]


def bounds_of(
    ready: np.ndarray, ended: np.ndarray, start: np.ndarray, week: Week, office: Week, closed: Days
) -> Bounds:
    """Return the bounds of waits that began when cases were `ready` and ended between `ended` and `start`.

    All moments are datetime64[s]. `week` holds the hours of those who start, `office` those by which working
    days count, `closed` the days off besides.
    """
    day = start.astype("datetime64[D]")
    own = week.open.any(axis=1)
    days_off = closed if len(closed) and not own.all() else np.array([], "datetime64[D]")
    before = np.busday_offset(day - 1, 0, "backward", weekmask=own, holidays=days_off)
    closing = _closing(before, week), np.maximum(_closing(day, week), start)
    hours = [(moment - ready).astype(float) / 3600 for moment in (ended, start, *closing)]
    least, most, since, until = (np.maximum(one, 0.0) for one in hours)
    worked = np.is_busday(day, weekmask=office.open.any(axis=1), holidays=closed)
    days = [worked_days(ready, moment, office, closed) - week.is_over(ready) for moment in (before, start)]
    days_since, days_until = (np.maximum(one, -0.5) for one in days)
    return Bounds(least, most, since, until, days_since, days_until, worked)


def worked_days(begin: np.ndarray, end: np.ndarray, office: Week, closed: Days) -> np.ndarray:
    """The days on which the office works after that of `begin`, up to that of `end`."""
    first, last = (moments.astype("datetime64[D]") for moments in (begin, end))
    return np.busday_count(first + 1, last + 1, weekmask=office.open.any(axis=1), holidays=closed)


def _closing(day: np.ndarray, week: Week) -> np.ndarray:
    """When the hours of each day end; at midnight on days without any."""
    last = SLOTS - np.argmax(np.flip(week.open, axis=1), axis=1)  # without any: SLOTS
    seconds = (last * SLOT_S)[(day.astype(np.int64) + 3) % 7]  # 1970-01-01 was a Thursday
    return day.astype("datetime64[s]") + seconds.astype("timedelta64[s]")


def mixture_of(amounts: np.ndarray) -> Mixture:
    """Fit lognormal parts by the EM algorithm (McLachlan and Peel 2000), their number by BIC."""
    logs, best, found = np.log(amounts), np.inf, None
    most = MOST_PARTS if len(amounts) >= 2 * LEAST_PART and np.ptp(amounts) > 0 else 1
    for parts in range(1, most + 1):
        mixture, likelihood = _em(logs, parts)
        value = mixture.parameters * np.log(len(logs)) - 2 * likelihood
        if found is None or (value < best - 2 and mixture.member.sum(axis=1).min() >= LEAST_PART):
            best, found = value, mixture
    assert found is not None
    return found


def _em(logs: np.ndarray, parts: int) -> tuple[Mixture, float]:
    centre = np.quantile(logs, (np.arange(parts) + 0.5) / parts)
    spread = np.full(parts, max(logs.std() / parts, 0.1))
    share = np.full(parts, 1 / parts)
    member, likelihood, now = np.ones((parts, len(logs))), -np.inf, -np.inf
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
    return Mixture(share, centre, spread, member), now


def by_calendar(bounds: Bounds) -> tuple[np.ndarray, Mixture]:
    """Return the waits by the calendar in hours, 0 for none, and the mixture of the others.

    Those known within bounds are drawn from it in turn: stochastic EM (Celeux and Diebolt 1985). The same log
    gives the same draws. Without a wait the mixture is of one hour.
    """
    luck = np.random.default_rng(0)
    none = AT_ONCE_S / 3600
    hours = np.where(bounds.most > none, bounds.most, 0.0)
    rows = np.flatnonzero((bounds.least < bounds.most) & (hours > 0))
    low, high = np.maximum(bounds.least[rows], none / 2), bounds.most[rows]
    doubtful = bounds.least[rows] <= none  # there may have been no wait
    share = (hours == 0).sum() / max((hours == 0).sum() + (bounds.least > none).sum(), 1)
    hours[rows] = np.where(
        doubtful & (luck.random(len(rows)) < share), 0.0, low + luck.random(len(rows)) * (high - low)
    )
    mixture = _of_waits(hours)
    for _ in range(DRAWS if len(rows) else 0):
        share = (hours == 0).mean()
        likely = (1 - share) * (mixture.share @ mixture.below(high))
        at_once = doubtful & (luck.random(len(rows)) * (share + likely) < share)
        hours[rows] = np.where(at_once, 0.0, _drawn(mixture, low, high, luck))
        mixture = _of_waits(hours)
    return hours, mixture


def _of_waits(hours: np.ndarray) -> Mixture:
    return mixture_of(hours[hours > 0]) if hours.any() else mixture_of(np.ones(1))


def _drawn(mixture: Mixture, low: np.ndarray, high: np.ndarray, luck: np.random.Generator) -> np.ndarray:
    """Values of the mixture, each within its bounds."""
    below, above = mixture.below(low), mixture.below(high)
    mass = np.cumsum(mixture.share[:, None] * (above - below) + 1e-300, axis=0)
    part = (luck.random(len(low)) * mass[-1] > mass).sum(axis=0).clip(max=len(mass) - 1)
    place = part, np.arange(len(low))
    chance = below[place] + luck.random(len(low)) * (above[place] - below[place])
    drawn = np.exp(mixture.centre[part] + mixture.spread[part] * ndtri(chance))
    return np.clip(drawn, low, high)


def passes_by_calendar(wait_s: np.ndarray, days: np.ndarray, bounds: Bounds) -> bool:
    """Whether waits pass by the calendar, by BIC of the days on which people started after them.

    Parameters
    ----------
    wait_s, days : ndarray, (n,)
        The same waits as seconds within a day, or where `days` > 0 as so many working days.
    bounds : Bounds
        The same waits by the calendar.
    """
    if (bounds.days_until > 0).sum() < 2 * LEAST_PART:
        return False
    _, calendar = by_calendar(bounds)
    chance = _between(calendar, bounds.since, bounds.until)
    other, parameters = np.zeros(len(days)), -1
    for own, amounts, since, until in (
        (days == 0, wait_s / 3600, bounds.since, bounds.until),
        (days > 0, days.astype(float), bounds.days_since + 0.5, bounds.days_until + 0.5),
    ):
        if own.any():
            part = mixture_of(amounts[own])
            other += own.mean() * _between(part, since, until)
            parameters += part.parameters + 1
    other[~bounds.worked] = 0.0
    gain = 2 * (np.log(chance + RARE).sum() - np.log(other + RARE).sum())
    return bool(gain - (calendar.parameters - parameters) * np.log(len(days)) > MARGIN)


def _between(mixture: Mixture, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    return mixture.share @ (mixture.below(high) - mixture.below(low))
