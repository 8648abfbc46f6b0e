"""What a score pays: schedules of assessment pay and bonus, the benefit of the doubt, and the reward fund."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from .part import ARTICLE, ASSUMED, Flag, Number, Part, Whole, param

SCORING = f"{ARTICLE}: 三、五、三"


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


class Gate(Part):
    """The benefit of the doubt: a score is lifted by the margin of its error, up to the threshold.

    So pay falls only by the points by which the upper end of the one-sided interval lies under the
    threshold. The error is that of `Noise`.
    """

    on: Flag = param(
        "deduct only what is not noise",
        "仅扣减显著低于门槛的部分",
        unit="-",
        source=ASSUMED,
        default=False,
    )
    confidence: Number = param(
        "confidence of the one-sided interval",
        "单侧置信水平",
        unit="1",
        source=ASSUMED,
        default=0.95,
        ge=0.5,
        lt=1,
    )


class RewardFund(Part):
    """The special reward fund 专项奖励资金 for the best units of the year 双十佳."""

    on: Flag = param(
        "there is a reward fund",
        "设立专项奖励资金",
        unit="-",
        source=f"{ARTICLE}: 三、五、三 设立专项奖励资金",
        default=False,
    )
    sum: Number = param(
        "sum of the fund",
        "专项奖励资金总额",
        unit="currency a year",
        source=ASSUMED,
        default=100_000.0,
        ge=0,
        le=100_000_000,
    )
    top_count: Whole = param(
        "units that are honoured",
        "表彰单位数（双十佳）",
        unit="units",
        source=f"{ARTICLE}: 三、四、一 双十佳",
        default=10,
        ge=1,
        le=2000,
    )
    among: Literal["certifiable", "all"] = param(
        "the contest is among offices that count for certification, or among all scored units",
        "评选范围（纳入达标创建的单位或全部有得分单位）",
        unit="-",
        source=f"{ARTICLE}: 三、四、一 双十佳",
        default="certifiable",
    )
    only_advanced: Flag = param(
        "units under the advanced-unit line are out of the contest",
        "低于综合先进单位门槛的不参评",
        unit="-",
        source=ASSUMED,
        default=False,
    )
    shared: Literal["equally", "by_score"] = param(
        "how the honoured units share the sum: equal parts, or in proportion to their scores",
        "资金在受表彰单位间的分配（均分或按得分比例）",
        unit="-",
        source=ASSUMED,
        default="equally",
    )


class Pay(Part):
    """Assessment pay and target bonus as functions of the unrounded score (article, part 3, measure 5, 3).

    By threshold and deduction, or by a `schedule` of corners, which may have jumps: cliff, slope, steps and
    smooth are all of this form (`sim.rules.schedule`).
    """

    basis: Literal["score", "rank"] = param(
        "pay follows the score, or the percentile of the rank among the units that the pay rule binds "
        "(of the middle of the rank: the best of 13 has 96.2); thresholds and schedules are then read as "
        "percentiles",
        "兑现依据（得分，或在适用单位中的名次百分位，取名次中值）",
        unit="-",
        source=ASSUMED,
        default="score",
    )

    full_pay_threshold: Number = param(
        "from this score on pay is full",
        "全额发放门槛",
        unit="points",
        source=f"{SCORING}: 95",
        ge=0,
        le=100,
        together=("bonus_threshold",),
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
    ceiling: Number = param(
        "share of assessment pay that is paid at most",
        "考核工资最高发放比例",
        unit="1",
        source=ASSUMED,
        default=2.0,
        ge="floor",
        le=2,
    )
    most_change: Number | None = param(
        "the share of assessment pay moves by at most so much from last year's, up or down; no bound without "
        "a year before",
        "考核工资发放比例较上年最多升降（无上年的不限）",
        unit="percentage points a year",
        source=ASSUMED,
        default=None,
        ge=0,
        le=200,
    )
    bonus_threshold: Number = param(
        "from this score on the target bonus is paid",
        "目标资金发放门槛",
        unit="points",
        source=f"{SCORING}: 95",
        ge=0,
        le=100,
        together=("full_pay_threshold",),
    )
    bonus_floor: Number = param(
        "share of the target bonus that is paid in any case",
        "目标资金最低发放比例",
        unit="1",
        source=ASSUMED,
        default=0.0,
        ge=0,
        le=1,
    )
    bonus_ceiling: Number = param(
        "share of the target bonus that is paid at most",
        "目标资金最高发放比例",
        unit="1",
        source=ASSUMED,
        default=2.0,
        ge="bonus_floor",
        le=2,
    )
    gate: Gate = Gate()
    reward_fund: RewardFund = RewardFund()
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
        if self.gate.on and self.basis == "rank":
            raise ValueError(
                "the 'gate' weighs a score against its noise, but pay follows the rank; set basis: score"
            )
        return self
