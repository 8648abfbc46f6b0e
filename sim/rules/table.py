"""The long table of outcomes: one row per value, collected as arrays and converted once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import pandas as pd

from .outcomes import OUTCOMES

COLUMNS = ["year", "month", "unit", "kind", "person", "outcome", "value"]
_NUMBER = {name: number for number, name in enumerate(OUTCOMES)}


class Rows:
    """The rows of one year, in the order in which they are added."""

    def __init__(self) -> None:
        self._parts: list[np.ndarray] = []
        self._values: list[np.ndarray] = []

    def add(
        self,
        outcomes: Mapping[str, np.ndarray],
        *,
        unit: np.ndarray | int = -1,
        kind: np.ndarray | int = -1,
        person: np.ndarray | int = -1,
        month: np.ndarray | int = 0,
    ) -> None:
        """Add outcomes by name, each (n,), at these positions: one number for all or (n,); -1 = none."""
        for name, values in outcomes.items():
            part = np.empty((5, len(values)), np.int64)
            for row, given in zip(part, (month, unit, kind, person, _NUMBER[name]), strict=True):
                row[:] = given
            self._parts.append(part)
            self._values.append(values)

    def table(
        self, year: int, units: tuple[str, ...], kinds: tuple[str, ...], people: tuple[str, ...]
    ) -> pd.DataFrame:
        """Return a DataFrame of `COLUMNS`: year, month int64, value float, the others categorical.

        Categories are the names of units, kinds and people, and all outcomes, in their order; "" (none) comes
        first.
        """
        month, unit, kind, person, outcome = np.concatenate(self._parts, axis=1)
        return pd.DataFrame(
            {
                "year": np.full(len(month), year, np.int64),
                "month": month,
                "unit": _texts(unit + 1, ("", *units)),
                "kind": _texts(kind + 1, ("", *kinds)),
                "person": _texts(person + 1, ("", *people)),
                "outcome": _texts(outcome, tuple(OUTCOMES)),
                "value": np.concatenate(self._values),
            }
        )


def joined(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Concatenate several years' tables; people who came later are last in the categories."""
    if len(tables) == 1:
        return tables[0]
    named = {}
    for name in ("unit", "kind", "person", "outcome"):
        known = dict.fromkeys(text for table in tables for text in table[name].cat.categories)
        named[name] = _dtype(tuple(known))
    return pd.concat([table.astype(named) for table in tables], ignore_index=True)


def _texts(codes: np.ndarray, categories: tuple[str, ...]) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, dtype=_dtype(categories))


@lru_cache(maxsize=32)  # the same in every replication
def _dtype(categories: tuple[str, ...]) -> pd.CategoricalDtype:
    return pd.CategoricalDtype(list(categories))
