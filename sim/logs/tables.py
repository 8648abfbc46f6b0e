"""Read the table of a log from CSV, XLSX or Parquet: the columns as they are written, as text."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd

from sim.scenario.errors import InputError, printable

from .packed import most_unpacked

_CJK = re.compile(rb"(?:[\xe4-\xe9][\x80-\xbf]{2}){2}")  # two Chinese characters in UTF-8; seldom in GB 18030
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_IN_A_WORD = re.compile(  # one alone, beside a small letter or between letters: accented, and no Chinese
    r"(?<=[a-z])[^\x00-\x7f](?![^\x00-\x7f])|(?<![^\x00-\x7f])[^\x00-\x7f](?=[a-z])"
    r"|(?<=[A-Z])[^\x00-\x7f](?=[A-Z])"
)
MAX_ROWS = 20_000_000
HEADER_WITHIN = 100  # rows of a sheet; the column names stand in one of them
LONGEST_ROW = 1 << 22  # bytes; a longer one is a file without line ends, or a bomb
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def read_csv(file: Path, stream: BinaryIO, wanted: Any) -> tuple[pd.DataFrame, str]:
    """Read a text table; return the columns that ``wanted(names)`` lists, as text, and the encoding.

    Raises InputError for what is no table of text, with the line where it is known.
    """
    import pyarrow as pa
    from pyarrow import csv as arrow

    encoding = _encoding(file, stream)
    stream.seek(0)
    head = stream.read(LONGEST_ROW)
    names, separator = _header(file, head, encoding)
    stream.seek(0)
    plain = encoding in ("utf-8", "utf-8-sig")
    try:
        table = arrow.read_csv(
            pa.input_stream(stream) if plain else _recoded(file, stream, encoding),
            read_options=arrow.ReadOptions(block_size=LONGEST_ROW, column_names=names, skip_rows=1),
            parse_options=arrow.ParseOptions(delimiter=separator, newlines_in_values=True),
            convert_options=arrow.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                include_columns=wanted(names),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        raise _refused(file, str(error)) from None
    except UnicodeDecodeError as error:
        raise _mixed(file, encoding, error) from None
    return table.to_pandas(split_blocks=True, self_destruct=True), encoding


def _mixed(file: Path, encoding: str, error: UnicodeDecodeError) -> InputError:
    if encoding == "gb18030":
        return _other(file)
    message = f"not {encoding.upper()} throughout ({error.reason})"
    return InputError(message, file=file, remedy="The file mixes encodings; save it as CSV UTF-8")


def _other(file: Path) -> InputError:
    message = "neither UTF-8 nor GB 18030: perhaps Latin-1 (Windows-1252), or several encodings in one file"
    return InputError(message, file=file, remedy="Save it as CSV UTF-8")


def _refused(file: Path, told: str) -> InputError:
    line = None
    if "Row #" in told:
        line = int(told.split("Row #")[1].split(":")[0])
    if "straddling" in told or "too large" in told or "overflow" in told:
        message = f"a line is longer than {LONGEST_ROW // 1_000_000} MB"
        return InputError(message, file=file, remedy="End each row with a line break; close the quotes")
    if "Expected" in told:
        wrong = told.split("Expected", 1)[1].split(":")[0].strip()
        message = f"a row has another number of cells than the header (expected {wrong})"
        return InputError(message, file=file, line=line, remedy="Put a cell with the separator into quotes")
    if "UTF8" in told or "UTF-8" in told:
        return InputError("not UTF-8 throughout", file=file, line=line, remedy="Save the file as CSV UTF-8")
    return InputError(f"not a table ({told})", file=file, line=line, remedy="Save the file as CSV UTF-8")


def _zero_byte(file: Path, line: int | None = None) -> InputError:
    message = "a zero byte: the file is damaged, or no text table"
    return InputError(message, file=file, line=line, remedy="Export the log again as CSV UTF-8")


def _recoded(file: Path, stream: BinaryIO, encoding: str) -> Any:
    """The file as UTF-8, recoded piece by piece."""

    class Recoded(io.RawIOBase):
        decoder = codecs.getincrementaldecoder(encoding)()
        rest = b""

        def readable(self) -> bool:
            return True

        def readinto(self, into: Any) -> int:
            while not self.rest:
                piece = stream.read(1 << 20)
                self.rest = self.decoder.decode(piece, final=not piece).encode()
                if b"\0" in self.rest:
                    raise _zero_byte(file)
                if not piece:
                    break
            size = min(len(into), len(self.rest))
            into[:size] = self.rest[:size]
            self.rest = self.rest[size:]
            return size

    return io.BufferedReader(Recoded(), 1 << 20)


def _encoding(file: Path, stream: BinaryIO) -> str:
    start = stream.read(4)
    if not start:
        raise InputError("the file is empty", file=file, remedy="Export the log again")
    for magic, what in (
        (b"PK", "a workbook or an archive"),
        (b"\xd0\xcf", "an old workbook"),
        (b"%PDF", "a PDF"),
    ):
        if start.startswith(magic):
            raise InputError(f"{what}, not a text table", file=file, remedy="Save it as .xlsx or CSV UTF-8")
    for mark, encoding in _MARKS.items():
        if start.startswith(mark):
            return encoding
    if b"\0" in start[:2]:  # column names begin with ASCII
        return "utf-16-le" if start[1:2] == b"\0" else "utf-16-be"
    stream.seek(0)
    decoder, encoding, line, chinese = codecs.getincrementaldecoder("utf-8")(), "utf-8", 1, False
    as_chinese = codecs.getincrementaldecoder("gb18030")("replace")
    piece, foreign, in_words = b"begin", 0, 0
    while piece:
        piece = stream.read(1 << 20)
        if (zero := piece.find(b"\0")) >= 0:
            line += piece.count(b"\n", 0, zero)
            raise _zero_byte(file, line)
        line += piece.count(b"\n")
        if encoding == "utf-8":
            try:
                decoder.decode(piece, final=not piece)
            except UnicodeDecodeError:
                encoding = "gb18030"
        if encoding == "gb18030":
            text = as_chinese.decode(piece)
            foreign, in_words = (
                foreign + len(_FOREIGN.findall(text)),
                in_words + len(_IN_A_WORD.findall(text)),
            )
        chinese = chinese or bool(_CJK.search(piece)) and any(map(_is_utf8, piece.split(b"\n")))
        if chinese and encoding != "utf-8":
            message = "some lines are in UTF-8 and some are not"
            raise InputError(message, file=file, remedy="The file mixes encodings; save it as CSV UTF-8")
    if in_words and 2 * in_words >= foreign:
        raise _other(file)
    return encoding


def _is_utf8(line: bytes) -> bool:
    """Whether a line holds Chinese in UTF-8."""
    if not _CJK.search(line):
        return False
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _header(file: Path, head: bytes, encoding: str) -> tuple[list[str], str]:
    """The names of the columns, and what separates them."""
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError as error:
        raise _mixed(file, encoding, error) from None
    line, *more = re.split(r"\r\n|\n|\r", text, maxsplit=1)
    if not more and len(head) == LONGEST_ROW:
        raise _refused(file, "straddling")
    separator = max(",;\t|", key=line.count)
    try:
        names = [name.strip() for name in next(csv.reader([line], delimiter=separator, strict=True), [])]
    except csv.Error as error:
        remedy = "Write the column names there, and close the quotes"
        raise InputError(f"no column names can be read ({error})", file=file, line=1, remedy=remedy) from None
    return checked_names(file, names), separator


def checked_names(file: Path, names: list[str]) -> list[str]:
    """Return the column names. Raises InputError where they are none: empty, twice, or figures."""
    if not any(names):
        raise InputError("the first line is empty", file=file, line=1, remedy="Write the column names there")
    names = [name or f"column {place}" for place, name in enumerate(names, 1)]
    name, times = Counter(names).most_common(1)[0]
    if times > 1:
        remedy = "Give each column a name of its own"
        raise InputError(f"two columns are called '{printable(name, 40)}'", file=file, line=1, remedy=remedy)
    if any(name[:1].isdigit() and any(sign in name for sign in ":-/.") for name in names):
        raise InputError(
            f"the first line holds values ('{printable(names[0], 40)}', …), not column names",
            file=file,
            line=1,
            remedy="Write the column names into the first line",
        )
    return names


def read_xlsx(file: Path, wanted: Any) -> pd.DataFrame:
    """Read the first sheet of a workbook. A formula is refused: its value may be an old one."""
    import openpyxl

    from sim.authoring.workbook.inside import parts_of

    parts_of(file, most_unpacked(file))
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except Exception as error:  # openpyxl tells damaged files in as many ways as there are
        raise _no_workbook(file, error) from None
    try:
        sheet = book.worksheets[0]
        line, header = next(_cells(file, sheet, 1, HEADER_WITHIN), (1, []))
        while header and header[-1] is None:  # a stray cell makes every row as wide as itself
            header.pop()
        names = checked_names(file, [str(name or "").strip() for name in header])
        keep = [names.index(name) for name in wanted(names)]
        columns: list[list[Any]] = [[] for _ in keep]
        for _, row in _cells(file, sheet, line + 1, None, max(keep) + 1):
            for column, place in zip(columns, keep, strict=True):
                column.append(row[place] if place < len(row) else None)
    except InputError:
        raise
    except Exception as error:  # of a sheet, which is read row by row
        raise _no_workbook(file, error) from None
    finally:
        book.close()
    return pd.DataFrame({names[place]: column for place, column in zip(keep, columns, strict=True)})


def _no_workbook(file: Path, error: Exception) -> InputError:
    message = f"it cannot be read as a workbook ({type(error).__name__})"
    return InputError(message, file=file, remedy="Open it in Excel or WPS and save it anew as .xlsx")


def _cells(
    file: Path, sheet: Any, first: int, last: int | None, width: int | None = None
) -> Iterator[tuple[int, list[Any]]]:
    """The lines from first to last that hold anything, with their values: the first `width` of each."""
    for line, row in enumerate(sheet.iter_rows(min_row=first, max_row=last, max_col=width), first):
        if line > MAX_ROWS:
            raise InputError(f"more than {MAX_ROWS:,} rows", file=file, remedy="Split the log")
        for cell in row:
            if cell.data_type == "f":
                message = f"the cell {cell.coordinate} of '{sheet.title}' holds a formula"
                raise InputError(message, file=file, line=line, remedy="Paste the values in its place")
        values = [cell.value for cell in row]
        if any(value is not None for value in values):
            yield line, values


def read_parquet(file: Path, wanted: Any) -> pd.DataFrame:
    """Read the columns that are needed of a Parquet file."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        stored = parquet.ParquetFile(file)
        names = checked_names(file, list(stored.schema_arrow.names))
        return stored.read(columns=wanted(names)).to_pandas()
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"not a Parquet file ({error})", file=file, remedy="Write it again") from None
