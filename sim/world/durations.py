"""How long visits to steps take, by their luck: many visits to any steps at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.jit import compiled
from sim.scenario.departments import Departments
from sim.scenario.schema import Scenario
from sim.scenario.steps import DELAY_UNITS_S, Check, Delay, Draw, Return, Sitting, Step, Work

from .reroute import said, stream_of
from .shapes import Quantiles, quantile
from .tasks import CARE_UNITS, CHECK, LAST_MOMENT, WORK, step_names, whole

_NONE = Draw(distribution="constant")
_WORK, _DELAY, _DAYS = range(3)  # columns: of work, of delays in seconds, of delays in working days


class Visits(NamedTuple):
    """Visits to steps and what they take: columns of `sim.world.tasks.Tasks`; empty where no step has it."""

    request: np.ndarray
    step: np.ndarray
    work_s: np.ndarray
    again_s: np.ndarray
    delay_s: np.ndarray
    delay_days: np.ndarray
    fails_above: np.ndarray
    department: np.ndarray

    def between(self, begin: int, end: int) -> Visits:
        """Return some of the visits; what is written to them is written here."""
        return Visits(*(column[begin:end] for column in self))


class Told(NamedTuple):
    """What determines durations beside luck.

    complexity : factor on the work of each request. given : what a table of arrivals says instead, by step
    and column (s; NaN = not given). asked : by step, a delay that waits for a department, and the number in
    [0, 1) by request that says which.
    """

    complexity: np.ndarray
    given: dict[int, dict[str, np.ndarray]]
    asked: dict[int, tuple[Delay, np.ndarray]]


class Means(NamedTuple):
    """By step: mean and least amount, the seconds in a unit of it, whether it grows with the request's
    complexity, and into which column of `Visits` it goes."""

    mean: np.ndarray
    least: np.ndarray
    unit: np.ndarray
    grows: np.ndarray
    column: np.ndarray


class Durations:
    """What the steps of a scenario take; `type_` is that of each step (`sim.world.tasks.TYPES`)."""

    def __init__(self, scenario: Scenario, steps: Sequence[Step | Check], type_: np.ndarray) -> None:
        self._departments: Departments = scenario.departments
        self._type, self._checks = type_, bool((type_ == CHECK).any())
        self._quantiles = Quantiles([step if isinstance(step, Draw) else _NONE for step in steps])
        in_days = [said(step, "per", "") == "working_days" for step in steps]
        self._means = Means(
            mean=np.array([said(step, "minutes", said(step, "amount", 0.0)) for step in steps], float),
            least=np.array([said(step, "least", 0.0) for step in steps], float),
            unit=np.array([_unit(step) for step in steps], float),
            grows=np.array([isinstance(step, Work) and step.complexity for step in steps], np.bool_),
            column=np.where(in_days, _DAYS, np.where(type_ == WORK, _WORK, _DELAY)).astype(np.int8),
        )

    def given(self, scenario: Scenario, requests: pd.DataFrame) -> dict[int, dict[str, np.ndarray]]:
        """Return the durations in columns of `requests`, such as ``work_s.accept``, by step and column."""
        found: dict[int, dict[str, np.ndarray]] = {}
        if not any("." in str(name) for name in requests):
            return found
        for number, (_, name) in enumerate(step_names(scenario)):
            for column in ("work_s", "again_s") if self._type[number] == WORK else ("delay_s",):
                if (key := f"{column}.{stream_of(name)}") in requests:
                    found.setdefault(number, {})[column] = requests[key].to_numpy(float)
        return found

    def of(self, way: Sequence[tuple[np.ndarray, ...]], told: Told) -> Visits:
        """Return what the visits of a way take (`sim.world.routes`), some at a time, so that they stay in the
        cache.

        Of each some it has: request, step, luck in [0, 1), and luck of work begun anew, if it is drawn.
        """
        count, anew = sum(len(step) for _, step, _, _ in way), any(len(luck) for _, _, _, luck in way)
        lacks = {"again_s": not anew, "fails_above": not self._checks, "department": not told.asked}
        visits = Visits(*(np.empty(0 if lacks.get(name) else count, np.int32) for name in Visits._fields))
        visits.department[:] = -1
        begin = 0
        for request, step, luck, luck_anew in way:
            own = visits.between(begin, begin := begin + len(step))
            own.request[:], own.step[:] = request, step
            self._write(own, luck, luck_anew, told)
        return visits

    def _write(self, visits: Visits, luck: np.ndarray, luck_anew: np.ndarray, told: Told) -> None:
        """Write what these visits take."""
        request, step = visits.request, visits.step

        def spread(luck: np.ndarray, *columns: np.ndarray) -> None:
            _spread(self._means, step, request, self._quantiles(step, luck), told.complexity, *columns)

        spread(luck, visits.work_s, visits.delay_s, visits.delay_days)
        if len(luck_anew):
            spread(luck_anew, visits.again_s, *np.empty((2, len(step)), np.int32))
        if self._checks:
            checks = np.flatnonzero(self._type.take(step) == CHECK)
            visits.fails_above[:] = 0
            visits.fails_above[checks] = np.ceil(luck[checks] * CARE_UNITS)
        for number, columns in told.given.items():
            rows = np.flatnonzero(step == number)
            for name, stated in columns.items():
                self._state(visits, name, rows, stated[request[rows]])
        for number, (delay, drawn) in told.asked.items():
            rows = np.flatnonzero(step == number)
            self._ask(visits, delay, rows, luck[rows], drawn[request[rows]])

    def _state(self, visits: Visits, name: str, rows: np.ndarray, stated: np.ndarray) -> None:
        """Write what a table says of the visits `rows`, all to one step, where it says anything."""
        column = getattr(visits, name)
        known = ~np.isnan(stated)
        if len(column):
            column[rows[known]] = whole(stated[known])

    def _ask(
        self, visits: Visits, delay: Delay, rows: np.ndarray, luck: np.ndarray, drawn: np.ndarray
    ) -> None:
        """Write which department each of the visits `rows` waits for, and how long, by its factor and spread.

        `drawn` says which; how long goes by the same `luck` as without departments.
        """
        departments = self._departments
        names, shares = list(delay.departments), np.cumsum(list(delay.departments.values()))
        chosen = np.minimum(np.searchsorted(shares, drawn, side="right"), len(names) - 1)
        for place, name in enumerate(names):
            mine = np.flatnonzero(chosen == place)
            own = rows[mine]
            visits.department[own] = list(departments.titles).index(name)
            cv = departments.cv.get(name, delay.cv) if delay.cv is not None else None
            mean = delay.amount * departments.delay_factor.get(name, 1.0)
            amount = quantile(delay.model_copy(update={"cv": cv}), mean, luck[mine])
            column = visits.delay_days if delay.per == "working_days" else visits.delay_s
            column[own] = whole(amount * _unit(delay))


def _unit(step: Step | Check) -> float:
    """Return the seconds in a unit of a step's mean; 1 where it counts working days."""
    if isinstance(step, Work | Sitting):
        return 60.0
    if isinstance(step, Delay | Return):
        return float(DELAY_UNITS_S.get(step.per, 1))
    return 0.0


@compiled
def _spread(means, step, request, shape, complexity, work_s, delay_s, delay_days):
    """Write what each visit takes into its column, from its quantile of mean 1."""
    for i in range(len(step)):
        at = step[i]
        amount = means.unit[at] * max(means.mean[at] * shape[i], means.least[at])
        factor = complexity[request[i]]
        amount *= factor if means.grows[at] else 1.0
        taken, column = np.int32(min(np.rint(amount), LAST_MOMENT)), means.column[at]
        work_s[i] = taken if column == _WORK else 0  # without branches, which no processor could predict
        delay_s[i] = taken if column == _DELAY else -1 if column == _DAYS else 0
        delay_days[i] = taken if column == _DAYS else 0
