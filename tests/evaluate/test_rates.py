"""Intervals of shares: bounded, by replication, and "too few to say"; one long run; control variates."""

import numpy as np
import pytest
from scipy import stats

from sim.evaluate.estimate import equivalence, mean_interval, with_controls
from sim.evaluate.rates import share_interval
from sim.evaluate.single_run import batch_means, effective_size, mser, size_of
from sim.scenario.errors import InputError

RUN = [
    20, 18, 17, 16, 14, 13, 12, 12, 11, 10, 9, 10, 11, 9, 10, 8, 10, 11, 10, 9, 10, 12, 9, 10, 11, 9, 10, 10,
    11, 9, 10, 8, 11, 10, 9, 12, 10, 9, 11, 10, 9, 10, 11, 10, 8, 10, 12, 9, 10, 11, 10, 9, 10, 11, 9, 10, 10,
    11, 9, 10,
]  # fmt: skip


def test_a_share_is_that_of_all_cases():
    found = share_interval([0.9, 0.5, np.nan, 0.8, 0.7], [9000, 900, 0, 3600, 2700])
    assert found.estimate == pytest.approx((8100 + 450 + 2880 + 1890) / 16200) and found.n == 4
    assert 0 <= found.low < found.estimate < found.high <= 1


def test_many_cases_far_from_the_ends_give_students_interval():
    rng = np.random.default_rng(1)
    shares = 0.6 + 0.02 * rng.normal(size=50)
    found, plain = share_interval(shares, np.full(50, 10_000)), mean_interval(shares)
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high), abs=2e-3)


def test_the_interval_stays_inside_where_students_does_not():
    shares = np.array([0.96, 0.999, 0.998, 1, 0.999, 0.94, 1, 0.999, 0.99, 0.85])
    assert mean_interval(shares).high > 1
    found = share_interval(shares, np.full(10, 5000))
    assert found.note == "" and found.low < mean_interval(shares).low and found.high < 1


def test_late_cases_in_few_runs_are_too_few_to_say():
    rare = np.array([1, 1, 1, 0.99, 1, 1, 1, 1, 1, 0.999])
    found = share_interval(rare, np.full(10, 200))
    assert found.note == "too few to say" and np.isnan([found.low, found.high]).all()
    assert found.estimate == pytest.approx(rare.mean())


@pytest.mark.parametrize(("end", "bounds"), [(1.0, (0.025**0.1, 1)), (0.0, (0, 1 - 0.025**0.1))])
def test_an_outcome_that_never_varies_at_an_end_has_bounds_for_any_distribution(end, bounds):
    found = share_interval(np.full(10, end) + 1e-16, np.full(10, 400))
    assert found.note == "too few to say" and found.estimate == end
    assert (found.low, found.high) == pytest.approx(bounds)
    theirs = stats.binomtest(10 if end else 0, 10).proportion_ci(method="exact")
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high))


def test_years_are_no_trials_of_their_own():
    alike = np.repeat([1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0], 1)
    theirs = stats.binomtest(3, 10).proportion_ci(method="wilson")
    of_years = share_interval(alike, np.full(10, 3))  # three years each, always the same
    assert (of_years.low, of_years.high) == pytest.approx((theirs.low, theirs.high), abs=0.02)
    mixed = share_interval([1 / 3, 1 / 3, 0, 1 / 3, 1 / 3, 2 / 3, 0, 1 / 3, 1 / 3, 1 / 3], np.full(10, 3))
    assert mixed.high - mixed.low < of_years.high - of_years.low  # as independent as years can be


def test_what_gives_no_interval_says_so():
    assert share_interval([0.4]).note == "one replication: no estimate"
    assert share_interval([np.nan, np.nan]).note == "no cases"
    assert share_interval([0.4, 0.5], [0, 0]).note == "no cases"
    same = share_interval([0.4, 0.4, 0.4])
    assert (same.low, same.high) == pytest.approx((0.4, 0.4))
    assert same.note == "the same in every replication"
    for shares, cases, said in (
        ([99.0, 98.0], None, "outside 0 to 1"),
        ([-0.1, 0.5], None, "outside 0 to 1"),
        ([0.1, 0.5], [10, -1], "not positive"),
        ([0.1, 0.5], [10, np.nan], "not positive"),
    ):
        with pytest.raises(InputError, match=said):
            share_interval(shares, cases)


def test_an_initial_bias_is_cut():
    found = mser(RUN)
    assert (found.cut, found.reached) == (10, True)
    assert (found.statistic, found.mean) == pytest.approx((0.010440, 9.94), abs=1e-6)
    one = mser(RUN, batch=1)
    assert one.cut == 8 and one.statistic == pytest.approx(0.017723, abs=1e-6)
    assert not mser(np.arange(100.0)).reached  # no steady state
    assert mser(np.zeros(40)).cut == 0


def test_what_a_dependent_run_is_worth():
    rho = 0.8 ** np.arange(1, 100)
    assert size_of(rho, 100) == pytest.approx(11.627907, abs=1e-6)
    assert 1 / size_of(rho, 100) == pytest.approx(0.086, abs=1e-6)
    rng = np.random.default_rng(2)
    series = [0.0]
    for noise in rng.normal(size=40_000) * 0.6:
        series.append(0.8 * series[-1] + noise)
    assert effective_size(series) == pytest.approx(40_000 / 9, rel=0.15)
    assert effective_size(rng.normal(size=5000)) == pytest.approx(5000, rel=0.1)
    assert np.isnan(effective_size(np.ones(50)))
    found = batch_means(series)
    assert found.note == "" and found.interval.low < 0 < found.interval.high
    assert found.interval.half_width == pytest.approx(2.09 / np.sqrt(40_000 / 9), rel=0.4)
    assert "run longer" in batch_means(np.sin(np.arange(400) / 50)).note
    assert "the same" in batch_means(np.ones(400)).note


def test_batch_means_of_a_dependent_run_cover():
    rng, held, said = np.random.default_rng(3), 0, 0
    for _ in range(400):
        series = np.empty(2000)
        series[0] = rng.normal()
        noise = rng.normal(size=2000) * 0.6
        for i in range(1, 2000):
            series[i] = 0.8 * series[i - 1] + noise[i]
        found = batch_means(series)
        if not found.note:
            said, held = said + 1, held + (found.interval.low <= 0 <= found.interval.high)
    assert said > 350 and held / said >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / said)


@pytest.mark.parametrize("series", [np.ones(5), [1.0, np.nan] * 50, np.ones((10, 10))])
def test_what_is_no_run_is_refused(series):
    with pytest.raises(InputError, match="a run of"):
        mser(series)


def test_controls_take_known_luck_out():
    rng = np.random.default_rng(4)
    arrivals = rng.poisson(400, size=60).astype(float)
    values = 5 + 0.02 * (arrivals - 400) + rng.normal(size=60) * 0.1
    found = with_controls(values, arrivals, [400])
    assert found.used and found.factor < 0.15
    assert found.interval.low < 5 < found.interval.high
    assert found.interval.half_width < 0.5 * mean_interval(values).half_width
    idle = with_controls(values, rng.normal(size=60), [0])
    assert idle.interval.estimate == pytest.approx(values.mean(), abs=0.05)
    few = with_controls(values[:12], arrivals[:12], [400])
    assert not few.used and few.interval == mean_interval(values[:12])
    fixed = with_controls(values, np.full(60, 400.0), [400])
    assert not fixed.used and fixed.interval == mean_interval(values)


def test_equivalence_is_two_one_sided_tests():
    gaps = np.random.default_rng(5).normal(size=30) * 0.1 + 0.02
    upper = stats.ttest_1samp(gaps, 0.1, alternative="less").pvalue
    lower = stats.ttest_1samp(gaps, -0.1, alternative="greater").pvalue
    assert equivalence(gaps[:, None], 0.1) == pytest.approx([max(upper, lower)])
    assert equivalence(np.zeros((5, 1)), 0.1) == [0] and equivalence(np.ones((5, 1)), 0.1) == [1]
    assert np.isnan(equivalence(np.zeros((1, 1)), 0.1)).all()
