"""The pay rule in one form: piecewise linear in the score, with jumps (cliff, slope, steps, smooth).

Pay (`sim.rules.pay`), people's responses and figures all read it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from sim.scenario.assessment import Pay, SchedulePoint

from .scorecard import settled

Numbers = np.ndarray | float


@dataclass(frozen=True)
class Schedule:
    """Linear between the corners, constant right of them, falling by `loss` per point left of the first.

    at : (k,), scores of the corners, rising; k is 1 or more.
    before : (..., k), the limit from the left.
    here : (..., k), the value at the corner and right of it. Leading axes are units with their own amounts.
    loss : cost of each point under the first corner; points are counted as `settled`.
    """

    at: np.ndarray
    before: np.ndarray
    here: np.ndarray
    loss: float = 0.0

    @property
    def jumps(self) -> np.ndarray:
        """The heights of the jumps at the corners, (..., k)."""
        return self.here - self.before

    @property
    def slopes(self) -> np.ndarray:
        """The slopes left of the first corner, between corners, right of the last one, (..., k + 1)."""
        between = (self.before[..., 1:] - self.here[..., :-1]) / np.diff(self.at)
        outer = np.zeros((*self.before.shape[:-1], 1))
        return np.concatenate([outer + self.loss, between, outer], axis=-1)

    def value(self, score: Numbers) -> np.ndarray:
        """Return the pay at `score`: one schedule, scores of any shape; or (units, k) and scores (units,)."""
        score = np.asarray(score, float)
        stretch = np.searchsorted(self.at, score, side="right")
        corner = np.maximum(stretch - 1, 0)
        starts = np.where(stretch > 0, picked(self.here, corner), self.before[..., 0])
        beyond = score - self.at[corner]
        beyond = np.where(stretch > 0, beyond, -settled(-beyond)) if self.loss else beyond
        return starts + picked(self.slopes, stretch) * beyond


def picked(values: np.ndarray, position: np.ndarray) -> np.ndarray:
    """Return values (k,) at positions of any shape, or values (units, k) at positions (units,)."""
    if values.ndim == 1:
        return values[position]
    return np.take_along_axis(values, position[..., None], axis=-1)[..., 0]


def step(at: float, height: float = 1.0) -> Schedule:
    """Return the schedule of 0 under `at`, and `height` from it on."""
    return Schedule(np.array([float(at)]), np.array([0.0]), np.array([float(height)]))


def pay_schedule(pay: Pay, last_year: np.ndarray | None = None) -> Schedule:
    """Return the share of assessment pay by score, between its bounds: `sim.rules.pay.pay_share`.

    It is (k,), or (units, k) where units have their own bounds.
    """
    return bounded(pay_rule(pay), *pay_bounds(pay, last_year))


def bonus_schedule(pay: Pay) -> Schedule:
    """Return the share of the target bonus by score, between its bounds: `sim.rules.pay.bonus_share`."""
    return bounded(bonus_rule(pay), pay.bonus_floor, pay.bonus_ceiling)


def pay_bounds(pay: Pay, last_year: np.ndarray | None = None) -> tuple[Numbers, Numbers]:
    """Return the least and the greatest share of assessment pay.

    They are floor and ceiling. Where a year's change is bounded, they also keep each unit near its share
    `last_year` (units,), NaN = none.
    """
    if pay.most_change is None or last_year is None:
        return pay.floor, pay.ceiling
    most = pay.most_change / 100
    known = np.clip(last_year, pay.floor, pay.ceiling)
    low = np.where(np.isnan(known), pay.floor, np.maximum(known - most, pay.floor))
    return low, np.where(np.isnan(known), pay.ceiling, np.minimum(known + most, pay.ceiling))


def pay_rule(pay: Pay) -> Schedule:
    """Return the rule of the assessment pay before floor and ceiling."""
    if pay.schedule is not None:
        return from_points(pay.schedule)
    top, lost = pay.full_pay_threshold, pay.deduction_per_point / 100
    if pay.points_counted == "fraction":
        return Schedule(np.array([top]), np.ones(1), np.ones(1), lost)
    steps = max(int(np.ceil(round((1 - pay.floor) / lost, 9))), 1) if lost else 1
    shares = 1 - lost * np.arange(steps, -1, -1)  # rising
    at = settled(top - np.arange(steps - 1, -1, -1.0))  # a started point is lost just under each of these
    if pay.points_counted == "whole_completed":
        at = np.nextafter(settled(at - 1), np.inf)  # a point is lost at the whole point itself
    return Schedule(at, shares[:-1], shares[1:])


def bonus_rule(pay: Pay) -> Schedule:
    """Return the rule of the target bonus before floor and ceiling."""
    return step(pay.bonus_threshold) if pay.bonus_schedule is None else from_points(pay.bonus_schedule)


def from_points(points: tuple[SchedulePoint, ...]) -> Schedule:
    """Return a scenario's schedule from its corners."""
    here = [point.share if point.jump_to is None else point.jump_to for point in points]
    return Schedule(
        np.array([float(point.score) for point in points]),
        np.array([float(point.share) for point in points]),
        np.array(here, float),
    )


def bounded(schedule: Schedule, low: Numbers, high: Numbers) -> Schedule:
    """Return the schedule (k,) clipped to two bounds, with a new corner where it crosses one.

    Bounds (units,) make a schedule (units, k).
    """
    low, high = np.asarray(low, float), np.asarray(high, float)
    bounds = np.unique(np.concatenate([low.ravel(), high.ravel()]))
    if schedule.loss:  # down to the least bound only
        points = (schedule.before[0] - bounds[0]) / schedule.loss
        ends, least = ([schedule.at[0] - points], [bounds[0]]) if points > 0 else ([], [])
        schedule = Schedule(
            np.array([*ends, *schedule.at]),
            np.array([*least, *schedule.before]),
            np.array([*least, *schedule.here]),
        )
    stretches = zip(schedule.at[:-1], schedule.at[1:], schedule.here[:-1], schedule.before[1:], strict=True)
    crossings = [
        left + (bound - here) / (before - here) * (right - left)
        for left, right, here, before in stretches
        for bound in bounds
        if min(here, before) < bound < max(here, before)
    ]
    refined = _refined(schedule, np.union1d(schedule.at, crossings))
    clipped = (np.clip(values, low[..., None], high[..., None]) for values in (refined.before, refined.here))
    return Schedule(refined.at, *clipped)


def lifted_schedule(schedule: Schedule, threshold: float, margin: float) -> Schedule:
    """Return the schedule (k,) at scores with the benefit of the doubt: `sim.rules.pay.lifted`.

    A score is raised by `margin` points, but not above the threshold. The rule is that of the threshold from
    `margin` under it on, and shifted left below.
    """
    if margin <= 0:
        return schedule
    whole = _refined(schedule, np.union1d(schedule.at, [threshold]))
    line = int(np.searchsorted(whole.at, threshold))
    at = np.concatenate([whole.at[:line] - margin, [threshold - margin], whole.at[line:]])
    kept = whole.here[line]
    before = np.concatenate([whole.before[:line], [whole.before[line]], [kept], whole.before[line + 1 :]])
    here = np.concatenate([whole.here[:line], [kept], whole.here[line:]])
    return Schedule(at, before, here, schedule.loss)


def combined(parts: Iterable[tuple[Schedule, np.ndarray]]) -> Schedule:
    """Return the sum of schedules (k,) or (units, k), each times its amounts (units,).

    The result is a schedule (units, k) in money.
    """
    parts = list(parts)
    at = np.unique(np.concatenate([schedule.at for schedule, _ in parts]))
    before = here = np.zeros(1)
    for schedule, amount in parts:
        refined, amount = _refined(schedule, at), np.asarray(amount, float)[..., None]
        before, here = before + amount * refined.before, here + amount * refined.here
    return Schedule(at, before, here)


def _refined(schedule: Schedule, at: np.ndarray) -> Schedule:
    """Return the same schedule with the corners `at`, which include its own."""
    corner = np.searchsorted(schedule.at, at)
    own = schedule.at[np.minimum(corner, len(schedule.at) - 1)] == at
    if schedule.here.ndim == 1:
        here = schedule.value(at)
    else:
        units = len(schedule.here)
        here = np.stack([schedule.value(np.full(units, score)) for score in at], axis=-1)
    before = here.copy()
    before[..., own] = schedule.before[..., corner[own]]
    return Schedule(at, before, here)
