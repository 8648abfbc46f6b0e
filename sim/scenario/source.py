"""Reading YAML that others wrote: plain data, the line of every path, and the evidence beside numbers.

The YAML 1.2 core schema is used (``no`` and ``12:30`` are text, not False and 750). Tags, anchors, aliases,
merge keys and duplicate keys are refused: a file is data, and what it says must stand where it is read.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sim.cache import LruCache

from .errors import InputError, Lookalike, lookalike, nearest

MAX_BYTES = 4_000_000
MAX_DEPTH = 40
Path_ = tuple[str, ...]  # a dotted path in parts; list positions as "0", "1", …

_INT = re.compile(r"[-+]?[0-9]+\Z")
_OTHER_BASE = re.compile(r"0(o[0-7]+|x[0-9a-fA-F]+)\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_SPECIAL_FLOAT = re.compile(r"[-+]?\.(inf|Inf|INF)\Z|\.(nan|NaN|NAN)\Z")
NUMBERS = _INT, _OTHER_BASE, _FLOAT  # what is read as a number where it stands without quotes
_CORE = {"": None, "~": None} | {
    spelled: value
    for word, value in (("null", None), ("true", True), ("false", False))
    for spelled in (word, word.capitalize(), word.upper())
}
_EVIDENCE_KEYS = frozenset({"value", "unit", "source", "range", "factor", "reason"})


@dataclass(frozen=True)
class Evidence:
    """Where a number comes from.

    ``source`` is ``assumed``, ``log: FILE`` where it was fitted to an event log, or a citation; ``range`` the
    plausible bounds of a single number, in ``unit``; ``factor`` the same as multiples, for a number or a
    whole block; ``reason`` why it has this size.
    """

    unit: str | None = None
    source: str | None = None
    range: tuple[float, float] | None = None
    factor: tuple[float, float] | None = None
    reason: str | None = None

    @property
    def assumed(self) -> bool:
        return self.source is None or self.source.strip().lower().startswith("assumed")

    @property
    def fitted(self) -> bool:
        """Whether the number was fitted to an event log, with a standard error of its own."""
        return self.source is not None and self.source.startswith("log")


@dataclass
class Source:
    """A YAML file as read: its data without evidence, and what is known of each path."""

    file: Path
    data: Any
    lines: dict[Path_, int] = field(default_factory=dict)
    evidence: dict[Path_, Evidence] = field(default_factory=dict)

    def error(self, message: str, path: Path_ = (), remedy: str | None = None) -> InputError:
        return InputError(message, file=self.file, line=self.line(path), path=dotted(path), remedy=remedy)

    def line(self, path: Path_) -> int | None:
        """The line of `path`, or of its nearest ancestor that stands in the file."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return None


def dotted(path: Path_) -> str | None:
    return ".".join(path) or None


def no_file(file: Path) -> InputError:
    """Why a file cannot be read that is none."""
    if file.is_dir():
        return InputError("this is a folder, not a file", file=file, remedy="Name a file in it")
    if file.exists():
        return InputError("this is a pipe or a device, not a file", file=file, remedy="Name a file")
    return InputError("there is no such file", file=file, remedy="Check the folder and the spelling")


def read_text(file: Path) -> str:
    """The text of a small UTF-8 file, or an InputError that says why not."""
    try:
        if not file.is_file():
            raise no_file(file)
        if file.stat().st_size > MAX_BYTES:
            raise InputError(
                f"larger than {MAX_BYTES // 1_000_000} MB",
                file=file,
                remedy="Split it, or move tables to CSV",
            )
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InputError("not UTF-8 text", file=file, line=line, remedy="Save the file as UTF-8") from None
    except OSError as error:
        raise InputError(
            f"cannot be read ({error.strerror})", file=file, remedy="Check the name and the access rights"
        ) from None


def read_yaml(file: Path) -> Source:
    """Read one YAML document. Raises InputError with file and line for anything that is not plain data."""
    return parse_yaml(read_text(file), file)


def parse_yaml(text: str, file: Path) -> Source:
    """Read the text of a YAML document; `file` is what errors call it. Raises InputError likewise."""
    try:
        node = _composed.get(text, lambda: _compose(text, file))
    except yaml.reader.ReaderError as error:
        line = text[: text.find(chr(error.character))].count("\n") + 1
        raise InputError(
            f"the character U+{error.character:04X} may not stand in YAML",
            file=file,
            line=line,
            remedy="Delete it, or save the file as UTF-8 text",
        ) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        if mark and (mistyped := _mistyped(text.splitlines(), mark.line)):
            line, sign = mistyped
            message = f"not valid YAML: {sign.what} stands here"
            raise InputError(message, file=file, line=line, remedy=sign.remedy) from None
        raise InputError(
            f"not valid YAML: {getattr(error, 'problem', None) or error}",
            file=file,
            line=mark.line + 1 if mark else None,
            remedy="Check indentation, colons and quotes near this line",
        ) from None
    if node is None:
        raise InputError("the file is empty", file=file, line=1, remedy="Begin with format: …")
    source = Source(file, None)
    source.data = _plain(node, (), source)
    return source


# Composes nodes without guessing the type of scalars, half of the time it would take: `_scalar` tells it.
_C_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Loader: Any = type("_Loader", (_C_LOADER,), {"resolve": lambda *_: "tag:yaml.org,2002:str"})
_composed: LruCache[yaml.Node | None] = LruCache(8)  # by text: each policy reads its scenario again


def _compose(text: str, file: Path) -> yaml.Node | None:
    """Return the nodes of a document; None if it is empty."""
    _refuse_more_than_data(yaml.parse(text, Loader=_Loader), file)
    return yaml.compose(text, Loader=_Loader)


# Where YAML has its signs: behind a key, between the words of a list, round a value, in the indentation.
_SIGN = re.compile(
    r"(?<=[A-Za-z0-9_\"'}\]])[：，、；](?=[\sA-Za-z0-9_\"'{\[]|$)|(?<=: )[“”‘’｛［【]|(?<=[\[{,] )[“”‘’]"
    r"|(?<=[\[{])[“”‘’]|[］】｝]|^[ ]*[\u00a0\u3000\u202f\t]|(?<=:)[\u00a0\u3000\u202f]"
)


def _mistyped(lines: list[str], at: int) -> tuple[int, Lookalike] | None:
    """The line (from 1) of a look-alike of one of YAML's signs in line `at` (from 0) or one of the two above,
    where the parser may have stumbled over it only later."""
    for number in range(min(at, len(lines) - 1), max(at - 3, -1), -1):
        if (found := _SIGN.search(lines[number])) and (mistyped := lookalike(found[0].strip(" "))):
            return number + 1, mistyped
    return None


def _refuse_more_than_data(events: Iterable[yaml.Event], file: Path) -> None:
    """Refuse tags, anchors, aliases and endless nesting before anything is built from them."""
    depth = 0
    for event in events:
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        line = None if event.start_mark is None else event.start_mark.line + 1
        if depth > MAX_DEPTH:
            remedy = f"At most {MAX_DEPTH} levels; check the brackets"
            raise InputError("nested too deeply", file=file, line=line, remedy=remedy)
        if anchor is not None:
            message = f"anchors and aliases (&{anchor}, *{anchor}) are not allowed"
            raise InputError(message, file=file, line=line, remedy="Write the values where they are used")
        if tag is not None:
            remedy = "Write plain values without tags"
            raise InputError(f"the tag {tag} is not allowed", file=file, line=line, remedy=remedy)


def _plain(node: yaml.Node, path: Path_, source: Source) -> Any:
    source.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node, path, source)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, str(number)), source) for number, item in enumerate(node.value)]
    entries: dict[str, yaml.Node] = {}
    for key_node, value_node in node.value:
        key, line = key_node.value, key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode) or key == "<<":
            what, remedy = "a key must be plain text", "Write 'key: value', without '<<' and '?'"
            raise InputError(what, file=source.file, line=line, path=dotted(path), remedy=remedy)
        if key in entries:
            what, remedy = f"the key '{key}' stands twice", "Keep one of the two"
            raise InputError(what, file=source.file, line=line, path=dotted((*path, key)), remedy=remedy)
        entries[key] = value_node
        source.lines.setdefault((*path, key), line)
    if "value" in entries:
        return _with_evidence(entries, path, source)
    return {key: _plain(value, (*path, key), source) for key, value in entries.items()}


def _with_evidence(entries: dict[str, yaml.Node], path: Path_, source: Source) -> Any:
    """``{value: 20, unit: minutes, source: assumed, range: [10, 30], reason: …}`` stands for 20."""
    stated: dict[str, Any] = {}
    for key, node in entries.items():
        here = (*path, key)
        if key not in _EVIDENCE_KEYS:
            raise source.error(f"unknown key '{key}' beside 'value'", here, nearest(key, _EVIDENCE_KEYS))
        if key == "value":
            continue
        given = _plain(node, here, source)
        if key in ("range", "factor"):
            given = _bounds(given, key, here, source)
        elif not isinstance(given, str):
            raise source.error(f"'{key}' must be text", here, f'For example {key}: "…"')
        stated[key] = given
    source.evidence[path] = Evidence(**stated)
    value = _plain(entries["value"], path, source)
    if "range" in stated:
        _check_range(value, stated["range"], path, source)
    return value


def _bounds(given: Any, key: str, path: Path_, source: Source) -> tuple[float, float]:
    numbers = isinstance(given, list) and len(given) == 2 and all(type(x) in (int, float) for x in given)
    if not numbers or given[0] > given[1]:
        message = f"'{key}' must be two numbers, the lower first"
        raise source.error(message, path, f"For example {key}: {'[1, 3]' if key == 'range' else '[0.5, 2]'}")
    if key == "factor" and not 0 <= given[0] <= 1 <= given[1]:
        raise source.error("'factor' must hold 1, the value itself", path, "For example factor: [0.5, 2]")
    return float(given[0]), float(given[1])


def _check_range(value: Any, bounds: tuple[float, float], path: Path_, source: Source) -> None:
    if type(value) not in (int, float):
        raise source.error(
            "a 'range' belongs to a single number", (*path, "range"), "Give a block a 'factor'"
        )
    if not bounds[0] <= value <= bounds[1]:
        message = f"the value {value} is outside its own range {list(bounds)}"
        raise source.error(message, path, "Widen the range or mend the value")


def _scalar(node: yaml.ScalarNode, path: Path_, source: Source) -> Any:
    text = node.value
    if node.style:  # quoted or a block: text; plain is None here and '' in libyaml's loader
        return text
    if text in _CORE:
        return _CORE[text]
    if _INT.match(text) or _OTHER_BASE.match(text):
        if len(text) > 18:
            raise source.error("the number has too many digits", path, "Give at most 17 digits")
        return int(text, 0) if text[1:2] in ("o", "x") else int(text)
    number = float(text) if _FLOAT.match(text) else None
    if _SPECIAL_FLOAT.match(text) or (number is not None and not math.isfinite(number)):
        raise source.error(f"{text[:40]} is not a number that can be used here", path, "Give a finite number")
    return text if number is None else number
