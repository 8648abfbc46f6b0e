"""The reference executor: one SimPy process per request, which moves through its tasks.

It is written to be read. A request's process waits once for each task, for the event that fires when the task
ends; the desks (`simpy_desks`) decide when that is. Known calendars are arithmetic (`definitions`), so nights
and holidays cost no events. Only hand-over, preemption and a change of pace or roster make a scheduled end
stale; no process waits for a stale end.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from sim.world.tasks import CARE_UNITS, DELAY, SITTING, WORK

from .definitions import (
    ARRIVAL,
    RESUME,
    RETURN,
    after_delay,
    clock_stopped,
    due_s,
    goes_wrong,
    heard,
    lags,
)
from .simpy_desks import SimpyDesks
from .simpy_parts import Moment
from .tables import Tables
from .trace import Spells, Trace


class SimpyFlow(SimpyDesks):
    """The SimPy executor: see `sim.flow.Executor`."""

    def __init__(self, tables: Tables) -> None:
        super().__init__(tables)
        self.ready_s, self.ended_s = ([-1] * len(self.type) for _ in range(2))
        self.finish_s, self.withdrawn_s = ([-1] * len(self.arrival_s) for _ in range(2))
        self.returns = [0] * len(self.arrival_s)
        self.excluded: dict[int, tuple[int, int, int]] = {}
        self.next_sitting = self.first_sitting[:-1]
        self.heard_until = [0] * len(self.one_by_one)
        self.env.process(self._duty_begins(0))
        self.env.process(self._doors_open())

    def work_until(self, time: int) -> None:
        if time > self.env.now:
            self.env.run(until=time)

    def set_speed(self, speed: np.ndarray) -> None:
        self.speed = speed.tolist()

    def set_care(self, careless: np.ndarray) -> None:
        self.careless = np.rint(careless * CARE_UNITS).astype(np.int64).tolist()

    def set_attention(self, neglect_s: np.ndarray, late_last: np.ndarray) -> None:
        self.neglect_s, self.late_last = neglect_s.tolist(), late_last.tolist()
        self.any_neglect, self.any_late_last = any(self.neglect_s), any(self.late_last)

    def redraw(self, tables: Tables, tasks: np.ndarray) -> None:
        self.work_s, self.delay_s = tables.work_s.tolist(), tables.delay_s.tolist()
        self.pressed_s = tables.pressed_s.tolist()

    def roster(self, tables: Tables, changed: np.ndarray, now: int) -> None:
        moving = [person for person in np.flatnonzero(changed).tolist() if self.in_hand[person] >= 0]
        handed_over = [self.jobs[self.in_hand[person]] for person in moving]
        for person in moving:
            self._put_back(person, RESUME)
            self.in_hand[person] = -1
        self._take_roster(tables, now)
        for job in handed_over:
            self._offer(job)
        for person in moving:
            self._free(person)

    def _take_roster(self, tables: Tables, now: int) -> None:
        before, self.tables = self.first_span, tables
        for name in ("first_span", "start_s", "end_s", "before_s", "holder", "duty_order", "leave_order"):
            setattr(self, name, getattr(tables, name).tolist())
        for person, first in enumerate(self.first_span[:-1]):
            begun = first
            while begun < self.first_span[person + 1] and self.start_s[begun] < now:
                begun += 1
            self.since_span[person] += first - before[person]
            self.span[person], self.until[person] = begun - 1, self.end_s[begun - 1] if begun > first else 0
        self.rosters += 1
        self.env.process(self._duty_begins(self.rosters))

    # A request's life

    def _doors_open(self) -> Generator:
        """Start the process of each request at its arrival."""
        for request, arrival in enumerate(self.arrival_s):
            yield Moment(self.env).at(max(arrival, self.env.now), ARRIVAL, request)
            self.env.process(self._request(request))

    def _request(self, request: int) -> Generator:
        env, task = self.env, self.first_task[request]
        while task < self.first_task[request + 1]:
            self.ready_s[task] = env.now
            if self.type[task] == WORK:
                job = self._join(request, task)
                if job is None:
                    again = self._turn_away(request)
                    if again is None:
                        self.withdrawn_s[request] = env.now
                        return
                    yield again
                    continue
                yield job.done
                if job.person < 0:
                    self.withdrawn_s[request] = env.now
                    return
                self._finish(job)
            elif self.type[task] == DELAY:
                yield self._delay(request, task)
            elif self.type[task] == SITTING:
                yield self._sitting(request, task)
            else:
                task = self._check(request, task)
                continue
            self.ended_s[task] = env.now
            task += 1
        self.finish_s[request] = env.now

    def _check(self, request: int, task: int) -> int:
        """Return the task after a check: the correction if the work has an error, else the task behind it."""
        self.ended_s[task] = self.env.now
        person = self.jobs[request].person if request in self.jobs else 0
        if goes_wrong(self.careless[person], self.fails_above[task]):
            self.started_s[task] = self.env.now
            return task + 1
        return task + 1 + self.corrections[task]

    def _delay(self, request: int, task: int) -> Moment:
        now, seconds, late_from = self.env.now, self.delay_s[task], self.supervised[task]
        if (
            late_from
            and self.pressed_s
            and lags(self.arrival_s[request], self.due_s[request], late_from, now)
        ):
            seconds = self.pressed_s[task]
        end = after_delay(self.worked_days, self.working_days, now, seconds, self.delay_days[task])
        self.started_s[task] = now
        if self.returned[task]:
            self.returns[request] += 1
        if self.stops[task]:
            before = self.excluded.get(request, (0, 0, 0))
            received_s, due = self.arrival_s[request], self.due_s[request]
            self.excluded[request] = clock_stopped(
                self.stops[task], before, self.worked_days, received_s, due, now, end
            )
            self.due_s[request] = due_s(
                self.worked_days,
                self.working_days,
                self.day_ends_s,
                self.arrival_s[request],
                self.limit_amount[request],
                self.limit_per[request],
                *self.excluded[request],
            )
        return Moment(self.env).at(end, RETURN, request)

    def _sitting(self, request: int, task: int) -> Moment:
        """Book the next sitting that still has a place."""
        committee = self.committee[task]
        turn, last = self.next_sitting[committee], self.first_sitting[committee + 1]
        while turn < last and (self.sitting_s[turn] < self.env.now or self.places[turn] == 0):
            turn += 1
        self.next_sitting[committee] = turn
        done = Moment(self.env)
        if turn == last:
            return done  # no sitting is left in the horizon
        self.places[turn] -= 1
        one_by_one, until = self.one_by_one[committee], self.heard_until[committee]
        begin, end = heard(one_by_one, self.sitting_s[turn], until, self.delay_s[task])
        self.started_s[task], self.heard_until[committee] = begin, end
        return done.at(end, RETURN, request)

    @property
    def spells(self) -> Spells:
        """The work of people so far: a part of the trace."""
        return self.trace

    @property
    def trace(self) -> Trace:
        """The trace of the events so far."""
        by_task = {"ready_s": self.ready_s, "start_s": self.started_s, "end_s": self.ended_s}
        names = ("first_start_s", "finish_s", "withdrawn_s", "returns", "turned_away", "due_s")
        columns = by_task | {name: getattr(self, name) for name in names}
        in_hand = [
            (self.jobs[request].task, person, self.since[person], self.need_s[person])
            for person, request in enumerate(self.in_hand)
            if request >= 0
        ]
        return Trace(
            **{
                name: np.array(column, np.int32 if name in by_task else np.int64)
                for name, column in columns.items()
            },
            segments=np.array(self.segments, np.int32).reshape(-1, 4),
            in_hand=np.array(in_hand, np.int64).reshape(-1, 4),
        )
