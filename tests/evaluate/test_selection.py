"""Ranking and selection: published constants and sample sizes, and the guarantees, kept by simulation."""

import numpy as np
import pytest

from sim.evaluate.selection import (
    dudewicz_dalal_constant,
    kim_nelson,
    kim_nelson_constant,
    ocba,
    rinott_constant,
    second_stage,
    subset_then_select,
    with_the_best,
)
from sim.scenario.errors import InputError

# Five systems whose best is one ahead: means, standard deviations, correlation by common random numbers.
CONFIGURATIONS = {
    "the others equal": ([0, 0, 1, 0, 0], [2, 2, 2, 2, 2], 0.0),
    "best in the middle, its variance large": ([0, 0, 1, 0, 0], [0.5, 0.5, 6, 0.5, 0.5], 0.0),
    "best in the middle, its variance small": ([0, 0, 1, 0, 0], [4, 3, 0.5, 3, 4], 0.0),
    "means in steps": ([1, 2, 3, 0, -1], [3, 2, 2, 3, 1], 0.0),
    "common random numbers": ([0, 0, 1, 0, 0], [3, 2, 2, 2, 3], 0.8),
}


def draws(rng, means, sds, correlation, rows):
    common = rng.normal(size=(rows, 1))
    own = rng.normal(size=(rows, len(means)))
    return np.array(means) + np.array(sds) * (np.sqrt(correlation) * common + np.sqrt(1 - correlation) * own)


def test_constants_and_sizes_of_two_stages():
    assert dudewicz_dalal_constant(5, 20, 0.90) == pytest.approx(2.747, abs=5e-4)
    assert dudewicz_dalal_constant(5, 20, 0.95) == pytest.approx(3.258, abs=5e-4)
    variances = [14.52, 7.96, 9.45, 8.25, 6.20]  # Law's five inventory policies
    h = dudewicz_dalal_constant(5, 20, 0.90)
    assert second_stage(variances, 1.0, h, 20, 1).tolist() == [110, 61, 72, 63, 47]
    assert second_stage([0.0], 1.0, h, 20, 1).tolist() == [21]
    assert rinott_constant(2, 10) == pytest.approx(2.614, abs=5e-4)
    assert rinott_constant(10, 10) == pytest.approx(4.290, abs=6e-4)


def test_constants_of_elimination():
    found = [kim_nelson_constant(k, 10, 0.95) for k in (2, 10)]
    assert found == pytest.approx([0.334050, 0.859083], abs=1e-6)
    assert [18 * eta for eta in found] == pytest.approx([6.012905, 15.463502], abs=2e-6)


def test_shares_of_a_budget():
    assert ocba(-np.arange(10.0), np.full(10, 6.0)) == pytest.approx(
        [0.40317, 0.38761, 0.09690, 0.04307, 0.02423, 0.01550, 0.01077, 0.00791, 0.00606, 0.00479], abs=6e-6
    )
    assert ocba([-1, -2, -3, -4], [1, 2, 1, 3]) == pytest.approx(
        [0.280126, 0.548476, 0.034280, 0.137119], abs=1e-6
    )
    assert np.isnan(ocba([1, 1, 0], [1, 1, 1])).all()  # two best: no share is right
    assert np.isnan(ocba([2, 1, 0], [1, 0, 1])).all()


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_the_best_is_selected_as_often_as_promised(name):
    means, sds, correlation = CONFIGURATIONS[name]
    rng, runs = np.random.default_rng(11), 120
    found = [kim_nelson(draws(rng, means, sds, correlation, 2500), 1.0).selected for _ in range(runs)]
    assert None not in found
    right = np.mean([one == int(np.argmax(means)) for one in found])
    assert right >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / runs)


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_the_best_of_a_second_stage_is_selected_as_often_as_promised(name):
    means, sds, correlation = CONFIGURATIONS[name]
    if correlation:
        pytest.skip("of independent systems")
    rng, runs, right = np.random.default_rng(12), 300, 0
    for _ in range(runs):
        remain, sizes = subset_then_select(draws(rng, means, sds, 0.0, 10), 1.0)
        # the mean of all rows: those of the first stage and as many more as are asked for
        final = np.array(means) + rng.normal(size=5) * np.array(sds) / np.sqrt(sizes)
        right += int(np.argmax(np.where(remain, final, -np.inf))) == int(np.argmax(means))
    assert right / runs >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / runs)


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_intervals_with_the_best_hold_together(name):
    means, sds, correlation = CONFIGURATIONS[name]
    others = np.array([max(np.delete(means, i)) for i in range(5)])
    true = np.array(means) - others
    rng, runs, held = np.random.default_rng(13), 1000, 0
    for _ in range(runs):
        bounds, possible = with_the_best(draws(rng, means, sds, correlation, 12))
        held += ((bounds[:, 0] <= true) & (true <= bounds[:, 1])).all() and possible[int(np.argmax(means))]
    assert held / runs >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / runs)


def test_common_random_numbers_save_replications():
    means, sds, _ = CONFIGURATIONS["common random numbers"]
    rng = np.random.default_rng(5)
    rows = {
        c: [kim_nelson(draws(rng, means, sds, c, 3000), 1.0).out_at.max() for _ in range(20)]
        for c in (0, 0.9)
    }
    assert 2 * np.mean(rows[0.9]) < np.mean(rows[0])


def test_elimination_goes_on_where_the_rows_end():
    rng = np.random.default_rng(2)
    values = draws(rng, [0, 0, 1, 0, -9], [2, 2, 2, 2, 1], 0.0, 400)
    short, whole = kim_nelson(values[:20], 0.5), kim_nelson(values, 0.5)
    assert short.selected is None and whole.selected == 2
    assert short.out_at[4] == 10 and short.out_by[4] >= 0 and short.most[4] == 10
    remain = short.out_at == 0
    assert (short.most[remain] > 20).all() and whole.out_at.max() <= short.most.max()


def test_many_are_screened_and_the_best_stays():
    rng = np.random.default_rng(3)
    means = np.append(rng.uniform(0, 3, 199), 6.0)
    remain, sizes = subset_then_select(draws(rng, means, np.ones(200), 0.0, 20), 0.5)
    assert remain[199] and remain.sum() < 20 and (sizes[~remain] == 20).all()


def test_copies_share_the_first_place():
    luck = np.random.default_rng(4).normal(size=30)
    values = np.stack([luck, luck + 1e-16, luck - 9], axis=1)
    bounds, possible = with_the_best(values)
    assert (bounds[:2] == 0).all() and possible.tolist() == [True, True, False]
    assert kim_nelson(values, 0.1).selected == 0


def test_a_doubtful_one_is_not_best_beside_copies():
    luck = np.random.default_rng(4).normal(size=12)
    doubtful = luck + np.random.default_rng(5).normal(size=12) * 3 + 1
    bounds, possible = with_the_best(np.stack([luck, luck, doubtful], axis=1))
    assert possible.all() and (bounds[:, 0] < -0.5).all()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (np.zeros((1, 3)), "1 replication, and 2 are needed"),
        (np.zeros((5, 1)), "needs two policies"),
        (np.full((5, 2), np.nan), "missing or not finite"),
    ],
)
def test_what_tells_nothing_is_refused(values, said):
    with pytest.raises(InputError, match=said):
        with_the_best(values)


def test_a_first_stage_and_a_zone_are_needed():
    values = np.random.default_rng(1).normal(size=(9, 2))
    with pytest.raises(InputError, match="9 replications, and 10 are needed"):
        kim_nelson(values, 1.0)
    for delta in (0.0, -1.0, np.nan, np.inf):
        with pytest.raises(InputError, match="the difference that matters"):
            subset_then_select(values, delta)
