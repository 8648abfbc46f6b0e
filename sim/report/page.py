"""What a notebook's cell shows: the pieces of a page. Each function returns `Html`, which the notebook
displays; `html_of` writes any block of the document model.

Texts are plain and are escaped; to set part of one apart, give `Html`:
``Html("<strong>{}</strong>").format(name)``.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sim.report.document import Block, Figure, Heading, Lead, Listing, Note, Paragraph, Table
from sim.report.markup import Html, escape, plain
from sim.report.tables import table_html
from sim.report.words import one_line

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing


def lead(text: str) -> Html:
    """The answer, in a sentence or two: a report's first line."""
    return Html('<p class="lead">{}</p>').format(escape(text)).showing(Lead(plain(text)))


def heading(text: str, level: int = 2) -> Html:
    """A heading; level 1 is the report's title, which export sets."""
    if level not in (2, 3, 4):
        raise ValueError(f"headings inside a report are of level 2, 3 or 4, not {level}")
    return Html(f"<h{level}>{{}}</h{level}>").format(escape(text)).showing(Heading(plain(text), level))


def paragraph(text: str) -> Html:
    """A paragraph."""
    return Html("<p>{}</p>").format(escape(text)).showing(Paragraph(plain(text)))


def item(heading: str, text: str) -> Html:
    """A numbered section of a one-page paper: its heading runs into its text."""
    made = Html('<section class="item"><h2>{}</h2><p>{}</p></section>').format(escape(heading), escape(text))
    return made.showing(Paragraph(plain(text), head=plain(heading)))


def dated(day: str) -> Html:
    """The date under a paper."""
    return Html('<p class="dated">{}</p>').format(escape(day)).showing(Paragraph(plain(day), dated=True))


def note(text: str) -> Html:
    """A remark in small type."""
    return Html('<p class="note">{}</p>').format(escape(text)).showing(Note(plain(text)))


def bullets(items: Iterable[str]) -> Html:
    """A list."""
    items = list(items)
    made = Html("<ul>{}</ul>").format(
        Html("").join(Html("<li>{}</li>").format(escape(item)) for item in items)
    )
    return made.showing(Listing(tuple(map(plain, items))))


def on_screen(*pieces: Html | None) -> Html | None:
    """Pieces for screens alone: print, Word and LaTeX leave them out, and they have no numbers."""
    present = [piece for piece in pieces if piece]
    return Html('<div class="on-screen">{}</div>').format(Html("").join(present)) if present else None


def figure(drawing: Drawing, *, alt: str, caption: str) -> Html:
    """A matplotlib figure as inline SVG with its caption; the figure is closed.

    `alt` tells those who cannot see it what the figure shows (the finding, not "a chart"); `caption` what
    the reader looks at, with units. The caption gets its number, "Figure 1", at export.
    """
    if not alt.strip() or not caption.strip():
        raise ValueError("a figure needs an alt text and a caption")
    svg = _svg(drawing)
    block = Figure(plain(caption), one_line(plain(alt)), svg, drawing)
    return _figure(block, escape(caption)).showing(block)


def _svg(drawing: Drawing) -> str:
    """Draw a figure as SVG, and close it.

    `savefig` draws it twice, first for its layout alone: that needs no drawing of every line and letter.
    """
    import matplotlib.pyplot as plt

    def lay_out(renderer: object) -> None:
        del vars(drawing)["draw"]  # the next time it is drawn
        if engine := drawing.get_layout_engine():
            engine.execute(drawing)

    out = io.StringIO()
    vars(drawing)["draw"] = lay_out
    try:
        drawing.savefig(out, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    finally:
        vars(drawing).pop("draw", None)
        plt.close(drawing)
    svg = out.getvalue()
    return svg[svg.index("<svg") :]


def _figure(block: Figure, caption: Html) -> Html:
    opening = Html('<svg role="img" aria-label="{0}"').format(block.alt)
    return Html('<figure tabindex="0">{}{}<figcaption>{}</figcaption></figure>').format(
        opening, Html(block.svg.removeprefix("<svg")), caption
    )


def html_of(block: Block) -> Html:
    """Write a block of the document model as HTML. Numbers of tables and figures are the page's counters."""
    match block:
        case Heading():
            return heading(block.text, block.level)
        case Lead():
            return lead(block.text)
        case Paragraph(dated=True):
            return dated(block.text)
        case Paragraph(head=""):
            return paragraph(block.text)
        case Paragraph():
            made = Html("<p><strong>{}</strong> {}</p>").format(block.head, block.text)
            return made.showing(block)
        case Listing():
            return bullets(block.items)
        case Table():
            return table_html(block)
        case Figure():
            return _figure(block, escape(block.caption)).showing(block)
        case Note():
            return note(block.text)
