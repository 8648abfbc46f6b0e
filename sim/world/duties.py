"""When people are off service: leave, weekly study, lectures, integrity education, training, standing
duties."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import numpy as np

from sim.scenario.calendar import WorkingCalendar, union
from sim.scenario.schema import Scenario
from sim.scenario.time import DAY_S, WEEKDAYS, Study, clock_s

from .streams import Streams

WEEK_DAYS = 5  # leave and training are taken in blocks of a working week


def leave_spans(
    person: str, days_a_year: int, calendar: WorkingCalendar, streams: Streams, purpose: str = "leave"
) -> np.ndarray:
    """Whole days off, in blocks of up to five working days at random places of each calendar year, (n, 2)
    s."""
    spans = []
    for year, worked in _years(calendar).items():
        weeks = [worked[start : start + WEEK_DAYS] for start in range(0, len(worked), WEEK_DAYS)]
        order = streams(purpose, person, str(year)).permutation(len(weeks))
        left = days_a_year
        for week in order:
            taken = weeks[week][:left]
            spans += [(day * DAY_S, (day + 1) * DAY_S) for day in taken]
            left -= len(taken)
            if left <= 0:
                break
    return _spans(spans)


@lru_cache(maxsize=4)  # the same for everybody on leave
def _years(calendar: WorkingCalendar) -> dict[int, list[int]]:
    """The working days (numbers) of every whole calendar year that the horizon touches; they may lie before
    day 0."""
    first, last = calendar.first.year, calendar.date(calendar.days - 1).year
    result: dict[int, list[int]] = {}
    for year in range(first, last + 1):
        start = calendar.day_of(dt.date(year, 1, 1))
        end = calendar.day_of(dt.date(year + 1, 1, 1))
        inside = [int(day) for day in calendar.working_days if start <= day < end]
        before = [
            day for day in range(start, min(0, end)) if calendar.date(day).weekday() < 5
        ]  # not simulated: no holidays needed
        result[year] = before + inside
    return result


def weekly_study(study: Study, turn: int, calendar: WorkingCalendar) -> np.ndarray:
    """The weekly study of one person, (n, 2) s.

    `turn` is the person's place in the row: staggered, people take the slots in turn. Where the slot's day
    is not worked, study is on the next worked day of that week, else in the week before the week's end it
    falls out.
    """
    if study.weekly_hours == 0:
        return _spans([])
    slot = study.slots[turn % len(study.slots) if study.staggered else 0]
    start, length = clock_s(slot.at), round(study.weekly_hours * 3600)
    wanted = WEEKDAYS.index(slot.weekday)
    monday = -calendar.first.weekday()
    spans = []
    for week in range(monday, calendar.days, 7):
        days = [day for day in range(max(week, 0), min(week + 7, calendar.days)) if calendar.working[day]]
        later = [day for day in days if day >= week + wanted] or days[-1:]
        if later and (wanted_day := later[0]) is not None:
            spans.append((wanted_day * DAY_S + start, wanted_day * DAY_S + start + length))
    return _spans(spans)


def gatherings(times_a_year: int, hours: float, calendar: WorkingCalendar) -> np.ndarray:
    """Lectures and the like: everybody, evenly over the year, at the end of a working day, (n, 2) s."""
    spans = []
    closing = {int(end) // DAY_S: int(end) for _, end in calendar.open_spans() - np.array([0, 1])}
    for year in range(calendar.first.year, calendar.date(calendar.days - 1).year + 1):
        start, end = calendar.day_of(dt.date(year, 1, 1)), calendar.day_of(dt.date(year + 1, 1, 1))
        for number in range(times_a_year):
            about = start + (2 * number + 1) * (end - start) // (2 * times_a_year)
            day = next((day for day in range(max(about, 0), min(end, calendar.days)) if day in closing), None)
            if day is not None and about >= 0:
                spans.append((closing[day] + 1 - round(hours * 3600), closing[day] + 1))
    return _spans(spans)


def standing_duties(scenario: Scenario, role: str, calendar: WorkingCalendar) -> np.ndarray:
    """The weekly hours of patrol and the like of a role, (n, 2) s."""
    mine = [calendar.open_spans(duty.week) for duty in scenario.duties.values() if role in duty.roles]
    return union(np.concatenate(mine)) if mine else _spans([])


def training_spans(
    scenario: Scenario, person: str, role: str, calendar: WorkingCalendar, streams: Streams
) -> np.ndarray:
    """Whole days of tiered training of a person, (n, 2) s."""
    mine = [
        leave_spans(person, tier.days_a_year, calendar, streams, f"training {name}")
        for name, tier in scenario.training.items()
        if role in tier.roles and tier.days_a_year
    ]
    return union(np.concatenate(mine)) if mine else _spans([])


def _spans(spans: list[tuple[int, int]]) -> np.ndarray:
    return union(np.array(spans, dtype=np.int64).reshape(-1, 2))
