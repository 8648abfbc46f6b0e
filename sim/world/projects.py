"""Target projects as requests: a kind for each class of projects, and the days on which they are assigned.

A project is broken down by the unit's head, done in stages by its staff, accepted, and perhaps sent back. Its
work waits in the same lines as the requests of the public. Before each stage it may be checked by the unit
and by the bureau, put off by its owner, and held up outside the unit.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from sim.scenario.calendar import span_of, year_starts
from sim.scenario.projects import PROJECT, ProjectClass, Projects
from sim.scenario.schema import Scenario
from sim.scenario.service import Kind, Limit
from sim.scenario.steps import END, Delay, Work
from sim.scenario.time import DAY_S

from .reroute import Route, fork, task
from .routes import Cells
from .tasks import step_names

if TYPE_CHECKING:
    from .draw import World


_PUT_OFF, _ASKED = "put_off_", ".asked"  # a round before the stage of a number; whether there is one


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


def days_apart(scenario: Scenario, kind: str) -> float:
    """Return the days between the planned begins of two stages of a kind of projects."""
    part = scenario.projects.classes[kind.removeprefix(PROJECT)]
    return scenario.projects.planned_share * _days_to_go(scenario, part) / part.stages


def owners(world: World) -> dict[int, int]:
    """Return the person named for each project, by its request: a place among the people.

    The unit's own people who can do it are named in turn, over all its projects; where it has none, those who
    help it.
    """
    scenario, requests = world.scenario, world.requests
    named: dict[int, int] = {}
    turns: dict[tuple[str, str], int] = {}
    wanted = requests["kind"].astype(str).str.startswith(PROJECT)
    for request, kind, unit in requests.loc[wanted, ["kind", "unit"]].astype(str).itertuples():
        station = unit, scenario.projects.classes[kind.removeprefix(PROJECT)].role
        able = [number for number, person in enumerate(world.people) if station in person.stations]
        able = [number for number in able if world.people[number].unit == unit] or able
        turn = turns[station] = turns.get(station, -1) + 1
        named[request] = able[turn % len(able)]
    return named


def put_off(world: World) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the rounds for which projects are put off, arrays (n,): the visit, the unit, luck in [0, 1).

    The rounds before one stage of a project have the same luck, under every policy.
    """
    requests, tasks = world.requests, world.tasks
    names = [
        step if kind.startswith(PROJECT) and step.startswith(_PUT_OFF) and not step.endswith(_ASKED) else ""
        for kind, step in step_names(world.scenario)
    ]
    stages = sorted(set(names) - {""})
    stage = np.array([stages.index(name) if name else -1 for name in names], np.int64)
    task = np.flatnonzero(stage[tasks.step] >= 0)
    request, at = tasks.request[task], stage[tasks.step[task]]
    luck = np.zeros(len(task))
    for number, name in enumerate(stages):
        rows, own = at == number, request[at == number]
        some = requests.iloc[own]
        luck[rows] = Cells.of(some).draw(name, some["number"], world.streams)
    unit = requests["unit"].cat.codes.to_numpy()[request].astype(np.int64)
    return task, unit, luck


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
    hindrances, urgency = scenario.projects.hindrances, scenario.projects.urgency
    return Kind.model_construct(
        title=part.title,
        priority=priority,
        ahead_days=urgency.days * (part.urgency - 1) if urgency.on else 0.0,
        complexity_cv=hindrances.hours_cv if hindrances.on else 0.0,
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
    accepted_at = projects.accepted_at or head
    begins = [
        _before_stage(projects, stage, (stage - 1) * apart / days) for stage in range(1, part.stages + 1)
    ]
    entry = [next(iter(begin), f"stage_{stage}") for stage, begin in enumerate(begins, 1)]
    route: Route = {"break_down": task(head, projects.break_down_minutes, entry[0], complexity=False)}
    for stage, begin in enumerate(begins, 1):
        last = stage == part.stages
        after = "acceptance" if last else f"pause_{stage}" if apart > 0 else entry[stage]
        planned = max(projects.midterm_share, (stage - 1) * apart / days)
        watched = planned if projects.supervision_days > 0 else None
        route |= begin
        route[f"stage_{stage}"] = _work(desk, minutes, part.cv, after, supervised_from=watched)
        if not last and apart > 0:
            route[f"pause_{stage}"] = _planned(apart, entry[stage])
    route["acceptance"] = task(accepted_at, projects.acceptance_minutes, "verdict", complexity=False)
    slow = projects.hindrances.on  # what was sent back is looked at again a round later
    route["verdict"] = fork(projects.sent_back, "mending" if slow else "rework", END)
    if slow:
        route["mending"] = _round(projects, "rework", projects.planned_share)
    route["rework"] = _work(desk, minutes * projects.rework_share, part.cv, "acceptance")
    return route


def _before_stage(projects: Projects, stage: int, planned: float) -> Route:
    """Return what comes before a stage that is `planned` to begin after this share of the time.

    The unit checks it, its owner may put it off, the bureau checks it from the mid-term on, and something
    outside the unit may hold it up.
    """
    head = f"own/{projects.break_down_role}"
    unit, bureau = projects.unit_checks, projects.bureau_checks
    parts: list[Route] = []
    onward = f"stage_{stage}"
    if projects.hindrances.on:
        parts.append(_rounds(projects, f"held_up_{stage}", onward, planned, outside=True))
        onward = next(iter(parts[-1]))
    if bureau.on and planned >= projects.midterm_share:
        at = projects.checked_at or projects.accepted_at or head
        parts.append({f"bureau_check_{stage}": task(at, bureau.minutes, onward, complexity=False)})
        onward = next(iter(parts[-1]))
    if projects.hindrances.on:
        parts.append(_rounds(projects, f"{_PUT_OFF}{stage}", onward, planned))
        onward = next(iter(parts[-1]))
    if unit.on:
        parts.append({f"unit_check_{stage}": task(head, unit.minutes, onward, complexity=False)})
    return {name: step for part in reversed(parts) for name, step in part.items()}


def _rounds(projects: Projects, name: str, onward: str, planned: float, outside: bool = False) -> Route:
    """Return rounds of standing still before `onward`, each with the same chance."""
    hindrances, owners = projects.hindrances, projects.owners
    factor = owners.put_off_factor if owners.on else 1.0
    chance = hindrances.held_up if outside else hindrances.put_off * factor
    asked = name + _ASKED
    return {asked: fork(chance, name, onward), name: _round(projects, asked, planned, outside)}


def _round(projects: Projects, onward: str, planned: float, outside: bool = False) -> Delay:
    """Return a round in which nothing is done.

    The level that checks shortens a round that begins when the project lags: behind its plan, or for what
    lies outside the unit, which only the bureau can press, also beyond the mid-term.
    """
    hindrances = projects.hindrances
    checks = projects.bureau_checks if outside else projects.unit_checks
    lags_from = max(planned, projects.midterm_share) if outside else planned
    return Delay.model_construct(
        type="delay",
        reason="other",
        amount=hindrances.days,
        per="calendar_days",
        distribution="lognormal",
        cv=hindrances.cv,
        supervised_from=max(lags_from, 0.01) if checks.on else None,
        pressed_share=1.0 - checks.effect if checks.on else 1.0,
        next=onward,
    )


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
