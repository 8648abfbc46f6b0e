"""Study as it is done: sittings missed, made up or only entered; notices, learning models, training by need.

`Learning` keeps the year's books of study, person by person. `Staff` asks it each month what study takes from
service and what it teaches.
"""

from __future__ import annotations

import numpy as np

from sim.scenario.months import Month
from sim.scenario.part import given
from sim.scenario.schema import Scenario
from sim.world import World
from sim.world.awards import answered
from sim.world.self_study import competes, lacked, sittings

QUARTER = 3  # months


def matters(rules: Scenario) -> bool:
    """Return whether study is more than its hours."""
    study = rules.study
    return study is not None and any(
        part.on for part in (study.missed, study.notices, study.contest, study.needs)
    )


class Learning:
    """The study of the people at their posts; arrays (people,) unless said otherwise.

    freed_s : what the month's study gives back to service, less what it takes on top. undone_s : what of
    the month's study is not done; negative where more is made up.
    """

    def __init__(self, rules: Scenario, world: World, unit: np.ndarray) -> None:
        self.rules, self.world, self.unit = given(rules.study), world, unit
        self.units, self.people = len(rules.units), len(world.people)
        self.sittings = world.once("sittings", lambda: sittings(world))
        contest = self.rules.contest
        share = answered(contest.share, contest.prize, contest.usual_prize, contest.response)
        self.keen = competes(world, share) if contest.on else np.zeros(self.people, bool)
        self._gain = 1 / lacked(world) if self.rules.needs.on else np.ones(self.people)
        self._owed_s = np.zeros(self.people)  # to be made up in the next month
        self._owed_articles = np.zeros(self.people, np.int64)
        self._named = np.zeros(self.people, bool)  # in the last quarter, or of a unit that was
        self.new_year()

    def new_year(self) -> None:
        """Begin new books."""
        self._months = 0
        self.missed_s, self.false_s, self.extra_s, self.articles, self.notices = np.zeros((5, self.people))
        self.unit_notices = np.zeros(self.units)
        self._quarter = np.zeros((2, self.people))  # study asked, and not shown by the record
        self.freed_s = self.undone_s = np.zeros(self.people)

    def begin(self, month: Month, load: np.ndarray, more: np.ndarray, entered: np.ndarray) -> None:
        """Decide which sittings of the month are missed.

        `load` is the felt utilisation of each person's unit. `more` is what the unit's conduct adds to the
        chance of missing one, and `entered` to the share of those that are entered as done, (units,) each.
        """
        part, own = self.rules.missed, self.sittings.within(month.start_s, month.end_s)
        person, seconds, luck = own.person, own.seconds, own.luck
        chance = np.zeros(self.people)
        if part.on:
            strain = np.clip((load - part.from_load) / (1 - part.from_load), 0.0, 1.0)
            chance = np.clip(part.usual + part.most * strain + more[self.unit], 0.0, 1.0)
            chance = np.where(self.keen, 0.0, chance * np.where(self._named, self.rules.notices.after, 1.0))
        missed = luck[:, 0] < chance[person]
        later = missed & (luck[:, 1] < part.postponed)
        shown = np.clip(part.entered + entered[self.unit], 0.0, 1.0)[person]
        unseen = ~own.writing & (luck[:, 2] < shown) & (luck[:, 3] >= part.found)
        false = missed & ~later & unseen  # an article that was not written cannot be shown

        def total(which: np.ndarray) -> np.ndarray:
            return np.bincount(person[which], seconds[which], self.people)

        free_s, made_up_s = total(missed), self._owed_s
        survey_s = np.zeros(self.people)
        if self.rules.needs.on and self._months == 0:
            survey_s = np.full(self.people, 3600 * self.rules.needs.survey_hours)
        self.freed_s, self.undone_s = free_s - made_up_s - survey_s, free_s - made_up_s
        self.missed_s = self.missed_s + self.undone_s
        self.false_s = self.false_s + total(false)
        self._owed_s = total(later)
        self._quarter[1] += self.undone_s - total(false)
        article = own.article
        self.articles = self.articles + np.bincount(person[article & ~missed], minlength=self.people)
        self.articles = self.articles + self._owed_articles
        self._owed_articles = np.bincount(person[article & later], minlength=self.people)

    def taught_hours(self, study_s: np.ndarray, training_s: np.ndarray, present: np.ndarray) -> np.ndarray:
        """Return the hours of the month's study that count as knowledge, (people,).

        `study_s` and `training_s` are as planned, `present` is the share of the month at work.
        """
        extra_s = np.where(self.keen, 3600 * self.rules.contest.hours_a_month * present, 0.0)
        self.extra_s = self.extra_s + extra_s
        self._quarter[0] += study_s
        return (study_s - self.undone_s + self._gain * training_s + extra_s) / 3600

    def end_month(self) -> None:
        """Name those who missed too much, at the end of a quarter."""
        self._months += 1
        if self._months % QUARTER:
            return
        asked, lacking = self._quarter
        self._quarter = np.zeros((2, self.people))
        if not self.rules.notices.on:
            return
        done = np.clip(1 - np.divide(lacking, asked, out=np.zeros(self.people), where=asked > 0), 0.0, 1.0)
        heads = np.bincount(self.unit, minlength=self.units)
        of_unit = np.divide(
            np.bincount(self.unit, done, self.units), heads, out=np.ones(self.units), where=heads > 0
        )
        people, units = done < self.rules.notices.person_share, of_unit < self.rules.criticism_share
        self.notices, self.unit_notices = self.notices + people, self.unit_notices + units
        self._named = people | units[self.unit]

    def moved(self, holder: np.ndarray, newcomer: np.ndarray) -> None:
        """Change the people at the posts: `holder` is the post that each had before."""
        for name in ("keen", "_gain"):  # a newcomer is as the post's own luck has it
            own = getattr(self, name)
            setattr(self, name, np.where(newcomer, own, own[holder]))
        for name in ("_owed_s", "_owed_articles", "_named"):
            own = getattr(self, name)
            setattr(self, name, np.where(newcomer, np.zeros_like(own), own[holder]))

    def columns(self, study_s: np.ndarray) -> dict[str, np.ndarray]:
        """Return what the table of people tells of the year so far; `study_s` is as planned."""
        told: dict[str, np.ndarray] = {}
        if self.rules.missed.on:
            told |= {
                "study_done_s": study_s - self.missed_s,
                "study_recorded_s": study_s - self.missed_s + self.false_s,
                "study_false_s": self.false_s,
                "articles": self.articles,
            }
        if self.rules.notices.on:
            told["study_notices"] = self.notices
        if self.rules.contest.on:
            told["own_study_s"] = self.extra_s
        return told

    def models(self, study_s: np.ndarray, learned_hours: np.ndarray, year: str) -> np.ndarray:
        """Return who are the learning models of the year, bool (people,); ties go by a stream of their own.

        Those who compete are ranked by the hours of their record, their articles, and what they earned.
        """
        contest = self.rules.contest
        record = (study_s - self.missed_s + self.false_s + self.extra_s) / 3600
        record = record + contest.article_hours * self.articles + learned_hours
        luck = self.world.streams("learning models", year).random(self.people)
        order = np.lexsort((luck, -record, ~self.keen))[: contest.top_count]
        best = np.zeros(self.people, bool)
        best[order] = self.keen[order]
        return best
