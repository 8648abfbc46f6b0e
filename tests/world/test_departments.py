"""Departments: each matter waits for one, with its factor and spread; the step's luck stays."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from sim.scenario import build
from sim.scenario.errors import InputError
from sim.world import in_force

from .rules_office import DATA, drawn, visits

TITLES = {name: {"en": name, "zh": name} for name in ("court", "police")}


def asked(shares=None, rules=None, on=True, **departments):
    data = copy.deepcopy(DATA)
    data["kinds"]["deed"]["route"]["outside"]["departments"] = shares or {"court": 0.7, "police": 0.3}
    data["departments"] = {"on": on, "titles": TITLES} | departments
    return build(data | {"service_rules": rules or {}})


def outside(scenario) -> np.ndarray:
    table = visits(drawn(scenario))
    return table["delay_s"][(table["step"] == "outside").to_numpy()].to_numpy()


def test_without_factors_the_delays_are_the_steps_own():
    plain = outside(build(copy.deepcopy(DATA)))
    assert (outside(asked()) == plain).all()
    assert (outside(asked(on=False, delay_factor={"court": 3.0})) == plain).all(), "off, no number is read"
    assert drawn(asked(on=False)).tasks.department is None


def test_shares_factors_and_spread():
    world = drawn(asked(delay_factor={"court": 2.0, "police": 0.5}))
    tasks, plain = world.tasks, outside(asked())
    where = np.flatnonzero(tasks.department >= 0)
    court = tasks.department[where] == 0
    assert court.mean() == pytest.approx(0.7, abs=0.04)
    assert tasks.delay_s[where][court] == pytest.approx(2 * plain[court], abs=2)
    assert tasks.delay_s[where][~court] == pytest.approx(plain[~court] / 2, abs=2)
    even = outside(asked(cv={"court": 0.0, "police": 0.0}))
    assert (even == 200 * 3600).all()


def test_a_rule_may_be_for_some_departments():
    one = {
        "information_sharing": {"on": True, "departments": ["court"], "delay_factor": 0.5, "cv_factor": 1.0}
    }
    court = drawn(asked()).tasks.department
    court = court[court >= 0] == 0
    plain, shared = outside(asked()), outside(asked(rules=one))
    assert shared[court] == pytest.approx(plain[court] / 2, abs=2)
    assert (shared[~court] == plain[~court]).all()
    every = {"information_sharing": {"on": True, "delay_factor": 0.5, "cv_factor": 0.0}}
    assert (outside(asked(rules=every, cv={"court": 0.9, "police": 0.3})) == 100 * 3600).all()


def test_a_meeting_takes_people_off_service():
    meeting = {"joint_meeting": {"on": True, "role": "leader"}}
    assert "meeting.joint" in in_force(asked(rules=meeting)).duties


@pytest.mark.parametrize(
    ("shares", "message"),
    [({"court": 0.7}, "sum to 0.7"), ({"court": 0.5, "customs": 0.5}, "unknown department")],
)
def test_bad_shares_are_refused(shares, message):
    with pytest.raises(InputError, match=message):
        asked(shares)
