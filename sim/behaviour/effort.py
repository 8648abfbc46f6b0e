"""The best effort: what somebody aims at who weighs what a score pays against what it costs to reach it.

A score s costs cost / 2 × (s − start)², where `start` is the score without extra effort. With a cliff there
may be several local optima; all are found and the best is taken, of equal ones the cheapest.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.rules.incentive import expected, marginal, marginal_variance, variance
from sim.rules.schedule import Schedule

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
    """The mean score that each unit aims at, (units,).

    Parameters
    ----------
    schedule : what scores pay, one for all, (k,).
    start : scores without extra effort, (units,).
    sd : spread of the score around its mean; with 0 the answer is exact: some aim just at a corner.
    cost : curvature of the cost of score, in the schedule's money.
    risk_aversion : absolute; a mean pay less risk_aversion / 2 × its variance is aimed at (CARA).
    low, high : scores that can be aimed at.
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
    """The best mean score for any smooth worth, (units,), between `low` and `high` (units,).

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
    found = np.concatenate([low, (left + right) / 2, high])
    owner = np.concatenate([np.arange(units), which, np.arange(units)])
    utility = worth(found, owner) - cost / 2 * (found - start[owner]) ** 2
    return _best(found, utility, owner, start)


def _without_noise(schedule: Schedule, start: np.ndarray, cost: float, low: float, high: float) -> np.ndarray:
    """Exact: the best of each stretch, which is where slope = cost, or one of its ends."""
    ends = np.concatenate([[-np.inf], schedule.at, [np.inf]])
    optima = start + schedule.slopes[:, None] / cost  # (stretches, units)
    found = np.clip(np.clip(optima, ends[:-1, None], ends[1:, None]), low, high).ravel()
    owner = np.tile(np.arange(len(start)), len(schedule.slopes))
    utility = schedule.value(found) - cost / 2 * (found - start[owner]) ** 2
    return _best(found, utility, owner, start)


def _best(found: np.ndarray, utility: np.ndarray, owner: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Each owner's candidate of greatest utility; of equal ones that nearest to the start."""
    order = np.lexsort((np.abs(found - start[owner]), -np.round(utility, 12), owner))
    first = np.searchsorted(owner[order], np.arange(len(start)))
    return found[order][first]


def equilibrium(
    answer: Callable[[np.ndarray], np.ndarray],
    start: np.ndarray,
    *,
    tolerance: float = 1e-10,
    rounds: int = 2000,
) -> np.ndarray:
    """Where everybody's effort is the best answer to the others': best responses until nothing moves.

    `answer` gives the best efforts (units,) against efforts (units,). If answers swing, half the way is gone.
    Raises ValueError if they do not settle: there may be no equilibrium in pure strategies.
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


def ratchet_share(kappa: float, discount: float) -> float:
    """What is left of an incentive where targets follow scores: r / (r + kappa).

    A point more brings its pay now, and costs kappa of it in each later year's target, less what the target
    forgets, discounted at r (Weitzman 1980). 1 without a ratchet.
    """
    return 1.0 if kappa == 0 else discount / (discount + kappa)
