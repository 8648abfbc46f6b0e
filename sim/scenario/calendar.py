"""Compute the working calendar: working days and opening hours.

Days are counted from 0, the first day of the clock; times are whole seconds from its midnight. Public
holidays and make-up working days come from the library ``holidays``.

China announces its make-up working days for one year at a time, in the November before. With ``make_up_days:
true`` every year of the horizon must have been announced; with ``where_known`` a later year has its statutory
holidays only: no weekend is worked, and no weekday is off in its place, so the number of working days is
about that of an announced year.
"""

from __future__ import annotations

import datetime as dt
import math
from calendar import monthrange
from collections.abc import Iterator
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from .errors import InputError
from .part import given
from .schema import Scenario
from .time import DAY_S, WEEKDAYS, Calendar, span_s

AFTER_DAYS = 800  # days kept beyond the horizon, for time limits that run out after it; more where they do
CLOCK_DAYS = (2**31 - 2) // DAY_S  # the executors' clock ends after 68 years
_NO_SPANS = np.empty((0, 2), np.int64)
_REPLACED_BY = {5: 4, 6: 0}  # a make-up Saturday is worked like a Friday, a Sunday like a Monday


class WorkingCalendar:
    """Working days and office hours of one scenario.

    Attributes
    ----------
    rules : what it was made from. first : the date of day 0.
    days : number of days of the horizon; the arrays go `after` days further.
    working : bool (days,), whether the day is worked.
    weekday : int (days,), 0 = Monday; on make-up days, of the weekday that is worked.
    count : int (days,), working days up to and including each day.
    working_days : int, the days that are worked, in order.
    ends_s : int64 (days,), when a time limit that ends with the day runs out, seconds.
    anchor : a date on which a year begins: yearly amounts are of the years from it on, and before it.
    """

    def __init__(
        self,
        calendar: Calendar,
        first: dt.date,
        days: int,
        after: int = AFTER_DAYS,
        anchor: dt.date | None = None,
    ) -> None:
        self.first = first
        self.anchor = anchor or dt.date(first.year, 1, 1)
        self.days = days
        total = days + after
        off, made_up = _public_days(calendar, first, self.date(days - 1), self.date(total - 1))
        weekday = (first.weekday() + np.arange(total)) % 7
        regular = [bool(calendar.week.get(day)) for day in WEEKDAYS]
        working = np.array(regular)[weekday]
        for date in off.union(made_up, calendar.closed, calendar.open):
            day = self.day_of(date)
            if not 0 <= day < total:
                continue
            opened = date in calendar.open  # a public holiday, too
            if date in calendar.closed or (date in off and not opened):
                working[day] = False
            elif not working[day] and (opened or (calendar.make_up_days and date in made_up)):
                working[day] = True
                replaced = _REPLACED_BY.get(int(weekday[day]), int(weekday[day]))
                weekday[day] = replaced if regular[replaced] else regular.index(True)
        if not working[:days].any():
            raise InputError(
                "no day of the horizon is worked",
                path="calendar",
                remedy="Check 'week', 'closed' and the horizon",
            )
        self.working = working
        self.weekday = weekday
        self.count = np.cumsum(working)
        self.working_days = np.flatnonzero(working)
        self.ends_s = np.arange(total) * DAY_S + np.where(working, _hours_end_s(calendar)[weekday], DAY_S)
        self.rules = calendar

    def reaching(self, more: int) -> WorkingCalendar:
        """The same calendar, made so far that at least `more` working days follow the horizon, or up to the
        end of the clock if that is earlier."""
        reach, after = self, len(self.working) - self.days
        while reach.count[-1] - reach.count[self.days - 1] < more and self.days + after < CLOCK_DAYS:
            after = min(2 * after, CLOCK_DAYS - self.days)
            reach = self._of_days(self.first, self.days, after, self.anchor)
        return reach

    def whole_year(self, start: int, end: int) -> WorkingCalendar:
        """The same calendar over a year that begins on day `start`, up to day `end`."""
        return self._of_days(self.date(start), end - start, AFTER_DAYS, None)

    def _of_days(self, first: dt.date, days: int, after: int, anchor: dt.date | None) -> WorkingCalendar:
        return _calendar(self.rules.model_dump_json(), first, days, after, anchor)

    def since(self, day: int) -> WorkingCalendar:
        """The same calendar made from an earlier day, at most 0, on; it ends with the same day."""
        if day == 0:
            return self
        after = len(self.working) - self.days
        return self._of_days(self.date(day), self.days - day, after, self.anchor)

    def date(self, day: int) -> dt.date:
        return self.first + dt.timedelta(days=int(day))

    def day_of(self, date: dt.date) -> int:
        return (date - self.first).days

    def years(self) -> Iterator[tuple[int, int, int]]:
        """The years that the horizon touches: the calendar year in which each begins, by which it is called,
        its first day, and the first of the next. The first year may begin before day 0."""
        number = self.first.year - self.anchor.year - 1
        end = self.day_of(_years_later(self.anchor, number))
        while end < self.days:
            start, number = end, number + 1
            end = self.day_of(_years_later(self.anchor, number))
            if end > 0:
                yield self.date(start).year, start, end

    def month_starts(self, start: int) -> list[tuple[int, int]]:
        """The twelve months of the year that begins on day `start`: the number 1 … 12 of the calendar month
        in which each begins, and the day on which it does.

        They run from the day of the month on which the year begins, or the month's last.
        """
        first, found = self.date(start), []
        for later in range(12):
            years, month = divmod(first.month - 1 + later, 12)
            date = _in_month(first.year + years, month + 1, first.day)
            found.append((month + 1, self.day_of(date)))
        return found

    @cached_property
    def clock_hours(self) -> np.ndarray | None:
        """How often each hour of the clock comes on each day, int (days, 24).

        0 where summer time begins, 2 where it ends, else 1. None where the horizon has no such day, and
        without a time zone.
        """
        if self.rules.time_zone is None:
            return None
        zone, found = ZoneInfo(self.rules.time_zone), np.ones((self.days, 24), np.int64)
        midnights = [dt.datetime.combine(self.date(day), dt.time(), zone) for day in range(self.days + 1)]
        offsets = [midnight.utcoffset() for midnight in midnights]
        for day in range(self.days):
            if offsets[day] == offsets[day + 1]:
                continue
            for hour in range(24):
                first, second = (
                    dt.datetime.combine(self.date(day), dt.time(hour, fold=fold), zone) for fold in (0, 1)
                )
                if first.utcoffset() != second.utcoffset():
                    exists = first.astimezone(dt.UTC).astimezone(zone).hour == hour
                    found[day, hour] = 2 if exists else 0
        return found if (found != 1).any() else None

    @cached_property
    def left_out(self) -> np.ndarray:
        """The hours of the clock that summer time leaves out, int64 (n, 2) s."""
        if self.clock_hours is None:
            return _NO_SPANS
        begins = 3600 * np.flatnonzero(self.clock_hours.ravel() == 0)
        return np.column_stack((begins, begins + 3600))

    def open_spans(self, week: dict[str, tuple[str, ...]] | None = None) -> np.ndarray:
        """Return `hours_by_the_clock` without the hours that summer time leaves out."""
        return self._open if week is None else without(self.hours_by_the_clock(week), self.left_out)

    @cached_property
    def _open(self) -> np.ndarray:
        return without(self.hours_by_the_clock(), self.left_out)

    def hours_by_the_clock(self, week: dict[str, tuple[str, ...]] | None = None) -> np.ndarray:
        """Return `shifts`, adjoining ones joined."""
        return union(self.shifts(week))

    def shifts(self, week: dict[str, tuple[str, ...]] | None = None) -> np.ndarray:
        """Return the shifts as they are written, int64 (n, 2), seconds, half-open, in order of their begin.

        `week` gives other weekly hours than the office's; they begin on worked days only, and a night shift
        goes on into a day off. The horizon's days are covered, not those after it.
        """
        hours, days = self.rules.week if week is None else week, np.flatnonzero(self.working[: self.days])
        spans = [
            (days[self.weekday[days] == number] * DAY_S)[:, None] + span_s(text)
            for number, weekday in enumerate(WEEKDAYS)
            for text in hours.get(weekday, ())
        ]
        if not spans:
            return _NO_SPANS
        all_days = np.concatenate(spans)
        return np.minimum(all_days[np.argsort(all_days[:, 0], kind="stable")], self.days * DAY_S)


def _hours_end_s(calendar: Calendar) -> np.ndarray:
    """Return when the last day of a time limit ends, by weekday, int64 (7,) seconds since its midnight."""
    if calendar.last_day_ends == "midnight":
        return np.full(len(WEEKDAYS), DAY_S)
    ends = [max((span_s(text)[1] for text in calendar.week.get(day, ())), default=DAY_S) for day in WEEKDAYS]
    return np.minimum(ends, DAY_S)  # a night shift does not prolong the day


def union(spans: np.ndarray) -> np.ndarray:
    """Return sorted disjoint spans covering the same seconds as `spans` (n, 2), none of them empty."""
    spans = spans[spans[:, 0] < spans[:, 1]]
    if len(spans) == 0:
        return spans.reshape(0, 2)
    spans = spans[np.lexsort((spans[:, 1], spans[:, 0]))]
    reach = np.maximum.accumulate(spans[:, 1])
    begins = np.ones(len(spans) + 1, bool)
    begins[1:-1] = spans[1:, 0] > reach[:-1]
    return np.column_stack((spans[begins[:-1], 0], reach[begins[1:]]))


def without(spans: np.ndarray, removed: np.ndarray) -> np.ndarray:
    """Return the seconds of `spans` that are not in `removed`; both sorted and disjoint, (n, 2)."""
    if len(removed) == 0 or len(spans) == 0:
        return spans
    edges = np.sort(np.concatenate((spans, removed)), axis=None)
    begin, end = edges[:-1], edges[1:]
    kept = (begin < end) & covered(spans, begin) & ~covered(removed, begin)
    begin, end = begin[kept], end[kept]
    apart = np.ones(len(begin) + 1, bool)  # pieces that adjoin are one
    apart[1:-1] = begin[1:] != end[:-1]
    return np.column_stack((begin[apart[:-1]], end[apart[1:]]))


def covered(spans: np.ndarray, moments: np.ndarray) -> np.ndarray:
    """Return whether each of `moments` (s) lies in one of the sorted disjoint `spans`."""
    passed = spans.ravel().searchsorted(moments, side="right")  # beginnings and ends up to each moment
    return passed % 2 == 1


def calendar_of(scenario: Scenario) -> WorkingCalendar:
    """The calendar over a scenario's horizon, warm-up included, and as far beyond it as its time limits run;
    one object for equal rules, horizons and reach.

    Raises InputError for a time limit that runs out after the end of the clock.
    """
    start = None if scenario.horizon.years is None else scenario.horizon.start.date()
    calendar = _calendar(scenario.calendar.model_dump_json(), *span_of(scenario), AFTER_DAYS, start)
    for kind, part in scenario.kinds.items():
        for name, limit in part.every_limit.items():
            days = math.ceil(limit.amount / _PER_DAY.get(limit.per, 1)) + 1
            calendar = calendar.reaching(days)
            reach = len(calendar.working) - calendar.days
            after = calendar.count[-1] - calendar.count[calendar.days - 1]
            if days > (after if limit.per == "working_days" else reach):
                amount = f"{limit.amount:,g} {limit.per.replace('_', ' ')}"
                raise InputError(
                    f"{amount} from the end of the horizon run out after the end of the clock, "
                    f"{calendar.date(len(calendar.working) - 1)}",
                    path=f"kinds.{kind}.{name}.amount",
                    remedy="Shorten it, or leave the limit out",
                )
    return calendar


_PER_DAY = {"minutes": 1440, "hours": 24}


@lru_cache(maxsize=32)
def _calendar(rules: str, first: dt.date, days: int, after: int, anchor: dt.date | None) -> WorkingCalendar:
    return WorkingCalendar(Calendar.model_validate_json(rules), first, days, after, anchor)


def span_of(scenario: Scenario) -> tuple[dt.date, int]:
    """Return the date of day 0 and the number of days simulated."""
    horizon = scenario.horizon
    first = horizon.start.date() - dt.timedelta(days=horizon.warm_up_days)
    if horizon.minutes is not None:
        end = horizon.start + dt.timedelta(minutes=horizon.minutes)
        return first, -(
            (dt.datetime.combine(first, dt.time()) - end) // dt.timedelta(days=1)
        )  # a begun day counts
    assert horizon.years is not None  # one of the two is given
    return first, (_years_later(horizon.start.date(), horizon.years) - first).days


def horizon_s(scenario: Scenario) -> tuple[int, int]:
    """Return the simulated span, from and to, in seconds since midnight of day 0."""
    horizon = scenario.horizon
    if horizon.years is not None:
        return 0, year_starts(scenario)[-1] * DAY_S
    begin_s = horizon.start.hour * 3600 + horizon.start.minute * 60 + horizon.start.second
    return begin_s, begin_s + round(given(horizon.minutes) * 60)


def year_starts(scenario: Scenario) -> list[int]:
    """The day on which each assessment year starts, and last the day after the last year. Empty for a
    stretch of minutes."""
    horizon = scenario.horizon
    if horizon.years is None:
        return []
    first, _ = span_of(scenario)
    return [(_years_later(horizon.start.date(), year) - first).days for year in range(horizon.years + 1)]


def _years_later(date: dt.date, years: int) -> dt.date:
    return _in_month(date.year + years, date.month, date.day)


def _in_month(year: int, month: int, day: int) -> dt.date:
    """Return the given day of a month, or the month's last day if it is shorter."""
    return dt.date(year, month, min(day, monthrange(year, month)[1]))


def _public_days(
    calendar: Calendar, first: dt.date, last: dt.date, end: dt.date
) -> tuple[set[dt.date], set[dt.date]]:
    """Return public holidays and make-up working days of the country, over the whole span."""
    if calendar.country == "none":
        return set(), set()
    off, made_up = _of_country(calendar.country, first.year, end.year)
    unknown = unannounced(calendar, first, last)
    if unknown and calendar.make_up_days is True:
        raise InputError(
            f"the make-up working days of {unknown[0]} are not known",
            path="calendar.make_up_days",
            remedy=f"{_other_years(unknown[0])}, or set make_up_days: where_known (years not yet announced "
            "have their statutory holidays only) or false (no weekend is worked in any year)",
        )
    return set(off), set(made_up)


def unannounced(calendar: Calendar, first: dt.date, last: dt.date) -> list[int]:
    """Return the years from `first` to `last` whose make-up days are required but unknown."""
    if calendar.country != "CN" or not calendar.make_up_days:
        return []
    _, made_up = _of_country(calendar.country, first.year, last.year)
    known = {date.year for date in made_up}
    return [year for year in range(first.year, last.year + 1) if year not in known]


def _other_years(unknown: int) -> str:
    """Return the range of the known years."""
    _, made_up = _of_country("CN", unknown - 30, unknown)
    before = [date.year for date in made_up if date.year < unknown]
    return f"Let the horizon end by {max(before)}" if before else "Start later"


@lru_cache(maxsize=32)
def _of_country(
    country: str, first_year: int, last_year: int
) -> tuple[frozenset[dt.date], frozenset[dt.date]]:
    import holidays  # half a second: only where a country's holidays are asked for

    public = holidays.country_holidays(country, years=range(first_year - 1, last_year + 2))
    return frozenset(public), frozenset(getattr(public, "weekend_workdays", ()))
