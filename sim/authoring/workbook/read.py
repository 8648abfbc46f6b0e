"""Read a workbook as a scenario: every mistake is told by sheet and cell, and nothing is written then."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.report.choices import CHOICES
from sim.scenario import InputError
from sim.scenario.cards import unit_of
from sim.scenario.errors import lookalike, nearest
from sim.scenario.source import Evidence, Path_, dotted, parse_yaml

from .book import Book, Cell, open_book
from .cells import Cells, Mistakes, NoPlace, down, put_at
from .layout import (
    EACH,
    NOT_STATED,
    NUMBER,
    SOURCES,
    Column,
    Form,
    Table,
    form_at,
    settings,
    tables,
)
from .rows import filled, heading_of
from .sources import read_sources
from .targets import TARGETS
from .write import bare

TYPED = "Typed into the workbook without a source."
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\Z")
_FLAGS = {"true": True, "是": True, "yes": True, "false": False, "否": False, "no": False}
_TOP = re.compile(r"file_[0-9]+\Z")


@dataclass
class Read:
    """What a workbook says.

    Attributes
    ----------
    source : Source
        The scenario as plain data, with evidence; its errors name cells.
    files : dict of str to bytes
        The tables beside the scenario.
    assumed : list of str
        The dotted paths of numbers that have no source, which are taken as assumed.
    remarks : list of str
        What in the workbook is data only: formulas, macros, links, hidden sheets. And where a copy is kept
        of what it replaced.
    """

    source: Cells
    files: dict[str, bytes] = field(default_factory=dict)
    assumed: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def read_workbook(file: Path) -> Read:
    """Read a workbook as the data of a scenario, not yet checked as a whole.

    Parameters
    ----------
    file : Path
        The workbook.

    Returns
    -------
    Read
        The data, its evidence, and what is to be said.

    Raises
    ------
    InputError
        If it is no workbook, or a sheet, a heading or a cell is wrong. The error names sheet and cell.
    """
    book = open_book(file)
    found = Read(Cells(file, {}))
    found.source.places = {}
    found.remarks = book.remarks
    sheets = dict(_sheets(book))
    if not any(name in sheets for name in ("units", "staff", "about")):
        raise book.error(
            "none of its sheets is one of a scenario", remedy="Make one by: sim workbook office.xlsx"
        )
    mistakes = Mistakes()
    for one in settings():
        if one.sheet in sheets:
            _read_settings(book, one.blocks, sheets[one.sheet], found.source, mistakes)
    for table in tables():
        if table.sheet in sheets:
            _read_table(book, table, sheets[table.sheet], found.source, mistakes)
    mistakes.told()  # else sources would be told to be of nothing
    stated = read_sources(book, sheets.get(SOURCES, []), found.source, mistakes)
    mistakes.told()
    for name, rows in sheets.items():
        if _TOP.match(name):
            _read_file(book, rows, found)
    _in_order(found.source)
    _assume(found, stated)
    return found


def _sheets(book: Book) -> Iterator[tuple[str, list[list[Cell]]]]:
    """The sheets that are known, by the first word of their titles; others are remarked on."""
    known = {*(table.sheet for table in tables()), *(one.sheet for one in settings()), SOURCES, TARGETS}
    seen: set[str] = set()
    for title, rows in book.sheets.items():
        name = (title.split() or [""])[0]
        if name in seen:
            raise book.error(f"two sheets are called '{name}'", title, "Keep one of them")
        if name == TARGETS and any(filled(rows)):
            book.remarks.append(f"the sheet '{title}' is read by: sim calibrate --targets {book.file.name}")
        if name in known or _TOP.match(name):
            seen.add(name)
            yield name, rows
        elif not name.startswith("read"):
            book.remarks.append(f"the sheet '{title}' is none of a scenario's and is not read")


def _read_table(
    book: Book, table: Table, rows: Sequence[list[Cell]], source: Cells, mistakes: Mistakes
) -> None:
    names = [column.heading for column in table.names]
    known = [*names, *(column.heading for column in table.columns)]
    columns = dict(zip(known, [*table.names, *table.columns], strict=True))
    heading = heading_of(book, rows, known, table.sheet)
    if missing := [name for name in names if rows and name not in heading.values()]:
        raise book.error(
            f"the column '{missing[0]}' is missing", f"{table.sheet}!A1", "Keep the first row as it was"
        )
    for row in filled(rows):
        with mistakes.kept():
            for number, cell in enumerate(row):
                if number not in heading and cell.value is not None:
                    raise book.error("a value in a column without a heading", cell.place, "Delete it")
            cells = {heading[number]: cell for number, cell in enumerate(row) if number in heading}
            path = _row_path(book, table, [cells[name] for name in names], source, doubtful=bool(mistakes))
            if path is None:
                continue
            here = _Row(source, path, row[0].place)
            here.open()
            for name in known[len(names) :]:
                if name in cells and cells[name].value is not None:
                    with mistakes.kept():
                        here.put(book, columns[name], cells[name])
            here.close(book, table)


def _row_path(book: Book, table: Table, names: list[Cell], source: Cells, *, doubtful: bool) -> Path_ | None:
    """Where the entry of a row belongs; None if what it belongs to is unknown, and may be so by a mistake in
    another row, which is told already."""
    path: list[str] = []
    given = iter(names)
    for part in table.path:
        if part == EACH:
            cell = next(given)
            name = "" if cell.value is None else str(cell.value)
            if not _NAME.match(name):
                shown = f"'{name}' is not a name" if name else "the name is missing"
                remedy = "Use small letters, digits and '_', beginning with a letter"
                if mistyped := lookalike(name):
                    remedy = mistyped.remedy
                elif not name:
                    remedy += ", or delete the row, as one of totals"
                raise book.error(shown, cell.place, remedy)
            path.append(name)
            if len(path) == 2 and len(table.names) > 1 and (path[0], name) not in source.places:
                if doubtful:
                    return None
                known = source.data.get(path[0], {})
                raise book.error(
                    f"'{name}' is not in the sheet '{path[0]}'", cell.place, nearest(name, known)
                )
        elif part == NUMBER:
            path.append(str(len(down(source.data, tuple(path)) or ())))
        else:
            path.append(part)
    if tuple(path) in source.places and NUMBER not in table.path:
        where = source.places[tuple(path)]
        raise book.error(f"'{path[-1]}' stands twice", names[-1].place, f"It stands at {where} already")
    return tuple(path)


@dataclass
class _Row:
    """An entry that is read from a row."""

    source: Cells
    path: Path_
    place: str
    is_value: bool = False
    lists: dict[Path_, dict[int, Any]] = field(default_factory=dict)

    def open(self) -> None:
        put_at(self.source.data, self.path, {})
        self.source.places[self.path] = self.place

    def put(self, book: Book, column: Column, cell: Cell) -> None:
        if not column.path:  # the entry is the value itself
            self.is_value = True
            self.source.places[self.path] = cell.place
        value = _value(book, cell, column.form, column.choices)
        path = (*self.path, *column.path)
        for length in range(len(self.path) + 1, len(path) + 1):
            self.source.places.setdefault(path[:length], cell.place)
        if column.path and column.path[-1].isdecimal():
            self.lists.setdefault(column.path[:-1], {})[int(column.path[-1])] = value
            return
        put_at(self.source.data, path, value)

    def close(self, book: Book, table: Table) -> None:
        for path, numbers in self.lists.items():
            length = sum(column.path[:-1] == path for column in table.columns)
            if missing := [number for number in range(length) if number not in numbers]:
                message = (
                    f"'{path[-1]}' has {len(numbers)} of {length} numbers; '{path[-1]}.{missing[0]}' is empty"
                )
                raise book.error(
                    message,
                    self.source.places[(*self.path, *path)],
                    "Fill in all (0 where there is none), or none",
                )
            put_at(self.source.data, (*self.path, *path), [numbers[number] for number in range(length)])
        if any(not column.path for column in table.columns) and not self.is_value:
            raise book.error("the value is missing", self.place, "Type a number, or delete the row")


def _read_settings(
    book: Book, blocks: Sequence[str], rows: Sequence[list[Cell]], source: Cells, mistakes: Mistakes
) -> None:
    known = ("path", "value", "label", "label_zh", "unit", "bounds", "default")
    heading = heading_of(book, rows, known, "settings")
    where = {name: number for number, name in heading.items()}
    for row in filled(rows):
        with mistakes.kept():
            cells = {name: row[number] for name, number in where.items() if number < len(row)}
            path, value = cells["path"], cells.get("value")
            if value is None or value.value is None:
                continue
            if path.value is None:
                raise book.error(
                    "a value without a parameter", value.place, "Write the parameter's path into column A"
                )
            parts = tuple(str(path.value).split("."))
            if parts[0] not in blocks:
                raise book.error(
                    f"'{parts[0]}' does not stand in this sheet", path.place, nearest(parts[0], blocks)
                )
            if parts in source.places:
                raise book.error(f"'{dotted(parts)}' stands twice", path.place, "Keep one of the two")
            try:
                put_at(source.data, parts, _value(book, value, form_at(parts, source.data), ()))
            except NoPlace:
                remedy = "Write each parameter once, and lists in order from 0"
                raise book.error(
                    f"'{dotted(parts)}' does not fit what stands above", path.place, remedy
                ) from None
            for length in range(1, len(parts)):
                source.places.setdefault(parts[:length], path.place)
            source.places[parts] = value.place


def _read_file(book: Book, rows: Sequence[list[Cell]], found: Read) -> None:
    import csv
    import io

    name = rows[0][0].value if rows and rows[0] else None
    if (
        not isinstance(name, str)
        or Path(name).is_absolute()
        or ".." in Path(name).parts
        or not name.endswith(".csv")
    ):
        place = rows[0][0].place if rows and rows[0] else ""
        raise book.error(
            "the name of the table file is missing or leads elsewhere", place, "As in data/rates.csv"
        )
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    for row in rows[1:]:
        cells = [cell.value for cell in row]
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            writer.writerow("" if value is None else value for value in cells)
    found.files[name] = text.getvalue().encode()


def _value(book: Book, cell: Cell, form: Form, choices: Sequence[str]) -> Any:
    """A cell's value in the form that its column asks for, where that is plain."""
    value = cell.value
    if form == "text":
        return str(value).lower() if isinstance(value, bool) else str(value)
    if not isinstance(value, str):
        return value
    if value[0] in "[{":
        try:
            return parse_yaml(value, book.file).data
        except InputError as error:
            raise book.error(error.message, cell.place, error.remedy) from None
    if form in ("number", "structure") and _NUMBER.match(value):
        return float(value) if set(value) & set(".eE") else int(value)
    if form == "flag" or value.lower() in ("true", "false"):
        return _FLAGS.get(value.lower(), value)
    if form == "choice" and choices and value not in choices:
        return next((choice for choice in choices if CHOICES.get(choice) == value), value)
    return value


def _in_order(source: Cells) -> None:
    """Put the blocks in the order of the schema, as a planner would write them."""
    from sim.scenario.schema import Scenario

    source.data = {name: source.data[name] for name in Scenario.model_fields if name in source.data}


def _assume(found: Read, stated: Sequence[Path_]) -> None:
    """Mark as assumed the numbers that have no source, each by the highest path that has none."""
    source = found.source
    known = source.evidence | {path: Evidence(source=NOT_STATED) for path in stated}
    for path in list(bare((), source.data, known)):
        unit = unit_of(path, source.data) if not isinstance(down(source.data, path), dict | list) else None
        source.evidence[path] = Evidence(unit=unit, source="assumed", reason=TYPED)
        found.assumed.append(".".join(path))


def import_workbook(file: Path, name: str, *, anew: bool = False) -> tuple[list[Path], Read]:
    """Make a scenario of a workbook, in a folder of its name under ``scenarios/``.

    Parameters
    ----------
    file : Path
        The workbook.
    name : str
        The name of the scenario.
    anew : bool, optional
        Replace the scenario of that name, and keep a copy of it, its policies and studies.

    Returns
    -------
    files : list of Path
        What was written.
    read : Read
        What is to be said of the workbook.

    Raises
    ------
    InputError
        If the workbook or the scenario in it is wrong, or the name is taken. Nothing is written then.
    """
    from sim.authoring.place import place_scenario

    read = read_workbook(file)
    placed = place_scenario(name, read.source, read.files, replace=anew, origin=file.name)
    if placed.kept is not None:
        read.remarks.append(f"a copy of the scenario before is kept in {placed.kept}")
    return placed.files, read
