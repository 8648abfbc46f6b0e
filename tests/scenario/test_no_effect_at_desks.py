"""Rules at desks that act on nothing are told, of scenarios and of policies, with the reason."""

from __future__ import annotations

import copy

import pytest

import sim
from sim.scenario.idle import changes_nothing
from sim.scenario.no_effect_at_desks import without_effect_at_desks
from sim.scenario.notes import notes

OFFICE = sim.load("one-office")
BACK = {"roles.window.front": False}
BY_POST = {
    "kinds.visit.route": {
        "post": {"type": "delay", "reason": "other", "amount": 1, "per": "hours", "distribution": "constant"},
        "serve": {"type": "work", "at": "own/window", "minutes": 12, "distribution": "exponential"},
    }
}
WEEK = {"calendar.week": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ["08:00-16:00"])}
ONE_DAY = {"horizon": {"start": "2025-01-03", "minutes": 3 * 1440}}  # a Friday
PROFILE = {"demand.visit.profile": "people"}
STEP = {"competence.crowding.on": True, "competence.crowding.shape": "step"}


def told(changes: dict) -> dict[str, str]:
    return {".".join(path): why for path, why in without_effect_at_desks(sim.reform(OFFICE, changes))}


@pytest.mark.parametrize(
    ("changes", "more", "says"),
    [
        ({"unit_types.office.places": 3}, BACK, "nobody comes there first"),
        ({"units.office.tickets_a_day": 3}, BACK, "nobody comes there first"),
        ({"unit_types.office.last_ticket_minutes": 30}, BY_POST, "nobody comes there first"),
        ({"unit_types.office.goes_home": True}, BACK, "nobody comes there first"),
        ({"unit_types.office.goes_home": True}, {}, "the office never closes"),
        ({"unit_types.office.last_ticket_minutes": 30}, {}, "the office never closes"),
        ({"kinds.visit.comes_back": 0.5}, {"kinds.visit.leaves_at": 3} | WEEK | ONE_DAY, "one day"),
        ({"unit_types.office.preempted": "first_begun"}, {}, "nothing is interrupted"),
        ({"kinds.visit.patience_covers": "whole"}, {}, "patience has no end"),
        ({"kinds.visit.patience_shape": {"distribution": "constant"}}, {}, "patience has no end"),
        ({"kinds.visit.comes_back": 0.5}, {}, "nothing turns these people away"),
        ({"kinds.visit.leaves_at": 3}, BY_POST, "nobody comes to a desk"),
        ({"kinds.visit.appointments": {"share": 0.5}}, BY_POST, "nobody comes to a desk"),
        ({"calendar.time_zone": "Asia/Shanghai"}, {}, "no summer time"),
        ({"profiles": {"people": {"before_holiday": 2}}}, PROFILE | WEEK, "no holiday"),
        ({"competence.crowding.exponent": 0.3}, STEP, "step_from"),
        ({"competence.crowding.step_from": 2}, {"competence.crowding.on": True}, "exponent"),
    ],
    ids=lambda changes: ".".join(list(changes)[:1]) if isinstance(changes, dict) else None,
)
def test_it_is_told(changes, more, says):
    [(path, value)] = changes.items()
    [why] = told(more | changes).values()
    assert says in why
    if path.partition(".")[0] not in ("profiles", "calendar"):  # a policy that sets only this is told so, too
        assert says in changes_nothing(sim.reform(OFFICE, more), sim.Policy.of({path: value}))[path]


@pytest.mark.parametrize(
    "changes",
    [
        {"unit_types.office.places": 3, "kinds.visit.comes_back": 0.5},
        {"kinds.visit.leaves_over_minutes": 30, "kinds.visit.comes_back": 0.5},
        {"kinds.visit.patience_minutes": 30, "kinds.visit.patience_covers": "whole"},
        {"calendar.time_zone": "Europe/Warsaw"},
        PROFILE | WEEK | {"profiles": {"people": {"before_holiday": 2}}, "calendar.closed": ["2025-05-01"]},
        STEP | {"competence.crowding.step_from": 2},
    ],
)
def test_what_acts_is_not_told(changes):
    assert told(changes) == {}


def answered_at(station: str, **clerk: object) -> dict[str, str]:
    """What is told of a second step, at a station with people of its own, by who did the first."""
    data = copy.deepcopy(OFFICE.source.data)
    serve = {"type": "work", "at": "own/window", "minutes": 12, "distribution": "exponential"}
    data["roles"]["back"] = {"title": {"en": "Back", "zh": "后台"}}
    data["staff"]["back"] = {"unit": "office", "role": "back", "grade": "clerk"}
    data["staff"]["clerk"] |= clerk
    data["kinds"]["visit"]["route"] = {"serve": serve, "answer": serve | {"at": station, "same_person": True}}
    return {".".join(path): why for path, why in without_effect_at_desks(sim.build(data))}


def test_the_same_person_at_a_station_of_others():
    path = "kinds.visit.route.answer.same_person"
    assert answered_at("own/back") == {path: "nobody who does another step can do this one"}
    assert answered_at("own/window") == {}
    assert answered_at("own/back", also_serves=["office/back"]) == {}


def test_the_check_tells_it():
    found = {note.path: note.message for note in notes(sim.reform(OFFICE, {"kinds.visit.comes_back": 0.5}))}
    assert "it has no effect" in found["kinds.visit.comes_back"]
