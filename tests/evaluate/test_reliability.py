"""The reliability of a year: a queue's design effect, and chances to be measured below a line."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from sim.evaluate.noise import funnel_limits
from sim.evaluate.reliability import observed_reliability, reliability
from sim.scenario.errors import InputError

from .queues import POLICY, UNIT, limit_for, table_of, years_of

REQUESTS, TRUE, YEARS = 2000, 0.96, 8000


@cache
def met(servers: int, load: float, years: int, requests: int = REQUESTS) -> np.ndarray:
    return years_of(servers, load, limit_for(servers, load, TRUE), requests, years, 12, 1)


def of_queue(servers: int, load: float, years: int, requests: int = REQUESTS) -> pd.Series:
    rates = met(servers, load, years, requests).sum(axis=1) / requests
    other = np.full(years, 0.9) + 0.001 * np.arange(years) / years  # a second unit, so that units differ
    table = table_of({UNIT: rates, "other": other}, {UNIT: requests, "other": requests})
    return reliability(table, POLICY, 0.95).set_index("unit").loc[UNIT]


@pytest.mark.parametrize(
    ("load", "requests", "expected"), [(0.5, 2000, 8.09), (0.8, 2000, 68.2), (0.5, 500, 7.89)]
)
def test_the_design_effect_of_a_single_server(load, requests, expected):
    """Lag covariances of the sojourn chain give the exact values."""
    found = of_queue(1, load, YEARS, requests)
    assert found["design_effect"] == pytest.approx(expected, rel=0.05)
    assert found["deff_low"] < expected < found["deff_high"]
    assert found["true"] == pytest.approx(TRUE, abs=0.002)


@pytest.mark.parametrize(
    ("servers", "load", "below", "tax"), [(3, 0.8, 0.288, 0.91), (8, 0.7, 0.055, 0.04), (8, 0.8, 0.153, 0.29)]
)
def test_a_true_96_in_a_queue_is_measured_below_95(servers, load, below, tax):
    found = of_queue(servers, load, 20_000)  # standard error .003
    assert found["below"] == pytest.approx(below, abs=0.02)
    assert 100 * found["tax"] == pytest.approx(tax, abs=0.06)
    assert found["below_binomial"] == pytest.approx(0.0116, abs=2e-3)
    assert found["truly_above"]
    # what follows from the design effect alone is far nearer to the truth than what ignores it
    assert abs(found["below_queue"] - found["below"]) < abs(found["below_binomial"] - found["below"])


def test_corrected_funnel_limits_hold_where_binomial_ones_do_not():
    effect = of_queue(8, 0.8, 20_000)["design_effect"]
    rates = met(8, 0.8, 20_000).sum(axis=1) / REQUESTS

    def cover(design_effect: float) -> float:
        low, high = funnel_limits(TRUE, REQUESTS, design_effect=design_effect)
        return float(np.mean((rates >= low) & (rates <= high)))

    assert cover(1.0) < 0.85
    assert 0.935 < cover(effect) < 0.98


def months(servers: int, load: float, years: int) -> pd.DataFrame:
    """The months of one replication of `years` years, by unit and month."""
    found = met(servers, load, YEARS)[:years]
    cases = np.diff(REQUESTS * np.arange(13) // 12)
    year, month = np.indices(found.shape)
    parts = [
        pd.DataFrame(
            {
                "policy": POLICY, "replication": 0, "year": 2000 + year.ravel(), "month": month.ravel() + 1,
                "unit": unit, "kind": "", "person": "", "outcome": outcome, "value": values.ravel(),
            }
        )
        for unit in (UNIT, "other")
        for outcome, values in (
            ("on_time_rate", found / cases),
            ("due_cases", np.broadcast_to(cases.astype(float), found.shape)),
        )
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


@pytest.mark.parametrize(("servers", "load"), [(1, 0.5), (3, 0.8), (8, 0.7), (8, 0.8)])
def test_the_months_of_a_bureau_tell_the_design_effect(servers, load):
    """Over many years without any replication, within a quarter."""
    found = observed_reliability(months(servers, load, 4000), POLICY, 0.95).set_index("unit").loc[UNIT]
    assert found["design_effect"] == pytest.approx(of_queue(servers, load, YEARS)["design_effect"], rel=0.25)


def test_years_needed_give_the_reliability_that_is_wanted():
    luck = np.random.default_rng(1)
    rates = {str(n): np.clip(0.95 + 0.002 * n + luck.normal(0, 0.02, 400), 0, 1) for n in range(-5, 6)}
    table = table_of(rates, dict.fromkeys(rates, 1000))
    found = reliability(table, POLICY, 0.95)
    own = found["reliability"] / (1 - found["reliability"]) * found["years_needed"]
    np.testing.assert_allclose(own, 4.0)  # .8 / .2
    np.testing.assert_allclose(found["requests_needed"], 1000 * found["years_needed"])
    averaged = table_of(
        {name: own.reshape(100, 4).mean(axis=1) for name, own in rates.items()}, dict.fromkeys(rates, 4000)
    )
    again = reliability(averaged, POLICY, 0.95)
    np.testing.assert_allclose(again["years_needed"], found["years_needed"] / 4, rtol=0.3)


def test_what_cannot_be_told_is_marked():
    rates = {
        "steady": np.full(5, 0.9),
        "idle": np.full(5, np.nan),
        "usual": np.array([0.9, 0.8, 0.85, 0.95, 0.9]),
    }
    table = table_of(rates, {"steady": 100, "idle": 0, "usual": 100})
    found = reliability(table, POLICY, 0.95).set_index("unit")
    assert list(found.index) == ["steady", "usual"]
    assert np.isnan(found.loc["steady", "reliability"]) and found.loc["steady", "why"] == "never varies"
    same = reliability(table_of({"a": rates["usual"], "b": rates["usual"]}, {"a": 9, "b": 9}), POLICY, 0.95)
    assert set(same["why"]) == {"units do not differ"} and same["years_needed"].isna().all()


def test_bad_input_is_told():
    table = table_of({"a": np.array([0.9, 0.8])}, {"a": 100})
    with pytest.raises(InputError, match="nothing of luck"):
        reliability(table[table["replication"] == 0], POLICY, 0.95)
    with pytest.raises(InputError, match="behaviours"):
        reliability(pd.concat([table.assign(behaviour="x"), table.assign(behaviour="y")]), POLICY, 0.95)
    with pytest.raises(InputError, match="no results for policy"):
        reliability(table, "curent", 0.95)
    with pytest.raises(InputError, match="was measured"):
        reliability(table, POLICY, 95, of="score")
    with pytest.raises(InputError, match="several results"):
        reliability(pd.concat([table, table]), POLICY, 0.95)
    with pytest.raises(InputError, match="no months"):
        observed_reliability(table, POLICY, 0.95)
