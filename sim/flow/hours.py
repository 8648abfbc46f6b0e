"""The use of people's hours: on duty, busy by kind, overtime, and off service by reason."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.jit import both_ways, compiled
from sim.world import World

from . import definitions
from .tables import Tables
from .trace import Spells, Trace

AWAY = ("study", "leave", "training", "duty")


def hours(world: World, tables: Tables, trace: Trace, start_s: int, end_s: int) -> pd.DataFrame:
    """Return each person's seconds by use within [start_s, end_s).

    Index person (name); columns unit, role, grade, on_duty_s, busy_s, overtime_s, study_s, leave_s,
    training_s, duty_s. Work outside duty is overtime where the unit's rule is to finish first; elsewhere it
    is suspended.
    """
    people = world.people
    return pd.DataFrame(
        {
            **{name: [getattr(person, name) for person in people] for name in ("unit", "role", "grade")},
            **Timesheet(world).used(tables, trace, start_s, end_s),
        },
        index=pd.Index([person.name for person in people], name="person"),
    )


class HandsOn(NamedTuple):
    """The work of people on requests by kind, int64 (people, kinds) each.

    busy_s : seconds of work on duty within the period. visits : those of steps that ended within it, by who
    ended them. visit_s : all seconds of work on these visits, also overtime and before the period.
    """

    busy_s: np.ndarray
    visits: np.ndarray
    visit_s: np.ndarray


class _Columns(NamedTuple):
    """The columns of `Tables` that the use of hours depends on."""

    first_span: np.ndarray
    start_s: np.ndarray
    end_s: np.ndarray
    before_s: np.ndarray
    kind: np.ndarray
    queue: np.ndarray
    when_duty_ends: np.ndarray
    teams: bool


class Timesheet:
    """The uses of people's time in a replication, prepared for queries by span."""

    def __init__(self, world: World) -> None:
        people = world.people
        rules = {unit: world.scenario.setting(unit, "when_duty_ends") for unit in world.scenario.units}
        self._end_s = world.end_s
        self._works_over = np.array([rules[person.unit] == "finish" for person in people], bool)
        spans = [person.away.get(use, _NOTHING) for use in AWAY for person in people]
        begin, end = np.concatenate([_NOTHING, *spans]).T.copy()
        self._away = np.cumsum([0, *map(len, spans)]), begin, end
        # On duty or away, by period: where spans begin, for the roster may change, and their seconds.
        self._known: dict[tuple[str, int, int], tuple[np.ndarray, np.ndarray]] = {}

    def used(self, tables: Tables, spells: Spells, start_s: int, end_s: int) -> dict[str, np.ndarray]:
        """Return the seconds within [start_s, end_s) by use, int64 (people,) each, named as in `hours`."""
        return self._count(tables, spells, np.empty(0, np.int32), start_s, end_s)[0]

    def used_by_kind(
        self, tables: Tables, trace: Trace, start_s: int, end_s: int
    ) -> tuple[dict[str, np.ndarray], HandsOn]:
        """Return the seconds by use as `used` does, and the work by kind."""
        return self._count(tables, trace, np.ascontiguousarray(trace.end_s), start_s, end_s)

    def _count(
        self, tables: Tables, spells: Spells, ended_s: np.ndarray, start_s: int, end_s: int
    ) -> tuple[dict[str, np.ndarray], HandsOn]:
        """Count the seconds by use; with the ends of all tasks, `ended_s`, also the work by kind."""
        people = len(self._works_over)
        under_way = spells.in_hand.astype(np.int32)
        under_way[:, 3] = self._end_s
        hands_on = HandsOn(*np.zeros((3, *tables.speed.shape), np.int64))
        beyond = np.zeros(people, np.int64)
        columns = _Columns(*(getattr(tables, name) for name in _Columns._fields))
        for segments in (spells.segments, under_way):
            _add_work(columns, segments, ended_s, start_s, end_s, beyond, *hands_on)
        away = self._within("away", *self._away, start_s, end_s)
        used = {
            "on_duty_s": self.on_duty(tables, start_s, end_s),
            "busy_s": hands_on.busy_s.sum(axis=1),
            "overtime_s": np.where(self._works_over, beyond, 0),
            **{f"{use}_s": seconds for use, seconds in zip(AWAY, away.reshape(len(AWAY), -1), strict=True)},
        }
        return used, hands_on

    def duties_over_service(self, tables: Tables) -> np.ndarray:
        """Return each person's seconds at standing duties over those on duty, of the horizon, (people,)."""
        duties_s = _whole(*self._away).reshape(len(AWAY), -1)[AWAY.index("duty")]
        return duties_s / np.maximum(_whole(tables.first_span, tables.start_s, tables.end_s), 1)

    def on_duty(self, tables: Tables, start_s: int, end_s: int) -> np.ndarray:
        """Return each person's seconds on duty within [start_s, end_s), int64 (people,)."""
        spans = tables.first_span, tables.start_s, tables.end_s
        return self._within("on_duty", *spans, start_s, end_s)

    def _within(
        self, use: str, first: np.ndarray, begin: np.ndarray, end: np.ndarray, start_s: int, end_s: int
    ) -> np.ndarray:
        of, seconds = self._known.get((use, start_s, end_s), (None, _NOTHING))
        if of is not begin:
            seconds = _within(first, begin, end, start_s, end_s)
            self._known[use, start_s, end_s] = begin, seconds  # in one step: threads may share the world
        return seconds


_NOTHING = np.empty((0, 2), np.int64)


def _whole(first: np.ndarray, begin: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Return all seconds of each person's spans, int64 (people,); arguments as of `_within`."""
    return np.diff(np.append(0, np.cumsum(end - begin))[first])


@compiled
def _within(first, begin, end, start_s, end_s):
    """Return the seconds of each person's spans within [start_s, end_s), int64 (people,).

    Those of a person begin at `first` (people + 1,); they are in order and disjoint.
    """
    inside = np.zeros(len(first) - 1, np.int64)
    for person in range(len(inside)):
        i = definitions.first_over(end, first[person], first[person + 1], start_s)
        while i < first[person + 1] and begin[i] < end_s:
            inside[person] += min(end[i], end_s) - max(begin[i], start_s)
            i += 1
    return inside


@compiled
def _add_work(t, segments, ended_s, start_s, end_s, beyond_s, busy_s, visits, visit_s):
    """Add the work of segments of a trace, which are in order of their end, within [start_s, end_s).

    By person: beyond_s, seconds of work beyond duty. By person and kind: the columns of `HandsOn`. By task:
    ended_s; empty = all work is of the first kind, and no visits are counted.
    """
    by_kind, kind, ends = len(ended_s) > 0, np.uint32(0), False
    span = np.full(len(t.first_span) - 1, -1)  # the last span of each person that has begun, -1 = not known
    spent_s = np.zeros(len(ended_s), np.int32)  # on visits so far, -1 = counted
    first = 0 if by_kind else definitions.first_over(segments[:, 3], 0, len(segments), start_s)
    for i in range(first, len(segments)):
        task, person, start, end = segments[i, 0], segments[i, 1], segments[i, 2], segments[i, 3]
        first, last = max(start, start_s), min(end, end_s)
        if by_kind:
            ends = start_s <= ended_s[task] < end_s and spent_s[task] >= 0
        if first >= last and not ends:
            continue
        whole = _on_duty(t, span, person, start, end)
        if by_kind:
            kind = t.kind[t.queue[task]]
        if first < last:
            spent = whole if start == first and end == last else _on_duty(t, span, person, first, last)
            busy_s[person, kind] += spent
            beyond_s[person] += last - first - spent
        if ends:
            runs_over = t.when_duty_ends[t.queue[task]] == definitions.AT_ONCE
            spent_s[task] += end - start if runs_over else whole
            others = i + 1 < len(segments) and segments[i + 1, 0] == task and segments[i + 1, 3] == end
            if end == ended_s[task] and not (t.teams and others):  # of a team who answers for it comes last
                visits[person, kind] += 1
                visit_s[person, kind] += spent_s[task]
                spent_s[task] = -1


@both_ways
def _on_duty(t, span, person, start, end):
    """Return the person's seconds on duty within [start, end).

    Set ``span[person]``, the last span of duty that began by an earlier moment, to that at `start`.
    """
    at, last = span[person], t.first_span[person + 1]
    if at < 0:
        after = definitions.first_over(t.start_s, t.first_span[person], last, start)
        at = max(after - 1, t.first_span[person])
    while at + 1 < last and t.start_s[at + 1] <= start:
        at += 1
    span[person] = at
    before = definitions.worked(t.start_s, t.end_s, t.before_s, at, start)
    while at + 1 < last and t.start_s[at + 1] <= end:
        at += 1
    return definitions.worked(t.start_s, t.end_s, t.before_s, at, end) - before
