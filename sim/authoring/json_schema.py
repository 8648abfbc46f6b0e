"""The JSON Schema of the files that planners write, by which YAML editors complete, explain and check."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_origin

from pydantic import BaseModel

from sim.report.places import PLACES
from sim.report.words import Text
from sim.scenario.paths import options
from sim.scenario.time import WEEKDAYS

from .keys import FILES, File, Key, keys

DRAFT = "http://json-schema.org/draft-07/schema#"  # which editors know best
_NAME, _NUMBER = "[a-z][a-z0-9_]*", "[0-9]+"
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_MOMENTS = {"date": f"^{_DAY}$", "date-time": f"^{_DAY}([ T][0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}})?)?$"}
_PYDANTIC = {  # which it leaves as they are beside null
    "gt": "exclusiveMinimum",
    "ge": "minimum",
    "lt": "exclusiveMaximum",
    "le": "maximum",
    "min_length": "minItems",
    "max_length": "maxItems",
}
_EVIDENCE: dict[str, Any] = {
    "unit": {"type": "string", "description": "the parameter's own unit\n参数的单位"},
    "source": {"type": "string", "description": "'assumed', or a citation\nassumed（假定），或出处"},
    "range": {
        "type": "array",
        "items": {"type": "number"},
        "minItems": 2,
        "maxItems": 2,
        "description": "plausible bounds, the lower first\n合理范围，先低后高",
    },
    "factor": {
        "type": "array",
        "items": {"type": "number"},
        "minItems": 2,
        "maxItems": 2,
        "description": "the same as multiples of the value\n以倍数表示的合理范围",
    },
    "reason": {"type": "string", "description": "why it has this size\n取值理由"},
}


def json_schema(file: File) -> dict[str, Any]:
    """Make the JSON Schema of a file.

    Parameters
    ----------
    file : {'scenario', 'policy', 'study'}
        Which file.

    Returns
    -------
    dict
        The schema. Any value may also be written with its evidence, as ``{value: …, source: …}``.

    Examples
    --------
    >>> from sim.authoring.json_schema import json_schema
    >>> print(json_schema("scenario")["properties"]["pay"]["description"])
    Pay
    工资
    """
    made = FILES[file].model_json_schema(by_alias=True)
    definitions = {name: _schema(one) for name, one in made["$defs"].items()}
    schema = _schema(made)
    for block in (schema, *definitions.values()):
        for name in ("changes", "without"):
            if name in block.get("properties", {}):
                told = {"description": block["properties"][name].get("description", "")}
                block["properties"][name] = told | {"allOf": [{"$ref": "#/definitions/Changes"}]}
                definitions["Changes"] = _changes()
    definitions |= {f"_{name}": one for name, one in _EVIDENCE.items()}
    return {"$schema": DRAFT, "title": f"jingxi {file}", **schema, "definitions": definitions}


def write_schemas(folder: Path) -> list[Path]:
    """Write the schema of each file into a folder, as ``scenario.schema.json`` and so on.

    Parameters
    ----------
    folder : Path
        The folder; it is made if it is missing.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    OSError
        If a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for file in FILES:
        target = folder / f"{file}.schema.json"
        target.write_text(json.dumps(json_schema(file), ensure_ascii=False) + "\n", encoding="utf-8")
        written.append(target)
    return written


def _schema(node: Any) -> Any:
    """A schema of pydantic's in our words, with evidence allowed at each value."""
    if not isinstance(node, dict):
        return node  # additionalProperties: false
    made: dict[str, Any] = {}
    for name, value in node.items():
        if name == "$ref":
            made[name] = value.replace("#/$defs/", "#/definitions/")
        elif name == "properties":
            made[name] = {key: _valued(one, _words(key, one)) for key, one in value.items()}
        elif name == "patternProperties":
            made[name] = {key: _valued(one, "") for key, one in value.items()}
        elif name == "additionalProperties":
            made[name] = _valued(value, "") if isinstance(value, dict) else value
        elif name in ("anyOf", "oneOf"):
            made[name] = [_schema(one) for one in value]
        elif name == "items":
            made[name] = _valued(value, "")
        elif name == "format":
            made["pattern"] = _MOMENTS[value]
        elif name in _PYDANTIC:
            made[_PYDANTIC[name]] = value
        elif name not in ("$defs", "title", "description", "card", "key", "discriminator"):
            made[name] = value
    if made.get("propertyNames", {}).get("enum") == list(WEEKDAYS):
        return {"anyOf": [made, {"const": "always"}]}
    return made


def _words(key: str, node: dict[str, Any]) -> str:
    """What an editor shows: the label in both languages, and the unit."""
    card = node.get("card") or node.get("key")
    if isinstance(card, dict) and "label" in card:
        unit = card.get("unit", "-")
        label = card["label"]
        return f"{label['en']}\n{label['zh']}" + (f"\n[{unit}]" if unit not in ("-", "1") else "")
    place: Text | None = PLACES.get(key)
    return f"{place.en}\n{place.zh}" if place else ""


def _valued(node: dict[str, Any], words: str) -> dict[str, Any]:
    """The schema of a value, bare or with its evidence."""
    value = _schema(node)
    default = value.pop("default", None)
    evidence = {
        "type": "object",
        "properties": {"value": value} | {name: {"$ref": f"#/definitions/_{name}"} for name in _EVIDENCE},
        "required": ["value"],
        "additionalProperties": False,
    }
    made: dict[str, Any] = {"description": words} if words else {}
    if default not in (None, {}, []):
        made["default"] = default
    return {**made, "anyOf": [value, evidence]}


def _changes() -> dict[str, Any]:
    """What ``changes`` may say: dotted paths of a scenario, each with the words of its parameter."""
    fixed: dict[str, Any] = {}
    patterns: dict[str, Any] = {}
    for key in keys("scenario"):
        if key.path.split(".")[0] in ("format", "title", "description", "currency"):
            continue
        for path, schema in _settable(key):
            if "<" in path:
                patterns[f"^{_pattern(path)}$"] = schema
            else:
                fixed[path] = schema
    return {
        "type": "object",
        "properties": fixed,
        "patternProperties": patterns,
        "additionalProperties": False,
    }


def _settable(key: Key) -> Iterator[tuple[str, dict[str, Any]]]:
    """The paths under which a key, its entries, or a number in its list can be set, with their schema."""
    words = f"{key.label.en}\n{key.label.zh}" + (
        f"\n[{key.unit.en}]" if key.unit.en not in ("-", "1") else ""
    )
    value = _json_schema_of(key.block)["properties"][key.path.rpartition(".")[2]]
    has_entries = any(get_origin(one) is dict for one in options(key.field.annotation))
    has_places = any(get_origin(one) is tuple for one in options(key.field.annotation))
    if key.is_block:  # as a whole
        yield key.path, {"description": words}
    else:  # null takes it out
        told = _valued(value, words)
        yield key.path, {**told, "anyOf": [*told["anyOf"], {"type": "null"}]}
    if has_entries:
        yield f"{key.path}.<name>", {"description": words}
    if has_places:
        yield f"{key.path}.<number>", {"description": words}
    if has_entries and not key.is_block:  # hours of a weekday
        yield f"{key.path}.<name>.<number>", {"description": words}


@cache
def _json_schema_of(block: type[BaseModel]) -> dict[str, Any]:
    return block.model_json_schema(by_alias=True)


def _pattern(path: str) -> str:
    parts = (
        _NUMBER if part == "<number>" else _NAME if part.startswith("<") else re.escape(part)
        for part in path.split(".")
    )
    return "\\.".join(parts)
