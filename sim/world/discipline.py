"""Breaches of discipline as they are drawn: front desks that open late, matters that nobody takes up.

Each has a luck in [0, 1): people who keep to a share of their usual breaches commit those of a lower luck.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .draw import World
from .frictions import IDLE
from .routes import Cells
from .staff import Person


@dataclass(frozen=True)
class Breaches:
    """The breaches that may happen in a replication.

    person, start_s, seconds, luck : of desks that open late, arrays (n,). task, unit, idle_luck : of matters
    that nobody takes up, (m,): the visit in which it lies idle, and the unit that should have taken it.
    present : by person, the days at work, whole numbers in order.
    """

    person: np.ndarray
    start_s: np.ndarray
    seconds: np.ndarray
    luck: np.ndarray
    task: np.ndarray
    unit: np.ndarray
    idle_luck: np.ndarray
    present: list[np.ndarray]

    @classmethod
    def of_world(cls, world: World, unit_of_task: np.ndarray) -> Breaches:
        """Return the breaches of a world; `unit_of_task` (tasks,) is where they are worked on, else −1."""
        tasks, requests = world.tasks, world.requests
        task = tasks.of_step(IDLE, world.scenario)
        luck = Cells.of(requests).draw("idle matter", requests["number"], world.streams)
        return cls(
            task=task,
            unit=unit_of_task[np.minimum(task + 1, len(unit_of_task) - 1)],  # the step before which it lies
            idle_luck=luck[tasks.request[task]],
            **_of_people(world.people),
        )

    def of_people(self, world: World) -> Breaches:
        """Return the same matters, and the desks and days of the people as the world has them."""
        return replace(self, **_of_people(world.people))


def _of_people(people: list[Person]) -> dict[str, Any]:
    late = np.concatenate([np.empty((0, 2), np.int64), *(person.late for person in people)])
    return {
        "person": np.repeat(np.arange(len(people)), [len(person.late) for person in people]),
        "start_s": late[:, 0],
        "seconds": late[:, 1] - late[:, 0],
        "luck": np.concatenate([np.empty(0), *(person.late_luck for person in people)]),
        "present": [person.days_at_work for person in people],
    }
