"""Intervals and tests against printed numbers (Law, Simulation Modeling and Analysis, and others)."""

import numpy as np
import pytest
from scipy import stats

from sim.evaluate import (
    holm,
    mean_interval,
    paired_difference,
    quantile_interval,
    relative_half_width,
    replications_needed,
)

LAW = [1.53, 1.66, 1.24, 2.34, 2.00, 1.69, 2.69, 2.86, 1.70, 2.60]
ONE = [126.97, 124.31, 126.68, 122.66, 127.23]
OTHER = [118.21, 120.22, 122.45, 122.68, 119.40]


def test_mean_interval():
    found = mean_interval(LAW, 0.90)
    assert (found.estimate, found.half_width) == pytest.approx((2.031, 0.322283), abs=1e-6)
    assert mean_interval(LAW).half_width == pytest.approx(0.397715, abs=1e-6)
    assert (found.low, found.high, found.n) == (
        found.estimate - found.half_width,
        found.estimate + found.half_width,
        10,
    )


def test_mean_interval_of_little():
    assert np.isnan(mean_interval([3.0]).half_width) and mean_interval([3.0]).estimate == 3
    assert mean_interval([]).n == 0 and np.isnan(mean_interval([]).estimate)
    assert mean_interval([2.0, 2.0, np.nan]).half_width == 0
    assert mean_interval([2.0, 2.0, np.nan]).n == 2


def test_paired_difference():
    found = paired_difference(ONE, OTHER, 0.90)
    assert found.estimate == pytest.approx(4.978, abs=1e-9)
    assert (found.low, found.high) == pytest.approx((1.649127, 8.306873), abs=1e-6)
    theirs = stats.ttest_rel(ONE, OTHER).confidence_interval(0.90)
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_a_pair_is_dropped_whole():
    assert paired_difference([*ONE, np.nan, 9.0], [*OTHER, 1.0, np.nan], 0.90) == paired_difference(
        ONE, OTHER, 0.90
    )
    with pytest.raises(ValueError, match="cannot be paired"):
        paired_difference(ONE, OTHER[:-1])


def test_replications_needed():
    assert replications_needed(LAW, absolute=0.25, confidence=0.90) == 16
    assert replications_needed(LAW, relative=0.10, confidence=0.90) == 27
    assert replications_needed(LAW, absolute=10) == 10
    assert replications_needed([-1.0, 1.0, 0.1], relative=0.1) is None


def test_replications_needed_is_the_smallest():
    sd = np.std(LAW, ddof=1)
    for aim in (0.02, 0.1, 0.3):
        n = replications_needed(LAW, absolute=aim)
        width = [stats.t.ppf(0.975, k - 1) * sd / np.sqrt(k) for k in (n - 1, n)]
        assert width[1] <= aim < width[0]


def test_relative_precision_uses_the_size_of_the_mean():
    data = [9.842379990825465, 10.060423560536304, 9.925089673744292, 9.938503720153147, 10.016611116790997]
    data += [9.883800932020227, 10.040555259165185]
    printed = [0.0275019, 0.0143891, 0.0105721, 0.0085945, 0.0076845]
    assert [relative_half_width(data[:n]) for n in range(3, 8)] == pytest.approx(printed, abs=1e-7)
    assert relative_half_width(-np.array(data)) == relative_half_width(data)


def test_relative_precision_is_never_reached_near_zero():
    draws = np.random.default_rng(8).standard_normal(500)
    about_zero = draws - draws.mean() + 1e-4
    assert relative_half_width(about_zero) == np.inf
    assert relative_half_width([5.0]) == np.inf


def test_quantile_interval():
    found = quantile_interval(np.arange(1, 101), 0.9)
    assert (found.rank_low, found.rank_high) == (84, 96)
    assert (found.low, found.high) == (84, 96)
    assert found.coverage == pytest.approx(0.955690, abs=1e-6)


def test_quantile_interval_of_too_few_is_open():
    found = quantile_interval([1.0, 2.0, 3.0], 0.9)
    assert found.high == np.inf and found.rank_high == 4
    assert found.low == 1 and found.coverage == pytest.approx(0.999)
    assert quantile_interval([1.0], 0.9).low == -np.inf
    with pytest.raises(ValueError, match="no values"):
        quantile_interval([np.nan], 0.5)


def test_quantile_interval_covers():
    rng = np.random.default_rng(4)
    hits = [
        found.low <= np.log(10) <= found.high
        for found in (quantile_interval(rng.exponential(size=60), 0.9) for _ in range(3000))
    ]
    exact = quantile_interval(np.arange(60), 0.9).coverage
    assert np.mean(hits) == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 3000))


def test_holm():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02], abs=1e-12)
    assert holm([0.5, np.nan, 0.9]) == pytest.approx([1.0, np.nan, 1.0], nan_ok=True)
    assert len(holm([])) == 0
