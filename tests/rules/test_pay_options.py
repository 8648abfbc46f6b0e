"""The designer's options of pay: by rank, with the benefit of the doubt, and the reward fund."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from sim.rules import pay_share, shares
from sim.rules.pay import fund_parts, lifted
from sim.rules.schedule import bonus_schedule, combined, pay_schedule
from sim.scenario.pay import Gate, Pay, RewardFund

ARTICLE = {"full_pay_threshold": 95.0, "deduction_per_point": 1.0, "bonus_threshold": 95.0}
OFFICES = [99, 98, 97, 96, 95.5, 95, 94.5, 94, 93, 92, 91, 90, 89.5, 88, 85]


def paid(scores, pay, error=0.0, bound=True):
    scores = np.array(scores, float)
    return shares(scores, np.full(len(scores), error), scores, np.full(len(scores), bound), pay)


def points_lost(mean, sd, pay, error):
    """Expected deduction, points, of a unit whose score is normal: the pay rule itself, integrated."""

    def lost(score):
        return 100 * (1 - paid([score], pay, error)[0, 0]) * norm.pdf(score, mean, sd)

    return quad(lost, mean - 9 * sd, 95, epsabs=1e-9, limit=300)[0]


def test_without_options_units_are_paid_by_score():
    pay = Pay(**ARTICLE)
    found = paid([*OFFICES, np.nan], pay, error=5.0)
    np.testing.assert_array_equal(found[0], pay_share([*OFFICES, np.nan], pay))
    np.testing.assert_array_equal(paid([60], pay, bound=False), [[1], [1]])


@pytest.mark.parametrize(("mean", "tax"), [(95, 0.797885), (96, 0.395593), (97, 0.166631), (94, 1.395593)])
def test_noise_tax_of_the_article(mean, tax):
    assert points_lost(mean, 2.0, Pay(**ARTICLE), 2.0) == pytest.approx(tax, abs=1e-5)


def test_gate_takes_the_noise_tax_away():
    gated = Pay(**ARTICLE, gate=Gate(on=True))
    assert points_lost(95, 2.0, gated, 2.0) / 2 == pytest.approx(0.020886, abs=1e-5)
    assert points_lost(90, 2.0, gated, 2.0) == pytest.approx(1.93, abs=0.005)


def test_gate_lifts_to_the_threshold_and_no_further():
    score, error = np.array([99, 95, 94, 90, np.nan]), np.array([2.0, 2, 2, 2, 2])
    margin = 2 * norm.ppf(0.95)
    np.testing.assert_allclose(lifted(score, error, 95, 0.95), [99, 95, 95, 90 + margin, np.nan])


def test_gate_saves_the_bonus_of_those_within_the_margin():
    gated = Pay(**ARTICLE, gate=Gate(on=True))
    np.testing.assert_array_equal(paid([94, 91], gated, error=2.0)[1], [1, 0])
    np.testing.assert_array_equal(paid([94, 91], Pay(**ARTICLE), error=2.0)[1], [0, 0])


def test_a_share_moves_from_last_years_by_no_more_than_allowed():
    """Scores of 99, 90, 70 and none; the article's rule pays 1, 0.95 and 0.75. Three points are allowed."""
    pay = Pay(**ARTICLE, most_change=3)
    scores = np.array([99, 90, 70, np.nan])

    def share(last_year, pay=pay):
        return pay_share(scores, pay, None if last_year is None else np.array(last_year, float))

    np.testing.assert_allclose(share(None), [1, 0.95, 0.75, 1])
    np.testing.assert_allclose(share([1, 1, 1, 1]), [1, 0.97, 0.97, 1])
    np.testing.assert_allclose(share([0.9, 0.94, 0.75, 0.5]), [0.93, 0.95, 0.75, 1])
    np.testing.assert_allclose(share([np.nan, np.nan, 0.6, np.nan]), [1, 0.95, 0.63, 1])
    floored = Pay(**ARTICLE, most_change=3, floor=0.9)
    np.testing.assert_allclose(share([0.8, 0.8, 0.8, 1], floored), [0.93, 0.93, 0.9, 1])
    np.testing.assert_array_equal(share([0.5] * 4, Pay(**ARTICLE)), share(None))


@pytest.mark.parametrize("more", [{}, {"points_counted": "whole_started"}, {"floor": 0.9}, {"ceiling": 0.98}])
def test_what_people_answer_to_is_what_is_paid_under_a_bounded_change(more):
    """Each unit's schedule is the rule between its own bounds, at any score and at the corners."""
    pay = Pay(**ARTICLE, most_change=2, **more)
    last_year = np.array([1.0, 0.97, 0.93, 0.5, np.nan])
    schedule = pay_schedule(pay, last_year)
    both = combined([(schedule, np.full(5, 10.0)), (bonus_schedule(pay), np.full(5, 3.0))])
    for score in [*np.linspace(0, 100, 1009), *schedule.at]:
        expected = pay_share(np.full(5, score), pay, last_year)
        np.testing.assert_allclose(schedule.value(np.full(5, score)), expected, atol=1e-9)
        np.testing.assert_allclose(
            both.value(np.full(5, score)), 10 * expected + 3 * (score >= 95), atol=1e-9
        )


def test_pay_by_rank_is_a_fixed_sum():
    """A straight line over the percentile pays its middle on average, whatever the scores are."""
    line = Pay(**ARTICLE, basis="rank", schedule=[{"score": 0, "share": 0.8}, {"score": 100, "share": 1.2}])
    for scores in (OFFICES, np.array(OFFICES) - 30, [90] * 15):
        assert paid(scores, line)[0].mean() == pytest.approx(1.0)
    first, *_, last = paid(OFFICES, line)[0]
    assert (first, last) == pytest.approx((0.8 + 0.4 * 29 / 30, 0.8 + 0.4 / 30))


def test_only_bound_units_compete_for_pay_by_rank():
    line = Pay(**ARTICLE, basis="rank", schedule=[{"score": 0, "share": 0}, {"score": 100, "share": 1}])
    scores = np.array([90.0, 80.0, 99.0])
    found = shares(scores, np.zeros(3), scores, np.array([True, True, False]), line)
    np.testing.assert_allclose(found[0], [0.75, 0.25, 1.0])


def test_fund_is_shared_by_the_honoured():
    top, score = np.array([True, False, True]), np.array([99.0, 80, 66])
    fund = RewardFund(on=True, sum=16500)
    np.testing.assert_allclose(fund_parts(top, score, fund), [8250, 0, 8250])
    by_score = RewardFund(on=True, sum=16500, shared="by_score")
    np.testing.assert_allclose(fund_parts(top, score, by_score), [9900, 0, 6600])
    assert fund_parts(~top & top, score, fund).sum() == 0


def test_winners_and_losers_of_a_steeper_rule():
    """Bins at −5, −0.1, 0.1 and 5 % of pay, each open on the left and closed on the right."""
    base = pay_share(OFFICES, Pay(**ARTICLE))

    def bins(pay):
        change = np.round(100 * (pay_share(OFFICES, pay) / base - 1), 9)
        edges = np.array([-5, -0.1, 0.1, 5])
        return np.bincount(np.searchsorted(edges, change, side="left"), minlength=5).tolist()

    assert bins(Pay(**ARTICLE | {"deduction_per_point": 2.0})) == [4, 5, 6, 0, 0]
    assert bins(Pay(**ARTICLE | {"full_pay_threshold": 90.0})) == [0, 0, 6, 5, 4]
    assert bins(Pay(**ARTICLE)) == [0, 0, 15, 0, 0]
