"""Further time limits of matters, by name: what several kinds share."""

from __future__ import annotations

import numpy as np

from .part import Text
from .schema import Scenario

LIMITS = "limits."  # before the name of a further limit, where limits are named by where they stand


def named_limits(scenario: Scenario) -> dict[str, Text]:
    """Return the titles of the further time limits, by name; of kinds that share a name, the first's."""
    titles: dict[str, Text] = {}
    for kind in scenario.kinds.values():
        for name, limit in kind.limits.items():
            titles.setdefault(name, limit.title)
    return titles


def runs_to_start(scenario: Scenario, which: str) -> np.ndarray:
    """Return whether a time limit of each kind runs to the first start, bool (kinds + 1,).

    `which` is one of `Kind.every_limit`. The last is of no kind.
    """
    limits = [kind.every_limit.get(which) for kind in scenario.kinds.values()]
    return np.array([*(one is not None and one.until == "first_start" for one in limits), False])
