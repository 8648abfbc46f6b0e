"""One year judged: from requests, steps and people to the long table of outcomes that studies keep."""

from __future__ import annotations

import calendar as months_of
import datetime as dt

import numpy as np
import pandas as pd

from sim.scenario.calendar import WorkingCalendar, calendar_of
from sim.scenario.schema import Scenario
from sim.scenario.time import DAY_S

from . import indicators as counted
from .careers import verdicts
from .pay import bonus_share, gini, pay_share
from .scorecard import Draws, score

COLUMNS = ["year", "month", "unit", "kind", "person", "outcome", "value"]
_UNIT_RATES = [
    "due_cases",
    "overdue_open",
    "on_time_rate",
    "return_rate",
    "overdue_rate",
    "time_against_limit",
]
_SHARES = {
    "below_advanced": "share_not_advanced",
    "head_not_promotable": "share_not_promotable",
    "certified": "share_certified",
    "excellent": "share_excellent",
}


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
        are this year's, their study_s with lectures and integrity sessions.
    start_s, end_s : the period.
    draws : luck of this year's inspections and marks, shared by all policies.

    Returns
    -------
    DataFrame of `COLUMNS`: year (0 for a stretch of minutes), month (0 = whole year), unit ("" = bureau),
    kind ("" = all), person ("" = none), outcome (a name in `OUTCOMES`), value (NaN = none). Rows with a
    month exist only for years; rows of scores, pay and careers only of units that have a scorecard.
    """
    calendar = calendar_of(scenario)
    in_years = scenario.horizon.years is not None
    year = calendar.date(start_s // DAY_S).year if in_years else 0
    cases = counted.unit_cases(requests, steps, scenario, start_s, end_s)
    units = counted.unit_year(cases, people, scenario, calendar, start_s, end_s)
    service = _unit_service(requests, people, scenario, start_s, end_s)
    bureau = _bureau_service(requests, people, start_s, end_s)
    persons = _hours(people)[["on_duty_hours", "busy_hours"]]
    parts = [
        _long(service, "unit"),
        _long(units[[*_UNIT_RATES, "study_rate"]], "unit"),
        _long(_kind_service(requests, scenario, start_s, end_s), "kind"),
    ]
    scored = [
        unit for unit, part in scenario.units.items() if scenario.unit_types[part.type].scorecard is not None
    ]
    if scored and scenario.assessment is not None and scenario.pay is not None:
        judged = _judged(units, cases, scenario, scored, draws)
        paid = _paid(people, scenario, judged["score"])
        persons = persons.assign(pay_yuan=paid["pay_yuan"])
        bureau = bureau.assign(**_bureau_year(judged, paid))
        parts += [
            _long(judged, "unit"),
            _long(paid.groupby("unit")[["pay_yuan"]].mean().reindex(_staffed(people, scenario)), "unit"),
        ]
    parts.append(_long(bureau, None))
    persons = _long(persons, "person")
    parts.append(persons.assign(unit=people["unit"].astype(object).reindex(persons["person"]).to_numpy()))
    if in_years:
        parts += _by_month(requests, scenario, calendar, start_s, end_s)
    table = pd.concat([part.reindex(columns=COLUMNS) for part in parts], ignore_index=True)
    texts = {name: table[name].fillna("").astype(str) for name in ("unit", "kind", "person", "outcome")}
    return table.assign(
        year=year,
        month=table["month"].fillna(0).astype(np.int64),
        value=table["value"].astype(float),
        **texts,
    )


def _long(wide: pd.DataFrame, level: str | None) -> pd.DataFrame:
    """A wide table (index: the level's names; columns: outcomes) as rows of outcomes."""
    rows, columns = wide.shape
    table = {
        "outcome": np.repeat(wide.columns.to_numpy(object), rows),
        "value": wide.to_numpy(float).ravel(order="F"),
    }
    if level is not None:
        table[level] = np.tile(wide.index.to_numpy(object), columns)
    return pd.DataFrame(table)


def _staffed(people: pd.DataFrame, scenario: Scenario) -> list[str]:
    present = set(people["unit"])
    return [unit for unit in scenario.units if unit in present]


def _hours(people: pd.DataFrame) -> pd.DataFrame:
    names = {
        "on_duty_s": "on_duty_hours",
        "busy_s": "busy_hours",
        "study_s": "study_hours",
        "overtime_s": "overtime_hours",
    }
    return people[list(names)].rename(columns=names) / 3600


def _shared_hours(totals: pd.DataFrame) -> pd.DataFrame:
    """utilisation, study_hours and overtime_hours from totals of hours; nobody on duty: no utilisation."""
    on_duty = totals["on_duty_hours"]
    return totals[["study_hours", "overtime_hours"]].assign(
        utilisation=totals["busy_hours"] / on_duty.where(on_duty > 0)
    )


def _unit_service(
    requests: pd.DataFrame, people: pd.DataFrame, scenario: Scenario, start_s: int, end_s: int
) -> pd.DataFrame:
    units = list(scenario.units)
    groups = pd.Categorical(requests["unit"], categories=units).codes.astype(np.int64)
    hours = _shared_hours(_hours(people).groupby(people["unit"]).sum())
    return counted.volumes(requests, groups, units, start_s, end_s).join(hours)


def _kind_service(requests: pd.DataFrame, scenario: Scenario, start_s: int, end_s: int) -> pd.DataFrame:
    kinds = list(scenario.kinds)
    groups = pd.Categorical(requests["kind"], categories=kinds).codes.astype(np.int64)
    rates = counted.rates(counted.cohort(requests, start_s, end_s), groups, len(kinds)).set_axis(kinds)
    return counted.volumes(requests, groups, kinds, start_s, end_s).join(rates)


def _bureau_service(requests: pd.DataFrame, people: pd.DataFrame, start_s: int, end_s: int) -> pd.DataFrame:
    """One row: each request counts once, however many units answer for it."""
    groups = np.zeros(len(requests), np.int64)
    rates = counted.rates(counted.cohort(requests, start_s, end_s), groups, 1).set_axis([""])
    hours = _shared_hours(_hours(people).sum().to_frame("").T)
    return counted.volumes(requests, groups, [""], start_s, end_s).join(rates).join(hours)


def _judged(
    units: pd.DataFrame, cases: pd.DataFrame, scenario: Scenario, scored: list[str], draws: Draws
) -> pd.DataFrame:
    """Scores, ranks, flags and shares of pay of the units with a scorecard, in the scenario's order."""
    scorecard_of = pd.Series(
        {unit: scenario.unit_types[scenario.units[unit].type].scorecard for unit in scored}
    )
    scores = [
        score(units.loc[scorecard_of.index[scorecard_of == name]], cases, scorecard, draws)
        for name, scorecard in scenario.scorecards.items()
    ]
    judged = pd.concat(scores).loc[scored]
    measured = judged["score"].to_numpy()
    flags = verdicts(measured, units.loc[scored, "overdue_open"].to_numpy(), scenario.assessment)
    judged = judged.join(flags.set_axis(judged.index))
    certifiable = [scenario.unit_types[scenario.units[unit].type].certifiable for unit in scored]
    judged.loc[~np.array(certifiable), ["certified", "excellent"]] = np.nan
    bound = np.array([scenario.unit_types[scenario.units[unit].type].pay_bound for unit in scored])
    shares = {
        "pay_share": pay_share(measured, scenario.pay),
        "bonus_share": bonus_share(measured, scenario.pay),
    }
    return judged.assign(**{name: np.where(bound, share, 1.0) for name, share in shares.items()})


def _paid(people: pd.DataFrame, scenario: Scenario, measured: pd.Series) -> pd.DataFrame:
    """The year's pay of each person: unit, bound, assessment_pay_yuan, bonus_yuan, pay_yuan.

    The pay rule binds the people of units whose type says so; all others, and units without a score, are
    paid in full.
    """
    grades = pd.DataFrame(
        {name: part.model_dump(exclude={"title"}) for name, part in scenario.grades.items()}
    ).T
    grade = grades.loc[people["grade"]].set_axis(people.index)
    binding = {unit: scenario.unit_types[part.type].pay_bound for unit, part in scenario.units.items()}
    bound = people["unit"].map(binding).to_numpy(bool)
    own = np.where(bound, measured.reindex(people["unit"]).to_numpy(), np.nan)
    assessed = grade["assessment_pay_yuan"].to_numpy(float) * pay_share(own, scenario.pay)
    bonus = grade["target_bonus_yuan"].to_numpy(float) * bonus_share(own, scenario.pay)
    return pd.DataFrame(
        {
            "unit": people["unit"],
            "bound": bound,
            "assessment_pay_yuan": assessed,
            "bonus_yuan": bonus,
            "pay_yuan": grade["base_pay_yuan"].to_numpy(float) + assessed + bonus,
        },
        index=people.index,
    )


def _bureau_year(judged: pd.DataFrame, paid: pd.DataFrame) -> dict[str, float]:
    """Of the scored units and all people; means and shares skip units without a score."""
    return {
        "mean_score": judged["score"].mean(),
        "score_gap": (judged["score"] - judged["true_score"]).abs().mean(),
        **{share: judged[flag].mean() for flag, share in _SHARES.items()},
        "assessment_pay_yuan": paid["assessment_pay_yuan"].sum(),
        "bonus_yuan": paid["bonus_yuan"].sum(),
        "pay_total_yuan": paid["pay_yuan"].sum(),
        "pay_gini": gini(paid.loc[paid["bound"], "pay_yuan"].to_numpy()),
    }


def _by_month(
    requests: pd.DataFrame, scenario: Scenario, calendar: WorkingCalendar, start_s: int, end_s: int
) -> list[pd.DataFrame]:
    """Service of the twelve months, of the units and of the bureau."""
    bounds, numbers = month_bounds(calendar, start_s, end_s)
    units = list(scenario.units)
    by_unit = pd.Categorical(requests["unit"], categories=units).codes.astype(np.int64)
    parts = []
    for names, groups in ((units, by_unit), ([""], np.zeros(len(requests), np.int64))):
        for outcome, values in counted.monthly(requests, groups, len(names), bounds).items():
            month, unit = np.repeat(numbers, len(names)), np.tile(np.array(names, object), len(numbers))
            parts.append(
                pd.DataFrame({"month": month, "unit": unit, "outcome": outcome, "value": values.ravel()})
            )
    return parts


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
