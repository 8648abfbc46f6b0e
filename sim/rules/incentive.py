"""The value of a schedule under an uncertain score: expected pay and its derivative.

The score is normal with a mean and a standard deviation. Over each stretch of a piecewise linear schedule the
integrals have closed forms: expected pay from slopes and Φ, its derivative in the mean from slope ×
(difference of Φ) and jump × density. With sd = 0 they are value and slope of the schedule itself.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from .schedule import Numbers, Schedule, picked


def expected(schedule: Schedule, mean: Numbers, sd: Numbers) -> np.ndarray:
    """Return E[pay] for a score normal(mean, sd), float of the shape of mean and sd (NaN stays NaN)."""
    forecast = _Forecast(schedule, mean, sd)
    exact = forecast.total(forecast.level) + forecast.total_z(schedule.slopes * forecast.sd)
    return np.where(forecast.sure, schedule.value(forecast.mean), exact)


def marginal(schedule: Schedule, mean: Numbers, sd: Numbers) -> np.ndarray:
    """Return dE[pay] / d mean: slopes times the probability of their stretches, jumps times the density.

    With sd = 0 it is the slope at `mean`, at a corner the mean of both sides, at a jump infinite.
    """
    forecast = _Forecast(schedule, mean, sd)
    return np.where(
        forecast.sure,
        _slope_at(schedule, forecast.mean),
        forecast.total(schedule.slopes) + forecast.at_jumps(schedule.jumps),
    )


def _slope_at(schedule: Schedule, mean: np.ndarray) -> np.ndarray:
    """Return the mean of the slopes on both sides of `mean`; infinite at a jump."""
    left, right = (np.searchsorted(schedule.at, mean, side=side) for side in ("left", "right"))
    height = picked(schedule.jumps, np.minimum(left, len(schedule.at) - 1))
    leap = np.where((left != right) & (height != 0), np.copysign(np.inf, height), 0.0)
    return (picked(schedule.slopes, left) + picked(schedule.slopes, right)) / 2 + leap


class _Forecast:
    """A normal forecast cut at the corners: mean, sd (...,), z of the corners (..., k), and integrals."""

    def __init__(self, schedule: Schedule, mean: Numbers, sd: Numbers) -> None:
        self.mean, spread = np.broadcast_arrays(np.asarray(mean, float), np.asarray(sd, float))
        if np.any(spread < 0):
            raise ValueError("a standard deviation is negative")
        self.sure = spread == 0
        self.sd = np.where(self.sure, 1.0, spread)[..., None]
        z = (schedule.at - self.mean[..., None]) / self.sd
        ends = np.full((*self.mean.shape, 1), np.inf)
        self.density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
        none = np.zeros_like(ends)
        beyond = np.concatenate([-ends, z, ends], axis=-1)
        # differences of Φ on the side with the smaller tails
        self.share = np.where(
            beyond[..., :-1] > 0,
            ndtr(-beyond[..., :-1]) - ndtr(-beyond[..., 1:]),
            ndtr(beyond[..., 1:]) - ndtr(beyond[..., :-1]),
        )
        at_ends = np.concatenate([none, self.density, none], axis=-1)
        self.fall = at_ends[..., :-1] - at_ends[..., 1:]  # ∫ z φ over a stretch
        starts = np.concatenate([schedule.at[:1], schedule.at])
        first = np.concatenate([schedule.before[..., :1], schedule.here], axis=-1)
        self.level = first + schedule.slopes * (
            self.mean[..., None] - starts
        )  # each stretch's line at the mean

    def total(self, weights: np.ndarray) -> np.ndarray:
        return np.sum(weights * self.share, axis=-1)

    def total_z(self, weights: np.ndarray) -> np.ndarray:
        return np.sum(weights * self.fall, axis=-1)

    def at_jumps(self, heights: np.ndarray) -> np.ndarray:
        return np.sum(heights * self.density, axis=-1) / self.sd[..., 0]
