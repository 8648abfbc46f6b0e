"""Good practice spreads: known answers at rates of 0 and 1, and who is named by the cases of a quarter."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

import sim
from sim.replication.practice import Spreading
from sim.scenario import InputError
from sim.scenario.months import months_of
from sim.scenario.part import Text
from sim.world import draw_world, in_force

TITLE = Text(en="practice", zh="做法")
STILL = {"practice.visit_rate": 0.0, "practice.stage.model_rate": 0.0, "practice.stage.mending_rate": 0.0}


def spreading(**changes: object) -> tuple[Spreading, object]:
    own = {"horizon.warm_up_days": 0, "practice.on": True} | changes
    rules = in_force(sim.reform(sim.load("binhai"), sim.Policy("practice", TITLE, TITLE, own)))
    world = draw_world(rules, 3, 0)
    return Spreading(rules, world), world


def quarter(own: Spreading, world, late: tuple[int, ...] = ()) -> None:
    """A quarter in which all cases are in time but those of the units `late`."""
    year = world.years[0]
    months = months_of(world.scenario.horizon, world.calendar, *year)[:3]
    home = world.requests["unit"].cat.codes.to_numpy()
    due = np.full(len(home), months[-1].end_s)
    finish = np.where(np.isin(home, late), due + 1, due)
    trace = SimpleNamespace(
        due_s=due, withdrawn_s=np.full(len(home), -1), first_start_s=finish, finish_s=finish
    )
    for month in months:
        own.end_month(SimpleNamespace(trace=trace), month)


def test_practice_is_drawn_by_unit_within_its_spread():
    own, _ = spreading(**{"practice.spread": 0.1})
    assert (np.abs(own.level - 1) <= 0.1).all() and np.ptp(own.level[own.among]) > 0.1
    assert (own.level[~own.among] == 1).all() and own.among.sum() == 15
    other, _ = spreading(**{"practice.spread": 0.1, "study.weekly_hours": 1})
    np.testing.assert_array_equal(own.level, other.level)


def test_at_rates_of_0_nothing_spreads():
    own, world = spreading(**STILL | {"practice.stage.on": True})
    before = own.level.copy()
    quarter(own, world)
    np.testing.assert_array_equal(own.level, before)
    assert own.leading.sum() == own.lagging.sum() == 3


def test_a_visit_at_rate_1_brings_up_to_the_host_and_nobody_gets_worse():
    own, world = spreading(
        **STILL | {"practice.visit_rate": 1.0, "practice.stage.on": True, "practice.stage.leading": 1}
    )
    before = own.level.copy()
    quarter(own, world)
    (best,) = np.flatnonzero(own.leading)
    np.testing.assert_array_equal(own.level[own.among], np.maximum(before, before[best])[own.among])
    assert (own.level[~own.among] == 1).all()


def test_models_at_rate_1_bring_all_up_to_the_mean_of_the_leading():
    own, world = spreading(**STILL | {"practice.stage.on": True, "practice.stage.model_rate": 1.0})
    before = own.level.copy()
    quarter(own, world)
    mean = before[own.leading > 0].mean()
    np.testing.assert_allclose(own.level[own.among], np.maximum(before, mean)[own.among])


def test_what_was_late_lags_and_is_mended():
    rules = STILL | {
        "practice.stage.on": True,
        "practice.stage.mending_rate": 1.0,
        "practice.stage.lagging": 2,
    }
    own, world = spreading(**rules)
    worst = np.flatnonzero(own.among)[np.argsort(own.level[own.among])[:2]]
    before = own.level.copy()
    quarter(own, world, tuple(worst))
    np.testing.assert_array_equal(np.flatnonzero(own.lagging), np.sort(worst))
    np.testing.assert_allclose(own.level[worst], before[own.among].mean())
    others = np.setdiff1d(np.arange(len(before)), worst)
    np.testing.assert_array_equal(own.level[others], before[others])


def test_units_that_do_not_differ_work_as_if_the_rule_were_off():
    own = {"horizon.warm_up_days": 0}
    off = sim.simulate("binhai", sim.Policy("off", TITLE, TITLE, own), seed=3)
    alike = own | {"practice.on": True, "practice.spread": 0.0, "practice.stage.on": True}
    on = sim.simulate("binhai", sim.Policy("on", TITLE, TITLE, alike), seed=3)
    assert off.requests.equals(on.requests) and off.steps.equals(on.steps)


def test_a_visit_must_be_a_duty():
    wrong = {"practice.on": True, "practice.visit_duty": "tea"}
    with pytest.raises(InputError, match="visit_duty.*tea"):
        sim.reform(sim.load("binhai"), sim.Policy("wrong", TITLE, TITLE, wrong))


def test_both_executors_give_the_same_rows():
    year = {
        "horizon.years": None,
        "horizon.minutes": 42 * 1440,
        "horizon.warm_up_days": 0,
        "projects.on": False,
    }
    policy = sim.Policy("practice", TITLE, TITLE, year | {"practice.on": True, "practice.stage.on": True})
    one, two = (sim.simulate("binhai", policy, seed=5, engine=engine) for engine in ("compiled", "simpy"))
    for table in ("requests", "steps", "outcomes"):
        assert getattr(one, table).equals(getattr(two, table))
