"""Summer time: a day of 23 hours has 23 hours of arrivals and of duty, one of 25 has 25 of arrivals."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

import sim
from sim.flow import ENGINES
from sim.scenario.calendar import calendar_of
from sim.scenario.time import DAY_S
from sim.world import draw_world
from sim.world.demand import intensities

SPRING, AUTUMN = dt.date(2025, 3, 30), dt.date(2025, 10, 26)  # in Poland, at 2 and at 3
ZONE = {"calendar.time_zone": "Europe/Warsaw"}
OFFICE = sim.load("one-office")  # open around the clock, four an hour
IN_POLAND = sim.reform(OFFICE, ZONE)


def expected(scenario: sim.Scenario, date: dt.date) -> np.ndarray:
    calendar = calendar_of(scenario)
    ((_, own),) = intensities(scenario, scenario.demand["visit"], calendar)
    return own.rate.reshape(-1, 24)[calendar.day_of(date)]


@pytest.mark.parametrize("profile", [None, {"months": [1.0] * 12}, {"while_open": False}])
def test_a_day_of_23_hours_has_23_hours_of_arrivals(profile):
    changes = dict(ZONE)
    if profile is not None:
        changes |= {"profiles": {"all_day": profile}, "demand.visit.profile": "all_day"}
    case = sim.reform(OFFICE, changes)
    assert expected(case, SPRING).sum() == pytest.approx(4 * 23)
    assert expected(case, SPRING)[2] == 0
    assert expected(case, AUTUMN).sum() == pytest.approx(4 * 25)
    assert expected(case, AUTUMN)[2] == 8
    assert (expected(case, dt.date(2025, 6, 1)) == 4).all()


def test_nobody_is_on_duty_in_the_hour_that_is_left_out():
    (clerk,) = draw_world(IN_POLAND, 0).people
    day = calendar_of(IN_POLAND).day_of(SPRING) * DAY_S
    assert (clerk.duty == [[0, day + 2 * 3600], [day + 3 * 3600, 365 * DAY_S]]).all()


@pytest.mark.parametrize("engine", ENGINES)
def test_work_goes_on_after_it(engine):
    """Work of an hour that begins at 1:30 ends at 3:30 by the clock, which is an hour later."""
    day = calendar_of(IN_POLAND).day_of(SPRING) * DAY_S
    start = {"horizon": {"start": "2025-03-30", "minutes": 1440}}
    case = sim.reform(OFFICE, ZONE | start)
    table = [{"kind": "visit", "unit": "office", "arrival_s": 5400, "work_s.serve": 3600}]
    import pandas as pd

    result = sim.simulate(case, replay=pd.DataFrame(table), engine=engine)
    assert result.requests["finish_s"].tolist() == [3.5 * 3600]
    assert day > 0


def test_other_offices_are_as_without():
    """Closed on Sunday nights, and in a country without summer time: the same, to the last bit."""
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ["08:00-16:00"])
    daily = {"calendar.week": week, "profiles": {"day": {}}, "demand.visit.profile": "day"}
    usual = sim.simulate(OFFICE, daily).requests
    for zone in ("Europe/Warsaw", "Asia/Shanghai"):
        assert sim.simulate(OFFICE, daily | {"calendar.time_zone": zone}).requests.equals(usual)


def test_a_zone_that_is_none():
    with pytest.raises(sim.InputError, match="'Poland/Warsaw' is no time zone"):
        sim.reform(OFFICE, {"calendar.time_zone": "Poland/Warsaw"})
