"""Turn an executed notebook into one self-contained HTML file, and the file into a PDF.

Only what cells showed is on the page: no code, no prompts, nothing printed. A markdown cell tagged `en`
or `zh` belongs to the reports in that language, one tagged `remove-cell` to none; the notebook's own
level-1 heading gives way to the report's title.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import logging
import re
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report import glyphs, markup
from sim.report.document import FIGURE, STOP, TABLE
from sim.report.errors import ReportError
from sim.report.files import write_whole
from sim.report.markup import Html, escape
from sim.report.notebook import read_notebook
from sim.report.read_page import DRAWING, alone, alt_of
from sim.report.words import LANGUAGES, Text, check_language, pick
from sim.scenario.errors import InputError

if TYPE_CHECKING:
    from weasyprint import Document

_TYPES = tuple(12 - 0.25 * step for step in range(13))  # points, down to 9
_fitted_before: dict[str, int] = {}  # by language, the place in `_TYPES` of the last paper's
_TYPE = re.compile(r"--type: [\d.]+pt")
_QUOTED = re.compile("(?<=[，。；：、）])(?=“)|(?<=”)(?=[\u4e00-\u9fff（])")  # Pango breaks no line there
_REST = 1 / 3  # of a sheet: a last one that is filled less is to be saved
_CLOSER = (  # the print of wide tables stays as it is
    "@page { margin: 15mm 18mm 14mm } @media print { html { font-size: 9.5pt } p, li { line-height: 1.5 } "
    "h2 { margin-top: 1.1rem } .table, figure { margin: .7rem 0 } figure img { width: 92%; height: auto } "
    "table { font-size: 8.2pt; line-height: 1.3 } }"
)
PAPER = "paper"  # one page, as an official paper (GB/T 9704-2012)
_LAST_OF_TITLE = 5  # characters
_TEMPLATES = Path(__file__).with_name("templates")
_HTML_LANG = Text(en="en", zh="zh-Hans")
_SKIP = Text(en="Skip to the content", zh="跳到正文")
_CONTROLS = {  # what the script of a page writes
    "search": Text(en="Search the tables:", zh="查找表中内容："),
    "rows": Text(en="rows", zh="行"),
    "sort": Text(en="Sort by this column", zh="按此列排序"),
}
_COUNTED = {  # what CSS writes: the variables of report.css
    **{
        name: Text(en=f'"{word.en}"', zh=f'"{word.zh}"')
        for name, word in (("figure", FIGURE), ("table", TABLE), ("stop", STOP))
    },
    "page": Text(
        en='"Page " counter(page) " of " counter(pages)',
        zh='"第 " counter(page) " 页，共 " counter(pages) " 页"',
    ),
}


def to_html(notebook: Path, output: Path, lang: str, title: str) -> Path:
    """Write the page of an executed `notebook` to `output`; returns `output`.

    Warns with `glyphs.MissingGlyph` of characters that no font of ours draws. Raises InputError where
    there is no notebook, ReportError where it did not run to its end, or shows a picture without a text
    for those who do not see it.
    """
    check_language(lang)
    notebook = Path(notebook)
    return write_page(
        list(_blocks(notebook, lang)), output, lang, title, said_of=str(notebook), form=form_of(notebook)
    )


def write_page(
    shown: Sequence[str], output: Path, lang: str, title: str, said_of: str = "", form: str = ""
) -> Path:
    """Write blocks of HTML as one self-contained page to `output`; returns `output`.

    `said_of` names, in the warning of a missing glyph, what the page is made from. `form` is that of
    `form_of`.
    """
    import jinja2

    blocks = [markup.clean(block, f"b{n}-") for n, block in enumerate(shown, start=1)]
    variables = ";".join(f"--{name}:{pick(text, lang)}" for name, text in _COUNTED.items())
    css = f":root{{{variables}}}\n" + (_TEMPLATES / "report.css").read_text(encoding="utf-8")
    controls = [pick(word, lang) for word in _CONTROLS.values()]
    text = unescape("\n".join([title, css, pick(_SKIP, lang), *controls, *blocks]))
    if missing := glyphs.missing_glyphs(text + "".join(map(markup.comments, shown))):
        named = " ".join(f"{character} (U+{ord(character):04X})" for character in sorted(missing))
        warnings.warn(
            f"{said_of or output}: the fonts cannot draw {named}", glyphs.MissingGlyph, stacklevel=2
        )
    script = "" if form == PAPER else (_TEMPLATES / "report.js").read_text(encoding="utf-8")
    loader = jinja2.FileSystemLoader(_TEMPLATES)
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    page = environment.get_template("report.html.j2").render(
        html_lang=pick(_HTML_LANG, lang),
        title=escape(title),
        heading=_heading(title, lang),
        skip=pick(_SKIP, lang),
        form=form,
        words={name: pick(word, lang) for name, word in _CONTROLS.items()},
        script=Html(script),
        script_hash=_hash_of(script),
        fonts=Html(glyphs.font_faces(text, serif=form == PAPER, lang=lang)),
        css=Html(css),
        blocks=blocks,
    )
    return write_whole(Path(output), page)


def _heading(title: str, lang: str) -> Html:
    """Return a title as the page's heading. Where a Chinese one takes two lines its last characters stay
    together: a line of one is not read as part of it."""
    kept = len(title) - _LAST_OF_TITLE
    if lang != "zh" or kept <= 0 or title[kept - 1 : kept + 1].isascii():  # no cut within a foreign word
        return escape(title)
    return Html('{}<span class="together">{}</span>').format(escape(title[:kept]), escape(title[kept:]))


def write_formats(notebook: Path, files: Mapping[str, Path], lang: str, title: str) -> list[Path]:
    """Write the page of an executed notebook in the formats asked for; return the files.

    `files` has a file for each of ``html``, ``pdf``, ``docx`` and ``tex``, which has its figures beside it.
    Raises as `to_html`, `to_pdf`, `sim.report.word_file.to_docx` and `sim.report.latex.to_latex` do.
    """
    from sim.report.latex import to_latex
    from sim.report.word_file import to_docx

    written = list(files.values())
    with tempfile.TemporaryDirectory() as folder:
        html = to_html(notebook, files.get("html", Path(folder, f"{notebook.stem}.html")), lang, title)
        laid_out = _fitted(html, lang)[1] if form_of(notebook) == PAPER else None
        if "pdf" in files:
            to_pdf(html, files["pdf"], laid_out)
        if "docx" in files:
            to_docx(html, files["docx"], lang)
        if "tex" in files:
            written += to_latex(html, files["tex"], lang)[1:]
    return written


def fit(html: Path) -> float:
    """Set the type of a page of the form `PAPER` so that it prints on one page; return its size in points.

    The text is 小四 (12 points) where that fits, else the largest of `_TYPES` that does; where none does,
    the smallest, on more than one page.
    """
    return _fitted(Path(html))[0]


def _fitted(html: Path, lang: str = "") -> tuple[float, Document]:
    """Set the type as `fit` does; return its size, and the page laid out in it.

    The type of the last paper in the language is tried first, and its neighbour, then by bisection.
    """
    content = html.read_text(encoding="utf-8")
    laid_out: dict[int, Document] = {}
    first, last, tried = 0, len(_TYPES) - 1, _fitted_before.get(lang, 0)
    while tried not in laid_out:
        laid_out[tried] = rendered(_set_in(content, _TYPES[tried]), str(html))
        fits = len(laid_out[tried].pages) == 1
        first, last = (first, tried) if fits else (min(tried + 1, last), last)
        near = tried - 1 if fits else tried + 1
        tried = near if len(laid_out) == 1 and first <= near <= last else (first + last) // 2
    _fitted_before[lang] = first
    write_whole(html, _set_in(content, _TYPES[first]))
    return _TYPES[first], laid_out[first]


def _set_in(content: str, size: float) -> str:
    """Return the text of a paper with its type set."""
    return _TYPE.sub(f"--type: {size:g}pt", content, count=1)


def to_pdf(html: Path, output: Path, laid_out: Document | None = None) -> Path:
    """Write the PDF of a page that `to_html` made to `output`; returns `output`. The same page gives the
    same bytes. `laid_out` is the page as `rendered` laid it out, where that was done before.

    Nothing is fetched: what the page does not carry itself is an error. Raises InputError where there is
    no page, ReportError where the Pango library is missing or the page wants something from elsewhere.
    """
    html = Path(html)
    if not html.is_file():
        raise InputError("no such page", file=html)
    if laid_out is None:
        laid_out = _without_a_rest(html.read_text(encoding="utf-8"), str(html))
    return write_whole(Path(output), laid_out.write_pdf(pdf_variant="pdf/ua-1"))


def rendered(content: str, called: str) -> Document:
    """Lay out a page, its HTML, for print; messages name it as `called`. Raises as `to_pdf` does."""
    try:
        import weasyprint
        from weasyprint.urls import FatalURLFetchingError, URLFetcher
    except OSError as error:  # the library is found at import
        raise ReportError(
            "PDF needs the Pango library, which this machine lacks: "
            "run `make system-packages` (HTML works without)"
        ) from error
    only_data = URLFetcher(allowed_protocols=("data",), fail_on_errors=True)
    with _quiet("weasyprint"), _quiet("fontTools"):
        try:
            drawn = _QUOTED.sub("\u200b", DRAWING.sub(_as_image, content))
            page = weasyprint.HTML(string=drawn, url_fetcher=only_data)
            return page.render(pdf_variant="pdf/ua-1")
        except FatalURLFetchingError as error:
            raise ReportError(
                f"{called}: a report must carry all it shows, and this one does not. {error}"
            ) from error


def _without_a_rest(content: str, called: str) -> Document:
    """Lay out a page; where its last sheet would hold a few lines only, set closer, if that saves a sheet."""
    laid_out = rendered(content, called)
    last = laid_out.pages[-1]
    if len(laid_out.pages) == 1 or _lowest(last._page_box.children[0]) > last.height * _REST:
        return laid_out
    closer = rendered(content.replace("</head>", f"<style>{_CLOSER}</style></head>", 1), called)
    return closer if len(closer.pages) < len(laid_out.pages) else laid_out


def _lowest(box: Any) -> float:
    """Return how far down a box of a laid out page reaches, with what is in it."""
    return max([box.position_y + box.height, *map(_lowest, getattr(box, "children", ()))])


def _as_image(drawing: re.Match[str]) -> str:
    """A drawing of the page as an image of its own: else each of its thousands of lines is an element of the
    page, and is styled as one, which takes a third of the PDF's time."""
    if "<svg" in drawing["inside"]:
        return drawing[0]
    data = base64.b64encode(alone(drawing).encode()).decode()
    return f'<img alt="{alt_of(drawing)}" src="data:image/svg+xml;base64,{data}">'


def _blocks(notebook: Path, lang: str) -> Iterator[str]:
    """Return the HTML of each output of the cells, in order."""
    node = read_notebook(notebook)
    if reason := node.metadata.get("papermill", {}).get("aborted"):
        raise ReportError(f"{notebook}: did not run to its end: {reason}")
    for cell in node.cells:
        tags = set(cell.metadata.get("tags", []))
        if "remove-cell" in tags or (tags & set(LANGUAGES) and lang not in tags):
            continue
        if cell.cell_type == "markdown":
            yield _without_title(_markdown(cell.source))
        elif cell.cell_type == "code":
            for output in cell.outputs:
                if output.output_type == "error":
                    place = f"cell In [{cell.execution_count}]"
                    raise ReportError(f"{notebook}: {place} failed: {output.ename}: {output.evalue}")
                if output.output_type in ("display_data", "execute_result"):
                    yield _shown(output.data, f"{notebook}: cell In [{cell.execution_count}]")


def _hash_of(script: str) -> str:
    """Return the hash by which a page allows its own script, and no other."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def form_of(notebook: Path) -> str:
    """Return the form of page that a notebook asks for in its metadata: "" for a report, or `PAPER`."""
    form = read_notebook(notebook).metadata.get("jingxi", {}).get("form", "")
    if form not in ("", PAPER):
        raise ReportError(f"{notebook}: no form of page {form!r}; there is {PAPER!r}")
    return form


def _shown(data: dict, place: str) -> str:
    """Return the HTML of one output, in its richest form."""
    if "text/html" in data:
        return data["text/html"]
    if any(kind.startswith("image/") for kind in data):
        raise ReportError(
            f"{place}: a figure without an alt text. Show it with sim.report.page.figure(…, alt=…)"
        )
    if "text/markdown" in data:
        return _markdown(data["text/markdown"])
    return Html("<pre>{}</pre>").format(escape(data.get("text/plain", "")))


def _markdown(source: str) -> str:
    import mistune

    return str(mistune.create_markdown(escape=True, plugins=["table"])(source))


def _without_title(html: str) -> str:
    return re.sub(r"<h1>.*?</h1>\n?", "", html, flags=re.DOTALL)


@contextlib.contextmanager
def _quiet(name: str) -> Iterator[None]:
    """Log only a library's errors: its warnings concern style rules meant for browsers."""
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)
