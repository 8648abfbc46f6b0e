"""Budget-neutral variants: the value of one parameter of a pay rule at which the rule costs the target.

Comparing rules of different cost compares the costs. A variant is neutral when its expected pay, over given
scores or a forecast of them, equals the target.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

TOLERANCE = 1e-10  # of the bracket, relative
_STEPS = 200


class NoSolution(ValueError):
    """No value of the parameter within its bounds costs the target."""

    def __init__(self, target: float, low: float, high: float, cheapest: float, dearest: float) -> None:
        self.cheapest, self.dearest = cheapest, dearest
        super().__init__(
            f"between {low:g} and {high:g} it costs from {cheapest:,.10g} to {dearest:,.10g}, "
            f"never {target:,.10g}"
        )


def neutral(cost: Callable[[float], float], target: float, low: float, high: float) -> float:
    """Return the value in [low, high] at which the monotone `cost` is `target`, by bisection.

    If the cost jumps over the target (a threshold between two scores), the result is the value beside the
    jump whose cost is nearer to the target. If the cost stays at the target over a stretch, it is a value of
    that stretch.

    Raises NoSolution if the target lies outside the costs at both ends, and ValueError if the ends are not an
    interval or a cost is not a number.
    """
    if not (np.isfinite(low) and np.isfinite(high) and low < high):
        raise ValueError(f"{low!r} to {high!r} is no interval")
    ends = {low: float(cost(low)), high: float(cost(high))}
    if not np.isfinite([*ends.values(), target]).all():
        raise ValueError(f"a cost is no number: {ends[low]} at {low:g}, {ends[high]} at {high:g}")
    slack = 1e-9 * max(1.0, abs(target))
    cheapest, dearest = min(ends.values()), max(ends.values())
    if not cheapest - slack <= target <= dearest + slack:
        raise NoSolution(target, low, high, cheapest, dearest)
    rising = ends[high] >= ends[low]
    left, right = low, high
    for _ in range(_STEPS):
        middle = (left + right) / 2
        if right - left <= TOLERANCE * (high - low) or middle in (left, right):
            break
        paid = ends[middle] = float(cost(middle))
        if paid == target:
            return middle
        if (paid < target) == rising:
            left = middle
        else:
            right = middle
    return min((left, right), key=lambda end: abs(ends[end] - target))


def expected_cost(
    share: Callable[[np.ndarray], np.ndarray], scores: np.ndarray, full: np.ndarray | float = 1.0
) -> float:
    """Return the mean cost of a pay rule: the mean over draws of the sum over units.

    Parameters
    ----------
    share : share of full pay at scores (`pay_share` with its rules).
    scores : (units,), or (draws, units) from a distribution.
    full : full pay of each unit, (units,), or one number for all.
    """
    scores = np.atleast_2d(np.asarray(scores, float))
    paid = share(scores) * np.broadcast_to(full, scores.shape)
    return float(paid.sum(axis=1).mean())
