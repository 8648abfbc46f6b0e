"""The best effort: the score that maximises its pay less the cost of reaching it.

A score s costs cost / 2 × (s − start)², where `start` is the score without extra effort. A cliff may make
several local optima; the best of all is taken, ties go to the cheapest.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.rules.incentive import expected, marginal
from sim.rules.schedule import Schedule

from .risk import marginal_variance, variance

Worth = Callable[[np.ndarray, np.ndarray], np.ndarray]  # of means (m,) for the units at positions (m,)
_HALVINGS = 50


def best_score(
    schedule: Schedule,
    start: np.ndarray,
    sd: float,
    cost: float,
    *,
    risk_aversion: float = 0.0,
    low: float = -np.inf,
    high: float = np.inf,
) -> np.ndarray:
    """Return the mean score that each unit aims at, (units,).

    Parameters
    ----------
    schedule : pay by score, one for all, (k,).
    start : scores without extra effort, (units,).
    sd : standard deviation of the score around its mean; with 0 the answer is exact: some aim at a
        corner.
    cost : curvature of the cost of score, in the schedule's money.
    risk_aversion : absolute; the objective is mean pay less risk_aversion / 2 × its variance (CARA).
    low, high : bounds of the scores aimed at.
    """
    start = np.atleast_1d(np.asarray(start, float))
    if sd == 0:
        return _without_noise(schedule, start, cost, low, high)

    def worth(mean: np.ndarray, _unit: np.ndarray) -> np.ndarray:
        return expected(schedule, mean, sd) - risk_aversion / 2 * variance(schedule, mean, sd)

    def slope(mean: np.ndarray, _unit: np.ndarray) -> np.ndarray:
        return marginal(schedule, mean, sd) - risk_aversion / 2 * marginal_variance(schedule, mean, sd)

    steepest = np.abs(schedule.slopes).max() + np.abs(schedule.jumps).sum() / (sd * np.sqrt(2 * np.pi))
    values = np.concatenate([schedule.before, schedule.here])
    steepest *= 1 + risk_aversion * np.ptp(values)
    reach = steepest / cost
    return best_response(
        worth,
        slope,
        start,
        cost,
        low=np.clip(start - reach, low, high),
        high=np.clip(start + reach, low, high),
        fine=sd / 4,
    )


def best_response(
    worth: Worth,
    slope: Worth,
    start: np.ndarray,
    cost: float,
    *,
    low: np.ndarray,
    high: np.ndarray,
    fine: float,
) -> np.ndarray:
    """Return the best mean score for any smooth worth, (units,), between `low` and `high` (units,).

    `slope` is the derivative of `worth`; no two optima may lie closer than `fine`.
    """
    start, low, high = (np.asarray(values, float) for values in (start, low, high))
    units = len(start)
    places = int(np.clip(np.ceil(np.max(high - low, initial=0.0) / fine), 2, 20_000)) + 1
    grid = np.linspace(low, high, places)  # (places, units)
    unit = np.broadcast_to(np.arange(units), grid.shape)

    def rise(mean: np.ndarray, at: np.ndarray) -> np.ndarray:
        return slope(mean, at) - cost * (mean - start[at])

    rising = rise(grid.ravel(), unit.ravel()).reshape(grid.shape) > 0
    step, which = np.nonzero(rising[:-1] & ~rising[1:])
    left, right = grid[step, which], grid[step + 1, which]
    for _ in range(_HALVINGS):
        middle = (left + right) / 2
        up = rise(middle, which) > 0
        left, right = np.where(up, middle, left), np.where(up, right, middle)
    candidates = np.concatenate([low, (left + right) / 2, high])
    owner = np.concatenate([np.arange(units), which, np.arange(units)])
    utility = worth(candidates, owner) - cost / 2 * (candidates - start[owner]) ** 2
    return _best(candidates, utility, owner, start)


def _without_noise(schedule: Schedule, start: np.ndarray, cost: float, low: float, high: float) -> np.ndarray:
    """Return the exact best scores: on each stretch the best is where slope = marginal cost, or an end."""
    ends = np.concatenate([[-np.inf], schedule.at, [np.inf]])
    optima = start + schedule.slopes[:, None] / cost  # (stretches, units)
    candidates = np.clip(np.clip(optima, ends[:-1, None], ends[1:, None]), low, high).ravel()
    owner = np.tile(np.arange(len(start)), len(schedule.slopes))
    utility = schedule.value(candidates) - cost / 2 * (candidates - start[owner]) ** 2
    return _best(candidates, utility, owner, start)


def _best(candidates: np.ndarray, utility: np.ndarray, owner: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Return each owner's candidate of greatest utility; ties go to the one nearest to the start."""
    order = np.lexsort((np.abs(candidates - start[owner]), -np.round(utility, 12), owner))
    first = np.searchsorted(owner[order], np.arange(len(start)))
    return candidates[order][first]


def equilibrium(
    answer: Callable[[np.ndarray], np.ndarray],
    start: np.ndarray,
    *,
    tolerance: float = 1e-10,
    rounds: int = 2000,
) -> np.ndarray:
    """Return the efforts that are best responses to each other, by iteration to a fixed point.

    `answer` returns the best efforts (units,) against efforts (units,). If responses swing, the step is
    halved. Raises ValueError if they do not settle: there may be no equilibrium in pure strategies.
    """
    now, share, last = np.asarray(start, float), 1.0, np.inf
    for _ in range(rounds):
        aim = answer(now)
        change = float(np.max(np.abs(aim - now), initial=0.0))
        if change <= tolerance:
            return aim
        if change >= last:
            share = max(share / 2, 0.05)
        last, now = change, now + share * (aim - now)
    raise ValueError(f"best responses do not settle: they still move by {last:.3g}")
