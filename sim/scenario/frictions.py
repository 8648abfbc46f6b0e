"""Frictions: what goes wrong in an office, and what the service rules act on. All are off unless chosen."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from .organisation import Station
from .part import ARTICLE, ASSUMED, Flag, Name, Number, Part, param
from .service_rules import AllOr, switch

Chance = Annotated[Number, Field(ge=0, le=0.9)]


def chance(en: str, zh: str, default: float) -> Any:
    """Return the card of a probability."""
    return param(en, zh, unit="1", source=ASSUMED, default=default, ge=0, le=0.9)


def days(en: str, zh: str, default: float) -> Any:
    """Return the card of a mean time in working days."""
    return param(en, zh, unit="working days", source=ASSUMED, default=default, gt=0, le=500)


def spread(default: float = 0.8) -> Any:
    """Return the card of a coefficient of variation of such a time (lognormal)."""
    return param(
        "coefficient of variation of that time",
        "其变异系数",
        unit="1",
        source=ASSUMED,
        default=default,
        ge=0,
        le=3,
    )


def station(en: str, zh: str) -> Any:
    """Return the card of the place where a matter is put right."""
    return param(
        f"{en} (if not given, where the matter's last step of work is done)",
        f"{zh}（未指定时为该事项最后办理环节所在岗位）",
        unit="-",
        source=ASSUMED,
        default=None,
    )


class Misdirection(Part):
    """A request comes to the wrong desk and, unless it is handed on, comes back days later."""

    on: Flag = switch(
        "requests come to the wrong desk", "找错门", f"{ARTICLE}: 三、六、二 不属于职责范围的事，协助承转"
    )
    kinds: AllOr = param("matter kinds", "适用事项", unit="-", source=ASSUMED, default="all")
    chance: Number = chance("chance that a request comes to the wrong desk", "来件找错门的概率", 0.04)
    days: Number = days("until it comes to the right desk", "重新到正确窗口所需时间", 2.0)
    cv: Number = spread()
    stops_clock: Flag = param(
        "the time limit begins only at the right desk",
        "时限自正确窗口受理起算",
        unit="-",
        source=ASSUMED,
        default=True,
    )


class Overreach(Part):
    """Overreach 越位: somebody acts without mandate; there is a complaint, and the act is reversed."""

    on: Flag = switch("acts without mandate", "越位", f"{ARTICLE}: 二、二 越位与缺位")
    kinds: AllOr = param("matter kinds", "适用事项", unit="-", source=ASSUMED, default="all")
    chance: Number = chance("chance that a matter was decided without mandate", "越位办理的概率", 0.01)
    days: Number = days("until the complaint", "投诉发生时间", 10.0)
    cv: Number = spread()
    minutes: Number = param(
        "work of reversing it", "纠正工作量", unit="minutes", source=ASSUMED, default=90.0, gt=0, le=10_000
    )
    at: Station | None = station("where it is reversed", "纠正岗位")
    integrity_effect: Number = param(
        "share of these acts that each integrity session of a year spares",
        "每次廉政教育减少越位的比例",
        unit="1",
        source=ASSUMED,
        default=0.0,
        ge=0,
        le=0.5,
    )


class Absence(Part):
    """Absence 缺位: a duty that nobody takes up, so that a matter lies still before a middle step."""

    on: Flag = switch("duties that nobody takes up", "缺位", f"{ARTICLE}: 二、二 越位与缺位")
    kinds: AllOr = param("matter kinds", "适用事项", unit="-", source=ASSUMED, default="all")
    chance: Number = chance("chance that nobody takes a matter up", "无人承办的概率", 0.01)
    days: Number = days("until somebody takes it up", "搁置时间", 5.0)
    cv: Number = spread()


class RepeatPetitions(Part):
    """Repeat petitions 重复信访: a matter that was answered comes again."""

    on: Flag = switch("petitions come again", "重复信访", f"{ARTICLE}: 三、四、二 信访老户")
    kinds: tuple[Name, ...] = param("matter kinds", "适用事项", unit="-", source=ASSUMED, default=())
    chance: Number = chance("chance that a matter comes again", "再次来访的概率", 0.25)
    days: Number = days("until it comes again", "再次来访间隔", 40.0)
    cv: Number = spread()


class Errors(Part):
    """Errors: work done wrongly, which is found later and has to be corrected, or is never found.

    The chances hold for people of standard care; training, rushing and fatigue change it.
    """

    on: Flag = switch("work is done wrongly", "差错", ASSUMED)
    kinds: dict[Name, Chance] = param(
        "chance of an error, by kind", "各事项差错概率", unit="1", source=ASSUMED, default={}
    )
    caught: Number = param(
        "share of the errors that are found",
        "差错被发现的比例",
        unit="1",
        source=ASSUMED,
        default=0.6,
        ge=0,
        le=1,
    )
    days: Number = days("until an error is found", "差错发现时间", 8.0)
    cv: Number = spread()
    minutes: Number = param(
        "work of correcting one", "纠错工作量", unit="minutes", source=ASSUMED, default=40.0, gt=0, le=10_000
    )
    at: Station | None = station("where errors are corrected", "纠错岗位")


class Frictions(Part):
    """What goes wrong; all are off unless chosen."""

    misdirection: Misdirection = Misdirection()
    overreach: Overreach = Overreach()
    absence: Absence = Absence()
    repeat_petitions: RepeatPetitions = RepeatPetitions()
    errors: Errors = Errors()
