"""Each request's way through its route, drawn before any policy's queue sees it: one row for every visit of
a step."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sim.scenario.schema import Scenario
from sim.scenario.service import DELAY_UNITS_S, END, Branch, Delay, Kind, Return, Sitting, Work

from .shapes import mean_one_lognormal, quantile
from .streams import Streams

WORK, DELAY, SITTING = 0, 1, 2  # types of a task


@dataclass
class Tasks:
    """Visits of steps in the order of request and visit; arrays of one length.

    work_s : standard work, seconds. again_s : the same if the work must be begun anew. delay_s : seconds of
    a delay, or -1 where it is counted in ``delay_days`` (working days). stops : the time limit stands still.
    returned : the request is back at the applicant. ``step`` counts the steps of all kinds from 0, as
        `step_names` lists them.
    """

    request: np.ndarray
    step: np.ndarray
    type: np.ndarray
    work_s: np.ndarray
    again_s: np.ndarray
    delay_s: np.ndarray
    delay_days: np.ndarray
    stops: np.ndarray
    returned: np.ndarray


@dataclass
class _Rows:
    columns: dict[str, list[np.ndarray]] = field(
        default_factory=lambda: {name: [] for name in (*Tasks.__dataclass_fields__, "visit")}
    )

    def add(self, requests: np.ndarray, visit: int, **values: object) -> None:
        given = {
            "work_s": 0,
            "again_s": 0,
            "delay_s": 0,
            "delay_days": 0,
            "stops": False,
            "returned": False,
            **values,
        }
        self.columns["request"].append(requests)
        self.columns["visit"].append(np.full(len(requests), visit))
        for name, value in given.items():
            self.columns[name].append(np.broadcast_to(np.asarray(value), len(requests)))


def step_names(scenario: Scenario) -> list[tuple[str, str]]:
    """(kind, step) of every step, in the order in which tasks number them."""
    return [(kind, step) for kind, part in scenario.kinds.items() for step in part.route]


def draw_tasks(scenario: Scenario, requests: pd.DataFrame, streams: Streams) -> Tasks:
    """The tasks of all `requests` (index 0 … n−1; columns kind, unit, number, and those of a replay)."""
    numbers = {name: position for position, name in enumerate(step_names(scenario))}
    rows = _Rows()
    for kind in scenario.kinds:
        mine = requests[requests["kind"] == kind]
        if len(mine):
            _walk(kind, scenario.kinds[kind], mine, numbers, rows, streams)
    joined = {
        name: np.concatenate(parts) if parts else np.array([], np.int64)
        for name, parts in rows.columns.items()
    }
    order = np.lexsort((joined.pop("visit"), joined["request"]))
    return Tasks(**{name: np.ascontiguousarray(values[order]) for name, values in joined.items()})


def _walk(
    kind: str, part: Kind, requests: pd.DataFrame, numbers: dict, rows: _Rows, streams: Streams
) -> None:
    """Move all requests of a kind along its route at once, one visit at a time."""
    draws = _Draws(kind, requests, streams)
    complexity = (
        mean_one_lognormal(draws(("complexity",), 0), part.complexity_cv)
        if part.complexity_cv
        else np.ones(len(requests))
    )
    names = list(part.route)
    following = dict(zip(names, [*names[1:], END], strict=True))
    place = {name: position for position, name in enumerate([*names, END])}
    at = np.zeros(len(requests), np.int64)  # each request's step, as a position in the route
    visits = np.zeros((len(names), len(requests)), np.int64)
    index = requests.index.to_numpy()
    depth = 0
    while (moving := np.flatnonzero(at < len(names))).size:
        for position in np.unique(at[moving]):
            name = names[position]
            step = part.route[name]
            here = moving[at[moving] == position]
            visit = visits[position, here]
            target = np.full(len(here), place[getattr(step, "next", None) or following[name]])
            step_number = numbers[kind, name]
            if isinstance(step, Work):
                factor = complexity[here] if step.complexity else 1.0
                minutes = [
                    quantile(step, step.minutes, draws((name, use), visit, here)) for use in ("work", "again")
                ]
                seconds = [_whole(60 * drawn * factor) for drawn in minutes]
                seconds = [
                    draws.replayed(f"{use}.{name}", here, drawn)
                    for use, drawn in zip(("work_s", "again_s"), seconds, strict=True)
                ]
                rows.add(
                    index[here], depth, step=step_number, type=WORK, work_s=seconds[0], again_s=seconds[1]
                )
            elif isinstance(step, Sitting):
                rows.add(
                    index[here],
                    depth,
                    step=step_number,
                    type=SITTING,
                    delay_s=_whole(np.full(len(here), 60 * step.minutes)),
                )
            elif isinstance(step, Branch):
                edges = np.cumsum(list(step.to.values()))
                chosen = np.searchsorted(
                    edges / edges[-1], draws((name, "branch"), visit, here), side="right"
                )
                target = np.array([place[name] for name in step.to])[chosen]
            else:
                back = np.ones(len(here), bool)
                if isinstance(step, Return):
                    back = (draws((name, "chance"), visit, here) < step.chance) & (visit < step.at_most)
                    target = np.where(back, place[step.back_to], target)
                _add_delay(step, name, step_number, here[back], visit[back], index, depth, draws, rows)
            visits[position, here] += 1
            at[here] = target
        depth += 1


def _add_delay(
    step: Delay | Return, name: str, number: int, here, visit, index, depth: int, draws: _Draws, rows: _Rows
) -> None:
    amount = quantile(step, step.amount, draws((name, "delay"), visit, here))
    returned = isinstance(step, Return)
    common = {"step": number, "type": DELAY, "stops": step.stops_clock, "returned": returned}
    if step.per == "working_days":
        rows.add(
            index[here],
            depth,
            delay_s=draws.replayed(f"delay_s.{name}", here, np.full(len(here), -1)),
            delay_days=_whole(amount),
            **common,
        )
    else:
        rows.add(
            index[here],
            depth,
            delay_s=draws.replayed(f"delay_s.{name}", here, _whole(amount * DELAY_UNITS_S[step.per])),
            **common,
        )


def _whole(amount: np.ndarray) -> np.ndarray:
    return np.rint(amount).astype(np.int64)


class _Draws:
    """The uniform numbers of one kind's requests: a stream for each unit, purpose and visit, indexed by the
    request's number."""

    def __init__(self, kind: str, requests: pd.DataFrame, streams: Streams) -> None:
        self.kind = kind
        self.requests = requests
        self.streams = streams
        units, numbers = requests["unit"].to_numpy(), requests["number"].to_numpy()
        self.by_unit = [
            (unit, mine := np.flatnonzero(units == unit), numbers[mine]) for unit in pd.unique(units)
        ]
        self._drawn: dict[tuple, np.ndarray] = {}

    def __call__(
        self, purpose: tuple[str, ...], visit: int | np.ndarray, here: np.ndarray | None = None
    ) -> np.ndarray:
        """Numbers in [0, 1) for the requests at positions `here` (all, if None), each at its own visit."""
        if here is None:
            return self._all(purpose, int(visit))
        result = np.empty(len(here))
        for one in np.unique(visit):
            mine = visit == one
            result[mine] = self._all(purpose, int(one))[here[mine]]
        return result

    def _all(self, purpose: tuple[str, ...], visit: int) -> np.ndarray:
        key = (purpose, visit)
        if key not in self._drawn:
            values = np.empty(len(self.requests))
            for unit, mine, numbers in self.by_unit:
                stream = self.streams("request", unit, self.kind, *purpose, str(visit))
                values[mine] = stream.random(numbers.max() + 1)[numbers]
            self._drawn[key] = values
        return self._drawn[key]

    def replayed(self, column: str, here: np.ndarray, drawn: np.ndarray) -> np.ndarray:
        """What a replay table says of this column, else what was drawn."""
        if column not in self.requests.columns:
            return drawn
        given = self.requests[column].to_numpy(float)[here]
        return np.where(np.isnan(given), drawn, np.rint(np.nan_to_num(given))).astype(np.int64)
