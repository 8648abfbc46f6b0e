"""Contracts of theory made of the parts of a scenario, in pay points: 1 is 1 % of a year's pay."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.rules.schedule import Schedule, bonus_schedule, pay_schedule
from sim.scenario.assessment import Pay

from .oracles.best_effort import best_response
from .oracles.tournament import chances_against

ARTICLE = {"full_pay_threshold": 95.0, "deduction_per_point": 1.0, "bonus_threshold": 95.0}


def pay(**changes: object) -> Pay:
    """The article's rule of pay, changed."""
    return Pay(**{**ARTICLE, **changes})


def points(schedule: Schedule, worth: float = 100.0) -> Schedule:
    """A schedule of shares as one of pay points."""
    return Schedule(schedule.at, worth * schedule.before, worth * schedule.here)


def deduction(threshold: float = 95.0, per_point: float = 1.0) -> Schedule:
    """`per_point` per cent less for each point under the threshold, in pay points."""
    return points(pay_schedule(pay(full_pay_threshold=threshold, deduction_per_point=per_point)))


def cliff(at: float, height: float) -> Schedule:
    """`height` pay points from a score on: a target bonus."""
    return points(bonus_schedule(pay(bonus_threshold=at)), height)


def linear(rate: float) -> Schedule:
    """`rate` pay points for each point of score from 0 to 100, as a schedule of a scenario."""
    corners = [{"score": 0.0, "share": 0.0}, {"score": 100.0, "share": rate}]
    return points(pay_schedule(pay(schedule=corners)))


def rank_answers(
    loss: float, sd: float, cost: float, k: int, prize: float = 0.0
) -> Callable[[np.ndarray], np.ndarray]:
    """Everybody's best effort against the others' where the bottom k lose `loss` and all are paid `prize`."""

    def answers(effort: np.ndarray) -> np.ndarray:
        found = np.empty_like(effort)
        known: dict[bytes, float] = {}
        for unit in range(len(effort)):
            rivals = np.sort(np.delete(effort, unit))
            key = rivals.tobytes()
            if key not in known:  # units that meet the same rivals answer alike
                known[key] = best_response(
                    lambda mean, _, rivals=rivals: prize - loss * chances_against(mean, sd, rivals, sd, k)[0],
                    lambda mean, _, rivals=rivals: -loss * chances_against(mean, sd, rivals, sd, k)[1],
                    np.zeros(1),
                    cost,
                    low=np.zeros(1),
                    high=np.array([10.0]),
                    fine=sd / 4,
                )[0]
            found[unit] = known[key]
        return found

    return answers
