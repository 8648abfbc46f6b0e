"""Means, quantiles and counts by group, beside pandas."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.statistics import group_means, group_sums, mean, quantiles

GROUPS = 5
ROWS = st.lists(st.tuples(st.integers(0, 10**7), st.integers(-1, GROUPS - 1)), max_size=60)


@given(ROWS)
def test_quantiles_are_those_of_pandas(rows):
    values = np.array([value for value, _ in rows], float) / 86_400
    groups = np.array([group for _, group in rows], np.int64)
    inside = groups >= 0
    grouped = pd.Series(values[inside]).groupby(groups[inside])
    every = range(GROUPS)
    for share, found in zip((0.5, 0.9), quantiles(values, groups, GROUPS, (0.5, 0.9)), strict=True):
        np.testing.assert_array_equal(found, grouped.quantile(share).reindex(every))


@pytest.mark.parametrize("seed", range(3))
def test_compensated_means_are_those_of_pandas(seed):
    rng = np.random.default_rng(seed)
    values, groups = rng.random(300) * 10.0 ** rng.integers(-6, 9, 300), rng.choice([0, 1, 3], 300)
    grouped = pd.Series(values).groupby(groups)
    np.testing.assert_array_equal(group_means(values, groups, 5), grouped.mean().reindex(range(5)))
    np.testing.assert_array_equal(group_sums(values, groups, 5), grouped.sum().reindex(range(5)))
    assert group_means(np.array([1e16, 1.0, 1.0, -1e16]), np.zeros(4, int), 1) == 0.5  # added plainly, 0


def test_of_nothing_there_is_no_mean():
    assert np.isnan(group_means(np.zeros(0), np.zeros(0, int), 1)).all()
    assert mean(np.array([1.0, np.nan, 2.0])) == 1.5 and np.isnan(mean(np.array([np.nan])))
