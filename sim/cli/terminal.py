"""Write to the terminal: lines, aligned tables, and what takes long."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
import threading
from collections.abc import Iterable, Iterator

from .endings import complain

NARROWEST = 40  # places, under which nothing is wrapped further


def say(text: str) -> None:
    print(clean_text(text))


def say_table(rows: Iterable[list[str]]) -> None:
    """Print aligned columns; a Chinese character is two places wide.

    Where the columns are wider than the terminal, print each row as a block: the first cell, and the others
    under it, each by its heading, wrapped. What goes into a file or a pipe is never wrapped.
    """
    rows = [[clean_text(cell) for cell in row] for row in rows]
    widths = [max(map(places, column)) for column in zip(*rows, strict=True)]
    seen = sys.stdout.isatty() or "COLUMNS" in os.environ
    width = shutil.get_terminal_size().columns if seen else 0
    if width and sum(widths) + 2 * (len(widths) - 1) > width:
        _say_blocks(rows, max(width, NARROWEST))
        return
    for row in rows:
        cells = (cell + " " * (width - places(cell)) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())


def _say_blocks(rows: list[list[str]], width: int) -> None:
    """Print each row under its first cell; a column that is empty in a row is left out there."""
    head, *others = rows
    indent = 2 + max(places(name) for name in head[1:]) + 2
    for row in others:
        for line in wrapped(row[0], width):
            print(line)
        for name, cell in zip(head[1:], row[1:], strict=True):
            first = "  " + name + " " * (indent - 2 - places(name))
            for number, line in enumerate(wrapped(cell, width - indent) if cell else ()):
                print((first if number == 0 else " " * indent) + line)


def wrapped(text: str, width: int) -> list[str]:
    """Break a text into lines of so many places: at blanks, and between Chinese characters."""
    lines, line = [""], 0
    for piece in re.findall(r"[^\s\u2e80-\uffef]+|[\u2e80-\uffef]|\s+", text):
        size = places(piece)
        if line and line + size > width and not piece.isspace():
            lines[-1] = lines[-1].rstrip()
            lines.append("")
            line = 0
        while size > width:  # a path without blanks
            lines[-1] += piece[:width]
            piece = piece[width:]
            lines.append("")
            size = places(piece)
        if line or not piece.isspace():
            lines[-1] += piece
            line += size
    return [one.rstrip() for one in lines if one.strip()] or [""]


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
