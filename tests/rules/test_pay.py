"""Pay at the article's boundaries, schedules with jumps, and inequality."""

import numpy as np
import pytest

from sim.rules import bonus_share, gini, pay_share
from sim.scenario.assessment import Pay

ARTICLE = {"full_pay_threshold": 95.0, "deduction_per_point": 1.0, "bonus_threshold": 95.0}
SCORES = [99, 98, 97, 96, 95.5, 95, 94.5, 94, 93, 92, 91, 90, 89.5, 88, 85]  # of fifteen offices


@pytest.mark.parametrize(
    ("score", "share", "bonus"),
    [
        (100, 1, 1),
        (95, 1, 1),
        (94.99, 0.9999, 0),
        (94, 0.99, 0),
        (90, 0.95, 0),
        (89.99, 0.9499, 0),
        (0, 0.05, 0),
    ],
)
def test_article_at_its_boundaries(score, share, bonus):
    pay = Pay(**ARTICLE)
    assert pay_share(score, pay) == pytest.approx(share, abs=1e-12)
    assert bonus_share(score, pay) == bonus


def test_thresholds_bind_the_unrounded_score():
    pay = Pay(**ARTICLE)
    assert pay_share(94.95, pay) < 1
    assert bonus_share(94.9999, pay) == 0


def test_what_is_95_in_arithmetic_is_95():
    noisy = np.array([94.99999999999999, 95.00000000000001])
    assert list(bonus_share(noisy, Pay(**ARTICLE))) == [1, 1]
    assert list(pay_share(noisy, Pay(**ARTICLE, points_counted="whole_started"))) == [1, 1]


def test_no_score_is_paid_in_full():
    for pay in (Pay(**ARTICLE), Pay(**ARTICLE, schedule=[{"score": 50, "share": 0.5}])):
        assert pay_share(np.nan, pay) == 1
        assert bonus_share(np.nan, pay) == 1


@pytest.mark.parametrize(
    ("counted", "shares"),
    [
        ("fraction", [0.995, 0.99, 0.985]),
        ("whole_started", [0.99, 0.99, 0.98]),
        ("whole_completed", [1, 0.99, 0.99]),
    ],
)
def test_how_a_point_is_counted(counted, shares):
    pay = Pay(**ARTICLE, points_counted=counted)
    np.testing.assert_allclose(pay_share([94.5, 94, 93.5], pay), shares, atol=1e-12)


def test_deduction_stops_at_the_floor():
    steep = {**ARTICLE, "deduction_per_point": 10.0}
    np.testing.assert_allclose(pay_share([90, 86, 80, 0], Pay(**steep)), [0.5, 0.1, 0, 0], atol=1e-12)
    np.testing.assert_allclose(
        pay_share([90, 86, 80, 0], Pay(**steep, floor=0.3)), [0.5, 0.3, 0.3, 0.3], atol=1e-12
    )


@pytest.mark.parametrize(
    ("threshold", "rate", "mean", "total", "deducted"),
    [(95, 1, 0.974667, 38.0, 9), (95, 2, 0.949333, 76.0, 9), (90, 1, 0.995, 7.5, 3)],
)
def test_fifteen_offices(threshold, rate, mean, total, deducted):
    pay = Pay(full_pay_threshold=threshold, deduction_per_point=rate, bonus_threshold=95)
    share = pay_share(SCORES, pay)
    assert share.mean() == pytest.approx(mean, abs=1e-6)
    assert 100 * (1 - share).sum() == pytest.approx(total, abs=1e-9)
    assert np.count_nonzero(share < 1) == deducted


def test_schedule_is_linear_between_corners_and_constant_outside():
    pay = Pay(
        **ARTICLE,
        schedule=[{"score": 80, "share": 0.5}, {"score": 90, "share": 0.9}, {"score": 95, "share": 1}],
    )
    np.testing.assert_allclose(
        pay_share([0, 80, 85, 90, 92.5, 95, 100], pay), [0.5, 0.5, 0.7, 0.9, 0.95, 1, 1], atol=1e-12
    )


def test_schedule_jumps_at_the_score_itself():
    corners = [
        {"score": 80, "share": 0.4, "jump_to": 0.5},
        {"score": 90, "share": 0.7, "jump_to": 0.9},
        {"score": 100, "share": 1.2},
    ]
    pay = Pay(**ARTICLE, schedule=corners, bonus_schedule=corners[1:2])
    scores = [79.99, 80, 85, 90 - 1e-7, 90, 95, 100]
    np.testing.assert_allclose(pay_share(scores, pay), [0.4, 0.5, 0.6, 0.7, 0.9, 1.05, 1.2], atol=1e-8)
    np.testing.assert_allclose(bonus_share(scores, pay), [0.7, 0.7, 0.7, 0.7, 0.9, 0.9, 0.9], atol=1e-12)


def test_schedule_that_repeats_the_article_pays_the_same():
    same = Pay(**ARTICLE, schedule=[{"score": 0, "share": 0.05}, {"score": 95, "share": 1}])
    scores = np.linspace(0, 100, 1001)
    np.testing.assert_allclose(pay_share(scores, same), pay_share(scores, Pay(**ARTICLE)), atol=1e-12)


def test_gini():
    incomes = [541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261]
    assert gini(incomes) == pytest.approx(0.462091, abs=1e-6)
    assert gini(incomes[::-1]) == gini(incomes)
    assert gini([3.0, 3.0, 3.0]) == 0
    assert np.isnan(gini([])) and np.isnan(gini([0.0, 0.0]))
