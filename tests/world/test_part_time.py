"""Part of a post: part of the hours, pay, leave and study; both executors, by hand."""

from __future__ import annotations

import copy

import numpy as np
import pandas as pd
import pytest

import sim
from sim.flow import ENGINES
from sim.scenario.calendar import calendar_of
from sim.scenario.posts import posts
from sim.scenario.time import DAY_S
from sim.world import draw_world
from sim.world.duties import office_hours, part_of
from tests.rules.conftest import SCENARIO

HOUR_S = 3600
STUDY = {"weekly_hours": 2, "slots": [{"weekday": "fri", "at": "14:00"}]}


def office(**changes: object) -> sim.Scenario:
    """The office of the tests of rules, open 8 to 16 from Monday to Friday; `changes` are of its clerk."""
    data = copy.deepcopy(SCENARIO)
    data["horizon"] = {"start": "2025-01-01", "years": 1}
    data["study"] = STUDY
    data["staff"]["east"] |= changes
    return sim.build(data)


@pytest.fixture(scope="module")
def half() -> sim.Result:
    return sim.simulate(office(share=0.5))


@pytest.fixture(scope="module")
def full() -> sim.Result:
    return sim.simulate(office())


def test_half_a_post_works_each_morning():
    """Open 8:30 to 12 and 14 to 17:30: half of it is the morning, three quarters end at 15:45."""
    data = copy.deepcopy(SCENARIO)
    hours = ["08:30-12:00", "14:00-17:30"]
    data["calendar"]["week"] = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), hours)
    calendar = calendar_of(sim.build(data))
    assert np.unique(office_hours(calendar, None, 0.5) % DAY_S / HOUR_S, axis=0).tolist() == [[8.5, 12]]
    most = np.unique(office_hours(calendar, None, 0.75) % DAY_S / HOUR_S, axis=0)
    assert most.tolist() == [[8.5, 12], [14, 15.75]]


def test_study_is_as_much_shorter_and_ends_with_the_day():
    """Two hours from 14: of half a post whose day ends at 12, the hour before."""
    hours, owed = np.array([[8, 12], [32, 36]]) * HOUR_S, np.array([[14, 16], [62, 64]]) * HOUR_S
    assert (part_of(owed, hours, 0.5) / HOUR_S).tolist() == [[11, 12]]  # nobody is there on the third day
    assert part_of(owed, hours, 1) is owed


@pytest.mark.parametrize("engine", ENGINES)
def test_work_goes_on_the_next_morning(engine):
    """Work of 2 hours that comes on Thursday at 11 is done on Friday at 9; by a whole post at 13."""
    thursday = (DAY_S, DAY_S + 11 * HOUR_S)
    table = pd.DataFrame(
        [{"kind": "permit", "unit": "east", "arrival_s": thursday[1], "work_s.accept": 2 * HOUR_S}]
    )
    for share, ends in ((0.5, DAY_S + thursday[0] + 9 * HOUR_S), (1.0, thursday[0] + 13 * HOUR_S)):
        case = office(share=share)
        case = case.model_copy(
            update={"horizon": case.horizon.model_copy(update={"years": None, "minutes": 7200})}
        )
        visits = sim.simulate(case, replay=table, engine=engine).steps
        assert visits["end_s"].iloc[0] == ends


def test_pay_leave_and_study_are_half(half, full):
    name = full.people.index[full.people["unit"] == "east"][0]
    mine, whole = half.people.loc[name], full.people.loc[name]
    assert mine["leave_s"] == whole["leave_s"] / 2 > 0
    assert mine["study_s"] == whole["study_s"] / 2 > 0
    assert mine["on_duty_s"] == whole["on_duty_s"] / 2

    def pay(result: sim.Result, outcome: str) -> float:
        table = result.outcomes
        return table[(table["person"] == name) & (table["outcome"] == outcome)]["value"].iloc[0]

    assert pay(half, "base_pay") == pay(full, "base_pay") / 2 == 25_000
    year = full.units.index[0][0]
    assert half.units.loc[(year, "east"), "study_rate"] == 1
    assert half.headcount == full.headcount
    assert half.payroll == full.payroll - 40_000 == posts(half.scenario).payroll


def test_hours_that_are_written_stay_and_the_rest_is_shared():
    """A week of one's own says the hours; pay and study are the share's."""
    week = {"tue": ["08:00-16:00"], "fri": ["08:00-16:00"]}
    people = draw_world(office(share=0.4, week=week), 0).people
    east = next(person for person in people if person.unit == "east")
    assert east.share == 0.4
    assert set((east.duty[:, 0] // DAY_S + 2) % 7) == {1, 4}  # the horizon begins on a Wednesday
    assert np.diff(east.away["study"], axis=1).max() == 0.4 * 2 * HOUR_S


@pytest.mark.parametrize("share", [0, 1.5])
def test_bounds(share):
    with pytest.raises(sim.InputError, match="share"):
        office(share=share)
