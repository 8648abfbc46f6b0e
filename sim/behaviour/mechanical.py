"""Nobody reacts: rules change pay and careers, and people work as before. The baseline of every study."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.scenario.schema import Scenario

NAME = "mechanical"
READS_RULES = False


def respond(speed: np.ndarray, standing: pd.DataFrame | None, scenario: Scenario) -> np.ndarray:
    """Each person's speed in the month to come.

    Parameters
    ----------
    speed : (people,), standard speed of each person.
    standing : where each unit's year stands at the monthly review; this behaviour does not look at it.
    scenario : the rules in force.
    """
    return speed
