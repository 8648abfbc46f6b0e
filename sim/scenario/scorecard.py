"""By which items units are scored, and how points are lost."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from .indicators import INDICATORS, names
from .indicators import Name as IndicatorName
from .part import ASSUMED, Name, Number, Part, Text, Whole, key, param


class Item(Part):
    """One line of a scorecard: an indicator, its points, and how points are lost.

    ``proportional``: points × indicator (of ``return_rate`` and other bad ones: points × (1 − indicator)).
    ``target``: all points when the indicator reaches ``target``, a proportional part under it.
    ``deduction``: ``deduct`` points for each percentage point by which the indicator misses ``target``.
    ``per_case``: ``deduct_per_case`` points for each late case, return, error or complaint.

    Whatever the rule, no less than ``floor`` and no more than ``cap`` is given. With ``kinds`` only cases of
    these kinds count, with ``limit`` only those that have this further time limit. An item of some kinds or
    of such a limit, of projects or of petitions is left out for a unit that had none of them due, and its
    other items are scaled up to 100 points.
    """

    title: Text
    indicator: IndicatorName = param("indicator", "指标", unit="-", source=ASSUMED)
    points: Number = param("points", "分值", unit="points", source=ASSUMED, gt=0, le=100)
    kinds: tuple[Name, ...] = key(
        "only cases of these kinds count; all if left out", "仅计这些事项（不填则全部）", default=()
    )
    limit: Name | None = param(
        "only cases with this further time limit count, by when it runs out (the committed one if left out)",
        "按此名称的时限计（不填则按承诺时限）",
        unit="-",
        source=ASSUMED,
        default=None,
    )
    rule: Literal["proportional", "target", "deduction", "per_case"] = param(
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
    deduct_per_case: Number | None = param(
        "points lost for each case found wanting",
        "每件扣分",
        unit="points a case",
        source=ASSUMED,
        default=None,
        ge=0,
        le=100,
    )
    floor: Number = param(
        "points kept in any case; under 0, more is lost than the item is worth",
        "该项最低得分（负数表示可倒扣分）",
        unit="points",
        source=ASSUMED,
        default=0.0,
        ge=-100,
        le="points",
    )
    cap: Number | None = param(
        "most points given (all, if left out)",
        "该项最高得分（不填则为满分）",
        unit="points",
        source=ASSUMED,
        default=None,
        ge="floor",
        le="points",
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
    usual: Number | None = param(
        "pace of work at the usual effort, as a share of what is planned",
        "通常努力下的工作进度（占计划比例）",
        unit="1",
        source=ASSUMED,
        default=None,
        ge=0,
        le=2,
    )
    gain: Number | None = param(
        "pace gained by working twice as hard (effort + 100 %)",
        "努力增加一倍可提高的进度",
        unit="1 per unit of effort",
        source=ASSUMED,
        default=None,
        ge=0,
        le=10,
    )
    months_sd: Number = param(
        "spread of the year's pace by the luck of the months",
        "各月偶然因素引起的全年进度标准差",
        unit="1",
        source=ASSUMED,
        default=0.0,
        ge=0,
        le=0.5,
    )
    marks_sd: Number = param(
        "spread of the subjective marks of one year, or of how a pace is measured",
        "主观评分（或进度测量）标准差",
        unit="1",
        source=ASSUMED,
        default=0.0,
        ge=0,
        le=0.5,
    )
    marks_shape: Literal["normal", "uniform"] = param(
        "distribution of these marks", "评分误差的分布", unit="-", source=ASSUMED, default="normal"
    )

    @model_validator(mode="after")
    def _complete(self):
        if self.rule in ("target", "deduction") and self.target is None:
            raise ValueError(f"the rule '{self.rule}' needs a 'target'; add it")
        if self.rule == "target" and not self.target:
            raise ValueError("the target is 0, which everybody reaches; give one above 0")
        for name, rule in (("deduct", "deduction"), ("deduct_per_case", "per_case")):
            if self.rule == rule and getattr(self, name) is None:
                raise ValueError(f"the rule '{rule}' needs '{name}'; add it")
            if self.rule != rule and getattr(self, name) is not None:
                raise ValueError(f"'{name}' goes with the rule '{rule}' only; leave it out")
        indicator, opinions = INDICATORS[self.indicator], names(of="opinion")
        if self.rule == "per_case" and not indicator.per_case:
            raise ValueError(
                f"'{self.indicator}' has no cases to deduct for; take one of "
                f"{', '.join(names(per_case=True))}, or another rule"
            )
        if indicator.of == "opinion" and self.marks_mean is None:
            raise ValueError(f"the indicator '{self.indicator}' needs 'marks_mean'; add it")
        if indicator.of != "opinion" and self.marks_mean is not None:
            raise ValueError(f"'marks_mean' goes with {' and '.join(map(repr, opinions))} only; leave it out")
        for name in ("usual", "gain"):
            if indicator.of == "work" and getattr(self, name) is None:
                raise ValueError(f"the indicator '{self.indicator}' needs '{name}'; add it")
            if indicator.of != "work" and getattr(self, name) is not None:
                raise ValueError(f"'{name}' goes with 'pace' only; leave it out")
        if self.months_sd and indicator.of != "work":
            raise ValueError("'months_sd' goes with 'pace' only; leave it out")
        if self.marks_sd and indicator.of not in ("opinion", "work"):
            raise ValueError(f"'{self.indicator}' is counted and not marked; leave 'marks_sd' out")
        if self.sample is not None and not indicator.sampled:
            raise ValueError(f"'{self.indicator}' is not counted case by case; leave 'sample' out")
        if self.kinds and indicator.of not in ("cases", "work"):
            raise ValueError(f"'{self.indicator}' is not of cases of some kind; leave 'kinds' out")
        if self.limit is not None and (indicator.of != "cases" or indicator.only == "projects"):
            raise ValueError(
                f"'{self.indicator}' is not of cases with a time limit of their own; leave 'limit' out"
            )
        if indicator.only == "kinds" and not self.kinds:
            raise ValueError(f"'{self.indicator}' is of no kind; name the petitions' kinds in 'kinds'")
        return self


class Scorecard(Part):
    """The items by which one group of units is scored; their points sum to 100."""

    title: Text
    items: dict[Name, Item] = key("the items, by name", "考核项", min_length=1, max_length=30)

    @model_validator(mode="after")
    def _hundred(self):
        total = sum(item.points for item in self.items.values())
        if abs(total - 100) > 1e-9:
            raise ValueError(f"the points of the items sum to {total:g}; they must sum to 100")
        return self
