"""The page as markdown: contents, and each name with its signature and the sections of its docstring."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from sim.report.files import write_whole

from .names import GROUPS, Entry, entries, entry
from .sections import ORDER, TYPED, Item

PAGE = Path("docs/api.md")
WIDTH = 88  # of a signature that stands on one line
_HEAD = """# The Python interface

`python -m docs.tools api` writes this page from the docstrings, and `make docs` runs it. The tests run the
examples.
"""
_CODE = re.compile(r"``(.+?)``|`([^`]+)`", re.DOTALL)


def write(file: Path = PAGE) -> Path:
    """Write the page."""
    return write_whole(file, page())


def is_current(file: Path = PAGE) -> bool:
    """Whether the page is as it would be written now."""
    return file.is_file() and file.read_text(encoding="utf-8") == page()


def page() -> str:
    """The whole page."""
    return "\n".join(block for block in (_HEAD, *_contents(), *_groups())).rstrip() + "\n"


def _contents() -> Iterator[str]:
    for group, paths in GROUPS.items():
        yield f"**{group}**\n"
        for found in map(entry, paths):
            yield f"- {_link(found.title)}: {_prose(found.doc.summary, found)}"
            for member in filter(_has_heading, found.members):
                yield f"  - {_link(member.title)}: {_prose(member.doc.summary, member)}"
        yield ""


def _groups() -> Iterator[str]:
    for group, paths in GROUPS.items():
        yield f"## {group}\n"
        for found in map(entry, paths):
            yield f"### `{found.title}`\n"
            yield from _described(found)
            for member in filter(_has_heading, found.members):
                yield f"#### `{member.title}`\n"
                yield from _described(member)


def _has_heading(member: Entry) -> bool:
    """A property that needs no sections stands in the list of its class."""
    return member.kind == "method" or bool(member.doc.titles)


def _described(of: Entry) -> Iterator[str]:
    doc = of.doc
    yield f"```py\n{signature(of)}\n```\n"
    yield _prose(doc.summary, of) + "\n"
    if doc.body:
        yield _prose(doc.body, of) + "\n"
    for title in ORDER:
        if title in doc.items:
            yield f"**{title}**\n"
            yield "\n".join(_listed(item, title, of) for item in doc.items[title]) + "\n"
        elif title in doc.prose:
            yield f"**{title}**\n"
            yield from (
                _examples(doc.examples, of) if title == "Examples" else [_prose(doc.prose[title], of) + "\n"]
            )
        if title == "Attributes":
            yield from _properties(of)


def _properties(of: Entry) -> Iterator[str]:
    """The properties of a class that have no heading of their own."""
    found = [one for one in of.members if not _has_heading(one)]
    if found:
        yield "**Properties**\n"
        lines = (f"- `{one.title.rpartition('.')[2]}` : *{_returned(one)}*<br>{_said(one)}" for one in found)
        yield "\n".join(lines) + "\n"


def _said(one: Entry) -> str:
    return " ".join(_prose(text, one) for text in (one.doc.summary, one.doc.body) if text)


def _listed(item: Item, title: str, of: Entry) -> str:
    if title == "See Also":
        return f"- {', '.join(_code(name, of) for name in item.names)}: {_prose(item.type or item.text, of)}"
    names = ", ".join(f"`{name}`" for name in item.names)
    start = names if title not in TYPED else ""
    kind = f"*{item.type}*" if item.type else ""
    return f"- {' : '.join(part for part in (start, kind) if part)}<br>{_prose(item.text, of)}"


def _examples(text: str, of: Entry) -> Iterator[str]:
    """Paragraphs that begin with a prompt, as blocks of code; the others as they are."""
    for paragraph in re.split(r"\n\n+", text):
        if paragraph.startswith(">>> "):
            yield f"```pycon\n{paragraph}\n```\n"
        else:
            yield _prose(paragraph, of) + "\n"


def _prose(text: str, of: Entry) -> str:
    """A docstring's text as markdown, each paragraph on one line; names of the page become links."""
    paragraphs = (" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", text))
    return "\n\n".join(
        _CODE.sub(lambda found: f"`{found[1]}`" if found[1] else _code(found[2], of), one)
        for one in paragraphs
    )


def _code(name: str, of: Entry) -> str:
    """A name as code, and as a link where it has a heading: seen from the page, the package or its class."""
    owner = of.title if of.kind == "class" else of.title.rpartition(".")[0]
    seen = (name, f"sim.{name}", f"{owner}.{name}", name.removeprefix("sim."))
    title = next((one for one in seen if one in _titles() and one != of.title), None)
    return f"[`{name}`](#{anchor(title)})" if title else f"`{name}`"


def _link(title: str) -> str:
    return f"[`{title}`](#{anchor(title)})"


@cache
def _titles() -> frozenset[str]:
    return frozenset(one.title for one in entries() if one.kind in ("function", "class") or _has_heading(one))


def anchor(title: str) -> str:
    """The anchor that GitHub makes of a heading."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def signature(of: Entry) -> str:
    """How it is called, with types and defaults; a class that is not created by hand has its name alone."""
    name = of.title if of.kind in ("method", "property") else of.path
    if of.kind == "property":
        return f"{name}: {_returned(of)}"
    if of.kind == "class":
        name = f"class {name}"
        if "Parameters" not in of.doc.items:
            return name
    found = inspect.signature(of.object)
    back = "" if of.kind == "class" else f" -> {_annotation(found.return_annotation)}"
    arguments = list(_arguments(found, of))
    line = f"{name}({', '.join(arguments)}){back}"
    if len(line) <= WIDTH:
        return line
    return "\n".join([f"{name}(", *(f"    {argument}," for argument in arguments), f"){back}"])


def _arguments(found: inspect.Signature, of: Entry) -> Iterator[str]:
    starred = False
    for parameter in found.parameters.values():
        if parameter.name == "self":
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and not starred:
            starred = True
            yield "*"
        default = "" if parameter.default is parameter.empty else f" = {_default(parameter, of)}"
        yield f"{parameter.name}: {_annotation(parameter.annotation)}{default}"


def _default(parameter: inspect.Parameter, of: Entry) -> str:
    """The default as code; a factory of a dataclass by its call."""
    if dataclasses.is_dataclass(of.object):
        for one in dataclasses.fields(of.object):
            if one.name == parameter.name and one.default_factory is not dataclasses.MISSING:
                return f"{getattr(one.default_factory, '__name__', 'factory')}()"
    return repr(parameter.default)


def _annotation(of: Any) -> str:
    return of if isinstance(of, str) else getattr(of, "__name__", str(of))


def _returned(of: Entry) -> str:
    """The type of a property, as its function says it."""
    function = getattr(of.object, "fget", None) or getattr(of.object, "func", None)
    return _annotation(getattr(function, "__annotations__", {}).get("return", ""))
