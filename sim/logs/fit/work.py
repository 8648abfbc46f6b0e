"""How long the work of each activity takes, and by which distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from .estimate import Estimate, mean_of
from .hours import Week

FAMILIES = ("exponential", "gamma", "lognormal", "normal")
MOST_CV = 5.0
LEAST_MINUTES = 0.016667  # a second, the least that the clock counts
ENOUGH = 5


@dataclass(frozen=True)
class Work:
    """The work of an activity.

    Attributes
    ----------
    minutes : Estimate
        Mean work.
    family : str
        The distribution with the greatest likelihood.
    cv : float or None
        Its coefficient of variation; None for constant and exponential.
    fits : float
        The correlation of the probability plot: 1 is a perfect fit.
    estimated : bool
        Whether starts were estimated, not recorded.
    """

    minutes: Estimate
    family: str
    cv: float | None
    fits: float
    estimated: bool


def worked_minutes(events: pd.DataFrame, week: Week) -> tuple[np.ndarray, float]:
    """Return the minutes of working hours of each event, and the share worked on several cases at once.

    Where a person works on several cases at a time, each has its part of the time.
    """
    begin, end = (week.worked_s(events[name].to_numpy("datetime64[us]")) for name in ("start", "end"))
    outside = end <= begin  # done after hours: the clock's time counts
    length = (events["end"] - events["start"]).dt.total_seconds().to_numpy()
    own = np.where(outside, length, end - begin)
    shared_s = 0.0
    for rows in events.groupby("person", observed=True).indices.items():
        name, places = rows
        if name == "" or len(places) < 2:
            continue
        alone = _alone(begin[places], end[places])
        within = ~outside[places]
        shared_s += float((own[places] - alone)[within].sum())
        own[places] = np.where(within, alone, own[places])
    total = own.sum() + shared_s
    return own / 60, float(shared_s / total) if total else 0.0


def _alone(begin: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The time of each span divided by how many of the person's spans run at once."""
    edges = np.unique(np.concatenate((begin, end)))
    change = np.zeros(len(edges))
    np.add.at(change, np.searchsorted(edges, begin), 1)
    np.add.at(change, np.searchsorted(edges, end), -1)
    busy = np.maximum(np.cumsum(change)[:-1], 1)
    shared = np.concatenate(([0.0], np.cumsum(np.diff(edges) / busy)))
    return shared[np.searchsorted(edges, end)] - shared[np.searchsorted(edges, begin)]


def fit_work(minutes: np.ndarray, *, estimated: bool = False, complexity_cv: float = 0.0) -> Work:
    """Fit the work of an activity; `complexity_cv` is what the case itself contributes to the spread."""
    mean = mean_of(minutes)
    spread = float(np.std(minutes))
    if mean.value < LEAST_MINUTES or len(minutes) < ENOUGH or spread < 0.01 * mean.value:
        value = max(mean.value, LEAST_MINUTES)
        return Work(Estimate(value, mean.se, mean.n), "constant", None, 1.0, estimated)
    cv = min(spread / mean.value, MOST_CV)
    own_cv = float(np.sqrt(max((1 + cv**2) / (1 + complexity_cv**2) - 1, 1e-4)))
    best = max(FAMILIES, key=lambda one: _likelihood(one, minutes, mean.value, cv))
    shown = distribution(best, mean.value, cv)
    order = shown.ppf((np.arange(len(minutes)) + 0.5) / len(minutes))
    fits = float(np.corrcoef(np.sort(minutes), order)[0, 1])
    if best == "exponential" and complexity_cv:
        best = "gamma"
    return Work(mean, best, None if best == "exponential" else own_cv, fits, estimated)


def _likelihood(family: str, minutes: np.ndarray, mean: float, cv: float) -> float:
    """The log-likelihood, by BIC, of times rounded to a second, so that 0 has a chance as well."""
    if family == "exponential" and abs(cv - 1) > 4 / np.sqrt(len(minutes)):
        return -np.inf
    if family == "normal" and cv > 0.35:  # it would be cut at 0
        return -np.inf
    shape, half = distribution(family, mean, cv), 1 / 120
    chance = shape.cdf(minutes + half) - shape.cdf(np.maximum(minutes - half, 0.0))
    spent = 0.0 if family == "exponential" else 0.5 * np.log(len(minutes))  # BIC: it has no cv
    return float(np.log(np.maximum(chance, 1e-12)).sum() - spent)


def distribution(family: str, mean: float, cv: float) -> Any:
    """The distribution of a family with this mean and coefficient of variation."""
    if family == "exponential":
        return stats.expon(scale=mean)
    if family == "gamma":
        return stats.gamma(1 / cv**2, scale=mean * cv**2)
    if family == "lognormal":
        sigma = np.sqrt(np.log1p(cv**2))
        return stats.lognorm(sigma, scale=mean * np.exp(-(sigma**2) / 2))
    return stats.norm(mean, cv * mean)


def complexity_cv(case: np.ndarray, activity: np.ndarray, minutes: np.ndarray) -> Estimate:
    """How much cases differ in all their steps: from pairs of neighbouring steps of a case.

    With work = mean × complexity × luck, the product of two steps of a case has the mean 1 + cv², luck aside.
    """
    means = pd.Series(minutes).groupby(activity).transform("mean").to_numpy()
    ratio = np.divide(minutes, means, out=np.ones_like(minutes), where=means > 0)
    pairs = (case[1:] == case[:-1]) & (activity[1:] != activity[:-1]) & (means[1:] > 0) & (means[:-1] > 0)
    if pairs.sum() < 100:
        return Estimate(0.0, 0.0, int(pairs.sum()))
    product = mean_of((ratio[1:] * ratio[:-1])[pairs] - 1)
    if product.value <= 2 * product.se:  # also where all work is alike: no error, and no complexity
        return Estimate(0.0, 0.0, product.n)
    cv = float(np.sqrt(product.value))
    return Estimate(min(cv, 3.0), product.se / (2 * cv), product.n)
