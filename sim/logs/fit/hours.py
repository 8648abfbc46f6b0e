"""Weekly working hours, from the moments at which people began and ended work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.scenario.time import WEEKDAYS, Weekday

SLOTS = 48  # half hours of a day
WEEK_S = 7 * 86_400
SLOT_S = 86_400 // SLOTS
MONDAY = np.datetime64("2001-01-01", "s")  # any Monday
RARE = 0.25  # a half hour with less than this share of the usual is outside working hours
RARE_DAY = 0.3  # likewise a weekday, on which else everybody would work in full
FEW = 60  # moments of a day's hours with which single half hours cannot be told
OWN = 150  # moments from which a weekday's hours are its own, not those of all workdays
GROUPS = ((0, 1, 2, 3, 4), (5,), (6,))


@dataclass(frozen=True)
class Week:
    """Working hours of a week.

    Attributes
    ----------
    open : ndarray of bool, (7, 48)
        Whether each half hour is worked, Monday first.
    """

    open: np.ndarray

    def spans(self) -> dict[Weekday, list[str]]:
        """The hours by weekday as a scenario writes them; days without any are left out."""
        written: dict[Weekday, list[str]] = {}
        for day, worked in zip(WEEKDAYS, self.open, strict=True):
            edges = np.flatnonzero(np.diff(worked.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
            if len(edges):
                written[day] = [f"{_clock(first)}-{_clock(last)}" for first, last in edges]
        return written

    @property
    def hours(self) -> float:
        """Hours a week."""
        return float(self.open.sum() / 2)

    def whole_days(self) -> Week:
        """The same days from midnight to midnight, for a log that knows days only."""
        return Week(np.repeat(self.open.any(axis=1, keepdims=True), SLOTS, axis=1))

    def worked_s(self, moments: np.ndarray) -> np.ndarray:
        """Seconds of working hours up to each moment, from a fixed Monday: their differences are work."""
        seconds = _seconds(moments)
        week, rest = np.divmod(seconds, WEEK_S)
        slots = self.open.ravel().astype(float) * SLOT_S
        before = np.concatenate(([0.0], np.cumsum(slots)))
        return week * before[-1] + np.interp(rest, np.arange(7 * SLOTS + 1) * SLOT_S, before)

    def is_open(self, moments: np.ndarray) -> np.ndarray:
        """Whether each moment is within working hours."""
        return self.open.ravel()[(_seconds(moments) % WEEK_S // SLOT_S).astype(int)]

    def is_over(self, moments: np.ndarray) -> np.ndarray:
        """Whether the hours of each moment's day are over."""
        still = np.flip(np.maximum.accumulate(np.flip(self.open, axis=1), axis=1), axis=1)
        day_open = np.array(self.open.any(axis=1))
        place = (_seconds(moments) % WEEK_S // SLOT_S).astype(int)
        return day_open[place // SLOTS] & ~still.ravel()[place]

    def last_closed(self, moments: np.ndarray) -> np.ndarray:
        """Seconds since the hours before each moment ended, where it is closed just before; 0 where open."""
        flat = self.open.ravel()
        if flat.all() or not flat.any():
            return np.zeros(len(moments))
        twice = np.concatenate((flat, flat))
        place = np.arange(len(twice))
        since = place - np.maximum.accumulate(np.where(twice, place, -1)) - 1  # closed slots before this one
        since = np.where(twice, 0, since + 1)[len(flat) :]
        seconds = _seconds(moments) - 1
        slot = (seconds % WEEK_S // SLOT_S).astype(int)
        within = seconds % SLOT_S + 1
        return np.where(since[slot] > 0, (since[slot] - 1) * SLOT_S + within, 0)


def _seconds(moments: np.ndarray) -> np.ndarray:
    return (moments.astype("datetime64[s]") - MONDAY).astype(np.int64).astype(float)


def _clock(slot: int) -> str:
    return f"{slot // 2:02}:{30 * (slot % 2):02}"


ALWAYS = Week(np.ones((7, SLOTS), bool))


def week_of(moments: pd.Series) -> Week:
    """Fit the weekly hours in which `moments` (begins and ends of work) fall.

    A half hour is worked if it has at least a quarter of the moments of a usual one. Workdays share their
    hours unless a day has many moments of its own. Single half hours between worked ones are filled.
    """
    known = moments.dropna()
    if known.empty:
        return ALWAYS
    day = known.dt.day_of_week.to_numpy()
    slot = (known.dt.hour * 2 + known.dt.minute // 30).to_numpy()
    counts = np.zeros((7, SLOTS))
    np.add.at(counts, (day, slot), 1)
    worked = np.zeros((7, SLOTS), bool)
    of_day = counts.sum(axis=1)
    for group in GROUPS:
        members = [one for one in group if of_day[one] >= max(RARE_DAY * np.median(of_day[:5]), 1)]
        for one in members:
            own = counts[one] if of_day[one] >= OWN else counts[members].sum(axis=0)
            worked[one] = _usual(own)
    return Week(worked) if worked.any() else ALWAYS


def _usual(counts: np.ndarray) -> np.ndarray:
    """The half hours that are worked: with few moments, those from the first twentieth to the last."""
    total = counts.sum()
    if total < FEW:
        first, last = np.searchsorted(np.cumsum(counts) / total, [0.05, 0.95])
        return (np.arange(SLOTS) >= first) & (np.arange(SLOTS) <= last)
    busy = np.sort(counts[counts > 0])[::-1]
    typical = np.median(busy[: np.searchsorted(np.cumsum(busy), 0.8 * total) + 1])
    worked = counts >= max(RARE * typical, 1)
    worked[1:-1] |= worked[:-2] & worked[2:]
    worked[1:-1] &= worked[:-2] | worked[2:]  # nor is a single one far from all others
    return worked
