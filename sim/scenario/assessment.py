"""How a year is judged: thresholds, ranks, the years that count, audits, and what is only noise."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from .counts import number_of
from .part import ARTICLE, ASSUMED, Flag, Name, Number, Part, Whole, param
from .pay import Pay, SchedulePoint
from .scorecard import Item, Scorecard

__all__ = ["Assessment", "Item", "Pay", "SchedulePoint", "Scorecard"]

SCORING = f"{ARTICLE}: 三、五、二"
Weight = Annotated[Number, Field(ge=0, le=100)]


class Rolling(Part):
    """What counts is the mean of the last years' scores; a year without a score is left out of it."""

    on: Flag = param("several years count together", "多年滚动考核", unit="-", source=ASSUMED, default=False)
    years: Whole = param(
        "years that count, this one included",
        "计入年数（含当年）",
        unit="years",
        source=ASSUMED,
        default=3,
        ge=1,
        le=5,
    )
    weights: tuple[Weight, ...] = param(
        "weights of the years, this one first (equal, if left out)",
        "各年权重（当年在前，不填则相等）",
        unit="1",
        source=ASSUMED,
        default=(),
        max_length=5,
    )
    of: Literal["score", "rank"] = param(
        "ranks follow the mean of the years' scores, or of the years' percentiles of rank",
        "名次依据（多年得分均值或多年名次百分位均值）",
        unit="-",
        source=ASSUMED,
        default="score",
    )

    @model_validator(mode="after")
    def _weighted(self):
        if self.weights and len(self.weights) != self.years:
            raise ValueError(
                f"{number_of(len(self.weights), 'weight')} for {number_of(self.years, 'year')}; give "
                "one for each year, or none"
            )
        if self.weights and not self.weights[0]:
            raise ValueError("this year's weight is 0, so its score would not count; give one above 0")
        return self


class Noise(Part):
    """How large the error of a score is held to be, by the rules that ask whether a difference is noise."""

    method: Literal["binomial", "queue", "given"] = param(
        "error of a score: from its cases as if independent, from its cases with the effect of queueing, or "
        "one number for all",
        "得分误差的估计（独立件二项、排队修正、统一给定）",
        unit="-",
        source=ASSUMED,
        default="binomial",
    )
    design_effect: Number = param(
        "variance of a yearly rate, independent cases = 1 (lateness clusters where there is a queue)",
        "年度比率方差的排队修正系数（独立件=1）",
        unit="1",
        source=ASSUMED,
        default=8.0,
        ge=1,
        le=1000,
    )
    standard_error: Number = param(
        "standard error of a score, where it is given",
        "给定的得分标准误",
        unit="points",
        source=ASSUMED,
        default=1.0,
        ge=0,
        le=50,
    )


class Distinct(Part):
    """The bottom counts only where it is told apart from the next unit above it."""

    on: Flag = param(
        "a unit is at the bottom only if its distance to the next is more than noise",
        "末位须与其上一名差异显著",
        unit="-",
        source=ASSUMED,
        default=False,
    )
    confidence: Number = param(
        "one-sided confidence of the difference",
        "差异的单侧置信水平",
        unit="1",
        source=ASSUMED,
        default=0.95,
        ge=0.5,
        lt=1,
    )


class Audits(Part):
    """Records are looked into: what is found to be recorded falsely is put right and costs points."""

    on: Flag = param("records are audited", "开展数据稽核", unit="-", source=ASSUMED, default=False)
    rate: Number = param(
        "share of the records that are audited",
        "稽核比例",
        unit="1",
        source=ASSUMED,
        default=0.05,
        ge=0,
        le=1,
    )
    penalty_points: Number = param(
        "points off the unit's score for each false record found",
        "每发现一件弄虚作假扣分",
        unit="points a case",
        source=ASSUMED,
        default=0.5,
        ge=0,
        le=100,
    )
    cap_points: Number = param(
        "most points that audits take off a year's score",
        "稽核全年扣分上限",
        unit="points",
        source=ASSUMED,
        default=10.0,
        ge=0,
        le=100,
    )


class Criticism(Part):
    """Public criticism 通报批评 costs points; who is criticised, the block `study` says."""

    on: Flag = param(
        "public criticism for missed study costs points",
        "因学习不力被通报的单位扣分",
        unit="-",
        source=f"{ARTICLE}: 三、一（二）实行系统内通报",
        default=False,
    )
    points: Number = param(
        "points off the score of a unit that is criticised",
        "被通报单位扣分",
        unit="points",
        source=ASSUMED,
        default=1.0,
        ge=0,
        le=100,
    )


class Assessment(Part):
    """Thresholds and ranks (article, part 3, measure 5, items 2 and 3; the aims of measure 4)."""

    scaling: Literal["none", "z_score", "rank_within_group"] = param(
        "how units with different scorecards are made comparable before they are ranked: not at all; in "
        "standard deviations from the mean of the units with the same scorecard; by percentile of rank "
        "among them",
        "不同评分表单位排名前的换算（不换算、组内标准分、组内名次百分位）",
        unit="-",
        source=ASSUMED,
        default="none",
    )
    thresholds: Literal["score", "rank"] = param(
        "the thresholds of titles are scores, or percentiles of rank (100 = best)",
        "各类门槛的含义（得分或名次百分位）",
        unit="-",
        source=ASSUMED,
        default="score",
    )

    advanced_threshold: Number = param(
        "under this a unit cannot be an advanced unit",
        "综合先进单位门槛",
        unit="points",
        source=f"{SCORING}: 95",
        ge=0,
        le=100,
    )
    promotion_threshold: Number = param(
        "under this its head cannot be promoted",
        "单位负责人提拔门槛",
        unit="points",
        source=f"{SCORING}: 90",
        ge=0,
        le="advanced_threshold",
    )
    bottom_count: Whole = param(
        "units at the bottom whose staff are moved",
        "末位单位数",
        unit="units",
        source=f"{SCORING}: 3",
        ge=0,
        le=100,
    )
    ties: Literal["all_tied_in", "all_tied_out", "more_overdue_in"] = param(
        "a tie at the edge of the bottom: all tied units are in, all are out, or those with more overdue "
        "cases are in",
        "末位并列时的处理（全部计入、全部不计、逾期多者计入）",
        unit="-",
        source=ASSUMED,
        default="more_overdue_in",
    )
    certified_threshold: Number = param(
        "score from which an office is certified",
        "单位达标分",
        unit="points",
        source=ASSUMED,
        ge=0,
        le="excellent_threshold",
    )
    certified_target: Number = param(
        "share of units to be certified",
        "达标单位目标比例",
        unit="1",
        source=f"{ARTICLE}: 三、四、一 全部创成 (15 of 15)",
        default=1.0,
        ge=0,
        le=1,
    )
    excellent_threshold: Number = param(
        "score from which an office counts as excellent",
        "单位优秀分",
        unit="points",
        source=ASSUMED,
        ge=0,
        le=100,
    )
    excellent_target: Number = param(
        "share of units to be excellent",
        "优秀单位目标比例",
        unit="1",
        source=f"{ARTICLE}: 三、四、一 30%以上",
        default=0.3,
        ge=0,
        le=1,
    )

    excellent_types: tuple[Name, ...] = param(
        "types of units of which the share of excellent ones is told; none named: all that count for "
        "certification",
        "计算优秀比例的单位类型（不填则为全部参加创建的单位）",
        unit="-",
        source=f"{ARTICLE}: 三、四、一 30%以上国土资源所",
        default=(),
    )

    rolling: Rolling = Rolling()
    noise: Noise = Noise()
    bottom_only_if_distinct: Distinct = Distinct()
    audits: Audits = Audits()
    criticism: Criticism = Criticism()

    @model_validator(mode="after")
    def _bounds(self):
        for name in ("advanced_threshold", "excellent_threshold"):
            if getattr(self, name) > 100:
                raise ValueError(f"'{name}' is above 100, which no unit can reach; lower it")
        return self
