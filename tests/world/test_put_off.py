"""Projects are put off less where their acceptance is scored, and the more, the more it is worth."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.world import draw_world, in_force
from sim.world.projects import put_off

ITEM = {"title": {"en": "projects", "zh": "项目"}, "indicator": "projects_accepted", "rule": "proportional"}
QUICK = {
    "behaviour.return": "assumed",
    "behaviour.responsive.effort.points_per_effort": 10,
    "behaviour.trials.at_least": 4,
    "behaviour.trials.at_most": 4,
    "horizon.warm_up_days": 0,
    "projects.hindrances.on": True,
}


def binhai(points: float, **changes: Any) -> dict[str, Any]:
    scored = {"scorecards.office.items.projects": ITEM | {"points": points}} if points else {}
    return QUICK | scored | {"behaviour.responsive.projects.on": True} | changes


def of_bureau(result: sim.Result, name: str) -> float:
    table = result.outcomes
    where = (table["outcome"] == name) & (table["unit"] == "") & (table["kind"] == "") & (table["month"] == 0)
    return float(table["value"][where].iloc[0])


def rounds(result: sim.Result) -> pd.DataFrame:
    steps = result.steps
    return steps[steps["step"].astype(str).str.fullmatch(r"put_off_\d+") & (steps["type"] == "delay")]


@pytest.fixture(scope="module")
def found() -> dict[str, sim.Result]:
    tried = {"unscored": 0.0, "scored": 6.0}
    return {
        name: sim.simulate("binhai", binhai(points), behaviour="responsive") for name, points in tried.items()
    }


def test_what_is_scored_is_put_off_less(found):
    waits = {name: rounds(result)["delay_s"] for name, result in found.items()}
    assert (waits["unscored"] > 0).all()
    spared = (waits["scored"] == 0).mean()
    assert 0.2 < spared <= 0.7 + 0.1  # about half, and most: 0.7
    assert of_bureau(found["scored"], "projects_accepted") > of_bureau(found["unscored"], "projects_accepted")


def test_where_it_is_not_scored_nothing_changes(found):
    off = sim.simulate("binhai", QUICK, behaviour="responsive")
    pd.testing.assert_frame_equal(off.outcomes, found["unscored"].outcomes, check_exact=True)


def test_both_executors_spare_the_same():
    checked = binhai(6.0, **{"projects.unit_checks.on": True})  # rounds of what lags are shorter
    quick, slow = (
        sim.simulate("binhai", checked, behaviour="responsive", engine=engine)
        for engine in ("compiled", "simpy")
    )
    assert (rounds(quick)["delay_s"] == 0).any()
    pd.testing.assert_frame_equal(slow.steps, quick.steps, check_exact=True)
    pd.testing.assert_frame_equal(slow.outcomes, quick.outcomes, check_exact=True)


def test_a_round_has_the_same_luck_whatever_others_there_are():
    luck = {}
    for owners in (False, True):
        rules = in_force(
            sim.reform(sim.load("binhai"), sim.Policy.of(binhai(6.0) | {"projects.owners.on": owners}))
        )
        world = draw_world(rules, 3, 0)
        task, unit, drawn = put_off(world)
        names = world.tasks.step[task]
        assert len(task) > 50 and drawn.min() >= 0 and drawn.max() < 1 and unit.min() >= 0
        luck[owners] = dict(zip(zip(world.tasks.request[task], names, strict=True), drawn, strict=True))
    both = luck[False].keys() & luck[True].keys()
    assert len(both) > 30 and all(luck[False][key] == luck[True][key] for key in both)
    assert np.std([luck[True][key] for key in both]) > 0.2
