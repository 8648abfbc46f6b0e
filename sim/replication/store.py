"""The store of target projects: who owns each, how far it is, and what the chain did with it by month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.flow import Trace
from sim.scenario.months import month_bounds
from sim.scenario.projects import PROJECT
from sim.scenario.time import DAY_S
from sim.world import World
from sim.world.projects import days_apart, owners
from sim.world.tasks import step_names

from .more import More, by_unit_and_all

CHECKS = ("unit_check_", "bureau_check_")


@dataclass(frozen=True)
class _Visits:
    """The visits to steps of one sort: the project (its place among the projects) and a moment of each."""

    project: np.ndarray
    moment_s: np.ndarray

    def within(self, start_s: int, end_s: int) -> np.ndarray:
        """Return the projects of the visits whose moment lies in (start, end], once a visit."""
        return self.project[(self.moment_s > start_s) & (self.moment_s <= end_s)]

    def count(self, projects: int, until_s: int) -> np.ndarray:
        """Return how many of each project's visits had come by this moment, int64 (projects,)."""
        came = (self.moment_s >= 0) & (self.moment_s <= until_s)
        return np.bincount(self.project[came], minlength=projects)


class Store:
    """The projects of a replication up to now; arrays (projects,) in the order of the requests."""

    def __init__(self, world: World, trace: Trace) -> None:
        scenario, drawn = world.scenario, world.requests
        self.world = world
        kinds, kind = np.array(list(scenario.kinds), object), drawn["kind"].cat.codes.to_numpy()
        projects = [name for name in scenario.kinds if name.startswith(PROJECT)]
        self.request = np.flatnonzero(np.isin(kinds, projects)[kind])
        self.count = len(self.request)
        self.unit = drawn["unit"].cat.codes.to_numpy().astype(np.int64)[self.request]
        self.kind = kinds[kind[self.request]]
        self.arrival_s = drawn["arrival_s"].to_numpy(np.int64)[self.request]
        self.due_s = trace.due_s[self.request]
        self.finish_s = trace.finish_s[self.request]
        names = [name for _, name in step_names(scenario)]
        first = world.tasks.first
        lengths = first[self.request + 1] - first[self.request]
        place = np.repeat(np.arange(self.count), lengths)
        mine = np.arange(len(place)) + (first[self.request] - np.cumsum(lengths) + lengths)[place]

        def visits(moments_s: np.ndarray, *begins: str) -> _Visits:
            wanted = np.array([name.startswith(begins) for name in names])
            which = wanted[world.tasks.step[mine]]
            return _Visits(place[which], moments_s[mine[which]].astype(np.int64))

        self.stages = visits(trace.end_s, "stage_")
        self.checks = visits(trace.end_s, *CHECKS)
        self.sent_back = visits(trace.ready_s, "rework")
        stages = {one: scenario.projects.classes[one.removeprefix(PROJECT)].stages for one in projects}
        apart_s = {one: days_apart(scenario, one) * DAY_S for one in projects}
        self.of_stages = np.array([stages[one] for one in self.kind], np.int64)
        self.apart_s = np.array([apart_s[one] for one in self.kind], float)

    def open_at(self, moment_s: int) -> np.ndarray:
        """Return which projects are in store: handed out, and not yet accepted, bool (projects,)."""
        return (self.arrival_s < moment_s) & ((self.finish_s < 0) | (self.finish_s > moment_s))

    def lagging_at(self, moment_s: int) -> np.ndarray:
        """Return which projects in store lag: fewer stages are done than planned, or it is past due."""
        apart = np.maximum(self.apart_s, 1.0)
        planned = np.minimum((moment_s - self.arrival_s) // apart, self.of_stages)
        behind = (self.apart_s > 0) & (self.stages.count(self.count, moment_s) < planned)
        return self.open_at(moment_s) & (behind | (self.due_s < moment_s))

    def year(self, start_s: int, end_s: int) -> list[More]:
        """Return the outcomes of a year and its months, of units and the bureau."""
        bounds, numbers = month_bounds(self.world.calendar, start_s, end_s)
        months = [
            self._month(first, last)
            for first, last in zip(bounds.tolist(), bounds.tolist()[1:], strict=False)
        ]
        more: list[More] = []
        for number, values in zip(numbers.tolist(), months, strict=True):
            more += [(each, where | {"month": number}) for each, where in by_unit_and_all(values)]
        whole = {name: np.sum([month[name] for month in months], axis=0) for name in months[0]}
        for name in ("projects_in_store", "projects_lagging"):
            whole[name] = whole[name] / len(months)
        return more + by_unit_and_all(whole)

    def _month(self, start_s: int, end_s: int) -> dict[str, np.ndarray]:
        accepted = np.flatnonzero((self.finish_s > start_s) & (self.finish_s <= end_s))
        which = {
            "projects_in_store": np.flatnonzero(self.open_at(end_s)),
            "projects_lagging": np.flatnonzero(self.lagging_at(end_s)),
            "projects_checked": self.checks.within(start_s, end_s),
            "projects_sent_back": self.sent_back.within(start_s, end_s),
            "projects_taken_out": accepted,
        }
        units = len(self.world.scenario.units)
        return {
            name: np.bincount(self.unit[one], minlength=units).astype(float) for name, one in which.items()
        }

    def table(self) -> pd.DataFrame:
        """Return one row a project, indexed by ``request``: see `sim.replication.Result.projects`."""
        world, now, count = self.world, self.world.end_s, self.count
        done = self.stages.count(count, now)
        accepted = (self.finish_s >= 0) & (self.finish_s <= now)
        state = np.where(
            accepted,
            np.where(self.finish_s <= self.due_s, "accepted in time", "accepted late"),
            np.where(self.lagging_at(now), "lagging", "in store"),
        )
        units = np.array(list(world.scenario.units), object)
        people = np.array([*(person.name for person in world.people), ""], object)
        named = owners(world) if world.scenario.projects.owners.on else {}
        return pd.DataFrame(
            {
                "project": [one.removeprefix(PROJECT) for one in self.kind],
                "unit": units[self.unit],
                "owner": people[[named.get(one, -1) for one in self.request.tolist()]],
                "arrival_s": self.arrival_s,
                "due_s": self.due_s,
                "finish_s": self.finish_s,
                "stages": self.of_stages,
                "stages_done": done,
                "checks": self.checks.count(count, now),
                "sent_back": self.sent_back.count(count, now),
                "state": state,
            },
            index=pd.Index(self.request, name="request"),
        )
