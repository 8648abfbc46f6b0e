"""Who is idle on duty, in each line in the order in which they became so: the first serves the next request.

What `definitions.longest_idle` looks for among all who serve a line, kept in order for lines that hundreds
serve: a list linked both ways for each line. A person has a place in the list of every line they serve: the
places of person p are ``first_of_lines[p]`` to ``first_of_lines[p + 1]`` (exclusive), as in ``lines``.
By line `first_idle` and `last_idle` (places), by place `ahead` and `behind` (places) and `owner` (person);
−1 = nobody.
"""

from __future__ import annotations

from sim.jit import inlined_lean


@inlined_lean
def enlist(person, now, lines, first_of_lines, first_idle, last_idle, ahead, behind, owner, idle_since):
    """The person is idle from `now` on: last in the lines, but before higher numbers of the same second."""
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
    """The person is idle no more."""
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
