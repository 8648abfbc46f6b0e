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

    The cost is curvature / 2 × [m² + q × Σ volume × (extra − m)²] with m = Σ volume × extra and
    q = (1 − substitution) / (1 + substitution). `volume` (tasks,) is the tasks' shares of the work; they sum
    to 1.
    """
    volume = np.asarray(volume, float)
    q = (1 - substitution) / (1 + substitution)
    return curvature * (q * np.diag(volume) + (1 - q) * np.outer(volume, volume))
