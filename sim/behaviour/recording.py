"""Gaming near deadlines: false records of nearly late cases, and the audits that find them.

The work does not change, only the records. The due date is false after a false stop of the clock, a needless
supplement, or a case closed before it is done and reopened; or the finish is false, entered before the limit.
The truth is kept beside them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.scenario.assessment import Assessment
from sim.scenario.gaming import Recording
from sim.scenario.time import DAY_S

MODES = ("clock_stop", "needless_supplement", "close_and_reopen", "backdated_finish")


@dataclass(frozen=True)
class Recorded:
    """The records of each request, arrays (n,).

    recorded_due_s : int64, the due date as recorded, -1 without a limit; where it is false the moment at
    which the limit was met. recorded_met_s : int64, when the limit was met as recorded, -1 = not yet; false
    where it is backdated. mode : int8, position in `MODES`, -1 = a true record. needless : bool, sent back
    for a needless supplement. audited : bool, a false record that an audit found.
    """

    recorded_due_s: np.ndarray
    recorded_met_s: np.ndarray
    mode: np.ndarray
    needless: np.ndarray
    audited: np.ndarray


def record(
    due_s: np.ndarray,
    met_s: np.ndarray,
    unit: np.ndarray,
    month_ends_s: np.ndarray,
    share: np.ndarray,
    luck: Callable[[np.ndarray], np.ndarray],
    rules: Recording,
    audit_rate: float = 0.0,
    received_s: np.ndarray | None = None,
    scored_until_s: int = -1,
) -> Recorded:
    """Return the records of all requests.

    Parameters
    ----------
    due_s : int64 (n,), due dates, -1 = none.
    met_s : int64 (n,), when the limit was met: the finish, or the first start where the limit runs to it; -1
        = not yet. An open case cannot be recorded as done.
    unit : int (n,), the unit that answers for the case.
    month_ends_s : int64 (months,), rising; a case is recorded under the conduct of the month in which it
        falls due.
    share : (months, units), the share of nearly late cases recorded as in time (`Conduct.recording`).
    luck : returns for the requests at some positions (m,) their own luck, (m, 3) in [0, 1): whether each is
        gamed, how, and whether it is audited. The second also says when a backdated finish is.
    audit_rate : share of the records audited.
    received_s : int64 (n,), the receipts: nothing is recorded before. None = long before.
    scored_until_s : cases due by then were scored in an earlier year, and no record changes that.
    """
    window_s = round(rules.window_days * DAY_S)
    late = (due_s > max(scored_until_s, -1)) & (met_s > due_s)
    nearly = np.flatnonzero(late & (met_s - due_s <= window_s))
    month = np.minimum(np.searchsorted(month_ends_s, due_s[nearly], side="left"), len(month_ends_s) - 1)
    drawn = luck(nearly)
    gamed = drawn[:, 0] < share[month, unit[nearly]]
    false, (_, way, audit) = nearly[gamed], drawn[gamed].T
    weights = np.cumsum([getattr(rules, mode) for mode in MODES])
    edges = weights[:-1] / weights[-1]
    mode, audited = np.full(len(due_s), -1, np.int8), np.zeros(len(due_s), bool)
    mode[false] = np.searchsorted(edges, way, side="right")
    audited[false] = audit < audit_rate
    moved = mode[false] == MODES.index("backdated_finish")
    backdated = false[moved]
    recorded_met_s = met_s.copy()
    recorded_met_s[backdated] = _backdated(
        due_s[backdated],
        None if received_s is None else received_s[backdated],
        (way[moved] - edges[-1]) / (1 - edges[-1]),  # uniform again
        rules.backdated_days,
    )
    recorded_due_s = due_s.copy()
    recorded_due_s[false] = met_s[false]
    recorded_due_s[backdated] = due_s[backdated]
    return Recorded(
        recorded_due_s=recorded_due_s,
        recorded_met_s=recorded_met_s,
        mode=mode,
        needless=mode == MODES.index("needless_supplement"),
        audited=audited,
    )


def _backdated(
    due_s: np.ndarray, received_s: np.ndarray | None, uniform: np.ndarray, days: float
) -> np.ndarray:
    """Return moments within so many days before the due dates, not before the receipts, int64 (n,)."""
    spread_s = np.full(len(due_s), max(round(days * DAY_S), 1))
    if received_s is not None:
        spread_s = np.minimum(spread_s, due_s - received_s)
    return due_s - 1 - np.floor(uniform * spread_s).astype(np.int64)


def falsified_share(
    pressure: np.ndarray,
    points_a_case: np.ndarray,
    rules: Recording,
    assessment: Assessment,
    strength: float = 1.0,
) -> np.ndarray:
    """Return the share of nearly late cases that units record as in time, (units,).

    It rises with the pressure (% of a year's pay per point) and falls with the expected cost of audits, rate
    × penalty points per false record. It is 0 where that cost reaches the points gained, `points_a_case`.
    """
    audits = assessment.audits
    risk = audits.rate * audits.penalty_points if audits.on else 0.0
    gain = np.asarray(points_a_case, float)
    kept = np.divide(gain - risk, gain, out=np.zeros_like(gain), where=gain > 0)
    wish = strength * rules.sensitivity * np.asarray(pressure, float) * np.maximum(kept, 0.0)
    return np.clip(wish, 0.0, rules.most)
