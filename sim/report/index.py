"""Write the pages that list the reports there are: reports/index.html, and one of the briefings."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from sim.report.files import FORMATS, REPORTS, write_whole
from sim.report.markup import Html, escape
from sim.report.words import LANGUAGES, Text, pick

_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_HEADINGS = {
    "": Text(en="Studies and other reports", zh="研究报告"),
    "scenarios": Text(en="Briefings of scenarios", zh="情景简报"),
}
_PAGE = Html(
    '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>Reports 报告</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><style>'
    "body{{font-family:sans-serif;line-height:1.5;max-width:60em;margin:2em auto;padding:0 1em}}"
    "li{{margin:.3em 0}}</style></head>\n<body><h1>Reports 报告</h1>\n{}</body></html>\n"
)


def write_index(folder: Path | None = None) -> list[Path]:
    """Write ``index.html`` of the folder of reports, and of its ``scenarios``, from the reports that lie
    there; return what was written."""
    root = Path(REPORTS) if folder is None else folder
    parts = {name: _listed(root / name) for name in _HEADINGS}
    parts[""] = [page for page in parts[""] if page.parts[-3:-2] != ("scenarios",)]
    written = []
    if parts["scenarios"]:
        written.append(_write(root / "scenarios", {"scenarios": parts["scenarios"]}))
    return [*written, _write(root, parts)]


def _listed(folder: Path) -> list[Path]:
    """The pages of a folder's folders, ``<folder>/<name>/<report>.<lang>.html``."""
    return [
        page
        for page in sorted(folder.glob("*/*.html"))
        if page.name.split(".")[-2:-1] and page.name.split(".")[-2] in LANGUAGES
    ]


def _write(folder: Path, parts: dict[str, list[Path]]) -> Path:
    sections = [
        Html("<h2>{} {}</h2>\n<ul>\n{}</ul>\n").format(
            *(escape(pick(_HEADINGS[name], lang)) for lang in LANGUAGES),
            Html("").join(_entry(page, folder) for page in pages),
        )
        for name, pages in parts.items()
        if pages
    ]
    return write_whole(folder / "index.html", _PAGE.format(Html("").join(sections)))


def _entry(page: Path, folder: Path) -> Html:
    """A report's title as a link to its page, and links to its other formats, as far as they are there."""
    found = _TITLE.search(page.read_text(encoding="utf-8"))
    title = unescape(found[1]) if found else page.stem
    others = [(suffix, page.with_suffix(f".{suffix}")) for suffix in FORMATS[1:]]
    lang = "zh-Hans" if page.name.endswith(".zh.html") else "en"
    links = [
        Html(' (<a href="{}">{}</a>)').format(_link(file, folder), suffix.upper())
        for suffix, file in others
        if file.is_file()
    ]
    return Html('<li lang="{}"><a href="{}">{}</a>{}</li>\n').format(
        lang, _link(page, folder), escape(title), Html("").join(links)
    )


def _link(file: Path, folder: Path) -> Html:
    from urllib.parse import quote

    return escape(quote(file.relative_to(folder).as_posix()))
