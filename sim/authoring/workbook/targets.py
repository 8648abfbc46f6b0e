"""The sheet of a workbook with what the office observed in a year, to which `sim calibrate` fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sim.report.words import Text
from sim.scenario import InputError
from sim.scenario import table as tables
from sim.study.targets import COLUMNS

from .book import open_book
from .layout import Column
from .rows import filled, heading_of

TARGETS = "targets"
TITLE = Text(en="What was observed in a year", zh="全年实际数")
_NONE = Text(en="-", zh="-")
_SHEETS = {"unit": "units", "kind": "kinds"}
_LABELS = {
    "outcome": Text(en="a name of: sim outcomes", zh="结果指标名称（见 sim outcomes）"),
    "unit": Text(en="of which unit; empty: all", zh="单位（空为全部）"),
    "kind": Text(en="of which kind; empty: all", zh="事项（空为全部）"),
    "month": Text(en="1 to 12; empty: the year", zh="月份（空为全年）"),
    "value": Text(en="in the unit of sim outcomes", zh="数值（按 sim outcomes 所列单位）"),
    "error": Text(en="standard error of the record; empty: exact", zh="记录的标准误（空为准确）"),
}


def columns() -> list[Column]:
    """Return the columns of the sheet."""
    return [
        Column(
            (name,), _LABELS[name], _NONE, _NONE,
            "text" if name in ("outcome", *_SHEETS) else "number", refers=_SHEETS.get(name, ""),
        )
        for name in COLUMNS
    ]  # fmt: skip


@dataclass(frozen=True)
class _Sheet(tables.Table):
    """A table whose mistakes are told by cell."""

    cells: Mapping[str, list[str]] = field(default_factory=dict)  # by column, where each row's cell stands

    def error(
        self, message: str, remedy: str, row: int | None = None, column: str | None = None
    ) -> InputError:
        known = self.cells.get(column or "outcome", self.cells["outcome"])
        return InputError(
            message, file=self.place, path=f"{TARGETS}!A1" if row is None else known[row], remedy=remedy
        )

    def where(self, row: int) -> str:
        return self.cells["outcome"][row]


def read_sheet(file: Path) -> tables.Table:
    """Read the observed totals of a workbook, as `sim.study.calibrate.read_targets` takes them.

    Parameters
    ----------
    file : Path
        A workbook of a scenario, with a sheet ``targets``.

    Returns
    -------
    Table
        Its rows. What is wrong in them will be told by cell.

    Raises
    ------
    InputError
        If it is no workbook, has no such sheet, or nothing is in it.
    """
    book = open_book(file)
    rows = next((rows for title, rows in book.sheets.items() if title.split()[:1] == [TARGETS]), None)
    if rows is None:
        remedy = f"Copy it from a template: sim workbook template.xlsx; its columns: {', '.join(COLUMNS)}"
        raise book.error(f"there is no sheet '{TARGETS}'", remedy=remedy)
    heading = heading_of(book, rows, COLUMNS, TARGETS)
    given: dict[str, list[str]] = {name: [] for name in heading.values()}
    cells: dict[str, list[str]] = {name: [] for name in heading.values()}
    for row in filled(rows):
        for number, name in heading.items():
            value = row[number].value
            given[name].append("" if value is None else str(value))
            cells[name].append(row[number].place)
    if not given["outcome"]:
        raise book.error("no total is given", f"{TARGETS}!A4", "Write a row for each total, from row 4 on")
    return _Sheet(file, given, None, cells=cells)
