"""The compiled executor where steps take several people: the same rows as `simpy_joint`, which has the rule.

Its functions have the same names as in the reference.
"""

from __future__ import annotations

import numpy as np

from sim.jit import inlined_lean, part_lean

from .compiled_lines import first_claim, is_joint, joined_line, leave, note_change, set_back_late, stir, wait
from .compiled_parts import delist_person, enlist_person, line_of, lose_patience, note_work
from .compiled_teams import chain, gather, hurry, left, note_all, note_start, staffed, start, work_together
from .definitions import NONE, NOTHING, RESTART, RESUME, claimant
from .state import ASIDE, CHANGED, JOINT_WAITING, LATE_LAST, NEXT_LEAVE, OFFERS, STIRRED

LETTING_GO = -2  # in `since`: this person's work now goes to others

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


@part_lean
def offer(t, s, number, now):
    """Offer a request to all whom it concerns; one for a single person goes to whom `settle` would choose."""
    request = claimant(number)
    if not is_joint(s, request):
        person = _free_for(t, s, line_of(t, s, request), number, now)
        if person >= 0:
            s.claim[request] = number
            start(t, s, person, number, now)
            _settle_paces(t, s, now)
            return
        if not t.may_interrupt:
            s.claim[request] = number
            wait(t, s, number)
            _settle_paces(t, s, now)
            return
    _add_offer(s, number)
    settle(t, s, now)


@inlined_lean
def _free_for(t, s, line, number, now):
    """Return who is idle longest and turns to the claim, or would if it stood in the line; −1 = nobody."""
    place = s.first_idle[line]
    while place >= 0:
        person = np.int64(s.owner[place])
        place = s.behind[place]
        if now < s.until[person] and first_claim(t, s, person) >= number:
            return person
    return np.int64(-1)


@part_lean
def settle(t, s, now):
    """Begin all that can begin, until nothing more can."""
    while s.at[OFFERS] > 0 or s.at[STIRRED] > 0:
        if s.at[OFFERS] > 0:
            number = _first_of(s.offers, s, OFFERS)
            request = claimant(number)
            s.requests[request].waiting = 1
            s.claim[request] = number
            wait(t, s, number)
            if not try_(t, s, number, t.may_interrupt, now):
                task = s.requests[request].task
                if is_joint(s, request) and not staffed(t, s, request, task, now):
                    _step_aside(t, s, number)
            continue
        line = _first_of(s.stirred, s, STIRRED)
        s.is_stirred[line] = False
        count, place = 0, s.first_idle[line]
        while place >= 0:
            s.looking[count] = s.owner[place]
            count += 1
            place = s.behind[place]
        _let_look(t, s, count, now)
    _settle_paces(t, s, now)


@inlined_lean
def _let_look(t, s, count, now):
    """Let the first `count` of those `looking` take work, if they are on duty with empty hands."""
    for nth in range(count):
        person = s.looking[nth]
        if s.in_hand[person] < 0 and now < s.until[person]:
            _take(t, s, person, now)


@inlined_lean
def _settle_paces(t, s, now):
    lines = s.at[CHANGED]
    s.at[CHANGED] = 0
    for place in range(lines):
        line = s.changed[place]
        s.is_changed[line] = False
        hurry(t, s, line, now)


@part_lean
def _take(t, s, person, now):
    """Begin on the first claims in a person's lines whose teams are complete, until they have one."""
    first, last = t.first_of_lines[person], t.first_of_lines[person + 1]
    while s.in_hand[person] < 0:
        if s.at[LATE_LAST] > 0:
            for place in range(first, last):
                set_back_late(t, s, t.lines[place], now)
        number = first_claim(t, s, person)
        if number == NOTHING:
            return
        if try_(t, s, number, False, now):
            continue  # it may have gone to others
        request = claimant(number)
        task = s.requests[request].task
        if not is_joint(s, request) or staffed(t, s, request, task, now):
            return
        _step_aside(t, s, number)


@part_lean
def try_(t, s, number, may_interrupt, now):
    """Begin a request if its team is complete."""
    request = claimant(number)
    if not is_joint(s, request):
        person = _free_for(t, s, line_of(t, s, request), number, now)
        if person >= 0:
            leave(t, s, number)
            start(t, s, person, number, now)
            return True
        if not may_interrupt:
            return False
    size = gather(t, s, number, may_interrupt, now)
    if size > 0:
        _begin(t, s, number, size, now)
    return size > 0


@part_lean
def _step_aside(t, s, number):
    leave(t, s, number)
    s.aside[s.at[ASIDE]] = number
    s.at[ASIDE] += 1


@inlined_lean
def _return_aside(t, s):
    """Put those who stepped aside back into their lines."""
    for place in range(s.at[ASIDE]):
        number = s.aside[place]
        request = claimant(number)
        wait(t, s, number)
        stir(s, line_of(t, s, request))
        other = joined_line(t, s, request)
        if other >= 0:
            stir(s, other)
    s.at[ASIDE] = 0


# Work


@inlined_lean
def _begin(t, s, number, size, now):
    leave(t, s, number)
    for place in range(size):
        person = s.team[place]
        if s.in_hand[person] >= 0:
            other = s.in_hand[person]
            _lay_down(t, s, other, t.preemption[s.requests[other].queue], True, now)
    _take_in_hand(t, s, number, size, now)


@inlined_lean
def _take_in_hand(t, s, number, size, now):
    """Let the team begin on a request that stands in no line."""
    request = claimant(number)
    of_request = s.requests[request]
    queue = of_request.queue
    of_request.waiting = 0
    of_request.person = s.team[0]
    for place in range(size):
        person = s.team[place]
        if s.listed[person]:
            delist_person(t, s, person)
        s.in_hand[person], s.line_in_hand[person] = request, of_request.line if place == 0 else -1
        s.mate[person] = s.team[place + 1] if place + 1 < size else -1
        s.claim_in_hand[person] = number
        s.may_stop[person] = t.preemption[queue] != NONE
    note_start(t, s, request, now)
    work_together(t, s, request, now)


@part_lean
def _lay_down(t, s, request, mode, frees, now):
    """Take work out of the hands of a team and offer it anew; with `frees` those on duty become idle."""
    of_request = s.requests[request]
    leader = np.int64(of_request.person)
    note_all(s, request, now)
    of_request.left_s = left(t, s, request, mode, now)
    of_request.pending = -1
    s.present[of_request.line] -= 1
    lose_patience(t, s, request, now)
    _add_offer(s, s.claim_in_hand[leader])
    note_change(t, s, line_of(t, s, request))
    other = joined_line(t, s, request)
    if other >= 0:
        note_change(t, s, other)
    if is_joint(s, request):
        stir(s, line_of(t, s, request))
        if other >= 0:
            stir(s, other)
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


@part_lean
def finish(t, s, request, now):
    if s.mate[s.requests[request].person] < 0 and s.at[LATE_LAST] == 0:
        person = np.int64(s.requests[request].person)
        number = first_claim(t, s, person) if now < s.until[person] else np.int64(NOTHING)
        if number == NOTHING or not is_joint(s, claimant(number)):
            _go_on(t, s, request, person, number, now)
            return
    note_all(s, request, now)
    s.present[line_of(t, s, request)] -= 1
    note_change(t, s, line_of(t, s, request))
    leader = np.int64(s.requests[request].person)
    count, person = 0, leader
    while person >= 0:
        following = s.mate[person]
        s.in_hand[person] = s.mate[person] = -1
        _release(t, s, person, now)
        s.looking[count] = person
        count += 1
        person = following
    _let_look(t, s, count, now)
    settle(t, s, now)


@inlined_lean
def _go_on(t, s, request, person, number, now):
    """Let a person who worked alone go on to a claim for one person: no other idle person waits for it."""
    note_work(s, request, person, now)
    s.present[line_of(t, s, request)] -= 1
    note_change(t, s, line_of(t, s, request))
    s.in_hand[person] = -1
    if number == NOTHING:
        _release(t, s, person, now)
    else:
        leave(t, s, number)
        start(t, s, person, number, now)
    _settle_paces(t, s, now)


@part_lean
def hand_over(t, s, request, now):
    anew = t.anew[s.requests[request].queue]
    _lay_down(t, s, request, RESTART if anew else RESUME, True, now)
    settle(t, s, now)


@part_lean
def withdraw(t, s, request, now):
    """Take a request that withdraws out of its lines."""
    number, place = s.claim[request], 0
    while place < s.at[ASIDE] and s.aside[place] != number:
        place += 1
    if place == s.at[ASIDE]:
        leave(t, s, number)
    else:
        s.at[ASIDE] -= 1
        for later in range(place, s.at[ASIDE]):
            s.aside[later] = s.aside[later + 1]
    settle(t, s, now)


# Duty


@part_lean
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


@part_lean
def duty_ends(t, s, now):
    """Let those who waited for somebody look again for work when people go off duty."""
    while s.at[NEXT_LEAVE] < len(t.leave_order):
        span = t.leave_order[s.at[NEXT_LEAVE]]
        if max(t.end_s[span], t.begin) != now:
            break
        person = t.holder[span]
        if s.at[JOINT_WAITING] > 0:  # else nobody waits for others
            for place in range(t.first_of_lines[person], t.first_of_lines[person + 1]):
                stir(s, t.lines[place])
        s.at[NEXT_LEAVE] += 1
    settle(t, s, now)


@inlined_lean
def let_go(t, s, request, now):
    """Lay down the work of a team before a new roster."""
    person = np.int64(s.requests[request].person)
    leader = person
    size = chain(s, leader)
    _lay_down(t, s, request, RESUME, False, now)
    for place in range(size):
        s.since[s.team[place]] = LETTING_GO


@part_lean
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
        stir(s, line)
    settle(t, s, now)
