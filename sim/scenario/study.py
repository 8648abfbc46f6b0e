"""The study system beside its hours: what is missed, who is named, who competes, what training is chosen.

Article, part 3, measure 1 (以深化学习教育为着力点). All are off unless chosen.
"""

from __future__ import annotations

from .part import ARTICLE, ASSUMED, Flag, Number, Part, Whole, param

NAMED = f"{ARTICLE}: 三、一（二）对学习制度执行不力的单位和个人，实行系统内通报"
CHOSEN = f"{ARTICLE}: 三、一（三）对在学习上有特殊成效者…给予一定奖励"


class Missed(Part):
    """Self-study and articles compete with service: a sitting may be missed, made up later, or only entered.

    A sitting is missed with a chance that rises with the load of the unit. Its hours return to service.
    Lectures and integrity sessions are held for all, and nobody misses them.
    """

    on: Flag = param(
        "self-study can be missed",
        "自学可能落空",
        unit="-",
        source=f"{ARTICLE}: 三、一（二）学习监督机制",
        default=False,
    )
    usual: Number = param(
        "chance that a sitting is missed whatever the load",
        "与负荷无关的缺学概率",
        unit="1",
        source=ASSUMED,
        default=0.05,
        ge=0,
        le=0.5,
    )
    from_load: Number = param(
        "utilisation of the unit from which service comes before study",
        "业务挤占学习的起始负荷率",
        unit="1",
        source=ASSUMED,
        default=0.4,
        ge=0,
        lt=1,
    )
    most: Number = param(
        "further chance of missing it at full load",
        "满负荷时增加的缺学概率",
        unit="1",
        source=ASSUMED,
        default=0.5,
        ge=0,
        le=0.5,
    )
    postponed: Number = param(
        "share of what is missed that is made up in the next month",
        "缺学内容次月补学的比例",
        unit="1",
        source=ASSUMED,
        default=0.3,
        ge=0,
        le=1,
    )
    entered: Number = param(
        "share of the rest that the study record shows as done",
        "其余缺学被记为已学的比例",
        unit="1",
        source=ASSUMED,
        default=0.4,
        ge=0,
        le=1,
    )
    found: Number = param(
        "share of such entries that supervision of the records strikes out",
        "督查学习记录查出虚记的比例",
        unit="1",
        source=f"{ARTICLE}: 三、一（二）加大学习制度执行的督查力度",
        default=0.2,
        ge=0,
        le=1,
    )


class Notices(Part):
    """Every quarter the units and people are named whose recorded study of the quarter lies under a line.

    The line of units is `criticism_share` of the block `study`. Who is named misses less in the next quarter.
    """

    on: Flag = param(
        "units and people are named each quarter",
        "每季度通报单位和个人",
        unit="-",
        source=NAMED,
        default=False,
    )
    person_share: Number = param(
        "share of the study asked, under which a person is named",
        "个人被通报的学习完成率下限",
        unit="1",
        source=ASSUMED,
        default=0.75,
        ge=0,
        le=1,
    )
    after: Number = param(
        "factor on the chance of missing study in the quarter after",
        "通报后一季度缺学概率的倍数",
        unit="1",
        source=ASSUMED,
        default=0.5,
        ge=0,
        le=1,
    )


class Contest(Part):
    """Learning models 学习标兵 (双十佳): those with the best study record of the year are honoured and paid.

    A share of the people compete. They miss no study and study more in their own time.
    """

    on: Flag = param(
        "contest of learning models",
        "学习标兵评选",
        unit="-",
        source=f"{ARTICLE}: 三、四（一）争当“精细化管理学习标兵”",
        default=False,
    )
    top_count: Whole = param(
        "learning models a year",
        "每年学习标兵人数",
        unit="people",
        source=f"{ARTICLE}: 三、四（一）双十佳",
        default=10,
        ge=1,
        le=1000,
    )
    prize: Number = param(
        "reward of one", "每人奖励", unit="currency", source=CHOSEN, default=1000.0, ge=0, le=1_000_000
    )
    share: Number = param(
        "share of the people who compete at the usual prize",
        "按通常奖励参评的人员比例",
        unit="1",
        source=ASSUMED,
        default=0.2,
        ge=0,
        le=1,
    )
    usual_prize: Number = param(
        "prize for which that share holds",
        "该比例所对应的奖励",
        unit="currency",
        source=ASSUMED,
        default=1000.0,
        gt=0,
        le=1_000_000,
    )
    response: Number = param(
        "share of those who compete who do so for the prize",
        "因奖励而参评者所占比例",
        unit="1",
        source=ASSUMED,
        default=0.3,
        ge=0,
        le=1,
    )
    hours_a_month: Number = param(
        "study in their own time",
        "参评者每月业余学习时间",
        unit="hours",
        source=ASSUMED,
        default=4.0,
        ge=0,
        le=60,
    )
    article_hours: Number = param(
        "what an article counts in the contest, as hours of study",
        "一篇调研文章在评选中折合学习时间",
        unit="hours",
        source=ASSUMED,
        default=4.0,
        ge=0,
        le=100,
    )


class Needs(Part):
    """Training by what a person lacks (缺什么、补什么), instead of one course for all of a tier.

    A person lacks only a share of a common course, which the hours of training count as if it were average.
    By need all its hours teach something new. What each lacks is found out first, off service.
    """

    on: Flag = param(
        "training by what a person lacks",
        "按需培训",
        unit="-",
        source=f"{ARTICLE}: 三、一（一）缺什么、补什么",
        default=False,
    )
    lacked: Number = param(
        "share of a common course that a person lacks, mean",
        "统一课程中个人所缺内容的平均比例",
        unit="1",
        source=ASSUMED,
        default=0.65,
        ge=0.1,
        le=1,
    )
    spread: Number = param(
        "how far people differ in it, up and down, as a share of the mean",
        "该比例的个人差异（占均值，上下）",
        unit="1",
        source=ASSUMED,
        default=0.3,
        ge=0,
        le=0.9,
    )
    survey_hours: Number = param(
        "finding out what a person lacks, once a year",
        "每人每年训前测评时间",
        unit="hours",
        source=ASSUMED,
        default=1.0,
        ge=0,
        le=40,
    )
