"""Rank rules: the chance of being among the bottom k of n, and what a point of score does to it.

Lazear and Rosen 1981, Rank-order tournaments as optimum labor contracts; Nalebuff and Stiglitz 1983.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from scipy.special import comb, ndtr

Curve = Callable[[np.ndarray], np.ndarray]
_CELLS = 2**22  # of units × rivals × places that are held at once
_WIDE = 9.0  # standard deviations beyond which a normal density is nothing


def tournament_density(
    n: int, k: int, density: Curve, distribution: Curve, ends: tuple[float, float]
) -> float:
    """m(n, k): how much a point more lowers the chance to be among the bottom `k` of `n` equal units.

    m = (n − 1) C(n − 2, k − 1) ∫ F^(k−1) (1 − F)^(n−1−k) f² dx, for noise with density f and distribution F
    between `ends` (where f may jump). The same for the top k: m(n, n − k) = m(n, k) where f is symmetric.
    Two players: m(2, 1) is the density of the difference of the two noises at 0.
    """
    if not 1 <= k < n:
        raise ValueError(f"bottom {k} of {n} is no contest")
    x, weight = _gauss(*ends)
    under = distribution(x)
    terms = under ** (k - 1) * (1 - under) ** (n - 1 - k) * density(x) ** 2
    return float((n - 1) * comb(n - 2, k - 1) * np.sum(weight * terms))


def normal_density(n: int, k: int, sd: float = 1.0) -> float:
    """m(n, k) for normal noise: −(1/n) Σ over j ≤ k of E[Z(j:n)] / sd (Stein's lemma)."""
    if not 1 <= k < n:
        raise ValueError(f"bottom {k} of {n} is no contest")
    return float(-normal_order_means(n)[:k].sum() / (n * sd))


def uniform_density(n: int, k: int, half_width: float) -> float:
    """m(n, k) for noise uniform on ± `half_width`: 1 / (2 half_width), whatever n and k."""
    if not 1 <= k < n:
        raise ValueError(f"bottom {k} of {n} is no contest")
    return 1 / (2 * half_width)


def normal_order_means(n: int) -> np.ndarray:
    """E[Z(j:n)] of n standard normals, smallest first, (n,)."""
    z, weight = _gauss(-_WIDE, _WIDE)
    under, density = ndtr(z), np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    j = np.arange(1, n + 1)[:, None]
    terms = n * comb(n - 1, j - 1) * under ** (j - 1) * ndtr(-z) ** (n - j) * density
    return np.sum(weight * z * terms, axis=1)


def bottom_chances(mean: np.ndarray, sd: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Units with normal scores: the chance (n,) of being among the bottom k, and its slope in the own mean.

    Units may differ in mean and spread (sd > 0). The chances sum to k, whatever the parameters; the slopes
    are 0 or negative. With k of 0, or of n and more, there is nothing to win or lose.
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


def chances_against(
    own: np.ndarray, own_sd: float, mean: np.ndarray, sd: np.ndarray, k: int
) -> tuple[np.ndarray, np.ndarray]:
    """As `bottom_chances`, of one unit at each of its means `own` (m,), against rivals (n,)."""
    mean, sd = np.broadcast_arrays(np.asarray(mean, float), np.asarray(sd, float))
    z = np.linspace(-_WIDE, _WIDE, int(np.ceil(6 * _WIDE * own_sd / min(own_sd, sd.min()))) + 1)
    x = np.asarray(own, float)[:, None] + own_sd * z
    fewer = np.zeros((k, *x.shape))
    fewer[0] = 1
    for rival, spread in zip(mean, sd, strict=True):
        under = ndtr((x - rival) / spread)
        fewer[1:] = fewer[1:] * (1 - under) + fewer[:-1] * under
        fewer[0] *= 1 - under
    weight = fewer.sum(axis=0) * np.exp(-z * z / 2) / np.sqrt(2 * np.pi) * (z[1] - z[0])
    return weight.sum(axis=1), (weight * z).sum(axis=1) / own_sd


def expected_percentiles(
    mean: np.ndarray, sd: np.ndarray, contest: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The percentile of rank that units with normal scores may expect: mean, spread, and rise a point, (n,).

    As `scaling.percentiles` counts them, among the units of the `contest`, bool (n,); others have the place
    that they would have in it. The spread is that of the own and of the rivals' luck.
    """
    mean, sd = np.broadcast_arrays(np.asarray(mean, float), np.asarray(sd, float))
    z = np.linspace(-6, 6, 121)
    weight = np.exp(-z * z / 2)
    weight /= weight.sum()
    rivals = contest & ~np.eye(len(mean), dtype=bool)  # (n, n): whom each meets
    own = mean[:, None] + sd[:, None] * z  # (n, z)
    beaten, chance = np.empty_like(own), np.empty_like(own)
    at_once = max(1, _CELLS // own.size)
    for first in range(0, len(mean), at_once):
        some = slice(first, first + at_once)
        passed = ndtr((own[some, None, :] - mean[:, None]) / sd[:, None])  # (some, rival, z)
        passed *= rivals[some, :, None]
        beaten[some], chance[some] = passed.sum(axis=1), (passed * (1 - passed)).sum(axis=1)
    middle = beaten @ weight
    spread = np.sqrt((chance + (beaten - middle[:, None]) ** 2) @ weight)
    rise = (beaten * z) @ weight / sd
    scale = 100 / (rivals.sum(axis=1) + 1)
    return (middle + 0.5) * scale, spread * scale, rise * scale


def _fewer_below(under: np.ndarray, k: int) -> np.ndarray:
    """The chance that fewer than k of the other units lie below x, (n, x), from each unit's own (n, x).

    Counts of those before and of those after a unit are built up one unit at a time, and put together.
    """
    n, places = under.shape

    def counts(order: range) -> np.ndarray:
        """For each unit of `order` the chances of 0, …, k − 1 below among those ahead of it, (n, k, x)."""
        found, now = np.empty((n, k, places)), np.zeros((k, places))
        now[0] = 1
        for unit in order:
            found[unit] = now
            here = under[unit] * now
            now = now - here
            now[1:] += here[:-1]
        return found

    ahead, behind = counts(range(n)), counts(range(n - 1, -1, -1))
    return np.einsum("nkx,nkx->nx", ahead, np.cumsum(behind, axis=1)[:, ::-1])


def _common(mean: np.ndarray, sd: np.ndarray) -> np.ndarray:
    """Places at which all densities are smooth: the trapezoid rule on them errs by less than 1e-9."""
    low, high, fine = np.min(mean - 7.5 * sd), np.max(mean + 7.5 * sd), np.min(sd) / 3
    return np.linspace(low, high, int(np.clip((high - low) / fine, 8, 20_000)) + 2)


@cache
def _legendre() -> tuple[np.ndarray, np.ndarray]:
    return np.polynomial.legendre.leggauss(160)


def _gauss(low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
    """Places and weights of a quadrature from `low` to `high`."""
    x, weight = _legendre()
    return (low + high) / 2 + (high - low) / 2 * x, weight * (high - low) / 2
