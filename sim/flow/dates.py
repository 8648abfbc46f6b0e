"""Dates beside the seconds of the clock."""

from __future__ import annotations

import datetime as dt

import pandas as pd

MOMENTS = (  # columns that are seconds since midnight of day 0; all others in `_s` are spans of time
    "arrival_s",
    "first_start_s",
    "finish_s",
    "due_s",
    "statutory_due_s",
    "withdrawn_s",
    "recorded_due_s",
    "recorded_first_start_s",
    "recorded_finish_s",
    "ready_s",
    "start_s",
    "end_s",
)


def dated(table: pd.DataFrame, day_0: dt.date) -> pd.DataFrame:
    """Return the table with a date beside each moment: ``finish``, datetime64[s], beside ``finish_s``.

    A moment that has not happened (−1) has no date (NaT).
    """
    midnight = pd.Timestamp(day_0).as_unit("s")
    dates = {
        name.removesuffix("_s"): midnight + pd.to_timedelta(table[name].where(table[name] != -1), unit="s")
        for name in MOMENTS
        if name in table
    }
    return table.assign(**{name: column.astype("datetime64[s]") for name, column in dates.items()})
