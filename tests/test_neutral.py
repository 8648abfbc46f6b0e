"""A policy's one number solved so that it costs what the baseline costs."""

import numpy as np
import pytest

import sim
from sim.scenario.errors import InputError
from sim.scenario.part import Text

TITLE = Text(en="one hundred days", zh="一百天")
DAYS = {"horizon.years": None, "horizon.minutes": 100 * 1440, "horizon.warm_up_days": 0, "projects.on": False}
SOME = {"replications": 3, "seed": 2}


@pytest.fixture(scope="module")
def short():
    return sim.reform(sim.load("binhai"), sim.Policy("short", TITLE, TITLE, DAYS))


def cost(scenario, policy, outcome):
    found = []
    for replication in range(3):
        table = sim.simulate(scenario, policy, seed=2, replication=replication).outcomes
        whole = (table[["unit", "kind", "person"]].astype(str) == "").all(axis=1) & (table["month"] == 0)
        found.append(table[whole & (table["outcome"] == outcome)]["value"].item())
    return np.mean(found)


def test_solved_policy_costs_what_the_baseline_costs(short):
    found = sim.budget_neutral(
        short, "deduction-double", "pay.full_pay_threshold", cost="assessment_pay", **SOME
    )
    assert cost(short, found.policy, "assessment_pay") == pytest.approx(found.amount, rel=1e-12)
    assert cost(short, "current", "assessment_pay") == pytest.approx(found.target, rel=1e-12)
    assert found.amount == pytest.approx(found.target, rel=1e-6)
    assert found.low <= found.value <= found.high and found.value < 95
    assert found.policy.changes["pay.deduction_per_point"] == 2


def test_the_same_rule_is_neutral_at_its_own_value(short):
    found = sim.budget_neutral(
        short, {}, "pay.deduction_per_point", low=0, high=4, cost="assessment_pay", **SOME
    )
    assert found.value == pytest.approx(1, abs=1e-6)
    assert found.high - found.low < 1e-3, "the same scores on both sides leave nothing unsure"


@pytest.mark.parametrize(
    ("parameter", "more", "says"),
    [
        ("pay.full_pay_threshold", {"cost": "pay"}, "unknown cost 'pay'"),
        ("pay.full_pay_threshold", {"replications": 1}, "whole number from 2"),
        ("pay.full_pay_threshold", {"confidence": 1.0}, "confidence"),
        ("pay.reward_fund.sum_yuan", {"low": 1, "high": 5}, "It is called 'pay.reward_fund.sum' now"),
        ("pay.deduction_per_point", {"cost": "pay_total_yuan"}, "It is called 'pay_total' now"),
        ("pay.full_pay_treshold", {}, "full_pay_threshold"),
        ("pay.schedule", {}, "'low' is None"),
        ("staff.hall_window.speed", {"low": 0.9, "high": 1.1}, "changes the work itself"),
        ("pay.reward_fund.sum", {"low": 5, "high": 5}, "no interval"),
    ],
)
def test_what_cannot_be_solved_is_explained(short, parameter, more, says):
    with pytest.raises(InputError) as told:
        sim.budget_neutral(short, "current", parameter, **SOME | more)
    assert says in f"{told.value.message} {told.value.remedy}"


def test_out_of_reach(short):
    with pytest.raises(InputError, match="never"):
        sim.budget_neutral(
            short, {"pay.deduction_per_point": 50.0}, "pay.full_pay_threshold", low=99, high=100, **SOME
        )
