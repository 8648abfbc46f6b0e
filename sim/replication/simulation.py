"""One replication, start to finish: the same citizens, years of work, monthly reviews, verdicts."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from sim.behaviour import BEHAVIOURS
from sim.cache import LruCache
from sim.flow import ENGINES, prepare, record
from sim.flow.dates import dated
from sim.flow.stuck import Stuck, told_of
from sim.rules.assess import told
from sim.rules.outcomes import bureau_facts
from sim.rules.shown_table import with_units
from sim.rules.table import LongTable, joined
from sim.scenario.errors import InputError, nearest
from sim.scenario.idle import tell_idle
from sim.scenario.load import load
from sim.scenario.policy import CURRENT, Policy, PolicyLike, load_policy
from sim.scenario.posts import Posts, posts
from sim.scenario.reform import reform
from sim.scenario.schema import Scenario
from sim.scenario.shown import Shown
from sim.world import in_force
from sim.world.draw import Digests

from . import trials
from .opened import opened
from .review import Review, moved
from .run import Work, run
from .store import Store

_DATED = ("requests", "steps", "segments", "projects")


@dataclass(repr=False)
class Result(Shown):
    """The result of one replication, as returned by `simulate`.

    A moment, such as ``finish_s``, is in whole seconds since midnight of day 0; −1 means that it has not
    happened. ``work_s``, ``delay_s`` and the columns ``*_s`` of `people` are durations in seconds.

    Attributes
    ----------
    scenario : Scenario
        The scenario under the policy, with its service rules written into routes and staff.
    policy, behaviour : str
        The names of the policy and of the behaviour.
    seed, replication : int
        The numbers that selected the random streams.
    work : sim.replication.Work
        The work as it was done, before it is judged.
    told : sim.rules.table.LongTable
        The outcomes as numbers, of which `outcomes` is made.
    posts_change : sim.scenario.posts.Posts
        What the policy changes in headcount and payroll.

    Notes
    -----
    The tables are made at first use. Texts in them are categorical.

    Examples
    --------
    >>> import sim
    >>> result = sim.simulate("one-office", seed=1)
    >>> result.headcount, result.payroll
    (1, 84000.0)
    >>> result.requests[["arrival_s", "first_start_s", "finish_s"]].head(3)
             arrival_s  first_start_s  finish_s
    request
    0             2419           2419      2482
    1             3004           3004      3381
    2             3976           3976      4094
    """

    scenario: Scenario
    policy: str
    behaviour: str
    seed: int
    replication: int
    work: Work = field(repr=False)
    told: LongTable = field(repr=False)
    posts_change: Posts

    def _facts(self) -> list[tuple[str, str]]:
        return [
            ("scenario", self.scenario.name),
            ("policy", self.policy),
            ("behaviour", self.behaviour),
            ("seed and replication", f"{self.seed}, {self.replication}"),
            ("people", f"{self.headcount:,}"),
            *bureau_facts(self.outcomes, self.scenario.currency),
        ]

    @property
    def headcount(self) -> int:
        """The number of people for whom there are posts under the policy."""
        return posts(self.scenario).headcount

    @property
    def headcount_change(self) -> int:
        """The change in headcount that the policy makes, in people."""
        return self.posts_change.headcount

    @property
    def payroll(self) -> float:
        """The full pay of all posts under the policy, in the scenario's currency per year."""
        return posts(self.scenario).payroll

    @property
    def payroll_change(self) -> float:
        """The change in payroll that the policy makes, in the scenario's currency per year."""
        return self.posts_change.payroll

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """All outcomes in long form.

        Columns: year, month (0 = whole year), unit ("" = bureau), kind ("" = all), person ("" = none),
        outcome, value.
        """
        return with_units(self.told.frame(), self.scenario.currency)

    @cached_property
    def people(self) -> pd.DataFrame:
        """One row per post in the last year, indexed by ``person``, the name of its holder.

        Columns: unit, role, grade, on_duty_s, busy_s, overtime_s, study_s, leave_s, training_s, duty_s. Where
        rules make them differ, also: experience_years, knowledge_hours, study_gain_s, vacant_s, duty_done_s,
        awards, award_pay.
        """
        return self.work.years[-1].measured.people.table()

    @cached_property
    def requests(self) -> pd.DataFrame:
        """One row per request, indexed by ``request``.

        Columns: kind, unit, case_number, arrival_s, first_start_s, finish_s, due_s (after stops of the
        clock), statutory_due_s, until_start (the limit ends when work starts), returns, withdrawn_s, work_s,
        stuck. Where rules give a choice of channels, or units make false records, also: channel,
        recorded_due_s, recorded_first_start_s, recorded_finish_s, audited, needless. ``case_number`` is the
        same under every policy; inspections draw by it. The recorded moments are what was written down;
        ``audited`` means that an audit found it, ``needless`` that a supplement was not needed. ``work_s`` is
        the standard work of all visits; for an open request, of those drawn so far. ``stuck`` says why a
        request can never move on, one of `sim.flow.stuck.REASONS`; "" otherwise.
        """
        return self.work.requests.copy(deep=False)  # what the reader changes in it stays with the reader

    @property
    def open_matters(self) -> pd.DataFrame:
        """One row per request of the scenario's kinds that is open when the horizon ends.

        Columns: kind, unit, step, received, due. Written by ``to_csv(file, index=False)`` it is the table of
        `Scenario.work_in_progress` with which a later horizon begins.

        Examples
        --------
        >>> import sim
        >>> list(sim.simulate("one-office", seed=1).open_matters)
        ['kind', 'unit', 'step', 'received', 'due']
        """
        return record.open_at_end(self.work.world, self.work.trace)

    @cached_property
    def steps(self) -> pd.DataFrame:
        """One row per visit to a step that was reached, indexed by ``task``.

        Columns: request, kind, step, type, unit, role, person (who ended it), work_s (standard work),
        delay_s, delay_days, ready_s, start_s, end_s. A person is named as the post's first holder, also after
        moves. A delay is in seconds; or ``delay_s`` is −1 and ``delay_days`` has the working days.
        """
        return record.steps_of(self.work.world, self.work.bureau, self.work.trace)

    @cached_property
    def segments(self) -> pd.DataFrame:
        """One row per spell of work of one person on one task.

        Columns: request, task, person, start_s, end_s. A task that was handed over or interrupted has
        several. A spell includes nights and weekends; the time at work is its part on duty.
        """
        return record.segments_of(self.work.world, self.work.bureau, self.work.trace)

    @property  # doctest passes over a cached one
    def projects(self) -> pd.DataFrame:
        """One row per target project, indexed by ``request``.

        Columns: project (its class), unit, owner (the person named for it; "" where no one is), arrival_s,
        due_s, finish_s, stages, stages_done, checks, sent_back, state. The state is at the end of the
        horizon: in store, lagging, accepted in time, or accepted late. ``owner`` is the post's first holder.

        Examples
        --------
        >>> import sim
        >>> sim.simulate("one-office", seed=1).projects.empty
        True
        """
        return Store(self.work.world, self.work.trace).table()

    def dated(self, table: str | pd.DataFrame) -> pd.DataFrame:
        """Add a date beside each moment of a table.

        Parameters
        ----------
        table : {'requests', 'steps', 'segments', 'projects'} or DataFrame
            The name of a table, or rows of one of them.

        Returns
        -------
        DataFrame
            The table with a column ``finish`` (datetime64[s]) beside ``finish_s``, and so on. NaT means that
            it has not happened.

        Raises
        ------
        InputError
            If there is no such table.

        Examples
        --------
        >>> import sim
        >>> visits = sim.simulate("one-office", seed=1).dated("steps")
        >>> print(visits["ready"].iloc[0], visits["ready"].dtype)
        2025-01-01 00:40:19 datetime64[s]
        """
        if isinstance(table, str):
            if table not in _DATED:
                raise InputError(f"there is no table '{table}' of moments", remedy=nearest(table, _DATED))
            return self.dated(getattr(self, table))
        return dated(table, self.work.world.calendar.first)

    @property
    def units(self) -> pd.DataFrame:
        """Whole-year outcomes by unit, one row per year and unit, one column per outcome.

        Scores are in points and rates are shares from 0 to 1; `sim.rules.OUTCOMES` has unit and definition of
        each.

        Examples
        --------
        >>> import sim
        >>> result = sim.simulate("one-office", seed=1)
        >>> result.units.loc[(2025, "office"), ["score", "pay_share"]].round(2).to_dict()
        {'score': 71.76, 'pay_share': 0.77}
        """
        table = self.outcomes.query("unit != '' and kind == '' and person == '' and month == 0")
        texts = table.astype({"unit": str, "outcome": str})
        wide = texts.pivot(index=["year", "unit"], columns="outcome", values="value")
        return with_units(wide, self.scenario.currency)


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
    """Simulate one replication of a bureau under a policy, to the end of the horizon.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A scenario, or its name or path as for `sim.load`.
    policy : str, Path, Policy or Mapping, optional
        A name, a path that ends in ``.yaml``, a policy, or changes as ``{dotted path: new value}``.
    behaviour : {'mechanical', 'responsive', 'learning'}, optional
        How people respond to the rules; ``mechanical`` is not at all.
    seed, replication : int, optional
        Whole numbers from 0 that select the random streams. They are common random numbers: every policy
        meets the same citizens.
    replay : DataFrame, str or Path, optional
        A table of arrivals and work that replaces the random draw, or its CSV file
        (`sim.scenario.request_tables.read_replay`).
    engine : {'compiled', 'simpy'}, optional
        The executor. Both give the same rows; ``compiled`` is faster.

    Returns
    -------
    Result
        Outcomes, people and the sample path of every request.

    Raises
    ------
    InputError
        If a file, a name or a number is wrong.

    Warns
    -----
    sim.scenario.idle.NoEffect
        If a change of the policy has no effect.
    sim.flow.stuck.Stuck
        If requests can never be finished within the horizon.

    See Also
    --------
    what_if : Compare policies over several replications in memory.
    study : Run many replications that are kept on disk.

    Notes
    -----
    The last work is cached: simulating another pay rule with the same seed judges the same work again, where
    nobody responds to the rules.

    Examples
    --------
    >>> import sim
    >>> one = sim.simulate("one-office", seed=1)
    >>> two = sim.simulate("one-office", policy="one-more-clerk", seed=1)
    >>> len(one.requests) == len(two.requests)  # the same citizens
    True
    >>> for result in (one, two):
    ...     print(result.policy, round(float(result.units["mean_wait_minutes"].iloc[0]), 1))
    current 45.2
    one-more-clerk 2.2
    """
    if not isinstance(scenario, Scenario):
        scenario = load(scenario)
    _check_number("seed", seed)
    _check_number("replication", replication)
    if engine not in ENGINES:
        raise InputError(f"unknown engine '{engine}'", remedy=nearest(engine, ENGINES))
    if behaviour not in BEHAVIOURS:
        raise InputError(f"unknown behaviour '{behaviour}'", remedy=nearest(behaviour, BEHAVIOURS))
    policy = load_policy(scenario, policy)
    tell_idle(scenario, policy, replayed=replay is not None)
    return replicated(
        in_force_under(scenario, policy),
        behaviour=behaviour,
        seed=seed,
        replication=replication,
        engine=engine,
        replay=replay,
    )


class InForce(NamedTuple):
    """A scenario under a policy as it is worked and judged, and what is asked of it in each replication.

    state : what the rules say (`Scenario.state`). work : the digest of all on which the work depends where
    nobody responds. digests : those of the world.
    """

    rules: Scenario
    policy: str
    state: bytes
    work: str
    digests: Digests
    posts_change: Posts


def in_force_under(scenario: Scenario, policy: Policy) -> InForce:
    """Return the rules by which the scenario is simulated under the policy."""
    after = reform(scenario, policy)
    rules = in_force(after)
    change = posts(after).less(posts(scenario))
    work, digests = rules.digest(of_work=True), Digests.of(rules)
    return InForce(rules, policy.name, rules.state(), work, digests, change)


def replicated(
    now: InForce,
    *,
    behaviour: str,
    seed: int,
    replication: int,
    engine: str,
    replay: pd.DataFrame | str | Path | None = None,
) -> Result:
    """Simulate as `simulate` does, under rules that nobody has changed since they were put in force.

    The caller has checked the arguments, and tells of changes without effect.
    """
    prepare(engine)
    work = _work_of(now, behaviour, seed, replication, replay, engine)
    table = judge_work(work, now.rules, now.state)
    if work.stuck.codes.any():
        counts = {str(reason): count for reason, count in work.stuck.value_counts().items()}
        warnings.warn(told_of(counts), Stuck, stacklevel=3)
    return Result(now.rules, now.policy, behaviour, seed, replication, work, table, now.posts_change)


def _check_number(name: str, number: object) -> None:
    """Refuse a number that is not an int from 0: it keys streams and caches, and 1.0 or True is not 1."""
    if type(number) is not int or not 0 <= number < 2**63:
        raise InputError(f"the {name} is {number!r}", remedy="Give a whole number from 0, under 2**63")


def judge_work(work: Work, rules: Scenario, state: bytes | None = None) -> LongTable:
    """Return the long table of outcomes, each year judged under these rules, given the years before.

    `state` is what the rules say, where the caller knows it.
    """
    tables = []
    for year, verdict in zip(work.years, work.verdicts(rules, state), strict=True):
        more = [*year.more, *moved(year.prospects, verdict, rules)]
        tables.append(told(year.measured, verdict, more))
    return joined(tables)


done: LruCache[Work] = LruCache(1)  # by its determinants


def _work_of(
    now: InForce,
    behaviour: str,
    seed: int,
    replication: int,
    replay: pd.DataFrame | str | Path | None,
    engine: str,
) -> Work:
    """Return the work under these rules, cached where nobody responds: policies that only judge share it."""

    def work() -> Work:
        rules, part = now.rules, BEHAVIOURS[behaviour]
        known = trials.known(rules, engine, replay=replay) if trials.matter(rules, part) else None
        world, bureau = opened(rules, seed, replication, replay, known=now.digests)
        review = Review(rules, world, bureau, part, known)
        return run(world, rules, now.state, engine, review, review.answer)

    if replay is not None or BEHAVIOURS[behaviour].READS_RULES:
        return work()
    return done.get((now.work, behaviour, seed, replication, engine), work)
