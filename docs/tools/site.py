"""Hooks of the documentation site (`mkdocs.yml`): pages of the rules, formulas, links to other files.

Files outside ``docs`` have no page. A link to one becomes its path in the repository; a link to a file that
does not exist is an error. Formulas are MathML, which browsers draw without a script.
"""

from __future__ import annotations

import html
import logging
import re
import shutil
from pathlib import Path
from typing import Any

RULES = "rules/README.md"
FONT = Path(__file__).parents[2] / "sim" / "report" / "fonts" / "NotoSansSC-Regular.subset.ttf"
_SECTION = re.compile(r"^## (?P<title>.+)$|^\| \[(?P<rule>[^\]]+)\]\((?P<page>[\w-]+\.md)\)", re.MULTILINE)
_LINK = re.compile(r"\[(?P<text>[^\]]*)\]\((?P<target>(?:\.\./)+[^)#\s]+)\)")
_FORMULA = re.compile(
    r'<(?P<tag>span|div) class="arithmatex">\\[(\[](?P<tex>.*?)\\[)\]]</(?P=tag)>', re.DOTALL
)
_log = logging.getLogger("mkdocs.hooks.jingxi")


def on_config(config: Any) -> Any:
    """Put the pages of the rules below their index, under its headings, and give Chinese headings anchors."""
    from pymdownx.slugs import slugify

    config["mdx_configs"].setdefault("toc", {})["slugify"] = slugify(case="lower")
    index = (Path(config["docs_dir"]) / RULES).read_text(encoding="utf-8")
    config["nav"] = [
        {title: [page, *rule_pages(index)]} if page == RULES else entry
        for entry in config["nav"]
        for title, page in entry.items()
    ]
    return config


def rule_pages(index: str) -> list[dict[str, list[dict[str, str]]]]:
    """Return the navigation of an index of rules: for each heading its pages, by title.

    Examples
    --------
    >>> rule_pages("## Service\\n\\n| [One window](one-window.md) | … |\\n")
    [{'Service': [{'One window': 'rules/one-window.md'}]}]
    """
    groups: list[dict[str, list[dict[str, str]]]] = []
    for found in _SECTION.finditer(index):
        if found["title"]:
            groups.append({found["title"]: []})
        elif groups:
            (pages,) = groups[-1].values()
            pages.append({found["rule"]: f"rules/{found['page']}"})
    return [group for group in groups if all(group.values())]


def on_page_markdown(markdown: str, page: Any, config: Any, **_: Any) -> str:
    """Replace links to files outside the pages by their paths."""
    docs = Path(config["docs_dir"]).resolve()
    here = (docs / page.file.src_uri).parent

    def told(link: re.Match[str]) -> str:
        target = (here / link["target"]).resolve()
        if target.is_relative_to(docs):
            return link[0]
        if not target.exists():
            _log.warning("%s links to %s, which does not exist", page.file.src_uri, link["target"])
        return f"{link['text']} (`{target.relative_to(docs.parent).as_posix()}`)"

    return _LINK.sub(told, markdown)


def on_page_content(content: str, **_: Any) -> str:
    """Replace the formulas of a page by MathML."""
    from latex2mathml.converter import convert

    def drawn(found: re.Match[str]) -> str:
        display = "inline" if found["tag"] == "span" else "block"
        return str(convert(html.unescape(found["tex"]), display=display))

    return _FORMULA.sub(drawn, content)


def on_post_build(config: Any) -> None:
    """Put the Chinese font beside the pages."""
    shutil.copy(FONT, Path(config["site_dir"]) / "assets" / FONT.name)
