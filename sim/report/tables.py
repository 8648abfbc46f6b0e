"""Tables: an accessible HTML table that fits its page, and CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report.files import write_whole
from sim.report.markup import Html, escape, plain
from sim.report.words import MISSING, Text, line_width, number, one_line, pick, unbroken

if TYPE_CHECKING:
    import pandas as pd

_ALIGNMENTS = ("left", "right", "centre")
_YES, _NO = Text(en="yes", zh="是"), Text(en="no", zh="否")

# What one line of a printed page holds, in characters of the table's type (a Chinese character counts
# two), by the class that report.css gives a size and a page to. A column costs its longest unbreakable
# piece and its padding.
_LINES = (("narrow", 40), ("", 104), ("small", 126))
_WIDEST = _LINES[-1][1]  # a wider table is cut: a page on its side would leave the one before half empty
_PADDING = 2
_KEPT_ROWS = 16  # a table up to here is not broken across pages
_LONG_TEXT = 200  # with a longer text in a cell, it may be broken all the same
_SHORT = 26  # a row's name up to here is not broken
_LONG = 40  # a word up to here is not broken
_SPACE = re.compile(r"[ \t\r\n]+")
_LONG_WORD = re.compile(rf"[^\s\u00a0]{{{_LONG}}}(?=[^\s\u00a0])")  # may be broken after so many characters
_FORMULA = "=+-@＝＋－＠"


def html_table(
    frame: pd.DataFrame,
    caption: str,
    lang: str,
    *,
    columns: Mapping[str, str] | None = None,
    align: Mapping[str, str] | None = None,
    formats: Mapping[str, Callable[[object], str]] | None = None,
    note: str | None = None,
) -> Html:
    """`frame` as a table; the index is not shown, the first column names the rows.

    Parameters
    ----------
    columns : the columns to show, in order, with their labels (units in the label); default all, as named.
    align : "left", "right" or "centre" by column; default right for numbers, left for the rest
        and for the names of rows.
    formats : how a column's values are printed, by column. Default: whole numbers whole, others with two
    decimals
        (for years and codes give ``str``), missing values as a dash.
    note : a line under the table.

    A table too wide for a page gets smaller type, then is cut into several tables which all begin with
    the first column. ValueError for columns that `frame` does not
    have, or has twice.
    """
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    labels = dict(columns) if columns is not None else {name: str(name) for name in frame.columns}
    formats, align = dict(formats or {}), dict(align or {})
    if not labels:
        raise ValueError("a table needs a column")
    for name in [*labels, *formats, *align]:
        if list(frame.columns).count(name) != 1:
            raise ValueError(
                f"the frame has {list(frame.columns).count(name)} columns {name!r}, and one is needed"
            )
    if wrong := set(align.values()) - set(_ALIGNMENTS):
        raise ValueError(f"alignments are {', '.join(_ALIGNMENTS)}, not {wrong.pop()!r}")

    first = next(iter(labels))
    cells = {}
    for name in labels:
        series = frame[name]
        show = formats.get(name) or (lambda value: _shown(value, lang))
        cells[name] = [show(value) for value in series]
        numeric = name != first and is_numeric_dtype(series) and not is_bool_dtype(series)
        align.setdefault(name, "right" if numeric else "left")
    cost = {name: _cost(labels[name], cells[name], align[name], name == first) for name in labels}
    parts = _cut_to_pages(cost)
    size = _line_for(max(sum(cost[name] for name in part) for part in parts))
    if size == "narrow" and any(
        line_width(cell) > _LINES[0][1] for column in cells.values() for cell in column
    ):
        size = ""  # long texts that are broken into lines want the whole page
    tables = []
    for place, part in enumerate(parts, start=1):
        tables.append(
            _table(
                [(labels[name], cells[name], align[name]) for name in part],
                caption if len(parts) == 1 else f"{caption} ({place}/{len(parts)})",
                size,
                note=note if place == len(parts) else None,
                continued=place > 1,
            )
        )
    return Html("").join(tables)


def _table(
    columns: list[tuple[str, list[str], str]],
    caption: str,
    size: str,
    *,
    note: str | None,
    continued: bool,
) -> Html:
    """`columns` are triples of label, printed cells, alignment."""
    head = Html("").join(
        Html('<th scope="col" class="{}">{}</th>').format(side, escape(label)) for label, _, side in columns
    )
    long = any(line_width(str(cell)) > _LONG_TEXT for _, cells, _ in columns for cell in cells)
    kept = " whole" if len(columns[0][1]) <= _KEPT_ROWS and not long else ""
    short = " short" if _is_short(columns[0][1]) else ""
    rows = []
    for row in zip(*(cells for _, cells, _ in columns), strict=True):
        first, *rest = zip(row, columns, strict=True)
        line = Html('<th scope="row" class="{1}{2}">{0}</th>').format(_cell(first[0]), first[1][2], short)
        line += Html("").join(  # on a phone a row is a card, and each cell has its label beside it
            Html('<td class="{1}" data-label="{2}">{0}</td>').format(_cell(cell), side, escape(label))
            for cell, (label, _, side) in rest
        )
        rows.append(Html("<tr>{}</tr>\n").format(line))
    return Html(
        '<div class="table {size}{kept}" role="region" tabindex="0" aria-label="{spoken}">'
        "<table{continued}><caption>{caption}</caption>\n<thead><tr>{head}</tr></thead>\n"
        "<tbody>\n{rows}</tbody></table>{note}</div>"
    ).format(
        size=size,
        kept=kept,
        caption=escape(caption),
        spoken=escape(plain(caption)),
        continued=Html(' class="continued"') if continued else "",
        head=head,
        rows=Html("").join(rows),
        note=Html('<p class="note">{}</p>').format(escape(note)) if note else "",
    )


def _cell(text: object) -> Html:
    """`text` as markup, with places at which a word too long for a column may be broken."""
    if hasattr(text, "__html__"):
        return Html(text)
    pieces = _LONG_WORD.sub(lambda word: word[0] + "\n", one_line(str(text))).split("\n")
    return Html("<wbr>").join(escape(piece) for piece in pieces)


def _shown(value: Any, lang: str) -> str:
    import numpy as np
    import pandas as pd

    if pd.api.types.is_scalar(value) and pd.isna(value):
        return MISSING
    if isinstance(value, (bool, np.bool_)):
        return pick(_YES if value else _NO, lang)
    if isinstance(value, (int, np.integer)):
        return number(float(value), se=10)
    if isinstance(value, (float, np.floating)):
        return number(float(value))
    return str(value)


def _cut_to_pages(cost: Mapping[str, int]) -> list[list[str]]:
    """The columns of each table: all, if a page holds them, else even parts led by the first."""
    first, *rest = cost
    for count in range(1, len(rest) + 1):
        size = math.ceil(len(rest) / count)
        parts = [[first, *rest[start : start + size]] for start in range(0, len(rest), size)]
        if size == 1 or all(sum(cost[name] for name in part) <= _WIDEST for part in parts):
            return parts
    return [[first]]


def _line_for(width: int) -> str:
    return next((size for size, holds in _LINES if width <= holds), _LINES[-1][0])


def _cost(label: str, cells: list[str], side: str, names_rows: bool) -> int:
    """The least width of a column. Numbers and short names of rows keep to one line; other text is broken."""
    pieces = [piece for text in (label, *cells) for piece in _SPACE.split(unbroken(str(text)))]
    width = max(min(line_width(piece), 16 if _is_chinese(piece) else _LONG) for piece in pieces)
    if side == "right" or (names_rows and _is_short(cells)):
        width = max([width, *map(line_width, cells)])
    return width + _PADDING


def _is_short(cells: list[str]) -> bool:
    return all(line_width(cell) <= _SHORT for cell in cells)


def _is_chinese(text: str) -> bool:
    return any(unicodedata.east_asian_width(character) in "WF" for character in text)


def write_csv(frame: pd.DataFrame, path: Path) -> Path:
    """`frame` without its index as CSV (UTF-8 with a mark that Excel heeds), whole or not at all."""
    return write_whole(Path(path), csv_text(frame).encode("utf-8-sig"))


def csv_text(frame: pd.DataFrame) -> str:
    """`frame` without its index as CSV, in which every cell and heading is text or a number, never a formula.

    Texts are told as `words.one_line`: a line end in a cell would begin a row in some spreadsheets. What a
    spreadsheet would take for a formula gets an apostrophe before it.
    """
    safe = frame.copy()
    safe.columns = [_no_formula(name) for name in frame.columns]
    for place, kind in enumerate(frame.dtypes):
        if kind.kind not in "biufcmM":
            safe.isetitem(place, frame.iloc[:, place].astype(object).map(_no_formula).to_numpy())
    return safe.to_csv(index=False, lineterminator="\n")


def _no_formula(value: object) -> object:
    if not isinstance(value, str):
        return value
    text = one_line(value)
    return f"'{text}" if text.lstrip().startswith(tuple(_FORMULA)) else text
