"""The compiled executor: the same rows as `simpy_flow`, bit for bit, from one loop that numba compiles.

It reads like the reference: the functions have the names they have there, and what a step costs, who may
serve and who is next are the same `definitions`. Instead of processes there is one number a request, the
task it is at; what happens next is the least of three: the next arrival, the next begin of duty, and the
top of a heap of events. An event that work was taken away from is stale and is passed over: it is not the
one that its request waits for (`pending`).
"""

from __future__ import annotations

import numpy as np

from sim.compiled import compiled_lean, inlined_lean

from .definitions import (
    ARRIVAL,
    DELAY,
    DUTY,
    FINISH,
    NONE,
    NOTHING,
    PATIENCE,
    RESUME,
    RETURN,
    SUSPEND,
    WORK,
    after_delay,
    claim,
    claimant,
    due_s,
    end_of_work,
    event,
    excluded_time,
    first_line,
    is_handed_over,
    kind_of,
    least_urgent,
    longest_idle,
    person_seconds,
    seconds_spent,
    time_of,
    urgency_of,
    work_left,
)
from .heap import add, take_first
from .state import EVENTS, NEXT_ARRIVAL, NEXT_DUTY, SEGMENTS, State, initial
from .tables import Tables
from .trace import Trace


class CompiledFlow:
    """Advances the tables of a replication to a given time."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._state = initial(tables)

    def set_speed(self, speed: np.ndarray) -> None:
        """The people's speed (people,) for work begun from now on."""
        self._state.speed[:] = speed

    def work_until(self, time: int) -> None:
        """Let everything happen that is due before `time` (s)."""
        room = 2 * len(self._state.speed) + 8  # more than one event can need
        while not work_until(self.tables, self._state, time, room):
            s = self._state
            larger = {
                name: np.concatenate((old := getattr(s, name), np.empty_like(old)))
                for name in ("events", "segments")
            }
            self._state = s._replace(**larger)

    @property
    def trace(self) -> Trace:
        """What has happened so far; the arrays are those of the executor."""
        s = self._state
        busy = np.flatnonzero(s.in_hand >= 0)
        in_hand = np.column_stack((s.task[s.in_hand[busy]], busy, s.since[busy]))
        same = {name: getattr(s, name) for name in Trace.__dataclass_fields__ if name in State._fields}
        return Trace(**same | {"segments": s.segments[: s.at[SEGMENTS]], "in_hand": in_hand})


@compiled_lean
def work_until(t, s, time, room):
    """Let everything happen that is due before `time`; False where `events` or `segments` have not `room`."""
    while True:
        if s.at[EVENTS] + room > len(s.events) or s.at[SEGMENTS] + room > len(s.segments):
            return False
        following = s.events[0] if s.at[EVENTS] > 0 else NOTHING
        arrival, duty = s.at[NEXT_ARRIVAL], s.at[NEXT_DUTY]
        if arrival < len(t.arrival_s):
            following = min(following, event(max(t.arrival_s[arrival], t.begin), ARRIVAL, arrival))
        if duty < len(t.duty_order):
            following = min(following, event(max(t.start_s[t.duty_order[duty]], t.begin), DUTY, 0))
        now, kind, request = time_of(following), kind_of(following), claimant(following)
        if now >= time:
            return True
        if kind == ARRIVAL:
            s.at[NEXT_ARRIVAL] += 1
            _proceed(t, s, request, now)
        elif kind == DUTY:
            _duty_begins(t, s, now)
        else:
            s.at[EVENTS] -= 1
            take_first(s.events, 0, s.at[EVENTS])
            if kind == PATIENCE:
                _withdraw(t, s, request, now)
            elif s.pending[request] == following:
                s.pending[request] = -1
                if kind == SUSPEND:
                    _hand_over(t, s, request, now)
                else:
                    if kind == FINISH:
                        _finish(t, s, request, now)
                    s.end_s[s.task[request]] = now
                    _proceed(t, s, request, now)


# A request's life


@inlined_lean
def _proceed(t, s, request, now):
    """The request comes to its next task, or is finished."""
    task = s.task[request] + 1
    s.task[request] = task
    if task == t.first_task[request + 1]:
        s.finish_s[request] = now
        return
    s.ready_s[task] = now
    if t.type[task] == WORK:
        _join(t, s, request, task, now)
    elif t.type[task] == DELAY:
        _delay(t, s, request, task, now)
    else:
        _sitting(t, s, request, task, now)


@inlined_lean
def _delay(t, s, request, task, now):
    end = after_delay(t.count, t.working_days, now, t.delay_s[task], t.delay_days[task])
    s.start_s[task] = now
    if t.returned[task]:
        s.returns[request] += 1
    if t.stops[task]:
        working_days, days, seconds = excluded_time(t.count, now, end)
        s.excluded[request, 0] += working_days
        s.excluded[request, 1] += days
        s.excluded[request, 2] += seconds
        s.due_s[request] = due_s(
            t.count,
            t.working_days,
            t.arrival_s[request],
            t.limit_amount[request],
            t.limit_per[request],
            s.excluded[request, 0],
            s.excluded[request, 1],
            s.excluded[request, 2],
        )
    _await(t, s, request, end, RETURN)


@inlined_lean
def _sitting(t, s, request, task, now):
    """The next sitting that still has a place."""
    committee = t.committee[task]
    turn, last = s.next_sitting[committee], t.first_sitting[committee + 1]
    while turn < last and (t.sitting_s[turn] < now or s.places[turn] == 0):
        turn += 1
    s.next_sitting[committee] = turn
    if turn < last:  # else no sitting is left in the horizon
        s.places[turn] -= 1
        s.start_s[task] = t.sitting_s[turn]
        _await(t, s, request, t.sitting_s[turn] + t.delay_s[task], RETURN)


# Desks


@inlined_lean
def _join(t, s, request, task, now):
    s.left_s[request] = t.work_s[task]
    discipline = t.discipline[t.queue[task]]
    _offer(t, s, claim(discipline, t.urgency[request], s.due_s[request], now, request), now)
    if s.waiting[request] and s.first_start_s[request] < 0 and t.patience_s[request] >= 0:
        _expect(t, s, request, now + t.patience_s[request], PATIENCE)


@inlined_lean
def _offer(t, s, number, now):
    """Give a request to an idle person on duty, or take somebody off a less urgent one, or let it wait."""
    line = t.line[t.queue[s.task[claimant(number)]]]
    first, last = t.first_of_staff[line], t.first_of_staff[line + 1]
    person = longest_idle(t.staff, first, last, s.in_hand, s.until, s.idle_since, now)
    if person < 0 and t.may_interrupt:
        person = least_urgent(
            t.staff, first, last, s.claim_in_hand, s.in_hand, s.until, s.since, s.may_stop, number, now
        )
        if person >= 0:
            _interrupt(t, s, person, now)
    if person >= 0:
        _start(t, s, person, number, now)
    else:
        _wait(t, s, number)


@inlined_lean
def _start(t, s, person, number, now):
    request = claimant(number)
    task = s.task[request]
    rule, span, last = t.duty_ends[t.queue[task]], s.span[person], t.first_span[person + 1]
    need = person_seconds(s.left_s[request], s.speed[person])
    s.person[request] = person
    s.in_hand[person] = request
    s.claim_in_hand[person] = number
    s.since[person] = now
    s.since_span[person] = span
    s.speed_in_hand[person] = s.speed[person]
    s.may_stop[person] = t.preemption[t.queue[task]] != NONE
    if s.start_s[task] < 0:
        s.start_s[task] = now
        if s.first_start_s[request] < 0:
            s.first_start_s[request] = now
    end = end_of_work(rule, t.start_s, t.end_s, t.before_s, span, last, now, need)
    _await(t, s, request, end, SUSPEND if is_handed_over(rule, t.end_s, span, now, need) else FINISH)


@inlined_lean
def _finish(t, s, request, now):
    person = s.person[request]
    _note_work(s, request, person, now)
    _free(t, s, person, now)


@inlined_lean
def _free(t, s, person, now):
    s.in_hand[person] = -1
    s.idle_since[person] = now
    if now < s.until[person]:
        _next(t, s, person, now)


@inlined_lean
def _next(t, s, person, now):
    """Take the waiting request that comes first in any of the person's lines, if there is one."""
    line = first_line(t.lines, t.first_of_lines[person], t.first_of_lines[person + 1], s.head)
    if line >= 0:
        number = s.head[line]
        s.waiting[claimant(number)] = False
        _leave_line(s, line)
        _start(t, s, person, number, now)


@inlined_lean
def _wait(t, s, number):
    request = claimant(number)
    line = t.line[t.queue[s.task[request]]]
    s.waiting[request] = True
    add(s.claims, s.first_claim[line], s.size[line], number)
    s.size[line] += 1
    s.head[line] = s.claims[s.first_claim[line]]


@inlined_lean
def _leave_line(s, line):
    """The first of the line goes, and so do those behind who have withdrawn."""
    first = s.first_claim[line]
    while True:
        s.size[line] -= 1
        take_first(s.claims, first, s.size[line])
        if s.size[line] == 0:
            s.head[line] = NOTHING
            return
        s.head[line] = s.claims[first]
        if s.waiting[claimant(s.head[line])]:
            return


@inlined_lean
def _duty_begins(t, s, now):
    """All who come on duty at this moment, in the order of their numbers."""
    first = last = s.at[NEXT_DUTY]
    while last < len(t.duty_order) and max(t.start_s[t.duty_order[last]], t.begin) == now:
        span = t.duty_order[last]
        person = t.holder[span]
        s.span[person] = span
        s.until[person] = t.end_s[span]
        last += 1
    s.at[NEXT_DUTY] = last
    for place in range(first, last):
        span = t.duty_order[place]
        person = t.holder[span]
        if t.end_s[span] <= now:
            continue
        if s.in_hand[person] < 0:
            s.idle_since[person] = now
            _next(t, s, person, now)
        else:
            _drop_for_urgent(t, s, person, now)


# Work that is taken away


@inlined_lean
def _withdraw(t, s, request, now):
    """Patience is over, if nobody has begun to work on the request."""
    if not s.waiting[request] or s.first_start_s[request] >= 0:
        return
    s.waiting[request] = False
    s.withdrawn_s[request] = now
    line = t.line[t.queue[s.task[request]]]
    if claimant(s.head[line]) == request:
        _leave_line(s, line)


@inlined_lean
def _hand_over(t, s, request, now):
    """Duty has ended: somebody else goes on with the work, at once or later."""
    person = s.person[request]
    number = s.claim_in_hand[person]
    _put_back(t, s, person, RESUME, now)
    s.in_hand[person] = -1
    s.idle_since[person] = now
    _offer(t, s, number, now)


@inlined_lean
def _interrupt(t, s, person, now):
    """The request in the person's hands goes back to its place in the line."""
    _put_back(t, s, person, t.preemption[t.queue[s.task[s.in_hand[person]]]], now)
    _wait(t, s, s.claim_in_hand[person])


@inlined_lean
def _drop_for_urgent(t, s, person, now):
    """Back on duty with suspended work: something more urgent may have come meanwhile."""
    if not s.may_stop[person]:
        return
    line = first_line(t.lines, t.first_of_lines[person], t.first_of_lines[person + 1], s.head)
    if line >= 0 and urgency_of(s.head[line]) < urgency_of(s.claim_in_hand[person]):
        _interrupt(t, s, person, now)
        _free(t, s, person, now)


@inlined_lean
def _put_back(t, s, person, mode, now):
    """The work leaves the person's hands with what is left of it."""
    request = s.in_hand[person]
    task = s.task[request]
    _note_work(s, request, person, now)
    rule = t.duty_ends[t.queue[task]]
    since, since_span, span = s.since[person], s.since_span[person], s.span[person]
    spent = seconds_spent(rule, t.start_s, t.end_s, t.before_s, since, since_span, now, span)
    s.left_s[request] = work_left(
        mode, s.left_s[request], t.work_s[task], t.again_s[task], spent, s.speed_in_hand[person]
    )
    s.person[request] = -1
    s.pending[request] = -1


@inlined_lean
def _note_work(s, request, person, now):
    place = s.at[SEGMENTS]
    s.segments[place, 0] = s.task[request]
    s.segments[place, 1] = person
    s.segments[place, 2] = s.since[person]
    s.segments[place, 3] = now
    s.at[SEGMENTS] = place + 1


# Events


@inlined_lean
def _await(t, s, request, time, kind):
    """The request goes on when this happens, unless work is taken away before."""
    s.pending[request] = event(min(time, t.end), kind, request)
    _expect(t, s, request, time, kind)


@inlined_lean
def _expect(t, s, request, time, kind):
    if time < t.end:  # what would happen after the horizon does not happen
        add(s.events, 0, s.at[EVENTS], event(time, kind, request))
        s.at[EVENTS] += 1
