"""The reviews of a bureau: the monthly standing of units, their response, and the measures of a year."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import pandas as pd

from sim.behaviour import Behaviour, Conduct, Standing, recording
from sim.flow import Bureau, Executor, Trace, record
from sim.rules import Measured, Record, Verdict, judge, measure, so_far
from sim.rules.moves import Prospects, counted, moves
from sim.rules.standing import assessed_kinds, forecast, measuring_noise
from sim.scenario.months import Month
from sim.scenario.part import given
from sim.scenario.schema import Scenario
from sim.world import World
from sim.world.routes import Cells

from .people import More, Staff, by_unit_and_all

COMPLAINT = "overreach.complaint"  # the step of a complaint about an act without mandate


class Review:
    """Reviews the work of a replication and calls the behaviour.

    reacts : whether the behaviour needs reviews. false : the false records of all years so far, by name
    (requests,): false (bool), recorded_due_s, recorded_met_s, audited and needless; empty if there are none.
    """

    def __init__(self, rules: Scenario, world: World, bureau: Bureau, behaviour: Behaviour) -> None:
        self.rules, self.world, self.bureau, self.behaviour = rules, world, bureau, behaviour
        self.reacts = behaviour.READS_RULES and rules.assessment is not None and rules.pay is not None
        self.memory = behaviour.Memory(world.streams)
        self._cases: np.ndarray | None = None  # a year's, as estimated so far
        self._error: np.ndarray | None = None
        self.false: dict[str, np.ndarray] = {}
        if self.reacts:
            self._constant = self._known_beforehand()

    def _known_beforehand(self) -> dict[str, np.ndarray]:
        """Return the constant parts of a `Standing`."""
        rules = self.rules
        units, kinds = list(rules.units), list(rules.kinds)
        queue = self.bureau.tables.queue
        worked = np.flatnonzero(queue >= 0)
        of_queue = np.array(
            [units.index(q.unit) * len(kinds) + kinds.index(q.kind) for q in self.bureau.queues]
        )
        volume = np.bincount(
            of_queue[queue[worked]], self.bureau.tables.work_s[worked], len(units) * len(kinds)
        ).reshape(len(units), len(kinds))
        total = volume.sum(axis=1, keepdims=True)
        volume = np.divide(volume, total, out=np.zeros_like(volume), where=total > 0)
        grades = [rules.grades[person.grade] for person in self.world.people]
        pay = pd.DataFrame(
            {
                "assessment_pay": [grade.assessment_pay for grade in grades],
                "bonus": [grade.target_bonus for grade in grades],
                "base": [grade.base_pay for grade in grades],
            }
        )
        means = pay.groupby([person.unit for person in self.world.people]).mean().reindex(units).fillna(0.0)
        return {
            "scored": np.array([rules.type_of(unit).scorecard is not None for unit in rules.units]),
            "bound": np.array([rules.type_of(unit).pay_bound for unit in rules.units]),
            "pay": means.sum(axis=1).to_numpy(),
            "assessment_pay": means["assessment_pay"].to_numpy(),
            "bonus": means["bonus"].to_numpy(),
            "volume": volume,
            "assessed": assessed_kinds(volume, rules),
        }

    def answer(
        self, flow: Executor, staff: Staff, verdicts: Sequence[Verdict], month: Month
    ) -> Conduct | None:
        """Return the conduct of units in the new month, a response to their standing; None = as now."""
        if not self.reacts:
            return None
        standing = self.standing(flow, staff, verdicts, month)
        return self.behaviour.respond(standing, self.rules, staff.conduct, self.memory)

    def standing(self, flow: Executor, staff: Staff, verdicts: Sequence[Verdict], month: Month) -> Standing:
        """Return the standing of units when the month begins."""
        start_s, now, rules = month.year_start_s, month.start_s, self.rules
        gone = (now - start_s) / (month.year_end_s - start_s)
        heading = np.full(len(rules.units), np.nan)
        if gone > 0:
            seen = self._seen(flow, staff, start_s, now)
            verdict = judge(seen, rules, None, verdicts)
            heading, self._error = verdict.true_score, verdict.standard_error
            self._cases = seen.evidence().true["due_cases"] / gone
        usual = np.where(self._constant["scored"], given(rules.assessment).advanced_threshold, np.nan)
        score_before = verdicts[-1].score if verdicts else usual
        mean, spread = forecast(heading, score_before, gone, measuring_noise(rules), rules)
        return Standing(
            score_mean=mean,
            score_sd=spread,
            share_left=1 - gone,
            cases=self._cases,
            score_error=self._error,
            last_year=verdicts[-1].pay_share if verdicts else None,
            **self._constant,
        )

    def _seen(self, flow: Executor, staff: Staff, start_s: int, now: int) -> Measured:
        """Measure the cases of the year so far."""
        trace = flow.trace
        which = record.due(trace, start_s, now)
        answers = record.answers_of(self.world, staff.bureau, trace, which, now)
        people = staff.record(flow, start_s, now)
        return so_far(self._record(trace, which), answers, people, self.rules, start_s, now)

    def verdict_is_out(self, verdict: Verdict) -> None:
        """Pass the verdict to behaviours that learn from it."""
        learn = getattr(self.behaviour, "year_end", None)
        if self.reacts and learn is not None:
            learn(verdict, self.rules, self.memory)

    def year_over(self, flow: Executor, staff: Staff, start_s: int, end_s: int) -> Measured:
        """Measure the year, as recorded and in truth."""
        trace = flow.trace
        everything = np.arange(len(self.world.requests))
        requests = self._record(
            trace, everything, **self._mistakes(trace), **self._books(trace, staff, start_s)
        )
        answers = record.answers_of(self.world, staff.bureau, trace, everything, end_s)
        people = staff.record(flow, start_s, end_s)
        conducts = [(month.number, conduct) for month, conduct in staff.conducts]
        return measure(requests, answers, people, self.rules, start_s, end_s, conducts or None)

    def _record(self, trace: Trace, which: np.ndarray, **more: np.ndarray) -> Record:
        """Return the record of the requests `which`, positions (n,); `more` as for `Record.of`."""
        drawn = self.world.requests
        times = ("first_start_s", "finish_s", "withdrawn_s", "due_s", "returns")
        return Record.of(
            kind=drawn["kind"].cat.codes.to_numpy()[which],
            unit=drawn["unit"].cat.codes.to_numpy()[which],
            case_number=drawn["case_number"].to_numpy()[which],
            arrival_s=drawn["arrival_s"].to_numpy()[which],
            until_start=record.until_start(self.world)[which],
            **{name: getattr(trace, name)[which] for name in times},
            **more,
        )

    def _mistakes(self, trace: Trace) -> dict[str, np.ndarray]:
        """Return the errors and complaints of requests, where frictions have them."""
        frictions, flags = self.rules.frictions, {}
        if frictions.errors.on:
            flags["error"] = record.went_wrong(self.world, trace)
        if frictions.overreach.on:
            flags["complaint"] = record.came_to(self.world, trace, COMPLAINT)
        return flags

    def _books(self, trace: Trace, staff: Staff, start_s: int) -> dict[str, np.ndarray]:
        """Return the records of requests, where units make false records in the year from `start_s`."""
        shares = np.array([conduct.recording for _, conduct in staff.conducts])
        if not shares.any():
            return {}
        met = np.where(record.until_start(self.world), trace.first_start_s, trace.finish_s)
        requests = self.world.requests
        audits = given(self.rules.assessment).audits
        books = recording.record(
            trace.due_s,
            met,
            requests["unit"].cat.codes.to_numpy(),
            np.array([month.end_s for month, _ in staff.conducts]),
            shares,
            self._luck,
            self.rules.behaviour.responsive.recording,
            audits.rate if audits.on else 0.0,
            requests["arrival_s"].to_numpy(),
            start_s,
        )
        names = ("recorded_due_s", "recorded_met_s", "audited", "needless")
        false, now = books.mode >= 0, {name: getattr(books, name) for name in names}
        before = self.false or {"false": np.zeros(len(false), bool), **now}
        self.false = {name: np.where(false, now[name], before[name]) for name in names}
        self.false["false"] = before["false"] | false
        return written_down(self.world, trace, {"false": false, **now})

    @cached_property
    def _luck(self) -> np.ndarray:
        """Draw each request's luck with false records: whether, how, and whether an audit sees it, (n, 3)."""
        requests, streams = self.world.requests, self.world.streams
        cells = Cells.of(requests)
        purposes = ("false record", "way of false record", "audit")
        return np.column_stack([cells.draw(name, requests["number"], streams) for name in purposes])


def written_down(world: World, trace: Trace, false: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return what was written down of each request, as columns of its table (requests,).

    `false` is as in `Review`; what is not false there is as it happened.
    """
    wrong, to_start = false["false"], record.until_start(world)
    due, met = false["recorded_due_s"], false["recorded_met_s"]
    return {
        "recorded_due_s": np.where(wrong, due, trace.due_s),
        "recorded_first_start_s": np.where(wrong & to_start, met, trace.first_start_s),
        "recorded_finish_s": np.where(wrong & ~to_start, met, trace.finish_s),
        "audited": wrong & false["audited"],
        "needless": wrong & false["needless"],
    }


def moved(prospects: Prospects, verdict: Verdict, rules: Scenario) -> list[More]:
    """Return the moves due to the verdict as outcomes: counts of units and bureau, and the people."""
    if not rules.careers.on:
        return []
    change, posts = moves(prospects, verdict, rules.careers), prospects.posts
    result = by_unit_and_all(counted(change, posts, len(verdict.units)))
    for name in ("moved", "removed", "promoted"):
        who = np.flatnonzero(getattr(change, name))
        result.append(({name: np.ones(len(who))}, {"unit": posts.unit[who], "person": who}))
    return result
