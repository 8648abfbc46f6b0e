"""Test whether a density breaks at a cutoff, without bins.

Cattaneo, Jansson and Ma 2020, Simple local polynomial density estimators, J. Am. Stat. Assoc. 115. The
density is the slope of a local polynomial through the empirical distribution function, on each side of the
cutoff. The test takes quadratic bandwidths and cubic fits (robust bias correction), a triangular kernel, and
jackknife variances with the covariance of both sides (Cattaneo, Jansson and Ma 2018, Stata J. 18).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from sim.scenario.errors import InputError

ORDER = 2  # of the fit for which bandwidths are chosen; the test's is one higher
FEWEST = 20 + ORDER + 1  # values on each side that a bandwidth holds
_PILOT_BIAS, _PILOT_VARIANCE = 3430865.4551236177795, 548.57142857142855  # normal reference, order 2


@dataclass(frozen=True)
class Break:
    """Densities left and right of a cutoff, t (right less left), p (two-sided), and what was used.

    h_left, h_right : bandwidths. n_left, n_right : values within them.
    """

    left: float
    right: float
    t: float
    p: float
    h_left: float
    h_right: float
    n_left: int
    n_right: int


def density_break(values: np.ndarray, cutoff: float) -> Break:
    """Test whether the density of `values` (n,) is the same just left and just right of the cutoff.

    A value at the cutoff is on the right. NaN are left out. Raises InputError for fewer than 23 different
    values on a side.

    Values of units that share luck are not independent: give the values of one replication, or of units of
    different ones.

    Examples
    --------
    >>> import numpy as np
    >>> found = density_break(np.random.default_rng(1).normal(94, 2, 1000), 95.0)
    >>> found.p > 0.05
    True
    """
    x = np.sort(np.asarray(values, float)) - cutoff
    x = x[np.isfinite(x)]
    for side, count in (("under", np.unique(x[x < 0]).size), ("from", np.unique(x[x >= 0]).size)):
        if count < FEWEST:
            raise InputError(
                f"{count} different values {side} the cutoff are too few to tell a density",
                remedy=f"Take {FEWEST} or more on each side, of more replications",
            )
    y = (np.searchsorted(x, x, side="right") - 1) / (len(x) - 1)
    left, right = _bandwidths(x, y)
    found = _slopes(x, y, left, right, ORDER + 1, 1)
    jump = found.slope[1] - found.slope[0]
    t = float(jump / np.sqrt(found.variance[0, 0] + found.variance[1, 1] - 2 * found.variance[0, 1]))
    counts = (np.count_nonzero((x < 0) & (x >= -left)), np.count_nonzero((x >= 0) & (x <= right)))
    return Break(
        float(found.slope[0]),
        float(found.slope[1]),
        t,
        float(2 * ndtr(-abs(t))),
        left,
        right,
        *map(int, counts),
    )


@dataclass(frozen=True)
class _Slopes:
    slope: np.ndarray  # (2,), a derivative of the distribution function on the left and on the right
    variance: np.ndarray  # (2, 2), of the first derivative


def _slopes(x: np.ndarray, y: np.ndarray, left: float, right: float, order: int, derivative: int) -> _Slopes:
    """Fit polynomials to the distribution function y at x (sorted) on both sides of 0.

    `derivative` : the coefficient that is returned, without its factorial.
    """
    inside = (x >= -left) & (x <= right)
    n, x, y = len(x), x[inside], y[inside]
    width = np.where(x < 0, left, right)
    scaled = x / width
    weight = (1 - np.abs(scaled)) / width
    powers = scaled[:, None] ** np.arange(order + 1)
    sides = np.stack([x < 0, x >= 0], axis=1)
    design = (sides[:, :, None] * powers[:, None, :]).reshape(len(x), -1)
    weighted = design * weight[:, None]
    inverse = np.linalg.inv(weighted.T @ design)
    terms = (inverse @ (weighted.T @ y)).reshape(2, order + 1)
    widths = np.array([left, right])
    # each value moves the distribution function at all that lie above it
    above = np.cumsum(weighted[::-1], axis=0)[::-1] - weighted
    pull = above[np.searchsorted(x, x, side="left")] / (n - 1)
    spread = inverse @ (pull.T @ pull) @ inverse
    at = np.array([1, order + 2])
    return _Slopes(
        terms[:, derivative] / widths**derivative, spread[np.ix_(at, at)] / np.outer(widths, widths)
    )


def _bandwidths(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Return the bandwidths left and right of 0: the median of those for each density, difference and sum."""
    n, p = len(x), ORDER
    mean, sd = x.mean(), x.std(ddof=1)
    z = mean / sd
    normal = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    curve, bend = normal * (z**4 - 6 * z**2 + 3) ** 2, normal * (z**2 - 1) ** 2
    with np.errstate(divide="ignore"):
        for_bias = sd * ((2 * p + 1) / 4 * _PILOT_BIAS / curve / n) ** (1 / (2 * p + 5))
        for_variance = sd * (_PILOT_VARIANCE / (2 * p) / bend / n) ** (1 / (2 * p + 1))
    left, right = np.unique(-x[x < 0]), np.unique(x[x >= 0])
    widest = max(left[-1], right[-1])

    def held(width: float, count: int) -> float:
        """Let a pilot bandwidth hold `count` different values on each side."""
        ends = [side[min(count, len(side)) - 1] for side in (left, right)]
        return float(max(min(width, widest), *ends))

    for_bias, for_variance = held(for_bias, FEWEST + 2), held(for_variance, FEWEST)
    curvature = _slopes(x, y, for_bias, for_bias, p + 2, p + 1).slope
    spread = _slopes(x, y, for_variance, for_variance, p, 1).variance * n * for_variance
    power = np.arange(p + 1)
    moments = 1 / ((power[:, None] + power + 1) * (power[:, None] + power + 2))
    beyond = 1 / ((power + p + 2) * (power + p + 3))
    bias = curvature * np.linalg.solve(moments, beyond)[1] * np.array([(-1.0) ** p, 1.0])
    both = 2 * spread[0, 1]
    variances = np.array([spread[0, 0], spread[1, 1], *(spread.trace() + np.array([-both, both]))])
    biases = np.array([*bias, bias[1] - bias[0], bias.sum()])
    with np.errstate(divide="ignore"):
        widths = (variances / biases**2 / (2 * p * n)) ** (1 / (2 * p + 1))
    widths = np.minimum(widths, [left[-1], right[-1], widest, widest])
    least = np.array([side[min(FEWEST, len(side)) - 1] for side in (left, right)])
    widths = np.maximum(widths, [*least, least.max(), least.max()])
    return float(np.median(widths[[0, 2, 3]])), float(np.median(widths[[1, 2, 3]]))
