"""Service rules 制度: what an office may do to serve better, one part a rule, each with its switch.

The frictions they act on stand in `frictions`, what each rule does to routes in `sim.world.service_rules`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from .part import ARTICLE, ASSUMED, DEFINITION, Flag, Name, Number, Part, Whole, param
from .time import Clock, Weekday, clock_s

Share = Annotated[Number, Field(ge=0, le=1)]
AllOr = Literal["all"] | tuple[Name, ...]


def switch(en: str, zh: str, source: str = DEFINITION) -> Any:
    """The card of a part's ``on``."""
    return param(en, zh, unit="-", source=source, default=False)


def factor(en: str, zh: str, default: float) -> Any:
    """The card of a factor from 0 to 1 by which a rule lowers something."""
    return param(en, zh, unit="1", source=ASSUMED, default=default, ge=0, le=1)


def positive_factor(en: str, zh: str, default: float) -> Any:
    """The card of a factor on an amount that stays above 0."""
    return param(en, zh, unit="1", source=ASSUMED, default=default, ge=0.01, le=1)


class OneTimeNotification(Part):
    """One-time notification 一次性告知: whoever asks is told at once all that is needed."""

    on: Flag = switch("one-time notification", "一次性告知", f"{ARTICLE}: 三、四、二 一次性告知")
    incomplete_factor: Number = factor(
        "factor on the chance that an application is incomplete", "材料不全概率的倍数", 0.5
    )
    explaining_minutes: Number = param(
        "explaining, added to the step to which an incomplete application comes back",
        "告知说明时间（计入受理环节）",
        unit="minutes",
        source=ASSUMED,
        default=4.0,
        ge=0,
        le=240,
    )


class OneStop(Part):
    """One-stop, one dragon 一站式·一条龙: hand-overs between sections run inside the hall."""

    on: Flag = switch(
        "one-stop service", "一站式·一条龙服务", f"{ARTICLE}: 三、四、二 一站式办理、一条龙服务"
    )
    transfer_factor: Number = positive_factor("factor on the time of hand-overs", "内部流转时间的倍数", 0.4)


class CaseOwner(Part):
    """A case owner follows the case 跟踪督办到底: the desk that took it in knows it when it comes back."""

    on: Flag = switch(
        "a case owner follows the case",
        "一个跟踪督办到底",
        f"{ARTICLE}: 三、四、二 一个点接办，一个跟踪督办到底",
    )
    familiarity_factor: Number = positive_factor(
        "factor on the work of later steps at the station that took the case in",
        "首接岗位后续环节工作量的倍数",
        0.9,
    )


class Doorstep(Part):
    """Doorstep service 上门办·下去办·贴身办: staff go to the applicant's."""

    on: Flag = switch("doorstep service", "上门办", f"{ARTICLE}: 三、四、二 上门办、下去办、贴身办")
    kinds: dict[Name, Share] = param(
        "share of the requests taken in at the applicant's, by kind",
        "各事项上门受理比例",
        unit="1",
        source=ASSUMED,
        default={},
    )
    role: Name = param(
        "role of the unit's staff that travel", "上门人员岗位", unit="-", source=ASSUMED, default="field"
    )
    travel_minutes: Number = param(
        "travel for a visit", "往返路途时间", unit="minutes", source=ASSUMED, default=40.0, ge=0, le=480
    )
    incomplete_factor: Number = factor(
        "factor on the chance that an application is incomplete", "材料不全概率的倍数", 0.3
    )


class Early(Part):
    """Early service 超前办: of known cases the outside and inner ways are prepared before they come."""

    on: Flag = switch("early service", "超前办", f"{ARTICLE}: 三、四、二 超前办")
    kinds: dict[Name, Share] = param(
        "share of the requests that are known before they come, by kind",
        "各事项可提前介入的比例",
        unit="1",
        source=ASSUMED,
        default={},
    )
    delay_factor: Number = positive_factor(
        "factor on the time at outside departments and of hand-overs of such a request",
        "外部门办理与流转时间的倍数",
        0.6,
    )


class TimeLimitCommitment(Part):
    """Time-limit commitment 限时办结·服务承诺: the published limit is a share of what it was."""

    on: Flag = switch(
        "tighter published limits", "限时办结·服务承诺", f"{ARTICLE}: 三、四、二 服务承诺限时办结制"
    )
    kinds: AllOr = param("matter kinds", "适用事项", unit="-", source=ASSUMED, default="all")
    share: Number = positive_factor(
        "published limit, as a share of the limit without the rule (rounded up to whole units)",
        "承诺时限占原时限的比例（向上取整）",
        0.8,
    )


class FirstAsked(Part):
    """First-asked responsibility 首问负责制: whoever is asked hands a misdirected request on."""

    on: Flag = switch("first-asked responsibility", "首问负责制", f"{ARTICLE}: 三、六、二 首问负责制")
    minutes: Number = param(
        "handing a misdirected request on",
        "转办引导时间",
        unit="minutes",
        source=ASSUMED,
        default=8.0,
        gt=0,
        le=240,
    )


class Online(Part):
    """E-government 网上报批·网上办件: a share of the requests comes by the net, at any hour."""

    on: Flag = switch("online filing", "网上报批·网上办件", f"{ARTICLE}: 三、六、三 网上报批、网上办件")
    kinds: dict[Name, Share] = param(
        "share of the requests that come online, by kind",
        "各事项网上办件比例",
        unit="1",
        source=ASSUMED,
        default={},
    )
    front_factor: Number = positive_factor("factor on the work at front desks", "窗口工作量的倍数", 0.6)
    transfer_factor: Number = positive_factor(
        "factor on the time of hand-overs and of the county's approval", "流转与县级审批时间的倍数", 0.3
    )
    begins_at: Clock = param(
        "earliest hour of filing", "最早申报时刻", unit="time of day", source=ASSUMED, default="00:00"
    )
    ends_at: Clock = param(
        "latest hour of filing", "最晚申报时刻", unit="time of day", source=ASSUMED, default="24:00"
    )

    @model_validator(mode="after")
    def _forward(self):
        if clock_s(self.begins_at) >= clock_s(self.ends_at):
            raise ValueError(f"filing ends at {self.ends_at}, before it begins; write the earlier hour first")
        return self


class Pooling(Part):
    """Pooling 条线受理: staff of the same role in the named units serve each other's stations."""

    on: Flag = switch(
        "staff are pooled across units", "跨单位条线受理", f"{ARTICLE}: 三、六、一 归口接待、条线受理"
    )
    units: tuple[Name, ...] = param("units that pool", "联办单位", unit="-", source=ASSUMED, default=())
    roles: AllOr = param("roles that pool", "联办岗位", unit="-", source=ASSUMED, default="all")


class Team(Part):
    """A mobile support team: groups of staff that also help units other than their own."""

    groups: tuple[Name, ...] = param("groups of staff", "人员组", unit="-", source=ASSUMED)
    units: tuple[Name, ...] = param("units they help", "支援单位", unit="-", source=ASSUMED)
    travel_share: Number = param(
        "share of their working time spent on the road",
        "路途时间占工作时间比例",
        unit="1",
        source=ASSUMED,
        default=0.1,
        ge=0,
        le=0.9,
    )


class MobileSupport(Part):
    """Mobile support teams 流动支援组."""

    on: Flag = switch("mobile support teams", "流动支援组", ASSUMED)
    teams: dict[Name, Team] = Field(default={})


class PetitionPairing(Part):
    """Leaders' petition pairing 结对消访: each leader takes long-standing petition households."""

    on: Flag = switch(
        "leaders are paired with petition households", "领导结对消访", f"{ARTICLE}: 三、四、二 结对消访"
    )
    role: Name = param("whose task it is", "结对人员岗位", unit="-", source=ASSUMED, default="leader")
    households_each: Whole = param(
        "households a leader takes",
        "每名领导结对户数",
        unit="households",
        source=f"{ARTICLE}: 三、四、二 每人联系一个信访老户",
        default=1,
        ge=0,
        le=100,
    )
    old_households: Whole = param(
        "long-standing petition households",
        "老上访户总数",
        unit="households",
        source=ASSUMED,
        default=20,
        ge=1,
        le=10_000,
    )
    effect: Number = param(
        "part of the repeat petitions of a paired household that are settled",
        "结对户重复信访化解比例",
        unit="1",
        source=ASSUMED,
        default=0.6,
        ge=0,
        le=1,
    )
    weekday: Weekday = param("weekday of the visits", "走访星期", unit="-", source=ASSUMED, default="fri")
    at: Clock = param("visits start at", "走访开始时刻", unit="time of day", source=ASSUMED, default="14:00")
    hours_a_week: Number = param(
        "visits of each leader",
        "每名领导每周走访时间",
        unit="hours",
        source=ASSUMED,
        default=2.0,
        gt=0,
        le=10,
    )

    @model_validator(mode="after")
    def _same_day(self):
        if clock_s(self.at) + 3600 * self.hours_a_week > 86_400:
            raise ValueError("the visits would last past midnight; start earlier or take fewer hours")
        return self


class Assistance(Part):
    """Assistance between units 协办: a second unit does part of a matter, and the first waits for it.

    The step with most work at the unit a matter came to is divided; the work stays the same in all.
    """

    on: Flag = switch("assistance between units", "单位间协办", f"{ARTICLE}: 三、六、一 交办、承办、协办")
    kinds: tuple[Name, ...] = param(
        "kinds that may need it", "适用事项", unit="-", source=ASSUMED, default=()
    )
    share: Number = param(
        "share of them that need another unit's help",
        "需要协办的比例",
        unit="1",
        source=ASSUMED,
        default=0.3,
        ge=0,
        le=1,
    )
    part: Number = param(
        "part of the step that the other unit does",
        "协办单位承担的工作比例",
        unit="1",
        source=ASSUMED,
        default=0.4,
        gt=0,
        lt=1,
    )
    partners: dict[Name, Name] = param(
        "which unit helps which", "各单位的协办单位", unit="-", source=ASSUMED, default={}
    )
    role: Name = param("who helps there", "协办岗位", unit="-", source=ASSUMED, default="review")


class InformationSharing(Part):
    """Information sharing 信息共享 with outside departments: less waiting for them, and less spread."""

    on: Flag = switch(
        "information is shared with outside departments", "部门信息共享", f"{ARTICLE}: 二、三 信息共享"
    )
    departments: AllOr = param(
        "departments that share (those without a name count as all)",
        "共享信息的部门（未具名的视为全部）",
        unit="-",
        source=ASSUMED,
        default="all",
    )
    delay_factor: Number = positive_factor(
        "factor on the time at outside departments", "外部门等待时间的倍数", 0.6
    )
    cv_factor: Number = factor("factor on its coefficient of variation", "其变异系数的倍数", 0.7)


class Gathering(Part):
    """An appointment that takes a role off service, every so many weeks."""

    on: Flag = switch("it takes place", "按期举行")
    role: Name = param("who takes part", "参加人员岗位", unit="-", source=ASSUMED, default="head")
    weekday: Weekday = param("weekday", "星期", unit="-", source=ASSUMED, default="thu")
    at: Clock = param("starts at", "开始时刻", unit="time of day", source=ASSUMED, default="14:00")
    hours: Number = param("length", "时长", unit="hours", source=ASSUMED, default=3.0, gt=0, le=8)
    every_weeks: Whole = param(
        "it comes round every so many weeks",
        "每隔几周一次",
        unit="weeks",
        source=ASSUMED,
        default=4,
        ge=1,
        le=104,
    )

    @model_validator(mode="after")
    def _within_the_day(self):
        if clock_s(self.at) + 3600 * self.hours > 86_400:
            raise ValueError("it would last past midnight; start earlier or take fewer hours")
        return self


class SuperiorInspection(Gathering):
    """Inspection from above 上级督查: the superior department looks at acts and at matters that lie idle."""

    on: Flag = switch(
        "the superior department inspects",
        "上级主管部门督查",
        f"{ARTICLE}: 二、二 上级主管部门对规范执法行为缺少制约机制",
    )
    overreach_factor: Number = factor(
        "factor on overreach, where one knows of being looked at", "越位概率的倍数（督查震慑）", 0.6
    )
    absence_factor: Number = factor("factor on absence", "缺位概率的倍数", 0.7)
    idle_factor: Number = positive_factor(
        "factor on the time until somebody takes an idle matter up", "缺位搁置时间的倍数", 0.6
    )
    complaint_factor: Number = positive_factor(
        "factor on the time until an act without mandate is reversed", "越位行为纠正前时间的倍数", 0.7
    )


class JointMeeting(Gathering):
    """A joint meeting 部门联席会议: departments answer at the table what they would answer by letter."""

    on: Flag = switch(
        "joint meetings with departments", "部门联席会议", f"{ARTICLE}: 二、三 部门协调配合不力"
    )
    departments: AllOr = param(
        "departments at the table", "参会部门", unit="-", source=ASSUMED, default="all"
    )
    delay_factor: Number = positive_factor(
        "factor on the time at these departments", "参会部门等待时间的倍数", 0.8
    )
    cv_factor: Number = factor("factor on its coefficient of variation", "其变异系数的倍数", 0.6)


class Booklet(Part):
    """Booklet of promises 服务承诺小册子: papers needed and what is promised, printed and handed out."""

    on: Flag = switch(
        "service promises are published",
        "服务承诺印成小册子公开",
        f"{ARTICLE}: 三、六、二 印成小册子，公开承诺",
    )
    kinds: AllOr = param(
        "matter kinds whose promises are published",
        "公开承诺的事项",
        unit="-",
        source=f"{ARTICLE}: 三、六、二 土地登记、宅基地审批、土地挂牌",
        default="all",
    )
    promises: tuple[Literal["limit", "told_once", "sound", "mandate"], ...] = param(
        "promises: within the limit, told once, without error, within mandate",
        "承诺内容（限时办结、一次性告知、无差错、依权限办理）",
        unit="-",
        source=f"{ARTICLE}: 三、六、二 业务范围、服务标准和工作纪律",
        default=("limit", "told_once", "sound", "mandate"),
    )
    incomplete_factor: Number = factor(
        "factor on the chance that an application is incomplete", "材料不全概率的倍数", 0.85
    )
    misdirection_factor: Number = factor("factor on misdirection", "找错门概率的倍数", 0.7)


class Clarity(Part):
    """Rule clarity 细则: written detail on who does what lowers misdirection, overreach and absence."""

    on: Flag = switch("detailed written rules", "工作细则", f"{ARTICLE}: 二、二 越位与缺位; 三、二、一 细则")
    misdirection_factor: Number = factor("factor on misdirection", "找错门概率的倍数", 0.4)
    overreach_factor: Number = factor("factor on overreach", "越位概率的倍数", 0.4)
    absence_factor: Number = factor("factor on absence", "缺位概率的倍数", 0.4)


class ServiceRules(Part):
    """The service rules of the bureau; all are off unless chosen."""

    one_time_notification: OneTimeNotification = OneTimeNotification()
    one_stop: OneStop = OneStop()
    case_owner: CaseOwner = CaseOwner()
    doorstep: Doorstep = Doorstep()
    early: Early = Early()
    time_limit_commitment: TimeLimitCommitment = TimeLimitCommitment()
    first_asked: FirstAsked = FirstAsked()
    online: Online = Online()
    pooling: Pooling = Pooling()
    mobile_support: MobileSupport = MobileSupport()
    petition_pairing: PetitionPairing = PetitionPairing()
    assistance: Assistance = Assistance()
    information_sharing: InformationSharing = InformationSharing()
    clarity: Clarity = Clarity()
    superior_inspection: SuperiorInspection = SuperiorInspection()
    joint_meeting: JointMeeting = JointMeeting()
    booklet: Booklet = Booklet()
