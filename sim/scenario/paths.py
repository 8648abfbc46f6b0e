"""Follow a dotted path through the schema and through plain data."""

from __future__ import annotations

import functools
import types
from functools import lru_cache
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from .source import Path_


def field_at(model: type[BaseModel], path: Path_, data: Any) -> Any:
    """Return the schema at a path: a FieldInfo, the type of an entry of a list or mapping, or None.

    `data` is the scenario as plain data; the ``type`` of its steps decides between kinds of steps.
    """
    given: list[str | None] = []
    for part in path:
        given.append(_type_in(data))
        data = down(data, part)
    return _field_at(model, tuple(path), tuple(given))


@lru_cache(maxsize=20_000)  # each reform of a scenario asks it of some hundred paths
def _field_at(model: type[BaseModel], path: Path_, types: tuple[str | None, ...]) -> Any:
    """`types` has the ``type`` in the data at each part of the path."""
    here: Any = model
    for part, given in zip(path, types, strict=True):
        allowed = parts_of(_annotation(here))
        candidates = [one for one in allowed if tag_of(one) in (None, given)] or allowed
        found = next((c.model_fields[part] for c in candidates if part in c.model_fields), None)
        if found is None:
            several = next((o for o in options(_annotation(here)) if get_origin(o) in (dict, tuple)), None)
            if several is None:
                return None
            found = get_args(several)[1 if get_origin(several) is dict else 0]
        here = found
    return here


def fields_at(model: type[BaseModel], path: Path_, data: Any) -> list[str]:
    """Return the names allowed under a path: a part's fields, a mapping's keys (fixed, or as in `data`)."""
    found = _annotation(field_at(model, path, data))
    for part in path:
        data = down(data, part)
    parts = parts_of(found, data)
    names = [info.alias or name for part in parts for name, info in part.model_fields.items()]
    for option in options(found):
        if get_origin(option) is dict:
            key = get_args(option)[0]
            fixed = get_args(key) if get_origin(key) is Literal else ()
            names += [str(name) for name in fixed or (data if isinstance(data, dict) else ())]
    return names


def parts_of(annotation: Any, data: Any = ...) -> list[type[BaseModel]]:
    """Return the parts an annotation allows; of several with a ``type``, that of `data` if given."""
    parts = [o for o in options(annotation) if isinstance(o, type) and issubclass(o, BaseModel)]
    if data is ...:
        return parts
    return [part for part in parts if tag_of(part) in (None, _type_in(data))]


def _type_in(data: Any) -> str | None:
    given = data.get("type") if isinstance(data, dict) else None
    return given if isinstance(given, str) else None


def options(annotation: Any) -> list[Any]:
    """Return the alternatives of an annotation, without Annotated and None."""
    if hasattr(annotation, "__metadata__"):
        return options(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return [option for inner in get_args(annotation) for option in options(inner)]
    return [] if annotation is type(None) else [annotation]


@functools.cache
def tag_of(part: type[BaseModel]) -> str | None:
    """The one ``type`` a part must state, which tells it from the others that may stand in its place."""
    tag = part.model_fields.get("type")
    choices = get_args(tag.annotation) if tag is not None else ()
    return choices[0] if len(choices) == 1 else None


def down(data: Any, part: str) -> Any:
    """Return the entry of a block or list, None if there is none."""
    if isinstance(data, dict):
        return data.get(part)
    if isinstance(data, list | tuple) and part.isdecimal() and int(part) < len(data):
        return data[int(part)]
    return None


def copied(data: Any) -> Any:
    """Return a copy of plain data; `copy.deepcopy` takes five times as long."""
    if isinstance(data, dict):
        return {key: copied(value) if isinstance(value, _NESTED) else value for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [copied(value) if isinstance(value, _NESTED) else value for value in data]
    return data


_NESTED = (dict, list, tuple)


def _annotation(found: Any) -> Any:
    return found.annotation if hasattr(found, "annotation") and not isinstance(found, type) else found
