"""What happened to the requests, as arrays: the form in which a year is counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sim.scenario.schema import Scenario

NEVER = np.iinfo(np.int64).max  # what has not happened is later than everything


@dataclass(frozen=True)
class Record:
    """One entry for each request, arrays (n,).

    kind, unit : int, position among the scenario's, -1 = none of them. Times : int64 seconds of the clock,
    `NEVER` = has not happened; due_s is -1 without a limit, left_s when it finished or was withdrawn.
    until_start : bool, the limit runs to the first start. returned : bool, it went back at least once.
    index : the names of the requests in other tables.
    recorded_due_s : when it is due by what was written down, which may be a false stop of the clock; what an
    audit has found is put right. audited, needless, error, complaint : bool, a false record of it was found,
    it was sent back for a needless supplement, a mistake was made in it, the applicant complained. None
    where the table says nothing of it.
    """

    index: pd.Index
    kind: np.ndarray
    unit: np.ndarray
    arrival_s: np.ndarray
    first_start_s: np.ndarray
    finish_s: np.ndarray
    withdrawn_s: np.ndarray
    left_s: np.ndarray
    due_s: np.ndarray
    until_start: np.ndarray
    returned: np.ndarray
    recorded_due_s: np.ndarray | None = None
    audited: np.ndarray | None = None
    needless: np.ndarray | None = None
    error: np.ndarray | None = None
    complaint: np.ndarray | None = None

    @classmethod
    def of(cls, requests: pd.DataFrame, scenario: Scenario) -> Record:
        """From a table of requests, whose times are -1 for what has not happened."""
        begun, finish, withdrawn = (
            _moments(requests[name]) for name in ("first_start_s", "finish_s", "withdrawn_s")
        )
        told = {
            name: requests[name].to_numpy(bool) if name in requests else None
            for name in ("audited", "needless", "error", "complaint")
        }
        due, recorded = requests["due_s"].to_numpy(np.int64), None
        if "recorded_due_s" in requests:
            recorded = requests["recorded_due_s"].to_numpy(np.int64)
            if told["audited"] is not None:
                recorded = np.where(told["audited"], due, recorded)
        return cls(
            index=requests.index,
            kind=positions(requests["kind"], scenario.kinds),
            unit=positions(requests["unit"], scenario.units),
            arrival_s=requests["arrival_s"].to_numpy(np.int64),
            first_start_s=begun,
            finish_s=finish,
            withdrawn_s=withdrawn,
            left_s=np.minimum(finish, withdrawn),
            due_s=due,
            until_start=requests["until_start"].to_numpy(bool),
            returned=requests["returns"].to_numpy() > 0,
            recorded_due_s=recorded,
            **told,
        )

    def as_recorded(self) -> Record:
        """The same requests with the due dates that were written down."""
        return self if self.recorded_due_s is None else replace(self, due_s=self.recorded_due_s)

    def __len__(self) -> int:
        return len(self.arrival_s)

    def find(self, requests: pd.Series) -> np.ndarray:
        """Where the named requests stand, int (m,)."""
        if self.index.equals(pd.RangeIndex(len(self))):
            return requests.to_numpy(np.int64)
        return self.index.get_indexer(pd.Index(requests))


def positions(texts: pd.Series, names: Iterable[str]) -> np.ndarray:
    """Where each text, plain or categorical, stands among `names`, int (n,); -1 for none of them."""
    return looked_up(texts, {name: number for number, name in enumerate(names)}, -1)


def looked_up(texts: pd.Series, table: Mapping[str, int], otherwise: int) -> np.ndarray:
    """What the table has for each text, plain or categorical, (n,)."""
    if not isinstance(texts.dtype, pd.CategoricalDtype):
        texts = texts.astype("category")
    found = np.array([*(table.get(name, otherwise) for name in texts.cat.categories), otherwise])
    return found[texts.cat.codes.to_numpy()]


def _moments(times: pd.Series) -> np.ndarray:
    values = times.to_numpy(np.int64)
    return np.where(values == -1, NEVER, values)
