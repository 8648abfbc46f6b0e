"""The lines of the compiled executor: heaps of claims, and the changes that joint work notes."""

from __future__ import annotations

import numpy as np

from sim.jit import inlined_lean, part_lean

from .compiled_parts import line_of
from .definitions import NOTHING, claimant, first_line, is_late, is_set_back, set_back
from .heap import add, remove, take_first
from .state import CHANGED, JOINT_WAITING, STIRRED


@inlined_lean
def is_joint(s, request):
    return s.requests[request].joint != 0


@inlined_lean
def joined_line(t, s, request):
    """Return the line of who joins, −1 = nobody does."""
    if not is_joint(s, request):
        return np.int64(-1)
    joined = t.joined[s.requests[request].task]
    return np.int64(t.line[joined]) if joined >= 0 else np.int64(-1)


@inlined_lean
def stir(s, line):
    """Let the idle people of a line look again for work."""
    if not s.is_stirred[line]:
        s.is_stirred[line] = True
        s.stirred[s.at[STIRRED]] = line
        s.at[STIRRED] += 1


@inlined_lean
def note_change(t, s, line):
    """Note that the length of a line may have changed, for the pace."""
    if t.teams and t.hurries and not s.is_changed[line]:
        s.is_changed[line] = True
        s.changed[s.at[CHANGED]] = line
        s.at[CHANGED] += 1


@inlined_lean
def wait(t, s, number):
    """Put a request into its line, and into that of who joins it."""
    request = claimant(number)
    s.requests[request].waiting = 1
    _enter(t, s, number, line_of(t, s, request))
    if t.teams and is_joint(s, request):
        s.at[JOINT_WAITING] += 1
        other = joined_line(t, s, request)
        if other >= 0:
            _enter(t, s, number, other)


@inlined_lean
def _enter(t, s, number, line):
    add(s.claims, s.first_claim[line], s.size[line], number)
    s.size[line] += 1
    s.head[line] = s.claims[s.first_claim[line]]
    s.present[line] += 1
    note_change(t, s, line)


@inlined_lean
def leave_line(s, line):
    """Remove the first of the line, and those next who have withdrawn."""
    first = s.first_claim[line]
    s.present[line] -= 1
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
def leave(t, s, number):
    """Take a request out of its lines; if others waited with it, they look again for work."""
    request = claimant(number)
    _remove(t, s, number, line_of(t, s, request), is_joint(s, request))
    s.at[JOINT_WAITING] -= is_joint(s, request)
    other = joined_line(t, s, request)
    if other >= 0:
        _remove(t, s, number, other, True)


@inlined_lean
def _remove(t, s, number, line, stirs):
    s.size[line] -= 1
    s.present[line] -= 1
    remove(s.claims, s.first_claim[line], s.size[line], number)
    s.head[line] = s.claims[s.first_claim[line]] if s.size[line] > 0 else NOTHING
    note_change(t, s, line)
    if stirs:
        stir(s, line)


@part_lean
def set_back_late(t, s, line, now):
    """Set back late requests at the head of the line, in queues that serve them last."""
    while s.head[line] != NOTHING and not is_set_back(s.head[line]):
        number = s.head[line]
        request = claimant(number)
        of_request = s.requests[request]
        if not (s.late_last[of_request.queue] and is_late(of_request.due_s, now)):
            return
        if t.teams:
            leave(t, s, number)
            s.claim[request] = set_back(number)
        else:
            leave_line(s, line)
        wait(t, s, set_back(number))


@inlined_lean
def first_claim(t, s, person):
    line = first_line(t.lines, t.first_of_lines[person], t.first_of_lines[person + 1], s.head)
    return NOTHING if line < 0 else s.head[line]
