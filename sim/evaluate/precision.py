"""Stopping rule: decide whether the replications suffice for the differences between policies.

A difference is to be known to ± h. Two things must hold. Stein's number, from the variance of the first n0
replications alone, is a floor: N ≥ (t s0 / h)², t with n0 − 1 degrees of freedom (Stein 1945, Ann. Math.
Statist. 16). And the t interval of all replications so far is no wider than ± h (Chow & Robbins 1965, Ann.
Math. Statist. 36; Law, Simulation Modeling and Analysis, 2015, sec. 9.4). The second alone stops too early
when the first variances happen to be small; the first alone may end with an interval that is wider than
asked.

The rule looks at sample variances only. For normal data they are independent of the mean of all replications
so far, so stopping by them does not bend it; and since N is never below Stein's number, the mean ± h, the
half-width asked for, covers the true difference at least as often as it says. That is all that is promised.
The t interval of the N replications (`sim.evaluate.compare`) is narrower than ± h, and N was chosen where the
variance happened to be small: where the rule stops early, it covers about 93 to 95 % instead of 95 % (for
normal data, at_least 10 and a standard deviation of 2 h: ± h 0.96, the t interval 0.94). Each interval is
for itself: nothing is adjusted for the number of differences.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from .estimate import half_widths, replications_needed

CONFIDENCE = 0.95
GROWTH = 0.1  # of the number so far: the least by which a next batch goes on
Difference = tuple[str, str, str]  # of a policy, under a behaviour, in an outcome


@dataclass(frozen=True)
class Aim:
    """One difference: its values (n,) by replication, NaN where there is none, and the ± h asked for."""

    differences: np.ndarray
    half_width: float


@dataclass(frozen=True)
class Plan:
    """How many replications there are to be.

    ``reached`` tells that `replications` is final and precise enough. Else it is the number to go on to, and
    ``needs`` says how many each difference that is not there yet calls for; at the most that is allowed,
    nothing is left to go on to. ``empty`` are differences without a single value: no number would help.
    """

    replications: int
    reached: bool
    needs: dict[Difference, int]
    empty: tuple[Difference, ...] = ()


def plan(aims: Mapping[Difference, Aim], at_least: int, at_most: int) -> Plan:
    """Return the first number of replications at which the rule holds for all `aims`, or the number to
    continue to.

    All aims have the same replications, in order. A number that is reached is final: it depends on the
    values up to it, whatever else was computed. Needs at least two replications.
    """
    n = min((len(aim.differences) for aim in aims.values()), default=0)
    if n < at_least:
        return Plan(at_least, False, {})
    empty = tuple(key for key, aim in aims.items() if np.isnan(aim.differences[:at_least]).all())
    asked = {key: aim for key, aim in aims.items() if key not in empty}
    n = min(n, at_most)
    enough = np.ones(n, bool)
    enough[: at_least - 1] = False
    for aim in asked.values():
        enough &= holds(aim.differences[:n], aim.half_width, at_least)
    if enough.any():
        return Plan(int(np.argmax(enough)) + 1, True, {}, empty)
    needs = {
        key: needed(aim.differences[:n], aim.half_width, at_least)
        for key, aim in asked.items()
        if not holds(aim.differences[:n], aim.half_width, at_least)[-1]
    }
    goal = max(needs.values(), default=0)
    return Plan(min(max(goal, n + math.ceil(GROWTH * n)), at_most), False, needs, empty)


def holds(
    differences: np.ndarray, half_width: float, at_least: int, confidence: float = CONFIDENCE
) -> np.ndarray:
    """Return an array whose [i] tells whether the rule holds with the first i + 1 values of `differences`
    (n,).

    Stein's first stage are the first `at_least` values; a NaN is no value and is left out.
    """
    there = ~np.isnan(differences)
    count = np.cumsum(there)
    if not there.any():
        return np.zeros(len(differences), bool)
    from_first = np.where(there, differences - differences[there][0], 0.0)  # small numbers: nothing cancels
    total, squares = np.cumsum(from_first), np.cumsum(from_first**2)
    with np.errstate(invalid="ignore", divide="ignore"):
        sd = np.sqrt(np.maximum(squares - total**2 / count, 0.0) / (count - 1))
    narrow = half_widths(sd, count, confidence) <= half_width  # NaN is not
    return narrow & (count >= stein_number(differences, half_width, at_least, confidence))


def stein_number(
    differences: np.ndarray, half_width: float, at_least: int, confidence: float = CONFIDENCE
) -> float:
    """Return Stein's number of replications from the first `at_least` values; infinite while there are
    fewer.
    """
    first = differences[~np.isnan(differences)][:at_least]
    if len(first) < max(at_least, 2):
        return math.inf
    t = float(stdtrit(at_least - 1, (1 + confidence) / 2))
    return max(at_least, math.ceil((t * float(first.std(ddof=1)) / half_width) ** 2))


def needed(differences: np.ndarray, half_width: float, at_least: int, confidence: float = CONFIDENCE) -> int:
    """Estimate the replications that `differences` (n,) need in total, from their variance so far."""
    count = int(np.count_nonzero(~np.isnan(differences)))
    if count < max(at_least, 2):
        values = float(at_least)
    else:
        known = replications_needed(differences, absolute=half_width, confidence=confidence)
        assert known is not None  # only a relative aim may be out of reach
        values = max(stein_number(differences, half_width, at_least, confidence), float(known))
    return math.ceil(values * len(differences) / max(count, 1))
