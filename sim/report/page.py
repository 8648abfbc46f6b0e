"""What a notebook's cell shows: the pieces of a page. Each function returns `Html`, which the notebook
displays.

Texts are plain and are escaped; to set part of one apart, give `Html`:
``Html("<strong>{}</strong>").format(name)``.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sim.report.markup import Html, escape, plain
from sim.report.words import one_line

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def lead(text: str) -> Html:
    """The answer, in a sentence or two: a report's first line."""
    return Html('<p class="lead">{}</p>').format(escape(text))


def heading(text: str, level: int = 2) -> Html:
    """A heading; level 1 is the report's title, which export sets."""
    if level not in (2, 3, 4):
        raise ValueError(f"headings inside a report are of level 2, 3 or 4, not {level}")
    return Html(f"<h{level}>{{}}</h{level}>").format(escape(text))


def paragraph(text: str) -> Html:
    """A paragraph."""
    return Html("<p>{}</p>").format(escape(text))


def item(heading: str, text: str) -> Html:
    """A numbered section of a one-page paper: its heading runs into its text."""
    return Html('<section class="item"><h2>{}</h2><p>{}</p></section>').format(escape(heading), escape(text))


def dated(day: str) -> Html:
    """The date under a paper."""
    return Html('<p class="dated">{}</p>').format(escape(day))


def bullets(items: Iterable[str]) -> Html:
    """A list."""
    return Html("<ul>{}</ul>").format(
        Html("").join(Html("<li>{}</li>").format(escape(item)) for item in items)
    )


def figure(drawing: Figure, *, alt: str, caption: str) -> Html:
    """A matplotlib figure as inline SVG with its caption; the figure is closed.

    `alt` tells those who cannot see it what the figure shows (the finding, not "a chart"); `caption` what
    the reader looks at, with units. The caption gets its number, "Figure 1", at export.
    """
    if not alt.strip() or not caption.strip():
        raise ValueError("a figure needs an alt text and a caption")
    import matplotlib.pyplot as plt

    out = io.StringIO()
    drawing.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    plt.close(drawing)
    svg = out.getvalue()
    svg = svg[svg.index("<svg") + len("<svg") :]
    opening = Html('<svg role="img" aria-label="{0}"').format(one_line(plain(alt)))
    return Html('<figure tabindex="0">{}{}<figcaption>{}</figcaption></figure>').format(
        opening, Html(svg), escape(caption)
    )
