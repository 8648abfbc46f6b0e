"""Years in a row: verdicts are felt, newcomers are slow, study adds up, behaviours are heard."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sim
from sim.scenario import Policy
from sim.scenario.part import Text

TITLE = Text(en="a policy", zh="一项政策")
STEEP = {"pay.deduction_per_point": 3, "pay.full_pay_threshold": 99}
FEW = {"behaviour.return": "assumed", "behaviour.trials.at_least": 4, "behaviour.trials.at_most": 4}
YEARS = {"horizon.years": 2, "horizon.warm_up_days": 0, "calendar.make_up_days": False, **FEW}


def run(changes: dict, behaviour: str = "mechanical", seed: int = 2):
    policy = Policy("tried", TITLE, TITLE, YEARS | changes)
    return sim.simulate("binhai", policy, behaviour=behaviour, seed=seed)


def of_bureau(outcomes: pd.DataFrame) -> pd.DataFrame:
    """One row an outcome, one column a year."""
    whole = outcomes.astype({"unit": str, "kind": str, "person": str, "outcome": str})
    whole = whole.query("unit == '' and kind == '' and person == '' and month == 0")
    return whole.pivot(index="outcome", columns="year", values="value")


@pytest.fixture(scope="module")
def with_careers():
    return run({})


@pytest.fixture(scope="module")
def without_careers():
    return run({"careers.on": False})


def test_the_first_year_does_not_know_its_verdict(with_careers, without_careers):
    for name in ("requests", "steps"):
        one, other = (getattr(result, name) for result in (with_careers, without_careers))
        time = "arrival_s" if name == "requests" else "ready_s"
        end = with_careers.work.years[0].end_s
        begun = [table[(table[time] >= 0) & (table[time] < end)] for table in (one, other)]
        columns = ["kind", "unit", time]
        pd.testing.assert_frame_equal(begun[0][columns], begun[1][columns])
    one, other = (of_bureau(result.outcomes)[2025] for result in (with_careers, without_careers))
    common = one.index.intersection(other.index)
    pd.testing.assert_series_equal(one[common], other[common])


def test_moves_follow_the_verdict(with_careers):
    outcomes = with_careers.outcomes.astype({"unit": str, "person": str, "outcome": str})
    units = outcomes.query("year == 2025 and month == 0 and person == '' and kind == '' and unit != ''")
    table = units.pivot(index="unit", columns="outcome", values="value")
    bottom = table.index[table["bottom"] == 1]
    assert len(bottom) == 3
    assert table.loc[bottom, "removed"].sum() == table["removed"].sum() == 3
    assert table["promoted"].sum() == 3
    assert (table.loc[bottom, "promoted"] == 0).all()
    people = outcomes.query("year == 2025 and person != ''")
    assert people[people["outcome"] == "removed"]["unit"].isin(bottom).all()


def test_verdicts_change_the_second_year(with_careers, without_careers):
    one, other = (result.units.xs(2026)["utilisation"] for result in (with_careers, without_careers))
    assert not np.allclose(one, other)
    experience = [
        of_bureau(r.outcomes).loc["experience_years", 2026] for r in (with_careers, without_careers)
    ]
    assert experience[0] < experience[1], "people at new posts have less practice there"


def test_the_backlog_is_carried_over(with_careers):
    requests, end = with_careers.requests, with_careers.work.years[0].end_s
    open_then = (requests["arrival_s"] < end) & ((requests["finish_s"] >= end) | (requests["finish_s"] < 0))
    assert open_then.sum() > 100
    assert (requests["finish_s"][open_then] >= end).sum() > 100


def test_vacant_posts_cost_hours_on_duty(with_careers):
    table = of_bureau(with_careers.outcomes)
    assert table.loc["vacant_hours", 2025] == 0
    assert table.loc["vacant_hours", 2026] > 100


def test_newcomers_have_names_of_their_own(with_careers):
    people = with_careers.people
    assert people.index.is_unique
    new = [name for name in people.index if name.endswith("(2026)")]
    told = of_bureau(with_careers.outcomes).loc["newcomers", 2025]
    assert len(new) == told > 0
    assert (people.loc[new, "experience_years"] < 2).all()


def test_the_balance_of_study_is_what_was_won_less_what_was_spent(with_careers):
    outcomes = with_careers.outcomes.astype({"unit": str, "outcome": str})
    months = outcomes.query("unit == '' and month > 0")
    table = months.pivot(index=["year", "month"], columns="outcome", values="value")
    won = (table["study_gain_hours"] - table["study_hours"]).cumsum()
    np.testing.assert_allclose(table["study_balance_hours"], won)
    assert len(table) == 24
    assert table["study_gain_hours"].iloc[-1] > table["study_gain_hours"].iloc[0]


def test_learning_changes_effort_only_after_a_verdict():
    table = of_bureau(run({}, "learning").outcomes)
    assert table.loc["effort", 2025] == 1.0
    assert table.loc["effort", 2026] != 1.0


def test_pay_rules_share_the_work_where_verdicts_move_nobody_by_pay(with_careers):
    other = run({"pay.deduction_per_point": 2})
    for name in ("on_time_rate", "mean_score", "moved", "experience_years"):
        one, two = of_bureau(with_careers.outcomes).loc[name], of_bureau(other.outcomes).loc[name]
        pd.testing.assert_series_equal(one, two)
    assert (
        of_bureau(other.outcomes).loc["pay_total"] < of_bureau(with_careers.outcomes).loc["pay_total"]
    ).all()


def test_the_bottom_decides_who_moves():
    table = of_bureau(run({"assessment.bottom_count": 0}).outcomes)
    assert table.loc["removed"].sum() == table.loc["moved"].sum() == 0


def test_both_executors_live_through_the_years():
    policy = Policy(
        "short", TITLE, TITLE, YEARS | {"demand.registration.scale": 0.1, "demand.fees.scale": 0.1}
    )
    results = [
        sim.simulate("binhai", policy, behaviour="responsive", seed=5, engine=engine)
        for engine in ("compiled", "simpy")
    ]
    one, other = (result.outcomes.astype({"person": str}) for result in results)
    pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize("behaviour", ["mechanical", "responsive"])
def test_a_years_pay_moves_no_further_than_the_rule_allows(behaviour):
    """Half a point a year: the first year is paid as without the rule, the second near the first."""
    plain, steady = (
        run({"careers.on": False, **STEEP} | change, behaviour).units["pay_share"]
        for change in ({}, {"pay.most_change": 0.5})
    )
    tables = [share.unstack("year").dropna() for share in (plain, steady)]
    np.testing.assert_array_equal(tables[0][2025], tables[1][2025])
    moved = [(table[2026] - table[2025]).abs() for table in tables]
    assert moved[0].max() > 0.006, "else the rule would bind nobody"
    assert moved[1].max() <= 0.005 + 1e-12
    if behaviour == "mechanical":  # the work is the same, so each share is the plain one brought near
        low, high = tables[1][2025] - 0.005, tables[1][2025] + 0.005
        np.testing.assert_allclose(tables[1][2026], tables[0][2026].clip(low, high), atol=1e-12)
