"""Budget-neutral variants: one number solved so that a rule costs what it should."""

from functools import partial

import numpy as np
import pytest

from sim.rules import pay_share
from sim.rules.budget import NoSolution, expected_cost, neutral
from sim.scenario.pay import Pay

OFFICES = np.array([99, 98, 97, 96, 95.5, 95, 94.5, 94, 93, 92, 91, 90, 89.5, 88, 85])
ARTICLE = {"full_pay_threshold": 95.0, "deduction_per_point": 1.0, "bonus_threshold": 95.0}


def cost_of(**rule):
    return expected_cost(partial(pay_share, pay=Pay(**ARTICLE | rule)), OFFICES, 20_000.0)


def test_deduction_that_costs_the_same_from_90():
    """38 points are lost under 95 and 7.5 under 90, so each of these must cost 38 / 7.5 per cent."""
    target = cost_of()
    assert target == pytest.approx(20_000 * (15 - 0.38))
    found = neutral(
        lambda rate: cost_of(full_pay_threshold=90.0, deduction_per_point=rate), target, 0.0, 100.0
    )
    assert found == pytest.approx(38 / 7.5, abs=1e-6)


def test_threshold_at_which_two_per_cent_cost_the_same():
    found = neutral(
        lambda at: cost_of(full_pay_threshold=at, deduction_per_point=2.0), cost_of(), 80.0, 100.0
    )
    missing = np.maximum(found - OFFICES, 0).sum()
    assert missing == pytest.approx(19, abs=1e-6)


def test_a_distribution_of_scores_is_averaged():
    draws = np.stack([OFFICES - 1, OFFICES + 1])
    share = partial(pay_share, pay=Pay(**ARTICLE))
    assert expected_cost(share, draws) == pytest.approx((share(OFFICES - 1) + share(OFFICES + 1)).sum() / 2)
    assert expected_cost(share, OFFICES, np.arange(15.0)) == pytest.approx(
        (share(OFFICES) * np.arange(15)).sum()
    )


def test_falling_costs_and_ends():
    assert neutral(lambda x: 10 - x, 3.0, 0.0, 10.0) == pytest.approx(7)
    assert neutral(lambda x: x, 0.0, 0.0, 10.0) == pytest.approx(0)
    assert neutral(lambda x: x, 10.0, 0.0, 10.0) == pytest.approx(10)


def test_a_jump_gives_the_nearer_side():
    assert neutral(lambda x: 0.0 if x < 4 else 10.0, 3.0, 0.0, 9.0) == pytest.approx(4, abs=1e-6)
    assert neutral(lambda x: 0.0 if x < 4 else 10.0, 3.0, 0.0, 9.0) < 4
    assert neutral(lambda x: 0.0 if x < 4 else 10.0, 8.0, 0.0, 9.0) >= 4


def test_no_value_is_neutral():
    with pytest.raises(NoSolution, match="from 0 to 10, never 11") as told:
        neutral(lambda x: x, 11.0, 0.0, 10.0)
    assert (told.value.cheapest, told.value.dearest) == (0, 10)
    with pytest.raises(ValueError, match="no interval"):
        neutral(lambda x: x, 1.0, 5.0, 5.0)
    with pytest.raises(ValueError, match="no number"):
        neutral(lambda x: float("nan"), 1.0, 0.0, 5.0)
