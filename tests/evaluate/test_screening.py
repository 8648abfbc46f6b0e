"""Screenings that move half of the groups at each point, on functions whose answer is known."""

import itertools

import numpy as np
import pandas as pd
import pytest

from sim.evaluate.doubt import standing
from sim.evaluate.screening import ACTS, NONE, UNTOLD, Design, screened

SIZES = (1, 1, 1, 21, 13, 2, 3, 33, 2, 8, 37, 19, 22, 1, 1, 1, 16, 6, 17, 3, 8, 2, 42)  # of binhai's blocks
ENDS = np.cumsum((0, *SIZES))
GROUPS = {f"g{at}": np.arange(*ends) for at, ends in enumerate(itertools.pairwise(ENDS))}
WIDE = int(ENDS[-1])


def two_rounds(seed: int) -> Design:
    return Design.factorial(GROUPS, WIDE, 2, seed)


def test_each_pair_of_groups_is_moved_in_each_way_equally_often():
    design = two_rounds(1)
    assert len(design) == 64 and set(design.names) == set(GROUPS)
    moved = np.column_stack([design.moved(name) for name in GROUPS])
    for number in (0, 1):
        own = moved[design.trajectory == number]
        counts = own.T.astype(int) @ own
        assert (np.diag(counts) == 16).all() and (counts[~np.eye(len(GROUPS), dtype=bool)] == 8).all()
        first = np.flatnonzero(design.trajectory == number)[0]
        assert design.group[first] == "", "the first point is the one that the others were made from"
        for place, name in enumerate(GROUPS):
            steps = np.abs(design.points - design.points[first])[design.trajectory == number]
            assert np.allclose(steps[:, GROUPS[name]], np.where(own[:, place, None], 0.5, 0.0))


def test_two_rounds_are_centred_on_the_values_as_given():
    design = two_rounds(2)
    assert np.allclose(design.points.mean(axis=0), 0.5)
    assert design.points.min() >= 0 and design.points.max() <= 1
    ways = [  # of numbers of a group that are moved: both ways, and in the second round others than before
        design.points[(design.trajectory == number) & design.moved("g10")][:, GROUPS["g10"]].mean(axis=0)
        > 0.5
        for number in (0, 1)
    ]
    assert 5 < (ways[0] == ways[1]).sum() < 32


def test_a_group_that_is_refused_by_itself_is_drawn_anew():
    """Two numbers of a group must not both be high: else half of a round is lost."""

    def refused(point: np.ndarray) -> bool:
        return bool(point[GROUPS["g10"][:2]].min() > 0.5)

    lost, before = 0, 0
    for seed in range(10):
        plain, design = two_rounds(seed), Design.factorial(GROUPS, WIDE, 2, seed, refused)
        before += sum(map(refused, plain.points))
        lost += sum(map(refused, design.points))
        assert np.allclose(design.points.mean(axis=0), 0.5)
    assert lost == 0 < before


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_of_few_groups_no_point_comes_twice(count):
    groups = {f"g{at}": [at] for at in range(count)}
    design = Design.factorial(groups, count, 2, seed=4)
    assert len(np.unique(design.points, axis=0)) == len(design)
    if count < 4:  # all of the corners, about each of two points
        assert len(design) == 2 * 2**count


def test_effects_of_a_line_are_its_slopes():
    groups = {"x": [0], "y": [1], "z": [2], "pair": [3, 4]}
    design = Design.factorial(groups, 5, 2, seed=1)
    values = 2 * design.points[:, 0] - 3 * design.points[:, 1] + design.points[:, 3]
    table = screened(values[:, None], design).set_index("group")
    assert table["effect"].to_dict() == pytest.approx({"x": 2, "y": 3, "z": 0, "pair": 1}, abs=1e-9)
    assert table.loc[["x", "y", "z"], "change"].tolist() == pytest.approx([2, -3, 0], abs=1e-9)
    assert np.isnan(table.loc["pair", "change"]), "numbers of a group go different ways"
    assert table["verdict"].to_dict() == {"x": ACTS, "y": ACTS, "pair": ACTS, "z": NONE}


def heavy(design: Design, seed: int) -> np.ndarray:
    """A loaded office: past a level of load all moves more, and luck is larger there and has heavy tails."""
    rng = np.random.default_rng(seed)
    slopes = np.zeros(WIDE)
    for name, size in {"g4": 1.0, "g7": 0.8, "g3": 0.6, "g10": 0.3, "g16": 0.2}.items():
        own = rng.normal(size=len(GROUPS[name])) * (rng.random(len(GROUPS[name])) < 0.3)
        own[0] += 1.0
        slopes[GROUPS[name]] = size * own / np.linalg.norm(own)
    load = (design.points - 0.5) @ slopes * 1.5 * 12**0.5 / np.linalg.norm(slopes)
    luck = 0.04 * (0.02 + 1 / (1 + np.exp(-3 * (load - 0.3))))
    draws = rng.standard_t(4, (len(load), 2)) / 2**0.5
    return -0.05 * np.log1p(np.exp(2 * (load - 0.3)))[:, None] + luck[:, None] * draws


def test_luck_that_differs_from_point_to_point_seldom_acts_and_what_acts_is_found():
    """Where one group moves at a time, such luck acts in a quarter of the runs, and little is found."""
    still = [name for name in GROUPS if name not in ("g3", "g4", "g7", "g10", "g16")]
    wrong, found, before = 0, 0, {"wrong": 0, "found": 0}
    for seed in range(100):
        design = two_rounds(seed)
        verdict = screened(heavy(design, seed), design).set_index("group")["verdict"]
        wrong += (verdict[still] == ACTS).any()
        found += (verdict[["g4", "g7", "g3"]] == ACTS).sum()
        one = Design.screening(GROUPS, WIDE, 3, seed)
        verdict = screened(heavy(one, seed), one).set_index("group")["verdict"]
        before["wrong"] += (verdict[still] == ACTS).any()
        before["found"] += (verdict[["g4", "g7", "g3"]] == ACTS).sum()
    assert wrong <= 5 + 3 * (100 * 0.05 * 0.95) ** 0.5  # three standard errors of a family at 5 %
    assert found > 1.5 * before["found"] and wrong < before["wrong"]


def test_a_point_without_a_result_takes_little_away():
    design = two_rounds(3)
    values = heavy(design, 3)
    whole = screened(values, design).set_index("group")
    values[[5, 40]] = np.nan
    table = screened(values, design).set_index("group").reindex(whole.index)
    assert (table["n"] == 2).all() and (table["noise"] > 0).all()
    assert np.abs(table["effect"] - whole["effect"]).max() < 4 * whole["noise"].max()
    values[design.trajectory == 0] = np.nan
    assert (screened(values, design)["n"] == 1).all()


def test_a_number_whose_mirror_image_is_always_refused_is_drawn_freely():
    """A number that must lie in the lower three quarters of its range, as a threshold of 95 that may not pass
    100: whatever pair of values the first round has, a mirrored one lies above."""

    def refused(point: np.ndarray) -> bool:
        return bool(point[0] > 0.75)

    for seed in range(5):
        design = Design.factorial(GROUPS, WIDE, 2, seed, refused)
        assert not any(map(refused, design.points))


def test_a_round_in_which_a_group_is_always_refused_tells_of_the_others():
    few = {name: GROUPS[name] for name in list(GROUPS)[:6]}  # half of a round is enough for so few
    design = Design.factorial(few, WIDE, 2, 3)
    values = np.random.default_rng(3).normal(size=(len(design), 2)) + design.moved("g1")[:, None]
    values[(design.trajectory == 1) & design.moved("g3")] = np.nan
    table = screened(values, design).set_index("group")
    assert table.loc["g3", "n"] == 1 and (table["n"].drop("g3") == 2).all()
    assert np.isfinite(table[["effect", "noise", "p_value"]].to_numpy()).all()
    values[design.moved("g3")] = np.nan
    table = screened(values, design).set_index("group")
    assert table.loc["g3", "n"] == 0 and table.loc["g3", "verdict"] == UNTOLD
    assert np.isnan(table.loc["g3", "effect"]) and (table["n"].drop("g3") == 2).all()


def test_shares_counted_by_half_points_hold_the_true_share_in_nineteen_of_twenty():
    """Of a sum of many numbers: half of the space is below its middle, a tenth below its lower tenth."""
    slopes = np.random.default_rng(0).normal(size=WIDE) * (np.random.default_rng(1).random(WIDE) < 0.1)
    space = np.random.default_rng(2).random((20000, WIDE)) @ slopes
    held = {0.1: 0, 0.5: 0}
    ends = {share: np.quantile(space, share) for share in held}
    for seed in range(100):
        design = two_rounds(seed)
        for share in held:
            below = pd.Series(design.points @ slopes < ends[share])
            _, low, high = standing(below, pd.Series(range(len(below))), 0.5)
            held[share] += low <= share <= high
    assert min(held.values()) >= 93
