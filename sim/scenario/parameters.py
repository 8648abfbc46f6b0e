"""Generate the catalogue of parameters from the schema: label, unit, bounds, source of every one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from .part import Text, card_of
from .paths import options, parts_of, tag_of
from .schema import Scenario
from .shapes import bounds_of, default_of

# The keys of the mappings of a scenario, as they are shown in a path.
_KEYS = {
    "route": "step",
    "to": "step",
    "demand": "kind",
    "volumes": "unit",
    "items": "item",
    "week": "weekday",
    "staff": "group",
    "duties": "duty",
    "classes": "class",
}


@dataclass(frozen=True)
class Parameter:
    """An entry of the catalogue of parameters.

    Attributes
    ----------
    path : str
        The dotted path. ``<kind>``, ``<unit>`` and so on stand for names that a scenario chooses, and
        ``<delay step>`` for a step of that type.
    label_en, label_zh : str
        The label in English and in Chinese.
    unit : str
        The unit; ``1`` for shares and ratios, ``-`` for choices and names.
    bounds : str
        The permitted values, in words.
    default : str
        The default value; ``required`` if there is none.
    source : str
        A citation, ``assumed``, or ``definition of the model``.
    field : pydantic.fields.FieldInfo
        The field of the schema.

    Examples
    --------
    >>> import sim
    >>> threshold = sim.catalogue("pay.full_pay_threshold")[0]
    >>> threshold.unit, threshold.bounds, threshold.default
    ('points', 'at least 0 and at most 100', 'required')
    """

    path: str
    label_en: str
    label_zh: str
    unit: str
    bounds: str
    default: str
    source: str
    field: FieldInfo


def catalogue(under: str = "") -> list[Parameter]:
    """List the parameters of a scenario.

    Parameters
    ----------
    under : str, optional
        The beginning of a dotted path, in whole parts; all parameters by default.

    Returns
    -------
    list of Parameter
        The parameters whose path begins so, in the order of the schema. It is empty if there are none.

    Examples
    --------
    >>> import sim
    >>> for parameter in sim.catalogue("pay.gate"):
    ...     print(parameter.path, parameter.default)
    pay.gate.on false
    pay.gate.confidence 0.95
    """
    wanted = under.split(".") if under else []
    return [parameter for parameter in _walk(Scenario, ()) if _matches(parameter.path.split("."), wanted)]


def _matches(path: list[str], wanted: list[str]) -> bool:
    return len(wanted) <= len(path) and all(
        mine.startswith("<") or mine == yours for mine, yours in zip(path, wanted, strict=False)
    )


def _walk(model: type[BaseModel], path: tuple[str, ...]) -> Iterator[Parameter]:
    for where, info in leaves(model, path):
        card = card_of(info)
        if card is not None:
            yield Parameter(
                where,
                card["label"]["en"],
                card["label"]["zh"],
                card["unit"],
                bounds_of(info, card),
                default_of(info),
                card["source"],
                info,
            )


def leaves(model: type[BaseModel], path: tuple[str, ...]) -> Iterator[tuple[str, FieldInfo]]:
    """Return the fields that hold values, and parts that have a card as a whole.

    Names and titles, which identify and do not act, are left out.
    """
    for name, info in model.model_fields.items():
        here = (*path, name)
        parts = list(parts_below(info.annotation, name))
        if card_of(info) is not None or not (parts or _identifies(info)):
            yield ".".join(here), info
        for suffix, part in parts:
            yield from leaves(part, (*here, *suffix))


def parts_below(annotation: Any, name: str) -> Iterator[tuple[tuple[str, ...], type[BaseModel]]]:
    """Return the parts in a field, each with the placeholders that lead to it: ``("<delay step>",)``."""
    several = [option for option in options(annotation) if get_origin(option) in (dict, tuple)]
    for option in several:
        inner = get_args(option)[1 if get_origin(option) is dict else 0]
        key = _KEYS.get(name, name.removesuffix("s")) if get_origin(option) is dict else "number"
        for suffix, part in parts_below(inner, name):
            tag = tag_of(part)
            yield (f"<{tag} {key}>" if tag else f"<{key}>", *suffix), part
    yield from (((), part) for part in parts_of(annotation) if part is not Text)


def _identifies(info: FieldInfo) -> bool:
    """Texts, tags and references to other parts: they are names, not parameters with a size."""
    return all(
        option in (Text, str)
        or (get_origin(option) is Literal and len(get_args(option)) == 1)
        or (get_origin(option) is tuple and options(get_args(option)[0]) == [str])
        for option in options(info.annotation)
    )
