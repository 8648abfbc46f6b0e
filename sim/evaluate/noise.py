"""What noise in a yearly score does: chances, funnel limits, and the price of luck under a pay rule.

Spiegelhalter 2005 (funnel plots, Stat. Med. 24); Goldstein and Healy 1995 (comparison intervals, J. R.
Stat. Soc. A 158); Lazear and Rosen 1981 (tournaments, J. Polit. Econ. 89).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import bdtr, betainc, betaincinv, ndtr, ndtri

from sim.rules.incentive import expected, marginal
from sim.rules.schedule import Schedule, lifted_schedule, step

_NODES = np.linspace(-8, 8, 2001)  # dense: another unit's spread may be a tenth of one's own
_WEIGHTS = np.exp(-(_NODES**2) / 2) / np.exp(-(_NODES**2) / 2).sum()
_EDGE = 1e-9  # of a case: a rate just at the line is not below it


def below_by_cases(chance: ArrayLike, cases: ArrayLike, line: float) -> np.ndarray:
    """Return the exact chance that a share of independent cases is below `line` (binomial).

    chance, cases : of a case to be in order, and their number; arrays that broadcast.

    Examples
    --------
    >>> float(below_by_cases(0.96, 500, 0.95).round(3))
    0.108
    """
    chance, cases = np.asarray(chance, float), np.rint(cases).astype(np.int64)
    return np.asarray(bdtr(np.ceil(line * cases - _EDGE) - 1, cases, chance))


def below_by_spread(mean: ArrayLike, sd: ArrayLike, line: float) -> np.ndarray:
    """Return the chance that a share with this mean and standard deviation is below `line`.

    A beta distribution with these moments: shares of a queue lean to the left as it does, and end at 0 and 1.
    With sd = 0 it is 0 or 1.
    """
    mean, sd = np.broadcast_arrays(np.asarray(mean, float), np.asarray(sd, float))
    with np.errstate(divide="ignore", invalid="ignore"):
        size = mean * (1 - mean) / sd**2 - 1
        found = betainc(mean * size, (1 - mean) * size, line)
    return np.where(sd > 0, found, (mean < line).astype(float))


def spread_limits(mean: ArrayLike, sd: ArrayLike, confidence: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits within which a share with this mean and standard deviation lies (beta, equal tails).

    Both are the mean where sd = 0.
    """
    mean, sd = np.broadcast_arrays(np.asarray(mean, float), np.asarray(sd, float))
    with np.errstate(divide="ignore", invalid="ignore"):
        size = mean * (1 - mean) / sd**2 - 1
        ends = [
            np.where(sd > 0, betaincinv(mean * size, (1 - mean) * size, at), mean)
            for at in ((1 - confidence) / 2, (1 + confidence) / 2)
        ]
    return ends[0], ends[1]


def funnel_limits(
    target: float, cases: ArrayLike, *, confidence: float = 0.95, design_effect: ArrayLike = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits within which a share of `cases` lies with this chance if its true value is `target`.

    Exact binomial limits, interpolated between counts. A `design_effect` above 1 divides the cases: as many
    independent ones vary as much as these, which share a queue.

    Examples
    --------
    >>> [float(end.round(3)) for end in funnel_limits(0.95, 100)]
    [0.898, 0.984]
    """
    size = np.asarray(cases, float) / np.asarray(design_effect, float)
    tail = (1 - confidence) / 2
    ends = [np.vectorize(lambda own, at=at: _quantile(own, target, at))(size) for at in (tail, 1 - tail)]
    return np.asarray(ends[0]), np.asarray(ends[1])


def _quantile(size: float, chance: float, probability: float) -> float:
    """Return the interpolated quantile of a binomial share; `size` need not be whole."""
    if not size > 0:
        return np.nan
    number = np.arange(np.floor(size) + 2)
    left = np.clip(size - number, 0, None)
    below = np.where(left > 0, betainc(np.maximum(left, 1e-300), number + 1, 1 - chance), 1.0)
    at = int(np.argmax(below >= probability))
    before = below[at - 1] if at else 0.0
    part = (below[at] - probability) / (below[at] - before)
    return float(np.clip((at - part) / size, 0, 1))


def bottom_chance(mean: ArrayLike, sd: ArrayLike, count: int) -> np.ndarray:
    """Return each unit's chance to be among the `count` lowest, for independent normal scores (units,)."""
    mean, sd = _pair(mean, sd)
    return np.array([_among(mean, sd, count, unit) @ _WEIGHTS for unit in range(len(mean))])


def bottom_slope(mean: ArrayLike, sd: ArrayLike, count: int) -> np.ndarray:
    """Return by how much a point more of its own mean changes each unit's chance to be among the lowest.

    It is what a place at the bottom adds to the incentive, for each unit of its cost.
    """
    mean, sd = _pair(mean, sd)
    return np.array(
        [_among(mean, sd, count, unit) @ (_WEIGHTS * _NODES) / sd[unit] for unit in range(len(mean))]
    )


def _pair(mean: ArrayLike, sd: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    mean, sd = np.broadcast_arrays(np.asarray(mean, float), np.asarray(sd, float))
    if not (np.isfinite(mean).all() and (sd > 0).all()):
        raise ValueError("means must be numbers, and standard deviations above 0")
    return mean, sd


def _among(mean: np.ndarray, sd: np.ndarray, count: int, unit: int) -> np.ndarray:
    """Return the chance of fewer than `count` others below each node of a unit's score, (nodes,)."""
    score = mean[unit] + sd[unit] * _NODES
    below = ndtr((score[:, None] - np.delete(mean, unit)) / np.delete(sd, unit))
    return few_of(below, count)


def few_of(chance: np.ndarray, count: int) -> np.ndarray:
    """Return the chance that fewer than `count` of independent events (n, events) happen, (n,)."""
    number = np.zeros((len(chance), count))
    number[:, 0] = 1.0
    for event in chance.T:
        moved = number * event[:, None]
        number = number - moved
        number[:, 1:] += moved[:, :-1]
    return number.sum(axis=1)


def comparison_multiplier(error: ArrayLike, confidence: float = 0.95) -> float:
    """Return the standard errors on either side by which two equal units' intervals touch in 1 − confidence.

    Intervals of this width, not of 1.96 standard errors, may be compared by whether they overlap. With
    unequal `error` (units,) the chance is the mean over pairs.

    Examples
    --------
    >>> round(comparison_multiplier([1.0, 1.0, 1.0]), 2)
    1.39
    """
    from scipy.optimize import brentq  # late: a large import

    error = np.asarray(error, float)
    one, other = np.triu_indices(len(error), 1)
    ratio = (error[one] + error[other]) / np.hypot(error[one], error[other])
    return float(brentq(lambda z: np.mean(2 * ndtr(-z * ratio)) - (1 - confidence), 0.1, 10))


def price_of_noise(
    units: pd.DataFrame, schedule: Schedule, threshold: float, *, confidence: float = 0.95, count: int = 3
) -> pd.DataFrame:
    """Return what noise in the score costs each unit under a pay rule, and what a point more is worth.

    Parameters
    ----------
    units : DataFrame
        Columns unit, true (points) and luck_sd (points), as of `reliability` of scores.
    schedule : Schedule
        Share of assessment pay by score.
    threshold : float
        The score from which a gate lets a unit alone.
    confidence : float, default 0.95
        Of the gate: deductions begin under the one-sided limit.
    count : int, default 3
        Places at the bottom.

    Returns
    -------
    DataFrame
        One row per unit with noise: ``unit``; in per cent of assessment pay ``deduction`` (expected),
        ``deduction_at_true`` and ``noise_tax`` (their difference), ``gated_tax`` (the same with the gate),
        ``incentive`` (of a point) and ``equal_cliff`` (the jump at the threshold with the same incentive
        there); ``bottom`` and ``bottom_slope`` (chance of a place at the bottom, and its change by a point).

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from sim.rules.schedule import Schedule
    >>> slope = Schedule(np.array([95.0]), np.ones(1), np.ones(1), 0.01)  # 1 % a point under 95
    >>> units = pd.DataFrame({"unit": ["a", "b"], "true": [95.0, 96.0], "luck_sd": 2.0})
    >>> price_of_noise(units, slope, 95.0, count=1)["noise_tax"].round(2).tolist()
    [0.8, 0.4]
    """
    known = units[(units["luck_sd"] > 0) & units["true"].notna()]
    mean, sd = known["true"].to_numpy(float), known["luck_sd"].to_numpy(float)
    at_true, paid = schedule.value(mean), expected(schedule, mean, sd)
    gated = [lifted_schedule(schedule, threshold, float(ndtri(confidence)) * own) for own in sd]
    gated_tax = [
        float(rule.value(m) - expected(rule, m, s)) for rule, m, s in zip(gated, mean, sd, strict=True)
    ]
    line = np.full(len(sd), threshold)
    return pd.DataFrame(
        {
            "unit": known["unit"].to_numpy(),
            "deduction": 100 * (1 - paid),
            "deduction_at_true": 100 * (1 - at_true),
            "noise_tax": 100 * (at_true - paid),
            "gated_tax": 100 * np.array(gated_tax),
            "incentive": 100 * marginal(schedule, mean, sd),
            "equal_cliff": 100 * marginal(schedule, line, sd) / marginal(step(threshold), line, sd),
            "bottom": bottom_chance(mean, sd, count),
            "bottom_slope": bottom_slope(mean, sd, count),
        }
    )
