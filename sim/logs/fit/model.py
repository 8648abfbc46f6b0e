"""Fit a whole log: one model of all that a scenario says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.logs.read import Log

from .arrivals import Arrivals, fit_arrivals
from .delays import unexplained
from .drift import Drift, later_part
from .estimate import Estimate
from .hours import ALWAYS, Week
from .limits import Limits, fit_limits
from .passing import Days, bounds_of, worked_days
from .people import People, fit_people
from .routing import Routing, closing, fit_routing
from .starts import with_starts
from .work import Work, complexity_cv, fit_work, worked_minutes

LEAST_OF_KIND = 50  # cases of a kind from which its ways and waits are its own
MOST_KINDS = 20


@dataclass(frozen=True)
class Kind:
    """A kind of case: its name in the log, limit (in `Limits.per`; NaN: none), arrivals and routing."""

    name: str
    limit_days: float
    cases: int
    arrivals: Arrivals
    routing: Routing


@dataclass(frozen=True)
class Fit:
    """What was fitted to a log.

    Attributes
    ----------
    kinds : tuple of Kind
        Kinds of cases, the most frequent first.
    work : mapping of str to Work
        The work of each activity.
    complexity : Estimate
        Coefficient of variation of the complexity that a case's steps share.
    people : People
        Who does what, and when.
    limits : Limits
        Time limits and how they were kept.
    shared : float
        Share of the work done on several cases at once.
    starts : mapping of str to int
        Gaps that the estimated starts of each activity rest on; empty if starts were recorded.
    day_only : bool
        Whether the log knows days, not hours.
    drift : Drift
        Whether the process changed, and from which cases routes and waits are fitted.
    waits_for_people : float
        Share of the waiting that people explain: that they are off duty, or at other work.
    """

    log: Log
    kinds: tuple[Kind, ...]
    work: Mapping[str, Work]
    complexity: Estimate
    people: People
    limits: Limits
    shared: float
    starts: Mapping[str, int]
    day_only: bool
    drift: Drift
    waits_for_people: float

    @property
    def office(self) -> Week:
        """The hours of the office."""
        return self.people.office


def fit_log(log: Log, progress: Callable[[str], object] = lambda _: None) -> Fit:
    """Fit a log.

    Parameters
    ----------
    log : Log
        The log.
    progress : callable, optional
        Is told what is fitted next.

    Returns
    -------
    Fit
        The model; its numbers have standard errors.
    """
    events, cases, day_only = log.events, log.cases, log.day_only
    progress("people and hours")
    people = fit_people(events, day_only=day_only)
    events, starts = with_starts(events, people, day_only=day_only)
    progress("work")
    minutes, shared = worked_minutes(events, people.office)
    activity = events["activity"].astype("str").to_numpy(object)
    spread = Estimate(0.0, 0.0, 0)
    if not starts:
        spread = complexity_cv(events["case"].to_numpy(), activity, minutes)
    work = {
        str(name): fit_work(minutes[rows], estimated=name in starts, complexity_cv=spread.value)
        for name, rows in events.groupby("activity", observed=True).indices.items()
    }
    progress("waits and routes")
    closed = fit_arrivals(cases["arrival"]).closed
    days_off = np.array([day.to_datetime64() for day in closed], "datetime64[D]")
    steps, explained = unexplained(events, cases, people, days_off, day_only=day_only)
    limits = fit_limits(cases, people.office)
    drift = later_part(events, cases)
    until_closed = _until_closed(events, cases, people.office, days_off)
    kinds = _kinds(cases, limits, steps, until_closed, closed, drift)
    return Fit(log, kinds, work, spread, people, limits, shared, starts, day_only, drift, explained)


def _until_closed(events: pd.DataFrame, cases: pd.DataFrame, office: Week, closed: Days) -> pd.DataFrame:
    """What closed cases wait after their last event, as `delays.unexplained` tells waits."""
    last = events.groupby("case")["end"].max().reindex(cases.index)
    known = cases["closed"].notna()
    begin = last[known].to_numpy("datetime64[s]")
    end = np.maximum(cases["closed"][known].to_numpy("datetime64[s]"), begin)
    bounds = bounds_of(begin, end, end, ALWAYS, office, closed)
    days = worked_days(begin, end, office, closed)
    wait_s = np.where(days > 0, 0.0, (end - begin).astype(float))
    return pd.DataFrame({"case": cases.index[known], "wait_s": wait_s, "days": days} | vars(bounds))


def _kinds(
    cases: pd.DataFrame,
    limits: Limits,
    steps: pd.DataFrame,
    until_closed: pd.DataFrame,
    closed: tuple[pd.Timestamp, ...],
    drift: Drift,
) -> tuple[Kind, ...]:
    steps, until_closed = (table[table["case"].isin(drift.cases)] for table in (steps, until_closed))
    named = cases["kind"].where(cases["kind"] != "", "case")
    frequent = named.value_counts().index[:MOST_KINDS]
    named = named.where(named.isin(frequent), "other kinds")
    members: dict[tuple[str, float], list[object]] = {}
    for case, which in zip(cases.index, zip(named, limits.days.fillna(-1.0), strict=True), strict=True):
        members.setdefault(which, []).append(case)
    whole: Routing | None = None
    found = []
    for (name, days), mine in sorted(members.items(), key=lambda item: -len(item[1])):
        own = pd.Index(mine)
        if own.isin(drift.cases).sum() >= LEAST_OF_KIND or len(members) == 1:
            routing = fit_routing(*(table[table["case"].isin(own)] for table in (steps, until_closed)))
        else:
            whole = whole or fit_routing(steps, until_closed)
            routing = closing(whole, until_closed[until_closed["case"].isin(own)])
        arrivals = fit_arrivals(cases["arrival"][own], closed, cases["arrival"])
        found.append(Kind(name, days if days > 0 else float("nan"), len(own), arrivals, routing))
    return tuple(found)
