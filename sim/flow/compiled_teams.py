"""Who takes part in a step of the compiled executor, and the work under way of one person or of several.

The functions have the same names as in `simpy_joint`. A team is a chain: of its request `person`, who answers
for the work, then `mate` by `mate`; whoever works alone has no mate.
"""

from __future__ import annotations

import numpy as np

from sim.jit import inlined_lean, part_lean

from .compiled_lines import first_claim, joined_line, note_change
from .compiled_parts import delist_person, left_in_hand, line_of, note_work, wait_for, work_on
from .definitions import (
    FINISH,
    HAND_OVER,
    NONE,
    RESUME,
    SUSPEND,
    claimant,
    person_seconds,
    priority_of,
    serves,
    work_left,
)
from .joint import end_of_joint_work, joint_seconds, suffices

# Who takes part


@inlined_lean
def gather(t, s, number, may_interrupt, now):
    """Put the team of a request into `team`; return its size, 0 if it is not complete."""
    request = claimant(number)
    task = s.requests[request].task
    line, other = np.int64(line_of(t, s, request)), joined_line(t, s, request)
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
        if other >= 0 and serves(t.lines, t.first_of_lines[person], t.first_of_lines[person + 1], other):
            continue
        if first_claim(t, s, person) == number:
            s.team[size] = person
            size += 1
    return size


@part_lean
def _pick_busy(t, s, number, line, needed, size, now):
    """Add to the team, up to `needed`, people whose work may be interrupted, lowest priority first."""
    priority = priority_of(number)
    earliest = t.first_begun[s.requests[claimant(number)].queue]
    while size < needed:
        chosen, rank, since, request = np.int64(-1), priority, np.int64(0), np.int64(0)
        for place in range(t.first_of_staff[line], t.first_of_staff[line + 1]):
            person = np.int64(t.staff[place])
            if s.in_hand[person] < 0 or now >= s.until[person] or not s.may_stop[person]:
                continue
            own = priority_of(s.claim_in_hand[person])
            if own <= priority or _in_team(s, size, person):
                continue
            better, begun = own > rank, -s.since[person] if earliest else s.since[person]
            if own == rank:
                better = begun > since or (begun == since and s.in_hand[person] > request)
            if better and first_claim(t, s, person) == number:
                chosen, rank, since, request = person, own, begun, s.in_hand[person]
        if chosen < 0:
            return size
        s.team[size] = chosen
        size += 1
    return size


@part_lean
def staffed(t, s, request, task, now):
    """Return whether enough people of a request are on duty."""
    line, other = line_of(t, s, request), joined_line(t, s, request)
    main, joined, both = 0, 0, 0
    for place in range(t.first_of_staff[line], t.first_of_staff[line + 1]):
        person = t.staff[place]
        if now < s.until[person]:
            main += 1
            if other >= 0 and serves(t.lines, t.first_of_lines[person], t.first_of_lines[person + 1], other):
                both += 1
    if other >= 0:
        for place in range(t.first_of_staff[other], t.first_of_staff[other + 1]):
            if now < s.until[t.staff[place]]:
                joined += 1
    return suffices(main, joined, both, t.people[task], other >= 0)


# Work under way


@inlined_lean
def start(t, s, person, number, now):
    """Let a person begin alone on a request that stands in no line."""
    request = claimant(number)
    of_request = s.requests[request]
    queue = of_request.queue
    of_request.waiting = 0
    of_request.person = person
    s.in_hand[person], s.line_in_hand[person] = request, of_request.line
    if s.listed[person]:
        delist_person(t, s, person)
    if t.keeps_claims or t.when_duty_ends[queue] == HAND_OVER:  # else nobody takes it away again
        s.claim_in_hand[person] = number
        s.may_stop[person] = t.preemption[queue] != NONE
    note_start(t, s, request, now)
    work_on(t, s, person, request, queue, now)


@inlined_lean
def note_start(t, s, request, now):
    """Note that somebody begins on a request, now or again."""
    of_request = s.requests[request]
    times = s.tasks[of_request.task]
    if times.start_s < 0:
        times.start_s = now
        if of_request.first_start_s < 0:
            of_request.first_start_s = now
    s.present[of_request.line] += 1
    note_change(t, s, of_request.line)


@part_lean
def work_together(t, s, request, now):
    """Begin work on what is left, at the mean speed of who does it times the pace of the line."""
    leader = np.int64(s.requests[request].person)
    queue = s.requests[request].queue
    if s.mate[leader] < 0:
        work_on(t, s, leader, request, queue, now)
        return
    rule, kind, speed = t.when_duty_ends[queue], t.kind[queue], 0.0
    size = chain(s, leader)
    for place in range(size):
        speed += s.speed[s.team[place], kind]
    speed = speed / size * s.line_pace[line_of(t, s, request)]
    need = person_seconds(s.requests[request].left_s, speed)
    for place in range(size):
        person = s.team[place]
        s.since[person], s.since_span[person], s.need_s[person] = now, s.span[person], need
        s.speed_in_hand[person] = speed
    end = end_of_joint_work(rule, s.team, size, t.first_span, t.start_s, t.end_s, now, need)
    wait_for(t, s, request, end, SUSPEND if rule == HAND_OVER and end - now < need else FINISH)


@inlined_lean
def chain(s, leader):
    """Put the team of who answers for it into `team`; return its size."""
    size, person = 0, leader
    while person >= 0:
        s.team[size] = person
        size += 1
        person = s.mate[person]
    return size


@part_lean
def note_all(s, request, now):
    """Note the work of a team; who answers for it comes last."""
    leader = np.int64(s.requests[request].person)
    person = s.mate[leader]
    while person >= 0:
        note_work(s, request, person, now)
        person = s.mate[person]
    note_work(s, request, leader, now)


@part_lean
def left(t, s, request, mode, now):
    """Return the standard work left of a request in hand (s)."""
    leader = np.int64(s.requests[request].person)
    if s.mate[leader] < 0:
        return left_in_hand(t, s, leader, mode, now)
    step, size, person = s.tasks[s.requests[request].task], np.int64(0), leader
    while person >= 0:  # `team` may hold the team that is about to begin
        s.before[size] = person
        size += 1
        person = s.mate[person]
    rule = t.when_duty_ends[step.queue]
    spent = joint_seconds(rule, s.before, size, t.first_span, t.start_s, t.end_s, s.since[leader], now)
    left_s, speed = s.requests[request].left_s, s.speed_in_hand[leader]
    return work_left(mode, left_s, step.seconds, step.again_or_days, spent, speed)


@inlined_lean
def hurry(t, s, line, now):
    """Set the pace of all who work for the line by how many wait there or are served."""
    heads = np.int64(t.first_of_staff[line + 1]) - np.int64(t.first_of_staff[line])
    pace = t.pace[min((s.present[line] + heads - 1) // heads, len(t.pace) - 1)]
    if pace != s.line_pace[line]:
        s.line_pace[line] = pace
        _change_pace(t, s, line, now)


@part_lean  # seldom called, so not inlined
def _change_pace(t, s, line, now):
    """Let all who work for the line go on at its pace."""
    for place in range(t.first_of_staff[line], t.first_of_staff[line + 1]):
        person = t.staff[place]
        request = s.in_hand[person]
        if request >= 0 and s.line_in_hand[person] == line:
            if s.since[person] < now:
                note_all(s, request, now)
                s.requests[request].left_s = left(t, s, request, RESUME, now)
            work_together(t, s, request, now)
