"""Every switch of the model: the parameters that end in ``.on``."""

from __future__ import annotations

from typing import Any

import sim
from sim.scenario.part import Text
from sim.scenario.parameters import catalogue

SWITCHES = [parameter.path for parameter in catalogue() if parameter.path.endswith(".on")]
ALL_OFF = dict.fromkeys(SWITCHES, False)


def at(scenario: sim.Scenario, path: str) -> Any:
    """The value of a parameter of a scenario; None where a block around it is missing."""
    here: Any = scenario
    for name in path.split("."):
        here = getattr(here, name, None)
    return here


def changed(scenario: sim.Scenario, changes: dict[str, Any]) -> sim.Scenario:
    """The scenario with these changes."""
    title = Text(en="changed", zh="改")
    return sim.reform(scenario, sim.Policy("changed", title, title, changes))
