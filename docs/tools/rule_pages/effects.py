"""What a rule does alone: both of its worlds simulated on the same citizens, kept, and compared in pairs."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.evaluate.estimate import paired_difference
from sim.report.files import write_whole
from sim.scenario import Policy, Scenario, load_policy, reform
from sim.study.load import over_years
from sim.study.neutral import budget_neutral
from sim.study.result import code_version
from sim.study.what_if import WhatIf, what_if
from sim.world import in_force

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


class Arms:
    """The worlds of all rules, each simulated once and kept in a folder by what determines it."""

    def __init__(
        self, scenario: Scenario, replications: int, seed: int, folder: Path, tell: Callable[[str], None]
    ) -> None:
        self.scenario, self.replications, self.seed = scenario, replications, seed
        self.folder, self.tell, self.code = folder, tell, code_version()
        self._looking: tuple[tuple[str, int], WhatIf] | None = None
        self._over = {scenario.horizon.years or 1: scenario}

    def policy(self, arm: Arm) -> Policy:
        """The policy of an arm; what is to be solved for in it is solved."""
        if arm.policy:
            return load_policy(self.scenario, arm.policy)
        changes = dict(arm.changes)
        if arm.solve:
            changes[arm.solve] = self._solved(arm)
        return policy_of(changes, "tried" if changes else "current")

    def _solved(self, arm: Arm) -> float:
        """The solved number, kept beside the tables."""
        start = replace(arm, solve="")
        file = self.folder / f"{self.key(start)}.{arm.solve}.json"
        if not file.is_file():
            found = budget_neutral(
                self.scenario,
                dict(arm.changes),
                arm.solve,
                cost=SOLVED_COST,
                replications=self.replications,
                seed=self.seed,
            )
            write_whole(file, json.dumps(round(found.value, 4)).encode())
        return json.loads(file.read_text())

    def over(self, years: int) -> Scenario:
        if years not in self._over:
            self._over[years] = over_years(self.scenario, years)
        return self._over[years]

    def key(self, arm: Arm) -> str:
        """A hash of all that determines an arm's outcomes."""
        digest = in_force(reform(self.over(arm.years), self.policy(arm))).digest()
        stated = [digest, arm.behaviour, arm.years, self.replications, self.seed, self.code]
        return hashlib.blake2b(json.dumps(stated).encode(), digest_size=12).hexdigest()

    def outcomes(self, arm: Arm) -> pd.DataFrame:
        """Columns outcome, kind, replication, value: of the bureau and of its kinds, in the last year."""
        file = self.folder / f"{self.key(arm)}.parquet"
        if file.is_file():
            return pd.read_parquet(file)
        self.tell(f"    simulating {self.replications} × {_called(arm)}")
        table = self._last_year(self._look(arm).outcomes(self.policy(arm)))
        self.folder.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        table.to_parquet(part, index=False)
        part.replace(file)
        return table

    def _look(self, arm: Arm) -> WhatIf:
        """The replications of a behaviour over so many years; those looked at last are kept in memory."""
        of = (arm.behaviour, arm.years)
        if self._looking is None or self._looking[0] != of:
            self._looking = None  # its memory, before others are simulated
            scenario, many = self.over(arm.years), self.replications
            self._looking = of, what_if(scenario, replications=many, seed=self.seed, behaviour=arm.behaviour)
        return self._looking[1]

    def _last_year(self, table: pd.DataFrame) -> pd.DataFrame:
        whole = (table["month"] == 0) & (table["person"] == "") & (table["year"] == table["year"].max())
        columns = ["outcome", "kind", "replication", "value"]
        found = table.loc[whole & (table["unit"] == ""), columns].astype({"outcome": str, "kind": str})
        return pd.concat([found, self._bottom(table[whole])[columns]], ignore_index=True)

    def _bottom(self, table: pd.DataFrame) -> pd.DataFrame:
        """The share of the units of each scorecard, and of all, that is among the bottom: kind ``#card``."""
        units, types = self.scenario.units, self.scenario.unit_types
        mine = table[(table["outcome"] == "bottom") & (table["unit"] != "") & (table["kind"] == "")]
        card = mine["unit"].astype(str).map(lambda unit: f"#{types[units[unit].type].scorecard}")
        told = [mine.assign(kind=kind) for kind in (card, ALL)]
        together = pd.concat(
            [one.groupby(["kind", "replication"])["value"].mean().reset_index() for one in told]
        )
        return together.assign(outcome="bottom")

    def effects(self, rule: Rule) -> list[Effect]:
        """The outcomes that a rule must move, with it and without it."""
        sides = [
            table.set_index(["outcome", "kind", "replication"])["value"]
            for table in (self.outcomes(rule.off), self.outcomes(rule.on))
        ]
        return [_effect(outcome, sides, self.replications) for outcome in rule.outcomes]


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


def _called(arm: Arm) -> str:
    what = arm.policy or ", ".join(arm.changes) or "the scenario as it stands"
    over = f" over {arm.years} years" if arm.years > 1 else ""
    return f"{what} ({arm.behaviour}{over})"


def in_order(rules: Iterable[Rule]) -> list[Rule]:
    """Rules so that those of the same behaviour and years follow each other: fewer worlds are made anew."""
    return sorted(rules, key=lambda rule: (rule.on.years, rule.on.behaviour, rule.off.behaviour))


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
