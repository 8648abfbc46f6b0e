"""One replication, start to finish: the same citizens, years of work, monthly looks, verdicts that count."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from sim.behaviour import BEHAVIOURS
from sim.cache import LruCache
from sim.flow import ENGINES, Bureau, Trace, build, executor, prepare, record
from sim.flow.dates import dated
from sim.flow.stuck import Stuck, stuck, told_of
from sim.rules import Measured, Verdict, judge, outcomes
from sim.rules.moves import Prospects, moves
from sim.rules.table import joined
from sim.scenario.errors import InputError, nearest
from sim.scenario.idle import tell_idle
from sim.scenario.load import load
from sim.scenario.months import months_of
from sim.scenario.posts import Posts, posts, posts_change
from sim.scenario.reform import CURRENT, PolicyLike, load_policy, reform
from sim.scenario.schema import Scenario
from sim.world import World, draw_world, in_force

from .people import More, Staff, by_unit_and_all
from .review import Review, moved

_DATED = ("requests", "steps", "segments")


@dataclass
class Result:
    """One replication. Moments are whole seconds since midnight of day 0, −1 = has not happened (`dated` has
    them as dates); work_s, delay_s and the seconds of `people` are spans of time.

    Attributes
    ----------
    requests : one row a request, index request. Columns: kind, unit, arrival_s, first_start_s, finish_s,
        due_s (after stops of the clock), statutory_due_s, until_start, returns, withdrawn_s, work_s
        (standard work of its visits; while it is open, of those drawn for it), stuck (why nothing could ever
        move it on: one of `sim.flow.stuck.REASONS`, "" = it is not so). Where rules give a choice, also:
        channel.
    steps : one row for each visit of a step that was reached, index task. Columns: request, kind, step, type,
        unit, role, person (who ended it), work_s (standard work), delay_s and delay_days (of a wait, as
        drawn: seconds, or −1 and the working days), ready_s, start_s, end_s.
    segments : who worked on what; several for work that was handed over or interrupted. A row runs on through
        nights and weekends: time at work is its part on duty. Columns: request, task, person, start_s, end_s.
    people : the last year by name of who holds the post, index person. Columns: unit, role, grade, on_duty_s,
        busy_s, overtime_s, study_s, leave_s, training_s, duty_s. Where rules make them differ, also:
        experience_years, knowledge_hours, study_gain_s, vacant_s, duty_done_s.
    outcomes : everything measured, one row a value. Columns: year, month, unit, kind, person, outcome, value.
    headcount, payroll : the posts under the policy, and their full pay a year (`sim.scenario.posts`).
    headcount_change, payroll_change : what the policy changes in both.

    The tables of requests, steps and segments are made when they are first asked for; texts are categorical.

    Examples
    --------
    >>> import sim
    >>> result = sim.simulate("one-office", seed=1)
    >>> visits = result.dated("steps")
    >>> str(visits["ready"].dtype), bool((visits["work_s"] >= 0).all())
    ('datetime64[s]', True)
    """

    scenario: Scenario
    policy: str
    behaviour: str
    seed: int
    replication: int
    people: pd.DataFrame
    outcomes: pd.DataFrame
    work: Work = field(repr=False)
    posts_change: Posts

    @property
    def headcount(self) -> int:
        return posts(self.scenario).headcount

    @property
    def headcount_change(self) -> int:
        return self.posts_change.headcount

    @property
    def payroll(self) -> float:
        return posts(self.scenario).payroll

    @property
    def payroll_change(self) -> float:
        return self.posts_change.payroll

    @cached_property
    def requests(self) -> pd.DataFrame:
        return self.work.requests.copy(deep=False)  # what the reader changes in it stays with the reader

    @cached_property
    def steps(self) -> pd.DataFrame:
        return record.steps_of(self.work.world, self.work.bureau, self.work.trace)

    @cached_property
    def segments(self) -> pd.DataFrame:
        return record.segments_of(self.work.world, self.work.bureau, self.work.trace)

    def dated(self, table: str | pd.DataFrame) -> pd.DataFrame:
        """A table with a date beside each of its moments: ``finish_s`` gets ``finish``, datetime64[s]; what
        has not happened has none (NaT).

        `table` is "requests", "steps" or "segments", or rows of one of them.
        """
        if isinstance(table, str):
            if table not in _DATED:
                raise InputError(f"there is no table '{table}' of moments", remedy=nearest(table, _DATED))
            return self.dated(getattr(self, table))
        return dated(table, self.work.world.calendar.first)

    @property
    def units(self) -> pd.DataFrame:
        """Whole-year outcomes by unit: one row a unit and year, one column an outcome."""
        table = self.outcomes.query("unit != '' and kind == '' and person == '' and month == 0")
        texts = table.astype({"unit": str, "outcome": str})
        return texts.pivot(index=["year", "unit"], columns="outcome", values="value")


@dataclass
class Year:
    """One assessment period as it was worked: its span, what was counted of it (`sim.rules.measure`), what
    decides beside the verdict who changes posts, and further outcomes with where they stand."""

    start_s: int
    end_s: int
    measured: Measured
    prospects: Prospects
    more: list[More]


@dataclass
class Work:
    """What was done, before anybody judges it by other rules of pay."""

    world: World
    bureau: Bureau
    trace: Trace
    years: list[Year]
    _judged: tuple[str, list[Verdict]] = ("", [])  # the last time: by rules of which digest, and how

    def verdicts(self, rules: Scenario) -> list[Verdict]:
        """The verdict on each year by these rules, those on the years before it known."""
        digest = rules.digest()
        if self._judged[0] != digest:
            verdicts: list[Verdict] = []
            for year in self.years:
                verdicts.append(judge(year.measured, rules, self.world.luck(year.start_s), verdicts))
            self._judged = digest, verdicts
        return self._judged[1]

    @cached_property
    def requests(self) -> pd.DataFrame:
        requests = record.requests_of(self.world, self.bureau, self.trace)
        return requests.assign(stuck=self.stuck)

    @cached_property
    def stuck(self) -> pd.Categorical[str]:
        """Why each request stands still at the end of the horizon (`sim.flow.stuck`)."""
        return stuck(self.world, self.bureau, self.trace)


def simulate(
    scenario: Scenario | str | Path,
    policy: PolicyLike = CURRENT,
    *,
    behaviour: str = "mechanical",
    seed: int = 0,
    replication: int = 0,
    replay: pd.DataFrame | str | Path | None = None,
    engine: str = "compiled",
) -> Result:
    """One replication: a bureau under a policy, from the first morning to the last year-end.

    Parameters
    ----------
    scenario : a loaded scenario, or its name or path.
    policy : a name in the scenario's ``policies/``, a file, a `Policy`, or ``{dotted path: new value}``.
    behaviour : how people answer to the rules, one of `sim.behaviour.BEHAVIOURS`.
    seed, replication : nature's choice; the same for every policy.
    replay : a table of arrivals and works, or its file, that takes the place of the draw
        (`sim.scenario.request_tables.read_replay`).
    engine : the executor, one of `sim.flow.ENGINES`; the rows are the same, only the speed is not.

    Raises InputError for anything wrong with the files or names; warns of what a policy changes without any
    effect (`sim.scenario.idle`).
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
    tell_idle(scenario, policy, replayed=replay is not None)
    rules = in_force(reform(scenario, policy))
    work = _work_of(rules, behaviour, seed, replication, replay, engine)
    told = judge_work(work, rules)
    if work.stuck.codes.any():
        counts = {str(reason): count for reason, count in work.stuck.value_counts().items()}
        warnings.warn(told_of(counts), Stuck, stacklevel=2)
    people = work.years[-1].measured.people.copy(deep=False)
    change = posts_change(scenario, policy)
    return Result(rules, policy.name, behaviour, seed, replication, people, told, work, change)


def _check_number(name: str, number: object) -> None:
    """Streams and what is kept are keyed by it: 1.0 or True must not pass for 1."""
    if type(number) is not int or not 0 <= number < 2**63:
        raise InputError(f"the {name} is {number!r}", remedy="Give a whole number from 0, under 2**63")


def judge_work(work: Work, rules: Scenario) -> pd.DataFrame:
    """The long table of outcomes: every year judged by these rules, those before it known."""
    tables = []
    for year, verdict in zip(work.years, work.verdicts(rules), strict=True):
        more = [*year.more, *moved(year.prospects, verdict, rules)]
        tables.append(outcomes(year.measured, verdict, more))
    return joined(tables)


done: LruCache[Work] = LruCache(1)  # by what determines it


def _work_of(
    rules: Scenario,
    behaviour: str,
    seed: int,
    replication: int,
    replay: pd.DataFrame | str | Path | None,
    engine: str,
) -> Work:
    """The work under these rules. Where nobody reacts, policies that only judge it differently share it."""
    if replay is not None or BEHAVIOURS[behaviour].READS_RULES:
        return _work(rules, behaviour, seed, replication, replay, engine)
    key = (rules.digest(of_work=True), behaviour, seed, replication, engine)
    return done.get(key, lambda: _work(rules, behaviour, seed, replication, replay, engine))


def _work(
    rules: Scenario,
    behaviour: str,
    seed: int,
    replication: int,
    replay: pd.DataFrame | str | Path | None,
    engine: str,
) -> Work:
    """A bureau at work, from the first morning to the last year-end."""
    world = draw_world(rules, seed, replication, replay)  # the same citizens for every policy
    bureau = build(world)
    flow = executor(engine)(bureau.tables)
    staff = Staff(rules, world, bureau)
    review = Review(rules, world, bureau, BEHAVIOURS[behaviour])
    verdicts: list[Verdict] = []
    years: list[Year] = []
    for start_s, end_s in world.years:
        flow.work_until(start_s)  # a warm-up, before the first year
        for month in months_of(world.scenario.horizon, world.calendar, start_s, end_s):
            if conduct := review.answer(flow, staff, verdicts, month):  # how people answer the rules
                staff.behave(conduct, month)
            staff.instruct(flow)
            flow.work_until(month.end_s)  # requests flow through offices
            staff.learn(flow, month)  # practice and study make quick, overload tires
        measured = review.year_over(flow, staff, start_s, end_s)  # as it was recorded, and in truth
        verdict = judge(measured, rules, world.luck(start_s), verdicts)
        prospects = staff.prospects(end_s)
        years.append(Year(start_s, end_s, measured, prospects, staff.year_over(measured.year)))
        verdicts.append(verdict)
        if end_s < world.end_s:
            review.verdict_is_out(verdict)
            staff.next_year(flow, moves(prospects, verdict, rules.careers), end_s)  # who moves, who comes new
    work = Work(world, staff.bureau, flow.trace, years, (rules.digest(), verdicts))
    home = world.requests["unit"].cat.codes[work.stuck.codes > 0]
    still = np.bincount(home, minlength=len(rules.units)).astype(float)
    years[-1].more += by_unit_and_all({"stuck": still})
    return work
