"""The compiled executor where steps take several people: the same rows as `simpy_joint`, which has the rule.

Its functions have the same names as in the reference. A team is a chain: of its request `person`, who answers
for the work, then `mate` by `mate`.
"""

from __future__ import annotations

import numpy as np

from sim.jit import by_type, inlined_lean, part_lean

from .compiled_parts import (
    delist_person,
    enlist_person,
    left_in_hand,
    line_of,
    note_work,
    wait_for,
    work_on,
)
from .definitions import (
    DUTY,
    FINISH,
    HAND_OVER,
    LEAVE,
    NONE,
    NOTHING,
    PATIENCE,
    RESUME,
    SUSPEND,
    claimant,
    first_line,
    is_late,
    is_set_back,
    person_seconds,
    priority_of,
    set_back,
    work_left,
)
from .heap import add, remove
from .joint import end_of_joint_work, joint_seconds, suffices
from .state import ASIDE, CHANGED, LATE_LAST, NEXT_LEAVE, OFFERS, STIRRED, JointState

# What `jointly` does, beside the classes of events.
OFFER, LET_GO, TAKE_ROSTER = 10, 11, 12
LETTING_GO = -2  # in `since`: this person's work now goes to others

# Lines


@inlined_lean
def _joined_line(t, s, task):
    """Return the line of who joins, −1 = nobody does."""
    joined = t.joined[task]
    return np.int64(t.line[joined]) if joined >= 0 else np.int64(-1)


@inlined_lean
def _is_joint(t, task):
    return t.people[task] > 1 or t.joined[task] >= 0


@inlined_lean
def _stir(s, line):
    if not s.is_stirred[line]:
        s.is_stirred[line] = True
        s.stirred[s.at[STIRRED]] = line
        s.at[STIRRED] += 1


@inlined_lean
def _note_change(t, s, line):
    if t.hurries and not s.is_changed[line]:
        s.is_changed[line] = True
        s.changed[s.at[CHANGED]] = line
        s.at[CHANGED] += 1


@part_lean
def _wait(t, s, number):
    request = claimant(number)
    _enter(t, s, number, line_of(t, s, request))
    other = _joined_line(t, s, s.requests[request].task)
    if other >= 0:
        _enter(t, s, number, other)


@inlined_lean
def _enter(t, s, number, line):
    add(s.claims, s.first_claim[line], s.size[line], number)
    s.size[line] += 1
    s.head[line] = s.claims[s.first_claim[line]]
    _note_change(t, s, line)


@part_lean
def _leave(t, s, number):
    """Take a request out of its lines; if others waited with it, they look again for work."""
    request = claimant(number)
    task = s.requests[request].task
    _leave_line(t, s, number, line_of(t, s, request), _is_joint(t, task))
    other = _joined_line(t, s, task)
    if other >= 0:
        _leave_line(t, s, number, other, True)


@inlined_lean
def _leave_line(t, s, number, line, stirs):
    s.size[line] -= 1
    remove(s.claims, s.first_claim[line], s.size[line], number)
    s.head[line] = s.claims[s.first_claim[line]] if s.size[line] > 0 else NOTHING
    _note_change(t, s, line)
    if stirs:
        _stir(s, line)


@part_lean
def _set_back_late(t, s, line, now):
    while s.head[line] != NOTHING and not is_set_back(s.head[line]):
        number = s.head[line]
        of_request = s.requests[claimant(number)]
        if not (s.late_last[s.steps[of_request.task].queue] and is_late(of_request.due_s, now)):
            return
        _leave(t, s, number)
        s.claim[claimant(number)] = set_back(number)
        _wait(t, s, set_back(number))


@inlined_lean
def _return_aside(t, s):
    """Put those who stepped aside back into their lines."""
    for place in range(s.at[ASIDE]):
        number = s.aside[place]
        request = claimant(number)
        _wait(t, s, number)
        _stir(s, line_of(t, s, request))
        other = _joined_line(t, s, s.requests[request].task)
        if other >= 0:
            _stir(s, other)
    s.at[ASIDE] = 0


# Who does what


@inlined_lean
def _add_offer(s, number):
    s.offers[s.at[OFFERS]] = number
    s.at[OFFERS] += 1


@inlined_lean
def _first_of(column, s, counter):
    """Remove and return the first entry of a column that counts its entries in `State.at`."""
    first = column[0]
    s.at[counter] -= 1
    for place in range(s.at[counter]):
        column[place] = column[place + 1]
    return first


@inlined_lean
def settle(t, s, now):
    """Begin all that can begin, until nothing more can."""
    while s.at[OFFERS] > 0 or s.at[STIRRED] > 0:
        if s.at[OFFERS] > 0:
            number = _first_of(s.offers, s, OFFERS)
            request = claimant(number)
            s.requests[request].waiting = 1
            s.claim[request] = number
            _wait(t, s, number)
            if not _try(t, s, number, t.may_interrupt, now):
                task = s.requests[request].task
                if _is_joint(t, task) and not _staffed(t, s, request, task, now):
                    _step_aside(t, s, number)
            continue
        line = _first_of(s.stirred, s, STIRRED)
        s.is_stirred[line] = False
        count, place = 0, s.first_idle[line]
        while place >= 0:
            s.looking[count] = s.owner[place]
            count += 1
            place = s.behind[place]
        for nth in range(count):
            person = s.looking[nth]
            if s.in_hand[person] < 0 and now < s.until[person]:
                _take(t, s, person, now)
    lines = s.at[CHANGED]
    s.at[CHANGED] = 0
    for place in range(lines):
        line = s.changed[place]
        s.is_changed[line] = False
        _hurry(t, s, line, now)


@part_lean
def _take(t, s, person, now):
    """Begin on the first claims in a person's lines whose teams are complete, until they have one."""
    first, last = t.first_of_lines[person], t.first_of_lines[person + 1]
    while s.in_hand[person] < 0:
        if s.at[LATE_LAST] > 0:
            for place in range(first, last):
                _set_back_late(t, s, t.lines[place], now)
        line = first_line(t.lines, first, last, s.head)
        if line < 0:
            return
        number = s.head[line]
        if _try(t, s, number, False, now):
            continue  # it may have gone to others
        request = claimant(number)
        task = s.requests[request].task
        if not _is_joint(t, task) or _staffed(t, s, request, task, now):
            return
        _step_aside(t, s, number)


@part_lean
def _try(t, s, number, may_interrupt, now):
    """Begin a request if its team is complete."""
    size = _gather(t, s, number, may_interrupt, now)
    if size > 0:
        _begin(t, s, number, size, now)
    return size > 0


@inlined_lean
def _first_claim(t, s, person):
    line = first_line(t.lines, t.first_of_lines[person], t.first_of_lines[person + 1], s.head)
    return NOTHING if line < 0 else s.head[line]


@inlined_lean
def _serves(t, person, line):
    for place in range(t.first_of_lines[person], t.first_of_lines[person + 1]):
        if t.lines[place] == line:
            return True
    return False


@inlined_lean
def _gather(t, s, number, may_interrupt, now):
    """Put the team of a request into `team`; return its size, 0 if it is not complete."""
    request = claimant(number)
    task = s.requests[request].task
    line, other = np.int64(line_of(t, s, request)), _joined_line(t, s, task)
    needed, size = np.int64(t.people[task]), np.int64(0)
    if other >= 0:
        size = _pick(t, s, number, line, other, needed, size, now)
    size = _pick(t, s, number, line, np.int64(-1), needed, size, now)
    if may_interrupt:
        size = _pick_busy(t, s, number, line, needed, size, now)
    if size == needed and other >= 0:
        needed += 1
        size = _pick(t, s, number, other, np.int64(-1), needed, size, now)
        if may_interrupt:
            size = _pick_busy(t, s, number, other, needed, size, now)
    return size if size == needed else np.int64(0)


@inlined_lean
def _in_team(s, size, person):
    found = False
    for place in range(size):
        found |= s.team[place] == person
    return found


@part_lean
def _pick(t, s, number, line, other, needed, size, now):
    """Add to the team idle people of a line up to `needed`, nobody of the line `other`; return its size."""
    place = s.first_idle[line]
    while place >= 0 and size < needed:
        person = np.int64(s.owner[place])
        place = s.behind[place]
        if now >= s.until[person] or _in_team(s, size, person):
            continue
        if other >= 0 and _serves(t, person, other):
            continue
        if _first_claim(t, s, person) == number:
            s.team[size] = person
            size += 1
    return size


@part_lean
def _pick_busy(t, s, number, line, needed, size, now):
    """Add to the team, up to `needed`, people whose work may be interrupted, lowest priority first."""
    priority = priority_of(number)
    while size < needed:
        chosen, rank, since, request = np.int64(-1), priority, np.int64(0), np.int64(0)
        for place in range(t.first_of_staff[line], t.first_of_staff[line + 1]):
            person = np.int64(t.staff[place])
            if s.in_hand[person] < 0 or now >= s.until[person] or not s.may_stop[person]:
                continue
            own = priority_of(s.claim_in_hand[person])
            if own <= priority or _in_team(s, size, person):
                continue
            better = own > rank
            if own == rank:
                better = s.since[person] > since or (s.since[person] == since and s.in_hand[person] > request)
            if better and _first_claim(t, s, person) == number:
                chosen, rank, since, request = person, own, s.since[person], s.in_hand[person]
        if chosen < 0:
            return size
        s.team[size] = chosen
        size += 1
    return size


@part_lean
def _staffed(t, s, request, task, now):
    """Return whether enough people of a request are on duty."""
    line, other = line_of(t, s, request), _joined_line(t, s, task)
    main, joined, both = 0, 0, 0
    for place in range(t.first_of_staff[line], t.first_of_staff[line + 1]):
        person = t.staff[place]
        if now < s.until[person]:
            main += 1
            if other >= 0 and _serves(t, person, other):
                both += 1
    if other >= 0:
        for place in range(t.first_of_staff[other], t.first_of_staff[other + 1]):
            if now < s.until[t.staff[place]]:
                joined += 1
    return suffices(main, joined, both, t.people[task], other >= 0)


@part_lean
def _step_aside(t, s, number):
    _leave(t, s, number)
    s.aside[s.at[ASIDE]] = number
    s.at[ASIDE] += 1


# Work


@inlined_lean
def _begin(t, s, number, size, now):
    request = claimant(number)
    _leave(t, s, number)
    for place in range(size):
        person = s.team[place]
        if s.in_hand[person] >= 0:
            other = s.in_hand[person]
            _lay_down(t, s, other, t.preemption[s.steps[s.requests[other].task].queue], True, now)
    of_request = s.requests[request]
    queue = s.steps[of_request.task].queue
    of_request.waiting = 0
    of_request.person = s.team[0]
    for place in range(size):
        person = s.team[place]
        if s.listed[person]:
            delist_person(t, s, person)
        s.in_hand[person] = request
        s.mate[person] = s.team[place + 1] if place + 1 < size else -1
        s.claim_in_hand[person] = number
        s.may_stop[person] = t.preemption[queue] != NONE
    times = s.times[of_request.task]
    if times.start_s < 0:
        times.start_s = now
        if of_request.first_start_s < 0:
            of_request.first_start_s = now
    _note_change(t, s, line_of(t, s, request))
    _work_on(t, s, request, 1.0, now)


@part_lean
def _work_on(t, s, request, pace, now):
    leader = np.int64(s.requests[request].person)
    queue = s.steps[s.requests[request].task].queue
    if s.mate[leader] < 0:
        work_on(t, s, leader, request, queue, pace, now)
        return
    rule, kind, speed = t.when_duty_ends[queue], t.kind[queue], 0.0
    size = _chain(s, leader)
    for place in range(size):
        speed += s.speed[s.team[place], kind]
    speed = speed / size * pace
    need = person_seconds(s.requests[request].left_s, speed)
    for place in range(size):
        person = s.team[place]
        s.since[person], s.since_span[person], s.need_s[person] = now, s.span[person], need
        s.speed_in_hand[person], s.pace[person] = speed, pace
    end = end_of_joint_work(rule, s.team, size, t.first_span, t.start_s, t.end_s, now, need)
    wait_for(t, s, request, end, SUSPEND if rule == HAND_OVER and end - now < need else FINISH)


@inlined_lean
def _chain(s, leader):
    """Put the team of who answers for it into `team`; return its size."""
    size, person = 0, leader
    while person >= 0:
        s.team[size] = person
        size += 1
        person = s.mate[person]
    return size


@part_lean
def _note_all(s, request, now):
    """Note the work of a team; who answers for it comes last."""
    leader = np.int64(s.requests[request].person)
    person = s.mate[leader]
    while person >= 0:
        note_work(s, request, person, now)
        person = s.mate[person]
    note_work(s, request, leader, now)


@part_lean
def _left(t, s, request, mode, now):
    """Return the standard work left of a request in hand (s)."""
    leader = np.int64(s.requests[request].person)
    if s.mate[leader] < 0:
        return left_in_hand(t, s, leader, mode, now)
    step, size, person = s.steps[s.requests[request].task], np.int64(0), leader
    while person >= 0:  # `team` may hold the team that is about to begin
        s.before[size] = person
        size += 1
        person = s.mate[person]
    rule = t.when_duty_ends[step.queue]
    spent = joint_seconds(rule, s.before, size, t.first_span, t.start_s, t.end_s, s.since[leader], now)
    left_s, speed = s.requests[request].left_s, s.speed_in_hand[leader]
    return work_left(mode, left_s, step.seconds, step.again_s, spent, speed)


@part_lean
def _lay_down(t, s, request, mode, frees, now):
    """Take work out of the hands of a team and offer it anew; with `frees` those on duty become idle."""
    of_request = s.requests[request]
    leader, task = np.int64(of_request.person), of_request.task
    _note_all(s, request, now)
    of_request.left_s = _left(t, s, request, mode, now)
    of_request.pending = -1
    _add_offer(s, s.claim_in_hand[leader])
    _note_change(t, s, line_of(t, s, request))
    other = _joined_line(t, s, task)
    if other >= 0:
        _note_change(t, s, other)
    if _is_joint(t, task):
        _stir(s, line_of(t, s, request))
        if other >= 0:
            _stir(s, other)
    person = leader
    while person >= 0:
        following = s.mate[person]
        s.in_hand[person] = s.mate[person] = -1
        if frees:
            _release(t, s, person, now)
        person = following


@inlined_lean
def _release(t, s, person, now):
    if now < s.until[person]:
        enlist_person(t, s, person, now)


@inlined_lean
def finish(t, s, request, now):
    _note_all(s, request, now)
    _note_change(t, s, line_of(t, s, request))
    leader = np.int64(s.requests[request].person)
    count, person = 0, leader
    while person >= 0:
        following = s.mate[person]
        s.in_hand[person] = s.mate[person] = -1
        _release(t, s, person, now)
        s.looking[count] = person
        count += 1
        person = following
    for nth in range(count):
        person = s.looking[nth]
        if s.in_hand[person] < 0 and now < s.until[person]:
            _take(t, s, person, now)


@inlined_lean
def hand_over(t, s, request, now):
    _lay_down(t, s, request, RESUME, True, now)


@inlined_lean
def _drop_for_higher_priority(t, s, person, now):
    if s.may_stop[person]:
        number = _first_claim(t, s, person)
        if number != NOTHING and priority_of(number) < priority_of(s.claim_in_hand[person]):
            _try(t, s, number, True, now)


@inlined_lean
def withdraw(t, s, request, now):
    """Take a request that withdraws out of its lines."""
    number, place = s.claim[request], 0
    while place < s.at[ASIDE] and s.aside[place] != number:
        place += 1
    if place == s.at[ASIDE]:
        _leave(t, s, number)
    else:
        s.at[ASIDE] -= 1
        for later in range(place, s.at[ASIDE]):
            s.aside[later] = s.aside[later + 1]


# Duty


@inlined_lean
def come(t, s, first, last, now):
    """Put to work those who come on duty: the holders of ``duty_order[first:last]``."""
    _return_aside(t, s)
    for place in range(first, last):
        span = t.duty_order[place]
        person = t.holder[span]
        if t.end_s[span] > now and s.in_hand[person] < 0:
            if s.listed[person]:
                delist_person(t, s, person)
            enlist_person(t, s, person, now)
    for place in range(first, last):
        span = t.duty_order[place]
        person = t.holder[span]
        if t.end_s[span] > now and s.in_hand[person] < 0:
            _take(t, s, person, now)
    for place in range(first, last):
        span = t.duty_order[place]
        person = t.holder[span]
        if t.end_s[span] > now and s.in_hand[person] >= 0 and s.since[person] < now:
            _drop_for_higher_priority(t, s, person, now)


@inlined_lean
def duty_ends(t, s, now):
    """Let those who waited for somebody look again for work when people go off duty."""
    while s.at[NEXT_LEAVE] < len(t.leave_order):
        span = t.leave_order[s.at[NEXT_LEAVE]]
        if max(t.end_s[span], t.begin) != now:
            break
        person = t.holder[span]
        for place in range(t.first_of_lines[person], t.first_of_lines[person + 1]):
            _stir(s, t.lines[place])
        s.at[NEXT_LEAVE] += 1


@inlined_lean
def let_go(t, s, request, now):
    """Lay down the work of a team before a new roster."""
    person = np.int64(s.requests[request].person)
    leader = person
    size = _chain(s, leader)
    _lay_down(t, s, request, RESUME, False, now)
    for place in range(size):
        s.since[s.team[place]] = LETTING_GO


@inlined_lean
def take_roster(t, s, now):
    """Offer anew what was laid down, to those on duty by the new roster."""
    leave = 0
    while leave < len(t.leave_order) and t.end_s[t.leave_order[leave]] < now:
        leave += 1
    s.at[NEXT_LEAVE] = leave
    for person in range(len(s.in_hand)):
        if s.since[person] == LETTING_GO:
            s.since[person] = now
            _release(t, s, person, now)
    _return_aside(t, s)
    for line in range(len(s.head)):
        _stir(s, line)


@inlined_lean
def _hurry(t, s, line, now):
    first, last = t.first_of_staff[line], t.first_of_staff[line + 1]
    present = s.size[line]
    for place in range(first, last):
        if _answers_for(t, s, t.staff[place], line):
            present += 1
    heads = np.int64(last) - np.int64(first)
    pace = t.pace[min((present + heads - 1) // heads, len(t.pace) - 1)]
    for place in range(first, last):
        person = t.staff[place]
        if _answers_for(t, s, person, line) and s.pace[person] != pace:
            request = s.in_hand[person]
            if s.since[person] < now:
                _note_all(s, request, now)
                s.requests[request].left_s = _left(t, s, request, RESUME, now)
            _work_on(t, s, request, pace, now)


@inlined_lean
def _answers_for(t, s, person, line):
    request = s.in_hand[person]
    return request >= 0 and s.requests[request].person == person and line_of(t, s, request) == line


def jointly(what, t, s, one, other, now):
    """Do `what` as joint work asks, and return whether the bureau has any.

    Only for a `JointState` are the functions above compiled.
    """
    if isinstance(s, JointState):
        _act(what, t, s, one, other, now)
        return True
    return False


@by_type(jointly)
def _jointly(what, t, s, one, other, now):
    if s.content.instance_class is JointState:

        def joint(what, t, s, one, other, now):
            _act(what, t, s, one, other, now)
            return True

        return joint
    return lambda what, t, s, one, other, now: False


@part_lean
def _act(what, t, s, one, other, now):
    if what == OFFER:
        _add_offer(s, one)
    elif what == FINISH:
        finish(t, s, one, now)
    elif what == SUSPEND:
        hand_over(t, s, one, now)
    elif what == DUTY:
        come(t, s, one, other, now)
    elif what == PATIENCE:
        withdraw(t, s, one, now)
    elif what == LEAVE:
        duty_ends(t, s, now)
    elif what == LET_GO:
        let_go(t, s, one, now)
    else:
        take_roster(t, s, now)
    if what != LET_GO:
        settle(t, s, now)
