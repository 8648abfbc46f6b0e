"""What noise in a score costs those who are paid by it, and the gate that takes the cost away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.rules.incentive import expected
from sim.rules.schedule import Numbers, Schedule


def expected_deduction(schedule: Schedule, mean: Numbers, sd: Numbers, full: float = 1.0) -> np.ndarray:
    """What is lost of `full` pay on average."""
    return full - expected(schedule, mean, sd)


def noise_tax(schedule: Schedule, mean: Numbers, sd: Numbers) -> np.ndarray:
    """What noise alone takes: pay at the true score, less pay expected when it is measured with error."""
    return schedule.value(mean) - expected(schedule, mean, sd)


def benefit_of_doubt(schedule: Schedule, standard_error: float, errors: float = 1.645) -> Schedule:
    """A gate: a deduction counts only as far as the score is below by more than its margin of error.

    `errors` standard errors are the one-sided margin, 1.645 for 95 %.
    """
    return replace(schedule, at=schedule.at - errors * standard_error)
