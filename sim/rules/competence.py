"""Speed and carelessness of people: experience, study, load, rushing. Pure functions of arrays.

Speed is the product of ability, `experience_factor`, `knowledge_factor`, effort and `load_factor`.
Carelessness, 1 = standard, is the product of the factors of study, load and rushing. A part that is off has a
factor of exactly 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.scenario.competence import Competence, Experience, Knowledge, Load, Rushing


@dataclass(frozen=True)
class Skills:
    """The skills and load of the people at their posts, arrays (people,).

    experience_years : practice. knowledge_hours : hours of study not forgotten. load : felt utilisation of
    their unit, smoothed.
    """

    experience_years: np.ndarray
    knowledge_hours: np.ndarray
    load: np.ndarray

    @classmethod
    def initial(cls, people: int, rules: Competence) -> Skills:
        """Return the skills at the start, which the scenario's work times assume."""
        return cls(
            np.full(people, rules.experience.reference_years),
            np.full(people, rules.knowledge.initial_hours),
            np.full(people, rules.load.usual),
        )

    def after(
        self,
        years: float,
        present: np.ndarray,
        studied_hours: np.ndarray,
        utilisation: np.ndarray,
        rules: Competence,
    ) -> Skills:
        """Return the skills after `years`.

        `present` is the share of them at work, `studied_hours` the hours of study, and `utilisation` that of
        the unit (NaN = nobody on duty), (people,) each.
        """
        absent = 1 - present
        retained = 0.5 ** (years / rules.knowledge.half_life_years)
        felt = 1 - np.exp(-12 * years / rules.load.months)
        utilisation = np.where(np.isnan(utilisation), self.load, utilisation)
        return replace(
            self,
            experience_years=self.experience_years
            * (1 - rules.experience.forgotten_a_year) ** (years * absent)
            + years * present,
            knowledge_hours=self.knowledge_hours * retained + studied_hours,
            load=self.load + felt * (utilisation - self.load),
        )

    def moved(
        self, holder: np.ndarray, newcomer: np.ndarray, elsewhere: np.ndarray, years: float, rules: Competence
    ) -> Skills:
        """Return the skills after people changed posts; arrays (posts,).

        `holder` is the post that each holder had before. `newcomer`, bool, marks those who are new (with
        `years` of practice), `elsewhere`, bool, those who come from another unit.
        """
        portable = np.where(elsewhere, rules.experience.portable, 1.0)
        return Skills(
            np.where(newcomer, years, self.experience_years[holder] * portable),
            np.where(newcomer, 0.0, self.knowledge_hours[holder]),
            np.where(newcomer, rules.load.usual, self.load[holder]),
        )


def experience_factor(years: np.ndarray, rules: Experience) -> np.ndarray:
    """Return the speed by practice (any shape), 1 at the reference practice."""
    if not rules.on:
        return np.ones_like(years)
    return _practised(years, rules) / _practised(np.array(rules.reference_years), rules)


def _practised(years: np.ndarray, rules: Experience) -> np.ndarray:
    """Return the learning curve: towards 1, or a power law that reaches it in ten steps (Wright 1936)."""
    if rules.curve == "exponential":
        return 1 - (1 - rules.newcomer_level) * np.exp(-years / rules.years)
    exponent = -np.log(rules.newcomer_level) / np.log(11.0)
    return rules.newcomer_level * (1 + years / rules.years) ** exponent


def knowledge_factor(hours: np.ndarray, rules: Knowledge) -> np.ndarray:
    """Return the speed by knowledge (any shape), 1 at the initial knowledge: diminishing and capped."""
    if not rules.on:
        return np.ones_like(hours)
    initial = np.array(rules.initial_hours)
    return (1 + rules.most * _learned(hours, rules)) / (1 + rules.most * _learned(initial, rules))


def _learned(hours: np.ndarray, rules: Knowledge) -> np.ndarray:
    return 1 - np.exp(-hours / rules.hours)


def load_factor(load: np.ndarray, rules: Load) -> np.ndarray:
    """Return the speed by felt utilisation (any shape), continuous and piecewise linear.

    It is 1 up to the usual utilisation, rises up to the turning point, then falls.
    """
    if not rules.on:
        return np.ones_like(load)
    corners = (rules.usual, rules.turning_point, 1.0)
    return np.interp(load, corners, (1.0, 1 + rules.speed_up, 1 + rules.speed_up - rules.slow_down))


def carelessness(skills: Skills, rush: np.ndarray, rules: Competence) -> np.ndarray:
    """Return the factor on people's frequency of errors, (people,); `rush` (people,) as in conduct."""
    return (
        _untaught(skills.knowledge_hours, rules.knowledge)
        * _tired(skills.load, rules.load)
        * _rushed(rush, rules.rushing)
    )


def _untaught(hours: np.ndarray, rules: Knowledge) -> np.ndarray:
    if not rules.on:
        return np.ones_like(hours)
    initial = np.array(rules.initial_hours)
    return (1 - rules.care * _learned(hours, rules)) / (1 - rules.care * _learned(initial, rules))


def _tired(load: np.ndarray, rules: Load) -> np.ndarray:
    if not rules.on:
        return np.ones_like(load)
    return np.interp(load, (rules.turning_point, 1.0), (1.0, 1 + rules.errors))


def _rushed(rush: np.ndarray, rules: Rushing) -> np.ndarray:
    return 1 + rules.errors * rush if rules.on else np.ones_like(rush)


def speed_of(ability: np.ndarray, skills: Skills, rules: Competence) -> np.ndarray:
    """Return the speed of people (people,) at standard effort."""
    return (
        ability
        * experience_factor(skills.experience_years, rules.experience)
        * knowledge_factor(skills.knowledge_hours, rules.knowledge)
        * load_factor(skills.load, rules.load)
    )


def study_gain(busy_hours: np.ndarray, skills: Skills, rules: Knowledge) -> np.ndarray:
    """Return the hours of work that study has spared, (people,), in work that took `busy_hours`."""
    return busy_hours * (knowledge_factor(skills.knowledge_hours, rules) - 1)
