"""The size and the power of the manipulation test, and the guarantee with which the best policy is picked."""

from __future__ import annotations

import numpy as np
import pytest

from sim.behaviour.recording import record
from sim.evaluate.bunching import manipulation, share_before
from sim.scenario.behaviour import Recording
from sim.scenario.time import DAY_S
from tests.theory.oracles.indifference import chance_of_best, lead_needed, replications_for_best

HONEST = (np.exp(-1.9) - np.exp(-2.0)) / (np.exp(-1.9) - np.exp(-2.1))  # Exp(10), 20 ± 1
DEADLINE = 20.0


def within(rejected: int, runs: int, size: float = 0.05) -> bool:
    return abs(rejected / runs - size) <= 4 * np.sqrt(size * (1 - size) / runs)


def test_size_of_the_manipulation_test():
    """Honest clocks are accused in 5 % ± 4 standard errors of 600 runs; by a half, in 73.5 %."""
    assert abs(HONEST - 0.524979) < 1e-6
    rng, runs = np.random.default_rng(20), 600
    known = half = found = 0
    for _ in range(runs):
        days = rng.exponential(10.0, 100_000)
        near = days[np.abs(days - DEADLINE) < 1]
        known += share_before(near, DEADLINE, 1.0, HONEST).p < 0.05
        half += share_before(near, DEADLINE, 1.0, 0.5).p < 0.05
        found += manipulation(days[:20_000], DEADLINE).p < 0.05
    print(f"known share {known / runs:.3f}, one half {half / runs:.3f}, density {found / runs:.3f}")
    assert within(known, runs)
    assert within(found, runs)
    assert within(half, runs, 0.735)


def test_power_of_the_manipulation_test():
    """Of the cases done within five days past the deadline 40 % are recorded as in time, by the
    records that units make: found in more than 99 of 100 runs."""
    rng, runs, found = np.random.default_rng(21), 400, 0
    rules = Recording(window_days=5.0)
    for _ in range(runs):
        done_s = np.round(rng.exponential(10.0, 5000) * DAY_S).astype(np.int64)
        due_s = np.full(5000, int(DEADLINE * DAY_S))
        books = record(
            due_s,
            done_s,
            np.zeros(5000, np.int64),
            np.array([400 * DAY_S]),
            np.array([[0.4]]),
            rng.random((5000, 3)),
            rules,
        )
        days = DEADLINE + (done_s - books.recorded_due_s) / DAY_S
        found += manipulation(days, DEADLINE).p < 0.05
    assert found / runs > 0.99


def test_the_test_says_when_it_cannot_tell():
    with pytest.raises(ValueError, match="no values"):
        share_before(np.array([1.0]), DEADLINE, 1.0, 0.5)
    with pytest.raises(ValueError, match="too few"):
        manipulation(np.linspace(10, 30, 12), DEADLINE)
    with pytest.raises(ValueError, match="whole"):
        manipulation(np.arange(1.0, 60.0), DEADLINE, width=0.5)
    with pytest.raises(ValueError, match="no values"):
        manipulation(np.array([np.nan]), DEADLINE)


def test_whole_days_are_read_in_whole_windows():
    days = np.floor(np.random.default_rng(5).exponential(10.0, 50_000))
    assert manipulation(days + 1, DEADLINE).p > 0.01


@pytest.mark.parametrize(("policies", "h", "n"), [(2, 2.326174, 22), (10, 3.418179, 47)])
def test_picking_the_best_with_a_guarantee(policies, h, n):
    """Bechhofer's h and the replications for a lead of half a standard deviation."""
    assert lead_needed(policies, 0.95) == pytest.approx(h, abs=1e-6)
    assert replications_for_best(policies, 0.5) == n
    assert chance_of_best(policies, n, 0.5) >= 0.95 > chance_of_best(policies, n - 1, 0.5)


def test_the_best_of_ten_by_simulation():
    """k = 10, n = 47, the least favourable means: 0.950821 by formula and in 400 000 trials."""
    assert chance_of_best(10, 47, 0.5) == pytest.approx(0.950821, abs=1e-6)
    rng, right, trials = np.random.default_rng(19), 0, 400_000
    for _ in range(10):
        means = rng.normal(0, 1 / np.sqrt(47), (trials // 10, 10))
        means[:, 0] += 0.5
        right += np.count_nonzero(means.argmax(axis=1) == 0)
    assert abs(right / trials - 0.950821) <= 4 * np.sqrt(0.95 * 0.05 / trials)
