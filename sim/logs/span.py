"""The usual span of a log: where its cases come in, without a few that stand far from all others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from sim.scenario.errors import InputError

from .found import Finding, of_cases

FEW = 0.01  # of the cases; one of fewer than 200
FAR = 0.1  # of the span of the others: so much longer it would be for them
FAR_IN_GAPS = 20  # of the mean time between the others
FAR_AT_LEAST = pd.Timedelta(days=30)


def usual_span(moments: pd.Series) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and the last moment of a log without those few that stand far from all others.

    A stray date would stretch the span over years in which nobody came, and the mean rate would be too low.

    Parameters
    ----------
    moments : Series of datetime64
        When cases came in, without NaT; at least one.

    Examples
    --------
    >>> import pandas as pd
    >>> from sim.logs.span import usual_span
    >>> days = pd.Series(pd.date_range("2025-01-01", "2025-06-30"))
    >>> usual_span(pd.concat([days, pd.Series([pd.Timestamp("1994-01-01")])]))[0]
    Timestamp('2025-01-01 00:00:00')
    """
    ordered = np.sort(moments.to_numpy())
    few = max(int(FEW * len(ordered)), 1)
    first = _after_strays(ordered, few)
    last = len(ordered) - 1 - _after_strays(-ordered[first:].astype(np.int64)[::-1], few)
    return pd.Timestamp(ordered[first]), pd.Timestamp(ordered[last])


def within(
    findings: list[Finding],
    events: pd.DataFrame,
    cases: pd.DataFrame,
    begin: pd.Timestamp | None,
    until: pd.Timestamp | None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The cases that came in from `begin` to `until`; a few that stand far from all others are told."""
    if cases.empty:
        remedy = "Say by --column end=NAME which column has it"
        raise InputError("no row is left that has an end", remedy=remedy)
    if begin is not None and until is not None and begin > until:
        message = f"--from {begin:%Y-%m-%d} is after --until {until:%Y-%m-%d}"
        raise InputError(message, remedy="Give the earlier day to --from")
    arrival, out = cases["arrival"], pd.Series(False, cases.index)
    for name, edge, zh, beyond in (
        ("from", begin, "早于", arrival < begin if begin is not None else out),
        ("until", until, "晚于", arrival >= until + pd.Timedelta(days=1) if until is not None else out),
    ):
        if edge is not None:
            en = f"cases left out by --{name} {edge:%Y-%m-%d}"
            found = of_cases(name, en, f"收件{zh}{edge:%Y-%m-%d}、不计入的案件", cases["name"][beyond])
            findings.append(replace(found, wrong=True))
            out |= beyond
    if out.all():
        message = "no case came in on the days that --from and --until leave"
        remedy = f"The log's cases came in from {arrival.min():%Y-%m-%d} to {arrival.max():%Y-%m-%d}"
        raise InputError(message, remedy=remedy)
    number = np.where(out, -1, np.cumsum(~out) - 1)
    events = events[number[events["case"]] >= 0]
    events = events.assign(case=number[events["case"]]).reset_index(drop=True)
    for name in ("activity", "person"):
        events[name] = events[name].cat.remove_unused_categories()
    cases = cases[~out].reset_index(drop=True)
    arrival = cases["arrival"]
    first, last = usual_span(arrival)
    for name, en, zh, far, edge in (
        ("from", "long before all others", "远早于其他案件", arrival < first, first),
        ("until", "long after all others", "远晚于其他案件", arrival > last, last),
    ):
        told = (
            f"cases received {en}: these make the rate of arrivals too low; --{name} {edge:%Y-%m-%d} leaves "
            "them out",
            f"收件{zh}的案件：将使来件率偏低，可用 --{name} {edge:%Y-%m-%d} 剔除",
        )
        of_day = cases["name"] + arrival.dt.strftime(" on %Y-%m-%d")
        findings.append(of_cases(f"far_{name}", *told, of_day[far]))
    return events, cases


def _after_strays(ordered: np.ndarray, few: int) -> int:
    """The place of the first that does not stand far from all after it."""
    steps = np.diff(ordered).astype(np.int64)
    unit = pd.Timedelta(1, "us").value  # nanoseconds
    for place in range(min(few, len(steps) - 1), 0, -1):
        others = int(ordered[-1].astype(np.int64) - ordered[place].astype(np.int64))
        usual = max(FAR * others, FAR_IN_GAPS * others / (len(ordered) - place), FAR_AT_LEAST.value / unit)
        if steps[place - 1] > usual:
            return place
    return 0
