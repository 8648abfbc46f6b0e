"""Look into a workbook before it is read: it unpacks to a bounded size, and declares no entities."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import IO
from xml.parsers import expat

from sim.scenario import InputError

MOST_PARTS = 2000
_ANEW = "Open it in Excel or WPS and save it anew as .xlsx"


def parts_of(file: Path, most_bytes: int) -> list[str]:
    """Return the names of a workbook's parts.

    Parameters
    ----------
    file : Path
        The workbook.
    most_bytes : int
        What all parts together may unpack to.

    Raises
    ------
    InputError
        If it is no workbook, unpacks to too much, or a part declares a document type or an entity. No
        workbook needs one; a bomb does, and so does what would read another file.
    """
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > most_bytes:
                message = f"it unpacks to more than {most_bytes // 1_000_000:,} MB or {MOST_PARTS:,} parts"
                remedy = "Delete pictures and sheets that are not needed"
                raise InputError(message, file=file, remedy=remedy)
            names = [part.filename for part in parts]
            if not any(name.lower().endswith("workbook.xml") for name in names):
                raise InputError("it is a zip file, and no workbook", file=file, remedy="Save it as .xlsx")
            for name in names:
                if name.lower().endswith((".xml", ".rels", ".vml")):
                    with packed.open(name) as stream:
                        if _declares(stream):
                            message = f"its part '{name[:80]}' declares entities"
                            raise InputError(message, file=file, remedy=_ANEW)
    except InputError:
        raise
    except Exception as error:  # zipfile and zlib tell damaged files in as many ways as there are
        if isinstance(error, OSError) and error.strerror:
            message = f"cannot be read ({error.strerror})"
            raise InputError(message, file=file, remedy="Check the access rights") from None
        remedy = f"{_ANEW}; an .xls or a password is not read"
        raise InputError("it is no workbook, or it is damaged", file=file, remedy=remedy) from None
    return names


class _Told(Exception):
    """What stands before the root element is known."""


def _declares(stream: IO[bytes]) -> bool:
    """Whether a document type stands before the root element, in any encoding."""
    found = []

    def declared(*_: object) -> None:
        found.append(True)
        raise _Told

    def begun(*_: object) -> None:
        raise _Told

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler, parser.StartElementHandler = declared, begun
    try:
        while piece := stream.read(4096):
            parser.Parse(piece, False)
    except (_Told, expat.ExpatError):  # what is no XML is told when it is read
        pass
    return bool(found)
