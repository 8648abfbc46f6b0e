"""Random quantities by inversion: every distribution uses one uniform number per quantity."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import special

from sim.scenario.steps import Draw

_TINY = 2.0**-54  # replaces a uniform draw of exactly 0: the middle of its cell


def quantile(draw: Draw, mean: float, uniform: np.ndarray) -> np.ndarray:
    """Return the quantiles of `draw` with this mean at `uniform` (n,), in the unit of the mean."""
    return Quantiles([draw], [mean])(np.zeros(len(uniform), np.int8), uniform)


class Quantiles:
    """The quantiles of several distributions, by their numbers: `draws` with these `means`."""

    def __init__(self, draws: Sequence[Draw], means: Sequence[float]) -> None:
        self._mean = np.array(means, float)
        self._least = np.array([draw.least for draw in draws], float)
        laws = [_LAWS[draw.distribution] for draw in draws]
        self._parameter = np.array([law[0](d.cv or 0.0) for law, d in zip(laws, draws, strict=True)], float)
        names = list(dict.fromkeys(draw.distribution for draw in draws))
        self._shapes = [_LAWS[name][1] for name in names]
        self._law = np.array([names.index(draw.distribution) for draw in draws], np.int8)

    def __call__(self, which: np.ndarray, uniform: np.ndarray) -> np.ndarray:
        """Return the quantile of distribution ``which[i]`` at ``uniform[i]``, in the unit of its mean."""
        drawn, law = np.empty(len(which)), self._law[which]
        for number, shape in enumerate(self._shapes):
            rows = np.flatnonzero(law == number)
            drawn[rows] = shape(np.maximum(uniform[rows], _TINY), self._parameter[which[rows]])
        return np.maximum(self._mean[which] * drawn, self._least[which])


def mean_one_lognormal(uniform: np.ndarray, cv: float) -> np.ndarray:
    """Return quantiles of a lognormal with mean 1."""
    return _lognormal(np.maximum(uniform, _TINY), _sigma(cv))


def _sigma(cv: float) -> float:
    return np.sqrt(np.log1p(cv * cv))


def _lognormal(uniform: np.ndarray, sigma: np.ndarray | float) -> np.ndarray:
    return np.exp(sigma * special.ndtri(uniform) - 0.5 * sigma * sigma)


def _gamma(uniform: np.ndarray, variance: np.ndarray) -> np.ndarray:
    constant = variance == 0
    safe = np.where(constant, 1.0, variance)
    return np.where(constant, 1.0, special.gammaincinv(1 / safe, uniform) * safe)


# Of each distribution with mean 1: a parameter from its cv, and its quantiles at a number in (0, 1).
_LAWS = {
    "constant": (lambda cv: cv, lambda uniform, _: np.ones_like(uniform)),
    "exponential": (lambda cv: cv, lambda uniform, _: -np.log1p(-uniform)),
    "lognormal": (_sigma, _lognormal),
    "gamma": (lambda cv: cv**2, _gamma),
    "normal": (lambda cv: cv, lambda uniform, cv: np.maximum(1 + cv * special.ndtri(uniform), 0.0)),
    "uniform": (
        lambda cv: cv * np.sqrt(3.0),
        lambda uniform, half: 1 + half * (2 * uniform - 1),
    ),
}
