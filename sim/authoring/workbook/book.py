"""Open a workbook that others wrote: its cells as plain values, and what in it is not read."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.scenario import InputError
from sim.scenario.source import no_file

from .inside import parts_of

MOST_BYTES = 200_000_000  # unpacked
MOST_ROWS, MOST_COLUMNS = 100_000, 200


@dataclass(frozen=True)
class Cell:
    """A value and where it stands, as a planner finds it: ``staff!D5``."""

    place: str
    value: Any


@dataclass
class Book:
    """A workbook's sheets as rows of cells (empty ones are None), and remarks on what was not executed."""

    file: Path
    sheets: dict[str, list[list[Cell]]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def error(self, message: str, place: str = "", remedy: str | None = None) -> InputError:
        return InputError(message, file=self.file, path=place or None, remedy=remedy)


def open_book(file: Path) -> Book:
    """Read a workbook. Raises InputError for what is none, and for what is too large."""
    if not file.is_file():
        raise no_file(file)
    if file.suffix.lower() not in (".xlsx", ".xlsm"):
        raise InputError(
            "not the name of a workbook", file=file, remedy="Save it as an Excel workbook (.xlsx)"
        )
    book = Book(file)
    _look_inside(book)
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts that are of no use here, such as styles
            formulas = load_workbook(file, keep_links=False, keep_vba=False)
            values = load_workbook(file, keep_links=False, keep_vba=False, data_only=True)
    except Exception as error:  # openpyxl tells damaged files in as many ways as there are
        message = f"it cannot be read as a workbook ({type(error).__name__})"
        raise InputError(
            message, file=file, remedy="Open it in Excel or WPS and save it anew as .xlsx"
        ) from None
    for name in formulas.sheetnames:
        if name not in values.sheetnames or not hasattr(formulas[name], "iter_rows"):
            book.remarks.append(f"the sheet '{name}' is a chart and is not read")
            continue
        if formulas[name].sheet_state != "visible":
            book.remarks.append(f"the sheet '{name}' is hidden, and is read like the others")
        book.sheets[name] = list(_rows(book, name, formulas[name], values[name]))
    return book


def _look_inside(book: Book) -> None:
    """Refuse what is no workbook, too large or unsafe; remark on macros and links."""
    names = parts_of(book.file, MOST_BYTES)
    if any("vbaproject" in name.lower() for name in names):
        book.remarks.append("it holds macros; they are not executed")
    if any("externallink" in name.lower() for name in names):
        book.remarks.append("it links to other files; they are not opened")


def _rows(book: Book, name: str, formulas: Any, values: Any) -> Iterator[list[Cell]]:
    if formulas.max_row > MOST_ROWS or formulas.max_column > MOST_COLUMNS:
        size = f"{formulas.max_row:,} rows and {formulas.max_column:,} columns"
        remedy = (
            f"At most {MOST_ROWS:,} rows and {MOST_COLUMNS} columns; delete empty ones that are formatted"
        )
        raise book.error(f"the sheet has {size}", name, remedy)
    hidden = [letter for letter, one in formulas.column_dimensions.items() if one.hidden]
    hidden += [str(number) for number, one in formulas.row_dimensions.items() if one.hidden]
    if hidden:
        book.remarks.append(f"{name}: {len(hidden)} rows or columns are hidden, and are read like the others")
    for row in formulas.iter_rows():
        cells = []
        for cell in row:
            place = f"{name}!{cell.coordinate}"
            value = cell.value
            if cell.data_type == "f":
                stored = values[cell.coordinate].value
                if stored is None:
                    remedy = "Type the value, or open the file in Excel or WPS and save it"
                    raise book.error("a formula without a stored value", place, remedy)
                if str(value).upper() not in ("=TRUE()", "=FALSE()"):  # as LibreOffice writes true and false
                    book.remarks.append(f"{place}: a formula; its stored value {stored!r} is taken")
                value = stored
            if isinstance(value, str) and value.startswith("#") and cell.data_type == "e":
                raise book.error(
                    f"the cell has the error {value}", place, "Correct the formula, or type the value"
                )
            cells.append(Cell(place, _plain(value)))
        yield cells


def _plain(value: Any) -> Any:
    """A cell's value as a YAML file would give it: dates and hours as texts, whole numbers as such."""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, str):
        return value.strip() or None
    return value if isinstance(value, bool | int | float) else None if value is None else str(value)
