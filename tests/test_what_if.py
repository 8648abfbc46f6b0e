"""Trying policies one after the other gives what single replications give, and says what is wrong."""

import numpy as np
import pytest

import sim
from sim.scenario.errors import InputError
from sim.scenario.part import Text

SOME = ["mean_processing_days", "arrivals", "finished"]


@pytest.fixture(scope="module")
def trial():
    days = {"horizon.years": None, "horizon.minutes": 50 * 1440, "horizon.warm_up_days": 0}
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


@pytest.mark.parametrize("replications", [1, 0, 2.5, True])
def test_a_wrong_number_of_replications_is_told(replications):
    with pytest.raises(InputError, match="replications"):
        sim.what_if("binhai", replications=replications)
