"""Estimate bunching of scores at a threshold, and manipulation of records at a deadline, from binned counts.

Saez 2010, Do taxpayers bunch at kink points?; Chetty, Friedman, Olsen and Pistaferri 2011 (bunching against a
polynomial); McCrary 2008 and Cattaneo, Jansson and Ma 2020 (a density that breaks at a cutoff).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MANY = 200  # rounds of the bootstrap


@dataclass(frozen=True)
class Bunching:
    """Excess mass at a threshold.

    excess : share of all values that are there and would not be. density : share of all values a point that
    would be there. points : excess / density, by how many points those who bunch have moved. half_width,
    excess_half_width : of the 95 % intervals of points and of excess.
    """

    excess: float
    density: float
    points: float
    half_width: float
    excess_half_width: float


def bunching(
    values: np.ndarray,
    at: float,
    *,
    width: float = 0.5,
    low: float = 0.0,
    high: float = 0.5,
    reach: float = 5.0,
    degree: int = 3,
    seed: int = 0,
    groups: np.ndarray | None = None,
) -> Bunching:
    """Estimate how many more values than expected lie from `at` − `low` to `at` + `high`.

    `groups` (n,) tells which values belong together, as the offices of a replication do: the bootstrap draws
    whole groups. None = every value stands for itself.

    Bins of `width` run from `at` down and up to `reach`; `at` itself belongs to the bin above it, as a
    threshold is reached from it on. A polynomial is fitted to the bins outside the window and tells what
    would have been inside. Bins that reach beyond the smallest or the greatest value are left out.

    Raises ValueError for too few bins, and for whole-numbered values in bins that are not: they heap.
    """
    values = np.asarray(values, float)
    known = np.isfinite(values)
    values = values[known]
    _whole(values, width, low, high)
    left, counts = _binned(values, at, width, reach, reach)
    kept = (left >= values.min() - width / 2) & (left + width <= values.max() + width / 2)
    left, counts = left[kept], counts[kept]
    inside = (left >= at - low - 1e-9) & (left < at + high - 1e-9)
    if np.count_nonzero(~inside) <= degree + 1 or not inside.any():
        raise ValueError("too few bins beside the window; widen 'reach' or take a lower 'degree'")
    x = (left + width / 2 - at) / reach

    def estimate(found: np.ndarray) -> tuple[float, float]:
        terms = np.polynomial.polynomial.polyfit(x[~inside], found[~inside], degree)
        expected = np.polynomial.polynomial.polyval(x, terms)
        there = float(np.polynomial.polynomial.polyval(0.0, terms))
        return float(np.sum((found - expected)[inside])) / len(values), there / width / len(values)

    excess, density = estimate(counts)
    luck = np.random.default_rng(seed)
    if groups is None:
        draws = luck.poisson(counts, (MANY, len(counts))).astype(float)
    else:
        names, of = np.unique(np.asarray(groups)[known], return_inverse=True)
        each = [_binned(values[of == one], at, width, reach, reach)[1][kept] for one in range(len(names))]
        draws = luck.multinomial(len(names), np.full(len(names), 1 / len(names)), MANY) @ np.array(each)
    again = np.array([estimate(row) for row in draws])
    half = 1.96 * np.std([again[:, 0] / again[:, 1], again[:, 0]], axis=1, ddof=1)
    return Bunching(excess, density, excess / density, float(half[0]), float(half[1]))


def implied_cost(found: Bunching, slope_change: float) -> float:
    """Return the curvature of the cost of a point, if bunching follows a fall of pay per point by
    `slope_change`.
    """
    return slope_change / found.points


@dataclass(frozen=True)
class Manipulation:
    """Counts before and after a deadline, the share expected before it, z and p (two-sided)."""

    before: int
    after: int
    expected_share: float
    z: float
    p: float


def share_before(values: np.ndarray, cutoff: float, window: float, expected: float) -> Manipulation:
    """Test the share before the cutoff, within `window` of it, against a known share (exact binomial test).

    A value just at the cutoff is before it (a case is late only after its due date). A share of one half is
    right only where the density is flat there, which waiting times are not.
    """
    from scipy.stats import binomtest

    values = np.asarray(values, float)
    before = int(np.count_nonzero((values > cutoff - window) & (values <= cutoff)))
    after = int(np.count_nonzero((values > cutoff) & (values <= cutoff + window)))
    if before + after == 0:
        raise ValueError("no values within the window")
    spread = np.sqrt((before + after) * expected * (1 - expected))
    z = float((before - (before + after) * expected) / spread)
    return Manipulation(before, after, expected, z, float(binomtest(before, before + after, expected).pvalue))


def manipulation(
    values: np.ndarray, cutoff: float, *, window: float = 5.0, reach: float = 15.0, width: float = 1.0
) -> Manipulation:
    """Test whether more values lie just before the cutoff than the density around it predicts.

    The logarithm of the density is a parabola fitted (Poisson, maximum likelihood) to bins of `width` from
    `window` to `reach` on both sides; it gives the share before the cutoff that would be expected within the
    window, with its error. Raises ValueError for too few values or bins, and for whole-numbered values in
    bins that are not.
    """
    from scipy.special import ndtr

    values = np.asarray(values, float)
    values = values[np.isfinite(values)]
    _whole(values, width, window, reach)
    left, counts = _binned(-values, -cutoff, width, reach, reach)  # a value at the cutoff is before it
    left, counts = -left[::-1] - width, counts[::-1]
    kept = (left >= values.min() - width) & (left + width <= values.max() + width)
    left, counts = left[kept], counts[kept]
    middle = (left + width / 2 - cutoff) / reach
    inside = np.abs(left + width / 2 - cutoff) < window
    if np.count_nonzero(~inside) < 6 or counts[~inside].sum() < 30 or counts[inside].sum() == 0:
        raise ValueError("too few values around the cutoff to tell what is usual there")
    design = np.stack([np.ones_like(middle), middle, middle**2], axis=1)
    terms, covariance = _poisson_fit(design[~inside], counts[~inside])
    rate = np.exp(design[inside] @ terms)
    early = middle[inside] < 0
    share = float(rate[early].sum() / rate.sum())
    slope = (rate[early] @ design[inside][early] - share * (rate @ design[inside])) / rate.sum()
    before, total = int(counts[inside][early].sum()), int(counts[inside].sum())
    spread = np.sqrt(total * share * (1 - share) + total**2 * (slope @ covariance @ slope))
    z = float((before - total * share) / spread)
    return Manipulation(before, total - before, share, z, float(2 * ndtr(-abs(z))))


def _binned(
    values: np.ndarray, at: float, width: float, below: float, above: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return left edges and counts of bins down and up from `at`; a value at an edge is above it."""
    first, last = -round(below / width), round(above / width)
    place = np.floor(np.round((values - at) / width, 9)).astype(np.int64)
    place = place[(place >= first) & (place < last)]
    return at + width * np.arange(first, last), np.bincount(place - first, minlength=last - first).astype(
        float
    )


def _poisson_fit(design: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Fit a log-linear model by maximum likelihood (Newton); return terms and their covariance."""
    terms = np.linalg.lstsq(design, np.log(counts + 0.5), rcond=None)[0]
    for _ in range(50):
        rate = np.exp(design @ terms)
        information = design.T @ (rate[:, None] * design)
        move = np.linalg.solve(information, design.T @ (counts - rate))
        terms = terms + np.clip(move, -2, 2)
        if np.max(np.abs(move)) < 1e-10:
            break
    return terms, np.linalg.inv(design.T @ (np.exp(design @ terms)[:, None] * design))


def _whole(values: np.ndarray, *lengths: float) -> None:
    """Check that whole-numbered values, which heap, get whole bins."""
    if len(values) == 0:
        raise ValueError("there are no values")
    if np.all(values == np.round(values)) and any(length != round(length) for length in lengths):
        raise ValueError("the values are whole numbers; take a width and a window of whole points")
