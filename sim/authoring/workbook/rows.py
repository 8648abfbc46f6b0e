"""The rows of a sheet under its headings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.scenario.errors import nearest

from .book import Book, Cell
from .layout import FIRST_ROW


def filled(rows: Sequence[list[Cell]], first: int = FIRST_ROW) -> Iterator[list[Cell]]:
    for row in rows[first - 1 :]:
        if any(cell.value is not None for cell in row):
            yield row


def heading_of(book: Book, rows: Sequence[list[Cell]], known: Sequence[str], sheet: str) -> dict[int, str]:
    """The key of each column, from the first row."""
    found: dict[int, str] = {}
    for number, cell in enumerate(rows[0] if rows else ()):
        if cell.value is None:
            continue
        name = str(cell.value)
        if name not in known:
            raise book.error(f"the sheet has no column '{name}'", cell.place, nearest(name, known))
        if name in found.values():
            raise book.error(f"the column '{name}' stands twice", cell.place, "Keep one of the two")
        found[number] = name
    if missing := [name for name in known[:1] if name not in found.values()]:
        raise book.error(
            f"the column '{missing[0]}' is missing", f"{sheet}!A1", "Keep the first row as it was"
        )
    return found
