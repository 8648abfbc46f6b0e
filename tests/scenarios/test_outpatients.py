"""scenarios/outpatients: a hospital's desks are data like a bureau's, and its policies do what they say."""

from functools import lru_cache

import pandas as pd
import pytest

from sim.replication import Result, simulate
from sim.scenario import load, load_policy, reform
from sim.scenario.idle import changes_nothing

from .evidence import told_in_both_languages, unfounded
from .test_binhai import FOLDER as BINHAI

FOLDER = BINHAI.parent / "outpatients"
POLICIES = sorted(path.stem for path in (FOLDER / "policies").glob("*.yaml"))
CLINICS = ["internal", "surgery", "paediatrics", "gynaecology", "tcm"]
REPLICATIONS = 2


@pytest.fixture(scope="module")
def hospital():
    return load(FOLDER)


@lru_cache
def year(policy: str, replication: int) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame]:
    """Outcomes by unit, of the whole hospital, and the people."""
    result: Result = simulate(load(FOLDER), policy, seed=1, replication=replication)
    whole = result.outcomes.query("unit == '' and kind == '' and person == '' and month == 0")
    return result.units.droplevel("year"), whole.set_index("outcome").value, result.people


def pairs(policy: str, of: int) -> list[tuple]:
    """(before, after) of each replication."""
    return [(year("current", number)[of], year(policy, number)[of]) for number in range(REPLICATIONS)]


def test_seven_policies():
    assert len(POLICIES) == 7


def test_every_number_has_its_evidence(hospital):
    assert unfounded(hospital) == []


@pytest.mark.parametrize("name", POLICIES)
def test_policy_changes_the_scenario_in_every_line_and_says_why(hospital, name):
    policy = load_policy(hospital, name)
    assert policy.changes and changes_nothing(hospital, policy) == {}
    assert told_in_both_languages(policy)
    assert unfounded(reform(hospital, policy)) == []


def test_all_ten_departments_are_scored_and_paid_by_their_score():
    units, whole, people = year("current", 0)
    assert len(units) == 10 and units.score.between(80, 100).all()
    assert units.score.std() > 2  # the rule tells departments apart
    rule = (1 - 0.02 * (90 - units.score).clip(lower=0)).clip(lower=0.6)
    pd.testing.assert_series_equal(units.pay_share, rule, check_names=False)
    assert units.bottom.sum() == 1
    assert 0.7 < whole.on_time_rate < 0.85 and whole.withdrawn < 0.02 * whole.arrivals
    assert len(people) == 53


@pytest.mark.parametrize("name", POLICIES)
def test_the_same_patients_come_under_every_policy(name):
    for before, after in pairs(name, 0):
        pd.testing.assert_series_equal(before.arrivals, after.arrivals)


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("window-per-clinic", False),
        ("rounds-in-slack", True),
        ("noon-clinic", True),
        ("pay-in-the-room", True),
        ("two-more-physicians", True),
        ("hurry", True),
    ],
)
def test_which_way_visits_go(name, better):
    for before, after in pairs(name, 1):
        assert (after.on_time_rate > before.on_time_rate + 0.01) == better
        assert (after.on_time_rate < before.on_time_rate - 0.01) == (not better)


def test_rounds_in_slack_hours_cost_nothing_and_bring_more_than_two_physicians():
    for (_, moved), (_, hired) in zip(
        pairs("rounds-in-slack", 1), pairs("two-more-physicians", 1), strict=True
    ):
        assert moved.on_time_rate > hired.on_time_rate + 0.05
    for before, after in pairs("rounds-in-slack", 2):
        assert after.duty_s.sum() == pytest.approx(before.duty_s.sum(), rel=0.01)
        assert list(after.index) == list(before.index)


def test_noon_clinic_keeps_everybodys_hours():
    for before, after in pairs("noon-clinic", 2):
        present = [table.on_duty_s + table.study_s + table.duty_s for table in (before, after)]
        pd.testing.assert_series_equal(*present, check_exact=False, rtol=0.01)


def test_payment_in_the_room_relieves_the_windows_alone():
    for before, after in pairs("pay-in-the-room", 0):
        assert after.utilisation["front"] < 0.75 * before.utilisation["front"]
        same = before.index.difference(["front"])
        assert (after.utilisation[same] / before.utilisation[same]).between(0.97, 1.03).all()


def test_two_physicians_help_their_own_clinic_first():
    for before, after in pairs("two-more-physicians", 0):
        gain = (after.on_time_rate - before.on_time_rate)[CLINICS]
        assert gain.idxmax() == "internal" and gain["internal"] > 0.03


def test_a_lower_line_changes_pay_and_nothing_else():
    for before, after in pairs("threshold-85", 0):
        pd.testing.assert_series_equal(before.score, after.score)
        assert (after.pay_share >= before.pay_share).all() and after.pay.sum() > before.pay.sum()
        assert (after.pay_share[before.score >= 85] == 1).all()
