"""Rank rules: two players, the bottom k of n, and what a cliff and a rank are worth in density."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr

from sim.rules.incentive import marginal
from sim.rules.tournament import bottom_chances

from .contracts import cliff, deduction, linear, rank_answers
from .oracles.best_effort import best_score, equilibrium
from .oracles.tournament import (
    chances_against,
    normal_density,
    normal_order_means,
    tournament_density,
    uniform_density,
)


def phi(z: np.ndarray) -> np.ndarray:
    return np.exp(-z * z / 2) / np.sqrt(2 * np.pi)


def test_two_players():
    """ΔW = 10, σ = 2, c = 1: best responses from 0 settle at 1.410474, and each wins half the time."""
    assert normal_density(2, 1, 2.0) == pytest.approx(0.141047, abs=1e-6)
    effort = equilibrium(rank_answers(10.0, 2.0, 1.0, 1), np.zeros(2))
    np.testing.assert_allclose(effort, 1.410474, atol=1e-4)
    np.testing.assert_allclose(bottom_chances(effort, 2.0, 1)[0], 0.5, atol=1e-9)


def test_noise_dampens_and_a_constant_prize_does_nothing():
    base = equilibrium(rank_answers(10.0, 2.0, 1.0, 1), np.zeros(2))
    noisier = equilibrium(rank_answers(10.0, 4.0, 1.0, 1), np.zeros(2))
    richer = equilibrium(rank_answers(10.0, 2.0, 1.0, 1, prize=7.0), np.zeros(2))
    np.testing.assert_allclose(noisier, base / 2, atol=1e-4)
    np.testing.assert_allclose(richer, base, atol=1e-9)


@pytest.mark.parametrize(("n", "k", "density"), [(2, 1, 0.282095), (15, 3, 0.262103), (15, 5, 0.344141)])
def test_density_of_a_contest(n, k, density):
    """m₁ for normal noise by order statistics, by quadrature, and as a slope of chances."""
    assert normal_density(n, k) == pytest.approx(density, abs=1e-6)
    assert tournament_density(n, k, phi, ndtr, (-9, 9)) == pytest.approx(density, abs=1e-6)
    np.testing.assert_allclose(bottom_chances(np.full(n, 80.0), 3.0, k)[1], -density / 3, atol=1e-6)


@pytest.mark.parametrize(("n", "k"), [(2, 1), (15, 3), (15, 12), (40, 7)])
def test_uniform_noise_has_the_same_density_for_every_contest(n, k):
    a = 4.0
    found = tournament_density(
        n, k, lambda x: np.full_like(x, 1 / (2 * a)), lambda x: (x + a) / (2 * a), (-a, a)
    )
    assert found == pytest.approx(0.125, abs=1e-6)
    assert uniform_density(n, k, a) == 0.125


def test_bottom_three_of_fifteen():
    """L = 5, c = 0.5, σ = 2: effort 1.310513 is the best answer to itself; uniform noise: 1.25."""
    effort = 5 * normal_density(15, 3, 2.0) / 0.5
    assert effort == pytest.approx(1.310513, abs=1e-6)
    answers = rank_answers(5.0, 2.0, 0.5, 3)
    np.testing.assert_allclose(answers(np.full(15, effort)), effort, atol=1e-4)
    np.testing.assert_allclose(equilibrium(answers, np.ones(15), tolerance=1e-6), 1.310513, atol=1e-4)
    chance, _ = bottom_chances(np.full(15, effort), 2.0, 3)
    np.testing.assert_allclose(chance, 0.2, atol=1e-6)
    # uniform noise: the chance falls linearly in the own mean, a linear loss of L/(2a) a point
    at = best_score(linear(5 * uniform_density(15, 3, 4.0)), np.array([50.0]), 1.0, 0.5)
    assert at[0] - 50 == pytest.approx(1.25, abs=1e-6)


def test_a_prize_for_the_top_three_is_a_penalty_for_the_bottom_three():
    assert normal_density(15, 12) == pytest.approx(normal_density(15, 3), abs=1e-12)
    top = equilibrium(rank_answers(5.0, 2.0, 0.5, 12), np.ones(15), tolerance=1e-5)
    np.testing.assert_allclose(top, 1.310513, atol=1e-4)


def test_chances_sum_to_three_and_the_penalty_is_zero_sum():
    """Whatever means and spreads: three are at the bottom, and mean pay falls by 3 L / 15 however hard all
    work."""
    rng = np.random.default_rng(4)
    for _ in range(20):
        chance, slope = bottom_chances(rng.normal(90, 5, 15), rng.uniform(0.3, 4, 15), 3)
        assert chance.sum() == pytest.approx(3, abs=1e-6)
        assert 5 * chance.mean() == pytest.approx(5 * 3 / 15, abs=1e-6)
        assert (slope <= 0).all()
    lazy, busy = (bottom_chances(np.full(15, mean), 2.0, 3)[0].sum() for mean in (80.0, 99.0))
    assert lazy == pytest.approx(busy, abs=1e-9)


def test_chances_of_unequal_units_by_simulation():
    rng = np.random.default_rng(8)
    mean, sd, runs = np.linspace(85, 97, 15), np.linspace(0.5, 3, 15), 200_000
    scores = rng.normal(mean, sd, (runs, 15))
    seen = (np.argsort(np.argsort(scores, axis=1), axis=1) < 3).mean(axis=0)
    chance, slope = bottom_chances(mean, sd, 3)
    assert (np.abs(seen - chance) <= 4 * np.sqrt(chance * (1 - chance) / runs) + 1e-9).all()
    moved = mean + 1e-4 * np.eye(15)[6]
    back = mean - 1e-4 * np.eye(15)[6]
    rise = (bottom_chances(moved, sd, 3)[0][6] - bottom_chances(back, sd, 3)[0][6]) / 2e-4
    assert slope[6] == pytest.approx(rise, abs=1e-6)
    alone, its_slope = chances_against(mean[6:7], sd[6], np.delete(mean, 6), np.delete(sd, 6), 3)
    assert alone[0] == pytest.approx(chance[6], abs=1e-6) and its_slope[0] == pytest.approx(
        slope[6], abs=1e-6
    )


def test_nobody_or_everybody_at_the_bottom_is_no_contest():
    for k, chance in ((0, 0.0), (5, 1.0), (9, 1.0)):
        np.testing.assert_array_equal(bottom_chances(np.arange(5.0), 1.0, k), [[chance] * 5, [0.0] * 5])
    for broken in (lambda: normal_density(3, 3), lambda: uniform_density(3, 0, 1.0)):
        with pytest.raises(ValueError, match="no contest"):
            broken()
    with pytest.raises(ValueError, match="spread"):
        bottom_chances(np.arange(5.0), 0.0, 2)


def test_cliff_slope_and_rank_at_equal_strength():
    """A cliff of 1.253314 × s × sd gives at the threshold the incentive of the slope s there."""
    for sd in (0.5, 2.0):
        bonus = 1.253314 * 1.0 * sd
        at_cliff, at_kink = marginal(cliff(95, bonus), 95, sd), marginal(deduction(), 95, sd)
        assert at_cliff == pytest.approx(at_kink, abs=1e-6)
        assert normal_density(2, 1, sd) == pytest.approx(0.282095 / sd, abs=1e-6)


def test_order_statistics_of_five_normals():
    np.testing.assert_allclose(
        normal_order_means(5), [-1.162964, -0.495019, 0, 0.495019, 1.162964], atol=1e-6
    )
