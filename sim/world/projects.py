"""Target projects as requests: a kind for each class of projects, and the days on which they are assigned.

A project is broken down by the unit's head, done in stages by its staff, accepted, and perhaps sent back. Its
work waits in the same lines as the requests of the public.
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from sim.scenario.calendar import span_of, year_starts
from sim.scenario.projects import PROJECT, ProjectClass, Projects
from sim.scenario.schema import Scenario
from sim.scenario.service import END, Delay, Kind, Limit, Work
from sim.scenario.time import DAY_S

from .reroute import Route, fork, task


def with_projects(scenario: Scenario) -> Scenario:
    """Return the scenario with its projects as further kinds, which everybody can do.

    A horizon in minutes has no assessment year, and no projects.
    """
    last_class = max(kind.priority for kind in scenario.kinds.values())
    added = {
        f"{PROJECT}{name}": _kind(scenario, part, last_class)
        for name, part in scenario.projects.classes.items()
        if any(part.a_year.values()) and year_starts(scenario)
    }
    if not added:
        return scenario
    staff = {
        name: group if group.skills == "all" else group.model_copy(update={"skills": (*group.skills, *added)})
        for name, group in scenario.staff.items()
    }
    return scenario.model_copy(update={"kinds": scenario.kinds | added, "staff": staff})


def handed_out(scenario: Scenario, begin_s: int, end_s: int) -> dict[tuple[str, str], np.ndarray]:
    """Return when the projects of each kind and unit come within [begin_s, end_s), int64 seconds in order.

    They come on the first morning of each assessment year (a day later in a leap year, where the due date is
    a day further off).
    """
    handed: dict[tuple[str, str], np.ndarray] = {}
    if not scenario.projects.on or not year_starts(scenario):
        return handed
    for name, part in scenario.projects.classes.items():
        days = _days_to_go(scenario, part)
        starts = np.array([end - days for end in _due_days(scenario, part)], np.int64) * DAY_S
        for unit, count in part.a_year.items():
            if count:
                times = np.repeat(starts, count)
                handed[f"{PROJECT}{name}", unit] = times[(times >= begin_s) & (times < end_s)]
    return handed


def _due_days(scenario: Scenario, part: ProjectClass) -> list[int]:
    """Return the day that ends the due month of each assessment year."""
    first, _ = span_of(scenario)
    due = []
    for start in year_starts(scenario)[:-1]:
        date = first + dt.timedelta(days=start)
        year = date.year + (part.due_month < date.month)
        following = dt.date(year + part.due_month // 12, part.due_month % 12 + 1, 1)
        due.append((following - first).days - 1)
    return due


def _days_to_go(scenario: Scenario, part: ProjectClass) -> int:
    """Return the days from the start of an assessment year to the due date, the minimum over the years."""
    starts = year_starts(scenario)[:-1]
    return max(1, min(due - start for due, start in zip(_due_days(scenario, part), starts, strict=True)))


def _kind(scenario: Scenario, part: ProjectClass, priority: int) -> Kind:
    days = _days_to_go(scenario, part)
    return Kind.model_construct(
        title=part.title,
        priority=priority,
        complexity_cv=0.0,
        limit=Limit(amount=float(days), per="calendar_days"),
        route=_route(scenario.projects, part, days),
    )


def _route(projects: Projects, part: ProjectClass, days: int) -> Route:
    """Return the route: break-down, stages at their planned times, acceptance, rework of what is sent back.

    All stages are supervised: after the mid-term check, a stage behind its plan is served earlier.
    """
    minutes = 60.0 * part.hours / part.stages
    apart = projects.planned_share * days / part.stages
    desk, head = f"own/{part.role}", f"own/{projects.break_down_role}"
    route: Route = {"break_down": task(head, projects.break_down_minutes, "stage_1", complexity=False)}
    for stage in range(1, part.stages + 1):
        last = stage == part.stages
        after = "acceptance" if last else f"pause_{stage}" if apart > 0 else f"stage_{stage + 1}"
        planned = max(projects.midterm_share, (stage - 1) * apart / days)
        watched = planned if projects.supervision_days > 0 else None
        route[f"stage_{stage}"] = _work(desk, minutes, part.cv, after, supervised_from=watched)
        if not last and apart > 0:
            route[f"pause_{stage}"] = _planned(apart, f"stage_{stage + 1}")
    accepted_at = projects.accepted_at or head
    route["acceptance"] = task(accepted_at, projects.acceptance_minutes, "verdict", complexity=False)
    route["verdict"] = fork(projects.sent_back, "rework", END)
    route["rework"] = _work(desk, minutes * projects.rework_share, part.cv, "acceptance")
    return route


def _work(at: str, minutes: float, cv: float, next_: str, supervised_from: float | None = None) -> Work:
    return Work.model_construct(
        type="work",
        at=at,
        minutes=minutes,
        distribution="lognormal",
        cv=cv,
        supervised_from=supervised_from,
        next=next_,
    )


def _planned(days: float, next_: str) -> Delay:
    return Delay.model_construct(
        type="delay", reason="other", amount=days, per="calendar_days", distribution="constant", next=next_
    )
