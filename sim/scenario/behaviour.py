"""How people answer to incentives: what a study's behaviours `responsive` and `learning` go by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import create_model

from .effort import Allocation, Effort, Exertion
from .gaming import Recording, Timing
from .part import ASSUMED, DEFINITION, Flag, Name, Number, Part, Whole, param

RATCHET = "Weitzman 1980, The 'ratchet principle' and performance incentives"


class CareerValues(Part):
    """What titles and posts are worth to those who decide how a unit works, in shares of a year's pay."""

    promotion: Number = param(
        "worth of reaching the score under which the head cannot be promoted, without two ladders",
        "达到负责人提拔门槛的价值（未实行两级提拔时）",
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
    certified: Number = param(
        "worth of being certified, to offices that count for it",
        "达标创成的价值",
        unit="years of pay",
        source=ASSUMED,
        default=0.0,
        ge=0,
        le=10,
    )
    excellent: Number = param(
        "worth of being excellent beyond that, to offices that count for it",
        "评为优秀的价值（达标之外）",
        unit="years of pay",
        source=ASSUMED,
        default=0.0,
        ge=0,
        le=10,
    )
    top: Number = param(
        "worth of being among the units that the reward fund honours, beside the money",
        "入选双十佳的荣誉价值（奖金之外）",
        unit="years of pay",
        source=ASSUMED,
        default=0.0,
        ge=0,
        le=10,
    )
    county: Number = param(
        "worth, to each office that counts for it, of the bureau meeting its target of certified offices",
        "全局实现达标目标的价值（对每个参加创建的单位）",
        unit="years of pay",
        source=ASSUMED,
        default=0.0,
        ge=0,
        le=10,
    )
    to_head: Number = param(
        "worth of a clerk's promotion to head, with two ladders",
        "办事员提拔为中层干部的价值（两级提拔）",
        unit="years of pay",
        source=ASSUMED,
        default=2.0,
        ge=0,
        le=50,
    )
    to_city: Number = param(
        "worth of a head's promotion to the city bureau, with two ladders",
        "中层干部提拔为副科级的价值（两级提拔）",
        unit="years of pay",
        source=ASSUMED,
        default=2.0,
        ge=0,
        le=50,
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


class OwnPeople(Part):
    """How one unit departs from the others."""

    strength: Number = param(
        "strength of response, all units = 1",
        "反应强度（各单位=1）",
        unit="1",
        source=ASSUMED,
        default=1.0,
        ge=0,
        le=10,
    )
    cost: Number = param(
        "cost of effort, all units = 1",
        "努力成本（各单位=1）",
        unit="1",
        source=ASSUMED,
        default=1.0,
        gt=0,
        le=10,
    )
    gain: Number = param(
        "believed return to effort, all units = 1",
        "认定的努力回报（各单位=1）",
        unit="1",
        source=ASSUMED,
        default=1.0,
        ge=0,
        le=10,
    )


class People(Part):
    """How units differ in their response; drawn by unit from a stream of their own."""

    not_responding: Number = param(
        "share of units that do not respond",
        "不作反应的单位比例",
        unit="1",
        source=ASSUMED,
        default=0.0,
        ge=0,
        le=1,
    )
    strength_spread: Number = param(
        "strength of response lies up to so far from the mean, as a share of it",
        "各单位反应强度的相对浮动",
        unit="1",
        source=ASSUMED,
        default=0.0,
        ge=0,
        le=1,
    )
    cost_spread: Number = param(
        "cost of effort lies up to so far from the mean, as a share of it",
        "各单位努力成本的相对浮动",
        unit="1",
        source=ASSUMED,
        default=0.0,
        ge=0,
        lt=1,
    )
    gain_spread: Number = param(
        "believed return lies up to so far from what it is, as a share of it",
        "各单位认定回报的相对偏差",
        unit="1",
        source=ASSUMED,
        default=0.0,
        ge=0,
        le=1,
    )
    by_unit: dict[Name, OwnPeople] = {}


class StudyAnswer(Part):
    """Study is missed, or only entered, by what it is worth to the unit.

    Missing it gives the hours to service, whose points the unit believes in by its return to effort. It costs
    the points of study that the record does not show.
    """

    on: Flag = param(
        "people miss study, or enter it falsely, by what a point is worth",
        "按分数价值取舍学习",
        unit="-",
        source=ASSUMED,
        default=False,
    )
    sensitivity: Number = param(
        "change of both chances for each % of a year's pay that they bring",
        "每1%年收入引起的缺学与虚记概率变化",
        unit="1 per % of a year's pay",
        source=ASSUMED,
        default=0.02,
        ge=0,
        le=1,
    )


class DisciplineAnswer(Part):
    """Breaches of discipline are spared by what a percentage point of discipline is worth to the unit."""

    on: Flag = param(
        "people keep discipline where it is scored",
        "考核纪律时违纪减少",
        unit="-",
        source=ASSUMED,
        default=False,
    )
    sensitivity: Number = param(
        "share of the usual breaches spared for each % of a year's pay that a percentage point is worth",
        "纪律指标每个百分点值1%年收入时减少的违纪比例",
        unit="1 per % of a year's pay",
        source=ASSUMED,
        default=0.5,
        ge=0,
        le=10,
    )
    most: Number = param(
        "greatest share of the breaches that can be spared",
        "违纪最多可减少的比例",
        unit="1",
        source=ASSUMED,
        default=0.7,
        ge=0,
        le=1,
    )


class ProjectsAnswer(Part):
    """Projects are put off less often, by what it is worth to the unit that all are accepted in time."""

    on: Flag = param(
        "people put projects off less where their acceptance is scored",
        "考核项目验收时项目推后减少",
        unit="-",
        source=ASSUMED,
        default=False,
    )
    sensitivity: Number = param(
        "share of rounds put off that is spared for each % of a year's pay that all projects are worth",
        "全部项目按期验收每值1%年收入时减少的推后比例",
        unit="1 per % of a year's pay",
        source=ASSUMED,
        default=0.08,
        ge=0,
        le=10,
    )
    most: Number = param(
        "greatest share of the rounds put off that can be spared",
        "推后最多可减少的比例",
        unit="1",
        source=ASSUMED,
        default=0.7,
        ge=0,
        le=1,
    )


class Responsive(Part):
    """People who know the rules and their own office, and plan the year."""

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
    discount: Number = param(
        "discount rate of later years", "贴现率", unit="1 a year", source=ASSUMED, default=0.1, gt=0, le=10
    )
    effort: Effort = Effort()
    allocation: Allocation = Allocation()
    timing: Timing = Timing()
    recording: Recording = Recording()
    study: StudyAnswer = StudyAnswer()
    discipline: DisciplineAnswer = DisciplineAnswer()
    projects: ProjectsAnswer = ProjectsAnswer()
    careers: CareerValues = CareerValues()
    ratchet: Ratchet = Ratchet()
    people: People = People()

    @property
    def plans_effort(self) -> bool:
        """Whether people plan an effort: to make it, or to divide their attention by it."""
        return self.effort.on or self.allocation.on

    @property
    def answers(self) -> bool:
        """Whether people answer at all."""
        parts = (self.timing, self.recording, self.study, self.discipline, self.projects)
        return self.strength > 0 and (self.plans_effort or any(part.on for part in parts))


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


class Trials(Part):
    """The replications in which a unit's usual score, its luck and its return to effort are measured.

    They are of people who work as usual, from a seed of their own. Their number grows until the standard
    error of each gain is under a tenth of it or 0.2 points, or until there are `at_most`.
    """

    at_least: Whole = param(
        "replications at least",
        "最少重复次数",
        unit="replications",
        source=DEFINITION,
        default=16,
        ge=4,
        le=10_000,
    )
    at_most: Whole = param(
        "replications at most",
        "最多重复次数",
        unit="replications",
        source=DEFINITION,
        default=64,
        ge="at_least",
        le=10_000,
    )


class _Behaviour(Part):
    """How people answer to incentives, for the behaviours that a study can choose beside `mechanical`."""

    trials: Trials = Trials()
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

    @property
    def return_to_effort(self) -> Literal["known", "learned", "assumed"]:
        """The key ``return``, which is no name in Python."""
        return getattr(self, "return")


_RETURN: Any = param(
    "what people believe that effort brings: known = as measured for their own office; learned = from "
    "earlier years, at first as assumed; assumed = one number for all (`points_per_effort`)",
    "对努力回报的认识（known＝本单位实测，learned＝由往年经验得知，assumed＝统一设定）",
    unit="-",
    source=DEFINITION,
    default="known",
)

if TYPE_CHECKING:
    Behaviour = _Behaviour
else:
    Behaviour = create_model(
        "Behaviour",
        __base__=_Behaviour,
        __module__=__name__,
        __doc__=_Behaviour.__doc__,
        **{"return": (Literal["known", "learned", "assumed"], _RETURN)},
    )
