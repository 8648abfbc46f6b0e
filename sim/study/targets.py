"""Totals that an office observed in a year, read from a table: what `sim.study.calibrate` fits numbers to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sim.rules import OUTCOMES
from sim.scenario.errors import InputError, nearest
from sim.scenario.schema import Scenario
from sim.scenario.table import Table, of_frame
from sim.scenario.table_file import read_table

WHERE = ("unit", "kind", "month")  # the columns that say of what a total is
COLUMNS = ("outcome", *WHERE, "value", "error")


@dataclass(frozen=True)
class Target:
    """An observed total of one year: an outcome of the bureau, or of a unit, a kind, a month.

    value, error : in the unit of the tables (shares 0 to 1); error is the standard error of the record, 0 =
    exact.
    """

    outcome: str
    unit: str
    kind: str
    month: int
    value: float
    error: float

    @property
    def name(self) -> str:
        """The outcome and where it was observed, in words of the tables."""
        month = f"month {self.month}" if self.month else ""
        where = [one for one in (self.unit, self.kind, month) if one]
        return f"{self.outcome} ({', '.join(where)})" if where else self.outcome


def read_targets(given: pd.DataFrame | Table | str | Path, scenario: Scenario) -> list[Target]:
    """Read observed totals from a CSV file, a DataFrame or a table; see `calibrate`.

    Raises InputError for a table, a name or a number that is wrong.
    """
    if isinstance(given, Table):
        table = given
    elif isinstance(given, str | Path):
        table = read_table(Path(given))
    elif isinstance(given, pd.DataFrame):
        table = of_frame(given, "the table of targets")
    else:
        raise InputError(
            f"targets cannot be a {type(given).__name__}", remedy="Give a CSV file or a DataFrame"
        )
    table.check_columns(("outcome", "value"), (*WHERE, "error"))
    names = table.columns["outcome"]
    for row, name in enumerate(names):
        if name not in OUTCOMES:
            raise table.error(f"'{name}' is no outcome", nearest(name, OUTCOMES), row, "outcome")
    units = _names(table, "unit", scenario.units)
    kinds = _names(table, "kind", scenario.kinds)
    month = _numbers(table, "month", "1 to 12; nothing for the whole year", 12)
    if ((month != 0) & (scenario.horizon.years is None)).any():
        raise table.error("the scenario has no months", "Take the month out", None, "month")
    value = table.numbers("value", "The observed total, 0 or more", most=1e15)
    error = _numbers(table, "error", "The standard error of the record, 0 or more", 1e15)
    found = []
    for row, name in enumerate(names):
        scale = OUTCOMES[name].scale
        own = float(value[row]) / scale, float(error[row]) / scale
        found.append(Target(name, units[row], kinds[row], int(month[row]), *own))
    keys = [(one.outcome, one.unit, one.kind, one.month) for one in found]
    for row, key in enumerate(keys):
        if key in keys[:row]:
            raise table.error(f"{found[row].name} is there twice", "Give it once", row)
    return found


def _names(table: Table, column: str, known: Collection[str]) -> list[str]:
    cells = table.columns.get(column, [""] * len(table))
    for row, cell in enumerate(cells):
        if cell and cell not in known:
            raise table.error(f"'{cell}' is no {column}", nearest(cell, known), row, column)
    return list(cells)


def _numbers(table: Table, column: str, meaning: str, most: float) -> np.ndarray:
    """Return the numbers of a column, 0 where it, or a cell, is empty."""
    if column not in table.columns:
        return np.zeros(len(table))
    whole = column == "month"
    return np.nan_to_num(table.numbers(column, meaning, most=most, whole=whole, may_be_empty=True))
