"""Rolling and scaled scores: means of several years, comparable between units with different scorecards.

A unit without a score (NaN) stays without one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from sim.scenario.assessment import Rolling

from .scorecard import settled

Scaling = Literal["none", "z_score", "rank_within_group"]


def percentiles(score: np.ndarray) -> np.ndarray:
    """Return percentiles of rank of scores (n,): 100 × (units below + half of those level with it) / n.

    The best of ten has 95, the worst 5. Their mean is 50 whatever the ties, so that the sum paid by
    percentile is known beforehand.
    """
    score = settled(score)
    ordered = np.sort(score[~np.isnan(score)])
    below, up_to = (np.searchsorted(ordered, score, side=side) for side in ("left", "right"))
    middle = 50.0 * (below + up_to) / max(len(ordered), 1)
    return np.where(np.isnan(score), np.nan, middle)


def scaled(score: np.ndarray, groups: np.ndarray, scaling: Scaling) -> np.ndarray:
    """Return scores (n,) scaled for ranking; `groups` (n,) int, the scorecards of the units, -1 = none.

    ``z_score``: standard deviations from the mean of the group, on the scale of all (mean and standard
    deviation of all scores), so that they still look like scores. A group of one unit, or of equal scores, is
    at the mean. ``rank_within_group``: `percentiles` within the group.
    """
    return scaled_with_error(score, np.zeros(len(score)), groups, scaling)[0]


def scaled_with_error(
    score: np.ndarray, error: np.ndarray, groups: np.ndarray, scaling: Scaling
) -> tuple[np.ndarray, np.ndarray]:
    """Return scores as from `scaled`, and their standard errors on that scale (n,); NaN for percentiles."""
    if scaling == "none":
        return score, error
    result, errors = np.full(len(score), np.nan), np.full(len(score), np.nan)
    every = score[~np.isnan(score)]
    centre, width = (every.mean(), every.std()) if len(every) else (np.nan, np.nan)
    for group in np.unique(groups[groups >= 0]):
        members = (groups == group) & ~np.isnan(score)
        own = score[members]
        if scaling == "rank_within_group":
            result[members] = percentiles(own)
            continue
        spread = own.std() if len(own) else 0.0
        factor = width / spread if spread > 1e-9 else 0.0
        result[members] = centre + factor * (own - own.mean() if len(own) else 0.0)
        errors[members] = factor * error[members]
    return settled(result), errors


def rolled(this_year: np.ndarray, before: Sequence[np.ndarray], rolling: Rolling) -> np.ndarray:
    """Return the weighted mean of this year's values and those of the years before, newest first, each (n,).

    Years without a value, or not yet assessed, are left out; without a value this year the mean is NaN.
    """
    return _mean(this_year, before, rolling, power=1)


def rolled_error(error: np.ndarray, before: Sequence[np.ndarray], rolling: Rolling) -> np.ndarray:
    """Return the standard error of the mean from `rolled`, for independent errors of the years."""
    return _mean(error, before, rolling, power=2)


def _mean(this_year: np.ndarray, before: Sequence[np.ndarray], rolling: Rolling, power: int) -> np.ndarray:
    if not rolling.on:
        return this_year
    years = np.array([this_year, *before][: rolling.years], float)
    weights = np.array((rolling.weights or (1.0,) * rolling.years)[: len(years)])
    counted = np.where(np.isnan(years), 0.0, weights[:, None])
    total = counted.sum(axis=0)
    shares = np.divide(counted, total, out=np.zeros_like(counted), where=total > 0)
    mean = ((shares * np.nan_to_num(years)) ** power).sum(axis=0) ** (1 / power)
    return np.where(np.isnan(this_year), np.nan, mean)
