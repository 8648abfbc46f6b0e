"""Who works where: units and their kinds, roles, grades, and people named one by one or in groups."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, Strict, model_validator

from .counts import number_of
from .disciplines import Name as Discipline
from .part import ARTICLE, ASSUMED, DEFINITION, Flag, Name, Number, Part, Text, Whole, key, param
from .time import Shift, Week

Station = Annotated[str, Strict(), Field(pattern=r"^[a-z][a-z0-9_]{0,39}/[a-z][a-z0-9_]{0,39}$")]  # unit/role
PersonName = Annotated[str, Strict(), Field(min_length=1, max_length=60)]


class UnitType(Part):
    """The service rules of one type of unit: an office, a section, a hall."""

    title: Text
    discipline: Discipline = param(
        "which waiting request is next",
        "排队规则",
        unit="-",
        source=ASSUMED,
        default="first_come_first_served",
    )
    preemption: Literal["none", "resume", "restart", "resample"] = param(
        "what happens to the work under way when a request of higher priority arrives (class priority only)",
        "急件到达时在办件的处理（仅优先级排队）",
        unit="-",
        source=DEFINITION,
        default="none",
    )
    front_desk: Literal["one_window", "desk_per_kind"] = param(
        "front staff share one queue, or each keeps a desk for its kinds",
        "窗口组织方式（一窗口受理或分事项设台）",
        unit="-",
        source=f"{ARTICLE}: 三、四、二 一窗口受理",
        default="one_window",
    )
    preempted: Literal["last_begun", "first_begun"] = param(
        "which work of equal priority is interrupted",
        "同一优先级中被打断之件（最后开始者或最先开始者）",
        unit="-",
        source=DEFINITION,
        default="last_begun",
    )
    when_duty_ends: Literal["resume", "finish", "hand_over", "hand_over_restart", "restart"] = param(
        "what happens to work under way when duty ends: the same person resumes it, finishes it first "
        "(overtime), hands it over to colleagues who go on or start anew, or starts it anew",
        "下班时在办件的处理（续办、办完再走、移交续办、移交重办、重办）",
        unit="-",
        source=ASSUMED,
        default="resume",
    )
    places: Whole | None = param(
        "places to wait at the front desk; who would have to wait and finds none is turned away",
        "前台等候座位数（需等候而无座者不予受理）",
        unit="places",
        source=ASSUMED,
        default=None,
        ge=0,
        le=10_000,
    )
    tickets_a_day: Whole | None = param(
        "tickets of the front desk a day; who comes when they are gone is turned away",
        "前台每日放号数（号满者不予受理）",
        unit="tickets a day",
        source=ASSUMED,
        default=None,
        ge=1,
        le=100_000,
    )
    last_ticket_minutes: Number | None = param(
        "the front desk gives no tickets in the last so many minutes of the day: who comes then leaves, "
        "unless somebody is free",
        "前台于当日结束前若干分钟停止放号（此后来者除有空闲窗口外离开）",
        unit="minutes",
        source=ASSUMED,
        default=None,
        gt=0,
        le=600,
    )
    goes_home: Flag = param(
        "who still waits at the front desk when it closes goes home",
        "前台关门时仍在等候者离开",
        unit="-",
        source=ASSUMED,
        default=False,
    )
    scorecard: Name | None = param(
        "scorecard by which the unit is assessed", "适用的考核评分表", unit="-", source=ASSUMED, default=None
    )
    certifiable: Flag = param(
        "counts for certification and excellence",
        "纳入达标与优秀创建",
        unit="-",
        source=f"{ARTICLE}: 三、四、一 2个分局、13个国土所",
        default=False,
    )
    pay_bound: Flag = param(
        "the pay rule binds the unit's staff",
        "绩效工资规则适用于该类单位人员",
        unit="-",
        source=f"{ARTICLE}: 三、五、三 国土资源所",
        default=False,
    )


class Unit(Part):
    """A place with people: office 国土所, branch 分局, section 科室, hall 服务窗口."""

    type: Name = key("the type of the unit", "单位类型")
    title: Text
    discipline: Discipline | None = param(
        "which waiting request is next (instead of the type's)",
        "排队规则（替代类型设定）",
        unit="-",
        source=ASSUMED,
        default=None,
    )
    front_desk: Literal["one_window", "desk_per_kind"] | None = param(
        "window organisation (instead of the type's)",
        "窗口组织方式（替代类型设定）",
        unit="-",
        source=ASSUMED,
        default=None,
    )
    places: Whole | None = param(
        "places to wait at the front desk (instead of the type's)",
        "前台等候座位数（替代类型设定）",
        unit="places",
        source=ASSUMED,
        default=None,
        ge=0,
        le=10_000,
    )
    tickets_a_day: Whole | None = param(
        "tickets of the front desk a day (instead of the type's)",
        "前台每日放号数（替代类型设定）",
        unit="tickets a day",
        source=ASSUMED,
        default=None,
        ge=1,
        le=100_000,
    )


class Role(Part):
    """What people do: window, field, review, section head, leader."""

    title: Text
    front: Flag = param(
        "serves at the front desk", "是否前台窗口", unit="-", source=DEFINITION, default=False
    )


class Grade(Part):
    """A rank with its pay and leave."""

    title: Text
    base_pay: Number = param(
        "base pay", "基本工资", unit="currency a year", source=ASSUMED, ge=0, le=1_000_000
    )
    assessment_pay: Number = param(
        "assessment pay (the floating allowance)",
        "考核工资（浮动津贴）",
        unit="currency a year",
        source=ASSUMED,
        ge=0,
        le=1_000_000,
    )
    target_bonus: Number = param(
        "target bonus", "目标资金", unit="currency a year", source=ASSUMED, ge=0, le=1_000_000
    )
    leave_days: Whole = param(
        "annual leave",
        "年休假",
        unit="working days a year",
        source="职工带薪年休假条例 (2007) 第三条: 5, 10 or 15 days",
        ge=0,
        le=60,
    )

    @property
    def full_pay(self) -> float:
        """Base pay, assessment pay and target bonus, a year."""
        return self.base_pay + self.assessment_pay + self.target_bonus


class Staff(Part):
    """One person, or a group of the same unit, role and grade. The key is the person's or group's name."""

    unit: Name = key("the unit in which they work", "所在单位")
    role: Name = key("what they do", "岗位")
    grade: Name = key("their grade, which says pay and leave", "职级（决定工资与休假）")
    count: Whole = param("people", "人数", unit="people", source=ASSUMED, default=1, ge=0, le=500)
    names: tuple[PersonName, ...] = key("names of the people of the group", "人员姓名", default=())
    skills: Literal["all"] | tuple[Name, ...] = param(
        "matter kinds they can do", "能办事项", unit="-", source=ASSUMED, default="all"
    )
    also_serves: tuple[Station, ...] = param(
        "further stations served (unit/role)",
        "兼顾岗位（单位/岗位）",
        unit="-",
        source=ASSUMED,
        default=(),
        max_length=40,
    )
    speed: Number = param(
        "work done per hour on duty, standard staff = 1",
        "工作速度（标准人员=1）",
        unit="1",
        source=ASSUMED,
        default=1.0,
        gt=0.05,
        le=20,
    )
    share: Number = param(
        "part of a full post: of pay and study owed, and of each day's office hours, from the morning on "
        "(with 'week' or 'roster' the hours are those written)",
        "占全时岗位的比例（工资、应学时间及每日自上午起的工作时间；写明工时或排班者按所写）",
        unit="1",
        source=ASSUMED,
        default=1.0,
        ge=0.05,
        le=1,
    )
    week: Week | None = param(
        "own weekly hours instead of the office's",
        "个人每周工作时间",
        unit="hours of the day",
        source=ASSUMED,
        default=None,
    )
    roster: tuple[Shift, ...] | None = key("every stretch of duty, written out", "逐班排班表", default=None)

    @property
    def full_posts(self) -> float:
        """The people as posts of full time."""
        return self.count * self.share

    @model_validator(mode="after")
    def _coherent(self):
        if self.names and len(self.names) < self.count:
            raise ValueError(
                f"{number_of(len(self.names), 'name')} for "
                f"{number_of(self.count, 'person', 'people')}; give each a name, or none"
            )
        if len(set(self.names)) < len(self.names):
            raise ValueError("two people of the group have the same name; give each a name of their own")
        if self.roster is not None:
            ordered = sorted(self.roster, key=lambda shift: shift.start)
            for before, after in zip(ordered, ordered[1:], strict=False):
                if after.start < before.end:
                    raise ValueError(
                        f"the shifts from {before.start} and from {after.start} overlap; mend one"
                    )
        if self.roster is not None and self.week is not None:
            raise ValueError("both 'week' and 'roster' say when people are on duty; give one of the two")
        return self
