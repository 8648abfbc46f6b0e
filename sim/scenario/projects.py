"""Target projects 打包入库: the targets of a year, as projects that compete for the same people."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .organisation import Station
from .part import ARTICLE, ASSUMED, Flag, Name, Number, Part, Text, Whole, param
from .service_rules import switch

PROJECT = "project."  # how the kinds that are target projects are called: with a dot, which no file can write
CHAIN = f"{ARTICLE}: 三、二、二 二级管理—全程督查—验收出库—严格考核"


class ProjectClass(Part):
    """Projects of one difficulty and urgency: hours of work, and the month by whose end they are due."""

    title: Text
    a_year: dict[Name, Annotated[Whole, Field(ge=0, le=1000)]] = param(
        "projects a year, by unit", "各单位每年项目数", unit="projects a year", source=ASSUMED, default={}
    )
    hours: Number = param("work on a project", "每个项目工作量", unit="hours", source=ASSUMED, gt=0, le=5000)
    cv: Number = param(
        "coefficient of variation of a stage's work",
        "各阶段工作量变异系数",
        unit="1",
        source=ASSUMED,
        default=0.4,
        ge=0,
        le=3,
    )
    stages: Whole = param(
        "stages, of equal work, planned evenly over the time up to the due date",
        "阶段数（工作量相等，均匀安排至到期）",
        unit="stages",
        source=ASSUMED,
        default=6,
        ge=1,
        le=48,
    )
    due_month: Whole = param(
        "month by whose end it is due (12 = December)",
        "完成月份（当月底前）",
        unit="month",
        source=f"{ARTICLE}: 三、五、一 依据轻重缓急确定完成时间",
        default=12,
        ge=1,
        le=12,
    )
    role: Name = param(
        "role of the unit's staff that do it", "承办岗位", unit="-", source=ASSUMED, default="field"
    )
    urgency: Whole = param(
        "urgency: 1 can wait, 2 is ordinary, 3 is urgent",
        "轻重缓急（1缓、2一般、3急）",
        unit="grade",
        source=f"{ARTICLE}: 三、五、一 轻重缓急",
        default=1,
        ge=1,
        le=3,
    )


class Hindrances(Part):
    """Why projects fall behind: more work than planned, stages put off, and things that hold them up.

    A stage may be put off by its owner, or held up outside the unit (villages, contractors, other
    departments), each for round after round: after a round it is asked again.
    """

    on: Flag = switch("projects fall behind", "项目滞后")
    hours_cv: Number = param(
        "spread of the hours of a whole project",
        "项目总工作量变异系数",
        unit="1",
        source=ASSUMED,
        default=0.5,
        ge=0,
        le=3,
    )
    put_off: Number = param(
        "chance that the owner puts a stage off for a round",
        "承办人搁置某阶段一轮的概率",
        unit="1",
        source=ASSUMED,
        default=0.3,
        ge=0,
        le=0.9,
    )
    held_up: Number = param(
        "chance that a stage is held up outside the unit for a round",
        "某阶段因外部原因停滞一轮的概率",
        unit="1",
        source=ASSUMED,
        default=0.2,
        ge=0,
        le=0.9,
    )
    days: Number = param(
        "length of a round", "每轮时长", unit="days", source=ASSUMED, default=14.0, ge=1, le=180
    )
    cv: Number = param(
        "coefficient of variation of a round",
        "每轮时长变异系数",
        unit="1",
        source=ASSUMED,
        default=0.5,
        ge=0,
        le=3,
    )


class Checks(Part):
    """The checks of one level: what they take at each stage, and what they shorten where a project lags."""

    on: Flag = switch("checks of this level", "本级督查", CHAIN)
    minutes: Number = param(
        "checking a stage", "每个阶段检查时间", unit="minutes", source=ASSUMED, default=20.0, gt=0, le=10_000
    )
    effect: Number = param(
        "share of a round that pressing a project that lags saves",
        "督促滞后项目可缩短每轮时长的比例",
        unit="1",
        source=ASSUMED,
        default=0.5,
        ge=0,
        le=1,
    )


class Owners(Part):
    """A person is named for each project (责任人)."""

    on: Flag = switch("a named owner of each project", "项目责任人", f"{ARTICLE}: 三、五、一 责任人")
    put_off_factor: Number = param(
        "factor on the chance that a stage is put off",
        "明确责任人后搁置概率的倍数",
        unit="1",
        source=ASSUMED,
        default=0.7,
        ge=0,
        le=1,
    )


class Urgency(Part):
    """Urgent projects are served before what is not (轻重缓急)."""

    on: Flag = switch("urgent projects first", "按轻重缓急办理", f"{ARTICLE}: 三、五、一 轻重缓急")
    days: Number = param(
        "for each grade above 1, a project stands in line so much earlier",
        "每高一级排队提前天数",
        unit="days",
        source=ASSUMED,
        default=5.0,
        ge=0,
        le=183,
    )


class Projects(Part):
    """The chain from break-down to acceptance, and the year's projects by class."""

    on: Flag = switch("target projects", "打包入库", CHAIN)
    classes: dict[Name, ProjectClass] = Field(default={}, max_length=12)
    hindrances: Hindrances = Hindrances()
    unit_checks: Checks = Checks()
    bureau_checks: Checks = Checks()
    owners: Owners = Owners()
    urgency: Urgency = Urgency()
    checked_at: Station | None = param(
        "where the bureau checks stages (if not given, where it accepts)",
        "县局督查岗位（未指定时为验收岗位）",
        unit="-",
        source=CHAIN,
        default=None,
    )
    break_down_role: Name = param(
        "who breaks the targets down (role of the same unit)",
        "层层分解承办岗位（本单位）",
        unit="-",
        source=f"{ARTICLE}: 三、五、一 层层分解落实责任",
        default="head",
    )
    break_down_minutes: Number = param(
        "breaking a target down",
        "每个项目分解时间",
        unit="minutes",
        source=ASSUMED,
        default=60.0,
        gt=0,
        le=10_000,
    )
    planned_share: Number = param(
        "share of the time up to the due date over which the stages are planned",
        "阶段安排所占的时间比例",
        unit="1",
        source=ASSUMED,
        default=0.8,
        ge=0,
        le=1,
    )
    midterm_share: Number = param(
        "share of the time up to the due date after which an early stage not yet done lags",
        "中期检查时点（占到期时间比例）",
        unit="1",
        source=CHAIN,
        default=0.5,
        ge=0,
        le=1,
    )
    supervision_days: Number = param(
        "supervision: by so much earlier a lagging stage stands in line (0 = no supervision)",
        "全程督查：滞后阶段排队提前天数（0为不督查）",
        unit="days",
        source=ASSUMED,
        default=20.0,
        ge=0,
        le=366,
    )
    accepted_at: Station | None = param(
        "where projects are accepted (if not given, by the head of the same unit)",
        "验收岗位（未指定时由本单位负责人验收）",
        unit="-",
        source=CHAIN,
        default=None,
    )
    acceptance_minutes: Number = param(
        "acceptance of a project",
        "每个项目验收时间",
        unit="minutes",
        source=ASSUMED,
        default=60.0,
        gt=0,
        le=10_000,
    )
    sent_back: Number = param(
        "chance that acceptance sends a project back",
        "验收退回的概率",
        unit="1",
        source=ASSUMED,
        default=0.15,
        ge=0,
        le=0.9,
    )
    rework_share: Number = param(
        "work of mending what was sent back, as a share of one stage",
        "整改工作量占一个阶段的比例",
        unit="1",
        source=ASSUMED,
        default=0.5,
        ge=0.01,
        le=5,
    )

    @property
    def followed(self) -> bool:
        """Whether the store of projects is kept by month: one of the rules of the chain is on."""
        rules = self.hindrances, self.unit_checks, self.bureau_checks, self.owners, self.urgency
        return self.on and any(rule.on for rule in rules)
