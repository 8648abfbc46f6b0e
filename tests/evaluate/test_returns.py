"""Believed and realised return by unit, paired with people who work as usual."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.evaluate.returns import returns


def table(gain: float, effort: float, luck: np.ndarray, believed: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One unit whose effort truly brings `gain`, in replications with this luck; with and without it."""
    rows, without = [], []
    for replication, own in enumerate(luck):
        place = {"replication": replication, "year": 2025, "unit": "office"}
        values = {
            "effort": effort,
            "gain_believed": believed,
            "gain_realised": gain + own,
            "true_score": 90 + gain + own,
            "return_error": 1.0,
        }
        rows += [{**place, "outcome": name, "value": value} for name, value in values.items()]
        without.append({**place, "outcome": "true_score", "value": 90 + own})
    return pd.DataFrame(rows), pd.DataFrame(without)


LUCK = np.random.default_rng(1).normal(0, 3, 20)


def test_pairs_take_luck_out():
    responsive, mechanical = table(2.0, 1.1, LUCK, believed=2.0)
    paired, alone = returns(responsive, mechanical).loc["office"], returns(responsive).loc["office"]
    assert paired["realised"] == pytest.approx(2.0) and paired["extra"] == pytest.approx(0.1)
    assert paired["se"] == pytest.approx(0.1)  # what is left is the error of the trials
    assert alone["se"] > 3 * paired["se"] and not paired["parts"] and not alone["parts"]


def test_beliefs_that_part_are_told():
    responsive, mechanical = table(2.0, 1.1, LUCK, believed=4.0)
    assert returns(responsive, mechanical).loc["office", "parts"]


def test_where_nobody_believes_anything_there_is_no_row():
    _, mechanical = table(2.0, 1.1, LUCK, believed=2.0)
    assert returns(mechanical).empty
