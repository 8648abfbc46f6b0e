"""Assistance between units 协办 in a year: matters that were helped, by whom, and how long they waited."""

from __future__ import annotations

import numpy as np

from sim.flow import Bureau, Trace
from sim.world import World
from sim.world.service_rules import HELP

from .more import More, by_unit_and_all


def assistance(world: World, bureau: Bureau, trace: Trace, start_s: int, end_s: int) -> list[More]:
    """Return the outcomes of help that was done in (start, end], of units and the bureau.

    assisted counts at the unit that was helped, assistance_hours at the one that helped;
    assistance_wait_days is the mean time from asking for help to its end, at the unit that was helped.
    """
    tasks, units = world.tasks, list(world.scenario.units)
    helped = tasks.of_step(HELP, world.scenario)
    helped = helped[(trace.end_s[helped] > start_s) & (trace.end_s[helped] <= end_s)]
    home = world.requests["unit"].cat.codes.to_numpy().astype(np.int64)[tasks.request[helped]]
    helper = np.array([units.index(queue.unit) for queue in bureau.queues], np.int64)[
        bureau.tables.queue[helped]
    ]
    waited_days = (trace.end_s[helped] - trace.ready_s[helped]) / 86_400
    count = np.bincount(home, minlength=len(units)).astype(float)
    hours = np.bincount(helper, tasks.work_s[helped] / 3600, len(units))
    with np.errstate(invalid="ignore"):  # 0 / 0 is NaN: nobody was helped
        wait = np.bincount(home, waited_days, len(units)) / count
        mean = np.array([waited_days.sum()]) / len(helped)
    more = by_unit_and_all({"assisted": count, "assistance_hours": hours})
    place = {"unit": np.arange(len(units))}
    return [*more, ({"assistance_wait_days": wait}, place), ({"assistance_wait_days": mean}, {})]
