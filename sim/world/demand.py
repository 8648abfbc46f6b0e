"""Arrivals: a non-homogeneous Poisson process for each unit and kind, or a table that replaces it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from sim.scenario.calendar import WorkingCalendar
from sim.scenario.errors import InputError
from sim.scenario.request_tables import read_rates, read_replay
from sim.scenario.schema import Scenario
from sim.scenario.service import Demand, Profile
from sim.scenario.time import DAY_S, WEEKDAYS, span_s

from .streams import Streams

HOUR_S = 3600
EARLIER_DAYS = 31  # before day 0, within which a holiday is looked for that has just ended


@dataclass(frozen=True)
class Intensity:
    """The expected number of requests.

    slot : (slots,), which they are, counted from second 0. rate : (slots,), per hour. cumulative :
    (slots + 1,), its integral. slot_s : seconds of a slot, an hour or a quarter of one.
    """

    slot: np.ndarray
    rate: np.ndarray
    cumulative: np.ndarray
    slot_s: int = HOUR_S

    @classmethod
    def of(cls, rate: np.ndarray, slot_s: int = HOUR_S, slot: np.ndarray | None = None) -> Intensity:
        """Return the intensity of these rates, of all slots from second 0 if it is not said of which."""
        cumulative = np.zeros(len(rate) + 1)
        np.cumsum(rate * (slot_s / HOUR_S), out=cumulative[1:])
        return cls(np.arange(len(rate)) if slot is None else slot, rate, cumulative, slot_s)

    @cached_property
    def busy(self) -> Intensity:
        """The same without the slots in which nobody comes."""
        own = np.flatnonzero(self.rate)
        return Intensity(self.slot[own], self.rate[own], self.cumulative[np.append(own, -1)], self.slot_s)

    def times(self, factor: float) -> Intensity:
        """Return `factor` times this intensity."""
        return Intensity(self.slot, self.rate * factor, self.cumulative * factor, self.slot_s)

    def by_days(self, factors: np.ndarray) -> Intensity:
        """Return this intensity times the factor of each day."""
        of_slot = factors.take(self.slot // (DAY_S // self.slot_s))
        return Intensity.of(self.rate * of_slot, self.slot_s, self.slot)

    @property
    def hourly(self) -> np.ndarray:
        """The requests of each hour, (hours,)."""
        return self.rate.reshape(-1, HOUR_S // self.slot_s).mean(axis=1)


def arrivals(
    scenario: Scenario, calendar: WorkingCalendar, begin_s: int, end_s: int, streams: Streams
) -> dict[tuple[str, str], np.ndarray]:
    """Draw the arrivals of each kind and unit within [begin_s, end_s), int64 seconds in order.

    A request's place in its array is its number, which keys every later draw.
    """
    drawn: dict[tuple[str, str], np.ndarray] = {}
    for kind, demand in scenario.demand.items():
        for unit, of_one, factor in _curves(scenario, demand, calendar):
            expected = of_one.busy.times(factor)
            if demand.dispersion > 0:
                days = _day_factors(demand.dispersion, calendar.days, streams("day factor", unit, kind))
                expected = expected.by_days(days)
            drawn[kind, unit] = poisson_times(expected, begin_s, end_s, streams("arrivals", unit, kind))
    return drawn


def poisson_times(expected: Intensity, begin_s: int, end_s: int, stream: np.random.Generator) -> np.ndarray:
    """Draw arrival times in whole seconds by inversion of the cumulative rate, which is exact slot by slot.

    Çinlar 1975: a Poisson process of rate 1, its time transformed by the inverse of the cumulative rate.
    """
    cumulative = expected.cumulative
    start, end = (_integral(expected, moment) for moment in (begin_s, end_s))
    count = int(end - start + 6 * np.sqrt(end - start) + 20)
    clock = start + np.cumsum(stream.standard_exponential(count))
    while clock[-1] < end:
        clock = np.concatenate((clock, clock[-1] + np.cumsum(stream.standard_exponential(count))))
    clock = clock[: np.searchsorted(clock, end)]
    place = np.searchsorted(cumulative, clock, side="right") - 1
    begins_s = expected.slot.take(place) * expected.slot_s
    seconds = begins_s + (clock - cumulative.take(place)) / expected.rate.take(place) * HOUR_S
    return np.minimum(np.floor(seconds).astype(np.int64), end_s - 1)


def _integral(expected: Intensity, moment: int) -> float:
    """Return the requests expected up to a moment."""
    slot, rest = divmod(moment, expected.slot_s)
    place = expected.slot.searchsorted(slot)
    begun = expected.rate[place] * rest / HOUR_S if rest and slot in expected.slot[place : place + 1] else 0.0
    return float(expected.cumulative[place] + begun)


def expected_requests(
    scenario: Scenario, calendar: WorkingCalendar, begin_s: int, end_s: int
) -> dict[tuple[str, str], float]:
    """Return the expected number of requests of each kind and unit within [begin_s, end_s)."""
    return {
        (kind, unit): factor * (_integral(of_one, end_s) - _integral(of_one, begin_s))
        for kind, demand in scenario.demand.items()
        for unit, of_one, factor in _curves(scenario, demand, calendar)
    }


def intensities(
    scenario: Scenario, demand: Demand, calendar: WorkingCalendar
) -> Iterator[tuple[str, Intensity]]:
    """Yield the intensity of one kind at each unit; one at a time, as they are long."""
    for unit, of_one, factor in _curves(scenario, demand, calendar):
        yield unit, of_one.times(factor)


def _curves(
    scenario: Scenario, demand: Demand, calendar: WorkingCalendar
) -> Iterator[tuple[str, Intensity, float]]:
    """Yield each unit with requests of one kind; its intensity is the curve times the factor."""
    if demand.rates is not None:
        weekly = read_rates(scenario.folder / demand.rates, scenario)
        worked = calendar.working[: calendar.days]
        weekday = calendar.weekday[: calendar.days]
        for unit, table in weekly.items():
            rate = table[weekday] * worked[:, None] * demand.scale
            yield unit, Intensity.of(_by_real_hours(rate, calendar).ravel(), DAY_S // table.shape[1]), 1.0
        return
    profile = scenario.profiles[demand.profile] if demand.profile else Profile(while_open=False)
    try:
        of_one = _of_one(profile.model_dump_json(), demand.per, calendar)
    except _NobodyComes as error:
        path = f"profiles.{demand.profile}" if demand.profile else "calendar"
        remedy = "Give a weight to a month, weekday and hour in which the office is open"
        raise InputError(
            f"nobody can come in {error}: no worked day has a weight", path=path, remedy=remedy
        ) from None
    for unit, volume in demand.volumes.items():
        if volume * demand.scale > 0:
            yield unit, of_one, volume * demand.scale


class _NobodyComes(Exception):
    """A profile lets nobody come, so that no volume can be spread."""


@lru_cache(maxsize=64)  # the same for all kinds of this profile, and in every replication
def _of_one(profile: str, per: str, calendar: WorkingCalendar) -> Intensity:
    """Return the intensity for one request per year, day or hour (`per`); `profile` is JSON.

    A day is one on which people come, by its weekday. Where people follow the opening hours an hour is one of
    opening. Days of the month and holidays move people within the year: its total stays.
    """
    curve = Profile.model_validate_json(profile)
    even = curve.model_copy(update={name: Profile.model_fields[name].default for name in WITHIN_A_YEAR})
    shape = _shape(curve, per, calendar)
    if per != "year" and calendar.days >= 7 and not shape.any():
        raise _NobodyComes("the horizon")
    if per == "year" or curve != even:
        for year, start, end in calendar.years():
            hours = slice(24 * max(start, 0), 24 * min(end, calendar.days))
            whole = _whole_year(curve, per, start, end, calendar, shape[hours])
            if whole <= 0:
                raise _NobodyComes(year)
            if per == "year":
                shape[hours] /= whole
            else:
                part = _shape(even, per, calendar)[hours]
                shape[hours] *= _whole_year(even, per, start, end, calendar, part) / whole
    return Intensity.of(shape * (1 / 24) if per == "day" else shape)


WITHIN_A_YEAR = (
    "month_days",
    "last_of_month",
    "before_holiday",
    "after_holiday",
)  # the weights that leave a year its total


def _shape(profile: Profile, per: str, calendar: WorkingCalendar) -> np.ndarray:
    """Return the weight of each hour, float (hours,): of a mean hour 1, an hour of opening for a rate an hour
    that follows the opening hours."""
    months = _dates(calendar).astype("datetime64[M]").astype(int) % 12
    weights = [np.asarray(w) / np.mean(w) for w in (profile.months, profile.hours)]
    weekdays = np.asarray(profile.weekdays) / _mean_weekday(profile, per, calendar)
    days = weights[0][months] * weekdays[calendar.weekday[: calendar.days]]
    month_day = (_dates(calendar) - _dates(calendar).astype("datetime64[M]")).astype(int)
    days = days * (np.asarray(profile.month_days) / np.mean(profile.month_days))[month_day]
    days = days * np.where(_ends_month(calendar), profile.last_of_month, 1.0)
    days = days * _around_holidays(profile, calendar)
    if profile.working_days_only:
        days = days * calendar.working[: calendar.days]
    shape = np.outer(days, weights[1])
    if profile.follows_opening:
        is_open = open_share(calendar)
        shape = days[:, None] * _within(np.tile(weights[1], 2) * is_open)
        if _of_opening(profile, per):
            shape *= (is_open.sum(axis=1) / 24)[:, None]
        after_midnight = shape[:-1, 24:]
        shape = shape[:, :24]
        shape[1:] += after_midnight
    return _by_real_hours(shape, calendar).ravel()


def _of_opening(profile: Profile, per: str) -> bool:
    """Return whether a volume is of an hour of opening."""
    return per == "hour" and profile.follows_opening


def _mean_weekday(profile: Profile, per: str, calendar: WorkingCalendar) -> float:
    """Return the mean weight of the weekdays on which people come; of hours of opening where a volume is of
    such; of all weekdays if it is of a year, or nobody comes.
    """
    weights = np.asarray(profile.weekdays)
    spans = [calendar.rules.week.get(day, ()) for day in WEEKDAYS]
    open_s = np.array([sum(end - begin for begin, end in map(span_s, texts)) for texts in spans])
    comes = weights > 0
    if profile.follows_opening or profile.working_days_only:
        comes &= open_s > 0
    if per == "year" or not comes.any():
        return float(np.mean(weights))
    return float(np.average(weights[comes], weights=open_s[comes] if _of_opening(profile, per) else None))


def _by_real_hours(rate: np.ndarray, calendar: WorkingCalendar) -> np.ndarray:
    """Return rates (days, slots) by how often each hour comes: a day of 23 hours has 23 hours of arrivals."""
    if calendar.clock_hours is None:
        return rate
    return rate * np.repeat(calendar.clock_hours, rate.shape[1] // 24, axis=1)


def _around_holidays(profile: Profile, calendar: WorkingCalendar) -> np.ndarray:
    """Return the factors of the working days next to a holiday, float (days,).

    A holiday is a row of days off of which one is a regular working day by its weekday.
    """
    factor = np.ones(len(calendar.working))
    if profile.before_holiday == profile.after_holiday == 1:
        return factor[: calendar.days]
    known = _from_earlier(calendar)
    before = len(known.working) - len(factor)
    regular = np.array([bool(calendar.rules.week.get(day)) for day in WEEKDAYS])
    off = ~known.working
    edges = np.flatnonzero(np.diff(off.astype(np.int8), prepend=0, append=0))
    for first, after in edges.reshape(-1, 2):
        if regular[known.weekday[first:after]].any():
            if first > before:
                factor[first - before - 1] *= profile.before_holiday
            if before <= after < len(known.working):
                factor[after - before] *= profile.after_holiday
    return factor[: calendar.days]


def _from_earlier(calendar: WorkingCalendar) -> WorkingCalendar:
    """Return the calendar from `EARLIER_DAYS` before day 0 on, for a holiday that ends there; the same where
    the make-up days of that year are not known."""
    try:
        return calendar.since(-EARLIER_DAYS)
    except InputError:
        return calendar


def _within(weights: np.ndarray) -> np.ndarray:
    """Return the weights (days, 48) with a sum of 24 on each day that has any."""
    total = weights.sum(axis=1, keepdims=True)
    return np.divide(24 * weights, total, out=np.zeros_like(weights), where=total > 0)


def open_share(calendar: WorkingCalendar) -> np.ndarray:
    """Return the share of each hour in which the office is open, float (days, 48).

    It is of the shifts that begin on a day, which end by the midnight after the next: who comes to a night
    shift comes on the day on which it begins.
    """
    edges = HOUR_S * np.arange(49)
    open_s = np.zeros((len(WEEKDAYS), 48), np.int64)
    for number, weekday in enumerate(WEEKDAYS):
        for begin, end in map(span_s, calendar.rules.week.get(weekday, ())):
            open_s[number] += np.diff(np.clip(edges, begin, end))
    days = slice(calendar.days)
    return open_s[calendar.weekday[days]] / HOUR_S * calendar.working[days, None]


def _dates(calendar: WorkingCalendar) -> np.ndarray:
    return np.datetime64(calendar.first) + np.arange(calendar.days)


def _ends_month(calendar: WorkingCalendar) -> np.ndarray:
    """Return whether each day is the last of its month, bool (days,)."""
    dates = _dates(calendar)
    return dates.astype("datetime64[M]") != (dates + 1).astype("datetime64[M]")


def _whole_year(
    profile: Profile, per: str, start: int, end: int, calendar: WorkingCalendar, part: np.ndarray
) -> float:
    """Return the sum of the hourly weights of a year, from its first day to the next year's.

    The horizon may hold only a part of it, `part`.
    """
    if len(part) == (end - start) * 24:
        return float(part.sum())
    return float(_shape(profile, per, calendar.whole_year(start, end)).sum())


def _day_factors(dispersion: float, days: int, stream: np.random.Generator) -> np.ndarray:
    """Draw one factor per day, mean 1, variance `dispersion` (gamma: counts become negative binomial)."""
    return stream.standard_gamma(1 / dispersion, days) * dispersion


def replayed(scenario: Scenario, table: pd.DataFrame | str | Path | None) -> pd.DataFrame | None:
    """Return the requests that replace the draw for their kinds: of `table`, else of the scenario's table.

    Columns as `Replay.columns`, and number; None if there is no table. Requests outside the horizon are
    included. Warns of what has no effect. Raises InputError for a wrong table, and where no request can
    ever come.
    """
    if table is None and scenario.replay is not None:
        table = scenario.folder / scenario.replay
    if table is None:
        if not scenario.demand and not scenario.projects.on:
            remedy = "Give 'demand', or a 'replay' table"
            raise scenario.source.error("no requests ever come", ("demand",), remedy)
        return None
    replay = read_replay(table, scenario)
    for note in replay.notes:
        warnings.warn(note, stacklevel=2)
    frame = pd.DataFrame(replay.columns)
    frame["number"] = frame.groupby(["kind", "unit"]).cumcount()
    return frame
