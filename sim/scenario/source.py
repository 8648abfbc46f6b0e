"""Reading YAML that others wrote: plain data, the line of every path, and the evidence beside numbers.

The YAML 1.2 core schema is used (``no`` and ``12:30`` are text, not False and 750). Tags, anchors, aliases
and duplicate keys are refused: a file is data, and what it says must stand where it is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .errors import InputError, nearest, printable

MAX_BYTES = 4_000_000
MAX_DEPTH = 40
Path_ = tuple[str, ...]  # a dotted path in parts; list positions as "0", "1", …

_INT = re.compile(r"[-+]?[0-9]+\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_SPECIAL_FLOAT = re.compile(r"[-+]?\.(inf|Inf|INF)\Z|\.(nan|NaN|NAN)\Z")
_CORE = {"": None, "null": None, "Null": None, "~": None, "true": True, "True": True, "false": False, "False": False}
_EVIDENCE_KEYS = frozenset({"value", "unit", "source", "range", "factor", "reason"})


@dataclass(frozen=True)
class Evidence:
    """Where a number comes from.

    ``source`` is ``assumed`` or a citation; ``range`` its plausible bounds in ``unit``; ``factor`` the same as
    multiples of the value, for a whole block of numbers; ``reason`` why it has this size.
    """

    unit: str | None = None
    source: str | None = None
    range: tuple[float, float] | None = None
    factor: tuple[float, float] | None = None
    reason: str | None = None

    @property
    def assumed(self) -> bool:
        return self.source is None or self.source.strip().lower().startswith("assumed")


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


def read_text(file: Path) -> str:
    """The text of a small UTF-8 file, or an InputError that says why not."""
    try:
        if not file.is_file():
            raise InputError("no such file", file=file)
        if file.stat().st_size > MAX_BYTES:
            raise InputError(f"larger than {MAX_BYTES // 1_000_000} MB", file=file, remedy="Split it, or move tables to CSV")
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InputError("not UTF-8 text", file=file, line=line, remedy="Save the file as UTF-8") from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", file=file) from None


def read_yaml(file: Path) -> Source:
    """Read one YAML document. Raises InputError with file and line for anything that is not plain data."""
    text = read_text(file)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    source = Source(file, None)
    depth = 0
    try:
        for event in yaml.parse(text, Loader=loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                line = event.start_mark.line + 1
                raise InputError("nested too deeply", file=file, line=line, remedy=f"At most {MAX_DEPTH} levels")
            if getattr(event, "anchor", None) is not None:
                raise InputError(
                    f"anchors and aliases (&{event.anchor}, *{event.anchor}) are not allowed",
                    file=file,
                    line=event.start_mark.line + 1,
                    remedy="Write the values where they are used",
                )
        node = yaml.compose(text, Loader=loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = printable(str(getattr(error, "problem", None) or error))
        raise InputError(
            f"not valid YAML: {problem}",
            file=file,
            line=mark.line + 1 if mark else None,
            remedy="Check indentation, colons and quotes near this line",
        ) from None
    if node is None:
        raise InputError("the file is empty", file=file)
    source.data = _plain(node, (), source)
    return source


def _plain(node: yaml.Node, path: Path_, source: Source) -> Any:
    source.lines.setdefault(path, node.start_mark.line + 1)
    if not node.tag.startswith("tag:yaml.org,2002:") or ":python" in node.tag:
        raise source.error(f"the tag {node.tag} is not allowed", path, "Write plain values without tags")
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node, path, source)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, str(number)), source) for number, item in enumerate(node.value)]
    entries: dict[str, yaml.Node] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode) or key_node.value == "<<":
            raise InputError("a key must be plain text", file=source.file, line=line, path=dotted(path))
        if key_node.value in entries:
            raise InputError(
                f"the key '{key_node.value}' stands twice", file=source.file, line=line, path=dotted(path), remedy="Keep one of the two"
            )
        entries[key_node.value] = value_node
        source.lines.setdefault((*path, key_node.value), line)
    if "value" in entries:
        return _with_evidence(entries, path, source)
    return {key: _plain(value, (*path, key), source) for key, value in entries.items()}


def _with_evidence(entries: dict[str, yaml.Node], path: Path_, source: Source) -> Any:
    """``{value: 20, unit: minutes, source: assumed, range: [10, 30], reason: …}`` stands for 20."""
    for key in entries:
        if key not in _EVIDENCE_KEYS:
            raise source.error(f"unknown key '{key}' beside 'value'", path, nearest(key, _EVIDENCE_KEYS))
    stated: dict[str, Any] = {}
    for key in _EVIDENCE_KEYS - {"value"}:
        if key not in entries:
            continue
        given = _plain(entries[key], (*path, key), source)
        if key in ("range", "factor"):
            given = _bounds(given, key, path, source)
        elif not isinstance(given, str):
            raise source.error(f"'{key}' must be text", path)
        stated[key] = given
    source.evidence[path] = Evidence(**stated)
    value = _plain(entries["value"], path, source)
    bounds = stated.get("range")
    if bounds and isinstance(value, int | float) and not bounds[0] <= value <= bounds[1]:
        raise source.error(f"the value {value} is outside its own range {list(bounds)}", path, "Widen the range or mend the value")
    return value


def _bounds(given: Any, key: str, path: Path_, source: Source) -> tuple[float, float]:
    numbers = isinstance(given, list) and len(given) == 2 and all(type(x) in (int, float) for x in given)
    if not numbers or not given[0] <= given[1]:
        raise source.error(f"'{key}' must be two numbers, the lower first", path, f"For example {key}: [1, 3]")
    return float(given[0]), float(given[1])


def _scalar(node: yaml.ScalarNode, path: Path_, source: Source) -> Any:
    text = node.value
    if node.style is not None:  # quoted or a block: text
        return text
    if text in _CORE:
        return _CORE[text]
    if _INT.match(text):
        if len(text) > 18:
            raise source.error("the number has too many digits", path)
        return int(text)
    if _FLOAT.match(text):
        return float(text)
    if _SPECIAL_FLOAT.match(text):
        raise source.error(f"{text} is not a number that can be used here", path, "Give a finite number")
    return text
