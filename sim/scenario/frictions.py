"""Frictions: what goes wrong in an office, and what the service rules act on. All are off unless chosen."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from .organisation import Station
from .part import ARTICLE, ASSUMED, Flag, Name, Number, Part, Whole, param
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


class LateOpening(Part):
    """Late opening 迟开窗口: the front desk of a unit opens late, and nobody is served there until then."""

    on: Flag = switch("counters open late", "窗口迟开", f"{ARTICLE}: 三、三 工作纪律")
    chance: Number = chance(
        "chance that the front desk of a unit opens late on a working day",
        "单位窗口每个工作日迟开的概率",
        0.08,
    )
    minutes: Number = param(
        "how late", "迟开时间", unit="minutes", source=ASSUMED, default=30.0, gt=0, le=600
    )
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


class Violations(Part):
    """Violations 违法用地: they go on until they are found, by patrol or by others later, and grow dearer."""

    on: Flag = switch(
        "violations go on unseen until they are found",
        "违法用地须经巡查等发现",
        f"{ARTICLE}: 二、三 土地违法案件仍得不到及时制止",
    )
    kinds: tuple[Name, ...] = param("matter kinds", "适用事项", unit="-", source=ASSUMED, default=())
    duty: Name = param(
        "standing duty that finds them", "发现违法的日常职责", unit="-", source=ASSUMED, default="patrol"
    )
    found_an_hour: Number = param(
        "rate at which an hour of a person's patrol in the unit's area finds a given violation",
        "每人每小时巡查发现某一违法的比率",
        unit="1 an hour",
        source=ASSUMED,
        default=0.06,
        ge=0,
        le=10,
    )
    days: Number = param(
        "until others report one that patrol has not found",
        "巡查未发现时由举报、卫片等发现的时间",
        unit="calendar days",
        source=ASSUMED,
        default=75.0,
        gt=0,
        le=1000,
    )
    cv: Number = spread()
    growth: Number = param(
        "work on the case grows, for each month in which nobody saw it",
        "每迟发现一个月办案工作量的增幅",
        unit="1 a month",
        source=ASSUMED,
        default=0.25,
        ge=0,
        le=5,
    )
    loss_a_day: Number = param(
        "loss for each day until it is stopped",
        "制止前每日损失",
        unit="currency a day",
        source=ASSUMED,
        default=400.0,
        ge=0,
        le=1_000_000,
    )
    complete_days: Number = param(
        "days after which it is complete: neither work nor loss grows any more",
        "建成天数（此后工作量与损失不再增加）",
        unit="calendar days",
        source=ASSUMED,
        default=120.0,
        gt=0,
        le=3650,
    )


class OldHouseholds(Part):
    """Old petition households 信访老户: cases with a history, which petition until they are settled.

    Whom leaders visit says `service_rules.petition_pairing`; its `effect` and its number of households count
    only while this is off. Other petitions repeat as before.
    """

    on: Flag = switch(
        "old petition households are cases of their own",
        "信访老户逐户建档",
        f"{ARTICLE}: 三、四、二 结对消访，化解涉土信访历史遗留问题",
    )
    kind: Name = param("kind of their petitions", "信访事项", unit="-", source=ASSUMED, default="petition")
    households: Whole = param(
        "old households", "信访老户数", unit="households", source=ASSUMED, default=20, ge=1, le=10_000
    )
    petitions_a_year: Number = param(
        "petitions of a household that is not settled",
        "未化解户每年上访次数",
        unit="petitions a year",
        source=ASSUMED,
        default=4.0,
        ge=0,
        le=100,
    )
    history_years: Number = param(
        "years since its first petition, mean over households",
        "首次上访至今年数（各户平均）",
        unit="years",
        source=ASSUMED,
        default=6.0,
        gt=0,
        le=50,
    )
    history_cv: Number = param(
        "coefficient of variation of the history",
        "历史年数的变异系数",
        unit="1",
        source=ASSUMED,
        default=0.6,
        ge=0,
        le=3,
    )
    hours_to_settle: Number = param(
        "visits that settle a household of mean history; in proportion to its history",
        "化解一户平均历史的老户所需走访时间（与历史成正比）",
        unit="hours",
        source=ASSUMED,
        default=50.0,
        gt=0,
        le=10_000,
    )
    hours_cv: Number = param(
        "coefficient of variation of those hours between households of the same history",
        "同等历史各户所需时间的变异系数",
        unit="1",
        source=ASSUMED,
        default=0.5,
        ge=0,
        le=3,
    )


class Frictions(Part):
    """What goes wrong; all are off unless chosen."""

    misdirection: Misdirection = Misdirection()
    overreach: Overreach = Overreach()
    absence: Absence = Absence()
    late_opening: LateOpening = LateOpening()
    repeat_petitions: RepeatPetitions = RepeatPetitions()
    errors: Errors = Errors()
    violations: Violations = Violations()
    old_households: OldHouseholds = OldHouseholds()
