"""How far a unit's yearly result tells of the unit, and how far of luck.

Requests in one office share its queue, so that late ones come in runs: a yearly on-time rate varies more than
a share of as many independent cases does. The ratio of the variances is the design effect (Kish, Survey
Sampling, 1965). Reliability is the share of the variance between units that is not luck (Spearman 1904).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import chdtri

from sim.scenario.errors import InputError

from .compare import at_level, of_one_behaviour
from .estimate import wilson
from .noise import below_by_cases, below_by_spread
from .panel import of_policy, panel

WANTED = 0.8  # reliability from which single units may be judged
RATE, CASES = "on_time_rate", "due_cases"
_FEWEST_BATCHES = 6


def reliability(
    outcomes: pd.DataFrame, policy: str, line: float, *, of: str = RATE, confidence: float = 0.95
) -> pd.DataFrame:
    """Return how reliable each unit's yearly result is, from replications.

    Parameters
    ----------
    outcomes : DataFrame
        A study's outcomes under one behaviour.
    policy : str
        The policy whose years are taken.
    line : float
        The threshold that a year is held against, in the outcome's own unit (a share of 0.95, 95 points).
    of : str, default "on_time_rate"
        An outcome of units. For a rate of cases the design effect is given, too.
    confidence : float, default 0.95
        Of the intervals.

    Returns
    -------
    DataFrame
        One row per unit: ``unit``, ``n`` (replications), ``cases`` (mean, a year), ``true`` (mean over all
        years), ``luck_sd`` (of a year, by luck), ``design_effect`` with ``deff_low``, ``deff_high``,
        ``reliability``, ``years_needed`` and ``requests_needed`` for a reliability of 0.8, ``truly_above``,
        ``below`` (share of years under the line) with ``below_low``, ``below_high`` (replications as trials),
        ``below_binomial`` and ``below_queue`` (expected without and with the queue), ``tax`` (mean shortfall
        under the line beyond that of the true value) and ``why`` ("" or why something is NaN).

    Raises
    ------
    InputError
        If there are several behaviours or fewer than two replications, or the outcome was not measured.

    Notes
    -----
    Luck is the variance between replications within a year, averaged over years. A rate's true value is a
    ratio of sums.

    Examples
    --------
    >>> import sim
    >>> rows = sim.study("incentive-schemes").outcomes.query("behaviour == 'mechanical'")
    >>> found = reliability(rows, "current", 0.95)
    >>> bool(found["true"].between(0, 1).all())
    True
    """
    rate = of == RATE
    found = panel(outcomes, policy, [of, CASES])
    values, cases = found[of], np.nan_to_num(found[CASES])
    known = np.isfinite(values)
    weight = np.where(known, cases if rate else 1.0, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        true = np.sum(np.where(known, values, 0) * weight, axis=(0, 1)) / weight.sum(axis=(0, 1))
        size = known.sum(axis=0)
        middle = np.where(known, values, 0).sum(axis=0) / size
        squares = np.where(known, values - middle, 0.0) ** 2
        variance = squares.sum(axis=(0, 1)) / np.maximum(size - 1, 0).sum(axis=0)
        mean_cases = cases.mean(axis=(0, 1))
    whole = known.sum(axis=0).min(axis=0)
    below = np.nanmean(np.where(known, values < line - 1e-12, np.nan), axis=(0, 1))
    shortfall = np.nanmean(np.where(known, np.maximum(line - values, 0), np.nan), axis=(0, 1))
    table = _meter(
        found.units, true, variance, mean_cases, line, rate, error=variance / known.sum(axis=(0, 1))
    )
    table.insert(1, "n", whole)
    if rate:
        free = np.maximum(whole - 1, 1)
        for name, tail in (("deff_low", (1 - confidence) / 2), ("deff_high", (1 + confidence) / 2)):
            table[name] = table["design_effect"] * free / chdtri(free, tail)
    ends = [wilson(float(share), int(n), confidence) for share, n in zip(below, whole, strict=True)]
    table["below"] = below
    table["below_low"], table["below_high"] = np.array(ends).T
    table["tax"] = shortfall - np.maximum(line - true, 0)
    return table[[name for name in COLUMNS if name in table.columns]]


COLUMNS = (
    "unit", "n", "cases", "true", "luck_sd", "design_effect", "deff_low", "deff_high", "reliability",
    "years_needed", "requests_needed", "truly_above", "below", "below_low", "below_high", "below_binomial",
    "below_queue", "tax", "why",
)  # fmt: skip


def observed_reliability(
    outcomes: pd.DataFrame, policy: str, line: float, *, replication: int = 0
) -> pd.DataFrame:
    """Return how reliable each unit's yearly on-time rate is, from the years of one replication alone.

    It is what a bureau can compute from its own months, without any simulation.

    Parameters
    ----------
    outcomes : DataFrame
        A study's outcomes under one behaviour, with those of units by month.
    policy, line : str, float
        As for `reliability`.
    replication : int, default 0
        The one that is looked at as if it were the world.

    Returns
    -------
    DataFrame
        As of `reliability`, without what takes several replications; ``true`` is the observed rate.

    Raises
    ------
    InputError
        If the replication has no months.

    Notes
    -----
    The months are batches of a ratio estimator. Neighbouring batches share a queue, so that their
    covariance is added (Law, Simulation Modeling and Analysis, 2015, sec. 9.5.3), both corrected for the
    estimated mean. A season counts as luck here. An estimate of 0 or less gives none.

    Examples
    --------
    >>> import sim
    >>> rows = sim.study("incentive-schemes").outcomes.query("behaviour == 'mechanical'")
    >>> found = observed_reliability(rows, "current", 0.95)
    >>> bool((found["cases"] > 0).all())
    True
    """
    rows = at_level(of_policy(of_one_behaviour(outcomes), policy), "unit_month")
    rows = rows[(rows["replication"] == replication) & rows["outcome"].isin([RATE, CASES])]
    if rows.empty:
        raise InputError(
            f"no months of units in replication {replication} of '{policy}'",
            remedy="Choose a replication that was run, of a scenario with years and limits",
        )
    texts = rows.astype({"unit": str, "outcome": str})
    table = texts.pivot(index=["unit", "year", "month"], columns="outcome", values="value")
    table[CASES] = table[CASES].fillna(0.0)
    table["met"] = (table[RATE] * table[CASES]).fillna(0.0)
    in_year = {month: place for place, month in enumerate(rows["month"].unique())}  # of an assessment year
    table = table.sort_index(level="month", key=lambda month: month.map(in_year), kind="stable")
    units, rates, variances, sizes, counts = [], [], [], [], []
    for unit, own in table.groupby(level="unit", sort=False):
        years = [(part["met"].to_numpy(), part[CASES].to_numpy()) for _, part in own.groupby(level="year")]
        each = [_batch_variance(met, cases) for met, cases in years]
        cases = own[CASES].sum()
        units.append(str(unit))
        rates.append(own["met"].sum() / cases if cases else np.nan)
        variances.append(np.mean(each) if each else np.nan)
        sizes.append(cases / len(years))
        counts.append(len(years))
    variance = np.array(variances)
    variance = np.where(variance > 0, variance, np.nan)
    error = variance / np.array(counts)
    return _meter(units, np.array(rates), variance, np.array(sizes), line, True, error=error)


def _batch_variance(met: np.ndarray, cases: np.ndarray) -> float:
    """Return the variance of a year's rate from its batches; NaN for too few batches with cases."""
    met, cases = met[cases > 0], cases[cases > 0]
    count, total = len(cases), cases.sum()
    if count < _FEWEST_BATCHES:
        return np.nan
    apart = (met - cases * met.sum() / total) * count / total
    own, next_ = np.sum(apart**2) / count, np.sum(apart[1:] * apart[:-1]) / (count - 1)
    pairs = 2 * (count - 1) / count
    return float((own + pairs * next_) / count / (1 - (1 + pairs) / count))


def _meter(
    units: list[str],
    true: np.ndarray,
    variance: np.ndarray,
    cases: np.ndarray,
    line: float,
    rate: bool,
    *,
    error: np.ndarray,
) -> pd.DataFrame:
    """Return the columns that follow from each unit's true value, variance by luck, and cases."""
    spread = between(true, error)
    with np.errstate(invalid="ignore", divide="ignore"):
        trust = spread / (spread + variance)
        years = np.where(spread > 0, WANTED / (1 - WANTED) * variance / spread, np.nan)
        binomial = true * (1 - true) / cases
        effect = np.where(binomial > 0, variance / binomial, np.nan)
    constant = variance == 0
    why = np.select(
        [cases <= 0, np.isnan(variance), constant, np.full(len(true), spread == 0)],
        ["no cases", "too few to say", "never varies", "units do not differ"],
        "",
    )
    table = pd.DataFrame(
        {
            "unit": units,
            "cases": cases,
            "true": true,
            "luck_sd": np.sqrt(variance),
            "reliability": np.where(constant, np.nan, trust),
            "years_needed": np.where(constant, np.nan, years),
            "requests_needed": np.where(constant, np.nan, years * cases),
            "truly_above": true >= line - 1e-12,
            "why": why,
        }
    )
    if rate:
        table.insert(4, "design_effect", effect)
        table["below_binomial"] = below_by_cases(true, np.maximum(np.round(cases), 1), line)
        table["below_queue"] = np.where(
            np.isnan(variance), np.nan, below_by_spread(true, table["luck_sd"], line)
        )
    return table


def between(true: np.ndarray, error: np.ndarray) -> float:
    """Return the variance of units' true values, without that of their own errors; 0 if it is not more."""
    known = np.isfinite(true) & np.isfinite(error)
    if np.count_nonzero(known) < 2:
        return 0.0
    return max(float(np.var(true[known], ddof=1) - np.mean(error[known])), 0.0)
