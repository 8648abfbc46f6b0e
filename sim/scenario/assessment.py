"""How a year is judged: scorecards, thresholds, the pay schedule, and what follows for units and people."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from .part import ARTICLE, ASSUMED, Name, Number, Part, Text, Whole, param

Indicator = Literal[
    "on_time_rate", "time_against_limit", "return_rate", "overdue_rate", "study_rate", "marks"
]
SCORING = f"{ARTICLE}: 三、五、二 and 三"


class Item(Part):
    """One line of a scorecard: an indicator, its points, and how points are lost.

    ``proportional``: points × indicator (of ``return_rate`` and other bad ones: points × (1 − indicator)).
    ``target``: all points when the indicator reaches ``target``, a proportional part under it.
    ``deduction``: ``deduct`` points for each percentage point by which the indicator misses ``target``, at
    most all points.
    """

    title: Text
    indicator: Indicator = param("indicator", "指标", unit="-", source=ASSUMED)
    points: Number = param("points", "分值", unit="points", source=ASSUMED, gt=0, le=100)
    rule: Literal["proportional", "target", "deduction"] = param(
        "how points are lost", "计分方法", unit="-", source=ASSUMED
    )
    target: Number | None = param(
        "target of the indicator", "指标目标值", unit="1", source=ASSUMED, default=None, ge=0, le=1
    )
    deduct: Number | None = param(
        "points lost for each percentage point short of the target",
        "每差一个百分点扣分",
        unit="points a percentage point",
        source=ASSUMED,
        default=None,
        ge=0,
        le=100,
    )
    sample: Whole | None = param(
        "cases looked at by the inspection (all, if left out)",
        "抽查件数（不填则全查）",
        unit="cases a year",
        source=ASSUMED,
        default=None,
        ge=1,
        le=100_000,
    )
    marks_mean: Number | None = param(
        "mean of the subjective marks", "主观评分均值", unit="1", source=ASSUMED, default=None, ge=0, le=1
    )
    marks_sd: Number = param(
        "spread of the subjective marks of one year",
        "主观评分标准差",
        unit="1",
        source=ASSUMED,
        default=0.0,
        ge=0,
        le=0.5,
    )

    @model_validator(mode="after")
    def _complete(self):
        if self.rule != "proportional" and self.target is None:
            raise ValueError(f"the rule '{self.rule}' needs a 'target'; add it")
        if self.rule == "target" and not self.target:
            raise ValueError("the target is 0, which everybody reaches; give one above 0")
        if (self.rule == "deduction") != (self.deduct is not None):
            raise ValueError(
                "'deduct' goes with the rule 'deduction', and only with it; add it or leave it out"
            )
        if (self.indicator == "marks") != (self.marks_mean is not None):
            raise ValueError("'marks_mean' goes with the indicator 'marks' only; add it or leave it out")
        if self.sample is not None and self.indicator not in ("on_time_rate", "return_rate"):
            raise ValueError(f"'{self.indicator}' is not counted case by case; leave 'sample' out")
        return self


class Scorecard(Part):
    """The items by which one group of units is scored; their points sum to 100."""

    title: Text
    items: dict[Name, Item] = Field(min_length=1, max_length=30)

    @model_validator(mode="after")
    def _hundred(self):
        total = sum(item.points for item in self.items.values())
        if abs(total - 100) > 1e-9:
            raise ValueError(f"the points of the items sum to {total:g}; they must sum to 100")
        return self


class Assessment(Part):
    """Thresholds and ranks (article, part 3, measure 5, items 2 and 3; the aims of measure 4)."""

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
        "精细化管理国土资源所达标分",
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
        "优秀国土资源所达标分",
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

    @model_validator(mode="after")
    def _bounds(self):
        for name in ("advanced_threshold", "excellent_threshold"):
            if getattr(self, name) > 100:
                raise ValueError(f"'{name}' is above 100, which no unit can reach; lower it")
        return self


class SchedulePoint(Part):
    """One corner of a pay schedule."""

    score: Number = param("score", "得分", unit="points", source=ASSUMED, ge=0, le=100)
    share: Number = param(
        "share of the pay from this score on", "自此得分起的发放比例", unit="1", source=ASSUMED, ge=0, le=2
    )
    jump_to: Number | None = param(
        "the share jumps to this at the score itself",
        "达到该分时跳升至",
        unit="1",
        source=ASSUMED,
        default=None,
        ge=0,
        le=2,
    )


class Pay(Part):
    """Assessment pay and target bonus as functions of the unrounded score (article, part 3, measure 5, 3)."""

    full_pay_threshold: Number = param(
        "from this score on pay is full", "全额发放门槛", unit="points", source=f"{SCORING}: 95", ge=0, le=100
    )
    deduction_per_point: Number = param(
        "share of assessment pay lost for each point under the threshold",
        "每低一分下浮比例",
        unit="% of assessment pay a point",
        source=f"{SCORING}: 1 %",
        ge=0,
        le=100,
    )
    points_counted: Literal["fraction", "whole_started", "whole_completed"] = param(
        "'each point less' counts fractions, whole points begun, or whole points completed",
        "“每递减一个百分点”的计法",
        unit="-",
        source=ASSUMED,
        default="fraction",
    )
    floor: Number = param(
        "share of assessment pay that stays in any case",
        "考核工资最低发放比例",
        unit="1",
        source=f"{SCORING}: 直至扣完 (0)",
        default=0.0,
        ge=0,
        le=1,
    )
    bonus_threshold: Number = param(
        "from this score on the target bonus is paid",
        "目标资金发放门槛",
        unit="points",
        source=f"{SCORING}: 95",
        ge=0,
        le=100,
    )
    schedule: tuple[SchedulePoint, ...] | None = Field(default=None, max_length=40)
    bonus_schedule: tuple[SchedulePoint, ...] | None = Field(default=None, max_length=40)

    @model_validator(mode="after")
    def _rising(self):
        for name in ("schedule", "bonus_schedule"):
            points = getattr(self, name)
            if points is not None and [point.score for point in points] != sorted(
                {point.score for point in points}
            ):
                raise ValueError(
                    f"the scores of '{name}' do not rise; put the corners in order, each score once"
                )
            if points is not None and not points:
                raise ValueError(f"'{name}' has no points; leave it out to pay by threshold and deduction")
        return self
