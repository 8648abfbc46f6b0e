"""What a log holds: how much of what, over which time, and how finely its moments are told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .columns import STAMPS
from .found import Finding
from .stamps import Clock, at_midnight

if TYPE_CHECKING:
    from .read import Log

MIDNIGHTS = 0.05  # of the moments of a column: more than chance makes


def overview(log: Log, table: pd.DataFrame, clock: Clock) -> Iterator[Finding]:
    """Yield what a log holds; `table` has its rows as they were read."""
    events, cases = log.events, log.cases
    span = f"{cases['arrival'].min():%Y-%m-%d} – {events['end'].max():%Y-%m-%d}"
    yield Finding("cases", "cases", "案件", len(cases), (span,))
    yield Finding("events", "events", "事件", len(events))
    activities = events["activity"].value_counts()
    yield Finding("activities", "activities", "环节", len(activities), tuple(activities.index[:3]))
    people = [name for name in events["person"].cat.categories if name]
    yield Finding("people", "people", "人员", len(people))
    nobody = int((events["person"] == "").sum())
    yield Finding("no_person", "events without a person", "无人员的事件", nobody)
    yield Finding("no_start", "events without a start", "无开始时间的事件", int((~events["known"]).sum()))
    if log.day_only:
        yield Finding("day_only", "moments are days without an hour", "时间只到日", len(events))
    else:
        yield from _midnights(table)
    for english, chinese in sorted(clock.guessed):
        yield Finding("guess", english, chinese, 1)
    yield Finding("variants", "sequences of activities, all different", "不同的办理路径", _variants(events))
    for name, en, zh in (
        ("due", "cases with a deadline", "有期限的案件"),
        ("closed", "cases with a closing date", "有结案时间的案件"),
    ):
        yield Finding(name, en, zh, int(cases[name].notna().sum()))
    both = cases.dropna(subset=["due", "closed"])
    late = int((both["closed"] > both["due"]).sum())
    yield Finding(
        "late",
        f"of {len(both):,} closed cases ended after their deadline",
        f"（共{len(both):,}件）超期办结",
        late,
    )


def _midnights(table: pd.DataFrame) -> Iterator[Finding]:
    """Columns in which some moments, or all, are days without an hour."""
    for name in (one for one in STAMPS if one in table):
        known = table[name].dropna()
        count = int(at_midnight(known).sum())
        if count > MIDNIGHTS * len(known):
            told = (
                f"rows with '{name}' at midnight, as of a day without an hour",
                f"“{name}”为零时（仅有日期）的行",
            )
            yield Finding(f"midnight_{name}", *told, count)


def _variants(events: pd.DataFrame) -> int:
    """The number of different sequences of activities, by a hash of each case's."""
    place = events.groupby("case").cumcount().to_numpy(np.uint64)
    mixed = events["activity"].cat.codes.to_numpy(np.uint64) + np.uint64(1)
    with np.errstate(over="ignore"):
        mixed = (mixed * np.uint64(0x9E3779B97F4A7C15)) ^ (place * np.uint64(0xC2B2AE3D27D4EB4F))
        mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(32)
    return int(pd.Series(mixed).groupby(events["case"].to_numpy()).sum().nunique())
