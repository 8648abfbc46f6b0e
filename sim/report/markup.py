"""Keep text and HTML apart: `Html` is markup made by our own code, everything else passes through `escape`.

Scenario files are written by others; a title may hold ``<script>``. First line of defence: text becomes
markup only by escaping, ``Html("<p>{}</p>").format(title)``. Second line: `clean` lets nothing but known
elements and harmless attributes of a cell's output into a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from markupsafe import Markup

from sim.report.words import unbroken, visible

if TYPE_CHECKING:
    from sim.report.document import Block

_SIDES = {"left": "left", "centre": "center"}  # of a table, in CSS
_TAGS = re.compile(r"<[^>]*>")


class Html(Markup):
    """Markup made by our own code, shown as HTML; ``+``, ``format`` and ``join`` escape plain text.

    `block` is the block of the document model that it shows, if it shows one.
    """

    block: Block | None = None

    def showing(self, block: Block) -> Html:
        """Return this markup, as that of `block`."""
        shown = Html(self)
        shown.block = block
        return shown

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        text, shown = plain(self), str(self)
        for side, way in _SIDES.items():  # JupyterLab would put all cells to the right; pages drop this
            shown = shown.replace(f' class="{side}', f' style="text-align: {way}" class="{side}')
        return {"text/html": shown, "text/plain": text if len(text) <= 200 else text[:199] + "…"}


def escape(text: object) -> Html:
    """`text` as markup that shows it as it is, but for what is not `visible`; `Html` stays."""
    if hasattr(text, "__html__"):
        return Html(text)
    return Html(Html.escape(visible(str(text))))


def plain(text: str) -> str:
    """`text` without markup, as for an attribute or a terminal; of a plain text what is `visible`."""
    if hasattr(text, "__html__"):
        text = " ".join(Markup(_TAGS.sub(" ", text)).unescape().split())
    return visible(text)


def clean(html: str, id_prefix: str = "") -> Html:
    """`html` rebuilt from the elements and attributes that a report may have; the text of others stays,
    escaped.

    Scripts, styles, frames, forms, event handlers and every address but ``#place`` and PNG data go. What
    is left open is closed. `id_prefix` goes before the ids inside SVG, which repeat from figure to figure.
    """
    sieve = _Sieve(id_prefix)
    sieve.feed(html)
    sieve.close()
    return Html("".join(sieve.kept) + "".join(f"</{tag}>" for tag in reversed(sieve.open)))


def _names(text: str) -> dict[str, str]:
    """Map the words of `text` by lower case, as the parser reports them."""
    return {name.lower(): name for name in text.split()}


_HTML = _names("""
    a abbr b blockquote br caption code col colgroup dd details div dl dt em figcaption figure h2 h3 h4 h5 h6
    hr i img li mark ol p pre section small span strong sub summary sup table tbody td tfoot th thead tr ul
    wbr
""")
_ATTRIBUTES = _names("""
    alt class colspan data-label dir height href id lang role rowspan scope src start tabindex width
""")
_SVG = _names("""
    svg g defs path use rect circle ellipse line polyline polygon text tspan title desc symbol image clipPath
    mask pattern marker linearGradient radialGradient stop
""")
_SVG_ATTRIBUTES = _names("""
    class id role style d x y x1 y1 x2 y2 dx dy cx cy r rx ry fx fy width height points transform viewBox
    preserveAspectRatio offset href opacity fill fill-opacity fill-rule stroke stroke-width stroke-opacity
    stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit clip-path clip-rule
    mask stop-color stop-opacity font-family font-size font-weight text-anchor gradientUnits spreadMethod
    gradientTransform patternUnits patternTransform clipPathUnits maskUnits markerWidth markerHeight
    markerUnits refX refY orient marker-start marker-mid marker-end
""")
_WITH_CONTENT = _names("""
    script style iframe object template noscript noembed noframes metadata foreignObject math form select
    textarea xmp plaintext head audio video canvas button
""")  # elements whose content is no text for a reader
_VOID = frozenset({"br", "col", "hr", "img", "wbr"})
_PLACE = re.compile(r"#[\w.-]+")
_PNG = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=\s]+")
_REFERENCE = re.compile(r"url\(\s*(['\"]?)#([\w.-]+)\1\s*\)")
_ACTIVE = re.compile(r"url\(|expression|javascript|[\\@<]", re.IGNORECASE)


class _Sieve(HTMLParser):
    def __init__(self, id_prefix: str) -> None:
        super().__init__(convert_charrefs=True)
        self.kept: list[str] = []
        self.open: list[str] = []  # elements not closed yet, outermost first
        self._prefix = id_prefix
        self._skipped: list[str] = []  # elements with no content for a reader that we are in

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs, closed=False)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs, closed=True)

    def _start(self, tag: str, attrs: list[tuple[str, str | None]], closed: bool) -> None:
        in_svg = "svg" in self.open or tag == "svg"
        if self._skipped or tag in _WITH_CONTENT:
            if tag in _WITH_CONTENT and not (closed and in_svg):  # only in SVG does <x/> close itself
                self._skipped.append(tag)
            return
        name = (_SVG if in_svg else _HTML).get(tag)
        if name is None:
            return
        kept = "".join(f' {key}="{escape(value)}"' for key, value in self._attributes(tag, attrs, in_svg))
        if in_svg and closed:
            self.kept.append(f"<{name}{kept}/>")
            return
        self.kept.append(f"<{name}{kept}>")
        if name not in _VOID:
            self.open.append(name)

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            if tag in self._skipped:
                del self._skipped[self._skipped.index(tag) :]
            return
        name = _SVG.get(tag, tag) if "svg" in self.open else tag
        if name in self.open:
            while True:
                last = self.open.pop()
                self.kept.append(f"</{last}>")
                if last == name:
                    break

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.kept.append(escape(unbroken(data)))

    def _attributes(
        self, tag: str, attrs: list[tuple[str, str | None]], in_svg: bool
    ) -> Iterator[tuple[str, str]]:
        for key, value in attrs:
            key, value = key.removeprefix("xlink:"), value or ""
            spoken = key.startswith("aria-")
            name = key if spoken else (_SVG_ATTRIBUTES if in_svg else _ATTRIBUTES).get(key)
            if name is None:
                continue
            if name in ("href", "src"):
                if not (_PLACE.fullmatch(value) or (tag in ("img", "image") and _PNG.fullmatch(value))):
                    continue
            elif in_svg and not spoken and _ACTIVE.search(_REFERENCE.sub("", value)):
                continue
            if in_svg and self._prefix:
                value = self._prefixed(name, value)
            yield name, value

    def _prefixed(self, name: str, value: str) -> str:
        if name == "id":
            return self._prefix + value
        if name == "href" and value.startswith("#"):
            return "#" + self._prefix + value[1:]
        return _REFERENCE.sub(lambda found: f"url(#{self._prefix}{found[2]})", value)


def comments(html: str) -> str:
    """Return the comments of `html`; matplotlib stores there the text that it draws as outlines."""
    return "\n".join(re.findall(r"<!--(.*?)-->", html, flags=re.DOTALL))
