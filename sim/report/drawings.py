"""Turn the drawings of a page, which are SVG, into what LaTeX and Word take: PDF and PNG."""

from __future__ import annotations

import base64
import io
import re

from sim.report.export import rendered

_DPI = 200
_VIEW = re.compile(r'\bviewBox="[\d.]+ [\d.]+ ([\d.]+) ([\d.]+)"')
_PAGE = (
    '<html lang="en"><title>drawing</title><style>@page {{ size: {width}pt {height}pt; margin: 0 }}'
    "body {{ margin: 0 }} img {{ display: block; width: {width}pt; height: {height}pt }}</style>"
    '<img alt="" src="data:image/svg+xml;base64,{data}"></html>'
)


def pdf_of(svg: str) -> bytes:
    """Return a drawing as a PDF of its own size: lines and areas, without fonts.

    Raises ValueError for a drawing that does not say its size, ReportError as `export.to_pdf` does.
    """
    size = _VIEW.search(svg)
    if size is None:
        raise ValueError("a drawing says its size in a viewBox")
    data = base64.b64encode(svg.encode()).decode()
    page = _PAGE.format(width=size[1], height=size[2], data=data)
    made: bytes = rendered(page, "a drawing").write_pdf()
    return made


def png_of(svg: str) -> bytes:
    """Return a drawing as a PNG of 200 dots an inch. Raises as `pdf_of` does."""
    import pypdfium2

    (page,) = pypdfium2.PdfDocument(pdf_of(svg))
    made = io.BytesIO()
    page.render(scale=_DPI / 72).to_pil().save(made, format="png")
    return made.getvalue()
