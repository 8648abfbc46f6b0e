"""Estimates from one long run, whose observations depend on each other.

Replications need none of this: use it where there is one run, such as an observed series or a single long
simulation from which a steady state is asked for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sim.scenario.errors import InputError

from .estimate import Interval, mean_interval

BATCHES = 20  # more tell hardly more of the variance (Schmeiser 1982, Oper. Res. 30, 556–568)
LEAST = 10  # observations of a batch
WORTH = 3  # independent observations that a batch must be worth


@dataclass(frozen=True)
class Truncation:
    """The initial observations to leave out, `cut`, with MSER's statistic there and the mean of the rest.

    Up to half of the run may be cut. ``reached`` is False if the statistic still falls there: the run is too
    short to tell a steady state.
    """

    cut: int
    statistic: float
    mean: float
    reached: bool


def mser(series: ArrayLike, batch: int = 5) -> Truncation:
    """Find where the initial bias of a run (n,) ends: the marginal standard error rule on means of batches.

    References: White (1997), Simulation 69, 323–334; with batches of 5, White, Cobb & Spratt (2000), WSC.
    """
    values = _series(series, 4 * batch)
    means = values[: len(values) // batch * batch].reshape(-1, batch).mean(axis=1)
    m = len(means)
    rest = np.arange(m, 0, -1)
    sums, squares = np.cumsum(means[::-1])[::-1], np.cumsum((means**2)[::-1])[::-1]
    errors = np.maximum(squares - sums**2 / rest, 0.0) / rest.astype(float) ** 2
    cut = int(np.argmin(errors[: m // 2 + 1]))
    return Truncation(cut * batch, float(errors[cut]), float(means[cut:].mean()), cut < m // 2)


@dataclass(frozen=True)
class BatchMeans:
    """The mean of a run with its interval; ``lag_one`` is the correlation of neighbouring batches.

    ``note`` is "" or says why the interval is not to be trusted.
    """

    interval: Interval
    batches: int
    lag_one: float
    note: str


def batch_means(series: ArrayLike, batches: int = BATCHES, confidence: float = 0.95) -> BatchMeans:
    """Compute the mean of a steady run (n,) with an interval from non-overlapping batches.

    The batches are as few as `batches`, each as long as the run allows. The interval is marked where
    neighbouring batches still go together, or a batch is worth fewer than `WORTH` independent observations.

    References: Law (2015), Simulation Modeling and Analysis, sec. 9.5.3.
    """
    values = _series(series, LEAST * batches)
    length = len(values) // batches
    means = values[len(values) - length * batches :].reshape(batches, length).mean(axis=1)
    gaps = means - means.mean()
    spread = float(np.sum(gaps**2))
    lag_one = float(np.sum(gaps[1:] * gaps[:-1]) / spread) if spread > 0 else math.nan
    dependent = abs(lag_one) >= 2 / math.sqrt(batches) or effective_size(values) < WORTH * batches
    note = "the batches depend on each other: run longer" if dependent else ""
    if spread == 0:
        note = "the same in every batch"
    return BatchMeans(mean_interval(means, confidence), batches, lag_one, note)


def size_of(correlations: ArrayLike, n: int) -> float:
    """Return how many independent observations tell the mean as closely as n with these autocorrelations.

    They are of lags 1, 2, …; those beyond count as 0. A mean's variance is the variance over this size.
    """
    rho = np.asarray(correlations, float)[: n - 1]
    return float(n / (1 + 2 * np.sum((1 - np.arange(1, len(rho) + 1) / n) * rho)))


def effective_size(series: ArrayLike) -> float:
    """Estimate how many independent observations tell the mean as closely as this run (n,).

    Autocorrelations count while the sums of neighbouring pairs are positive (Geyer 1992, Statist. Sci. 7,
    473–483). NaN for a run that does not vary.
    """
    values = _series(series, LEAST)
    n, gaps = len(values), values - values.mean()
    covariance = np.fft.irfft(np.abs(np.fft.rfft(gaps, 2 * n)) ** 2)[:n]
    if covariance[0] <= 0:
        return math.nan
    rho = covariance / covariance[0]
    ends = np.flatnonzero(rho[: n // 2 * 2].reshape(-1, 2).sum(axis=1) <= 0)
    return size_of(rho[1 : 2 * int(ends[0]) if len(ends) else n], n)


def _series(series: ArrayLike, least: int) -> np.ndarray:
    values = np.asarray(series, float)
    if values.ndim != 1 or len(values) < least or not np.isfinite(values).all():
        raise InputError(
            f"a run of {values.size} observations, {np.count_nonzero(~np.isfinite(values))} of them missing",
            remedy=f"Give one series of {least} numbers or more",
        )
    return values
