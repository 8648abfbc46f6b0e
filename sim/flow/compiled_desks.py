"""The desks of the compiled executor: who serves whom, and work that is taken away.

Where steps take several people (`Tables.teams`), `compiled_joint` decides instead.
"""

from __future__ import annotations

import numpy as np

from sim.jit import inlined_lean, part_lean

from . import compiled_joint as joint
from .compiled_halls import give_ticket, is_refused, present, turn_away
from .compiled_lines import first_claim, leave_line, set_back_late, wait
from .compiled_parts import (
    delist_person,
    enlist_person,
    expect,
    left_in_hand,
    line_of,
    lose_patience,
    may_leave,
    note_work,
)
from .compiled_teams import hurry, start
from .definitions import (
    BOOKED_AHEAD_S,
    NOTHING,
    PATIENCE,
    RESTART,
    RESUME,
    claim,
    claimant,
    comes_again,
    first_line,
    is_late,
    lags,
    lowest_priority,
    priority_of,
    serves,
    set_back,
)
from .state import LATE_LAST, NEXT_DUTY


@inlined_lean
def join(t, s, request, task, now):
    of_request, step = s.requests[request], s.tasks[task]
    of_request.queue, of_request.joint = step.queue, step.joint
    hall = t.hall[request] if t.refuses and task == t.first_task[request] else np.int32(-1)
    if hall >= 0 and is_refused(t, s, request, hall, now):
        turn_away(t, s, request, now)
        return
    seats = t.seats[hall] if hall >= 0 else np.int64(-1)
    is_full = seats >= 0 and present(t, s, hall, False)[0] >= seats
    of_request.left_s = step.seconds
    discipline, due = t.discipline[step.queue], of_request.due_s
    shift = s.neglect_s[step.queue] - t.ahead_s[step.queue]
    if step.supervised and lags(t.arrival_s[request], due, step.supervised, now):
        shift -= t.supervision_s
    if len(t.booked) > 0 and t.booked[request] and task == t.first_task[request]:
        shift -= BOOKED_AHEAD_S
    expected_s = t.expected_s[task] if t.knows_work else np.int64(0)
    since, of_request.line = now, t.line[step.queue]
    if t.returns_to_person and t.same_person[task] and _can_return(t, s, request, now):
        since, of_request.line = of_request.first_start_s, t.own_line[of_request.person]
    number = claim(discipline, of_request.priority, due, since, expected_s, shift, request)
    if s.late_last[step.queue] and is_late(due, now):
        number = set_back(number)
    _offer(t, s, number, now)
    if hall >= 0:
        if is_full and of_request.waiting:
            _leave(t, s, request, now)
            turn_away(t, s, request, now)
            return
        if not (of_request.waiting and of_request.patience_s == 0):  # who leaves at once takes none
            give_ticket(s, hall, now)
    if of_request.waiting:
        if of_request.patience_s >= 0 and of_request.first_start_s < 0:
            expect(t, s, request, now + of_request.patience_s, PATIENCE)
        lose_patience(t, s, request, now)


@inlined_lean
def _can_return(t, s, request, now):
    """Return whether who worked on the request last can go on with it, now or later."""
    of_request = s.requests[request]
    person = of_request.person
    if of_request.first_start_s < 0 or not comes_again(s.until, s.span, t.first_span, person, now):
        return False
    first, last = t.first_of_lines[person], t.first_of_lines[person + 1]
    return serves(t.lines, first, last, of_request.line)


@inlined_lean
def _offer(t, s, number, now):
    """Give a request to an idle person on duty, or preempt one of lower priority, or let it wait.

    A preempted request is offered in turn.
    """
    if t.teams:
        joint.offer(t, s, number, now)
        return
    while number != NOTHING:
        line = line_of(t, s, claimant(number))
        first, last = t.first_of_staff[line], t.first_of_staff[line + 1]
        person, displaced = _longest_idle(t, s, line, now), NOTHING
        if person < 0 and t.may_interrupt:
            earliest = t.first_begun[s.requests[claimant(number)].queue]
            person = lowest_priority(
                t.staff,
                first,
                last,
                s.claim_in_hand,
                s.in_hand,
                s.until,
                s.since,
                s.may_stop,
                number,
                earliest,
                now,
            )
            if person >= 0:
                displaced = _interrupt(t, s, person, now)
        if person >= 0:
            start(t, s, person, number, now)
        else:
            wait(t, s, number)
        if t.hurries:
            hurry(t, s, line, now)
        number = displaced


@inlined_lean
def finish(t, s, request, now):
    if t.teams:
        joint.finish(t, s, request, now)
        return
    person = s.requests[request].person
    note_work(s, request, person, now)
    line = line_of(t, s, request)
    s.present[line] -= 1
    _free(t, s, person, now)
    if t.hurries:
        hurry(t, s, line, now)


@inlined_lean
def _free(t, s, person, now):
    """Empty the person's hands; on duty, they take the first waiting request."""
    s.in_hand[person] = -1
    if now < s.until[person]:
        _next(t, s, person, now)


@inlined_lean
def _next(t, s, person, now):
    """Take the first waiting request of the person's lines; if there is none, become idle."""
    if s.at[LATE_LAST] > 0:
        for place in range(t.first_of_lines[person], t.first_of_lines[person + 1]):
            set_back_late(t, s, t.lines[place], now)
    line = first_line(t.lines, t.first_of_lines[person], t.first_of_lines[person + 1], s.head)
    if line >= 0:
        number = s.head[line]
        leave_line(s, line)
        start(t, s, person, number, now)
    else:
        enlist_person(t, s, person, now)


@inlined_lean
def _longest_idle(t, s, line, now):
    """Return the person on duty who is idle longest, −1 = nobody; delist those whose duty has ended."""
    while s.first_idle[line] >= 0:
        person = s.owner[s.first_idle[line]]
        if now < s.until[person]:
            return person
        delist_person(t, s, person)
    return -1


@inlined_lean
def duty_begins(t, s, now):
    """Put people on duty at this moment, in order of their numbers; first those with empty hands."""
    first = last = s.at[NEXT_DUTY]
    while last < len(t.duty_order) and max(t.start_s[t.duty_order[last]], t.begin) == now:
        span = t.duty_order[last]
        person = t.holder[span]
        s.span[person] = span
        s.until[person] = t.end_s[span]
        last += 1
    s.at[NEXT_DUTY] = last
    if t.teams:
        joint.come(t, s, first, last, now)
    for place in range(first, last):
        person = t.holder[t.duty_order[place]]
        if not t.teams and now < s.until[person] and s.in_hand[person] < 0:
            if s.listed[person]:
                delist_person(t, s, person)
            _next(t, s, person, now)
    for place in range(first, last):
        person = t.holder[t.duty_order[place]]
        if now < s.until[person] and s.in_hand[person] >= 0 and s.since[person] < now:
            _drop_for_higher_priority(t, s, person, now)
    if t.teams:
        joint.settle(t, s, now)


# Work that is taken away


@inlined_lean
def withdraw(t, s, request, now):
    """Withdraw the request if it waits, unless somebody has begun to work on it (`may_leave`)."""
    if s.requests[request].waiting and may_leave(t, s, request, now):
        s.withdrawn_s[request] = now
        _leave(t, s, request, now)


@part_lean
def _leave(t, s, request, now):
    """Take a request that waits out of its line."""
    s.requests[request].waiting = 0
    if t.teams:
        joint.withdraw(t, s, request, now)
        return
    line = line_of(t, s, request)
    if claimant(s.head[line]) == request:
        leave_line(s, line)
    else:
        s.present[line] -= 1
    if t.hurries:
        hurry(t, s, line, now)


@inlined_lean
def hand_over(t, s, request, now):
    """Offer the work to others at the end of duty."""
    if t.teams:
        joint.hand_over(t, s, request, now)
        return
    person = s.requests[request].person
    number = s.claim_in_hand[person]
    queue = s.requests[request].queue
    _put_back(t, s, person, RESTART if t.anew[queue] else RESUME, now)
    s.in_hand[person] = -1
    _offer(t, s, number, now)


@inlined_lean
def _interrupt(t, s, person, now):
    """Preempt the request in the person's hands; return its claim, which keeps its place in the line."""
    _put_back(t, s, person, t.preemption[s.requests[s.in_hand[person]].queue], now)
    return s.claim_in_hand[person]


@part_lean
def _drop_for_higher_priority(t, s, person, now):
    """Drop suspended work at the begin of duty if a request of higher priority waits."""
    if not s.may_stop[person]:
        return
    number = first_claim(t, s, person)
    if priority_of(number) >= priority_of(s.claim_in_hand[person]):
        return
    if t.teams:
        joint.try_(t, s, number, True, now)
    else:
        displaced = _interrupt(t, s, person, now)
        _free(t, s, person, now)
        _offer(t, s, displaced, now)


@inlined_lean
def _put_back(t, s, person, mode, now):
    """Take the work out of the person's hands, with what is left of it."""
    request = s.in_hand[person]
    note_work(s, request, person, now)
    s.requests[request].left_s = left_in_hand(t, s, person, mode, now)
    s.requests[request].pending = -1
    s.present[line_of(t, s, request)] -= 1
    lose_patience(t, s, request, now)


# A new roster


@part_lean
def lay_down_changed(t, s, changed, now):
    for person in range(len(changed)):
        if not changed[person] or s.in_hand[person] < 0:
            continue
        if t.teams:
            joint.let_go(t, s, s.in_hand[person], now)
        else:
            _put_back(t, s, person, RESUME, now)
            s.in_hand[person] = -1
            s.since[person] = joint.LETTING_GO


@part_lean
def take_roster(t, s, before, now):
    people = len(s.in_hand)
    for person in range(people):
        begun = first = t.first_span[person]
        while begun < t.first_span[person + 1] and t.start_s[begun] < now:
            begun += 1
        s.since_span[person] += first - before[person]
        s.span[person] = begun - 1
        s.until[person] = 0
        if begun > first:
            s.until[person] = t.end_s[begun - 1]
    duty = 0
    while duty < len(t.duty_order) and t.start_s[t.duty_order[duty]] < now:
        duty += 1
    s.at[NEXT_DUTY] = duty
    if t.teams:
        joint.take_roster(t, s, now)
        return
    for person in range(people):
        if s.since[person] == joint.LETTING_GO:
            _offer(t, s, s.claim_in_hand[person], now)
    for person in range(people):
        if s.since[person] == joint.LETTING_GO:
            s.since[person] = now
            _free(t, s, person, now)
