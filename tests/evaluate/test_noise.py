"""Noise of a score: chances, funnel limits, and its price, against closed forms."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.evaluate.noise import (
    below_by_cases,
    below_by_spread,
    bottom_chance,
    bottom_slope,
    comparison_multiplier,
    funnel_limits,
    price_of_noise,
    spread_limits,
)
from sim.rules.schedule import Schedule, step

SLOPE = Schedule(np.array([95.0]), np.ones(1), np.ones(1), 0.01)  # 1 % a point under 95


def priced(*units: tuple[float, float], schedule: Schedule = SLOPE) -> pd.DataFrame:
    true, sd = zip(*units, strict=True)
    names = [str(number) for number in range(len(units))]
    table = pd.DataFrame({"unit": names, "true": true, "luck_sd": sd})
    return price_of_noise(table, schedule, 95.0, count=1)


def test_a_true_96_is_measured_below_95():
    np.testing.assert_allclose(below_by_cases(0.96, [50, 500], 0.95), [0.323286, 0.107636], atol=1e-6)
    assert below_by_cases(0.5, 100, 0.5) < 0.5  # a rate just at the line is not below it


def test_what_noise_takes_and_what_a_point_is_worth():
    found = priced((95.0, 2.0), (96.0, 2.0), (97.0, 2.0), (94.0, 2.0))
    np.testing.assert_allclose(found["deduction"], [0.797885, 0.395593, 0.166631, 1.395593], atol=1e-6)
    np.testing.assert_allclose(found["noise_tax"], [0.797885, 0.395593, 0.166631, 0.395593], atol=1e-6)
    np.testing.assert_allclose(found["incentive"], [0.5, 0.3085, 0.1587, 0.6915], atol=1e-4)


def test_the_cliff_with_the_incentive_of_a_slope():
    found = priced((95.0, 2.0), (95.0, 3.0))
    np.testing.assert_allclose(found["equal_cliff"], 1.253314 * np.array([2.0, 3.0]), atol=1e-5)
    assert price_of_noise(pd.DataFrame({"unit": ["a"], "true": [95.0], "luck_sd": [0.0]}), SLOPE, 95).empty


def test_a_gate_takes_the_tax_away_and_most_of_the_deduction():
    at_line, far = priced((95.0, 1.0), (90.0, 2.0)).to_dict("records")
    assert at_line["noise_tax"] == pytest.approx(0.398942, abs=1e-6)
    assert at_line["gated_tax"] == pytest.approx(0.020886, abs=1e-5)  # at 1.645
    # what a unit five points under the line still pays
    gated = far["gated_tax"] + 100 * (1 - float(SLOPE.value(90.0 + 1.644854 * 2)))
    assert gated == pytest.approx(1.93, abs=0.005)


def test_a_place_at_the_bottom_in_ones_own_mean():
    sd = 2.0
    found = bottom_slope(np.zeros(15), np.full(15, sd), 3)
    np.testing.assert_allclose(found, -0.262103 / sd, atol=1e-6)
    np.testing.assert_allclose(bottom_slope([0.0, 0.0], [1.0, 1.0], 1), -0.282095, atol=1e-6)
    moved = np.zeros(15)
    moved[0] = 0.01
    slope = (bottom_chance(moved, np.ones(15), 3)[0] - 0.2) / 0.01
    assert slope == pytest.approx(-0.2621, abs=2e-3)
    with pytest.raises(ValueError, match="above 0"):
        bottom_chance([0.0, 1.0], [1.0, 0.0], 1)


def test_chances_of_the_bottom_sum_to_its_places():
    luck = np.random.default_rng(3)
    chances = bottom_chance(luck.normal(95, 2, 15), luck.uniform(0.3, 3, 15), 3)
    assert chances.sum() == pytest.approx(3, abs=1e-3)


def test_intervals_for_comparison():
    assert comparison_multiplier(np.ones(6)) == pytest.approx(1.385904, abs=1e-6)
    assert 1.385904 < comparison_multiplier([0.1, 3.0]) < 1.96  # of unequal errors nearer to one's own


def test_funnel_limits():
    low, high = funnel_limits(0.95, [100, 500])
    np.testing.assert_allclose(100 * low, [89.809, 92.901], atol=5e-4)
    np.testing.assert_allclose(100 * high, [98.388, 96.729], atol=5e-4)
    wide = funnel_limits(0.95, 1000, design_effect=10)
    np.testing.assert_allclose(wide, [low[0], high[0]])
    assert np.isnan(funnel_limits(0.95, 0)[0])


def test_a_beta_spread_has_its_moments_and_ends():
    low, high = spread_limits([0.96, 0.96], [0.02, 0.0])
    assert 0 < low[0] < 0.96 < high[0] < 1 and low[1] == high[1] == 0.96
    assert below_by_spread(0.96, 0.02, low[0]) == pytest.approx(0.025)
    np.testing.assert_array_equal(below_by_spread([0.96, 0.94], 0.0, 0.95), [0, 1])


def test_a_jump_is_worth_its_density():
    found = priced((95.0, 2.0), (95.0, 2.0), schedule=step(95.0, 0.05))
    assert found["incentive"][0] == pytest.approx(5 * 0.398942 / 2, abs=1e-5)
