"""The price of risk in a plan by the month: a lottery is never rated below the worst that may come."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.interpolate import CubicHermiteSpline
from scipy.special import ndtr

from sim.behaviour import planning
from sim.behaviour.expected_worth import Worth, expected
from sim.behaviour.planning import Luck, Options

WORTH = Worth(
    np.array([80.0, 95.0]), np.array([0.3, 0.0]), np.array([0.02, -0.02]), 0.0, 0.01, 0.0, 1.0, np.empty(0)
)
IDLE = Options(np.zeros(1), np.zeros(1), np.zeros(1), np.zeros(1), True)
TWO = Luck(0.0, np.array([[-3.0, 3.0]]), np.array([[0.5, 0.5]]))


@pytest.mark.parametrize("luck", [Luck(4.0, *planning.NO_LUCK[1:]), Luck(0.4, *planning.NO_LUCK[1:]), TWO])
@pytest.mark.parametrize("aversion", [2.0, 20.0, 200.0])
def test_a_plan_stays_between_the_worst_and_the_mean(luck, aversion):
    def first_month(price: float) -> np.ndarray:
        future = planning.induction(WORTH, IDLE, luck, 12, 60.0, 0.5, 90, 1.0, False, price)
        return future.value[0, 0]

    averse, neutral = first_month(aversion), first_month(0.0)
    ends = [expected(WORTH, 60.0 + 0.5 * i, 0.0, False) for i in range(90)]
    last = planning.induction(WORTH, IDLE, luck, 1, 60.0, 0.5, 90, 1.0, False, aversion).value[0, 0]
    assert np.isfinite(averse).all()
    assert (averse >= last.min() - 1e-9).all(), "each month costs no more than what may come after it"
    assert averse.mean() < neutral.mean() <= max(ends)


def test_a_little_aversion_costs_half_the_variance():
    luck, rest = Luck(0.0, np.array([[-1.0, 1.0]]), np.array([[0.5, 0.5]])), (40.0, 0.5, 200, 0.0, False)
    steady = Worth(np.array([0.0]), np.array([0.0]), np.array([0.0]), 0.0, 0.01, 0.0, 1.0, np.empty(0))
    averse, neutral = (
        planning.induction(steady, IDLE, luck, 1, *rest, price).value[0, 0, 100] for price in (2.0, 0.0)
    )
    assert neutral - averse == pytest.approx(0.01**2, rel=1e-3)


@pytest.mark.parametrize("sd", [1.0, 0.3])
def test_the_luck_of_months_adds_up_to_that_of_the_year(sd):
    """Nobody can do anything: a line at 95 is worth the chance of a normal number to reach it."""
    line = Worth(np.array([95.0]), np.array([1.0]), np.array([0.0]), 0.0, 0.0, 0.0, 1.0, np.empty(0))
    luck, start, step, unseen = Luck(sd, *planning.NO_LUCK[1:]), 70.0, sd / 5, 0.8
    future = planning.induction(line, IDLE, luck, 12, start, step, int(50 / step), unseen, False, 0.0)
    score = start + step * np.arange(future.value.shape[2])
    near = np.abs(score - 95) < 8
    expected = ndtr((score - 95) / np.hypot(unseen, sd * np.sqrt(12)))
    assert future.value[0, 0][near] == pytest.approx(expected[near], abs=2e-3)
    assert future.ends[0, 0][near] == pytest.approx(score[near], abs=1e-9), "luck has no direction"


def test_the_best_effort_is_found_on_either_hill():
    """Near a line the worth has two hills; no effort of a fine grid is better than the one that is found."""
    push = np.linspace(-0.2, 0.4, 7)
    options = Options(push, 20 * push, 0.5 * push**2, push, False)
    line = Worth(np.array([95.0]), np.array([0.2]), np.array([0.0]), 0.0, 0.002, 0.0, 1.0, np.empty(0))
    luck, start, step = Luck(0.5, *planning.NO_LUCK[1:]), 75.0, 0.1
    future = planning.induction(line, options, luck, 12, start, step, 400, 0.3, False, 0.0)
    curve = future.value[6, 0]
    efforts = np.linspace(-0.2, 0.4, 6001)

    def net(effort: np.ndarray, score: float) -> np.ndarray:
        scores = start + step * np.arange(len(curve))
        return (
            CubicHermiteSpline(scores, curve, np.gradient(curve, step))(score + 20 * effort / 12)
            - 0.5 * effort**2 / 12
        )

    chosen = []
    for score in np.arange(80.0, 110.0, 0.37):
        at = planning.choose(options, future, 6, score)
        chosen.append(push[0] + 0.1 * at)
        assert net(np.array(chosen[-1:]), score)[0] >= net(efforts, score).max() - 1e-7
    assert min(chosen) < 0.05 < 0.1 < max(chosen), "both hills are taken somewhere"
