"""Luck of the number of cases: a score that is a share of cases is noisy, the more so the fewer they are."""

from __future__ import annotations

import numpy as np
from scipy.special import bdtr

from sim.rules.schedule import Schedule
from sim.rules.scorecard import settled


def counted_scores(cases: int, chance: float) -> tuple[np.ndarray, np.ndarray]:
    """Scores that 0, 1, …, `cases` cases in order give (100 × share), and their chances, both (cases + 1,).

    `chance` is that of one case to be in order; cases are independent (delays in one queue are not, which
    makes the luck greater).
    """
    number = np.arange(cases + 1)
    below = bdtr(number, cases, chance)
    # upper tails from their own side, so that small chances keep their digits
    above = np.append(bdtr(number[:0:-1] - 1, cases, 1 - chance), 0.0)
    chances = np.where(below < 0.5, np.diff(below, prepend=0.0), -np.diff(above, prepend=1.0))
    return settled(100 * number / cases), np.clip(chances, 0, 1)


def expected_of_cases(schedule: Schedule, cases: int, chance: float) -> float:
    """E[pay] of a unit with so many cases, exact."""
    score, chances = counted_scores(cases, chance)
    return float(np.sum(chances * schedule.value(score)))


def chance_under(threshold: float, cases: int, chance: float) -> float:
    """The chance that a unit with so many cases scores under `threshold`, exact."""
    score, chances = counted_scores(cases, chance)
    return float(np.sum(chances[score < threshold]))
