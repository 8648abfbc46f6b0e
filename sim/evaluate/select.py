"""Select the best policy, with its probability of being best."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.rules import OUTCOMES
from sim.scenario.errors import InputError, nearest

from .accuracy import highest, levels
from .compare import at_level, of_one_behaviour


def best(
    outcomes: pd.DataFrame,
    outcome: str,
    *,
    policies: Sequence[str] | None = None,
    resamples: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Estimate the probability that each policy is best by one outcome of the bureau (bootstrap).

    Whole replications are resampled for all policies together, so that their pairing is kept (Efron &
    Tibshirani, An Introduction to the Bootstrap, 1993, ch. 6); policies that tie within the accuracy of the
    arithmetic share the chance. A replication that any policy lacks is dropped for all. Index policy, best
    first, of equals the one that comes first; columns mean, probability_best, share_best (of the
    replications), n.
    """
    if outcome not in OUTCOMES:
        raise InputError(f"no outcome '{outcome}'", remedy=nearest(outcome, OUTCOMES))
    way = {"higher": 1.0, "lower": -1.0, "neither": 0.0}[OUTCOMES[outcome].better]
    if way == 0:
        raise InputError(
            f"of '{outcome}' neither more nor less is better",
            remedy="Choose an outcome that has a better side",
        )
    rows = at_level(of_one_behaviour(outcomes), "bureau")
    known = list(rows["policy"].unique())
    rows = rows[rows["outcome"] == outcome]
    chosen = known if policies is None else list(policies)
    if missing := sorted(set(chosen) - set(known)):
        raise InputError(f"no results for policy '{missing[0]}'", remedy=nearest(missing[0], known))
    if without := [name for name in chosen if name not in set(rows["policy"])]:
        raise InputError(
            f"no '{outcome}' was measured under '{without[0]}'",
            remedy="Choose an outcome, or policies, that were measured",
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
    order = np.lexsort([-levels(way * table["mean"]), -levels(table["probability_best"])])
    return table.iloc[order]


def _wins(values: np.ndarray) -> np.ndarray:
    """Return the share of the rows (r, policies) in which each column is highest; ties share."""
    first = highest(values)
    return (first / first.sum(axis=1, keepdims=True)).mean(axis=0)
