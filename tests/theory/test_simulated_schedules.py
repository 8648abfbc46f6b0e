"""Slopes, kinks and cliffs in a simulated bureau: what people do is what theory says."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr

from .contracts import cliff, deduction
from .even_offices import months, offices, simulated
from .oracles.best_effort import best_score
from .oracles.noise import expected_deduction

CLOSE = {"rel": 0.03, "abs": 0.02}  # of the gain; points


@pytest.mark.parametrize("foresight", ["dynamic", "plan"])
@pytest.mark.parametrize("months_sd", [0.0, 2.0])
def test_a_constant_incentive_brings_the_same_effort_in_every_month(foresight, months_sd):
    """A point is 1 % of pay at any score: 0.100 more effort from January to December, year after year."""
    scenario = offices(
        50.0, 2, cost=0.25, months_sd=months_sd, years=2,
        pay={"deduction_per_point": 1}, effort={"foresight": foresight},
    )  # fmt: skip
    found = months(scenario)["value"]
    assert len(found) == 2 * 2 * 12
    np.testing.assert_allclose(found, 4.0, atol=1e-3)


SLOPES = [
    (90, 0.5, 90.250658, 0.450132, 0.339407),
    (90, 1, 91.031007, 0.303101, 0.386111),
    (90, 2, 91.767719, 0.188386, 0.413747),
    (95, 0.5, 92.480570, 0.896114, 1.309284),
    (95, 1, 94.323717, 0.632372, 1.181211),
    (95, 2, 95.608682, 0.380434, 1.060425),
    (98, 0.5, 92.970232, 0.994046, 2.516798),
    (98, 1, 96.182539, 0.818254, 2.015130),
    (98, 2, 98.000000, 0.500000, 1.595769),
]


def lost(threshold: float, per_point: float, count: int = 2, years: int = 1):
    """What comes of `per_point` per cent for each point under the threshold, from 88, with noise of 2."""
    pay = {"full_pay_threshold": threshold, "deduction_per_point": per_point}
    return simulated(offices(88.0, count, cost=0.1, sd=2.0, years=years, pay=pay))


@pytest.mark.parametrize(("threshold", "per_point", "aim", "under", "deducted"), SLOPES)
def test_a_deduction_under_a_threshold_with_noise(threshold, per_point, aim, under, deducted):
    found = lost(threshold, per_point)
    np.testing.assert_allclose(found["true_score"] - found["extra"], 88.0, atol=1e-9)
    assert found["extra"].mean() == pytest.approx(aim - 88, **CLOSE)
    at = 88 + found["extra"].mean()
    assert expected_deduction(deduction(threshold, per_point), at, 2.0, 100.0) == pytest.approx(
        deducted, abs=0.01
    )
    assert ndtr((threshold - at) / 2) == pytest.approx(under, abs=0.01)


def test_what_is_deducted_is_what_was_expected():
    """15 offices over 4 years; doubling the rate raises what is lost at 90 and lowers it at 95."""
    losses = {}
    for threshold, per_point in ((90, 1), (90, 2), (95, 1), (95, 2)):
        found = lost(threshold, per_point, 15, 4)
        paid = 100 * (1 - found["pay_share"])
        exact = next(row for row in SLOPES if row[:2] == (threshold, per_point))
        error = paid.std(ddof=1) / np.sqrt(len(paid))
        assert abs(paid.mean() - exact[4]) <= 4 * error
        share = np.mean(found["score"] < threshold)
        assert abs(share - exact[3]) <= 4 * np.sqrt(exact[3] * (1 - exact[3]) / len(paid))
        # the same luck everywhere: what is expected of the efforts found tells the sign
        at = 88 + found["extra"].mean()
        losses[threshold, per_point] = expected_deduction(deduction(threshold, per_point), at, 2.0, 100.0)
    assert losses[90, 2] > losses[90, 1]
    assert losses[95, 2] < losses[95, 1]


@pytest.mark.parametrize(
    ("start", "gain", "under"),
    [
        (84.0, 0.022933, 0.998598),
        (88.0, 1.994704, 0.501056),
        (90.0, 1.503634, 0.226081),
        (94.0, 0.216201, 0.017511),
    ],
)
def test_a_cliff_with_noise(start, gain, under):
    """A career value of 5 % of pay at 90: the hopeless and the safe do little."""
    found = simulated(offices(start, 1, cost=0.5, sd=2.0, years=1, careers={"promotion": 0.05}))
    assert found["extra"].mean() == pytest.approx(gain, **CLOSE)
    assert ndtr((90 - found["true_score"].mean()) / 2) == pytest.approx(under, abs=0.01)


def test_effort_before_a_cliff_has_its_peak_at_88():
    """As a target bonus of 5 % of pay from 90 on; the peak is 1.994711 at 88.005."""
    starts = [86.0, 87.0, 87.5, 88.0, 88.5, 89.0, 90.0, 92.0]
    pay = {"bonus_threshold": 90}
    found = simulated(offices(starts, cost=0.5, sd=2.0, years=1, pay=pay, bonus=5.0))
    extra = found.set_index("usual_score")["extra"].sort_index()
    np.testing.assert_allclose(extra.index, starts, atol=1e-9)
    assert extra.idxmax() == pytest.approx(88.0)
    assert extra.max() == pytest.approx(1.9947, **CLOSE)
    np.testing.assert_allclose(
        extra, best_score(cliff(90, 5), np.array(starts), 2.0, 0.5) - starts, rtol=0.03, atol=0.02
    )


STARTS = [80.25 + 0.5 * number for number in range(40)]  # evenly from 80 to 100


@pytest.mark.parametrize("sd", [0.0, 0.01])
def test_a_kink_collects_a_mass(sd):
    """A tenth stands at 95 and nobody is missing under it; the others gain w/c or nothing."""
    found = simulated(offices(STARTS, cost=0.5, sd=sd, years=1, pay={"deduction_per_point": 1}))
    usual, aim = found["usual_score"].to_numpy(), found["true_score"].to_numpy()
    far, near = usual < 93, (usual > 93) & (usual < 95)
    np.testing.assert_allclose(aim[far], usual[far] + 2, atol=0.02)
    np.testing.assert_allclose(aim[near], 95, atol=0.02)
    np.testing.assert_allclose(aim[usual > 95], usual[usual > 95], atol=0.02)
    assert np.mean(np.abs(aim - 95) < 0.02) == pytest.approx(0.10, abs=0.01)
    assert found["extra"].mean() == pytest.approx(1.4, **CLOSE)


@pytest.mark.parametrize("sd", [0.0, 0.01])
def test_a_notch_leaves_a_hole(sd):
    """4 % of pay at 90, reach 2: all between 88 and 90 jump just over it, whoever is further off stays."""
    found = simulated(offices(STARTS, cost=2.0, sd=sd, years=1, careers={"promotion": 0.04}))
    usual, aim = found["usual_score"].to_numpy(), found["true_score"].to_numpy()
    within = (usual > 88) & (usual < 90)
    assert ((aim[within] >= 90) & (aim[within] < 90.05)).all()
    np.testing.assert_allclose(aim[~within], usual[~within], atol=0.02)
    assert np.mean((aim >= 88) & (aim < 90)) == 0
    assert np.mean((aim >= 90) & (aim < 90.05)) == pytest.approx(0.10, abs=0.01)


@pytest.mark.parametrize("sd", [0.0, 0.001, 0.01])
def test_a_target_just_in_reach(sd):
    """With hardly any noise the jump over a cliff of 5 is worth 4.47 points of effort, and no more."""
    starts = [85.4, 85.6, 88.0, 89.9, 90.0]
    found = simulated(offices(starts, cost=0.5, sd=sd, years=1, careers={"promotion": 0.05}))
    extra = found.set_index("usual_score")["extra"].sort_index()
    np.testing.assert_allclose(extra, [0.0, 4.4, 2.0, 0.1, 0.0], atol=0.05)


@pytest.mark.parametrize("width", [2.0, 4.0])
def test_uniform_noise(width):
    """Cost meets chance: c a = w (T − S + width) / (2 width)."""
    cost, rate = 0.1, 1.0
    pay = {"deduction_per_point": rate}
    found = simulated(
        offices(88.0, 1, cost=cost, sd=width / np.sqrt(3), shape="uniform", years=1, pay=pay)
    )  # fmt: skip
    gain = min(rate * (95 - 88 + width) / (2 * width) / (cost + rate / (2 * width)), rate / cost)
    assert found["extra"].mean() == pytest.approx(gain, **CLOSE)


@pytest.mark.parametrize(
    ("reach", "start", "cost", "sd", "threshold", "rate"),
    [
        (25.0, 84.0, 0.07, 1.5, 92.0, 1.3),
        (60.0, 91.0, 0.3, 3.0, 97.0, 4.0),
        (15.0, 86.0, 0.4, 0.6, 88.0, 0.8),
    ],
)
def test_a_slope_of_other_numbers(reach, start, cost, sd, threshold, rate):
    pay = {"full_pay_threshold": threshold, "deduction_per_point": rate}
    scenario = offices(start, 1, cost=cost, reach=reach, sd=sd, years=1, pay=pay)
    gain = simulated(scenario)["true_score"].mean() - start
    aim = best_score(deduction(threshold, rate), np.array([start]), sd, cost)[0]
    assert gain == pytest.approx(aim - start, **CLOSE)


@pytest.mark.parametrize(
    ("reach", "start", "cost", "sd", "line", "worth"),
    [
        (25.0, 84.0, 0.4, 1.5, 86.0, 0.03),
        (60.0, 90.0, 0.3, 3.0, 92.0, 0.1),
        (40.0, 80.0, 0.5, 0.3, 83.0, 0.05),
    ],
)
def test_a_cliff_of_other_numbers(reach, start, cost, sd, line, worth):
    """The last has two hills, of which the higher is over the line."""
    scenario = offices(
        start, 1, cost=cost, reach=reach, sd=sd, years=1,
        careers={"promotion": worth}, assessment={"promotion_threshold": line},
    )  # fmt: skip
    gain = simulated(scenario)["true_score"].mean() - start
    aim = best_score(cliff(line, 100 * worth), np.array([start]), sd, cost)[0]
    assert gain == pytest.approx(aim - start, **CLOSE)


LINE = [{"score": 0, "share": 0}, {"score": 100, "share": 1}]


@pytest.mark.parametrize(
    ("kappa", "discount", "gain"), [(0.0, 0.1, 2.0), (0.3, 0.1, 0.5), (1.0, 0.1, 0.181818), (0.3, 0.2, 0.8)]
)
def test_a_ratchet(kappa, discount, gain):
    """What is left of the incentive is r / (r + κ)."""
    responsive = {"ratchet": {"on": True, "kappa": kappa}, "discount": discount}
    found = simulated(offices(50.0, 2, sd=1.0, years=2, pay={"schedule": LINE}, responsive=responsive))
    np.testing.assert_allclose(found["extra"], gain, rtol=0.03)
