"""From when on a policy holds: the rules by which a year is judged may change from one year to the next."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import BeforeValidator

from .calendar import span_of, year_starts
from .counts import number_of
from .errors import InputError
from .part import Text
from .schema import Scenario

JUDGED = ("scorecards", "assessment", "pay")
"""The blocks that a policy may change from a later year on: they touch no work that is under way."""
MOST_YEARS = 30  # of a horizon; a larger number is a calendar year


def _since(value: Any) -> Any:
    if type(value) is int and (1 <= value <= MOST_YEARS or 1990 <= value <= 2120):
        return value
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(
            f"'{value}' is neither a year nor a date; write 2 (the second year), 2026 or 2026-07-01"
        ) from None


Since = Annotated[int | dt.date, BeforeValidator(_since)]


def marked(title: Text, since: int | dt.date | None) -> Text:
    """Return a policy's title with the mark from when on it holds, as all reports show it.

    >>> marked(Text(en="Half", zh="减半"), 2).zh
    '减半（自第2年起）'
    """
    if since is None:
        return title
    if isinstance(since, dt.date):
        en, zh = f"from {since}", f"自{since.year}年{since.month}月{since.day}日起"
    elif since <= MOST_YEARS:
        en, zh = f"from year {since}", f"自第{since}年起"
    else:
        en, zh = f"from {since}", f"自{since}年起"
    return Text(en=f"{title.en} ({en})", zh=f"{title.zh}（{zh}）")


def first_year(scenario: Scenario, since: int | dt.date) -> int:
    """Return the number, from 0, of the first year that the rules in force at its end are those of a policy.

    Raises InputError where the horizon has no such year.
    """
    starts = year_starts(scenario)
    if not starts:
        raise InputError("a horizon in minutes has no year", path="from", remedy="Leave 'from' out")
    first, _ = span_of(scenario)
    days = [first + dt.timedelta(days=day) for day in starts]
    if isinstance(since, dt.date):
        number = sum(end <= since for end in days[1:])
    else:
        number = since - 1 if since <= MOST_YEARS else max(since - days[0].year, 0)
    if number >= len(days) - 1:
        years = len(days) - 1
        message = f"the horizon has {number_of(years, 'year')}, from {days[0]}; none ends under the policy"
        raise InputError(message, path="from", remedy="Give an earlier year, or 'horizon.years' more")
    return number


def precedes(scenario: Scenario, since: int | dt.date) -> bool:
    """Return whether a policy's `from` names a year or a date before the first year: it holds from the start.

    >>> from sim.scenario import load
    >>> precedes(load("one-office"), 2020), precedes(load("one-office"), 2025)
    (True, False)
    """
    start = scenario.horizon.start.date()
    if isinstance(since, dt.date):
        return since < start
    return MOST_YEARS < since < start.year
