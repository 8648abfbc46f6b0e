"""Slopes, kinks and cliffs: effort, expected pay, bunching, noise and the size of an office."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.evaluate.bunching import bunching, implied_cost
from sim.evaluate.gains import PAY_BINS, winners_losers
from sim.rules.incentive import marginal
from sim.rules.pay import pay_share
from sim.rules.schedule import pay_schedule
from tests.theory.oracles.case_luck import chance_under, counted_scores, expected_of_cases
from tests.theory.oracles.speed_choice import best_speed

from .contracts import cliff, deduction, pay, points
from .oracles.best_effort import best_score
from .oracles.noise import benefit_of_doubt, expected_deduction, noise_tax
from .oracles.single_server import on_time_share


@pytest.mark.parametrize(
    ("per_point", "aim", "under", "lost"),
    [
        (0.5, 92.480570, 0.896114, 1.309284),
        (1.0, 94.323717, 0.632372, 1.181211),
        (2.0, 95.608682, 0.380434, 1.060425),
    ],
)
def test_one_per_cent_a_point(per_point, aim, under, lost):
    """c = 0.1, start 88, σ = 2, threshold 95."""
    schedule = deduction(95.0, per_point)
    found = best_score(schedule, np.array([88.0]), 2.0, 0.1)
    assert found[0] == pytest.approx(aim, abs=1e-4)
    assert marginal(schedule, found, 2.0)[0] / per_point == pytest.approx(under, abs=1e-5)
    assert expected_deduction(schedule, found, 2.0, full=100.0)[0] == pytest.approx(lost, abs=1e-5)


def test_doubling_the_deduction_raises_what_is_lost_at_90_and_lowers_it_at_95():
    """The sign of the effect depends on the threshold, which no line through two points tells."""

    def lost(threshold: float, per_point: float) -> float:
        schedule = deduction(threshold, per_point)
        aim = best_score(schedule, np.array([88.0]), 2.0, 0.1)
        return float(expected_deduction(schedule, aim, 2.0, full=100.0)[0])

    assert lost(90.0, 2.0) > lost(90.0, 1.0)
    assert lost(95.0, 2.0) < lost(95.0, 1.0)


STARTS = 80 + 20 * (np.arange(10_000) + 0.5) / 10_000  # uniform on 80 to 100


def test_bunching_at_a_kink():
    """c = 0.5, one point a point, no noise: a tenth stands at 95 exactly, and the estimate finds c."""
    aim = best_score(deduction(), STARTS, 0.0, 0.5)
    np.testing.assert_allclose(aim[STARTS < 93], STARTS[STARTS < 93] + 2, atol=1e-9)
    np.testing.assert_array_equal(aim[STARTS >= 95], STARTS[STARTS >= 95])
    assert np.mean(aim == 95) == pytest.approx(0.10, abs=1e-9)
    assert np.mean(aim - STARTS) == pytest.approx(1.4, abs=1e-6)
    counts, _ = np.histogram(aim, np.arange(82, 100.01, 0.5))
    assert counts.min() > 0  # a kink leaves no hole
    found = bunching(aim, 95.0, width=0.5)
    assert found.points == pytest.approx(2.0, rel=0.02)
    assert implied_cost(found, 1.0) == pytest.approx(0.5, rel=0.02)


def test_without_the_kink_nothing_bunches():
    found = bunching(best_score(deduction(100.0), STARTS, 0.0, 0.5), 95.0, width=0.5)
    assert abs(found.points) < 1e-6


def test_a_cliff_leaves_a_hole_under_it():
    """A notch: whoever is close enough jumps over it, so that just under it nobody is left."""
    aim = best_score(cliff(90, 5), STARTS, 0.0, 0.5)
    reach = np.sqrt(2 * 5 / 0.5)
    jumps = (STARTS < 90) & (90 - reach < STARTS)
    np.testing.assert_array_equal(aim[jumps], 90.0)
    np.testing.assert_array_equal(aim[~jumps], STARTS[~jumps])
    assert not ((aim > 90 - reach + 0.01) & (aim < 90)).any()


def test_bunching_of_whole_points_wants_whole_bins():
    heaped = np.repeat(np.arange(88.0, 100.0), 50)
    with pytest.raises(ValueError, match="whole"):
        bunching(heaped, 95.0, width=0.5)
    flat = bunching(heaped, 95.0, width=1.0, high=1.0, degree=1)
    assert abs(flat.points) < 1e-6
    with pytest.raises(ValueError, match="too few bins"):
        bunching(heaped, 95.0, width=1.0, high=1.0, reach=2.0)


HUMP = [
    (84.0, 0.022933, 0.998598),
    (88.0, 1.994704, 0.501056),
    (90.0, 1.503634, 0.226081),
    (94.0, 0.216201, 0.017511),
]


@pytest.mark.parametrize(("start", "effort", "under"), HUMP)
def test_cliff_with_noise(start, effort, under):
    """L = 5, c = 0.5, σ = 2, cliff at 90."""
    aim = best_score(cliff(90, 5), np.array([start]), 2.0, 0.5)
    assert aim[0] - start == pytest.approx(effort, abs=1e-4)
    lost = expected_deduction(cliff(90, 5), aim, 2.0, full=5.0)[0]
    assert lost / 5 == pytest.approx(under, abs=1e-5)


def test_effort_at_a_cliff_is_a_hump():
    """The peak stands at 88.005289; the hopeless and the safe give up, as they do not on a slope."""
    starts = np.linspace(80, 98, 181)
    effort = best_score(cliff(90, 5), starts, 2.0, 0.5) - starts
    top = best_score(cliff(90, 5), np.array([88.005289]), 2.0, 0.5)[0] - 88.005289
    assert top == pytest.approx(1.994711, abs=1e-4)
    assert effort.max() <= top + 1e-9
    assert starts[np.argmax(effort)] == pytest.approx(88.0, abs=0.1)
    peak = np.argmax(effort)
    assert (np.diff(effort[: peak + 1]) > 0).all() and (np.diff(effort[peak:]) < 0).all()
    slope = best_score(deduction(90.0), starts, 2.0, 0.5) - starts
    assert effort[0] < 0.001 < 1.9 < slope[0]
    assert (np.diff(slope) < 1e-9).all()


def test_of_several_local_optima_the_best_is_taken():
    """With little noise some neither stay nor barely jump: two optima, of which one pays more."""
    schedule, sd, cost = cliff(90, 5), 0.3, 0.5
    starts = np.linspace(84, 90, 61)
    aim = best_score(schedule, starts, sd, cost)
    grid = np.linspace(80, 95, 15_001)
    worth = 5 - expected_deduction(schedule, grid, sd, full=5.0)
    best = np.array([grid[np.argmax(worth - cost / 2 * (grid - start) ** 2)] for start in starts])
    np.testing.assert_allclose(aim, best, atol=2e-3)
    assert np.max(np.diff(aim)) > 3  # the jump from staying to reaching


NOISE = [(95, 0.797885, 0.5), (96, 0.395593, 0.3085), (97, 0.166631, 0.1587), (94, 1.395593, 0.6915)]


@pytest.mark.parametrize(("mean", "lost", "slope"), NOISE)
def test_noise_tax(mean, lost, slope):
    """What noise of 2 points takes from an office near the threshold, and what a point is worth."""
    schedule = deduction()
    assert expected_deduction(schedule, mean, 2.0, full=100.0) == pytest.approx(lost, abs=1e-6)
    assert noise_tax(schedule, mean, 2.0) == pytest.approx(lost - max(95 - mean, 0), abs=1e-6)
    assert marginal(schedule, mean, 2.0) == pytest.approx(slope, abs=5e-5)


@pytest.mark.parametrize("error", [0.5, 2.0])
def test_gated_deduction(error):
    """A margin of 1.645 standard errors takes away 95 % of the noise tax; an office that is 5 points
    under still pays.
    """
    open_, gated = deduction(), benefit_of_doubt(deduction(), error, 1.645)
    assert expected_deduction(open_, 95, error, 100.0) / error == pytest.approx(0.398942, abs=1e-6)
    assert expected_deduction(gated, 95, error, 100.0) / error == pytest.approx(0.020886, abs=1e-6)
    two = benefit_of_doubt(deduction(), 2.0, 1.645)
    assert expected_deduction(two, 90, 2.0, 100.0) == pytest.approx(1.93, abs=5e-3)


LUCK = [
    (20, 1.792430, 0.264160, 0.075484),
    (50, 1.253287, 0.459467, 0.037776),
    (200, 0.609698, 0.416933, 0.001160),
    (1000, 0.274493, 0.462471, 0.0),
    (5000, 0.122921, 0.483182, 0.0),
]


@pytest.mark.parametrize(("cases", "lost", "under_95", "under_90"), LUCK)
def test_luck_of_offices_just_on_target(cases, lost, under_95, under_90):
    """Score = 100 X / n, X binomial with p = 0.95: the small ones pay for their size."""
    assert 100 - expected_of_cases(deduction(), cases, 0.95) == pytest.approx(lost, abs=1e-6)
    assert chance_under(95, cases, 0.95) == pytest.approx(under_95, abs=1e-6)
    assert chance_under(90, cases, 0.95) == pytest.approx(under_90, abs=1e-6)
    assert counted_scores(cases, 0.95)[1].sum() == pytest.approx(1, abs=1e-12)


def test_large_offices_are_as_the_normal_forecast_says():
    lost = 100 - expected_of_cases(deduction(), 5000, 0.95)
    sd = 100 * np.sqrt(0.95 * 0.05 / 5000)
    assert expected_deduction(deduction(), 95, sd, 100.0) == pytest.approx(lost, rel=2e-3)


SCORES = np.array([99, 98, 97, 96, 95.5, 95, 94.5, 94, 93, 92, 91, 90, 89.5, 88, 85])


@pytest.mark.parametrize(
    ("threshold", "per_point", "mean", "total", "deducted"),
    [(95.0, 1.0, 0.974667, 38.0, 9), (95.0, 2.0, 0.949333, 76.0, 9), (90.0, 1.0, 0.995, 7.5, 3)],
)
def test_pay_arithmetic(threshold, per_point, mean, total, deducted):
    """Fifteen offices; the same by the rule of pay and by its schedule."""
    rule = pay(full_pay_threshold=threshold, deduction_per_point=per_point)
    for share in (pay_share(SCORES, rule), pay_schedule(rule).value(SCORES)):
        assert share.mean() == pytest.approx(mean, abs=1e-6)
        assert 100 * (1 - share).sum() == pytest.approx(total, abs=1e-6)
        assert np.count_nonzero(share < 1) == deducted


@pytest.mark.parametrize(
    ("changes", "bins"),
    [
        ({"deduction_per_point": 2.0}, [4, 5, 6, 0, 0]),
        ({"full_pay_threshold": 90.0}, [0, 0, 6, 5, 4]),
        ({}, [0, 0, 15, 0, 0]),
    ],
)
def test_winners_and_losers(changes, bins):
    """Who gains and loses against 1 % a point under 95; a policy against itself: nobody, exactly."""
    tables = []
    for policy, rule in (("base", pay()), ("other", pay(**changes))):
        share = pay_share(SCORES, rule)
        rows = {"unit": [f"u{place}" for place in range(15)], "value": 100_000 * share}
        tables.append(pd.DataFrame(rows).assign(policy=policy))
    outcomes = pd.concat(tables).assign(
        behaviour="mechanical", replication=0, year=2025, month=0, kind="", person="", outcome="pay"
    )
    outcomes = pd.concat([outcomes, outcomes.assign(replication=1)], ignore_index=True)
    found = winners_losers(outcomes, "other", "base", of="unit")
    assert list(found.index) == list(PAY_BINS)
    assert found["count"].tolist() == bins


LIMIT = np.log(20) / 0.2  # 14.978661: an M/M/1 office of 0.8 and 1 is in time in 95 % of cases


def office_score(speed: np.ndarray) -> np.ndarray:
    return 100 * on_time_share(0.8, speed, LIMIT)


@pytest.mark.parametrize(
    ("kappa", "speed", "score"),
    [(0.2, 1.0, 95.0), (0.748933, 1.0, 95.0), (1.0, 0.981917, 93.4446), (2.0, 0.938650, 87.4668)],
)
def test_kink_optimum_of_an_office(kappa, speed, score):
    """Pay × (1 − 1 % a point under 95) − κ μ² / 2 at an M/M/1 office: most stop just at 95."""
    found = best_speed(pay_schedule(pay()), office_score, kappa, 0.81, 2.0)
    assert found == pytest.approx(speed, abs=1e-6)
    assert office_score(found) == pytest.approx(score, abs=1e-4)


def test_share_of_offices_at_the_kink():
    """With κ uniform on 0 to 2, 37.4467 % of the offices stand at 95."""
    kappas = 2 * (np.arange(400) + 0.5) / 400
    speeds = [best_speed(pay_schedule(pay()), office_score, kappa, 0.81, 2.0) for kappa in kappas]
    at_95 = np.mean(np.abs(office_score(np.array(speeds)) - 95) < 1e-6)
    assert at_95 == pytest.approx(0.374467, abs=1 / 400)
    assert pytest.approx(0.748933, abs=1e-6) == 0.05 * LIMIT


def test_steps_and_fractions_are_one_form():
    """Whole points begun or completed are steps, a floor and a ceiling are corners: pay is the same at every
    score, and what is expected is what simulation finds."""
    score = np.linspace(0, 100, 2001)
    rng = np.random.default_rng(3)
    rules = [
        pay(points_counted=counted, floor=floor, deduction_per_point=lost)
        for counted in ("fraction", "whole_started", "whole_completed")
        for floor in (0.0, 0.4)
        for lost in (0.0, 1.0, 7.0)
    ]
    rules.append(
        pay(schedule=[{"score": 80, "share": 0.2, "jump_to": 0.5}, {"score": 95, "share": 1.1}], floor=0.3)
    )
    for rule in rules:
        schedule = pay_schedule(rule)
        np.testing.assert_allclose(schedule.value(score), pay_share(score, rule), atol=1e-9)
        drawn = rng.normal(93.0, 3.0, 100_000)
        paid = pay_share(drawn, rule)
        error = paid.std() / np.sqrt(len(paid)) + 1e-9
        assert abs(paid.mean() - (1 - expected_deduction(schedule, 93.0, 3.0))) <= 4 * error


def test_sure_scores():
    """Without noise: the value and the slope of the schedule itself; at a cliff the next point is all."""
    schedule = points(pay_schedule(pay()))
    np.testing.assert_allclose(marginal(schedule, [90, 95, 97], 0.0), [1, 0.5, 0], atol=1e-12)
    assert expected_deduction(schedule, 93, 0.0, 100.0) == pytest.approx(2)
    assert marginal(cliff(90, 5), 90, 0.0) == np.inf and marginal(cliff(90, 5), 89.9, 0.0) == 0
