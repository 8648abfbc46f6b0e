"""Give the names of a log the form that a scenario's names have."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from sim.scenario.errors import printable

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
    taken = {"end"}
    for place, title in enumerate(titles, 1):
        plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
        name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST].strip("_")
        if len(name) < 2 or len(plain.strip()) < len(title.strip()) / 2:
            name = f"{word}_{place}"
        elif not name[0].isalpha():
            name = f"{word}_{name}"[:LONGEST]
        if name == "end":
            name = "end_activity"
        free, number = name, 1
        while free in taken:
            number += 1
            free = f"{name}_{number}"
        taken.add(free)
        found[title] = free
    return found


def title_of(title: str) -> str:
    """A title from a log as a scenario may hold it: no control characters, not too long, not empty."""
    return printable(title, 120).strip() or "(blank)"
