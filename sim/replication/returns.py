"""What effort brings: estimated from trials in which a random half of the units is raised."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

ENOUGH = 0.1  # of the return, or …
POINTS = 0.2  # … points: a standard error under it will do


@dataclass(frozen=True)
class Returns:
    """What effort brings to each unit in a year, points; arrays (units, levels).

    levels : (levels,), efforts, rising, 1 among them. gain : of the unit when it is raised, less `spill`.
    error : standard error of `gain`. spill : what it gains when only others are raised. curve : `gain`, made
    to rise with effort. replications : how many. enough : whether every error is small enough.
    """

    levels: np.ndarray
    gain: np.ndarray
    error: np.ndarray
    spill: np.ndarray
    curve: np.ndarray
    replications: int
    enough: bool

    def per_effort(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return points per unit of effort, their standard errors, and those by the others' effort, (units,).

        They are at the greatest effort; at the least where nobody can do more than usual; else 0.
        """
        at = -1 if self.levels[-1] > 1 else 0
        extra = self.levels[at] - 1 or np.inf
        return self.curve[:, at] / extra, self.error[:, at] / abs(extra), self.spill[:, at] / extra


def estimated(gain: np.ndarray, up: np.ndarray, tried: np.ndarray, count: int) -> Returns:
    """Return the returns from gains (n, units, levels) of units raised, `up` (n, units), or not."""
    own, spread = _mean_and_error(gain, up)
    others, of_others = _mean_and_error(gain, ~up)
    spill = np.nan_to_num(others)
    effect = np.nan_to_num(own - others)
    error = np.nan_to_num(np.hypot(spread, of_others))
    usual = int(np.argmin(np.abs(tried - 1)))
    effect[:, usual] = error[:, usual] = 0.0
    curve = np.array([_rising(each, sure, usual) for each, sure in zip(effect, error, strict=True)])
    enough = bool((error <= np.maximum(ENOUGH * np.abs(effect), POINTS)).all())
    return Returns(tried, effect, error, spill, curve, count, enough)


def _mean_and_error(gain: np.ndarray, which: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard error over replications of those that are meant, (units, levels) each."""
    values = np.where(which[:, :, None], gain, np.nan)
    known_ = np.isfinite(values)
    number = known_.sum(axis=0)
    mean = np.divide(np.nansum(values, axis=0), number, out=np.full(number.shape, np.nan), where=number > 0)
    square = np.nansum((values - mean) ** 2, axis=0)
    variance = np.divide(square, number - 1, out=np.zeros(number.shape), where=number > 1)
    return mean, np.sqrt(np.divide(variance, number, out=np.zeros(number.shape), where=number > 0))


def _rising(gain: np.ndarray, error: np.ndarray, usual: int) -> np.ndarray:
    """Return gains (levels,) made to rise with effort, 0 at the usual one, weighted by their precision."""
    from scipy.optimize import isotonic_regression  # late: a large import

    weights = 1 / np.maximum(error, 1e-6) ** 2
    weights[usual] = 1e18
    fitted = isotonic_regression(gain, weights=weights).x
    return fitted - fitted[usual]
