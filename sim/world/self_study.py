"""The sittings of self-study and article writing that people owe, and each one's luck, drawn by person.

The luck of a week or a quarter is keyed by the person and its number, so it is the same under every policy.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np

from sim.scenario.calendar import WorkingCalendar, union, without
from sim.scenario.other_work import Study
from sim.scenario.part import given
from sim.scenario.schema import Scenario
from sim.scenario.time import DAY_S

from .draw import World
from .duties import articles, gatherings, office_hours, part_of, slot_of, weekly_study, writing_day_of
from .spans import common
from .staff import Person

_NOTHING = np.empty((0, 2), np.int64)


@dataclass(frozen=True)
class Sittings:
    """Sittings of all people in order of their beginning, arrays (n,).

    person : position in `World.people`. start_s : its beginning. seconds : its length. writing : bool, it is
    spent on an article. article : bool, it is the last one on an article. luck : (n, 4) in [0, 1): missed,
    made up, entered, found out. All sittings on one article share its luck.
    """

    person: np.ndarray
    start_s: np.ndarray
    seconds: np.ndarray
    writing: np.ndarray
    article: np.ndarray
    luck: np.ndarray

    def of_people(self, world: World, changed: np.ndarray) -> Sittings:
        """Return the same sittings, and those of the `changed`, bool (people,), as the world has them now."""
        kept, new = ~changed[self.person], sittings(world, changed)
        columns = [(getattr(self, one.name)[kept], getattr(new, one.name)) for one in fields(self)]
        return _in_order(*(np.concatenate(both) for both in columns))

    def within(self, start_s: int, end_s: int) -> Sittings:
        """Return those that begin within [start_s, end_s)."""
        span = slice(*np.searchsorted(self.start_s, (start_s, end_s)))
        return Sittings(*(getattr(self, one.name)[span] for one in fields(self)))


def _in_order(*columns: np.ndarray) -> Sittings:
    order = np.argsort(columns[1], kind="stable")
    return Sittings(*(own[order] for own in columns))


def sittings(world: World, who: np.ndarray | None = None) -> Sittings:
    """Return the sittings of people who study, as far as leave, training and lectures leave them.

    `who` says of whom, bool (people,); of all by default.
    """
    study, calendar = given(world.scenario.study), world.calendar
    weeks = calendar.days // 7 + 2
    starts = [day for _, year, _ in calendar.years() for _, day in calendar.month_starts(year)[2::3]]
    quarters = np.array(starts, np.int64) * DAY_S  # where the last month of each begins
    columns: list[list[np.ndarray]] = [[], [], [], [], [], []]
    people = list(enumerate(world.people))
    people = people if who is None else [people[place] for place in np.flatnonzero(who).tolist()]
    names = [person.name for _, person in people]
    lucks = world.streams.uniform([("self-study", name) for name in names], 4 * weeks)
    of_articles = world.streams.uniform([("article", name) for name in names], 4 * (len(quarters) + 1))
    for (place, person), own_luck, of_own in zip(people, lucks, of_articles, strict=True):
        present = person.away.get("study", _NOTHING)
        if not len(present):
            continue
        owed = _owed(study, slot_of(study, place), writing_day_of(study, place), calendar)
        weekly, writing = (
            part_of(spans, hours_of(world.scenario, person, calendar), person.share) for spans in owed
        )
        luck, of_article = own_luck.reshape(-1, 4), of_own.reshape(-1, 4)
        for spans, is_article in ((weekly, False), (writing, True)):
            own = common(spans, present)
            week = (own[:, 0] // DAY_S + calendar.first.weekday()) // 7
            quarter = np.searchsorted(quarters, own[:, 0], side="right")
            columns[0].append(np.full(len(own), place))
            columns[1].append(own[:, 0])
            columns[2].append(own[:, 1] - own[:, 0])
            columns[3].append(np.full(len(own), is_article))
            columns[4].append(is_article & (np.diff(quarter, append=-1) != 0))
            columns[5].append(of_article[quarter] if is_article else luck[week])
    if not columns[0]:
        nothing = np.empty(0, np.int64)
        return Sittings(nothing, nothing, nothing, nothing > 0, nothing > 0, np.empty((0, 4)))
    return _in_order(*(np.concatenate(column) for column in columns))


def hours_of(scenario: Scenario, person: Person, calendar: WorkingCalendar) -> np.ndarray:
    """Return a person's hours without leave, (n, 2) s."""
    week = scenario.staff[person.group].week
    return office_hours(calendar, None if week is None else tuple(week.items()), person.share)


@lru_cache(maxsize=64)  # the same for many people
def _owed(
    study: Study, slot: int, writing_day: int, calendar: WorkingCalendar
) -> tuple[np.ndarray, np.ndarray]:
    """Return the study of a slot and the writing of a day outside lectures and the like, (n, 2) s each."""
    lectures = gatherings(study.lectures_a_year, study.lecture_hours, calendar)
    integrity = gatherings(study.integrity_sessions_a_year, study.integrity_hours, calendar)
    held = union(np.concatenate((lectures, integrity)))
    weekly = without(weekly_study(study, slot, calendar), held)
    writing = without(articles(study, writing_day, calendar), held)
    return weekly, without(writing, weekly)


def competes(world: World, share: float) -> np.ndarray:
    """Return who competes as a learning model, bool (people,): a larger share includes those of a smaller."""
    return world.streams.uniform([("learning model", person.name) for person in world.people])[:, 0] < share


def lacked(world: World) -> np.ndarray:
    """Return the share of a common course that each person lacks, (people,) in (0, 1]."""
    needs = given(world.scenario.study).needs
    luck = world.streams.uniform([("lack", person.name) for person in world.people])[:, 0]
    return np.clip(needs.lacked * (1 + needs.spread * (2 * luck - 1)), 0.05, 1.0)
