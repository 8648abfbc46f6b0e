"""Malformed tables, each with the place and the words of the complaint it must draw.

Most are a sound table with one thing wrong. The same rows are tried as bytes that a spreadsheet would save.
"""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import NamedTuple

from .small import small, write_scenario

RATES = """\
unit,weekday,hour,requests_per_hour
north,0,9,1.5
north,1,10,2
south,0,9,0
"""
REPLAY = """\
kind,unit,arrival_s,work_s.intake
visit,north,36000,60
visit,south,36600,
visit,north,900000,1200.4
"""
_VOLUMES = """\
    volumes: {north: 400, south: {value: 300, unit: requests a year, source: assumed}}
    profile: even
"""


def scenario_with(folder: Path, table: str, content: bytes, suffix: str = ".csv") -> tuple[Path, Path]:
    """The small scenario with its `table` (rates or replay); returns its folder and the table's file."""
    name = f"{table}{suffix}"
    text = small((_VOLUMES, f"    rates: {name}\n")) if table == "rates" else small() + f"replay: {name}\n"
    home = write_scenario(folder / "case", text)
    (home / name).write_bytes(content)
    return home, home / name


class BadTable(NamedTuple):
    name: str
    table: str  # rates or replay
    content: bytes
    line: int | None
    column: str | None
    says: tuple[str, ...]
    suffix: str = ".csv"


def bad(table: str, name: str, old: str, new: str, line: int, column: str | None, *says: str) -> BadTable:
    """The sound table with `old`, which stands in it once, written as `new`."""
    text = RATES if table == "rates" else REPLAY
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return BadTable(f"{table} {name}", table, text.replace(old, new).encode(), line, column, says)


def raw(
    table: str, name: str, content: bytes, line: int | None, *says: str, suffix: str = ".csv"
) -> BadTable:
    return BadTable(f"{table} {name}", table, content, line, None, says, suffix)


_ROWS_COLUMN = "Columns: unit, weekday, hour, requests_per_hour"
BAD_TABLES = [
    # the file as a whole
    raw("rates", "empty", b"", 1, "the table is empty", "Write the column names"),
    raw("rates", "sep=", b"sep=;\r\n" + RATES.encode(), 1, "the first line is 'sep=", "Delete the line"),
    raw(
        "rates",
        "comment",
        b"# x\n" + RATES.encode(),
        1,
        "the first line is '# x'",
        "Delete the line",
    ),
    raw("rates", "packed blank lines", gzip.compress(b"\n" * 40_000_000), 1, "is empty", suffix=".csv.gz"),
    raw("rates", "blank lines", b"\r\n \r\n,,,\n", 1, "the table is empty"),
    raw("rates", "header only", RATES.splitlines()[0].encode(), 1, "the table has no rows"),
    raw("rates", "without header", b"north,0,9,1\n", 1, "no column names: north, 0, 9, 1", _ROWS_COLUMN),
    raw("rates", "xlsx", b"PK\x03\x04\x14\0", None, "a spreadsheet (.xlsx, .ods)", "Save it as CSV"),
    raw("rates", "xls", b"\xd0\xcf\x11\xe0\xa1", None, "an old spreadsheet (.xls)", "Save it as CSV"),
    raw("replay", "parquet", b"PAR1\0\0", None, "a Parquet file"),
    raw("rates", "gz that is none", RATES.encode(), None, "not a gzip file", "Take '.gz'", suffix=".csv.gz"),
    raw("rates", "gz cut", gzip.compress(RATES.encode())[:-12], None, "damaged", suffix=".csv.gz"),
    raw("rates", "gz called csv", gzip.compress(RATES.encode()), None, "a gzip file", "end in .csv.gz"),
    raw("rates", "random bytes", b"unit,\xff\xff\x81\n\xfe", 1, "not UTF-8, UTF-16 or GB 18030"),
    raw("rates", "half an UTF-16 sign", RATES.encode("utf-16")[:-1], 4, "not UTF-16"),
    raw("rates", "Latin-1 line 3", RATES.replace("2", "2\xe9").encode("latin-1"), 3, "not UTF-8"),
    bad("rates", "NUL", "south", "so\0th", 4, None, "U+0000 (a control character)", "Delete it"),
    bad("rates", "escape", "south", "so\x1bth", 4, None, "U+001B"),
    bad("rates", "zero width", "south", "so\u200bth", 4, None, "U+200B (zero width space)"),
    bad("rates", "no-break space", "1.5", "1\u00a0500", 2, None, "U+00A0 (no-break space)"),
    bad("rates", "full-width space", "south", "\u3000south", 4, None, "U+3000 (ideographic space)"),
    # columns
    raw("rates", "full-width commas", RATES.replace(",", "，").encode(), 1, "'，' (full-width)", "Write ','"),
    raw("rates", "bars", RATES.replace(",", "|").encode(), 1, "no column names", "separated by commas"),
    bad("rates", "misspelt", "weekday", "wekday", 1, None, "unknown column 'wekday'", "mean 'weekday'?"),
    bad("rates", "capitals", "weekday", "WEEKDAY", 1, None, "unknown column 'WEEKDAY'", "mean 'weekday'?"),
    bad("rates", "missing", ",requests_per_hour", "", 2, None, "4 cells, but the table has 3 columns"),
    bad(
        "rates",
        "another",
        "requests_per_hour\nnorth,0,9,1.5",
        "requests_per_hour,x\nnorth,0,9,1.5,1",
        3,
        None,
        "4 cells, but the table has 5 columns",
    ),
    bad("rates", "twice", "hour,requests_per_hour", "hour,hour", 1, None, "'hour' stands twice", "Keep one"),
    bad("rates", "no name", "weekday,", ",", 1, None, "column 2 has no name", "Name it"),
    BadTable(
        "rates no quarter",
        "rates",
        b"unit,weekday,hour,minute,requests_per_hour\nnorth,0,9,20,1\n",
        2,
        "minute",
        ("20 is not possible here", "0, 15, 30 or 45"),
    ),
    raw(
        "rates",
        "quarter twice",
        b"unit,weekday,hour,minute,requests_per_hour\nnorth,0,9,15,1\nnorth,0,9,15,2\n",
        3,
        "minute 15 stands in line 2 already",
    ),
    raw("rates", "column missing", b"unit,weekday,hour\nnorth,0,9\n", 1, "'requests_per_hour' is missing"),
    bad(
        "replay",
        "work of no step",
        "work_s.intake",
        "work_s",
        1,
        None,
        "unknown column 'work_s'",
        "mean 'work_s.intake'?",
    ),
    bad(
        "replay",
        "work misspelt",
        "work_s.intake",
        "wrk_s.intake",
        1,
        None,
        "'wrk_s.intake'",
        "mean 'work_s.intake'?",
    ),
    bad(
        "replay",
        "work of a step of waiting",
        "work_s.intake",
        "work_s.notice",
        1,
        None,
        "unknown column 'work_s.notice'",
        "mean 'delay_s.notice'?",
    ),
    bad(
        "replay",
        "wait of work",
        "work_s.",
        "delay_s.",
        1,
        None,
        "'delay_s.intake'",
        "work_s.intake, again_s.intake",
    ),
    bad("rates", "endless digits", "1.5", "1" * 5000, 2, "requests_per_hour", f"{'1' * 39}… is not possible"),
    bad("replay", "work of a sitting", "work_s.intake", "work_s.board", 1, None, "unknown column"),
    # rows
    bad("rates", "too few cells", "north,1,10,2", "north,1,10", 3, None, "3 cells, but", "has 4 columns"),
    bad("rates", "too many cells", "north,1,10,2", "north,1,10,2,5", 3, None, "5 cells, but"),
    bad("rates", "decimal comma splits", "1.5", "1,5", 2, None, "5 cells, but", "into quotes"),
    bad("rates", "another row", "south,0,9,0", "south\t0\t9\t0", 4, None, "1 cell, but"),
    bad(
        "rates",
        "pasted twice",
        "south,0,9,0",
        "north,0,9,1.5",
        4,
        None,
        "unit north, weekday 0, hour 9 stands in line 2 already",
        "Keep one",
    ),
    bad("rates", "pasted twice as floats", "south,0,9,0", "north,0.0,09,7", 4, None, "stands in line 2"),
    # quotes
    bad("rates", "open quote", "south", '"south', 4, None, "a quote is wrong (unexpected end of data)"),
    bad("rates", "text after a quote", "south", '"so"uth', 4, None, "a quote is wrong"),
    bad(
        "rates",
        "quote over lines",
        "north,1,10,2\nsouth",
        'north,1,10,"2\n3"\nsouth',
        3,
        None,
        "a cell goes over several lines",
        "Close the quotes",
    ),
    raw("rates", "endless cell", RATES.encode() + b'"' + b"x" * 200_000, 5, "longer than 131,072", "Shorten"),
    # cells
    bad("rates", "empty unit", "south,", ",", 4, "unit", "the cell is empty", "Write the name of a unit"),
    bad(
        "rates",
        "empty number",
        "north,1,10,2",
        "north,1,10,",
        3,
        "requests_per_hour",
        "the cell is empty",
        "A rate is",
    ),
    bad("rates", "unknown unit", "south", "suoth", 4, "unit", "unknown unit 'suoth'", "mean 'south'?"),
    bad("rates", "a unit's title", "south", "南所", 4, "unit", "unknown unit '南所'", "its name: 'south'"),
    bad("rates", "full-width digits", "10", "１０", 3, "hour", "'１０' has full-width digits", "Write 10."),
    bad(
        "rates", "decimal comma", "1.5", '"1,5"', 2, "requests_per_hour", "'1,5' has a comma", "decimal point"
    ),
    bad("rates", "thousands", "1.5", '"1,500.0"', 2, "requests_per_hour", "has a comma"),
    bad("rates", "underscore", "10", "1_0", 3, "hour", "'1_0' is not a number"),
    bad("rates", "nan", "1.5", "nan", 2, "requests_per_hour", "'nan' is not a number"),
    bad("rates", "infinite", "1.5", "inf", 2, "requests_per_hour", "'inf' is not a number"),
    bad("rates", "too great", "1.5", "1e999", 2, "requests_per_hour", "1e999 is not possible", "A rate is"),
    bad("rates", "below 0", "1.5", "-1.5", 2, "requests_per_hour", "-1.5 is not possible"),
    bad("rates", "day 7", "north,1", "north,7", 3, "weekday", "7 is not possible", "0 is Monday"),
    bad("rates", "half an hour", "10", "10.5", 3, "hour", "10.5 is not possible", "0 to 23"),
    bad(
        "rates", "weekday in words", "north,1", "north,tue", 3, "weekday", "'tue' is not a number", "0 is Mon"
    ),
    bad("replay", "unknown kind", "visit,south", "vist,south", 3, "kind", "unknown kind 'vist'", "'visit'?"),
    bad(
        "replay", "no time", "south,36600", "south,", 3, "arrival_s", "the cell is empty", "2024-12-22 00:00"
    ),
    bad(
        "replay", "a date", "36600", "2025-01-02 10:10", 3, "arrival_s", "is not a number", "2024-12-22 00:00"
    ),
    bad("replay", "before day 0", "36600", "-1", 3, "arrival_s", "-1 is not possible"),
    bad("replay", "after the clock", "36600", "1e12", 3, "arrival_s", "1e12 is not possible"),
    bad(
        "replay", "work none", "36600,", "36600,NA", 3, "work_s.intake", "'NA' is not", "Leave the cell empty"
    ),
    bad("replay", "work below 0", "1200.4", "-1", 4, "work_s.intake", "-1 is not possible"),
    # lines are those of the file
    bad(
        "rates",
        "after blank lines",
        "north,1,10,2\nsouth",
        "\n\r\n,,,\nnorth,1,10,2\nsuoth",
        7,
        "unit",
        "unknown unit 'suoth'",
    ),
    raw("rates", "old line ends", RATES.replace("\n", "\r").replace("2\r", "2,\x07").encode(), 3, "U+0007"),
    BadTable("rates UTF-16 line", "rates", RATES.replace("10", "x").encode("utf-16"), 3, "hour", ("'x'",)),
    BadTable(
        "rates GBK", "rates", RATES.replace("south", "南所").encode("gbk"), 4, "unit", ("'南所'", "'south'")
    ),
    BadTable(
        "replay never",
        "replay",
        b"kind,unit,arrival_s\nvisit,north,90000000\nvisit,north,90000001\n",
        2,
        "arrival_s",
        ("no request comes within the horizon: 0 before its start, 2 after", "counts from 2024-12-22 00:00"),
    ),
]
