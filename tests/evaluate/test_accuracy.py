"""What differs only by the rounding of the arithmetic is equal: signs, ties, orders, chances."""

import numpy as np
import pandas as pd
import pytest

from sim.evaluate import best, compare, winners_losers
from sim.evaluate.accuracy import difference, first_highest, highest, levels

NOISE = np.array([0, 1, -1, 2, -2, 3, -3, 4, -4]) * 1e-16


def _table(outcome, values, **keys):
    """Outcomes of policies a, b, …: a list by replication each."""
    where = {"year": 2025, "month": 0, "unit": "", "kind": "", "person": "", "outcome": outcome} | keys
    rows = [
        {"policy": policy, "replication": number, "value": value} | where
        for policy, listed in values.items()
        for number, value in enumerate(listed)
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(("outcome", "size"), [("on_time_rate", 1.0), ("pay_total", 3e8)])
def test_copies_share_the_chance_and_keep_their_order(outcome, size):
    luck = np.random.default_rng(3).uniform(0.5, 0.9, 12)
    names = list("dbcaefghi")
    found = _table(outcome, {name: size * (luck + noise) for name, noise in zip(names, NOISE, strict=True)})
    if outcome == "pay_total":  # neither more nor less of it is better: the rule of the whole is the same
        assert highest(np.array([size * (0.7 + NOISE)])).all()
        return
    table = best(found, outcome)
    assert table["probability_best"].to_numpy() == pytest.approx(np.full(9, 1 / 9), abs=1e-12)
    assert list(table.index) == names


def test_a_difference_of_the_last_bit_is_none():
    luck = np.random.default_rng(4).uniform(0.5, 0.9, 5)
    table = pd.concat(
        [
            _table("on_time_rate", {"a": luck, "b": luck + 2e-16}),
            _table("on_time_gap", {"a": 0 * luck, "b": 0 * luck + 1e-17}),
        ]
    )
    found = compare(table, "b", "a")
    assert (found["difference"] == 0).all() and found["exact_zero"].all()
    assert (found["share_better"] == 0).all() and (found["p_value"] == 1).all()
    tiny = compare(_table("on_time_rate", {"a": luck, "b": luck + 1e-9}), "b", "a")
    assert not tiny["exact_zero"].any() and (tiny["share_better"] == 1).all()  # small is not equal


def test_what_cancels_out_is_zero():
    found = compare(_table("on_time_rate", {"a": [0.1, 0.2, 0.3], "b": [0.3, 0.1, 0.2]}), "b", "a").iloc[0]
    assert found["difference"] == 0 and not found["exact_zero"]


def test_nobody_gains_by_the_last_bit():
    paid = {"a": [0.0, 5e4, 5e4], "b": [1e-17, 5e4 + 1e-11, 5e4]}
    assert winners_losers(_table("pay", paid, person="li"), "b", "a").loc["no_change", "share"] == 1


def test_levels_and_the_first_of_equals():
    values = np.array([0.1 + 0.2, 0.3, np.nan, 0.2, 0.30001])
    assert list(levels(values)) == [1, 1, 3, 0, 2]
    assert levels(np.array([])).size == 0
    assert first_highest(pd.Series([0.3, 0.1 + 0.2, np.nan], index=list("xyz"))) == "x"
    assert difference(np.inf, 1.0) == np.inf and np.isnan(difference(np.nan, 1.0))
