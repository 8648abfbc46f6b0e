"""Rank rules: the chance of being among the bottom k of n, and its derivative in the score.

Lazear and Rosen 1981, Rank-order tournaments as optimum labor contracts; Nalebuff and Stiglitz 1983.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr


def bottom_chances(mean: np.ndarray, sd: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the chance (n,) of being among the bottom k, and its slope in the own mean, for normal scores.

    Units may differ in mean and spread (sd > 0). The chances sum to k, whatever the parameters; the slopes
    are 0 or negative. If k is 0, or n or more, there is no contest.
    """
    mean, sd = np.broadcast_arrays(np.asarray(mean, float), np.asarray(sd, float))
    n = len(mean)
    if k <= 0 or n == 0:
        return np.zeros(n), np.zeros(n)
    if k >= n:
        return np.ones(n), np.zeros(n)
    if np.any(sd <= 0):
        raise ValueError("every unit needs a spread above 0")
    x = _common(mean, sd)
    z = (x - mean[:, None]) / sd[:, None]
    own = np.exp(-z * z / 2) / np.sqrt(2 * np.pi) / sd[:, None]
    fewer = _fewer_below(ndtr(z), k)
    fewer *= own * (x[1] - x[0])
    chance = fewer.sum(axis=1)
    slope = np.einsum("nx,nx->n", fewer, z) / sd
    return np.clip(chance, 0, 1), np.minimum(slope, 0)


def _fewer_below(under: np.ndarray, k: int) -> np.ndarray:
    """Return the chance that fewer than k other units lie below x, (n, x), from each unit's own (n, x).

    The counts of units before and after each unit are built up one unit at a time, then convolved.
    """
    n, places = under.shape

    def counts(order: range) -> np.ndarray:
        """Return, for each unit of `order`, the chances of 0, …, k − 1 below among those ahead, (n, k, x)."""
        result, now = np.empty((n, k, places)), np.zeros((k, places))
        now[0] = 1
        for unit in order:
            result[unit] = now
            below = under[unit] * now
            now = now - below
            now[1:] += below[:-1]
        return result

    ahead, behind = counts(range(n)), counts(range(n - 1, -1, -1))
    return np.einsum("nkx,nkx->nx", ahead, np.cumsum(behind, axis=1)[:, ::-1])


def _common(mean: np.ndarray, sd: np.ndarray) -> np.ndarray:
    """Return a grid fine enough for all densities: the trapezoid rule on it errs by less than 1e-9."""
    low, high, fine = np.min(mean - 7.5 * sd), np.max(mean + 7.5 * sd), np.min(sd) / 3
    return np.linspace(low, high, int(np.clip((high - low) / fine, 8, 20_000)) + 2)
