"""One replication, start to finish: the same citizens, a year of work, a monthly look, a verdict."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from sim.behaviour import BEHAVIOURS
from sim.flow import ENGINES, Bureau, Trace, build, executor, prepare, record
from sim.flow.hours import hours
from sim.kept import Kept
from sim.rules import assess
from sim.scenario.errors import InputError, nearest
from sim.scenario.load import load
from sim.scenario.reform import CURRENT, Policy, load_policy, reform
from sim.scenario.schema import Scenario
from sim.scenario.time import DAY_S
from sim.world import Luck, World, draw_world


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

    The tables of requests, steps and segments are made when they are first asked for; texts are categorical.
    """

    scenario: Scenario
    policy: str
    behaviour: str
    seed: int
    replication: int
    people: pd.DataFrame
    outcomes: pd.DataFrame
    work: Work = field(repr=False)

    @cached_property
    def requests(self) -> pd.DataFrame:
        return self.work.requests.copy(deep=False)  # what the reader changes in it stays with the reader

    @cached_property
    def steps(self) -> pd.DataFrame:
        return record.steps_of(self.work.world, self.work.bureau, self.work.trace)

    @cached_property
    def segments(self) -> pd.DataFrame:
        return record.segments_of(self.work.world, self.work.trace)

    @property
    def units(self) -> pd.DataFrame:
        """Whole-year outcomes by unit: one row a unit and year, one column an outcome."""
        table = self.outcomes.query("unit != '' and kind == '' and person == '' and month == 0")
        texts = table.astype({"unit": str, "outcome": str})
        return texts.pivot(index=["year", "unit"], columns="outcome", values="value")


@dataclass
class Work:
    """What was done, before anybody judges it, and (year, span, people) of each assessment period."""

    world: World
    bureau: Bureau
    trace: Trace
    years: list[tuple[int, tuple[int, int], pd.DataFrame]]

    @cached_property
    def requests(self) -> pd.DataFrame:
        return record.requests_of(self.world, self.bureau, self.trace)


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
    _check_number("seed", seed)
    _check_number("replication", replication)
    if engine not in ENGINES:
        raise InputError(f"unknown engine '{engine}'", remedy=nearest(engine, ENGINES))
    if behaviour not in BEHAVIOURS:
        raise InputError(f"unknown behaviour '{behaviour}'", remedy=nearest(behaviour, BEHAVIOURS))
    prepare(engine)
    policy = load_policy(scenario, policy)
    rules = reform(scenario, policy)
    work = _work_of(rules, behaviour, seed, replication, replay, engine)
    outcomes = judge(work, rules)
    people = work.years[-1][2].copy(deep=False)
    return Result(rules, policy.name, behaviour, seed, replication, people, outcomes, work)


def _check_number(name: str, number: object) -> None:
    """Streams and what is kept are keyed by it: 1.0 or True must not pass for 1."""
    if type(number) is not int or not 0 <= number < 2**63:
        raise InputError(f"the {name} is {number!r}", remedy="Give a whole number from 0, under 2**63")


def judge(work: Work, rules: Scenario) -> pd.DataFrame:
    """The long table of outcomes: `sim.rules.assess` for every assessment period."""
    reached = record.work_reached(work.world, work.bureau, work.trace)
    verdicts = [
        assess(work.requests, reached, people, rules, start_s, end_s, Luck(work.world.streams, year))
        for year, (start_s, end_s), people in work.years
    ]
    return verdicts[0] if len(verdicts) == 1 else pd.concat(verdicts, ignore_index=True)


done: Kept[Work] = Kept(1)  # by what determines it


def _work_of(
    rules: Scenario, behaviour: str, seed: int, replication: int, replay: pd.DataFrame | None, engine: str
) -> Work:
    """The work under these rules. Where nobody reacts, policies that only judge it differently share it."""
    if replay is not None or BEHAVIOURS[behaviour].READS_RULES:
        return _work(rules, behaviour, seed, replication, replay, engine)
    key = (rules.digest(of_work=True), behaviour, seed, replication, engine)
    return done.get(key, lambda: _work(rules, behaviour, seed, replication, replay, engine))


def _work(
    rules: Scenario, behaviour: str, seed: int, replication: int, replay: pd.DataFrame | None, engine: str
) -> Work:
    world = draw_world(rules, seed, replication, replay)  # the same citizens for every policy
    bureau = build(world)
    flow = executor(engine)(bureau.tables)
    for month_end in _month_ends(world):
        flow.work_until(month_end)  # requests flow through offices
        flow.set_speed(BEHAVIOURS[behaviour].respond(bureau.tables.speed, None, rules))
    trace = flow.trace
    years = [
        (world.calendar.date(span[0] // DAY_S).year, span, hours(world, bureau.tables, trace, *span))
        for span in world.years
    ]
    return Work(world, bureau, trace, years)


def _month_ends(world: World) -> list[int]:
    """The ends of the calendar months of the horizon, and the end itself."""
    first, last = world.calendar.first, world.calendar.date(world.calendar.days - 1)
    ends = []
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        ends.append(world.calendar.day_of(dt.date(year, month, 1)) * DAY_S)
    return [end for end in ends if world.begin_s < end < world.end_s] + [world.end_s]
