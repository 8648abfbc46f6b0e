"""Requests that stand still: open at the end of the horizon, and unable to move on within it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sim.world import World
from sim.world.tasks import SITTING

from .definitions import DAY_S, NONE, RESTART
from .tables import Bureau, Tables, duty_over
from .trace import Trace

REASONS = {
    "away": "in the hands of somebody who is not on duty again",
    "too_long": "begun anew each day, and longer than any duty of the person",
    "nobody": "waiting where nobody is on duty again, or has hands free",
    "no_sitting": "without a place in any sitting that is left",
}


class Stuck(UserWarning):
    """Requests of a replication stand still."""


def stuck(world: World, bureau: Bureau, trace: Trace) -> pd.Categorical[str]:
    """Return why each request stands still, one of `REASONS`; "" for those that do not.

    A request that only waits for the next day of work, after the horizon, does not stand still.
    """
    tables, tasks = bureau.tables, world.tasks
    code = np.zeros(len(world.requests), np.int8)
    at = np.flatnonzero((trace.ready_s >= 0) & (trace.end_s < 0))
    at = at[trace.withdrawn_s[tasks.request[at]] < 0]

    def note(task: np.ndarray, reason: str) -> None:
        code[tasks.request[task]] = 1 + list(REASONS).index(reason)

    sitting = at[tasks.type[at] == SITTING]
    note(sitting[trace.start_s[sitting] < 0], "no_sitting")

    task, person, _, need_s = trace.in_hand.T
    away = _away(world, tables)
    queue = tables.queue[task]
    restarts = (tables.when_duty_ends[queue] == RESTART) | tables.anew[queue]
    endless = restarts & (need_s > _longest_duty(tables)[person])
    note(task[endless], "too_long")
    note(task[away[person]], "away")

    serves = ~away
    serves[person[endless & (tables.preemption[queue] == NONE)]] = False
    staff = tables.staff.astype(np.int64)
    people_each: np.ndarray = np.diff(tables.first_of_staff.astype(np.int64))
    of_line = np.repeat(np.arange(len(people_each)), people_each)
    able = np.bincount(of_line, serves[staff], len(tables.first_of_staff) - 1)
    waiting = np.setdiff1d(at[tables.queue[at] >= 0], task)
    people = tables.people[waiting] if tables.teams else 1
    note(waiting[able[tables.line[tables.queue[waiting]]] < people], "nobody")
    if tables.teams:
        waiting = waiting[tables.joined[waiting] >= 0]
        note(waiting[able[tables.line[tables.joined[waiting]]] < 1], "nobody")
    return pd.Categorical.from_codes(code, pd.Index(["", *REASONS]))


def _away(world: World, tables: Tables) -> np.ndarray:
    """Return who is not on duty again within the horizon, bool (people,).

    On a roster: the last shift is over. Others: the horizon goes on after their last duty for more than twice
    their longest pause.
    """
    over = duty_over(tables)
    begin, end = tables.start_s, tables.end_s
    people = len(over)
    first = np.zeros(len(begin), bool)
    first[tables.first_span[:-1][np.diff(tables.first_span) > 0]] = True
    before = np.where(first, tables.begin, np.concatenate(([tables.begin], end[:-1])))
    longest = np.full(people, DAY_S, np.int64)
    np.maximum.at(longest, tables.holder, begin - before)
    listed = np.array([world.scenario.staff[one.group].roster is not None for one in world.people], bool)
    never = np.diff(tables.first_span) == 0
    return np.where(listed | never, over < tables.end, tables.end - over > 2 * longest)


def _longest_duty(tables: Tables) -> np.ndarray:
    """Return the longest span of duty of each person, int64 (people,) s."""
    longest = np.zeros(len(tables.first_span) - 1, np.int64)
    np.maximum.at(longest, tables.holder, tables.end_s - tables.start_s)
    return longest


def told_of(counts: Mapping[str, int]) -> str:
    """Return a sentence on the number of requests that stand still, by reason."""
    parts = [f"{counts[reason]:,} {text}" for reason, text in REASONS.items() if counts.get(reason, 0)]
    total = sum(counts.get(reason, 0) for reason in REASONS)
    what = "request stands" if total == 1 else "requests stand"
    return f"{total:,} {what} still, open at the end of the horizon: {'; '.join(parts)}"
