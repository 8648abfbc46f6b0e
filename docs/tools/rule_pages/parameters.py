"""A rule's parameters as a table: the catalogue's cards, what the scenario says, and on what grounds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.scenario import Scenario
from sim.scenario.currency import with_money
from sim.scenario.parameters import Parameter, catalogue
from sim.scenario.part import given
from sim.scenario.source import Evidence

MOST_VALUES = 3  # of a parameter with a value for each name, before they are told as a span


def parameters_of(paths: tuple[str, ...]) -> list[Parameter]:
    """The catalogue's parameters under any of the paths, in the catalogue's order, each once."""
    wanted = {parameter.path for path in paths for parameter in _under(path)}
    return [parameter for parameter in catalogue() if parameter.path in wanted]


def _under(path: str) -> list[Parameter]:
    """Those whose path is `path` or begins with it; in `path` a part in <…> is the catalogue's own."""
    return [one for one in catalogue() if one.path == path or one.path.startswith(f"{path}.")]


def table(paths: tuple[str, ...], scenario: Scenario) -> str:
    """A Markdown table: path and labels, unit, bounds, default, the scenario's value, its range, source."""
    head = (
        "parameter 参数",
        "unit 单位",
        "bounds 取值",
        "default 默认",
        f"{scenario.name}",
        "plausible range 合理范围",
        "source 来源",
    )
    rows = [_row(parameter, scenario) for parameter in parameters_of(paths)]
    for row, before in zip(rows[:0:-1], rows[-2::-1], strict=True):
        if row[-1] == before[-1]:
            row[-1] = "as above 同上"
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(map(_cell, row)) + " |" for row in rows)])


def _row(parameter: Parameter, scenario: Scenario) -> list[str]:
    found = list(_values(scenario.model_dump(mode="python"), parameter.path.split("."), ()))
    grounds = [_innermost(scenario.source.evidence, path) for path, _ in found]
    known = list(dict.fromkeys(one for one in grounds if one is not None))
    source = "; ".join(dict.fromkeys(_source(one) for one in known if one.source)) or parameter.source
    sizes = any(_has_size(value) for _, value in found)
    ranges = dict.fromkeys(_range(one) for one in known if one.range or one.factor) if sizes else ()
    return [
        f"`{parameter.path}`<br>{parameter.label_en}<br>{parameter.label_zh}",
        with_money(parameter.unit, {"currency": scenario.currency}),
        parameter.bounds,
        parameter.default,
        _together([value for _, value in found]),
        "; ".join(ranges) or "–",
        source,
    ]


def _values(data: Any, path: list[str], here: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every value that a path of the catalogue leads to, with the path that leads to it."""
    if not path or data is None:
        if not path:
            yield here, data
        return
    name, *rest = path
    if not name.startswith("<"):
        if isinstance(data, dict) and name in data:
            yield from _values(data[name], rest, (*here, name))
    elif isinstance(data, dict):
        for key, inner in data.items():
            yield from _values(inner, rest, (*here, key))
    elif isinstance(data, list | tuple):
        for place, inner in enumerate(data):
            yield from _values(inner, rest, (*here, str(place)))


def _innermost(evidence: dict, path: tuple[str, ...]) -> Evidence | None:
    """The evidence that holds for a path: its own, or that of the nearest block around it."""
    return next((evidence[path[:n]] for n in range(len(path), 0, -1) if path[:n] in evidence), None)


def _source(evidence: Evidence) -> str:
    return f"{evidence.source}: {evidence.reason}" if evidence.reason else str(evidence.source)


def _range(evidence: Evidence) -> str:
    if evidence.range:
        return f"{evidence.range[0]:g} to {evidence.range[1]:g}"
    low, high = given(evidence.factor)
    return f"{low:g} to {high:g} times"


def _has_size(value: Any) -> bool:
    """Whether there is a number in it, which a plausible range can be about."""
    if isinstance(value, dict | list | tuple):
        return any(map(_has_size, value.values() if isinstance(value, dict) else value))
    return isinstance(value, int | float) and not isinstance(value, bool)


def _together(values: list[Any]) -> str:
    values = [value for value in values if value is not None] or values
    shown = list(dict.fromkeys(_shown(value) for value in values))
    if not shown:
        return "–"
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(shown) > MOST_VALUES and len(numbers) == len(values):
        return f"{min(numbers):g} to {max(numbers):g}"
    return "; ".join(shown[: MOST_VALUES + 1]) + (" …" if len(shown) > MOST_VALUES + 1 else "")


def _shown(value: Any) -> str:
    if value is None or value in ((), {}, []):
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float | int):
        return f"{value:,.10g}"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_shown(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_shown, value))
    return str(value)


def _cell(text: str) -> str:
    """A text that does not break a table of Markdown."""
    return text.replace("|", "\\|").replace("\n", " ")
