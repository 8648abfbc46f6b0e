"""What citizens and superiors see, against the tables of the same replication."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from sim.replication import simulate
from sim.scenario import build
from sim.scenario.time import DAY_S
from tests.world.rules_office import DATA

RULES = {
    "frictions": {
        "absence": {"on": True, "chance": 0.25, "kinds": ["deed"], "days": 4},
        "overreach": {"on": True, "chance": 0.2, "days": 6, "minutes": 50},
    },
    "service_rules": {"booklet": {"on": True, "kinds": ["deed"], "promises": ["limit", "told_once"]}},
    "satisfaction": {"on": True, "kinds": ["deed"], "wait_hour": 0.0, "late_day": 0.0, "late": 20.0},
    "departments": {"on": True, "known": {"court": {"title": {"en": "court", "zh": "法院"}}}},
}


@pytest.fixture(scope="module")
def result():
    data = copy.deepcopy(DATA) | copy.deepcopy(RULES)
    data["kinds"]["deed"]["route"]["outside"]["departments"] = {"court": 1.0}
    return simulate(build(data), seed=5)


def value(result, name: str, unit: str = "", kind: str = "") -> float:
    table = result.outcomes
    where = (table["outcome"] == name) & (table["unit"] == unit) & (table["kind"] == kind)
    rows = table["value"][where & (table["month"] == 0) & (table["person"] == "")]
    assert len(rows) == 1, f"{len(rows)} rows of {name}"
    return rows.item()


def began(result, step: str):
    steps = result.steps
    return steps[(steps["step"] == step) & (steps["start_s"] > 0)]


def lost_days(steps, end_s: int) -> float:
    until = np.where((steps["end_s"] >= 0) & (steps["end_s"] <= end_s), steps["end_s"], end_s)
    return float((until - steps["start_s"]).sum() / DAY_S)


def test_absence_and_overreach(result):
    (_, end_s), *_ = result.work.world.years
    idle, complaints = began(result, "absence.idle"), began(result, "overreach.complaint")
    assert value(result, "absences") == len(idle) > 100
    assert value(result, "absence_days") == pytest.approx(lost_days(idle, end_s))
    assert value(result, "overreaches") == len(complaints) > 100
    assert value(result, "overreach_days") == pytest.approx(lost_days(complaints, end_s))
    reversed_ = result.steps[(result.steps["step"] == "overreach.reversal") & (result.steps["end_s"] >= 0)]
    assert value(result, "reversals") == len(reversed_)
    units = [value(result, "absences", unit=unit) for unit in ("north", "south", "hall")]
    assert sum(units) == len(idle) and units[2] == 0, "where they were filed"


def test_departments(result):
    answered = result.steps[(result.steps["step"] == "outside") & (result.steps["end_s"] >= 0)]
    days = (answered["end_s"] - answered["start_s"]) / DAY_S
    for kind in ("", "department.court"):
        assert value(result, "department_answers", kind=kind) == len(days)
        assert value(result, "department_days", kind=kind) == pytest.approx(days.mean())
        assert value(result, "department_days_p90", kind=kind) == pytest.approx(np.quantile(days, 0.9))


def test_promises_and_satisfaction(result):
    (_, end_s), *_ = result.work.world.years
    requests = result.requests
    due = requests[(requests["kind"] == "deed") & (requests["due_s"] <= end_s)]
    in_time = (due["finish_s"] >= 0) & (due["finish_s"] <= due["due_s"])
    returned = due["returns"] > 0
    assert value(result, "promises_kept") == pytest.approx((in_time & ~returned).mean())
    assert value(result, "promises_kept", kind="deed") == value(result, "promises_kept")
    came = began(result, "overreach.complaint")["request"]
    points = 95 - 10 * returned - 20 * ~in_time - 40 * due.index.isin(came)
    assert value(result, "satisfaction") == pytest.approx(points.mean())


def test_who_files_at_night_does_not_wait_until_the_office_opens():
    data = copy.deepcopy(DATA) | copy.deepcopy(RULES)
    data["service_rules"] = {"online": {"on": True, "kinds": {"deed": 1.0}}}
    data["satisfaction"] = {"on": True, "kinds": ["deed"], "wait_hour": 2.0, "most_hours": 1000.0}
    data["satisfaction"] |= {name: 0.0 for name in ("returned", "late", "late_day", "complaint")}
    result = simulate(build(data), seed=5)
    (_, end_s), *_ = result.work.world.years
    requests, opens = result.requests, result.work.world.calendar.open_spans()
    due = requests[(requests["kind"] == "deed") & (requests["due_s"] <= end_s)]
    came = due["arrival_s"].to_numpy()
    at_night = ~((opens[:, 0] <= came[:, None]) & (came[:, None] < opens[:, 1])).any(axis=1)
    assert at_night.mean() > 0.3
    from_ = [
        arrival if not night else opens[opens[:, 0] > arrival][0, 0]
        for arrival, night in zip(came, at_night, strict=True)
    ]
    begun = np.where(due["first_start_s"] >= 0, due["first_start_s"], end_s)
    hours = np.maximum(begun - np.array(from_), 0) / 3600
    assert value(result, "satisfaction") == pytest.approx(np.maximum(95 - 2 * hours, 0).mean())
    assert (hours < (begun - came) / 3600)[at_night].all()


def test_what_is_off_is_not_told():
    names = set(simulate(build(copy.deepcopy(DATA)), seed=5).outcomes["outcome"].astype(str))
    assert not names & {
        "absences",
        "reversals",
        "promises_kept",
        "satisfaction",
        "department_days",
        "violation_loss",
    }
