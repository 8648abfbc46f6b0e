"""Who gains and loses, how unequal pay is, and who stands at a threshold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.evaluate.distribution import (
    at_threshold,
    gains_by,
    hoover,
    inequality,
    mean_log_deviation,
    theil,
)
from sim.evaluate.gains import PAY_BINS
from sim.rules.pay import gini
from sim.scenario.errors import InputError

from .queues import POLICY, bureau_table, table_of

INCOMES = np.array([541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261.0])


def test_indices_of_ten_incomes():
    """Values of R's package ineq."""
    assert gini(INCOMES) == pytest.approx(0.462091, abs=1e-6)
    assert theil(INCOMES) == pytest.approx(0.362341, abs=1e-6)
    assert mean_log_deviation(INCOMES) == pytest.approx(0.433595, abs=1e-6)
    assert hoover(INCOMES) == pytest.approx(0.337807, abs=1e-6)


def test_indices_of_known_distributions():
    from scipy.stats import expon, lognorm, pareto

    at = (np.arange(1_000_000) + 0.5) / 1_000_000
    assert gini(lognorm.ppf(at, 0.5)) == pytest.approx(0.276326, abs=2e-4)
    assert theil(lognorm.ppf(at, 0.5)) == pytest.approx(0.125, abs=5e-4)
    assert gini(expon.ppf(at)) == pytest.approx(0.5, abs=2e-4)
    assert gini(pareto.ppf(at, 3)) == pytest.approx(0.2, abs=5e-4)


def test_indices_at_their_edges():
    assert theil(np.full(4, 7.0)) == mean_log_deviation(np.full(4, 7.0)) == hoover(np.full(4, 7.0)) == 0
    assert np.isnan(theil(np.array([]))) and np.isnan(hoover(np.zeros(3)))
    assert mean_log_deviation(np.array([0.0, 1.0])) == np.inf
    assert theil(np.array([0.0, 0.0, 3.0])) == pytest.approx(np.log(3))


PEOPLE = pd.DataFrame(
    {
        "unit": ["north", "north", "south", "south", "hall", "hall"],
        "grade": ["clerk", "head"] * 3,
        "role": ["window", "head"] * 3,
    },
    index=list("abcdef"),
)


def pay_table(change: dict[str, float], replications: int = 4) -> pd.DataFrame:
    """Everybody has 100, and changes by so much of it under the policy "other"; ranks 1, 2, 3."""
    rows = []
    for number in range(replications):
        for policy in ("base", "other"):
            for person in PEOPLE.index:
                value = 100 * (1 + (change.get(person, 0.0) if policy == "other" else 0.0))
                unit = PEOPLE.loc[person, "unit"]
                rows.append((policy, number, 2025, 0, unit, "", person, "pay", value))
            for rank, unit in enumerate(("north", "south", "hall"), start=1):
                rows.append((policy, number, 2025, 0, unit, "", "", "rank", float(rank)))
    columns = ["policy", "replication", "year", "month", "unit", "kind", "person", "outcome", "value"]
    return pd.DataFrame(rows, columns=columns)


CHANGE = {"a": -0.06, "b": -0.02, "c": 0.02, "d": 0.05, "e": 0.06}


def test_who_gains_by_group():
    found = {
        by: gains_by(pay_table(CHANGE), "other", "base", PEOPLE, by=by).set_index("group")
        for by in ("unit", "grade", "role", "rank")
    }
    assert list(found["unit"].loc["north", list(PAY_BINS)]) == [0.5, 0.5, 0, 0, 0]
    assert list(found["unit"].loc["south", list(PAY_BINS)]) == [0, 0, 0, 1, 0]  # exactly 5 % is to 5
    assert found["unit"].loc["hall", "no_change"] == found["unit"].loc["hall", "gain_over_5"] == 0.5
    assert found["unit"].loc["north", "losing"] == 1 and found["unit"].loc["north", "low"] < 1
    assert found["grade"].loc["clerk", "change"] == pytest.approx((-0.06 + 0.02 + 0.06) / 3)
    assert found["role"].loc["head", "people"] == 3
    assert list(found["rank"].index) == ["2", "4", "5"]  # first, second and third of three, in fifths
    assert found["rank"].loc["2", "losing"] == 1
    shares = found["unit"][list(PAY_BINS)].sum(axis=1)
    np.testing.assert_allclose(shares, 1)


def test_newcomers_are_counted_and_in_no_group():
    found = gains_by(pay_table(CHANGE), "other", "base", PEOPLE.drop("a"), by="unit").set_index("group")
    assert (found["left_out"] == 1).all() and found.loc["north", "people"] == 1
    whole = gains_by(pay_table(CHANGE), "other", "base", PEOPLE, by="unit")
    assert (whole["left_out"] == 0).all()


def test_a_policy_beside_itself_changes_nothing():
    table = pay_table({})
    for by in ("unit", "grade", "role", "rank"):
        found = gains_by(table, "other", "base", PEOPLE, by=by)
        assert (found["no_change"] == 1).all() and (found["change"] == 0).all()
    same = inequality(table, "base")
    assert (same["difference"] == 0).all() and (same["value"] == 0).all()


def test_inequality_is_paired_and_taken_apart():
    found = inequality(pay_table(CHANGE), "base").set_index(["policy", "index"])
    pay = 100 * (1 + np.array([CHANGE.get(person, 0.0) for person in PEOPLE.index]))
    assert found.loc[("other", "gini"), "value"] == pytest.approx(gini(pay))
    means = pay.reshape(3, 2).mean(axis=1).repeat(2)
    assert found.loc[("other", "theil_between"), "value"] == pytest.approx(theil(means))
    within = np.sum([own.sum() / pay.sum() * theil(own) for own in pay.reshape(3, 2)])
    parts = found.loc[("other", "theil"), "value"] - found.loc[("other", "theil_between"), "value"]
    assert parts == pytest.approx(within)
    assert found.loc[("other", "gini"), "difference_low"] > 0


def test_who_changes_side_when_the_threshold_moves():
    scores = {"a": [94.5, 93.0, 95.0, 96.0], "b": [95.99, 95.5, 97.0, 98.0], "c": [90.0, 80.0, 70.0, 60.0]}
    table = table_of({unit: np.array(own) for unit, own in scores.items()}, dict.fromkeys(scores, 1), "score")
    found = at_threshold(table, POLICY, 95.0).set_index("unit")
    assert list(found["under"]) == [0.5, 0, 1]
    assert list(found["leaves"]) == [0.25, 0, 0]  # 94.5 passes 94
    assert list(found["joins"]) == [0.25, 0.5, 0]  # 95 itself passes 95, not 96
    assert found.loc["c", "leaves_high"] > 0
    assert at_threshold(table, POLICY, 95.0, step=2.5).set_index("unit").loc["a", "leaves"] == 0.5


def test_bad_input_is_told():
    table = pay_table(CHANGE)
    with pytest.raises(InputError, match="grouped by"):
        gains_by(table, "other", "base", PEOPLE, by="grades")
    with pytest.raises(InputError, match="no unit has a rank"):
        gains_by(table[table["outcome"] == "pay"], "other", "base", PEOPLE, by="rank")
    with pytest.raises(InputError, match="no pay"):
        gains_by(table[table["outcome"] == "rank"], "other", "base", PEOPLE, by="unit")
    with pytest.raises(InputError, match="no results"):
        inequality(table, "bases")
    with pytest.raises(InputError, match="moves by"):
        at_threshold(table, "base", 95, step=0)
    with pytest.raises(InputError, match="was measured"):
        at_threshold(bureau_table({"base": [{"pay": 1.0}]}), "base", 95)
