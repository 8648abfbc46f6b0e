"""A year whose luck is revealed month by month: quotas, sprints and giving up."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from scipy.special import ndtr

from sim.behaviour import planning
from sim.behaviour.expected_worth import Worth
from sim.behaviour.planning import Luck, Options

from .even_offices import REACH, months, offices, plan_of, simulated

MONTHS = 12


@pytest.fixture(scope="module")
def solved():
    """The quota of a year: options, what lies ahead, and the chances of no success and of one, by level."""
    nothing = np.zeros(1)
    worth = Worth(np.array([9.0]), np.array([10.0]), nothing, 0.0, 0.0, 0.0, 1.0, np.empty(0))
    levels = np.array([0.0, 1.0])
    options = Options(levels, np.zeros(2), 0.6 * MONTHS * levels, np.zeros(2), True)
    chances = np.array([[0.5, 0.5], [0.2, 0.8]])
    luck = Luck(0.0, np.array([[0.0, 1.0], [0.0, 1.0]]), chances)
    future = planning.induction(worth, options, luck, MONTHS, 0.0, 1.0, 2 * MONTHS + 1, 0.0, False, 0.0)
    return options, future, chances


class TestQuota:
    """Nine successes in twelve months bring 10; effort costs 0.6 and lifts the chance from 0.5 to 0.8."""

    def works(self, solved, month: int, successes: int) -> bool:
        options, future, _ = solved
        return bool(planning.choose(options, future, month, float(successes)) == 1)

    def course(self, solved) -> tuple[list[float], dict[int, float]]:
        """Return the chance of effort by month, and those of the successes at the year's end."""
        state, chances = {0: 1.0}, []
        for month in range(MONTHS):
            chances.append(sum(p for n, p in state.items() if self.works(solved, month, n)))
            after: Counter[int] = Counter()
            for n, p in state.items():
                fails, succeeds = solved[2][int(self.works(solved, month, n))]
                after[n] += p * fails
                after[n + 1] += p * succeeds
            state = after
        return chances, state

    def test_what_it_is_worth(self, solved):
        options, future, _ = solved
        best = int(planning.choose(options, future, 0, 0.0))
        assert future.value[0, best, 0] - options.cost[best] / MONTHS == pytest.approx(2.099856, abs=1e-6)

    def test_who_works_when(self, solved):
        states = [{n for n in range(m + 1) if self.works(solved, m, n)} for m in range(MONTHS)]
        assert states == [
            set(), {1}, {1, 2}, {2, 3}, {2, 3, 4}, {3, 4}, {4, 5}, {4, 5, 6}, {5, 6}, {6, 7}, {7, 8}, {8},
        ]  # fmt: skip

    def test_how_often(self, solved):
        chances, _ = self.course(solved)
        expected = [0, 0.5, 0.75, 0.68, 0.7775, 0.5388, 0.6, 0.7003, 0.4043, 0.53, 0.5804, 0.2364]
        np.testing.assert_allclose(chances, expected, atol=5e-4)

    def test_where_it_ends(self, solved):
        _, state = self.course(solved)
        assert sum(p for n, p in state.items() if n >= 9) == pytest.approx(0.587849, abs=1e-6)
        np.testing.assert_allclose([state[n] for n in (8, 9, 10)], [0.0829, 0.3632, 0.1977], atol=5e-5)
        assert state[9] / state[8] == pytest.approx(4.38, abs=0.005)


# start, σ = 2 of the months, cost, rule: effort each month, score, chance under the line, E[W]
YEARS = {
    "slope at 95": (88.0, 0.1, {"pay": {"deduction_per_point": 1}}, 95, 6.554, 94.554, 0.655),
    "twice the slope": (88.0, 0.1, {"pay": {"deduction_per_point": 2}}, 95, 7.283, 95.283, 0.364),
    "slope at 90": (
        88.0, 0.1, {"pay": {"deduction_per_point": 1, "full_pay_threshold": 90}}, 90, 2.706, 90.706, 0.271,
    ),
    "cliff from 88": (88.0, 0.5, {"careers": {"promotion": 0.05}}, 90, 1.939, 89.939, 0.392),
    "cliff from 86": (86.0, 0.5, {"careers": {"promotion": 0.05}}, 90, 0.784, 86.784, 0.849),
    "cliff from 92": (92.0, 0.5, {"careers": {"promotion": 0.05}}, 90, 0.607, 92.607, 0.033),
}  # fmt: skip


def year(name: str, count: int = 1, years: int = 1):
    start, cost, rule, *_ = YEARS[name]
    return offices(start, count, cost=cost, months_sd=2.0, years=years, **rule)


def efforts(plan, month: int, scores: np.ndarray) -> np.ndarray:
    """Return the plan's effort of a month at scores headed for, points a year."""
    left = 1 - month / MONTHS
    return np.array([REACH * plan.extra(plan.answer(float(x), left, month)[0])[0] for x in scores])


@pytest.mark.parametrize("name", YEARS)
def test_mean_effort_is_the_same_in_every_month(name):
    """40,000 years of luck under the plan that the simulation follows, in pairs of opposite luck."""
    start, _, _, line, effort, end, under = YEARS[name]
    plan = plan_of(year(name))
    luck = np.random.default_rng(5).normal(0, 2 / np.sqrt(MONTHS), (MONTHS, 20_000))
    score = np.full(40_000, start)
    grid = np.linspace(start - 10, start + 22, 641)
    means, spreads = [], []
    for month, drawn in enumerate(luck):
        extra = np.interp(score, grid, efforts(plan, month, grid))
        means.append(extra.mean())
        spreads.append(extra.std())
        score = score + extra / MONTHS + np.concatenate([drawn, -drawn])
    np.testing.assert_allclose(means[0], effort, rtol=0.01)
    np.testing.assert_allclose(means, effort, rtol=0.02)
    assert (np.diff(spreads) > 0).all()  # what the season changes
    assert score.mean() == pytest.approx(end, abs=0.02)
    assert plan.end == pytest.approx(end, abs=0.02)
    assert np.mean(score < line) == pytest.approx(under, abs=0.01)


@pytest.mark.parametrize("name", YEARS)
def test_the_year_in_the_simulation(name):
    """45 offices over 4 years, within 4 standard errors."""
    _, _, _, line, effort, end, under = YEARS[name]
    scenario = year(name, 45, 4)
    path = months(scenario).pivot(index=["year", "unit"], columns="month", values="value")
    error = path.std(ddof=1) / np.sqrt(len(path))
    assert error[1] < 1e-9 and path[1].mean() == pytest.approx(effort, rel=0.01)
    assert (np.abs(path.mean() - effort) <= 4 * error + 0.01 * effort).all()
    assert path[12].std() > path[6].std() > path[2].std()
    found = simulated(scenario)
    true = found["true_score"]
    assert abs(true.mean() - end) <= 4 * true.std(ddof=1) / np.sqrt(len(true))
    spread = np.sqrt(under * (1 - under) / len(true))
    assert abs(np.mean(true < line) - under) <= 4 * spread
    np.testing.assert_allclose(found["score"], true, atol=1e-9)  # nothing is hidden till the year-end


STATES = {
    0: {86: 0.784, 88: 1.939, 90: 1.456},
    5: {86: 0.225, 88: 2.267, 89: 2.513, 90: 1.935},
    11: {86: 0, 87: 0, 88: 0.017, 89: 2.937, 89.5: 6.857, 90: 5.209, 91: 1.143},
}


@pytest.mark.parametrize("month", STATES)
def test_those_within_reach_sprint_and_the_hopeless_stop(month):
    scores = np.array(list(STATES[month]), float)
    found = efforts(plan_of(year("cliff from 88")), month, scores)
    np.testing.assert_allclose(found, list(STATES[month].values()), rtol=0.01, atol=0.005)


ALL = {
    "pay": {"deduction_per_point": 1},
    "careers": {"promotion": 0.05, "bottom": 0.05},
    "assessment": {"bottom_count": 3},
}


@pytest.mark.parametrize(
    "case",
    [
        {"start": 88.0, "cost": 1.0, "sd": 2.0, **ALL},
        {"start": 88.5, "count": 1, "cost": 2.0, "careers": {"promotion": 0.04}},
        {"start": 94.0, "count": 1, "pay": {"deduction_per_point": 1}},
    ],
)
def test_without_luck_of_the_months_both_foresights_plan_alike(case):
    one, two = (
        simulated(offices(years=1, effort={"foresight": foresight}, **case))["extra"]
        for foresight in ("dynamic", "plan")
    )
    np.testing.assert_array_equal(one, two)


def test_a_plan_is_made_from_the_forecast_of_each_month():
    """One effort for the rest of the year, for what is foreseen of it then: in January that of all luck."""
    case = {"cost": 0.1, "pay": {"deduction_per_point": 1}, "effort": {"foresight": "plan"}}
    lucky = offices(88.0, 8, months_sd=2.0, years=1, **case)
    path = months(lucky).pivot(index="unit", columns="month", values="value")
    np.testing.assert_allclose(path[1], 6.323717, rtol=0.03)
    assert path[12].std() > path[6].std() > 0
    plan = plan_of(lucky)
    # half the year left: c a = w P(S under the line), of the luck of half a year
    found = efforts(plan, 6, np.array([90.0, 93.0]))
    for x, extra in zip((90.0, 93.0), found, strict=True):
        z = (95 - x - extra / 2) / (2 * np.sqrt(0.5))
        assert 0.1 * extra == pytest.approx(ndtr(z), abs=1e-3)


@pytest.mark.parametrize(
    ("levels", "gain"), [((1.0, 1.05, 1.2), 2.0), ((1.0, 1.08, 1.2), 3.2), ((1.0, 1.3), 0.0)]
)
def test_a_choice_of_levels(levels, gain):
    """1 % a point, c = 0.25: 4 points would be best, and more than 8 cost more than they bring."""
    pay = {"deduction_per_point": 1}
    for more in ({}, {"months_sd": 1.0}, {"sd": 1.0}):
        found = simulated(offices(50.0, 1, cost=0.25, years=1, pay=pay, effort={"levels": levels}, **more))
        np.testing.assert_allclose(found["extra"], gain, atol=1e-9)


def test_a_bound_that_binds_is_told():
    """The share of months in which effort is at its most; a mean effort that then falls."""
    case = {"cost": 0.1, "months_sd": 2.0, "years": 1, "pay": {"deduction_per_point": 2}}
    free, held = (
        simulated(offices(88.0, 20, effort={"most": most}, **case)) for most in (2.0, 1.2)
    )  # fmt: skip
    assert (free["effort_at_bound"] == 0).all() and held["effort_at_bound"].mean() > 0.1
    assert held["effort"].max() <= 1.2 + 1e-12
