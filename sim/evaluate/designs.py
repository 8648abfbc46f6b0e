"""Designs by which an outside evaluator estimates the effect of a policy from a panel of offices.

The evaluator sees measured values by unit and period, who was treated, and since when. Each design returns an
`Estimate`; where it cannot say anything, its note tells why. Sources: Bertrand, Duflo and Mullainathan 2004
(clustered differences), Abadie, Diamond and Hainmueller 2010 (synthetic control), Rosenbaum 2002
(randomisation inference), Imbens and Lemieux 2008 (discontinuity), Newey and West 1987 (serial correlation).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import comb

import numpy as np
from scipy.special import fdtrc, log_ndtr, stdtr, stdtrit

from sim.scenario.errors import InputError
from sim.scenario.part import Text

from .bunching import manipulation

ALL = 20_000  # assignments: with more, a sample of them stands for all


@dataclass(frozen=True)
class Panel:
    """What the evaluator sees of one outcome.

    values : (units, periods), NaN = not known. treated : bool (units,). start : the first period with the
    policy. season : int (periods,), the month of the year, or zeros.
    """

    values: np.ndarray
    treated: np.ndarray
    start: int
    season: np.ndarray

    def __post_init__(self) -> None:
        units, periods = self.values.shape
        if len(self.treated) != units or len(self.season) != periods:
            raise InputError(
                f"{units} units and {periods} periods, {len(self.treated)} and {len(self.season)} described",
                remedy="Describe each unit and period once",
            )
        if not 0 < self.start < periods:
            raise InputError("no period before or after the start", remedy="Give one or more of each")
        if not 0 < self.treated.sum() < units:
            raise InputError("nobody is treated, or nobody is not", remedy="Treat some units, not all")

    @property
    def after(self) -> np.ndarray:
        """Return which periods are with the policy, bool (periods,)."""
        return np.arange(self.values.shape[1]) >= self.start

    @property
    def alone(self) -> bool:
        """Return whether a single unit is treated, or a single one is not: errors by cluster mean nothing."""
        return int(self.treated.sum()) in (1, len(self.treated) - 1)

    @property
    def changes(self) -> np.ndarray:
        """Return each unit's mean after less its mean before, (units,)."""
        return self.values[:, self.after].mean(axis=1) - self.values[:, ~self.after].mean(axis=1)


@dataclass(frozen=True)
class Estimate:
    """An estimated effect, its standard error, 95 % interval and p value; NaN with a note that says why."""

    value: float = np.nan
    se: float = np.nan
    low: float = np.nan
    high: float = np.nan
    p: float = np.nan
    note: str = ""


def least_squares(
    y: np.ndarray, x: np.ndarray, cluster: np.ndarray, absorbed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Return coefficients and their covariance, robust to clusters (CRV1; Liang and Zeger 1986).

    `y` is (n,), `x` (n, terms), `cluster` int (n,). With k terms, `absorbed` ones included, the factor is
    G / (G − 1) × (n − 1) / (n − k).
    """
    n, k = len(x), x.shape[1] + absorbed
    inverse = np.linalg.pinv(x.T @ x)
    terms = inverse @ x.T @ y
    scores = x * (y - x @ terms)[:, None]
    groups = np.unique(cluster, return_inverse=True)[1]
    sums = np.zeros((groups.max() + 1, x.shape[1]))
    np.add.at(sums, groups, scores)
    many = len(sums)
    factor = many / (many - 1) * (n - 1) / (n - k) if many > 1 and n > k else np.nan
    return terms, factor * inverse @ (sums.T @ sums) @ inverse


def two_by_two(panel: Panel) -> Estimate:
    """Estimate by the difference of mean changes, with the error of the units' own changes (2 × 2)."""
    design = np.column_stack([np.ones(len(panel.treated)), panel.treated])
    terms, covariance = least_squares(panel.changes, design, np.arange(len(design)))
    return _by_office(panel, terms[1], np.sqrt(covariance[1, 1]))


def two_way(panel: Panel) -> Estimate:
    """Estimate with fixed effects of units and periods, clustered by unit (TWFE)."""
    on = np.outer(panel.treated, panel.after)
    terms, covariance = least_squares(*_fixed(panel, [on]), absorbed=1)
    return _by_office(panel, terms[0], np.sqrt(covariance[0, 0]))


def event_study(panel: Panel) -> Estimate:
    """Estimate an effect for each period against the last one before; the mean of those after is told.

    The note tells the p value of the joint test that there was no effect before, where that can be tested.
    """
    periods = [one for one in range(panel.values.shape[1]) if one != panel.start - 1]
    at = [np.outer(panel.treated, np.arange(panel.values.shape[1]) == one) for one in periods]
    terms, covariance = least_squares(*_fixed(panel, at), absorbed=1)
    after = np.array([one >= panel.start for one in periods])
    weight = after / after.sum()
    own, many = np.arange(len(periods)), len(panel.treated)
    se = np.sqrt(weight @ covariance[np.ix_(own, own)] @ weight)
    found = _by_office(panel, weight @ terms[own], se)
    if found.note:
        return found
    before = own[~after]
    if not 0 < len(before) < many - 1:
        return found
    inverse = np.linalg.pinv(covariance[np.ix_(before, before)])
    wald = float(terms[before] @ inverse @ terms[before]) / len(before)
    p = float(fdtrc(len(before), many - 1, wald))
    return Estimate(found.value, found.se, found.low, found.high, found.p, f"no effect before: p = {p:.2f}")


def randomisation(panel: Panel) -> Estimate:
    """Estimate by the difference of mean changes; test it against every other assignment (exact).

    The interval holds the constant effects that the test does not reject at 5 % (Rosenbaum 2002, ch. 2). It
    is right where the treated were drawn, whatever the number of units.
    """
    change, treated = panel.changes, panel.treated.astype(float)
    chosen = assignments(len(treated), int(treated.sum()))
    rest = len(treated) - treated.sum()

    def apart(values: np.ndarray) -> np.ndarray:
        inside = chosen @ values
        return inside / treated.sum() - (values.sum() - inside) / rest

    found = float(change[panel.treated].mean() - change[~panel.treated].mean())
    drawn, overlap = apart(change), apart(treated)
    slack = 1e-9 * max(1.0, abs(found))
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.array([(found - drawn) / (1 - overlap), (found + drawn) / (1 + overlap)])
    same = overlap > 1 - 1e-9
    low = np.where(same, -np.inf, np.nan_to_num(ends, nan=np.inf, posinf=np.inf).min(axis=0))
    high = np.where(same, np.inf, np.nan_to_num(ends, nan=-np.inf, neginf=-np.inf).max(axis=0))
    allowed = int(np.floor(0.05 * len(chosen)))
    p = float(np.mean(np.abs(drawn) >= abs(found) - slack))
    note = f"{len(chosen)} assignments" + ("" if len(chosen) < ALL else ", a sample")
    bounds = float(np.sort(low)[allowed]), float(np.sort(high)[::-1][allowed])
    return Estimate(found, float(np.std(drawn)), *bounds, p, note)


@cache
def assignments(units: int, treated: int) -> np.ndarray:
    """Return all ways to treat so many units, float (ways, units); a sample of `ALL` where there are more."""
    if comb(units, treated) < ALL:
        ways = np.array(list(combinations(range(units), treated)))
    else:
        luck = np.random.default_rng(0)
        ways = np.argsort(luck.random((ALL, units)), axis=1)[:, :treated]
    chosen = np.zeros((len(ways), units))
    np.put_along_axis(chosen, ways, 1.0, axis=1)
    return chosen


def interrupted_series(panel: Panel) -> Estimate:
    """Estimate the step in the mean series of the treated, beside a trend and the months of the year.

    Errors are those of Newey and West 1987. Months of the year are taken out where there are two years
    before. No unit is compared with another.
    """
    series = panel.values[panel.treated].mean(axis=0)
    n = len(series)
    time = np.arange(n) - panel.start
    parts = [panel.after.astype(float), np.ones(n), time / n]
    months = np.unique(panel.season)
    if panel.start >= 2 * len(months) > 2:
        parts += [(panel.season == one).astype(float) for one in months[1:]]
    design = np.column_stack(parts)
    if min(panel.start, n - panel.start) < 4 or n - design.shape[1] < 4:
        return Estimate(note="no estimate: fewer than four periods before or after")
    inverse = np.linalg.pinv(design.T @ design)
    terms = inverse @ design.T @ series
    scores = design * (series - design @ terms)[:, None]
    lag = int(np.floor(4 * (n / 100) ** (2 / 9)))
    middle = scores.T @ scores
    for back in range(1, lag + 1):
        both = scores[back:].T @ scores[:-back]
        middle += (1 - back / (lag + 1)) * (both + both.T)
    degrees = n - design.shape[1]
    covariance = n / degrees * inverse @ middle @ inverse
    return _estimate(terms[0], np.sqrt(max(covariance[0, 0], 0.0)), degrees)


def synthetic_control(panel: Panel) -> Estimate:
    """Estimate against a weighted mean of untreated units that has the treated units' course before.

    Weights are 0 or more and sum to one. The p value is the place of the ratio of errors after and before
    among those of the untreated, each taken as treated.
    """
    before, after = ~panel.after, panel.after
    untreated = panel.values[~panel.treated]
    if before.sum() < 2 or len(untreated) < 3:
        return Estimate(note="no estimate: fewer than two periods before, or three untreated units")

    def gap(series: np.ndarray, donors: np.ndarray) -> np.ndarray:
        return series - _weights(series[before], donors[:, before]) @ donors

    own = gap(panel.values[panel.treated].mean(axis=0), untreated)
    others = [gap(one, np.delete(untreated, place, axis=0)) for place, one in enumerate(untreated)]
    ratios = np.array(
        [np.mean(one[after] ** 2) / max(np.mean(one[before] ** 2), 1e-12) for one in (own, *others)]
    )
    return Estimate(float(own[after].mean()), p=float(np.mean(ratios >= ratios[0])), note="no interval")


def _weights(series: np.ndarray, donors: np.ndarray) -> np.ndarray:
    """Return the weights of donors (units, periods) nearest to the series, on the simplex."""
    from scipy.optimize import nnls

    heavy = 1e3 * max(1.0, float(np.abs(donors).max()))  # the sum of the weights is one
    left = np.vstack([donors.T, np.full(len(donors), heavy)])
    found = nnls(left, np.append(series, heavy))[0]
    return found / found.sum()


DESIGNS: dict[str, tuple[Callable[[Panel], Estimate], Text]] = {
    "two_by_two": (two_by_two, Text(en="Difference in differences, 2 × 2", zh="双重差分（2×2）")),
    "two_way": (two_way, Text(en="Two-way fixed effects, clustered", zh="双向固定效应（聚类稳健）")),
    "event_study": (event_study, Text(en="Event study", zh="事件研究法")),
    "randomisation": (randomisation, Text(en="Randomisation inference, exact", zh="随机化推断（精确）")),
    "interrupted_series": (interrupted_series, Text(en="Interrupted series", zh="中断时间序列")),
    "synthetic_control": (synthetic_control, Text(en="Synthetic control", zh="合成控制法")),
}


def discontinuity(
    score: np.ndarray, outcome: np.ndarray, cutoff: float, bandwidth: float, cluster: np.ndarray
) -> Estimate:
    """Estimate the jump of an outcome at a cutoff of the score (local linear, triangular kernel).

    Parameters
    ----------
    score, outcome : (n,), of unit-years. cluster : int (n,), the unit of each; errors are clustered by it.
    cutoff, bandwidth : points.

    The note tells of a density of scores that breaks at the cutoff: units then choose their side, and the
    jump is no effect. Raises InputError for a bandwidth that is not above 0.
    """
    if not (np.isfinite(cutoff) and np.isfinite(bandwidth) and bandwidth > 0):
        raise InputError(
            f"the cutoff is {cutoff:g}, the bandwidth {bandwidth:g}",
            remedy="Give points: a number, and one above 0",
        )
    score, outcome = np.asarray(score, float), np.asarray(outcome, float)
    far = score - cutoff
    weight = np.maximum(1 - np.abs(far) / bandwidth, 0.0)
    used = (weight > 0) & np.isfinite(outcome)
    above = far >= 0
    if min((used & above).sum(), (used & ~above).sum()) < 10:
        return Estimate(note="no estimate: fewer than ten unit-years on a side")
    root = np.sqrt(weight[used])
    design = np.column_stack([above, np.ones_like(far), far, far * above])[used] * root[:, None]
    terms, covariance = least_squares(outcome[used] * root, design, cluster[used])
    found = _estimate(terms[0], np.sqrt(covariance[0, 0]), len(np.unique(cluster[used])) - 1)
    try:
        p = manipulation(-score, -cutoff, window=1.0, reach=5.0, width=0.5).p
        note = "density breaks at the cutoff" if p < 0.05 else "density is smooth at the cutoff"
    except ValueError:
        note = "density not tested: too few scores"
    return Estimate(found.value, found.se, found.low, found.high, found.p, note)


def regression_to_the_mean(units: int, named: int, reliability: float, sd: float) -> float:
    """Return by how much the lowest `named` units improve on the others next year if nothing is done.

    It is (1 − R) × sd × the distance between the mean normal order statistics of the named and of the others
    (Galton 1886); `sd` is that of measured scores in a year. Three of 15 are 1.638 sd apart.
    """
    rank = np.arange(1, units + 1)[:, None]
    z = np.linspace(-9.0, 9.0, 2001)
    sides = (rank - 1) * log_ndtr(z) + (units - rank) * log_ndtr(-z)
    density = np.exp(sides - z**2 / 2)  # but for a factor
    each = (z * density).sum(axis=1) / density.sum(axis=1)
    return float((1 - reliability) * sd * (each[named:].mean() - each[:named].mean()))


def _fixed(panel: Panel, effects: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return values, design and units of a panel within units, the `effects` before those of the periods.

    Units' own effects are taken out: they lie within the clusters and do not count as terms.
    """
    units, periods = panel.values.shape
    of_period = [np.tile(one, (units, 1)) for one in np.eye(periods)[1:]]
    within = [
        (one - one.mean(axis=1, keepdims=True)).ravel()
        for one in (panel.values, *(np.asarray(effect, float) for effect in effects), *of_period)
    ]
    return within[0], np.column_stack(within[1:]), np.repeat(np.arange(units), periods)


def _by_office(panel: Panel, value: float, se: float) -> Estimate:
    """Return an estimate with errors clustered by office.

    A single office on one side makes them far too small (MacKinnon and Webb 2017): it has no interval.
    """
    found = _estimate(value, se, len(panel.treated) - 1)
    if panel.alone and not found.note:
        return Estimate(found.value, note="no interval: a single office on one side has no spread of its own")
    return found


def _estimate(value: float, se: float, degrees: int) -> Estimate:
    """Return an estimate with the t interval of its error."""
    if not np.isfinite(se) or se <= 1e-12 * max(1.0, abs(value)):
        return Estimate(float(value), note="no interval: nothing varies")
    half = float(stdtrit(degrees, 0.975)) * float(se)
    p = float(2 * stdtr(degrees, -abs(value) / se))
    return Estimate(float(value), float(se), float(value - half), float(value + half), p)
