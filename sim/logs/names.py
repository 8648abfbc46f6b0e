"""Give the names of a log the form that a scenario's names have."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sim.scenario.errors import printable
from sim.scenario.table_file import read_table

LONGEST = 28  # letters of a name, so that a suffix finds room


def names_of(titles: Iterable[str], word: str) -> dict[str, str]:
    """Return a name for each title: its own letters where it has any, else `word` and a number.

    Examples
    --------
    >>> from sim.logs.names import names_of
    >>> names_of(["Check form", "check-form", "审批", "end"], "step")
    {'Check form': 'check_form', 'check-form': 'check_form_2', '审批': 'step_3', 'end': 'end_activity'}
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for place, title in enumerate(titles, 1):
        plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
        name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST].strip("_")
        if len(name) < 2 or len(plain.strip()) < len(title.strip()) / 2:
            name = f"{word}_{place}"
        elif not name[0].isalpha():
            name = f"{word}_{name}"[:LONGEST]
        if name in ("begin", "end") or name.endswith("_next"):  # a route has steps of its own of these names
            name = f"{name}_activity"
        free, number = name, 1
        while free in taken:
            number += 1
            free = f"{name}_{number}"
        taken.add(free)
        found[title] = free
    return found


@dataclass(frozen=True)
class Title:
    """A title in both languages."""

    en: str
    zh: str


def read_titles(file: Path) -> dict[str, Title]:
    """Read what activities and kinds are called: a CSV with the columns name, en, zh. Raises InputError.

    A name is as the log writes it.
    """
    table = read_table(file)
    table.check_columns(("name", "en", "zh"))
    table.check_unique("name")
    columns = (table.columns[name] for name in ("name", "en", "zh"))
    return {name: Title(en or zh or name, zh or en or name) for name, en, zh in zip(*columns, strict=True)}


def title_of(title: str) -> str:
    """A title from a log as a scenario may hold it: no control characters, not too long, not empty."""
    return printable(title, 120).strip() or "(blank)"
