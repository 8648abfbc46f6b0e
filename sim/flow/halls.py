"""The columns of those who come in person and may be turned away: places to wait, tickets, long queues."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.world import World
from sim.world.reroute import COUNTER

from .lines import Queue


def halls(
    world: World, queues: list[Queue], line: np.ndarray, queue: np.ndarray, first_task: np.ndarray
) -> dict[str, Any]:
    """Return the columns of `Tables` for those who may be turned away; empty if nobody is.

    A hall is a unit and role. `line` is of each queue, `queue` of each task, `first_task` of each request.
    """
    scenario, requests = world.scenario, world.requests
    leaves_at = np.array([kind.leaves_at or 0 for kind in scenario.kinds.values()])
    names = sorted({(one.unit, one.role) for one in queues})
    limits = {
        column: np.array(
            [
                setting
                if scenario.roles[role].front and (setting := scenario.setting(unit, rule)) is not None
                else -1
                for unit, role in names
            ],
            np.int64,
        )
        for column, rule in (("seats", "places"), ("tickets", "tickets_a_day"))
    }
    nothing = np.empty(0, np.int64)
    if not leaves_at.any() and all((column < 0).all() for column in limits.values()):
        columns = (
            "hall",
            "leaves_at",
            "comebacks",
            "hall_of",
            "seats",
            "tickets",
            "first_of_hall",
            "hall_lines",
        )
        return {"refuses": False, **dict.fromkeys(columns, nothing)}
    hall_of = np.array([names.index((one.unit, one.role)) for one in queues], np.int64)
    lines = [np.unique(line[hall_of == number]) for number in range(len(names))]
    first_queue = np.append(queue, -1)[first_task[:-1]]
    first_queue = np.where(np.diff(first_task) > 0, first_queue, -1)
    in_person = first_queue >= 0
    if "channel" in requests:
        in_person &= (requests["channel"] == COUNTER).to_numpy()
    if "step" in requests:  # who is known already takes no ticket when the year begins
        in_person &= (requests["arrival_s"] == requests["received_s"]).to_numpy()
    comebacks = (
        requests["comebacks"].to_numpy() if "comebacks" in requests else np.zeros(len(requests), np.int8)
    )
    return {
        "refuses": True,
        "hall": np.where(in_person, hall_of[first_queue], -1),
        "leaves_at": leaves_at[requests["kind"].cat.codes],
        "comebacks": comebacks,
        "hall_of": hall_of,
        **limits,
        "first_of_hall": np.concatenate(([0], np.cumsum([len(own) for own in lines]))),
        "hall_lines": np.concatenate([*lines, nothing]),
    }
