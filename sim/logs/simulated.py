"""Run a fitted scenario over a stretch of time, and read its events as a log."""

from __future__ import annotations

import copy
import math
from pathlib import Path

import pandas as pd

from sim.replication import simulate
from sim.scenario import Scenario
from sim.scenario.load import build_from
from sim.scenario.source import Source

from .scenario import Written


def over(written: Written, begin: pd.Timestamp, end: pd.Timestamp, warm_up_days: int) -> Scenario:
    """The scenario of `written` from so many days before `begin` until `end`."""
    data = copy.deepcopy(written.source.data)
    start = begin.normalize() - pd.Timedelta(days=warm_up_days)
    minutes = math.ceil((end - start).total_seconds() / 60)
    data["horizon"] = {"start": f"{start:%Y-%m-%d}", "minutes": minutes}
    return build_from(Source(Path("<fitted>"), data), Path("."))


def simulated_log(
    scenario: Scenario, activities: dict[tuple[str, str], str], begin: pd.Timestamp, *, seed: int, number: int
) -> pd.DataFrame:
    """Return the events of the cases that came from `begin` on: case, activity, person, start, end, arrival,
    closed, due; closed is NaT where the case was open at the end of the horizon.
    """
    result = simulate(scenario, seed=seed, replication=number)
    steps, requests = result.steps, result.requests
    day_0 = pd.Timestamp(result.work.world.calendar.first)
    keys = pd.MultiIndex.from_arrays([steps["kind"].astype("str"), steps["step"].astype("str")])
    names = keys.map(activities)
    done = names.notna() & (steps["end_s"].to_numpy() >= 0)
    steps, names = steps[done], names[done]
    own = requests.loc[steps["request"]]
    log = pd.DataFrame(
        {
            "case": steps["request"].to_numpy(),
            "activity": names.to_numpy(),
            "person": steps["person"].astype("str").to_numpy(object),
            "start": _moment(day_0, steps["start_s"]),
            "end": _moment(day_0, steps["end_s"]),
            "arrival": _moment(day_0, own["arrival_s"]),
            "closed": _moment(day_0, own["finish_s"]),
            "due": _moment(day_0, own["due_s"]),
        }
    )
    return log[log["arrival"] >= begin].reset_index(drop=True)


def _moment(day_0: pd.Timestamp, seconds: pd.Series) -> pd.Series:
    known = seconds.where(seconds >= 0)
    return (day_0 + pd.to_timedelta(known, unit="s")).astype("datetime64[us]").reset_index(drop=True)
