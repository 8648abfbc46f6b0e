"""Who judges the same work otherwise shares its world and tables, and finds what it would find alone."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

import sim
from sim.replication import simulation

BEFORE, PAY = {}, {"pay.full_pay_threshold": 70}
STAFF = {"staff.clerk.count": 2}


def test_a_world_is_drawn_once_for_rules_that_leave_the_work(monkeypatch):
    drawn = []
    draw_world = simulation.draw_world
    monkeypatch.setattr(simulation, "draw_world", lambda *given: drawn.append(given) or draw_world(*given))

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
    world = simulation.draw_world(sim.load("one-office"), 1)
    made = []
    for one in (world, world.under(world.scenario)):
        one.once("a", lambda: made.append("a") or made)
    assert made == ["a"]
    replace(world, people=[]).once("a", lambda: made.append("b") or made)
    assert made == ["a", "b"]
