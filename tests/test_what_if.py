"""Trying policies one after the other gives what single replications give, and says what is wrong."""

import gc

import numpy as np
import pytest

import sim
from sim.scenario.errors import InputError
from sim.scenario.part import Text
from sim.world.draw import drawn

SOME = ["mean_processing_days", "arrivals", "finished"]


@pytest.fixture(scope="module")
def trial():
    days = {"horizon.years": None, "horizon.minutes": 50 * 1440, "horizon.warm_up_days": 0}
    days |= {"projects.on": False}  # they are of a year
    title = Text(en="fifty days", zh="五十天")
    short = sim.reform(sim.load("binhai"), sim.Policy("short", title, title, days))
    return sim.what_if(short, replications=3, seed=5)


def test_differences_are_those_of_paired_replications(trial):
    table = trial.compare("move-two-staff", outcomes=SOME).set_index("outcome")
    days = []
    for replication in range(3):
        outcomes = [
            sim.simulate(trial.scenario, policy, seed=5, replication=replication).outcomes
            for policy in ("move-two-staff", "current")
        ]
        values = [
            one.query("outcome == 'mean_processing_days' and unit == '' and kind == ''")["value"].item()
            for one in outcomes
        ]
        days.append(values[0] - values[1])
    assert table.loc["mean_processing_days", "difference"] == pytest.approx(np.mean(days), rel=1e-12)
    assert table.loc["mean_processing_days", "n"] == 3
    assert table.loc["arrivals", "exact_zero"]


def test_changes_may_be_given_as_they_are(trial):
    table = trial.compare({"kinds.registration.limit.amount": 1}, outcomes=["on_time_rate"])
    assert (table["difference"] < 0).all() and len(table) == 1
    again = trial.compare({"kinds.registration.limit.amount": 1}, outcomes=["on_time_rate"])
    assert again.equals(table)


@pytest.mark.parametrize(
    ("policy", "said"),
    [({"pay.treshold": 1}, "pay.treshold"), ("no-such-policy", "no-such-policy"), ("current", "baseline")],
)
def test_what_cannot_be_tried_is_told(trial, policy, said):
    with pytest.raises(InputError, match=said):
        trial.compare(policy)


def test_a_trial_can_be_continued(trial):
    """Replications 1 and 2 of a trial from 1 are those of the trial of three from 0."""
    later = sim.what_if(trial.scenario, replications=2, first=1, seed=5)
    policy = {"pay.deduction_per_point": 2}
    whole = trial.outcomes(policy).query("replication > 0").reset_index(drop=True)
    assert later.outcomes(policy).equals(whole)
    with pytest.raises(InputError, match="first replication"):
        sim.what_if(trial.scenario, first=-1)


@pytest.mark.parametrize("replications", [1, 0, 2.5, True])
def test_a_wrong_number_of_replications_is_told(replications):
    with pytest.raises(InputError, match="replications"):
        sim.what_if("binhai", replications=replications)


def test_numbers_of_numpy_and_one_outcome_will_do(trial):
    table = trial.compare({"staff.batan_window.count": np.int64(3)}, outcomes="arrivals")
    assert list(table["outcome"]) == ["arrivals"]


@pytest.mark.parametrize("policy", [{1: 2}, None, 5, ["a"]])
def test_what_is_no_policy_is_told(trial, policy):
    with pytest.raises(InputError, match="no policy|not the path"):
        trial.compare(policy)


@pytest.mark.parametrize("name", ["seed", "replication"])
@pytest.mark.parametrize("number", [1.0, True, "7", -1, None, 2**70])
def test_only_whole_numbers_make_a_seed(trial, name, number):
    """Else 1.0 would find what was kept for 1, and be another stream."""
    with pytest.raises(InputError, match=name):
        sim.simulate(trial.scenario, **{name: number})


def test_what_a_reader_changes_changes_nothing_else(trial):
    first = sim.simulate(trial.scenario, seed=9)
    before = first.outcomes.copy()
    first.requests["finish_s"] = -1
    first.people["busy_s"] = 0
    assert sim.simulate(trial.scenario, seed=9).outcomes.equals(before)


def test_the_citizens_go_when_nobody_asks_any_more(trial):
    kept = drawn._most
    other = sim.what_if(trial.scenario, replications=4, seed=6)
    assert drawn._most == kept + 4
    del other
    gc.collect()
    assert drawn._most == kept and len(drawn._things) <= kept
