"""Pay schedules on stored scores: closed forms for normal noise, equal cost, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sim
from sim.evaluate.levers import LEVERS, Rule, as_changes
from sim.evaluate.studio import expected_cost, neutral_pay, normal_mean, schedules_table, standings
from sim.rules.schedule import pay_schedule, step

OFFICE = sim.reform(sim.load("one-office"), {"grades.clerk.target_bonus": 0})


def outcomes(scores: np.ndarray, true: np.ndarray, years: int = 10) -> pd.DataFrame:
    """Scores (draws,) of the office, so many years a replication."""
    place = np.arange(len(scores))
    keys = {"policy": "current", "behaviour": "mechanical", "replication": place // years}
    keys |= {"year": 2025 + place % years, "month": 0, "unit": "office", "kind": "", "person": ""}
    parts = [
        pd.DataFrame(keys | {"outcome": name, "value": values})
        for name, values in (("score", scores), ("true_score", true))
    ]
    return pd.concat(parts, ignore_index=True)


def normal(mean: float, sd: float, draws: int = 20_000, rules=OFFICE):
    """Standings of an office whose scores are normal about `mean`."""
    scores = np.random.default_rng(5).normal(mean, sd, draws)
    return standings(outcomes(scores, np.full(draws, mean)), rules)


def rule(**changes) -> Rule:
    return Rule.of(sim.reform(OFFICE, {name.replace("__", "."): value for name, value in changes.items()}))


def measures(found: Rule, scores) -> pd.DataFrame:
    return schedules_table({"one": found}, scores).set_index("measure")


@pytest.mark.parametrize(
    ("mean", "deduction", "incentive"),
    [(95, 0.797885, 0.5), (96, 0.395593, 0.3085), (97, 0.166631, 0.1587), (94, 1.395593, 0.6915)],
)
def test_the_noise_tax_of_the_slope(mean, deduction, incentive):
    """Slope of 1 % a point under 95, scores normal with SD 2."""
    table = measures(rule(), normal(mean, 2.0))
    for name, expected in (("expected_deduction", deduction), ("marginal_incentive", incentive)):
        row = table.loc[name]
        assert abs(row["value"] - expected) < 1.5 * (row["high"] - row["low"])  # about 3 SE
        assert row["normal"] == pytest.approx(expected, abs=0.03)  # of the mean and SD as they came out
    exact = normal_mean(pay_schedule(rule().pay), np.array([mean]), np.array([2.0])).item()
    assert 100 * (1 - exact) == pytest.approx(deduction, abs=1e-6)
    deserved = max(95 - mean, 0)
    assert table.loc["noise_tax", "value"] == pytest.approx(
        table.loc["expected_deduction", "value"] - deserved
    )


def test_a_cliff_as_steep_at_the_threshold_as_a_slope():
    """A bonus of 1.253314 × slope × SD has the slope's marginal incentive at the threshold."""
    at, sd, near = np.array([95.0]), np.array([2.0]), 1e-4

    def steep(schedule):
        return (normal_mean(schedule, at + near, sd) - normal_mean(schedule, at - near, sd)).item()

    assert steep(step(95, 1.253314 * 0.01 * 2)) == pytest.approx(steep(pay_schedule(rule().pay)), rel=1e-5)


def test_the_gate_takes_luck_out_of_deductions():
    """Noise tax at the threshold falls from .398942 to .020886 SE; 5 points below cost 1.93."""
    gated = rule(pay__gate__on=True)
    at_line = measures(gated, normal(95, 2.0)).loc["noise_tax"]
    assert at_line["value"] == pytest.approx(2 * 0.020886, abs=1.5 * (at_line["high"] - at_line["low"]))
    below = measures(gated, normal(90, 2.0)).loc["expected_deduction"]
    assert below["value"] == pytest.approx(1.93, abs=0.05) and below["normal"] == pytest.approx(
        1.93, abs=0.05
    )


def test_years_that_count_together_shrink_the_noise_tax():
    scores = normal(95, 2.0)
    one, three = (
        measures(rule(**changes), scores).loc["noise_tax", "value"]
        for changes in ({}, {"assessment__rolling__on": True})
    )
    assert three == pytest.approx(one / np.sqrt(3), rel=0.03)


def test_deductions_at_or_above_the_line_are_wrongful():
    table = measures(rule(), normal(96, 2.0))
    assert table.loc["wrongful", "value"] == pytest.approx(30.85, abs=1)
    missing = measures(rule(), normal(94, 2.0)).loc["wrongful"]
    assert np.isnan(missing["value"]) and "no year" in missing["note"]


SHAPES = {
    "double": {"pay__deduction_per_point": 2},
    "cliff": {"pay__schedule": [{"score": 93, "share": 0.9, "jump_to": 1.0}]},
    "steps": {"pay__points_counted": "whole_started"},
    "smooth": {"pay__schedule": [{"score": 80, "share": 0.85}, {"score": 100, "share": 1.05}]},
    "years": {"assessment__rolling__on": True},
    "gate": {"pay__gate__on": True},
    "cap": {"pay__most_change": 2},
    "lower": {"pay__full_pay_threshold": 93, "pay__deduction_per_point": 3},
}

NEVER = {("gate", "slope"): "no slope", ("steps", "level"): "40 at most"}


@pytest.mark.parametrize("lever", ["threshold", "slope", "level"])
@pytest.mark.parametrize("shape", SHAPES)
def test_schedules_are_made_to_cost_alike(shape, lever):
    office = sim.load("one-office")  # with its bonus, which is paid from 95 on
    scores = normal(94, 2.0, draws=200, rules=office)
    target = expected_cost(Rule.of(office), scores)
    changes = {name.replace("__", "."): value for name, value in SHAPES[shape].items()}
    if (shape, lever) in NEVER:
        with pytest.raises(sim.InputError, match=NEVER[shape, lever]):
            neutral_pay(Rule.of(sim.reform(office, changes)), scores, target, lever)
        return
    found, _, _ = neutral_pay(Rule.of(sim.reform(office, changes)), scores, target, lever)
    assert abs(expected_cost(found, scores) - target) <= 1e-4 * scores.full
    again = Rule.of(sim.reform(office, as_changes(found, office)))  # a scenario can say it
    assert expected_cost(again, scores) == pytest.approx(expected_cost(found, scores), rel=1e-9)


def test_a_lever_that_cannot_pay_the_target_is_told():
    scores = normal(94, 2.0, draws=100)
    with pytest.raises(sim.InputError, match="no slope of the schedule is neutral"):
        neutral_pay(rule(pay__full_pay_threshold=50), scores, 0.5 * scores.full, "slope")
    with pytest.raises(sim.InputError, match="unknown lever"):
        neutral_pay(rule(), scores, scores.full, "treshold")
    assert set(LEVERS) == {"threshold", "slope", "level", "none"}


def test_equal_scores_have_no_interval():
    table = measures(rule(), standings(outcomes(np.full(20, 94.0), np.full(20, 94.0)), OFFICE))
    assert table.loc["noise_tax", "value"] == 0 and np.isnan(table.loc["noise_tax", "low"])
    assert "agree" in table.loc["noise_tax", "note"]


def test_replications_that_agree_but_for_rounding_have_no_interval():
    luck = np.random.default_rng(3).normal(80, 2, 20)  # always under the line: a point costs the same
    scores = standings(outcomes(luck, luck), OFFICE)
    for deduction in (1.0, 1.5, 2.0):
        table = measures(rule(pay__deduction_per_point=deduction, pay__bonus_threshold=100), scores)
        own = table.loc["marginal_incentive"]
        assert np.isnan(own["low"]) and "agree" in own["note"], own


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda rows: pd.concat([rows, rows.assign(policy="other")]), "2 policies"),
        (lambda rows: pd.concat([rows, rows.assign(behaviour="responsive")]), "2 behaviours"),
        (lambda rows: rows[rows["replication"] == 0], "one replication"),
        (lambda rows: rows.assign(value=np.nan), "no unit's score"),
    ],
)
def test_scores_that_say_nothing_are_refused(spoil, said):
    rows = outcomes(np.full(20, 94.0), np.full(20, 94.0))
    with pytest.raises(sim.InputError, match=said):
        standings(spoil(rows), OFFICE)
    with pytest.raises(sim.InputError, match="unknown luck"):
        standings(rows, OFFICE, "none")
