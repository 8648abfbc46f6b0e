"""Discipline: desks that open late, matters nobody takes up, and fewer of both where they are scored."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.replication import simulate
from sim.scenario.calendar import without
from sim.scenario.time import DAY_S
from sim.world import in_force
from sim.world.households import HOUSEHOLD
from tests.flow.scenarios import SCORING, text

from .rules_office import drawn, frictions, office

LATE = {"on": True, "chance": 0.2, "minutes": 40, "cv": 0.5}
IDLE = {"on": True, "chance": 0.3, "days": 4}


def scored(**item: Any) -> dict[str, Any]:
    """A scorecard with discipline for 40 of its points, steep enough to matter."""
    time = SCORING["scorecards"]["card"]["items"]["time"] | {"points": 60}
    own = {"title": text("discipline"), "indicator": "discipline", "points": 40, "rule": "deduction"}
    items = {"time": time, "discipline": own | {"target": 1.0, "deduct": 4} | item}
    return {"card": {"title": text("card"), "items": items}}


def breaching(**blocks: Any):
    return office(frictions={"late_opening": LATE, "absence": IDLE}, **blocks)


def test_a_desk_opens_late_by_the_chance_and_the_minutes_of_the_rule():
    usual, late = drawn(office()), drawn(frictions(late_opening=LATE))
    for before, now in zip(usual.people, late.people, strict=True):
        lost = without(before.duty, now.duty)
        np.testing.assert_array_equal(lost, now.late)
        if now.role != "window":
            assert not len(lost), "only front desks"
            continue
        opens = {start // DAY_S: start for start in before.duty[::-1, 0].tolist()}
        assert [opens[start // DAY_S] for start in lost[:, 0].tolist()] == lost[:, 0].tolist()
        assert len(lost) / len(opens) == pytest.approx(0.2, abs=0.06)
        assert (lost[:, 1] - lost[:, 0]).mean() / 60 == pytest.approx(40, rel=0.25)


def test_a_lower_chance_spares_some_of_the_same_mornings():
    often, seldom = (drawn(frictions(late_opening=LATE | {"chance": chance})) for chance in (0.2, 0.1))
    for more, fewer in zip(often.people, seldom.people, strict=True):
        assert {*map(tuple, fewer.late.tolist())} <= {*map(tuple, more.late.tolist())}
    assert sum(len(person.late) for person in seldom.people) > 10


def test_inspection_from_above_lowers_it_as_it_lowers_absence():
    inspected = {"superior_inspection": {"on": True, "absence_factor": 0.5}}
    before = drawn(frictions(late_opening=LATE))
    after = drawn(office(frictions={"late_opening": LATE}, service_rules=inspected))
    counts = [sum(len(person.late) for person in world.people) for world in (before, after)]
    assert 0.35 * counts[0] < counts[1] < 0.65 * counts[0]


def whole(result, name: str, unit: str = "") -> float:
    table = result.outcomes
    where = (table["outcome"] == name) & (table["unit"] == unit) & (table["kind"] == "")
    rows = table["value"][where & (table["month"] == 0) & (table["person"] == "")]
    assert len(rows) == 1, f"{len(rows)} rows of {name}"
    return rows.item()


def test_discipline_is_the_share_of_days_at_work_without_a_breach():
    result = simulate(breaching(), seed=5)
    world, steps = result.work.world, result.steps
    (start, end), *_ = world.years
    idle = steps[(steps["step"] == "absence.idle") & (steps["start_s"] >= start) & (steps["start_s"] < end)]
    bureau = result.work.bureau  # whose step is next, reached or not
    following = np.array([bureau.queues[at].unit for at in bureau.tables.queue[idle.index + 1]])
    breaches = days = 0
    for unit in ("north", "south", "hall"):
        people = [person for person in world.people if person.unit == unit]
        late = sum(((person.late >= start) & (person.late < end))[:, 0].sum() for person in people)
        left = (following == unit).sum()
        at_work = 0
        for person in people:
            away = [person.away[use] for use in ("study", "duty") if use in person.away]
            own = np.concatenate([person.duty, *away])[:, 0]
            at_work += len(set((own[(own >= start) & (own < end)] // DAY_S).tolist()))
        assert whole(result, "discipline", unit) == pytest.approx(1 - (late + left) / at_work)
        assert whole(result, "late_openings", unit) == late
        breaches, days = breaches + late + left, days + at_work
    assert breaches > 100 and whole(result, "discipline") == pytest.approx(1 - breaches / days)


def test_off_nothing_is_told_of_it():
    told = set(simulate(office(frictions={"absence": IDLE}), seed=5).outcomes["outcome"].astype(str))
    assert not told & {"discipline", "late_openings", "late_opening_hours"}


def answering(on: bool) -> Any:
    answer = {"discipline": {"on": on, "sensitivity": 1.0}, "effort": {"points_per_effort": 10}}
    return breaching(
        scorecards=scored(),
        assessment=SCORING["assessment"],
        pay=SCORING["pay"] | {"full_pay_threshold": 100},
        unit_types={"office": {"title": text("office"), "scorecard": "card", "pay_bound": True}},
        behaviour={"return": "assumed", "trials": {"at_least": 4, "at_most": 4}, "responsive": answer},
    )


def test_who_is_scored_by_discipline_commits_fewer_breaches_in_both_executors():
    usual = simulate(answering(False), behaviour="responsive", seed=5)
    kept = simulate(answering(True), behaviour="responsive", seed=5)
    for name in ("late_openings", "late_opening_hours", "absences", "absence_days"):
        assert 0 < whole(kept, name) < whole(usual, name), name
    assert whole(kept, "discipline") > whole(usual, "discipline")
    assert whole(kept, "mean_wait_minutes") < whole(usual, "mean_wait_minutes")
    slow = simulate(answering(True), behaviour="responsive", seed=5, engine="simpy")
    pd.testing.assert_frame_equal(slow.outcomes, kept.outcomes, check_exact=True)
    pd.testing.assert_frame_equal(slow.steps, kept.steps, check_exact=True)


def test_items_of_petitions_see_those_of_old_households():
    item = {"title": text("petitions"), "indicator": "petitions_resolved", "kinds": ["petition"]}
    cards = scored()
    cards["card"]["items"] |= {"petitions": item | {"points": 20, "rule": "proportional"}}
    cards["card"]["items"]["time"] |= {"points": 40}
    old = {"on": True, "kind": "petition", "households": 5}
    for on, seen in ((True, ("petition", HOUSEHOLD)), (False, ("petition",))):
        scenario = office(scorecards=cards, frictions={"old_households": old | {"on": on}})
        items = in_force(scenario).scorecards["card"].items
        assert items["petitions"].kinds == seen and items["time"].kinds == ()
