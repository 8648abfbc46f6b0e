"""Ranking and selection: which of k systems is best, and how many replications it takes to say so.

Functions of values (n, k) have a row for each replication and a column for each system; more is better. Rows
are common random numbers: what depends on pairs of systems uses the variance of their differences. δ
(`delta`) is the indifference zone: the least difference that matters in practice.

* `with_the_best`: Hsu's multiple comparisons with the best, from a fixed number of rows;
* `kim_nelson`: sequential elimination, and how many rows more it may take;
* `rinott_constant`, `dudewicz_dalal_constant`, `second_stage`: two-stage procedures for independent systems;
* `subset_then_select`: screening first, for hundreds of systems;
* `ocba`: allocation of a budget; it gives no guarantee.

Numbers that differ by rounding alone are equal (`sim.evaluate.accuracy`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import chdtri, ndtr, stdtr, stdtrit

from sim.scenario.counts import number_of
from sim.scenario.errors import InputError

from .accuracy import difference, settled, tolerance

FIRST = 10  # replications of a first stage; fewer tell too little of a variance
_NODES = 512  # of the quadrature of constants: four digits of h


def checked(values: np.ndarray, least: int = 2) -> np.ndarray:
    """Return values (n, k) as floats. InputError for fewer than `least` rows, two columns, or a NaN."""
    values = np.asarray(values, float)
    if values.ndim != 2 or values.shape[1] < 2:
        raise InputError("a selection needs two policies", remedy="Give a column for each policy")
    if not np.isfinite(values).all():
        raise InputError(
            "a value is missing or not finite", remedy="Leave that replication out for all policies"
        )
    if len(values) < least:
        raise InputError(
            f"{number_of(len(values), 'replication')}, and {least} are needed",
            remedy=f"Run {number_of(least, 'replication')} or more",
        )
    return values


def pairs(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard deviation (k, k) of the differences [i, j] = i − j, exactly 0 for copies."""
    gaps = difference(values[:, :, None], values[:, None, :])
    means = settled(gaps.mean(axis=0), values.mean(axis=0)[:, None], values.mean(axis=0)[None, :])
    return means, settled(gaps.std(axis=0, ddof=1), np.abs(values).max())


def _bounds(values: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the means of all differences and the one-sided allowance (k, k) against the true best."""
    values = checked(values)
    n, k = values.shape
    means, sd = pairs(values)
    t = float(stdtrit(n - 1, 1 - (1 - confidence) / (k - 1)))
    return means, t * sd / math.sqrt(n)


def with_the_best(values: np.ndarray, confidence: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Compute Hsu's intervals (k, 2) for each mean less the best of the others', and who may be best (k,).

    All hold together with probability `confidence` for normal differences of any variances and correlation:
    the allowances are Bonferroni's over the k − 1 differences from the true best. Who may be best are the
    systems that are not ruled out; copies share the first place. A low end of 0 says that a system is best,
    one of −δ that it is at most δ below the best: the guarantee of good selection, for a number of
    replications that was fixed beforehand.

    References: Hsu (1984), Ann. Statist. 12, 1136–1144; Nelson & Matejcik (1995), Management Sci. 41,
    1935–1945 (common random numbers).
    """
    means, allowance = _bounds(values, confidence)
    others = ~np.eye(len(means), dtype=bool)
    reach = np.where(others, means + allowance, np.inf).min(axis=1)
    possible = reach >= 0
    rivals = others & possible[None, :]
    low = np.minimum(np.where(rivals, means - allowance, np.inf).min(axis=1), 0.0)
    return np.stack([low, np.maximum(reach, 0.0)], axis=1), possible


@dataclass(frozen=True)
class Elimination:
    """How far sequential elimination has come.

    Attributes
    ----------
    selected : int or None
        The system that is selected; None while several remain.
    out_at : array (k,)
        The row count at which a system was eliminated; 0 for those that remain.
    out_by : array (k,)
        The system that eliminated it; −1 for those that remain.
    most : array (k,)
        The number of rows, in all, after which a system is decided on at the latest.
    """

    selected: int | None
    out_at: np.ndarray
    out_by: np.ndarray
    most: np.ndarray


def kim_nelson_constant(k: int, first: int, confidence: float) -> float:
    """Return η of Kim and Nelson's procedure for k systems (c = 1)."""
    return 0.5 * ((2 * (1 - confidence) / (k - 1)) ** (-2 / (first - 1)) - 1)


def kim_nelson(values: np.ndarray, delta: float, first: int = FIRST, confidence: float = 0.95) -> Elimination:
    """Eliminate systems row by row until one remains (Kim and Nelson's procedure with c = 1).

    With probability `confidence` the best is selected, if its mean is at least `delta` above all others'. The
    variances are those of the differences in the `first` rows (of all rows, for a pair that does not vary in
    the first), so common random numbers save rows. If the rows end before the procedure does, it goes on with
    more rows of the systems that remain.

    References: Kim & Nelson (2001), ACM Trans. Model. Comput. Simul. 11, 251–273.
    """
    values = checked(values, first)
    _checked_zone(delta)
    n, k = values.shape
    h2 = 2 * kim_nelson_constant(k, first, confidence) * (first - 1)
    sd = pairs(values[:first])[1]
    reach = h2 * np.where(sd == 0, pairs(values)[1], sd) ** 2 / delta**2
    sums = np.cumsum(values, axis=0)
    alive = np.ones(k, bool)
    out_at, out_by = np.zeros(k, int), np.full(k, -1)
    most = np.floor(np.where(np.eye(k, dtype=bool), 0, reach).max(axis=1)).astype(int) + 1
    selected = None
    for r in range(first, n + 1):
        if r == first or alive.sum() > 1:
            means = sums[r - 1] / r
            lead = difference(means[None, :], means[:, None])  # [i, j] = j − i
            margin = np.maximum(delta / (2 * r) * (reach - r), 0.0)
            beaten = (lead > margin + tolerance(means)) & alive[None, :] & alive[:, None]
            for i in np.flatnonzero(beaten.any(axis=1)):
                out_at[i], out_by[i] = r, int(np.argmax(np.where(beaten[i], lead[i], -np.inf)))
            alive &= ~beaten.any(axis=1)
        left = np.where(alive[None, :] & alive[:, None] & ~np.eye(k, dtype=bool), reach, -1.0).max(axis=1)
        most = np.where(alive, np.maximum(np.floor(left).astype(int) + 1, first), most)
        if alive.sum() == 1 or r >= most[alive].max():
            means = sums[r - 1] / r
            selected = int(
                np.argmax(np.where(alive, means, -np.inf) >= means[alive].max() - tolerance(means))
            )
            break
    return Elimination(selected, out_at, out_by, np.where(alive, most, out_at))


@cache
def rinott_constant(k: int, first: int, confidence: float = 0.95) -> float:
    """Return Rinott's h for k independent systems and a first stage of `first` replications each.

    References: Rinott (1978), Comm. Statist. A7, 799–811.
    """
    from scipy.optimize import brentq

    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    chi2 = chdtri(first - 1, (1 - nodes) / 2)  # quantiles of both first-stage variances
    spread = np.sqrt((first - 1) * (1 / chi2[:, None] + 1 / chi2[None, :]))

    def short(h: float) -> float:
        inner = ndtr(h / spread) @ (weights / 2)
        return float(inner ** (k - 1) @ (weights / 2)) - confidence

    return float(brentq(short, 0, 100))


def dudewicz_dalal_constant(k: int, first: int, confidence: float = 0.95) -> float:
    """Return Dudewicz and Dalal's h for k independent systems and a first stage of `first` replications each.

    References: Dudewicz & Dalal (1975), Sankhyā B 37, 28–78.
    """
    from scipy.optimize import brentq

    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    t = stdtrit(first - 1, (1 + nodes) / 2)
    return float(
        brentq(lambda h: float(stdtr(first - 1, t + h) ** (k - 1) @ (weights / 2)) - confidence, 0, 100)
    )


def second_stage(variances: np.ndarray, delta: float, h: float, first: int, more: int = 0) -> np.ndarray:
    """Return the replications (k,) in all of a two-stage procedure: (h S / δ)², at least `first` + `more`.

    Dudewicz and Dalal's procedure needs one `more`, Rinott's none.
    """
    _checked_zone(delta)
    return np.maximum(first + more, np.ceil((h / delta) ** 2 * np.asarray(variances, float) - 1e-9)).astype(
        int
    )


def subset_then_select(
    values: np.ndarray, delta: float, confidence: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Screen many systems by the first stage; return who remains (k,) and the replications in all (k,).

    Half of the error is spent on the screening, by the variances of differences and Bonferroni; half on the
    second stage, by Rinott's constant for all k systems. A system that is screened out needs no more. Only
    the screening gains by common random numbers; the second stage is Rinott's, of independent systems.

    References: Nelson, Swann, Goldsman & Song (2001), Oper. Res. 49, 950–963.
    """
    _checked_zone(delta)
    half = (1 + confidence) / 2
    means, allowance = _bounds(values, half)
    n, k = np.shape(values)
    remain = (means >= -np.maximum(allowance - delta, 0.0) - tolerance(np.mean(values, axis=0))).all(axis=1)
    if remain.sum() == 1:
        return remain, np.full(k, n)
    sizes = second_stage(np.var(values, axis=0, ddof=1), delta, rinott_constant(k, n, half), n)
    return remain, np.where(remain, sizes, n)


def ocba(means: np.ndarray, sds: np.ndarray) -> np.ndarray:
    """Return the shares (k,) of a budget that make a correct selection likeliest. This is no guarantee.

    NaN where no system has any variance, or another mean equals the highest one: no share is best then.

    References: Chen, Lin, Yücesan & Chick (2000), Discrete Event Dyn. Syst. 10, 251–270.
    """
    means, sds = np.asarray(means, float), np.asarray(sds, float)
    best = int(np.argmax(means))
    gap = difference(means[best], means)
    others = np.arange(len(means)) != best
    if not (gap[others] > 0).all() or not (sds > 0).all():
        return np.full(len(means), math.nan)
    shares = np.zeros(len(means))
    shares[others] = (sds[others] / gap[others]) ** 2
    shares[best] = sds[best] * math.sqrt(float(np.sum((shares[others] / sds[others]) ** 2)))
    return shares / shares.sum()


def _checked_zone(delta: float) -> None:
    if not delta > 0 or not math.isfinite(delta):
        raise InputError(
            f"the difference that matters is {delta}", remedy="Give a number above 0, in the outcome's unit"
        )
