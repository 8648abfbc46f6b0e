"""Old petition households: the hours of visits add up, and who is settled comes no more."""

from __future__ import annotations

import numpy as np
import pytest

from sim.replication import simulate
from sim.world.households import HOUSEHOLD, NEVER, VISITS, settled_s

from .rules_office import drawn, office


def old(pairing: bool = True, **rule):
    part = {"on": True, "kind": "petition", "households": 12, "petitions_a_year": 6} | rule
    rules = {"petition_pairing": {"on": pairing, "households_each": 2}}
    return office(frictions={"old_households": part}, service_rules=rules)


def test_off_there_is_no_such_kind():
    assert HOUSEHOLD not in drawn(office()).scenario.kinds and drawn(office()).households is None


def test_visits_add_up_to_what_a_household_needs():
    world = drawn(old())
    history, needed = np.arange(12.0, 0, -1), np.full(12, 10.0)
    settled = settled_s(world.scenario, world.calendar, world.people, history, needed)
    for leader, first in zip((p for p in world.people if p.role == "leader"), (0, 1), strict=True):
        visits = leader.away["duty"]
        assert VISITS in world.scenario.duties
        hours = np.cumsum((visits[:, 1] - visits[:, 0]) / 3600)
        assert settled[first] == visits[np.searchsorted(hours, 10.0), 1]
        assert settled[first + 2] == visits[np.searchsorted(hours, 20.0), 1], "one after the other"


def test_who_has_settled_a_household_takes_on_the_next():
    world = drawn(old())
    history = np.arange(12.0, 0, -1)
    needed = np.array([1e6, 10.0, 1e6, 10.0] + [5.0] * 8)  # the first leader's two are beyond anybody
    settled = settled_s(world.scenario, world.calendar, world.people, history, needed)
    second = [p for p in world.people if p.role == "leader"][1].away["duty"]
    hours = np.cumsum((second[:, 1] - second[:, 0]) / 3600)
    assert (settled[[0, 2]] == NEVER).all()
    # 5 hours are less than 10: what is taken on after the first comes before the second
    for household, so_far in ((1, 10), (4, 15), (5, 20), (6, 25), (11, 50), (3, 60)):
        visit = np.searchsorted(hours, so_far)
        assert settled[household] == (second[visit, 1] if visit < len(hours) else NEVER)


def test_the_same_households_come_under_every_policy_until_they_are_settled():
    with_it, without = drawn(old()), drawn(old(pairing=False))
    mine, theirs = with_it.households, without.households
    assert (theirs.settled_s == NEVER).all() and (mine.settled_s < NEVER).any()
    assert (mine.needed_h == theirs.needed_h).all()
    columns = ["unit", "number", "arrival_s"]
    came, would = (
        world.requests.loc[world.requests["kind"] == HOUSEHOLD, columns].astype({"unit": str})
        for world in (with_it, without)
    )
    assert len(would) == pytest.approx(12 * 6, abs=25)
    assert set(map(tuple, came.to_numpy())) < set(map(tuple, would.to_numpy()))
    for (_, unit), whose in mine.whose.items():
        own = came[came["unit"] == unit]
        assert (own["arrival_s"].to_numpy() < mine.settled_s[whose[own["number"].to_numpy()]]).all()
    others = [world.requests[world.requests["kind"] != HOUSEHOLD] for world in (with_it, without)]
    assert (others[0]["arrival_s"].to_numpy() == others[1]["arrival_s"].to_numpy()).all()


def test_a_longer_history_needs_more():
    world = drawn(old(hours_cv=0))
    ratio = world.households.needed_h / world.households.history_years
    assert ratio == pytest.approx(np.full(12, ratio[0]))


def test_outcomes():
    def bureau(scenario):
        table = simulate(scenario, seed=2).outcomes
        of_all = (
            (table["unit"] == "") & (table["kind"] == "") & (table["person"] == "") & (table["month"] == 0)
        )
        return dict(zip(table["outcome"][of_all].astype(str), table["value"][of_all], strict=True))

    paired, alone = bureau(old(hours_to_settle=20)), bureau(old(pairing=False, hours_to_settle=20))
    assert alone["households_settled"] == 0 and alone["households_open"] == 12 and "visit_hours" not in alone
    assert (
        paired["households_settled"] + paired["households_open"] == 12 and paired["households_settled"] >= 2
    )
    assert paired["repeat_petitions"] < alone["repeat_petitions"] and paired["visit_hours"] > 100
