"""Who judges the same work otherwise shares its world and tables, and finds what it would find alone."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

import sim
from sim.replication import opened, simulation

BEFORE, PAY = {}, {"pay.full_pay_threshold": 70}
STAFF = {"staff.clerk.count": 2}


def test_a_world_is_drawn_once_for_rules_that_leave_the_work(monkeypatch):
    drawn = []
    draw_world = opened.draw_world
    monkeypatch.setattr(opened, "draw_world", lambda *given: drawn.append(given) or draw_world(*given))

    def outcomes(policy: dict) -> pd.DataFrame:
        return sim.simulate("one-office", policy, behaviour="learning", seed=41).outcomes

    together = [outcomes(policy) for policy in (BEFORE, PAY)]
    assert len(drawn) == 1
    more = outcomes(STAFF)
    assert len(drawn) == 2, "other people are another world"
    again = [outcomes(policy) for policy in (PAY, STAFF, BEFORE)]  # each drawn anew
    assert len(drawn) == 5
    for shared, alone in zip((*together, more), (again[2], again[0], again[1]), strict=True):
        pd.testing.assert_frame_equal(shared, alone, check_exact=True)
    assert not together[0].equals(together[1]), "the rules of each are its own"


def test_what_is_made_of_a_world_is_made_once_until_its_people_change():
    world = opened.draw_world(sim.load("one-office"), 1)
    made = []
    for one in (world, world.under(world.scenario)):
        one.once("a", lambda: made.append("a") or made)
    assert made == ["a"]
    replace(world, people=[]).once("a", lambda: made.append("b") or made)
    assert made == ["a", "b"]


def test_rules_changed_in_code_judge_the_kept_work_anew():
    office = sim.load("one-office")
    item = office.scorecards["office"].items["on_time"].model_copy(update={"indicator": "same_day_rate"})
    before = sim.simulate(office, seed=41).outcomes
    office.scorecards["office"].items["on_time"] = item
    kept = sim.simulate(office, seed=41).outcomes
    simulation.done.get("other work", lambda: None)  # takes the place of what is kept
    pd.testing.assert_frame_equal(kept, sim.simulate(office, seed=41).outcomes, check_exact=True)
    assert not kept.equals(before)


def test_a_trial_of_rules_changed_in_code_judges_its_work_anew():
    office = sim.load("one-office")
    trial = sim.what_if(office, replications=2, seed=41)
    item = office.scorecards["office"].items["on_time"].model_copy(update={"indicator": "same_day_rate"})
    before = trial.outcomes({})
    office.scorecards["office"].items["on_time"] = item
    after = trial.outcomes({})
    alone = sim.what_if(office, replications=2, seed=41).outcomes({})
    pd.testing.assert_frame_equal(after, alone, check_exact=True)
    assert not after.equals(before)
