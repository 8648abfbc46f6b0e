"""The counts of a year: volumes by unit, kind and month, and the indicators by which units are scored.

Edge rules, each a rule of the assessment:

* A request is scored once, in the period in which it falls due, (start, end]: a due date that has passed does
  not move. A request open past its due date is late. One withdrawn by its due date is not counted. A unit
  without cases has no indicator: NaN, never 0 or 1.
* A unit answers for the requests that came in at it and for those that reached a work step at it by the
  period's end. Volumes are counted where a request came in, so that the units sum to the bureau.
* Arrivals and first starts are counted in [start, end), finishes and withdrawals in (start, end]. A limit
  that runs out at midnight of 31 December belongs to the year that ends there, and so does a finish at that
  second.

Groups are numbers: positions among the scenario's units or kinds, -1 for requests in none of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.jit import compiled
from sim.scenario.indicators import INDICATORS
from sim.scenario.time import DAY_S

from .record import NEVER, Record, looked_up, positions
from .statistics import combinations, quantiles

Answers = tuple[np.ndarray, np.ndarray]
"""Who answers for what: positions of unit and request of each pair, int (m,) each, no pair twice, those of a
unit in order of the request."""
QUANTILES = {  # of finished requests
    "median_processing_days": 0.5,
    "p90_processing_days": 0.9,
    "p99_processing_days": 0.99,
}
FLAGS = {  # what the assessment of a period sees of a request
    "due": "It falls due within the period.",
    "on_time": "What must happen in time did.",
    "returned": "It went back to the applicant at least once.",
    "overdue": "It is open at the end past its due date, of this period or an earlier one.",
    "resolved": "It is finished by the end, in time or not.",
    "error": "A mistake was made in it.",
    "complaint": "The applicant complained.",
    "same_day": "It is finished on the day on which it came in.",
}
SHARES = {  # outcomes that are the share of a flag among the cases falling due
    "on_time_rate": "on_time",
    "return_rate": "returned",
    "resolved_rate": "resolved",
    "error_rate": "error",
    "complaint_rate": "complaint",
    "same_day_rate": "same_day",
}


def _sums() -> dict[str, np.ndarray]:
    """Return which combinations of flags each sum over cases counts, bool (256,), by its name."""
    having = dict(zip(FLAGS, combinations(len(FLAGS)), strict=True))
    due, overdue = having["due"], having["overdue"]
    sums = {flag: due & having[flag] for flag in SHARES.values()}
    return sums | {
        "due": due,
        "overdue": overdue,
        "late": due & ~having["on_time"],
        "due or overdue": due | overdue,
    }


_SUMS = tuple(_sums())
_IN_SUMS = np.array(list(_sums().values()), float).T  # (256, sums)


def counted_as(indicator: str) -> str:
    """Return the outcome by whose numbers an indicator is scored."""
    flag = INDICATORS[indicator].flag
    return next((outcome for outcome, counted in SHARES.items() if counted == flag), indicator)


@dataclass(frozen=True)
class Cohort:
    """The requests as the assessment of a period sees them, arrays (n,).

    flags : `FLAGS`, `packed`. used : float in [0, 1], the share of the limit used, finished or not.
    late_s : int, seconds from the due date until the limit was met, the request was withdrawn, or the period
    ended.
    """

    flags: np.ndarray
    used: np.ndarray
    late_s: np.ndarray

    def has(self, flag: str) -> np.ndarray:
        """Return which requests have this one of `FLAGS`, bool (n,)."""
        return self.flags >> list(FLAGS).index(flag) & 1 != 0


def cohort(record: Record, start_s: int, end_s: int) -> Cohort:
    """Return all requests as the assessment of the period sees them."""
    times = (record.due_s, record.arrival_s, record.first_start_s, record.finish_s, record.withdrawn_s)
    told = (record.until_start, record.returned, record.error, record.complaint)
    nothing = np.empty(0, bool)
    flags = (nothing if own is None else np.ascontiguousarray(own, bool) for own in told)
    return Cohort(*_seen(*(np.ascontiguousarray(own, np.int64) for own in times), *flags, start_s, end_s))


@compiled
def _seen(
    due_s,
    arrival_s,
    first_start_s,
    finish_s,
    withdrawn_s,
    until_start,
    returned,
    error,
    complaint,
    start_s,
    end_s,
):
    """Return the columns of a `Cohort`; of an error or a complaint nothing is known where they are empty."""
    count = len(due_s)
    flags, used, late_s = np.empty(count, np.uint8), np.empty(count), np.empty(count, np.int64)
    for i in range(count):
        limit, arrival, finish, withdrawn = due_s[i], arrival_s[i], finish_s[i], withdrawn_s[i]
        done = first_start_s[i] if until_start[i] else finish
        fell_due = limit != -1 and limit <= end_s
        finished = finish <= end_s
        flags[i] = (  # in the order of `FLAGS`
            (fell_due and limit > start_s and withdrawn > limit)
            | (limit != -1 and done <= limit) << 1
            | returned[i] << 2
            | (fell_due and done > end_s and withdrawn > end_s) << 3
            | finished << 4
            | (len(error) > 0 and error[i]) << 5
            | (len(complaint) > 0 and complaint[i]) << 6
            | (finished and finish // DAY_S == arrival // DAY_S) << 7
        )
        allowed = max(limit - arrival, 1)  # a limit of length 0 is used up at once
        used[i] = min(max((min(done, end_s) - arrival) / allowed, 0.0), 1.0)
        late_s[i] = min(done, withdrawn, end_s) - limit
    return flags, used, late_s


def responsible(requests: pd.DataFrame, steps: pd.DataFrame, units: list[str], end_s: int) -> Answers:
    """Return which unit answers for which request, from tables.

    `steps` has request (in the index of `requests`), type, unit and ready_s.
    """
    count = len(requests)
    ready = steps["ready_s"].to_numpy()
    unit = looked_up(steps["unit"], {unit: number for number, unit in enumerate(units)}, -1)
    unit[looked_up(steps["type"], {"work": False}, True) | (ready < 0) | (ready > end_s)] = -1
    own = np.arange(count)
    units_of = np.concatenate((positions(requests["unit"], units), unit))
    requests_of = np.concatenate((own, requests.index.get_indexer(pd.Index(steps["request"]))))
    pairs = units_of * np.int64(count) + requests_of
    return np.divmod(np.unique(pairs[pairs >= 0]), count)


def rates(
    seen: Cohort, answers: Answers, count: int, among: np.ndarray | None = None
) -> dict[str, np.ndarray]:
    """Return the indicators of the cases by group, each float (count,).

    `answers` are groups and positions of requests, a group of −1 is none. `among` are the requests that
    count, bool (n,); None = all.
    """
    group, request = (np.ascontiguousarray(own, np.int32) for own in answers)
    counts = np.empty(0, bool) if among is None else among
    tallied, used, late_s = _tallied(seen.flags, seen.used, seen.late_s, group, request, counts, count)
    sums = dict(zip(_SUMS, (tallied.astype(float) @ _IN_SUMS).T, strict=True))
    due_cases, open_cases = sums["due"], sums["overdue"]
    with np.errstate(invalid="ignore"):  # 0 / 0 is NaN: no cases, no indicator
        return {
            "due_cases": due_cases,
            "overdue_open": open_cases,
            **{outcome: sums[flag] / due_cases for outcome, flag in SHARES.items()},
            "overdue_rate": open_cases / sums["due or overdue"],
            "time_against_limit": used / due_cases,
            "mean_overdue_days": late_s / sums["late"] / DAY_S,
            "complaints": sums["complaint"],
        }


@compiled
def _tallied(flags, used, late_s, groups, requests, among, count):
    """Return how often each combination of flags occurs by group, and sums over the cases falling due: of the
    share of the limit used, and of the seconds of those that are late."""
    tallied, used_, late_ = np.zeros((count, 256), np.int64), np.zeros(count), np.zeros(count)
    for pair in range(len(groups)):
        group, i = groups[pair], requests[pair]
        if group < 0 or (len(among) > 0 and not among[i]):
            continue
        tallied[group, flags[i]] += 1
        if flags[i] & 1:
            used_[group] += used[i]
            if not flags[i] & 2:
                late_[group] += late_s[i]
    return tallied, used_, late_


def records(record: Record, seen: Cohort, groups: np.ndarray, count: int) -> dict[str, np.ndarray]:
    """Return audited_cases and needless_returns by group (n,), each float (count,), of cases falling due.

    Only those in the table of requests. They count where the request came in: that unit keeps its file.
    """
    flags = {"audited_cases": record.audited, "needless_returns": record.needless}
    return {
        name: np.bincount(groups[flag & seen.has("due")] + 1, minlength=count + 1)[1:].astype(float)
        for name, flag in flags.items()
        if flag is not None
    }


def volumes(
    record: Record, groups: np.ndarray, count: int, start_s: int, end_s: int
) -> dict[str, np.ndarray]:
    """Return the service of a period by group (n,), each float (count,), also for groups without arrivals."""
    arrival, finish = record.arrival_s, record.finish_s
    times = (arrival, record.first_start_s, finish, record.withdrawn_s, record.left_s)
    refused = np.empty(0, bool) if record.refused is None else record.refused
    groups = np.ascontiguousarray(groups, np.int64)
    moments = (np.ascontiguousarray(own, np.int64) for own in times)
    came, finished, withdrawn, open_, turned_away, begun, taken_s, waited_s = _served(
        *moments, refused, groups, count, start_s, end_s
    ).astype(float)
    ended = np.flatnonzero((finish > start_s) & (finish <= end_s))
    shown = quantiles((finish - arrival)[ended], groups[ended], count, tuple(QUANTILES.values()))
    with np.errstate(invalid="ignore"):  # 0 / 0 is NaN: nobody, no mean
        return {
            "arrivals": came,
            "finished": finished,
            "withdrawn": withdrawn,
            "open_at_end": open_,
            **({} if record.refused is None else {"turned_away": turned_away}),
            "mean_processing_days": taken_s / finished / DAY_S,
            **{name: seconds / DAY_S for name, seconds in zip(QUANTILES, shown, strict=True)},
            "mean_wait_minutes": waited_s / begun / 60,
        }


@compiled
def _served(arrival_s, begun_s, finish_s, withdrawn_s, left_s, refused, groups, count, start_s, end_s):
    """Return by group how many came, finished, were withdrawn, are open at the end, were turned away for good
    and were begun in a period, and the seconds that those finished took and those begun had waited: (8,
    count). Whole numbers add up exactly, in any order."""
    total = np.zeros((8, count), np.int64)
    for i in range(len(groups)):
        own, arrival = groups[i], arrival_s[i]
        if own < 0:
            continue
        if arrival < end_s:
            total[0, own] += arrival >= start_s
            total[3, own] += left_s[i] > end_s
        if start_s < finish_s[i] <= end_s:
            total[1, own] += 1
            total[6, own] += finish_s[i] - arrival
        if start_s < withdrawn_s[i] <= end_s:
            total[2, own] += 1
            total[4, own] += len(refused) > 0 and refused[i]
        if start_s <= begun_s[i] < end_s:
            total[5, own] += 1
            total[7, own] += begun_s[i] - arrival
    return total


def monthly(
    record: Record, groups: np.ndarray, count: int, bounds_s: np.ndarray
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Return the service by month, by group (n,) and of all: arrays (months, count) and (months, 1).

    They are arrivals, finished, mean_processing_days and open_at_end. `bounds_s` are the months' starts and
    the last one's end.
    """
    months, finish, left = len(bounds_s) - 1, record.finish_s, record.left_s
    groups = groups.astype(np.int64)
    came = np.searchsorted(bounds_s, record.arrival_s, side="right") - 1
    ended = np.searchsorted(bounds_s, finish, side="left") - 1
    gone = ended.copy()
    withdrawn = np.flatnonzero(left != finish)
    gone[withdrawn] = np.searchsorted(bounds_s, left[withdrawn], side="left") - 1
    taken_s = np.where(finish == NEVER, 0, finish - record.arrival_s)
    # the first column is of requests in no group
    arrivals, finished, opened, taken_s = _by_month(came, ended, gone, taken_s, groups + 1, count + 1, months)
    counts = {"arrivals": arrivals, "finished": finished, "open_at_end": np.cumsum(opened, axis=0)}

    def table(counts: dict[str, np.ndarray], taken_s: np.ndarray) -> dict[str, np.ndarray]:
        with np.errstate(invalid="ignore"):
            mean_days = taken_s / counts["finished"] / DAY_S
        return {
            "arrivals": counts["arrivals"].astype(float),
            "finished": counts["finished"].astype(float),
            "mean_processing_days": mean_days,
            "open_at_end": counts["open_at_end"].astype(float),
        }

    together = {name: values.sum(axis=1, keepdims=True) for name, values in counts.items()}
    by_group = {name: values[:, 1:] for name, values in counts.items()}
    return table(by_group, taken_s[:, 1:]), table(together, taken_s.sum(axis=1, keepdims=True))


@compiled
def _by_month(came, ended, gone, taken_s, groups, count, months):
    """Return by month and group how many came and finished, how many more are open at its end than at the end
    of the month before, and the seconds that those finished took, (4, months, count). The months of a request
    may lie before the first or after the last."""
    total = np.zeros((4, months, count), np.int64)
    for i in range(len(groups)):
        own = groups[i]
        if 0 <= came[i] < months:
            total[0, came[i], own] += 1
        if 0 <= ended[i] < months:
            total[1, ended[i], own] += 1
            total[3, ended[i], own] += taken_s[i]
        if gone[i] > came[i] and came[i] < months:  # open at the ends of the months until it left
            total[2, max(came[i], 0), own] += 1
            if gone[i] < months:
                total[2, gone[i], own] -= 1
    return total


def monthly_rates(
    seen: Cohort, due_s: np.ndarray, answers: Answers, count: int, bounds_s: np.ndarray
) -> dict[str, np.ndarray]:
    """Return due_cases and on_time_rate by month of the due date and group, float (months, count).

    Weighted by cases, the months average to the year's rate. `due_s` (n,) is when each request falls due;
    `answers` are as for `rates`; `bounds_s` are the months' starts and the last one's end.
    """
    group, request = (np.ascontiguousarray(own, np.int32) for own in answers)
    times = (np.ascontiguousarray(own, np.int64) for own in (due_s, bounds_s))
    due, on_time = _due_by_month(seen.flags, group, request, count, *times).astype(float)
    with np.errstate(invalid="ignore"):
        return {"due_cases": due, "on_time_rate": on_time / due}


@compiled
def _due_by_month(flags, groups, requests, count, due_s, bounds_s):
    """Return by month and group how many fell due, and of how many what must happen in time did."""
    total, month = np.zeros((2, len(bounds_s) - 1, count), np.int64), 0
    for pair in range(len(groups)):
        group, i = groups[pair], requests[pair]
        if group < 0 or not flags[i] & 1:
            continue
        # a limit of midnight belongs to the day before; the search goes on from the month of the pair before
        while bounds_s[month] >= due_s[i]:
            month -= 1
        while bounds_s[month + 1] < due_s[i]:
            month += 1
        total[0, month, group] += 1
        total[1, month, group] += flags[i] >> 1 & 1
    return total
