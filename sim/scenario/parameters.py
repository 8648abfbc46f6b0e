"""The catalogue of parameters, generated from the schema: label, unit, bounds, source of every one."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from .part import Text, card_of
from .schema import Scenario

# The keys of the mappings of a scenario, as they are shown in a path.
_KEYS = {
    "route": "step",
    "to": "step",
    "volumes": "unit",
    "items": "item",
    "week": "weekday",
    "staff": "group",
    "duties": "duty",
}
_STRUCTURE = {"format"}


@dataclass(frozen=True)
class Parameter:
    """One line of the catalogue. ``path`` has ``<kind>``, ``<unit>``, … where a scenario puts its own names."""

    path: str
    label_en: str
    label_zh: str
    unit: str
    bounds: str
    default: str
    source: str
    field: FieldInfo


def catalogue(under: str = "") -> list[Parameter]:
    """Every parameter of a scenario whose path begins with `under` (``<…>`` stands for any name)."""
    wanted = under.split(".") if under else []
    return [parameter for parameter in _walk(Scenario, ()) if _matches(parameter.path.split("."), wanted)]


def uncarded() -> list[str]:
    """Paths of leaves that lack a card: the completeness test wants none."""
    return [path for path, info in _leaves(Scenario, ()) if card_of(info) is None]


def _matches(path: list[str], wanted: list[str]) -> bool:
    return len(wanted) <= len(path) and all(
        mine.startswith("<") or mine == yours for mine, yours in zip(path, wanted, strict=False)
    )


def _walk(model: type[BaseModel], path: tuple[str, ...]) -> Iterator[Parameter]:
    for where, info in _leaves(model, path):
        card = card_of(info)
        if card is not None:
            yield Parameter(
                where,
                card["label"]["en"],
                card["label"]["zh"],
                card["unit"],
                _bounds(info, card),
                _default(info),
                card["source"],
                info,
            )


def _leaves(model: type[BaseModel], path: tuple[str, ...]) -> Iterator[tuple[str, FieldInfo]]:
    """The fields that hold values, not further parts. Names and titles, which identify and do not act, are left out."""
    seen: set[str] = set()
    for name, info in model.model_fields.items():
        here = (*path, name)
        parts = list(_parts(info.annotation, name))
        if not parts and not _identifies(name, info):
            yield ".".join(here), info
        if card_of(info) is not None and not parts and get_origin(_bare(info.annotation)) is dict:
            continue
        for suffix, part in parts:
            for where, leaf in _leaves(part, (*here, *suffix)):
                if where not in seen:
                    seen.add(where)
                    yield where, leaf


def _bare(annotation: Any) -> Any:
    return get_args(annotation)[0] if hasattr(annotation, "__metadata__") else annotation


def _parts(
    annotation: Any, name: str, suffix: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], type[BaseModel]]]:
    annotation = _bare(annotation)
    origin = get_origin(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation is not Text:
            yield suffix, annotation
    elif origin is dict:
        key = _KEYS.get(name, name.rstrip("s"))
        yield from _parts(get_args(annotation)[1], name, (*suffix, f"<{key}>"))
    elif origin is tuple:
        yield from _parts(get_args(annotation)[0], name, (*suffix, "<number>"))
    elif origin in (Union, types.UnionType):
        for option in get_args(annotation):
            yield from _parts(option, name, suffix)


def _identifies(name: str, info: FieldInfo) -> bool:
    """Texts, tags and references to other parts: they are names, not parameters with a size."""
    annotation = _bare(info.annotation)
    if annotation is Text or name in _STRUCTURE:
        return True
    options = [option for option in (get_args(annotation) or (annotation,)) if option is not type(None)]
    if get_origin(annotation) is Literal:
        return card_of(info) is None and len(options) == 1
    if get_origin(annotation) is tuple:
        options = [option for option in options if option is not Ellipsis]
    return card_of(info) is None and all(_bare(option) is str for option in options)


def _bounds(info: FieldInfo, card: dict[str, Any]) -> str:
    text = bounds_text(card, "en")
    choices = list(_choices(info.annotation))
    if choices:
        return "one of " + ", ".join(choices)
    if _bare(info.annotation) is bool:
        return "true or false"
    return text or _shape(info)


def _shape(info: FieldInfo) -> str:
    """The form of what has no numeric bounds: dates, names, hours."""
    described = str(_bare(info.annotation))
    for word, form in (
        ("datetime.datetime", "a moment, 1990 to 2090"),
        ("datetime.date", "dates"),
        ("Weekday", "hours of a week"),
    ):
        if word in described:
            return form
    if "dict" in described:
        return "hours of each weekday, 00:00 to 24:00"
    return (
        "a name that stands in the scenario" if card_of(info)["unit"] != "time of day" else "00:00 to 24:00"
    )


def _choices(annotation: Any) -> Iterator[str]:
    annotation = _bare(annotation)
    if get_origin(annotation) is Literal:
        yield from (str(choice) for choice in get_args(annotation))
    elif get_origin(annotation) in (Union, types.UnionType):
        for option in get_args(annotation):
            yield from _choices(option)


def bounds_text(card: dict[str, Any], lang: str) -> str:
    """``from 0 to 100``; a bound may be the name of a sibling parameter."""
    words = {
        "en": {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"},
        "zh": {"ge": "不低于", "gt": "大于", "le": "不高于", "lt": "小于"},
    }[lang]
    said = [
        f"{words[key]} {bound if isinstance(bound, str) else format(bound, 'g')}"
        for key, bound in card["bounds"].items()
    ]
    return ", ".join(said)


def _default(info: FieldInfo) -> str:
    if info.default is PydanticUndefined:
        return "required"
    return "none" if info.default is None else str(info.default)
