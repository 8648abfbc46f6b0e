"""What differs only by the rounding of the arithmetic is equal: signs, ties, orders, chances."""

import numpy as np
import pandas as pd

from sim.evaluate import choose, compare, winners_losers
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


def test_copies_are_equal_and_the_current_rule_stands():
    luck = np.random.default_rng(3).uniform(0.5, 0.9, 12)
    names = list("dbcaefghi")
    found = choose(
        _table("on_time_rate", {name: luck + noise for name, noise in zip(names, NOISE, strict=True)}),
        "on_time_rate",
        "f",
    ).set_index("policy")
    assert found["good"].all() and found["may_be_best"].all() and found["equivalent"].all()
    assert (found[["best_low", "best_high", "shortfall", "difference", "low", "high"]] == 0).all(axis=None)
    assert not found["recommended"].any()
    assert list(found.index[found["selected"]]) == ["f"]


def test_copies_of_large_numbers_are_equal():
    assert highest(3e8 * (0.7 + NOISE)).all()


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
