"""Policies compared: pairing, what is dropped, winners and losers."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.evaluate import between_behaviours, compare, winners_losers
from sim.evaluate.compare import against
from sim.evaluate.estimate import holm, wilson
from sim.rules import pay_share
from sim.scenario.assessment import Pay
from sim.scenario.errors import InputError

ONE = [126.97, 124.31, 126.68, 122.66, 127.23]
OTHER = [118.21, 120.22, 122.45, 122.68, 119.40]
SCORES = [99, 98, 97, 96, 95.5, 95, 94.5, 94, 93, 92, 91, 90, 89.5, 88, 85]


def rows(policy, outcome, values, **more):
    """One row a replication."""
    table = pd.DataFrame(
        {"policy": policy, "replication": range(len(values)), "outcome": outcome, "value": values}
    )
    return table.assign(**{"year": 2025, "month": 0, "unit": "", "kind": "", "person": "", **more})


def study(*parts):
    return pd.concat(parts, ignore_index=True)


def test_paired_by_replication():
    table = study(rows("new", "pay", ONE), rows("current", "pay", OTHER).iloc[::-1])
    found = compare(table, "new", "current", confidence=0.90).iloc[0]
    assert (found.difference, found.low, found.high) == pytest.approx((4.978, 1.649127, 8.306873), abs=1e-6)
    assert (found.baseline, found.policy_mean) == pytest.approx((np.mean(OTHER), np.mean(ONE)))
    assert found.p_value == pytest.approx(stats.ttest_rel(ONE, OTHER).pvalue)
    assert found.n == 5 and found.share_better == 0.8 and not found.exact_zero


def test_better_has_a_direction():
    parts = [
        rows(policy, outcome, values)
        for outcome in ("overdue_open", "score", "arrivals")
        for policy, values in (("new", [1, 2, 5]), ("current", [2, 2, 2]))
    ]
    found = compare(study(*parts), "new", "current").set_index("outcome")["share_better"]
    assert found["overdue_open"] == pytest.approx(1 / 3)
    assert found["score"] == pytest.approx(1 / 3)
    assert np.isnan(found["arrivals"])


def test_a_policy_against_itself_differs_by_exactly_nothing():
    table = study(rows("current", "score", ONE), rows("current", "finished", OTHER))
    found = compare(table, "current", "current")
    assert found["exact_zero"].all()
    assert (found[["difference", "low", "high", "half_width", "share_better"]] == 0).all(axis=None)
    assert (found["p_holm"] == 1).all()


def test_differences_that_cancel_are_not_nothing():
    found = compare(
        study(rows("new", "score", [1, 3]), rows("current", "score", [2, 2])), "new", "current"
    ).iloc[0]
    assert found.difference == 0 and not found.exact_zero


def test_a_replication_is_dropped_for_both_or_none():
    table = study(rows("new", "score", [*ONE, np.nan, 1, 7]), rows("current", "score", [*OTHER, 5, np.nan]))
    alone = study(rows("new", "score", ONE), rows("current", "score", OTHER))
    pd.testing.assert_frame_equal(compare(table, "new", "current"), compare(alone, "new", "current"))


def test_years_of_a_replication_are_one_observation():
    parts = [
        rows(policy, "score", np.array(values) + shift, year=year)
        for policy, values in (("new", ONE), ("current", OTHER))
        for year, shift in ((2025, 1), (2026, -1))
    ]
    found = compare(study(*parts), "new", "current", confidence=0.90).iloc[0]
    assert found.n == 5 and (found.low, found.high) == pytest.approx((1.649127, 8.306873), abs=1e-6)


def test_one_replication_has_no_interval():
    found = compare(
        study(rows("new", "score", [2.0]), rows("current", "score", [1.0])), "new", "current"
    ).iloc[0]
    assert found.difference == 1 and found[["low", "high", "half_width", "p_value", "p_holm"]].isna().all()


def test_levels_keep_apart():
    parts = []
    for policy, gain in (("new", 1.0), ("current", 0.0)):
        for number, place in enumerate(
            (
                {},
                {"unit": "east"},
                {"kind": "permit"},
                {"month": 3},
                {"unit": "east", "month": 3},
                {"unit": policy, "person": "Li"},
            )
        ):
            parts.append(rows(policy, "finished", np.arange(3.0) + gain * number, **place))
    table = study(*parts)
    for number, (level, keys) in enumerate(
        {
            "bureau": [],
            "unit": ["unit"],
            "kind": ["kind"],
            "month": ["month"],
            "unit_month": ["unit", "month"],
            "person": ["person"],
        }.items()
    ):
        found = compare(table, "new", "current", level=level)
        assert len(found) == 1 and list(found.columns[: len(keys) + 1]) == [*keys, "outcome"]
        assert found["difference"].item() == number


def test_one_outcome_is_one_family_over_policies_behaviours_and_units():
    rng = np.random.default_rng(1)
    table = study(
        *(
            rows(policy, name, rng.normal(size=20), behaviour=behaviour)
            for name in ("score", "finished")
            for policy in ("a", "b", "current")
            for behaviour in ("mechanical", "responsive")
        )
    )
    found = against(table, ["a", "b"], "current")
    assert len(found) == 8 and list(found.columns[:3]) == ["policy", "behaviour", "outcome"]
    for _, mine in found.groupby("outcome"):
        assert mine["p_holm"].to_numpy() == pytest.approx(holm(mine["p_value"].to_numpy()))
        assert mine["p_holm"].min() == pytest.approx(min(1, 4 * mine["p_value"].min()))
    alone = compare(table.query("behaviour == 'mechanical'"), "a", "current", only=["score"]).iloc[0]
    assert alone.p_holm == alone.p_value


def test_policies_without_results_have_no_row():
    table = study(rows("new", "score", ONE), rows("current", "score", OTHER))
    assert against(table, ["new", "other"], "current")["policy"].tolist() == ["new"]
    none = against(table, ["new"], "current", level="month")
    assert none.empty and {"policy", "month", "outcome", "p_holm"} <= set(none.columns)


def test_mistakes_are_told():
    table = study(rows("new", "score", ONE), rows("current", "score", OTHER))
    with pytest.raises(InputError, match="Did you mean 'current'"):
        compare(table, "new", "curent")
    with pytest.raises(InputError, match="no level"):
        compare(table, "new", "current", level="office")
    with pytest.raises(InputError, match="It is called 'pay' now"):
        compare(table, "new", "current", only=["pay_yuan"])
    with pytest.raises(InputError, match="no outcome"):
        compare(table, "new", "current", only=["scores"])
    with pytest.raises(InputError, match="one behaviour"):
        compare(study(table, table), "new", "current")


def paid(policy, threshold, rate):
    share = pay_share(SCORES, Pay(full_pay_threshold=threshold, deduction_per_point=rate, bonus_threshold=95))
    return study(*(rows(policy, "pay", [value] * 2, unit=f"office_{n}") for n, value in enumerate(share)))


@pytest.mark.parametrize(
    ("policy", "counts"),
    [("steeper", [4, 5, 6, 0, 0]), ("lower", [0, 0, 6, 5, 4]), ("current", [0, 0, 15, 0, 0])],
)
def test_winners_and_losers_among_fifteen_offices(policy, counts):
    table = study(paid("current", 95, 1), paid("steeper", 95, 2), paid("lower", 90, 1))
    found = winners_losers(table, policy, "current", of="unit")
    assert found["count"].tolist() == counts
    assert found["share"].to_list() == pytest.approx([count / 15 for count in counts])
    assert (found["low"] == found["high"]).all()


def test_bins_hold_their_upper_edge():
    changes = {
        "a": 0.95,
        "b": 0.951,
        "c": 0.999,
        "d": 1.0,
        "e": 1.001,
        "f": 1.0011,
        "g": 1.05,
        "h": 1.0501,
        "i": 1.2,
    }
    parts = [rows("current", "pay", [100.0], unit="u", person=name) for name in changes]
    parts += [rows("new", "pay", [100 * change], unit="u", person=name) for name, change in changes.items()]
    assert winners_losers(study(*parts), "new", "current")["count"].tolist() == [1, 2, 2, 2, 2]


def test_who_had_nothing_wins_by_anything():
    parts = [
        rows("current", "pay", [0.0, 0.0], person="Li"),
        rows("new", "pay", [0.0, 5.0], person="Li"),
    ]
    assert winners_losers(study(*parts), "new", "current")["count"].tolist() == [0, 0, 0.5, 0, 0.5]


def two_behaviours():
    """A new rule that does nothing where nobody answers, and two years of it where people do."""
    return study(
        rows("current", "score", OTHER, behaviour="mechanical"),
        rows("new", "score", OTHER, behaviour="mechanical"),
        rows("current", "score", OTHER, behaviour="responsive"),
        rows("new", "score", ONE, behaviour="responsive"),
    )


def test_policies_are_compared_under_each_behaviour():
    found = compare(two_behaviours(), "new", "current").set_index("behaviour")
    assert found["exact_zero"].to_dict() == {"mechanical": True, "responsive": False}
    alone = compare(study(rows("new", "score", ONE), rows("current", "score", OTHER)), "new", "current")
    columns = ["difference", "low", "high", "n", "p_value"]
    assert found.loc["responsive", columns].tolist() == alone.loc[0, columns].tolist()
    one = two_behaviours().query("behaviour == 'responsive'")
    pd.testing.assert_frame_equal(compare(one, "new", "current"), alone)


def test_a_behaviour_is_compared_with_another_under_each_policy():
    found = between_behaviours(two_behaviours(), "responsive", "mechanical").set_index("policy")
    assert found.loc["current", "exact_zero"] and not found.loc["new", "exact_zero"]
    assert found.loc["new", "difference"] == pytest.approx(np.mean(ONE) - np.mean(OTHER))
    alone = between_behaviours(two_behaviours().query("policy == 'new'"), "responsive", "mechanical")
    assert alone[["policy", "difference"]].to_numpy().tolist() == [["new", found.loc["new", "difference"]]]
    with pytest.raises(InputError, match="no results for behaviour 'learning'"):
        between_behaviours(two_behaviours(), "learning", "mechanical")


def test_what_is_of_one_behaviour_refuses_two():
    with pytest.raises(InputError, match="2 behaviours: mechanical, responsive. Choose one"):
        winners_losers(two_behaviours(), "new", "current")


def test_years_and_months_of_years_stand_for_themselves():
    parts = [
        rows(
            policy,
            "score",
            np.array(OTHER) + gain * (year - 2025) + month * 0.5 * gain,
            year=year,
            month=month,
        )
        for policy, gain in (("new", np.float64(1)), ("current", np.float64(0)))
        for year in (2025, 2026)
        for month in (0, 1, 2)
    ]
    table = study(*parts)
    found = compare(table, "new", "current", level="year")
    assert found[["year", "difference", "n"]].to_numpy().tolist() == [[2025, 0, 5], [2026, 1, 5]]
    found = compare(table, "new", "current", level="year_month")
    assert found[["year", "month"]].to_numpy().tolist() == [[2025, 1], [2025, 2], [2026, 1], [2026, 2]]
    assert found["difference"].tolist() == pytest.approx([0.5, 1, 1.5, 2])
    assert compare(table, "new", "current", level="month")["difference"].tolist() == pytest.approx([1, 1.5])


def test_wilson_is_scipys_where_that_is_defined():
    for successes, n in ((0, 10), (3, 10), (10, 10), (7, 50)):
        theirs = stats.binomtest(successes, n).proportion_ci(method="wilson")
        assert wilson(successes / n, n) == pytest.approx((theirs.low, theirs.high))
    low, high = wilson(1 / 3, 4)  # of twelve years of four replications: as wide as of four trials
    assert low < 0.08 and high > 0.74
