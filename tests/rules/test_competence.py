"""Experience, study, load and rushing: what each does to speed and care, and nothing when it is off."""

from __future__ import annotations

import numpy as np
import pytest

from sim.rules.competence import (
    Skills,
    carelessness,
    experience_factor,
    knowledge_factor,
    load_factor,
    speed_of,
    study_gain,
)
from sim.scenario.competence import Competence, Experience, Knowledge, Load, Rushing

YEARS = np.array([0.0, 0.5, 1.0, 3.0, 6.0, 20.0])


def test_all_off_is_exactly_one():
    skills = Skills(np.array([0.0, 9.0]), np.array([0.0, 500.0]), np.array([0.1, 1.0]))
    ability = np.array([0.9, 1.3])
    assert np.array_equal(speed_of(ability, skills, Competence()), ability)
    assert np.array_equal(carelessness(skills, np.array([0.0, 2.0]), Competence()), np.ones(2))


@pytest.mark.parametrize("curve", ["exponential", "power"])
def test_experience_begins_at_the_newcomers_level_and_is_one_at_the_reference(curve):
    rules = Experience(on=True, curve=curve, newcomer_level=0.6, years=1.0, reference_years=6.0)
    factor = experience_factor(YEARS, rules)
    assert factor[YEARS == 6.0] == 1.0
    assert np.all(np.diff(factor) > 0)
    assert np.all(np.diff(np.diff(factor[:3])) <= 0), "practice brings less and less"
    assert factor[0] == pytest.approx(0.6 / (factor_at(rules, 6.0)))


def factor_at(rules: Experience, years: float) -> float:
    """The curve itself, without the reference: exponential by hand, power by hand."""
    if rules.curve == "exponential":
        return 1 - 0.4 * np.exp(-years)
    return 0.6 * (1 + years) ** (-np.log(0.6) / np.log(11))


def test_a_power_law_loses_the_same_share_with_each_doubling():
    rules = Experience(on=True, curve="power", newcomer_level=0.5, years=1.0)
    one, two, four = experience_factor(np.array([1.0, 3.0, 7.0]), rules)  # 2, 4, 8 steps of practice
    assert two / one == pytest.approx(four / two)


def test_study_is_capped_and_diminishing():
    rules = Knowledge(on=True, most=0.1, hours=80, initial_hours=0)
    none, some, two_thirds, much = knowledge_factor(np.array([0.0, 40.0, 80.0, 1e6]), rules)
    assert none == 1.0
    assert two_thirds == pytest.approx(1 + 0.1 * (1 - np.exp(-1)))
    assert much == pytest.approx(1.1)
    assert some - none > two_thirds - some
    gain = study_gain(np.array([100.0]), Skills(*(np.array([value]) for value in (6.0, 1e6, 0.7))), rules)
    assert gain == pytest.approx([10.0]), "110 hours without study"


def test_load_speeds_up_to_the_turning_point_and_then_slows_down():
    rules = Load(on=True, usual=0.7, turning_point=0.93, speed_up=0.06, slow_down=0.12)
    low, usual, peak, full = load_factor(np.array([0.2, 0.7, 0.93, 1.0]), rules)
    assert low == usual == 1.0
    assert peak == pytest.approx(1.06)
    assert full == pytest.approx(0.94)


def test_care_falls_with_rush_and_fatigue_and_rises_with_study():
    rules = Competence(
        knowledge=Knowledge(on=True, care=0.3, hours=80),
        load=Load(on=True, errors=0.5),
        rushing=Rushing(on=True, errors=4.0),
    )

    def of(knowledge: float, load: float, rush: float) -> float:
        skills = Skills(*(np.array([value]) for value in (6.0, knowledge, load)))
        return float(carelessness(skills, np.array([rush]), rules)[0])

    assert of(0, 0.7, 0) == 1.0
    assert of(0, 0.7, 0.1) == pytest.approx(1.4)
    assert of(0, 1.0, 0) == pytest.approx(1.5)
    assert of(1e6, 0.7, 0) == pytest.approx(0.7)


def test_a_month_of_practice_study_and_absence():
    rules = Competence(
        experience=Experience(on=True, forgotten_a_year=0.2, reference_years=6.0),
        knowledge=Knowledge(on=True, half_life_years=2.0, initial_hours=10.0),
        load=Load(on=True, usual=0.7, months=3.0),
    )
    start = Skills.initial(2, rules)
    after = start.after(1 / 12, np.array([1.0, 0.0]), np.array([8.0, 0.0]), np.array([0.9, np.nan]), rules)
    assert after.experience_years == pytest.approx([6 + 1 / 12, 6 * 0.8 ** (1 / 12)])
    assert after.knowledge_hours == pytest.approx([10 * 0.5 ** (1 / 24) + 8, 10 * 0.5 ** (1 / 24)])
    assert after.load == pytest.approx([0.7 + (1 - np.exp(-1 / 3)) * 0.2, 0.7])


def test_who_comes_to_another_unit_brings_a_part_of_the_practice_and_newcomers_none():
    rules = Competence(experience=Experience(portable=0.5))
    skills = Skills(np.array([8.0, 4.0, 2.0]), np.array([30.0, 20.0, 10.0]), np.array([0.9, 0.8, 0.7]))
    holder, new = np.array([1, 0, 2]), np.array([False, False, True])
    moved = skills.moved(holder, new, np.array([True, True, False]), 0.5, rules)
    assert moved.experience_years.tolist() == [2.0, 4.0, 0.5]
    assert moved.knowledge_hours.tolist() == [20.0, 30.0, 0.0]
