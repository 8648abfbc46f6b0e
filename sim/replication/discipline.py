"""Discipline as it is kept: which breaches happen in a month, the hours spared, and what a year counts."""

from __future__ import annotations

import numpy as np

from sim.flow import Bureau
from sim.rules.standing import scored
from sim.scenario.months import Month
from sim.scenario.schema import Scenario
from sim.scenario.time import DAY_S
from sim.world import World
from sim.world.discipline import Breaches

from .spared import Spared


def matters(rules: Scenario) -> bool:
    """Return whether discipline is told of: desks may open late, or a scorecard asks for it."""
    return rules.frictions.late_opening.on or scored(rules, "discipline")


class Discipline:
    """The breaches of a bureau; arrays (people,) and (units,) in their orders.

    idle : the matters that nobody takes up. freed_s : seconds of the month, (people,), that desks are open
    although they would usually be shut.
    """

    def __init__(self, rules: Scenario, world: World, bureau: Bureau, unit: np.ndarray) -> None:
        units = list(rules.units)
        of_queue = np.array([units.index(queue.unit) for queue in bureau.queues] + [-1], np.int64)
        self.unit, self.heads = unit, np.maximum(np.bincount(unit, minlength=len(units)), 1)
        self.all = world.once("breaches", lambda: Breaches.of_world(world, of_queue[bureau.tables.queue]))
        self._present = _present(self.all)
        self.idle = Spared(self.all.task, self.all.unit, self.all.idle_luck)
        self._late = np.ones(len(self.all.start_s), bool)  # these desks open late
        self.freed_s: np.ndarray = np.zeros(len(unit))

    def of_people(self, world: World) -> None:
        """Take the people as the world has them now: at posts that stand empty nothing happens."""
        before, self.all = self.all, self.all.of_people(world)
        self._present = _present(self.all)
        kept = np.isin(_keys(before), _keys(self.all))
        self._late = self._late[kept]

    def begin(self, month: Month, kept_to: np.ndarray) -> None:
        """Decide which desks open late, at the shares `kept_to` (units,) of the usual."""
        all_ = self.all
        now = (all_.start_s >= month.start_s) & (all_.start_s < month.end_s)
        spared = now & (all_.luck >= kept_to[self.unit[all_.person]])
        self._late &= ~spared
        self.freed_s = np.bincount(all_.person[spared], all_.seconds[spared], len(self.unit))

    def columns(self, began_s: np.ndarray, start_s: int, end_s: int) -> dict[str, np.ndarray]:
        """Return what the table of people tells of the period, by when each task began, (tasks,) s.

        A matter that nobody took up is a breach of everybody in the unit alike.
        """
        all_, people = self.all, len(self.unit)
        late = self._late & (all_.start_s >= start_s) & (all_.start_s < end_s)
        count = np.bincount(all_.person[late], minlength=people).astype(float)
        began = began_s[all_.task]
        idle = ~self.idle.spared & (began >= start_s) & (began < end_s) & (all_.unit >= 0)
        left = np.bincount(all_.unit[idle], minlength=len(self.heads)) / self.heads
        of_whom, day = self._present
        then = (day >= start_s // DAY_S) & (day < -(-end_s // DAY_S))
        return {
            "late_openings": count,
            "late_s": np.bincount(all_.person[late], all_.seconds[late], people),
            "breaches": count + left[self.unit],
            "days_present": np.bincount(of_whom[then], minlength=people).astype(float),
        }


def _present(all_: Breaches) -> tuple[np.ndarray, np.ndarray]:
    """Return who is there on which day, int (n,) each."""
    count = [len(own) for own in all_.present]
    return np.repeat(np.arange(len(count)), count), np.concatenate([np.empty(0, np.int64), *all_.present])


def _keys(all_: Breaches) -> np.ndarray:
    """Return a number of its own for each morning of each person, int64 (n,)."""
    return all_.person * np.int64(2**40) + all_.start_s
