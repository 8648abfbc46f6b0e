"""Who is at the bottom: exact chances, sets of ranks, and rules of naming."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.evaluate.noise import bottom_chance
from sim.evaluate.ranks import (
    bottom_by_unit,
    bottom_of_counts,
    lowest_of,
    may_be_bottom,
    naming_rules,
    rank_sets,
    repetition,
    true_bottom,
)
from sim.scenario.errors import InputError

from .queues import POLICY, table_of


def league(mean: np.ndarray, sd: float, replications: int, seed: int = 1) -> pd.DataFrame:
    scores = np.random.default_rng(seed).normal(mean, sd, (replications, len(mean)))
    names = [f"unit {number}" for number in range(len(mean))]
    return table_of(dict(zip(names, scores.T, strict=True)), dict.fromkeys(names, 1), "score")


def test_few_and_unequal_cases_want_exact_chances():
    cases = np.repeat([50, 1000], [5, 10])
    exact = bottom_of_counts(cases, 0.95, 3)
    np.testing.assert_allclose(exact[[0, -1]], [0.3746, 0.1127], atol=5e-5)
    normal = bottom_chance(np.full(15, 0.95), np.sqrt(0.0475 / cases), 3)
    np.testing.assert_allclose(normal[[0, -1]], [0.3778, 0.1111], atol=5e-5)
    assert exact.sum() == pytest.approx(3, abs=1e-9)


def test_exact_chances_are_those_of_counted_draws():
    """Unequal cases and chances, many ties."""
    cases, chance = np.array([7, 20, 20, 13, 40]), np.array([0.9, 0.8, 0.85, 0.95, 0.88])
    luck = np.random.default_rng(5)
    rates = luck.binomial(cases, chance, (200_000, 5)) / cases
    named = lowest_of(np.round(rates, 12) + luck.uniform(0, 1e-9, rates.shape), 2).mean(axis=0)
    np.testing.assert_allclose(bottom_of_counts(cases, chance, 2), named, atol=0.005)
    np.testing.assert_allclose(bottom_of_counts([1, 1, 1], 1.0, 1), 1 / 3)  # all tie


def test_equal_offices_are_named_by_luck_alone():
    found = bottom_by_unit(league(np.full(15, 95.0), 2.0, 1000), POLICY, 3)
    np.testing.assert_allclose(found["named"], 0.2, atol=4 * np.sqrt(0.16 / 1000))
    again = repetition(league(np.full(15, 95.0), 2.0, 3000), POLICY, 3).set_index("measure")["value"]
    assert again["overlap"] == pytest.approx(0.6, abs=0.05)
    assert again["same"] == pytest.approx(1 / 455, abs=0.004)
    assert again["none"] == pytest.approx(0.483516, abs=0.04)
    assert again["once_in_five"] == pytest.approx(0.672320, abs=0.005)


def test_rank_correlation_at_a_reliability():
    """R = ½: tau is ½ with the truth, and 1/3 with another year."""
    luck = np.random.default_rng(2)
    mean = luck.normal(0, 1, 400)
    found = repetition(league(mean, float(np.std(mean, ddof=1)), 60), POLICY, 3).set_index("measure")["value"]
    assert found["reliability"] == pytest.approx(0.5, abs=0.02)
    assert found["tau_true_normal"] == pytest.approx(0.5, abs=0.015)
    assert found["tau_again_normal"] == pytest.approx(1 / 3, abs=0.015)
    assert found["tau_true"] == pytest.approx(0.5, abs=0.02)
    assert found["tau_again"] == pytest.approx(1 / 3, abs=0.02)


CASES = np.array([47, 148, 119, 810, 211, 196, 148, 215, 207, 97, 256, 360])
DEATHS = np.array([0, 18, 8, 46, 8, 13, 9, 31, 14, 8, 29, 24])


def test_the_worst_of_twelve_hospitals():
    """Surgical mortality, of the BUGS examples; uniform priors."""
    worst, _ = true_bottom(CASES - DEATHS, CASES, 1)
    assert worst[7] == pytest.approx(0.619, abs=0.001)
    assert worst.sum() == pytest.approx(1, abs=1e-4)
    three, right = true_bottom(CASES - DEATHS, CASES, 3)
    assert right == pytest.approx(0.540, abs=0.001)
    assert three.sum() == pytest.approx(3, abs=1e-3)


def test_sets_hold_all_true_ranks_at_once():
    """In 95 of 100 leagues of which a few are told apart, unequal errors."""
    luck = np.random.default_rng(7)
    held, reaches, rounds = 0, 0, 400
    for league_ in range(rounds):
        mean = luck.normal(0, 1.5, 12)
        error = luck.uniform(0.2, 1.0, 12)
        best, worst = rank_sets(luck.normal(mean, error), error, draws=300, seed=league_)
        rank = (-mean).argsort().argsort() + 1
        held += bool(np.all((best <= rank) & (rank <= worst)))
        reaches += bool(may_be_bottom(worst, 3)[rank > 9].all())
    assert held / rounds > 0.95 - 3 * np.sqrt(0.95 * 0.05 / rounds)
    assert reaches >= held


def test_sets_are_single_ranks_where_units_are_far_apart():
    best, worst = rank_sets([1.0, 2.0, 3.0, 10.0], np.full(4, 0.1))
    np.testing.assert_array_equal(best, [4, 3, 2, 1])
    np.testing.assert_array_equal(worst, best)
    best, worst = rank_sets([1.0, 1.1, 1.2], np.ones(3))
    assert best.max() == 1 and worst.min() == 3


def test_more_years_name_better_and_sureness_names_fewer():
    mean = np.append(np.linspace(94, 97, 12), [85.0, 86.0, 87.0])
    found = naming_rules(league(mean, 1.5, 60), POLICY, 3).set_index("rule")
    assert found.loc["one_year", "share_right"] > 0.99  # far apart
    assert found.loc["if_sure", "share_right"] > 0.99
    close = naming_rules(league(np.linspace(93, 97, 15), 2.0, 60), POLICY, 3).set_index("rule")
    one, three, sure = (close.loc[name] for name in ("one_year", "mean_of_years", "if_sure"))
    assert three["share_right"] > one["share_right"] + 0.05
    assert three["all_right"] > one["all_right"]
    assert sure["named"] < one["named"] == three["named"] == 3
    assert one["share_right_low"] < one["share_right"] < one["share_right_high"]
    assert one["share_right"] + one["missed"] == pytest.approx(1)


def test_replications_that_never_differ_leave_a_bounded_doubt():
    """Any two of three years name one unit alike: that all years would is not known of three."""
    scores = np.full((3, 8), 95.0) + np.arange(8) / 10
    for year, named in enumerate(((0, 1, 2), (0, 3, 4), (0, 5, 6))):
        scores[year, list(named)] -= 20
    rates = {f"unit {unit}": scores[:, unit] for unit in range(8)}
    rows = table_of(rates, dict.fromkeys(rates, 1), "score")
    found = repetition(rows, POLICY, 3).set_index("measure").loc["overlap"]
    alike = 0.025 ** (1 / 3)  # the least probability of a replication like the three
    assert found["value"] == 1
    assert found["low"] == pytest.approx(alike) and found["high"] == pytest.approx(3 - alike * 2)


def test_equal_noise_shrinks_no_order():
    rules = naming_rules(league(np.linspace(93, 97, 15), 2.0, 400), POLICY, 3).set_index("rule")
    assert rules.loc["shrunk", "share_right"] == pytest.approx(rules.loc["one_year", "share_right"], abs=0.02)


def test_bad_input_is_told():
    with pytest.raises(InputError, match="fewer places"):
        bottom_of_counts([5, 5], 0.9, 2)
    with pytest.raises(InputError, match="need cases"):
        bottom_of_counts([5, 0, 4], 0.9, 1)
    with pytest.raises(InputError, match="errors above 0"):
        rank_sets([1.0, np.nan], [1.0, 1.0])
    with pytest.raises(InputError, match="nothing of luck"):
        bottom_by_unit(league(np.arange(5.0), 1.0, 2), POLICY, 1)
    with pytest.raises(InputError, match="places at the bottom"):
        naming_rules(league(np.arange(3.0), 1.0, 5), POLICY, 3)
    with pytest.raises(InputError, match="all units have the same"):
        repetition(league(np.full(5, 95.0), 0.0, 5), POLICY, 1)
