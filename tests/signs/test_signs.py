"""Every rule moves what it must, in the right direction, and leaves alone what it must not touch.

Paired replications of binhai. "Must move" is a paired 99 % t interval on the right side of 0; "must not move"
is equality to the last bit in every replication. The tables are to be read: `service`, `offices`, `people`.
"""

from __future__ import annotations

import pytest

from . import offices, people, seen, service, study
from .paired import Row, both, interval, values

ROWS = sorted(
    [*service.ROWS, *offices.ROWS, *people.ROWS, *study.ROWS, *seen.ROWS], key=lambda row: row.bench
)


def title(row: Row) -> str:
    return f"{row.behaviour}: {row.rule}"


@pytest.mark.parametrize("row", ROWS, ids=title)  # in order of their benches: each is made once
def test_signs(row):
    after, before = both(row)
    found = {
        spec: values(after, spec) - values(before, spec)
        for spec in (*row.up, *row.down, *row.moves, *row.same)
    }
    wrong = []
    for spec, difference in found.items():
        low, high = interval(difference)
        right = {
            spec in row.up: low > 0,
            spec in row.down: high < 0,
            spec in row.moves: (difference != 0).all(),
            spec in row.same: (difference == 0).all(),
        }[True]
        if not right:
            wrong.append(
                f"{spec}: {difference.mean():+.6g} in [{low:.6g}, {high:.6g}], by replication {difference}"
            )
    assert not wrong, "\n".join([row.rule, *wrong])


def test_every_row_says_something_and_none_twice():
    assert all(row.up or row.down or row.moves or row.same for row in ROWS)
    assert len({title(row) for row in ROWS}) == len(ROWS)
