"""Write to the terminal: lines, aligned tables, and what takes long."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Iterator

from .endings import complain


def say(text: str) -> None:
    print(clean_text(text))


def say_table(rows: Iterable[list[str]]) -> None:
    """Print aligned columns; a Chinese character is two places wide."""
    rows = [[clean_text(cell) for cell in row] for row in rows]
    widths = [max(map(places, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell + " " * (width - places(cell)) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())


def places(text: str) -> int:
    import unicodedata

    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def clean_text(text: str) -> str:
    from sim.scenario.errors import printable

    return printable(text, 2000)


@contextlib.contextmanager
def patience(what: str) -> Iterator[None]:
    """Print `what` if it takes more than two seconds."""
    timer = threading.Timer(2.0, complain, [f"{what} …"])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
