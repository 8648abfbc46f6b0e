"""The long table of outcomes: one row per value, collected as arrays and converted once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from .outcomes import OUTCOMES

COLUMNS = ["year", "month", "unit", "kind", "person", "outcome", "value"]
_TEXTS = ("unit", "kind", "person", "outcome")
_NUMBER = {name: number for number, name in enumerate(OUTCOMES)}


@dataclass(frozen=True)
class LongTable:
    """The long table as numbers: year and month int64 (n,), value float (n,), and the texts by column.

    codes : positions of the texts, int64 (n,). texts : what the positions mean; "" (none) comes first.
    """

    year: np.ndarray
    month: np.ndarray
    codes: Mapping[str, np.ndarray]
    value: np.ndarray
    texts: Mapping[str, tuple[str, ...]]

    def frame(self) -> pd.DataFrame:
        """Return a DataFrame of `COLUMNS`: year, month int64, value float, the others categorical.

        Categories are the names of units, kinds and people, and all outcomes, in their order.
        """
        columns = {
            name: pd.Categorical.from_codes(self.codes[name], dtype=_dtype(self.texts[name]))
            for name in _TEXTS
        }
        return pd.DataFrame({"year": self.year, "month": self.month, **columns, "value": self.value})


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
        if not outcomes:
            return
        part = np.empty((5, len(outcomes), len(next(iter(outcomes.values())))), np.int64)
        part[0], part[1], part[2], part[3] = month, unit, kind, person
        part[4] = np.array([_NUMBER[name] for name in outcomes])[:, None]
        self._parts.append(part.reshape(5, -1))
        self._values += outcomes.values()

    def table(
        self, year: int, units: tuple[str, ...], kinds: tuple[str, ...], people: tuple[str, ...]
    ) -> LongTable:
        """Return the rows as a table of these names."""
        month, unit, kind, person, outcome = np.concatenate(self._parts, axis=1)
        texts = {"unit": ("", *units), "kind": ("", *kinds), "person": ("", *people), "outcome": (*OUTCOMES,)}
        codes = {"unit": unit + 1, "kind": kind + 1, "person": person + 1, "outcome": outcome}
        years = np.full(len(month), year, np.int64)
        return LongTable(years, month, codes, np.concatenate(self._values), texts)


def joined(tables: list[LongTable]) -> LongTable:
    """Concatenate several years' tables; people who came later are last among the texts."""
    if len(tables) == 1:
        return tables[0]
    year, month, value = (
        np.concatenate([getattr(table, name) for table in tables]) for name in ("year", "month", "value")
    )
    codes, texts = {}, {}
    for name in _TEXTS:
        texts[name] = tuple(dict.fromkeys(text for table in tables for text in table.texts[name]))
        place = {text: number for number, text in enumerate(texts[name])}
        own = [np.array([place[text] for text in table.texts[name]])[table.codes[name]] for table in tables]
        codes[name] = np.concatenate(own)
    return LongTable(year, month, codes, value, texts)


@lru_cache(maxsize=32)  # the same in every replication
def _dtype(categories: tuple[str, ...]) -> pd.CategoricalDtype:
    return pd.CategoricalDtype(list(categories))
