"""Bunching at kinks and notches, heaps at round numbers, and a density that breaks."""

from __future__ import annotations

import numpy as np
import pytest

from sim.evaluate.bunching import at_corners, bunching, implied_cost
from sim.evaluate.density import density_break
from sim.rules.schedule import Schedule, step
from sim.scenario.errors import InputError
from tests.theory.contracts import cliff, deduction
from tests.theory.oracles.best_effort import best_score
from tests.theory.oracles.single_server import on_time_share
from tests.theory.oracles.speed_choice import best_speed

from .queues import POLICY, table_of

STARTS = 80 + 20 * (np.arange(10_000) + 0.5) / 10_000  # uniform on 80 to 100


@pytest.mark.parametrize(("height", "cost"), [(1.0, 0.5), (2.5, 0.5), (4.0, 0.5), (2.0, 1.0)])
def test_a_notch_tells_how_far_people_came_and_what_it_cost(height, cost):
    """The farthest who jump are indifferent: c/2 × reach² is the height."""
    reach = np.sqrt(2 * height / cost)
    aim = best_score(cliff(90, height), STARTS, 0.0, cost)
    found = bunching(aim, 90.0, kind="notch", reach=9.0)
    assert found.points == pytest.approx(reach, rel=0.02)
    assert implied_cost(found, height) == pytest.approx(cost, rel=0.04)
    assert found.p < 1e-6


def test_at_a_kink_the_cost_is_the_change_over_the_points():
    found = bunching(best_score(deduction(), STARTS, 0.0, 0.5), 95.0)
    assert found.points == pytest.approx(2.0, rel=0.02)
    assert implied_cost(found, 1.0) == pytest.approx(0.5, rel=0.02)


def test_speeds_of_offices_whose_costs_differ_bunch_at_the_kink():
    """Costs uniform on 0 to 2: 37.4467 % choose exactly 95, and none more."""
    pay = Schedule(np.array([95.0]), np.ones(1), np.ones(1), 0.01)
    limit = np.log(20) / 0.2

    def score(speed: np.ndarray) -> np.ndarray:
        return 100 * on_time_share(0.8, speed, limit)

    speeds = [best_speed(pay, score, cost, 0.81, 2.0) for cost in 2 * (np.arange(400) + 0.5) / 400]
    found = bunching(np.round(score(np.array(speeds)), 6), 95.0, degree=2, reach=6.0)
    # what stands there: the excess, and what would be there without the kink
    assert found.excess + 0.5 * found.density == pytest.approx(0.374467, abs=0.005)


ROUNDS = 50


def size(draw, **options) -> float:
    return float(np.mean([bunching(draw(), 95.0, seed=seed, **options).p < 0.05 for seed in range(ROUNDS)]))


def test_the_test_holds_its_size_on_honest_scores():
    luck = np.random.default_rng(2)
    bound = 0.05 + 3 * np.sqrt(0.05 * 0.95 / ROUNDS)
    assert size(lambda: luck.normal(94, 2, 2000)) <= bound
    assert size(lambda: luck.normal(94, 2, 2000), kind="notch", reach=6.0) <= bound


def rounded(luck: np.random.Generator) -> np.ndarray:
    scores = luck.normal(94, 3, 3000)
    return np.where(luck.random(3000) < 0.2, np.round(scores), scores)


def test_round_numbers_are_no_bunching():
    luck = np.random.default_rng(1)
    assert size(lambda: rounded(luck)) > 0.4  # taken for it, if they are not told of
    assert size(lambda: rounded(luck), heaps=(1.0,)) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / ROUNDS)


def test_the_density_test_agrees_with_the_published_one():
    """Numbers of diff-diff 3.13, which follows rddensity, for values with ties."""
    number = np.arange(1, 801)
    found = density_break(np.round(100 * np.sin(number**2 * 0.37) + 30 * np.cos(number * 1.3), 1), 5.0)
    assert found.t == pytest.approx(1.3136032439602914, abs=1e-6)
    assert found.p == pytest.approx(0.18897975649216603, abs=1e-6)
    assert (found.h_left, found.h_right) == pytest.approx((36.737676046444236, 33.437567727894745), abs=1e-5)
    assert (found.n_left, found.n_right) == (104, 85)
    assert (found.left, found.right) == pytest.approx((0.0025874321615725, 0.0049606992338233), abs=1e-9)


def test_the_density_test_holds_its_size_and_finds_what_is_moved():
    luck = np.random.default_rng(3)
    p = [density_break(luck.normal(94, 2, 1000), 95.0).p for _ in range(200)]
    assert 0.05 - 3 * 0.0155 <= np.mean(np.array(p) < 0.05) <= 0.05 + 3 * 0.0155
    scores = luck.normal(94, 2, 2000)
    lifted = np.where((scores > 94) & (scores < 95) & (luck.random(2000) < 0.6), scores + 1, scores)
    assert density_break(lifted, 95.0).p < 1e-3
    with pytest.raises(InputError, match="too few"):
        density_break(np.arange(30.0), 25.0)


def test_the_corners_of_a_pay_rule():
    """Offices choose their best score under a slope to 95 (in % of pay); 95 is a kink."""
    luck = np.random.default_rng(5)
    starts = luck.uniform(80, 100, (50, 20))
    slope = Schedule(np.array([95.0]), np.array([100.0]), np.array([100.0]), 1.0)
    scores = np.array([best_score(deduction(), row, 0.0, 0.5) for row in starts])
    units = {f"unit {number}": scores[:, number] for number in range(20)}
    table = table_of(units, dict.fromkeys(units, 1), "score")
    row = at_corners(table, POLICY, slope, list(units)).iloc[0]
    assert row["kind"] == "kink" and row["change"] == pytest.approx(1.0) and row["why"] == ""
    assert row["implied_cost"] == pytest.approx(0.5, rel=0.25) and row["low"] > 0
    few = at_corners(table, POLICY, step(95.0, 5.0), ["unit 0"]).iloc[0]
    assert few["kind"] == "notch" and "too few" in few["why"] and np.isnan(few["excess"])
    risen = at_corners(table, POLICY, Schedule(np.array([70.0]), np.zeros(1), np.zeros(1)), list(units))
    assert risen.empty  # no corner that anybody would bunch at


def test_bad_input_is_told():
    with pytest.raises(InputError, match="too few bins"):
        bunching(STARTS, 95.0, reach=1.0)
    with pytest.raises(InputError, match="round number"):
        bunching(STARTS, 95.0, heaps=(0.5,))
    with pytest.raises(InputError, match="no values"):
        bunching(np.array([np.nan]), 95.0)
