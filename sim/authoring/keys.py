"""Every key of the files that planners write, in both languages, from the schema alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.report.choices import CHOICES, UNITS
from sim.report.places import PLACES
from sim.report.words import Text
from sim.scenario.currency import MONEY
from sim.scenario.parameters import parts_below
from sim.scenario.part import Text as Titles
from sim.scenario.part import card_of, key_of, relative_bounds
from sim.scenario.paths import options
from sim.scenario.policy import PolicyFile
from sim.scenario.schema import Scenario
from sim.scenario.shapes import bounds_of, default_of, shape
from sim.study.file import StudyFile

File = Literal["scenario", "policy", "study"]
FILES: dict[File, type[BaseModel]] = {"scenario": Scenario, "policy": PolicyFile, "study": StudyFile}
_TITLE = Text(en="name in reports, in both languages", zh="在报告中的名称（中英文）")
_TAG = Text(en="the word that tells which kind of entry this is", zh="表明本项类别的固定用词")
_BLOCK = Text(en="block", zh="组")
_OF_OTHERS = {  # units that another key decides
    "as 'per' says": "按 per 所定",
    "requests per 'per'": "件（按 per 所定）",
    "unit of the mean": "与均值同",
}
_CHOICE = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True)
class Key:
    """A key of a file.

    Attributes
    ----------
    path : str
        The dotted path; ``<unit>`` and the like stand for names that the file chooses.
    label : sim.report.words.Text
        What it is.
    unit, bounds, default : sim.report.words.Text
        The unit (``-`` for none), what may stand there, and what holds if it is left out.
    source : str
        Where its size comes from; empty for names and blocks.
    required : bool
        Whether the block it stands in must have it.
    is_block : bool
        Whether other keys stand under it.
    together : tuple of str
        Paths that one mostly means to change with it, or that bound it.
    since : str
        The version that first had it.
    field : pydantic.fields.FieldInfo
        The field of the schema.
    block : type
        The model of the block in which it stands.

    Examples
    --------
    >>> from sim.authoring.keys import keys
    >>> unit = next(key for key in keys() if key.path == "staff.<group>.unit")
    >>> unit.label.en, unit.label.zh, unit.default.en
    ('the unit in which they work', '所在单位', 'required')
    """

    path: str
    label: Text
    unit: Text
    bounds: Text
    default: Text
    source: str
    required: bool
    is_block: bool
    together: tuple[str, ...]
    since: str
    field: FieldInfo
    block: type[BaseModel]

    @property
    def holds_value(self) -> bool:
        """Whether one can write a value there, and not only the keys under it."""
        return not self.is_block or bool(self.source or (key_of(self.field) or {}).get("form"))


def keys(file: File = "scenario") -> list[Key]:
    """List the keys of a file.

    Parameters
    ----------
    file : {'scenario', 'policy', 'study'}, optional
        Which file.

    Returns
    -------
    list of Key
        The keys, blocks before what stands in them, in the order of the schema.

    Examples
    --------
    >>> from sim.authoring.keys import keys
    >>> [key.path for key in keys("policy")][:3]
    ['format', 'title', 'reason']
    """
    return list(_walk(FILES[file], ()))


def _walk(model: type[BaseModel], path: tuple[str, ...]) -> Iterator[Key]:
    partners = _partners(model)
    for name, info in model.model_fields.items():
        here = (*path, info.alias or name)
        parts = list(parts_below(info.annotation, name))
        yield _key(model, here, name, info, bool(parts), partners.get(name, ()))
        for suffix, part in parts:
            yield from _walk(part, (*here, *suffix))


def _key(
    block: type[BaseModel],
    here: tuple[str, ...],
    name: str,
    info: FieldInfo,
    is_block: bool,
    partners: tuple[str, ...],
) -> Key:
    card, told = card_of(info), key_of(info)
    unit = card["unit"] if card else "-"
    return Key(
        path=".".join(here),
        label=_label(".".join(here), name, info, is_block),
        unit=Text(en=unit, zh=_chinese(unit)),
        bounds=_bounds(info, is_block),
        default=Text(en=_default(info, "en"), zh=_default(info, "zh")),
        source=card["source"] if card else "",
        required=info.is_required(),
        is_block=is_block,
        together=tuple(".".join((*here[:-1], partner)) for partner in partners),
        since=(card or told or {}).get("since", ""),
        field=info,
        block=block,
    )


def _chinese(unit: str) -> str:
    """The Chinese word of a card's unit; of money, whose currency is the scenario's, ``货币/年``."""
    if unit.startswith(MONEY):
        return "货币" + {"": "", " a day": "/天", " a year": "/年"}[unit.removeprefix(MONEY)]
    return _OF_OTHERS.get(unit) or UNITS.get(unit, unit)


def _label(path: str, name: str, info: FieldInfo, is_block: bool) -> Text:
    told = card_of(info) or key_of(info)
    if told is not None:
        return Text(**told["label"])
    if is_block:
        return PLACES[name]
    if options(info.annotation) == [Titles]:
        return _TITLE
    if _is_tag(info):
        return _TAG
    raise LookupError(f"'{path}' is not explained; declare it with param(…) or key(…)")


def _is_tag(info: FieldInfo) -> bool:
    return get_origin(info.annotation) is Literal and len(get_args(info.annotation)) == 1


def _bounds(info: FieldInfo, is_block: bool) -> Text:
    card, told = card_of(info), key_of(info) or {}
    if told.get("form"):
        return Text(en=told["form"], zh=told["form"])
    if is_block and card is None:
        return _BLOCK
    if options(info.annotation) == [Titles]:
        return Text(en="{en: …, zh: …}", zh="{en: …, zh: …}")
    english, chinese = (
        bounds_of(info, card, lang) if card else shape(info.annotation, info.metadata, "-", lang)
        for lang in ("en", "zh")
    )
    return Text(en=english, zh=_with_words(chinese) if "可选：" in chinese else chinese)


def _with_words(chinese: str) -> str:
    """Add the Chinese word to each choice: ``可选：one_window（一窗口受理）``."""
    before, sign, choices = chinese.partition("可选：")

    def one(found: re.Match[str]) -> str:
        return f"{found[0]}（{CHOICES[found[0]]}）" if found[0] in CHOICES else found[0]

    return before + sign + _CHOICE.sub(one, choices)


def _default(info: FieldInfo, lang: str) -> str:
    if isinstance(info.default, BaseModel) or info.default == {}:
        return (
            {"en": "as its own keys say", "zh": "按其下各键"}[lang]
            if info.default
            else default_of(info, lang)
        )
    return default_of(info, lang)


def _partners(model: type[BaseModel]) -> dict[str, tuple[str, ...]]:
    """The keys of a block that belong together: declared so, or one bounds the other; both ways."""
    found: dict[str, list[str]] = {}
    for name, info in model.model_fields.items():
        card: dict[str, Any] = card_of(info) or {}
        for other in (*card.get("together", ()), *relative_bounds(info).values()):
            found.setdefault(name, []).append(other)
            found.setdefault(other, []).append(name)
    return {name: tuple(dict.fromkeys(others)) for name, others in found.items()}
