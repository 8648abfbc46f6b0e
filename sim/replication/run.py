"""The years of a replication: work, monthly reviews, verdicts, moves. One course for all who simulate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from sim.behaviour import Conduct
from sim.flow import Bureau, Executor, Trace, executor, record
from sim.flow.stuck import stuck
from sim.rules import Measured, Verdict, judge
from sim.rules.moves import Prospects, moves
from sim.scenario.months import Month, months_of
from sim.scenario.part import given
from sim.scenario.schema import Scenario
from sim.world import World

from .assistance import assistance
from .consequences import Seen, consequences
from .more import More, by_unit_and_all
from .people import Staff
from .review import Review, written_down
from .store import Store

Response = Callable[[Executor, Staff, "list[Verdict]", Month], Conduct | None]
"""What units do in the month that begins; None = as now."""


@dataclass
class Year:
    """One assessment period as worked.

    It has its span, its counts (`sim.rules.measure`), the inputs of moves beside the verdict, and further
    outcomes with their positions.
    """

    start_s: int
    end_s: int
    measured: Measured
    prospects: Prospects
    more: list[More]


@dataclass
class Work:
    """The work of a replication, before it is judged under other pay rules."""

    world: World
    bureau: Bureau
    trace: Trace
    years: list[Year]
    false: dict[str, np.ndarray] = field(default_factory=dict)  # records, as in `Review`
    _judged: tuple[bytes, list[Verdict]] = (b"", [])  # what the last rules say, and the verdicts under them

    def verdicts(self, rules: Scenario, state: bytes | None = None) -> list[Verdict]:
        """Return the verdict on each year under these rules, given those on the years before.

        `state` is what the rules say, where the caller knows it.
        """
        if state is None:
            state = rules.state()  # not the object: rules may be changed in code, and judged again
        last, verdicts = self._judged
        if last != state:
            verdicts = []
            for number, year in enumerate(self.years):
                now = rules.in_year(number)
                verdicts.append(judge(year.measured, now, self.world.luck(year.start_s), verdicts))
            self._judged = state, verdicts
        return verdicts

    @cached_property
    def requests(self) -> pd.DataFrame:
        requests = record.requests_of(self.world, self.bureau, self.trace)
        written = written_down(self.world, self.trace, self.false) if self.false else {}
        return requests.assign(stuck=self.stuck, **written)

    @cached_property
    def stuck(self) -> pd.Categorical[str]:
        """The reason why each request stands still at the end of the horizon (`sim.flow.stuck`)."""
        return stuck(self.world, self.bureau, self.trace)


def work_year(
    world: World,
    flow: Executor,
    staff: Staff,
    verdicts: list[Verdict],
    respond: Response,
    span: tuple[int, int],
) -> None:
    """Let a bureau work through one assessment period, month by month; `span` is its start and end."""
    staff.patrol(flow, span[0] if staff.received_s is not None else world.begin_s)
    flow.work_until(span[0])  # the warm-up, before the first year
    for month in months_of(world.scenario.horizon, world.calendar, *span):
        if conduct := respond(flow, staff, verdicts, month):  # people respond to the rules
            staff.behave(conduct, month)
            staff.patrol(flow, month.start_s)
        staff.keep_discipline(flow, month)  # some desks open late, some matters nobody takes up
        staff.plan_service(month)  # under pressure some study gives way to it
        staff.instruct(flow)
        flow.work_until(month.end_s)  # requests flow through offices
        staff.learn(flow, month)  # practice and study raise speed, overload lowers it


def run(world: World, rules: Scenario, state: bytes, engine: str, review: Review, respond: Response) -> Work:
    """Run a bureau from the first morning to the last year-end; `state` is what the rules say."""
    bureau = review.bureau
    flow = executor(engine)(bureau.tables)
    staff = Staff(rules, world, bureau)
    verdicts: list[Verdict] = []
    years: list[Year] = []
    for number, (start_s, end_s) in enumerate(world.years):
        now = review.begin_year(number)
        work_year(world, flow, staff, verdicts, respond, (start_s, end_s))
        staff.award(start_s)
        measured = review.year_over(flow, staff, start_s, end_s)  # as recorded and in truth
        verdict = judge(measured, now, world.luck(start_s), verdicts)
        prospects = staff.prospects(end_s, measured.deeds)
        more = staff.year_over() + review.returns(verdict, staff)
        if rules.service_rules.assistance.on:
            more += assistance(world, staff.bureau, flow.trace, start_s, end_s)
        if rules.projects.followed and (store := Store(world, flow.trace)).count:
            more += store.year(start_s, end_s)
        more += consequences(Seen(staff, given(review.happened), flow.trace, start_s, end_s))
        years.append(Year(start_s, end_s, measured, prospects, more))
        verdicts.append(verdict)
        if end_s < world.end_s:
            review.verdict_is_out(verdict, staff)
            change = moves(prospects, verdict, rules.careers)  # moves and newcomers
            staff.next_year(flow, change, verdict, end_s)
    work = Work(staff.as_worked(), staff.bureau, flow.trace, years, review.false, (state, verdicts))
    home = world.requests["unit"].cat.codes[work.stuck.codes > 0]
    still = np.bincount(home, minlength=len(rules.units)).astype(float)
    years[-1].more += by_unit_and_all({"stuck": still})
    return work
