"""How good practice spreads between units: quarterly comparison, visits, models, and what lags is mended."""

from __future__ import annotations

import numpy as np

from sim.flow import Executor, Trace
from sim.flow.record import until_start
from sim.flow.time_limits import first_start_s
from sim.jit import compiled
from sim.scenario.months import Month
from sim.scenario.schema import Scenario
from sim.scenario.time import DAY_S
from sim.world import World
from sim.world.duties import on_duty

from .more import More

QUARTER = 3  # months


class Spreading:
    """The working practice of units, float (units,): a factor on the speed of their people; 1 = usual.

    leading, lagging : how often in the year a unit was named so, (units,).
    """

    def __init__(self, rules: Scenario, world: World) -> None:
        self.rules, self.world = rules.practice, world
        units = list(rules.units)
        self.among = np.array([rules.type_of(unit).certifiable for unit in units])
        luck = np.array([world.streams("practice", unit).random() for unit in units])
        self.level = np.where(self.among, 1 + self.rules.spread * (2 * luck - 1), 1.0)
        duty = rules.duties.get(self.rules.visit_duty)
        self._visits_s = np.empty(0, np.int64)
        if duty is not None:
            standing = (tuple(duty.week.items()), duty.every_weeks, duty.first_week)
            weeks = on_duty(standing, world.calendar)[:, 0] // (7 * DAY_S)
            self._visits_s = np.unique(weeks) * 7 * DAY_S
        self._until_start = until_start(world)
        self._home = world.requests["unit"].cat.codes.to_numpy()
        self.new_year()

    def new_year(self) -> None:
        """Begin to count the quarters of a year."""
        self._months, self._from_s = 0, 0
        self.leading, self.lagging = np.zeros((2, len(self.level)))

    def outcomes(self) -> list[More]:
        """Return the practice of units at the year's end, its mean, and how often they led or lagged."""
        among = np.flatnonzero(self.among)
        more: list[More] = [({"practice": self.level[among]}, {"unit": among})]
        more.append(({"practice": np.array([self.level[among].mean()])}, {}))
        if self.rules.stage.on:
            named = {"stage_leading": self.leading[among], "stage_lagging": self.lagging[among]}
            more.append((named, {"unit": among}))
        return more

    def end_month(self, flow: Executor, month: Month) -> None:
        """Let practice spread, at the end of a quarter."""
        if self._months % QUARTER == 0:
            self._from_s = month.start_s
        self._months += 1
        if self._months % QUARTER == 0:
            self._end_quarter(flow.trace, month.end_s)

    def _end_quarter(self, trace: Trace, now: int) -> None:
        stage, level = self.rules.stage, self.level.copy()
        luck = self.world.streams("practice", "quarter", str(now // DAY_S)).random((2, len(level)))
        best = lagging = np.empty(0, np.int64)
        if stage.on:
            rate = self._on_time(trace, now)
            order = np.lexsort((luck[0], -rate))  # NaN, without cases, comes last
            ranked = order[: np.count_nonzero(np.isfinite(rate))]
            best = ranked[: stage.leading]
            lagging = ranked[max(len(ranked) - stage.lagging, len(best)) :]
            self.leading[best] += 1
            self.lagging[lagging] += 1
        visits = np.count_nonzero((self._visits_s >= self._from_s) & (self._visits_s < now))
        hosts = best if stage.on else np.flatnonzero(self.among)
        if len(hosts):
            host = hosts[(luck[1] * len(hosts)).astype(int)]
            self._towards(level, self.level[host], 1 - (1 - self.rules.visit_rate) ** visits)
        if len(best):
            self._towards(level, np.full(len(level), self.level[best].mean()), stage.model_rate)
        if len(lagging):
            mean = np.where(np.isin(np.arange(len(level)), lagging), self.level[self.among].mean(), 0.0)
            self._towards(level, mean, stage.mending_rate)
        self.level = level

    def _towards(self, level: np.ndarray, better: np.ndarray, rate: float) -> None:
        """Close a share of the gap to what is better, in place; nobody gets worse."""
        level += np.where(self.among, rate * np.maximum(better - level, 0.0), 0.0)

    def _on_time(self, trace: Trace, now: int) -> np.ndarray:
        """Return the share in time of the quarter's cases by the unit that they came to; NaN without any."""
        begun_s = first_start_s(self.world, trace.first_start_s)
        times = trace.due_s, trace.withdrawn_s, begun_s, trace.finish_s
        count, good = _in_time(*times, self._until_start, self._home, self.among, self._from_s, now)
        return np.divide(good, count, out=np.full(len(count), np.nan), where=count > 0)


@compiled
def _in_time(due_s, withdrawn_s, begun_s, finish_s, until_start, home, among, from_s, now):
    """Return by unit the cases `among` that fell due within (from_s, now], and those met in time."""
    count, good = np.zeros(len(among), np.int64), np.zeros(len(among), np.int64)
    for i in range(len(due_s)):
        due, unit = due_s[i], home[i]
        if due <= from_s or due > now or unit < 0 or not among[unit] or 0 <= withdrawn_s[i] <= due:
            continue
        count[unit] += 1
        if 0 <= (begun_s[i] if until_start[i] else finish_s[i]) <= due:
            good[unit] += 1
    return count, good
