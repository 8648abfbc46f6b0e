"""Violations that go on until patrol finds them, or others report them.

A violation begins when its request is drawn. The patrol hours of its unit find it at a constant rate by hour,
so the time until then is an exponential of mean 1 on the clock of hours patrolled, turned into seconds. Who
does a share of the patrol in the month in which it begins needs so many more hours. The longer nobody sees
it, the more work the case is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from sim.scenario.time import DAY_S

from .draw import World
from .frictions import UNSEEN
from .routes import Cells
from .tasks import WORK

MONTH_DAYS = 365.25 / 12


@dataclass(frozen=True)
class Violations:
    """The violations of a replication, arrays (violations,).

    request, unit : positions. began_s : seconds. task : the one in which it goes on unseen. reported_s :
    seconds until others report it. needed_h : hours of patrol until it is found, 1 at the usual rate.
    work : the tasks of work on the cases, (m,); of : the violation of each, (m,).
    patrol : by unit, the ends of the spans of patrol, s, and the hours patrolled up to then.
    """

    world: World
    request: np.ndarray
    unit: np.ndarray
    began_s: np.ndarray
    task: np.ndarray
    reported_s: np.ndarray
    needed_h: np.ndarray
    work: np.ndarray
    of: np.ndarray
    patrol: list[tuple[np.ndarray, np.ndarray]]

    @classmethod
    def of_world(cls, world: World) -> Violations | None:
        """Return the violations of a world; None where there is no such rule."""
        rule, tasks = world.scenario.frictions.violations, world.tasks
        if not rule.on:
            return None
        task = tasks.of_step(UNSEEN, world.scenario)
        request = tasks.request[task].astype(np.int64)
        requests = world.requests
        drawn = Cells.of(requests).draw("violation", requests["number"], world.streams)[request]
        place = np.full(len(requests), -1)
        place[request] = np.arange(len(request))
        work = np.flatnonzero((tasks.type == WORK) & (place[tasks.request] >= 0))
        rate = max(rule.found_an_hour, 1e-12)
        return cls(
            world,
            request,
            requests["unit"].cat.codes.to_numpy()[request].astype(np.int64),
            requests["arrival_s"].to_numpy()[request],
            task,
            tasks.delay_s[task].astype(np.int64),
            -np.log1p(-drawn) / rate,
            work,
            place[tasks.request[work]],
            _patrols(world),
        )

    def of_people(self, world: World) -> Violations:
        """Return the same violations, and the patrols of the people as the world has them."""
        return replace(self, world=world, patrol=_patrols(world))

    @property
    def duty(self) -> str:
        """The standing duty that finds them."""
        return self.world.scenario.frictions.violations.duty

    def unseen_s(self, done: np.ndarray) -> np.ndarray:
        """Return the seconds until each is found, (violations,), by the shares of patrol `done`, (units,)."""
        found = np.full(len(self.request), np.iinfo(np.int64).max)
        for unit, mine, so_far in self._patrolled:
            if done[unit] <= 0:
                continue
            ends, hours = self.patrol[unit]
            turn = np.searchsorted(hours, so_far + self.needed_h[mine] / done[unit])
            seen = turn < len(ends)
            found[mine[seen]] = ends[turn[seen]] - self.began_s[mine[seen]]
        return np.minimum(found, self.reported_s)

    @cached_property
    def _patrolled(self) -> list[tuple[int, np.ndarray, np.ndarray]]:
        """Each unit that patrols: its position, its violations, the hours patrolled when they began."""
        told = []
        for unit, (ends, hours) in enumerate(self.patrol):
            mine = np.flatnonzero(self.unit == unit)
            if len(ends) and len(mine):
                passed = np.searchsorted(ends, self.began_s[mine], side="right")
                told.append((unit, mine, np.concatenate(([0.0], hours))[passed]))
        return told

    def growth(self, unseen_s: np.ndarray) -> np.ndarray:
        """Return the factor on the work of each case found after so long, (violations,)."""
        rule = self.world.scenario.frictions.violations
        return 1 + rule.growth * np.minimum(unseen_s / DAY_S, rule.complete_days) / MONTH_DAYS


def _patrols(world: World) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return, by unit, the ends of spans of patrol, (n,) s in order, and the hours patrolled by then."""
    scenario = world.scenario
    name = scenario.frictions.violations.duty
    spans: dict[str, list[np.ndarray]] = {unit: [] for unit in scenario.units}
    for person in world.people:
        spans[person.unit].append(person.at_duty(name, scenario, world.calendar))
    patrols = []
    for own in spans.values():
        together = np.concatenate([np.empty((0, 2), np.int64), *own])
        together = together[np.argsort(together[:, 1], kind="stable")]
        patrols.append((together[:, 1], np.cumsum((together[:, 1] - together[:, 0]) / 3600)))
    return patrols
