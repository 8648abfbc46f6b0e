"""Means, quantiles and counts by group, beside pandas."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.statistics import combinations, group_means, mean, means, packed, quantiles, tally

GROUPS = 5
ROWS = st.lists(st.tuples(st.integers(0, 10**7), st.integers(-1, GROUPS - 1)), max_size=60)


@given(ROWS)
def test_means_and_quantiles_are_those_of_pandas(rows):
    values = np.array([value for value, _ in rows], float) / 86_400
    groups = np.array([group for _, group in rows], np.int64)
    inside = groups >= 0
    grouped = pd.Series(values[inside]).groupby(groups[inside])
    every = range(GROUPS)
    np.testing.assert_allclose(means(values, groups, GROUPS), grouped.mean().reindex(every), rtol=1e-14)
    for share, found in zip((0.5, 0.9), quantiles(values, groups, GROUPS, (0.5, 0.9)), strict=True):
        np.testing.assert_array_equal(found, grouped.quantile(share).reindex(every))


@pytest.mark.parametrize("seed", range(3))
def test_compensated_means_are_those_of_pandas(seed):
    rng = np.random.default_rng(seed)
    values, groups = rng.random(300) * 10.0 ** rng.integers(-6, 9, 300), rng.choice([0, 1, 3], 300)
    grouped = pd.Series(values).groupby(groups)
    np.testing.assert_array_equal(group_means(values, groups, 5), grouped.mean().reindex(range(5)))
    assert group_means(np.array([1e16, 1.0, 1.0, -1e16]), np.zeros(4, int), 1) == 0.5  # added plainly, 0


def test_one_group_of_all_and_none():
    values = np.array([1.0, 2.0, 6.0])
    assert means(values, np.zeros(3, int), 1) == 3
    assert means(values, np.array([-1, 0, 0]), 1) == 4
    assert np.isnan(means(values[:0], np.zeros(0, int), 1)).all()
    assert mean(np.array([1.0, np.nan, 2.0])) == 1.5 and np.isnan(mean(np.array([np.nan])))


@pytest.mark.parametrize("seed", range(3))
def test_tally_counts_every_combination_of_flags(seed):
    rng = np.random.default_rng(seed)
    flags, groups = rng.random((4, 200)) < 0.4, rng.integers(-1, 3, 200)
    found = tally(packed(*flags), groups, 3)
    a, b, c, d = combinations()
    for group in range(3):
        mine = flags[:, groups == group]
        assert found[group].sum() == mine.shape[1]
        assert found[group, a & ~d].sum() == (mine[0] & ~mine[3]).sum()
        assert found[group, b | c].sum() == (mine[1] | mine[2]).sum()
