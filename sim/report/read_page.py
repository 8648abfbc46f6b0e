"""Read the document that a page shows: blocks of the model, from the elements in which `page` writes them.

A notebook shows its blocks as HTML, and the page keeps them. The writers of Word and LaTeX read them here, so
that every notebook has every format. What is for screens alone is left out, as in print.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.report.document import (
    LEFT,
    SIDES,
    Block,
    Document,
    Figure,
    Heading,
    Lead,
    Listing,
    Note,
    Paragraph,
    Table,
)
from sim.report.words import check_language
from sim.scenario.errors import InputError

if TYPE_CHECKING:
    from lxml.html import HtmlElement

DRAWING = re.compile(r"<svg(?P<opening>\b[^>]*)>(?P<inside>.*?)</svg>", re.DOTALL)
_TOLD = re.compile(r'\saria-label="([^"]*)"')
_OF_THE_PAGE = re.compile(r'\s(?:role|aria-label)="[^"]*"')
_SPACE_OF_NAMES = ' xmlns="http://www.w3.org/2000/svg"'
_SPACE = re.compile(r"[ \t\r\n]+")  # of HTML; a space that does not break is none
_ON_SCREEN, _DRAWN = "on-screen", "drawing"


def read_page(html: Path, lang: str) -> Document:
    """Read the document of a page that `export.write_page` wrote.

    Tables that the page cut into parts are whole again. Figures and tables are named by their numbers:
    ``figure-1``. The document of a paper of one page counts nothing.

    Raises InputError where there is no page, or where it is none of ours.
    """
    from lxml.html import document_fromstring

    check_language(lang)
    html = Path(html)
    if not html.is_file():
        raise InputError("no such page", file=html)
    _, body, content = html.read_text(encoding="utf-8").partition("<body")
    drawings: list[str] = []

    def kept(drawing: re.Match[str]) -> str:
        """Set a drawing aside: its attributes would not survive being read as HTML."""
        drawings.append(alone(drawing))
        told = alt_of(drawing)
        return f'<img class="{_DRAWN}" alt="{told}" id="{_DRAWN}-{len(drawings) - 1}">'

    page = document_fromstring(body + DRAWING.sub(kept, content)) if body else None
    main, title = (None, None) if page is None else (page.find(".//main"), page.find(".//h1"))
    if page is None or main is None or title is None:
        raise InputError("not the page of a report", file=html, remedy="Give one that sim report wrote")
    for picture in page.iter("img"):  # where there can be no picture, its text is told
        picture.tail = f" {picture.get('alt', '')} {picture.tail or ''}"
    blocks = _named(_blocks(main, drawings))
    return Document(_text(title), lang, tuple(blocks), counted="paper" not in page.body.classes)


def alt_of(drawing: re.Match[str]) -> str:
    """Return the text, escaped, that a drawing (`DRAWING`) has for those who do not see it."""
    told = _TOLD.search(drawing["opening"])
    return told[1] if told else ""


def alone(drawing: re.Match[str]) -> str:
    """Return a drawing as a file of its own: what a page leaves out is put back, its text goes."""
    names = "" if "xmlns=" in drawing["opening"] else _SPACE_OF_NAMES
    return f"<svg{names}{_OF_THE_PAGE.sub('', drawing['opening'])}>{drawing['inside']}</svg>"


def _blocks(parent: HtmlElement, drawings: list[str]) -> Iterator[Block]:
    for piece in parent:
        if not isinstance(piece.tag, str) or _ON_SCREEN in piece.classes:
            continue
        match piece.tag:
            case "h2" | "h3" | "h4":
                yield Heading(_text(piece), int(piece.tag[1]))
            case "summary" | "h5" | "h6":
                yield Heading(_text(piece), 4)
            case "p":
                yield from _paragraph(piece)
            case "section" if "item" in piece.classes:
                yield Paragraph(_text(piece.find("p")), head=_text(piece.find("h2")))
            case "ul" | "ol":
                yield Listing(tuple(_text(item) for item in piece.iterfind("li")))
            case "div" if "table" in piece.classes:
                if not _is_continued(piece):
                    yield _joined([_table(part, _note(part)) for part in _parts(piece)])
            case "table" if piece.find(".//tr") is not None:
                yield _table(piece, "")
            case "figure" if (drawn := piece.find(f"img[@class='{_DRAWN}']")) is not None:
                number = int(drawn.get("id").removeprefix(f"{_DRAWN}-"))
                yield Figure(_text(piece.find("figcaption")), drawn.get("alt"), drawings[number])
            case _ if (piece.text or "").strip():
                yield Paragraph(_text(piece))
            case _:
                yield from _blocks(piece, drawings)


def _paragraph(piece: HtmlElement) -> Iterator[Block]:
    text, first = _text(piece), next(iter(piece), None)
    if "lead" in piece.classes:
        yield Lead(text)
    elif "note" in piece.classes:
        yield Note(text)
    elif first is not None and first.tag == "strong" and not (piece.text or "").strip():
        head = _text(first)
        yield Paragraph(text.removeprefix(head).strip(" "), head=head)
    elif text:
        yield Paragraph(text, dated="dated" in piece.classes)


def _table(element: HtmlElement, note: str) -> Table:
    rows = [[_text(cell) for cell in row] for row in element.iter("tr")]
    width = max(map(len, rows))
    head, *others = (tuple(row + [""] * (width - len(row))) for row in rows)
    first = next(element.iter("tr"))
    sides = [next((side for side in SIDES if side in cell.classes), LEFT) for cell in first]
    caption = element.find(".//caption")
    return Table(
        "" if caption is None else _text(caption),
        head,
        tuple(sides + [LEFT] * (width - len(sides))),
        tuple(others),
        note,
    )


def _note(piece: HtmlElement) -> str:
    found = piece.find("p")
    return "" if found is None else _text(found)


def _is_continued(piece: HtmlElement) -> bool:
    return piece.find("table[@class='continued']") is not None


def _parts(piece: HtmlElement) -> Iterator[HtmlElement]:
    """Give a table and those that continue it."""
    yield piece
    following = piece.getnext()
    while following is not None and _is_continued(following):
        yield following
        following = following.getnext()


def _joined(parts: list[Table]) -> Table:
    """Join what `tables.cut_to_pages` cut."""
    first, *others = parts
    if not others:
        return first
    lead = 1  # columns that lead each part
    while lead < len(first.labels) and all(_column(one, lead) == _column(first, lead) for one in others):
        lead += 1
    return replace(
        first,
        caption=first.caption.removesuffix(f" (1/{len(parts)})"),
        labels=first.labels + tuple(label for one in others for label in one.labels[lead:]),
        sides=first.sides + tuple(side for one in others for side in one.sides[lead:]),
        rows=tuple(
            row + tuple(cell for one in others for cell in one.rows[place][lead:])
            for place, row in enumerate(first.rows)
        ),
        note=others[-1].note,
    )


def _column(table: Table, place: int) -> tuple[str, ...] | None:
    """Return a column with its label, or None."""
    if place >= len(table.labels):
        return None
    return (table.labels[place], *(row[place] for row in table.rows))


def _named(blocks: Iterator[Block]) -> Iterator[Block]:
    """Name figures and tables by their numbers."""
    counts = {Figure: 0, Table: 0}
    for block in blocks:
        if isinstance(block, Figure | Table):
            counts[type(block)] += 1
            block = replace(block, name=f"{type(block).__name__.lower()}-{counts[type(block)]}")
        yield block


def _text(element: HtmlElement) -> str:
    return _SPACE.sub(" ", element.text_content()).strip(" ")
