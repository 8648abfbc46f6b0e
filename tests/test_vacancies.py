"""A post that stands empty after a move: nobody serves there, and nobody studies, patrols or opens late."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sim
from sim.scenario.time import DAY_S
from tests.test_years import FEW

MONTHS = 6
TWO_YEARS = {
    "horizon.years": 2,
    "horizon.warm_up_days": 0,
    "calendar.make_up_days": False,
    "careers.vacancy_months": MONTHS,
    "study.missed.on": True,
    "frictions.late_opening.on": True,
    "frictions.violations.on": True,
    **FEW,
}


def run(engine: str = "compiled", **changes):
    return sim.simulate("binhai", TWO_YEARS | changes, seed=4, engine=engine)


@pytest.fixture(scope="module")
def empty():
    return run()


@pytest.fixture(scope="module")
def filled():
    """The same moves, with nobody missing."""
    return run(**{"careers.vacancy_months": 0})


def test_only_empty_posts_do_less(empty, filled):
    less, usual = empty.people, filled.people
    stands_empty = less["vacant_s"] > 0
    assert stands_empty.sum() >= 3
    for used in ("on_duty_s", "study_s", "duty_s"):
        there = less.loc[~stands_empty, used] == usual.loc[~stands_empty, used]
        assert there.all(), used
        away = stands_empty & (usual[used] > 0)
        share = less.loc[away, used].sum() / usual.loc[away, used].sum()
        assert share == pytest.approx(1 - MONTHS / 12, abs=0.12), used
    present = (less["days_present"] / usual["days_present"])[stands_empty]
    assert present.to_numpy() == pytest.approx(np.full(len(present), 1 - MONTHS / 12), abs=0.15)
    assert (less.loc[stands_empty, "study_recorded_s"] <= less.loc[stands_empty, "study_s"]).all()


def test_an_empty_desk_does_not_open_late(empty):
    world, (year,) = empty.work.world, empty.work.years[1:]
    until = year.start_s + MONTHS * 30 * DAY_S
    gone = np.flatnonzero(empty.people["vacant_s"].to_numpy() > 0)
    for post in gone:
        late = world.people[post].late[:, 0]
        assert not ((late >= year.start_s) & (late < until)).any()


def test_fewer_hours_of_patrol_find_less(empty, filled):
    def of(result, outcome: str) -> float:
        table = result.outcomes.astype({"outcome": str, "unit": str, "kind": str})
        rows = table[(table["outcome"] == outcome) & (table["year"] == 2026) & (table["month"] == 0)]
        kind = "duty.patrol" if outcome == "duty_hours" else ""
        return float(rows.loc[(rows["unit"] == "") & (rows["kind"] == kind), "value"].iloc[0])

    assert of(empty, "duty_hours") <= of(filled, "duty_hours")
    assert of(empty, "days_unseen") >= of(filled, "days_unseen")


def test_both_executors_leave_the_same_posts_empty():
    """With a fifth of the requests: the reference takes its time."""
    fewer = {f"demand.{kind}.scale": 0.2 for kind in sim.load("binhai").demand}
    one, other = (run(engine, **fewer) for engine in ("compiled", "simpy"))
    assert (one.people["vacant_s"] > 0).sum() >= 3
    pd.testing.assert_frame_equal(one.requests, other.requests)
    pd.testing.assert_frame_equal(one.people, other.people)
