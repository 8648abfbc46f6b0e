"""A table that a user gives, and what its columns may hold: read with the same care as YAML.

Cells are text until a column says what it holds, so that a unit called ``nan`` or ``null`` is a unit. What is
wrong is told with file, line and column.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .errors import InputError, nearest, printable

if TYPE_CHECKING:
    import pandas as pd

MAX_COLUMNS = 2_000
_FULL_WIDTH = "，；、"
_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\Z")
_WITH_COMMA = re.compile(r"[-+]?[0-9]+(,[0-9]+)+(\.[0-9]*)?\Z")
_NO_VALUE = {"nan", "na", "n/a", "#n/a", "null", "none", "-", "--", "/", "?"}


@dataclass(frozen=True)
class Table:
    """Columns of text, all of one length.

    Parameters
    ----------
    place : the file, or the words for a table that was given in Python.
    columns : by name, the cells as text without surrounding blanks.
    lines : for each row, the line of the file on which it begins; None for a table given in Python.
    header : the line of the column names.
    """

    place: Path | str
    columns: Mapping[str, list[str]]
    lines: list[int] | None
    header: int = 1

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def where(self, row: int) -> str:
        """A row in words, to name it in a message about another one."""
        return f"row {row}" if self.lines is None else f"line {self.lines[row]}"

    def error(
        self, message: str, remedy: str, row: int | None = None, column: str | None = None
    ) -> InputError:
        """A complaint about a cell, a row (from 0) or, without one, the column names."""
        if self.lines is None:
            place = self.place if row is None else f"{self.place}, row {row}"
            return InputError(message, file=place, path=column, remedy=remedy)
        line = self.header if row is None else self.lines[row]
        return InputError(message, file=self.place, line=line, path=column, remedy=remedy)

    def check_columns(self, needed: Collection[str], optional: Collection[str] = ()) -> None:
        """Refuse unknown columns, then missing ones, then a table without rows."""
        known = [*needed, *optional]
        shown = ", ".join(needed)
        unknown = [name for name in self.columns if name not in known]
        if len(unknown) == len(self.columns):
            remedy = f"Columns: {shown}; separated by commas, semicolons or tabs"
            if full_width := next((mark for mark in _FULL_WIDTH if mark in "".join(unknown)), None):
                message = f"'{full_width}' (full-width) does not separate columns"
                raise self.error(message, f"Write ',' (half-width). {remedy}")
            raise self.error(f"these are no column names: {', '.join(unknown)[:80]}", remedy)
        if unknown:
            name = unknown[0].casefold()
            block, _, step = name.partition(".")
            alike = [one for one in known if step and one.endswith(f".{step}")]
            if len(alike) > 1 and any(one.startswith(f"{block}.") for one in known):
                remedy = f"Columns of this step: {', '.join(alike)}"
            else:
                remedy = nearest(name, alike or known)
            raise self.error(f"unknown column '{_short(unknown[0])}'", remedy)
        if missing := [name for name in needed if name not in self.columns]:
            raise self.error(f"the column '{missing[0]}' is missing", f"Columns: {shown}")
        if not len(self):
            raise self.error("the table has no rows", "Write them under the column names")

    def names(self, column: str, known: Mapping[str, object]) -> list[str]:
        """The cells of a column that holds names of `known` parts (units, kinds)."""
        for row, cell in enumerate(self.columns[column]):
            if cell not in known:
                if not cell:
                    raise self.error("the cell is empty", f"Write the name of a {column}", row, column)
                raise self.error(f"unknown {column} '{_short(cell)}'", _meant(cell, known), row, column)
        return self.columns[column]

    def numbers(
        self,
        column: str,
        meaning: str,
        *,
        least: float = 0.0,
        most: float,
        whole: bool = False,
        may_be_empty: bool = False,
    ) -> np.ndarray:
        """The cells of a column of numbers from `least` to `most`, float (rows,); NaN where a cell is empty.

        `meaning` says what would be right, as a remedy.
        """
        cells = self.columns[column]
        found = np.full(len(cells), np.nan)
        for row, cell in enumerate(cells):
            if not cell and may_be_empty:
                continue
            if not _NUMBER.match(cell):
                message, remedy = _no_number(cell, may_be_empty)
                raise self.error(message, f"{remedy}{meaning}", row, column)
            value = float(cell)
            if not least <= value <= most or (whole and not value.is_integer()):
                raise self.error(f"{_short(cell)} is not possible here", meaning, row, column)
            found[row] = value
        return found

    def check_unique(self, *keys: str) -> None:
        """Refuse two rows that are about the same."""
        first: dict[tuple[str, ...], int] = {}
        for row, key in enumerate(zip(*(self._key(name) for name in keys), strict=True)):
            if (before := first.setdefault(key, row)) != row:
                about = ", ".join(f"{name} {value}" for name, value in zip(keys, key, strict=True))
                remedy = "Keep one of the two"
                raise self.error(f"{about} stands in {self.where(before)} already", remedy, row)

    def _key(self, column: str) -> list[str]:
        """The cells of a column, equal numbers written equally."""
        cells = self.columns[column]
        return [f"{float(cell):g}" if _NUMBER.match(cell) else cell for cell in cells]

    def repeated(self) -> list[int]:
        """The rows that are the same as an earlier one in every column."""
        first: dict[tuple[str, ...], int] = {}
        rows = enumerate(zip(*self.columns.values(), strict=True))
        return [number for number, row in rows if first.setdefault(row, number) != number]


def _meant(cell: str, known: Mapping[str, object]) -> str:
    """Which name was probably meant: the one of that title, or the nearest."""
    for name, part in known.items():
        title = getattr(part, "title", None)
        if title is not None and cell in (title.en, title.zh):
            return f"Write its name: '{name}'"
    return nearest(cell, known)


def _short(cell: str) -> str:
    """A cell as a message shows it."""
    return printable(cell, 40)


def _no_number(cell: str, may_be_empty: bool) -> tuple[str, str]:
    """Why a cell is no number, and the first part of what would be right."""
    if not cell:
        return "the cell is empty", ""
    if cell.casefold() in _NO_VALUE:
        return f"'{cell}' is not a number", "Leave the cell empty. " if may_be_empty else ""
    narrow, cell = unicodedata.normalize("NFKC", cell), _short(cell)
    if narrow != cell and _NUMBER.match(narrow):
        return f"'{cell}' has full-width digits", f"Write {_short(narrow)}. "
    if _WITH_COMMA.match(narrow):
        return f"'{cell}' has a comma", "Write a decimal point, and nothing between thousands. "
    return f"'{cell}' is not a number", ""


def check_names(names: list[str], place: Path | str, line: int | None = None) -> None:
    """Refuse columns without a name, of the same name, none and too many."""
    if not 1 <= len(names) <= MAX_COLUMNS:
        remedy = f"Give it 1 to {MAX_COLUMNS:,}"
        raise InputError(f"the table has {len(names):,} columns", file=place, line=line, remedy=remedy)
    for number, name in enumerate(names):
        if not name:
            message, remedy = f"column {number + 1} has no name", "Name it, or delete it"
            raise InputError(message, file=place, line=line, remedy=remedy)
        if name in names[:number]:
            message, remedy = f"the column '{name}' stands twice", "Keep one of the two"
            raise InputError(message, file=place, line=line, remedy=remedy)


def of_frame(frame: pd.DataFrame, place: str) -> Table:
    """A DataFrame as a table; missing values are empty cells."""
    names = [str(name) for name in frame.columns]
    check_names(names, place)
    columns = {}
    for number, name in enumerate(names):
        column = frame.iloc[:, number]
        absent = column.isna().tolist()
        columns[name] = [
            "" if none else str(cell).strip() for cell, none in zip(column.tolist(), absent, strict=True)
        ]
    return Table(place, columns, None)
