"""Random quantities by inversion: every distribution uses one uniform number per quantity."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import special

from sim.scenario.steps import Draw

_TINY = 2.0**-54  # replaces a uniform draw of exactly 0: the middle of its cell
_MOST = 1 - 2.0**-53  # the greatest uniform draw


def quantile(draw: Draw, mean: float, uniform: np.ndarray) -> np.ndarray:
    """Return the quantiles of `draw` with this mean at `uniform` (n,), in the unit of the mean."""
    return np.maximum(mean * Quantiles([draw])(np.zeros(len(uniform), np.int8), uniform), draw.least)


class Quantiles:
    """The quantiles of several distributions with mean 1, by their numbers."""

    def __init__(self, draws: Sequence[Draw]) -> None:
        laws = [draw.distribution for draw in draws]
        self._law = np.array([_LAWS.index(law) if law in _LAWS else -1 for law in laws], np.int8)
        self._others = sorted(set(self._law[self._law >= 0].tolist()))
        cvs = [draw.cv or 0.0 for draw in draws]
        # A constant is a lognormal that does not spread.
        self._sigma = np.array(
            [_sigma(cv) if law == "lognormal" else 0.0 for law, cv in zip(laws, cvs, strict=True)], float
        )
        self._spread = np.array([cv**2 if law == "gamma" else cv for law, cv in zip(laws, cvs, strict=True)])

    def __call__(self, which: np.ndarray, uniform: np.ndarray) -> np.ndarray:
        """Return the quantile of distribution ``which[i]`` at ``uniform[i]``, which is cut to [0, 1)."""
        uniform = np.clip(uniform, _TINY, _MOST)
        drawn = _lognormal(uniform, self._sigma.take(which))
        for law in self._others:
            rows = np.flatnonzero(self._law.take(which) == law)
            drawn[rows] = _SHAPES[_LAWS[law]](uniform[rows], self._spread[which[rows]])
        return drawn


def mean_one_lognormal(uniform: np.ndarray, cv: float) -> np.ndarray:
    """Return quantiles of a lognormal with mean 1."""
    return _lognormal(np.maximum(uniform, _TINY), _sigma(cv))


def _sigma(cv: float) -> float:
    return np.sqrt(np.log1p(cv * cv))


def _lognormal(uniform: np.ndarray, sigma: np.ndarray | float) -> np.ndarray:
    drawn = special.ndtri(uniform)
    drawn *= sigma
    drawn -= 0.5 * sigma * sigma
    return np.exp(drawn, out=drawn)


def _gamma(uniform: np.ndarray, variance: np.ndarray) -> np.ndarray:
    constant = variance == 0
    variance = np.where(constant, 1.0, variance)
    return np.where(constant, 1.0, special.gammaincinv(1 / variance, uniform) * variance)


# The other distributions with mean 1 at a number in (0, 1), by their cv; the gamma by its square.
_SHAPES = {
    "exponential": lambda uniform, _: -np.log1p(-uniform),
    "gamma": _gamma,
    "normal": lambda uniform, cv: np.maximum(1 + cv * special.ndtri(uniform), 0.0),
    "uniform": lambda uniform, cv: 1 + cv * np.sqrt(3.0) * (2 * uniform - 1),
}
_LAWS = tuple(_SHAPES)
