"""Evaluation designs on panels whose truth is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sim
from sim.evaluate.designs import (
    DESIGNS,
    Panel,
    discontinuity,
    event_study,
    interrupted_series,
    randomisation,
    regression_to_the_mean,
    synthetic_control,
    two_by_two,
    two_way,
)
from sim.evaluate.sandbox import named_lowest, performance, reliability


def panel(values, treated, start=1) -> Panel:
    values = np.asarray(values, float)
    return Panel(values, np.isin(np.arange(len(values)), treated), start, np.zeros(values.shape[1], int))


def pilots(many: int, effect: float, treated: int = 7, named: bool = False) -> pd.DataFrame:
    """Estimates of pilots among 15 offices: a lasting difference and a year's luck, of SD 1 each."""
    luck, rows = np.random.default_rng(11), []
    for pilot in range(many):
        values = luck.normal(size=(15, 1)) + luck.normal(size=(15, 2))
        chosen = np.argsort(values[:, 0])[:treated] if named else luck.permutation(15)[:treated]
        values[chosen, 1] += effect
        for name in ("two_by_two", "two_way", "randomisation"):
            found = DESIGNS[name][0](panel(values, chosen))
            rows.append({"replication": pilot, "design": name, "truth": effect} | vars(found))
    return pd.DataFrame(rows)


def test_differences_by_hand():
    found = panel([[10, 14], [20, 22], [10, 11], [30, 31], [5, 5]], [0, 1])
    assert two_by_two(found).value == pytest.approx(3 - 2 / 3)
    assert two_way(found).value == pytest.approx(3 - 2 / 3)
    assert two_way(found).se == pytest.approx(two_by_two(found).se * np.sqrt(27 / 28))


def test_one_treated_office_has_no_interval():
    """Its own change is fitted exactly: errors clustered by office would leave its luck out."""
    luck = np.random.default_rng(5)
    for treated in ([3], [place for place in range(6) if place != 3]):
        own = panel(luck.normal(size=(6, 4)), treated, start=2)
        for design in (two_by_two, two_way, event_study):
            found = design(own)
            assert np.isfinite(found.value) and np.isnan([found.se, found.low, found.p]).all()
            assert "single office" in found.note
    rows = [{"design": "two_way", "truth": 0.0} | vars(found)] * 2
    assert "single office" in performance(pd.DataFrame(rows)).loc["two_way", "note"]


def test_randomisation_counts_assignments():
    """Two of four units have the largest changes: 2 of the 6 assignments are as far apart."""
    found = randomisation(panel([[0, 3.0], [0, 4.0], [0, 1.0], [0, 0.5]], [0, 1]))
    assert found.p == pytest.approx(2 / 6) and found.note == "6 assignments"
    assert (found.low, found.high) == (-np.inf, np.inf)  # six cannot reject at 5 %


def test_its_interval_holds_what_the_test_does_not_reject():
    luck = np.random.default_rng(3)
    values, treated = luck.normal(size=(9, 2)), np.array([0, 2, 5])
    found = randomisation(panel(values, treated))

    def p(effect: float) -> float:
        less = values.copy()
        less[treated, 1] -= effect
        return randomisation(panel(less, treated)).p

    for end, way in ((found.low, -1), (found.high, 1)):
        assert p(end - way * 1e-6) > 0.05 >= p(end + way * 1e-6)


@pytest.mark.parametrize("effect", [0.0, 2.0])
def test_drawn_pilots_are_unbiased_and_covered(effect):
    table = performance(pilots(400, effect))
    exact = table.loc["randomisation"]
    assert (table["bias"].abs() < 2 * table["mcse_bias"]).all()
    assert abs(exact["coverage"] - 0.95) < 0.02
    assert exact["rejects"] < 0.08 if effect == 0 else exact["rejects"] > 0.5


def test_naming_the_lowest_shows_an_effect_of_nothing():
    """The lowest three of 15 improve by (1 − R) × 1.638 SD: reliability .5, a year's SD √2."""
    assert regression_to_the_mean(15, 3, 0.5, 1.0) == pytest.approx(0.819, abs=5e-4)
    table = performance(pilots(400, 0.0, treated=3, named=True))
    expected = regression_to_the_mean(15, 3, 0.5, np.sqrt(2))
    assert table.loc["two_way", "bias"] == pytest.approx(expected, abs=3 * table.loc["two_way", "mcse_bias"])
    assert (table["rejects"] > 0.15).all()  # false alarms


def test_unequal_offices_regress_by_their_own_noise():
    luck = np.random.default_rng(9)
    equal = luck.normal(size=15) / 5 + luck.normal(size=(4000, 15))
    reliable, sd = reliability(equal)
    assert named_lowest(equal, 3) == pytest.approx(regression_to_the_mean(15, 3, reliable, sd), rel=0.03)
    unequal = luck.normal(size=(4000, 15)) * np.where(np.arange(15) < 3, 3.0, 0.5)
    chosen = np.zeros(unequal.shape, bool)
    np.put_along_axis(chosen, np.argsort(unequal, axis=1)[:, :3], True, axis=1)
    gain = luck.normal(size=unequal.shape) * np.where(np.arange(15) < 3, 3.0, 0.5) - unequal  # next year
    assert named_lowest(unequal, 3) == pytest.approx(gain[chosen].mean() - gain[~chosen].mean(), rel=0.05)


def test_reliability_of_a_year():
    luck = np.random.default_rng(2)
    steady = luck.normal(0, 2, 200)
    found, sd = reliability(steady + luck.normal(0, 1, (50, 200)))
    assert found == pytest.approx(steady.var() / (steady.var() + 1), abs=0.02)
    assert sd == pytest.approx(np.sqrt(steady.var() + 1), rel=0.05)


def test_the_event_study_tells_of_a_difference_before():
    luck = np.random.default_rng(4)
    values = luck.normal(0, 0.1, (15, 6))
    values[:5] += np.arange(6)  # the treated were on their way already
    p = float(event_study(panel(values, range(5), start=3)).note.rpartition(" ")[2])
    quiet = float(event_study(panel(values - values[:, :1], range(5), start=3)).note.rpartition(" ")[2])
    assert p < 0.01 and quiet < 0.01
    honest = event_study(panel(luck.normal(0, 0.1, (15, 6)), range(5), start=3))
    assert float(honest.note.rpartition(" ")[2]) > 0.05 and honest.low < 0 < honest.high


def test_the_step_of_a_series_beside_trend_and_season():
    luck, month = np.random.default_rng(6), np.arange(48) % 12
    course = 0.05 * np.arange(48) + np.sin(month) + 2.0 * (np.arange(48) >= 30)
    values = course + luck.normal(0, 0.1, (4, 48))
    found = interrupted_series(Panel(values, np.array([True, True, False, False]), 30, month))
    assert found.value == pytest.approx(2.0, abs=0.1) and found.high - found.low < 0.5
    assert "fewer than four" in interrupted_series(panel(values[:, :3], [0])).note


def test_the_synthetic_control_finds_its_donors():
    luck = np.random.default_rng(7)
    donors = luck.normal(0, 1, (6, 40)).cumsum(axis=1)
    own = 0.3 * donors[0] + 0.7 * donors[4]
    own[30:] += 5
    found = synthetic_control(panel(np.vstack([own, donors]), [0], start=30))
    assert found.value == pytest.approx(5, abs=0.01) and found.p == pytest.approx(1 / 7)


def test_a_jump_at_the_line_and_a_density_that_breaks():
    luck = np.random.default_rng(8)
    score, unit = luck.normal(95, 3, 6000), np.arange(6000) // 20
    outcome = 0.5 * score + 1.5 * (score >= 95) + luck.normal(0, 1, 6000)
    honest = discontinuity(score, outcome, 95, 3.0, unit)
    assert honest.low < 1.5 < honest.high and "smooth" in honest.note
    pushed = np.where((score < 95) & (score > 94.3), 95 + 0.3 * luck.random(6000), score)
    assert "breaks" in discontinuity(pushed, outcome, 95, 3.0, unit).note
    assert "fewer than ten" in discontinuity(score[:10], outcome[:10], 95, 3.0, unit[:10]).note


def test_what_cannot_be_evaluated_is_refused_or_marked():
    with pytest.raises(sim.InputError, match="nobody"):
        panel([[1, 2], [3, 4]], [])
    with pytest.raises(sim.InputError, match="no period before"):
        panel([[1, 2], [3, 4]], [0], start=0)
    same = two_by_two(panel([[1, 2], [1, 2], [1, 2]], [0]))
    assert same.value == pytest.approx(0) and np.isnan(same.low) and "nothing varies" in same.note
    for wrong in (-3.0, 0.0, np.nan):
        with pytest.raises(sim.InputError, match="bandwidth"):
            discontinuity(np.zeros(30), np.zeros(30), 95.0, wrong, np.arange(30))
    with pytest.raises(sim.InputError, match="one pilot"):
        performance(pilots(1, 0.0))
