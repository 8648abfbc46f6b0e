import numpy as np
import pytest
from scipy import stats

from sim.evaluate.rank_tests import kendall_tau, rank_sum_p


@pytest.mark.parametrize("digits", [0, 3])  # with equal values, and without
@pytest.mark.parametrize("size", [2, 7, 30])
def test_kendalls_tau_is_scipys(size: int, digits: int) -> None:
    luck = np.random.default_rng(size)
    one, other = luck.normal(size=(20, size)).round(digits), luck.normal(size=(20, size)).round(digits)
    found = kendall_tau(one, other)
    expected = [stats.kendalltau(a, b).statistic for a, b in zip(one, other, strict=True)]
    np.testing.assert_allclose(found, expected, atol=1e-14)


@pytest.mark.parametrize("digits", [1, 9])
@pytest.mark.parametrize(("n", "m"), [(3, 4), (8, 8), (5, 30), (30, 5), (9, 40), (60, 20)])
def test_the_rank_sum_test_is_scipys(n: int, m: int, digits: int) -> None:
    """Exact of few values without ties, normal otherwise."""
    luck = np.random.default_rng(n)
    one, other = luck.normal(size=(n, 6)).round(digits), luck.normal(0.4, size=(m, 6)).round(digits)
    np.testing.assert_allclose(rank_sum_p(one, other), stats.mannwhitneyu(one, other).pvalue, rtol=1e-10)
