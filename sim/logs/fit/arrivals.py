"""How many cases come, and when: by month, weekday, day of the month and hour, and how unevenly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from .estimate import Estimate, mean_of, share_of

LEAST_FOR_MONTHS = 330  # days of the log from which months can be told from luck
LEAST_OF_MONTH_DAY = 700  # days, to tell days of the month
SURE = 0.001
SELDOM = 1e-4  # of the busiest weekday: on such a weekday nobody comes
OFF = 1e-4  # chance under which a day without cases counts as closed


@dataclass(frozen=True)
class Arrivals:
    """The arrivals of one kind of case.

    Attributes
    ----------
    a_day : Estimate
        Cases a day, the mean over the weekdays on which any come, and over the months of a year.
    weekdays, hours, months, month_days : tuple of Estimate
        Weights, with a mean of 1; that of weekdays is over those on which any come.
    dispersion : Estimate
        Variance of the day's own factor; 0 is a Poisson process.
    closed : tuple of date
        Days on which nobody came though cases were expected.
    """

    a_day: Estimate
    weekdays: tuple[Estimate, ...]
    hours: tuple[Estimate, ...]
    months: tuple[Estimate, ...]
    month_days: tuple[Estimate, ...]
    dispersion: Estimate
    closed: tuple[pd.Timestamp, ...]


def fit_arrivals(
    moments: pd.Series, closed: tuple[pd.Timestamp, ...] | None = None, whole: pd.Series | None = None
) -> Arrivals:
    """Fit the arrivals at `moments`; of a kind, `closed` and `whole` hold days off and arrivals of all kinds.

    The days on which a kind did not come yet, or no more, count: its rate is a mean over the log's span.
    """
    days = moments.dt.normalize()
    spanned = days if whole is None else whole.dt.normalize()
    index = pd.date_range(spanned.min(), spanned.max())
    counts = days.value_counts().reindex(index, fill_value=0).astype(float)
    weekday = index.day_of_week.to_numpy()
    by_day = np.array(
        [counts.to_numpy()[weekday == one].mean() if (weekday == one).any() else 0.0 for one in range(7)]
    )
    if closed is None:
        closed = tuple(index[_without(counts.to_numpy(), by_day[weekday])])
    kept = ~index.isin(list(closed))
    counts, index = counts[kept], index[kept]
    month, weekday = index.month.to_numpy() - 1, index.day_of_week.to_numpy()
    of_day = [
        mean_of(counts.to_numpy()[weekday == one]) if (weekday == one).any() else Estimate(0, 0, 0)
        for one in range(7)
    ]
    busiest = max(one.value for one in of_day)
    of_day = [one if one.value > SELDOM * busiest else Estimate(0, 0, one.n) for one in of_day]
    coming = [one for one in of_day if one.value > 0]
    a_day = float(np.mean([one.value for one in coming]))
    total = len(moments)
    spread = Estimate(a_day, float(np.sqrt(sum(one.se**2 for one in coming)) / len(coming)), total)
    weekdays = tuple(Estimate(one.value / a_day, one.se / a_day, one.n) for one in of_day)
    expected = np.array([one.value for one in of_day])[weekday]
    months, month_days, spent = _ones(12), _ones(31), int((expected > 0).any()) * len(set(weekday))
    if len(index) >= LEAST_FOR_MONTHS:
        months = _if_uneven(_ratios(counts.to_numpy(), expected, month, 12))
        expected = expected * np.array([one.value for one in months])[month]
    if len(index) >= LEAST_OF_MONTH_DAY:
        month_days = _if_uneven(_ratios(counts.to_numpy(), expected, index.day.to_numpy() - 1, 31))
        expected = expected * np.array([one.value for one in month_days])[index.day.to_numpy() - 1]
    level = float(counts.sum() / expected.sum()) if expected.sum() else 1.0  # some months are there twice
    spread, expected = Estimate(spread.value * level, spread.se * level, total), expected * level
    spent += sum(len(weights) - 1 for weights in (months, month_days) if any(one.n for one in weights))
    of_hour = moments.dt.hour.value_counts().reindex(range(24), fill_value=0)
    shares = [share_of(int(count), total) for count in of_hour]
    hours = tuple(Estimate(24 * one.value, 24 * one.se if one.value else 0.0, one.n) for one in shares)
    dispersion = _dispersion(counts.to_numpy(), expected, spent)
    return Arrivals(spread, weekdays, hours, months, month_days, dispersion, closed)


def _without(counts: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Days without cases though several were expected, allowing for the days' own spread."""
    some = expected > 0
    spread = max(_dispersion(counts[some & (counts > 0)], expected[some & (counts > 0)]).value, 0.05)
    nobody = (1 + spread * expected) ** (-1 / spread)  # negative binomial
    return (counts == 0) & some & (nobody < max(OFF, 0.02 / len(counts)))


def _ratios(counts: np.ndarray, expected: np.ndarray, group: np.ndarray, size: int) -> tuple[Estimate, ...]:
    """Counts over what is expected, by group; 1 where there is nothing to tell; their mean is 1."""
    found = []
    for one in range(size):
        own, foreseen = counts[group == one], expected[group == one]
        if foreseen.sum() > 0:
            residual = own - foreseen * own.sum() / foreseen.sum()
            se = float(np.sqrt((residual**2).sum()) / foreseen.sum())
            found.append(Estimate(float(own.sum() / foreseen.sum()), se, len(own)))
        else:
            found.append(Estimate(1.0, 0.0, 0))
    mean = float(np.mean([one.value for one in found])) or 1.0
    return tuple(Estimate(one.value / mean, one.se / mean, one.n) for one in found)


def _if_uneven(ratios: tuple[Estimate, ...]) -> tuple[Estimate, ...]:
    """The weights, or ones where luck alone may have made them differ."""
    known = [one for one in ratios if one.se > 0]
    uneven = sum(((one.value - 1) / one.se) ** 2 for one in known)
    return ratios if stats.chi2.sf(uneven, max(len(known) - 1, 1)) < SURE else _ones(len(ratios))


def _ones(size: int) -> tuple[Estimate, ...]:
    return (Estimate(1.0, 0.0, 0),) * size


def _dispersion(counts: np.ndarray, expected: np.ndarray, spent: int = 0) -> Estimate:
    """Variance of a gamma factor a day: a moment estimate, and its jackknife standard error.

    `spent` is how many weights were fitted to the same counts, which makes them look too even.
    """
    some = expected > 0
    counts, expected = counts[some], expected[some]
    n = len(counts)
    if n < 10 or not (expected**2).sum():
        return Estimate(0.0, 0.0, n)
    above, scale = (counts - expected) ** 2 * n / max(n - spent, 1) - counts, expected**2
    without = (above.sum() - above) / (scale.sum() - scale)
    se = float(np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum()))
    return Estimate(float(np.clip(above.sum() / scale.sum(), 0.0, 10.0)), se, n)
