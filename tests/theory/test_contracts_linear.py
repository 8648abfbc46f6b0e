"""Linear contracts, several tasks and the ratchet, by the workbench's own schedules and best efforts."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.behaviour.kinds import cheapest
from sim.behaviour.planning import option
from sim.behaviour.worth import ratchet_share
from sim.behaviour.year import Tasks, with_duties
from sim.rules.incentive import marginal

from .contracts import linear
from .oracles.best_effort import best_score
from .oracles.contract import Contract, best_rate, contract
from .oracles.tasks import best_rates, efforts, surplus, task_cost

MIDDLE = 50.0  # far from the ends of the schedule


def of_rate(rate: float, r: float = 0.5, c: float = 2.0, variance: float = 1.5) -> Contract:
    return contract(linear(rate), MIDDLE, np.sqrt(variance), c, benefit=1.0, risk_aversion=r)


def test_one_task_linear_pay():
    """The rate searched for lands on 0.4, with effort 0.2 and surplus 0.1; first best 0.5 and 0.25."""
    rate = best_rate(lambda beta: of_rate(beta).surplus, np.linspace(0, 1, 21))
    assert rate == pytest.approx(0.4, abs=1e-4)
    best = of_rate(0.4)
    assert best.effort == pytest.approx(0.2, abs=1e-6)
    assert best.surplus == pytest.approx(0.1, abs=1e-6)
    riskless = of_rate(1.0, r=0.0)
    assert (riskless.effort, riskless.surplus) == (
        pytest.approx(0.5, abs=1e-6),
        pytest.approx(0.25, abs=1e-6),
    )


def test_surplus_falls_on_either_side_of_the_best_rate():
    values = [of_rate(beta).surplus for beta in np.linspace(0, 1, 11)]
    assert np.argmax(values) == 4
    assert (np.diff(values[:5]) > 0).all() and (np.diff(values[4:]) < 0).all()


@pytest.mark.parametrize("changes", [{"r": 1.0}, {"c": 4.0}, {"variance": 3.0}])
def test_the_best_rate_falls_in_risk_aversion_cost_and_noise(changes):
    grid = np.linspace(0, 1, 21)
    assert best_rate(lambda beta: of_rate(beta, **changes).surplus, grid) < 0.4 - 0.05


def test_effort_does_not_depend_on_noise_given_the_rate():
    found = [of_rate(0.4, variance=variance).effort for variance in (0.1, 1.5, 20.0)]
    np.testing.assert_allclose(found, 0.2, atol=1e-6)


SUBSTITUTES = np.array([[2.0, 1.0], [1.0, 2.0]])
APART = np.diag([2.0, 2.0])


@pytest.mark.parametrize(
    ("cost", "noise", "rates", "extra"),
    [
        (SUBSTITUTES, 4.0, (5 / 23, 2 / 23), (8 / 69, -1 / 69)),
        (SUBSTITUTES, np.inf, (0.2, 0.0), (0.133333, -0.066667)),
        (APART, np.inf, (0.333333, 0.0), (0.166667, 0.0)),
    ],
)
def test_measured_and_unmeasured_task(cost, noise, rates, extra):
    """The best rates and the efforts that they bring, from those under a fixed wage."""
    found = best_rates([1.0, 1.0], cost, 1.0, [1.0, noise])
    np.testing.assert_allclose(found, rates, atol=1e-6)
    np.testing.assert_allclose(efforts(found, cost), extra, atol=1e-6)


def test_the_best_rates_leave_the_greatest_surplus():
    noise = np.array([1.0, 4.0])
    best = best_rates([1.0, 1.0], SUBSTITUTES, 1.0, noise)
    most = surplus(best, [1.0, 1.0], SUBSTITUTES, 1.0, noise)
    for away in ([0.01, 0], [-0.01, 0], [0, 0.01], [0, -0.01], [0.01, 0.01]):
        assert surplus(best + away, [1.0, 1.0], SUBSTITUTES, 1.0, noise) < most


def test_paying_for_timeliness_lowers_quality():
    """A rate of 0.2 on timeliness alone costs 0.0667 of quality, and any rate on it costs some."""
    assert efforts([0.2, 0.0], SUBSTITUTES)[1] == pytest.approx(-0.066667, abs=1e-6)
    assert all(efforts([rate, 0.0], SUBSTITUTES)[1] < 0 for rate in (0.01, 0.1, 1.0))


def test_with_perfect_substitutes_the_best_rate_on_the_measured_task_is_zero():
    nearly_one = np.array([[2.0, 2.0 - 1e-9], [2.0 - 1e-9, 2.0]])
    np.testing.assert_allclose(best_rates([1.0, 1.0], nearly_one, 1.0, [1.0, np.inf]), 0, atol=1e-6)


@pytest.mark.parametrize("substitution", [-0.5, 0.0, 3 / 7, 0.9])
def test_the_cheapest_way_to_push_a_score_is_the_same_rule(substitution):
    """Units spread effort over kinds, and bear its cost, as Holmström and Milgrom's answer has it."""
    volume, assessed, curvature = np.array([0.5, 0.3, 0.2]), np.array([0.7, 0.3, 0.0]), 3.0
    cost = task_cost(volume, curvature, substitution)
    levels, gains = np.array([0.1, 1.0, 3.0]), np.array([-36.0, 0.0, 80.0])
    options, each = cheapest(volume, assessed, levels, gains, curvature, substitution, 0.1, 3.0)
    by_theory = efforts(0.06 * assessed, cost)  # 0.06 years of pay for a push of 1
    at = np.interp(assessed @ by_theory, options.push, np.arange(len(options.push)))
    found = [np.interp(at, np.arange(len(each)), own) for own in each.T]
    np.testing.assert_allclose(found, by_theory, atol=1e-12)
    push, gain, worth = option(options, at)
    assert gain == pytest.approx(40 * push) == pytest.approx(40 * assessed @ by_theory)
    assert worth == pytest.approx(by_theory @ cost @ by_theory / 2)
    assert volume @ by_theory == pytest.approx(0.06 / curvature)
    assert np.sign(by_theory[2]) == -np.sign(substitution)


@pytest.mark.parametrize("points", [0.0, 1.0, 20.0])
def test_standing_duties_are_a_task_with_hours_and_points(points):
    """An hour not spent on them is one of service: effort for them brings their points less that.

    With few points at stake they get less than the usual effort, all the more the fewer; never more.
    """
    rules = sim.load("binhai")
    volume, hours, levels = np.array([0.6, 0.4]), 0.1, np.array([0.85, 1.0, 1.25])
    gains = 40 * (levels - 1)
    part = rules.behaviour.responsive.effort
    work = with_duties(Tasks(volume, volume, part.least, part.most), hours, points, levels, gains, rules)
    options, each = cheapest(
        work.volume, work.assessed, levels, gains, 3.0, part.substitution, work.least, work.most
    )
    brings = np.append(volume, points / 40 - hours)
    by_theory = efforts(
        0.06 * brings, task_cost(np.append(volume / 1.1, hours / 1.1), 3.0, part.substitution)
    )
    if points > 10:
        assert (each[options.push >= 0, -1] == 0).all(), "well paid, they are all done, and not outdone"
    else:
        at = np.interp(brings @ by_theory, options.push, np.arange(len(options.push)))
        found = [np.interp(at, np.arange(len(each)), own) for own in each.T]
        np.testing.assert_allclose(found, by_theory, atol=1e-12)
        assert by_theory[-1] < 0 < by_theory[0]
        assert each[:, -1].min() >= rules.behaviour.responsive.allocation.floor - 1 - 1e-12


@pytest.mark.parametrize(("kappa", "effort"), [(0.0, 2.0), (0.3, 0.5), (1.0, 0.181818)])
def test_ratchet(kappa, effort):
    """b = 1, c = 0.5, r = 0.1: what is left of the incentive, and the effort it brings."""
    rate = ratchet_share(kappa, 0.1) * 1.0
    found = best_score(linear(rate), np.array([MIDDLE]), 1.0, cost=0.5) - MIDDLE
    assert found[0] == pytest.approx(effort, abs=1e-6)


def test_ratchet_is_the_best_plan_against_targets_that_follow():
    """Rewards less later targets, discounted: no other constant score pays more than b/c × r/(r + κ)."""
    b, c, r, kappa = 1.0, 0.5, 0.1, 0.3

    def plan(score: float) -> float:
        target, total = 0.0, 0.0
        for year in range(400):
            total += (b * (score - target) - c / 2 * score**2) / (1 + r) ** year
            target += kappa * (score - target)
        return total

    best = b / c * ratchet_share(kappa, r)
    myopic = b / c
    # a score kept up for ever: each year's own optimum is that of the ratchet, seen from the first year
    first_year = [_first_year_gain(score, b, c, r, kappa) for score in (best - 0.01, best, best + 0.01)]
    assert first_year[1] == max(first_year)
    assert plan(best) > plan(myopic)


def _first_year_gain(score: float, b: float, c: float, r: float, kappa: float) -> float:
    """What one year's score brings now and costs in all later targets."""
    later = sum(b * kappa * score * (1 - kappa) ** (lag - 1) / (1 + r) ** lag for lag in range(1, 2000))
    return b * score - c / 2 * score**2 - later


def test_marginal_incentive_of_a_linear_schedule_is_its_rate():
    np.testing.assert_allclose(marginal(linear(0.4), [20, 50, 80], 1.2), 0.4, atol=1e-9)
