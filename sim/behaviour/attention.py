"""Several tasks, one person: effort goes where it is paid, and leaves where it is not.

Holmström and Milgrom 1991, Multitask principal-agent analyses: incentive contracts, asset ownership, and job
design.
"""

from __future__ import annotations

import numpy as np


def efforts(rates: np.ndarray, cost: np.ndarray) -> np.ndarray:
    """Extra effort for each task (tasks,), from what it is paid and the curvature (tasks, tasks) of its cost.

    C⁻¹ × rates; measured from the effort under a fixed wage. Where tasks are substitutes (a positive cross
    term), what is paid for one lowers the others.
    """
    return np.linalg.solve(np.asarray(cost, float), np.asarray(rates, float))


def best_rates(benefit: np.ndarray, cost: np.ndarray, risk_aversion: float, noise: np.ndarray) -> np.ndarray:
    """The rates (tasks,) that leave the greatest surplus: (I + r C Σ)⁻¹ B.

    noise : variances (tasks,) with which the tasks are measured; infinite = not measured at all, whose rate
    is 0 and whose neglect the other rates allow for.
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
    """Benefit of the efforts that `rates` bring, less their cost and that of the risk on pay."""
    effort = efforts(rates, cost)
    paid = np.asarray(rates) != 0
    risk = risk_aversion / 2 * np.sum(np.asarray(rates)[paid] ** 2 * np.asarray(noise, float)[paid])
    return float(np.dot(benefit, effort) - effort @ cost @ effort / 2 - risk)


def task_cost(volume: np.ndarray, curvature: float, substitution: float) -> np.ndarray:
    """Curvature (tasks, tasks) of the cost of working at each task harder than usual.

    curvature / 2 × [(1 − substitution) × Σ volume × extra² + substitution × (Σ volume × extra)²]: a part for
    each task, and a part for the hours of all. `volume` are the tasks' shares of the work and sum to 1.
    """
    volume = np.asarray(volume, float)
    return curvature * ((1 - substitution) * np.diag(volume) + substitution * np.outer(volume, volume))


def spread(extra: np.ndarray, volume: np.ndarray, assessed: np.ndarray, substitution: float) -> np.ndarray:
    """Extra effort for each task (units, tasks), if a unit's effort as a whole rises by `extra` (units,).

    `efforts` for `task_cost` in closed form, where tasks bring points in proportion to `assessed` and a point
    is worth the same from each: extra × (assessed / volume − s) / (1 − s). Rows of `volume` and `assessed`
    (units, tasks) sum to 1. Tasks that are no work have 0.
    """
    weight = np.divide(assessed, volume, out=np.zeros_like(assessed, dtype=float), where=volume > 0)
    found = np.asarray(extra)[:, None] * (weight - substitution) / (1 - substitution)
    return np.where(volume > 0, found, 0.0)
