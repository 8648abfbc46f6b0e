"""The steps of a route: work, delays, returns for completion, sittings, and forks by chance."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from .organisation import Station
from .part import ARTICLE, ASSUMED, DEFINITION, Flag, Name, Number, Part, Whole, key, param

Distribution = Literal["constant", "exponential", "lognormal", "gamma", "normal", "uniform"]
END = "end"
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
    people: Whole = param(
        "people of the station who do it together (they begin and end together; minutes are of the clock)",
        "共同办理人数（同时开始、同时结束；用时按钟点计）",
        unit="people",
        source="行政处罚法 (2021) 第四十二条: 执法人员不得少于两人",
        default=1,
        ge=1,
        le=9,
    )
    joined_by: Station | None = param(
        "station of which one more person takes part from beginning to end, as unit/role",
        "另须一人全程参加的岗位（单位/岗位）",
        unit="-",
        source=ASSUMED,
        default=None,
    )
    same_person: Flag = param(
        "done by the person who worked on the matter last, if they can do it; it goes before matters that "
        "were begun later",
        "由上一环节经办人办理（能够办理时；先于其后开始之件）",
        unit="-",
        source=ASSUMED,
        default=False,
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

    @model_validator(mode="after")
    def _alone(self):
        if self.same_person and self.heads > 1:
            raise ValueError("'same_person' is for a step of one person; leave 'people' and 'joined_by' out")
        return self

    @property
    def heads(self) -> int:
        """The people who do it together, of both stations."""
        return self.people + (self.joined_by is not None)


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


class Sitting(Draw):
    """A step taken at fixed sittings (a committee day) with so many places; it lasts ``minutes``."""

    type: Literal["sitting"]
    distribution: Distribution = param("distribution", "分布", unit="-", source=ASSUMED, default="constant")
    committee: Name = key("which committee sits", "由哪个会议审议")
    minutes: Number = param(
        "how long the matter takes there",
        "会上用时",
        unit="minutes",
        source=ASSUMED,
        ge=0,
        le=100_000,
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
