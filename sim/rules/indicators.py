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
from .statistics import combinations, means, packed, quantiles, tally

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

    def take(self, which: np.ndarray) -> Cohort:
        """Return the requests at these positions, or where `which` is true."""
        return Cohort(self.flags[which], self.used[which], self.late_s[which])

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


def cases_of(answers: Answers, seen: Cohort) -> Answers:
    """Return the pairs of `answers` whose requests are cases: due or overdue."""
    unit, request = answers
    cases = (seen.has("due") | seen.has("overdue"))[request]
    return unit[cases], request[cases]


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


@dataclass(frozen=True)
class Service:
    """The service within a period.

    It has the `packed` flags of each request (n,): came, finished, withdrawn, open at the end. It also has
    the positions of finished and of started requests, and the seconds they took and waited; and those of
    requests turned away for good, None where nobody can be.
    """

    flags: np.ndarray
    finished: np.ndarray
    taken_s: np.ndarray
    started: np.ndarray
    waited_s: np.ndarray
    refused: np.ndarray | None = None


def service(record: Record, start_s: int, end_s: int) -> Service:
    """Return the service of a period."""
    arrival, begun, finish = record.arrival_s, record.first_start_s, record.finish_s
    before_end = arrival < end_s
    ended = (finish > start_s) & (finish <= end_s)
    withdrawn = (record.withdrawn_s > start_s) & (record.withdrawn_s <= end_s)
    flags = packed(
        before_end & (arrival >= start_s),
        ended,
        withdrawn,
        before_end & (record.left_s > end_s),
    )
    finished = np.flatnonzero(ended)
    started = np.flatnonzero((begun >= start_s) & (begun < end_s))
    taken_s, waited_s = finish[finished] - arrival[finished], begun[started] - arrival[started]
    refused = None if record.refused is None else np.flatnonzero(withdrawn & record.refused)
    return Service(flags, finished, taken_s, started, waited_s, refused)


def _count(groups: np.ndarray, count: int) -> np.ndarray:
    """Return the number of each group, float (count,); −1 is no group."""
    return np.bincount(groups + 1, minlength=count + 1)[1:].astype(float)


def volumes(done: Service, groups: np.ndarray, count: int) -> dict[str, np.ndarray]:
    """Return the service by group (n,), each float (count,), also for groups without arrivals."""
    tallied = tally(done.flags, groups, count)
    came, finished, withdrawn, open_ = (tallied[:, flag].sum(axis=1).astype(float) for flag in combinations())
    of_finished, of_started = groups[done.finished], groups[done.started]
    refused = {} if done.refused is None else {"turned_away": _count(groups[done.refused], count)}
    shown = quantiles(done.taken_s, of_finished, count, tuple(QUANTILES.values()))
    return {
        "arrivals": came,
        "finished": finished,
        "withdrawn": withdrawn,
        "open_at_end": open_,
        **refused,
        "mean_processing_days": means(done.taken_s, of_finished, count) / DAY_S,
        **{name: seconds / DAY_S for name, seconds in zip(QUANTILES, shown, strict=True)},
        "mean_wait_minutes": means(done.waited_s, of_started, count) / 60,
    }


def monthly(
    record: Record, groups: np.ndarray, count: int, bounds_s: np.ndarray
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Return the service by month, by group (n,) and of all: arrays (months, count) and (months, 1).

    They are arrivals, finished, mean_processing_days and open_at_end. `bounds_s` are the months' starts and
    the last one's end.
    """
    months, finish, left = len(bounds_s) - 1, record.finish_s, record.left_s
    came = np.searchsorted(bounds_s, record.arrival_s, side="right") - 1
    ended = np.searchsorted(bounds_s, finish, side="left") - 1
    gone = ended.copy()
    withdrawn = np.flatnonzero(left != finish)
    gone[withdrawn] = np.searchsorted(bounds_s, left[withdrawn], side="left") - 1
    column = groups.astype(np.int64) + 1  # column 0 for requests of no group

    def total(month: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
        """Return sums by month and group, without months before the first or after the last."""
        place = np.where((month < 0) | (month > months), months, month) * (count + 1) + column
        return np.bincount(place, weights, (months + 1) * (count + 1)).reshape(-1, count + 1)[:months]

    arrivals, finished = total(came), total(ended)
    # A request is open at the ends of the months from its arrival to the month before it left.
    stays = gone > came
    opened = total(np.where(stays, np.maximum(came, 0), -1)) - total(np.where(stays, gone, -1))
    counts = {"arrivals": arrivals, "finished": finished, "open_at_end": np.cumsum(opened, axis=0)}
    taken_s = total(ended, np.where(finish == NEVER, 0, finish - record.arrival_s))

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


def monthly_rates(
    cases: Cohort, due_s: np.ndarray, groups: np.ndarray, count: int, bounds_s: np.ndarray
) -> dict[str, np.ndarray]:
    """Return due_cases and on_time_rate by month of the due date and group (n,), float (months, count).

    Weighted by cases, the months average to the year's rate. `due_s` is when each case falls due; `bounds_s`
    are the months' starts and the last one's end.
    """
    month = np.searchsorted(bounds_s, due_s, side="left") - 1  # a limit of midnight belongs to the day before
    place, size = month * count + groups, (len(bounds_s) - 1, count)
    counted = cases.has("due") & (groups >= 0)
    due, on_time = (
        np.bincount(place[which], minlength=size[0] * size[1]).reshape(size).astype(float)
        for which in (counted, counted & cases.has("on_time"))
    )
    with np.errstate(invalid="ignore"):
        return {"due_cases": due, "on_time_rate": on_time / due}
