"""What the two halves of the compiled executor share: work in hand, segments, idle lists, events."""

from __future__ import annotations

import numpy as np

from sim.jit import inlined_lean

from .definitions import (
    FINISH,
    HAND_OVER,
    PATIENCE,
    SUSPEND,
    end_of_work,
    event,
    is_handed_over,
    person_seconds,
    seconds_spent,
    work_left,
)
from .heap import add
from .idle import delist, enlist
from .state import EVENTS, SEGMENTS


@inlined_lean
def enlist_person(t, s, person, now):
    """Put a person with empty hands, on duty, among the idle."""
    s.listed[person] = True
    s.idle_since[person] = now
    enlist(
        person, now, t.lines, t.first_of_lines,
        s.first_idle, s.last_idle, s.ahead, s.behind, s.owner, s.idle_since,
    )  # fmt: skip


@inlined_lean
def delist_person(t, s, person):
    s.listed[person] = False
    delist(person, t.lines, t.first_of_lines, s.first_idle, s.last_idle, s.ahead, s.behind)


@inlined_lean
def line_of(t, s, request):
    """Return the line in which the request waits, or waited last."""
    return s.requests[request].line


@inlined_lean
def work_on(t, s, person, request, queue, now):
    """Begin work on what is left, at the person's speed times the pace of the line."""
    rule, span, last = t.when_duty_ends[queue], s.span[person], t.first_span[person + 1]
    speed = s.speed[person, t.kind[queue]] * s.line_pace[line_of(t, s, request)]
    need = person_seconds(s.requests[request].left_s, speed)
    s.since[person], s.need_s[person] = now, need
    if t.keeps_claims or rule == HAND_OVER:
        s.since_span[person] = span
        s.speed_in_hand[person] = speed
    if now + need <= s.until[person]:  # mostly; then the spans of duty need not be read
        wait_for(t, s, request, now + need, FINISH)
        return
    end = end_of_work(rule, t.start_s, t.end_s, t.before_s, span, last, now, need)
    wait_for(t, s, request, end, SUSPEND if is_handed_over(rule, t.end_s, span, now, need) else FINISH)


@inlined_lean
def left_in_hand(t, s, person, mode, now):
    """Return the standard work left in the person's hands (s)."""
    of_request = s.requests[s.in_hand[person]]
    step = s.tasks[of_request.task]
    rule = t.when_duty_ends[of_request.queue]
    since, since_span, span = s.since[person], s.since_span[person], s.span[person]
    spent = seconds_spent(rule, t.start_s, t.end_s, t.before_s, since, since_span, now, span)
    return work_left(
        mode, of_request.left_s, step.seconds, step.again_or_days, spent, s.speed_in_hand[person]
    )


@inlined_lean
def note_work(s, request, person, now):
    row = s.segments[np.uint64(s.at[SEGMENTS])]
    row[0], row[1], row[2], row[3] = s.requests[request].task, person, s.since[person], now
    s.at[SEGMENTS] += 1


@inlined_lean
def lose_patience(t, s, request, now):
    """Let a request withdraw when its patience for the whole matter is out."""
    if len(t.whole_s) > 0 and t.whole_s[request] >= 0:
        expect(t, s, request, max(t.arrival_s[request] + t.whole_s[request], now), PATIENCE)


@inlined_lean
def may_leave(t, s, request, now):
    """Return whether nobody has begun to work on it, or its patience for the whole matter is out."""
    if s.requests[request].first_start_s < 0:
        return True
    return len(t.whole_s) > 0 and 0 <= t.whole_s[request] <= now - t.arrival_s[request]


@inlined_lean
def wait_for(t, s, request, time, kind):
    """Schedule the event at which the request goes on, unless its work is taken away before."""
    s.requests[request].pending = event(min(time, t.end), kind, request)
    expect(t, s, request, time, kind)


@inlined_lean
def expect(t, s, request, time, kind):
    if time < t.end:  # nothing happens after the horizon
        add(s.events, 0, s.at[EVENTS], event(time, kind, request))
        s.at[EVENTS] += 1
