"""Time in a scenario: the horizon, office hours and holidays, and the shifts of people."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, model_validator

from .errors import lookalike
from .part import ASSUMED, DEFINITION, Flag, Number, Part, Whole, param

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_S = 86_400
LONGEST_NIGHT_HOURS = 16  # of a shift past midnight; a longer one is most likely written the wrong way round

_CLOCK = re.compile(r"([01]?[0-9]|2[0-4]):([0-5][0-9])\Z")


def clock_s(text: str) -> int:
    """Seconds since midnight of ``HH:MM`` (``24:00`` is the end of the day)."""
    match = _CLOCK.match(text)
    _refuse_lookalikes(text)
    if not match or int(match[1]) * 60 + int(match[2]) > 24 * 60:
        raise ValueError(f"'{text}' is not a time of day; write it as HH:MM, for example 08:30")
    return int(match[1]) * 3600 + int(match[2]) * 60


def _refuse_lookalikes(text: str) -> None:
    """Name a sign that only looks like the right one, as input methods write it."""
    if odd := lookalike(text):
        sign = odd.remedy.removesuffix(" and a blank")  # which YAML asks for, hours do not
        raise ValueError(f"'{text}' holds {odd.what}; {sign[0].lower()}{sign[1:]}")


def span_s(text: str) -> tuple[int, int]:
    """``08:30-12:00`` in seconds since midnight; ``22:00-06:00`` goes on into the next day."""
    start, dash, end = text.partition("-")
    if not dash:
        _refuse_lookalikes(text)
        raise ValueError(f"'{text}' is not a span of hours; write it as 08:30-12:00")
    begin_s, end_s = clock_s(start.strip()), clock_s(end.strip())
    if begin_s == end_s:
        raise ValueError(f"'{text}' is no time at all; the whole day is 00:00-24:00")
    if begin_s < end_s:
        return begin_s, end_s
    hours = (end_s + DAY_S - begin_s) / 3600
    if hours > LONGEST_NIGHT_HOURS:
        raise ValueError(
            f"'{text}' would last {hours:g} hours, until the next day; a shift past midnight lasts at most "
            f"{LONGEST_NIGHT_HOURS}: write the earlier hour first, or give two shifts"
        )
    return begin_s, end_s + DAY_S


def _disjoint(spans: tuple[str, ...]) -> tuple[str, ...]:
    ordered = sorted((span_s(text), text) for text in spans)
    for (before, first), (after, second) in zip(ordered, ordered[1:], strict=False):
        if after[0] < before[1]:
            raise ValueError(
                f"the shifts {first} and {second} overlap; let one end where the next starts, or join them"
            )
    return tuple(text for _, text in ordered)


def _nights_end(week: dict[Weekday, tuple[str, ...]]) -> dict[Weekday, tuple[str, ...]]:
    """Refuse a shift that goes on into the next weekday's hours."""
    for day, following in zip(WEEKDAYS, (*WEEKDAYS[1:], WEEKDAYS[0]), strict=True):
        if not (week.get(day) and week.get(following)):
            continue
        night, first = week[day][-1], week[following][0]
        if span_s(night)[1] - DAY_S > span_s(first)[0]:
            raise ValueError(
                f"the shift {night} on {day} goes on into {first} on {following}; "
                "let it end where the next begins"
            )
    return week


def _whole_week(value: object) -> object:
    return {day: ["00:00-24:00"] for day in WEEKDAYS} if value == "always" else value


Hours = Annotated[tuple[str, ...], AfterValidator(_disjoint)]
# Weekdays left out are closed.
Week = Annotated[dict[Weekday, Hours], BeforeValidator(_whole_week), AfterValidator(_nights_end)]
Clock = Annotated[str, AfterValidator(lambda text: (clock_s(text), text)[1])]


def _date(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"'{value}' is not a date; write it as 2025-01-31") from None


def _moment(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value
    try:
        moment = dt.datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"'{value}' is not a moment; write it as 2025-01-31 08:30") from None
    if moment.tzinfo is not None:
        raise ValueError(f"'{value}' names a time zone; times are local, leave it out")
    return moment


def _zone(value: Any) -> Any:
    try:
        ZoneInfo(value)
    except (TypeError, ValueError, OSError, ZoneInfoNotFoundError):
        raise ValueError(f"'{value}' is no time zone; write its name as Europe/Warsaw") from None
    return value


Zone = Annotated[str, BeforeValidator(_zone)]
Date = Annotated[dt.date, BeforeValidator(_date)]
Moment = Annotated[dt.datetime, BeforeValidator(_moment)]


class Horizon(Part):
    """What is simulated: whole assessment years (after a warm-up), or a single stretch of minutes."""

    start: Moment = param("start", "起始时间", unit="-", source=DEFINITION)
    years: Whole | None = param(
        "assessment years", "考核年数", unit="years", source=DEFINITION, default=None, ge=1, le=30
    )
    minutes: Number | None = param(
        "length, if not in years",
        "时长（不按年计时）",
        unit="minutes",
        source=DEFINITION,
        default=None,
        gt=0,
        le=35_000_000,
    )
    warm_up_days: Whole = param(
        "days simulated before the first year, so that it starts with a backlog",
        "预热天数（使首年带着积存件开始）",
        unit="days",
        source=DEFINITION,
        default=0,
        ge=0,
        le=730,
    )

    def place_of(self, month: int) -> int:
        """The place, from 0, of a calendar month in the assessment year."""
        return (month - self.start.month) % 12

    def year_of(self, year: int, month: int) -> int:
        """The calendar year in which that month of the assessment year begins which is called `year`."""
        return year + (month < self.start.month)

    def told(self, year: int) -> str:
        """An assessment year as it is read: ``2025``, and ``2025/26`` where it begins in another month."""
        return str(year) if self.by_calendar_year else f"{year}/{(year + 1) % 100:02}"

    @property
    def one_year(self) -> bool:
        """Whether no assessment year follows another."""
        return (self.years or 1) < 2

    @property
    def by_calendar_year(self) -> bool:
        """Whether assessment years are calendar years."""
        return (self.start.month, self.start.day) == (1, 1)

    @model_validator(mode="after")
    def _one_length(self):
        if (self.years is None) == (self.minutes is None):
            raise ValueError("the length is in 'years' or in 'minutes'; give one of the two")
        if self.minutes is not None and self.warm_up_days:
            raise ValueError("'warm_up_days' goes with 'years'; leave it out for a stretch of minutes")
        if self.years is not None and (self.start.hour, self.start.minute, self.start.second) != (0, 0, 0):
            raise ValueError("a horizon in years starts at midnight; write the start as a date")
        if not 1990 <= self.start.year <= 2090:
            raise ValueError(f"the start is in {self.start.year}; it must lie between 1990 and 2090")
        return self


class Calendar(Part):
    """Office hours, public holidays and make-up working days."""

    country: Literal["CN", "PL", "none"] = param(
        "country of the public holidays", "法定节假日所属国家", unit="-", source=DEFINITION
    )
    week: Week = param("office hours by weekday", "每周办公时间", unit="hours of the day", source=ASSUMED)
    make_up_days: Flag | Literal["where_known"] = param(
        "make-up working weekends are worked",
        "周末调休补班",
        unit="-",
        source="State Council holiday notices (国务院办公厅节假日安排)",
        default=True,
    )
    last_day_ends: Literal["midnight", "closing_time"] = param(
        "when the last day of a time limit in days ends: at 24:00, or when the office closes",
        "期限最后一日的截止时间（二十四时，或停止业务活动的时间）",
        unit="-",
        source="Civil Code, Art. 203 para. 2, by analogy (比照民法典 第二百零三条第二款)",
        default="midnight",
    )
    closed: tuple[Date, ...] = param(
        "further days closed", "另行休息日", unit="-", source=ASSUMED, default=(), max_length=400
    )
    open: tuple[Date, ...] = param(
        "further working days", "另行工作日", unit="-", source=ASSUMED, default=(), max_length=400
    )

    time_zone: Zone | None = param(
        "time zone, for its summer time: the hour that is left out has neither arrivals nor duty, that which "
        "comes twice has twice the arrivals (none: every day has 24 hours)",
        "时区（用于夏令时：跳过的一小时无来件亦无人在岗，重复的一小时来件加倍；不填则每日24小时）",
        unit="IANA name",
        source=DEFINITION,
        default=None,
    )

    @model_validator(mode="after")
    def _consistent(self):
        if not any(self.week.values()):
            raise ValueError("the office never opens; give 'week' hours for at least one weekday")
        if both := sorted(set(self.closed) & set(self.open)):
            raise ValueError(f"{both[0]} is both in 'closed' and in 'open'; take it out of one")
        return self


class Shift(Part):
    """One stretch of duty of a person whose roster is written out."""

    start: Moment = param("start of duty", "上岗时间", unit="-", source=DEFINITION)
    end: Moment = param("end of duty", "离岗时间", unit="-", source=DEFINITION)

    @model_validator(mode="after")
    def _forward(self):
        if self.end <= self.start:
            raise ValueError(f"the shift ends ({self.end}) before it starts ({self.start}); mend one of them")
        return self
