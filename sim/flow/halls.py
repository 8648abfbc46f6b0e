"""The columns of those who come in person and may be turned away: places to wait, tickets, long queues."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.world import World
from sim.world.comebacks import Comebacks
from sim.world.reroute import COUNTER
from sim.world.tasks import LAST_MOMENT

from .lines import Queue


def halls(
    world: World,
    queues: list[Queue],
    serves: list[list[int]],
    line: np.ndarray,
    own_line: np.ndarray,
    queue: np.ndarray,
    first_task: np.ndarray,
) -> dict[str, Any]:
    """Return the columns of `Tables` for those who may be turned away; empty if nobody is.

    A hall is a unit and role. `serves` and `own_line` are of each person, `line` is of each queue, `queue`
    of each task, `first_task` of each request.
    """
    scenario, requests = world.scenario, world.requests
    kinds = scenario.kinds.values()
    leaves_at = np.array([kind.leaves_at or 0 for kind in kinds])
    bounds = [kind.leaves_over_minutes for kind in kinds]
    leaves_over_s = np.array([-1 if bound is None else round(60 * bound) for bound in bounds], np.int64)
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
    if (
        not leaves_at.any()
        and (leaves_over_s < 0).all()
        and all((column < 0).all() for column in limits.values())
    ):
        columns = (
            "hall",
            "leaves_at",
            "leaves_over_s",
            "first_comeback",
            "comeback_s",
            "comeback_patience_s",
            "hall_of",
            "seats",
            "tickets",
            "first_of_hall",
            "hall_lines",
            "first_of_clerks",
            "clerks",
        )
        return {"refuses": False, **dict.fromkeys(columns, nothing)}
    hall_of = np.array([names.index((one.unit, one.role)) for one in queues], np.int64)
    clerks = [
        np.array([p for p, own in enumerate(serves) if any(hall_of[queue] == number for queue in own)], int)
        for number in range(len(names))
    ]
    lines = [
        np.concatenate((np.unique(line[hall_of == number]), own_line[own] if len(own_line) else nothing))
        for number, own in enumerate(clerks)
    ]
    first_queue = np.append(queue, -1)[first_task[:-1]]
    first_queue = np.where(np.diff(first_task) > 0, first_queue, -1)
    in_person = first_queue >= 0
    if "channel" in requests:
        in_person &= (requests["channel"] == COUNTER).to_numpy()
    if "booked" in requests:  # an appointment holds a place
        in_person &= ~requests["booked"].to_numpy()
    if "step" in requests:  # who is known already takes no ticket when the year begins
        in_person &= (requests["arrival_s"] == requests["received_s"]).to_numpy()
    again = world.comebacks or Comebacks(np.zeros(len(requests) + 1, np.int64), nothing, nothing)
    return {
        "refuses": True,
        "hall": np.where(in_person, hall_of[first_queue], -1),
        "leaves_at": leaves_at[requests["kind"].cat.codes],
        "leaves_over_s": leaves_over_s[requests["kind"].cat.codes],
        "first_comeback": again.first,
        "comeback_s": again.comes_s,
        "comeback_patience_s": np.minimum(again.patience_s, LAST_MOMENT),
        "hall_of": hall_of,
        **limits,
        "first_of_hall": np.concatenate(([0], np.cumsum([len(own) for own in lines]))),
        "first_of_clerks": np.concatenate(([0], np.cumsum([len(own) for own in clerks]))),
        "clerks": np.concatenate([*clerks, nothing]),
        "hall_lines": np.concatenate([*lines, nothing]),
    }
