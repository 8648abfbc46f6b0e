"""The variance of pay under a normal score, and how it changes with the mean.

Between its corners a schedule is a line, pay = level + rise × z of a standard normal z. So its moments are
sums of ∫ φ, ∫ z φ and ∫ z² φ over the stretches.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.stats import norm

from sim.rules.schedule import Schedule


class _Stretches(NamedTuple):
    """By mean and stretch (m, k + 1): the line of pay, and ∫ φ, ∫ z φ, ∫ z² φ.

    density : at the corners, (m, k).
    """

    level: np.ndarray
    rise: np.ndarray
    one: np.ndarray
    z: np.ndarray
    zz: np.ndarray
    density: np.ndarray


def variance(schedule: Schedule, mean: np.ndarray, sd: float) -> np.ndarray:
    """Return Var[pay] for scores normal(mean, sd), (m,)."""
    if sd == 0:
        return np.zeros(len(mean))
    own = _stretches(schedule, mean, sd)
    level = own.level - _expected(own)
    return (level**2 * own.one + 2 * level * own.rise * own.z + own.rise**2 * own.zz).sum(axis=1)


def marginal_variance(schedule: Schedule, mean: np.ndarray, sd: float) -> np.ndarray:
    """Return dVar[pay] / d mean, (m,): 0 for a line; near a cliff its sign points to the cliff."""
    own = _stretches(schedule, mean, sd)
    middle = _expected(own)
    within = 2 * schedule.slopes * ((own.level - middle) * own.one + own.rise * own.z)
    jumps = ((schedule.here - middle) ** 2 - (schedule.before - middle) ** 2) * own.density / sd
    return within.sum(axis=1) + jumps.sum(axis=1)


def _expected(own: _Stretches) -> np.ndarray:
    return (own.level * own.one + own.rise * own.z).sum(axis=1)[:, None]


def _stretches(schedule: Schedule, mean: np.ndarray, sd: float) -> _Stretches:
    corners = (schedule.at - mean[:, None]) / sd
    ends = np.full((len(mean), 1), np.inf)
    edges = np.hstack([-ends, corners, ends])
    density = norm.pdf(edges)
    moved = np.where(np.isfinite(edges), edges, 0.0) * density
    one, z, zz = (np.diff(norm.cdf(edges)), -np.diff(density), np.diff(norm.cdf(edges)) - np.diff(moved))
    starts = np.append(schedule.at[0], schedule.at)
    first = np.append(schedule.before[0], schedule.here)
    level = first + schedule.slopes * (mean[:, None] - starts)
    return _Stretches(level, np.broadcast_to(schedule.slopes * sd, level.shape), one, z, zz, density[:, 1:-1])
