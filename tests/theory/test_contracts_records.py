"""The size and the power of the manipulation test, and the guarantee with which the best policy is picked."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.behaviour.recording import record
from sim.evaluate.bunching import manipulation, share_before
from sim.rules import measure_tables
from sim.scenario.behaviour import Recording
from sim.scenario.time import DAY_S
from tests.behaviour.fifteen import scenario_of
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
            rng.random((5000, 3)).__getitem__,
            rules,
        )
        days = DEADLINE + (done_s - books.recorded_due_s) / DAY_S
        found += manipulation(days, DEADLINE).p < 0.05
    assert found / runs > 0.99


BINS = {18: 1573.03, 19: 3553.34, 20: 772.73, 21: 699.20, 24: 517.98, 25: 781.14}  # of 100,000, by day
HONEST_BINS = {18: 1573.03, 19: 1423.33, 20: 1287.89, 21: 1165.33, 24: 863.30, 25: 781.14}
GAMING = {"window_days": 5.0, "most": 0.4, "sensitivity": 100.0, "backdated_finish": 1.0}
GAMING |= {"clock_stop": 0.0, "needless_supplement": 0.0, "close_and_reopen": 0.0, "backdated_days": 1.0}


def in_bins(days: np.ndarray, bins: dict[int, float]) -> None:
    """The counts by day are those of `bins` per 100,000, within 4 standard errors."""
    for day, expected in bins.items():
        share = expected / 100_000
        error = 4 * np.sqrt(len(days) * share * (1 - share))
        assert abs(np.count_nonzero((days >= day) & (days < day + 1)) - len(days) * share) <= error, day


def test_backdated_finishes_shift_the_mass_over_the_deadline():
    """Finishes exponential with mean 10 days, deadline 20. Of those in [20, 25) a share of 0.4 is entered
    evenly in [19, 20): measured on-time share 0.885965 for 0.864665, mean lower by 0.059481 days only."""
    rng, n = np.random.default_rng(11), 1_000_000
    done_s = np.floor(rng.exponential(10.0, n) * DAY_S).astype(np.int64)
    due_s = np.full(n, int(DEADLINE * DAY_S))
    ends, share = np.array([400 * DAY_S]), np.array([[0.4]])
    books = record(
        due_s, done_s, np.zeros(n, int), ends, share, rng.random((n, 3)).__getitem__, Recording(**GAMING)
    )
    days = books.recorded_met_s / DAY_S
    in_bins(days, BINS)
    in_bins(done_s / DAY_S, HONEST_BINS)
    assert np.mean(days < DEADLINE) == pytest.approx(0.885965, abs=4 * np.sqrt(0.886 * 0.114 / n))
    assert np.mean(done_s - books.recorded_met_s) / DAY_S == pytest.approx(0.059481, abs=0.002)
    moved, density = np.mean(days < DEADLINE) - np.mean(done_s < due_s), np.exp(-2) / 10
    share_moved = moved / np.mean((done_s >= due_s) & (done_s < due_s + 5 * DAY_S))
    theta = np.log((1 - share_moved) * density) - np.log(density + moved)  # the jump of the log density
    assert theta == pytest.approx(-1.456239, abs=0.02)


def test_a_year_of_backdated_finishes_in_the_simulation():
    """The same through `simulate`: the table of requests has the finish as entered beside the true one, and
    the on-time rate is measured by the one and true by the other."""
    scenario = scenario_of(
        {"recording": {"on": True, **GAMING}},
        limit_hours=24 * DEADLINE,
        demand={"registration": {"volumes": {"office_1": 100_000}}},
    )
    wait = {"type": "delay", "reason": "other", "amount": 240, "per": "hours", "distribution": "exponential"}
    desk = {"type": "work", "at": "own/window", "minutes": 0.01, "distribution": "constant"}
    route = {"wait": wait, "accept": desk}
    result = sim.simulate(scenario, {"kinds.registration.route": route}, behaviour="responsive", seed=2)
    (start_s, end_s), requests = result.work.world.years[0], result.requests
    known = requests[requests["due_s"] <= end_s - 6 * DAY_S]  # what is late is done and recorded in the year
    arrival = known["arrival_s"]
    true_days, days = ((known[name] - arrival) / DAY_S for name in ("finish_s", "recorded_finish_s"))
    assert (known["recorded_due_s"] == known["due_s"]).all()
    in_bins(true_days.to_numpy(), HONEST_BINS)
    in_bins(days.to_numpy(), BINS)
    rates = result.units.loc[(2025, "office_1")]
    assert rates["on_time_rate"] == pytest.approx(0.864665, abs=4 * np.sqrt(0.865 * 0.135 / 94_000))
    assert rates["recorded_on_time_rate"] == pytest.approx(0.885965, abs=0.005)  # the last cases are not done
    assert rates["on_time_gap"] == rates["recorded_on_time_rate"] - rates["on_time_rate"]
    tables = (requests, result.steps, result.people, result.scenario)
    measured = measure_tables(*tables, start_s, end_s)
    office = measured.units.index("office_1")
    assert measured.by_unit["recorded_on_time_rate"][office] == rates["recorded_on_time_rate"]
    assert measured.by_unit["on_time_rate"][office] == rates["on_time_rate"]


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
