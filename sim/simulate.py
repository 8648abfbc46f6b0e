"""One replication, start to finish: the same citizens, a year of work, a monthly look, a verdict."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sim.behaviour import BEHAVIOURS
from sim.flow import ENGINES, SimpyFlow, Tables, build
from sim.flow.tables import Duty, due_s, limit_of
from sim.rules import assess
from sim.scenario.errors import InputError, nearest
from sim.scenario.load import load
from sim.scenario.reform import CURRENT, Policy, load_policy, reform
from sim.scenario.schema import Scenario
from sim.scenario.time import DAY_S
from sim.world import Luck, Streams, World, draw_world
from sim.world.routes import step_names


@dataclass
class Result:
    """One replication. All times are whole seconds since midnight of day 0; −1 = has not happened.

    Attributes
    ----------
    requests : one row a request: kind, unit, arrival_s, first_start_s, finish_s, due_s (after stops of the
        clock), statutory_due_s, until_start, returns, withdrawn_s, work_s.
    steps : one row for each visit of a step that was reached: request, kind, step, type, unit, role, person
        (who ended it), ready_s, start_s, end_s.
    segments : who worked on what: request, task, person, start_s, end_s. More than one for work that was
        handed over or interrupted.
    people : by name: unit, role, grade, and the last year's seconds on_duty, busy, overtime, study, leave,
        training, duty.
    outcomes : the long table of everything measured (`sim.rules.COLUMNS`).
    """

    scenario: Scenario
    policy: str
    behaviour: str
    seed: int
    replication: int
    requests: pd.DataFrame
    steps: pd.DataFrame
    segments: pd.DataFrame
    people: pd.DataFrame
    outcomes: pd.DataFrame

    @property
    def units(self) -> pd.DataFrame:
        """Whole-year outcomes by unit: one row a unit and year, one column an outcome."""
        table = self.outcomes.query("unit != '' and kind == '' and person == '' and month == 0")
        return table.pivot(index=["year", "unit"], columns="outcome", values="value")


def simulate(
    scenario: Scenario | str | Path,
    policy: str | Path | Policy = CURRENT,
    *,
    behaviour: str = "mechanical",
    seed: int = 0,
    replication: int = 0,
    replay: pd.DataFrame | None = None,
    engine: str = "compiled",
) -> Result:
    """One replication: a bureau under a policy, from the first morning to the last year-end.

    Parameters
    ----------
    scenario : a loaded scenario, or its name or path.
    policy : a name in the scenario's ``policies/``, a file, or a `Policy`.
    behaviour : how people answer to the rules, one of `sim.behaviour.BEHAVIOURS`.
    seed, replication : nature's choice; the same for every policy.
    replay : a table of arrivals and works that takes the place of the draw (`sim.world.demand.read_replay`).
    engine : the executor, one of `sim.flow.ENGINES`; the rows are the same, only the speed is not.

    Raises InputError for anything wrong with the files or names.
    """
    if not isinstance(scenario, Scenario):
        scenario = load(scenario)
    if engine not in ENGINES:
        raise InputError(f"unknown engine '{engine}'", remedy=nearest(engine, ENGINES))
    if behaviour not in BEHAVIOURS:
        raise InputError(f"unknown behaviour '{behaviour}'", remedy=nearest(behaviour, BEHAVIOURS))
    policy = load_policy(scenario, policy)
    rules = reform(scenario, policy)
    work = _work_of(rules, behaviour, seed, replication, replay)
    verdicts = [
        assess(work.requests, work.steps, people, rules, start_s, end_s, Luck(work.streams, year))
        for year, (start_s, end_s), people in work.years
    ]
    last_people = work.years[-1][2]
    outcomes = pd.concat(verdicts, ignore_index=True)
    tables = (work.requests, work.steps, work.segments, last_people, outcomes)
    return Result(rules, policy.name, behaviour, seed, replication, *tables)


@dataclass
class _Work:
    """What was done, before anybody judges it: tables as in `Result`, and (year, span, people)."""

    requests: pd.DataFrame
    steps: pd.DataFrame
    segments: pd.DataFrame
    years: list[tuple[int, tuple[int, int], pd.DataFrame]]
    streams: Streams


_latest: dict[tuple, _Work] = {}  # the last work done in this process, by what determines it


def _work_of(
    rules: Scenario, behaviour: str, seed: int, replication: int, replay: pd.DataFrame | None
) -> _Work:
    """The work under these rules. Where nobody reacts, policies that only judge it differently share it."""
    shared = replay is None and not BEHAVIOURS[behaviour].READS_RULES
    key = (rules.digest(of_work=True), behaviour, seed, replication)
    if shared and key in _latest:
        return _latest[key]
    work = _work(rules, behaviour, seed, replication, replay)
    if shared:
        _latest.clear()
        _latest[key] = work
    return work


def _work(rules: Scenario, behaviour: str, seed: int, replication: int, replay: pd.DataFrame | None) -> _Work:
    world = draw_world(rules, seed, replication, replay)  # the same citizens for every policy
    tables = build(world)
    flow = SimpyFlow(tables, world.begin_s)
    standard_speed = np.array([person.speed for person in world.people])
    for month_end in _month_ends(world):
        flow.work_until(month_end)  # requests flow through offices
        flow.speed = BEHAVIOURS[behaviour].respond(standard_speed, None, rules).tolist()
    segments = _segments(world, flow)
    years = [
        (world.calendar.date(span[0] // DAY_S).year, span, _people(world, segments, *span))
        for span in world.years
    ]
    return _Work(_requests(world, tables, flow), _steps(world, tables, flow), segments, years, world.streams)


def _month_ends(world: World) -> list[int]:
    """The ends of the calendar months of the horizon, and the end itself."""
    first, last = world.calendar.first, world.calendar.date(world.calendar.days - 1)
    ends = []
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        ends.append(world.calendar.day_of(dt.date(year, month, 1)) * DAY_S)
    return [end for end in ends if world.begin_s < end < world.end_s] + [world.end_s]


def _requests(world: World, tables: Tables, flow: SimpyFlow) -> pd.DataFrame:
    kinds = world.requests["kind"].to_numpy()
    amount, per = limit_of(world.scenario, kinds, "statutory_limit")
    statutory: dict[tuple, int] = {}
    excluded = [flow.excluded.get(request, (0, 0, 0)) for request in range(len(kinds))]
    keys = list(zip(tables.arrival_s.tolist(), amount.tolist(), per.tolist(), excluded, strict=True))
    for key in keys:
        if key not in statutory:
            statutory[key] = due_s(world.calendar, *key)
    begun = {
        kind
        for kind, part in world.scenario.kinds.items()
        if part.limit is not None and part.limit.until == "first_start"
    }
    return pd.DataFrame(
        {
            "kind": kinds,
            "unit": world.requests["unit"].to_numpy(),
            "arrival_s": tables.arrival_s,
            "first_start_s": np.array(flow.trace.first_start_s, np.int64),
            "finish_s": np.array(flow.trace.finish_s, np.int64),
            "due_s": flow.due_dates(),
            "statutory_due_s": np.array([statutory[key] for key in keys], np.int64),
            "until_start": np.isin(kinds, list(begun)),
            "returns": np.array(flow.trace.returns, np.int64),
            "withdrawn_s": np.array(flow.trace.withdrawn_s, np.int64),
            "work_s": np.bincount(
                world.tasks.request, weights=world.tasks.work_s, minlength=len(kinds)
            ).astype(np.int64),
        }
    ).rename_axis("request")


def _steps(world: World, tables: Tables, flow: SimpyFlow) -> pd.DataFrame:
    tasks, trace = world.tasks, flow.trace
    ready = np.array(trace.ready_s, np.int64)
    reached = np.flatnonzero(ready >= 0)
    names = np.array(step_names(world.scenario), dtype=object).reshape(-1, 2)
    places = np.array(
        [(queue.unit, queue.role) for queue in tables.queues] + [("", "")], dtype=object
    ).reshape(-1, 2)
    persons = np.array([person.name for person in world.people] + [""], dtype=object)
    last = np.full(len(ready), -1)
    segments = trace.segments()
    last[segments[:, 0]] = segments[:, 1]
    return pd.DataFrame(
        {
            "request": tasks.request[reached],
            "kind": names[tasks.step[reached], 0],
            "step": names[tasks.step[reached], 1],
            "type": np.array(["work", "delay", "sitting"], dtype=object)[tasks.type[reached]],
            "unit": places[tables.queue[reached], 0],
            "role": places[tables.queue[reached], 1],
            "person": persons[last[reached]],
            "ready_s": ready[reached],
            "start_s": np.array(trace.start_s, np.int64)[reached],
            "end_s": np.array(trace.end_s, np.int64)[reached],
        }
    )


def _segments(world: World, flow: SimpyFlow) -> pd.DataFrame:
    """Work done, and work under way at the end of the horizon."""
    done = flow.trace.segments()
    open_ = [
        (job.task, person, job.since, world.end_s) for person, job in enumerate(flow.job) if job is not None
    ]
    rows = np.concatenate((done, np.array(open_, np.int64).reshape(-1, 4)))
    names = np.array([person.name for person in world.people], dtype=object)
    return pd.DataFrame(
        {
            "request": world.tasks.request[rows[:, 0]],
            "task": rows[:, 0],
            "person": names[rows[:, 1]],
            "start_s": rows[:, 2],
            "end_s": rows[:, 3],
        }
    )


def _people(world: World, segments: pd.DataFrame, start_s: int, end_s: int) -> pd.DataFrame:
    """Each person's hours by use within [start_s, end_s)."""
    by_person = {name: mine for name, mine in segments.groupby("person", sort=False)[["start_s", "end_s"]]}
    rows = []
    for person in world.people:
        duty = Duty(person.duty)
        on_duty = duty.worked(end_s) - duty.worked(start_s)
        busy = overtime = 0
        if person.name in by_person:
            spans = np.clip(by_person[person.name].to_numpy(), start_s, end_s)
            inside = duty.worked_all(spans[:, 1]) - duty.worked_all(spans[:, 0])
            busy = int(inside.sum())
            if _works_over(world, person):
                overtime = int((spans[:, 1] - spans[:, 0] - inside).sum())
        away = {
            use: int(np.diff(np.clip(spans, start_s, end_s), axis=1).sum())
            for use, spans in person.away.items()
        }
        rows.append(
            (
                person.unit,
                person.role,
                person.grade,
                on_duty,
                busy,
                overtime,
                *(away.get(use, 0) for use in ("study", "leave", "training", "duty")),
            )
        )
    columns = [
        "unit",
        "role",
        "grade",
        *(f"{use}_s" for use in ("on_duty", "busy", "overtime", "study", "leave", "training", "duty")),
    ]
    return pd.DataFrame(
        rows, columns=columns, index=pd.Index([person.name for person in world.people], name="person")
    )


def _works_over(world: World, person) -> bool:
    """Work outside duty is overtime only where the unit's rule is to finish first; elsewhere it is
    suspended."""
    return world.scenario.setting(person.unit, "when_duty_ends") == "finish"
