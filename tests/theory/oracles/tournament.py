"""Rank contests in closed form: how much a point more lowers the chance to be among the bottom k of n.

Lazear and Rosen 1981, Rank-order tournaments as optimum labor contracts; Nalebuff and Stiglitz 1983.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from scipy.special import comb, ndtr

Curve = Callable[[np.ndarray], np.ndarray]
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


@cache
def _legendre() -> tuple[np.ndarray, np.ndarray]:
    return np.polynomial.legendre.leggauss(160)


def _gauss(low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
    """Places and weights of a quadrature from `low` to `high`."""
    x, weight = _legendre()
    return (low + high) / 2 + (high - low) / 2 * x, weight * (high - low) / 2
