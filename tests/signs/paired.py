"""Policies on the same citizens: what a rule changes, replication by replication."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

import sim
from sim.scenario.part import Text
from sim.study.what_if import WhatIf

SEED = 20250101
CONFIDENCE = 0.99
# What effort brings is not measured: that takes a minute for each rule of the work. It is about as large as
# trials tell; with a large one everybody comes over the line of the bonus, where the slope is of no matter.
ASSUMED = {
    "behaviour.return": "assumed",
    "behaviour.responsive.effort.points_per_effort": 10,
    "behaviour.trials.at_least": 4,
    "behaviour.trials.at_most": 4,
}
CALM = {f"demand.{kind}.dispersion": 0 for kind in ("registration", "homestead", "fees")}


class Row(NamedTuple):
    """One rule of the model, and what it does to binhai.

    rule : its name, with the section of the model. changes : by dotted path, or the name of a policy.
    up, down : outcomes that it raises, lowers; moves : that it changes in every replication, either way.
    same : outcomes that it leaves as they are, to the last bit. An outcome is of the bureau and the mean of
    the years, or "score at hall", "arrivals of fees", "moved in 2026", "busy_hours by field" (all people of
    that role), "bottom over units" (the sum), or several of these: "on_time_rate at hall in 2026".
    behaviour, years : of both sides. against : the behaviour of the other side, if it is another.
    where : changes to both sides, so that there is something for the rule to act on.
    replications : pairs. Rules that only judge are cheap, and what they do hangs on the luck of a few units.
    """

    rule: str
    changes: dict[str, Any] | str
    up: tuple[str, ...] = ()
    down: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    behaviour: str = "mechanical"
    years: int = 1
    against: str | None = None
    where: tuple[tuple[str, Any], ...] = ()
    replications: int = 4

    @property
    def bench(self) -> tuple:
        """What the row is tried on: rows on the same one stand together."""
        return self.years, self.behaviour, self.replications, self.where


@lru_cache(maxsize=2)
def bench(years: int, behaviour: str, replications: int, where: tuple) -> tuple[WhatIf, pd.DataFrame]:
    """Binhai, under a behaviour: what tries policies on it, and its outcomes.

    Without a warm-up a replication takes half as long, and without the luck of a day few pairs tell as much
    as many; a rule does the same.
    """
    title = Text(en="short", zh="短")
    short = {"horizon.warm_up_days": 0, "horizon.years": years} | CALM | ASSUMED | dict(where)
    binhai = sim.reform(sim.load("binhai"), sim.Policy("short", title, title, short))
    trial = sim.what_if(binhai, replications=replications, seed=SEED, behaviour=behaviour)
    return trial, texts(trial.outcomes("current"))


def both(row: Row) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Outcomes with the rule and without it."""
    trial, without = bench(*row.bench)
    if row.against is not None:
        return without, bench(*row._replace(behaviour=row.against).bench)[1]
    return texts(trial.outcomes(row.changes)), without


def texts(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Whole years only, names as texts."""
    names = dict.fromkeys(("unit", "kind", "person", "outcome"), str)
    return outcomes[outcomes["month"] == 0].astype(names)


def values(outcomes: pd.DataFrame, spec: str) -> np.ndarray:
    """An outcome, written as in `Row`, of each replication (n,)."""
    name, *more = spec.split()
    where = dict(zip(more[::2], more[1::2], strict=True))
    rows = outcomes[outcomes["outcome"] == name]
    if role := where.get("by"):
        rows = rows[rows["person"].str.contains(f"_{role}")]
    else:
        unit = rows["unit"] != "" if "over" in where else rows["unit"] == where.get("at", "")
        rows = rows[unit & (rows["kind"] == where.get("of", "")) & (rows["person"] == "")]
    if "in" in where:
        rows = rows[rows["year"] == int(where["in"])]
    found = rows.groupby(["replication", "year"])["value"].sum(min_count=1).groupby("replication").mean()
    assert len(found) == outcomes["replication"].nunique(), f"no outcome '{spec}'"
    return found.to_numpy()


def interval(difference: np.ndarray) -> tuple[float, float]:
    """The paired t interval of a mean difference (n,)."""
    n = len(difference)
    half = stats.t.ppf((1 + CONFIDENCE) / 2, n - 1) * difference.std(ddof=1) / np.sqrt(n)
    return float(difference.mean() - half), float(difference.mean() + half)
