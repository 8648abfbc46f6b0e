"""Effort by kind: the cheapest way to push the score, and its cost.

Holmström and Milgrom 1991, Multitask principal-agent analyses. Effort e (kinds,) costs, a year,
cost / 2 × [m² + q × Σ w (e − 1 − m)²] with m = Σ w (e − 1), shares of work w, q = (1 − ρ) / (1 + ρ) and
substitution ρ. Kinds count in the score by shares a; push = Σ a (e − 1) is what moves the score.
"""

from __future__ import annotations

import numpy as np

from .planning import Options

_SAME = 1e-12


def cheapest(
    volume: np.ndarray,
    assessed: np.ndarray,
    levels: np.ndarray,
    gains: np.ndarray,
    cost: float,
    substitution: float,
    least: float | np.ndarray,
    most: float | np.ndarray,
) -> tuple[Options, np.ndarray]:
    """Return the options of a unit, and the extra effort by kind at each of them, (m, kinds).

    Parameters
    ----------
    volume, assessed : (kinds,), shares of the unit's work, with the sum 1, and what effort for each brings,
        1 = as much as the same effort for all that is scored. Under 0: less of it brings points.
    levels, gains : (l,), efforts, rising, 1 among them, and the points that a year at them brings.
    cost : curvature of the cost of effort, years of pay.
    substitution : ρ, above −1 and under 1.
    least, most : bounds of the effort for each kind, one for all or (kinds,).

    Notes
    -----
    Between bounds the efforts are linear in the marginal value of a push; where one binds, the others go on
    (an active set). Kinds without work have no extra effort.
    """
    push, marginal, extra = _path(volume, assessed, cost, substitution, least - 1, most - 1)
    inside = levels[(levels - 1 > push[0] + _SAME) & (levels - 1 < push[-1] - _SAME)] - 1
    at = np.union1d(push, inside)
    at = at[np.concatenate(([True], np.diff(at) > _SAME))]
    gain = np.interp(at, levels - 1, gains)
    if len(levels) > 1:  # less of a task may bring more than all that was tried
        beyond, slope = at - (levels[-1] - 1), (gains[-1] - gains[-2]) / (levels[-1] - levels[-2])
        gain = gain + np.where(beyond > _SAME, beyond * slope, 0.0)
    bend = np.diff(np.diff(gain) / np.diff(at))
    straight = np.zeros(len(at), bool)
    straight[1:-1] = np.abs(bend) < 1e-9 * max(np.ptp(gains), 1e-9)
    kept = ~straight | np.isin(at, push)
    at, gain = at[kept], gain[kept]
    slope = np.interp(at, push, marginal)
    each = np.array([np.interp(at, push, own) for own in extra.T]).T
    alone = len(at) == 1  # with nothing between options, they are levels
    return Options(at, gain, _costs(each, volume, cost, substitution), slope, alone), each


def _costs(extra: np.ndarray, volume: np.ndarray, cost: float, substitution: float) -> np.ndarray:
    """Return the cost of extra efforts (m, kinds), years of pay a year, (m,)."""
    q = (1 - substitution) / (1 + substitution)
    mean = extra @ volume
    return cost / 2 * (mean**2 + q * ((extra - mean[:, None]) ** 2) @ volume)


def _path(
    volume: np.ndarray,
    assessed: np.ndarray,
    cost: float,
    substitution: float,
    low: float | np.ndarray,
    high: float | np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return pushes (m,), rising, their marginal costs (m,) and extra efforts (m, kinds).

    The points are those at which another kind reaches a bound; 0 is among them.
    """
    kinds = np.flatnonzero(volume > 0)
    low, high = (np.broadcast_to(bound, volume.shape)[kinds] for bound in (low, high))
    down = _one_way(volume[kinds], assessed[kinds], substitution, low, high, -1.0)
    up = _one_way(volume[kinds], assessed[kinds], substitution, low, high, 1.0)
    values = np.array([value for value, _ in [*down[::-1], (0.0, np.zeros(len(kinds))), *up]])
    efforts = np.array([effort for _, effort in [*down[::-1], (0.0, np.zeros(len(kinds))), *up]])
    extra = np.zeros((len(values), len(volume)))
    extra[:, kinds] = efforts
    push = extra @ assessed
    moved = np.concatenate(([True], np.diff(push) > _SAME))
    return push[moved], cost * values[moved], extra[moved]


def _one_way(
    volume: np.ndarray,
    assessed: np.ndarray,
    substitution: float,
    low: np.ndarray,
    high: np.ndarray,
    way: float,
) -> list[tuple[float, np.ndarray]]:
    """Return the marginal value, cost = 1, and the efforts where a kind reaches a bound, going up or down."""
    q = (1 - substitution) / (1 + substitution)
    free, value, effort = np.ones(len(volume), bool), 0.0, np.zeros(len(volume))
    points = []
    while (assessed[free] != 0).any():
        # the mean effort m solves m × (q + (1 − q) W) = value × A + q × B, over free kinds and the bound ones
        rise_of_mean = assessed[free].sum() / (q + (1 - q) * volume[free].sum())
        rise = np.where(free, (assessed / volume - (1 - q) * rise_of_mean) / q, 0.0) * way
        room = np.where(rise > 0, high - effort, low - effort)
        steps = np.divide(room, rise, out=np.full(len(volume), np.inf), where=free & (np.abs(rise) > _SAME))
        step = float(steps.min())
        if not np.isfinite(step):
            break
        value, effort = value + way * step, effort + rise * step
        reached = free & (steps <= step + _SAME)
        effort = np.where(reached, np.where(rise > 0, high, low), effort)
        free &= ~reached
        points.append((value, effort.copy()))
    return points
