"""Pay by score: assessment pay and target bonus as functions of the year-end score.

Thresholds bind the unrounded score (see `scorecard.settled`). A unit without a score (NaN) is paid in
full: no score, no deduction.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from sim.scenario.pay import Pay, RewardFund

from .scaling import percentiles
from .schedule import Numbers, Schedule, bonus_rule, pay_bounds, pay_rule
from .scorecard import settled


def pay_share(score: np.ndarray, pay: Pay, last_year: np.ndarray | None = None) -> np.ndarray:
    """Return the share of the assessment pay paid at `score`, float of the same shape.

    `last_year` has last year's shares, by unit, NaN = none; None = no year before.
    """
    low, high = pay_bounds(pay, last_year)
    return _paid(pay_rule(pay), score, low, high)


def bonus_share(score: np.ndarray, pay: Pay) -> np.ndarray:
    """Return the share of the target bonus paid at `score`, float of the same shape."""
    return _paid(bonus_rule(pay), score, pay.bonus_floor, pay.bonus_ceiling)


def _paid(rule: Schedule, score: np.ndarray, floor: Numbers, ceiling: Numbers) -> np.ndarray:
    score = settled(score)
    return np.where(np.isnan(score), 1.0, np.clip(rule.value(score), floor, ceiling))


def lifted(score: np.ndarray, error: np.ndarray, threshold: float, confidence: float) -> np.ndarray:
    """Return scores with the benefit of the doubt, float of the same shape.

    A score is raised by the one-sided margin of its standard `error`, but not above the threshold. Under a
    slope, deductions start from the upper end of the confidence interval. A jump at the threshold is missed
    only if the whole interval lies under it.
    """
    raised = np.minimum(score + ndtri(confidence) * error, threshold)
    return np.where(np.isnan(score), np.nan, np.maximum(score, raised))


def shares(
    score: np.ndarray,
    error: np.ndarray,
    ranked: np.ndarray,
    bound: np.ndarray,
    pay: Pay,
    last_year: np.ndarray | None = None,
) -> np.ndarray:
    """Return the shares of assessment pay and of target bonus that units are paid, float (2, units).

    `score` counts for pay and has a standard `error`. `ranked` ranks the units, where pay follows the rank.
    `last_year` is as in `pay_share`. Units not `bound` and units without a score are paid in full.
    """
    if pay.basis == "rank":
        score = percentiles(np.where(bound, ranked, np.nan))
    own = np.where(bound, score, np.nan)
    if not pay.gate.on:
        return np.array([pay_share(own, pay, last_year), bonus_share(own, pay)])
    doubt = [
        lifted(own, error, threshold, pay.gate.confidence)
        for threshold in (pay.full_pay_threshold, pay.bonus_threshold)
    ]
    return np.array([pay_share(doubt[0], pay, last_year), bonus_share(doubt[1], pay)])


def fund_parts(top: np.ndarray, score: np.ndarray, fund: RewardFund) -> np.ndarray:
    """Return the parts of the reward fund, (n,); nothing is paid if no unit is honoured.

    The honoured units (`top`, bool (n,)) share it equally or in proportion to their scores.
    """
    weights = np.where(top, 1.0 if fund.shared == "equally" else np.nan_to_num(score), 0.0)
    total = weights.sum()
    return fund.sum * weights / total if total > 0 else np.zeros(len(weights))


def gini(pay: np.ndarray) -> float:
    """Return the Gini coefficient of amounts of 0 or more (n,), 0 = all equal; NaN without people or pay.

    It is the population's coefficient, not multiplied by n / (n − 1) (Cowell, Measuring Inequality, 2011,
    ch. 2).
    """
    ordered = np.sort(np.asarray(pay, float))
    n, total = len(ordered), float(np.sum(ordered))
    if n == 0 or total == 0:
        return float("nan")
    return float(np.sum((2 * np.arange(1, n + 1) - n - 1) * ordered) / (n * total))
