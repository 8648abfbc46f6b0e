"""Designs over the plausible space, and what they tell, on functions whose answer is known."""

import numpy as np
import pandas as pd
import pytest

from sim.evaluate.doubt import Surrogate, flip_box, indices, regret, spread, standing, worth_of_knowing
from sim.evaluate.screening import ACTS, NONE, UNTOLD, Design, screened
from sim.scenario.errors import InputError

ALONE = {"x": [0], "y": [1], "z": [2]}


def noisy(means: np.ndarray, sd: float, seed: int = 0) -> np.ndarray:
    """Two replications of each point."""
    return means[:, None] + np.random.default_rng(seed).normal(0, sd, (len(means), 2))


def test_elementary_effects_of_a_line_are_its_slopes():
    design = Design.screening(ALONE, 3, 5, seed=1)
    values = 2 * design.points[:, 0] - 3 * design.points[:, 1]
    table = screened(np.repeat(values[:, None], 2, axis=1), design).set_index("group")
    assert table["effect"].to_dict() == pytest.approx({"y": 3.0, "x": 2.0, "z": 0.0}, abs=1e-12)
    assert table["change"].to_dict() == pytest.approx({"y": -3.0, "x": 2.0, "z": 0.0}, abs=1e-12)
    assert table["verdict"].to_dict() == {"y": ACTS, "x": ACTS, "z": NONE}


def test_every_point_of_a_screening_is_spread_over_the_space():
    groups = {"a": np.arange(0, 4), "b": np.arange(4, 6)}
    design = Design.screening(groups, 6, 400, seed=3)
    assert design.points.min() >= 0 and design.points.max() <= 1
    for name in ("", "a", "b"):
        own = design.points[design.group == name]
        assert np.abs(own.mean(axis=0) - 0.5).max() < 0.01 and np.abs(own.std(axis=0) - 12**-0.5).max() < 0.01
    moved = design.points[design.group == "a"] != design.points[design.group == ""]
    assert moved[:, :4].all() and not moved[:, 4:].any()


def test_luck_alone_is_told_apart_in_nineteen_of_twenty():
    groups = {f"g{number}": [number] for number in range(10)}
    acting = 0
    for seed in range(100):
        design = Design.screening(groups, 10, 4, seed)
        means = design.points[:, 0]
        table = screened(noisy(means, 0.05, seed), design).set_index("group")
        acting += (table.drop("g0")["verdict"] == ACTS).any()
        assert table.loc["g0", "verdict"] == ACTS
    assert acting <= 5 + 3 * (100 * 0.05 * 0.95) ** 0.5  # three standard errors of a family at 5 %


def test_one_replication_cannot_tell_luck():
    design = Design.screening(ALONE, 3, 2, seed=1)
    with pytest.raises(InputError, match="one replication"):
        screened(design.points[:, :1], design)


def test_a_point_without_a_result_takes_its_trajectory_out_of_one_effect():
    design = Design.screening(ALONE, 3, 4, seed=1)
    values = noisy(design.points[:, 0], 0.01)
    values[np.flatnonzero(design.group == "y")[0]] = np.nan
    table = screened(values, design).set_index("group")
    assert table["n"].to_dict() == {"x": 4, "y": 3, "z": 4}
    assert table.loc["y", "verdict"] == UNTOLD


def test_without_its_first_point_a_trajectory_tells_nothing():
    design = Design.screening(ALONE, 3, 4, seed=1)
    kept = np.ones(len(design), bool)
    kept[np.flatnonzero(design.group == "")[:3]] = False  # the scenario refused three of the first points
    left = Design(design.points[kept], design.trajectory[kept], design.group[kept])
    table = screened(noisy(10 * left.points[:, 0], 0.01), left).set_index("group")
    assert (table["n"] == 1).all() and table.loc["x", "effect"] == pytest.approx(10, abs=0.2)
    none = Design(design.points[design.group != ""], design.trajectory[design.group != ""], left.group[:0])
    none = Design(none.points, none.trajectory, design.group[design.group != ""])
    empty = screened(noisy(none.points[:, 0], 0.01), none)
    assert (empty["n"] == 0).all() and empty["effect"].isna().all()


def test_sobol_indices_of_ishigami():
    def ishigami(points):
        x = np.pi * (2 * points - 1)
        return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])

    found = indices(ishigami, 3, n=4096)
    assert found["first"].to_numpy() == pytest.approx([0.313905, 0.442411, 0.0], abs=0.01)
    assert found["total"].to_numpy() == pytest.approx([0.557589, 0.442411, 0.243684], abs=0.01)


def test_a_surrogate_foretells_what_is_left_out_and_knows_when_it_cannot():
    design = Design.sample(3, 80, seed=2)
    means = np.sin(3 * design.points[:, 0]) + design.points[:, 1] ** 2
    good = Surrogate(design.points, means + np.random.default_rng(1).normal(0, 0.05, 80), np.full(80, 0.0025))
    new = np.random.default_rng(5).random((200, 3))
    truth = np.sin(3 * new[:, 0]) + new[:, 1] ** 2
    assert good.explained > 0.9
    assert 1 - np.var(good(new) - truth) / np.var(truth) > 0.95
    luck = Surrogate(design.points, np.random.default_rng(2).normal(size=80), np.full(80, 1.0))
    assert luck.explained < 0.2


def test_the_box_where_an_answer_flips_is_found():
    points = Design.sample(20, 300, seed=4).points
    flips = (points[:, 3] > 0.7) & (points[:, 8] < 0.4)
    box = flip_box(points, flips)
    assert set(box.bounds) == {3, 8}
    assert box.bounds[3] == pytest.approx((0.7, 1.0), abs=0.08)
    assert box.bounds[8] == pytest.approx((0.0, 0.4), abs=0.08)
    assert box.density > 0.9 and box.coverage > 0.6


def test_no_box_is_found_where_answers_flip_by_chance():
    found = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        found += flip_box(rng.random((96, 30)), rng.random(96) < 0.3) is not None
    assert found <= 40 * 0.05 + 3 * (40 * 0.05 * 0.95) ** 0.5
    assert flip_box(np.zeros((5, 2)), np.ones(5, bool)) is None


def test_a_share_of_points_is_counted_by_trajectory():
    rng = np.random.default_rng(0)
    inside = 0
    for _ in range(300):  # points of one trajectory all agree: 20 of them are one observation
        own = rng.random(20) < 0.7
        holds = pd.Series(np.repeat(own, 20))
        _, low, high = standing(holds, pd.Series(np.repeat(np.arange(20), 20)))
        inside += low <= 0.7 <= high
    assert inside >= 300 * 0.95 - 3 * (300 * 0.95 * 0.05) ** 0.5
    assert standing(pd.Series([True] * 8), pd.Series([0, 0, 1, 1, 2, 2, 3, 3]))[1] < 0.5  # four say little


def test_regret_and_satisficing():
    gains = pd.DataFrame({"now": [0.0, 0.0, 0.0], "bold": [4.0, -2.0, 1.0], "mild": [1.0, 0.5, -0.1]})
    table = regret(gains, 0.2, pd.Series([0, 1, 2]))
    assert table["most_regret"].to_dict() == {"now": 4.0, "bold": 2.5, "mild": 3.0}
    assert table["satisfies"].round(3).to_dict() == {"now": 1.0, "bold": 0.667, "mild": 1.0}
    assert table["best"].round(3).to_dict() == {"now": 0.0, "bold": 0.667, "mild": 0.333}
    assert table.loc["now", ["low", "high"]].tolist() == [0.0, 0.0]
    assert (table["satisfies_low"] <= table["satisfies"]).all() and table.loc["now", "satisfies_high"] == 1


def test_the_worth_of_knowing_is_the_regret_of_the_best_on_average():
    """By hand: bold has the best mean; it loses 2, 0 and 0 at the points where another is best."""
    gains = pd.DataFrame({"now": [0.0, 0.0, 0.0], "bold": [-2.0, 4.0, 1.0], "mild": [-0.5, 1.0, 0.5]})
    worth, low, high = worth_of_knowing(gains, pd.Series([0, 1, 2]))
    assert worth == pytest.approx(2 / 3)
    assert low == 0.0 and high == pytest.approx(2 / 3 + 4.302653 * (4 / 3) ** 0.5 / 3**0.5)
    certain, least, most = worth_of_knowing(gains[["now", "mild"]].clip(lower=0), pd.Series([0, 1, 2]))
    assert (certain, least, most) == (0.0, 0.0, 0.0)


def test_the_interval_of_a_gain_counts_by_trajectory():
    """A t interval by hand over means of trajectories, whose points are not independent."""
    rng, inside = np.random.default_rng(3), 0
    trajectory = pd.Series(np.repeat(np.arange(6), 8))
    for _ in range(400):
        bold = np.repeat(rng.normal(1.0, 1.0, 6), 8) + rng.normal(0, 0.1, 48)
        row = regret(pd.DataFrame({"now": 0.0, "bold": bold}), 0.2, trajectory).loc["bold"]
        means = bold.reshape(6, 8).mean(axis=1)
        half = 2.570582 * means.std(ddof=1) / 6**0.5
        assert row["low"] == pytest.approx(means.mean() - half, rel=1e-4) and row["gain"] == pytest.approx(
            bold.mean()
        )
        inside += row["low"] <= 1.0 <= row["high"]
    assert abs(inside - 380) <= 3 * (400 * 0.95 * 0.05) ** 0.5


def test_the_spread_over_the_space_and_the_share_with_the_same_sign():
    rows = [("given", 0, 1.0), ("given", 1, 3.0)]
    rows += [(f"p{number}", 0, float(number - 3)) for number in range(10)]
    table = pd.DataFrame(rows, columns=["point", "replication", "difference"])
    table = table.assign(policy="rule", behaviour="mechanical", outcome="mean_score")
    found = spread(table, pd.Series({f"p{number}": number for number in range(10)}))
    assert len(found) == 1
    row = found.iloc[0]
    assert (row["given"], row["same_way"], row["n"]) == (2.0, 0.6, 10)
    assert row["low"] == pytest.approx(-2.775) and row["high"] == pytest.approx(5.775)
