"""Choosing among policies: how often equal ones are recommended, what is selected, and several goals."""

import numpy as np
import pandas as pd
import pytest

from sim.evaluate import choose, undominated
from sim.evaluate.choose import decide
from sim.scenario.errors import InputError

FALSE = 0.05 + 3 * np.sqrt(0.05 * 0.95 / 1000)  # three standard errors of a thousand studies


def table(outcome, values, **keys):
    """Outcomes of the bureau from values (n, k) of policies p0, p1, …"""
    values = np.asarray(values, float)
    n, k = values.shape
    where = {"year": 2025, "month": 0, "unit": "", "kind": "", "person": "", "outcome": outcome} | keys
    return pd.DataFrame(
        {
            "policy": np.repeat([f"p{i}" for i in range(k)], n),
            "replication": np.tile(np.arange(n), k),
            "value": values.T.ravel(),
        }
    ).assign(**where)


def luck(rng, n, k, sd=0.02):
    """Rates of policies that are equal: common luck, and luck of their own."""
    return 0.9 + rng.normal(size=(n, 1)) * 0.03 + rng.normal(size=(n, k)) * sd


def recommends(values, family=1):
    return decide(values, 0, 1.0, 0.005, family=family)["recommended"].any()


@pytest.mark.parametrize("n", [5, 10, 30])
def test_equal_policies_are_seldom_recommended(n):
    rng = np.random.default_rng(n)
    assert np.mean([recommends(luck(rng, n, 9)) for _ in range(1000)]) <= FALSE


def test_equal_policies_are_seldom_recommended_under_any_of_two_behaviours():
    rng = np.random.default_rng(1)
    wrong = [any(recommends(luck(rng, 10, 9), family=2) for _ in range(2)) for _ in range(1000)]
    assert np.mean(wrong) <= FALSE


@pytest.mark.parametrize(
    ("draw", "least"),
    [
        (lambda rng, shape: rng.normal(size=shape), 0.95),
        (lambda rng, shape: rng.standard_t(5, size=shape), 0.95),
        (lambda rng, shape: rng.normal(size=shape) - 2 * rng.exponential(size=(*shape[:1], 1)) + 2, 0.93),
        (lambda rng, shape: 1 - rng.exponential(size=shape), 0.88),  # Student's alone: 0.72
    ],
)
def test_intervals_of_skewed_shares_hold_together(draw, least):
    """Of ten replications of nine rules, whose differences from the baseline are 0 in truth."""
    rng, held, student = np.random.default_rng(3), 0, 0
    for _ in range(600):
        values = np.column_stack([np.zeros(10), 0.01 * draw(rng, (10, 9))])
        for share in (True, False):
            found = decide(values, 0, 1.0, 0.005, share=share)
            inside = (found["low"] <= 0)[1:].all() and (found["high"] >= 0)[1:].all()
            held, student = held + (inside and share), student + (inside and not share)
    assert held / 600 > least and held >= student


def test_joint_intervals_of_shares_hold_the_single_ones():
    """As reports show both: no single interval reaches beyond the joint one."""
    from sim.evaluate.compare import compare

    rng = np.random.default_rng(5)
    rows = [
        {"policy": policy, "replication": replication, "value": 0.95 - late * (policy != "base")}
        for replication in range(12)
        for late in [0.02 * rng.exponential()]
        for policy in ("base", "a", "b")
    ]
    texts = {"year": 2025, "month": 0, "unit": "", "kind": "", "person": "", "outcome": "on_time_rate"}
    table = pd.DataFrame(rows).assign(**texts)
    table["value"] += rng.normal(scale=0.001, size=len(table))
    joint = choose(table, "on_time_rate", "base").set_index("policy")
    for name in ("a", "b"):
        single = compare(table, name, "base").iloc[0]
        assert joint["low"][name] <= single["low"] < single["high"] <= joint["high"][name]


def test_the_table_says_what_is_decided_of_its_numbers():
    rng = np.random.default_rng(0)
    sides = {name: luck(rng, 10, 3, 0.001) + [0, 0.02, 0] for name in ("mechanical", "responsive")}
    rows = [table("on_time_rate", values, behaviour=name) for name, values in sides.items()]
    found = choose(pd.concat(rows, ignore_index=True), "on_time_rate", "p0")
    assert len(found) == 6 and list(found.columns[:2]) == ["behaviour", "policy"]
    for name, values in sides.items():
        mine = found[found["behaviour"] == name]
        for column, numbers in decide(values, 0, 1.0, 0.005, family=2, share=True).items():
            assert column == "note" or mine[column].to_numpy() == pytest.approx(numbers)


def test_what_is_selected_is_within_the_margin_of_the_best():
    rng, said, wrong = np.random.default_rng(2), 0, 0
    means = np.array([0, 0.002, 0.004, 0.006, 0.008])
    for _ in range(1000):
        chosen = np.flatnonzero(decide(luck(rng, 20, 5, 0.006) + means, 0, 1.0, 0.005)["selected"])
        said += len(chosen)
        wrong += (means[chosen] < means.max() - 0.005).sum()
    assert said > 200 and wrong / 1000 <= FALSE


def test_a_clear_best_is_selected_and_recommended():
    rng = np.random.default_rng(3)
    values = luck(rng, 10, 4, 0.002) + [0, 0.03, 0.01, -0.02]
    found = choose(table("on_time_rate", values), "on_time_rate", "p0").set_index("policy")
    assert list(found.index[found["selected"]]) == ["p1"]
    assert list(found.index[found["recommended"]]) == ["p1", "p2"]  # p2 is better than p0, not the best
    assert found["may_be_best"].tolist() == [False, True, False, False]
    assert found.loc["p1", "shortfall"] == 0 and found.loc["p3", "shortfall"] > 0.045
    lower = choose(table("overdue_rate", values), "overdue_rate", "p0").set_index("policy")
    assert list(lower.index[lower["selected"]]) == ["p3"] == list(lower.index[lower["recommended"]])


def test_a_gain_under_the_margin_is_selected_and_not_recommended():
    rng = np.random.default_rng(4)
    values = luck(rng, 20, 3, 0.0005) + [0, 0.004, -0.02]
    found = choose(table("on_time_rate", values), "on_time_rate", "p0").set_index("policy")
    assert found.loc["p1", "low"] > 0 and found.loc["p1", "equivalent"]
    assert found.loc["p1", "selected"] and not found["recommended"].any()
    asked = choose(table("on_time_rate", values), "on_time_rate", "p0", delta=0.002).set_index("policy")
    assert asked.loc["p1", "recommended"]


def test_equivalence_is_a_claim_that_must_be_shown():
    rng = np.random.default_rng(5)
    few, many = luck(rng, 5, 2, 0.01), luck(rng, 400, 2, 0.01)
    for values, shown in ((few, False), (many, True)):
        found = choose(table("on_time_rate", values), "on_time_rate", "p0").set_index("policy")
        assert found.loc["p1", "equivalent"] == shown and not found.loc["p1", "recommended"]


def test_each_procedure_tells_what_it_needs():
    rng = np.random.default_rng(6)
    outcomes = table("on_time_rate", luck(rng, 12, 3, 0.03) + [0, 0.0, -0.3])
    needed = {
        procedure: choose(outcomes, "on_time_rate", "p0", procedure=procedure)["needed"].to_numpy()
        for procedure in ("kim-nelson", "rinott", "dudewicz-dalal", "subset")
    }
    assert needed["kim-nelson"][2] <= 12 < needed["kim-nelson"][0] == needed["kim-nelson"][1]
    assert needed["subset"][2] == 12 < needed["subset"][:2].min()
    assert (needed["rinott"] >= 12).all() and (needed["dudewicz-dalal"] >= 13).all()
    assert needed["kim-nelson"].sum() < needed["rinott"].sum()  # paired
    shared = choose(outcomes, "on_time_rate", "p0", procedure="ocba", budget=300)["needed"]
    assert shared.sum() == pytest.approx(300, abs=2) and shared.idxmin() == 2


def test_one_replication_gives_no_estimate():
    found = choose(table("on_time_rate", [[0.9, 0.95]]), "on_time_rate", "p0")
    assert found[["low", "high", "best_low", "best_high", "shortfall"]].isna().all(axis=None)
    assert not found[["good", "selected", "recommended", "equivalent"]].any(axis=None)
    assert (found["note"] == "one replication: no estimate").all()


def test_a_difference_that_never_varies_is_marked():
    rates = 0.9 + np.random.default_rng(7).normal(size=(6, 1)) * 0.01
    found = choose(table("on_time_rate", rates + [0, 0.02]), "on_time_rate", "p0").set_index("policy")
    assert found.loc["p1", "note"] == "the same difference in every replication"
    assert found.loc["p0", "note"] == ""


def test_a_replication_that_one_policy_lacks_is_dropped_for_all():
    values = luck(np.random.default_rng(8), 12, 3)
    values[4, 1] = np.nan
    rows = table("on_time_rate", values)
    found = choose(rows[~((rows["policy"] == "p2") & (rows["replication"] == 7))], "on_time_rate", "p0")
    assert (found["n"] == 10).all()
    assert found.loc[0, "mean"] == pytest.approx(np.delete(values[:, 0], [4, 7]).mean())


def test_mistakes_are_told():
    rows = table("on_time_rate", luck(np.random.default_rng(9), 10, 3))
    for asked, said in (
        (lambda: choose(rows, "on_time", "p0"), "no outcome 'on_time'. Did you mean"),
        (lambda: choose(table("arrivals", np.ones((3, 2))), "arrivals", "p0"), "neither more nor less"),
        (lambda: choose(rows, "on_time_rate", "p9"), "no results for policy 'p9'"),
        (lambda: choose(rows, "on_time_rate", "p0", policies=["p1", "x"]), "no results for policy 'x'"),
        (lambda: choose(rows, "on_time_rate", "p0", delta=0), "the difference that matters is 0"),
        (lambda: choose(rows, "on_time_rate", "p0", procedure="best"), "no procedure 'best'"),
        (lambda: choose(rows, "on_time_rate", "p0", budget=10), "only 'ocba'"),
        (lambda: choose(rows, "on_time_rate", "p0", confidence=0.3), "the confidence is 0.3"),
        (lambda: choose(rows, "finished", "p0"), "no 'finished' was measured"),
        (lambda: choose(rows, "on_time_rate", "p0", policies=[]), "only the baseline"),
        (
            lambda: choose(pd.concat([rows, rows]), "on_time_rate", "p0"),
            "several results for one replication",
        ),
    ):
        with pytest.raises(InputError, match=said):
            asked()
    apart = rows.copy()
    apart.loc[apart["policy"] == "p1", "replication"] += 100
    with pytest.raises(InputError, match="no replication has 'on_time_rate' under every policy"):
        choose(apart, "on_time_rate", "p0")


def goals_of(service, cost):
    return pd.concat([table("on_time_rate", service), table("pay_total", cost)], ignore_index=True)


def test_a_policy_that_is_beaten_in_all_goals_is_dominated():
    rng = np.random.default_rng(10)
    service = luck(rng, 20, 4, 0.001) + [0, 0.02, -0.02, 0]
    cost = 1e6 + rng.normal(size=(20, 1)) * 1e4 + [0, 5e4, 6e4, 0]
    service[:, 3] = service[:, 0] + 1e-16  # a copy
    found = undominated(goals_of(service, cost), ["on_time_rate", "pay_total"]).set_index("policy")
    assert found["undominated"].tolist() == [True, True, False, True]
    assert found.loc["p2", "dominated_by"] == "p0, p1, p3"
    assert found["probability"].tolist() == [1, 1, 0, 1]


def test_how_sure_a_place_on_the_front_is():
    rng = np.random.default_rng(11)
    gap = rng.normal(size=400)
    gap = (gap - gap.mean()) / gap.std() * 0.01 + 0.0005  # one standard error better, at the same cost
    service = np.stack([np.full(400, 0.9), 0.9 + gap], axis=1)
    found = undominated(goals_of(service, np.full((400, 2), 1e6)), ["on_time_rate", "pay_total"])
    assert found["probability"].tolist() == pytest.approx([0.159, 0.841], abs=0.03)
    dearer = undominated(
        goals_of(service, np.full((400, 2), 1e6)), {"on_time_rate": "lower", "pay_total": "lower"}
    )
    assert dearer["undominated"].tolist() == [True, False]


def test_goals_must_be_several_and_have_a_side():
    rows = goals_of(np.full((3, 2), 0.9), np.ones((3, 2)))
    for goals, said in (
        (["on_time_rate"], "several goals"),
        (["on_time_rate", "arrivals"], "neither more nor less"),
        (["on_time_rate", "pay"], "no 'pay' was measured|neither more"),
    ):
        with pytest.raises(InputError, match=said):
            undominated(rows, goals)
    one = undominated(goals_of([[0.9, 0.8]], [[1, 1]]), ["on_time_rate", "pay_total"])
    assert one["probability"].isna().all() and one["undominated"].tolist() == [True, False]
