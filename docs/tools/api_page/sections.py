"""A docstring in the sections of the numpydoc format.

Only what this project writes is read: a summary line, paragraphs, and sections under a line of dashes
(https://numpydoc.readthedocs.io/en/latest/format.html).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

TYPED = ("Returns", "Raises", "Warns")  # items that begin with a type; others with ``name : type``
PROSE = ("Notes", "References", "Examples")
ORDER = (
    "Parameters",
    "Attributes",
    "Returns",
    "Raises",
    "Warns",
    "See Also",
    "Notes",
    "References",
    "Examples",
)
_HEADING = re.compile(r"^(\S.*)\n-{3,}\n", re.MULTILINE)
_ITEM = re.compile(r"^(?=\S)", re.MULTILINE)


class Item(NamedTuple):
    """An entry of a section: the names that share it, their type, and what is said of them."""

    names: tuple[str, ...]
    type: str
    text: str


@dataclass(frozen=True)
class Docstring:
    """A summary line, the paragraphs below it, and the sections by title."""

    summary: str
    body: str
    items: dict[str, list[Item]] = field(default_factory=dict)
    prose: dict[str, str] = field(default_factory=dict)
    titles: tuple[str, ...] = ()

    @property
    def named(self) -> list[str]:
        """The names of parameters and attributes, in order."""
        said = [*self.items.get("Parameters", []), *self.items.get("Attributes", [])]
        return [name for item in said for name in item.names]

    @property
    def examples(self) -> str:
        """The section of examples."""
        return self.prose.get("Examples", "")


def parsed(text: str) -> Docstring:
    """The sections of a docstring whose indentation is gone."""
    head, *pieces = _HEADING.split(text)
    summary, _, body = head.strip().partition("\n")
    items: dict[str, list[Item]] = {}
    prose: dict[str, str] = {}
    for title, content in zip(pieces[::2], pieces[1::2], strict=True):
        if title in PROSE:
            prose[title] = content.strip("\n")
        else:
            items[title] = [_item(one, title) for one in _ITEM.split(content) if one.strip()]
    return Docstring(summary, body.strip(), items, prose, tuple(pieces[::2]))


def _item(text: str, section: str) -> Item:
    first, _, below = text.partition("\n")
    said = " ".join(below.split())
    if section in TYPED:
        return Item((), first.strip(), said)
    names, _, kind = first.partition(" : ")
    each = tuple(name.strip() for name in names.split(","))
    return Item(each, "", kind.strip()) if section == "See Also" else Item(each, kind.strip(), said)
