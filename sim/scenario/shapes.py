"""Describe in words, in both languages, what may stand at a key: its type, its bounds, its default."""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Iterable
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from .part import bounds_text

_FORMS: dict[str, dict[Any, str]] = {
    "en": {
        bool: "true or false",
        int: "a whole number",
        float: "a number",
        dt.date: "a date as 2025-01-31",
        dt.datetime: "a moment as 2025-01-31 08:30",
        Any: "a value",
    },
    "zh": {
        bool: "true（是）或 false（否）",
        int: "整数",
        float: "数",
        dt.date: "日期，如 2025-01-31",
        dt.datetime: "时点，如 2025-01-31 08:30",
        Any: "值",
    },
}
_WORDS = {
    "en": {
        "or": " or ",
        "one of": "one of ",
        "week": "for each weekday spans of hours that do not overlap; 22:00-06:00 ends next day",
        "each name": "for each name ",
        "list": "a list",
        "each": ", each ",
        "block": "a block with ",
        "clock": "00:00 to 24:00",
        "currency": "a name of three letters, such as CNY or PLN",
        "zone": "a name of a time zone by IANA, such as Europe/Warsaw",
        "file": "a file in the scenario's folder",
        "text": "a text",
        "station": "a station of the scenario as unit/role",
        "name": "a name that stands in the scenario",
        "required": "required",
        "none": "none",
        "times": " times ",
        "bounded": " ",
    },
    "zh": {
        "or": " 或 ",
        "one of": "可选：",
        "week": "按星期填写办公时段（00:00 至 24:00），时段不得重叠；22:00-06:00 至次日",
        "each name": "按名称逐项填写：",
        "list": "列表",
        "each": "，每项为",
        "block": "一组键：",
        "clock": "00:00 至 24:00",
        "currency": "三位字母货币代码，如 CNY、PLN",
        "zone": "IANA时区名称，如 Asia/Shanghai",
        "file": "情景文件夹内的文件",
        "text": "文字",
        "station": "情景中的岗位，写作 单位/岗位",
        "name": "情景中已有的名称",
        "required": "必填",
        "none": "无",
        "times": " 项，均为 ",
        "bounded": "，",
    },
}


def bounds_of(info: FieldInfo, card: dict[str, Any], lang: str = "en") -> str:
    """Describe the permitted values of a parameter in words."""
    return bounds_text(card, lang) or shape(info.annotation, info.metadata, card["unit"], lang)


def shape(annotation: Any, metadata: Iterable[Any], unit: str, lang: str) -> str:
    """The form of what has no bounds in its card: choices, dates, hours, names, and lists of numbers."""
    words = _WORDS[lang]
    if hasattr(annotation, "__metadata__"):
        return shape(get_args(annotation)[0], [*annotation.__metadata__, *metadata], unit, lang)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return words["or"].join(
            shape(one, metadata, unit, lang) for one in arguments if one is not type(None)
        )
    if origin is Literal:
        return words["one of"] + ", ".join(arguments) if len(arguments) > 1 else f"'{arguments[0]}'"
    if origin is dict:
        if get_origin(arguments[0]) is Literal:
            return words["week"]
        return f"{words['each name']}{shape(arguments[1], (), unit, lang)}"
    limits = _limits(metadata)
    if origin is tuple:
        listed = f"{words['list']}{_count(limits, lang)}{words['each']}{shape(arguments[0], (), unit, lang)}"
        return listed.replace("每项为可选", "每项可选")
    if annotation is str:
        return words[_text_shape(limits, unit)]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return words["block"] + ", ".join(f"'{name}'" for name in annotation.model_fields)
    said = bounds_text({"bounds": limits}, lang)
    return f"{_FORMS[lang][annotation]}{words['bounded']}{said}" if said else _FORMS[lang][annotation]


def default_of(info: FieldInfo, lang: str = "en") -> str:
    """Describe the default of a field; ``required`` if there is none."""
    value, words = info.default, _WORDS[lang]
    if value is PydanticUndefined:
        return words["required"]
    if value is None or value == () or value == {}:
        return words["none"]
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple) and isinstance(value[0], str):
        return ", ".join(value)
    if isinstance(value, tuple):  # of equal weights
        return f"{len(value)}{words['times']}{value[0]:g}"
    return str(value) if isinstance(value, str) else f"{value:g}"


def _text_shape(limits: dict[str, Any], unit: str) -> str:
    pattern = limits.get("pattern")
    if unit == "time of day":
        return "clock"
    if unit == "ISO 4217 code":
        return "currency"
    if unit == "IANA name":
        return "zone"
    if "min_length" in limits or "max_length" in limits:
        return "text"
    if pattern is None:
        return "file"
    return "station" if "/" in pattern else "name"


def _limits(metadata: Iterable[Any]) -> dict[str, Any]:
    """Return the bounds, lengths and pattern among the metadata of a type."""
    found: dict[str, Any] = {}
    for item in metadata:
        if isinstance(item, FieldInfo):
            found |= _limits(item.metadata)
        for key in ("gt", "ge", "lt", "le", "min_length", "max_length", "pattern"):
            if getattr(item, key, None) is not None:
                found[key] = getattr(item, key)
    return found


def _count(limits: dict[str, Any], lang: str) -> str:
    least, most = limits.get("min_length", 0), limits.get("max_length")
    if most is None:
        return ""
    if lang == "zh":
        return f"（{most} 项）" if least == most else f"（{least} 至 {most} 项）"
    return f" of {most}" if least == most else f" of {least} to {most}"
