"""What is counted of a year: volumes by unit, kind and month, and the indicators by which units are scored.

Edge rules, each a rule of the assessment:

* A request is scored in the period in which it falls due, (start, end]. One that is open past its due date
  is late. One withdrawn by its due date is not counted. A unit without such cases has no indicator: NaN,
  never 0 or 1.
* A unit answers for the requests that came in at it and for those that reached a work step at it by the
  period's end. Volumes are counted where a request came in, so that the units sum to the bureau.
* Arrivals and first starts are counted in [start, end), finishes and withdrawals in (start, end]: a limit
  that runs out at midnight of 31 December belongs to the year that ends there, and so does what finishes
  at that second.

All times are int64 seconds of the clock, -1 where something has not happened.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.scenario.calendar import WorkingCalendar
from sim.scenario.schema import Scenario
from sim.scenario.time import DAY_S, WEEKDAYS

NEVER = np.iinfo(np.int64).max
QUANTILES = {
    "median_processing_days": 0.5,
    "p90_processing_days": 0.9,
}  # of finished requests, interpolated linearly


def moment(times: pd.Series) -> np.ndarray:
    """int64 (n,) with `NEVER` for what has not happened, so that it is later than everything."""
    values = times.to_numpy(np.int64)
    return np.where(values == -1, NEVER, values)


def left_s(requests: pd.DataFrame) -> np.ndarray:
    """When each request is finished or withdrawn, int64 (n,)."""
    return np.minimum(moment(requests["finish_s"]), moment(requests["withdrawn_s"]))


def cohort(requests: pd.DataFrame, start_s: int, end_s: int) -> pd.DataFrame:
    """One row for each request (its index kept): what the assessment of the period sees of it.

    due : bool, it falls due within the period. on_time : bool, what must happen in time did. returned :
    bool, it went back to the applicant at least once. overdue : bool, open at the end past its due date,
    of this period or an earlier one. used : float in [0, 1], the share of its limit that it took.
    """
    limit = requests["due_s"].to_numpy(np.int64)
    arrival = requests["arrival_s"].to_numpy(np.int64)
    until_start = requests["until_start"].to_numpy(bool)
    done = np.where(until_start, moment(requests["first_start_s"]), moment(requests["finish_s"]))
    withdrawn = moment(requests["withdrawn_s"])
    limited = limit != -1
    counted = limited & (withdrawn > limit)
    allowed = np.maximum(limit - arrival, 1)  # a limit of no length is used up at once
    return pd.DataFrame(
        {
            "due": counted & (limit > start_s) & (limit <= end_s),
            "on_time": limited & (done <= limit),
            "returned": requests["returns"].to_numpy() > 0,
            "overdue": limited & (limit <= end_s) & (done > end_s) & (withdrawn > end_s),
            "used": np.clip((np.minimum(done, end_s) - arrival) / allowed, 0.0, 1.0),
        },
        index=requests.index,
    )


def responsible(
    requests: pd.DataFrame, steps: pd.DataFrame, units: list[str], end_s: int
) -> tuple[np.ndarray, np.ndarray]:
    """Who answers for what: positions of requests and of `units`, one pair each, in the order of unit and
    request.
    """
    own = pd.Categorical(requests["unit"], categories=units).codes.astype(np.int64)
    work = ((steps["type"] == "work") & (steps["ready_s"] >= 0) & (steps["ready_s"] <= end_s)).to_numpy()
    where = pd.Categorical(steps["unit"][work], categories=units).codes.astype(np.int64)
    which = requests.index.get_indexer(steps["request"].to_numpy()[work])
    size = max(len(requests), 1)
    keys = np.concatenate((own * size + np.arange(len(requests)), where * size + which))
    seen = np.concatenate((own, where)) >= 0
    keys = np.unique(keys[seen])
    return keys % size, keys // size


def unit_cases(
    requests: pd.DataFrame, steps: pd.DataFrame, scenario: Scenario, start_s: int, end_s: int
) -> pd.DataFrame:
    """The `cohort` rows of every unit, for the requests it answers for and that are due or overdue.

    Column unit in front; in the order of unit and request, which is the order in which an inspection
    draws them.
    """
    units = list(scenario.units)
    seen = cohort(requests, start_s, end_s)
    request, unit = responsible(requests, steps, units, end_s)
    kept = (seen["due"] | seen["overdue"]).to_numpy()[request]
    cases = seen.iloc[request[kept]]
    cases.insert(0, "unit", pd.Categorical.from_codes(unit[kept], categories=units))
    return cases


def rates(cases: pd.DataFrame, groups: np.ndarray, count: int) -> pd.DataFrame:
    """Indicators of `cases` (columns of `cohort`) by group number (n,) in 0 … count−1; index 0 … count−1."""
    due = cases["due"].to_numpy()

    def total(values: np.ndarray) -> np.ndarray:
        return np.bincount(groups, weights=values.astype(float), minlength=count)

    overdue = cases["overdue"].to_numpy()
    due_cases, open_cases = total(due), total(overdue)
    with np.errstate(invalid="ignore"):  # 0 / 0 is NaN: no cases, no indicator
        return pd.DataFrame(
            {
                "due_cases": due_cases,
                "overdue_open": open_cases,
                "on_time_rate": total(due & cases["on_time"].to_numpy()) / due_cases,
                "return_rate": total(due & cases["returned"].to_numpy()) / due_cases,
                "overdue_rate": open_cases / total(due | overdue),
                "time_against_limit": total(np.where(due, cases["used"], 0.0)) / due_cases,
            }
        )


def unit_year(
    cases: pd.DataFrame,
    people: pd.DataFrame,
    scenario: Scenario,
    calendar: WorkingCalendar,
    start_s: int,
    end_s: int,
) -> pd.DataFrame:
    """All indicators of the units over a period: index unit, columns of `rates` and study_rate.

    `cases` are those of `unit_cases`.
    """
    units = pd.Index(scenario.units, name="unit")
    indicators = rates(cases, cases["unit"].cat.codes.to_numpy(np.int64), len(units)).set_axis(units)
    return indicators.assign(study_rate=study_rate(people, scenario, calendar, start_s, end_s).reindex(units))


def study_rate(
    people: pd.DataFrame, scenario: Scenario, calendar: WorkingCalendar, start_s: int, end_s: int
) -> pd.Series:
    """Study done over study asked, by unit; a person counts at most as 1, and nothing asked is nothing
    missed.

    A week asks for its study if its study day is worked (the mean over the slots, if they are staggered);
    lectures and integrity sessions are added in proportion to the period. Who is on leave is excused in
    proportion.
    """
    asked = _study_asked_s(scenario, calendar, start_s, end_s)
    present = (people[["on_duty_s", "study_s", "duty_s"]].sum(axis=1)).to_numpy(float)
    leave = people["leave_s"].to_numpy(float)
    whole = present + leave
    owed = asked * np.divide(present, whole, out=np.zeros(len(people)), where=whole > 0)
    done = np.divide(people["study_s"].to_numpy(float), owed, out=np.ones(len(people)), where=owed > 0)
    return pd.Series(np.minimum(done, 1.0), index=people.index).groupby(people["unit"]).mean()


def _study_asked_s(scenario: Scenario, calendar: WorkingCalendar, start_s: int, end_s: int) -> float:
    study = scenario.study
    if study is None:
        return 0.0
    days = slice(start_s // DAY_S, -(-end_s // DAY_S))
    weekdays = calendar.weekday[days][calendar.working[days]]
    used = study.slots if study.staggered else study.slots[:1]
    weeks = (
        np.mean([np.count_nonzero(weekdays == WEEKDAYS.index(slot.weekday)) for slot in used])
        if used
        else 0.0
    )
    sessions = (
        study.lectures_a_year * study.lecture_hours + study.integrity_sessions_a_year * study.integrity_hours
    )
    return 3600 * (study.weekly_hours * float(weeks) + sessions * min(1.0, (end_s - start_s) / (365 * DAY_S)))


def volumes(
    requests: pd.DataFrame, groups: np.ndarray, names: list[str], start_s: int, end_s: int
) -> pd.DataFrame:
    """Service of a period by group: index `names`, one row each, also of groups in which nothing came.

    `groups` (n,) are positions in `names`, -1 for requests left out.
    """
    arrival = requests["arrival_s"].to_numpy(np.int64)
    finish, withdrawn = moment(requests["finish_s"]), moment(requests["withdrawn_s"])
    begun = moment(requests["first_start_s"])
    inside = groups >= 0

    def total(rows: np.ndarray) -> np.ndarray:
        return np.bincount(groups[rows & inside], minlength=len(names)).astype(float)

    finished = (finish > start_s) & (finish <= end_s) & inside
    started = (begun >= start_s) & (begun < end_s) & inside
    days = pd.Series((finish[finished] - arrival[finished]) / DAY_S).groupby(groups[finished])
    waits = pd.Series((begun[started] - arrival[started]) / 60).groupby(groups[started])
    table = pd.DataFrame(
        {
            "arrivals": total((arrival >= start_s) & (arrival < end_s)),
            "finished": total(finished),
            "withdrawn": total((withdrawn > start_s) & (withdrawn <= end_s)),
            "open_at_end": total((arrival < end_s) & (np.minimum(finish, withdrawn) > end_s)),
            "mean_processing_days": days.mean(),
            **{name: days.quantile(share) for name, share in QUANTILES.items()},
            "mean_wait_minutes": waits.mean(),
        },
        index=range(len(names)),
    )
    return table.set_axis(names)


def monthly(
    requests: pd.DataFrame, groups: np.ndarray, count: int, bounds_s: np.ndarray
) -> dict[str, np.ndarray]:
    """Service month by month: arrays (months, count) of arrivals, finished, mean_processing_days,
    open_at_end.

    `bounds_s` are the months' starts and the last one's end; `groups` (n,) lie in 0 … count−1, -1 is left
    out.
    """
    arrival = requests["arrival_s"].to_numpy(np.int64)
    finish, left = moment(requests["finish_s"]), left_s(requests)
    months = len(bounds_s) - 1
    inside = groups >= 0

    def total(month: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
        rows = inside & (month >= 0) & (month < months)
        keys = month[rows] * count + groups[rows]
        return (
            np.bincount(keys, None if weights is None else weights[rows], months * count)
            .reshape(months, count)
            .astype(float)
        )

    came = np.searchsorted(bounds_s, arrival, side="right") - 1
    ended = np.searchsorted(bounds_s, finish, side="left") - 1
    finished = total(ended)
    days = np.where(finish == NEVER, 0, finish - arrival) / DAY_S
    with np.errstate(invalid="ignore"):
        mean_days = total(ended, days) / finished
    backlog = [
        np.bincount(groups[inside & (arrival < end) & (left > end)], minlength=count) for end in bounds_s[1:]
    ]
    return {
        "arrivals": total(came),
        "finished": finished,
        "mean_processing_days": mean_days,
        "open_at_end": np.array(backlog, float),
    }
