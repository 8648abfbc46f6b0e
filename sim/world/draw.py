"""The world of one replication: the same citizens and people for every policy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pandas as pd

from sim.cache import LruCache
from sim.scenario.calendar import WorkingCalendar, calendar_of, horizon_s, year_starts
from sim.scenario.schema import Scenario
from sim.scenario.time import DAY_S

from .appointments import with_appointments
from .channels import at_any_hour, channels, has_channels
from .closing import until_closing
from .comebacks import Comebacks, draw_comebacks
from .demand import arrivals, replayed
from .households import Households, households
from .open_matters import with_open_matters
from .projects import handed_out
from .routes import Cells, draw_tasks, is_done_anew
from .service_rules import in_force
from .shapes import quantile
from .size import check_size
from .staff import Person, draw_people
from .streams import Luck, Streams
from .tasks import Tasks

T = TypeVar("T")
Citizens = LruCache[tuple[pd.DataFrame, Tasks, Comebacks | None]]
_ROW_BITS = 30  # of a key by which requests are sorted: more than executors count
drawn: Citizens = LruCache(1)  # the citizens, by what determines them


class Digests(NamedTuple):
    """Hashes of what worlds depend on (`Scenario.digest`): requests, staff and lines; and requests alone."""

    world: str
    draw: str

    @classmethod
    def of(cls, rules: Scenario) -> Digests:
        return cls(rules.digest(of_world=True), rules.digest(of_draw=True))


@dataclass
class World:
    """The random draws of one replication.

    scenario : with its service rules written in.
    requests : one row per request, in order of arrival: kind and unit (categorical), number within its kind
        and unit, case_number (`Cells.case_numbers`), arrival_s, patience_s (of the first wait, −1: endless);
        whole_s, the patience for the whole matter, where a kind has such; booked, whether it comes by
        appointment, where a kind has any; channel, where rules give a choice of channels; with a table of
        open matters the columns of `open_matters`.
    tasks : their visits to steps. comebacks : when they come again if they are turned away, where any do.
    people : the staff. begin_s, end_s : the simulated span.
    households : the old petition households, where they are cases of their own.
    years : (start_s, end_s) of each assessment period; a horizon in minutes is one period.
    """

    scenario: Scenario
    calendar: WorkingCalendar
    streams: Streams
    requests: pd.DataFrame
    tasks: Tasks
    comebacks: Comebacks | None
    people: list[Person]
    begin_s: int
    end_s: int
    years: list[tuple[int, int]]
    households: Households | None = None
    _luck: dict[int, Luck] = field(default_factory=dict, repr=False)  # by calendar year, as far as asked for
    _made: dict[str, Any] = field(
        default_factory=dict, init=False, repr=False
    )  # by `once`; `replace` drops it

    @property
    def received_s(self) -> np.ndarray:
        """When each request came in, int64 (requests,) s; of open matters before the first year."""
        return self.requests["received_s" if "received_s" in self.requests else "arrival_s"].to_numpy()

    def under(self, scenario: Scenario) -> World:
        """Return the same world under rules that judge it otherwise, and leave the work as it is."""
        other = replace(self, scenario=scenario)
        other._made = self._made
        return other

    def once(self, name: str, make: Callable[[], T]) -> T:
        """Return what `make` derives from these draws: made once for all who share them (`under`)."""
        if name not in self._made:
            self._made[name] = make()
        made: T = self._made[name]
        return made

    def luck(self, start_s: int) -> Luck:
        """Return the luck of inspections and marks of the period from `start_s`, by its calendar year."""
        year = self.calendar.date(start_s // DAY_S).year
        return self._luck.setdefault(year, Luck(self.streams, year))


def draw_world(
    scenario: Scenario,
    seed: int,
    replication: int = 0,
    replay: pd.DataFrame | str | Path | None = None,
    kept: Citizens = drawn,
    known: Digests | None = None,
) -> World:
    """Draw the requests, their ways and the people's availability of one replication.

    The scenario's service rules are written in if they are not yet (`in_force`). `replay`, or the table that
    the scenario names, replaces the draw for the kinds it holds. Other draws are shared by those who give the
    same cache, `kept`. `known` are the digests of the scenario, where they are known.
    """
    scenario = in_force(scenario)
    calendar = calendar_of(scenario)
    streams = Streams(seed, replication)
    begin_s, end_s = horizon_s(scenario)
    digest = scenario.digest(of_draw=True) if known is None else known.draw
    if replay is None and scenario.replay is None:
        check_size(scenario, calendar, digest=digest)
    starts = [day * DAY_S for day in year_starts(scenario)]
    years = list(zip(starts, starts[1:], strict=False)) or [(begin_s, end_s)]

    people = draw_people(scenario, calendar, streams)
    old = households(scenario, calendar, people, begin_s, end_s, streams)

    def draw() -> tuple[pd.DataFrame, Tasks, Comebacks | None]:
        requests = _requests(scenario, calendar, begin_s, end_s, streams, replay, old)
        tasks = draw_tasks(scenario, digest, requests, streams)
        whole = np.array([kind.patience_covers == "whole" for kind in scenario.kinds.values()])
        if whole.any():
            of_whole = whole[requests["kind"].cat.codes]
            requests = requests.assign(whole_s=np.where(of_whole, requests["patience_s"], -1))
        again = draw_comebacks(scenario, calendar, requests, tasks, streams)
        arrival_s = requests["arrival_s"].to_numpy()
        patience = until_closing(scenario, calendar, requests, tasks, np.arange(len(requests)), arrival_s)
        return requests.assign(patience_s=patience), tasks, again

    if replay is None:  # most policies leave the citizens as they are
        decisive = (
            digest,
            is_done_anew(scenario),
            seed,
            replication,
            None if old is None else old.key,
        )
        requests, tasks, again = kept.get(decisive, draw)
    else:
        requests, tasks, again = draw()
    return World(scenario, calendar, streams, requests, tasks, again, people, begin_s, end_s, years, old)


def _requests(
    scenario: Scenario,
    calendar: WorkingCalendar,
    begin_s: int,
    end_s: int,
    streams: Streams,
    replay: pd.DataFrame | str | Path | None,
    old: Households | None,
) -> pd.DataFrame:
    given = replayed(scenario, replay)
    if given is not None:
        check_size(scenario, calendar, given)
    times = arrivals(scenario, calendar, begin_s, end_s, streams) | handed_out(scenario, begin_s, end_s)
    if old is not None:
        times |= old.petitions
    if given is not None:
        times = {cell: moments for cell, moments in times.items() if cell[0] not in set(given["kind"])}
        given = given[given["arrival_s"].between(begin_s, end_s, inclusive="left")]
    requests = _table(times, scenario)
    if old is not None:
        requests = old.unsettled(requests)
    several = has_channels(scenario)
    if several:
        requests = at_any_hour(scenario, requests, begin_s, end_s, streams)
    if given is not None:
        typed = {
            name: pd.Categorical(given[name], requests[name].cat.categories) for name in ("kind", "unit")
        }
        requests = pd.concat([requests, given.assign(**typed)], ignore_index=True)
        requests = requests.iloc[np.lexsort([requests[name] for name in ("number", "unit", "kind")])]
    requests = with_appointments(scenario, calendar, requests, end_s, streams)
    first_year = [day * DAY_S for day in year_starts(scenario)[:1]]
    requests = with_open_matters(scenario, requests, *(first_year or [begin_s]))
    # Ties in arrival_s are broken by kind, unit and number, never by the order in which they were drawn.
    requests = requests.iloc[_in_order(requests["arrival_s"].to_numpy(np.int64))].reset_index(drop=True)
    if several:
        requests = requests.assign(channel=channels(scenario, requests, streams))
    case_numbers = Cells.of(requests).case_numbers(requests["number"])
    requests = requests.assign(case_number=case_numbers, patience_s=_patience(scenario, requests, streams))
    if "step" in requests:  # who has waited for weeks does not leave on the day on which the year begins
        requests.loc[requests["arrival_s"] != requests["received_s"], "patience_s"] = -1
    return requests


def _in_order(moments: np.ndarray) -> np.ndarray:
    """Return the rows by their moments (s), then by their numbers: keys are sorted faster than places."""
    return np.sort(moments << _ROW_BITS | np.arange(len(moments))) & (1 << _ROW_BITS) - 1


def _table(times: dict[tuple[str, str], np.ndarray], scenario: Scenario) -> pd.DataFrame:
    """Return a table: kind, unit (categorical), number, arrival_s; in order of the names of kind and unit."""
    times = dict(sorted(times.items()))
    counts = [len(moments) for moments in times.values()]
    kinds, units = list(scenario.kinds), list(scenario.units)
    of_kind = np.array([kinds.index(kind) for kind, _ in times], np.int64)
    of_unit = np.array([units.index(unit) for _, unit in times], np.int64)
    return pd.DataFrame(
        {
            "kind": pd.Categorical.from_codes(np.repeat(of_kind, counts), pd.Index(kinds)),
            "unit": pd.Categorical.from_codes(np.repeat(of_unit, counts), pd.Index(units)),
            "number": np.concatenate([np.empty(0, np.int64), *(np.arange(count) for count in counts)]),
            "arrival_s": np.concatenate([np.empty(0, np.int64), *times.values()]),
        }
    )


def _patience(scenario: Scenario, requests: pd.DataFrame, streams: Streams) -> np.ndarray:
    """Return the patience of each request, int64 s: that of the replay, else the draw; −1 = endless."""
    patience = np.full(len(requests), -1, np.int64)
    means = [part.patience_minutes for part in scenario.kinds.values()]
    if any(mean is not None for mean in means):
        drawn = Cells.of(requests).draw("patience", requests["number"], streams)
        kinds = requests["kind"].cat.codes.to_numpy()
        for kind, part in enumerate(scenario.kinds.values()):
            if part.patience_minutes is not None:
                shape = part.patience_shape
                in_seconds = shape.model_copy(update={"least": 60 * shape.least})
                rows = np.flatnonzero(kinds == kind)
                seconds = quantile(in_seconds, 60 * part.patience_minutes, drawn[rows])
                patience[rows] = np.rint(seconds).astype(np.int64)
    if "patience_s" in requests:
        given = requests["patience_s"].to_numpy(float)
        patience = np.where(np.isnan(given), patience, np.rint(np.nan_to_num(given))).astype(np.int64)
    return patience
