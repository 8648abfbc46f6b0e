"""Compare policies by common random numbers: paired by replication and year, never across.

The table compared is a study's: the columns of ``sim.rules.COLUMNS`` with policy and replication, of one
scenario. Where it has several behaviours, policies are compared under each, and the tables begin with a
column behaviour. A value that is missing or NaN under one policy drops that replication's year under both.
Years of a replication are averaged before anything else: they share their backlog and their people, and are
not independent. At the levels with a year each year stands for itself: its interval is over the replications,
and is no more independent of the next year's than the years are.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import stdtr  # the same numbers as scipy.stats, which takes a second to import

from sim.rules import OUTCOMES
from sim.scenario.errors import InputError, nearest

from .accuracy import difference, settled
from .estimate import half_widths, holm, without_skewness

LEVELS: dict[str, list[str]] = {
    "bureau": [],
    "unit": ["unit"],
    "kind": ["kind"],
    "person": ["person"],
    "month": ["month"],
    "unit_month": ["unit", "month"],
    "year": ["year"],
    "unit_year": ["unit", "year"],
    "kind_year": ["kind", "year"],
    "year_month": ["year", "month"],
}

COLUMNS = (  # after the keys
    "baseline", "policy_mean", "difference", "low", "high", "half_width", "n", "share_better", "exact_zero",
    "p_value", "p_holm",
)  # fmt: skip


def at_level(outcomes: pd.DataFrame, level: str) -> pd.DataFrame:
    """Return the rows of one level of `LEVELS`."""
    if level not in LEVELS:
        raise InputError(f"no level '{level}'", remedy=nearest(level, LEVELS))
    keys = LEVELS[level]
    rows = (outcomes["month"] != 0) == ("month" in keys)
    for name in ("unit", "kind", "person"):
        if name == "unit" and level == "person":
            continue  # a person may be in another unit under another policy
        rows &= (outcomes[name] != "") == (name in keys)
    return outcomes[rows]


def keys_of(outcomes: pd.DataFrame, level: str) -> list[str]:
    """Return the key columns of a comparison: the level's, preceded by behaviour if there are several."""
    return [*(["behaviour"] if len(behaviours(outcomes)) > 1 else []), *LEVELS.get(level, [])]


def behaviours(outcomes: pd.DataFrame) -> list[str]:
    """Return the behaviours of a table in its order; none without such a column."""
    return list(outcomes["behaviour"].unique()) if "behaviour" in outcomes.columns else []


def of_one_behaviour(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return the outcomes, if they have one behaviour; else raise InputError."""
    if len(several := behaviours(outcomes)) > 1:
        raise InputError(
            f"the outcomes are of {len(several)} behaviours: {', '.join(several)}",
            remedy=f"Choose one: outcomes.query(\"behaviour == '{several[0]}'\")",
        )
    return outcomes


def paired(
    outcomes: pd.DataFrame, policy: str, to: str, *, level: str = "bureau", only: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return each replication's years under both policies. Columns: `keys_of` the level, outcome,
    replication, year, policy_value, baseline.

    `only` keeps these outcomes, or this one. Pairs with a NaN on either side are left out.
    """
    rows, known = _asked(outcomes, level, only), set(outcomes["policy"].unique())
    for name in (policy, to):
        if name not in known:
            raise InputError(f"no results for policy '{name}'", remedy=nearest(name, known))
    keys = _keys_of_pairs(outcomes, level)
    return _joined(_side(rows, policy, "policy_value", keys), _side(rows, to, "baseline", keys), keys)


def _keys_of_pairs(outcomes: pd.DataFrame, level: str) -> list[str]:
    """Return the columns that make a pair."""
    return list(dict.fromkeys([*keys_of(outcomes, level), "outcome", "replication", "year"]))


def _asked(outcomes: pd.DataFrame, level: str, only: Sequence[str] | None) -> pd.DataFrame:
    """Return the rows of one level, of these outcomes."""
    only = [only] if isinstance(only, str) else only
    rows = at_level(outcomes, level)
    if only is not None:
        for name in only:
            if name not in OUTCOMES:
                raise InputError(f"no outcome '{name}'", remedy=nearest(name, OUTCOMES))
        rows = rows[rows["outcome"].isin(list(only))]
    return rows


def _side(
    rows: pd.DataFrame, policy: str, column: str, keys: list[str], like: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return one side of the pairs: `keys`, and the values of a policy as `column`. `like` is another side,
    which was checked: one with the same keys need not be."""
    side = rows.loc[rows["policy"] == policy, [*keys, "value"]].rename(columns={"value": column})
    side = side.reset_index(drop=True)
    checked = like is not None and side[keys].equals(like[keys])
    if not checked and side.duplicated(keys).any():
        raise InputError(
            f"several results for one replication of policy '{policy}'",
            remedy="Compare one scenario at a time; a column 'behaviour' tells one behaviour from others",
        )
    return side


def _joined(policy: pd.DataFrame, baseline: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return the pairs of two sides, which most often have the same rows in the same order."""
    if policy[keys].equals(baseline[keys]):
        both = policy.assign(baseline=baseline["baseline"])
    else:
        both = policy.merge(baseline, on=keys, sort=False)
    return both[both["policy_value"].notna() & both["baseline"].notna()].reset_index(drop=True)


def compare(
    outcomes: pd.DataFrame,
    policy: str,
    to: str,
    *,
    level: str = "bureau",
    only: Sequence[str] | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Compute paired differences of `policy` from the policy `to`, one row per outcome (of each unit, kind,
    …).

    Parameters
    ----------
    level : one of `LEVELS`.
    only : outcomes to compare (all, if None).

    Returns
    -------
    DataFrame of behaviour (where the table has several), the level's keys, outcome, and

    * baseline, policy_mean: over the replications that both have, n of them;
    * difference (`policy` − `to`) with its t interval low, high (NaN with one replication), from ten
      replications on that of a share without skewness; half_width is half of its length;
    * share_better: of the replications; equal is not better; NaN where neither way is better;
    * exact_zero: the policies agree in every replication and year, within the accuracy of the arithmetic;
    * p_value of the paired t test, and p_holm: adjusted for all rows of one outcome, which are a family.

    Where no replication has a value under both there is no row.
    """
    keys = [*keys_of(outcomes, level), "outcome"]
    years = paired(outcomes, policy, to, level=level, only=only)
    return differences_of_pairs(years, keys, confidence)


def against(
    outcomes: pd.DataFrame,
    policies: Sequence[str],
    to: str,
    *,
    level: str = "bureau",
    only: Sequence[str] | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """`compare` each of several policies with the policy `to`; the first column is policy.

    One outcome is one family: p_holm is adjusted for all its rows, of all policies, behaviours and keys of
    the level. A policy without results at this level has no row.
    """
    keys = ["policy", *keys_of(outcomes, level), "outcome"]
    known = set(at_level(outcomes, level)["policy"].unique())
    there = [name for name in policies if {name, to} <= known]
    if not there:
        return pd.DataFrame(columns=[*keys, *COLUMNS]).astype(dict.fromkeys(COLUMNS, float))
    return differences_of_pairs(paired_with(outcomes, there, to, level=level, only=only), keys, confidence)


def paired_with(
    outcomes: pd.DataFrame,
    policies: Sequence[str],
    to: str,
    *,
    level: str = "bureau",
    only: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return `paired` of each of several policies, which have results; the last column is policy."""
    rows, keys = _asked(outcomes, level, only), _keys_of_pairs(outcomes, level)
    baseline = _side(rows, to, "baseline", keys)
    pairs = [
        _joined(_side(rows, name, "policy_value", keys, baseline), baseline, keys).assign(policy=name)
        for name in policies
    ]
    return pd.concat(pairs, ignore_index=True)


def by_family(table: pd.DataFrame) -> pd.Series:
    """Return p_value of each row adjusted by Holm's method for all rows of its outcome."""
    return table.groupby("outcome", observed=True)["p_value"].transform(lambda p: holm(p.to_numpy()))


def between_behaviours(
    outcomes: pd.DataFrame,
    behaviour: str,
    to: str,
    *,
    level: str = "bureau",
    only: Sequence[str] | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Compute the effect of people's response: `compare` a behaviour with another, `to`, under each policy.

    Paired by replication, as policies are: the same citizens come. One row for each policy and outcome.
    """
    if missing := [name for name in (behaviour, to) if name not in behaviours(outcomes)]:
        raise InputError(
            f"no results for behaviour '{missing[0]}'", remedy=nearest(missing[0], behaviours(outcomes))
        )
    both = outcomes[outcomes["behaviour"].isin([behaviour, to])]
    swapped = both.rename(columns={"behaviour": "policy", "policy": "behaviour"})
    pairs = paired(swapped, behaviour, to, level=level, only=only)
    if "behaviour" not in pairs.columns:
        pairs = pairs.assign(behaviour=both["policy"].iloc[0])  # of one policy only
    keys = ["policy", *LEVELS[level], "outcome"]
    return differences_of_pairs(pairs.rename(columns={"behaviour": "policy"}), keys, confidence)


def differences_of_pairs(years: pd.DataFrame, keys: list[str], confidence: float) -> pd.DataFrame:
    """Build the table of `compare` from the pairs of `paired`, a row for each of `keys`."""
    years["difference"] = difference(years["policy_value"], years["baseline"])
    years["differs"] = years["difference"] != 0
    columns = {name: (name, "mean") for name in ("policy_value", "baseline", "difference")}
    runs = (
        years.groupby([*keys, "replication"], sort=False, observed=True)
        .agg(**columns, differs=("differs", "any"))
        .reset_index()
    )
    runs["difference"] = settled(runs["difference"], runs["policy_value"], runs["baseline"])
    way = (
        runs["outcome"]
        .astype(object)
        .map({name: {"higher": 1.0, "lower": -1.0}.get(one.better, np.nan) for name, one in OUTCOMES.items()})
    )
    runs["better"] = (runs["difference"] * way > 0).astype(float).where(way.notna())
    grouped = runs.groupby(keys, sort=False, observed=True)
    table = grouped.agg(
        baseline=("baseline", "mean"),
        policy_mean=("policy_value", "mean"),
        difference=("difference", "mean"),
        sd=("difference", "std"),
        skewness=("difference", "skew"),
        n=("difference", "size"),
        share_better=("better", "mean"),
        differs=("differs", "any"),
    ).reset_index()
    table["difference"] = settled(table["difference"], table["policy_mean"], table["baseline"])
    share = table["outcome"].astype(object).map({name: one.unit.en == "%" for name, one in OUTCOMES.items()})
    half = half_widths(table["sd"].to_numpy(), table["n"].to_numpy(), confidence)
    skewness = table["skewness"].where(share.eq(True) & (table["sd"] > 0), 0.0).to_numpy()
    error = np.where(np.isnan(half), np.nan, table["sd"].to_numpy() / np.sqrt(table["n"].to_numpy()))
    below, above = without_skewness(error, skewness, table["n"].to_numpy(), confidence)
    table["low"], table["high"] = table["difference"] - below, table["difference"] + above
    table["half_width"] = (below + above) / 2
    table["p_value"] = _p_values(
        table["difference"].to_numpy(), table["sd"].to_numpy(), table["n"].to_numpy()
    )
    table["p_holm"] = by_family(table)
    table["exact_zero"] = ~table["differs"].astype(bool)
    return table[[*keys, *COLUMNS]]


def _p_values(difference: np.ndarray, sd: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Compute two-sided paired t tests. p is 1 if nothing ever differs, 0 if every replication differs
    alike, NaN for n < 2.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        p = 2 * stdtr(np.maximum(n - 1, 1), -np.abs(difference) / (sd / np.sqrt(n)))
    p = np.where(sd == 0, np.where(difference == 0, 1.0, 0.0), p)
    return np.where(n >= 2, p, np.nan)
