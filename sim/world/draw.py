"""One replication's world: the same citizens and the same people for every policy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sim.scenario.calendar import WorkingCalendar, calendar_of, year_starts
from sim.scenario.schema import Scenario
from sim.scenario.time import DAY_S

from .demand import arrivals, read_replay
from .routes import Tasks, draw_tasks
from .staff import Person, draw_people
from .streams import Streams


@dataclass
class World:
    """What nature has drawn.

    requests : a row a request in order of arrival: kind, unit, number, arrival_s, patience_s (−1: endless).
    tasks : their visits of steps. people : the staff. begin_s, end_s : the simulated span.
    years : (start_s, end_s) of each assessment period; a horizon in minutes is one period.
    """

    scenario: Scenario
    calendar: WorkingCalendar
    streams: Streams
    requests: pd.DataFrame
    tasks: Tasks
    people: list[Person]
    begin_s: int
    end_s: int
    years: list[tuple[int, int]]


def draw_world(
    scenario: Scenario, seed: int, replication: int = 0, replay: pd.DataFrame | None = None
) -> World:
    """Draw the requests, their ways and the people's availability of one replication.

    `replay`, or the table that the scenario names, takes the place of the draw for the kinds it holds.
    """
    calendar = calendar_of(scenario)
    streams = Streams(seed, replication)
    begin_s, end_s = _span(scenario)
    requests = _requests(scenario, calendar, begin_s, end_s, streams, replay)
    starts = [day * DAY_S for day in year_starts(scenario)]
    years = list(zip(starts, starts[1:], strict=False)) or [(begin_s, end_s)]
    return World(
        scenario,
        calendar,
        streams,
        requests,
        draw_tasks(scenario, requests, streams),
        draw_people(scenario, calendar, streams),
        begin_s,
        end_s,
        years,
    )


def _span(scenario: Scenario) -> tuple[int, int]:
    horizon = scenario.horizon
    if horizon.years is not None:
        return 0, year_starts(scenario)[-1] * DAY_S
    begin_s = horizon.start.hour * 3600 + horizon.start.minute * 60 + horizon.start.second
    return begin_s, begin_s + round(horizon.minutes * 60)


def _requests(
    scenario: Scenario,
    calendar: WorkingCalendar,
    begin_s: int,
    end_s: int,
    streams: Streams,
    replay: pd.DataFrame | None,
) -> pd.DataFrame:
    table: Path | pd.DataFrame | None = replay
    if table is None and scenario.replay is not None:
        table = scenario.folder / scenario.replay
    frames = [arrivals(scenario, calendar, begin_s, end_s, streams)]
    if table is not None:
        given = read_replay(table, scenario)
        frames = [frames[0][~frames[0]["kind"].isin(given["kind"])], given[given["arrival_s"] < end_s]]
    frames = [frame for frame in frames if len(frame)]
    requests = (
        pd.concat(frames, ignore_index=True)
        if frames
        else arrivals(scenario, calendar, begin_s, begin_s, streams)
    )
    # Requests of the same second are told apart by their names, never by the order in which they were drawn.
    requests = requests.sort_values(["arrival_s", "kind", "unit", "number"], ignore_index=True)
    return requests.assign(patience_s=_patience(scenario, requests, streams))


def _patience(scenario: Scenario, requests: pd.DataFrame, streams: Streams) -> np.ndarray:
    patience = np.full(len(requests), -1, np.int64)
    for (kind, unit), mine in requests.groupby(["kind", "unit"]).indices.items():
        mean = scenario.kinds[kind].patience_minutes
        if mean is not None:
            numbers = requests["number"].to_numpy()[mine]
            drawn = streams("patience", unit, kind).random(numbers.max() + 1)[numbers]
            patience[mine] = np.rint(-60 * mean * np.log1p(-drawn)).astype(np.int64)
    return patience
