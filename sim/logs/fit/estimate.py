"""A number that a log gives, with its standard error and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Estimate:
    """A fitted number.

    Attributes
    ----------
    value : float
        The estimate.
    se : float
        Its standard error; 0 where there is none.
    n : int
        The observations that it rests on.
    """

    value: float
    se: float
    n: int

    def bounds(self, least: float = 0.0, most: float = np.inf) -> tuple[float, float]:
        """Two standard errors down and up, within what may stand there."""
        return (
            min(max(self.value - 2 * self.se, least), self.value),
            max(min(self.value + 2 * self.se, most), self.value),
        )


def mean_of(values: np.ndarray) -> Estimate:
    """The mean of `values`, with the standard error of a sample."""
    n = len(values)
    return Estimate(float(np.mean(values)), float(np.std(values, ddof=1) / np.sqrt(n)) if n > 1 else 0.0, n)


def share_of(count: int, n: int) -> Estimate:
    """A share, with the standard error of Agresti and Coull, which is not 0 at 0 and 1."""
    near = (count + 2) / (n + 4)
    return Estimate(count / n, float(np.sqrt(near * (1 - near) / (n + 4))), n)
