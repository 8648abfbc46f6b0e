"""Multitasking: effort moves to the tasks that are paid, away from those that are not.

Holmström and Milgrom 1991, Multitask principal-agent analyses: incentive contracts, asset ownership, and job
design.
"""

from __future__ import annotations

import numpy as np


def efforts(rates: np.ndarray, cost: np.ndarray) -> np.ndarray:
    """Return the extra effort for each task (tasks,), from pay and the curvature (tasks, tasks) of its cost.

    It is C⁻¹ × rates, measured from the effort under a fixed wage. Where tasks are substitutes (a positive
    cross term), pay for one lowers the effort for the others.
    """
    return np.linalg.solve(np.asarray(cost, float), np.asarray(rates, float))


def best_rates(benefit: np.ndarray, cost: np.ndarray, risk_aversion: float, noise: np.ndarray) -> np.ndarray:
    """Return the rates (tasks,) of the greatest surplus: (I + r C Σ)⁻¹ B.

    noise : variances (tasks,) of the measures of the tasks. Infinite = not measured; such a task has rate 0,
    and the other rates allow for its neglect.
    """
    benefit, cost, noise = (np.asarray(values, float) for values in (benefit, cost, noise))
    seen = np.isfinite(noise)
    across = cost[np.ix_(seen, ~seen)] @ np.linalg.inv(cost[np.ix_(~seen, ~seen)])
    own = cost[np.ix_(seen, seen)] - across @ cost[np.ix_(~seen, seen)]
    rates = np.zeros(len(benefit))
    rates[seen] = np.linalg.solve(
        np.eye(seen.sum()) + risk_aversion * own * noise[seen], benefit[seen] - across @ benefit[~seen]
    )
    return rates


def surplus(
    rates: np.ndarray, benefit: np.ndarray, cost: np.ndarray, risk_aversion: float, noise: np.ndarray
) -> float:
    """Return the benefit of the efforts at `rates`, less their cost and the cost of the risk in pay."""
    effort = efforts(rates, cost)
    paid = np.asarray(rates) != 0
    risk = risk_aversion / 2 * np.sum(np.asarray(rates)[paid] ** 2 * np.asarray(noise, float)[paid])
    return float(np.dot(benefit, effort) - effort @ cost @ effort / 2 - risk)


def task_cost(volume: np.ndarray, curvature: float, substitution: float) -> np.ndarray:
    """Return the curvature (tasks, tasks) of the cost of extra effort for each task.

    The cost is curvature / 2 × [(1 − substitution) × Σ volume × extra² + substitution × (Σ volume × extra)²]:
    a part for each task, and a part for all hours. `volume` (tasks,) is the tasks' shares of the work; they
    sum to 1.
    """
    volume = np.asarray(volume, float)
    return curvature * ((1 - substitution) * np.diag(volume) + substitution * np.outer(volume, volume))


def spread(extra: np.ndarray, volume: np.ndarray, assessed: np.ndarray, substitution: float) -> np.ndarray:
    """Return extra effort by task (units, tasks), where a unit's whole effort rises by `extra` (units,).

    Closed form of `efforts` for `task_cost`: extra × (assessed / volume − s) / (1 − s). Tasks bring points in
    proportion to `assessed`, and points are worth the same from each. Rows of `volume` and `assessed` (units,
    tasks) sum to 1. Tasks without work have 0.
    """
    weight = np.divide(assessed, volume, out=np.zeros_like(assessed, dtype=float), where=volume > 0)
    of_task = np.asarray(extra)[:, None] * (weight - substitution) / (1 - substitution)
    return np.where(volume > 0, of_task, 0.0)
