"""One outcome by replication, year and unit: a checked array, taken from a study's long table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.rules import OUTCOMES
from sim.scenario.errors import InputError, nearest

from .compare import at_level, of_one_behaviour


@dataclass(frozen=True)
class Panel:
    """Values of outcomes of units under one policy.

    values : by outcome, float (replications, years, units); NaN = no value. units, replications, years :
    the labels of the axes.
    """

    values: dict[str, np.ndarray]
    units: list[str]
    replications: list[int]
    years: list[int]

    def __getitem__(self, outcome: str) -> np.ndarray:
        return self.values[outcome]


def panel(
    outcomes: pd.DataFrame, policy: str, names: Iterable[str], *, level: str = "unit", least: int = 2
) -> Panel:
    """Return outcomes of units of one policy as arrays; of "bureau" as if it were one unit.

    The first of `names` must have a value; units without one at all are left out. Raises InputError for
    several behaviours, an unknown policy or outcome, doubled rows, and fewer than `least` replications.
    """
    names = list(names)
    rows = of_policy(of_one_behaviour(outcomes), policy)
    for name in names:
        if name not in OUTCOMES:
            raise InputError(f"no outcome '{name}'", remedy=nearest(name, OUTCOMES))
    rows = at_level(rows[rows["outcome"].isin(names)], level)
    known = rows[(rows["outcome"] == names[0]) & rows["value"].notna()]
    if known.empty:
        raise InputError(
            f"no '{names[0]}' was measured under '{policy}'", remedy="Choose an outcome that was measured"
        )
    units = list(known["unit"].unique())
    replications, years = sorted(rows["replication"].unique()), sorted(rows["year"].unique())
    if len(replications) < least:
        raise InputError(
            f"{len(replications)} replication of '{policy}' tells nothing of luck",
            remedy=f"Run {least} or more replications",
        )
    places = [
        pd.Index(labels).get_indexer(pd.Index(rows[key]))
        for key, labels in (
            ("outcome", names),
            ("replication", replications),
            ("year", years),
            ("unit", units + [one for one in rows["unit"].unique() if one not in units]),
        )
    ]
    shape = (len(names), len(replications), len(years), places[-1].max() + 1)
    at = np.ravel_multi_index(places, shape)
    if np.bincount(at).max() > 1:
        raise InputError(
            f"several results for one replication of policy '{policy}'", remedy="Give one scenario at a time"
        )
    cube = np.full(shape, np.nan)
    cube.flat[at] = rows["value"].to_numpy(float)
    values = dict(zip(names, cube[..., : len(units)], strict=True))
    return Panel(values, list(map(str, units)), [int(r) for r in replications], [int(y) for y in years])


def of_policy(outcomes: pd.DataFrame, policy: str) -> pd.DataFrame:
    """Return the rows of one policy; raise InputError if there are none."""
    rows = outcomes[outcomes["policy"] == policy]
    if rows.empty:
        known = [str(name) for name in outcomes["policy"].unique()]
        raise InputError(f"no results for policy '{policy}'", remedy=nearest(policy, known))
    return rows


def jackknife(values: np.ndarray, members: np.ndarray) -> tuple[float, float]:
    """Return a mean and its standard error, leaving out one replication at a time.

    values : (n, 2), numerator and denominator of each row. members : (n, m), the replications that a row is
    made of (Efron and Stein 1981, Ann. Statist. 9). NaN where nothing is in the denominator.
    """
    total = values.sum(axis=0)
    if total[1] == 0:
        return np.nan, np.nan
    estimate = total[0] / total[1]
    groups = np.unique(members)
    without = []
    for one in groups:
        left = values[(members != one).all(axis=1)].sum(axis=0)
        if left[1] == 0:
            return float(estimate), np.nan
        without.append(left[0] / left[1])
    count = len(groups)
    spread = np.sum((np.array(without) - np.mean(without)) ** 2) * (count - 1) / count
    return float(estimate), float(np.sqrt(spread))
