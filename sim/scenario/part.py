"""What every part of a scenario has in common: unknown keys are refused, every parameter explains itself."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, model_validator
from pydantic.fields import FieldInfo

TINY = 1e-9  # no parameter means anything under it, and arithmetic with smaller numbers overflows


def _not_tiny(number: float) -> float:
    if 0 < abs(number) < TINY:
        raise ValueError(f"{number:g} is too near zero; give 0, or at least {TINY:g} where 0 is not allowed")
    return number


Number = Annotated[float, Strict(), Field(allow_inf_nan=False), AfterValidator(_not_tiny)]
Whole = Annotated[int, Strict()]
Flag = Annotated[bool, Strict()]
Name = Annotated[str, Strict(), Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]  # of a unit, a kind, a step, …

ARTICLE = "Wang Haidong (王海东), 滨海县国土资源局推进国土资源工作精细化管理之我见"
ASSUMED = "assumed"
DEFINITION = "definition of the model"
FIRST = "0.1.0"  # the version with which the file formats began


Given = TypeVar("Given")


def given(part: Given | None) -> Given:
    """Return `part`, if the check of a scenario has made sure that there is one."""
    assert part is not None
    return part


class Part(BaseModel):
    """A part of a scenario: immutable, closed, its relative bounds checked as a whole."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, defer_build=True)

    @model_validator(mode="after")
    def _relative_bounds(self):
        for name, bound, other in _relative(type(self)):
            value, limit = getattr(self, name), getattr(self, other)
            if value is None or limit is None:
                continue
            if (bound == "le" and value > limit) or (bound == "ge" and value < limit):
                raise RelativeBound(name, value, "at most" if bound == "le" else "at least", other, limit)
        return self


@cache  # asked for every one of thousands of people
def _relative(part: type[Part]) -> tuple[tuple[str, str, str], ...]:
    """Return the parameters of a part that are bounded by another one: name, ``le`` or ``ge``, the other."""
    return tuple(
        (name, bound, other)
        for name, info in part.model_fields.items()
        for bound, other in relative_bounds(info).items()
    )


class RelativeBound(ValueError):
    """A parameter is on the wrong side of another one."""

    def __init__(self, name: str, value: Any, relation: str, other: str, limit: Any) -> None:
        self.name = name
        super().__init__(f"'{name}' is {value:g}; it must be {relation} '{other}', which is {limit:g}")


def param(
    en: str,
    zh: str,
    *,
    unit: str,
    source: str,
    default: Any = ...,
    ge: float | str | None = None,
    le: float | str | None = None,
    gt: float | None = None,
    lt: float | None = None,
    together: tuple[str, ...] = (),
    since: str = FIRST,
    **constraints: Any,
) -> Any:
    """Declare a parameter's card: label in both languages, unit, bounds and source.

    A bound given as text names a sibling parameter: ``le="full_pay_threshold"``. The bounds of the numbers
    in a list or mapping belong to its annotation. ``unit`` is ``1`` for shares and ratios, ``-`` for choices
    and names. ``together`` names siblings that one mostly means to change, too; ``since`` is the version that
    first had the parameter.
    """
    relative = {key: bound for key, bound in (("ge", ge), ("le", le)) if isinstance(bound, str)}
    numeric = {
        key: bound
        for key, bound in (("ge", ge), ("le", le), ("gt", gt), ("lt", lt))
        if bound is not None and not isinstance(bound, str)
    }
    card: dict[str, Any] = {"label": {"en": en, "zh": zh}, "unit": unit, "source": source}
    card |= {"bounds": {**numeric, **relative}, "together": together, "since": since}
    extra: dict[str, Any] = {"card": card}
    options: dict[str, Any] = {**numeric, **constraints}
    return Field(default, json_schema_extra=extra, **options)


def key(
    en: str, zh: str, *, default: Any = ..., form: str = "", since: str = FIRST, **constraints: Any
) -> Any:
    """Explain a key that names or holds something and has no size, so that it is no parameter.

    ``form`` shows how its value is written, where the type does not tell.
    """
    extra: dict[str, Any] = {"key": {"label": {"en": en, "zh": zh}, "form": form, "since": since}}
    return Field(default, json_schema_extra=extra, **constraints)


def key_of(info: FieldInfo) -> dict[str, Any] | None:
    """Return what `key` tells of a field, or None."""
    extra = info.json_schema_extra
    told = extra.get("key") if isinstance(extra, dict) else None
    return told if isinstance(told, dict) else None


def card_of(info: FieldInfo) -> dict[str, Any] | None:
    """Return the card given by `param`, or None for a field that is structure and no parameter."""
    extra = info.json_schema_extra
    card = extra.get("card") if isinstance(extra, dict) else None
    return card if isinstance(card, dict) else None


_WORDS = {
    "en": {"gt": "above", "ge": "at least", "lt": "below", "le": "at most", "and": " and "},
    "zh": {"gt": "大于", "ge": "不低于", "lt": "小于", "le": "不高于", "and": "，"},
}


def bounds_text(card: dict[str, Any], lang: str) -> str:
    """Describe bounds: ``at least 0 and at most 100``; a bound may be the name of a sibling parameter."""
    words = _WORDS[lang]
    return words["and"].join(
        f"{words[key]} {bound if isinstance(bound, str) else format(bound, ',.10g')}"
        for key in ("gt", "ge", "lt", "le")
        if (bound := card["bounds"].get(key)) is not None
    )


def relative_bounds(info: FieldInfo) -> dict[str, str]:
    card = card_of(info)
    return {key: bound for key, bound in card["bounds"].items() if isinstance(bound, str)} if card else {}


class Text(Part):
    """A text in both languages of the reports."""

    en: Annotated[str, Strict(), Field(min_length=1, max_length=600)]
    zh: Annotated[str, Strict(), Field(min_length=1, max_length=600)]
