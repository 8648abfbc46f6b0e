"""A county of three offices (bound by the pay rule), a section and leaders, and what happened there."""

from __future__ import annotations

import copy

import numpy as np
import pandas as pd
import pytest

from sim.scenario import build
from sim.scenario.calendar import year_starts
from sim.scenario.time import DAY_S


def text(name: str) -> dict:
    return {"en": name, "zh": name}


ITEM = {"title": text("i"), "indicator": "on_time_rate", "points": 100, "rule": "proportional"}
SCENARIO = {
    "format": "jingxi-scenario/1",
    "title": text("t"),
    "description": text("d"),
    "horizon": {"start": "2025-01-01", "years": 1, "warm_up_days": 10},
    "calendar": {
        "country": "none",
        "week": {day: ["08:00-16:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
    },
    "roles": {"window": {"title": text("w")}},
    "grades": {
        "clerk": {
            "title": text("c"),
            "base_pay": 50000,
            "assessment_pay": 20000,
            "target_bonus": 10000,
            "leave_days": 5,
        }
    },
    "unit_types": {
        "office": {"title": text("o"), "scorecard": "card", "pay_bound": True, "certifiable": True},
        "section": {"title": text("s"), "scorecard": "card"},
        "leaders": {"title": text("l")},
    },
    "units": {
        **{name: {"type": "office", "title": text(name)} for name in ("east", "west", "south")},
        "registry": {"type": "section", "title": text("r")},
        "bureau": {"type": "leaders", "title": text("b")},
    },
    "staff": {
        unit: {"unit": unit, "role": "window", "grade": "clerk"}
        for unit in ("east", "west", "south", "registry", "bureau")
    },
    "kinds": {
        "permit": {
            "title": text("p"),
            "route": {
                "accept": {"type": "work", "at": "own/window", "minutes": 10, "distribution": "constant"},
                "check": {"type": "work", "at": "registry/window", "minutes": 10, "distribution": "constant"},
            },
        }
    },
    "demand": {"permit": {"volumes": {"east": 100}}},
    "scorecards": {"card": {"title": text("c"), "items": {"on_time": ITEM}}},
    "assessment": {
        "advanced_threshold": 95,
        "promotion_threshold": 90,
        "bottom_count": 1,
        "certified_threshold": 90,
        "excellent_threshold": 97,
    },
    "pay": {"full_pay_threshold": 95, "deduction_per_point": 1, "bonus_threshold": 95},
}


class Luck:
    """Draws that a test chooses: `numbers` by the number of a case, every normal one `normal_number`."""

    def __init__(self, numbers=(), normal_number=0.0):
        self.numbers, self.normal_number = np.asarray(numbers, float), normal_number

    def uniform(self, unit, item, case_numbers):
        return self.numbers[case_numbers]

    def normal(self, unit, item):
        return self.normal_number


@pytest.fixture
def luck():
    return Luck


@pytest.fixture
def county():
    """county(**blocks): the scenario with other blocks."""

    def make(**blocks):
        return build({**copy.deepcopy(SCENARIO), **blocks})

    return make


@pytest.fixture
def year(county):
    """Start and end of the year, seconds."""
    first, last = year_starts(county())
    return first * DAY_S, last * DAY_S


@pytest.fixture
def requests_of():
    """requests_of(rows): one request for each dict, all else as if nothing had happened."""

    def make(*rows):
        nothing = {
            "kind": "permit",
            "unit": "east",
            "arrival_s": 0,
            "first_start_s": -1,
            "finish_s": -1,
            "due_s": -1,
            "until_start": False,
            "returns": 0,
            "withdrawn_s": -1,
            "statutory_due_s": -1,
            "work_s": 600,
        }
        table = pd.DataFrame([{**nothing, **row} for row in rows], columns=list(nothing))
        return table.rename_axis("request")

    return make


@pytest.fixture
def steps_of():
    """steps_of((request, unit, type, ready_s), …)"""

    def make(*rows):
        return pd.DataFrame(rows, columns=["request", "unit", "type", "ready_s"])

    return make


@pytest.fixture
def people():
    """One person a unit: 1000 hours on duty, 800 of them busy, 90 of study, no leave."""
    units = ["east", "west", "south", "registry", "bureau"]
    hours = {"on_duty_s": 1000, "busy_s": 800, "overtime_s": 3, "study_s": 90, "leave_s": 0, "duty_s": 0}
    table = pd.DataFrame(
        {"unit": units, "role": "window", "grade": "clerk"}, index=pd.Index(units, name="person")
    )
    return table.assign(**{name: 3600 * value for name, value in hours.items()})
