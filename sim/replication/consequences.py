"""What citizens and superiors see of a year, beside service and scores: outcomes of rules that are on.

Each function returns outcomes with their positions; a rule that is off has none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.flow import Trace
from sim.flow.record import home_of
from sim.rules import Record
from sim.rules.indicators import cohort
from sim.rules.satisfaction import asked, named
from sim.scenario.schema import Scenario
from sim.scenario.subjects import DEPARTMENT, DUTY, subjects
from sim.scenario.time import DAY_S
from sim.world import World
from sim.world.frictions import AGAIN, COMPLAINT, IDLE, REVERSAL
from sim.world.households import HOUSEHOLD, VISITS, Households
from sim.world.violations import Violations

from .more import More, by_unit_and_all
from .people import Staff


@dataclass(frozen=True)
class Seen:
    """One assessment period of a replication: who worked it, what happened to its requests, in truth."""

    staff: Staff
    record: Record
    trace: Trace
    start_s: int
    end_s: int

    @property
    def world(self) -> World:
        """The world with the people who were there."""
        return self.staff.world

    @property
    def scenario(self) -> Scenario:
        return self.world.scenario

    def has(self, moments: np.ndarray) -> np.ndarray:
        """Return which moments lie in the period, (start, end]."""
        return (moments > self.start_s) & (moments <= self.end_s)

    def place(self, subject: str) -> int:
        """Return the position of a subject, behind the kinds."""
        return len(self.scenario.kinds) + list(subjects(self.scenario)).index(subject)

    def home_of(self, tasks: np.ndarray) -> np.ndarray:
        """Return the unit where the request of each visit came in, (n,); `tasks` are positions of visits."""
        return home_of(self.world)[self.world.tasks.request[tasks]]

    def by_unit(self, unit: np.ndarray, values: np.ndarray | None = None) -> np.ndarray:
        """Return sums by unit, float (units,)."""
        return np.bincount(unit, values, len(self.scenario.units)).astype(float)


def consequences(year: Seen) -> list[More]:
    """Return all that is told of the year here."""
    more: list[More] = []
    if year.staff.violations is not None:
        more += violations(year, year.staff.violations) + duties(year)
    if year.world.households is not None:
        more += households(year, year.world.households)
    frictions = year.scenario.frictions
    if frictions.absence.on or frictions.overreach.on:
        more += idle_and_reversed(year)
    if year.world.tasks.department is not None:
        more += departments(year, year.world.tasks.department)
    if year.scenario.service_rules.booklet.on:
        more += promises(year)
    if year.scenario.satisfaction.on:
        more += satisfaction(year)
    return more


def violations(year: Seen, found: Violations) -> list[More]:
    """Return the violations found, by patrol or not, when they were stopped, and what they cost.

    A violation is stopped when the first step of work on it ends. Its loss grows by the day until then, or
    until it is complete; a year has the part of its days.
    """
    rule, trace = year.scenario.frictions.violations, year.trace
    unseen_s = year.staff.bureau.tables.delay_s[found.task]
    seen_s = found.began_s + unseen_s
    ends = np.full(len(found.request), -1)
    worked, first = np.unique(found.of, return_index=True)
    ends[worked] = trace.end_s[found.work[first]]
    stopped = (ends >= 0) & (ends <= year.end_s)
    until = np.where(stopped, ends, year.end_s)
    complete = found.began_s + round(rule.complete_days * DAY_S)
    days = (np.minimum(until, complete) - np.maximum(found.began_s, year.start_s)) / DAY_S
    seen, now = year.has(seen_s), year.has(ends)
    by_patrol = seen & (unseen_s < found.reported_s)
    counts = {
        "violations_found": year.by_unit(found.unit, seen),
        "violation_loss": year.by_unit(found.unit, rule.loss_a_day * np.maximum(days, 0.0)),
    }
    shares = [
        ("found_on_patrol", by_patrol.astype(float), seen),
        ("days_unseen", unseen_s / DAY_S, seen),
        ("days_until_stopped", (until - found.began_s) / DAY_S, now),
    ]
    more = by_unit_and_all(counts)
    for name, values, which in shares:
        more += _means(year, name, values[which], found.unit[which])
    return more


def _means(year: Seen, name: str, values: np.ndarray, unit: np.ndarray) -> list[More]:
    """Return the means of units that have any, and of all."""
    if not len(values):
        return []
    count = year.by_unit(unit)
    some = np.flatnonzero(count)
    of_units = year.by_unit(unit, values)[some] / count[some]
    return [({name: of_units}, {"unit": some}), ({name: np.array([values.mean()])}, {})]


def duties(year: Seen) -> list[More]:
    """Return the hours of each standing duty, and the share done of what was planned, by unit and in all."""
    staff, conducts = year.staff, year.staff.conducts
    done = np.mean([conduct.duty for _, conduct in conducts], axis=0) if conducts else staff.conduct.duty
    more: list[More] = []
    for name, duty in year.scenario.duties.items():
        planned = year.by_unit(staff.unit, duty_hours(year, name))
        spent = planned * (done if duty.can_be_cut else 1.0)
        some = np.flatnonzero(planned)
        if not len(some):
            continue
        kind = year.place(DUTY + name)
        more.append(
            (
                {"duty_rate": spent[some] / planned[some], "duty_hours": spent[some]},
                {"unit": some, "kind": kind},
            )
        )
        total = {"duty_rate": np.array([spent.sum() / planned.sum()]), "duty_hours": np.array([spent.sum()])}
        more.append((total, {"kind": kind}))
    return more


def duty_hours(year: Seen, name: str) -> np.ndarray:
    """Return the hours of the year in which each person is planned for a standing duty, (people,)."""
    people, calendar = year.world.people, year.world.calendar
    spans = [person.at_duty(name, year.scenario, calendar) for person in people]
    inside = np.clip(np.concatenate([np.empty((0, 2), np.int64), *spans]), year.start_s, year.end_s)
    holder = np.repeat(np.arange(len(people)), [len(own) for own in spans])
    return np.bincount(holder, inside[:, 1] - inside[:, 0], len(people)) / 3600


def households(year: Seen, old: Households) -> list[More]:
    """Return the households settled in the year and those open at its end, repeats, and the hours of visits.

    Repeats are the petitions of old households, and others that came again, where they were filed.
    """
    again = _visited(year, AGAIN)
    ends = year.trace.end_s[again]
    came = year.has(ends)
    repeats = year.by_unit(year.home_of(again[came]))
    kinds = list(year.scenario.kinds)
    theirs = (year.record.kind == kinds.index(HOUSEHOLD)) & year.has(year.record.arrival_s)
    settled = year.has(old.settled_s)
    whole = {
        "households_settled": np.array([float(settled.sum())]),
        "households_open": np.array([float((old.settled_s > year.end_s).sum())]),
    }
    if year.scenario.service_rules.petition_pairing.on:
        whole["visit_hours"] = np.array([duty_hours(year, VISITS).sum()])
    return [
        (whole, {}),
        *by_unit_and_all({"repeat_petitions": repeats + year.by_unit(year.record.unit[theirs])}),
    ]


def idle_and_reversed(year: Seen) -> list[More]:
    """Return the matters nobody took up and the acts reversed in the year, with the days that they lost.

    They count where the request came in, when the time of waiting begins.
    """
    told: dict[str, np.ndarray] = {}
    frictions = year.scenario.frictions
    for on, step, count, days in (
        (frictions.absence.on, IDLE, "absences", "absence_days"),
        (frictions.overreach.on, COMPLAINT, "overreaches", "overreach_days"),
    ):
        if not on:
            continue
        tasks = _visited(year, step)
        tasks = tasks[(year.trace.start_s[tasks] >= 0) & (year.trace.start_s[tasks] <= year.end_s)]
        tasks = tasks[year.staff.bureau.tables.delay_s[tasks] != 0]  # spared: it was taken up at once
        begun, ended = (moments[tasks].astype(np.int64) for moments in (year.trace.start_s, year.trace.end_s))
        unit = year.home_of(tasks)
        until = np.where((ended >= 0) & (ended <= year.end_s), ended, year.end_s)
        lost = np.maximum(until - np.maximum(begun, year.start_s), 0) / DAY_S
        told[count] = year.by_unit(unit, year.has(begun))
        told[days] = year.by_unit(unit, lost)
    if frictions.overreach.on:
        tasks = _visited(year, REVERSAL)
        unit = year.home_of(tasks)
        told["reversals"] = year.by_unit(unit, year.has(year.trace.end_s[tasks]))
    return by_unit_and_all(told)


def departments(year: Seen, department: np.ndarray) -> list[More]:
    """Return how often matters waited for each department, and how long, of answers in the year."""
    waits = np.flatnonzero(department >= 0)
    waits = waits[year.has(year.trace.end_s[waits])]
    days = (year.trace.end_s[waits] - year.trace.start_s[waits]) / DAY_S
    names = list(year.scenario.departments.titles)
    more: list[More] = []
    for number, name in enumerate(names):
        own = days[department[waits] == number]
        if len(own):
            values = {"department_answers": float(len(own)), "department_days": own.mean()}
            values["department_days_p90"] = float(np.quantile(own, 0.9))
            told = {outcome: np.array([value]) for outcome, value in values.items()}
            more.append((told, {"kind": year.place(DEPARTMENT + name)}))
    if len(days):
        whole = {
            "department_answers": np.array([float(len(days))]),
            "department_days": np.array([days.mean()]),
        }
        more.append((whole | {"department_days_p90": np.array([np.quantile(days, 0.9)])}, {}))
    return more


def promises(year: Seen) -> list[More]:
    """Return the share of the cases falling due whose published promises were all kept; by unit and kind."""
    rule, seen = year.scenario.service_rules.booklet, cohort(year.record, year.start_s, year.end_s)
    broken = {
        "limit": ~seen.has("on_time"),
        "told_once": seen.has("returned"),
        "sound": seen.has("error"),
        "mandate": seen.has("complaint"),
    }
    kept = ~np.any([broken[name] for name in rule.promises], axis=0) if rule.promises else seen.has("due")
    cases = np.flatnonzero(seen.has("due") & np.isin(year.record.kind, named(year.scenario, rule.kinds)))
    return _of_cases(year, "promises_kept", kept[cases].astype(float), cases)


def satisfaction(year: Seen) -> list[More]:
    """Return the mean satisfaction over the cases falling due: `sim.scenario.satisfaction`."""
    seen = cohort(year.record, year.start_s, year.end_s)
    cases, points = asked(year.scenario, year.record, seen, year.end_s)
    return _of_cases(year, "satisfaction", points, cases)


def _of_cases(year: Seen, name: str, values: np.ndarray, cases: np.ndarray) -> list[More]:
    """Return the means of an outcome over cases, positions (n,): of units, of kinds, and of all."""
    kind = year.record.kind[cases]
    counts = np.bincount(kind, minlength=len(year.scenario.kinds))
    some = np.flatnonzero(counts)
    of_kinds = np.bincount(kind, values, len(counts))[some] / counts[some]
    return [({name: of_kinds}, {"kind": some}), *_means(year, name, values, year.record.unit[cases])]


def _visited(year: Seen, step: str) -> np.ndarray:
    """Return the visits of a step that rules have added, on any channel: positions of tasks."""
    return year.world.tasks.of_step(step, year.scenario)
