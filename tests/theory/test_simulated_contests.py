"""Contests in a simulated bureau, and the whole rule at once."""

from __future__ import annotations

import numpy as np
import pytest

from sim.behaviour.year import Unsettled

from .contracts import deduction
from .even_offices import offices, simulated
from .oracles.noise import expected_deduction
from .oracles.tournament import normal_density

CLOSE = {"rel": 0.03, "abs": 0.02}


def contest(loss: float, count: int, bottom: int, *, start: float = 80.0, **more: object):
    """Offices of which the bottom ones lose `loss` pay points; years do not differ, nor do offices."""
    scenario = offices(
        start, count, years=2, careers={"bottom": loss / 100}, assessment={"bottom_count": bottom}, **more
    )
    found = simulated(scenario)
    assert np.ptp(found["extra"]) < 1e-9
    return found["extra"].mean()


def test_two_players():
    assert contest(10, 2, 1, cost=1.0, sd=2.0) == pytest.approx(1.410474, **CLOSE)
    assert contest(10, 2, 1, cost=1.0, sd=4.0) == pytest.approx(1.410474 / 2, **CLOSE)


def test_the_bottom_three_of_fifteen():
    assert contest(5, 15, 3, sd=2.0) == pytest.approx(1.310513, **CLOSE)


def test_with_uniform_noise_only_its_width_counts():
    """L / (2 a c), whatever the number of offices and of the bottom ones."""
    for count, bottom in ((15, 3), (6, 2)):
        found = contest(5, count, bottom, sd=4 / np.sqrt(3), shape="uniform")
        assert found == pytest.approx(1.25, **CLOSE)


@pytest.mark.parametrize(
    ("count", "bottom", "loss", "cost", "sd"), [(8, 2, 3, 0.3, 1.5), (15, 5, 8, 1.0, 3.0)]
)
def test_contests_of_other_numbers(count, bottom, loss, cost, sd):
    found = contest(loss, count, bottom, cost=cost, sd=sd, start=70.0)
    assert found == pytest.approx(loss * normal_density(count, bottom, sd) / cost, **CLOSE)


def test_a_prize_for_the_top_three_is_a_penalty_for_the_bottom_three():
    fund = {"on": True, "sum": 15, "top_count": 3, "among": "all"}  # 5 pay points each
    found = simulated(offices(80.0, sd=2.0, years=2, pay={"reward_fund": fund}))
    np.testing.assert_allclose(found["extra"], 1.310513, rtol=0.03)


def test_three_are_at_the_bottom_each_year_however_hard_all_work():
    scenario = offices(80.0, sd=2.0, years=4, careers={"bottom": 0.05}, assessment={"bottom_count": 3})
    found = simulated(scenario)
    assert found.groupby("year")["bottom"].sum().eq(3).all()


def test_without_an_equilibrium_the_run_says_so():
    """Noise under 0.655: nobody's best answer is what the others do."""
    scenario = offices(80.0, sd=0.3, years=1, careers={"bottom": 0.05}, assessment={"bottom_count": 3})
    with pytest.warns(Unsettled, match="do not settle"):
        simulated(scenario)


PARTS = {
    "deduction": {"pay": {"deduction_per_point": 1}},
    "cliff": {"careers": {"promotion": 0.05}},
    "bottom": {"careers": {"bottom": 0.05}, "assessment": {"bottom_count": 3}},
}


@pytest.mark.parametrize(
    ("without", "gain"),
    [("", 2.595537), ("deduction", 1.636252), ("cliff", 1.651511), ("bottom", 1.991213)],
)
def test_the_whole_rule_at_once_and_without_each_part(without, gain):
    rule: dict = {}
    for name, part in PARTS.items():
        for key, values in part.items() if name != without else ():
            rule[key] = rule.get(key, {}) | values
    found = simulated(offices(88.0, cost=1.0, sd=2.0, years=2, **rule))
    np.testing.assert_allclose(found["extra"], gain, rtol=0.03)
    if not without:
        at = 88 + found["extra"].mean()
        assert expected_deduction(deduction(), at, 2.0, 100.0) == pytest.approx(4.414175, rel=0.01)
