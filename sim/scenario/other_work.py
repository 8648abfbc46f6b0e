"""Work that is no request: study, training, standing duties."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from .part import ARTICLE, ASSUMED, Flag, Name, Number, Part, Text, Whole, key, param
from .service_rules import AllOr
from .study import Contest, Missed, Needs, Notices
from .time import Clock, Week, Weekday


class WeeklySlot(Part):
    """A weekly appointment."""

    weekday: Weekday = param("weekday", "星期", unit="-", source=ASSUMED)
    at: Clock = param("starts at", "开始时刻", unit="time of day", source=ASSUMED)


class Award(Part):
    """A degree or certificate that people may earn in a year, and its reward (以奖代补)."""

    title: Text
    roles: tuple[Name, ...] | Literal["all"] = param(
        "roles in which it is earned", "适用岗位", unit="-", source=ASSUMED, default="all"
    )
    chance: Number = param(
        "chance that a person earns it in a year", "每人每年取得的概率", unit="1", source=ASSUMED, ge=0, le=1
    )
    reward: Number = param(
        "reward",
        "奖励金额",
        unit="currency",
        source=f"{ARTICLE}: 三、一（三）以奖代补",
        default=0.0,
        ge=0,
        le=1_000_000,
    )
    usual_reward: Number | None = param(
        "reward for which the chance holds (if not given, the reward itself)",
        "取得概率所对应的奖励（未指定时即现行奖励）",
        unit="currency",
        source=ASSUMED,
        default=None,
        gt=0,
        le=1_000_000,
    )
    response: Number = param(
        "share of those who earn it who do so for the reward",
        "因奖励而取得者所占比例",
        unit="1",
        source=ASSUMED,
        default=0.0,
        ge=0,
        le=1,
    )
    knowledge_hours: Number = param(
        "knowledge it brings, as hours of study",
        "相当于学习时间",
        unit="hours",
        source=ASSUMED,
        default=0.0,
        ge=0,
        le=5000,
    )


class Study(Part):
    """Study takes people off service where it is placed (article, part 3, measure 1)."""

    weekly_hours: Number = param(
        "weekly study",
        "每周自学时间",
        unit="hours",
        source=f"{ARTICLE}: 三、一（二）每周自学不少于2小时",
        ge=0,
        le=10,
    )
    slots: tuple[WeeklySlot, ...] = param(
        "where weekly study is put", "自学安排时段", unit="-", source=ASSUMED, default=(), max_length=10
    )
    staggered: Flag = param(
        "people take the slots in turn instead of all studying in the first",
        "错峰学习（各人轮流使用时段）",
        unit="-",
        source=ASSUMED,
        default=False,
    )
    lectures_a_year: Whole = param(
        "lectures a year",
        "每年学术讲座次数",
        unit="times a year",
        source=f"{ARTICLE}: 三、一（一）不少于四次",
        default=0,
        ge=0,
        le=52,
    )
    lecture_hours: Number = param(
        "length of a lecture", "每次讲座时长", unit="hours", source=ASSUMED, default=2.0, ge=0.1, le=8
    )
    integrity_sessions_a_year: Whole = param(
        "integrity education sessions a year",
        "每年廉政教育次数",
        unit="times a year",
        source=f"{ARTICLE}: 三、一（一）不少于两次",
        default=0,
        ge=0,
        le=52,
    )
    integrity_hours: Number = param(
        "length of an integrity session",
        "每次廉政教育时长",
        unit="hours",
        source=ASSUMED,
        default=2.0,
        ge=0.1,
        le=8,
    )

    article_hours_a_quarter: Number = param(
        "writing a research article, each quarter",
        "每季度撰写调研文章时间",
        unit="hours",
        source=f"{ARTICLE}: 三、一（二）每季度调研文章不少于一篇",
        default=0.0,
        ge=0,
        le=80,
    )
    article_session_hours: Number = param(
        "of it at a sitting, at the end of a working day",
        "每次撰写时长（下班前）",
        unit="hours",
        source=ASSUMED,
        default=2.0,
        ge=0.1,
        le=8,
    )
    criticism_share: Number = param(
        "public criticism: share of the study asked, under which a unit is named (0 = never)",
        "系统内通报的学习完成率下限（0为不通报）",
        unit="1",
        source=f"{ARTICLE}: 三、一（二）对学习制度执行不力的单位和个人，实行系统内通报",
        default=0.0,
        ge=0,
        le=1,
    )
    missed: Missed = Missed()
    notices: Notices = Notices()
    contest: Contest = Contest()
    needs: Needs = Needs()

    @model_validator(mode="after")
    def _placed(self):
        if self.weekly_hours > 0 and not self.slots:
            raise ValueError("weekly study is put nowhere; give 'slots' at least one weekday and time")
        return self


class Training(Part):
    """Tiered training 分级培训: whole days off service a year, for the roles of one tier."""

    title: Text
    roles: tuple[Name, ...] = key("the roles whose people take part", "参加人员的岗位")
    days_a_year: Whole = param(
        "training days a year", "每年培训天数", unit="working days a year", source=ASSUMED, ge=0, le=60
    )
    months: tuple[Annotated[Whole, Field(ge=1, le=12)], ...] = param(
        "months in which it is put (none given: any month)",
        "培训安排月份（未指定时为任意月份）",
        unit="month",
        source=f"{ARTICLE}: 三、一（一）年初排出学习培训计划",
        default=(),
        max_length=12,
    )


class Duty(Part):
    """A standing duty: hours at which a role does not serve.

    Patrol 巡查, land consolidation 土地开发整理, peer visits 家家到.
    """

    title: Text
    roles: tuple[Name, ...] = key("the roles whose people take part", "参加人员的岗位")
    units: AllOr = param("units whose people have it", "承担单位", unit="-", source=ASSUMED, default="all")
    week: Week = param("hours of the duty by weekday", "每周时段", unit="hours of the day", source=ASSUMED)
    can_be_cut: Flag = param(
        "people who respond cut it short where it is not assessed",
        "未列入考核时会被压缩",
        unit="-",
        source=ASSUMED,
        default=True,
    )
    every_weeks: Whole = param(
        "it comes round every so many weeks",
        "每隔几周一次",
        unit="weeks",
        source=ASSUMED,
        default=1,
        ge=1,
        le=104,
    )
    first_week: Whole = param(
        "week, from the one of the first day, in which it comes first (1 = that week)",
        "首次所在周（1为起始周）",
        unit="week",
        source=ASSUMED,
        default=1,
        ge=1,
        le=104,
    )

    def is_of(self, unit: str, role: str) -> bool:
        """Return whether people of a unit and role have it."""
        return role in self.roles and (self.units == "all" or unit in self.units)
