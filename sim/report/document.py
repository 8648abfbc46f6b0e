"""The document model: what a report says, block by block, without a format.

Blocks are heading, lead, paragraph, listing, table, figure and note. Each format has one writer: `page` and
`export` write HTML and PDF, `word_file` Word, `latex` LaTeX. `read_page` reads the document of a page again.
Numbers of tables and figures, captions and alt texts come from here. Texts are plain, and each writer escapes
them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from sim.report.words import Text, pick

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

FIGURE, TABLE = Text(en="Figure", zh="图"), Text(en="Table", zh="表")
STOP = Text(en=". ", zh="　")  # after the number of a table or figure
LEFT, RIGHT, CENTRE = SIDES = ("left", "right", "centre")


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is the document's title, so that levels are 2 to 4."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Lead:
    """The answer, in a sentence or two."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `head` runs into its text. `dated`: the line with the date, at the end of a paper."""

    text: str
    head: str = ""
    dated: bool = False


@dataclass(frozen=True)
class Listing:
    """A list of short texts."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table: `labels` and `sides` (left, right, centre) of its columns, and rows of printed cells.

    The first column names the rows. `note` stands under it. `name` is that of its files.
    """

    caption: str
    labels: tuple[str, ...]
    sides: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    name: str = ""


@dataclass(frozen=True)
class Figure:
    """A figure with what it shows (`caption`) and what it tells (`alt`). `svg` is its drawing as markup, and
    `drawing` the one of matplotlib, where it is at hand. `name` is that of its files."""

    caption: str
    alt: str
    svg: str = field(repr=False)
    drawing: Drawing | None = field(default=None, repr=False, compare=False)
    name: str = ""


@dataclass(frozen=True)
class Note:
    """A remark in small type."""

    text: str


Block = Heading | Lead | Paragraph | Listing | Table | Figure | Note
One = TypeVar("One", bound=Block)


@dataclass(frozen=True)
class Document:
    """A title and blocks, in one language; the tables of a one-page paper have no numbers."""

    title: str
    lang: str
    blocks: tuple[Block, ...]
    counted: bool = True

    def numbered(self) -> Iterator[tuple[Block, str]]:
        """Yield each block with its label: ``Table 1``, ``图2``; "" for others, and where nothing is counted.

        Examples
        --------
        >>> from sim.report.document import Document, Paragraph, Table
        >>> table = Table("People", ("unit", "people"), ("left", "right"), (("North", "3"),))
        >>> [label for _, label in Document("Offices", "en", (Paragraph("Two offices."), table)).numbered()]
        ['', 'Table 1']
        """
        blocks: Iterable[tuple[Block, str]] = labelled(self.blocks, self.lang)
        return iter(blocks if self.counted else ((block, "") for block in self.blocks))


def labelled(blocks: Iterable[One], lang: str) -> Iterator[tuple[One, str]]:
    """Yield blocks with their labels, tables and figures each counted from 1."""
    tables = figures = 0
    for block in blocks:
        if isinstance(block, Table):
            tables += 1
            yield block, label(TABLE, tables, lang)
        elif isinstance(block, Figure):
            figures += 1
            yield block, label(FIGURE, figures, lang)
        else:
            yield block, ""


def label(kind: Text, number: int, lang: str) -> str:
    """Return what a table or figure is called: ``Table 1``, ``表1``."""
    return f"{pick(kind, lang)}{' ' if lang == 'en' else ''}{number}"


def captioned(block: Table | Figure, label: str, lang: str) -> str:
    """Return the caption after its label: ``Table 1. People``, ``表1　人员``."""
    return f"{label}{getattr(STOP, lang)}{block.caption}" if label else block.caption
