"""Who is turned away in the compiled executor: places to wait, tickets, queues too long."""

from __future__ import annotations

import numpy as np

from sim.jit import inlined_lean, part_lean

from .compiled_parts import expect, line_of
from .definitions import ARRIVAL, DAY_S, claimant, waits_too_long


@part_lean
def is_refused(t, s, request, hall, now):
    """Return whether tickets are gone, or so many are there that the person leaves at once."""
    given = s.tickets_given[hall] if s.ticket_day[hall] == now // DAY_S else 0
    if 0 <= t.tickets[hall] <= given:
        return True
    if t.leaves_at[request] <= 0 and t.leaves_over_s[request] < 0:
        return False
    there, work_s = present(t, s, hall, True)
    if 0 < t.leaves_at[request] <= there:
        return True
    first, last = t.first_of_clerks[hall], t.first_of_clerks[hall + 1]
    on_duty = 0
    for place in range(first, last):
        on_duty += now < s.until[t.clerks[place]]
    clerks = on_duty if on_duty > 0 else np.int64(last) - np.int64(first)
    return waits_too_long(there, work_s, clerks, t.leaves_over_s[request])


@part_lean
def present(t, s, hall, with_served):
    """Return how many wait in a hall, on request also those who are served, and their mean work (s)."""
    count, work_s = 0, 0
    for place in range(t.first_of_hall[hall], t.first_of_hall[hall + 1]):
        line = t.hall_lines[place]
        first = s.first_claim[line]
        for claim_ in range(first, first + s.size[line]):
            request = claimant(s.claims[claim_])
            if s.requests[request].waiting and _is_in(t, s, request, hall, line):
                count += 1
                work_s += _mean_work(t, s, request)
        if with_served:
            for nth in range(t.first_of_staff[line], t.first_of_staff[line + 1]):
                request = s.in_hand[t.staff[nth]]
                answers = request >= 0 and s.requests[request].person == t.staff[nth]
                if answers and _is_in(t, s, request, hall, line):
                    count += 1
                    work_s += _mean_work(t, s, request)
    return count, work_s


@inlined_lean
def _mean_work(t, s, request):
    return np.int64(t.expected_s[s.requests[request].task]) if t.knows_work else np.int64(0)


@inlined_lean
def _is_in(t, s, request, hall, line):
    """Return whether the line of the request, at its station, is this one of the hall."""
    queue = s.requests[request].queue
    return t.hall_of[queue] == hall and line_of(t, s, request) == line


@part_lean
def turn_away(t, s, request, now):
    """Send the request away, for good or until it comes again."""
    comeback = t.first_comeback[request] + s.turned_away[request]
    s.turned_away[request] += 1
    if comeback >= t.first_comeback[request + 1]:
        s.withdrawn_s[request] = now
    else:
        s.requests[request].patience_s = t.comeback_patience_s[comeback]
        expect(t, s, request, t.comeback_s[comeback], ARRIVAL)


@inlined_lean
def give_ticket(s, hall, now):
    if s.ticket_day[hall] != now // DAY_S:
        s.ticket_day[hall], s.tickets_given[hall] = now // DAY_S, 0
    s.tickets_given[hall] += 1
