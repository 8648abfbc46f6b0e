"""Violations: patrol finds them by the hours that it has, others later; what nobody saw is more work."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.replication import simulate
from sim.scenario.errors import InputError
from sim.world.violations import Violations

from .rules_office import drawn, office

PATROL = {
    "title": {"en": "patrol", "zh": "巡查"},
    "roles": ["field"],
    "week": {"tue": ["08:30-12:00"]},
}


def watched(patrol: dict | None = None, **rule) -> object:
    part = {"on": True, "kinds": ["petition"], "found_an_hour": 0.1, "days": 60} | rule
    return office(frictions={"violations": part}, duties={"patrol": PATROL | (patrol or {})})


@pytest.fixture(scope="module")
def violations() -> Violations:
    return Violations.of_world(drawn(watched()))


def test_off_there_are_none():
    assert Violations.of_world(drawn(office())) is None


def test_every_petition_goes_on_until_it_is_found(violations):
    requests = violations.world.requests
    assert len(violations.request) == (requests["kind"] == "petition").sum() > 300
    unseen = violations.unseen_s(np.ones(3))
    assert (unseen > 0).all() and (unseen <= violations.reported_s).all()
    ends, _ = violations.patrol[0]
    by_patrol = unseen < violations.reported_s
    assert by_patrol.any() and (~by_patrol).any()
    assert np.isin(violations.began_s[by_patrol] + unseen[by_patrol], ends).all(), "at the end of a round"


def test_rounds_until_found_follow_from_hours_and_rate(violations):
    """An hour finds with rate 0.1, a round has 3.5 hours: one in 1 / (1 − exp(−0.35)) rounds, 3.4 weeks."""
    alone = replace(violations, reported_s=np.full(len(violations.request), 10**9))
    early = alone.began_s < 200 * 86_400
    weeks = alone.unseen_s(np.ones(3))[early] / (7 * 86_400)
    between = 365 / 7 / len(violations.patrol[0][0])  # weeks, with holidays and leave
    expected = between * (1 / (1 - np.exp(-0.35)) - 0.5)  # it begins half a round before the first
    assert weeks.mean() == pytest.approx(expected, rel=0.12)


def test_less_patrol_finds_later(violations):
    full, half, none = (violations.unseen_s(np.full(3, share)) for share in (1.0, 0.5, 0.0))
    assert (full <= half).all() and (half <= none).all() and full.sum() < half.sum() < none.sum()
    assert (none == violations.reported_s).all()


def test_fewer_people_patrol_and_the_violations_stay_the_same(violations):
    span = np.array([[0, 10**9]])
    people = [one.without(span) for one in violations.world.people]
    nobody = violations.of_people(replace(violations.world, people=people))
    np.testing.assert_array_equal(nobody.began_s, violations.began_s)
    np.testing.assert_array_equal(nobody.unseen_s(np.ones(3)), violations.reported_s)


def test_no_patrol_hours_leave_it_to_others():
    without = Violations.of_world(drawn(watched(patrol={"week": {}})))
    assert (without.unseen_s(np.ones(3)) == without.reported_s).all()


def test_work_grows_by_the_month_until_it_is_complete(violations):
    rule = violations.world.scenario.frictions.violations
    month = 365.25 / 12 * 86_400
    factor = violations.growth(np.array([0.0, month, 2 * month, 1e9]))
    assert factor[:3] == pytest.approx([1, 1 + rule.growth, 1 + 2 * rule.growth])
    assert factor[3] == pytest.approx(1 + rule.growth * rule.complete_days / (365.25 / 12))


def values(result) -> dict[str, float]:
    table = result.outcomes
    of_all = (table["unit"] == "") & (table["kind"] == "") & (table["person"] == "") & (table["month"] == 0)
    return dict(zip(table["outcome"][of_all].astype(str), table["value"][of_all], strict=True))


def test_outcomes_and_both_executors():
    """What is found late, costs; a case begins when it is found; the rows are the same in the reference."""
    results = [simulate(watched(found_an_hour=rate), seed=3) for rate in (0.2, 0.02)]
    often, seldom = map(values, results)
    assert often["found_on_patrol"] > seldom["found_on_patrol"]
    assert often["days_until_stopped"] < seldom["days_until_stopped"]
    assert often["violation_loss"] < seldom["violation_loss"]
    assert often["violations_found"] > seldom["violations_found"], "the rest is found after the year"
    assert often["mean_wait_minutes"] < 10 * 1440, "of a case that is found, not of a violation that goes on"
    other = simulate(watched(found_an_hour=0.02), seed=3, engine="simpy")
    one = results[1].outcomes.astype({"outcome": str, "unit": str, "kind": str, "person": str})
    two = other.outcomes.astype({"outcome": str, "unit": str, "kind": str, "person": str})
    assert one.equals(two)


def test_an_unknown_duty_is_refused():
    with pytest.raises(InputError, match="standing duty"):
        watched(duty="walks")
