"""Intervals for shares: bounded by 0 and 1, and "too few to say" where the data cannot tell.

Cases of one replication share its queue, so they are no independent trials: replications are. A share is the
ratio of sums over replications, and its variance that of the replications' contributions (Cochran, Sampling
Techniques, 1977, ch. 6). Near 0 and 1 the contributions are skewed: late cases come in runs. Hall's
transformation of the t statistic takes the skewness out (Hall 1992, J. R. Statist. Soc. B 54, 221–228).

``python -m docs.tools coverage`` measures how often the intervals hold the truth: docs/coverage.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sim.scenario.errors import InputError

from .accuracy import tolerance
from .estimate import wilson, without_skewness

FEW_CASES = 12  # a replication, on average: up to here they are occurrences, such as years at the bottom
RARE = 25  # cases of the rarer sort a replication: fewer come in too few runs to judge their luck
MANY = 20  # replications; of fewer, each must have more of the rarer sort
STEADY = 0.13  # standard error of the rarer share, relative to it: up to here they may be as rare as they are
UNSTEADY = 0.6  # the same: beyond it the share itself is unknown
NO_CASES, ONE = "no cases", "one replication: no estimate"
TOO_FEW, CONSTANT = "too few to say", "the same in every replication"


@dataclass(frozen=True)
class ShareInterval:
    """A share (0 to 1) of `n` replications with its interval; ``note`` says what it lacks, or "".

    Where the note is "too few to say", low and high are NaN; or, where every replication is at 0 or at 1, the
    bounds that hold for any distribution.
    """

    estimate: float
    low: float
    high: float
    n: int
    note: str = ""


def share_interval(
    shares: ArrayLike, cases: ArrayLike | None = None, confidence: float = 0.95
) -> ShareInterval:
    """Compute a share with its interval from the shares (n,) of replications.

    Parameters
    ----------
    shares : of each replication, 0 to 1. NaN: it has no case, and does not count.
    cases : how many each is a share of. With them the estimate is the share of all cases. None: the shares
        are of something that is not counted, such as hours, and each replication weighs alike.

    Raises InputError for a share outside 0 to 1, or a count of cases that is not positive.
    """
    values = np.atleast_1d(np.asarray(shares, float))
    weights = (
        np.ones(values.shape) if cases is None else np.broadcast_to(np.asarray(cases, float), values.shape)
    )
    known = ~np.isnan(values) & ~(weights == 0)
    values, weights = values[known], weights[known]
    if not ((values >= -tolerance()) & (values <= 1 + tolerance())).all():
        raise InputError("a share is outside 0 to 1", remedy="Give shares of one, not per cent")
    if not (np.isfinite(weights) & (weights > 0)).all():
        raise InputError("a number of cases is not positive", remedy="Give the cases that each is a share of")
    n = len(values)
    if n == 0:
        return ShareInterval(math.nan, math.nan, math.nan, 0, NO_CASES)
    share = float(np.clip(np.sum(weights * values) / np.sum(weights), 0, 1))
    if n == 1:
        return ShareInterval(share, math.nan, math.nan, 1, ONE)
    if share <= float(tolerance()) or share >= 1 - float(tolerance()):
        # E[share] ≥ P(share = 1), which n replications of n bound from below (Clopper & Pearson 1934)
        bound = ((1 - confidence) / 2) ** (1 / n)
        low, high = (0.0, 1 - bound) if share < 0.5 else (bound, 1.0)
        return ShareInterval(round(share), low, high, n, TOO_FEW)
    parts = weights * (values - share) / weights.mean()
    variance = float(np.sum(parts**2)) / (n * (n - 1))
    if (np.abs(values - values[0]) <= tolerance(values)).all():
        return ShareInterval(share, share, share, n, CONSTANT)
    occurrences = cases is not None and weights.mean() <= FEW_CASES
    if occurrences or np.isin(values, (0.0, 1.0)).all():
        most = float(np.sum(weights)) if occurrences else n
        effective = float(np.clip(share * (1 - share) / variance, n * min(1.0, weights.mean()), most))
        return ShareInterval(share, *wilson(share, effective, confidence), n)
    rarer = min(share, 1 - share)
    doubt = math.sqrt(variance) / rarer
    rare = rarer * float(weights.mean()) < RARE * max(MANY / n, 1) and doubt > STEADY
    if cases is not None and (rare or doubt > UNSTEADY):
        return ShareInterval(share, math.nan, math.nan, n, TOO_FEW)
    skewness = float(np.mean(parts**3) / np.mean(parts**2) ** 1.5)
    unbiased = skewness * math.sqrt(n * (n - 1)) / max(n - 2, 1)
    below, above = without_skewness(math.sqrt(variance), unbiased, n, confidence)
    return ShareInterval(share, max(share - float(below), 0.0), min(share + float(above), 1.0), n)
