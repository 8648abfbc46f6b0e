"""What people come for: matter kinds, the routes they take, their time limits, and how many come when."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from .organisation import Station
from .part import ARTICLE, ASSUMED, DEFINITION, Flag, Name, Number, Part, Text, Whole, key, param

Distribution = Literal["constant", "exponential", "lognormal", "gamma", "normal", "uniform"]
END = "end"
Weight = Annotated[Number, Field(ge=0, le=1_000_000)]
DELAY_UNITS_S = {"minutes": 60, "hours": 3600, "calendar_days": 86_400}


class Draw(Part):
    """A random quantity: its mean is given by the part that has it, its shape here."""

    distribution: Distribution = param("distribution", "分布", unit="-", source=ASSUMED, default="lognormal")
    cv: Number | None = param(
        "coefficient of variation (of lognormal, gamma, normal; of uniform at most 0.577)",
        "变异系数",
        unit="1",
        source=ASSUMED,
        default=None,
        ge=0,
        le=5,
    )
    least: Number = param(
        "lower limit, in the unit of the mean",
        "下限",
        unit="unit of the mean",
        source=ASSUMED,
        default=0.0,
        ge=0,
        le=100_000,
    )

    @model_validator(mode="after")
    def _shape(self):
        needs_cv = self.distribution in ("lognormal", "gamma", "normal", "uniform")
        if needs_cv and self.cv is None:
            raise ValueError(
                f"a {self.distribution} distribution needs 'cv'; add it, or set 'distribution' to constant"
            )
        if not needs_cv and self.cv is not None:
            raise ValueError(f"a {self.distribution} distribution has no 'cv'; leave it out")
        if self.distribution == "uniform" and self.cv is not None and self.cv > 0.57735:
            raise ValueError("a uniform distribution above zero has a cv of at most 0.577; lower it")
        return self


class Work(Draw):
    """A step that needs a person: ``at`` names the station, ``own/window`` or ``registration/review``."""

    type: Literal["work"]
    at: Station = param(
        "where, as unit/role; own = the unit at which the request came in",
        "办理地点（单位/岗位）",
        unit="-",
        source=DEFINITION,
    )
    minutes: Number = param("mean work", "平均办理时间", unit="minutes", source=ASSUMED, gt=0, le=100_000)
    complexity: Flag = param(
        "the work grows with the request's complexity",
        "工作量随复杂度变化",
        unit="-",
        source=ASSUMED,
        default=True,
    )
    supervised_from: Number | None = param(
        "supervised: share of its time limit after which the matter lags at this step, and is served earlier",
        "督查环节：办理时限用去此比例后视为滞后并提前办理",
        unit="1",
        source=f"{ARTICLE}: 三、二、二 全程督查",
        default=None,
        gt=0,
        le=1,
    )
    next: Name | None = key(
        "the next step; the one written below if left out, 'end' to finish",
        "下一环节（不填则为下一行的环节，end为办结）",
        default=None,
    )


class Delay(Draw):
    """A step in which nobody works: an outside department, public notice, the applicant, transport."""

    type: Literal["delay"]
    reason: Literal["outside_department", "public_notice", "applicant", "transfer", "other"] = param(
        "what is waited for", "等待原因", unit="-", source=DEFINITION
    )
    amount: Number = param(
        "mean delay", "平均等待时间", unit="as 'per' says", source=ASSUMED, gt=0, le=100_000
    )
    per: Literal["minutes", "hours", "calendar_days", "working_days"] = param(
        "unit of the delay", "等待时间单位", unit="-", source=DEFINITION
    )
    stops_clock: Flag = param(
        "the time limit stands still meanwhile", "是否中止计时", unit="-", source=ASSUMED, default=False
    )
    departments: dict[Name, Annotated[Number, Field(gt=0, le=1)]] = param(
        "departments that are waited for, one a matter: the share of matters of each",
        "所等待的部门（每件一个）及其比例",
        unit="1",
        source=ASSUMED,
        default={},
    )
    restarts_clock: Flag = param(
        "the time limit begins anew afterwards, unless it has run out",
        "之后重新计时（已超期的除外）",
        unit="-",
        source="信访工作条例 (2022) 第三十四至三十六条: review and second review have their own limits",
        default=False,
    )
    supervised_from: Number | None = param(
        "supervised: share of its time limit after which the matter lags, and waits here only in part",
        "督查环节：办理时限用去此比例后视为滞后并缩短等待",
        unit="1",
        source=f"{ARTICLE}: 三、二、二 全程督查",
        default=None,
        gt=0,
        le=1,
    )
    pressed_share: Number = param(
        "part of the delay that is left where the matter lags",
        "滞后时保留的等待比例",
        unit="1",
        source=ASSUMED,
        default=1.0,
        ge=0,
        le=1,
    )
    next: Name | None = key(
        "the next step; the one written below if left out, 'end' to finish",
        "下一环节（不填则为下一行的环节，end为办结）",
        default=None,
    )

    @model_validator(mode="after")
    def _pressed(self):
        if self.pressed_share < 1 and self.supervised_from is None:
            raise ValueError("'pressed_share' goes with 'supervised_from'; add it, or leave both out")
        if self.pressed_share < 1 and self.per == "working_days":
            raise ValueError("a delay in working days cannot be shortened; give it in calendar_days")
        if self.supervised_from is not None and (self.stops_clock or self.restarts_clock):
            raise ValueError("a supervised delay cannot stop the clock; leave one of the two out")
        return self

    @model_validator(mode="after")
    def _departments(self):
        total = sum(self.departments.values())
        if self.departments and self.reason != "outside_department":
            raise ValueError(f"'departments' with the reason '{self.reason}'; leave one of the two out")
        if self.departments and abs(total - 1) > 1e-9:
            raise ValueError(f"the shares of the departments sum to {total:g}; let them sum to 1")
        return self


class Return(Draw):
    """A check of completeness: a part of the requests goes back to the applicant and comes again later."""

    type: Literal["return"]
    chance: Number = param(
        "chance that the application is incomplete",
        "材料不全而退回的概率",
        unit="1",
        source=ASSUMED,
        ge=0,
        le=1,
    )
    amount: Number = param(
        "mean time at the applicant",
        "申请人平均补正时间",
        unit="as 'per' says",
        source=ASSUMED,
        gt=0,
        le=100_000,
    )
    per: Literal["minutes", "hours", "calendar_days", "working_days"] = param(
        "unit of that time", "补正时间单位", unit="-", source=DEFINITION
    )
    back_to: Name = key("the step to which the request comes back", "补正后返回的环节")
    at_most: Whole = param(
        "times a request is sent back at most",
        "最多退回次数",
        unit="times",
        source="行政许可法 (2019) 第三十二条: once",
        default=1,
        ge=1,
        le=20,
    )
    stops_clock: Flag = param(
        "the time limit stands still meanwhile",
        "是否中止计时",
        unit="-",
        source="行政许可法 (2019) 第三十二, 四十五条",
        default=True,
    )
    next: Name | None = key(
        "the next step; the one written below if left out, 'end' to finish",
        "下一环节（不填则为下一行的环节，end为办结）",
        default=None,
    )


class Sitting(Part):
    """A step taken at fixed sittings (a committee day) with so many places; it lasts ``minutes``."""

    type: Literal["sitting"]
    committee: Name = key("which committee sits", "由哪个会议审议")
    minutes: Number = param(
        "how long the matter takes there", "会上用时", unit="minutes", source=ASSUMED, ge=0, le=100_000
    )
    next: Name | None = key(
        "the next step; the one written below if left out, 'end' to finish",
        "下一环节（不填则为下一行的环节，end为办结）",
        default=None,
    )


class Branch(Part):
    """A fork by chance: ``to`` gives the probability of each next step (or ``end``)."""

    type: Literal["branch"]
    to: dict[Name, Annotated[Number, Field(ge=0, le=1)]] = param(
        "probability of each next step", "各去向概率", unit="1", source=ASSUMED
    )


class Check(Part):
    """Where work done before turns out to be wrong, or not. Only rules add it: no file can name its type.

    A person of standard care makes an error with probability `chance`; of the errors, a share `caught` is
    found, and leads to the step `next`. All others lead to the step `sound`.
    """

    type: Literal["check"] = "check"
    chance: float
    caught: float
    next: str
    sound: str


def _step_type(value: object) -> str | None:
    return value.get("type") if isinstance(value, dict) else getattr(value, "type", None)


Step = Annotated[
    Annotated[Work, Tag("work")]
    | Annotated[Delay, Tag("delay")]
    | Annotated[Return, Tag("return")]
    | Annotated[Sitting, Tag("sitting")]
    | Annotated[Branch, Tag("branch")],
    Discriminator(_step_type),
]


class Limit(Part):
    """A time limit, counted from receipt; the day of receipt is not counted."""

    amount: Number = param("time limit", "办理时限", unit="as 'per' says", source=ASSUMED, gt=0, le=100_000)
    per: Literal["minutes", "hours", "calendar_days", "working_days"] = param(
        "unit of the limit", "时限单位", unit="-", source=DEFINITION
    )
    until: Literal["finish", "first_start"] = param(
        "what must happen in time: the matter is finished, or its first step of work begins",
        "时限所及（办结，或首次开始办理）",
        unit="-",
        source=DEFINITION,
        default="finish",
    )

    @model_validator(mode="after")
    def _whole_days(self):
        if self.per.endswith("days") and self.amount != int(self.amount):
            raise ValueError(f"a limit of {self.amount:g} {self.per}; give whole days")
        return self


class Kind(Part):
    """A matter kind: land registration, a petition, a visit to a counter."""

    title: Text
    priority: Whole = param(
        "priority class, 1 is served first (class priority only)",
        "优先级（1最先）",
        unit="class",
        source=ASSUMED,
        default=1,
        ge=1,
        le=9,
    )
    ahead_days: Number = param(
        "urgency: it stands in line as if it had come so much earlier",
        "轻重缓急：排队提前天数",
        unit="days",
        source=ASSUMED,
        default=0.0,
        ge=0,
        le=366,
    )
    complexity_cv: Number = param(
        "spread of complexity between requests",
        "复杂度变异系数",
        unit="1",
        source=ASSUMED,
        default=0.0,
        ge=0,
        le=3,
    )
    patience_minutes: Number | None = param(
        "mean patience: who has waited longer for the first step withdraws (exponential)",
        "平均等候耐心（首环节等候超过者撤回，指数分布）",
        unit="minutes",
        source=ASSUMED,
        default=None,
        gt=0,
        le=1_000_000,
    )
    limit: Limit | None = key("the committed time limit", "承诺时限", default=None)
    statutory_limit: Limit | None = key("the statutory time limit", "法定时限", default=None)
    route: dict[Name, Step] = key(
        "the steps in order, by name", "办理环节（按顺序）", min_length=1, max_length=60
    )


class Profile(Part):
    """How demand is spread over time: relative weights, a mean of 1 is taken out of each."""

    months: tuple[Weight, ...] = param(
        "weights of the months, January first",
        "各月权重",
        unit="1",
        source=ASSUMED,
        default=(1.0,) * 12,
        min_length=12,
        max_length=12,
    )
    weekdays: tuple[Weight, ...] = param(
        "weights of the weekdays, Monday first",
        "各星期权重",
        unit="1",
        source=ASSUMED,
        default=(1.0,) * 7,
        min_length=7,
        max_length=7,
    )
    hours: tuple[Weight, ...] = param(
        "weights of the hours, 0 to 23",
        "各小时权重",
        unit="1",
        source=ASSUMED,
        default=(1.0,) * 24,
        min_length=24,
        max_length=24,
    )
    working_days_only: Flag = param(
        "nobody comes on days off; make-up days count as the weekday they replace",
        "仅工作日来件",
        unit="-",
        source=ASSUMED,
        default=False,
    )

    @model_validator(mode="after")
    def _weights(self):
        for name in ("months", "weekdays", "hours"):
            weights = getattr(self, name)
            if sum(weights) <= 0:
                raise ValueError(f"'{name}' are all zero, so nobody would ever come; give one a weight")
        return self


class Demand(Part):
    """How many requests of a kind come to each unit: volumes with a profile, or a table of hourly rates."""

    volumes: dict[Name, Annotated[Number, Field(ge=0, le=10_000_000)]] = param(
        "expected requests by unit",
        "各单位预期来件量",
        unit="requests per 'per'",
        source=ASSUMED,
        default={},
    )
    per: Literal["year", "day", "hour"] = param(
        "unit of the volumes", "来件量单位", unit="-", source=DEFINITION, default="year"
    )
    profile: Name | None = key(
        "how the demand is spread over the year, the week and the day", "来件时间分布的名称", default=None
    )
    rates: str | None = param(
        "CSV beside the scenario: unit, weekday (0 = Monday), hour, requests_per_hour",
        "按小时来件率表（CSV文件）",
        unit="requests an hour",
        source=ASSUMED,
        default=None,
    )
    scale: Number = param(
        "factor on all volumes", "来件量倍数", unit="1", source=ASSUMED, default=1.0, ge=0, le=100
    )
    dispersion: Number = param(
        "extra-Poisson variation: squared cv of the day's own factor (0 = Poisson)",
        "超泊松变异（日因子变异系数的平方）",
        unit="1",
        source=ASSUMED,
        default=0.0,
        ge=0,
        le=10,
    )

    @model_validator(mode="after")
    def _one_source(self):
        if bool(self.volumes) == (self.rates is not None):
            raise ValueError("requests come by 'volumes' or by a table of 'rates'; give one of the two")
        if self.rates is not None and self.profile is not None:
            raise ValueError("'rates' say when people come; leave 'profile' out")
        return self


class Committee(Part):
    """A body that sits on fixed occasions, with so many places each time."""

    title: Text
    first: tuple[Annotated[Number, Field(ge=0, le=60_000_000)], ...] = param(
        "the first sittings, from the start of the horizon",
        "首轮会议时间（自期初起）",
        unit="minutes",
        source=ASSUMED,
        min_length=1,
        max_length=400,
    )
    places: tuple[Annotated[Whole, Field(ge=1, le=100_000)], ...] = param(
        "places at each of them",
        "各次会议名额",
        unit="places",
        source=ASSUMED,
        min_length=1,
        max_length=400,
    )
    every_minutes: Number | None = param(
        "the round repeats after",
        "会议周期",
        unit="minutes",
        source=ASSUMED,
        default=None,
        gt=0,
        le=60_000_000,
    )

    @model_validator(mode="after")
    def _round(self):
        if len(self.first) != len(self.places):
            raise ValueError(
                f"{len(self.first)} sittings but {len(self.places)} numbers of places; give one for each"
            )
        if list(self.first) != sorted(set(self.first)):
            raise ValueError(
                "the sittings do not follow each other; put 'first' in rising order, each time once"
            )
        if self.every_minutes is not None and self.every_minutes <= self.first[-1] - self.first[0]:
            raise ValueError("the round repeats before it is over; raise 'every_minutes'")
        return self
