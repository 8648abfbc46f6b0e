"""The stopping rule covers what it says, and what it reaches depends on nothing but the values."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.evaluate.estimate import mean_interval, replications_needed
from sim.evaluate.precision import Aim, holds, needed, plan, stein_number

RUNS, MOST = 2000, 400
ERROR = math.sqrt(0.95 * 0.05 / RUNS)  # of a share of RUNS that is 95 %


def stopped(values: np.ndarray, half_width: float, at_least: int) -> int:
    found = holds(values, half_width, at_least)
    return int(np.argmax(found)) + 1 if found.any() else len(values)


@pytest.mark.parametrize(("at_least", "half_width"), [(10, 0.3), (10, 0.5), (10, 0.75), (3, 0.5)])
def test_the_interval_covers_the_truth_at_least_as_often_as_it_says(at_least, half_width):
    draws = np.random.default_rng(20250101).normal(1.0, 1.0, (RUNS, MOST))
    ends = [stopped(values, half_width, at_least) for values in draws]
    means = np.array([values[:end].mean() for values, end in zip(draws, ends, strict=True)])
    assert (np.abs(means - 1.0) <= half_width).mean() >= 0.95 - 3 * ERROR


@pytest.mark.parametrize("half_width", [0.3, 0.4, 0.5, 0.75])
def test_the_t_interval_at_the_stop_covers_a_little_less_than_it_says(half_width):
    """It is narrower than what was asked for: 0.93 to 0.95, which the docstring says and this holds it to."""
    draws = np.random.default_rng(20250101).normal(1.0, 1.0, (RUNS, MOST))
    ends = [stopped(values, half_width, 10) for values in draws]
    found = [mean_interval(values[:end]) for values, end in zip(draws, ends, strict=True)]
    assert all(one.half_width <= half_width for one in found)
    covered = np.mean([one.low <= 1.0 <= one.high for one in found])
    assert covered >= 0.93 - 3 * math.sqrt(0.93 * 0.07 / RUNS)
    assert covered <= np.mean([abs(one.estimate - 1.0) <= half_width for one in found])


def test_the_first_narrow_interval_from_three_values_covers_too_rarely():
    """Why there is a floor: ± 10 % of a mean of 10, standard deviation 2, gives 0.901."""
    draws = np.random.default_rng(7).normal(10.0, 2.0, (RUNS, MOST))
    count = np.arange(1, MOST + 1)
    sums, squares = draws.cumsum(axis=1), (draws**2).cumsum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        sd = np.sqrt(np.maximum(squares - sums**2 / count, 0) / (count - 1))
        half = stats.t.ppf(0.975, np.maximum(count - 1, 1)) * sd / np.sqrt(count)
    narrow = half <= 0.1 * np.abs(sums / count)
    narrow[:, :2] = False
    end = narrow.argmax(axis=1)
    rows = np.arange(RUNS)
    covered = np.abs(sums[rows, end] / count[end] - 10.0) <= half[rows, end]
    assert covered.mean() == pytest.approx(0.901, abs=0.02)
    assert covered.mean() < 0.95 - 3 * ERROR


def test_steins_number_is_that_of_the_first_stage():
    """t(9 df, 97.5 %) = 2.262157; first ten values of variance 1 and h = 0.5: (2.262157 / 0.5)² = 20.47."""
    first = np.arange(10.0)
    first = (first - first.mean()) / first.std(ddof=1)
    assert stein_number(np.append(first, [99.0] * 5), 0.5, 10) == 21
    assert stein_number(first[:9], 0.5, 10) == math.inf
    assert stein_number(first, 50.0, 10) == 10


def test_both_conditions_are_needed():
    quiet, wild = np.tile([0.0, 0.01], 5), np.tile([-5.0, 5.0], 20)
    later = holds(np.concatenate((quiet, wild)), 0.5, 10)
    assert later[9] and not later[12]  # Stein's number is met, the interval is not narrow
    calm = np.concatenate((wild[:10], np.zeros(800)))
    floor = stein_number(calm, 0.5, 10)
    assert mean_interval(calm[: floor - 1]).half_width < 0.5  # the interval alone would have done earlier
    assert int(np.argmax(holds(calm, 0.5, 10))) + 1 == floor > 10


def test_the_rule_agrees_with_the_interval_one_by_one():
    values = np.random.default_rng(3).normal(2.0, 1.0, 120)
    values[[4, 17, 60]] = np.nan
    floor = stein_number(values, 0.35, 10)
    for n, found in enumerate(holds(values, 0.35, 10), 1):
        interval = mean_interval(values[:n])
        assert found == (interval.half_width <= 0.35 and interval.n >= floor)


def test_what_is_reached_does_not_depend_on_what_was_computed_beyond():
    rng = np.random.default_rng(11)
    aims = {name: (rng.normal(0, sd, MOST), h) for name, sd, h in (("a", 1.0, 0.4), ("b", 3.0, 1.0))}

    def of_first(n: int):
        return plan({name: Aim(values[:n], h) for name, (values, h) in aims.items()}, 10, MOST)

    whole = of_first(MOST)
    assert whole.reached and 10 < whole.replications < MOST
    n, steps = 0, 0
    while not (found := of_first(n)).reached:  # as a run goes on
        assert found.replications > n
        n, steps = found.replications, steps + 1
    assert found == whole and 2 <= steps <= 12
    assert not of_first(whole.replications - 1).reached


def test_the_most_is_the_end_and_what_was_not_reached_is_named():
    values = np.random.default_rng(5).normal(0, 1, 50)
    ended = plan({"fine": Aim(values, 10.0), "coarse": Aim(values, 0.01)}, 10, 30)
    assert (ended.replications, ended.reached) == (30, False)
    assert list(ended.needs) == ["coarse"] and ended.needs["coarse"] > 10_000


def test_a_difference_that_has_no_value_keeps_nobody_waiting():
    values = np.random.default_rng(5).normal(0, 1, 40)
    found = plan({"none": Aim(np.full(40, np.nan), 0.1), "some": Aim(values, 1.0)}, 10, 40)
    assert found.reached and found.empty == ("none",)


def test_policies_that_do_not_differ_need_no_more_than_the_least():
    assert plan({"same": Aim(np.zeros(60), 0.1)}, 10, 60).replications == 10


def test_missing_pairs_are_made_up_for():
    values = np.random.default_rng(5).normal(0, 1, 40)
    every_second = np.full(80, np.nan)
    every_second[::2] = values
    assert needed(every_second, 0.2, 10) == pytest.approx(2 * needed(values, 0.2, 10), abs=2)
    assert needed(values, 0.2, 10) >= replications_needed(values, absolute=0.2)
    assert stopped(every_second, 0.5, 10) == 2 * stopped(values, 0.5, 10) - 1
