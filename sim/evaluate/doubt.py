"""Whether an answer survives what is assumed: what points of the plausible space tell.

A point of the space is (d,) numbers in [0, 1]. What was simulated at points is a table with the columns
point, policy, behaviour, replication, outcome and difference (policy − baseline at the same point, the same
citizens); the points themselves are a table with point, trajectory, group ("" where nothing was moved).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import betaincinv, stdtrit

from sim.scenario.errors import InputError

from .screening import SURE

FEWEST = 20  # points on which a box rests


def spread(differences: pd.DataFrame, trajectory: pd.Series, worth: float = 1.0) -> pd.DataFrame:
    """Tell how far differences to the baseline spread over the plausible space.

    Parameters
    ----------
    differences : DataFrame
        Columns point, policy, behaviour, outcome, replication and difference; the point "given" is that of
        the values as given.
    trajectory : Series
        By point, which points were made from one another.
    worth : float, optional
        How many independent trajectories each counts as.

    Returns
    -------
    DataFrame
        One row a policy, behaviour and outcome: given, the mean at the values as given; low and high, between
        which 95 % of the points lie; same_way, the share of points whose difference has the sign of `given`
        (NaN where that is 0), with its interval same_low, same_high over trajectories; n points.
    """
    rows = []
    means = differences.groupby(["policy", "behaviour", "outcome", "point"], observed=True)[
        "difference"
    ].mean()
    table = means.unstack("point")
    at_given = table["given"] if "given" in table else pd.Series(np.nan, table.index)
    moved = table.drop(columns="given", errors="ignore")
    for key, given, by_point in zip(
        table.index, at_given.to_numpy(float), moved.to_numpy(float), strict=True
    ):
        policy, behaviour, outcome = key if isinstance(key, tuple) else (key, "", "")
        there = ~np.isnan(by_point)
        over = pd.Series(by_point[there], moved.columns[there])
        if over.empty:
            continue
        low, high = np.quantile(over, [0.025, 0.975])
        share, below, above = np.nan, np.nan, np.nan
        if given:
            share, below, above = standing(np.sign(over) == np.sign(given), trajectory, worth)
        rows.append((policy, behaviour, outcome, given, low, high, share, below, above, len(over)))
    columns = ["policy", "behaviour", "outcome", "given", "low", "high"]
    return pd.DataFrame(rows, columns=[*columns, "same_way", "same_low", "same_high", "n"])


def standing(holds: pd.Series, trajectory: pd.Series, worth: float = 1.0) -> tuple[float, float, float]:
    """Return the share of points at which something holds, with its 95 % interval.

    Points of one trajectory are not independent: it is counted by trajectory, with a t interval inside
    [0, 1]; where all agree, or each point is a trajectory of its own, with the exact bound of so many
    trajectories. `worth` is how many independent ones a trajectory counts as.
    """
    share, half, count, alone = _over_trajectories(holds.astype(float), trajectory, worth)
    if alone or share in (0.0, 1.0) or count < 2:
        hits = share * count
        low = 0.0 if hits <= 0 else float(betaincinv(hits, count - hits + 1, 0.025))
        high = 1.0 if hits >= count else float(betaincinv(hits + 1, count - hits, 0.975))
        return share, low, high  # Clopper and Pearson 1934
    return share, max(0.0, share - half), min(1.0, share + half)


def _over_trajectories(
    values: pd.Series, trajectory: pd.Series, worth: float
) -> tuple[float, float, float, bool]:
    """Return the mean over points, the half-width of its 95 % t interval (NaN of one trajectory), as how
    many trajectories they count, and whether each has one point: points of one are not independent."""
    own, names = pd.factorize(trajectory.reindex(values.index).to_numpy())
    known = values.notna().to_numpy() & (own >= 0)
    counts = np.bincount(own[known], minlength=len(names))
    sums = np.bincount(own[known], values.to_numpy(float)[known], len(names))
    mean, count = float(sums.sum() / counts.sum()), len(names) * worth
    alone = bool((counts == 1).all())
    if count < 2:
        return mean, np.nan, count, alone
    residual = pd.Series((sums - mean * counts) / counts.mean())  # a ratio of sums
    half = float(stdtrit(count - 1, 0.975) * residual.std(ddof=1) / np.sqrt(count))
    return mean, half, count, alone


@dataclass(frozen=True)
class Box:
    """Where an answer flips: bounds of some dimensions, in [0, 1].

    bounds : by dimension. density : the share of the box's points at which it flips; coverage : the share of
    all flips that lie in it; mass : the share of the points in it. p_value : by dimension, of the rank-sum
    test of its places where the answer flips against those where it does not.
    """

    bounds: dict[int, tuple[float, float]]
    density: float
    coverage: float
    mass: float
    p_value: dict[int, float]


def flip_box(points: np.ndarray, flips: np.ndarray, peel: float = 0.05, most: int = 3) -> Box | None:
    """Find the box in which an answer flips most often (PRIM, Friedman and Fisher 1999).

    Only dimensions are peeled that differ between points where the answer flips and the others: rank-sum
    tests, Bonferroni over all dimensions. So a box is found by chance in one of twenty cases at most.

    Parameters
    ----------
    points : array of float (n, d)
        Points of the space.
    flips : array of bool (n,)
        Where the answer is another.
    peel : float, optional
        The share of the points that one step takes off.
    most : int, optional
        How many dimensions may be bounded: a box of many cannot be told in words, nor trusted.

    Returns
    -------
    Box or None
        None where there is nothing to find: under `FEWEST` points, under five flips, or no dimension that
        differs.
    """
    n, flips = len(points), np.asarray(flips, bool)
    if n < FEWEST or flips.sum() < 5 or (~flips).sum() < 5:
        return None
    from scipy.stats import mannwhitneyu  # late: a large import

    p_value = mannwhitneyu(points[flips], points[~flips]).pvalue
    differs = [int(at) for at in np.argsort(p_value)[:most] if p_value[at] * points.shape[1] < SURE]
    if not differs:
        return None
    bounds: dict[int, tuple[float, float]] = {}
    inside = np.ones(n, bool)
    while inside.sum() > max(FEWEST / 2, 0.05 * n):
        best, gain = None, flips[inside].mean()
        for dimension in differs:
            own = points[inside, dimension]
            low, high = bounds.get(dimension, (0.0, 1.0))
            for cut in ((np.quantile(own, peel), high), (low, np.quantile(own, 1 - peel))):
                kept = inside & (points[:, dimension] >= cut[0]) & (points[:, dimension] <= cut[1])
                if 0 < kept.sum() < inside.sum() and flips[kept].mean() > gain:
                    best, gain = (dimension, cut, kept), flips[kept].mean()
        if best is None:
            break
        dimension, cut, inside = best
        bounds[dimension] = (float(cut[0]), float(cut[1]))
    return Box(
        bounds,
        float(flips[inside].mean()),
        float(flips[inside].sum() / flips.sum()),
        float(inside.mean()),
        {dimension: float(p_value[dimension]) for dimension in bounds},
    )


def regret(gains: pd.DataFrame, margin: float, trajectory: pd.Series, worth: float = 1.0) -> pd.DataFrame:
    """Tell how much a choice may cost if the assumed numbers are others.

    Parameters
    ----------
    gains : DataFrame
        One row a point, one column a policy (the baseline among them, at 0): what it gains over the baseline,
        more is better.
    margin : float
        What makes no difference in practice.
    trajectory : Series
        By point, which points were made from one another.
    worth : float, optional
        How many independent trajectories each counts as.

    Returns
    -------
    DataFrame
        By policy: the mean gain, with its 95 % interval low, high over trajectories; most_regret and
        regret_90, the greatest and the 90th percentile of what the best policy of a point gains more;
        satisfies, the share of points at which it is no worse than the baseline by more than `margin`, with
        satisfies_low and satisfies_high; best, that at which it is within `margin` of the best, with
        best_low and best_high.

    Notes
    -----
    Savage 1951. The best of a point is the luckiest too: of rules that are equal, regret is as large as the
    luck of a point's mean.
    """
    lost = gains.rsub(gains.max(axis=1), axis=0)
    rows = {}
    for policy in gains.columns:
        gain, half, *_ = _over_trajectories(gains[policy], trajectory, worth)
        shares = {"satisfies": gains[policy] >= -margin, "best": lost[policy] <= margin}
        row = {"gain": gain, "low": gain - half, "high": gain + half}
        row |= {"most_regret": float(lost[policy].max()), "regret_90": float(lost[policy].quantile(0.9))}
        for name, holds in shares.items():
            row[name], row[f"{name}_low"], row[f"{name}_high"] = standing(holds, trajectory, worth)
        rows[policy] = row
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("policy")


def worth_of_knowing(
    gains: pd.DataFrame, trajectory: pd.Series, worth: float = 1.0
) -> tuple[float, float, float]:
    """Return how much better one would choose who knew the assumed numbers: the mean and its 95 % interval.

    `gains` as for `regret`. It is the mean regret of the policy with the best mean (the expected value of
    perfect information, Raiffa and Schlaifer 1961); the luck of a point's mean is in it.
    """
    lost = gains.max(axis=1) - gains[gains.mean().idxmax()]
    mean, half, *_ = _over_trajectories(lost, trajectory, worth)
    return mean, max(0.0, mean - half), mean + half


class Surrogate:
    """A cheap stand-in for simulation over some dimensions: stochastic kriging.

    A Gaussian process with one length a dimension, whose nugget is the noise of each point's mean (Ankenman,
    Nelson and Staum 2010); what the dimensions left out do is a nugget more.

    Attributes
    ----------
    explained : float
        Leave-one-out cross-validation: the share of the variance between points that it foretells. Under 0 it
        is worse than the mean.
    error : float
        The root mean square of what it then misses, in the results' unit.
    """

    def __init__(self, points: np.ndarray, means: np.ndarray, noise: np.ndarray) -> None:
        """Fit to points (n, d), their means (n,) and the variances of these (n,) by maximum likelihood."""
        from scipy.linalg import cho_factor, cho_solve
        from scipy.optimize import minimize

        if len(points) < 10 or not np.isfinite(means).all():
            raise InputError("a surrogate needs ten points or more, each with a result")
        self._points, self._centre = points, float(means.mean())
        scale = float(means.std()) or 1.0
        y, own = (means - self._centre) / scale, noise / scale**2
        gaps = (points[:, None, :] - points[None, :, :]) ** 2

        def matrix(theta: np.ndarray) -> np.ndarray:
            lengths, size, nugget = np.exp(theta[:-2]), np.exp(theta[-2]), np.exp(theta[-1])
            return size * np.exp(-gaps @ lengths) + np.diag(own + nugget)

        def cost(theta: np.ndarray) -> float:
            try:
                factor = cho_factor(matrix(theta), lower=True)
            except np.linalg.LinAlgError:
                return 1e10
            fit = y @ cho_solve(factor, y) / 2 + np.log(np.diag(factor[0])).sum()
            return float(fit + 0.05 * (theta[:-2] ** 2).sum())  # lengths of about the range, unless told

        start = np.concatenate([np.full(points.shape[1], -1.0), [0.0, -3.0]])
        limits = [(-6.0, 4.0)] * points.shape[1] + [(-4.0, 3.0), (-9.0, 1.0)]
        self._theta = minimize(cost, start, bounds=limits, method="L-BFGS-B").x
        inverse = np.linalg.inv(matrix(self._theta))
        self._weights, self._scale = inverse @ y, scale
        left_out = self._weights / np.diag(inverse)  # y − what the others foretell (Dubrule 1983)
        self.error = scale * float(np.sqrt((left_out**2).mean()))
        self.explained = float(1 - (left_out**2).sum() / ((y - y.mean()) ** 2).sum())

    def __call__(self, points: np.ndarray) -> np.ndarray:
        """Return the result at points (m, d), (m,)."""
        gaps = (np.atleast_2d(points)[:, None, :] - self._points[None, :, :]) ** 2
        size = np.exp(self._theta[-2])
        return self._centre + self._scale * (size * np.exp(-gaps @ np.exp(self._theta[:-2]))) @ self._weights


def indices(function: Callable[[np.ndarray], np.ndarray], dimensions: int, n: int = 1024) -> pd.DataFrame:
    """Compute Sobol indices of a function over the space.

    Parameters
    ----------
    function : callable
        Points (m, d) → results (m,).
    dimensions : int
        d.
    n : int, optional
        The size of the design, a power of 2.

    Returns
    -------
    DataFrame
        By dimension: first, the share of the variance it makes alone; total, with its interactions.

    Notes
    -----
    Saltelli et al. 2010: first indices by their equation (b), totals by Jansen's (f).

    Examples
    --------
    >>> from sim.evaluate.doubt import indices
    >>> indices(lambda x: 2 * x[:, 0] + x[:, 1], 2).round(1)["first"].tolist()
    [0.8, 0.2]
    """
    from scipy.stats import qmc  # late: a large import

    drawn = qmc.Sobol(2 * dimensions, rng=np.random.default_rng(0)).random(n)
    one, other = drawn[:, :dimensions], drawn[:, dimensions:]
    at_one, at_other = function(one), function(other)
    variance = np.concatenate([at_one, at_other]).var()
    first, total = [], []
    for dimension in range(dimensions):
        mixed = one.copy()
        mixed[:, dimension] = other[:, dimension]
        at_mixed = function(mixed)
        first.append(np.mean(at_other * (at_mixed - at_one)))
        total.append(np.mean((at_one - at_mixed) ** 2) / 2)
    shares = np.array([first, total]) / variance if variance else np.zeros((2, dimensions))
    return pd.DataFrame({"first": shares[0], "total": shares[1]})
