"""A table file as a spreadsheet saves it.

What can be read in one way only is read: UTF-8, UTF-16 or GB 18030; commas, semicolons or tabs; any line
ends; gzip. All else is refused.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import unicodedata
import zlib
from collections.abc import Iterator
from pathlib import Path

from .counts import number_of
from .errors import InputError
from .source import no_file
from .table import Table, check_names

MAX_BYTES = 400_000_000  # unpacked; some ten million requests
SEPARATORS = (",", ";", "\t")
_LINE_END = re.compile(r"\r\n|\r|\n")
_OTHER_FORMATS = {
    b"PK\x03\x04": "a spreadsheet (.xlsx, .ods) or another zip file",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet (.xls)",
    b"PAR1": "a Parquet file",
    b"%PDF": "a PDF file",
}
_BYTE_ORDER_MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}


def read_table(file: Path) -> Table:
    """Read a file. Raises InputError, with its line, for all that is no table."""
    text = _decoded(read_bytes(file), file).rstrip(
        "\r\n"
    )  # millions of empty lines may be packed in a small file
    _refuse_unprintable(text, file)
    rows = _rows(text, file)
    header, names = next(rows, (1, []))
    if not any(names):
        raise InputError(
            "the table is empty", file=file, line=1, remedy="Write the column names first, then the rows"
        )
    if names[0].lstrip().startswith(("#", "sep=")):
        raise InputError(
            f"the first line is '{names[0][:20]}', not the column names",
            file=file,
            line=header,
            remedy="Delete the line",
        )
    while names and not names[-1]:  # a spreadsheet saves empty columns, too
        names.pop()
    check_names(names, file, header)
    columns: list[list[str]] = [[] for _ in names]
    lines: list[int] = []
    for line, cells in rows:
        if len(cells) < len(names) or any(cells[len(names) :]):
            message = f"{number_of(len(cells), 'cell')}, but the table has {number_of(len(names), 'column')}"
            remedy = "Give each column one cell; put a cell that holds the separator into quotes"
            raise InputError(message, file=file, line=line, remedy=remedy)
        lines.append(line)
        for column, cell in zip(columns, cells, strict=False):
            column.append(cell)
    return Table(file, dict(zip(names, columns, strict=True)), lines, header)


def read_bytes(file: Path) -> bytes:
    """What a file holds, unpacked where its name ends in ``.gz``; InputError where that cannot be."""
    packed = file.suffix.lower() == ".gz"
    try:
        if not file.is_file():
            raise no_file(file)
        with file.open("rb") as handle:
            start = handle.read(2)
            handle.seek(0)
            if packed and start != b"\x1f\x8b":
                remedy = "Take '.gz' from its name, or compress it with gzip"
                raise InputError("not a gzip file, as its name says", file=file, remedy=remedy)
            if not packed and start == b"\x1f\x8b":
                raise InputError("a gzip file", file=file, remedy="Let its name end in .csv.gz, or unpack it")
            stream = gzip.GzipFile(fileobj=handle) if packed else handle
            content = stream.read(MAX_BYTES + 1)
    except InputError:  # a ValueError itself
        raise
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        remedy = "Compress it again"
        raise InputError(f"the gzip file is damaged ({error})", file=file, remedy=remedy) from None
    except (OSError, ValueError) as error:  # a name with NUL is a ValueError
        reason = getattr(error, "strerror", None) or error
        remedy = "Check the name and the access rights"
        raise InputError(f"cannot be read ({reason})", file=file, remedy=remedy) from None
    if len(content) > MAX_BYTES:
        message = f"larger than {MAX_BYTES // 1_000_000} MB"
        raise InputError(message, file=file, remedy="Keep the rows of the horizon only")
    return content


def _decoded(content: bytes, file: Path) -> str:
    """The text, by its byte order mark, else UTF-16 where zeros show it, else UTF-8, else GB 18030."""
    for start, what in _OTHER_FORMATS.items():
        if content.startswith(start):
            raise InputError(f"{what}, not a text table", file=file, remedy="Save it as CSV UTF-8")
    marked = next((code for mark, code in _BYTE_ORDER_MARKS.items() if content.startswith(mark)), None)
    if marked is not None:
        tried = [marked]
    elif b"\0" in content[:2]:  # column names begin with ASCII
        tried = ["utf-16-le" if content[1:2] == b"\0" else "utf-16-be"]
    else:
        tried = ["utf-8", "gb18030"]
    failed = None
    for encoding in tried:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            failed = failed or error
    assert failed is not None
    line = len(_LINE_END.findall(content[: failed.start].decode("latin-1"))) + 1
    shown = "UTF-8, UTF-16 or GB 18030" if marked is None else marked.upper().removesuffix("-SIG")
    raise InputError(f"not {shown} text", file=file, line=line, remedy="Save the file as CSV UTF-8")


def _refuse_unprintable(text: str, file: Path) -> None:
    """Refuse control characters, blanks that are none, and characters that cannot be seen."""
    if re.sub(r"[\t\r\n]+", "", text).isprintable():
        return
    place = next(place for place, mark in enumerate(text) if mark not in "\t\r\n" and not mark.isprintable())
    mark = text[place]
    name = unicodedata.name(mark, "a control character").lower()
    raise InputError(
        f"the character U+{ord(mark):04X} ({name}) may not stand in a table",
        file=file,
        line=len(_LINE_END.findall(text[:place])) + 1,
        remedy="Delete it",
    )


def _rows(text: str, file: Path) -> Iterator[tuple[int, list[str]]]:
    """The line on which each row begins, and its cells; rows of empty cells are left out."""
    separator = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            if "field limit" in str(error):
                message = f"a cell is longer than {csv.field_size_limit():,} characters"
                remedy = "Shorten it, or close the quotes of the cell before it"
                raise InputError(message, file=file, line=line, remedy=remedy) from None
            reason = str(error).replace("'\\t'", "a tab")
            remedy = "Close the quotes of each cell, and double those inside"
            raise InputError(f"a quote is wrong ({reason})", file=file, line=line, remedy=remedy) from None
        if any("\n" in cell or "\r" in cell for cell in cells):
            remedy = "Close the quotes of each cell; a name or number has no line break"
            raise InputError("a cell goes over several lines", file=file, line=line, remedy=remedy)
        if any(cells):
            yield line, cells


def _separator(text: str) -> str:
    """What separates the column names: of comma, semicolon and tab, the one that is found most often."""
    header = _LINE_END.split(text.lstrip("\r\n"), maxsplit=1)[0]
    return max(SEPARATORS, key=header.count)
