"""Demand and the calendar: opening hours, closed doors, days of the month, days around holidays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import sim
from sim.scenario.calendar import calendar_of, covered
from sim.world import closed_doors, draw_world
from sim.world.demand import intensities, open_share
from tests.flow.counter import counter

NINE_TO_FIVE = [0.0] * 9 + [1.0] * 8 + [0.0] * 7
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ["09:00-17:00"]) | {"sat": ["09:00-12:00"]}


def office(profile: dict[str, Any] | None) -> sim.Scenario:
    """Four weeks; open from 9 to 17, on Saturdays until 12."""
    demand = {"visit": {"volumes": {"hall": 60}, "per": "day", "profile": "people"}}
    blocks: dict[str, Any] = {}
    if profile is not None:
        blocks = {"demand": demand, "profiles": {"people": profile}}
    horizon = {"start": "2025-01-06", "minutes": 28 * 1440}
    return sim.build(counter(calendar={"country": "none", "week": WEEK}, horizon=horizon, **blocks))


SATURDAYS_TOO = [1.0] * 6 + [0.0]


def test_the_share_that_comes_to_closed_doors_is_told():
    """Of eight hours on each of six days, five on Saturday come after noon: 5 of 48."""
    [note] = closed_doors(office({"hours": NINE_TO_FIVE, "weekdays": SATURDAYS_TOO}))
    assert "10% of 'visit' come when the office has closed for the day" in str(note)
    assert "while_open: true" in str(note) and "demand.visit" in str(note)


def test_who_comes_at_all_hours_is_told_too():
    """Without a profile people come around the clock, Sundays included: 7 × 24 hours, of which
    5 × 7 + 12 + 24 after the last closing.
    """
    [note] = closed_doors(office(None))
    assert f"{(5 * 7 + 12 + 24) / 168:.0%} of 'visit'" in str(note)


@pytest.mark.parametrize(
    "profile",
    [
        {"weekdays": SATURDAYS_TOO},
        {"hours": NINE_TO_FIVE, "weekdays": SATURDAYS_TOO, "while_open": True},
        {"while_open": True},
    ],
    ids=["hours are not given", "they are cut", "nor are weekdays"],
)
def test_demand_follows_the_opening_hours(profile):
    """Everybody comes to an open office, and the days keep their people."""
    case = office(profile)
    assert not list(closed_doors(case))
    world = draw_world(case, seed=1)
    arrivals = world.requests["arrival_s"].to_numpy()
    assert covered(world.calendar.open_spans(), arrivals).all()
    by_weekday = np.bincount(arrivals // 86_400 % 7, minlength=7)
    assert by_weekday[6] == 0
    assert abs(by_weekday[5] / len(arrivals) - 1 / 6) < 4 * np.sqrt(5 / 36 / len(arrivals))


def test_hours_that_are_given_stay_unless_it_is_asked():
    case = office({"hours": NINE_TO_FIVE, "weekdays": SATURDAYS_TOO})
    arrivals = draw_world(case, seed=1).requests["arrival_s"].to_numpy()
    on_saturday = arrivals[arrivals // 86_400 % 7 == 5] % 86_400
    assert (on_saturday >= 12 * 3600).any()


def hourly(profile: dict[str, Any]) -> np.ndarray:
    """Expected requests of the first week by day, at 8 an hour."""
    data = office(profile).source.data
    data["demand"] = {"visit": {"volumes": {"hall": 8}, "per": "hour", "profile": "people"}}
    case = sim.build(data)
    [(_, one)] = intensities(case, case.demand["visit"], calendar_of(case))
    return one.rate.reshape(-1, 24).sum(axis=1)[:7]


@pytest.mark.parametrize("hours", [{}, {"hours": NINE_TO_FIVE}, {"hours": [1.0] * 12 + [3.0] * 12}])
def test_a_rate_an_hour_is_of_an_hour_of_opening(hours):
    """Eight hours from Monday to Friday and three on Saturday, whatever the weights of the hours."""
    expected = hourly({**hours, "while_open": True})
    assert expected == pytest.approx([64] * 5 + [24, 0])


def test_a_rate_an_hour_needs_to_know_which_hours():
    with pytest.raises(sim.InputError, match="of which is it"):
        hourly({"hours": NINE_TO_FIVE})
    assert hourly({"hours": [0.5] * 12 + [1.5] * 12}) == pytest.approx([192] * 7)  # around the clock


def test_the_share_of_an_hour_that_is_open():
    week = {"mon": ["08:30-12:00", "14:00-17:15"]}
    case = sim.build(counter(calendar={"country": "none", "week": week}))
    monday = open_share(calendar_of(case))[0]
    expected = [0] * 8 + [0.5, 1, 1, 1, 0, 0, 1, 1, 1, 0.25] + [0] * 6
    np.testing.assert_array_equal(monday, expected)


def days_of(profile: dict[str, Any], **calendar: Any) -> dict[str, float]:
    """Expected requests by date of a month from Monday 2025-03-31 on, 100 a day before the weights."""
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ["09:00-17:00"])
    case = sim.build(
        counter(
            calendar={"country": "none", "week": week, **calendar},
            horizon={"start": "2025-03-31", "minutes": 31 * 1440},
            demand={"visit": {"volumes": {"hall": 100}, "per": "day", "profile": "people"}},
            profiles={"people": {"working_days_only": True, **profile}},
        )
    )
    known = calendar_of(case)
    [(_, one)] = intensities(case, case.demand["visit"], known)
    by_day = one.rate.reshape(-1, 24).sum(axis=1)
    return {str(known.date(day)): round(float(expected), 9) for day, expected in enumerate(by_day)}


def test_a_filing_deadline_on_the_fifteenth():
    """Weight 3 on the 15th and 1 on the other 30 days: the mean of the weights is 33/31."""
    weights = [1.0] * 31
    weights[14] = 3.0
    expected = days_of({"month_days": weights})
    assert expected["2025-04-15"] == pytest.approx(300 * 31 / 33)
    assert expected["2025-03-31"] == expected["2025-04-14"] == pytest.approx(100 * 31 / 33)
    assert expected["2025-04-13"] == 0  # a Sunday


def test_the_days_around_a_holiday():
    """Friday 4 April is off, so the days off last until Sunday: Thursday is before them, Monday after. The
    other weekends are no holidays.
    """
    expected = days_of({"before_holiday": 1.5, "after_holiday": 2.0}, closed=["2025-04-04"])
    assert (expected["2025-04-03"], expected["2025-04-04"], expected["2025-04-07"]) == (150, 0, 200)
    assert all(expected[day] == 100 for day in ("2025-04-02", "2025-04-08", "2025-04-11", "2025-04-14"))


def test_a_year_keeps_its_volume():
    profile = {"before_holiday": 1.5, "after_holiday": 3.0, "month_days": [2.0] * 5 + [1.0] * 26}
    case = sim.build(
        counter(
            calendar={"country": "CN", "week": WEEK},
            horizon={"start": "2025-01-01", "years": 1},
            demand={"visit": {"volumes": {"hall": 1000}, "per": "year", "profile": "people"}},
            profiles={"people": profile},
        )
    )
    [(_, one)] = intensities(case, case.demand["visit"], calendar_of(case))
    assert one.cumulative[-1] == pytest.approx(1000)
