"""What a replication holds grows with its requests, not with units times requests."""

from __future__ import annotations

import tracemalloc

import pytest

from sim.replication import simulate
from sim.scenario import build
from tests.flow.counter import DAY, counter, text


def bureau(units: int, requests: int):
    """So many halls with a clerk each, and so many requests in all in ten days."""
    names = [f"hall_{number}" for number in range(units)]
    one = counter(kind={"limit": {"amount": 1, "per": "hours"}})
    return build(
        one
        | {
            "horizon": {"start": DAY, "minutes": 14_400},
            "units": {name: {"type": "hall", "title": text(name)} for name in names},
            "staff": {f"clerk_of_{name}": one["staff"]["clerk"] | {"unit": name} for name in names},
            "demand": {"visit": {"volumes": dict.fromkeys(names, requests / units / 10), "per": "day"}},
        }
    )


def peak(units: int, requests: int) -> int:
    """The most bytes held in a replication."""
    scenario = bureau(units, requests)
    simulate(scenario, seed=1)  # imports, tables of the calendar
    tracemalloc.start()
    try:
        simulate(scenario, seed=2)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def bytes_a_request(units: int) -> float:
    few, many = 2_000, 12_000
    return (peak(units, many) - peak(units, few)) / (many - few)


@pytest.mark.filterwarnings("ignore::sim.flow.stuck.Stuck")
def test_a_request_takes_as_much_memory_in_a_bureau_of_many_units():
    assert bytes_a_request(300) < bytes_a_request(3) + 150  # half a byte for each request and unit
