"""Run a fitted scenario over a stretch of time, and read its events as a log."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from itertools import islice, repeat
from pathlib import Path

import numpy as np
import pandas as pd

from sim.replication import simulate
from sim.scenario import Scenario, load_policy, reform
from sim.scenario.load import build_from
from sim.scenario.source import Source
from sim.study.plausible import Plausible

from .fit.model import Fit
from .scenario import Written
from .write import scenario_of

SEED = 20250101
WARM_UP_DAYS = 365  # at most, before the part that is simulated


def over(written: Written, begin: pd.Timestamp, end: pd.Timestamp, warm_up_days: int) -> Scenario:
    """The scenario of `written` from so many days before `begin` until `end`."""
    data = copy.deepcopy(written.source.data)
    start = begin.normalize() - pd.Timedelta(days=warm_up_days)
    minutes = math.ceil((end - start).total_seconds() / 60)
    data["horizon"] = {"start": f"{start:%Y-%m-%d}", "minutes": minutes}
    evidence = {path: one for path, one in written.source.evidence.items() if one.fitted}
    return build_from(Source(Path("<fitted>"), data, evidence=evidence), Path("."))


def drawn_anew(scenario: Scenario, seed: int) -> Iterator[Scenario]:
    """Yield the scenario without end, each time with other fitted numbers.

    They are normal about what was fitted, with its standard error, and cut at two: the ends of their ranges.
    """
    space = Plausible(scenario, load_policy(scenario, "current"))
    luck = np.random.default_rng(seed)
    while True:
        point = np.clip(0.5 + luck.standard_normal(len(space.dimensions)) / 4, 0.0, 1.0)
        yield reform(scenario, space.policies("drawn", point)[1])


def simulated_part(
    fit: Fit,
    begin: pd.Timestamp,
    last: pd.Timestamp,
    end: pd.Timestamp,
    replications: int,
    *,
    drawn: bool = False,
) -> Iterator[pd.DataFrame]:
    """Yield logs of the cases that came from `begin` to `last`, simulated until `end`, with a warm-up before.

    `drawn`: each replication has other fitted numbers, drawn within their errors.
    """
    written = scenario_of(fit)
    warm_up = min(int(written.source.data["horizon"]["warm_up_days"]), WARM_UP_DAYS)
    scenario = over(written, begin, end.normalize() + pd.Timedelta(days=1), warm_up)
    scenarios = drawn_anew(scenario, SEED) if drawn else repeat(scenario)
    for number, one in enumerate(islice(scenarios, replications)):
        log = simulated_log(one, written.activities, begin, seed=SEED, number=number)
        yield log[log["arrival"] <= last]


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
