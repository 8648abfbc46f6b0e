"""Write a scenario as a workbook: a sheet for each table, bilingual headings, drop-down lists, notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from sim.authoring.keys import keys
from sim.report.places import PLACES
from sim.report.words import Text
from sim.scenario import InputError, Scenario
from sim.scenario.source import Evidence, Path_
from sim.scenario.table_file import read_bytes

from . import targets
from .layout import (
    EACH,
    FIRST_ROW,
    NOT_STATED,
    NUMBER,
    Column,
    Settings,
    Table,
    choices_of,
    settings,
    tables,
)

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

LAST_ROW = 2000  # down to which drop-down lists reach
MOST_CHARACTERS = 32_000  # of a cell
EVIDENCE = ("source", "unit", "low", "high", "factor_low", "factor_high", "reason")
_SETTING_HEAD = (
    ("path", "parameter", "参数路径"),
    ("value", "value", "数值"),
    ("label", "what it is", "含义"),
    ("label_zh", "in Chinese", "中文含义"),
    ("unit", "unit", "单位"),
    ("bounds", "what may stand there", "取值"),
    ("default", "if left empty", "不填时"),
)
_SOURCE_HEAD = (
    ("path", "what it is about, by its path", "所指参数路径"),
    (
        "source",
        f"'assumed', a citation, or {NOT_STATED} (not stated)",
        f"assumed（假定）、出处，或 {NOT_STATED}（未注明）",
    ),
    ("unit", "unit of a single number", "单个数值的单位"),
    ("low", "lowest plausible value", "合理下限"),
    ("high", "highest plausible value", "合理上限"),
    ("factor_low", "lowest, as a multiple", "下限倍数"),
    ("factor_high", "highest, as a multiple", "上限倍数"),
    ("reason", "why it has this size", "取值理由"),
)
_ABOUT = """\
Fill in the sheets; rows 1 to 3 are headings. The first row has the keys, which must stay as they are.
Empty cells take the default. A list is written as [a, b], a mapping as {mon: ["08:30-12:00"]}.
Names (of units, groups, kinds, steps) have small letters, digits and _. "own" is the unit where one filed.
Sources of numbers stand in the sheet "sources". A number without one is taken as assumed, and that is said.
Totals of a year, as observed, go into the sheet "targets": sim calibrate fits assumed numbers to them.
Read it with: sim import-workbook FILE
填写各表；第1至3行为表头，首行为键名，不得改动。
空白单元格取默认值。列表写作 [a, b]，对应关系写作 {mon: ["08:30-12:00"]}。
单位、人员组、事项、环节的名称用小写字母、数字和 _ 书写；own 指收件单位。
数值的依据填入 sources 表；无依据的数值按假定处理，并逐项提示。
本单位全年实际数填入 targets 表，由 sim calibrate 据以校准假定数值。
读入命令：sim import-workbook 文件名"""


def write_workbook(scenario: Scenario, file: Path) -> Path:
    """Write a scenario as a workbook.

    Parameters
    ----------
    scenario : Scenario
        The scenario, as its file says it.
    file : Path
        The workbook, whose name ends in ``.xlsx``. It must not be there already.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If the file is there already, or a value does not fit in a cell.
    OSError
        If it cannot be written.

    Examples
    --------
    >>> import sim
    >>> from pathlib import Path
    >>> from sim.authoring.workbook import write_workbook
    >>> write_workbook(sim.load("one-office"), Path("one-office.xlsx")).name
    'one-office.xlsx'
    """
    source = scenario.source
    texts = {name: read_bytes(scenario.folder / name) for name in scenario.tables()}
    return _save(_workbook(source.data, source.evidence, texts), file)


def write_template(file: Path) -> Path:
    """Write a workbook to be filled in: rules as they often are, and no units, staff or volumes."""
    from sim.authoring.new import template_source

    source = template_source()
    data = dict(source.data) | {"description": {"en": "Our office.", "zh": "本单位。"}}
    for block in ("units", "staff", "kinds", "demand"):
        data[block] = {}
    known = {path: one for path, one in source.evidence.items() if path[0] in data and data[path[0]]}
    return _save(_workbook(data, known, {}), file)


def bare(path: Path_, node: Any, evidence: dict[Path_, Evidence]) -> Iterator[Path_]:
    """Return the highest paths under which numbers stand and no evidence does."""
    if path in evidence:
        return
    if path and not any(known[: len(path)] == path for known in evidence):
        if _has_number(node):
            yield path
        return
    if isinstance(node, dict):
        for key, value in node.items():
            yield from bare((*path, str(key)), value, evidence)
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from bare((*path, str(place)), value, evidence)


def flow(value: Any) -> str:
    """A list or mapping as one line of YAML."""
    return yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, width=10**6, sort_keys=False
    ).strip()


def _has_number(node: Any) -> bool:
    if isinstance(node, dict | list):
        return any(map(_has_number, node.values() if isinstance(node, dict) else node))
    return isinstance(node, int | float) and not isinstance(node, bool)


def _save(book: Workbook, file: Path) -> Path:
    if file.suffix.lower() != ".xlsx":
        raise InputError(
            "a workbook's name ends in .xlsx", file=file, remedy=f"Call it {file.stem or 'office'}.xlsx"
        )
    if file.exists():
        raise InputError("it is there already", file=file, remedy="Give another name, or remove it first")
    book.save(file)
    return file


def _workbook(data: dict[str, Any], evidence: dict[Path_, Evidence], texts: dict[str, bytes]) -> Workbook:
    from openpyxl import Workbook as Book
    from openpyxl.styles import Alignment

    book = Book()
    first = book.active
    assert first is not None
    first.title = "read me 说明"
    for line in _ABOUT.splitlines():
        first.append([line])
        first.cell(first.max_row, 1).alignment = Alignment(wrap_text=True)
    first.column_dimensions["A"].width = 110
    named = {table.sheet: _sheet_name(table.sheet, table.title) for table in tables()}
    for sheet in settings():
        _write_settings(book.create_sheet(_sheet_name(sheet.sheet, sheet.title)), sheet, data)
        if sheet.sheet == "about":
            for table in tables():
                _write_table(book.create_sheet(named[table.sheet]), table, data, named)
    _write_sources(book.create_sheet("sources 依据"), data, evidence)
    observed = targets.columns()
    _write_rows(book.create_sheet(_sheet_name(targets.TARGETS, targets.TITLE)), observed, [], named)
    for number, (name, content) in enumerate(texts.items(), 1):
        _write_file(book.create_sheet(f"file_{number}"), name, content)
    return book


def _sheet_name(sheet: str, title: Text) -> str:
    short = title.zh.rpartition("：")[2].translate(str.maketrans("：/\\?*[]", "-------"))
    return f"{sheet} {short}"[:31]


def _head(sheet: Worksheet, columns: list[tuple[str, str, str]], notes: list[str]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    for number, (column, note) in enumerate(zip(columns, notes, strict=True), 1):
        for row, text in enumerate(column, 1):
            cell = sheet.cell(row, number, text)
            cell.font = Font(bold=row == 1, color="000000" if row == 1 else "44546A")
            cell.fill = PatternFill("solid", fgColor="D9E2F3")
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        if note:
            sheet.cell(1, number).comment = Comment(note, "sim", width=320, height=120)
        width = max(len(column[0]) + 2, min(len(column[1]), 24), 10)
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = f"A{FIRST_ROW}"


def _write_table(sheet: Worksheet, table: Table, data: dict[str, Any], named: dict[str, str]) -> None:
    columns = [*table.names, *table.columns]
    rows = [
        [*names, *(_at(entry, column.path) for column in table.columns)]
        for names, entry in _entries(data, table.path)
    ]
    _write_rows(sheet, columns, rows, named)


def _write_rows(
    sheet: Worksheet, columns: Sequence[Column], rows: Sequence[Sequence[Any]], named: dict[str, str]
) -> None:
    _head(
        sheet,
        [(column.heading, _headed(column, "en"), _headed(column, "zh")) for column in columns],
        [_note(column) for column in columns],
    )
    for row, cells in enumerate(rows, FIRST_ROW):
        for number, value in enumerate(cells, 1):
            _put(sheet, row, number, value, columns[number - 1].form)
    for number, column in enumerate(columns, 1):
        _offer(sheet, number, column, named)


def _headed(column: Column, lang: str) -> str:
    label, unit = getattr(column.label, lang), getattr(column.unit, lang)
    return label if unit in ("-", "1") else f"{label} [{unit}]"


def _note(column: Column) -> str:
    if column.bounds.en == "-":
        return ""
    return f"{column.bounds.en}\n{column.bounds.zh}"


def _offer(sheet: Worksheet, number: int, column: Column, named: dict[str, str]) -> None:
    """Give the cells of a column a drop-down list."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    choices = column.choices or (("true", "false") if column.form == "flag" else ())
    if column.refers and number > 0 and named.get(column.refers) != sheet.title:
        listed = f"'{named[column.refers]}'!$A${FIRST_ROW}:$A${LAST_ROW}"
    elif choices and len(",".join(choices)) < 250:
        listed = f'"{",".join(choices)}"'
    else:
        return
    offered = DataValidation("list", formula1=listed, allow_blank=True, showErrorMessage=False)
    letter = get_column_letter(number)
    offered.add(f"{letter}{FIRST_ROW}:{letter}{LAST_ROW}")
    sheet.add_data_validation(offered)


def _entries(data: Any, path: Path_) -> Iterator[tuple[list[str], Any]]:
    """Every entry of a table, with the names of the row."""
    if not path:
        yield [], data
        return
    part, rest = path[0], path[1:]
    if part == EACH and isinstance(data, dict):
        for name, value in data.items():
            for names, entry in _entries(value, rest):
                yield [name, *names], entry
    elif part == NUMBER and isinstance(data, list):
        for value in data:
            yield from _entries(value, rest)
    elif isinstance(data, dict) and part in data:
        yield from _entries(data[part], rest)


def _at(data: Any, path: Path_) -> Any:
    for part in path:
        if isinstance(data, list) and int(part) < len(data):
            data = data[int(part)]
        elif isinstance(data, dict):
            data = data.get(part)
        else:
            return None
    return data


def _put(sheet: Worksheet, row: int, number: int, value: Any, form: str) -> None:
    if value is None:
        return
    if isinstance(value, dict | list):
        value = flow(value)
    if isinstance(value, str) and len(value) > MOST_CHARACTERS:
        raise InputError(
            f"a value of {len(value):,} characters does not fit in a cell",
            path=str(sheet.cell(1, number).value),
            remedy="Keep this scenario in its YAML file",
        )
    cell = sheet.cell(row, number)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # "=x" too is a text here
        if form == "structure" or value[:1] in "0123456789":
            cell.number_format = "@"


def _write_settings(sheet: Worksheet, settings: Settings, data: dict[str, Any]) -> None:
    _head(sheet, list(_SETTING_HEAD), [""] * len(_SETTING_HEAD))
    known = {key.path: key for key in keys("scenario")}
    written = {path: value for block in settings.blocks for path, value in _leaves((block,), data.get(block))}
    order = [
        tuple(path.split("."))
        for path, key in known.items()
        if path.split(".")[0] in settings.blocks and "<" not in path and not key.is_block
    ]
    titles = [
        path
        for path in order
        if ".".join(path) in known and known[".".join(path)].bounds.en.startswith("{en:")
    ]
    order = [path for path in order if path not in titles or path in written]
    under = {path[:n] for path in written for n in range(1, len(path))}
    listed = list(dict.fromkeys([*(path for path in order if path not in under), *written]))
    listed.sort(key=lambda path: settings.blocks.index(path[0]))
    for row, path in enumerate(listed, FIRST_ROW):
        key = known.get(".".join(path))
        sheet.cell(row, 1, ".".join(path))
        _put(
            sheet,
            row,
            2,
            written.get(path),
            "structure" if isinstance(written.get(path), dict | list) else "",
        )
        if key is not None:
            texts = (key.label.en, key.label.zh, _unit(key.unit), key.bounds.en, key.default.en)
            for number, text in enumerate(texts, 3):
                sheet.cell(row, number, text).data_type = "s"
            column = Column((), key.label, key.unit, key.bounds, "text", choices_of(key.field.annotation))
            _offer_one(sheet, row, column, key.bounds.en == "true or false")
        else:
            block = next((PLACES[part] for part in reversed(path) if part in PLACES), None)
            sheet.cell(row, 3, block.en if block else "")
            sheet.cell(row, 4, block.zh if block else "")
    for letter, width in zip("ABCDEFG", (44, 24, 48, 36, 22, 40, 14), strict=True):
        sheet.column_dimensions[letter].width = width


def _unit(unit: Text) -> str:
    return unit.en if unit.en in ("-", "1") else f"{unit.en} {unit.zh}"


def _offer_one(sheet: Worksheet, row: int, column: Column, flag: bool) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    choices = ("true", "false") if flag else column.choices
    if choices and len(",".join(choices)) < 250:
        offered = DataValidation(
            "list", formula1=f'"{",".join(choices)}"', allow_blank=True, showErrorMessage=False
        )
        offered.add(f"B{row}")
        sheet.add_data_validation(offered)


def _leaves(path: Path_, node: Any) -> Iterator[tuple[Path_, Any]]:
    """The values of a block: scalars, lists of scalars, what is empty; lists of blocks by place."""
    if node is None:
        return
    if isinstance(node, dict) and node:
        for key, value in node.items():
            yield from _leaves((*path, str(key)), value)
    elif isinstance(node, list) and node and all(isinstance(one, dict) for one in node):
        for place, value in enumerate(node):
            yield from _leaves((*path, str(place)), value)
    else:
        yield path, node


def _write_sources(sheet: Worksheet, data: dict[str, Any], evidence: dict[Path_, Evidence]) -> None:
    _head(sheet, list(_SOURCE_HEAD), [""] * len(_SOURCE_HEAD))
    rows: list[list[Any]] = []
    for path, one in evidence.items():
        low, high = one.range or (None, None)
        least, most = one.factor or (None, None)
        rows.append([".".join(path), one.source, one.unit, low, high, least, most, one.reason])
    rows += [[".".join(path), NOT_STATED] for path in bare((), data, evidence)]
    for row, cells in enumerate(rows, FIRST_ROW):
        for number, value in enumerate(cells, 1):
            _put(sheet, row, number, value, "")
    for letter, width in zip("ABCDEFGH", (44, 30, 18, 10, 10, 10, 10, 80), strict=True):
        sheet.column_dimensions[letter].width = width


def _write_file(sheet: Worksheet, name: str, content: bytes) -> None:
    """A table file, its name in the first cell, and below it the cells as texts."""
    import csv
    import io

    sheet.cell(1, 1, name)
    for row, cells in enumerate(csv.reader(io.StringIO(content.decode("utf-8"), newline="")), 2):
        for number, value in enumerate(cells, 1):
            _put(sheet, row, number, value, "structure")
