"""What a workbook says as plain data that knows its cells, and what is wrong in it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any

from sim.scenario import InputError
from sim.scenario.source import Path_, Source, dotted

from .layout import settings, tables

MOST_MISTAKES = 20  # that are told at once
_MISSING = re.compile(r"'(\w+)' is missing")


class Mistakes(list[InputError]):
    """What is wrong in rows and cells, so that all of it is told at once."""

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        try:
            yield
        except InputError as error:
            self.append(error)

    def told(self) -> None:
        """Raise the first with the others, if there are any."""
        if self:
            first = self[0]
            more = self[1:MOST_MISTAKES]
            raise InputError(
                first.message, file=first.file, path=first.path, remedy=first.remedy, others=more
            )


class Cells(Source):
    """A workbook's data, whose errors name sheet and cell."""

    places: dict[Path_, str]

    def error(self, message: str, path: Path_ = (), remedy: str | None = None) -> InputError:
        if not path and (missing := _MISSING.match(message)):
            sheet = next((table.sheet for table in tables() if table.path[0] == missing[1]), "")
            place = next((one.sheet for one in settings() if missing[1] in one.blocks), sheet)
            return InputError(
                message, file=self.file, path=place or None, remedy="Fill in this sheet, and keep its name"
            )
        place = next((self.places[path[:n]] for n in range(len(path), -1, -1) if path[:n] in self.places), "")
        if path and place and path not in self.places and "'" not in message:
            message = f"'{path[-1]}': {message}"
        return InputError(message, file=self.file, path=place or dotted(path), remedy=remedy)


class NoPlace(Exception):
    """A path that leads through a single value, or past the end of a list."""


def put_at(data: Any, path: Path_, value: Any) -> None:
    """Set a value by its path, and make the blocks and lists that lead to it."""
    for number, part in enumerate(path):
        last = number == len(path) - 1
        after: Any = value if last else [] if path[number + 1].isdecimal() else {}
        if isinstance(data, list):
            if not part.isdecimal() or int(part) > len(data):
                raise NoPlace
            if int(part) == len(data):
                data.append(after)
            elif last:
                data[int(part)] = after
            data = data[int(part)]
        elif isinstance(data, dict):
            if last or part not in data:
                data[part] = after
            data = data[part]
        else:
            raise NoPlace


def down(data: Any, path: Path_) -> Any:
    for part in path:
        if isinstance(data, list):
            data = data[int(part)] if part.isdecimal() and int(part) < len(data) else None
        else:
            data = data.get(part) if isinstance(data, dict) else None
    return data
