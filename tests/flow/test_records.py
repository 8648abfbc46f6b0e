"""What the compiled executor keeps of requests and visits lies in lines of the processor's cache."""

from __future__ import annotations

import numpy as np
import pytest

from sim.flow import build as bureau_of
from sim.flow import heap as heaps
from sim.flow.state import CACHE_LINE, initial
from sim.scenario import build
from sim.world import draw_world
from sim.world.tasks import LAST_MOMENT, whole
from tests.flow.counter import counter
from tests.flow.scenarios import assert_same, trace_of


@pytest.fixture(scope="module")
def world():
    return draw_world(build(counter()), seed=1)


def test_a_request_is_one_line_and_a_visit_half_of_one(world):
    state = initial(bureau_of(world).tables)
    for records, to_a_line in ((state.requests, 1), (state.tasks, 2)):
        assert len(records) > 1
        assert records.itemsize * to_a_line == CACHE_LINE
        assert records.ctypes.data % CACHE_LINE == 0


def test_durations_are_cut_where_the_clock_ends():
    longest = whole(np.array([0.5, 1.5, 2.6, 2.0**31, 1e300]))
    assert longest.tolist() == [0, 2, 3, LAST_MOMENT, LAST_MOMENT]
    century = {
        "type": "delay",
        "amount": 36_525,
        "per": "calendar_days",
        "distribution": "constant",
        "reason": "other",
    }
    serve = {"type": "work", "at": "own/clerk", "minutes": 10, "distribution": "constant"}
    world = draw_world(build(counter(route={"wait": century, "serve": serve})), seed=1)
    assert set(world.tasks.delay_s.tolist()) == {0, LAST_MOMENT}
    bureau = bureau_of(world)
    traces = [trace_of(bureau, world.end_s, engine) for engine in ("compiled", "simpy")]
    assert_same(*traces)
    assert (traces[0].finish_s < 0).all()


def test_a_heap_gives_its_numbers_in_order(monkeypatch):
    add, remove, take_first = (part.py_func for part in (heaps.add, heaps.remove, heaps.take_first))
    monkeypatch.setattr(heaps, "take_first", take_first)  # by itself a part cannot be called
    numbers = np.random.default_rng(3).permutation(500)
    heap, first = np.full(520, -7), 9  # what lies beside it is left alone
    for size, number in enumerate(numbers):
        add(heap, first, size, number)
    left, size = sorted(numbers.tolist()), len(numbers)
    for number in (250, 499, 0):
        size -= 1
        remove(heap, first, size, number)
        left.remove(number)
    taken = []
    while size:
        taken.append(int(heap[first]))
        size -= 1
        take_first(heap, first, size)
    assert taken == left
    assert (heap[:first] == -7).all() and (heap[first + len(numbers) :] == -7).all()
