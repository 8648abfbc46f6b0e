"""The money of a scenario: a code of ISO 4217, and what labels call it. No name and no value carries it."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

from pydantic import AfterValidator, Field, Strict

from .errors import InputError, nearest
from .part import Text

USUAL = "CNY"
MONEY = "currency"  # how units of parameters and outcomes begin where the scenario's own belongs
_SHORT = {"CNY": Text(en="yuan", zh="元"), "PLN": Text(en="zloty", zh="兹罗提")}  # as people there say


@cache
def words(code: str) -> Text:
    """Return the name of a currency in amounts: ``yuan``, ``元``; most names come from the CLDR."""
    from babel.numbers import get_currency_name

    if code in _SHORT:
        return _SHORT[code]
    return Text(en=get_currency_name(code, 2, "en"), zh=get_currency_name(code, 2, "zh"))


@cache
def _codes() -> frozenset[str]:
    """Return the codes that are legal tender somewhere today."""
    from babel.core import get_global

    uses = get_global("territory_currencies").values()
    return frozenset(code for used in uses for code, _, until, tender in used if tender and until is None)


def _known(code: str) -> str:
    if code not in _SHORT and code not in _codes():
        raise InputError(f"unknown currency '{code}'", remedy=_meant(code))
    return code


def _meant(code: str) -> str:
    """A nearest code where one was meant: of a word it would be a guess."""
    if len(code) == 3:
        return nearest(code.upper(), _codes())
    return "Write a code of ISO 4217, such as CNY or PLN"


Currency = Annotated[str, Strict(), Field(max_length=10), AfterValidator(_known)]


def with_money(unit: str, data: Any) -> str:
    """Replace ``currency`` in a unit by the scenario's currency: ``yuan a year`` for ``currency a year``."""
    if not unit.startswith(MONEY):
        return unit
    code = data.get("currency", USUAL) if isinstance(data, dict) else USUAL
    known = isinstance(code, str) and (code in _SHORT or code in _codes())
    return unit.replace(MONEY, words(code if known else USUAL).en, 1)
