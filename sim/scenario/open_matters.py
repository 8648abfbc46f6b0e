"""Read the table of what is open when the first year begins: the caseload list that an office has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from .calendar import CLOCK_DAYS, span_of
from .errors import nearest
from .organisation import Unit
from .request_tables import Names, version_of
from .schema import Scenario
from .service import Kind
from .table import Table
from .table_file import read_table

COLUMNS, OPTIONAL = ("kind", "unit", "step", "received"), ("due",)
Moment = tuple[dt.datetime | None, bool]  # and whether it is a date
_MEANING = "Write a date as 2024-12-20, or a moment as 2024-12-20 14:30"


@dataclass(frozen=True, eq=False)
class OpenMatters:
    """What is open when the first year begins, one entry a matter, in order of receipt.

    Parameters
    ----------
    kind, unit, step : names; the matter stands before that step of its route.
    received_s : int64, seconds from midnight of day 0, under 0 before it; never −1, which has not happened.
    due_s : int64, the same of when it falls due; where it is a date its midnight.
    due_given, due_is_date : bool, whether the table says when it is due, and whether by a date.
    """

    kind: np.ndarray
    unit: np.ndarray
    step: np.ndarray
    received_s: np.ndarray
    due_s: np.ndarray
    due_given: np.ndarray
    due_is_date: np.ndarray

    def __len__(self) -> int:
        return len(self.kind)


def open_matters(scenario: Scenario) -> OpenMatters | None:
    """Return what the table of a scenario says, `read_open_matters`; None without one."""
    if scenario.work_in_progress is None:
        return None
    return read_open_matters(scenario.folder / scenario.work_in_progress, scenario)


def read_open_matters(file: Path, scenario: Scenario) -> OpenMatters:
    """Read a table of a scenario: kind, unit, step, received, and optionally due.

    Raises InputError for a table that is wrong, and for a matter received after the start.
    """
    written = scenario if scenario._written is None else scenario._written[0]  # without steps that rules add
    names = Names(written.units), Names(written.kinds)
    return _read(file, version_of(file), *names, span_of(scenario)[0], scenario.horizon.start)


@lru_cache(maxsize=16)
def _read(
    file: Path, version: object, units: Names[Unit], kinds: Names[Kind], day_0: dt.date, start: dt.datetime
) -> OpenMatters:
    table = read_table(file)
    table.check_columns(COLUMNS, OPTIONAL)
    kind, unit = table.names("kind", kinds.parts), table.names("unit", units.parts)
    _check_steps(table, kind, kinds.parts)
    received = [_moment(table, "received", row) for row in range(len(table))]
    for row, moment in enumerate(one for one, _ in received):
        if moment is not None and moment >= start:
            message = f"{moment} is not before the start, {start}"
            remedy = "Leave out what came later; demand draws it"
            raise table.error(message, remedy, row, "received")
    due: list[Moment] = (
        [_moment(table, "due", row) for row in range(len(table))] if "due" in table.columns else []
    )
    due = due or [(None, False)] * len(table)  # by the limit
    for row, ((moment, _), (until, _)) in enumerate(zip(received, due, strict=True)):
        if moment is not None and until is not None and until < moment:
            raise table.error(f"it is due on {until}, before it came", "Mend one of the two", row, "due")
    midnight = dt.datetime.combine(day_0, dt.time())
    clock_ends = midnight + dt.timedelta(days=CLOCK_DAYS - 1)
    for row, (until, _) in enumerate(due):
        if until is not None and until > clock_ends:
            message = f"it is due on {until:%Y-%m-%d}, after the end of the clock, {clock_ends:%Y-%m-%d}"
            raise table.error(message, "Mend the date, or leave it empty", row, "due")

    def seconds(moments: list[Moment]) -> np.ndarray:
        whole = [0 if one is None else round((one - midnight).total_seconds()) for one, _ in moments]
        return np.array(whole, np.int64)

    received_s = seconds(received)
    order = np.argsort(received_s, kind="stable")
    columns = (
        *(np.array(names, object) for names in (kind, unit, table.columns["step"])),
        np.where(received_s == -1, -2, received_s),
        seconds(due),
        np.array([one is not None for one, _ in due]),
        np.array([is_date for _, is_date in due]),
    )
    return OpenMatters(*(column[order] for column in columns))


def _check_steps(table: Table, kinds: list[str], known: Mapping[str, Kind]) -> None:
    for row, (kind, step) in enumerate(zip(kinds, table.columns["step"], strict=True)):
        if step not in known[kind].route:
            message = f"'{kind}' has no step '{step[:40]}'"
            raise table.error(message, nearest(step, known[kind].route), row, "step")


def _moment(table: Table, column: str, row: int) -> Moment:
    """Return the moment in a cell and whether it is a date; None where a due date is left empty."""
    cell = table.columns[column][row]
    if not cell and column == "due":
        return None, False
    try:
        moment = dt.datetime.fromisoformat(cell)
        if moment.tzinfo is not None:
            raise ValueError
    except ValueError:
        raise table.error(f"'{cell[:40]}' is no date", _MEANING, row, column) from None
    return moment, len(cell) <= len("2024-12-20")
