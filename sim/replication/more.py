"""Outcomes that a replication tells beside the verdict, with their positions."""

from __future__ import annotations

from typing import Any

import numpy as np

More = tuple[dict[str, np.ndarray], dict[str, Any]]
"""Outcomes beside the verdict, and their positions: unit, person, month."""


def by_unit_and_all(values: dict[str, np.ndarray]) -> list[More]:
    """Return sums of units, float (units,) by outcome, and of the bureau."""
    together = {name: np.array([own.sum()]) for name, own in values.items()}
    units = len(next(iter(values.values())))
    return [(values, {"unit": np.arange(units)}), (together, {})]
