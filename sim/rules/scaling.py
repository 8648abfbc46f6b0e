"""Which score counts: the mean of several years, made comparable between units with different scorecards.

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
    """Percentile of the rank of each score (n,): 100 × (units below + half of those level with it) / n.

    The best of ten has 95 and the worst 5, and their mean is 50 whatever the ties, so that what is paid by
    percentile is known beforehand.
    """
    score = settled(score)
    ordered = np.sort(score[~np.isnan(score)])
    below, up_to = (np.searchsorted(ordered, score, side=side) for side in ("left", "right"))
    middle = 50.0 * (below + up_to) / max(len(ordered), 1)
    return np.where(np.isnan(score), np.nan, middle)


def scaled(score: np.ndarray, groups: np.ndarray, scaling: Scaling) -> np.ndarray:
    """Scores (n,) as they are ranked; `groups` (n,) int, the scorecards of the units, -1 = none.

    ``z_score``: standard deviations from the mean of the group, told on the scale of all (mean and standard
    deviation of all scores), so that they still look like scores. A group in which all are equal, or of
    one unit, stands at the mean. ``rank_within_group``: `percentiles` within the group.
    """
    return scaled_with_error(score, np.zeros(len(score)), groups, scaling)[0]


def scaled_with_error(
    score: np.ndarray, error: np.ndarray, groups: np.ndarray, scaling: Scaling
) -> tuple[np.ndarray, np.ndarray]:
    """Scores as `scaled` gives them, and their standard errors on the same scale (n,); of percentiles NaN."""
    if scaling == "none":
        return score, error
    result, errors = np.full(len(score), np.nan), np.full(len(score), np.nan)
    every = score[~np.isnan(score)]
    centre, width = (every.mean(), every.std()) if len(every) else (np.nan, np.nan)
    for group in np.unique(groups[groups >= 0]):
        mine = (groups == group) & ~np.isnan(score)
        own = score[mine]
        if scaling == "rank_within_group":
            result[mine] = percentiles(own)
            continue
        spread = own.std() if len(own) else 0.0
        factor = width / spread if spread > 1e-9 else 0.0
        result[mine] = centre + factor * (own - own.mean() if len(own) else 0.0)
        errors[mine] = factor * error[mine]
    return settled(result), errors


def rolled(this_year: np.ndarray, before: Sequence[np.ndarray], rolling: Rolling) -> np.ndarray:
    """Weighted mean of this year's values and those of the years before, newest first, each (n,).

    A year without a value is left out, and so are years that were not assessed yet; without a value this
    year there is none.
    """
    return _mean(this_year, before, rolling, power=1)


def rolled_error(error: np.ndarray, before: Sequence[np.ndarray], rolling: Rolling) -> np.ndarray:
    """Standard error of the mean that `rolled` gives, from those of the years, which err independently."""
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
