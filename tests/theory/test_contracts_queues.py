"""Incentives where the work is done: effort and the on-time share, speed under load, study, common random
numbers, late cases left lying. The executor itself, against closed forms."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from docs.tools.rule_pages.crowded_line import TURNING_POINT, line, speed_up, stationary
from sim.flow import build, executor
from sim.rules.pay import pay_share
from sim.scenario.competence import Competence
from sim.scenario.schema import Scenario
from sim.world import draw_world

from .contracts import pay
from .offices import HOUR_S, Run, agrees, clerks, kind, scenario, shifts, steady, work
from .oracles.single_server import on_time_share

DAY_H = 5.0  # a day in hours of the clock: seconds are fine enough, and runs are long enough


def run(
    case: Scenario, replication: int = 0, seed: int = 1, effort: float = 1.0, late_last: bool = False
) -> Run:
    """The compiled executor on one replication, people working `effort` times as fast."""
    world = draw_world(case, seed, replication)
    tables = build(world).tables
    flow = executor("compiled")(tables)
    flow.set_speed(tables.speed * effort)
    queues = len(tables.line)
    flow.set_attention(np.zeros(queues, np.int64), np.full(queues, late_last))
    flow.work_until(world.end_s)
    return Run(world, flow.trace)


SPEEDS = [
    (9.5, 63.212056, 31.787944),
    (10.0, 86.466472, 8.533528),
    (10.151293, 90.0, 5.0),
    (10.497866, 95.0, 0.0),
    (11.0, 98.168436, 0.0),
]


@pytest.mark.parametrize(("mu", "score", "lost"), SPEEDS)
def test_from_effort_to_deduction(mu, score, lost):
    """λ = 9 a day, two days' limit, score = 100 × share in time, 1 % a point under 95."""
    found = 100 * on_time_share(9.0, mu, 2.0)
    assert found == pytest.approx(score, abs=1e-5)
    assert 100 * (1 - pay_share(found, pay())) == pytest.approx(lost, abs=1e-5)


def test_the_last_points_are_dear():
    """From 86.5 to 95 takes 4.98 % of speed; the next 4.8 % bring 3.2 points."""
    faster = 10.497866 / 10
    assert 100 * (faster - 1) == pytest.approx(4.98, abs=0.005)
    gained = 100 * (on_time_share(9.0, 11.0, 2.0) - on_time_share(9.0, 10.497866, 2.0))
    assert gained == pytest.approx(3.168, abs=0.001)


def office(mu_a_day: float, hours: float, **more: object) -> Scenario:
    """9 requests a day, one clerk who does so many a day."""
    matter = kind(work(DAY_H / mu_a_day))
    return scenario(hours, {"request": matter}, {"request": 9 / DAY_H}, **more)


@pytest.mark.parametrize("effort", [0.95, 1.0, 1.0497866])
def test_effort_brings_the_score_that_theory_says(effort):
    """A million requests in a hundred batches, within four standard errors."""
    hours = 1_010_000 / 9 * DAY_H
    requests = run(office(10.0, hours), effort=effort).requests
    stay = requests["stay"].to_numpy()[5000:1_005_000]
    in_time = (stay <= 2 * DAY_H).reshape(100, -1).mean(axis=1)
    mean, error = 100 * in_time.mean(), 100 * in_time.std(ddof=1) / 10
    exact = 100 * on_time_share(9.0, 10.0 * effort, 2.0)
    print(f"{mean:.3f} ± {error:.3f}, expected {exact:.3f}")
    assert abs(mean - exact) <= 4 * error
    assert error < 0.02 * exact


STUDY = [(0.0, 86.466472, 1.0), (0.02, 79.810348, 1.25), (0.05, 63.212056, 2.0), (0.08, 32.967995, 5.0)]


@pytest.mark.parametrize(("share", "score", "days"), STUDY)
def test_study_as_lost_capacity(share, score, days):
    """Finely interleaved study: the on-time share and the mean stay, 1 / (μ (1 − u) − λ)."""
    left = 10 * (1 - share)
    assert 100 * on_time_share(9.0, left, 2.0) == pytest.approx(score, abs=1e-5)
    assert line(9.0, left).time == pytest.approx(days, abs=1e-6)


def test_study_of_three_minutes_an_hour():
    """The clerk leaves for three minutes of each hour and goes on where it stopped: as 5 % slower."""
    hours = 12_000
    spans = [(hour, hour + 0.95) for hour in range(hours)]
    staff = {"clerk": clerks(roster=shifts(*spans, unit_s=HOUR_S))}
    case = office(10.0, hours, staff=staff)
    replications = [steady(run(case, replication).requests, hours)["stay"] for replication in range(24)]
    agrees([float((stay <= 2 * DAY_H).mean()) for stay in replications], 0.632121, sharp=0.08)
    agrees([float(stay.mean()) / DAY_H for stay in replications], 2.0, sharp=0.15)


CROWDS = [
    (0.0, 9.0, 10.0, 0.1, 1.0),
    (0.1, 3.200021, 3.555578, 0.196150, 1.119612),
    (0.25, 1.951684, 2.168537, 0.267180, 1.228133),
    (0.5, 1.317064, 1.463405, 0.334697, 1.352767),
    (1.0, 0.9, 1.0, 0.406570, 1.516606),
]


@pytest.mark.parametrize(("exponent", "number", "time", "empty", "rate"), CROWDS)
def test_speed_up_under_load(exponent, number, time, empty, rate):
    """λ = 0.9, μ = 1, μ × n ** γ with n in the system; the throughput is 0.9 in every row."""
    found = line(0.9, 1.0, exponent)
    assert found.number == pytest.approx(number, abs=1e-6)
    assert found.time == pytest.approx(time, abs=1e-6)
    assert found.chances[0] == pytest.approx(empty, abs=1e-6)
    assert found.busy_rate == pytest.approx(rate, abs=1e-6)
    assert found.throughput == pytest.approx(0.9, abs=1e-9)


@pytest.mark.parametrize(("exponent", "time"), [(0.1, 3.555578), (0.25, 2.168537), (1.0, 1.0)])
def test_speed_up_in_the_executor(exponent, time):
    """The scenario's own rule of crowding at one clerk."""
    hours = 12_000
    case = scenario(hours, {"request": kind(work(1))}, {"request": 0.9})
    case = case.model_copy(update={"competence": Competence(crowding={"on": True, "exponent": exponent})})
    stays = [float(steady(run(case, number).requests, hours)["stay"].mean()) for number in range(20)]
    agrees(stays, time)


def test_a_speed_up_is_refused_where_people_slow_down():
    """Above 93 % occupancy no monotone law is given, whoever asks."""
    assert TURNING_POINT == 0.93
    assert speed_up(4, 0.5, 0.9) == 2.0
    assert speed_up(4, 0.0, 0.99) == 1.0
    for refused in (lambda: speed_up(4, 0.5, 0.94), lambda: line(0.95, 1.0, 0.1)):
        with pytest.raises(ValueError, match="slow down"):
            refused()
    with pytest.raises(ValueError, match="without end"):
        line(1.0, 1.0)


def test_a_birth_and_death_process_of_many_states():
    chances = stationary(np.full(5000, 3.0), np.arange(1.0, 5001))
    assert chances.sum() == pytest.approx(1)
    np.testing.assert_allclose(chances[:3], np.exp(-3) * np.array([1, 3, 4.5]), rtol=1e-9)  # Poisson


def test_common_random_numbers():
    """μ = 10 and 10.5, λ = 9: with the same citizens nobody is done later by the faster clerk, and the
    difference of means varies less than half as much as with other citizens.
    """
    hours, customers, pairs = 2400 / 9 * DAY_H, 2000, 400
    case = office(10.0, hours)
    means, others = [], []
    for replication in range(pairs):
        slow, fast = (run(case, replication, effort=effort).requests for effort in (1.0, 1.05))
        stay = slow["stay"].to_numpy()[:customers] / DAY_H, fast["stay"].to_numpy()[:customers] / DAY_H
        assert not np.isnan(stay).any()
        assert (stay[1] <= stay[0]).all()
        means.append([one.mean() for one in stay])
        others.append(
            run(case, replication, seed=2, effort=1.05).requests["stay"].to_numpy()[:customers].mean() / DAY_H
        )
    slow, fast = np.array(means).T
    shared, apart = np.var(slow - fast, ddof=1), np.var(slow - np.array(others), ddof=1)
    print(f"variance {shared:.4f} with common numbers, {apart:.4f} without, ratio {apart / shared:.1f}")
    assert apart / shared > 2
    assert shared == pytest.approx(0.0347, rel=0.5)
    assert apart == pytest.approx(0.1455, rel=0.5)


def test_an_unrelated_draw_changes_no_path():
    """Another office with requests of its own leaves each request of the first as it was."""
    alone = scenario(300, {"request": kind(work(0.1))}, {"request": 9.0})
    staff = {"clerk": clerks(), "other_clerk": clerks(unit="other")}
    beside = scenario(300, {"request": kind(work(0.1))}, {"request": 9.0}, staff, units=("office", "other"))
    for effort in (1.0, 1.05):
        first = run(alone, effort=effort).requests
        both = run(beside, effort=effort).requests
        pd.testing.assert_frame_equal(
            first.drop(columns="unit"),
            both[both["unit"] == "office"].drop(columns="unit").reset_index(drop=True),
        )


def test_late_to_the_back():
    """ρ = 0.9, a limit of ln 10 / 0.1: leaving late cases lying lifts the on-time share from 0.900 to
    0.979, at the same mean stay, and the late ones are overdue by ten times as much.
    """
    limit, hours = np.log(10) / 0.1, 100_000 / 0.9
    matter = kind(work(1)) | {"limit": {"amount": round(60 * limit), "per": "minutes"}}
    case = scenario(hours, {"request": matter}, {"request": 0.9})
    found = {late_last: [] for late_last in (False, True)}
    for late_last, replication in ((a, b) for a in found for b in range(20)):
        requests = run(case, replication, late_last=late_last).requests
        stay = requests["stay"].to_numpy()[2000:95_000]
        assert not np.isnan(stay).any()
        late = stay > limit
        found[late_last].append((1 - late.mean(), (stay[late] - limit).mean(), stay.mean()))
    (fair, overdue, stay), (gamed, left, same) = (np.array(rows).T for rows in found.values())
    agrees(list(fair), 0.900)
    agrees(list(overdue), 10.0, sharp=0.1)
    agrees(list(stay), 10.0)
    np.testing.assert_allclose(same, stay, rtol=0.03)  # who waits is another matter than how long all wait
    error = np.std(gamed, ddof=1) / np.sqrt(20)
    assert abs(gamed.mean() - 0.979) <= 4 * error + 0.001
    error = np.std(left, ddof=1) / np.sqrt(20)
    print(f"in time {gamed.mean():.4f}, overdue {left.mean():.1f} ± {error:.1f}")
    assert abs(left.mean() - 106) <= 4 * error + 4
    assert (left > 5 * overdue).all()
