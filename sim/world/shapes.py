"""Random quantities by inversion: every distribution uses one uniform number per quantity."""

from __future__ import annotations

import numpy as np
from scipy import special

from sim.scenario.steps import Draw

_TINY = 2.0**-54  # replaces a uniform draw of exactly 0: the middle of its cell


def quantile(draw: Draw, mean: float, uniform: np.ndarray) -> np.ndarray:
    """Return the quantiles of `draw` with this mean at `uniform` (n,), in the unit of the mean."""
    shape = _MEAN_ONE[draw.distribution](np.maximum(uniform, _TINY), draw.cv or 0.0)
    return np.maximum(mean * shape, draw.least)


def mean_one_lognormal(uniform: np.ndarray, cv: float) -> np.ndarray:
    """Return quantiles of a lognormal with mean 1."""
    sigma = np.sqrt(np.log1p(cv * cv))
    return np.exp(sigma * special.ndtri(np.maximum(uniform, _TINY)) - 0.5 * sigma * sigma)


def _gamma(uniform: np.ndarray, cv: float) -> np.ndarray:
    if cv == 0:
        return np.ones_like(uniform)
    return special.gammaincinv(1 / cv**2, uniform) * cv**2


_MEAN_ONE = {
    "constant": lambda uniform, cv: np.ones_like(uniform),
    "exponential": lambda uniform, cv: -np.log1p(-uniform),
    "lognormal": mean_one_lognormal,
    "gamma": _gamma,
    "normal": lambda uniform, cv: np.maximum(1 + cv * special.ndtri(uniform), 0.0),
    "uniform": lambda uniform, cv: 1 + cv * np.sqrt(3.0) * (2 * uniform - 1),
}
