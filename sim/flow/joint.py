"""Definitions of work that several people do together, which both executors share (see `definitions`).

A team is the people ``team[:size]``. They begin together, work while all of them are on duty, and end
together. By person: `first_span`, where the person's spans of duty begin; by span: `starts` and `ends`.
"""

from __future__ import annotations

from sim.jit import both_ways

from .definitions import AT_ONCE, HAND_OVER, NEVER, RESTART, first_over


@both_ways
def joint_span(team, size, first_span, starts, ends, moment):
    """Return the first span (begin, end) after `moment` in which all of a team are on duty.

    The part of it up to `moment` is cut off. `NEVER`, `NEVER` if there is none.
    """
    while True:
        begin, end = moment, NEVER
        for place in range(size):
            last = first_span[team[place] + 1]
            span = first_over(ends, first_span[team[place]], last, moment)
            if span == last:
                return NEVER, NEVER
            begin, end = max(begin, starts[span]), min(end, ends[span])
        if begin < end:
            return begin, end
        moment = begin


@both_ways
def end_of_joint_work(rule, team, size, first_span, starts, ends, now, need):
    """Return when joint work of `need` seconds begun at `now` ends: `definitions.end_of_work` for a team.

    Under HAND_OVER it is the moment at which the first of the team goes off duty, if that is earlier.
    """
    if rule == AT_ONCE:
        return now + need
    begin, end = joint_span(team, size, first_span, starts, ends, now)
    if rule == HAND_OVER:
        return min(now + need, end)
    while begin < NEVER:
        if end - begin >= need:
            return begin + need
        if rule != RESTART:
            need -= end - begin
        begin, end = joint_span(team, size, first_span, starts, ends, end)
    return NEVER


@both_ways
def joint_seconds(rule, team, size, first_span, starts, ends, since, now):
    """Return the seconds from `since` to `now` that count for joint work under way."""
    if rule == AT_ONCE:
        return now - since
    spent = 0
    begin, end = joint_span(team, size, first_span, starts, ends, since)
    while begin < now:
        if rule == RESTART:
            spent = 0 if end < now else now - begin
        else:
            spent += min(end, now) - begin
        begin, end = joint_span(team, size, first_span, starts, ends, end)
    return spent


@both_ways
def suffices(on_main, on_joined, on_both, people, joins):
    """Return whether enough are on duty: `people` of the station and, if it `joins`, one more of the other.

    `on_both` of the people counted serve both stations.
    """
    if not joins:
        return on_main >= people
    return on_main >= people and on_joined >= 1 and on_main + on_joined - on_both > people
