"""A smooth curve through values at the places 0, 1, …, as of the worth by score. Compiled."""

from __future__ import annotations

import numpy as np

from sim.jit import compiled


@compiled
def curve(values, place):
    """Interpolate with continuous slope (Catmull and Rom 1974); go on straight beyond the ends."""
    last = len(values) - 1
    if place <= 0.0:
        return values[0] + (values[1] - values[0]) * place
    if place >= last:
        return values[last] + (values[last] - values[last - 1]) * (place - last)
    j = int(place)
    f, (here, first, second, third) = place - j, cubic(values, j)
    return here + f * (first + f * (second + f * third))


@compiled
def cubic(values, j):
    """Return the coefficients of `curve` between the places j and j + 1."""
    a, b = values[j], values[j + 1]
    rise_a = (b - values[j - 1]) / 2 if j > 0 else b - a
    rise_b = (values[j + 2] - a) / 2 if j + 2 < len(values) else b - a
    return a, rise_a, 3 * (b - a) - 2 * rise_a - rise_b, 2 * (a - b) + rise_a + rise_b


@compiled
def cubics_of(values):
    """Return the coefficients of `curve` by row of values (l, n), where it is asked often, (l, n, 4)."""
    rows, last = len(values), values.shape[1] - 1
    result = np.zeros((rows, last + 1, 4))
    for row in range(rows):
        own, its = values[row], result[row]
        for j in range(last):
            its[j, 0], its[j, 1], its[j, 2], its[j, 3] = cubic(own, j)
        its[last, 0], its[last, 1] = own[last], own[last] - own[last - 1]
    return result


@compiled
def on_curve(cubics, place):
    """Return `curve` at a place."""
    last = len(cubics) - 1
    if place <= 0.0:
        return cubics[0, 0] + cubics[0, 1] * place
    j = min(int(place), last)
    f = place - j
    if j == last:
        return cubics[j, 0] + cubics[j, 1] * f
    return cubics[j, 0] + f * (cubics[j, 1] + f * (cubics[j, 2] + f * cubics[j, 3]))


@compiled
def tangent(cubics, place):
    """Return the derivative of `curve` at a place."""
    last = len(cubics) - 1
    if place <= 0.0:
        return cubics[0, 1]
    j = min(int(place), last)
    f = place - j
    if j == last:
        return cubics[j, 1]
    return cubics[j, 1] + f * (2 * cubics[j, 2] + 3 * f * cubics[j, 3])
