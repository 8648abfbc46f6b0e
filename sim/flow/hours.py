"""The use of people's hours: on duty, busy, overtime, and off service by reason."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.jit import compiled
from sim.world import World

from . import definitions
from .tables import Tables
from .trace import Trace

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


class Timesheet:
    """The uses of people's time in a replication, prepared for queries by span."""

    def __init__(self, world: World) -> None:
        people = world.people
        rules = {unit: world.scenario.setting(unit, "when_duty_ends") for unit in world.scenario.units}
        self._end_s = world.end_s
        self._works_over = np.array([rules[person.unit] == "finish" for person in people], bool)
        self._away = {}
        for use in AWAY:
            spans = [person.away.get(use, _NOTHING) for person in people]
            holder = np.repeat(np.arange(len(people)), [len(own) for own in spans])
            self._away[use] = holder, np.concatenate([_NOTHING, *spans])

    def used(self, tables: Tables, trace: Trace, start_s: int, end_s: int) -> dict[str, np.ndarray]:
        """Return the seconds within [start_s, end_s) by use, int64 (people,) each, named as in `hours`."""
        people = len(self._works_over)

        def within(holder: np.ndarray, begin: np.ndarray, end: np.ndarray) -> np.ndarray:
            inside = np.clip(end, start_s, end_s) - np.clip(begin, start_s, end_s)
            return np.bincount(holder, inside, minlength=people).astype(np.int64)

        busy, beyond = _busy(tables, trace.segments, start_s, end_s)
        under_way = trace.in_hand.astype(np.int32)
        under_way[:, 3] = self._end_s
        for total, more in zip((busy, beyond), _busy(tables, under_way, start_s, end_s), strict=True):
            total += more
        return {
            "on_duty_s": within(tables.holder, tables.start_s, tables.end_s),
            "busy_s": busy,
            "overtime_s": np.where(self._works_over, beyond, 0),
            **{f"{use}_s": within(holder, *spans.T) for use, (holder, spans) in self._away.items()},
        }


_NOTHING = np.empty((0, 2), np.int64)


@compiled
def _busy(t, segments, start_s, end_s):
    """Return each person's seconds of work on duty, and beyond it, within [start_s, end_s).

    `segments` are those of a trace, in order of time for each person.
    """
    inside, beyond = np.zeros(len(t.speed), np.int64), np.zeros(len(t.speed), np.int64)
    span = t.first_span[:-1].copy()  # the last span of each person that has begun
    for i in range(len(segments)):
        person = segments[i, 1]
        start, end = max(segments[i, 2], start_s), min(segments[i, 3], end_s)
        if start >= end:
            continue
        at, last = span[person], t.first_span[person + 1]
        while at + 1 < last and t.start_s[at + 1] <= start:
            at += 1
        span[person] = at
        before = definitions.worked(t.start_s, t.end_s, t.before_s, at, start)
        while at + 1 < last and t.start_s[at + 1] <= end:
            at += 1
        spent = definitions.worked(t.start_s, t.end_s, t.before_s, at, end) - before
        inside[person] += spent
        beyond[person] += end - start - spent
    return inside, beyond
