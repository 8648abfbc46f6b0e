"""What happened to the requests, as arrays: the form in which a year is counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
import pandas as pd

from sim.scenario.limits import LIMITS, named_limits, runs_to_start
from sim.scenario.schema import Scenario

RECORDED = ("recorded_due_s", "recorded_first_start_s", "recorded_finish_s")
NEVER = np.iinfo(np.int64).max  # what has not happened is later than everything


@dataclass(frozen=True)
class Record:
    """One entry for each request, arrays (n,).

    kind, unit : int, position among the scenario's, -1 = none of them. case_number : int64, by which an
    inspection draws the request, the same whatever other requests there are. Times : int64 seconds of the
    clock, `NEVER` = has not happened; due_s is -1 without a limit, left_s when it finished or was withdrawn.
    until_start : bool, the limit runs to the first start. returned : bool, it went back at least once.
    recorded_due_s, recorded_first_start_s, recorded_finish_s : the same by what was written down, which may
    be false; what an audit has found is put right. audited, needless, error, complaint, refused : bool, a
    false record of it was found, it was sent back for a needless supplement, a mistake was made in it, the
    applicant complained, the applicant left at once or was turned away for good. None where the table says
    nothing of it. limits : due_s and until_start of the further time limits, by name.
    """

    kind: np.ndarray
    unit: np.ndarray
    case_number: np.ndarray
    arrival_s: np.ndarray
    first_start_s: np.ndarray
    finish_s: np.ndarray
    withdrawn_s: np.ndarray
    left_s: np.ndarray
    due_s: np.ndarray
    until_start: np.ndarray
    returned: np.ndarray
    recorded_due_s: np.ndarray | None = None
    recorded_first_start_s: np.ndarray | None = None
    recorded_finish_s: np.ndarray | None = None
    audited: np.ndarray | None = None
    needless: np.ndarray | None = None
    error: np.ndarray | None = None
    complaint: np.ndarray | None = None
    refused: np.ndarray | None = None
    limits: Mapping[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        *,
        kind: np.ndarray,
        unit: np.ndarray,
        case_number: np.ndarray,
        arrival_s: np.ndarray,
        first_start_s: np.ndarray,
        finish_s: np.ndarray,
        withdrawn_s: np.ndarray,
        due_s: np.ndarray,
        until_start: np.ndarray,
        returns: np.ndarray,
        limits: Mapping[str, tuple[np.ndarray, np.ndarray]] | None = None,
        error: np.ndarray | None = None,
        complaint: np.ndarray | None = None,
        refused: np.ndarray | None = None,
        **written: np.ndarray,
    ) -> Record:
        """Make a record of arrays whose times are −1 for what has not happened.

        `written` is as for `written_down`.
        """
        finish, withdrawn = _moments(finish_s), _moments(withdrawn_s)
        happened = cls(
            kind=kind,
            unit=unit,
            case_number=case_number,
            arrival_s=arrival_s,
            first_start_s=_moments(first_start_s),
            finish_s=finish,
            withdrawn_s=withdrawn,
            left_s=np.minimum(finish, withdrawn),
            due_s=due_s,
            until_start=until_start,
            returned=returns > 0,
            error=error,
            complaint=complaint,
            refused=refused,
            limits=limits or {},
        )
        return happened.written_down(**written)

    def written_down(self, **written: np.ndarray) -> Record:
        """Return the same requests with what was written down of them: some of `RECORDED`, audited, needless.

        Times are −1 for what has not happened. What an audit has found is put right.
        """
        audited = written.get("audited")
        for name in set(RECORDED) & set(written):
            times = written[name] if name == "recorded_due_s" else _moments(written[name])
            true = getattr(self, name.removeprefix("recorded_"))
            written[name] = times if audited is None else np.where(audited, true, times)
        changed: dict[str, Any] = dict(written)
        return replace(self, **changed) if changed else self

    @classmethod
    def of_table(cls, requests: pd.DataFrame, scenario: Scenario) -> Record:
        """Make a record of a table of requests, whose times are −1 for what has not happened.

        Without a column case_number the index of a request is its number, or its name a hash.
        """
        times = ("arrival_s", "first_start_s", "finish_s", "withdrawn_s", "due_s", *RECORDED)
        flags = ("until_start", "audited", "needless", "error", "complaint")
        kind = positions(requests["kind"], scenario.kinds)
        return cls.of(
            kind=kind,
            unit=positions(requests["unit"], scenario.units),
            case_number=_case_numbers(requests),
            returns=requests["returns"].to_numpy(),
            **{name: requests[name].to_numpy(np.int64) for name in times if name in requests},
            **{name: requests[name].to_numpy(bool) for name in flags if name in requests},
            limits={
                name: (
                    requests[f"due_s.{name}"].to_numpy(np.int64),
                    runs_to_start(scenario, LIMITS + name)[kind],
                )
                for name in named_limits(scenario)
                if f"due_s.{name}" in requests
            },
        )

    def of_period(self, start_s: int, end_s: int) -> np.ndarray:
        """Return the requests of which something may be counted in the period, positions (m,).

        All of the others had happened before it, or comes after it.
        """
        before, after = self.left_s < start_s, (self.arrival_s >= end_s) & (self.left_s > end_s)
        further = (due_s for due_s, _ in self.limits.values())
        for due_s in (self.due_s, self.recorded_due_s, *further):
            if due_s is not None:
                before &= due_s <= start_s
                after &= (due_s > end_s) | (due_s == -1)
        return np.flatnonzero(~(before | after))

    def take(self, which: np.ndarray) -> Record:
        """Return the requests at these positions."""
        own = {part.name: getattr(self, part.name) for part in fields(self) if part.name != "limits"}
        taken: dict[str, Any] = {
            name: None if all_ is None else all_.take(which) for name, all_ in own.items()
        }
        limits = {name: (due_s.take(which), to.take(which)) for name, (due_s, to) in self.limits.items()}
        return Record(**taken, limits=limits)

    def under(self, limit: str) -> Record:
        """The same requests with this further time limit in place of the committed one.

        Nothing false is written down of when it runs out.
        """
        due_s, until_start = self.limits[limit]
        return replace(self, due_s=due_s, until_start=until_start, recorded_due_s=None)

    @property
    def has_records(self) -> bool:
        """Whether anything was written down beside the truth."""
        return any(getattr(self, name) is not None for name in RECORDED)

    def as_recorded(self) -> Record:
        """The same requests with the moments that were written down."""
        written = {name.removeprefix("recorded_"): getattr(self, name) for name in RECORDED}
        return replace(self, **{name: times for name, times in written.items() if times is not None})

    def __len__(self) -> int:
        return len(self.arrival_s)


def _case_numbers(requests: pd.DataFrame) -> np.ndarray:
    if "case_number" in requests:
        return requests["case_number"].to_numpy(np.int64)
    if pd.api.types.is_integer_dtype(requests.index.dtype):
        return requests.index.to_numpy(np.int64)
    return pd.util.hash_array(requests.index.astype(str).to_numpy(object)).view(np.int64)


def positions(texts: pd.Series, names: Iterable[str]) -> np.ndarray:
    """Where each text, plain or categorical, stands among `names`, int (n,); -1 for none of them."""
    return looked_up(texts, {name: number for number, name in enumerate(names)}, -1)


def looked_up(texts: pd.Series, table: Mapping[str, int], otherwise: int) -> np.ndarray:
    """What the table has for each text, plain or categorical, (n,)."""
    if not isinstance(texts.dtype, pd.CategoricalDtype):
        texts = texts.astype("category")
    found = np.array([*(table.get(name, otherwise) for name in texts.cat.categories), otherwise])
    return found[texts.cat.codes.to_numpy()]


def _moments(times: np.ndarray) -> np.ndarray:
    return np.where(times == -1, NEVER, times)
