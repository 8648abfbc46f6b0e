"""People see the line and work faster: what a speed that depends on the load does to queues.

Conway and Maxwell 1962, A queuing model with state dependent service rates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

TURNING_POINT = 0.93  # occupancy; Berry Jaeker and Tucker 2017, Management Science 63(4)


@dataclass(frozen=True)
class Line:
    """A line in its steady state: mean number and time in the system, and how fast it is served when busy."""

    chances: np.ndarray
    number: float
    time: float
    throughput: float
    busy_rate: float


def speed_up(number: np.ndarray, exponent: float, occupancy: float) -> np.ndarray:
    """How many times as fast people work with `number` requests present: number ** exponent (1 when empty).

    Raises ValueError above an occupancy of 93 %, where people have been seen to slow down: a law that only
    rises says nothing there.
    """
    if exponent and occupancy > TURNING_POINT:
        raise ValueError(
            f"an occupancy of {occupancy:g} is above {TURNING_POINT:g}, from where people slow down; "
            "a speed-up with the load does not hold there"
        )
    return np.maximum(np.asarray(number, float), 1.0) ** exponent


def line(arrival_rate: float, service_rate: float, exponent: float = 0.0) -> Line:
    """One server, exponential work, the rate service_rate × n ** exponent with n in the system."""
    occupancy = arrival_rate / service_rate
    if exponent == 0 and occupancy >= 1:
        raise ValueError("more work comes than can be done; the line grows without end")
    most = 64
    while True:
        n = np.arange(1, most)
        rates = service_rate * speed_up(n, exponent, occupancy)
        chances = stationary(np.full(most - 1, arrival_rate), rates)
        if chances[-1] * most < 1e-14:
            break
        most *= 2
    number = float(np.sum(np.arange(most) * chances))
    throughput = float(np.sum(rates * chances[1:]))
    busy = 1 - chances[0]
    return Line(chances, number, number / throughput, throughput, throughput / busy)


def stationary(births: np.ndarray, deaths: np.ndarray) -> np.ndarray:
    """Steady state (n + 1,) of a birth-death process: births (n,) from 0, 1, …, deaths (n,) from 1, 2, ….

    Products are taken in logarithms, so that many states neither overflow nor vanish.
    """
    weight = np.concatenate([[0.0], np.cumsum(np.log(births) - np.log(deaths))])
    weight = np.exp(weight - weight.max())
    return weight / weight.sum()
