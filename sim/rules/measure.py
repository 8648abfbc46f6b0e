"""What a year came to, counted: the dear part of an assessment, shared by all who only judge differently.

Nothing here reads scorecards, thresholds or pay (`judge` does).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
import pandas as pd

from sim.scenario.calendar import WorkingCalendar, calendar_of
from sim.scenario.months import month_bounds
from sim.scenario.schema import Scenario
from sim.scenario.subjects import subjects
from sim.scenario.time import DAY_S

from . import indicators as counted
from .indicators import Answers
from .measured import Cases, Measured, Pace, Values
from .people import People
from .personal import Deeds
from .record import Record
from .satisfaction import satisfaction
from .standing import scored
from .statistics import group_sums
from .study import discipline, duty_rate, study_rate

_UNTOLD = {"error_rate": "error", "complaint_rate": "complaint", "complaints": "complaint"}

_OF_LIMIT = {
    "limit_due_cases": "due_cases",
    "limit_on_time_rate": "on_time_rate",
    "limit_overdue_days": "mean_overdue_days",
}


class Conduct(Protocol):
    """What is told here of the units' conduct in a month (`sim.behaviour.Conduct`), arrays by unit."""

    @property
    def effort(self) -> np.ndarray: ...

    @property
    def at_bound(self) -> np.ndarray: ...

    @property
    def by_kind(self) -> np.ndarray: ...  # (units, kinds)

    @property
    def rush(self) -> np.ndarray: ...

    @property
    def attention(self) -> np.ndarray: ...  # (units, kinds)

    @property
    def late_last(self) -> np.ndarray: ...

    @property
    def recording(self) -> np.ndarray: ...


class HandsOn(Protocol):
    """The work of people on requests by kind (`sim.flow.HandsOn`), int64 (people, kinds) each."""

    @property
    def busy_s(self) -> np.ndarray: ...

    @property
    def visits(self) -> np.ndarray: ...

    @property
    def visit_s(self) -> np.ndarray: ...


def measure(
    record: Record,
    answers: Answers,
    people: People,
    scenario: Scenario,
    start_s: int,
    end_s: int,
    conduct: Sequence[tuple[int, Conduct]] | None = None,
    pace: Pace | None = None,
    hands_on: HandsOn | None = None,
    deeds: Deeds | None = None,
) -> Measured:
    """Count one assessment year, or a stretch of minutes.

    Parameters
    ----------
    record : what happened to the requests. Those of other years belong in: each is counted where it falls.
        What it does not hold counts as none and has no outcome.
    answers : which units answer for which requests.
    people : the hours are this year's, study_s with lectures and integrity sessions. It
        may have share (of a full post), duty_done_s, vacant_s, experience_years, knowledge_hours,
        study_gain_s, awards and award_pay, what was done of study (study_done_s, study_recorded_s,
        study_false_s, articles, own_study_s, study_notices, learning_models), and of discipline
        (late_openings, late_s, breaches, days_present);
        duties of which nothing is known were all done.
    start_s, end_s : the period.
    conduct : how the units behaved: the number of each month and the conduct in it.
    pace : their effort by month; without it an indicator of pace is at its usual value.
    hands_on : the people's work on requests by kind; None = not known.
    deeds : what was counted of each person; None where nobody is judged by it.
    """
    calendar = calendar_of(scenario)
    basis, seen, seen_recorded = _counted(record, answers, people, scenario, calendar, start_s, end_s)
    units, kinds = list(basis.units), list(basis.kinds)
    bureau = np.zeros(len(record), np.int64)
    hours = _hours(people)
    unit_hours = {name: group_sums(own, basis.staff, len(units)) for name, own in hours.items()}

    def rates(true: Cases, as_recorded: Cases, count: int) -> Values:
        return _told(record, true.rates(count), as_recorded, count)

    each = np.arange(len(record), dtype=np.int32)
    of_kind, of_all = (
        Cases((groups, each), record.kind, record.case_number, seen) for groups in (record.kind, bureau)
    )
    of_kinds, of_pairs, effort = _by_kind(hands_on, basis.staff, len(units), conduct)
    by_month = None
    if scenario.horizon.years is not None:
        bounds, numbers = month_bounds(calendar, start_s, end_s)
        of_units, together = counted.monthly(record, record.unit, len(units), bounds)
        of_units |= counted.monthly_rates(seen, record.due_s, answers, len(units), bounds)
        together |= counted.monthly_rates(seen, record.due_s, (bureau, each), 1, bounds)
        by_month = (of_units, together, numbers)
    measured = replace(
        basis,
        by_unit={
            **counted.volumes(record, record.unit, len(units), start_s, end_s),
            **_shared_hours(unit_hours),
            **rates(basis.cases, basis.recorded, len(units)),
            # how satisfied applicants are is told beside, in points
            **{name: own for name, own in basis.of_people.items() if name != "satisfaction"},
            **counted.records(record, seen, record.unit, len(units)),
        },
        by_kind={
            **counted.volumes(record, record.kind, len(kinds), start_s, end_s),
            **rates(of_kind, of_kind._replace(seen=seen_recorded), len(kinds)),
            **counted.records(record, seen, record.kind, len(kinds)),
            **of_kinds,
        },
        by_unit_and_kind=of_pairs,
        of_bureau={
            **counted.volumes(record, bureau, 1, start_s, end_s),
            **rates(of_all, of_all._replace(seen=seen_recorded), 1),
            **_shared_hours({name: np.array([mine.sum()]) for name, mine in hours.items()}),
            "duty_rate": duty_rate(people, np.zeros(len(people), np.int64), 1),
            **counted.records(record, seen, bureau, 1),
        },
        of_person={name: hours[name] for name in ("on_duty_hours", "busy_hours")},
        by_month=by_month,
        pace=pace,
        conduct=None if conduct is None else _conduct(conduct),
        effort=effort,
        deeds=deeds,
    )
    _add_projects(measured, of_all)
    _add_competence(measured)
    _add_study(measured, scenario, calendar)
    _add_discipline(measured)
    _add_limits(measured, record)
    return measured


def measure_tables(
    requests: pd.DataFrame,
    steps: pd.DataFrame,
    people: pd.DataFrame,
    scenario: Scenario,
    start_s: int,
    end_s: int,
    conduct: Sequence[tuple[int, Conduct]] | None = None,
) -> Measured:
    """Count one assessment year from the tables of a replication: `measure`.

    Times are int64 seconds of the clock, −1 = has not happened; kinds, units and types are texts, plain or
    categorical. Of steps only request, type, unit and ready_s are read. Requests may have recorded_due_s,
    recorded_first_start_s, recorded_finish_s, audited, needless, error, complaint and case_number (see
    `Record`).
    """
    record = Record.of_table(requests, scenario)
    answers = counted.responsible(requests, steps, list(scenario.units), end_s)
    return measure(record, answers, People.of_table(people), scenario, start_s, end_s, conduct)


def so_far(
    record: Record,
    answers: Answers,
    people: People,
    scenario: Scenario,
    calendar: WorkingCalendar,
    start_s: int,
    end_s: int,
    pace: Pace | None = None,
    deeds: Deeds | None = None,
) -> Measured:
    """What a year would be judged by at `end_s`, and no outcomes: `measure` for those who only look on.

    The record need hold only the requests that fell due between `start_s` and `end_s` or are overdue.
    """
    basis = _counted(record, answers, people, scenario, calendar, start_s, end_s)[0]
    return replace(basis, pace=pace, deeds=deeds)


def _counted(
    record: Record,
    answers: Answers,
    people: People,
    scenario: Scenario,
    calendar: WorkingCalendar,
    start_s: int,
    end_s: int,
) -> tuple[Measured, counted.Cohort, counted.Cohort]:
    """The cases that units answer for and what is known of their people, without outcomes; and what the
    assessment sees of each request, in truth and as recorded."""
    units = list(scenario.units)
    place = {unit: number for number, unit in enumerate(units)}
    staff = np.array([place[unit] for unit in people["unit"].tolist()], np.int64)
    seen = seen_recorded = counted.cohort(record, start_s, end_s)
    cases = recorded = _cases(record, seen, answers)
    if record.has_records:
        seen_recorded = counted.cohort(record.as_recorded(), start_s, end_s)
        recorded = _cases(record, seen_recorded, answers)
    limits = {name: _by_limit(record.under(name), answers, start_s, end_s) for name in record.limits}
    audited = counted.records(record, seen, record.unit, len(units)).get("audited_cases")
    kept = {}
    if scored(scenario, "satisfaction"):
        kept["satisfaction"] = satisfaction(scenario, record, seen, end_s)
    if "breaches" in people or scored(scenario, "discipline"):
        kept["discipline"] = discipline(people, staff, len(units))
    basis = Measured(
        year=0 if scenario.horizon.years is None else calendar.date(start_s // DAY_S).year,
        start_s=start_s,
        end_s=end_s,
        units=tuple(units),
        kinds=tuple(scenario.kinds),
        subjects=tuple(subjects(scenario)),
        people=people,
        staff=staff,
        of_people={
            "study_rate": study_rate(people, staff, scenario, calendar, start_s, end_s),
            "duty_rate": duty_rate(people, staff, len(units)),
            **kept,
        },
        audited=np.zeros(len(units)) if audited is None else audited,
        cases=cases,
        recorded=recorded,
        limits=limits,
    )
    return basis, seen, seen_recorded


def _cases(record: Record, seen: counted.Cohort, answers: Answers) -> Cases:
    return Cases(answers, record.kind, record.case_number, seen)


def _by_limit(record: Record, answers: Answers, start_s: int, end_s: int) -> tuple[Cases, Cases]:
    """Return the cases in truth and as recorded, of a record under another time limit."""
    true = _cases(record, counted.cohort(record, start_s, end_s), answers)
    if not record.has_records:
        return true, true
    return true, _cases(record, counted.cohort(record.as_recorded(), start_s, end_s), answers)


def _add_limits(measured: Measured, record: Record) -> None:
    """What is told of each further time limit; each request is one case of the bureau."""
    for name in record.limits:
        own = record.under(name)
        seen = counted.cohort(own, measured.start_s, measured.end_s)
        whole = counted.rates(seen, (np.zeros(len(own)), np.arange(len(own))), 1)
        of_units = measured.evidence(limit=name).true
        measured.of_limits[name] = (
            {outcome: of_units[rate] for outcome, rate in _OF_LIMIT.items()},
            {outcome: whole[rate] for outcome, rate in _OF_LIMIT.items()},
        )


def _told(record: Record, found: Values, as_recorded: Cases, count: int) -> Values:
    """The rates without those of which the table says nothing, and the on-time rate as recorded."""
    told = {
        name: values
        for name, values in found.items()
        if name not in _UNTOLD or getattr(record, _UNTOLD[name]) is not None
    }
    if record.has_records:
        seen = as_recorded.rates(count)["on_time_rate"]
        told |= {"recorded_on_time_rate": seen, "on_time_gap": seen - found["on_time_rate"]}
    return told


def _add_projects(measured: Measured, of_all: Cases) -> None:
    """projects_accepted of units and bureau, where there are target projects."""
    if measured.projects:
        places = [measured.kinds.index(kind) for kind in measured.projects]
        of_units = measured.evidence(measured.projects).true["on_time_rate"]
        measured.by_unit["projects_accepted"] = of_units
        measured.of_bureau["projects_accepted"] = of_all.rates(1, places)["on_time_rate"]


def _add_competence(measured: Measured) -> None:
    """What the table of people tells of practice, knowledge, posts and awards: means over people, or sums."""
    people, staff, units = measured.people, measured.staff, len(measured.units)
    heads = np.bincount(staff, minlength=units)
    for name in ("experience_years", "knowledge_hours"):
        if name in people:
            own = people[name]
            measured.of_person[name] = own
            with np.errstate(invalid="ignore"):  # 0 / 0 is NaN: nobody, no mean
                measured.by_unit[name] = np.bincount(staff, own, units) / heads
                measured.of_bureau[name] = np.array([own.sum()]) / len(own)
    sums = {
        "vacant_hours": ("vacant_s", 3600),
        "study_gain_hours": ("study_gain_s", 3600),
        "awards": ("awards", 1),
        "award_pay": ("award_pay", 1),
    }
    for name, (column, size) in sums.items():
        if column in people:
            own = people[column] / size
            measured.by_unit[name] = np.bincount(staff, own, units)
            measured.of_bureau[name] = np.array([own.sum()])
    if "award_pay" in people:
        measured.of_person["award_pay"] = people["award_pay"]


def _add_study(measured: Measured, scenario: Scenario, calendar: WorkingCalendar) -> None:
    """What the table of people tells of study beside its hours: sums, and the share really done."""
    people, staff, units = measured.people, measured.staff, len(measured.units)
    sums = {
        "study_false_hours": ("study_false_s", 3600),
        "articles": ("articles", 1),
        "own_study_hours": ("own_study_s", 3600),
        "study_notices": ("study_notices", 1),
        "learning_models": ("learning_models", 1),
    }
    for name, (column, size) in sums.items():
        if column in people:
            own = people[column] / size
            measured.by_unit[name] = np.bincount(staff, own, units)
            measured.of_bureau[name] = np.array([own.sum()])
    for name in ("articles", "study_notices", "learning_models"):
        if name in people:
            measured.of_person[name] = people[name].astype(float)
    if "study_done_s" in people:
        for name, done in (("study_done_rate", "study_done_s"), ("study_rate", "study_recorded_s")):
            rate = study_rate(people, staff, scenario, calendar, measured.start_s, measured.end_s, done=done)
            heads = np.bincount(staff, minlength=units)
            measured.by_unit[name] = rate
            measured.of_bureau[name] = np.array([np.nansum(rate * heads) / max(heads.sum(), 1)])


def _add_discipline(measured: Measured) -> None:
    """What the table of people tells of breaches: sums, and the share of days without one."""
    people, staff, units = measured.people, measured.staff, len(measured.units)
    if "breaches" not in people:
        return
    for name, column, size in (("late_openings", "late_openings", 1), ("late_opening_hours", "late_s", 3600)):
        own = people[column] / size
        measured.by_unit[name] = np.bincount(staff, own, units)
        measured.of_bureau[name] = np.array([own.sum()])
    measured.of_bureau["discipline"] = discipline(people, np.zeros(len(people), np.int64), 1)


def _conduct(months: Sequence[tuple[int, Conduct]]) -> tuple[Values, np.ndarray]:
    told = {
        "effort": [conduct.effort for _, conduct in months],
        "effort_at_bound": [conduct.at_bound for _, conduct in months],
        "rush": [conduct.rush for _, conduct in months],
        "attention_spread": [np.ptp(conduct.attention, axis=1) for _, conduct in months],
        "late_last": [conduct.late_last for _, conduct in months],
        "recording": [conduct.recording for _, conduct in months],
    }
    return (
        {name: np.array(values, float) for name, values in told.items()},
        np.array([number for number, _ in months], np.int64),
    )


def _by_kind(
    hands_on: HandsOn | None,
    staff: np.ndarray,
    units: int,
    conduct: Sequence[tuple[int, Conduct]] | None,
) -> tuple[Values, Values, np.ndarray | None]:
    """Return the outcomes of work by kind and by unit and kind, and effort (months, units, kinds).

    NaN where a unit has no work of the kind; without conduct, no effort.
    """
    if hands_on is None:
        return {}, {}, None
    own = np.array([hands_on.busy_s, hands_on.visits, hands_on.visit_s])
    of_units = np.zeros((len(own), units, own.shape[2]), np.int64)
    for total, each in zip(of_units, own, strict=True):
        np.add.at(total, staff, each)
    of_kinds, of_pairs, effort = _hands_on(own.sum(axis=1)), _hands_on(of_units), None
    busy_s = of_units[0]
    worked = busy_s > 0
    if conduct:
        effort = np.where(worked, np.array([month.by_kind for _, month in conduct], float), np.nan)
        of_pairs["effort"] = effort.mean(axis=0)
        weighted = np.where(worked, of_pairs["effort"] * busy_s, 0.0).sum(axis=0)
        of_kinds["effort"] = _ratio(weighted, busy_s.sum(axis=0))
    of_pairs["hands_on_hours"] = np.where(worked, of_pairs["hands_on_hours"], np.nan)
    return of_kinds, of_pairs, effort


def _hands_on(work: np.ndarray) -> Values:
    """Return the outcomes of busy_s, visits and visit_s, (3, …)."""
    busy_s, visits, visit_s = work
    return {"hands_on_hours": busy_s / 3600, "hands_on_minutes": _ratio(visit_s / 60, visits)}


def _ratio(total: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Return total / count, NaN where count is 0."""
    return np.divide(total, count, out=np.full(count.shape, np.nan), where=count > 0)


def _hours(people: People) -> Values:
    """Hours of each person."""
    names = ("on_duty", "busy", "study", "overtime")
    done = {"study_s": "study_done_s"} if "study_done_s" in people else {}
    columns = {name: done.get(f"{name}_s", f"{name}_s") for name in names}
    return {f"{name}_hours": people[column] / 3600 for name, column in columns.items()}


def _shared_hours(totals: Values) -> Values:
    """study_hours, overtime_hours and utilisation from totals of hours; nobody on duty: no utilisation."""
    on_duty = totals["on_duty_hours"]
    utilisation = totals["busy_hours"] / np.where(on_duty > 0, on_duty, np.nan)
    return {name: totals[name] for name in ("study_hours", "overtime_hours")} | {"utilisation": utilisation}
