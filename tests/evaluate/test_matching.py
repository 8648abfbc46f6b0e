"""A set of plausible points holds the truth as often as it says, and tells more than was known before."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import qmc

from sim.evaluate.matching import Matching, Observed
from sim.scenario.errors import InputError

SPREAD = np.array([[0.04, 0.02], [0.02, 0.09]])  # covariance of a year's totals


def means(points: np.ndarray) -> np.ndarray:
    """Two totals of two numbers, neither straight."""
    return np.column_stack([points[:, 0] + points[:, 1] ** 2, 2 * points[:, 0] - np.exp(points[:, 1])])


def matching(truth: np.ndarray, luck: np.random.Generator, error: float = 0.0) -> Matching:
    points = qmc.LatinHypercube(2, rng=np.random.default_rng(1)).random(40)
    years = luck.multivariate_normal([0, 0], SPREAD, 20)
    totals = means(points)[:, None] + years[:2]  # of the same citizens at all points
    seen = means(truth[None])[0] + luck.multivariate_normal([0, 0], SPREAD)
    centre = means(np.full((1, 2), 0.5))
    return Matching(points, totals, centre + years, Observed(seen, np.full(2, error)))


def test_the_set_holds_the_truth_as_often_as_it_says():
    luck = np.random.default_rng(7)
    inside, joint, told = [], [], []
    for _ in range(60):
        truth = luck.random(2)
        match = matching(truth, luck)
        found = match.plausible()
        inside.append((found.low <= truth) & (truth <= found.high))
        least = np.quantile(match.log_likelihood(found.points), 0.05)  # of the 95 % that agree best
        joint.append(match.log_likelihood(truth[None])[0] >= least)
        told.append(found.told)
    assert np.mean(inside) >= 0.89 and np.mean(joint) >= 0.87  # less than three standard errors under 0.95
    assert np.mean(told, axis=0).min() > 0.2  # not what was known before


def test_an_inexact_record_tells_less():
    exact, rough = (
        matching(np.array([0.4, 0.6]), np.random.default_rng(3), error).plausible() for error in (0.0, 3.0)
    )
    assert (rough.told < exact.told).all() and rough.told.max() < 0.2


def test_what_cannot_be_is_told():
    luck = np.random.default_rng(2)
    points = luck.random((30, 1))
    totals = np.column_stack([points[:, 0], -points[:, 0]])
    years = np.array([0.5, -0.5]) + luck.normal(0, 0.01, (20, 2))
    at_one, never = (
        Matching(points, totals[:, None], years, Observed(np.array(seen), np.zeros(2))).plausible()
        for seen in ([0.3, -0.3], [0.3, -0.9])
    )
    assert at_one.p_value > 0.01 and abs(at_one.middle[0] - 0.3) < 0.02
    assert never.p_value < 1e-6


def test_numbers_told_together_are_told_so():
    luck = np.random.default_rng(4)
    points = luck.random((40, 2))
    totals = np.column_stack([points.sum(axis=1), points.sum(axis=1) ** 2])
    years = (
        np.array([1.0, 1.0])
        + luck.normal(0, 0.05, (20, 1)) * np.array([1.0, 2.0])
        + luck.normal(0, 0.01, (20, 2))
    )
    observed = Observed(np.array([0.9, 0.81]), np.zeros(2))
    found = Matching(points, totals[:, None], years, observed).plausible()
    assert found.together[0, 1] < -0.8


def test_a_total_that_grows_without_bound_is_foretold():
    """A wait that doubles again and again is straight by its logarithm."""
    points = qmc.LatinHypercube(1, rng=np.random.default_rng(1)).random(12)
    luck = np.random.default_rng(3).normal(0, 0.05, (20, 1))  # of citizens, the first at all points
    totals = np.exp(5 * points[:, None] + luck[:1])
    match = Matching(points, totals, np.exp(2.5 + luck), Observed(np.exp([4.5]), np.zeros(1)))
    at = np.linspace(0.05, 0.95, 19)[:, None]
    np.testing.assert_allclose(match.foretell(at), np.exp(5 * at + luck.mean()), rtol=0.02)
    found = match.plausible()
    assert found.low[0] < 0.9 < found.high[0] < found.low[0] + 0.1


def test_years_of_the_set_have_the_luck_of_a_year():
    match = matching(np.array([0.5, 0.5]), np.random.default_rng(5))
    found = match.plausible()
    more = np.cov(match.years(found), rowvar=False) - np.cov(found.foretold, rowvar=False)
    np.testing.assert_allclose(np.diag(more), np.diag(match._luck), rtol=0.25)


@pytest.mark.parametrize(
    ("points", "luck", "said"),
    [
        (np.random.default_rng(0).random((30, 3)), np.eye(20, 2), "no more numbers"),
        (np.random.default_rng(0).random((5, 2)), np.eye(20, 2), "ten points"),
        (np.random.default_rng(0).random((30, 2)), np.eye(3, 2), "Run 6 or more"),
    ],
)
def test_what_cannot_be_matched_is_refused(points, luck, said):
    totals = np.column_stack([points[:, 0], points[:, 1]])[:, None]
    with pytest.raises(InputError, match=said):
        Matching(points, totals, luck, Observed(np.zeros(2), np.zeros(2)))
    constant = np.ones((len(points), 1, 2))
    with pytest.raises(InputError):
        Matching(points[:, :1], constant, np.ones((20, 2)), Observed(np.ones(2), np.zeros(2)))
