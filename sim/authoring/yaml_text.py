"""Write plain data and its evidence as the YAML that planners read."""

from __future__ import annotations

import re
from typing import Any

import yaml

from sim.scenario.source import Evidence, Path_, Source

_BLOCK = re.compile(r"^[a-z_]+:(?= *$)", re.MULTILINE)  # at the margin, with keys under it


def yaml_text(source: Source) -> str:
    """Return the file that says what `source` says: data, and each number's evidence beside it."""
    whole = _with_evidence(source.data, (), source.evidence)
    text = yaml.dump(
        whole, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=None, width=120
    )
    return _BLOCK.sub(r"\n\g<0>", text)


class _Dumper(yaml.SafeDumper):
    """Writes no anchors, which scenario files may not have."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


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
