"""What spans have in common, second by second; and many streams' numbers at once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.calendar import union
from sim.world.spans import common
from sim.world.streams import Streams

SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)), max_size=6)


def apart(spans) -> np.ndarray:
    """Return (begin, length) as sorted disjoint spans, (n, 2)."""
    return union(np.array([(begin, begin + length) for begin, length in spans], np.int64).reshape(-1, 2))


def seconds(spans) -> set[int]:
    return {second for begin, end in spans.tolist() for second in range(begin, end)}


@given(SPANS, SPANS)
def test_common_seconds_are_those_of_both(some, others):
    one, other = apart(some), apart(others)
    found = common(one, other)
    assert seconds(found) == seconds(one) & seconds(other)
    assert found.tolist() == union(found).tolist()  # sorted, disjoint, none empty


def test_spans_that_adjoin_are_one():
    assert common(np.array([[0, 10]]), np.array([[2, 5], [5, 8], [9, 20]])).tolist() == [[2, 8], [9, 10]]


@pytest.mark.parametrize("count", [1, 4, 7])
def test_many_streams_at_once_have_the_numbers_of_their_generators(count):
    streams, names = Streams(20, 3), [("award", str(number)) for number in range(30)]
    alone = np.array([streams(*name).random(count) for name in names])
    np.testing.assert_array_equal(streams.uniform(names, count), alone)
    assert streams.uniform([], count).shape == (0, count)
