"""Read the tables of requests that a scenario names: hourly rates, and a replay of arrivals and works.

Both are read when the scenario is loaded, so that a wrong table is found then, and kept as long as the file
stays as it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from .calendar import horizon_s, span_of
from .errors import InputError
from .organisation import Unit
from .part import Part
from .schema import Scenario
from .service import Kind
from .steps import Delay, Return, Sitting, Work
from .table import Table, of_frame
from .table_file import read_table

if TYPE_CHECKING:
    import pandas as pd

RATE_COLUMNS = ("unit", "weekday", "hour", "requests_per_hour")
MINUTE, QUARTER = "minute", 15  # of the hour: a column that only tables by quarters of an hour have
REPLAY_COLUMNS = ("kind", "unit", "arrival_s")
PATIENCE = "patience_s"
REPLAY_PLACE = "the replay table"  # one given in Python
MOST_AN_HOUR = 999_999
MOST_S = 2**31 - 2  # the executors' clock
Named = TypeVar("Named", bound=Part)
_KEPT = 4  # replays; each column takes 8 bytes a row


@dataclass(frozen=True, eq=False)
class Replay:
    """A table of arrivals that takes the place of the draw for the kinds it holds.

    Parameters
    ----------
    columns : by name, arrays (rows,): kind and unit (str), arrival_s (int64, seconds from midnight of day 0),
        and ``patience_s``, ``work_s.<step>``, ``again_s.<step>``, ``delay_s.<step>`` (float seconds, NaN =
        drawn).
    notes : what of it has no effect, in sentences.
    """

    columns: dict[str, np.ndarray]
    notes: tuple[str, ...]

    @cached_property
    def units(self) -> dict[str, list[str]]:
        """The units at which requests of each kind come, in order of name."""
        cells = sorted(set(zip(self.columns["kind"], self.columns["unit"], strict=True)))
        return {kind: [unit for other, unit in cells if other == kind] for kind, _ in cells}


def read_rates(file: Path, scenario: Scenario) -> dict[str, np.ndarray]:
    """Read requests an hour by unit, (7 weekdays, 24 hours or 96 quarters of an hour). Raises InputError."""
    return _rates(file, version_of(file), Names(scenario.units))


@lru_cache(maxsize=256)
def _rates(file: Path, version: object, units: Names[Unit]) -> dict[str, np.ndarray]:
    table = read_table(file)
    table.check_columns(RATE_COLUMNS, (MINUTE,))
    unit = table.names("unit", units.parts)
    weekday = table.numbers("weekday", "0 is Monday, 6 is Sunday", most=6, whole=True)
    hour = table.numbers("hour", "0 to 23, the hour that begins then", most=23, whole=True)
    table.check_unique("unit", "weekday", "hour", *(MINUTE,) * (MINUTE in table.columns))
    rate = table.numbers("requests_per_hour", "A rate is 0 or more and under a million", most=MOST_AN_HOUR)
    slot, slots = hour.astype(int), 24
    if MINUTE in table.columns:
        slot, slots = slot * 4 + _quarter(table), 96
    rates: dict[str, np.ndarray] = {}
    for name, day, begin, many in zip(unit, weekday.astype(int), slot, rate, strict=True):
        rates.setdefault(name, np.zeros((7, slots)))[day, begin] = many
    for array in rates.values():
        array.flags.writeable = False  # it is shared
    return rates


def _quarter(table: Table) -> np.ndarray:
    """Return the quarter of its hour that each row is of."""
    meaning = "0, 15, 30 or 45: the quarter of an hour that begins then"
    minute = table.numbers(MINUTE, meaning, most=45, whole=True)
    for row in np.flatnonzero(minute % QUARTER)[:1]:
        raise table.error(f"{minute[row]:g} is not possible here", meaning, int(row), MINUTE)
    return minute.astype(int) // QUARTER


def read_replay(given: pd.DataFrame | str | Path, scenario: Scenario) -> Replay:
    """Read a replay: a DataFrame, or a file of comma-separated values.

    Columns kind, unit, arrival_s (seconds from midnight of day 0; fractions are dropped), and optionally
    ``patience_s``, ``work_s.<step>``, ``again_s.<step>`` (work begun anew), ``delay_s.<step>``: what is
    not given is drawn. Rows outside the horizon are left out, which `Replay.notes` say with their count.

    Raises InputError for a table that is wrong, and for one without a row in the horizon.
    """
    written = scenario if scenario._written is None else scenario._written[0]  # without steps that rules add
    rules = Names(written.units), Names(written.kinds), horizon_s(scenario), span_of(scenario)[0]
    if isinstance(given, str | Path):
        file = Path(given)
        return _replay(file, version_of(file), *rules)
    if not hasattr(given, "columns") or not hasattr(given, "iloc"):
        message = f"a replay cannot be a {type(given).__name__}"
        raise InputError(message, remedy="Give a DataFrame or the path of a CSV file")
    return _checked(of_frame(given, REPLAY_PLACE), *rules)


@lru_cache(maxsize=_KEPT)
def _replay(
    file: Path,
    version: object,
    units: Names[Unit],
    kinds: Names[Kind],
    horizon: tuple[int, int],
    day_0: dt.date,
) -> Replay:
    return _checked(read_table(file), units, kinds, horizon, day_0)


def _checked(
    table: Table, units: Names[Unit], kinds: Names[Kind], horizon: tuple[int, int], day_0: dt.date
) -> Replay:
    table.check_columns(REPLAY_COLUMNS, _step_columns(kinds))
    columns: dict[str, np.ndarray] = {}
    for name, known in (("kind", kinds), ("unit", units)):
        columns[name] = np.array(table.names(name, known.parts), dtype=object)
    meaning = f"Seconds from {day_0} 00:00, day 0 of the scenario, 0 or more"
    columns["arrival_s"] = table.numbers("arrival_s", meaning, most=MOST_S).astype(np.int64)
    meaning = f"Seconds, 0 to {MOST_S}; an empty cell is drawn"
    for name in table.columns:
        if name not in columns:
            columns[name] = table.numbers(name, meaning, most=MOST_S, may_be_empty=True)
    notes = [*_outside(table, columns["arrival_s"], horizon, day_0), *_unused(columns, kinds)]
    if again := table.repeated():
        notes.append(
            f"{_rows(len(again))} the same as an earlier one in every column, the first in "
            f"{table.where(again[0])}; each counts as a request"
        )
    return Replay(columns, tuple(f"{table.place}: {note}" for note in notes))


def _step_columns(kinds: Names[Kind]) -> list[str]:
    """Return the columns that a table may have beside the required ones."""
    found: dict[str, None] = {PATIENCE: None}
    for kind in kinds.parts.values():
        for name, step in kind.route.items():
            if isinstance(step, Work):
                found |= {f"work_s.{name}": None, f"again_s.{name}": None}
            elif isinstance(step, Delay | Return | Sitting):
                found[f"delay_s.{name}"] = None
    return list(found)


def _outside(table: Table, arrival_s: np.ndarray, horizon: tuple[int, int], day_0: dt.date) -> Iterator[str]:
    begin_s, end_s = horizon
    before, after = int((arrival_s < begin_s).sum()), int((arrival_s >= end_s).sum())
    origin = f"'arrival_s' counts from {day_0} 00:00, and the horizon is from {begin_s:,} to {end_s:,}"
    if before + after == len(arrival_s):
        remedy = f"Mend the column, or the horizon: {origin}"
        raise table.error(
            f"no request comes within the horizon: {before:,} before its start, {after:,} after its end",
            remedy,
            row=0,
            column="arrival_s",
        )
    for count, when in ((before, "before the start"), (after, "after the end")):
        if count:
            yield f"{_rows(count)} {when} of the horizon and left out; {origin}"


def _unused(columns: dict[str, np.ndarray], kinds: Names[Kind]) -> Iterator[str]:
    """Report values for steps that the request's kind does not take."""
    for name, values in columns.items():
        prefix, _, step = name.partition(".")
        if not step:
            continue
        types = Work if prefix in ("work_s", "again_s") else (Delay, Return, Sitting)
        taking = [kind for kind, part in kinds.parts.items() if isinstance(part.route.get(step), types)]
        idle = ~np.isnan(values) & ~np.isin(columns["kind"], taking)
        if count := int(idle.sum()):
            strange = ", ".join(sorted(set(columns["kind"][idle])))
            yield f"{_rows(count)} of a kind without this step ({strange}), so '{name}' has no effect there"


def _rows(count: int) -> str:
    return f"{count:,} rows are" if count > 1 else "1 row is"


class Names(Generic[Named]):
    """Units or kinds as a key of what is kept: equal if names, steps and types of steps are."""

    def __init__(self, parts: Mapping[str, Named]) -> None:
        self.parts = parts
        self._said = tuple(
            (name, tuple((step, type(one)) for step, one in getattr(part, "route", {}).items()))
            for name, part in parts.items()
        )

    def __hash__(self) -> int:
        return hash(self._said)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Names) and self._said == other._said


def version_of(file: Path) -> object:
    """What changes when the file does; None where there is none, which reading it will say."""
    try:
        now = file.stat()
    except (OSError, ValueError):
        return None
    return now.st_mtime_ns, now.st_size, now.st_ino
