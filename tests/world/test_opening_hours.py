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
    expected = [0] * 8 + [0.5, 1, 1, 1, 0, 0, 1, 1, 1, 0.25] + [0] * 30
    np.testing.assert_array_equal(monday, expected)


WORKDAYS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ["09:00-17:00"])
FRIDAY_NIGHT = dict.fromkeys(("mon", "tue", "wed", "thu"), ["08:00-16:00"]) | {
    "fri": ["08:00-16:00", "22:00-02:00"]
}


@pytest.mark.parametrize(
    ("week", "hour", "by_day"),
    [
        (dict.fromkeys(WORKDAYS, ["22:00-06:00"]), 1, [25, 100, 100, 100, 100, 75, 0]),
        (dict.fromkeys(WORKDAYS, ["06:00-14:00", "22:00-06:00"]), 1, [62.5, 100, 100, 100, 100, 37.5, 0]),
        (FRIDAY_NIGHT, 1, [100, 100, 100, 100, 100 * 10 / 12, 100 * 2 / 12, 0]),
        (FRIDAY_NIGHT, 4, [100, 100, 100, 100, 100 * (8 + 2) / (8 + 2 + 4 * 2), 100 * 8 / 18, 0]),
    ],
)
def test_people_of_a_night_shift_are_of_the_day_on_which_it_begins(week, hour, by_day):
    """A hundred on each of five days, by the length of its hours, those before six of weight `hour`."""
    hours = [float(hour)] * 6 + [1.0] * 18
    profile = {"while_open": True, "working_days_only": False, "hours": hours}
    expected = days_of(profile, {"start": "2025-03-31", "minutes": 28 * 1440}, week=week)
    found = np.array(list(expected.values())).reshape(4, 7)
    assert found[0] == pytest.approx(by_day)  # the night before the horizon is not in it
    assert found.sum() == pytest.approx(2000)


MONTH = {"start": "2025-03-31", "minutes": 31 * 1440}


def days_of(profile: dict[str, Any], horizon: dict[str, Any] = MONTH, **calendar: Any) -> dict[str, float]:
    """Expected requests by date of a month from Monday 2025-03-31 on, 100 a day before the weights."""
    case = sim.build(
        counter(
            calendar={"country": "none", "week": WORKDAYS, **calendar},
            horizon=horizon,
            demand={"visit": {"volumes": {"hall": 100}, "per": "day", "profile": "people"}},
            profiles={"people": {"working_days_only": True, **profile}},
        )
    )
    known = calendar_of(case)
    [(_, one)] = intensities(case, case.demand["visit"], known)
    by_day = one.rate.reshape(-1, 24).sum(axis=1)
    return {str(known.date(day)): round(float(expected), 9) for day, expected in enumerate(by_day)}


def test_a_filing_deadline_on_the_fifteenth():
    """Weight 3 on the 15th. Of the 261 working days of 2025 eight are a 15th, so the weights sum to 277."""
    weights = [1.0] * 31
    weights[14] = 3.0
    expected = days_of({"month_days": weights})
    assert expected["2025-04-15"] == pytest.approx(300 * 261 / 277)
    assert expected["2025-03-31"] == expected["2025-04-14"] == pytest.approx(100 * 261 / 277)
    assert expected["2025-04-13"] == 0  # a Sunday


def test_the_last_day_of_the_month():
    """Nine of the last days of 2025 are working days, among them 31 March and 30 April: 261 + 2 × 9."""
    expected = days_of({"last_of_month": 3.0})
    assert expected["2025-03-31"] == expected["2025-04-30"] == pytest.approx(300 * 261 / 279)
    assert expected["2025-04-29"] == pytest.approx(100 * 261 / 279)


def test_the_days_around_a_holiday():
    """Friday 4 April is off, so the days off last until Sunday: Thursday is before them, Monday after. The
    other weekends are no holidays. The weights of the 260 working days sum to 261.5.
    """
    expected = days_of({"before_holiday": 1.5, "after_holiday": 2.0}, closed=["2025-04-04"])
    usual = 100 * 260 / 261.5
    around = (expected["2025-04-03"], expected["2025-04-04"], expected["2025-04-07"])
    assert around == pytest.approx((1.5 * usual, 0, 2 * usual))
    days = ("2025-04-02", "2025-04-08", "2025-04-11", "2025-04-14")
    assert [expected[day] for day in days] == pytest.approx([usual] * 4)


@pytest.mark.parametrize("start", ["2025-04-05", "2025-04-06", "2025-04-07"])
def test_a_holiday_that_ends_as_the_horizon_begins(start):
    """Friday 4 April is off. The Monday after it is that also where the horizon begins on one of the days
    between, or on the Monday.
    """
    horizon = {"start": start, "minutes": 7 * 1440}
    expected = days_of({"after_holiday": 2.0}, horizon, closed=["2025-04-04"])
    usual = 100 * 260 / 261
    assert (expected["2025-04-07"], expected["2025-04-08"]) == pytest.approx((2 * usual, usual))


BOUND = pytest.mark.parametrize(
    ("hours", "bound"),
    [(8, {"while_open": True}), (24, {"while_open": False, "working_days_only": True})],
    ids=["while open", "working days"],
)
UNEVEN = {
    "last_of_month": 0.5,
    "before_holiday": 1.5,
    "after_holiday": 3.0,
    "month_days": [2.0] * 5 + [1.0] * 25 + [6.0],
}


YEAR = {"start": "2025-01-01", "years": 1}


def in_a_year(per: str, volume: float, profile: dict[str, Any]) -> tuple[float, int]:
    """Expected requests of 2025 in China, and the working days."""
    case = sim.build(
        counter(
            calendar={"country": "CN", "week": WORKDAYS},
            horizon=YEAR,
            demand={"visit": {"volumes": {"hall": volume}, "per": per, "profile": "people"}},
            profiles={"people": profile},
        )
    )
    calendar = calendar_of(case)
    [(_, one)] = intensities(case, case.demand["visit"], calendar)
    return float(one.cumulative[-1]), int(calendar.working[:365].sum())


@pytest.mark.parametrize("uneven", [{}, UNEVEN], ids=["even", "uneven"])
@BOUND
def test_a_year_keeps_its_volume(uneven, hours, bound):
    """By the year, by the day and by the hour, whatever the days of the month and holidays."""
    profile = bound | uneven
    for per, volume, of_a_day in (("day", 100, 100), ("hour", 1, hours)):
        total, days = in_a_year(per, volume, profile)
        assert days == 248
        assert total == pytest.approx(of_a_day * days)
    assert in_a_year("year", 1000, profile)[0] == pytest.approx(1000)


def test_part_of_a_year_is_its_part_of_the_year():
    """The month of a horizon in minutes expects as many as the same month of the year."""
    case = sim.build(
        counter(
            calendar={"country": "none", "week": WORKDAYS},
            horizon=YEAR,
            demand={"visit": {"volumes": {"hall": 100}, "per": "day", "profile": "people"}},
            profiles={"people": {"working_days_only": True, **UNEVEN}},
        )
    )
    [(_, one)] = intensities(case, case.demand["visit"], calendar_of(case))
    by_day = one.rate.reshape(-1, 24).sum(axis=1)
    first = 31 + 28 + 30
    assert list(days_of(UNEVEN).values()) == pytest.approx(by_day[first : first + 31].tolist())


@pytest.mark.parametrize("per", ["day", "hour"])
@pytest.mark.parametrize("closed", [0.0, 1.0], ids=["no weight", "a weight"])
@BOUND
def test_days_off_do_not_count_in_the_mean_of_the_weekdays(per, closed, hours, bound):
    """Mondays weigh twice as much. Whatever is written for the weekend, a mean day of the week has 60."""
    profile = {"weekdays": [2, 1, 1, 1, 1, closed, closed], **bound}
    volume = 60 if per == "day" else 60 / hours
    expected = weekly(profile, per, volume)
    assert expected == pytest.approx([100, 50, 50, 50, 50, 0, 0])


def test_a_rate_an_hour_of_opening_where_saturdays_are_short_and_quiet():
    """Eight hours of weight 1 on five days, three of weight 0.5: 43 hours of opening have 43 people."""
    expected = weekly({"weekdays": [1] * 5 + [0.5, 0], "while_open": True}, "hour", 1, WEEK)
    usual = 8 * 43 / 41.5
    assert expected == pytest.approx([usual] * 5 + [usual * 3 / 16, 0])


def test_who_comes_on_every_day_keeps_the_mean_of_seven_weekdays():
    """Letters come on days off as well."""
    profile = {"weekdays": [1.5, 1, 1, 1, 1, 1, 0.5], "while_open": False}
    assert weekly(profile, "day", 70) == pytest.approx([105, 70, 70, 70, 70, 70, 35])


def weekly(profile: dict[str, Any], per: str, volume: float, week: dict[str, Any] = WORKDAYS) -> list[float]:
    """Expected requests of the days of a week."""
    case = sim.build(
        counter(
            calendar={"country": "none", "week": week},
            horizon={"start": "2025-01-06", "minutes": 7 * 1440},
            demand={"visit": {"volumes": {"hall": volume}, "per": per, "profile": "people"}},
            profiles={"people": profile},
        )
    )
    [(_, one)] = intensities(case, case.demand["visit"], calendar_of(case))
    return one.rate.reshape(-1, 24).sum(axis=1).tolist()
