"""Behaviours in a whole year of the bureau: off is off, and a year of answers."""

from __future__ import annotations

import numpy as np
import pandas as pd

import sim

from .fifteen import OFFICES, scenario_of

SWITCHES = ("effort", "allocation", "timing", "recording")
BUSY = {"registration": {"volumes": dict.fromkeys(OFFICES, 1500)}, "petition": {"volumes": {"office_1": 100}}}
KEYS = ["year", "month", "unit", "kind", "person", "outcome"]


def outcomes(behaviour: str, **responsive: object) -> pd.Series:
    rules = scenario_of(responsive, limit_hours=5.0, minutes=180, demand=BUSY)
    table = sim.simulate(rules, behaviour=behaviour, seed=5).outcomes
    return table.astype(dict.fromkeys(("unit", "kind", "person", "outcome"), str)).set_index(KEYS)["value"]


def test_no_strength_is_mechanical_to_the_last_bit():
    """Every outcome that the mechanical year has; a year in which people look at the rules also tells how
    they behaved.
    """
    mechanical = outcomes("mechanical")
    for responsive in ({"strength": 0, **{name: {"on": True} for name in SWITCHES}}, {}):
        still = outcomes("responsive", **responsive)
        pd.testing.assert_series_equal(still.loc[mechanical.index], mechanical, check_exact=True)


def test_effort_raises_the_score_and_the_pace():
    still = outcomes("mechanical")
    busy = outcomes("responsive", effort={"on": True})
    where = (2025, 0, OFFICES[1], "", "")
    assert busy[(*where, "mean_processing_days")] < still[(*where, "mean_processing_days")]
    scores = [
        np.mean([table[(2025, 0, unit, "", "", "true_score")] for unit in OFFICES]) for table in (still, busy)
    ]
    assert scores[1] > scores[0]
