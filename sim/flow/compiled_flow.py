"""The compiled executor: the same rows as `simpy_flow`, bit for bit, from one loop that numba compiles.

Its functions have the same names as in the reference, and it uses the same `definitions`; only idle people
are kept in order (`idle`). Each request has the number of its present task instead of a process. The next
event is the earliest of three: the next arrival, the next begin of duty, and the top of the event calendar, a
heap. An event is stale, and skipped, if it is not the one that its request waits for (`pending`): the work
was taken away.
"""

from __future__ import annotations

import numpy as np

from sim.held import hold
from sim.jit import compiled_lean, inlined_lean, part_lean
from sim.world.tasks import CARE_UNITS, CHECK, DELAY, WORK

from .compiled_joint import LET_GO, LETTING_GO, OFFER, TAKE_ROSTER, jointly
from .compiled_parts import (
    delist_person,
    enlist_person,
    expect,
    left_in_hand,
    line_of,
    note_work,
    wait_for,
    work_on,
)
from .definitions import (
    ARRIVAL,
    DAY_S,
    DUTY,
    FINISH,
    HAND_OVER,
    LEAVE,
    NONE,
    NOTHING,
    PATIENCE,
    RESUME,
    RETURN,
    SUSPEND,
    after_delay,
    claim,
    claimant,
    clock_stopped,
    due_s,
    event,
    first_line,
    goes_wrong,
    is_late,
    is_set_back,
    kind_of,
    lags,
    lowest_priority,
    priority_of,
    set_back,
    time_of,
)
from .heap import add, take_first
from .state import (
    EVENTS,
    LATE_LAST,
    NEXT_ARRIVAL,
    NEXT_DUTY,
    NEXT_LEAVE,
    SEGMENTS,
    STAGES,
    initial,
    seconds_of,
)
from .tables import Tables
from .trace import Trace

AT_A_TIME = 2**18  # events per call, a tenth of a second: Python handles a Ctrl-C between two calls


class CompiledFlow:
    """The compiled executor: see `sim.flow.Executor`."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._state = initial(tables)
        self._trace: Trace | None = None  # of the moment

    def set_speed(self, speed: np.ndarray) -> None:
        self._state.speed[:] = speed

    def set_care(self, careless: np.ndarray) -> None:
        self._state.careless[:] = np.rint(careless * CARE_UNITS)

    def set_attention(self, neglect_s: np.ndarray, late_last: np.ndarray) -> None:
        self._state.neglect_s[:] = neglect_s
        self._state.late_last[:] = late_last
        self._state.at[LATE_LAST] = np.count_nonzero(late_last)

    def redraw(self, tables: Tables) -> None:
        self.tables = tables
        self._state.steps["seconds"][:] = seconds_of(tables)

    def roster(self, tables: Tables, changed: np.ndarray, now: int) -> None:
        """Raises ValueError where the claims of work in hand were not kept (`Tables.keeps_claims`)."""
        if not self.tables.keeps_claims:
            raise ValueError("the claims of work in hand were not kept; build the tables with careers on")
        while self._lacks_room():
            self._more_room()
        self._trace = None
        let_go(self.tables, self._state, changed, now)
        roster(tables, self._state, self.tables.first_span, now)
        self.tables = tables

    def work_until(self, time: int) -> None:
        self._trace = None
        while not work_until(self.tables, self._state, time, self._room(), AT_A_TIME):
            if self._lacks_room():
                self._more_room()

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
            larger[name] = np.empty((2 * len(old), *old.shape[1:]), old.dtype)
            larger[name][: len(old)] = old
        self._state = self._state._replace(**larger)

    @property
    def trace(self) -> Trace:
        if self._trace is None:
            self._trace = self._traced()
        return self._trace

    def _traced(self) -> Trace:
        s = self._state
        busy = np.flatnonzero(s.in_hand >= 0)
        return Trace(
            **{name: s.times[name] for name in STAGES},
            **{name: s.requests[name].astype(np.int64) for name in ("first_start_s", "returns", "due_s")},
            finish_s=s.finish_s,
            withdrawn_s=s.withdrawn_s,
            turned_away=s.turned_away,
            segments=s.segments[: s.at[SEGMENTS]],
            in_hand=np.column_stack(
                (s.requests["task"][s.in_hand[busy]], busy, s.since[busy], s.need_s[busy])
            ).astype(np.int64),
        )


@compiled_lean
def work_until(t, s, time, room, most):
    """Process at most `most` events before `time`.

    Return False if there are more, or if `events` or `segments` lack `room`.
    """
    return _work_until(hold(t), hold(s), time, room, most)


@part_lean
def _work_until(t, s, time, room, most):
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
            _duty_begins(t, s, now)
        elif kind == LEAVE:
            jointly(LEAVE, t, s, 0, 0, now)
        else:
            s.at[EVENTS] -= 1
            take_first(s.events, 0, s.at[EVENTS])
            if kind == PATIENCE:
                _withdraw(t, s, request, now)
            elif s.requests[request].pending == following:
                s.requests[request].pending = -1
                if kind == SUSPEND:
                    _hand_over(t, s, request, now)
                else:
                    if kind == FINISH:
                        _finish(t, s, request, now)
                    task = s.requests[request].task
                    s.times[task].end_s = now
                    _proceed(t, s, request, task + 1, now)
    return False


# A request's life


@inlined_lean
def _proceed(t, s, request, task, now):
    """Move the request to a task, or finish it."""
    of_request = s.requests[request]
    while task < of_request.last and s.steps[task].type == CHECK:
        task = _check(t, s, request, task, now)
    if task == of_request.last:
        s.finish_s[request] = now
        return
    of_request.task = task
    s.times[task].ready_s = now
    kind = s.steps[task].type
    if kind == WORK:
        _join(t, s, request, task, now)
    elif kind == DELAY:
        _delay(t, s, request, task, now)
    else:
        _sitting(t, s, request, task, now)


@inlined_lean
def _check(t, s, request, task, now):
    """Return the task after a check: the correction if the work has an error, else the task behind it."""
    times = s.times[task]
    times.ready_s = times.end_s = now
    if goes_wrong(s.careless[s.requests[request].person], t.fails_above[task]):
        times.start_s = now
        return task + 1
    return task + 1 + t.corrections[task]


@inlined_lean
def _delay(t, s, request, task, now):
    step = s.steps[task]
    seconds, due = step.seconds, s.requests[request].due_s
    pressed = step.supervised and len(t.pressed_s) > 0
    if pressed and lags(t.arrival_s[request], due, step.supervised, now):
        seconds = t.pressed_s[task]
    end = after_delay(t.worked_days, t.working_days, now, seconds, step.delay_days)
    s.times[task].start_s = now
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
    committee = s.steps[task].committee
    turn, last = s.next_sitting[committee], t.first_sitting[committee + 1]
    while turn < last and (t.sitting_s[turn] < now or s.places[turn] == 0):
        turn += 1
    s.next_sitting[committee] = turn
    if turn < last:  # else no sitting is left in the horizon
        s.places[turn] -= 1
        s.times[task].start_s = t.sitting_s[turn]
        wait_for(t, s, request, t.sitting_s[turn] + s.steps[task].seconds, RETURN)


# Desks


@inlined_lean
def _join(t, s, request, task, now):
    of_request, step = s.requests[request], s.steps[task]
    hall = t.hall[request] if t.refuses and task == t.first_task[request] else np.int32(-1)
    if hall >= 0 and _is_refused(t, s, request, hall, now):
        _turn_away(t, s, request, now)
        return
    seats = t.seats[hall] if hall >= 0 else np.int64(-1)
    is_full = seats >= 0 and _present(t, s, hall, False) >= seats
    of_request.left_s = step.seconds
    discipline, due = t.discipline[step.queue], of_request.due_s
    shift = s.neglect_s[step.queue] - t.ahead_s[step.queue]
    if step.supervised and lags(t.arrival_s[request], due, step.supervised, now):
        shift -= t.supervision_s
    expected_s = t.expected_s[task] if t.knows_work else np.int64(0)
    number = claim(discipline, of_request.priority, due, now, expected_s, shift, request)
    if s.late_last[step.queue] and is_late(due, now):
        number = set_back(number)
    _offer(t, s, number, now)
    if hall >= 0:
        if is_full and of_request.waiting:
            _leave(t, s, request, now)
            _turn_away(t, s, request, now)
            return
        _give_ticket(s, hall, now)
    if of_request.waiting and of_request.patience_s >= 0:
        if _leaves_later(t, request):
            expect(t, s, request, max(t.arrival_s[request] + of_request.patience_s, now), PATIENCE)
        elif of_request.first_start_s < 0:
            expect(t, s, request, now + of_request.patience_s, PATIENCE)


@part_lean
def _is_refused(t, s, request, hall, now):
    """Return whether tickets are gone, or so many are there that the person leaves at once."""
    given = s.tickets_given[hall] if s.ticket_day[hall] == now // DAY_S else 0
    if 0 <= t.tickets[hall] <= given:
        return True
    return t.leaves_at[request] > 0 and _present(t, s, hall, True) >= t.leaves_at[request]


@part_lean
def _present(t, s, hall, with_served):
    """Return how many wait in a hall, and on request those who are served."""
    count = 0
    for place in range(t.first_of_hall[hall], t.first_of_hall[hall + 1]):
        line = t.hall_lines[place]
        first = s.first_claim[line]
        for claim_ in range(first, first + s.size[line]):
            request = claimant(s.claims[claim_])
            if s.requests[request].waiting and _is_in(t, s, request, hall, line):
                count += 1
        if with_served:
            for nth in range(t.first_of_staff[line], t.first_of_staff[line + 1]):
                request = s.in_hand[t.staff[nth]]
                if request >= 0 and s.requests[request].person == t.staff[nth]:
                    count += _is_in(t, s, request, hall, line)
    return count


@inlined_lean
def _is_in(t, s, request, hall, line):
    """Return whether the line of the request, at its station, is this one of the hall."""
    queue = s.steps[s.requests[request].task].queue
    return t.hall_of[queue] == hall and t.line[queue] == line


@part_lean
def _turn_away(t, s, request, now):
    """Send the request away, for good or until the next working day."""
    s.turned_away[request] += 1
    if s.turned_away[request] > t.comebacks[request]:
        s.withdrawn_s[request] = now
    else:
        next_day = after_delay(t.worked_days, t.working_days, now, np.int64(-1), np.int64(1))
        expect(t, s, request, next_day, ARRIVAL)


@inlined_lean
def _give_ticket(s, hall, now):
    if s.ticket_day[hall] != now // DAY_S:
        s.ticket_day[hall], s.tickets_given[hall] = now // DAY_S, 0
    s.tickets_given[hall] += 1


@inlined_lean
def _leaves_later(t, request):
    """Return whether the patience of the request is for the whole matter."""
    return len(t.leaves_later) > 0 and t.leaves_later[request]


@inlined_lean
def _offer(t, s, number, now):
    """Give a request to an idle person on duty, or preempt one of lower priority, or let it wait.

    A preempted request is offered in turn.
    """
    if jointly(OFFER, t, s, number, 0, now):
        return
    while number != NOTHING:
        line = line_of(t, s, claimant(number))
        first, last = t.first_of_staff[line], t.first_of_staff[line + 1]
        person, displaced = _longest_idle(t, s, line, now), NOTHING
        if person < 0 and t.may_interrupt:
            person = lowest_priority(
                t.staff, first, last, s.claim_in_hand, s.in_hand, s.until, s.since, s.may_stop, number, now
            )
            if person >= 0:
                displaced = _interrupt(t, s, person, now)
        if person >= 0:
            _start(t, s, person, number, now)
        else:
            _wait(t, s, number)
        if t.hurries:
            _hurry(t, s, line, now)
        number = displaced


@inlined_lean
def _start(t, s, person, number, now):
    request = claimant(number)
    of_request = s.requests[request]
    queue = s.steps[of_request.task].queue
    of_request.person = person
    s.in_hand[person] = request
    if s.listed[person]:
        delist_person(t, s, person)
    if t.keeps_claims or t.when_duty_ends[queue] == HAND_OVER:  # else nobody takes it away again
        s.claim_in_hand[person] = number
        s.may_stop[person] = t.preemption[queue] != NONE
    times = s.times[of_request.task]
    if times.start_s < 0:
        times.start_s = now
        if of_request.first_start_s < 0:
            of_request.first_start_s = now
    work_on(t, s, person, request, queue, 1.0, now)


@part_lean  # seldom called, so not inlined
def _hurry(t, s, line, now):
    """Set the pace of all who work for the line by its length."""
    first, last = t.first_of_staff[line], t.first_of_staff[line + 1]
    present = s.size[line]
    for place in range(first, last):
        if _works_for(t, s, t.staff[place], line):
            present += 1
    heads = np.int64(last) - np.int64(first)
    pace = t.pace[min((present + heads - 1) // heads, len(t.pace) - 1)]
    for place in range(first, last):
        person = t.staff[place]
        if _works_for(t, s, person, line) and s.pace[person] != pace:
            request = s.in_hand[person]
            queue = s.steps[s.requests[request].task].queue
            if s.since[person] < now:
                note_work(s, request, person, now)
                s.requests[request].left_s = left_in_hand(t, s, person, RESUME, now)
            work_on(t, s, person, request, queue, pace, now)


@inlined_lean
def _works_for(t, s, person, line):
    return s.in_hand[person] >= 0 and line_of(t, s, s.in_hand[person]) == line


@inlined_lean
def _finish(t, s, request, now):
    if jointly(FINISH, t, s, request, 0, now):
        return
    person = s.requests[request].person
    note_work(s, request, person, now)
    line = line_of(t, s, request)
    _free(t, s, person, now)
    if t.hurries:
        _hurry(t, s, line, now)


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
            _set_back_late(t, s, t.lines[place], now)
    line = first_line(t.lines, t.first_of_lines[person], t.first_of_lines[person + 1], s.head)
    if line >= 0:
        number = s.head[line]
        s.requests[claimant(number)].waiting = 0
        _leave_line(s, line)
        _start(t, s, person, number, now)
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
def _wait(t, s, number):
    request = claimant(number)
    line = line_of(t, s, request)
    s.requests[request].waiting = 1
    add(s.claims, s.first_claim[line], s.size[line], number)
    s.size[line] += 1
    s.head[line] = s.claims[s.first_claim[line]]


@inlined_lean
def _leave_line(s, line):
    """Remove the first of the line, and those next who have withdrawn."""
    first = s.first_claim[line]
    while True:
        s.size[line] -= 1
        take_first(s.claims, first, s.size[line])
        if s.size[line] == 0:
            s.head[line] = NOTHING
            return
        s.head[line] = s.claims[first]
        if s.requests[claimant(s.head[line])].waiting:
            return


@part_lean
def _set_back_late(t, s, line, now):
    """Set back late requests at the head of the line, in queues that serve them last."""
    while s.head[line] != NOTHING and not is_set_back(s.head[line]):
        number = s.head[line]
        request = claimant(number)
        of_request = s.requests[request]
        if not (s.late_last[s.steps[of_request.task].queue] and is_late(of_request.due_s, now)):
            return
        _leave_line(s, line)
        _wait(t, s, set_back(number))


@inlined_lean
def _duty_begins(t, s, now):
    """Put people on duty at this moment, in order of their numbers; first those with empty hands."""
    first = last = s.at[NEXT_DUTY]
    while last < len(t.duty_order) and max(t.start_s[t.duty_order[last]], t.begin) == now:
        span = t.duty_order[last]
        person = t.holder[span]
        s.span[person] = span
        s.until[person] = t.end_s[span]
        last += 1
    s.at[NEXT_DUTY] = last
    if jointly(DUTY, t, s, first, last, now):
        return
    for place in range(first, last):
        span = t.duty_order[place]
        person = t.holder[span]
        if t.end_s[span] > now and s.in_hand[person] < 0:
            if s.listed[person]:
                delist_person(t, s, person)
            _next(t, s, person, now)
    for place in range(first, last):
        span = t.duty_order[place]
        person = t.holder[span]
        if t.end_s[span] > now and s.in_hand[person] >= 0 and s.since[person] < now:
            _drop_for_higher_priority(t, s, person, now)


# Work that is taken away


@inlined_lean
def _withdraw(t, s, request, now):
    """Withdraw the request if it waits, unless somebody has begun to work on it (`_leaves_later`)."""
    of_request = s.requests[request]
    if not of_request.waiting or (of_request.first_start_s >= 0 and not _leaves_later(t, request)):
        return
    s.withdrawn_s[request] = now
    _leave(t, s, request, now)


@part_lean
def _leave(t, s, request, now):
    """Take a request that waits out of its line."""
    s.requests[request].waiting = 0
    if jointly(PATIENCE, t, s, request, 0, now):
        return
    line = line_of(t, s, request)
    if claimant(s.head[line]) == request:
        _leave_line(s, line)
    if t.hurries:
        _hurry(t, s, line, now)


@inlined_lean
def _hand_over(t, s, request, now):
    """Offer the work to others at the end of duty."""
    if jointly(SUSPEND, t, s, request, 0, now):
        return
    person = s.requests[request].person
    number = s.claim_in_hand[person]
    _put_back(t, s, person, RESUME, now)
    s.in_hand[person] = -1
    _offer(t, s, number, now)


@inlined_lean
def _interrupt(t, s, person, now):
    """Preempt the request in the person's hands; return its claim, which keeps its place in the line."""
    _put_back(t, s, person, t.preemption[s.steps[s.requests[s.in_hand[person]].task].queue], now)
    return s.claim_in_hand[person]


@part_lean
def _drop_for_higher_priority(t, s, person, now):
    """Drop suspended work at the begin of duty if a request of higher priority waits."""
    if not s.may_stop[person]:
        return
    line = first_line(t.lines, t.first_of_lines[person], t.first_of_lines[person + 1], s.head)
    if line >= 0 and priority_of(s.head[line]) < priority_of(s.claim_in_hand[person]):
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


# A new roster


@compiled_lean
def let_go(t, s, changed, now):
    """Put back the work in hand of people whose duty changes."""
    _let_go(hold(t), hold(s), changed, now)


@part_lean
def _let_go(t, s, changed, now):
    for person in range(len(changed)):
        if not changed[person] or s.in_hand[person] < 0:
            continue
        if not jointly(LET_GO, t, s, s.in_hand[person], 0, now):
            _put_back(t, s, person, RESUME, now)
            s.in_hand[person] = -1
            s.since[person] = LETTING_GO


@compiled_lean
def roster(t, s, before, now):
    """Apply the new spans of duty and offer to others what was put back.

    `before` is the ``first_span`` of the old spans.
    """
    _roster(hold(t), hold(s), before, now)


@part_lean
def _roster(t, s, before, now):
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
    if jointly(TAKE_ROSTER, t, s, 0, 0, now):
        return
    for person in range(people):
        if s.since[person] == LETTING_GO:
            _offer(t, s, s.claim_in_hand[person], now)
    for person in range(people):
        if s.since[person] == LETTING_GO:
            s.since[person] = now
            _free(t, s, person, now)
