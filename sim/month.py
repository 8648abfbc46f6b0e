"""The months of an assessment year: the steps in which a bureau is simulated and reviewed."""

from __future__ import annotations

from typing import NamedTuple

from sim.rules.measure import month_bounds
from sim.world import World


class Month(NamedTuple):
    """A month of an assessment year, 1 … 12 by where it begins, and its span; a stretch of minutes is one
    month without a number."""

    number: int
    start_s: int
    end_s: int
    year_start_s: int
    year_end_s: int


def months_of(world: World, start_s: int, end_s: int) -> list[Month]:
    """The months of an assessment period."""
    if world.scenario.horizon.years is None:
        return [Month(0, start_s, end_s, start_s, end_s)]
    bounds, numbers = month_bounds(world.calendar, start_s, end_s)
    edges = bounds.tolist()
    return [
        Month(number, first, last, start_s, end_s)
        for number, first, last in zip(numbers.tolist(), edges, edges[1:], strict=False)
    ]
