"""Every switch of the model: the parameters that end in ``.on``; and one replication under some of them."""

from __future__ import annotations

import copy
from typing import Any

import pandas as pd

import sim
from sim.scenario.parameters import catalogue
from sim.scenario.part import Text

SWITCHES = [parameter.path for parameter in catalogue() if parameter.path.endswith(".on")]
ALL_OFF = dict.fromkeys(SWITCHES, False)
KEYS = ["year", "month", "unit", "kind", "person", "outcome"]


def at(scenario: sim.Scenario, path: str) -> Any:
    """The value of a parameter of a scenario; None where a block around it is missing."""
    here: Any = scenario
    for name in path.split("."):
        here = getattr(here, name, None)
    return here


def changed(scenario: sim.Scenario, changes: dict[str, Any]) -> sim.Scenario:
    """The scenario with these changes."""
    return sim.reform(scenario, policy(changes))


def policy(changes: dict[str, Any]) -> sim.Policy:
    title = Text(en="changed", zh="改")
    return sim.Policy("changed", title, title, changes)


def without(scenario: sim.Scenario, block: str) -> sim.Scenario:
    """The scenario as if its file did not have this block."""
    data = copy.deepcopy(scenario.source.data)
    here, *names = data, *block.split(".")
    for name in names[:-1]:
        here = here.get(name) or {}
    here.pop(names[-1], None)
    return sim.build(data, scenario.folder)


def outcomes(scenario: sim.Scenario, behaviour: str) -> pd.Series:
    """The values of a replication, by `KEYS` as texts and numbers."""
    table = sim.simulate(scenario, behaviour=behaviour, seed=3).outcomes
    return table.astype(dict.fromkeys(("unit", "kind", "person", "outcome"), str)).set_index(KEYS)["value"]


def differing(one: pd.Series, other: pd.Series) -> set[str]:
    """The names of the outcomes of which a row differs, or stands on one side only."""
    common = one.index.intersection(other.index)
    a, b = one[common], other[common]
    rows = [common[(a != b) & ~(a.isna() & b.isna())], one.index.symmetric_difference(other.index)]
    return {name for index in rows for name in index.get_level_values("outcome")}
