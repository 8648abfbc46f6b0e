"""The people of a period and what is known of each, as arrays: the form in which a year is counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class People:
    """One entry for each person, arrays (n,) by name of the column: ``people["busy_s"]``.

    names : of the people. columns : unit, role and grade, texts (object), and numbers; `measure` says which.
    """

    names: tuple[str, ...]
    columns: Mapping[str, np.ndarray]

    @classmethod
    def of_table(cls, table: pd.DataFrame) -> People:
        """Return the people of a table with one row a person, indexed by name."""
        texts = {str(name) for name, own in table.items() if not pd.api.types.is_numeric_dtype(own.dtype)}
        columns = {
            str(name): own.to_numpy(object) if name in texts else own.to_numpy()
            for name, own in table.items()
        }
        return cls(tuple(table.index), columns)

    def table(self) -> pd.DataFrame:
        """Return the people as a table, indexed by ``person``."""
        columns = {
            name: pd.array(own, dtype="str") if own.dtype == object else own
            for name, own in self.columns.items()
        }
        return pd.DataFrame(columns, index=pd.Index(self.names, name="person"))

    def __getitem__(self, name: str) -> np.ndarray:
        return self.columns[name]

    def get(self, name: str, otherwise: np.ndarray) -> np.ndarray:
        """Return a column, or `otherwise` where nothing is known of it."""
        return self.columns.get(name, otherwise)

    def __contains__(self, name: str) -> bool:
        return name in self.columns

    def __len__(self) -> int:
        return len(self.names)
