"""Budget-neutral variants: the one number of a pay rule at which it costs what it should.

Comparing two rules that cost different sums compares the sums. A variant is neutral when the pay expected
under it, over given scores or a forecast of them, equals the target.
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
    """The value in [low, high] at which the monotone `cost` is `target`, by bisection.

    A cost that jumps over the target (a threshold between two scores) has no such value; then the value
    next to the jump is given on whose side the cost is nearer to the target. A cost that stays at the
    target over a stretch gives a value of that stretch.

    Raises NoSolution if the target lies outside the costs at both ends, and ValueError for ends that are no
    interval or costs that are no numbers.
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
    """What a rule pays on average: mean over draws of the sum over units.

    Parameters
    ----------
    share : share of full pay at scores (`pay_share` with its rules).
    scores : (units,), or (draws, units) from a distribution.
    full : full pay of each unit, (units,), or of each alike.
    """
    scores = np.atleast_2d(np.asarray(scores, float))
    paid = share(scores) * np.broadcast_to(full, scores.shape)
    return float(paid.sum(axis=1).mean())
