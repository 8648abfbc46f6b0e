"""The root of a function of one number, without `scipy.optimize`, which takes most of a second to import."""

from __future__ import annotations

from collections.abc import Callable


def root(function: Callable[[float], float], low: float, high: float) -> float:
    """Return where a function crosses 0 between two numbers, to the accuracy of the arithmetic (bisection).

    Raises ValueError where it has the same sign at both.

    Examples
    --------
    >>> round(root(lambda x: x**2 - 2, 0.0, 2.0), 9)
    1.414213562
    """
    rising = function(low) < 0
    if rising == (function(high) < 0):
        raise ValueError(f"the function has the same sign at {low:g} and {high:g}")
    while low < (middle := (low + high) / 2) < high:
        if (function(middle) < 0) == rising:
            low = middle
        else:
            high = middle
    return high
