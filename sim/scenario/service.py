"""What people come for: kinds of case, their time limits, and how many come when."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from .counts import number_of
from .part import ASSUMED, DEFINITION, Flag, Name, Number, Part, Text, Whole, key, param
from .steps import Draw, Step

Weight = Annotated[Number, Field(ge=0, le=1_000_000)]


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


class NamedLimit(Limit):
    """One more promise for the same matter, beside ``limit``; kinds may share its name."""

    title: Text


class Appointments(Part):
    """Appointments 预约: who books comes when a slot begins, and stands before those without appointment."""

    share: Number = param(
        "share of people who book, at the moment at which they would have come",
        "预约办理的比例（于原拟来件时刻预约）",
        unit="1",
        source=ASSUMED,
        default=0.5,
        ge=0,
        le=1,
    )
    every_minutes: Number = param(
        "a slot begins so often while the office is open",
        "预约时段间隔（开放时间内）",
        unit="minutes",
        source=ASSUMED,
        default=15.0,
        ge=1,
        le=1440,
    )
    places: Whole = param(
        "appointments in each slot, at each unit",
        "各单位每一时段的预约名额",
        unit="places",
        source=ASSUMED,
        default=1,
        ge=1,
        le=10_000,
    )


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
        "mean patience: who has waited longer withdraws, unless somebody has begun on the matter",
        "平均等候耐心（等候超过且尚未开始办理者撤回）",
        unit="minutes",
        source=ASSUMED,
        default=None,
        gt=0,
        le=1_000_000,
    )
    patience_shape: Draw = key(
        "the shape of patience around its mean", "耐心的分布", default=Draw(distribution="exponential")
    )
    patience_covers: Literal["first_step", "whole"] = param(
        "what patience lasts for: the wait for the first step, or all the time from arrival (who is served "
        "or waits at home stays; who then has to wait for a person leaves)",
        "耐心所及（首环节等候，或自来件起的全程：正在办理或在家等待者不离开，再须排队时离开）",
        unit="-",
        source=ASSUMED,
        default="first_step",
    )
    leaves_at: Whole | None = param(
        "who comes and finds so many people waiting or being served leaves at once",
        "来时见已有此人数（等候及办理中）即离开",
        unit="people",
        source=ASSUMED,
        default=None,
        ge=1,
        le=10_000,
    )
    leaves_over_minutes: Number | None = param(
        "who comes and expects to wait longer leaves at once: mean work of all who are there, divided by the "
        "clerks on duty; nobody leaves while fewer are there than clerks",
        "来时预计等候超过此时长即离开（在场各件平均用时之和除以在岗人数；在场者少于在岗人数时不离开）",
        unit="minutes",
        source=ASSUMED,
        default=None,
        gt=0,
        le=100_000,
    )
    comes_back: Number = param(
        "chance that who was turned away or left at once comes again, on the next day open at that hour",
        "未能取号或见队长离开者再来的概率（于此后首个该时刻开放之日的同一时刻）",
        unit="1",
        source=ASSUMED,
        default=0.0,
        ge=0,
        le=0.95,
    )
    appointments: Appointments | None = key(
        "people who come by appointment, beside those without", "预约办理（与现场来件并行）", default=None
    )
    limit: Limit | None = key("the committed time limit", "承诺时限", default=None)
    statutory_limit: Limit | None = key("the statutory time limit", "法定时限", default=None)
    limits: dict[Name, NamedLimit] = key(
        "further time limits by name: one matter may have several",
        "其他时限（按名称，一事可有数限）",
        default={},
        max_length=10,
    )
    route: dict[Name, Step] = key(
        "the steps in order, by name", "办理环节（按顺序）", min_length=1, max_length=5000
    )

    @model_validator(mode="after")
    def _own_names(self):
        for name in ("limit", "statutory_limit"):
            if name in self.limits:
                raise ValueError(f"a further limit is called '{name}', which is a key; call it otherwise")
        return self

    @property
    def every_limit(self) -> dict[str, Limit]:
        """All time limits of the kind, by where they stand in it."""
        own = {"limit": self.limit, "statutory_limit": self.statutory_limit}
        named = {f"limits.{name}": limit for name, limit in self.limits.items()}
        return {path: limit for path, limit in (own | named).items() if limit is not None}


class Profile(Part):
    """How demand is spread over time: relative weights, a mean of 1 is taken out of each.

    The mean of the weekdays is over those on which people come. Days of the month and holidays move people
    within a year, whose total stays.
    """

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
    month_days: tuple[Weight, ...] = param(
        "weights of the days of the month, 1 to 31: filing deadlines",
        "各日权重（每月1日至31日，如申报期限）",
        unit="1",
        source=ASSUMED,
        default=(1.0,) * 31,
        min_length=31,
        max_length=31,
    )
    last_of_month: Number = param(
        "factor on the last day of each month, whether it is the 28th or the 31st",
        "每月最后一日来件倍数（不论28日或31日）",
        unit="1",
        source=ASSUMED,
        default=1.0,
        ge=0,
        le=100,
    )
    before_holiday: Number = param(
        "factor on the last working day before days off of which one is a regular working day",
        "节假日前一工作日来件倍数",
        unit="1",
        source=ASSUMED,
        default=1.0,
        ge=0,
        le=100,
    )
    after_holiday: Number = param(
        "factor on the first working day after such days off",
        "节假日后首个工作日来件倍数",
        unit="1",
        source=ASSUMED,
        default=1.0,
        ge=0,
        le=100,
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
    while_open: Flag | None = param(
        "a day's people come while the office is open, to the hour, and nobody on days off "
        "(null: if all hours weigh the same)",
        "当日来件均在开放时段内（按小时），不开放之日无来件（空：各小时权重相同时如此）",
        unit="-",
        source=DEFINITION,
        default=None,
    )
    working_days_only: Flag = param(
        "nobody comes on days off; make-up days count as the weekday they replace",
        "仅工作日来件",
        unit="-",
        source=ASSUMED,
        default=False,
    )

    @property
    def follows_opening(self) -> bool:
        """Whether a day's people come while the office is open."""
        return len(set(self.hours)) == 1 if self.while_open is None else self.while_open

    @model_validator(mode="after")
    def _weights(self):
        for name in ("months", "weekdays", "month_days", "hours"):
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
        "unit of the volumes; a day is one on which people come by its weekday; an hour is one of opening "
        "where the profile follows the opening hours",
        "来件量单位（天指按星期有来件之日；随开放时间来件者，小时指开放小时）",
        unit="-",
        source=DEFINITION,
        default="year",
    )
    profile: Name | None = key(
        "how the demand is spread over the year, the week and the day", "来件时间分布的名称", default=None
    )
    rates: str | None = param(
        "CSV beside the scenario: unit, weekday (0 = Monday), hour, requests_per_hour; "
        "by quarters of an hour with minute (0, 15, 30, 45)",
        "按小时来件率表（CSV文件）；加minute列（0、15、30、45）则按刻钟",
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

    one_by_one: Flag = param(
        "matters are heard one after another: who overruns delays all that are booked behind",
        "逐件审议（超时则其后各件顺延）",
        unit="-",
        source=ASSUMED,
        default=False,
    )

    @model_validator(mode="after")
    def _round(self):
        if len(self.first) != len(self.places):
            raise ValueError(
                f"{number_of(len(self.first), 'sitting')} but {number_of(len(self.places), 'number')} "
                "of places; give one for each"
            )
        if list(self.first) != sorted(set(self.first)):
            raise ValueError(
                "the sittings do not follow each other; put 'first' in rising order, each time once"
            )
        if self.every_minutes is not None and self.every_minutes <= self.first[-1] - self.first[0]:
            raise ValueError("the round repeats before it is over; raise 'every_minutes'")
        return self
