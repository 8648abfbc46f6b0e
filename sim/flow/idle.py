"""The idle people on duty of each line, ordered by when they became idle; the first serves the next request.

The order replaces the search of `definitions.longest_idle`, for lines that hundreds serve. Each line has a
doubly linked list, and a person has a place in the list of every line they serve. The places of person p are
``first_of_lines[p]`` to ``first_of_lines[p + 1]`` (exclusive), as in ``lines``. By line: `first_idle` and
`last_idle` (places). By place: `ahead` and `behind` (places) and `owner` (person). −1 = nobody.
"""

from __future__ import annotations

from sim.jit import inlined_lean


@inlined_lean
def enlist(person, now, lines, first_of_lines, first_idle, last_idle, ahead, behind, owner, idle_since):
    """Add a person idle from `now` on: last in their lines, but before higher numbers of that second."""
    for place in range(first_of_lines[person], first_of_lines[person + 1]):
        line = lines[place]
        before, after = last_idle[line], -1
        while before >= 0 and owner[before] > person and idle_since[owner[before]] == now:
            before, after = ahead[before], before
        ahead[place], behind[place] = before, after
        if before >= 0:
            behind[before] = place
        else:
            first_idle[line] = place
        if after >= 0:
            ahead[after] = place
        else:
            last_idle[line] = place


@inlined_lean
def delist(person, lines, first_of_lines, first_idle, last_idle, ahead, behind):
    """Remove a person from the idle lists of their lines."""
    for place in range(first_of_lines[person], first_of_lines[person + 1]):
        line = lines[place]
        before, after = ahead[place], behind[place]
        if before >= 0:
            behind[before] = after
        else:
            first_idle[line] = after
        if after >= 0:
            ahead[after] = before
        else:
            last_idle[line] = before
