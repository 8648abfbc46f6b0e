"""Calendar arithmetic against the same thing counted second by second or day by day."""

from __future__ import annotations

import datetime as dt

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.flow.definitions import (
    AT_ONCE,
    HAND_OVER,
    NEVER,
    RESTART,
    RESUME,
    after_delay,
    claim,
    claimant,
    end_of_work,
    excluded_time,
    worked,
)
from sim.scenario.calendar import WorkingCalendar, union
from sim.scenario.disciplines import DISCIPLINES
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


def columns(spans: np.ndarray) -> tuple[list[int], list[int], list[int]]:
    """Start, end and seconds on duty before, as the executors have them."""
    lengths = spans[:, 1] - spans[:, 0]
    return spans[:, 0].tolist(), spans[:, 1].tolist(), (np.cumsum(lengths) - lengths).tolist()


@given(SPANS, MOMENTS)
def test_worked_counts_the_seconds_on_duty(spans, moment):
    span = int(np.searchsorted(spans[:, 0], moment, side="right")) - 1
    assume(span >= 0)
    assert worked(*columns(spans), span, moment) == seconds_on_duty(spans)[:moment].sum()


@st.composite
def begun(draw: st.DrawFn) -> tuple[np.ndarray, int]:
    """Spans of duty, and a moment on duty."""
    spans = draw(SPANS.filter(len))
    start, end = draw(st.sampled_from(spans.tolist()))
    return spans, draw(st.integers(start, end - 1))


def work(rule: int, spans: np.ndarray, moment: int, need: int) -> int:
    span = int(np.searchsorted(spans[:, 0], moment, side="right")) - 1
    return end_of_work(rule, *columns(spans), span, len(spans), moment, need)


@given(begun(), WORKS)
def test_work_that_is_suspended_is_done_second_by_second(place, need):
    spans, moment = place
    on, left, now = seconds_on_duty(spans), need, moment
    while left > 0 and now < len(on):
        left -= on[now]
        now += 1
    assert work(RESUME, spans, moment, need) == (now if left == 0 else NEVER)


@given(begun(), st.integers(1, 20))
def test_work_that_is_restarted_needs_a_stretch_without_a_break(place, need):
    spans, moment = place
    on = seconds_on_duty(spans)
    starts = [moment, *(start for start in spans[:, 0].tolist() if start > moment)]
    ends = [start + need for start in starts if on[start : start + need].all()]
    assert work(RESTART, spans, moment, need) == (ends[0] if ends else NEVER)


@given(begun(), WORKS)
def test_work_that_is_finished_or_handed_over_knows_no_break(place, need):
    spans, moment = place
    assert work(AT_ONCE, spans, moment, need) == moment + need
    duty_ends = spans[spans[:, 1] > moment][0, 1]
    assert work(HAND_OVER, spans, moment, need) == min(moment + need, duty_ends)


CALENDAR = WorkingCalendar(
    Calendar(
        country="none",
        week={"mon": ["08:00-16:00"], "wed": ["08:00-12:00"], "thu": ["08:00-12:00"]},
        closed=["2025-03-12"],
    ),
    dt.date(2025, 3, 3),
    40,
)
COUNT, WORKED = CALENDAR.count.tolist(), CALENDAR.working_days.tolist()
DAYS = st.integers(0, 40 * DAY_S)


@given(DAYS, st.integers(0, 12))
def test_a_delay_in_working_days_ends_at_the_same_time_of_day(moment, days):
    day, left = moment // DAY_S, days
    while left > 0:
        day += 1
        left -= CALENDAR.working[day]
    assert after_delay(COUNT, WORKED, moment, -1, days) == day * DAY_S + moment % DAY_S
    assert after_delay(COUNT, WORKED, moment, days, 99) == moment + days


@given(DAYS, st.integers(0, 9 * DAY_S))
def test_excluded_time_counts_the_days_after_the_stop_began(start, length):
    first, last = start // DAY_S, (start + length) // DAY_S
    working = sum(bool(CALENDAR.working[day]) for day in range(first + 1, last + 1))
    assert excluded_time(COUNT, start, start + length) == (working, last - first, length)


SHIFTS = st.integers(-400 * DAY_S, 400 * DAY_S)


@given(
    st.sampled_from(list(DISCIPLINES)), st.lists(st.tuples(MOMENTS, WORKS, SHIFTS), min_size=2, max_size=2)
)
def test_neglected_work_never_gains_a_place_and_supervised_work_never_loses_one(discipline, pair):
    """A later stand puts a claim behind where it was, under every key; the request stays readable."""
    code = list(DISCIPLINES).index(discipline)
    (moment, work, shift), (other_moment, other_work, _) = pair
    plain = claim(code, 1, 500 + moment, moment, work, 0, 1)
    shifted = claim(code, 1, 500 + moment, moment, work, shift, 1)
    other = claim(code, 1, 500 + other_moment, other_moment, other_work, 0, 2)
    assert claimant(shifted) == 1
    if shift >= 0:
        assert shifted >= plain and (plain < other or shifted > other)
    else:
        assert shifted <= plain and (plain > other or shifted < other)


def test_shortest_work_has_ranks_where_moments_have_shifts():
    """A day's neglect puts one minute's work behind an hour's; supervision puts an hour's before it."""
    code = list(DISCIPLINES).index("shortest_expected_work")
    short, long = (claim(code, 1, -1, 0, seconds, 0, 1) for seconds in (60, 3600))
    assert claim(code, 1, -1, 0, 3600, -1, 1) < short < long < claim(code, 1, -1, 0, 60, DAY_S, 1)
