"""Satisfaction 群众满意度: a stated function of what happened to a case."""

from __future__ import annotations

from .part import ARTICLE, ASSUMED, Flag, Number, Part, param
from .service_rules import AllOr


def points(en: str, zh: str, unit: str, default: float) -> Number:
    """Return the card of points taken off."""
    return param(en, zh, unit=unit, source=ASSUMED, default=default, ge=0, le=100)


class Satisfaction(Part):
    """Points that an applicant gives, from `least` to `best`: the best less what went wrong.

    S = max(least, best − wait_hour·min(h, most_hours) − returned·r − late·l − late_day·min(d, most_days) −
    complaint·c), with h hours from when the office is open until the first step of work, r, l, c in {0, 1},
    and d days late.
    """

    on: Flag = param(
        "satisfaction is an outcome",
        "计算群众满意度",
        unit="-",
        source=f"{ARTICLE}: 三、四、二 零障碍、高效率",
        default=False,
    )
    kinds: AllOr = param(
        "matter kinds whose applicants are asked", "纳入满意度的事项", unit="-", source=ASSUMED, default="all"
    )
    best: Number = param(
        "points where nothing went wrong",
        "一切顺利时的评分",
        unit="points",
        source=ASSUMED,
        default=95.0,
        ge=0,
        le=100,
    )
    least: Number = param(
        "points where all went wrong: nobody gives fewer",
        "最低评分",
        unit="points",
        source=ASSUMED,
        default=0.0,
        ge=0,
        le="best",
    )
    wait_hour: Number = points(
        "for each hour until the first step of work", "首环节每等候一小时扣分", "points an hour", 0.3
    )
    most_hours: Number = param(
        "hours of waiting that count at most",
        "计入的最长等候",
        unit="hours",
        source=ASSUMED,
        default=48.0,
        ge=0,
        le=10_000,
    )
    returned: Number = points("if it was sent back to the applicant", "被退回补正扣分", "points", 10.0)
    late: Number = points("if it was late", "超时扣分", "points", 15.0)
    late_day: Number = points("for each day late", "每超时一日扣分", "points a day", 1.0)
    most_days: Number = param(
        "days late that count at most",
        "计入的最长超时",
        unit="calendar days",
        source=ASSUMED,
        default=30.0,
        ge=0,
        le=3650,
    )
    complaint: Number = points("if the applicant complained", "投诉扣分", "points", 40.0)
