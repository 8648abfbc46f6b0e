"""Who gains and who loses pay, by unit, grade, role and rank; how unequal pay is; who stands at a threshold.

Theil 1967, Economics and Information Theory; Cowell, Measuring Inequality, 2011, ch. 2 and 3.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.rules.pay import gini
from sim.scenario.errors import InputError, nearest

from .accuracy import settled
from .compare import at_level, of_one_behaviour
from .estimate import mean_interval, wilson
from .gains import PAY_BINS, pay_bins, pay_pairs
from .panel import of_policy, panel

GROUPINGS = ("unit", "grade", "role", "rank")
FIFTHS = ("1", "2", "3", "4", "5")  # of the units' ranks, the best first


def gains_by(
    outcomes: pd.DataFrame,
    policy: str,
    to: str,
    people: pd.DataFrame,
    *,
    by: str,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return who gains and who loses pay against the policy `to`, by groups of people.

    Parameters
    ----------
    outcomes : DataFrame
        A study's outcomes under one behaviour.
    policy, to : str
        The policies that are compared.
    people : DataFrame
        Indexed by person, columns unit, grade and role; of the baseline.
    by : str
        One of unit, grade, role and rank: that of the person's unit in the baseline's year, in fifths.
    confidence : float, default 0.95
        Of the intervals over replications.

    Returns
    -------
    DataFrame
        One row per group with pay on both sides: ``group``, ``people`` (mean), the shares of `PAY_BINS`,
        ``losing`` with ``low``, ``high`` (share of all losses over 0.1 %), and ``change`` (mean relative
        change of pay) with ``change_low``, ``change_high``. ``left_out`` is the mean number of those with pay
        on both sides whom `people` does not hold: newcomers, in no group.

    Raises
    ------
    InputError
        If there are several behaviours, an unknown grouping, or no pay on both sides.

    Examples
    --------
    >>> import pandas as pd
    >>> import sim
    >>> rows = sim.study("incentive-schemes").outcomes.query("behaviour == 'mechanical'")
    >>> people = pd.DataFrame({"unit": "fanji", "grade": "clerk", "role": "window"}, ["fanji_window"])
    >>> gains_by(rows, "deduction-double", "current", people, by="unit")["group"].tolist()
    ['fanji']
    """
    if by not in GROUPINGS:
        raise InputError(f"people are not grouped by '{by}'", remedy=nearest(by, GROUPINGS))
    pairs = pay_pairs(outcomes, policy, to, "person")
    return gains_of_pairs(pairs, people, by, rank_fifths(outcomes, to) if by == "rank" else None, confidence)


def gains_of_pairs(
    pairs: pd.DataFrame,
    people: pd.DataFrame,
    by: str,
    fifths: pd.Series | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the table of `gains_by` from pairs of people's pay; by rank with the units' `rank_fifths`."""
    persons = pairs["person"].astype("category")
    names, person = persons.cat.categories, persons.cat.codes.to_numpy()
    replication, year = pairs["replication"].to_numpy(), pairs["year"].to_numpy()
    known, in_order = people.reindex(names), by == "rank"
    if in_order and fifths is not None:
        units = known["unit"].to_numpy(object)[person]
        found = fifths.reindex(pd.MultiIndex.from_arrays([replication, year, units])).to_numpy(object)
        group, groups = pd.factorize(found, sort=True)
    else:
        own, groups = pd.factorize(known[by].to_numpy(object))
        group = own[person]
    bins, change = pay_bins(pairs["baseline"].to_numpy(), pairs["policy_value"].to_numpy())
    finite = np.isfinite(change)
    years = len(pd.DataFrame({"replication": replication, "year": year})[finite].drop_duplicates())
    strangers = ~names.isin(people.index)
    left_out = (finite & (group < 0) & strangers[person]).sum() / max(years, 1)
    chosen = finite & (group >= 0)
    keyed = pd.DataFrame(
        {name: (bins == place).astype(float) for place, name in enumerate(PAY_BINS)}
        | {"losing": (bins <= 1).astype(float), "change": change}
        | {"group": group, "replication": replication}
    )[chosen]
    grouped = keyed.groupby(["group", "replication"], sort=in_order)
    sizes = grouped.size().groupby(level="group").sum()
    runs = grouped.mean()
    table = []
    for group, means in runs.groupby(level="group", sort=in_order):  # by its place in `groups`
        losing = mean_interval(means["losing"].to_numpy(), confidence)
        moved = mean_interval(means["change"].to_numpy(), confidence)
        low, high = max(losing.low, 0.0), min(losing.high, 1.0)
        if losing.half_width == 0 and losing.estimate in (0.0, 1.0):
            low, high = wilson(losing.estimate, losing.n, confidence)
        table.append(
            {
                "group": str(groups[group]),
                "people": sizes[group] / years,
                **means[list(PAY_BINS)].mean(),
                "losing": losing.estimate,
                "low": low,
                "high": high,
                "change": moved.estimate,
                "change_low": moved.low,
                "change_high": moved.high,
                "left_out": left_out,
            }
        )
    return pd.DataFrame(table)


def rank_fifths(outcomes: pd.DataFrame, to: str) -> pd.Series:
    """Return the fifth of each unit with a rank under the baseline, by replication, year and unit."""
    ranks = at_level(of_policy(outcomes, to), "unit")
    ranks = ranks[(ranks["outcome"] == "rank") & ranks["value"].notna()]
    keys = ["replication", "year", "unit"]
    found = ranks.astype({"unit": str}).set_index(keys)["value"]
    if found.empty:
        raise InputError(f"no unit has a rank under '{to}'", remedy="Group by unit, grade or role")
    of_year = found.groupby(level=["replication", "year"]).transform("size")
    return (-(-len(FIFTHS) * found // of_year)).clip(1, len(FIFTHS)).astype(int).astype(str)


def theil(pay: np.ndarray) -> float:
    """Return the Theil index of amounts above 0 (n,), 0 = all equal; NaN without people or pay.

    Examples
    --------
    >>> round(theil([1.0, 1.0, 4.0]), 3)
    0.231
    """
    share = np.asarray(pay, float)
    if len(share) == 0 or share.sum() <= 0:
        return np.nan
    share = share[share > 0] / np.mean(share)
    return float(np.sum(share * np.log(share)) / len(pay))


def mean_log_deviation(pay: np.ndarray) -> float:
    """Return the mean logarithmic deviation of amounts above 0 (n,); infinite if somebody has nothing."""
    own = np.asarray(pay, float)
    if len(own) == 0 or own.sum() <= 0:
        return np.nan
    return float(np.inf) if (own <= 0).any() else float(np.mean(np.log(own.mean() / own)))


def hoover(pay: np.ndarray) -> float:
    """Return the share of all pay that would have to change hands for all to have the same."""
    own = np.asarray(pay, float)
    if len(own) == 0 or own.sum() <= 0:
        return np.nan
    return float(np.sum(np.abs(own - own.mean())) / (2 * own.sum()))


INDICES = {"gini": gini, "theil": theil, "mean_log_deviation": mean_log_deviation, "hoover": hoover}


def inequality(outcomes: pd.DataFrame, to: str, *, confidence: float = 0.95) -> pd.DataFrame:
    """Return how unequal people's pay is under each policy, and the difference from the policy `to`.

    Parameters
    ----------
    outcomes : DataFrame
        A study's outcomes under one behaviour.
    to : str
        The baseline.
    confidence : float, default 0.95
        Of the intervals over replications.

    Returns
    -------
    DataFrame
        One row per policy and index: ``policy``, ``index`` (Gini, Theil, mean logarithmic deviation, Hoover,
        and ``theil_between``, the part of Theil's index between units), ``value`` with ``low``, ``high``,
        ``difference`` with ``difference_low``, ``difference_high`` (paired), and ``n``.

    Raises
    ------
    InputError
        If there are several behaviours, or the baseline has no pay of people.

    Examples
    --------
    >>> import sim
    >>> rows = sim.study("incentive-schemes").outcomes.query("behaviour == 'mechanical'")
    >>> found = inequality(rows, "current")
    >>> bool((found.query("policy == 'current'")["difference"] == 0).all())
    True
    """
    rows = at_level(of_one_behaviour(outcomes), "person")
    rows = rows[(rows["outcome"] == "pay") & rows["value"].notna()].astype({"policy": str})
    of_policy(rows, to)
    keys = ["policy", "replication", "year"]
    years: dict[tuple, dict[str, float]] = {}
    means = rows.groupby([*keys, "unit"], observed=True)["value"].transform("mean").to_numpy()
    for key, own in rows.assign(mean=means).groupby(keys, sort=False):
        pay, units = own["value"].to_numpy(), own["mean"].to_numpy()
        values = {name: index(pay) for name, index in INDICES.items()} | {"theil_between": theil(units)}
        years[key] = values
    table = pd.DataFrame.from_dict(years, orient="index").rename_axis(keys)
    runs = table.groupby(level=["policy", "replication"]).mean()
    base, found = runs.loc[to], []
    for policy in rows["policy"].unique():
        own = runs.loc[policy]
        for index in runs.columns:
            value = mean_interval(own[index].to_numpy(), confidence)
            pair = pd.concat([own[index], base[index]], axis=1, join="inner").to_numpy()
            apart = mean_interval(settled(pair[:, 0] - pair[:, 1], 1.0), confidence)
            found.append(
                {
                    "policy": policy,
                    "index": index,
                    "value": value.estimate,
                    "low": value.low,
                    "high": value.high,
                    "difference": apart.estimate,
                    "difference_low": apart.low,
                    "difference_high": apart.high,
                    "n": value.n,
                }
            )
    return pd.DataFrame(found)


def at_threshold(
    outcomes: pd.DataFrame,
    policy: str,
    threshold: float,
    *,
    of: str = "score",
    step: float = 1.0,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return which units change side when a threshold moves by a step, people's conduct held as it is.

    Parameters
    ----------
    outcomes, policy : DataFrame, str
        A study's outcomes under one behaviour, and the policy.
    threshold, step : float
        Points; a score at the threshold is not under it.
    of : str, default "score"
        The outcome that is held against it.
    confidence : float, default 0.95
        Of the intervals, with replications as trials.

    Returns
    -------
    DataFrame
        One row per unit: ``unit``, ``under`` (share of years), ``leaves`` (share of years under the
        threshold, but not under one a step lower) with ``leaves_low``, ``leaves_high``, ``joins`` (share of
        years that only a threshold a step higher catches) with ``joins_low``, ``joins_high``.

    Raises
    ------
    InputError
        If there are several behaviours, the outcome was not measured, or the step is not above 0.

    Examples
    --------
    >>> import sim
    >>> rows = sim.study("incentive-schemes").outcomes.query("behaviour == 'mechanical'")
    >>> found = at_threshold(rows, "current", 95.0)
    >>> bool((found["leaves"] <= found["under"]).all())
    True
    """
    if not step > 0:
        raise InputError(f"a threshold that moves by {step:g}", remedy="Give a step above 0")
    found = panel(outcomes, policy, [of])
    values = np.round(found[of], 9)
    known = np.isfinite(values)
    under, lower, higher = (
        np.nanmean(np.where(known, values < at, np.nan), axis=(0, 1))
        for at in (threshold, threshold - step, threshold + step)
    )
    table = pd.DataFrame({"unit": found.units, "under": under})
    count = known.any(axis=1).sum(axis=0)
    for name, share in (("leaves", under - lower), ("joins", higher - under)):
        ends = [wilson(float(own), int(n), confidence) for own, n in zip(share, count, strict=True)]
        table[name] = share
        table[f"{name}_low"], table[f"{name}_high"] = np.array(ends).T
    return table
