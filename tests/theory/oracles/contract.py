"""What a contract is worth to both sides together, and the rate at which it is worth most.

Holmström and Milgrom 1987, Aggregation and linearity in the provision of intertemporal incentives.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.rules.schedule import Schedule

from .best_effort import best_score
from .risk import variance


@dataclass(frozen=True)
class Contract:
    """What follows from a schedule: the extra score, and what is left when effort and risk are paid."""

    effort: float
    surplus: float


def contract(
    schedule: Schedule, start: float, sd: float, cost: float, benefit: float, risk_aversion: float = 0.0
) -> Contract:
    """Effort under a schedule, and the surplus: benefit of the extra score − cost of effort − cost of risk.

    `benefit` is what a point of score is worth to the public, in the schedule's money; `risk_aversion` is
    absolute, and pay counts to its owner as its mean less risk_aversion / 2 × its variance.
    """
    aim = best_score(schedule, np.array([start]), sd, cost, risk_aversion=risk_aversion)
    effort = float(aim[0] - start)
    risk = risk_aversion / 2 * float(variance(schedule, aim, sd)[0])
    return Contract(effort, benefit * effort - cost / 2 * effort**2 - risk)


def best_rate(surplus: Callable[[float], float], rates: np.ndarray) -> float:
    """The rate of greatest surplus: the best of `rates` (rising), then searched between its neighbours."""
    from scipy.optimize import minimize_scalar

    rates = np.asarray(rates, float)
    best = int(np.argmax([surplus(rate) for rate in rates]))
    low, high = rates[max(best - 1, 0)], rates[min(best + 1, len(rates) - 1)]
    found = minimize_scalar(
        lambda rate: -surplus(rate), bounds=(low, high), method="bounded", options={"xatol": 1e-8}
    )
    return float(found.x if -found.fun > surplus(rates[best]) else rates[best])
