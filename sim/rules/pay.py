"""What a score pays: assessment pay and target bonus as functions of the year-end score.

Thresholds bind the unrounded score (see `scorecard.settled`). A unit without a score (NaN) is paid in
full: no score, no deduction.
"""

from __future__ import annotations

import numpy as np

from sim.scenario.assessment import Pay, SchedulePoint

from .scorecard import settled


def pay_share(score: np.ndarray, pay: Pay) -> np.ndarray:
    """Share of the assessment pay that is paid at `score`, float of the same shape."""
    score = settled(score)
    if pay.schedule is not None:
        share = along(pay.schedule, score)
    else:
        missing = settled(np.maximum(pay.full_pay_threshold - score, 0.0))
        counted = {
            "fraction": missing,
            "whole_started": np.ceil(missing),
            "whole_completed": np.floor(missing),
        }
        share = 1 - pay.deduction_per_point / 100 * counted[pay.points_counted]
    return np.where(np.isnan(score), 1.0, np.maximum(share, pay.floor))


def bonus_share(score: np.ndarray, pay: Pay) -> np.ndarray:
    """Share of the target bonus that is paid at `score`, float of the same shape."""
    score = settled(score)
    share = (
        (score >= pay.bonus_threshold).astype(float)
        if pay.bonus_schedule is None
        else along(pay.bonus_schedule, score)
    )
    return np.where(np.isnan(score), 1.0, share)


def along(schedule: tuple[SchedulePoint, ...], score: np.ndarray) -> np.ndarray:
    """A piecewise linear schedule with jumps at `score`: linear between the corners, constant outside.

    At a corner with ``jump_to`` the score itself already has the new value.
    """
    at = np.array([point.score for point in schedule])
    below = np.array([point.share for point in schedule])  # coming from the left
    here = np.array([point.share if point.jump_to is None else point.jump_to for point in schedule])
    last = len(at) - 1
    corner = np.searchsorted(at, score, side="right") - 1
    left = np.clip(corner, 0, last)
    right = np.minimum(left + 1, last)
    width = np.where(right > left, at[right] - at[left], 1.0)
    slope = np.where(right > left, (below[right] - here[left]) / width, 0.0)
    return np.where(corner < 0, below[0], here[left] + slope * (score - at[left]))


def gini(pay: np.ndarray) -> float:
    """Gini coefficient of amounts of 0 or more (n,), 0 = all equal; NaN without people or without any pay.

    The population's coefficient, not multiplied by n / (n − 1) (Cowell, Measuring Inequality, 2011, ch. 2).
    """
    ordered = np.sort(np.asarray(pay, float))
    n, total = len(ordered), float(np.sum(ordered))
    if n == 0 or total == 0:
        return float("nan")
    return float(np.sum((2 * np.arange(1, n + 1) - n - 1) * ordered) / (n * total))
