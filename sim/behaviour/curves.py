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
    result = np.zeros((*values.shape, 4))
    for row in range(len(values)):
        _write_cubics(values[row], result[row])
    return result


@compiled
def cubics_through(values):
    """Return the coefficients of `curve` through values (n,), (n, 4)."""
    result = np.zeros((len(values), 4))
    _write_cubics(values, result)
    return result


@compiled
def _write_cubics(values, result):
    last = len(values) - 1
    for j in range(last):
        result[j, 0], result[j, 1], result[j, 2], result[j, 3] = cubic(values, j)
    result[last, 0], result[last, 1] = values[last], values[last] - values[last - 1]


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


@compiled
def fine_cubics_of(values):
    """Return the coefficients of a curve through 5 smooth values (n,) or more, (n, 4), for `on_curve`.

    It is nearer between them than `curve`: its slopes are right to the fourth order.
    """
    last, rise = len(values) - 1, np.empty(len(values))
    for j in range(2, last - 1):
        rise[j] = (8 * (values[j + 1] - values[j - 1]) - (values[j + 2] - values[j - 2])) / 12
    for end, way in ((0, 1), (last, -1)):
        a, b, c = values[end], values[end + way], values[end + 2 * way]
        d, e = values[end + 3 * way], values[end + 4 * way]
        rise[end] = way * (48 * b - 25 * a - 36 * c + 16 * d - 3 * e) / 12
        rise[end + way] = way * (18 * c - 3 * a - 10 * b - 6 * d + e) / 12
    result = np.zeros((last + 1, 4))
    for j in range(last):
        up = values[j + 1] - values[j]
        result[j, 0], result[j, 1] = values[j], rise[j]
        result[j, 2], result[j, 3] = 3 * up - 2 * rise[j] - rise[j + 1], rise[j] + rise[j + 1] - 2 * up
    result[last, 0], result[last, 1] = values[last], rise[last]
    return result


@compiled
def on_curve_each(cubics, places):
    """Return `on_curve` at each of the places (m, n)."""
    result = np.empty(places.shape)
    for i in range(places.shape[0]):
        for j in range(places.shape[1]):
            result[i, j] = on_curve(cubics, places[i, j])
    return result
