"""Policies compared on the same citizens: paired by replication and year, never across.

The table compared is a study's: the columns of ``sim.rules.COLUMNS`` with policy and replication, of one
scenario and one behaviour. A value that is missing or NaN under one policy drops that replication's year
under both. Years of a replication are averaged before anything else: they share their backlog and are not
independent.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from sim.rules import OUTCOMES
from sim.scenario.errors import InputError, nearest

from .estimate import half_widths, holm, mean_interval

LEVELS: dict[str, list[str]] = {
    "bureau": [],
    "unit": ["unit"],
    "kind": ["kind"],
    "person": ["person"],
    "month": ["month"],
    "unit_month": ["unit", "month"],
}
PAY_EDGES = (-0.05, -0.001, 0.001, 0.05)  # relative changes of pay; a bin holds its upper edge, not its lower
PAY_BINS = ("loss_over_5", "loss_to_5", "no_change", "gain_to_5", "gain_over_5")


def at_level(outcomes: pd.DataFrame, level: str) -> pd.DataFrame:
    """The rows of one level of `LEVELS`."""
    if level not in LEVELS:
        raise InputError(f"no level '{level}'", remedy=nearest(level, LEVELS))
    keys = LEVELS[level]
    rows = (outcomes["month"] != 0) == ("month" in keys)
    for name in ("unit", "kind", "person"):
        if name == "unit" and level == "person":
            continue  # a person may be in another unit under another policy
        rows &= (outcomes[name] != "") == (name in keys)
    return outcomes[rows]


def paired(
    outcomes: pd.DataFrame, policy: str, to: str, *, level: str = "bureau", only: Sequence[str] | None = None
) -> pd.DataFrame:
    """Each replication's years under both policies: the level's keys, outcome, replication, year,
    policy_value, baseline.

    Pairs with a NaN on either side are left out.
    """
    rows = at_level(outcomes, level)
    if only is not None:
        for name in only:
            if name not in OUTCOMES:
                raise InputError(f"no outcome '{name}'", remedy=nearest(name, OUTCOMES))
        rows = rows[rows["outcome"].isin(list(only))]
    keys = [*LEVELS[level], "outcome", "replication", "year"]
    sides = []
    for name, column in ((policy, "policy_value"), (to, "baseline")):
        side = rows.loc[rows["policy"] == name, [*keys, "value"]].rename(columns={"value": column})
        if side.empty:
            raise InputError(f"no results for policy '{name}'", remedy=nearest(name, set(rows["policy"])))
        if side.duplicated(keys).any():
            raise InputError(
                f"several results for one replication of policy '{name}'",
                remedy="Compare one scenario and one behaviour at a time",
            )
        sides.append(side)
    both = sides[0].merge(sides[1], on=keys, sort=False)
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
    """Paired differences of `policy` from the policy `to`, one row for each outcome (of each unit, kind, …).

    Parameters
    ----------
    level : one of `LEVELS`.
    only : outcomes to compare (all, if None). All rows together are the family for which p_holm is adjusted.

    Returns
    -------
    DataFrame of the level's keys, outcome, and

    * baseline, policy_mean: over the replications that both have, n of them;
    * difference (`policy` − `to`) with its t interval low, high, half_width (NaN with one replication);
    * share_better: of the replications; equal is not better; NaN where neither way is better;
    * exact_zero: the policies agree to the last bit in every replication and year;
    * p_value of the paired t test, and p_holm.

    Where no replication has a value under both there is no row.
    """
    keys = [*LEVELS.get(level, []), "outcome"]
    years = paired(outcomes, policy, to, level=level, only=only)
    years["difference"] = years["policy_value"] - years["baseline"]
    years["differs"] = years["difference"] != 0
    columns = {name: (name, "mean") for name in ("policy_value", "baseline", "difference")}
    runs = (
        years.groupby([*keys, "replication"], sort=False)
        .agg(**columns, differs=("differs", "any"))
        .reset_index()
    )
    way = runs["outcome"].map(
        {name: {"higher": 1.0, "lower": -1.0}.get(one.better, np.nan) for name, one in OUTCOMES.items()}
    )
    runs["better"] = (runs["difference"] * way > 0).astype(float).where(way.notna())
    grouped = runs.groupby(keys, sort=False)
    table = grouped.agg(
        baseline=("baseline", "mean"),
        policy_mean=("policy_value", "mean"),
        difference=("difference", "mean"),
        sd=("difference", "std"),
        n=("difference", "size"),
        share_better=("better", "mean"),
        differs=("differs", "any"),
    ).reset_index()
    table["half_width"] = half_widths(table["sd"], table["n"], confidence)
    table["low"] = table["difference"] - table["half_width"]
    table["high"] = table["difference"] + table["half_width"]
    table["p_value"] = _p_values(
        table["difference"].to_numpy(), table["sd"].to_numpy(), table["n"].to_numpy()
    )
    table["p_holm"] = holm(table["p_value"].to_numpy())
    table["exact_zero"] = ~table["differs"].astype(bool)
    order = [
        "baseline",
        "policy_mean",
        "difference",
        "low",
        "high",
        "half_width",
        "n",
        "share_better",
        "exact_zero",
        "p_value",
        "p_holm",
    ]
    return table[[*keys, *order]]


def _p_values(difference: np.ndarray, sd: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Two-sided paired t tests; 1 where nothing ever differs, 0 where every replication differs alike,
    NaN for n < 2.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        p = 2 * stats.t.sf(np.abs(difference) / (sd / np.sqrt(n)), np.maximum(n - 1, 1))
    p = np.where(sd == 0, np.where(difference == 0, 1.0, 0.0), p)
    return np.where(n >= 2, p, np.nan)


def winners_losers(
    outcomes: pd.DataFrame, policy: str, to: str, *, of: str = "person", confidence: float = 0.95
) -> pd.DataFrame:
    """How many people (`of` = "person") or units ("unit") gain and lose pay against the policy `to`, by
    `PAY_BINS`.

    The relative change of pay_yuan is binned in each replication and year at `PAY_EDGES`, upper edge
    included: a loss of exactly 5 % is over 5, a gain of exactly 5 % is not. Index bin; columns count
    (mean a year), share, and the t interval of the share over the replications, low, high.
    """
    if of not in ("person", "unit"):
        raise InputError(
            f"winners and losers among '{of}' cannot be counted", remedy="Choose 'person' or 'unit'"
        )
    rows = paired(outcomes, policy, to, level=of, only=["pay_yuan"])
    before, after = rows["baseline"].to_numpy(), rows["policy_value"].to_numpy()
    gained = np.where(after > before, np.inf, np.where(after < before, -np.inf, 0.0))
    change = np.divide(after - before, np.abs(before), out=gained, where=before != 0)
    place = np.searchsorted(
        PAY_EDGES, np.round(change, 12), side="left"
    )  # rounded: 1.05 / 1 − 1 is 5 %, not more
    counts = pd.crosstab([rows["replication"], rows["year"]], place).reindex(
        columns=range(len(PAY_BINS)), fill_value=0
    )
    shares = counts.div(counts.sum(axis=1), axis=0).groupby("replication").mean()
    count = counts.groupby("replication").mean().mean()
    found = [mean_interval(shares[number].to_numpy(), confidence) for number in shares.columns]
    return pd.DataFrame(
        {
            "count": count.to_numpy(),
            "share": [one.estimate for one in found],
            "low": [one.low for one in found],
            "high": [one.high for one in found],
        },
        index=pd.Index(PAY_BINS, name="bin"),
    )


def best(
    outcomes: pd.DataFrame,
    outcome: str,
    *,
    policies: Sequence[str] | None = None,
    resamples: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """The chance that each policy is best by one outcome of the bureau, if the replications were drawn again.

    Whole replications are resampled for all policies together, so that their pairing is kept (Efron &
    Tibshirani, An Introduction to the Bootstrap, 1993, ch. 6); policies that tie share the chance. A
    replication that any policy lacks is dropped for all. Index policy, best first; columns mean,
    probability_best, share_best (of the replications), n.
    """
    if outcome not in OUTCOMES:
        raise InputError(f"no outcome '{outcome}'", remedy=nearest(outcome, OUTCOMES))
    way = {"higher": 1.0, "lower": -1.0, "neither": 0.0}[OUTCOMES[outcome].better]
    if way == 0:
        raise InputError(
            f"of '{outcome}' neither more nor less is better",
            remedy="Choose an outcome that has a better side",
        )
    rows = at_level(outcomes, "bureau")
    rows = rows[rows["outcome"] == outcome]
    chosen = list(rows["policy"].unique() if policies is None else policies)
    if missing := sorted(set(chosen) - set(rows["policy"])):
        raise InputError(
            f"no results for policy '{missing[0]}'", remedy=nearest(missing[0], set(rows["policy"]))
        )
    years = rows.pivot(index=["replication", "year"], columns="policy", values="value")[chosen].dropna()
    values = years.groupby("replication").mean()
    if values.empty:
        raise InputError(f"no replication has '{outcome}' under every policy")
    numbers = values.to_numpy() * way
    draws = np.random.default_rng(seed).integers(len(numbers), size=(resamples, len(numbers)))
    table = pd.DataFrame(
        {
            "mean": values.mean(),
            "probability_best": _wins(numbers[draws].mean(axis=1)),
            "share_best": _wins(numbers),
            "n": len(numbers),
        }
    )
    return table.sort_values(["probability_best", "mean"], ascending=[False, way < 0], kind="stable")


def _wins(values: np.ndarray) -> np.ndarray:
    """Share of the rows (r, policies) in which each column is highest; a tie is shared."""
    highest = values == values.max(axis=1, keepdims=True)
    return (highest / highest.sum(axis=1, keepdims=True)).mean(axis=0)
