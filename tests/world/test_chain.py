"""The chain of target projects: what hinders them, two levels of checks, owners, urgency, and the store."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sim
from sim.flow import build as bureau_of
from sim.scenario import InputError, build
from sim.scenario.time import DAY_S
from sim.world import draw_world, in_force
from tests.flow.scenarios import assert_same, trace_of

from .rules_office import office, visits

TITLE = {"en": "plots", "zh": "地块"}
HINDERED = {"on": True, "put_off": 0.5, "held_up": 0.4, "days": 20.0}
LEVELS = {"unit_checks": {"on": True, "effect": 0.5}, "bureau_checks": {"on": True, "effect": 0.75}}


def projects(a_year: int = 30, stages: int = 4, **changes) -> sim.Scenario:
    plots = {"title": TITLE, "a_year": {"north": a_year, "south": 2}, "hours": 8, "stages": stages}
    block = {"on": True, "accepted_at": "hall/leader", "classes": {"plots": plots}, "sent_back": 0.3}
    return office(projects=block | changes, horizon={"start": "2025-01-01", "years": 1, "warm_up_days": 10})


def route(**changes):
    return in_force(projects(**changes)).kinds["project.plots"].route


def test_what_comes_before_a_stage():
    """Four stages over four fifths of the time begin at 0, 0.2, 0.4 and 0.6: the bureau checks the last."""
    names = list(route(hindrances=HINDERED, **LEVELS))
    fourth = names[names.index("pause_3") + 1 : names.index("stage_4") + 1]
    assert fourth == [
        "unit_check_4",
        "put_off_4.asked",
        "put_off_4",
        "bureau_check_4",
        "held_up_4.asked",
        "held_up_4",
        "stage_4",
    ]
    assert [name for name in names if name.startswith("bureau_check")] == ["bureau_check_4"]
    assert names.count("mending") == 1
    assert not {"mending", "put_off_1", "unit_check_1"} & set(route())


def test_the_levels_press_what_is_theirs():
    steps = route(hindrances=HINDERED, **LEVELS)
    assert (steps["put_off_3"].supervised_from, steps["put_off_3"].pressed_share) == (pytest.approx(0.4), 0.5)
    assert (steps["held_up_3"].supervised_from, steps["held_up_3"].pressed_share) == (0.5, 0.25)
    alone = route(hindrances=HINDERED)
    assert {alone[name].supervised_from for name in ("put_off_3", "held_up_3")} == {None}


def test_the_more_hours_spread_the_more_the_projects_differ():
    def spread(cv: float) -> float:
        table = visits(draw_world(projects(200, hindrances=HINDERED | {"hours_cv": cv}), 7))
        stage = table[table["step"].str.startswith("stage_")]
        return float(stage.groupby(level=["unit", "number"])["work_s"].sum().std())

    assert spread(1.0) > 1.5 * spread(0.0)


def test_a_named_owner_puts_off_less_and_spares_some_of_the_same():
    def put_off(**owners) -> set:
        table = visits(draw_world(projects(hindrances=HINDERED, owners=owners), 7))
        return set(table[table["step"].str.startswith("put_off")].index)

    nobody, named = put_off(on=False), put_off(on=True, put_off_factor=0.5)
    assert named < nobody and len(named) < 0.6 * len(nobody)
    assert put_off(on=True, put_off_factor=1.0) == nobody


def test_a_project_that_lags_waits_for_the_share_that_is_left_in_both_executors():
    world = draw_world(projects(hindrances=HINDERED, **LEVELS), 7)
    bureau = bureau_of(world)
    one, other = (trace_of(bureau, world.end_s, engine) for engine in ("compiled", "simpy"))
    assert_same(one, other)
    tasks, tables = world.tasks, bureau.tables
    still = np.flatnonzero((tasks.type == 1) & (tasks.supervised > 0) & (one.end_s >= 0))
    request = tasks.request[still]
    received, due = tables.arrival_s[request], tables.due_s[request]
    lags = 100 * (one.start_s[still] - received) > tasks.supervised[still] * (due - received)
    took = one.end_s[still] - one.start_s[still]
    assert 0 < lags.sum() < len(still)
    assert (took[~lags] == tasks.delay_s[still][~lags]).all()
    share = took[lags] / tasks.delay_s[still][lags]
    assert set(np.round(share, 3)) == {0.5, 0.25}


def test_checks_press_only_who_lags_so_more_effect_is_never_later():
    def finished(effect: float) -> np.ndarray:
        levels = {name: {"on": True, "effect": effect} for name in LEVELS}
        result = sim.simulate(projects(4, hindrances=HINDERED, sent_back=0.0, **levels), seed=7)
        end = result.projects["finish_s"].to_numpy()
        return np.where(end < 0, result.work.world.end_s, end)

    none, half, all_ = finished(0.0), finished(0.5), finished(1.0)
    assert half.mean() < none.mean() and all_.mean() < half.mean()
    assert (half <= none + 7 * DAY_S).all(), "but for a turn in the line"


def test_urgent_projects_are_served_first():
    def classes(urgency: int) -> dict:
        part = {"title": TITLE, "a_year": {"north": 25}, "hours": 30, "stages": 1}
        return {"slow": part | {"urgency": 1}, "fast": part | {"urgency": urgency}}

    def first_done(urgency: int, **rule) -> pd.Series:
        result = sim.simulate(projects(classes=classes(urgency), urgency=rule, sent_back=0.0), seed=7)
        return result.requests.groupby("kind", observed=True)["finish_s"].mean()

    urgent, equal = first_done(3, on=True, days=30.0), first_done(1, on=True, days=30.0)
    assert urgent["project.fast"] < equal["project.fast"]
    assert urgent["project.slow"] > equal["project.slow"]
    assert first_done(3, on=False).equals(first_done(1, on=False)), "off, the grade says nothing"


def test_the_store_adds_up():
    result = sim.simulate(projects(hindrances=HINDERED, owners={"on": True}, **LEVELS), seed=7)
    rows = result.outcomes[result.outcomes["person"] == ""].astype({"unit": str, "outcome": str})
    month = rows[(rows["unit"] == "") & (rows["month"] > 0)].pivot(
        index="month", columns="outcome", values="value"
    )
    table, steps = result.projects, result.steps
    open_ = len(table) - month["projects_taken_out"].cumsum()
    assert month["projects_in_store"].tolist() == open_.tolist()
    assert (month["projects_lagging"] <= month["projects_in_store"]).all()
    assert month["projects_lagging"].max() > 0
    done = steps[steps["end_s"] >= 0]["step"].astype(str)
    assert month["projects_checked"].sum() == done.str.contains("_check_").sum() == table["checks"].sum()
    back = (steps["step"].astype(str) == "rework").sum()
    assert month["projects_sent_back"].sum() == back == table["sent_back"].sum() > 0
    whole = rows[(rows["month"] == 0) & (rows["unit"] == "")].set_index("outcome")["value"]
    assert whole["projects_in_store"] == pytest.approx(month["projects_in_store"].mean())
    accepted = (table["finish_s"] >= 0) & (table["finish_s"] <= table["due_s"])
    assert whole["projects_accepted"] == pytest.approx(accepted.mean())
    assert (table["state"].eq("accepted in time") == accepted).all()
    by_unit = rows[(rows["unit"] != "") & (rows["outcome"] == "projects_in_store") & (rows["month"] == 6)]
    assert by_unit["value"].sum() == month["projects_in_store"][6]


def test_the_people_of_a_unit_are_named_in_turn():
    result = sim.simulate(projects(owners={"on": True}), seed=7)
    assert set(result.projects["owner"]) == {"north_field", "south_field"}
    assert (result.projects["unit"] + "_field" == result.projects["owner"]).all()
    assert "finish" in result.dated("projects")
    assert set(sim.simulate(projects(), seed=7).projects["owner"]) == {""}


def test_the_store_is_kept_only_where_a_rule_of_the_chain_is_on():
    told = {"projects_in_store", "projects_lagging", "projects_checked"}
    assert not told & set(sim.simulate(projects(), seed=7).outcomes["outcome"])
    assert told < set(sim.simulate(projects(unit_checks={"on": True}), seed=7).outcomes["outcome"])


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"pressed_share": 0.5}, "supervised_from"),
        ({"pressed_share": 0.5, "supervised_from": 0.5, "per": "working_days"}, "calendar_days"),
        ({"supervised_from": 0.5, "stops_clock": True}, "stop the clock"),
    ],
)
def test_a_delay_that_cannot_be_pressed_is_refused(more, message):
    data = office().source.data
    delay = data["kinds"]["deed"]["route"]["outside"]
    data["kinds"]["deed"]["route"]["outside"] = delay | more
    with pytest.raises(InputError, match=message):
        build(data)
