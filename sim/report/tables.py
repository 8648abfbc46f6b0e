"""Tables: an accessible HTML table that fits its page, and CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report.document import RIGHT, SIDES, Table
from sim.report.files import write_whole
from sim.report.markup import Html, escape, plain
from sim.report.words import MISSING, Text, line_width, number, one_line, pick, unbroken

if TYPE_CHECKING:
    import pandas as pd

_YES, _NO = Text(en="yes", zh="是"), Text(en="no", zh="否")

# What one line of a printed page holds, in characters of the table's type (a Chinese character counts
# two), by the class that report.css gives a size and a page to. A column costs its longest unbreakable
# piece and its padding.
_LINES = (("narrow", 40), ("", 104), ("small", 128))
_WIDEST = _LINES[-1][1]  # a wider table is cut: a page on its side would leave the one before half empty
_PADDING = 2
_KEPT_ROWS = 16  # a table up to here is not broken across pages
_LONG_TEXT = 120  # with a longer text in a cell, it may be broken all the same
_SHORT = 26  # a row's name up to here is not broken
_WORD = 8  # a column of cells up to here is not broken
_LONG = 40  # a word up to here is not broken
_LONG_CELL = 80  # characters up to which a text widens its column
_PIECE, _CHINESE = _LONG, 12  # characters of a piece of text that a line may break all the same; of Chinese
_BREAKS = re.compile(r"[ _/]|(?<=\w)\.(?=[a-z])")
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
    if wrong := set(align.values()) - set(SIDES):
        raise ValueError(f"alignments are {', '.join(SIDES)}, not {wrong.pop()!r}")

    first = next(iter(labels))
    cells = {}
    for name in labels:
        series = frame[name]
        show = formats.get(name) or (lambda value: _shown(value, lang))
        cells[name] = [show(value) for value in series]
        numeric = name != first and is_numeric_dtype(series) and not is_bool_dtype(series)
        align.setdefault(name, "right" if numeric else "left")
    return table_html(
        Table(
            caption=caption,
            labels=tuple(labels.values()),
            sides=tuple(align[name] for name in labels),
            rows=tuple(zip(*cells.values(), strict=True)),
            note=note or "",
        )
    )


def table_html(table: Table) -> Html:
    """Write a table as HTML: cut into several where a page does not hold it."""
    parts = cut_to_pages(table)
    size = _line_for(max(sum(_costs(part)) for part in parts))
    if size == "narrow" and any(line_width(str(cell)) > _LINES[0][1] for row in table.rows for cell in row):
        size = ""  # long texts that are broken into lines want the whole page
    made = [_table(part, size, continued=place > 0) for place, part in enumerate(parts)]
    told = replace(
        table,
        caption=plain(table.caption),
        labels=tuple(map(plain, table.labels)),
        rows=tuple(tuple(one_line(plain(cell)) for cell in row) for row in table.rows),
        note=plain(table.note),
    )
    return Html("").join(made).showing(told)


def cut_to_pages(table: Table, widest: int = _WIDEST) -> list[Table]:
    """Cut a table into those that a line of `widest` characters holds: all columns, or else even parts, each
    led by the columns that tell rows apart.

    The caption of each says which part it is, and the note stands under the last.
    """
    costs, lead = _costs(table), range(_leading(table))
    rest, count = range(len(lead), len(costs)), 1
    parts, led = [list(rest)], sum(costs[n] for n in lead)
    while len(parts[0]) > 1 and any(led + sum(costs[n] for n in part) > widest for part in parts):
        count += 1
        size = math.ceil(len(rest) / count)
        parts = [list(rest[start : start + size]) for start in range(0, len(rest), size)]
    if len(parts) == 1:
        return [table]
    return [
        replace(
            table,
            caption=f"{table.caption} ({place}/{len(parts)})",
            labels=tuple(table.labels[n] for n in (*lead, *part)),
            sides=tuple(table.sides[n] for n in (*lead, *part)),
            rows=tuple(tuple(row[n] for n in (*lead, *part)) for row in table.rows),
            note=table.note if place == len(parts) else "",
        )
        for place, part in enumerate(parts, start=1)
    ]


def _leading(table: Table) -> int:
    """Return how many of the first columns it takes to tell rows apart: one, or two texts."""
    first = [row[0] for row in table.rows]
    if len(set(first)) == len(first) or len(table.sides) < 3 or RIGHT in table.sides[:2]:
        return 1
    return 2


def _table(table: Table, size: str, *, continued: bool) -> Html:
    head = Html("").join(
        Html('<th scope="col" class="{}">{}</th>').format(side, escape(label))
        for label, side in zip(table.labels, table.sides, strict=True)
    )
    long = any(line_width(str(cell)) > _LONG_TEXT for row in table.rows for cell in row)
    kept = " whole" if len(table.rows) <= _KEPT_ROWS and not long else ""
    columns = list(zip(*table.rows, strict=True))
    whole = [_is_short(cells, _WORD if place else _SHORT) for place, cells in enumerate(columns)]
    classes = [
        side + " short" * (together and (place == 0 or side == "left"))
        for place, (side, together) in enumerate(zip(table.sides, whole, strict=False))
    ]
    rows = []
    for first, *rest in table.rows:
        line = Html('<th scope="row" class="{1}">{0}</th>').format(_cell(first), classes[0])
        line += Html(
            ""
        ).join(  # on a phone a row is a card, and each cell has its label beside it
            Html('<td class="{1}" data-label="{2}">{0}</td>').format(_cell(cell), one, escape(label))
            for cell, label, one in zip(rest, table.labels[1:], classes[1:], strict=True)
        )
        rows.append(Html("<tr>{}</tr>\n").format(line))
    return Html(
        '<div class="table {size}{kept}" role="region" tabindex="0" aria-label="{spoken}">'
        "<table{continued}><caption>{caption}</caption>\n<thead><tr>{head}</tr></thead>\n"
        "<tbody>\n{rows}</tbody></table>{note}</div>"
    ).format(
        size=size,
        kept=kept,
        caption=escape(table.caption),
        spoken=escape(plain(table.caption)),
        continued=Html(' class="continued"') if continued else "",
        head=head,
        rows=Html("").join(rows),
        note=Html('<p class="note">{}</p>').format(escape(table.note)) if table.note else "",
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


def _costs(table: Table) -> list[int]:
    """Return what each column takes of a line."""
    return [
        _cost(label, [str(row[place]) for row in table.rows], side, place == 0)
        for place, (label, side) in enumerate(zip(table.labels, table.sides, strict=True))
    ]


def column_widths(table: Table, room: float) -> list[float] | None:
    """Share a line of `room` characters among the columns of a table; None where it holds them as they are.

    A column is as wide as what must stay together in it, as short names of rows, and what is left is shared
    by what they hold.
    """
    columns = list(zip(table.labels, zip(*table.rows, strict=True), strict=True))
    longest = [max(line_width(cell) for cell in (label, *column)) for label, column in columns]
    if sum(longest) <= room:
        return None
    whole = [max(map(_together, (label, *column))) for label, column in columns]
    if _is_short(columns[0][1]):
        whole[0] = max(whole[0], *map(line_width, columns[0][1]), 0)
    more = [max(min(full, _LONG_CELL) - least, 0) for full, least in zip(longest, whole, strict=True)]
    spare = room - sum(whole)
    if spare < 0:
        return [room * least / sum(whole) for least in whole]
    return [least + spare * one / (sum(more) or 1) for least, one in zip(whole, more, strict=True)]


def _together(text: str) -> int:
    """Return the width of the longest piece of a text that is not broken, as far as a column can hold it."""
    if _is_chinese(text):
        return min(line_width(text), _CHINESE)
    return max(min(line_width(piece), _PIECE) for piece in _BREAKS.split(unbroken(text))) + 1


def _line_for(width: int) -> str:
    return next((size for size, holds in _LINES if width <= holds), _LINES[-1][0])


def _cost(label: str, cells: list[str], side: str, names_rows: bool) -> int:
    """The least width of a column. Numbers and short names of rows keep to one line; other text is broken."""
    pieces = [piece for text in (label, *cells) for piece in _SPACE.split(unbroken(str(text)))]
    width = max(min(line_width(piece), 16 if _is_chinese(piece) else _LONG) for piece in pieces)
    if side == "right" or (names_rows and _is_short(cells)):
        width = max([width, *map(line_width, cells)])
    return width + _PADDING


def _is_short(cells: Iterable[str], most: int = _SHORT) -> bool:
    return all(line_width(str(cell)) <= most for cell in cells)


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
