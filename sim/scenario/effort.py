"""How hard people work, and what they attend to: the parts of their answer that are planned over the year."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from .part import ARTICLE, ASSUMED, DEFINITION, Flag, Number, Part, param

MULTITASK = "Holmström and Milgrom 1991, Multitask principal-agent analyses"
IMBALANCE = f"{ARTICLE}: 二、一 工作失衡"


class Exertion(Part):
    """What effort costs and how far it can go; 1 is the usual effort."""

    cost: Number = param(
        "curvature of the cost of effort",
        "努力成本曲率",
        unit="years of pay per unit of effort squared",
        source=ASSUMED,
        default=3.0,
        gt=0,
        le=1000,
    )
    least: Number = param(
        "least effort, the usual = 1",
        "努力下限（通常=1）",
        unit="1",
        source=ASSUMED,
        default=0.85,
        gt=0,
        le=1,
    )
    most: Number = param(
        "greatest effort, the usual = 1",
        "努力上限（通常=1）",
        unit="1",
        source=ASSUMED,
        default=1.25,
        ge=1,
        le=3,
    )
    rush_share: Number = param(
        "share of the extra effort that is corner-cutting",
        "额外努力中赶工的比例",
        unit="1",
        source=ASSUMED,
        default=0.3,
        ge=0,
        le=1,
    )


Level = Annotated[Number, Field(gt=0, le=3)]


class Effort(Exertion):
    """How hard people work: where more score pays more, they work faster.

    Each month a unit chooses the effort for each kind that maximises the expected worth of the year-end
    score, less the cost of effort over the rest of the year. For equal efforts a year costs
    cost / 2 × (effort − 1)² years of pay.
    """

    on: Flag = param(
        "people work harder where it pays", "激励影响努力程度", unit="-", source=DEFINITION, default=False
    )
    foresight: Literal["dynamic", "plan"] = param(
        "people see the luck of the months as they pass and choose anew (backward induction), or keep to one "
        "effort for the rest of the year",
        "对年内走势的预见（逐月调整的动态规划，或全年余下时间保持同一努力）",
        unit="-",
        source=DEFINITION,
        default="dynamic",
    )
    points_per_effort: Number = param(
        "points of score gained in a year by working twice as hard (effort + 100 %), where the return is "
        "assumed, or before any year has taught it",
        "全年努力增加一倍可提高的得分（用于设定回报，或尚无经验之前）",
        unit="points per unit of effort",
        source=ASSUMED,
        default=40.0,
        ge=0,
        le=1000,
    )
    substitution: Number = param(
        "how far effort for one kind makes effort for others dearer: under 0 = cheaper (complements), "
        "0 = not at all, towards 1 = kinds are one (substitutes)",
        "各类事项间努力的替代程度（负=互补，0=互不影响，趋近1=完全替代）",
        unit="1",
        source=f"{MULTITASK}; size {ASSUMED}",
        default=0.43,
        ge=-0.99,
        le=0.99,
    )
    monthly_share: Number = param(
        "share of the way to the best effort that is gone in a month",
        "每月向最优努力调整的比例",
        unit="1",
        source=ASSUMED,
        default=1.0,
        gt=0,
        le=1,
    )
    levels: tuple[Level, ...] = param(
        "the efforts that people choose from (any, if left out)",
        "可选的努力水平（不填则不限）",
        unit="1",
        source=ASSUMED,
        default=(),
        max_length=20,
    )

    @model_validator(mode="after")
    def _rising(self):
        if self.levels and (list(self.levels) != sorted(set(self.levels)) or 1 not in self.levels):
            raise ValueError(
                "the 'levels' do not rise, or 1, the usual effort, is not among them; "
                "give for instance [1.0, 1.1]"
            )
        if any(not self.least <= level <= self.most for level in self.levels):
            raise ValueError("a level lies outside 'least' and 'most'; change the level or those bounds")
        return self


class Allocation(Part):
    """What people attend to: kinds that get less effort than the work as a whole are left lying.

    How effort goes to the kinds that count in the score follows from ``effort.substitution``.
    """

    on: Flag = param(
        "attention goes to what is assessed",
        "注意力向考核事项倾斜",
        unit="-",
        source=IMBALANCE,
        default=False,
    )
    strength: Number = param(
        "how far attention follows that balance",
        "注意力调整强度",
        unit="1",
        source=ASSUMED,
        default=1.0,
        ge=0,
        le=10,
    )
    floor: Number = param(
        "attention that a task keeps in any case",
        "最低注意力",
        unit="1",
        source=ASSUMED,
        default=0.3,
        gt=0,
        le=1,
    )
    duties: Flag = param(
        "standing duties that are not assessed are neglected as well",
        "未考核的经常性工作（巡查、整理等）同样被忽视",
        unit="-",
        source=IMBALANCE,
        default=True,
    )
    duty_hours: Flag = param(
        "standing duties are tasks of the plan: their hours cost effort, their points count, and hours not "
        "spent on them are hours of service",
        "经常性工作作为单独任务：所占工时计入努力成本，分值计入得分，省下的工时用于办件",
        unit="-",
        source=f"{IMBALANCE}; {MULTITASK}",
        default=False,
    )
