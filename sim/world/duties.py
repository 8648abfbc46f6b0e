"""Time off service: leave, weekly study, lectures, integrity education, training, standing duties."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sim.scenario.calendar import WorkingCalendar, union, without
from sim.scenario.other_work import Duty, Study
from sim.scenario.schema import Scenario
from sim.scenario.time import DAY_S, WEEKDAYS, Weekday, clock_s

from .spans import common
from .streams import Streams

Week = tuple[tuple[Weekday, tuple[str, ...]], ...]  # weekly hours as items, since a key must not change
Standing = tuple[Week, int, int]  # hours of a standing duty, its period in weeks, its first week
WEEK_DAYS = 5  # leave and training are taken in blocks of a working week
_NONE = np.empty((0, 2), np.int64)


def leave_days(
    days_a_year: Mapping[str, int],
    calendar: WorkingCalendar,
    streams: Streams,
    purpose: str = "leave",
    months: tuple[int, ...] = (),
) -> dict[str, list[int]]:
    """Draw whole days off, in blocks of up to five working days at random places in each year; by person.

    `days_a_year` is how many each person has. With `months`, only blocks that begin in one of them are taken,
    in the same random order. Returns numbers of days, unordered; in a year cut by the horizon, some lie
    outside it.
    """
    days: dict[str, list[int]] = {person: [] for person in days_a_year}
    people = [person for person, count in days_a_year.items() if count]
    for year, weeks in _weeks(calendar).items():
        orders = streams.orders([(purpose, person, year) for person in people], len(weeks))
        for person, order in zip(people, orders.tolist(), strict=True):
            own, left = days[person], days_a_year[person]
            for week in order:
                if months and calendar.date(weeks[week][0]).month not in months:
                    continue
                own += weeks[week][:left]
                left -= len(weeks[week])
                if left <= 0:
                    break
    return days


@lru_cache(maxsize=4)  # the same for everybody on leave
def _weeks(calendar: WorkingCalendar) -> dict[str, list[list[int]]]:
    """Return the working days of every whole year that the horizon touches, in blocks of five.

    They are numbers of days, and may lie before day 0.
    """
    result: dict[str, list[list[int]]] = {}
    for year, start, end in calendar.years():
        from_, to = np.searchsorted(calendar.working_days, (start, end))
        before = [
            day for day in range(start, min(0, end)) if calendar.date(day).weekday() < 5
        ]  # not simulated: no holidays needed
        days = before + calendar.working_days[from_:to].tolist()
        result[str(year)] = [days[block : block + WEEK_DAYS] for block in range(0, len(days), WEEK_DAYS)]
    return result


def training_days(
    scenario: Scenario, role: Mapping[str, str], calendar: WorkingCalendar, streams: Streams
) -> dict[str, list[int]]:
    """Draw the whole days of tiered training, as numbers of days, of which some may occur twice; by person.

    `role` is that of each person.
    """
    days: dict[str, list[int]] = {person: [] for person in role}
    for name, tier in scenario.training.items():
        asked = {person: tier.days_a_year for person, own in role.items() if own in tier.roles}
        for person, more in leave_days(asked, calendar, streams, f"training {name}", tier.months).items():
            days[person] += more
    return days


def slot_of(study: Study, turn: int) -> int:
    """Return a person's slot of the weekly study: staggered, people take the slots in turn."""
    return turn % len(study.slots) if study.staggered and study.slots else 0


def weekly_study(study: Study, slot: int, calendar: WorkingCalendar) -> np.ndarray:
    """Return the weekly study of the people of one slot, (n, 2) s.

    If the slot's day is not worked, study is on the next worked day of that week, else on the last one before
    it. A week without a worked day has no study.
    """
    length = round(study.weekly_hours * 3600)
    if length == 0:
        return _NONE
    start = clock_s(study.slots[slot].at)
    wanted = WEEKDAYS.index(study.slots[slot].weekday)
    days = np.flatnonzero(calendar.working[: calendar.days])
    week, weekday = np.divmod(days + calendar.first.weekday(), 7)
    order = np.lexsort((np.where(weekday >= wanted, weekday, 14 - weekday), week))
    # The row of a week's first day, in order, is also that of the day chosen for it.
    begin = days[order[np.diff(week, prepend=-1) > 0]] * DAY_S + start
    return union(np.column_stack((begin, begin + length)))


def gatherings(times_a_year: int, hours: float, calendar: WorkingCalendar) -> np.ndarray:
    """Return lectures and the like: evenly over the year, at the end of a working day, (n, 2) s."""
    closing = {(end - 1) // DAY_S: end for end in calendar.open_spans()[:, 1].tolist()}
    days, length = list(closing), round(hours * 3600)
    spans = []
    for _, start, end in calendar.years():
        for number in range(times_a_year):
            about = start + (2 * number + 1) * (end - start) // (2 * times_a_year)
            next_ = bisect_left(days, about)
            if about >= 0 and next_ < len(days) and days[next_] < end:
                spans.append((closing[days[next_]] - length, closing[days[next_]]))
    return union(np.array(spans, np.int64).reshape(-1, 2))


def writing_day_of(study: Study, turn: int) -> int:
    """Return on which of five working days a person writes the quarterly article; people take turns."""
    return turn % WEEK_DAYS if study.article_hours_a_quarter > 0 else 0


def articles(study: Study, writing_day: int, calendar: WorkingCalendar) -> np.ndarray:
    """Return the hours of writing the quarterly article, (n, 2) s.

    They are in the quarter's last month, at the end of a working day, one sitting in five working days.
    """
    if study.article_hours_a_quarter == 0:
        return _NONE
    closing = {(end - 1) // DAY_S: end for end in calendar.open_spans()[:, 1].tolist()}
    days, length = np.array(list(closing), np.int64), round(study.article_session_hours * 3600)
    whole, rest = divmod(round(study.article_hours_a_quarter * 3600), length)
    sittings = [length] * whole + [rest] * (rest > 0)
    spans = []
    for _, year_start, _ in calendar.years():
        for _, start in calendar.month_starts(year_start)[2::3]:
            first = int(np.searchsorted(days, start)) + writing_day
            # Nobody writes in a quarter whose last month begins before the horizon.
            own = days[first::WEEK_DAYS][: len(sittings)].tolist() if start >= 0 else []
            spans += [
                (closing[day] - seconds, closing[day]) for day, seconds in zip(own, sittings, strict=False)
            ]
    return union(np.array(spans, np.int64).reshape(-1, 2))


def standing_duties(scenario: Scenario, unit: str, role: str) -> tuple[Standing, ...]:
    """Return the standing duties of a role in a unit, such as patrol."""
    return tuple(
        (tuple(duty.week.items()), duty.every_weeks, duty.first_week)
        for duty in scenario.duties.values()
        if duty.is_of(unit, role)
    )


def duty_hours(scenario: Scenario, calendar: WorkingCalendar) -> tuple[np.ndarray, np.ndarray]:
    """Return the hours of duties that may be cut over those of service, and their share of all, (units,).

    Hours are as the week has them, without leave and training. Who has a roster has no standing duties.
    """
    units, totals = list(scenario.units), np.zeros((3, len(scenario.units)))
    for group in scenario.staff.values():
        if group.roster is not None or not group.count:
            continue
        week = None if group.week is None else tuple(group.week.items())
        own = [duty for duty in scenario.duties.values() if duty.is_of(group.unit, group.role)]
        standing = standing_duties(scenario, group.unit, group.role)
        hours = routine(calendar, week, scenario.study, 0, standing, share=group.share)
        away = hours.uses["duty"].spans
        kept = [at_duty(duty, away, calendar) for duty in own if not duty.can_be_cut]
        cut = without(away, union(np.concatenate([_NONE, *kept])))
        spent = [float((spans[:, 1] - spans[:, 0]).sum()) for spans in (cut, away, hours.service.spans)]
        totals[:, units.index(group.unit)] += group.count * np.array(spent)
    cut_s, away_s, service_s = totals
    return (
        np.divide(cut_s, service_s, out=np.zeros(len(units)), where=service_s > 0),
        np.divide(cut_s, away_s, out=np.ones(len(units)), where=away_s > 0),
    )


def at_duty(duty: Duty, away: np.ndarray, calendar: WorkingCalendar) -> np.ndarray:
    """Return the part of a person's standing duties `away`, (n, 2) s, that is this duty, (m, 2) s."""
    planned = on_duty((tuple(duty.week.items()), duty.every_weeks, duty.first_week), calendar)
    return common(planned, away)


@lru_cache(maxsize=256)  # the same for all who have it
def on_duty(standing: Standing, calendar: WorkingCalendar) -> np.ndarray:
    """Return the hours of a standing duty, (n, 2) s; weeks begin on Mondays and count from that of day 0."""
    week, every, first = standing
    spans = calendar.open_spans(dict(week))
    if every == 1 and first == 1:
        return spans
    weeks = (spans[:, 0] // DAY_S + calendar.first.weekday()) // 7 + 1 - first
    return spans[(weeks >= 0) & (weeks % every == 0)]


@dataclass(frozen=True)
class Routine:
    """The days present of people with the same hours, study and role.

    hours : their office hours. uses : the part for study and for standing duties outside study, by name.
    service : the rest.
    """

    hours: ByDay
    uses: dict[str, ByDay]
    service: ByDay

    def around(
        self, leave: list[int], training: list[int], days: int
    ) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Return spans of service, and spans away by use, of a person with these days off, (n, 2) s each.

        `days` is the length of the horizon. Leave replaces training, and both replace everything else.
        """
        on_leave, off = np.zeros(days, bool), np.zeros(days, bool)
        on_leave[[day for day in leave if 0 <= day < days]] = True
        off[[day for day in training if 0 <= day < days]] = True
        away = {"leave": self.hours.on(on_leave), "training": self.hours.on(off & ~on_leave)}
        present = ~(off | on_leave)
        away |= {use: spans.on(present) for use, spans in self.uses.items()}
        return self.service.on(present), away


@dataclass(frozen=True)
class ByDay:
    """Sorted disjoint spans (n, 2) s, cut at every midnight; the day of each; whether any two adjoin."""

    spans: np.ndarray
    day: np.ndarray
    meet: bool

    @classmethod
    def of(cls, spans: np.ndarray) -> ByDay:
        first = spans[:, 0] // DAY_S
        touched = (spans[:, 1] - 1) // DAY_S - first + 1
        begins = np.repeat(np.cumsum(touched) - touched, touched)
        day = np.repeat(first, touched) + np.arange(len(begins)) - begins
        midnight = day * DAY_S
        whole = np.repeat(spans, touched, axis=0)
        cut = np.column_stack((np.maximum(whole[:, 0], midnight), np.minimum(whole[:, 1], midnight + DAY_S)))
        return cls(cut, day, bool((cut[1:, 0] == cut[:-1, 1]).any()))

    def on(self, days: np.ndarray) -> np.ndarray:
        """Return the spans of the chosen days, bool (days,), adjoining ones joined."""
        chosen = self.spans.compress(days[self.day], axis=0)
        return union(chosen) if self.meet else chosen


@lru_cache(maxsize=256)  # the same for many people, and in every replication
def routine(
    calendar: WorkingCalendar,
    week: Week | None,
    study: Study | None,
    slot: int,
    standing: tuple[Standing, ...],
    writing_day: int = 0,
    share: float = 1.0,
) -> Routine:
    """Return the routine for office hours `week` (None: the calendar's), study slot, duties, writing day, and
    the share of a full post."""
    hours = service = office_hours(calendar, week, share)
    wanted = {}
    if study is not None:
        wanted["study"] = part_of(studied(study, slot, calendar, writing_day), hours, share)
    wanted["duty"] = union(np.concatenate([_NONE, *(on_duty(duty, calendar) for duty in standing)]))
    uses = {}
    for use, spans in wanted.items():
        uses[use] = ByDay.of(common(service, spans))
        service = without(service, spans)
    return Routine(_by_day(calendar, week, share), uses, ByDay.of(service))


@lru_cache(maxsize=256)  # the same for many routines
def _by_day(calendar: WorkingCalendar, week: Week | None, share: float) -> ByDay:
    return ByDay.of(office_hours(calendar, week, share))


@lru_cache(maxsize=256)  # the same for many people
def office_hours(calendar: WorkingCalendar, week: Week | None, share: float) -> np.ndarray:
    """Return the hours of a post, (n, 2) s: its own `week`, else the first `share` of each office day."""
    if week is not None:
        return calendar.open_spans(dict(week))
    spans = calendar.open_spans()
    if share == 1:
        return spans
    by_day = ByDay.of(spans)
    length = by_day.spans[:, 1] - by_day.spans[:, 0]
    of_day = np.bincount(by_day.day, length)
    before = np.cumsum(length) - length - (np.cumsum(of_day) - of_day)[by_day.day]  # on the same day
    kept = np.clip(np.rint(share * of_day)[by_day.day].astype(np.int64) - before.astype(np.int64), 0, length)
    begin = by_day.spans[:, 0]
    return union(np.column_stack((begin, begin + kept))[kept > 0])


def part_of(owed: np.ndarray, hours: np.ndarray, share: float) -> np.ndarray:
    """Return the part of what a full post owes, (n, 2) s, that a part of one does in its own `hours`.

    Each sitting is that much shorter. It ends when the post's day does, if it would end later; who is not
    there on that day leaves it out.
    """
    if share == 1 or not len(owed):
        return owed
    by_day = ByDay.of(hours)
    closing = np.zeros(max(by_day.day.max(initial=0), owed[-1, 0] // DAY_S) + 1, np.int64)
    np.maximum.at(closing, by_day.day, by_day.spans[:, 1])
    closes = closing[owed[:, 0] // DAY_S]
    end = np.minimum(owed[:, 1], closes)
    length = np.rint(share * (owed[:, 1] - owed[:, 0])).astype(np.int64)
    return union(np.column_stack((end - length, end))[closes > 0])


@lru_cache(maxsize=64)
def studied(study: Study, slot: int, calendar: WorkingCalendar, writing_day: int = 0) -> np.ndarray:
    """Return weekly study of one slot, lectures, integrity education and the article, (n, 2) s."""
    lectures = gatherings(study.lectures_a_year, study.lecture_hours, calendar)
    integrity = gatherings(study.integrity_sessions_a_year, study.integrity_hours, calendar)
    weekly, article = weekly_study(study, slot, calendar), articles(study, writing_day, calendar)
    return union(np.concatenate((weekly, lectures, integrity, article)))
