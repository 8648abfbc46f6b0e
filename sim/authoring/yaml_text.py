"""Write plain data and its evidence as the YAML that planners read."""

from __future__ import annotations

import re
from typing import Any

import yaml

from sim.scenario.source import NUMBERS, Evidence, Path_, Source

_BLOCK = re.compile(r"^[a-z_]+:(?= *$)", re.MULTILINE)  # at the margin, with keys under it


def yaml_text(source: Source) -> str:
    """Return the file that says what `source` says: data, and each number's evidence beside it."""
    whole = _with_evidence(source.data, (), source.evidence)
    text = yaml.dump(
        whole, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=None, width=120
    )
    return _BLOCK.sub(r"\n\g<0>", text)


def with_entry(text: str, block: str, name: str, value: str) -> str:
    """Return a YAML file with ``name: value`` in one of its blocks, new or in place of what stands there.

    All else stays as it is written, comments too. `value` is YAML on one line.

    >>> with_entry("a: {b: 1} # why\\n", "a", "b", "2")
    'a: {b: 2} # why\\n'
    """
    root = yaml.compose(text, yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)
    inside = _entry(root, block)
    if isinstance(inside, yaml.MappingNode) and (wrapped := _entry(inside, "value")) is not None:
        inside = wrapped  # its evidence stands around it
    if inside is None:
        return _inserted(text, root, f"{block}: {{{name}: {value}}}")
    if not isinstance(inside, yaml.MappingNode):  # nothing is in it yet
        return _put(text, inside, f" {{{name}: {value}}}")
    found = _entry(inside, name)
    if found is None:
        return _inserted(text, inside, f"{name}: {value}")
    return _put(text, found, value)


def _entry(mapping: yaml.MappingNode, name: str) -> yaml.Node | None:
    return next((value for key, value in mapping.value if key.value == name), None)


def _put(text: str, node: yaml.Node, value: str) -> str:
    return text[: node.start_mark.index] + value + text[_end(node) :]


def _end(node: yaml.Node) -> int:
    """Where a node ends in its text; PyYAML lets one without brackets end where the next begins."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _inserted(text: str, mapping: yaml.MappingNode, entry: str) -> str:
    """The text with an entry first in a mapping."""
    start = mapping.start_mark.index
    if mapping.flow_style:
        return text[: start + 1] + entry + ", " * bool(mapping.value) + text[start + 1 :]
    return text[:start] + entry + "\n" + " " * mapping.start_mark.column + text[start:]


class _Dumper(yaml.SafeDumper):
    """Writes no anchors, which scenario files may not have."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


for form in NUMBERS:  # more than PyYAML takes for one, as 08 and 1e5: texts like these get quotes
    _Dumper.add_implicit_resolver("tag:yaml.org,2002:float", form, None)


def _with_evidence(node: Any, path: Path_, evidence: dict[Path_, Evidence]) -> Any:
    made: Any
    if isinstance(node, dict):
        made = {key: _with_evidence(value, (*path, str(key)), evidence) for key, value in node.items()}
    elif isinstance(node, list):
        made = [_with_evidence(value, (*path, str(place)), evidence) for place, value in enumerate(node)]
    else:
        made = node
    if (found := evidence.get(path)) is None:
        return made
    told = {name: getattr(found, name) for name in ("unit", "source", "range", "factor", "reason")}
    told = {
        name: list(one) if isinstance(one, tuple) else one for name, one in told.items() if one is not None
    }
    return {"value": made, **told}
