"""The assessment of one year: from requests, steps and people to the long table of outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from sim.scenario.schema import Scenario
from sim.scenario.subjects import LIMIT

from .judge import judge
from .measure import measure_tables
from .measured import Measured, Values
from .scorecard import Draws
from .statistics import group_means
from .table import LongTable, Rows
from .verdict import Verdict

_JUDGED = (
    "score",
    "true_score",
    "rank",
    "below_advanced",
    "head_not_promotable",
    "bottom",
    "certified",
    "excellent",
    "pay_share",
    "bonus_share",
    "rolling_score",
    "scaled_score",
    "top",
    "criticised",
    "audit_points",
    "reward_fund",
)


def assess(
    requests: pd.DataFrame,
    steps: pd.DataFrame,
    people: pd.DataFrame,
    scenario: Scenario,
    start_s: int,
    end_s: int,
    draws: Draws,
) -> pd.DataFrame:
    """Return the outcomes of an assessment year or stretch of minutes: `measure_tables`, `judge`, `outcomes`.

    Parameters
    ----------
    requests, steps, people, scenario, start_s, end_s : as `measure_tables` takes them.
    draws : luck of this year's inspections and marks, shared by all policies.

    Returns
    -------
    DataFrame as from `outcomes`.
    """
    measured = measure_tables(requests, steps, people, scenario, start_s, end_s)
    return outcomes(measured, judge(measured, scenario, draws))


def outcomes(
    measured: Measured,
    verdict: Verdict,
    more: Iterable[tuple[Values, Mapping[str, np.ndarray | int]]] = (),
) -> pd.DataFrame:
    """Return the long table of one assessment period: `told`, whose parameters it takes, as a DataFrame."""
    return told(measured, verdict, more).frame()


def told(
    measured: Measured,
    verdict: Verdict,
    more: Iterable[tuple[Values, Mapping[str, np.ndarray | int]]] = (),
) -> LongTable:
    """Return the long table of one assessment period.

    Parameters
    ----------
    measured, verdict : the counts and the verdict.
    more : further outcomes, each float (n,) by name, and their positions (unit, kind, person, month) as for
        `table.Rows.add`.

    Returns
    -------
    A table of `table.COLUMNS`: year (the calendar year in which the assessment year begins; 0 for a
    stretch of minutes), month (the calendar month, 1 … 12, in the assessment year's order; 0 = whole year),
    unit ("" = bureau), kind ("" = all), person ("" = none), outcome (a name in `OUTCOMES`), value (NaN =
    none). Rows with a month exist only for years; rows of scores, pay and careers
    only of units that have a scorecard.
    """
    rows = Rows()
    every_unit, every_kind = np.arange(len(measured.units)), np.arange(len(measured.kinds))
    rows.add(measured.by_unit, unit=every_unit)
    rows.add(measured.by_kind, kind=every_kind)
    of_bureau, of_person = measured.of_bureau, measured.of_person
    if len(verdict.scored):
        rows.add({name: getattr(verdict, name)[verdict.scored] for name in _JUDGED}, unit=verdict.scored)
        mean_pay = _mean_pay(measured, verdict)
        staffed = np.flatnonzero(~np.isnan(mean_pay))
        paid = {
            "base_pay": verdict.base_pay,
            "assessment_pay": verdict.assessment_pay,
            "bonus": verdict.bonus,
        }
        sums = {
            name: np.bincount(measured.staff, own, len(measured.units))[staffed]
            for name, own in (paid | {"pay_total": verdict.pay}).items()
        }
        rows.add({"pay": mean_pay[staffed]} | sums, unit=staffed)
        of_bureau = of_bureau | {name: np.array([value]) for name, value in verdict.bureau.items()}
        of_person = of_person | {"pay": verdict.pay} | paid | {"reward_fund": verdict.fund}
    rows.add(of_bureau)
    rows.add(of_person, unit=measured.staff, person=np.arange(len(measured.people)))
    if measured.by_month is not None:
        _add_months(rows, *measured.by_month)
    if measured.conduct is not None:
        _add_conduct(rows, *measured.conduct)
    for name, of_pairs in measured.by_unit_and_kind.items():
        _add_pairs(rows, name, of_pairs)
    if measured.conduct is not None and measured.effort is not None:
        for number, effort in zip(measured.conduct[1].tolist(), measured.effort, strict=True):
            if number:  # else a stretch of minutes, which has only the whole
                _add_pairs(rows, "effort", effort, number)
    for name, (of_units, whole) in measured.of_limits.items():
        place = len(measured.kinds) + measured.subjects.index(LIMIT + name)
        rows.add(of_units, unit=every_unit, kind=place)
        rows.add(whole, kind=place)
    for values, positions in more:
        rows.add(values, **positions)
    return rows.table(
        measured.year, measured.units, (*measured.kinds, *measured.subjects), measured.people.names
    )


def _mean_pay(measured: Measured, verdict: Verdict) -> np.ndarray:
    """Return the mean pay of the people of each unit, (units,); NaN for units without people."""
    return group_means(verdict.pay, measured.staff, len(measured.units))


def _add_months(rows: Rows, of_units: Values, of_bureau: Values, numbers: np.ndarray) -> None:
    every_unit = np.arange(next(iter(of_units.values())).shape[1])
    for names, months in ((every_unit, of_units), ([-1], of_bureau)):
        rows.add(
            {name: values.ravel() for name, values in months.items()},
            unit=np.tile(names, len(numbers)),
            month=np.repeat(numbers, len(names)),
        )


def _add_pairs(rows: Rows, name: str, values: np.ndarray, month: int = 0) -> None:
    """Add an outcome of the units' kinds, float (units, kinds), NaN = no row."""
    unit, kind = np.nonzero(~np.isnan(values))
    rows.add({name: values[unit, kind]}, unit=unit, kind=kind, month=month)


def _add_conduct(rows: Rows, months: Values, numbers: np.ndarray) -> None:
    """Add conduct of units by month, and the means of units and bureau over the months."""
    if len(numbers) == 0:
        return
    count = next(iter(months.values())).shape[1]
    year = {name: values.mean(axis=0) for name, values in months.items()}
    if numbers.all():  # else a stretch of minutes: one month without a number, which has only the whole
        rows.add(
            {name: values.ravel() for name, values in months.items()},
            unit=np.tile(np.arange(count), len(numbers)),
            month=np.repeat(numbers, count),
        )
    rows.add(year, unit=np.arange(count))
    rows.add({name: np.array([values.mean()]) for name, values in year.items()})
