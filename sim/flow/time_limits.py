"""When the time limits of requests run out; also of what was open when the first year began."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.jit import compiled
from sim.scenario.calendar import WorkingCalendar
from sim.scenario.schema import Scenario
from sim.world import World
from sim.world.tasks import DELAY

from . import definitions
from .definitions import CALENDAR_DAYS, DAY_S, NO_LIMIT, SECONDS, WORKING_DAYS

if TYPE_CHECKING:
    from .tables import Tables

SECONDS_OF = {"minutes": 60, "hours": 3600}
_PER = {"minutes": SECONDS, "hours": SECONDS, "calendar_days": CALENDAR_DAYS, "working_days": WORKING_DAYS}


def limits(scenario: Scenario, kind: pd.Series, which: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the amount (days or seconds) and unit code of each request's time limit.

    `which` is one of `Kind.every_limit`; `kind` is the requests' kind, categorical.
    """
    given = [part.every_limit.get(which) for part in scenario.kinds.values()]
    amount = [0 if one is None else round(one.amount * SECONDS_OF.get(one.per, 1)) for one in given]
    per = [NO_LIMIT if one is None else _PER[one.per] for one in given]
    return by_kind(amount, kind), by_kind(per, kind)


def by_kind(values: list[int], kind: pd.Series) -> np.ndarray:
    return np.array([*values, 0], np.int64)[kind.cat.codes]


def limits_of(world: World, which: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the amount (days or seconds) and unit code of each request's time limit, `Kind.every_limit`.

    That of an open matter is what is left of it when it takes up its way, 0 where it has run out: by the
    table if it says when the committed limit ends, else by the calendar from receipt.
    """
    requests = world.requests
    amount, per = limits(world.scenario, requests["kind"], which)
    if "due_given" not in requests:
        return amount, per
    own = np.flatnonzero(requests["arrival_s"] != requests["received_s"])
    if not len(own):
        return amount, per
    arrival_s, received_s, due_s = (
        requests[name].to_numpy(np.int64)[own] for name in ("arrival_s", "received_s", "due_s")
    )
    first = int(min(received_s.min(), 0) // DAY_S)
    calendar = world.calendar.since(first)
    days = (np.array(one, np.int64) for one in (calendar.count, calendar.working_days, calendar.ends_s))
    count, working_days, ends_s = days
    shift = first * DAY_S  # where that calendar begins
    due = due_dates(count, working_days, ends_s, received_s - shift, amount[own], per[own])
    none, due = due == -1, due + shift
    if which == "limit":
        given = requests["due_given"].to_numpy(bool)[own]
        is_date = requests["due_is_date"].to_numpy(bool)[own]
        day = np.maximum((due_s - shift) // DAY_S, 0)
        in_calendar = day < len(ends_s)  # later days end at 24:00
        end_s = np.where(in_calendar, ends_s[np.minimum(day, len(ends_s) - 1)] + shift, due_s + DAY_S)
        by_table = np.where(is_date, end_s, due_s)
        due, none = np.where(given, by_table, due), none & ~given
    amount, per = amount.copy(), per.copy()
    amount[own] = np.where(none, amount[own], np.maximum(due - arrival_s, 0))
    per[own] = np.where(none, per[own], SECONDS)
    return amount, per


def far_enough(world: World) -> WorkingCalendar:
    """Return the world's calendar, extended so that all delays and time limits run out within it.

    Time limits include stops of the clock. No calendar goes beyond the end of the clock.
    """
    tasks = world.tasks
    longest = _longest_wait(tasks.first, tasks.type, tasks.delay_s, tasks.delay_days)
    amounts = [
        one.amount if one.per.endswith("days") else one.amount * SECONDS_OF[one.per] / DAY_S
        for kind in world.scenario.kinds.values()
        for one in kind.every_limit.values()
    ]
    return world.calendar.reaching(int(longest + max(amounts, default=0.0)) + 1)


@compiled
def _longest_wait(first_task, type, delay_s, delay_days):
    """Return how many days a request waits at most, all its delays together, each of them rounded up."""
    longest = 0
    for request in range(len(first_task) - 1):
        days = 0
        for task in range(first_task[request], first_task[request + 1]):
            if type[task] == DELAY:
                days += delay_days[task] + max(delay_s[task], 0) // DAY_S + 1
        longest = max(longest, days)
    return longest


def first_start_s(world: World, first_start_s: np.ndarray) -> np.ndarray:
    """Return when work on each request began; on matters that were begun before the first year, at receipt.

    `first_start_s` is that of the executor, −1 = has not happened.
    """
    requests = world.requests
    if "begun" not in requests:
        return first_start_s
    begun = world.once("begun", lambda: np.flatnonzero(requests["begun"]))
    moments = first_start_s.astype(np.int64)
    moments[begun] = world.received_s[begun]
    return moments


@compiled
def due_dates(count, working_days, ends_s, received_s, amount, per):
    """Return `definitions.due_s` of many requests whose clock never stopped."""
    due = np.empty(len(received_s), np.int64)
    for i in range(len(due)):
        due[i] = definitions.due_s(count, working_days, ends_s, received_s[i], amount[i], per[i], 0, 0, 0)
    return due


def due_after_stops(tables: Tables, amount: np.ndarray, per: np.ndarray, start_s: np.ndarray) -> np.ndarray:
    """Return when other time limits than the executor's run out, with the stops of the clock that began.

    `amount` and `per` (requests,) are the limits; `start_s` (tasks,) is when each visit began, −1 = has not.
    """
    days = tables.worked_days, tables.working_days, tables.day_ends_s
    limit = tables.arrival_s, amount, per
    began = np.flatnonzero((tables.stops != 0) & (start_s >= 0))
    of_request = np.searchsorted(tables.first_task, began, side="right") - 1
    stops = of_request, tables.stops[began], start_s[began].astype(np.int64)
    delays = tables.delay_s[began], tables.delay_days[began]
    return _after_stops(*days, *limit, due_dates(*days, *limit), *stops, *delays)


@compiled
def _after_stops(
    count, working_days, ends_s, received_s, amount, per, due, request, stops, start_s, delay_s, delay_days
):
    excluded = np.zeros((len(due), 3), np.int64)
    for stop in range(len(request)):
        i, now = request[stop], start_s[stop]
        end = definitions.after_delay(count, working_days, now, delay_s[stop], delay_days[stop])
        days, calendar_days, seconds = definitions.clock_stopped(
            stops[stop], excluded[i], count, received_s[i], due[i], now, end
        )
        excluded[i] = days, calendar_days, seconds
        due[i] = definitions.due_s(
            count, working_days, ends_s, received_s[i], amount[i], per[i], days, calendar_days, seconds
        )
    return due
