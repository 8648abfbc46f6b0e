"""The reviews of a bureau: the monthly standing of units, their response, and the measures of a year."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.behaviour import Behaviour, Conduct, Outlook, Standing, recording
from sim.flow import Bureau, Executor, Trace, record
from sim.flow.time_limits import first_start_s
from sim.rules import Measured, Record, Verdict, measure, so_far, true_score
from sim.rules.measured import Pace
from sim.rules.moves import Prospects, counted, ladder_counts, moves
from sim.rules.people import People
from sim.rules.personal import Deeds, faulty_cases
from sim.rules.standing import asks_for_pace, assessed_kinds
from sim.rules.statistics import group_means
from sim.scenario.months import Month, months_of
from sim.scenario.part import given
from sim.scenario.schema import Scenario
from sim.world import World
from sim.world.duties import duty_hours
from sim.world.frictions import COMPLAINT
from sim.world.routes import Cells

from .more import More, by_unit_and_all
from .people import Staff

if TYPE_CHECKING:
    from .trials import Known

FIRST_EXTRA = 0.1  # extra effort: what is assumed of the return counts as a year at so much


class Review:
    """Reviews the work of a replication and calls the behaviour.

    reacts : whether the behaviour needs reviews. happened : what had happened to the requests of the year
    that was measured last. false : the false records of all years so far, by name (requests,): false (bool),
    recorded_due_s, recorded_met_s, audited and needless; empty if there are none.
    """

    def __init__(
        self, rules: Scenario, world: World, bureau: Bureau, behaviour: Behaviour, known: Known | None
    ) -> None:
        self.rules, self.world, self.bureau, self.behaviour = rules, world, bureau, behaviour
        self.reacts = behaviour.READS_RULES and rules.assessment is not None and rules.pay is not None
        self._all_rules = rules
        self._switch = rules._earlier[0] if rules._earlier else None
        self.known = known
        self.memory = behaviour.Memory(world.streams)
        self._cases: np.ndarray | None = None  # a year's, as estimated so far
        self._learned: list[tuple[np.ndarray, np.ndarray]] = []  # extra effort and gain of years gone
        self.false: dict[str, np.ndarray] = {}
        self.happened: Record | None = None

    def begin_year(self, number: int) -> Scenario:
        """Take up and return the rules by which the year is judged; people know them from its first day."""
        self.rules = self._all_rules.in_year(number)
        if self.rules is not self._all_rules or number == self._switch:
            self.__dict__.pop("_constant", None)
        return self.rules

    @cached_property
    def _constant(self) -> dict[str, np.ndarray]:
        """Return the constant parts of a `Standing`."""
        rules = self.rules
        units, people = list(rules.units), self.world.people
        unit = np.array([units.index(person.unit) for person in people], np.int64)
        grades = [(rules.grades[person.grade], person.share) for person in people]
        assessment_pay, bonus, base = (
            np.nan_to_num(group_means(np.array(own, float), unit, len(units)))
            for own in (
                [share * grade.assessment_pay for grade, share in grades],
                [share * grade.target_bonus for grade, share in grades],
                [share * grade.base_pay for grade, share in grades],
            )
        )
        duties, cut = duty_hours(rules, self.world.calendar)
        types, cards = [rules.type_of(unit) for unit in units], list(rules.scorecards)
        return {
            "scored": np.array([part.scorecard is not None for part in types]),
            "bound": np.array([part.pay_bound for part in types]),
            "certifiable": np.array([part.certifiable for part in types]),
            "scorecard": np.array([cards.index(part.scorecard) if part.scorecard else -1 for part in types]),
            "heads": np.bincount(
                unit, [person.role in rules.careers.head_roles for person in people], len(units)
            ),
            "people": np.maximum(np.bincount(unit, minlength=len(units)), 1.0),
            "pay": assessment_pay + bonus + base,
            "assessment_pay": assessment_pay,
            "bonus": bonus,
            "volume": self._volume,
            "assessed": assessed_kinds(self._volume, rules),
            "duties": duties,
            "cut": cut,
        }

    @cached_property
    def _volume(self) -> np.ndarray:
        """Return the usual share of each kind in the work of each unit, (units, kinds); 0 without work."""
        if self.known is not None:
            return self.known.volume
        work = self.standard_work()
        total = work.sum(axis=1, keepdims=True)
        return np.divide(work, total, out=np.zeros(work.shape), where=total > 0)

    def standard_work(self) -> np.ndarray:
        """Return the standard work drawn for each unit and kind, seconds, (units, kinds)."""
        return self.world.once("standard work", self._standard_work)

    def _standard_work(self) -> np.ndarray:
        units, kinds = list(self.rules.units), list(self.rules.kinds)
        queue = self.bureau.tables.queue
        worked = np.flatnonzero(queue >= 0)
        of_queue = np.array(
            [units.index(q.unit) * len(kinds) + kinds.index(q.kind) for q in self.bureau.queues], int
        )
        seconds = self.bureau.tables.work_s[worked]
        return np.bincount(of_queue[queue[worked]], seconds, len(units) * len(kinds)).reshape(len(units), -1)

    def answer(self, flow: Executor, staff: Staff, verdicts: list[Verdict], month: Month) -> Conduct | None:
        """Return the conduct of units in the new month, a response to their standing; None = as now."""
        if not self.reacts:
            return None
        standing = self.standing(flow, staff, verdicts, month)
        return self.behaviour.respond(standing, self.rules, staff.conduct, self.memory)

    def standing(self, flow: Executor, staff: Staff, verdicts: list[Verdict], month: Month) -> Standing:
        """Return the standing of units when the month begins."""
        gone, months = len(staff.conducts), self._months(month.year_start_s, month.year_end_s)
        outlook, year = self._outlook(len(verdicts)), len(verdicts)
        heading = outlook.usual
        if self.known is not None and gone > 0:
            seen = self.seen(flow, staff, month.year_start_s, month.year_end_s, month.start_s)
            luck = self.world.luck(month.year_start_s)
            so_far = true_score(seen, self.rules, luck)
            self._cases = seen.evidence().true["due_cases"] * months / gone
            # what the months have brought beyond the usual stays with the year
            heading = outlook.usual + gone / months * np.nan_to_num(so_far - self.known.course[year][gone])
        return Standing(
            outlook=outlook,
            heading=heading,
            month=gone,
            months=months,
            past=tuple(verdict.score for verdict in verdicts[::-1]),
            last_year=verdicts[-1].pay_share if verdicts else None,
            cases=self._cases,
            study=staff.study_share,
            **self._constant,
        )

    def _outlook(self, year: int) -> Outlook:
        """Return what units know before the year; those who learn their return from effort learn it here."""
        if self.known is None:  # nobody asks
            nothing = np.zeros(len(self.rules.units))
            return Outlook(nothing, nothing, nothing, nothing > 0, nothing, np.ones(1), nothing[:, None])
        outlook, part = self.known.outlooks[year], self.rules.behaviour.responsive
        learns = self.rules.behaviour.return_to_effort == "learned" and part.plans_effort
        if not learns or not self._learned:
            return outlook
        extra, gain = (np.array(values) for values in zip(*self._learned, strict=True))
        assumed = part.effort.points_per_effort
        weight = FIRST_EXTRA**2  # what was assumed counts as a year at so much extra effort
        slope = (assumed * weight + np.sum(extra * np.nan_to_num(gain), axis=0)) / (
            weight + np.sum(extra**2 * np.isfinite(gain), axis=0)
        )
        return replace(outlook, gains=np.maximum(slope, 0.0)[:, None] * (outlook.levels - 1))

    def returns(self, verdict: Verdict, staff: Staff) -> list[More]:
        """Return what effort was believed to bring in the year that ends, and what it brought."""
        if not self.reacts or self.known is None or not staff.conducts:
            return []
        outlook = self._outlook(len(self._learned))
        extra = np.mean([conduct.effort for _, conduct in staff.conducts], axis=0) - 1
        gain = verdict.true_score - outlook.usual
        people = getattr(self.memory, "people", None)  # who believe more or less of it
        gains = outlook.gains if people is None else people.gain[:, None] * outlook.gains
        believed = [np.interp(one + 1, outlook.levels, own) for one, own in zip(extra, gains, strict=True)]
        known = np.flatnonzero(np.isfinite(gain))
        values = {
            "usual_score": outlook.usual,
            "usual_error": self.known.usual_error[len(self._learned)],
            "gain_believed": np.array(believed),
            "gain_realised": gain,
        }
        self._learned.append((extra, gain))
        more: list[More] = [({name: own[known] for name, own in values.items()}, {"unit": known})]
        if (plans := getattr(self.memory, "plans", None)) is not None:
            more.append(({"beliefs_unsettled": np.array([float(not plans.settled)])}, {}))
        if self.known.returns is not None and len(self._learned) == 1:
            per_effort, error, spill = self.known.returns.per_effort()
            told = {"return_to_effort": per_effort, "return_error": error, "return_of_others": spill}
            more.append(({name: own[known] for name, own in told.items()}, {"unit": known}))
        return more

    def _months(self, start_s: int, end_s: int) -> int:
        return len(months_of(self.world.scenario.horizon, self.world.calendar, start_s, end_s))

    def seen(self, flow: Executor, staff: Staff, start_s: int, end_s: int, now: int) -> Measured:
        """Measure the cases of the year from `start_s` to `end_s` so far, without errors and complaints."""
        return self._so_far(flow, staff, start_s, end_s, now, at_end=False)

    def scored(self, flow: Executor, staff: Staff, start_s: int, end_s: int) -> Measured:
        """Measure what verdict and moves of the year depend on, where all records are true; no outcomes."""
        return self._so_far(flow, staff, start_s, end_s, end_s, at_end=True)

    def _so_far(
        self, flow: Executor, staff: Staff, start_s: int, end_s: int, now: int, at_end: bool
    ) -> Measured:
        """Measure the year so far; `at_end` with errors, complaints, and what people are judged by."""
        trace = flow.trace
        further = record.further_limits(self.world, staff.bureau.tables, trace.start_s)
        which = record.due(trace, start_s, now, *(due_s for due_s, _ in further.values()))
        flags = {name: own.take(which) for name, own in self._mistakes(trace).items()} if at_end else {}
        answers = record.answers_of(self.world, staff.bureau, trace, which, now)
        people = staff.record(flow, start_s, now)
        pace = self._pace(staff, self._months(start_s, end_s))
        own = self._record(trace, staff, which, **flags)
        deeds = self._deeds(own, which, people, staff, trace, (start_s, end_s)) if at_end else None
        return so_far(own, answers, people, self.rules, self.world.calendar, start_s, now, pace, deeds)

    def _pace(self, staff: Staff, months: int) -> Pace | None:
        """Return the effort of the months gone, where a scorecard asks for it."""
        if not asks_for_pace(self.rules):
            return None
        effort = [conduct.by_kind for _, conduct in staff.conducts]
        usual = [staff.conduct.by_kind] * (months - len(effort))  # where nobody responds
        return Pace(np.array(effort or usual), self._volume, months)

    def verdict_is_out(self, verdict: Verdict, staff: Staff) -> None:
        """Pass the verdict to behaviours that learn from it."""
        learn = getattr(self.behaviour, "year_end", None)
        if self.reacts and learn is not None:
            learn(verdict, self.rules, self.memory)

    def year_over(self, flow: Executor, staff: Staff, start_s: int, end_s: int) -> Measured:
        """Measure the year, as recorded and in truth."""
        trace = flow.trace
        everything = self._record(trace, staff, None, **self._mistakes(trace))
        everything = everything.written_down(**self._books(trace, staff, start_s))
        which = everything.of_period(start_s, end_s)
        requests = everything.take(which)
        answers = record.answers_of(self.world, staff.bureau, trace, which, end_s)
        people, hands_on = staff.record_year(flow, start_s, end_s)
        conducts = [(month.number, conduct) for month, conduct in staff.conducts]
        pace = self._pace(staff, self._months(start_s, end_s))
        deeds = self._deeds(requests, which, people, staff, trace, (start_s, end_s))
        self.happened = requests
        return measure(
            requests, answers, people, self.rules, start_s, end_s, conducts or None, pace, hands_on, deeds
        )

    def _deeds(
        self,
        requests: Record,
        which: np.ndarray,
        people: People,
        staff: Staff,
        trace: Trace,
        span: tuple[int, int],
    ) -> Deeds | None:
        """Return what was counted of each person in the year, where people are judged by it.

        `requests` are those at the positions `which`, at least all that fell due.
        """
        if not self.rules.careers.by_record:
            return None
        work_s, worked_on = record.ended_by(self.world, trace, which, *span)
        cases, faulty, seen = faulty_cases(worked_on, requests, len(people), *span)
        return Deeds(
            role=np.unique(people["role"].astype(str), return_inverse=True)[1].astype(np.int64),
            work_s=work_s,
            on_duty_s=people["on_duty_s"].astype(float),
            study_s=(people["study_s"] + people["training_s"]).astype(float),
            cases=cases,
            faulty=faulty,
            faulty_seen=seen,
            commended=staff.commended,
            service_years=staff.service_years(span[1]),
        )

    def _record(self, trace: Trace, staff: Staff, which: np.ndarray | None, **more: np.ndarray) -> Record:
        """Return the record of the requests `which`, positions (n,) or None = all; `more` as for `Record`."""
        happened = {name: getattr(trace, name) for name in ("finish_s", "withdrawn_s", "due_s", "returns")}
        happened["first_start_s"] = first_start_s(self.world, trace.first_start_s)
        if staff.received_s is not None:  # a violation is a case from when it is found
            happened["arrival_s"] = staff.received_s
        known = self._drawn | happened
        limits = record.further_limits(self.world, staff.bureau.tables, trace.start_s)
        if which is not None:
            known = {name: values.take(which) for name, values in known.items()}
            limits = {name: (due_s.take(which), to.take(which)) for name, (due_s, to) in limits.items()}
        return Record.of(**known, limits=limits, **more)

    @cached_property
    def _drawn(self) -> dict[str, np.ndarray]:
        """Return what a record has of the requests as they were drawn, by name, (requests,)."""
        requests = self.world.requests
        return {
            "kind": requests["kind"].cat.codes.to_numpy(),
            "unit": requests["unit"].cat.codes.to_numpy(),
            "case_number": requests["case_number"].to_numpy(),
            "arrival_s": self.world.received_s,
            "until_start": record.until_start(self.world),
        }

    def _mistakes(self, trace: Trace) -> dict[str, np.ndarray]:
        """Return the errors and complaints of requests, where frictions have them."""
        frictions, flags = self.rules.frictions, {}
        if frictions.errors.on:
            flags["error"] = record.went_wrong(self.world, trace)
        if frictions.overreach.on:
            flags["complaint"] = record.came_to(self.world, trace, COMPLAINT)
        if self.bureau.tables.refuses:
            flags["refused"] = trace.turned_away > self.bureau.tables.comebacks
        return flags

    def _books(self, trace: Trace, staff: Staff, start_s: int) -> dict[str, np.ndarray]:
        """Return the records of requests, where units make false records in the year from `start_s`."""
        shares = np.array([conduct.recording for _, conduct in staff.conducts])
        if not shares.any():
            return {}
        begun_s = first_start_s(self.world, trace.first_start_s)
        met = np.where(record.until_start(self.world), begun_s, trace.finish_s)
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
            self.world.received_s,
            start_s,
        )
        names = ("recorded_due_s", "recorded_met_s", "audited", "needless")
        now = {"false": books.mode >= 0, **{name: getattr(books, name) for name in names}}
        if not self.false:
            self.false = {name: own.copy() for name, own in now.items()}
        false = np.flatnonzero(now["false"])
        for name, own in now.items():
            self.false[name][false] = own[false]
        return written_down(self.world, trace, now)

    def _luck(self, which: np.ndarray) -> np.ndarray:
        """Draw the luck of requests, positions (n,), with false records: whether, how, and whether an audit
        sees it, (n, 3)."""
        requests, streams = self.world.requests.iloc[which], self.world.streams
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
    units = len(verdict.units)
    result = by_unit_and_all(counted(change, posts, units))
    flags = {name: getattr(change, name) for name in ("moved", "removed", "promoted")}
    if verdict.records is not None:
        own = verdict.records
        known = np.flatnonzero(~np.isnan(own.measured))
        told = {"record": own.measured[known], "true_record": own.true[known]}
        result.append((told, {"unit": posts.unit[known], "person": known}))
        more: dict[str, np.ndarray] = {}
        if rules.careers.ladders.on:
            more |= ladder_counts(change, prospects, verdict, rules.careers)
            if change.promoted.any():
                share = more["promoted_by_merit"].sum() / change.promoted.sum()
                result.append(({"share_promoted_by_merit": np.array([share])}, {}))
        if rules.careers.commendations.on:
            more["commended"] = own.commended
            paid = {"commendation_pay": own.reward}
            result.append((paid, {"unit": posts.unit, "person": np.arange(len(posts.unit))}))
            result += by_unit_and_all(_by_unit(paid, posts.unit, units))
        if more:
            result += by_unit_and_all(_by_unit(more, posts.unit, units))
        flags |= more
    for name, flag in flags.items():
        who = np.flatnonzero(flag)
        result.append(({name: np.ones(len(who))}, {"unit": posts.unit[who], "person": who}))
    return result


def _by_unit(values: dict[str, np.ndarray], unit: np.ndarray, units: int) -> dict[str, np.ndarray]:
    return {name: np.bincount(unit, own, units) for name, own in values.items()}
