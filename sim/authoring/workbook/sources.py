"""Read where the numbers of a workbook come from: its sheet of sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.scenario.errors import nearest
from sim.scenario.source import Evidence, Path_

from .book import Book, Cell
from .cells import Cells, Mistakes, down
from .layout import NOT_STATED, SOURCES
from .rows import filled, heading_of
from .write import EVIDENCE


def read_sources(book: Book, rows: Sequence[list[Cell]], source: Cells, mistakes: Mistakes) -> list[Path_]:
    """Fill in the evidence; return the paths whose source is not stated on purpose."""
    known = ("path", *EVIDENCE)
    heading = heading_of(book, rows, known, SOURCES) if rows else {}
    stated: list[Path_] = []
    for row in filled(rows):
        with mistakes.kept():
            cells = {heading[number]: cell for number, cell in enumerate(row) if number in heading}
            path = cells["path"]
            if path.value is None:
                raise book.error(
                    "the path is missing", path.place, "Write what it is the source of, as in staff.clerk"
                )
            parts = tuple(str(path.value).split("."))
            if down(source.data, parts) is None:
                known_here = down(source.data, parts[:-1])
                choices = list(known_here) if isinstance(known_here, dict) else list(source.data)
                raise book.error(f"nothing stands at '{path.value}'", path.place, nearest(parts[-1], choices))
            told = {
                name: cell.value for name, cell in cells.items() if name != "path" and cell.value is not None
            }
            if told == {"source": NOT_STATED}:
                stated.append(parts)
                continue
            if parts in source.evidence:
                raise book.error(f"'{path.value}' stands twice", path.place, "Keep one of the two")
            bounds: dict[str, tuple[float, float]] = {}
            for name, pair in (("range", ("low", "high")), ("factor", ("factor_low", "factor_high"))):
                given = [told.pop(side, None) for side in pair]
                if given != [None, None]:
                    if not all(type(one) in (int, float) for one in given) or given[0] > given[1]:
                        remedy = f"Give '{pair[0]}' and '{pair[1]}', the lower first, or neither"
                        raise book.error(
                            "the bounds are not two numbers in order", cells[pair[0]].place, remedy
                        )
                    bounds[name] = (float(given[0]), float(given[1]))
            _check_bounds(book, bounds, cells, down(source.data, parts))
            unit, origin, reason = (
                str(told[name]) if name in told else None for name in ("unit", "source", "reason")
            )
            source.evidence[parts] = Evidence(unit, origin, bounds.get("range"), bounds.get("factor"), reason)
    return stated


def _check_bounds(book: Book, numbers: dict[str, Any], cells: dict[str, Cell], value: Any) -> None:
    if "range" in numbers:
        low, high = numbers["range"]
        if type(value) not in (int, float):
            raise book.error(
                "a range belongs to a single number", cells["low"].place, "Give factor_low and factor_high"
            )
        if not low <= value <= high:
            raise book.error(
                f"the value {value} is outside its own range", cells["low"].place, "Widen the range"
            )
    if "factor" in numbers and not 0 <= numbers["factor"][0] <= 1 <= numbers["factor"][1]:
        raise book.error("the multiples must hold 1", cells["factor_low"].place, "For example 0.5 and 2")
