"""What a rule does alone: both of its worlds simulated on the same citizens, kept, and compared in pairs."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from docs.tools.kept import World, outcomes
from sim.evaluate.estimate import paired_difference
from sim.report.files import write_whole
from sim.rooms import code_version
from sim.scenario import Policy, Scenario, load_policy, reform
from sim.study.neutral import budget_neutral
from sim.study.result import unit_key

from .rule import Arm, Rule
from .worlds import policy_of

ALL = "#all"  # units
SOLVED_COST: str = "assessment_pay"  # what a solved arm costs as much of as the scenario's own rules


@dataclass(frozen=True)
class Effect:
    """An outcome with the rule and without it: means over the replications, and their paired difference.

    kind : the matter kind, ``#card`` for the units of a scorecard, ``#all``, or "" for the bureau.
    exact : the difference is 0 in every replication. Values are as in the tables of outcomes; NaN where a
    world has no such outcome.
    """

    outcome: str
    kind: str
    without: float
    with_: float
    difference: float
    low: float
    high: float
    exact: bool


@dataclass(frozen=True)
class Arms:
    """The worlds of rules, simulated on the same citizens and kept in a folder."""

    scenario: Scenario
    replications: int
    seed: int
    folder: Path

    def policy(self, arm: Arm) -> Policy:
        """The policy of an arm; what is to be solved for in it is solved."""
        if arm.policy:
            return load_policy(self.scenario, arm.policy)
        changes = dict(arm.changes)
        if arm.solve:
            changes[arm.solve] = self._solved(changes, arm.solve)
        return replace(policy_of(changes), since=arm.since)

    def _solved(self, changes: dict[str, Any], parameter: str) -> float:
        """The solved number, kept beside the results and named as they are."""
        start = reform(self.scenario, policy_of(changes)).digest()
        key = unit_key(start, parameter, self.seed, self.replications, code_version())
        file = self.folder / f"{key}.solved.json"
        if not file.is_file():
            found = budget_neutral(
                self.scenario,
                changes,
                parameter,
                cost=SOLVED_COST,
                replications=self.replications,
                seed=self.seed,
            )
            write_whole(file, json.dumps(round(found.value, 4)))
        return json.loads(file.read_text())

    def effects(self, rules: Sequence[Rule]) -> dict[str, list[Effect]]:
        """By rule the outcomes that it must move, with it and without it; what is not kept is simulated."""
        arms: list[Arm] = []
        for rule in rules:
            arms += [arm for arm in (rule.off, rule.on) if arm not in arms]
        found = [self._outcomes(arms, years) for years in sorted({arm.years for arm in arms})]
        values = pd.concat(found).set_index(["policy", "outcome", "kind", "replication"])["value"]
        effects = {}
        for rule in rules:
            sides = [values[str(arms.index(arm))] for arm in (rule.off, rule.on)]
            effects[rule.name] = [_effect(outcome, sides, self.replications) for outcome in rule.outcomes]
        return effects

    def _outcomes(self, arms: list[Arm], years: int) -> pd.DataFrame:
        """Columns policy (the arm's place), outcome, kind, replication, value: of arms over so many years."""
        mine = [
            World(arm.behaviour, replace(self.policy(arm), name=str(place)))
            for place, arm in enumerate(arms)
            if arm.years == years
        ]
        return outcomes(
            self.scenario,
            mine,
            self._last_year,
            replications=self.replications,
            seed=self.seed,
            years=years,
            folder=self.folder,
            progress=True,
        )

    def _last_year(self, table: pd.DataFrame) -> pd.DataFrame:
        """Of the bureau and of its kinds, in the last year."""
        whole = (table["month"] == 0) & (table["person"] == "") & (table["year"] == table["year"].max())
        columns = ["policy", "outcome", "kind", "replication", "value"]
        found = table[whole].astype({"policy": str, "outcome": str, "kind": str, "unit": str})
        return pd.concat([found.loc[found["unit"] == "", columns], self._bottom(found)[columns]])

    def _bottom(self, table: pd.DataFrame) -> pd.DataFrame:
        """The share of the units of each scorecard, and of all, that is among the bottom: kind ``#card``."""
        units, types = self.scenario.units, self.scenario.unit_types
        mine = table[(table["outcome"] == "bottom") & (table["unit"] != "") & (table["kind"] == "")]
        card = mine["unit"].map(lambda unit: f"#{types[units[unit].type].scorecard}")
        told = pd.concat([mine.assign(kind=kind) for kind in (card, ALL)])
        shares = told.groupby(["policy", "kind", "replication"])["value"].mean()
        return shares.reset_index().assign(outcome="bottom")


def _effect(asked: str, sides: list[pd.Series], replications: int) -> Effect:
    outcome, _, kind = asked.partition("@")
    outcome, hash_, card = outcome.partition("#")
    kind = kind or hash_ + card
    index = pd.MultiIndex.from_product([[outcome], [kind], range(replications)])
    without, with_ = (side.reindex(index).to_numpy(float) for side in sides)
    found = paired_difference(with_, without)
    exact = bool(np.array_equal(with_, without, equal_nan=True) and not np.isnan(with_).all())
    before, after = (
        float(np.nanmean(side)) if not np.isnan(side).all() else float("nan") for side in (without, with_)
    )
    return Effect(outcome, kind, before, after, found.estimate, found.low, found.high, exact)


def packed(found: list[Effect]) -> list[dict[str, Any]]:
    """Effects as plain data; numbers to nine significant digits, which is more than is shown, NaN as None."""
    return [{name: _plain(value) for name, value in asdict(effect).items()} for effect in found]


def _plain(value: Any) -> Any:
    if not isinstance(value, float):
        return value
    return None if math.isnan(value) else float(f"{value:.9g}")


def unpacked(rows: list[dict[str, Any]]) -> list[Effect]:
    """The effects that `packed` made plain."""
    filled: list[dict[str, Any]] = [
        {name: math.nan if value is None else value for name, value in row.items()} for row in rows
    ]
    return [Effect(**row) for row in filled]
