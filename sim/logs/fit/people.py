"""Who does what, and when: people with enough events one by one, all others of an activity together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .automatic import automatic
from .hours import ALWAYS, SLOTS, Week, week_of

OWN_WEEK = 100  # moments from which a person's hours are told apart from the office's
REGULAR = 10  # events from which a person is described alone
SOME = 0.01  # share of a person's events from which an activity is a skill
MOST_STATIONS = 40
MOST_OTHERS = 50


@dataclass(frozen=True)
class Person:
    """A person of the log, or several who are seldom seen.

    Attributes
    ----------
    number : int
        The pseudonym's number, in order of events.
    name : str
        The name in the log.
    activities : tuple of str
        What they do, the most frequent first.
    week : Week
        Their working hours.
    events, count : int
        Their events; how many people stand behind it.
    overlap : float
        Share of their events during which another one of theirs ran.
    """

    number: int
    name: str
    activities: tuple[str, ...]
    week: Week
    events: int
    count: int = 1
    overlap: float = 0.0


@dataclass(frozen=True)
class People:
    """All who work: those described alone, those seldom seen by activity, activities that need nobody."""

    regular: tuple[Person, ...]
    others: tuple[Person, ...]
    nobody: tuple[str, ...]
    office: Week

    @property
    def named(self) -> bool:
        """Whether the log tells of anybody who works."""
        return bool(self.regular or self.others)

    def week(self, activity: str) -> Week:
        """The hours in which somebody is there for an activity."""
        if activity in self.nobody:
            return ALWAYS
        serving = [one.week.open for one in (*self.regular, *self.others) if activity in one.activities]
        return Week(np.any(serving, axis=0)) if serving else self.office


def fit_people(events: pd.DataFrame, *, day_only: bool) -> People:
    """Find who does what and when. Moments without an hour leave the office's hours as they are assumed."""
    named = events[events["person"] != ""]
    counts = named["person"].value_counts()
    nobody = _without_staff(events, set(counts.index[counts >= REGULAR]), day_only=day_only)
    named = named[~named["activity"].isin(nobody)]
    counts = named["person"].value_counts()
    regular: list[Person] = []
    is_regular = named["person"].isin(counts.index[counts >= REGULAR])
    staff = named[is_regular] if is_regular.any() else events
    office = daytime(_moments(events)) if day_only else week_of(_moments(staff))
    by_person = dict(tuple(named[is_regular].groupby("person", observed=True)))
    ordered = sorted(by_person, key=lambda name: (-len(by_person[name]), str(name)))
    for number, name in enumerate(ordered, 1):
        own = by_person[name]
        done = own["activity"].value_counts()
        done = done[done > 0]
        skills = done[(done >= SOME * len(own)) | (done >= REGULAR)].index[: MOST_STATIONS + 1]
        week = office if day_only else _week(own, office)
        overlap = _overlap(own)
        regular.append(Person(number, str(name), tuple(map(str, skills)), week, len(own), 1, overlap))
    served = {activity for one in regular for activity in one.activities}
    others: list[Person] = []
    for activity, own in named.groupby("activity", observed=True):
        rare = own[~is_regular[own.index]]
        if len(rare) and (len(rare) > 0.05 * len(own) or activity not in served):
            week = office if day_only else _week(rare, office)
            count = min(rare["person"].nunique(), MOST_OTHERS)
            others.append(Person(0, "", (str(activity),), week, len(rare), count))
        elif activity not in served:  # by regular people, but too seldom to be a skill of theirs
            others.append(Person(0, "", (str(activity),), office, len(own), 1))
    return People(tuple(regular), tuple(others), nobody, office)


def daytime(moments: pd.Series) -> Week:
    """From 8 to 18 on the weekdays on which something happens: assumed, where a log knows days only."""
    usual = np.zeros(SLOTS, bool)
    usual[16:36] = True
    return Week(np.outer(week_of(moments).open.any(axis=1), usual))


def _week(events: pd.DataFrame, office: Week) -> Week:
    """Own hours from enough moments; the office's where most of a few fall into them."""
    moments = _moments(events)
    within = office.is_open(moments.to_numpy("datetime64[us]")).mean()
    return office if len(moments) < OWN_WEEK and within > 0.6 else week_of(moments)


def _moments(events: pd.DataFrame) -> pd.Series:
    return pd.concat([events["start"][events["known"]], events["end"]])


def _without_staff(events: pd.DataFrame, regular: set[str], *, day_only: bool) -> tuple[str, ...]:
    """Activities that the log gives to nobody, to applicants, who began the case and are seldom seen, or to a
    system; days without an hour do not tell this one."""
    person = events["person"].astype("str")
    applicant = (person == person.groupby(events["case"]).transform("first")) & ~person.isin(regular)
    alone = ((person == "") | applicant).groupby(events["activity"], observed=True).mean()
    found = {str(name) for name, share in alone.items() if share > 0.5}
    return tuple(sorted(found.union(() if day_only else automatic(events))))


def _overlap(own: pd.DataFrame) -> float:
    order = own.sort_values("start")
    latest = order["end"].cummax().shift()
    return float((order["start"] < latest).mean())
