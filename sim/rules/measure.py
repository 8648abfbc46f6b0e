"""What a year came to, counted: the dear part of an assessment, shared by all who only judge differently.

Nothing here reads scorecards, thresholds or pay (`judge` does).
"""

from __future__ import annotations

import calendar as months_of
import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from sim.scenario.calendar import WorkingCalendar, calendar_of
from sim.scenario.schema import Scenario
from sim.scenario.time import DAY_S

from . import indicators as counted
from .record import Record

Values = dict[str, np.ndarray]  # by outcome, each float (n,)


@dataclass(frozen=True)
class Measured:
    """One assessment period as it was counted.

    units, kinds : their names in the scenario's order, by which all positions are told. people : the table
    as given; staff : int (people,), the position of each one's unit.
    by_unit, by_kind, of_person, of_bureau : outcomes by name, float (units,), (kinds,), (people,), (1,).
    by_month : outcomes of the units and of the bureau, float (months, units) and (months, 1), and the
    months' numbers; None for a stretch of minutes.
    indicators : the indicators of the units, float (units,), NaN = no cases.
    case_unit, cases : unit (m,) of each case that units answer for, ordered by unit and request, and what
    the assessment sees of it.
    """

    year: int
    start_s: int
    end_s: int
    units: tuple[str, ...]
    kinds: tuple[str, ...]
    people: pd.DataFrame
    staff: np.ndarray
    by_unit: Values
    by_kind: Values
    of_bureau: Values
    of_person: Values
    by_month: tuple[Values, Values, np.ndarray] | None
    indicators: Values
    case_unit: np.ndarray
    cases: counted.Cohort

    @cached_property
    def files(self) -> dict[str, list[np.ndarray]]:
        """What an inspection takes its samples of: by indicator, and for each unit, bool (cases falling due,)
        in the order of the requests.
        """
        due = np.flatnonzero(self.cases.due)
        ends = np.searchsorted(self.case_unit[due], np.arange(1, len(self.units)))
        return {
            "on_time_rate": np.split(self.cases.on_time[due], ends),
            "return_rate": np.split(self.cases.returned[due], ends),
        }


def measure(
    requests: pd.DataFrame,
    steps: pd.DataFrame,
    people: pd.DataFrame,
    scenario: Scenario,
    start_s: int,
    end_s: int,
) -> Measured:
    """Count one assessment year, or a stretch of minutes.

    Parameters
    ----------
    requests, steps, people : tables of a replication; times int64 seconds of the clock, -1 = has not
        happened. Requests of other years belong in, each is counted where it falls; the hours of `people`
        are this year's, their study_s with lectures and integrity sessions. Of steps only request, type,
        unit and ready_s are read. Kinds, units and types are texts, plain or categorical.
    start_s, end_s : the period.
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
    done, bureau = counted.service(record, start_s, end_s), np.zeros(len(record), np.int64)
    unit_hours = pd.DataFrame(hours).groupby(office).sum().reindex(units)
    year, by_month = 0, None
    if scenario.horizon.years is not None:
        year = calendar.date(start_s // DAY_S).year
        bounds, numbers = month_bounds(calendar, start_s, end_s)
        by_month = (*counted.monthly(record, record.unit, len(units), bounds), numbers)
    return Measured(
        year=year,
        start_s=start_s,
        end_s=end_s,
        units=tuple(units),
        kinds=tuple(kinds),
        people=people,
        staff=np.array([place[unit] for unit in office], np.int64),
        by_unit={
            **counted.volumes(done, record.unit, len(units)),
            **_shared_hours({name: column.to_numpy() for name, column in unit_hours.items()}),
            **unit_rates,
        },
        by_kind={
            **counted.volumes(done, record.kind, len(kinds)),
            **counted.rates(seen, record.kind, len(kinds)),
        },
        of_bureau={
            **counted.volumes(done, bureau, 1),
            **counted.rates(seen, bureau, 1),
            **_shared_hours({name: np.array([mine.sum()]) for name, mine in hours.items()}),
        },
        of_person={name: hours[name] for name in ("on_duty_hours", "busy_hours")},
        by_month=by_month,
        indicators=unit_rates,
        case_unit=of_unit,
        cases=cases,
    )


def _hours(people: pd.DataFrame) -> Values:
    """Hours of each person."""
    names = ("on_duty", "busy", "study", "overtime")
    return {f"{name}_hours": people[f"{name}_s"].to_numpy() / 3600 for name in names}


def _shared_hours(totals: Values) -> Values:
    """study_hours, overtime_hours and utilisation from totals of hours; nobody on duty: no utilisation."""
    on_duty = totals["on_duty_hours"]
    utilisation = totals["busy_hours"] / np.where(on_duty > 0, on_duty, np.nan)
    return {name: totals[name] for name in ("study_hours", "overtime_hours")} | {"utilisation": utilisation}


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
