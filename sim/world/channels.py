"""The channel of each request, and the hour of those filed online."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.jit import compiled
from sim.scenario.schema import Scenario
from sim.scenario.steps import Branch
from sim.scenario.time import DAY_S, clock_s

from .reroute import CHANNELS, COUNTER
from .routes import Cells
from .service_rules import CHOICE
from .streams import Streams, block, words


def has_channels(scenario: Scenario) -> bool:
    """Return whether a rule in force gives a choice of channels."""
    return any(CHOICE in kind.route for kind in scenario.kinds.values())


def channels(scenario: Scenario, requests: pd.DataFrame, streams: Streams) -> pd.Categorical[str]:
    """Draw the channel of each request (columns kind, unit, number), by the luck of its choice on the way."""
    cells = Cells.of(requests)
    taken = np.zeros(len(requests), np.int8)
    if len(requests):
        keys = words([streams.key("way", unit, kind, CHOICE) for kind, unit in cells.names])
        luck = _turns(keys, cells.number, np.array(requests["number"], np.int64))
        kinds = requests["kind"].cat.codes.to_numpy()
        for number, kind in enumerate(scenario.kinds.values()):
            choice = kind.route.get(CHOICE)
            if isinstance(choice, Branch):
                rows = np.flatnonzero(kinds == number)
                edges = np.cumsum(list(choice.to.values()))
                place = np.searchsorted(edges / edges[-1], luck[rows], side="right")
                codes = np.array([CHANNELS.index(_channel(step)) for step in choice.to], np.int8)
                taken[rows] = codes[np.minimum(place, len(codes) - 1)]
    return pd.Categorical.from_codes(taken, pd.Index(CHANNELS))


def _channel(step: str) -> str:
    channel = step.rpartition(".")[2]
    return channel if channel in CHANNELS else COUNTER


@compiled
def _turns(keys, cell, numbers):
    """Draw the number in [0, 1) that decides a turn at the first visit of a step."""
    drawn = np.empty(len(cell))
    for i in range(len(cell)):
        key = keys[cell[i]]
        drawn[i] = block(key[0], key[1], np.uint64(numbers[i]), np.uint64(0))[2]
    return drawn


def at_any_hour(
    scenario: Scenario, requests: pd.DataFrame, begin_s: int, end_s: int, streams: Streams
) -> pd.DataFrame:
    """Return the requests with a drawn hour for those filed online: the same day, within [begin_s, end_s)."""
    online = scenario.service_rules.online
    filed = np.asarray(channels(scenario, requests, streams) == "online")
    if not filed.any():
        return requests
    from_s, to_s = clock_s(online.begins_at), clock_s(online.ends_at)
    luck = Cells.of(requests).draw("hour of filing", requests["number"], streams)
    arrival = requests["arrival_s"].to_numpy(np.int64)
    own = arrival // DAY_S * DAY_S + from_s + np.floor(luck * (to_s - from_s)).astype(np.int64)
    return requests.assign(arrival_s=np.where(filed, np.clip(own, begin_s, end_s - 1), arrival))
