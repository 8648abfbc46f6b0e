"""The people of a bureau over the years: who holds which post, their skills, their conduct.

Posts stay as in the scenario; people learn, tire, respond to the rules, and change posts at a year's end.
Only this module sets the consequences for the executor: speed, care, attention, duty.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np

from sim.behaviour import Conduct
from sim.flow import Bureau, Executor, HandsOn, Timesheet, rostered
from sim.flow.tables import Tables
from sim.rules import Verdict
from sim.rules.competence import Skills, carelessness, speed_of, study_gain
from sim.rules.moves import Moves, Posts, Prospects
from sim.rules.people import People
from sim.rules.personal import Deeds
from sim.scenario.calendar import union
from sim.scenario.months import Month
from sim.scenario.part import given
from sim.scenario.schema import Scenario
from sim.scenario.time import DAY_S
from sim.world import World
from sim.world.awards import Earned, earned
from sim.world.projects import put_off
from sim.world.tasks import whole
from sim.world.violations import Violations

from .discipline import Discipline
from .discipline import matters as is_told
from .more import More, by_unit_and_all
from .practice import Spreading
from .self_study import Learning, matters
from .spared import Spared, apart

YEAR_S = 365.25 * DAY_S
MONTH_S = YEAR_S / 12


class Staff:
    """The people at their posts; arrays (posts,) are in the order of `World.people`.

    holder : the names of those who hold the posts. skills : their experience, knowledge and felt load.
    commended : commendations of the years before, float.
    conduct : the conduct of the units this month.
    """

    def __init__(self, rules: Scenario, world: World, bureau: Bureau) -> None:
        people, units, kinds = world.people, list(rules.units), list(rules.kinds)
        self.rules, self.world, self.bureau = rules, world, bureau
        self.holder = [person.name for person in people]
        self.skills = Skills.initial(len(people), rules.competence)
        self.conduct = Conduct.neutral(len(units), len(kinds))
        self.commended = np.zeros(len(people))
        self._first_post = np.arange(len(people))  # of whom was there at the start, -1 = of nobody
        self._joined_s = np.zeros(len(people))  # of whom came later
        self._ability = np.array([person.speed for person in people], float)
        self.unit = self._unit = np.array([units.index(person.unit) for person in people], np.int64)
        self._queue_unit = np.array([units.index(queue.unit) for queue in bureau.queues], np.int64)
        self._queue_kind = np.array([kinds.index(queue.kind) for queue in bureau.queues], np.int64)
        self.learning = Learning(rules, world, self._unit) if matters(rules) else None
        self.practice = Spreading(rules, world) if rules.practice.on else None
        self.discipline = Discipline(rules, world, bureau, self._unit) if is_told(rules) else None
        self.put_off = (
            Spared(*world.once("put off", lambda: put_off(world)))
            if rules.behaviour.responsive.projects.on
            else None
        )
        self._usual = bureau.tables  # as drawn
        self._freed = np.ones(len(people))  # service hours of the month, with study missed or made up
        self._timesheet = world.once("timesheet", lambda: Timesheet(world))
        self._cut = world.once("cut share", lambda: _cut_share(world))
        self._duty_ratio = self._timesheet.duties_over_service(bureau.tables) * self._cut
        self.violations = world.once("violations", lambda: Violations.of_world(world))
        self._patrol_done = np.ones(len(units))  # of what was planned, as last told to the executor
        self.received_s: np.ndarray | None = None  # when requests were found; None = all as they came
        self._settings = self._as_usual()
        self._balance_h = np.zeros(len(units))
        texts = {name: [getattr(one, name) for one in people] for name in ("unit", "role", "grade")}
        self._posts = {name: np.array(own, object) for name, own in texts.items()}
        if any(person.share != 1 for person in people):
            self._posts["share"] = np.array([person.share for person in people])
        self._new_year()

    def _new_year(self) -> None:
        """Reset the notes of the year.

        They are the conduct of units, the hours that study took and spared by month (of units, and the
        balance since the start), and the vacant posts.
        """
        self.conducts: list[tuple[Month, Conduct]] = []
        self._gain_h = np.zeros(len(self.holder))
        self._study: list[tuple[int, np.ndarray, np.ndarray, np.ndarray]] = []
        self._vacant_s = np.zeros(len(self.holder))
        self._used: dict[str, np.ndarray] = {}  # of the year, up to `_used_until`
        self._used_until = -1
        self._won: Earned | None = None
        self._prizes: np.ndarray | None = None

    # Consequences for the work

    def behave(self, conduct: Conduct, month: Month) -> None:
        """Set the conduct of the units in the month that begins."""
        self.conduct = conduct
        self.conducts.append((month, conduct))

    @cached_property
    def study_share(self) -> np.ndarray | None:
        """Hours of self-study over hours on duty, (units,); None where study is no more than its hours."""
        if self.learning is None:
            return None
        tables, count = self.bureau.tables, len(self.rules.units)
        on_duty_s = np.bincount(self._unit[tables.holder], tables.end_s - tables.start_s, count)
        own = self.learning.sittings
        study_s = np.bincount(self._unit[own.person], own.seconds, count)
        return np.divide(study_s, on_duty_s, out=np.zeros(count), where=on_duty_s > 0)

    def keep_discipline(self, flow: Executor, month: Month) -> None:
        """Decide which breaches of discipline happen in the month, and which projects are put off."""
        if self.discipline is not None:
            self.discipline.begin(month, self.conduct.breaches)
            self._spare(flow, self.discipline.idle, self.conduct.breaches)
        if self.put_off is not None:
            self._spare(flow, self.put_off, self.conduct.put_off)

    def _spare(self, flow: Executor, waits: Spared, kept_to: np.ndarray) -> None:
        if waits.decide(flow, kept_to):
            self._redraw(flow, waits.applied(self.bureau.tables, self._usual), waits.task)

    def _redraw(self, flow: Executor, tables: Tables, tasks: np.ndarray) -> None:
        """Take up tables in which these tasks have other times."""
        self.bureau = Bureau(tables, self.bureau.queues, self.bureau.serves)
        flow.redraw(tables, tasks)

    def plan_service(self, month: Month) -> None:
        """Return to service the hours of study that is missed this month, and of desks not opened late."""
        conduct, tables, freed_s = self.conduct, self.bureau.tables, np.zeros(len(self.holder))
        if self.learning is not None:
            self.learning.begin(month, self.skills.load, conduct.study_missed, conduct.study_entered)
            freed_s = freed_s + self.learning.freed_s
        if self.discipline is not None:
            freed_s = freed_s + self.discipline.freed_s
        if self.learning is None and self.discipline is None:
            return
        on_duty_s = self._timesheet.on_duty(tables, month.start_s, month.end_s)
        share = np.divide(freed_s, on_duty_s, out=np.zeros(len(on_duty_s)), where=on_duty_s > 0)
        self._freed = np.clip(1 + share, 0.5, 2.0)

    def instruct(self, flow: Executor) -> None:
        """Set how people work in the executor from now on, if it has changed."""
        settings = self._as_usual()
        if any(not np.array_equal(old, new) for old, new in zip(self._settings, settings, strict=True)):
            speed, careless, neglect_s, late_last = self._settings = settings
            flow.set_speed(speed)
            flow.set_care(careless)
            flow.set_attention(neglect_s, late_last)

    def patrol(self, flow: Executor, now: int) -> None:
        """Find the violations that begin from `now` (s) on by the patrol that units do now."""
        violations, tables = self.violations, self.bureau.tables
        if violations is None:
            return
        first = self.received_s is None
        if self.received_s is None:
            self.received_s = self.world.received_s.copy()
        done = self.done_of(violations.duty)
        if not first and np.array_equal(done, self._patrol_done):
            return
        self._patrol_done = done
        ahead = violations.began_s >= now
        unseen_s = np.where(ahead, violations.unseen_s(done), tables.delay_s[violations.task])
        tables = apart(tables, self._usual, "delay_s", "work_s")
        tables.delay_s[violations.task] = unseen_s
        usual = self.world.tasks.work_s[violations.work]
        tables.work_s[violations.work] = whole(usual * violations.growth(unseen_s)[violations.of])
        self.received_s[violations.request] = violations.began_s + unseen_s
        tasks = np.concatenate((violations.task, violations.work))
        self._redraw(flow, tables, tasks)

    def done_of(self, duty: str) -> np.ndarray:
        """Return the share of a standing duty that units do now, (units,)."""
        return self.conduct.duty if self.rules.duties[duty].can_be_cut else np.ones(len(self.rules.units))

    def as_worked(self) -> World:
        """Return the world with the work and delays as they came to be."""
        tables = self.bureau.tables
        if tables is self._usual:
            return self.world
        tasks = replace(self.world.tasks, work_s=tables.work_s, delay_s=tables.delay_s)
        return replace(self.world, tasks=tasks)

    def _as_usual(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return people's speed by kind and carelessness; by queue, neglect (s), and if late come last."""
        conduct, unit, rules = self.conduct, self._unit, self.rules
        freed = 1 + (1 - conduct.duty[unit]) * self._duty_ratio  # hours of duties spent on requests
        able = speed_of(self._ability, self.skills, rules.competence)
        speed = able[:, None] * conduct.by_kind[unit] * (freed * self._freed)[:, None]
        if self.practice is not None:
            speed = speed * self.practice.level[unit][:, None]
        attention = conduct.attention[self._queue_unit, self._queue_kind]
        neglect_s = np.rint((1 - attention) * rules.behaviour.neglect_days * DAY_S).astype(np.int64)
        careless = carelessness(self.skills, conduct.rush[unit], rules.competence)
        return speed, careless, neglect_s, conduct.late_last[self._queue_unit]

    # A month, a year

    def learn(self, flow: Executor, month: Month) -> None:
        """Update people's skills after the month, and how units work after a quarter."""
        if self.practice is not None:
            self.practice.end_month(flow, month)
        competence = self.rules.competence
        if not competence.on and self.learning is None:
            return
        used = self._timesheet.used(self.bureau.tables, flow.spells, month.start_s, month.end_s)
        self._used = {name: self._used.get(name, 0) + seconds for name, seconds in used.items()}
        self._used_until = month.end_s
        worked = used["on_duty_s"] + used["study_s"] + used["duty_s"]
        whole = worked + used["leave_s"] + used["training_s"]
        present = np.divide(worked, whole, out=np.zeros(len(whole)), where=whole > 0)
        studied_h = (used["study_s"] + used["training_s"]) / 3600
        if self.learning is not None:
            studied_h = self.learning.taught_hours(used["study_s"], used["training_s"], present)
            self.learning.end_month()
        gain_h = study_gain(used["busy_s"] / 3600, self.skills, competence.knowledge)
        self._gain_h += gain_h
        count = len(self.rules.units)
        spent, gained = (np.bincount(self._unit, hours_, count) for hours_ in (studied_h, gain_h))
        self._balance_h = self._balance_h + gained - spent
        self._study.append((month.number, spent, gained, self._balance_h))
        busy, on_duty = (np.bincount(self._unit, used[name], count) for name in ("busy_s", "on_duty_s"))
        load = np.divide(busy, on_duty, out=np.full(count, np.nan), where=on_duty > 0)
        share = (month.end_s - month.start_s) / YEAR_S
        self.skills = self.skills.after(share, present, studied_h, load[self._unit], competence)

    def record(self, flow: Executor, start_s: int, end_s: int) -> People:
        """Return the people of a year so far, by name: `sim.flow.hours.hours`, and further columns.

        With part-time posts share. With competence experience_years, knowledge_hours, study_gain_s; where
        units react duty_done_s; with careers vacant_s; once they are drawn (`award`) awards and award_pay.
        Where study is more than its hours (`Learning.columns`) what was done of it; with the contest
        learning_models. Where discipline is told of, its breaches (`Discipline.columns`).
        """
        more = self._used
        if self._used_until != end_s:
            more = self._timesheet.used(self.bureau.tables, flow.spells, start_s, end_s)
        return self._people(more, flow, start_s, end_s)

    def record_year(self, flow: Executor, start_s: int, end_s: int) -> tuple[People, HandsOn]:
        """Return the people of a whole year as `record` does, and their work by kind."""
        used, hands_on = self._timesheet.used_by_kind(self.bureau.tables, flow.trace, start_s, end_s)
        return self._people(used, flow, start_s, end_s), hands_on

    def _people(self, used: dict[str, np.ndarray], flow: Executor, start_s: int, end_s: int) -> People:
        more = dict(used)
        if self.rules.competence.on:
            more |= {
                "experience_years": self.skills.experience_years,
                "knowledge_hours": self.skills.knowledge_hours,
                "study_gain_s": 3600 * self._gain_h,
            }
        if self.rules.careers.on:
            more["vacant_s"] = self._vacant_s
        if any((conduct.duty < 1).any() for _, conduct in self.conducts):
            done = np.mean([conduct.duty[self._unit] for _, conduct in self.conducts], axis=0)
            more["duty_done_s"] = more["duty_s"] * np.where(self._cut == 1, done, 1 - self._cut * (1 - done))
        if self.learning is not None:
            more |= self.learning.columns(more["study_s"])
        if self.discipline is not None:
            more |= self.discipline.columns(flow.trace.start_s, start_s, end_s)
        if self._won is not None:
            more |= {"awards": self._won.awards.astype(float), "award_pay": self._won.reward}
        if self._prizes is not None:
            models = self._prizes.astype(float)
            prize = given(self.rules.study).contest.prize
            more |= {"learning_models": models, "award_pay": more.get("award_pay", 0.0) + prize * models}
        return People(tuple(self.holder), self._posts | more)

    def service_years(self, now: int) -> np.ndarray:
        """Return people's years of service, float (posts,): drawn by person at the start, then growing."""
        most = self.rules.careers.ladders.most_service_years
        names = [person.name for person in self.world.people]
        drawn = most * self.world.streams.uniform([("service", name) for name in names])[:, 0]
        there = self._first_post >= 0
        return np.where(there, drawn[self._first_post] + now / YEAR_S, (now - self._joined_s) / YEAR_S)

    def prospects(self, now: int, deeds: Deeds | None = None) -> Prospects:
        """Return the inputs, beside the verdict, of the moves at the year's end `now`."""
        year, streams = str(self.world.calendar.date(now // DAY_S).year), self.world.streams
        luck = np.ones(len(self.holder))
        if self.rules.careers.leavers_share > 0:
            luck = streams.uniform([("leavers", year, person.name) for person in self.world.people])[:, 0]
        chance = None
        if deeds is not None:  # keyed by who it is: whoever holds the post has it
            chance = np.array([streams("promotion", year, name).standard_normal() for name in self.holder])
        return Prospects(self._ranks(), self.skills.experience_years, luck, deeds, chance)

    def award(self, start_s: int) -> None:
        """Draw the awards of the year from `start_s`, as it ends."""
        if self.rules.awards:
            dated = self.rules.horizon.years is not None
            year = self.world.calendar.date(start_s // DAY_S).year if dated else 0
            names = [(person.name, person.role) for person in self.world.people]
            self._won = earned(self.rules, names, year, self.world.streams)
        if self.learning is not None and given(self.rules.study).contest.on:
            learned = np.zeros(len(self.holder)) if self._won is None else self._won.knowledge_hours
            year_ = str(self.world.calendar.date(start_s // DAY_S).year)
            self._prizes = self.learning.models(self._used["study_s"], learned, year_)

    def year_over(self) -> list[More]:
        """Return the year's outcomes of study by month. Add the knowledge from awards."""
        more: list[More] = []
        for number, *hours_ in self._study:
            study = dict(zip(("study_hours", "study_gain_hours", "study_balance_hours"), hours_, strict=True))
            more += [(values, place | {"month": number}) for values, place in by_unit_and_all(study)]
        if self.practice is not None:
            more += self.practice.outcomes()
        if self.learning is not None and given(self.rules.study).notices.on:
            more += by_unit_and_all({"unit_notices": self.learning.unit_notices})
        if self._won is not None:
            learned = self.skills.knowledge_hours + self._won.knowledge_hours
            self.skills = replace(self.skills, knowledge_hours=learned)
        return more

    def next_year(self, flow: Executor, change: Moves, verdict: Verdict, now: int) -> None:
        """Begin a new year, after the moves due to the verdict on the old one."""
        self._new_year()
        if verdict.records is not None:
            self.commended = self.commended + verdict.records.commended
        if self.learning is not None:
            self.learning.new_year()
        if self.practice is not None:
            self.practice.new_year()
        if not change.anybody:
            return
        year, people = self.world.calendar.date(now // DAY_S).year, self.world.people
        holder, new = change.holder, change.newcomer
        elsewhere = (self._unit[holder] != self._unit) & ~new
        self.holder = [
            f"{person.name} ({year})" if fresh else self.holder[post]
            for person, post, fresh in zip(people, holder.tolist(), new.tolist(), strict=True)
        ]
        self.commended = np.where(new, 0.0, self.commended[holder])
        self._first_post = np.where(new, -1, self._first_post[holder])
        self._joined_s = np.where(new, now, self._joined_s[holder])
        own = np.array([person.speed for person in people], float)
        self._ability = np.where(new, own, self._ability[holder])
        years = self.rules.careers.newcomer_years
        if self.learning is not None:
            self.learning.moved(holder, new)
        self.skills = self.skills.moved(holder, new, elsewhere, years, self.rules.competence)
        self._stand_empty(change.vacant_months, flow, now)

    def _ranks(self) -> Posts:
        rules, people = self.rules, self.world.people
        types = [rules.units[person.unit].type for person in people]
        grades = list(rules.grades)
        return Posts(
            unit=self._unit,
            grade=np.array([grades.index(person.grade) for person in people]),
            head=np.array([person.role in rules.careers.head_roles for person in people]),
            grassroots=np.array([one in rules.careers.grassroots_types for one in types]),
        )

    def _stand_empty(self, months: np.ndarray, flow: Executor, now: int) -> None:
        """Take vacant posts off duty for `months`: nobody serves, studies, patrols or opens a desk there."""
        vacant = months > 0
        if not vacant.any():
            return
        people = self.world.people
        until_s = now + np.rint(months * MONTH_S).astype(np.int64)
        there = [
            person.without(np.array([[now, end]])) if empty else person
            for person, empty, end in zip(people, vacant.tolist(), until_s.tolist(), strict=True)
        ]
        self._vacant_s = np.array(
            [_seconds(one.duty) - _seconds(left.duty) for one, left in zip(people, there, strict=True)], float
        )
        self.world = replace(self.world, people=there)
        self.__dict__.pop("study_share", None)
        self._timesheet = Timesheet(self.world)
        if self.learning is not None:
            self.learning.sittings = self.learning.sittings.of_people(self.world, vacant)
        if self.discipline is not None:
            self.discipline.of_people(self.world)
        if self.violations is not None:
            self.violations = self.violations.of_people(self.world)
            self._patrol_done = np.full(len(self._patrol_done), np.nan)  # to be told again
        tables = rostered(self.bureau.tables, [person.duty for person in there])
        flow.roster(tables, vacant, now)
        self.bureau = Bureau(tables, self.bureau.queues, self.bureau.serves)


def _cut_share(world: World) -> np.ndarray:
    """Return the share of people's standing duties that may be cut short, (people,); 1 without duties."""
    duties = world.scenario.duties
    shares = np.ones(len(world.people))
    if all(duty.can_be_cut for duty in duties.values()):
        return shares
    for place, person in enumerate(world.people):
        away = person.away.get("duty")
        kept = [
            person.at_duty(name, world.scenario, world.calendar)
            for name, duty in duties.items()
            if away is not None and duty.is_of(person.unit, person.role) and not duty.can_be_cut
        ]
        if kept and (whole := _seconds(away)):
            shares[place] = 1 - _seconds(union(np.concatenate(kept))) / whole
    return shares


def _seconds(spans: np.ndarray | None) -> int:
    return 0 if spans is None else int((spans[:, 1] - spans[:, 0]).sum())
