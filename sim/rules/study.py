"""What is asked of people beside cases: study and standing duties done, and discipline kept."""

from __future__ import annotations

import numpy as np

from sim.scenario.calendar import WorkingCalendar
from sim.scenario.schema import Scenario
from sim.scenario.time import DAY_S, WEEKDAYS

from .people import People
from .statistics import group_means


def duty_rate(people: People, groups: np.ndarray, count: int) -> np.ndarray:
    """Return hours of standing duties done over hours planned, by group of people (n,), float (count,).

    Without a column of hours done, all were done; the rate is 1 where nothing is planned.
    """
    planned = np.bincount(groups, people["duty_s"], count)
    done = np.bincount(groups, people.get("duty_done_s", people["duty_s"]), count)
    return np.divide(done, planned, out=np.ones(count), where=planned > 0)


def discipline(people: People, groups: np.ndarray, count: int) -> np.ndarray:
    """Return the share of people's days at work without a breach, by group of people (n,), float (count,).

    A breach is a front desk opened late, or a matter that nobody took up. It is 1 where nothing is known.
    """
    if "breaches" not in people:
        return np.ones(count)
    days = np.bincount(groups, people["days_present"], count)
    breaches = np.bincount(groups, people["breaches"], count)
    share = np.divide(breaches, days, out=np.zeros(count), where=days > 0)
    return np.maximum(1 - share, 0.0)


def study_rate(
    people: People,
    groups: np.ndarray,
    scenario: Scenario,
    calendar: WorkingCalendar,
    start_s: int,
    end_s: int,
    *,
    done: str = "study_recorded_s",
) -> np.ndarray:
    """Return study done over study required, by unit, (units,); `groups` (n,) is the unit of each person.

    `done` is the column with it: what the record shows, or ``study_done_s`` for the truth; without the
    column all that was planned was done.

    A person counts at most as 1, and as 1 if none is required. A week requires its study if its study day is
    worked (the mean over the slots, if they are staggered). Lectures, integrity sessions and articles are
    added in proportion to the period. Leave excuses in proportion, and part of a post owes its part.
    """
    required = _study_required_s(scenario, calendar, start_s, end_s)
    share = people.get("share", np.ones(len(people)))
    on_duty, study, duty, leave = (people[name] for name in ("on_duty_s", "study_s", "duty_s", "leave_s"))
    present = on_duty + study + duty
    whole = present + leave
    owed = share * required * np.divide(present, whole, out=np.zeros(len(people)), where=whole > 0)
    counted = people.get(done, study)
    rate = np.divide(counted, owed, out=np.ones(len(people)), where=owed > 0)
    return group_means(np.minimum(rate, 1.0), groups, len(scenario.units))


def _study_required_s(scenario: Scenario, calendar: WorkingCalendar, start_s: int, end_s: int) -> float:
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
        study.lectures_a_year * study.lecture_hours
        + study.integrity_sessions_a_year * study.integrity_hours
        + 4 * study.article_hours_a_quarter
    )
    return 3600 * (study.weekly_hours * float(weeks) + sessions * min(1.0, (end_s - start_s) / (365 * DAY_S)))
