"""People who differ, people who do not respond, and two executors: in a simulated bureau."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sim
from sim.behaviour.responsive import drawn_people
from sim.world import Streams

from .even_offices import SEED, offices, simulated

PAY = {"deduction_per_point": 1}
SPREADS = {"strength_spread": 0.3, "cost_spread": 0.4, "gain_spread": 0.2}


def linear(count: int, **people: object):
    """Offices for which 4 points more are best, if strength, cost and return are 1."""
    return offices(50.0, count, cost=0.25, years=1, pay=PAY, responsive={"people": people})


def test_own_strength_cost_and_return():
    """Effort is strength × believed return / cost; the score rises by the true return."""
    own = {
        "office_0": {},
        "office_1": {"cost": 2.0},
        "office_2": {"strength": 0.5},
        "office_3": {"gain": 1.5},
        "office_4": {"gain": 0.5, "cost": 0.4, "strength": 2.0},
    }
    found = simulated(linear(5, by_unit=own)).droplevel("year").loc[list(own)]
    aim = np.array([4.0, 2.0, 2.0, 6.0, 10.0])
    np.testing.assert_allclose(found["extra"], aim, atol=1e-3)
    np.testing.assert_allclose(found["true_score"], 50 + aim, atol=1e-3)
    believed = aim * [1, 1, 1, 1.5, 0.5]
    np.testing.assert_allclose(found["gain_realised"], aim, atol=1e-3)
    np.testing.assert_allclose(found["gain_believed"], believed, atol=1e-3)


def test_drawn_differences_follow_the_draw():
    scenario = linear(12, **SPREADS)
    people = drawn_people(scenario, Streams(SEED, 0))
    found = simulated(scenario).droplevel("year")["extra"].reindex(list(scenario.units))
    np.testing.assert_allclose(found, 4 * people.strength * people.gain / people.cost, rtol=1e-3)
    for drawn, spread in ((people.strength, 0.3), (people.cost, 0.4), (people.gain, 0.2)):
        assert np.ptp(drawn) > spread and (np.abs(drawn - 1) <= spread).all()


def test_another_office_leaves_the_others_as_they_are():
    """A draw of its own for each office; and another for each replication."""
    few, more = (drawn_people(linear(count, **SPREADS), Streams(SEED, 0)) for count in (5, 6))
    for name in ("strength", "cost", "gain"):
        np.testing.assert_array_equal(getattr(few, name), getattr(more, name)[:5])
    other = drawn_people(linear(5, **SPREADS), Streams(SEED, 1))
    assert not np.isin(few.cost, other.cost).any()


def test_one_more_kind_of_difference_leaves_the_others_as_they_are():
    one, two = (drawn_people(linear(5, **part), Streams(SEED, 0)) for part in ({"cost_spread": 0.4}, SPREADS))
    np.testing.assert_array_equal(one.cost, two.cost)
    assert (one.strength == 1).all() and (one.gain == 1).all()


STARTS = [80.25 + 0.5 * number for number in range(40)]


def test_those_who_do_not_respond_stay_in_the_hole():
    """A notch at 90, 30 % not responding: 0.03 left between 88 and 90, 0.07 at 90, whoever they are."""
    responsive = {"people": {"not_responding": 0.3}}
    scenario = offices(STARTS, cost=2.0, years=1, careers={"promotion": 0.04}, responsive=responsive)
    hole, at_line, responding, tries = 0, 0, [], 6
    for replication in range(tries):
        found = sim.simulate(scenario, behaviour="responsive", seed=SEED, replication=replication).units
        found = found.droplevel("year").reindex(list(scenario.units))
        responds = drawn_people(scenario, Streams(SEED, replication)).strength > 0
        usual, aim = found["usual_score"].to_numpy(), found["true_score"].to_numpy()
        within = (usual > 88) & (usual < 90)
        np.testing.assert_allclose(aim[~(within & responds)], usual[~(within & responds)], atol=1e-6)
        np.testing.assert_allclose(aim[within & responds], 90, atol=0.01)
        hole, at_line = hole + (within & ~responds).sum(), at_line + (within & responds).sum()
        responding.append(responds.mean())
    assert hole + at_line == 4 * tries  # a tenth of the offices
    some = [drawn_people(scenario, Streams(SEED, number)).strength > 0 for number in range(100)]
    assert np.mean(some) == pytest.approx(0.7, abs=0.03)  # 4 standard errors of 4000 draws
    near = np.array(some)[:, (np.array(STARTS) > 88) & (np.array(STARTS) < 90)]
    assert 0.1 * near.mean() == pytest.approx(0.07, abs=0.01)


ON = {name: {"on": True} for name in ("allocation", "timing", "recording")}
BUSY = {
    "cost": 0.3, "months_sd": 1.0, "sd": 1.0, "years": 2, "pay": PAY, "careers": {"promotion": 0.05},
    "kinds": {"a": 30.0, "b": 30.0}, "assessed": ["a"], "minutes": 600.0,
}  # fmt: skip


def outcomes(scenario, behaviour: str, engine: str = "compiled") -> pd.Series:
    table = sim.simulate(scenario, behaviour=behaviour, seed=3, engine=engine).outcomes
    keys = ["year", "month", "unit", "kind", "person", "outcome"]
    return table.astype(dict.fromkeys(keys[2:], str)).set_index(keys)["value"]


@pytest.mark.parametrize(
    ("responsive", "effort"),
    [({"strength": 0.0, **ON}, {}), ({}, {"on": False}), ({"people": {"not_responding": 1.0}}, {})],
)
def test_off_is_mechanical_to_the_last_bit(responsive, effort):
    """No strength, no switch on, nobody who responds."""
    scenario = offices(88.0, 3, responsive=responsive, effort=effort, **BUSY)
    mechanical, still = (outcomes(scenario, behaviour) for behaviour in ("mechanical", "responsive"))
    pd.testing.assert_series_equal(still.loc[mechanical.index], mechanical, check_exact=True)
    efforts = still[still.index.get_level_values("outcome") == "effort"]
    assert len(efforts) and (efforts == 1).all()


@pytest.mark.parametrize("foresight", ["dynamic", "plan"])
def test_both_executors_give_the_same_rows(foresight):
    responsive = {"people": SPREADS | {"not_responding": 0.2}, **ON}
    scenario = offices(88.0, 3, responsive=responsive, effort={"foresight": foresight}, **BUSY)
    one, two = (outcomes(scenario, "responsive", engine) for engine in ("compiled", "simpy"))
    pd.testing.assert_series_equal(one, two, check_exact=True)
    assert one.loc[2025, 12, :, "", "", "effort"].max() > 1.01
