"""Which score counts: percentiles of rank, scaling between scorecards, several years."""

import numpy as np
import pytest

from sim.rules import percentiles, rolled, scaled
from sim.rules.scaling import rolled_error, scaled_with_error
from sim.scenario.assessment import Rolling

NAN = np.nan


def test_percentiles_by_hand():
    np.testing.assert_allclose(percentiles(np.array([80, 90, 90, NAN, 95])), [12.5, 50, 50, NAN, 87.5])
    assert percentiles(np.array([70.0])) == [50]
    assert np.isnan(percentiles(np.array([NAN]))).all()


def test_mean_percentile_is_known_whatever_the_ties():
    rng = np.random.default_rng(1)
    for _ in range(20):
        assert percentiles(rng.integers(80, 86, 15).astype(float)).mean() == pytest.approx(50)


SCORES = np.array([90.0, 94.0, 98.0, 80.0, 82.0, NAN])
GROUPS = np.array([0, 0, 0, 1, 1, 1])


def test_without_scaling_scores_stay():
    assert scaled(SCORES, GROUPS, "none") is SCORES


def test_z_scores_by_hand():
    """All: mean 88.8, sd √(47.36); offices: 94 ± √(32/3); sections: 81 ± 1."""
    width = np.sqrt(47.36)
    step = 4 / np.sqrt(32 / 3)
    expected = 88.8 + width * np.array([-step, 0, step, -1, 1, NAN])
    np.testing.assert_allclose(scaled(SCORES, GROUPS, "z_score"), expected, atol=1e-8)


def test_z_scores_carry_their_errors():
    _, error = scaled_with_error(SCORES, np.full(6, 2.0), GROUPS, "z_score")
    width = np.sqrt(47.36)
    np.testing.assert_allclose(error[[0, 3]], [2 * width / np.sqrt(32 / 3), 2 * width], atol=1e-8)


def test_a_group_of_one_or_of_equals_stands_at_the_mean():
    found = scaled(np.array([90.0, 80.0, 85.0, 85.0]), np.array([0, 1, 2, 2]), "z_score")
    np.testing.assert_allclose(found, 85.0)


def test_rank_within_group():
    np.testing.assert_allclose(
        scaled(SCORES, GROUPS, "rank_within_group"), [100 / 6, 50, 500 / 6, 25, 75, NAN], atol=1e-8
    )


def test_units_without_a_scorecard_are_not_scaled():
    assert np.isnan(scaled(np.array([90.0, 80.0]), np.array([0, -1]), "z_score")[1])


def test_rolling_off_is_this_year():
    this = np.array([90.0])
    assert rolled(this, [np.array([70.0])], Rolling()) is this


def test_rolling_means_by_hand():
    this, last, before = (
        np.array([90.0, 90.0, NAN]),
        np.array([84.0, NAN, 80.0]),
        np.array([60.0, 75.0, 99.0]),
    )
    equal = Rolling(on=True, years=3)
    np.testing.assert_allclose(rolled(this, [last, before], equal), [78, 82.5, NAN])
    two = Rolling(on=True, years=2)
    np.testing.assert_allclose(rolled(this, [last, before], two), [87, 90, NAN])
    weighted = Rolling(on=True, years=3, weights=(3, 2, 1))
    np.testing.assert_allclose(rolled(this, [last, before], weighted), [83, 86.25, NAN])
    np.testing.assert_allclose(rolled(this, [], weighted), this)


def test_error_of_a_mean_of_years_falls():
    one = np.array([2.0])
    assert rolled_error(one, [one, one, one], Rolling(on=True, years=4)) == pytest.approx([1.0])
    assert rolled_error(one, [one], Rolling(on=True, years=2, weights=(3, 1))) == pytest.approx(
        [2 * np.sqrt(10) / 4]
    )
