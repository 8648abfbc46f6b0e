"""How many replications make sure that the best policy is picked, if it leads by enough (known variance).

Bechhofer 1954, A single-sample multiple decision procedure for ranking means of normal populations with known
variances.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtr

_Z, _WEIGHT = np.polynomial.legendre.leggauss(100)
_Z, _WEIGHT = 9 * _Z, 9 * _WEIGHT * np.exp(-((9 * _Z) ** 2) / 2) / np.sqrt(2 * np.pi)


def chance_of_best(policies: int, replications: int, lead: float) -> float:
    """P(the best of so many policies has the best mean), if it leads by `lead` standard deviations."""
    return _chance(lead * math.sqrt(replications), policies)


def lead_needed(policies: int, chance: float) -> float:
    """h: the lead times √replications at which the best is picked with this chance."""
    from scipy.optimize import brentq

    if policies < 2 or not 1 / policies < chance < 1:
        raise ValueError(f"a chance of {chance:g} among {policies} policies cannot be asked for")
    return float(brentq(lambda h: _chance(h, policies) - chance, 0.0, 20.0, xtol=1e-12))


def replications_for_best(policies: int, lead: float, chance: float = 0.95) -> int:
    """Replications of each policy after which the best mean is the best policy with this chance."""
    return math.ceil((lead_needed(policies, chance) / lead) ** 2 - 1e-9)


def _chance(h: float, policies: int) -> float:
    return float(np.sum(_WEIGHT * ndtr(_Z + h) ** (policies - 1)))
