"""Which values of unknown numbers give what was observed: a set of them, never one point.

A point of the space is (d,) numbers in [0, 1]. A few points are simulated, a surrogate of each observed total
is fitted to them, and a point is plausible as far as the totals that it foretells agree with the observed
ones. Three doubts stand between the two: the luck of the observed year, what the surrogate misses, and the
error of the record itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import fdtrc, stdtr
from scipy.stats import multivariate_t, qmc, rankdata

from sim.scenario.counts import number_of
from sim.scenario.errors import InputError

from .doubt import Surrogate

CONFIDENCE = 0.95
ENOUGH = 2_000  # points of a set
_PLACES = 1 << 13  # of a round of sampling
_ROUNDS = 8
_WIDE = 2.0  # a proposal's spread over that of the round before, as variances
_EVERYWHERE = 0.1  # share of a proposal that looks at the whole space
_TAILS = 5  # degrees of freedom of a proposal
IMPOSSIBLE = 0.001  # p value under which no point agrees with what was observed

Foretold = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Observed:
    """What was observed: `values` (t,), and the standard `error` of the record itself (t,), 0 = exact."""

    values: np.ndarray
    error: np.ndarray


@dataclass(frozen=True)
class PlausibleSet:
    """The plausible set.

    points : (m, d), of equal weight. foretold : (m, t), the totals there. low, middle, high : (d,), the
    central 95 % of each number and its median. told : (d,), the share of its range that the totals rule out
    (0 = they tell nothing of it). together : (d, d), rank correlations within the set. best : (d,), the point
    that agrees best. misses : (t,), by how many standard deviations the totals miss there. p_value : of
    agreement at the best point as bad as that by luck.
    """

    points: np.ndarray
    foretold: np.ndarray
    low: np.ndarray
    middle: np.ndarray
    high: np.ndarray
    told: np.ndarray
    together: np.ndarray
    best: np.ndarray
    misses: np.ndarray
    p_value: float


class Matching:
    """How well points agree with what was observed.

    Parameters
    ----------
    points : array of float (n, d)
        The points that were simulated, ten or more.
    totals : array of float (n, k, t)
        The totals of k replications at each.
    luck : array of float (r, t)
        The totals of r replications at one point: how a year's luck moves them, and together. The first k are
        of the same citizens as those of `totals`.
    observed : Observed
        What was observed, in one year.
    straight : callable, optional
        Points (m, d) → (m, d) on which totals depend smoothly, such as the numbers themselves.

    Raises
    ------
    InputError
        If there are more numbers than totals, fewer than ten points, or too few replications.

    Notes
    -----
    The totals of a year are taken as normal with the covariance of `luck`, of which r replications tell only
    so much: the likelihood is a multivariate t (Sellentin and Heavens 2016; synthetic likelihood: Wood 2010).
    What each surrogate misses when a point is left out is added as variance (history matching: Craig et al.
    1997). A total that is positive wherever it was seen is taken by its logarithm: a wait near capacity grows
    without bound, and its luck with it. Without anything else known all places are equally plausible.
    """

    def __init__(
        self,
        points: np.ndarray,
        totals: np.ndarray,
        luck: np.ndarray,
        observed: Observed,
        straight: Callable[[np.ndarray], np.ndarray] = np.asarray,
    ) -> None:
        replications, count = luck.shape
        if points.shape[1] > count:
            raise InputError(
                f"{number_of(points.shape[1], 'number')} and {number_of(count, 'observed total')}",
                remedy="Give no more numbers than totals",
            )
        if replications < count + 4:
            raise InputError(
                f"{replications} replications tell too little of the luck of {count} totals",
                remedy=f"Run {count + 4} or more",
            )
        self.dimensions, self._replications, self._straight = points.shape[1], replications, straight
        seen = np.concatenate([totals.reshape(-1, count), luck, observed.values[None]])
        self._by_log = (seen > 0).all(axis=0)
        totals, luck, self._observed = map(self._scaled, (totals, luck, observed.values))
        error = observed.error / np.where(self._by_log, observed.values, 1.0)
        same = luck[: totals.shape[1]].mean(axis=0)  # how lucky these citizens are is told by the others
        means = totals.mean(axis=1) + luck.mean(axis=0) - same
        self.surrogates = [_fitted(straight(points), own) for own in means.T]
        missed = np.array([own for _, own in self.surrogates])
        own = np.cov(luck, rowvar=False).reshape(count, count)
        # the observed year's luck, and that of the mean of the simulated ones
        self.covariance = (1 + 1 / replications) * own + np.diag(missed**2 + error**2)
        self._luck = own
        constant = np.diag(self.covariance) <= 0
        if constant.any():
            raise InputError(
                f"observed total {int(np.argmax(constant)) + 1} is the same in every year and at every point",
                remedy="Leave it out: it tells nothing",
            )
        self._inverse = np.linalg.inv(self.covariance)

    def foretell(self, points: np.ndarray) -> np.ndarray:
        """Return the totals at points (m, d), (m, t): of a middling year."""
        return self._unscaled(self._foretell(points))

    def _foretell(self, points: np.ndarray) -> np.ndarray:
        at = self._straight(points)
        return np.column_stack([foretold(at) for foretold, _ in self.surrogates])

    def _scaled(self, totals: np.ndarray) -> np.ndarray:
        """Return totals (…, t), their logarithms where they are taken by these."""
        return np.log(totals, out=totals.astype(float), where=self._by_log)

    def _unscaled(self, totals: np.ndarray) -> np.ndarray:
        return np.exp(totals, out=totals.copy(), where=self._by_log)

    def log_likelihood(self, points: np.ndarray) -> np.ndarray:
        """Return the logarithm of the likelihood of points (m, d), but for a constant, (m,)."""
        return -self._replications / 2 * np.log1p(self._apart(points) / (self._replications - 1))

    def _apart(self, points: np.ndarray) -> np.ndarray:
        """Return the squared distances (Mahalanobis) of the totals at points from the observed ones, (m,)."""
        off = self._observed - self._foretell(points)
        return np.einsum("mi,ij,mj->m", off, self._inverse, off)

    def plausible(self, seed: int = 0) -> PlausibleSet:
        """Return the plausible set.

        Adaptive importance sampling (Cappé et al. 2004): each round looks where the last one found most, and
        everywhere a little.
        """
        rng = np.random.default_rng(seed)
        points = qmc.Sobol(self.dimensions, rng=rng).random(_PLACES)
        log = self.log_likelihood(points)
        weight = _weights(log)
        for _ in range(_ROUNDS):
            if 1 / (weight**2).sum() >= ENOUGH:
                break
            points, log, weight = self._again(points, weight, rng)
        best = points[np.argmax(log)]
        chosen = points[rng.choice(len(points), ENOUGH, p=weight)]
        tail = (1 - CONFIDENCE) / 2
        low, middle, high = np.quantile(chosen, [tail, 0.5, 1 - tail], axis=0)
        off = (self._observed - self._foretell(best[None])[0]) / np.sqrt(np.diag(self.covariance))
        ranks = np.column_stack([rankdata(own) for own in chosen.T])
        return PlausibleSet(
            points=chosen,
            foretold=self.foretell(chosen),
            low=low,
            middle=middle,
            high=high,
            told=np.clip(1 - (high - low) / CONFIDENCE, 0.0, 1.0),
            together=np.atleast_2d(np.corrcoef(ranks, rowvar=False)),
            best=best,
            misses=off,
            p_value=self._agreement(float(self._apart(best[None])[0])),
        )

    def years(self, plausible: PlausibleSet, seed: int = 0) -> np.ndarray:
        """Return the totals of a year at each point of the set, luck included, (m, t)."""
        rng = np.random.default_rng(seed)
        luck = rng.multivariate_normal(np.zeros(len(self._luck)), self._luck, len(plausible.points))
        return self._unscaled(self._foretell(plausible.points) + luck)

    def p_values(self, misses: np.ndarray) -> np.ndarray:
        """Return how often luck alone misses one total by so many standard deviations, (t,)."""
        return 2 * stdtr(self._replications - 1, -np.abs(misses))

    def _agreement(self, apart: float) -> float:
        """Return the p value of a squared distance (Hotelling's T²); each fitted number takes a total."""
        r, free = self._replications, max(len(self._observed) - self.dimensions, 0)
        if free == 0:
            free = 1
        return float(fdtrc(free, r - free, (r - free) / (free * (r - 1)) * apart))

    def _again(
        self, points: np.ndarray, weight: np.ndarray, rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the points of a round of sampling, with their log likelihoods and weights."""
        mean = weight @ points
        spread = np.cov(points, rowvar=False, aweights=weight).reshape(self.dimensions, -1)
        near = multivariate_t(mean, _WIDE * spread + 1e-12 * np.eye(self.dimensions), df=_TAILS, seed=rng)
        count = round(_EVERYWHERE * _PLACES)
        found = near.rvs(_PLACES - count).reshape(-1, self.dimensions)
        found = np.concatenate([rng.random((count, self.dimensions)), found])
        found = found[((found >= 0) & (found <= 1)).all(axis=1)]
        log = self.log_likelihood(found)
        drawn = _EVERYWHERE + (1 - _EVERYWHERE) * near.pdf(found).reshape(len(found))
        return found, log, _weights(log - np.log(drawn))


def _weights(log: np.ndarray) -> np.ndarray:
    weight = np.exp(log - log.max())
    return weight / weight.sum()


def _fitted(points: np.ndarray, totals: np.ndarray) -> tuple[Foretold, float]:
    """Return what foretells a total at points, and the root mean square of what it misses."""
    if not np.isfinite(totals).all():
        raise InputError("a total has no value at some points", remedy="Choose totals that are always there")
    if totals.std() <= 1e-12 * max(abs(totals.mean()), 1e-300):
        level = float(totals.mean())
        return lambda at: np.full(len(at), level), 0.0
    surrogate = Surrogate(points, totals, np.zeros(len(points)))
    return surrogate, surrogate.error
