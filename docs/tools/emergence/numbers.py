"""What emerges when people answer to the rules, shown beside what the same rules do if nobody answers.

`Emergence` runs the `trials` once and has their numbers; `emergence_scores` and `emergence_service` show
them. Every interval is over replications, whose offices are never taken for independent.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

import sim
from docs.tools.emergence import trials
from docs.tools.emergence.bins import by_bins, resampled, shares_between
from docs.tools.kept import World, outcomes
from sim.evaluate.bunching import Bunching, bunching
from sim.evaluate.estimate import Interval, paired_difference
from sim.report.words import Text, check_language, pick
from sim.rules.outcomes import OUTCOMES
from sim.scenario import Policy, reform

COUNTY, OFFICES = "binhai", "one-office"
ABOVE = 2.0  # points from a threshold within which scores are said to lie just above it
QUICK = {  # what effort brings is assumed, about as trials tell it of most offices; a few trials tell nothing
    "behaviour.return": "assumed",
    "behaviour.responsive.effort.points_per_effort": 10,
    "behaviour.trials.at_least": 4,
    "behaviour.trials.at_most": 4,
    "horizon.warm_up_days": 28,
}
EDGES = np.arange(-34.0, 6.0, 2.0)  # of the distance to the threshold, points
_KEPT = (
    "score", "true_score", "mean_score", "effort", "on_time_rate", "recorded_on_time_rate", "on_time_gap",
    "error_rate", "mean_processing_days", "utilisation", "duty_rate", "attention_spread", "recording",
    "audited_cases",
)  # fmt: skip


def kept(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of outcomes that the exhibits need: whole years, and effort of units by month; of nobody."""
    year = (rows["month"] == 0) & rows["outcome"].isin(_KEPT)
    month = (rows["month"] > 0) & (rows["outcome"] == "effort") & (rows["unit"] != "") & (rows["kind"] == "")
    return rows[(rows["person"] == "") & (year | month)]


@dataclass(frozen=True)
class Emergence:
    """The trials, run when they are first asked for.

    Parameters
    ----------
    lang : "en" or "zh". replications : of each trial, 2 or more. seed : nature's choice.
    folder : where the trials' outcomes are kept for the next time. quick : returns to effort are
    assumed, not measured, and the warm-up is four weeks.
    """

    lang: str
    replications: int
    seed: int
    folder: Path = Path("results/emergence")
    quick: bool = False

    def __post_init__(self) -> None:
        check_language(self.lang)
        if self.replications < 2:
            raise sim.InputError("one replication has no interval", remedy="Give 'replications' of 2 or more")

    def text(self, en: str, zh: str) -> str:
        """The side that is in the report's language."""
        return pick(Text(en=en, zh=zh), self.lang)

    @cached_property
    def county(self) -> pd.DataFrame:
        """Outcomes of `trials.of_the_county`."""
        county = sim.load(COUNTY)
        return self._run(county, trials.of_the_county(county))

    @cached_property
    def offices(self) -> pd.DataFrame:
        """Scores and efforts of the year, a row for each trial, replication and office."""
        found = self._run(sim.load(OFFICES), trials.of_offices(sim.load(COUNTY)))
        return _by_office(found[(found["unit"] != "") & (found["kind"] == "")])

    def _run(self, scenario: sim.Scenario, listed: list[World]) -> pd.DataFrame:
        if self.quick:
            scenario = reform(scenario, Policy.of(QUICK, "quick"))
        table = outcomes(
            scenario, listed, kept, replications=self.replications, seed=self.seed, folder=self.folder
        )
        return table.rename(columns={"policy": "trial"})

    @cached_property
    def bound(self) -> pd.DataFrame:
        """As `offices`, of the county's offices that the pay rule binds."""
        rules = sim.load(COUNTY)
        mine = [name for name in rules.units if rules.type_of(name).pay_bound]
        return _by_office(self.county[self.county["unit"].isin(mine) & (self.county["kind"] == "")])

    def by_month(self, trial: str, month: int) -> pd.DataFrame:
        """Mean and spread of the bound offices' extra effort in a month, %, by replication."""
        rows = self.county[(self.county["trial"] == trial) & (self.county["month"] == month)]
        mine = rows[rows["unit"].isin(self.bound["unit"].unique())]
        return (100 * (mine.set_index("replication")["value"] - 1)).groupby(level=0).agg(["mean", "std"])

    @cached_property
    def threshold(self) -> float:
        """The score at which the cliff is, points."""
        return sim.load(OFFICES).pay.bonus_threshold

    def runs(self, trial: str, outcome: str, kind: str = "") -> np.ndarray:
        """An outcome of the county, or of one kind, in each replication, (replications,); in its unit."""
        rows = self.county
        rows = rows[(rows["trial"] == trial) & (rows["outcome"] == outcome) & (rows["kind"] == kind)]
        found = rows[rows["unit"] == ""].set_index("replication")["value"]
        return found.reindex(range(self.replications)).to_numpy() * OUTCOMES[outcome].scale

    def change(self, trial: str, to: str, outcome: str, kind: str = "") -> Interval:
        """Paired difference of two trials of the county."""
        return paired_difference(self.runs(trial, outcome, kind), self.runs(to, outcome, kind))

    def share(self, table: pd.DataFrame, trial: str) -> pd.Series:
        """Of each replication, the share of scores within `ABOVE` points over the threshold."""
        mine = table[table["trial"] == trial]
        return shares_between(mine, "score", self.threshold, self.threshold + ABOVE)

    def bunched(self, trial: str) -> Bunching:
        """Excess mass of the twenty offices' scores just above the threshold, against a line through both "
        "sides."""
        mine = self.offices[self.offices["trial"] == trial]
        values, groups = mine["score"].to_numpy(), mine["replication"].to_numpy()
        return bunching(
            values, self.threshold, groups=groups, low=0.0, high=ABOVE, reach=10.0, degree=1, scale="counts",
            seed=self.seed,
        )  # fmt: skip

    def effort(self, table: pd.DataFrame, trial: str, edges: np.ndarray = EDGES) -> pd.DataFrame:
        """Effort by how far from the threshold the office's true score is where nobody answers."""
        return by_bins(
            beside_mechanical(table, trial).assign(distance=lambda found: found["usual"] - self.threshold),
            "distance",
            "effort",
            edges,
        )


def _by_office(rows: pd.DataFrame) -> pd.DataFrame:
    """A row for each trial, replication and office; a column for each outcome."""
    keys = ["trial", "replication", "unit"]
    rows = rows[rows["month"] == 0]
    return rows.pivot_table(index=keys, columns="outcome", values="value").reset_index()


def beside_mechanical(table: pd.DataFrame, trial: str) -> pd.DataFrame:
    """The rows of a trial with ``usual``: the true score of the same office, met by the same citizens, where
    nobody answers."""
    keys = ["replication", "unit"]
    usual = table[table["trial"] == "mechanical"].set_index(keys)["true_score"].rename("usual")
    return table[table["trial"] == trial].join(usual, on=keys)


def gain(answered: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points of true score gained for a unit of effort: estimate, low, high. Rows as of "
    "`beside_mechanical`."""
    each = answered.assign(gained=answered["true_score"] - answered["usual"], extra=answered["effort"] - 1)
    sums = each.groupby("replication")[["gained", "extra"]].sum().to_numpy()
    return resampled(sums, lambda added: added[0] / added[1])
