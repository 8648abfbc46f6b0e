"""Working days and deadlines: against a second library, and by hand at every edge."""

from __future__ import annotations

import datetime as dt

import chinese_calendar
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.flow.definitions import CALENDAR_DAYS, WORKING_DAYS, due_s
from sim.scenario import Policy, load, reform
from sim.scenario.calendar import WorkingCalendar, calendar_of, covered, unannounced, union, without
from sim.scenario.errors import InputError
from sim.scenario.part import Text
from sim.scenario.time import DAY_S, Calendar

from .small import write_scenario

WEEK = {day: ["08:30-12:00", "14:00-17:30"] for day in ("mon", "tue", "wed", "thu", "fri")}


def calendar(year: int, country: str = "CN", **more: object) -> WorkingCalendar:
    days = (dt.date(year + 1, 1, 1) - dt.date(year, 1, 1)).days
    return WorkingCalendar(Calendar(country=country, week=WEEK, **more), dt.date(year, 1, 1), days)


def worked(calendar: WorkingCalendar) -> set[dt.date]:
    return {calendar.date(day) for day in range(calendar.days) if calendar.working[day]}


def due(calendar: WorkingCalendar, received: str, amount: int, per: str = "working_days") -> str:
    """The day at whose end the limit runs out."""
    moment = dt.datetime.fromisoformat(received)
    seconds = round((moment - dt.datetime.combine(calendar.first, dt.time())).total_seconds())
    code = {"working_days": WORKING_DAYS, "calendar_days": CALENDAR_DAYS}[per]
    days_ = calendar.count, calendar.working_days, calendar.ends_s
    end_s = due_s(*days_, seconds, amount, code, 0, 0, 0)
    days, rest = divmod(int(end_s), DAY_S)
    assert rest == 0  # midnight: the whole day belongs to the limit
    return str(calendar.date(days - 1))


@pytest.mark.parametrize("year", range(2018, 2027))
def test_working_days_of_china(year: int) -> None:
    """D1. Every day of nine years, holidays and make-up weekends, as chinesecalendar has it."""
    ours = calendar(year)
    assert worked(ours) == {
        date for day in range(ours.days) if chinese_calendar.is_workday(date := ours.date(day))
    }


def test_holidays_are_not_silently_left_out() -> None:
    """Negative control: without the country, days of the spring festival are worked, the make-up Sunday
    is not.
    """
    assert dt.date(2025, 1, 28) in worked(calendar(2025, "none")) - worked(calendar(2025))
    assert dt.date(2025, 1, 26) in worked(calendar(2025)) - worked(calendar(2025, "none"))


def test_public_holidays_of_poland() -> None:
    """2020 by hand; 3 May, 15 August, 1 November and 26 December fall on weekends anyway."""
    weekdays = {date for day in range(366) if (date := dt.date(2020, 1, 1) + dt.timedelta(day)).weekday() < 5}
    off = ["01-01", "01-06", "04-13", "05-01", "06-11", "11-11", "12-25"]
    assert worked(calendar(2020, "PL")) == weekdays - {dt.date.fromisoformat(f"2020-{day}") for day in off}


def test_make_up_days_have_the_hours_of_the_day_they_replace() -> None:
    """Sunday 26 January 2025 is worked like a Monday, Saturday 8 February like a Friday; both may be
    switched off.
    """
    week = WEEK | {"mon": ["09:00-10:00"], "fri": ["10:00-11:00"]}
    part = Calendar(country="CN", week=week)
    spans = WorkingCalendar(part, dt.date(2025, 1, 1), 365).open_spans().tolist()
    day = (dt.date(2025, 1, 26) - dt.date(2025, 1, 1)).days
    assert [day * DAY_S + 9 * 3600, day * DAY_S + 10 * 3600] in spans
    day = (dt.date(2025, 2, 8) - dt.date(2025, 1, 1)).days
    assert [day * DAY_S + 10 * 3600, day * DAY_S + 11 * 3600] in spans
    without = worked(calendar(2025, make_up_days=False))
    assert not {dt.date(2025, 1, 26), dt.date(2025, 2, 8)} & without


def test_days_closed_and_opened_by_hand() -> None:
    by_hand = calendar(2025, closed=["2025-03-12"], open=["2025-03-15"])
    plain = worked(calendar(2025))
    assert worked(by_hand) == plain - {dt.date(2025, 3, 12)} | {dt.date(2025, 3, 15)}


@pytest.mark.parametrize(
    ("received", "amount", "last"),
    [
        ("2025-03-03 08:30:00", 1, "2025-03-04"),  # Monday, at opening: Monday is not counted
        ("2025-03-03 17:30:00", 1, "2025-03-04"),  # at closing time: still received on Monday
        ("2025-03-03 23:59:59", 1, "2025-03-04"),  # in the night, online: Monday's receipt too
        ("2025-03-04 00:00:00", 1, "2025-03-05"),  # a second later it is Tuesday
        ("2025-03-07 17:30:00", 1, "2025-03-10"),  # Friday: the weekend does not count
        ("2025-03-08 10:00:00", 1, "2025-03-10"),  # on a Saturday off: Monday is the first day
        ("2025-03-03 10:00:00", 20, "2025-03-31"),  # four weeks
        ("2025-01-27 10:00:00", 1, "2025-02-05"),  # the eve of the spring festival (28 January to 4 February)
        ("2025-01-28 10:00:00", 1, "2025-02-05"),  # on its first day
        ("2025-02-04 10:00:00", 1, "2025-02-05"),  # on its last day
        ("2025-01-24 10:00:00", 1, "2025-01-26"),  # Friday: the make-up Sunday counts
        ("2025-01-26 10:00:00", 1, "2025-01-27"),  # received on the make-up Sunday
        ("2025-02-07 10:00:00", 1, "2025-02-08"),  # due on the make-up Saturday
        ("2025-02-08 10:00:00", 1, "2025-02-10"),  # received on it
        ("2025-01-22 10:00:00", 4, "2025-01-27"),  # ends on the last day before the block
        ("2025-01-22 10:00:00", 5, "2025-02-05"),  # one more: the first day after it
        ("2025-12-31 10:00:00", 1, "2026-01-04"),  # over the year's end: 1 to 3 January off, the 4th made up
    ],
)
def test_limits_in_working_days(received: str, amount: int, last: str) -> None:
    """D2. Receipt plus n working days, the day of receipt not counted."""
    assert due(calendar(2025), received, amount) == last


@pytest.mark.parametrize(
    ("received", "amount", "last"),
    [
        ("2025-03-03 17:30:00", 1, "2025-03-04"),
        ("2025-03-03 10:00:00", 4, "2025-03-07"),  # a Friday
        ("2025-03-03 10:00:00", 5, "2025-03-10"),  # a Saturday: the next working day
        ("2025-03-03 10:00:00", 7, "2025-03-10"),
        ("2025-01-22 10:00:00", 5, "2025-01-27"),  # the day before the block
        ("2025-01-22 10:00:00", 6, "2025-02-05"),  # its first day
        ("2025-01-22 10:00:00", 13, "2025-02-05"),  # its last day
        ("2025-01-22 10:00:00", 14, "2025-02-05"),  # the day after it
        ("2025-01-22 10:00:00", 17, "2025-02-08"),  # a make-up Saturday is a working day
        ("2025-01-21 10:00:00", 5, "2025-01-26"),  # and so is a make-up Sunday
        ("2025-01-28 10:00:00", 30, "2025-02-27"),  # received in the block
    ],
)
def test_limits_in_calendar_days(received: str, amount: int, last: str) -> None:
    """D2. Days off count, but a limit does not end on one."""
    assert due(calendar(2025), received, amount, "calendar_days") == last


def test_a_year_whose_make_up_days_are_not_known() -> None:
    """Far ahead no notice exists: an error, not a year without make-up days."""
    with pytest.raises(InputError, match="make-up working days of 2060"):
        calendar(2060)
    assert calendar(2060, make_up_days=False).working.sum() > 240


def test_years_that_are_not_announced_have_their_statutory_holidays() -> None:
    """Where a year is announced its make-up days are worked; a later one has as many working days about."""
    assert worked(calendar(2025, make_up_days="where_known")) == worked(calendar(2025))
    later = calendar(2060, make_up_days="where_known")
    assert worked(later) == worked(calendar(2060, make_up_days=False))
    assert abs(int(later.working[: later.days].sum()) - 249) <= 3
    first, last = dt.date(2024, 11, 1), dt.date(2060, 12, 31)
    assert unannounced(later.rules, dt.date(2025, 1, 1), dt.date(2025, 12, 31)) == []
    assert unannounced(later.rules, first, last)[-1] == 2060
    assert unannounced(Calendar(country="CN", week=WEEK, make_up_days=False), first, last) == []
    with pytest.raises(InputError, match=r"end by 20\d\d, or set make_up_days: where_known"):
        calendar(2040)


def test_equal_rules_and_horizons_share_a_calendar(tmp_path) -> None:
    scenario = load(write_scenario(tmp_path / "small"))
    ours = calendar_of(scenario)
    assert calendar_of(load(scenario.folder)) is ours
    other = calendar_of(reform(scenario, policy_of({"calendar.closed": ["2025-03-04"]})))
    assert worked(ours) ^ worked(other) == {dt.date(2025, 3, 3), dt.date(2025, 3, 4)}
    longer = calendar_of(reform(scenario, policy_of({"horizon.years": 2})))
    assert (ours.days, longer.days) == (375, 740)


def policy_of(changes: dict) -> Policy:
    text = Text(en="Trial", zh="试行")
    return Policy("trial", text, text, changes)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9)), max_size=8), st.data())
def test_spans_are_sets_of_seconds(rows, data) -> None:
    """Sorted, disjoint, adjoining ones joined: a set of seconds has one such form."""
    removed = data.draw(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9)), max_size=8))
    these, those = (
        union(np.array([(start, start + length) for start, length in some], np.int64).reshape(-1, 2))
        for some in (rows, removed)
    )
    assert (these[:, 0] < these[:, 1]).all()
    left = {second for start, end in these.tolist() for second in range(start, end)}
    left -= {second for start, end in those.tolist() for second in range(start, end)}
    found = without(these, those)
    assert {second for start, end in found.tolist() for second in range(start, end)} == left
    assert (found[1:, 0] > found[:-1, 1]).all()
    moments = np.arange(45)
    np.testing.assert_array_equal(covered(found, moments), [moment in left for moment in moments])


def test_a_night_shift_goes_on_into_a_day_off_and_does_not_begin_on_one():
    """22:00 to 06:00 on Thursdays and Fridays. 3 January, a Friday, is worked and the 4th is off; the 9th, a
    Thursday, is closed. The last night is cut at the end of the horizon.
    """
    hours = {"thu": ["22:00-06:00"], "fri": ["22:00-06:00"]}
    rules = Calendar(country="none", week=hours, closed=["2025-01-09"], last_day_ends="closing_time")
    nights = WorkingCalendar(rules, dt.date(2025, 1, 1), 10)
    edges = (nights.open_spans() / 3600 - 24 * np.array([[1], [2], [9]])).tolist()
    assert edges == [[22, 30], [22, 30], [22, 24]]
    assert nights.ends_s[1] == 2 * DAY_S, "a limit that ends with the day ends at midnight"
