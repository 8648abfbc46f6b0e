"""The worth of a measured score, and its mean over the noise in the score. Compiled.

Scores are in points, worths in years of pay, spreads are standard deviations.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.jit import compiled

from .curves import cubics_through, curve, on_curve

TAIL = 6.0  # standard deviations of a normal number that are reckoned with
_NODES = 96  # places of a quadrature over the noise
_PLACES = [2 * (node + 0.5) / _NODES - 1 for node in range(_NODES)]
_DENSITY = np.array([math.exp(-((TAIL * z) ** 2) / 2) for z in _PLACES])  # at each, not scaled


class Worth(NamedTuple):
    """The worth of a measured score: piecewise linear with jumps, and a smooth part.

    at, jump, bend : (k,), the corners, rising; what the worth gains at a corner and right of it (its upper
    value), and the change of its slope there. level, slope : the worth at the first corner from the left,
    and the slope left of it. start, step, smooth : the smooth part at start, start + step, …, (n,) or empty;
    constant beyond its ends.
    """

    at: np.ndarray
    jump: np.ndarray
    bend: np.ndarray
    level: float
    slope: float
    start: float
    step: float
    smooth: np.ndarray


@compiled
def expected(worth, score, sd, uniform):
    """Return E[worth(score + sd × Z)], Z normal, or uniform with the same spread."""
    value = worth.level + worth.slope * (score - worth.at[0])
    half = math.sqrt(3.0) * sd
    for corner in range(len(worth.at)):
        beyond = score - worth.at[corner]
        if sd <= 0.0:
            reached, over = (1.0 if beyond >= 0.0 else 0.0), max(beyond, 0.0)
        elif uniform:
            inside = min(max(beyond + half, 0.0), 2 * half)
            reached, over = inside / (2 * half), inside * inside / (4 * half) + max(beyond - half, 0.0)
        else:
            z = beyond / sd
            if z > 9.0:
                reached, over = 1.0, beyond
            elif z < -9.0:
                reached, over = 0.0, 0.0
            else:
                reached = 0.5 * math.erfc(-z / math.sqrt(2.0))
                over = beyond * reached + sd * math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
        value += worth.jump[corner] * reached + worth.bend[corner] * over
    if len(worth.smooth) > 0:
        value += _expected_smooth(worth, score, sd, uniform, half)
    return value


@compiled
def expected_each(worth, scores, sd, uniform):
    """Return `expected` at each of the scores (n,)."""
    corners = Worth(
        worth.at,
        worth.jump,
        worth.bend,
        worth.level,
        worth.slope,
        worth.start,
        worth.step,
        worth.smooth[:0],
    )
    values = np.empty(len(scores))
    for i in range(len(scores)):
        values[i] = expected(corners, scores[i], sd, uniform)
    if len(worth.smooth) > 0:
        values += _expected_smooth_each(worth, scores, sd, uniform)
    return values


@compiled
def _expected_smooth_each(worth, scores, sd, uniform):
    """Return `_expected_smooth` at each of the scores (n,), node by node."""
    total, weights = np.zeros(len(scores)), 0.0
    if sd <= 0.0:
        for i in range(len(scores)):
            total[i] = _smooth(worth, scores[i])
        return total
    last, cubics = len(worth.smooth) - 1.0, cubics_through(worth.smooth)
    for node in range(_NODES):
        z = 2 * (node + 0.5) / _NODES - 1
        weight = 1.0 if uniform else _DENSITY[node]
        away = math.sqrt(3.0) * sd * z if uniform else TAIL * sd * z
        for i in range(len(scores)):
            place = min(max((scores[i] + away - worth.start) / worth.step, 0.0), last)
            total[i] += weight * on_curve(cubics, place)
        weights += weight
    return total / weights


@compiled
def _expected_smooth(worth, score, sd, uniform, half):
    if sd <= 0.0:
        return _smooth(worth, score)
    total = weights = 0.0
    for node in range(_NODES):
        z = 2 * (node + 0.5) / _NODES - 1
        weight = 1.0 if uniform else _DENSITY[node]
        away = half * z if uniform else TAIL * sd * z
        total += weight * _smooth(worth, score + away)
        weights += weight
    return total / weights


@compiled
def _smooth(worth, score):
    return curve(worth.smooth, min(max((score - worth.start) / worth.step, 0.0), len(worth.smooth) - 1.0))


@compiled
def _variances(worth, scores, sd, uniform):
    """Return Var[worth(score + sd × Z)] at each of the scores (n,), node by node."""
    result, value = np.zeros(len(scores)), np.empty(len(scores))
    if sd <= 0.0:
        return result
    last, cubics = len(worth.smooth) - 1.0, np.empty((0, 4))
    if len(worth.smooth) > 0:
        cubics = cubics_through(worth.smooth)
    mean, squares, weights = np.zeros(len(scores)), np.zeros(len(scores)), 0.0
    for node in range(4 * _NODES):
        z = (node + 0.5) / (2 * _NODES) - 1
        weight = 1.0 if uniform else math.exp(-((TAIL * z) ** 2) / 2)
        away = (math.sqrt(3.0) if uniform else TAIL) * sd * z
        for i in range(len(scores)):
            value[i] = worth.level + worth.slope * (scores[i] + away - worth.at[0])
        for corner in range(len(worth.at)):
            at, jump, bend = worth.at[corner], worth.jump[corner], worth.bend[corner]
            for i in range(len(scores)):
                beyond = scores[i] + away - at
                value[i] += jump * (1.0 if beyond >= 0.0 else 0.0) + bend * max(beyond, 0.0)
        if len(cubics) > 0:
            for i in range(len(scores)):
                place = min(max((scores[i] + away - worth.start) / worth.step, 0.0), last)
                value[i] += on_curve(cubics, place)
        for i in range(len(scores)):
            mean[i] += weight * value[i]
            squares[i] += weight * value[i] ** 2
        weights += weight
    for i in range(len(scores)):
        result[i] = max(squares[i] / weights - (mean[i] / weights) ** 2, 0.0)
    return result


@compiled
def certain(worth, score, sd, uniform, aversion):
    """Return the mean worth less aversion / 2 × its variance."""
    value = expected(worth, score, sd, uniform)
    if aversion > 0.0:
        value -= aversion / 2 * _variances(worth, np.full(1, score), sd, uniform)[0]
    return value


@compiled
def certain_each(worth, scores, sd, uniform, aversion):
    """Return `certain` at each of the scores (n,)."""
    values = expected_each(worth, scores, sd, uniform)
    if aversion > 0.0:
        variances = _variances(worth, scores, sd, uniform)
        for i in range(len(scores)):
            values[i] -= aversion / 2 * variances[i]
    return values
