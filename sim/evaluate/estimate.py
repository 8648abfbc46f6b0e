"""Estimate means and quantiles with confidence intervals from independent replications (Law, Simulation
Modeling and Analysis, 2015, ch. 9 and 10).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import (  # the same numbers as scipy.stats, which takes a second to import
    ndtri,
    stdtr,
    stdtrit,
)

SKEWED = 10  # replications from which on their skewness is looked at


@dataclass(frozen=True)
class Interval:
    """An estimate from `n` replications; low, high and half_width are NaN where `n` does not allow one."""

    estimate: float
    low: float
    high: float
    half_width: float
    n: int


@dataclass(frozen=True)
class QuantileInterval:
    """An order-statistic interval: from the `rank_low`-th to the `rank_high`-th smallest (from 1), and
    its exact coverage.

    Rank 0 or n + 1 means that the data reach no bound on that side; it is infinite.
    """

    estimate: float
    low: float
    high: float
    rank_low: int
    rank_high: int
    coverage: float


def half_widths(sd: np.ndarray | float, n: np.ndarray | int, confidence: float) -> np.ndarray:
    """Compute half-widths of t intervals for means; NaN where n < 2. `sd` with n − 1 in the denominator."""
    sd, n = np.asarray(sd, float), np.asarray(n, float)
    with np.errstate(invalid="ignore", divide="ignore"):
        widths = stdtrit(np.maximum(n - 1, 1), (1 + confidence) / 2) * sd / np.sqrt(n)
    return np.where(n >= 2, widths, np.nan)


def without_skewness(
    error: ArrayLike, skewness: ArrayLike, n: ArrayLike, confidence: float
) -> tuple[np.ndarray, np.ndarray]:
    """Compute how far an interval reaches below and above a mean of n skewed replications.

    `error` is the standard error, `skewness` the unbiased one of the replications. Hall's transformation of
    the t statistic takes the skewness out; of fewer than `SKEWED` replications it cannot be told, and the
    reach is Student's.

    References: Hall (1992), J. R. Statist. Soc. B 54, 221–228.
    """
    n = np.asarray(n, float)
    a = np.where(n >= SKEWED, np.nan_to_num(np.asarray(skewness, float)), 0.0) / np.sqrt(np.maximum(n, 1))
    flat = np.abs(a) < 1e-9
    a = np.where(flat, 1.0, a)
    t = stdtrit(np.maximum(n - 1, 1), (1 + confidence) / 2)
    below, above = (
        sign * np.where(flat, sign * t, 3 / a * (np.cbrt(1 + a * (sign * t - a / 6)) - 1)) for sign in (1, -1)
    )
    return below * np.asarray(error), above * np.asarray(error)


def at_least_student(
    differences: np.ndarray, sd: np.ndarray, confidence: float
) -> tuple[np.ndarray, np.ndarray]:
    """Compute how far intervals reach below and above the means (k,) of skewed differences (n, k).

    Each side reaches as far as Student's or as `without_skewness`, whichever is farther. At the confidence
    of one among many, the skewness of few replications is too little known to make a side shorter.
    `sd` (k,) is that of the differences, 0 where they are all the same.
    """
    n = len(differences)
    half = half_widths(sd, n, confidence)
    if n < SKEWED:
        return half, half
    below, above = without_skewness(sd / math.sqrt(n), _skewness(differences, sd), n, confidence)
    return np.maximum(half, below), np.maximum(half, above)


def less_sure(t: np.ndarray, differences: np.ndarray, sd: np.ndarray) -> np.ndarray:
    """Return t statistics (k,) of skewed differences (n, k), each moved to where it claims less.

    Of Student's statistic and Hall's transformation of it, that which is nearer to 0; 0 where they differ in
    sign. `sd` (k,) is that of the differences, 0 where they are all the same.

    References: Hall (1992), J. R. Statist. Soc. B 54, 221–228.
    """
    n = len(differences)
    if n < SKEWED:
        return t
    a = _skewness(differences, sd) / math.sqrt(n)
    with np.errstate(invalid="ignore"):  # a certain difference has an infinite t, and no skewness
        moved = np.where(a == 0, t, t + a * t**2 / 3 + a**2 * t**3 / 27 + a / 6)
    nearer = np.where(np.abs(moved) < np.abs(t), moved, t)
    return np.where(np.sign(moved) == np.sign(t), nearer, 0.0)


def _skewness(differences: np.ndarray, sd: np.ndarray) -> np.ndarray:
    """Compute the unbiased skewness (k,) of differences (n, k); 0 where they are all the same."""
    n = len(differences)
    third = ((differences - differences.mean(axis=0)) ** 3).mean(axis=0) * n**2 / ((n - 1) * (n - 2))
    return np.divide(third, sd**3, out=np.zeros_like(sd), where=sd > 0)


def mean_interval(values: np.ndarray, confidence: float = 0.95) -> Interval:
    """Compute the mean of replications (n,) with its t interval. NaN (no value) does not count in n."""
    values = np.asarray(values, float)
    values = values[~np.isnan(values)]
    n = len(values)
    if n == 0:
        return Interval(math.nan, math.nan, math.nan, math.nan, 0)
    mean = float(values.mean())
    half = float(half_widths(values.std(ddof=1), n, confidence)) if n > 1 else math.nan
    return Interval(mean, mean - half, mean + half, half, n)


def paired_difference(policy: ArrayLike, baseline: ArrayLike, confidence: float = 0.95) -> Interval:
    """Compute the mean of `policy` − `baseline` (n,) with its t interval. A pair with a NaN is dropped."""
    one, other = np.asarray(policy, float), np.asarray(baseline, float)
    if one.shape != other.shape:
        raise ValueError(f"{len(one)} and {len(other)} replications cannot be paired")
    return mean_interval(one - other, confidence)


def quantile_interval(values: np.ndarray, probability: float, confidence: float = 0.95) -> QuantileInterval:
    """Compute a distribution-free interval for a quantile from order statistics, with equal tails.

    Conover, Practical Nonparametric Statistics, 1999, sec. 3.2. NaN are left out.
    """
    from scipy.stats import binom

    ordered = np.sort(np.asarray(values, float))
    ordered = ordered[~np.isnan(ordered)]
    n, tail = len(ordered), (1 - confidence) / 2
    if n == 0:
        raise ValueError("a quantile of no values")
    below = binom.cdf(np.arange(-1, n + 1), n, probability)  # [k] = P(fewer than k values under the quantile)
    rank_low = int(np.flatnonzero(below[: n + 1] <= tail).max(initial=0))
    rank_high = int(np.flatnonzero(1 - below[: n + 1] <= tail).min(initial=n + 1))
    low = -math.inf if rank_low == 0 else float(ordered[rank_low - 1])
    high = math.inf if rank_high == n + 1 else float(ordered[rank_high - 1])
    coverage = float(below[rank_high] - below[rank_low])
    return QuantileInterval(
        float(np.quantile(ordered, probability)), low, high, rank_low, rank_high, coverage
    )


def wilson(share: float, n: float, confidence: float = 0.95) -> tuple[float, float]:
    """Compute an interval for a probability from a share of `n` trials (Wilson 1927, J. Am. Stat. Assoc.
    22).

    The share need not be a whole number of trials: where it is a mean over several dependent looks at each.
    """
    z = float(ndtri((1 + confidence) / 2))
    centre = share + z**2 / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    low, high = ((centre + sign * half) / (1 + z**2 / n) for sign in (-1, 1))
    return (0.0 if share == 0 else low), (1.0 if share == 1 else high)


def relative_half_width(values: np.ndarray, confidence: float = 0.95) -> float:
    """Compute half-width / |mean|; infinite if the interval contains zero."""
    interval = mean_interval(values, confidence)
    if math.isnan(interval.half_width):
        return math.inf
    if interval.half_width == 0:
        return 0.0
    return (
        interval.half_width / abs(interval.estimate)
        if abs(interval.estimate) > interval.half_width
        else math.inf
    )


def replications_needed(
    values: np.ndarray,
    *,
    relative: float | None = None,
    absolute: float | None = None,
    confidence: float = 0.95,
) -> int | None:
    """Compute the replications required by the mean and variance of a pilot (n,). None if a relative
    precision is unattainable (mean near zero).

    The relative error is of the true mean, hence relative / (1 + relative) of the estimate (Law 2015,
    sec. 9.4.1).
    """
    if (relative is None) == (absolute is None):
        raise ValueError("give the precision either as 'relative' or as 'absolute'")
    if relative is not None:
        if math.isinf(relative_half_width(values, confidence)):
            return None
        absolute = relative / (1 + relative) * abs(float(np.nanmean(values)))
    sd, n = float(np.nanstd(values, ddof=1)), int(np.count_nonzero(~np.isnan(values)))
    assert absolute is not None
    while half_widths(sd, n, confidence) > absolute:
        # a t interval is wider than the normal one: its n is a floor from which to count on
        n = max(n + 1, math.floor((ndtri((1 + confidence) / 2) * sd / absolute) ** 2))
    return n


def holm(p_values: np.ndarray) -> np.ndarray:
    """Adjust p-values (m,) for the family of m tests (Holm 1979, Scand. J. Statist. 6). NaN counts as no
    test and stays NaN.
    """
    p_values = np.asarray(p_values, float)
    order = np.argsort(p_values)[: np.count_nonzero(~np.isnan(p_values))]
    steps = np.maximum.accumulate(p_values[order] * np.arange(len(order), 0, -1))
    adjusted = np.full(len(p_values), np.nan)
    adjusted[order] = np.minimum(steps, 1.0)
    return adjusted


def equivalence(differences: ArrayLike, margin: float) -> np.ndarray:
    """Return p-values (k,) of the claims that mean paired differences (n, k) are within ± `margin`.

    Two one-sided t tests, the larger p: at 0.05 or below "no difference that matters" is shown, not assumed.
    NaN for fewer than two pairs.

    References: Schuirmann (1987), J. Pharmacokinet. Biopharm. 15, 657–680.
    """
    gaps = np.asarray(differences, float)
    n = len(gaps)
    short = margin - np.abs(gaps.mean(axis=0))
    if n < 2:
        return np.full_like(short, math.nan)
    error = gaps.std(axis=0, ddof=1) / math.sqrt(n)
    with np.errstate(invalid="ignore", divide="ignore"):
        p = stdtr(n - 1, -short / error)
    return np.where(error == 0, np.where(short > 0, 0.0, 1.0), p)


@dataclass(frozen=True)
class Controlled:
    """An estimate with control variates: its interval, and the factor of the variance that is left.

    ``used`` is False where the controls do not pay: the interval is then that of the plain mean.
    """

    interval: Interval
    factor: float
    used: bool


def with_controls(
    values: ArrayLike, controls: ArrayLike, expected: ArrayLike, confidence: float = 0.95
) -> Controlled:
    """Compute the mean of replications (n,) with the luck of known causes taken out.

    Parameters
    ----------
    values : (n,), outcomes or paired differences.
    controls : (n, q), what came in each replication, such as its arrivals.
    expected : (q,), their expectations, which must be known, not estimated from the same replications.

    Returns
    -------
    Controlled. The variance is the jackknife's, which does not lean on a straight line through the controls.
    Controls that leave more than the plain variance, that do not vary, or for which there are too few
    replications (n < 3 q + 10) are not used.

    References: Lavenberg & Welch (1981), Management Sci. 27, 322–335; MacKinnon & White (1985), J.
    Econometrics 29, 305–325 (HC3, the jackknife).
    """
    y, x = np.asarray(values, float), np.asarray(controls, float)
    x = x[:, None] if x.ndim == 1 else x
    known = np.isfinite(y) & np.isfinite(x).all(axis=1)
    y, x = y[known], x[known] - np.asarray(expected, float)
    n, q = x.shape
    plain = Controlled(mean_interval(y, confidence), 1.0, False)
    if n < 3 * q + 10 or plain.interval.half_width == 0:
        return plain
    design = np.column_stack([np.ones(n), x])
    fit, _, rank, _ = np.linalg.lstsq(design, y, rcond=None)
    if rank < q + 1:
        return plain
    inverse = np.linalg.inv(design.T @ design)
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
    parts = (design @ inverse)[:, 0] * (y - design @ fit) / (1 - leverage)
    error = math.sqrt(float(np.sum(parts**2)))
    factor = error**2 / float(y.var(ddof=1) / n)
    if factor >= 1:
        return Controlled(plain.interval, factor, False)
    half = float(stdtrit(n - q - 1, (1 + confidence) / 2)) * error
    middle = float(fit[0])
    return Controlled(Interval(middle, middle - half, middle + half, half, n), factor, True)
