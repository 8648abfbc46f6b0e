"""How people answer to incentives: what a study's behaviours `responsive` and `learning` go by."""

from __future__ import annotations

from .gaming import Recording, Timing
from .part import ARTICLE, ASSUMED, DEFINITION, Flag, Number, Part, param

MULTITASK = "Holmström and Milgrom 1991, Multitask principal-agent analyses"
RATCHET = "Weitzman 1980, The 'ratchet principle' and performance incentives"
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


class Effort(Exertion):
    """How hard people work: where more score pays more, they work faster.

    Effort costs cost / 2 × (effort − 1)² years of pay; it moves from month to month towards the best.
    """

    on: Flag = param(
        "people work harder where it pays", "激励影响努力程度", unit="-", source=DEFINITION, default=False
    )
    points_per_effort: Number = param(
        "points of score gained in a year by working twice as hard (effort + 100 %)",
        "全年努力增加一倍可提高的得分",
        unit="points per unit of effort",
        source=ASSUMED,
        default=40.0,
        ge=0,
        le=100,
    )
    monthly_share: Number = param(
        "share of the way to the best effort that is gone in a month",
        "每月向最优努力调整的比例",
        unit="1",
        source=ASSUMED,
        default=0.5,
        gt=0,
        le=1,
    )


class Allocation(Part):
    """What people attend to: effort goes to the kinds that count in the score (multitasking).

    The cost of effort has a part for each task and a part for the hours of all. The greater the latter
    (``substitution``), the more an assessed kind draws from the others.
    """

    on: Flag = param(
        "attention goes to what is assessed",
        "注意力向考核事项倾斜",
        unit="-",
        source=IMBALANCE,
        default=False,
    )
    substitution: Number = param(
        "how much effort for one task makes effort for others dearer: 0 = not at all, 1 = tasks are one",
        "各项工作间努力的替代程度",
        unit="1",
        source=f"{MULTITASK}; size {ASSUMED}",
        default=0.6,
        ge=0,
        le=0.99,
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


class CareerValues(Part):
    """What titles and posts are worth to those who decide how a unit works, in shares of a year's pay."""

    promotion: Number = param(
        "worth of reaching the score under which the head cannot be promoted",
        "达到负责人提拔门槛的价值",
        unit="years of pay",
        source=ASSUMED,
        default=0.1,
        ge=0,
        le=10,
    )
    advanced: Number = param(
        "worth of reaching the score from which a unit can be an advanced unit",
        "达到综合先进单位门槛的价值",
        unit="years of pay",
        source=ASSUMED,
        default=0.02,
        ge=0,
        le=10,
    )
    bottom: Number = param(
        "loss by being among the bottom units",
        "末位单位的损失",
        unit="years of pay",
        source=ASSUMED,
        default=0.2,
        ge=0,
        le=10,
    )


class Ratchet(Part):
    """People hold back because next year's target rises with this year's score.

    Fisman and Wang 2017 find no such thing in China's death ceilings, so it is off unless chosen.
    """

    on: Flag = param(
        "people hold back lest targets rise",
        "棘轮效应（怕“鞭打快牛”）",
        unit="-",
        source=RATCHET,
        default=False,
    )
    kappa: Number = param(
        "share of this year's excess by which they expect next year's target to rise",
        "预期下年目标上调比例",
        unit="1",
        source=ASSUMED,
        default=0.3,
        ge=0,
        le=1,
    )
    discount: Number = param(
        "discount rate of later years", "贴现率", unit="1 a year", source=ASSUMED, default=0.1, gt=0, le=10
    )


class Responsive(Part):
    """People who know the rules and answer to what the next point of score pays."""

    strength: Number = param(
        "how strongly people answer, 0 = not at all",
        "反应强度（0=无反应）",
        unit="1",
        source=ASSUMED,
        default=1.0,
        ge=0,
        le=10,
    )
    risk_aversion: Number = param(
        "relative risk aversion, 0 = only the mean of pay counts",
        "相对风险厌恶系数",
        unit="1",
        source=ASSUMED,
        default=0.0,
        ge=0,
        le=20,
    )
    least_spread: Number = param(
        "spread of the year-end score that people always reckon with",
        "得分预期的最小标准差",
        unit="points",
        source=ASSUMED,
        default=0.5,
        gt=0,
        le=50,
    )
    effort: Effort = Effort()
    allocation: Allocation = Allocation()
    timing: Timing = Timing()
    recording: Recording = Recording()
    careers: CareerValues = CareerValues()
    ratchet: Ratchet = Ratchet()


class Learning(Exertion):
    """People who know no schedule: each year they try another effort and keep what paid."""

    step: Number = param(
        "how far the effort of a year departs from that of the year before",
        "每年试探的努力变化幅度",
        unit="1",
        source=ASSUMED,
        default=0.06,
        gt=0,
        le=1,
    )


class Forecast(Part):
    """How a unit sees where its year is heading, from the cases of the year so far."""

    spread: Number = param(
        "spread of what a whole year can still change in the score",
        "全年得分不确定性（标准差）",
        unit="points",
        source=ASSUMED,
        default=2.5,
        gt=0,
        le=50,
    )
    prior_share: Number = param(
        "weight of last year's score beside the year so far, in shares of a year",
        "上年得分的权重（折合年数）",
        unit="years",
        source=ASSUMED,
        default=0.15,
        gt=0,
        le=10,
    )


class Behaviour(Part):
    """How people answer to incentives, for the behaviours that a study can choose beside `mechanical`."""

    forecast: Forecast = Forecast()
    neglect_days: Number = param(
        "how long matters without any attention are left lying for others that come later",
        "完全不受重视的事项被搁置的天数",
        unit="days",
        source=ASSUMED,
        default=10.0,
        ge=0,
        le=365,
    )
    responsive: Responsive = Responsive()
    learning: Learning = Learning()
