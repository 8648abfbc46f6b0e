"""The compiled executor: the same rows as `simpy_flow`, bit for bit, from one loop that numba compiles.

Its functions have the same names as in the reference, and it uses the same `definitions`; only idle people
are kept in order (`idle`). Each request has the number of its present task instead of a process. The next
event is the earliest of three: the next arrival, the next begin of duty, and the top of the event calendar, a
heap. An event is stale, and skipped, if it is not the one that its request waits for (`pending`): the work
was taken away.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.jit import Intrinsic, Packed, compiled, compiled_lean, inlined_lean, part_lean
from sim.world.tasks import CARE_UNITS, CHECK, DELAY, WORK

from .compiled_desks import duty_begins, finish, hand_over, join, lay_down_changed, take_roster, withdraw
from .compiled_joint import duty_ends
from .compiled_parts import (
    wait_for,
)
from .definitions import (
    ARRIVAL,
    DUTY,
    FINISH,
    LEAVE,
    NOTHING,
    PATIENCE,
    RETURN,
    SUSPEND,
    after_delay,
    claimant,
    clock_stopped,
    due_s,
    event,
    goes_wrong,
    heard,
    kind_of,
    lags,
    time_of,
)
from .heap import take_first
from .state import (
    BY_REQUEST,
    EVENTS,
    LATE_LAST,
    NEXT_ARRIVAL,
    NEXT_DUTY,
    NEXT_LEAVE,
    SEGMENTS,
    STAGES,
    heap_of,
    initial,
    seconds_of,
)
from .tables import Tables
from .trace import Spells, Trace

fetch, hold = Intrinsic("sim.flow.held", "fetch"), Intrinsic("sim.flow.held", "hold")

AT_A_TIME = 2**18  # events per call, a tenth of a second: Python handles a Ctrl-C between two calls

# Parts of the executor: process events; put back the work in hand of people whose duty changes (`changed`);
# apply the new spans of duty and offer to others what was put back (`before`: the first of the old spans).
WORK_UNTIL, LET_GO, TAKE_ROSTER = 0, 1, 2
_NONE = np.empty(0, np.int64)
_NOBODY, _NO_SPANS = np.empty(0, np.bool_), np.empty(0, np.int64)


class CompiledFlow:
    """The compiled executor: see `sim.flow.Executor`."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._state = initial(tables)
        self._packed: list[Packed] = []
        self._trace: Trace | None = None  # of the moment
        self._told = np.empty((0, 0), np.int64)  # its columns of requests that are not arrays of the state
        self._is_over = False  # the horizon has ended: its trace stays, and the rest of the state goes

    def set_speed(self, speed: np.ndarray) -> None:
        self._state.speed[:] = speed

    def set_care(self, careless: np.ndarray) -> None:
        self._state.careless[:] = np.rint(careless * CARE_UNITS)

    def set_attention(self, neglect_s: np.ndarray, late_last: np.ndarray) -> None:
        self._state.neglect_s[:] = neglect_s
        self._state.late_last[:] = late_last
        self._state.at[LATE_LAST] = np.count_nonzero(late_last)

    def redraw(self, tables: Tables, tasks: np.ndarray) -> None:
        self.tables = tables
        if not self._is_over:
            self._state.tasks["seconds"][tasks] = seconds_of(tables, tasks)

    def roster(self, tables: Tables, changed: np.ndarray, now: int) -> None:
        """Raises ValueError where the claims of work in hand were not kept (`Tables.keeps_claims`), or when
        the horizon has ended."""
        if self._is_over:
            raise ValueError("the horizon has ended, and with it all duty")
        if not self.tables.keeps_claims:
            raise ValueError("the claims of work in hand were not kept; build the tables with careers on")
        while self._lacks_room():
            self._more_room()
        self._trace = None
        self._advance(LET_GO, now, changed=changed)
        before, self.tables = self.tables.first_span, tables
        self._advance(TAKE_ROSTER, now, before=before)

    def work_until(self, time: int) -> None:
        if self._is_over:
            return
        self._trace = None
        while not self._advance(WORK_UNTIL, time):
            if self._lacks_room():
                self._more_room()
        self._is_over = time >= self.tables.end

    def _advance(
        self, part: int, time: int, changed: np.ndarray = _NOBODY, before: np.ndarray = _NO_SPANS
    ) -> bool:
        given = self.tables, self._state
        if not self._packed or any(
            own.value is not other for own, other in zip(self._packed, given, strict=True)
        ):
            self._packed = [Packed(own) for own in given]
        return advance(*self._packed, part, time, self._room(), AT_A_TIME, changed, before)

    def _lacks_room(self) -> list[str]:
        """Return the names of the growing arrays that have no room for one more event."""
        s, room = self._state, self._room()
        used = {"events": s.at[EVENTS], "segments": s.at[SEGMENTS]}
        return [name for name, count in used.items() if count + room > len(getattr(s, name))]

    def _room(self) -> int:
        return 4 * len(self._state.speed) + 8  # more than one event can need

    def _more_room(self) -> None:
        larger = {}
        for name in self._lacks_room():
            old = getattr(self._state, name)
            rows = 2 * len(old)
            larger[name] = heap_of(rows) if name == "events" else np.empty((rows, 4), old.dtype)
            larger[name][: len(old)] = old
        self._state = self._state._replace(**larger)

    @property
    def spells(self) -> Spells:
        if self._trace is not None:
            return self._trace
        s = self._state
        busy = np.flatnonzero(s.in_hand >= 0)
        in_hand = s.requests["task"][s.in_hand[busy]], busy, s.since[busy], s.need_s[busy]
        return Spells(s.segments[: s.at[SEGMENTS]], np.column_stack(in_hand).astype(np.int64))

    @property
    def trace(self) -> Trace:
        if self._trace is None:
            self._trace = self._traced()
            if self._is_over:
                stages = zip(STAGES, _stages(self._state.tasks), strict=True)
                self._trace = replace(self._trace, **dict(stages))
                self._state, self._packed = self._state._replace(**{name: _NONE for name in BY_REQUEST}), []
        return self._trace

    def _traced(self) -> Trace:
        s = self._state
        came = s.at[NEXT_ARRIVAL]
        if not len(self._told):
            self._told, came = np.empty((3, len(s.requests)), np.int64), len(s.requests)
        _tell(s.requests, self._told, came)
        first_start_s, returns, due_s = self._told
        return Trace(
            **{name: s.tasks[name] for name in STAGES},
            first_start_s=first_start_s,
            returns=returns,
            due_s=due_s,
            finish_s=s.finish_s,
            withdrawn_s=s.withdrawn_s,
            turned_away=s.turned_away,
            **vars(self.spells),
        )


@compiled
def _tell(requests, columns, came):
    """Set first_start_s, returns and due_s of the requests that have come: those of the others stay."""
    for i in range(came):
        columns[0, i] = requests[i]["first_start_s"]
        columns[1, i] = requests[i]["returns"]
        columns[2, i] = requests[i]["due_s"]


@compiled
def _stages(tasks):
    """Return ready_s, start_s and end_s of all tasks, read in one pass."""
    columns = np.empty((3, len(tasks)), np.int32)
    for i in range(len(tasks)):
        columns[0, i] = tasks[i]["ready_s"]
        columns[1, i] = tasks[i]["start_s"]
        columns[2, i] = tasks[i]["end_s"]
    return columns


@compiled_lean
def advance(t, s, part, time, room, most, changed, before):
    """Do one of the executor's parts. They are one function, as parts that they share are compiled once."""
    if part == WORK_UNTIL:
        return _work_until(hold(t), hold(s), time, room, most)
    if part == LET_GO:
        lay_down_changed(hold(t), hold(s), changed, time)
    else:
        take_roster(hold(t), hold(s), before, time)
    return True


@part_lean
def _work_until(t, s, time, room, most):
    """Process at most `most` events before `time`.

    Return False if there are more, or if `events` or `segments` lack `room`.
    """
    for _ in range(most):
        if s.at[EVENTS] + room > len(s.events) or s.at[SEGMENTS] + room > len(s.segments):
            return False
        following = s.events[0] if s.at[EVENTS] > 0 else NOTHING
        arrival, duty = s.at[NEXT_ARRIVAL], s.at[NEXT_DUTY]
        if arrival < len(t.arrival_s):
            following = min(following, event(max(t.arrival_s[arrival], t.begin), ARRIVAL, arrival))
        if duty < len(t.duty_order):
            following = min(following, event(max(t.start_s[t.duty_order[duty]], t.begin), DUTY, 0))
        if t.teams and s.at[NEXT_LEAVE] < len(t.leave_order):
            leaves_s = max(t.end_s[t.leave_order[s.at[NEXT_LEAVE]]], t.begin)
            following = min(following, event(leaves_s, LEAVE, 0))
        now, kind, request = time_of(following), kind_of(following), claimant(following)
        if now >= time:
            return True
        if kind == ARRIVAL:
            if request == arrival:
                s.at[NEXT_ARRIVAL] += 1
            else:  # it was turned away, and comes again
                s.at[EVENTS] -= 1
                take_first(s.events, 0, s.at[EVENTS])
            _proceed(t, s, request, s.requests[request].task, now)
        elif kind == DUTY:
            duty_begins(t, s, now)
        elif kind == LEAVE:
            duty_ends(t, s, now)
        else:
            s.at[EVENTS] -= 1
            take_first(s.events, 0, s.at[EVENTS])
            _look_ahead(s)
            if kind == PATIENCE:
                withdraw(t, s, request, now)
            elif s.requests[request].pending == following:
                s.requests[request].pending = -1
                if kind == SUSPEND:
                    hand_over(t, s, request, now)
                else:
                    if kind == FINISH:
                        finish(t, s, request, now)
                    task = s.requests[request].task
                    s.tasks[task].end_s = now
                    _proceed(t, s, request, task + 1, now)
    return False


@inlined_lean
def _look_ahead(s):
    """Fetch what the next events will read: in a large bureau it is in no cache."""
    if s.at[EVENTS] > 4:
        task = s.requests[claimant(s.events[0])].task
        fetch(s.tasks, task)
        fetch(s.tasks, task + np.uint32(1))
        for place in range(1, 5):  # one of them comes second
            fetch(s.requests, claimant(s.events[place]))


# A request's life


@inlined_lean
def _proceed(t, s, request, task, now):
    """Move the request to a task, or finish it."""
    of_request = s.requests[request]
    while task < of_request.last and s.tasks[task].type == CHECK:
        task = _check(t, s, request, task, now)
    if task == of_request.last:
        s.finish_s[request] = now
        return
    of_request.task = task
    s.tasks[task].ready_s = now
    kind = s.tasks[task].type
    if kind == WORK:
        join(t, s, request, task, now)
    elif kind == DELAY:
        _delay(t, s, request, task, now)
    else:
        _sitting(t, s, request, task, now)


@inlined_lean
def _check(t, s, request, task, now):
    """Return the task after a check: the correction if the work has an error, else the task behind it."""
    times = s.tasks[task]
    times.ready_s = times.end_s = now
    if goes_wrong(s.careless[s.requests[request].person], t.fails_above[task]):
        times.start_s = now
        return task + 1
    return task + 1 + t.corrections[task]


@inlined_lean
def _delay(t, s, request, task, now):
    step = s.tasks[task]
    seconds, due = step.seconds, s.requests[request].due_s
    pressed = step.supervised and len(t.pressed_s) > 0
    if pressed and lags(t.arrival_s[request], due, step.supervised, now):
        seconds = t.pressed_s[task]
    end = after_delay(t.worked_days, t.working_days, now, seconds, step.again_or_days)
    s.tasks[task].start_s = now
    if step.returned:
        s.requests[request].returns += 1
    if step.stops:
        before, received_s = s.excluded[request], t.arrival_s[request]
        s.excluded[request, 0], s.excluded[request, 1], s.excluded[request, 2] = clock_stopped(
            step.stops, before, t.worked_days, received_s, s.requests[request].due_s, now, end
        )
        s.requests[request].due_s = due_s(
            t.worked_days,
            t.working_days,
            t.day_ends_s,
            t.arrival_s[request],
            t.limit_amount[request],
            t.limit_per[request],
            s.excluded[request, 0],
            s.excluded[request, 1],
            s.excluded[request, 2],
        )
    wait_for(t, s, request, end, RETURN)


@inlined_lean
def _sitting(t, s, request, task, now):
    """Book the next sitting that still has a place."""
    committee = s.tasks[task].queue
    turn, last = s.next_sitting[committee], t.first_sitting[committee + 1]
    while turn < last and (t.sitting_s[turn] < now or s.places[turn] == 0):
        turn += 1
    s.next_sitting[committee] = turn
    if turn < last:  # else no sitting is left in the horizon
        s.places[turn] -= 1
        one_by_one, until = t.one_by_one[committee], s.heard_until[committee]
        begin, end = heard(one_by_one, t.sitting_s[turn], until, s.tasks[task].seconds)
        s.tasks[task].start_s, s.heard_until[committee] = begin, end
        wait_for(t, s, request, end, RETURN)
