"""Queues with closed forms: the engine, with one office and simple times, must give them.

Unless a test says otherwise the unit of time is the hour. A value passes if the mean of at least 20
replications, warm-up
left out, is within 4 standard errors of the exact one and 1.96 standard errors are at most 6 % of it
(`agrees`).
"""

from __future__ import annotations

import numpy as np
import pytest

from sim.scenario.schema import Scenario
from sim.world import draw_world

from .areas import queue_area
from .offices import HOUR_S, Run, agrees, clerks, kind, run, scenario, steady, work

REPLICATIONS = 20


def means(case: Scenario, hours: float, column: str = "wait") -> dict[str, list[float]]:
    """The mean of each kind in each replication, of the requests in the steady part of the run."""
    each = [steady(run(case, n).requests, hours).groupby("kind")[column].mean() for n in range(REPLICATIONS)]
    return {name: [mean[name] for mean in each] for name in case.kinds}


@pytest.mark.parametrize(
    ("between", "service", "servers", "waits", "mean_wait", "requests"),
    [
        (6, 4, 2, 0.166667, 0.500000, 5_000),
        (4, 3, 1, 0.750000, 9.000000, 9_000),
        (5.5, 5, 3, 0.071808, 0.171715, 14_000),
        (8, 4, 1, 0.500000, 4.000000, 5_000),
        (4, 10, 4, 0.319857, 2.132378, 11_000),
        (5.5, 5, 1, 0.909091, 50.000000, 60_000),
        # fifteen offices at 80 % load apart, in three pools of five, and in one pool
        (12.5, 10, 1, 0.800000, 40.000000, 14_000),
        (2.5, 10, 5, 0.554113, 5.541130, 30_000),
        (10 / 12, 10, 15, 0.319191, 1.063970, 60_000),
    ],
)
def test_erlang_c(
    between: float, service: float, servers: int, waits: float, mean_wait: float, requests: int
) -> None:
    """A1, B21. M/M/s: the share of requests that wait, the mean wait and the mean stay; minutes are tenths of
    an hour.
    """
    hours = requests * between / 10
    case = scenario(hours, {"request": kind(work(service / 10))}, {"request": 10 / between}, servers)
    kept = [steady(run(case, n).requests, hours) for n in range(REPLICATIONS)]
    agrees([10 * part["wait"].mean() for part in kept], mean_wait)
    agrees([10 * part["stay"].mean() for part in kept], mean_wait + service)
    # a wait of less than a second is none: the clock counts whole seconds
    agrees([(part["wait"] > 0).mean() for part in kept], waits)


@pytest.mark.parametrize(
    ("distribution", "scv", "mean_wait", "requests"),
    [
        ("constant", 0.0, 2, 5_000),
        ("gamma", 0.5, 3, 7_000),
        ("exponential", 1.0, 4, 12_500),
        ("gamma", 4.0, 10, 38_000),
    ],
)
def test_pollaczek_khinchine(distribution: str, scv: float, mean_wait: float, requests: int) -> None:
    """M/G/1 at 80 % load: the wait grows with the squared variation of the work, whatever its
    distribution.
    """
    hours = requests / 0.8
    cv = None if distribution in ("constant", "exponential") else scv**0.5
    case = scenario(hours, {"request": kind(work(1, distribution=distribution, cv=cv))}, {"request": 0.8})
    agrees(means(case, hours)["request"], mean_wait)


@pytest.mark.parametrize(("preemption", "high", "low"), [("none", 2.0, 6.0), ("resume", 1.25, 6.25)])
def test_two_classes(preemption: str, high: float, low: float) -> None:
    """A4. Two classes at one clerk, 0.2 and 0.6 requests an hour of work 1: mean stays."""
    hours = 15_000
    kinds = {"high": kind(work(1)), "low": kind(work(1), priority=2)}
    case = scenario(
        hours, kinds, {"high": 0.2, "low": 0.6}, discipline="class_priority", preemption=preemption
    )
    stays = means(case, hours, "stay")
    agrees(stays["high"], high)
    agrees(stays["low"], low)


def test_three_classes_of_different_work() -> None:
    """Cobham: constant, exponential and very variable work (squared variation 4), by class."""
    hours = 45_000
    kinds = {
        "first": kind(work(1, distribution="constant")),
        "second": kind(work(1), priority=2),
        "third": kind(work(1, distribution="gamma", cv=2.0), priority=3),
    }
    case = scenario(hours, kinds, {"first": 0.3, "second": 0.3, "third": 0.2}, discipline="class_priority")
    waits = means(case, hours)
    agrees(waits["first"], 1.357143)
    agrees(waits["second"], 3.392857)
    agrees(waits["third"], 11.875)


def test_shortest_expected_work_first() -> None:
    """Cobham with the classes in order of expected work: W0 / ((1 − σ before)(1 − σ with)), W0 = 0.95 h.

    First come, first served has 3.167 h for both; weighted by load the waits are the same (Phipps 1956).
    """
    hours = 45_000
    kinds = {"short": kind(work(0.5)), "long": kind(work(2))}
    case = scenario(hours, kinds, {"long": 0.2, "short": 0.6}, discipline="shortest_expected_work")
    waits = means(case, hours)
    agrees(waits["short"], 1.357143)
    agrees(waits["long"], 4.523810)


COUNTY = {"critical": 0.2, "serious": 0.6, "stable": 1.2}


@pytest.mark.parametrize(
    ("doctors", "expected", "hours"),
    [(1, (0.238095, 0.324675, 0.909091), 6_000), (2, (0.028736, 0.033156, 0.048077), 8_000)],
)
def test_county_hospital(doctors: int, expected: tuple[float, ...], hours: float) -> None:
    """Three classes, the same work of a third of an hour; one clerk: the waits weighted
    by load are 4/9.

    The weighted sum is that of first come, first served: who goes first only moves waiting from one class
    to another.
    """
    kinds = {name: kind(work(1 / 3), priority=place) for place, name in enumerate(COUNTY, 1)}
    waits = means(scenario(hours, kinds, COUNTY, doctors, discipline="class_priority"), hours)
    for name, exact in zip(COUNTY, expected, strict=True):
        agrees(waits[name], exact)
    if doctors == 1:
        weighted = sum(np.array(waits[name]) * rate / 3 for name, rate in COUNTY.items())
        agrees(weighted.tolist(), 0.444444)
        fifo = scenario(hours, {"all": kind(work(1 / 3))}, {"all": 2.0})
        agrees((np.array(means(fifo, hours)["all"]) * 2 / 3).tolist(), 0.444444)


def test_tandem() -> None:
    """Two clerks one after the other (Burke): each stage is an M/M/1 of its own, 1/(1 − 0.7) and 1/(1.25
    − 0.7).
    """
    hours = 10_000
    staff = {"desk": clerks(role="desk"), "review": clerks(role="review")}
    kinds = {"request": kind(work(1, "desk"), work(0.8, "review"))}
    case = scenario(hours, kinds, {"request": 0.7}, staff)
    at = {"step_1": [], "step_2": []}
    for replication in range(REPLICATIONS):
        for step, mean in _stays(run(case, replication), hours).items():
            at[step].append(mean)
    agrees(at["step_1"], 1 / 0.3)
    agrees(at["step_2"], 1 / 0.55)


def _stays(done: Run, hours: float) -> dict[str, float]:
    """Mean hours at each step (waiting and work), of the requests in the steady part of the run."""
    tasks = done.tasks
    tasks = tasks[tasks["request"].isin(steady(done.requests, hours).index)]
    return ((tasks["end_s"] - tasks["ready_s"]) / HOUR_S).groupby(tasks["step"]).mean().to_dict()


def test_network_with_work_sent_back() -> None:
    """Jackson: a desk of two, then a review that sends every fifth back to the desk; 1 visit an
    hour each.

    Requests: 2.916667 at the desk and 4 at the review; 8.645833 hours from the first visit to the end.
    """
    hours = 15_000
    staff = {"desk": clerks(2, role="desk"), "review": clerks(role="review")}
    again = {"type": "branch", "to": {"desk": 0.2, "end": 0.8}}
    kinds = {"request": kind(desk=work(1 / 0.7, "desk"), review=work(0.8, "review"), again=again)}
    case = scenario(hours, kinds, {"request": 0.8}, staff)
    total, visits = [], []
    for replication in range(REPLICATIONS):
        done = run(case, replication)
        total.append(steady(done.requests, hours)["stay"].mean())
        visits.append(_stays(done, hours))
    agrees(total, 8.645833)
    agrees([stay["desk"] for stay in visits], 2.916667)  # Little: one visit an hour
    agrees([stay["review"] for stay in visits], 4.0)


def test_start_up() -> None:
    """A9. M/M/1 at 90 % load from an empty start: the first 25 customers wait 2.12 on average, not the
    steady 8.1.

    100 offices a replication, each on its own; nothing is cut off the start.
    """
    offices = tuple(f"office_{number}" for number in range(100))
    staff = {name: clerks(unit=name) for name in offices}
    case = scenario(65, {"request": kind(work(0.9))}, {"request": 1.0}, staff, offices)
    firsts = []
    for replication in range(REPLICATIONS):
        mine = run(case, replication).requests.groupby("unit").head(25)
        assert len(mine) == 25 * len(offices) and mine["wait"].notna().all()
        firsts.append(mine["wait"].mean())
    agrees(firsts, 2.119)


def test_study_as_head_of_line_work() -> None:
    """Study of half an hour, an eighth of a session an hour, before requests: 6 % of time, 33 %
    more waiting.
    """
    hours = 8_000
    request = kind(work(0.5), priority=2)
    study = kind(work(0.5, distribution="constant"))
    both = scenario(
        hours,
        {"study": study, "request": request},
        {"study": 0.125, "request": 1.2},
        discipline="class_priority",
    )
    waits = means(both, hours)
    agrees(waits["study"], 0.336667)
    agrees(waits["request"], 0.997531)
    agrees(means(scenario(hours, {"request": request}, {"request": 1.2}), hours)["request"], 0.75)


@pytest.mark.parametrize(
    ("pool", "mean_wait", "hours"), [(1, 4.0, 900), (5, 0.554113, 2_000), (15, 0.106397, 5_200)]
)
def test_pooling(pool: int, mean_wait: float, hours: float) -> None:
    """Fifteen offices of one clerk each, alone or serving one another in pools of five or
    fifteen.
    """
    offices = [f"office_{number}" for number in range(15)]
    staff = {}
    for place, name in enumerate(offices):
        mates = offices[place // pool * pool :][:pool]
        staff[name] = clerks(unit=name, also_serves=[f"{mate}/clerk" for mate in mates if mate != name])
    case = scenario(hours, {"request": kind(work(1))}, {"request": 0.8}, staff, tuple(offices))
    agrees(means(case, hours)["request"], mean_wait)


@pytest.mark.parametrize("servers", [1, 3])
def test_little(servers: int) -> None:
    """Little's law on every path, exactly: from the empty start to an empty queue, L = arrivals per time
    × mean wait.

    L is counted event by event, one up when a request is ready and one down when it is started.
    """
    hours = 1_000
    case = scenario(hours, {"request": kind(work(1))}, {"request": 0.8 * servers}, servers)
    for replication in range(REPLICATIONS):
        tasks = run(case, replication).tasks
        tasks["type"] = "work"
        at_once = (
            tasks["start_s"] == tasks["ready_s"]
        )  # first come, first served: nobody waits at that moment
        end = int(tasks.loc[at_once, "ready_s"].max())
        past = tasks[tasks["ready_s"] < end]
        changes = np.concatenate((past["ready_s"], past["start_s"]))
        order = np.argsort(changes, kind="stable")
        number = np.cumsum(np.repeat([1, -1], len(past))[order])
        assert number.min() == 0 and number[-1] == 0
        counted = int((number[:-1] * np.diff(changes[order])).sum())
        assert counted == (past["start_s"] - past["ready_s"]).sum() == queue_area(tasks, 0, end)


def _common(speed: float, unrelated: bool = False) -> Scenario:
    """M/M/1 with ten hours to the unit of time, 290 units: work of 10 per unit at speed 1, 9
    arrivals.
    """
    staff = {"clerk": clerks(speed=speed)}
    kinds, rates = {"request": kind(work(1))}, {"request": 0.9}
    if unrelated:
        staff["other"] = clerks(role="other")
        kinds["other"] = kind(work(1, "other"))
        rates["other"] = 0.5
    return scenario(2_900, kinds, rates, staff)


def _first_stays(case: Scenario, replication: int) -> np.ndarray:
    requests = run(case, replication).requests
    stays = requests.loc[requests["kind"] == "request", "stay"].to_numpy()[:2000]
    assert len(stays) == 2000 and not np.isnan(stays).any()
    return stays / 10


def test_common_random_numbers() -> None:
    """5 % more speed, the same customers: nobody is served later, and the difference is known far
    better.

    Variance of the difference of mean stays: 0.0347 with common, 0.1455 with independent numbers, a ratio
    of 4.2.
    """
    slow, fast = _common(1.0), _common(1.05)
    replications = 60
    before = np.array([_first_stays(slow, n) for n in range(replications)])
    after = np.array([_first_stays(fast, n) for n in range(replications)])
    assert (after > before).sum() == 0
    common = np.var((before - after).mean(axis=1), ddof=1)
    independent = np.var(before.mean(axis=1) - np.roll(after.mean(axis=1), 1), ddof=1)
    assert independent / common > 2


def test_an_unrelated_draw_changes_no_path() -> None:
    """A further kind with its own clerk leaves every stay of the first exactly as it was."""
    np.testing.assert_array_equal(
        _first_stays(_common(1.0), 3), _first_stays(_common(1.0, unrelated=True), 3)
    )


def test_counts_of_arrivals() -> None:
    """Requests an hour have the mean and the variance of a Poisson count, and hours do not hang
    together.
    """
    case = scenario(20_000, {"request": kind(work(1))}, {"request": 2.5})
    counts = np.bincount(draw_world(case, 1).requests["arrival_s"] // HOUR_S, minlength=20_000)
    assert abs(counts.mean() - 2.5) <= 4 * np.sqrt(2.5 / 20_000)
    assert abs(counts.var(ddof=1) / 2.5 - 1) <= 4 * np.sqrt((2 + 1 / 2.5) / 20_000)
    assert abs(np.corrcoef(counts[1:], counts[:-1])[0, 1]) <= 4 / np.sqrt(20_000)
