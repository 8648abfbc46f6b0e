"""Calendar arithmetic against the same thing counted second by second or day by day."""

from __future__ import annotations

import datetime as dt

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.flow.tables import NEVER, Duty, after_delay, excluded_time
from sim.scenario.calendar import WorkingCalendar, union
from sim.scenario.time import DAY_S, Calendar

SPANS = st.lists(st.tuples(st.integers(0, 110), st.integers(1, 15)), max_size=8).map(
    lambda drawn: union(
        np.array([(start, start + length) for start, length in drawn], np.int64).reshape(-1, 2)
    )
)
MOMENTS, WORKS = st.integers(0, 130), st.integers(0, 60)


def seconds_on_duty(spans: np.ndarray) -> np.ndarray:
    """bool: on duty in each second."""
    on = np.zeros(200, bool)
    for start, end in spans:
        on[start:end] = True
    return on


@given(SPANS, MOMENTS)
def test_worked_counts_the_seconds_on_duty(spans, moment):
    assert Duty(spans).worked(moment) == seconds_on_duty(spans)[:moment].sum()
    assert Duty(spans).worked_all(np.array([moment])).tolist() == [Duty(spans).worked(moment)]


@given(SPANS, MOMENTS, WORKS)
def test_advance_is_work_done_second_by_second(spans, moment, work):
    on, left, now = seconds_on_duty(spans), work, moment
    while left > 0 and now < len(on):
        left -= on[now]
        now += 1
    assert Duty(spans).advance(moment, work) == (now if left == 0 else NEVER)


@given(SPANS, MOMENTS, st.integers(1, 20))
def test_first_fit_is_the_first_stretch_without_a_break(spans, moment, work):
    on = seconds_on_duty(spans)
    starts = [moment, *(start for start in spans[:, 0].tolist() if start > moment)]
    ends = [start + work for start in starts if on[start : start + work].all()]
    assert Duty(spans).first_fit(moment, work) == (ends[0] if ends else NEVER)


CALENDAR = WorkingCalendar(
    Calendar(
        country="none",
        week={"mon": ["08:00-16:00"], "wed": ["08:00-12:00"], "thu": ["08:00-12:00"]},
        closed=["2025-03-12"],
    ),
    dt.date(2025, 3, 3),
    40,
)
DAYS = st.integers(0, 40 * DAY_S)


@given(DAYS, st.integers(0, 12))
def test_a_delay_in_working_days_ends_at_the_same_time_of_day(moment, days):
    day, left = moment // DAY_S, days
    while left > 0:
        day += 1
        left -= CALENDAR.working[day]
    assert after_delay(CALENDAR, moment, -1, days) == day * DAY_S + moment % DAY_S
    assert after_delay(CALENDAR, moment, days, 99) == moment + days


@given(DAYS, st.integers(0, 9 * DAY_S))
def test_excluded_time_counts_the_days_after_the_stop_began(start, length):
    first, last = start // DAY_S, (start + length) // DAY_S
    working = sum(bool(CALENDAR.working[day]) for day in range(first + 1, last + 1))
    assert excluded_time(CALENDAR, start, start + length) == (working, last - first, length)
