"""Open a log that may be packed, and stop where it unpacks to more than a log can hold."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from sim.scenario.errors import InputError

MOST_BYTES = 4_000_000_000  # unpacked: 20 million rows of 200 bytes
MOST_TIMES = 200  # the packed size; logs pack to a tenth or a fiftieth, a bomb to a thousandth
ANY_FILE = 64_000_000  # bytes to which any file may unpack


def most_unpacked(file: Path) -> int:
    """Return the bytes to which a packed file or a workbook may unpack."""
    return min(MOST_BYTES, max(ANY_FILE, MOST_TIMES * file.stat().st_size))


@contextmanager
def opened(file: Path) -> Iterator[BinaryIO]:
    """Open a file, unpacked where its name ends in ``.gz``.

    Raises
    ------
    InputError
        If it is no gzip file or damaged, or when more is read of it than `most_unpacked`.
    """
    try:
        packed = file.suffix.lower() == ".gz"
        stream: Any = _Packed(file) if packed else file.open("rb")  # their types share none
        with stream:
            yield stream
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        message = f"the gzip file is damaged ({error})"
        raise InputError(message, file=file, remedy="Compress it again") from None


class _Packed(gzip.GzipFile):
    """A gzip file of which no more can be read than a log may hold."""

    def __init__(self, file: Path) -> None:
        super().__init__(file, "rb")
        self._file, self._most = file, most_unpacked(file)

    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(self._most + 1 if size is None or size < 0 else size)
        if self.tell() > self._most:
            size_mb = self._file.stat().st_size / 1_000_000
            message = f"it unpacks to more than {self._most // 1_000_000:,} MB from {size_mb:.2g} MB"
            remedy = "Pack a log only, or give it unpacked"
            raise InputError(message, file=self._file, remedy=remedy)
        return piece
