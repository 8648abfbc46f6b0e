"""How fast somebody chooses to work, if speed brings score by a curve of its own and costs its square."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sim.rules.schedule import Schedule

_PLACES = 2001
_HALVINGS = 100


def best_speed(
    schedule: Schedule, score: Callable[[Any], Any], cost: float, low: float, high: float
) -> float:
    """The speed between `low` and `high` that maximises schedule(score(speed)) − cost / 2 × speed².

    `score` rises with speed, continuously. Speeds at which the schedule has a corner are candidates of their
    own, so that a kink or a cliff is met exactly; of equally good ones the slowest is taken.
    """
    corners = [_reached(score, at, low, high) for at in schedule.at if score(low) < at <= score(high)]
    grid = np.union1d(np.linspace(low, high, _PLACES), corners)

    def worth(speed: np.ndarray) -> np.ndarray:
        return schedule.value(score(speed)) - cost / 2 * speed**2

    values = worth(grid)
    best = float(grid[np.argmax(values)])
    left, right = (float(grid[np.clip(np.argmax(values) + side, 0, len(grid) - 1)]) for side in (-1, 1))
    found = [best, *(_peak(worth, *ends) for ends in ((left, best), (best, right)))]
    utility = np.round(worth(np.array(found)), 15)
    return found[int(np.argmax(utility))]


def _reached(score: Callable, at: float, low: float, high: float) -> float:
    """The least speed whose score is `at` or more."""
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if score(middle) >= at else (middle, high)
    return high


def _peak(worth: Callable, low: float, high: float) -> float:
    """The maximum of a worth that has one between `low` and `high` (golden section)."""
    part = (np.sqrt(5) - 1) / 2
    for _ in range(_HALVINGS):
        first, second = high - part * (high - low), low + part * (high - low)
        if worth(first) < worth(second):
            low = first
        else:
            high = second
    return (low + high) / 2
