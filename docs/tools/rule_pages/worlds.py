"""What figures ask of a scenario: its rules in force under some changes, and one replication of it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from sim.cache import LruCache
from sim.replication import Result, simulate
from sim.scenario import Policy, Scenario, reform
from sim.scenario.part import Text
from sim.scenario.steps import Branch, Delay, Return, Work
from sim.study.load import over_years
from sim.world import in_force
from sim.world.reroute import OTHERS, Route

TITLE = Text(en="Tried", zh="试用")
SEED = 0
# Scores in figures, points: about what trials tell of binhai's offices
LUCK, UNSEEN = 2.5, 1.0  # spreads of what the months reveal, and of what nobody sees before the year-end
SPREAD = math.hypot(LUCK, UNSEEN)
GAIN = 15.0  # return to effort, points per unit of effort


def policy_of(changes: dict[str, Any], name: str = "tried") -> Policy:
    """Changes by dotted path as a policy."""
    return Policy(name, TITLE, TITLE, dict(changes))


def under(scenario: Scenario, changes: dict[str, Any] | None = None) -> Scenario:
    """The scenario with these changes and all its rules written into routes, staff and duties."""
    return in_force(reform(scenario, policy_of(changes or {})))


def one_year(
    scenario: Scenario, changes: dict[str, Any] | None = None, behaviour: str = "mechanical", years: int = 1
) -> Result:
    """Replication 0 of seed 0; the last ones asked for are kept."""
    key = (id(scenario), repr(sorted((changes or {}).items())), behaviour, years)

    def make() -> tuple[Scenario, Result]:
        over = scenario if years == (scenario.horizon.years or 1) else over_years(scenario, years)
        return scenario, simulate(over, policy_of(changes or {}), behaviour=behaviour, seed=SEED)

    return _kept.get(key, make)[1]


# By the scenario's id, which stays its own as long as the scenario is kept here.
_kept: LruCache[tuple[Scenario, Result]] = LruCache(6)


def of_units(result: Result, outcome: str) -> pd.Series:
    """An outcome of the last year by unit, NaN where a unit has none."""
    table = result.units[outcome]
    return table.xs(table.index.get_level_values("year").max(), level="year")


def counter_way(route: Route) -> Route:
    """The steps of a route that are of no other channel than the counter."""
    return {name: step for name, step in route.items() if name.rpartition(".")[2] not in OTHERS}


def way_of(route: Route, channel: str) -> Route:
    """The steps of one channel."""
    return {name: step for name, step in route.items() if name.rpartition(".")[2] == channel}


def delay_days(route: Route, reasons: set[str]) -> float:
    """Working days of the delays for these reasons, each as if it were met once."""
    return sum(step.amount for step in route.values() if isinstance(step, Delay) and step.reason in reasons)


def return_chance(route: Route) -> float:
    """The chance that a request comes back at least once, over the steps at which it may."""
    return 1 - math.prod(1 - step.chance for step in route.values() if isinstance(step, Return))


def minutes_at(route: Route, role: str) -> float:
    """Minutes of work at a unit's own role, each step as if it were met once."""
    return sum(step.minutes for step in route.values() if isinstance(step, Work) and step.at == f"own/{role}")


def aside(route: Route, asked: str, chosen: str) -> float:
    """The chance with which the branch `asked` leads to the step `chosen`; 0 if there is none."""
    step = route.get(asked)
    return step.to.get(chosen, 0.0) if isinstance(step, Branch) else 0.0


def grid(low: float, high: float, count: int = 401) -> np.ndarray:
    return np.linspace(low, high, count)
