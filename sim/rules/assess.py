"""One year judged: from requests, steps and people to the long table of outcomes that studies keep."""

from __future__ import annotations

import calendar as months_of
import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.scenario.calendar import WorkingCalendar, calendar_of
from sim.scenario.schema import Scenario
from sim.scenario.time import DAY_S

from . import indicators as counted
from .careers import verdicts
from .pay import bonus_share, gini, pay_share
from .record import Record
from .scorecard import Draws, score
from .statistics import mean
from .table import Rows

_SHARES = {
    "below_advanced": "share_not_advanced",
    "head_not_promotable": "share_not_promotable",
    "certified": "share_certified",
    "excellent": "share_excellent",
}
Values = dict[str, np.ndarray]  # by outcome, each float (n,)


def assess(
    requests: pd.DataFrame,
    steps: pd.DataFrame,
    people: pd.DataFrame,
    scenario: Scenario,
    start_s: int,
    end_s: int,
    draws: Draws,
) -> pd.DataFrame:
    """The outcomes of one assessment year, or of a stretch of minutes.

    Parameters
    ----------
    requests, steps, people : tables of a replication; times int64 seconds of the clock, -1 = has not
        happened. Requests of other years belong in, each is counted where it falls; the hours of `people`
        are this year's, their study_s with lectures and integrity sessions. Of steps only request, type,
        unit and ready_s are read. Kinds, units and types are texts, plain or categorical.
    start_s, end_s : the period.
    draws : luck of this year's inspections and marks, shared by all policies.

    Returns
    -------
    DataFrame of `table.COLUMNS`: year (0 for a stretch of minutes), month (0 = whole year), unit ("" =
    bureau), kind ("" = all), person ("" = none), outcome (a name in `OUTCOMES`), value (NaN = none); the
    texts are categorical. Rows with a month exist only for years; rows of scores, pay and careers only of
    units that have a scorecard.
    """
    calendar = calendar_of(scenario)
    record = Record.of(requests, scenario)
    seen = counted.cohort(record, start_s, end_s)
    units, kinds = list(scenario.units), list(scenario.kinds)
    of_unit, which = counted.unit_cases(record, seen, steps, units, end_s)
    cases = counted.Cohort(seen.flags[which], seen.used[which])
    unit_rates = counted.rates(cases, of_unit, len(units))
    unit_rates["study_rate"] = counted.study_rate(people, scenario, calendar, start_s, end_s)
    hours = _hours(people)
    office = people["unit"].to_numpy(object)
    place = {unit: number for number, unit in enumerate(units)}
    staff = np.array([place[unit] for unit in office], np.int64)
    done, bureau = counted.service(record, start_s, end_s), np.zeros(len(record), np.int64)

    rows = Rows()
    every_unit, every_kind = np.arange(len(units)), np.arange(len(kinds))
    rows.add(counted.volumes(done, record.unit, len(units)), unit=every_unit)
    rows.add(
        _shared_hours(_columns(pd.DataFrame(hours).groupby(office).sum().reindex(units))), unit=every_unit
    )
    rows.add(unit_rates, unit=every_unit)
    rows.add(counted.volumes(done, record.kind, len(kinds)), kind=every_kind)
    rows.add(counted.rates(seen, record.kind, len(kinds)), kind=every_kind)
    of_bureau = {
        **counted.volumes(done, bureau, 1),
        **counted.rates(seen, bureau, 1),
        **_shared_hours({name: np.array([mine.sum()]) for name, mine in hours.items()}),
    }
    of_person = {name: hours[name] for name in ("on_duty_hours", "busy_hours")}
    scored = _scored(scenario)
    if len(scored) and scenario.assessment is not None and scenario.pay is not None:
        judged = _judged(unit_rates, of_unit, cases, scenario, scored, draws)
        paid = _paid(people, staff, scenario, scored, judged["score"])
        rows.add(judged, unit=scored)
        mean_pay = pd.Series(paid.total).groupby(office).mean().reindex(units).to_numpy()
        staffed = np.flatnonzero(~np.isnan(mean_pay))
        rows.add({"pay_yuan": mean_pay[staffed]}, unit=staffed)
        of_bureau |= {name: np.array([value]) for name, value in _bureau_year(judged, paid).items()}
        of_person["pay_yuan"] = paid.total
    rows.add(of_bureau)
    rows.add(of_person, unit=staff, person=np.arange(len(people)))
    year = 0
    if scenario.horizon.years is not None:
        year = calendar.date(start_s // DAY_S).year
        bounds, numbers = month_bounds(calendar, start_s, end_s)
        by_month = counted.monthly(record, record.unit, len(units), bounds)
        for names, months in zip((every_unit, [-1]), by_month, strict=True):
            rows.add(
                {name: values.ravel() for name, values in months.items()},
                unit=np.tile(names, len(numbers)),
                month=np.repeat(numbers, len(names)),
            )
    return rows.table(year, scenario, people.index)


def _hours(people: pd.DataFrame) -> Values:
    """Hours of each person."""
    names = ("on_duty", "busy", "study", "overtime")
    return {f"{name}_hours": people[f"{name}_s"].to_numpy() / 3600 for name in names}


def _columns(table: pd.DataFrame) -> Values:
    return {name: column.to_numpy() for name, column in table.items()}


def _shared_hours(totals: Values) -> Values:
    """study_hours, overtime_hours and utilisation from totals of hours; nobody on duty: no utilisation."""
    on_duty = totals["on_duty_hours"]
    utilisation = totals["busy_hours"] / np.where(on_duty > 0, on_duty, np.nan)
    return {name: totals[name] for name in ("study_hours", "overtime_hours")} | {"utilisation": utilisation}


def _scored(scenario: Scenario) -> np.ndarray:
    """The units with a scorecard, as positions."""
    cards = [scenario.unit_types[part.type].scorecard for part in scenario.units.values()]
    return np.flatnonzero([card is not None for card in cards])


def _judged(
    unit_rates: Values,
    of_unit: np.ndarray,
    cases: counted.Cohort,
    scenario: Scenario,
    scored: np.ndarray,
    draws: Draws,
) -> Values:
    """Scores, ranks, flags and shares of pay of the scored units, in the scenario's order."""
    names = list(scenario.units)
    types = [scenario.unit_types[scenario.units[names[unit]].type] for unit in scored]
    due = np.flatnonzero(cases.due)
    ends = np.searchsorted(of_unit[due], np.arange(1, len(names)))
    files = {
        "on_time_rate": np.split(cases.on_time[due], ends),
        "return_rate": np.split(cases.returned[due], ends),
    }
    measured, true = np.empty(len(scored)), np.empty(len(scored))
    for name, scorecard in scenario.scorecards.items():
        here = np.flatnonzero([part.scorecard == name for part in types])
        mine = scored[here]
        measured[here], true[here] = score(
            [names[unit] for unit in mine],
            {indicator: values[mine] for indicator, values in unit_rates.items()},
            {indicator: [found[unit] for unit in mine] for indicator, found in files.items()},
            scorecard,
            draws,
        )
    judged = {"score": measured, "true_score": true}
    judged |= verdicts(measured, unit_rates["overdue_open"][scored], scenario.assessment)
    certifiable = np.array([part.certifiable for part in types])
    for flag in ("certified", "excellent"):
        judged[flag] = np.where(certifiable, judged[flag], np.nan)
    bound = np.array([part.pay_bound for part in types])
    judged["pay_share"] = np.where(bound, pay_share(measured, scenario.pay), 1.0)
    judged["bonus_share"] = np.where(bound, bonus_share(measured, scenario.pay), 1.0)
    return judged


@dataclass(frozen=True)
class _Paid:
    """The year's pay of each person, yuan (people,), and whom the pay rule binds."""

    bound: np.ndarray
    assessment: np.ndarray
    bonus: np.ndarray
    total: np.ndarray


def _paid(
    people: pd.DataFrame, staff: np.ndarray, scenario: Scenario, scored: np.ndarray, measured: np.ndarray
) -> _Paid:
    """The pay rule binds the people of units whose type says so; all others, and units without a score, are
    paid in full.
    """
    grades = [scenario.grades[name] for name in people["grade"]]
    base, assessed, target = np.array(
        [(part.base_pay_yuan, part.assessment_pay_yuan, part.target_bonus_yuan) for part in grades], float
    ).T
    binding = np.array([scenario.unit_types[part.type].pay_bound for part in scenario.units.values()])
    of_unit = np.full(len(binding), np.nan)
    of_unit[scored] = measured
    own = np.where(binding, of_unit, np.nan)[staff]
    assessment = assessed * pay_share(own, scenario.pay)
    bonus = target * bonus_share(own, scenario.pay)
    return _Paid(binding[staff], assessment, bonus, base + assessment + bonus)


def _bureau_year(judged: Values, paid: _Paid) -> dict[str, float]:
    """Of the scored units and all people; means and shares skip units without a score."""
    return {
        "mean_score": mean(judged["score"]),
        "score_gap": mean(np.abs(judged["score"] - judged["true_score"])),
        **{share: mean(judged[flag]) for flag, share in _SHARES.items()},
        "assessment_pay_yuan": paid.assessment.sum(),
        "bonus_yuan": paid.bonus.sum(),
        "pay_total_yuan": paid.total.sum(),
        "pay_gini": gini(paid.total[paid.bound]),
    }


def month_bounds(calendar: WorkingCalendar, start_s: int, end_s: int) -> tuple[np.ndarray, np.ndarray]:
    """Starts of the period's months and its end, int64 (m + 1,) seconds, and the months' numbers 1 … 12,
    (m,).

    Months run from the day of the month on which the year starts (or the month's last), and are named by
    where they begin.
    """
    first = calendar.date(start_s // DAY_S)
    starts, numbers = [], []
    for later in range(12):
        year, month = divmod(first.year * 12 + first.month - 1 + later, 12)
        day = min(first.day, months_of.monthrange(year, month + 1)[1])
        begin = start_s if later == 0 else calendar.day_of(dt.date(year, month + 1, day)) * DAY_S
        if begin < end_s:
            starts.append(begin)
            numbers.append(month + 1)
    return np.array([*starts, end_s], np.int64), np.array(numbers, np.int64)
