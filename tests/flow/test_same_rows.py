"""The compiled executor against the reference: the same rows, to the last bit, under every rule."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.flow import build as bureau_of
from sim.flow import compiled_flow, executor
from sim.flow.state import State
from sim.replication import simulate
from sim.scenario import Policy, build, load, load_policy, reform
from sim.scenario.disciplines import DISCIPLINES
from sim.scenario.folders import shipped_folder
from sim.scenario.part import Text
from sim.world import draw_world, in_force
from tests.flow.scenarios import (
    DUTY_ENDS,
    PREEMPTION,
    assert_same,
    bureaus,
    open_lists,
    table_bytes,
    trace_of,
    with_open,
)

SEEDS = st.integers(0, 2**32 - 1)
TITLE = Text(en="a policy", zh="一项政策")
SHIPPED = sorted(file.parent.name for file in shipped_folder().glob("*/scenario.yaml"))


def same(scenario, seed: int) -> None:
    world = draw_world(in_force(scenario), seed)
    bureau = bureau_of(world)
    assert_same(*(trace_of(bureau, world.end_s, engine) for engine in ("compiled", "simpy")))


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(bureaus(), SEEDS)
def test_random_bureaus(data, seed):
    same(build(data), seed)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(bureaus(), SEEDS, st.data())
def test_matters_that_are_open_at_the_start(tmp_path_factory, data, seed, picks):
    folder = tmp_path_factory.mktemp("open")
    same(build(with_open(data, picks.draw(open_lists(data)), folder), folder), seed)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(bureaus(), SEEDS, st.lists(st.sampled_from([0.5, 0.8, 1.0, 1.7]), min_size=3, max_size=3))
def test_people_who_change_their_speed_on_the_way(data, seed, speeds):
    """Each person to a speed of their own on each kind."""
    world = draw_world(in_force(build(data)), seed)
    tables = bureau_of(world).tables
    flows = [executor(engine)(tables) for engine in ("compiled", "simpy")]
    for part in range(1, len(speeds) + 1):
        for flow in flows:
            flow.work_until(world.begin_s + (world.end_s - world.begin_s) * part // len(speeds))
            flow.set_speed(np.resize(np.roll(speeds, part), tables.speed.shape) * tables.speed)
    assert_same(*(flow.trace for flow in flows))


@pytest.mark.parametrize("scenario", SHIPPED)
def test_shipped_scenarios(scenario):
    """Fifty days of each, or as many as have ten thousand requests, twenty at least."""
    loaded = load(scenario)
    many = len(draw_world(in_force(shortened(loaded)), 1).requests)
    same(shortened(loaded, days=max(20, min(50, 500_000 // many))), seed=1)


def policies() -> list[tuple[str, str]]:
    return [
        (name, file.stem) for name in SHIPPED for file in (shipped_folder() / name).glob("policies/*.yaml")
    ]


@pytest.mark.parametrize(("scenario", "policy"), policies())
def test_shipped_policies(scenario, policy):
    """A week and a half of each that changes the work; those that only judge it have the scenario's rows."""
    loaded = load(scenario)
    changed = reform(loaded, load_policy(loaded, policy))
    before, after = (shortened(one, days=10) for one in (loaded, changed))
    if after.digest(of_work=True) != before.digest(of_work=True):
        same(after, seed=2)


def shortened(scenario, days: int = 50):
    """The same bureau for so many days at most."""
    horizon = scenario.horizon
    minutes = days * 1440.0 if horizon.years is not None else min(days * 1440.0, horizon.minutes)
    span = {"years": None, "minutes": minutes, "warm_up_days": 0}
    return scenario.model_copy(update={"horizon": horizon.model_copy(update=span)})


RULES = [
    (discipline, preemption, duty_ends, front_desk)
    for discipline in DISCIPLINES
    for preemption in PREEMPTION
    for duty_ends in DUTY_ENDS
    if duty_ends != "hand_over_restart"  # where all leave at once it is as restart
    for front_desk in ("one_window", "desk_per_kind")
    if preemption == "none" or discipline == "class_priority"
]


@pytest.mark.parametrize("rules", RULES, ids="-".join)
def test_every_rule_under_overload(rules):
    """Two windows and too much work, urgent and not, with lines, breaks, breaks of work and lost patience."""
    same(busy_hall(*rules), seed=3)


def busy_hall(discipline: str, preemption: str, duty_ends: str, front_desk: str):
    def kind(priority: int, minutes: float) -> dict:
        return {
            "title": TITLE.model_dump(),
            "priority": priority,
            "patience_minutes": 300,
            "limit": {"amount": 16 - 2 * priority, "per": "working_days"},
            "route": {
                "serve": {"type": "work", "at": "own/clerk", "minutes": minutes, "cv": 0.9},
                "check": {
                    "type": "return",
                    "chance": 0.3,
                    "amount": 1,
                    "per": "working_days",
                    "cv": 0.5,
                    "back_to": "serve",
                },
                "council": {"type": "sitting", "committee": "council", "minutes": 15},
            },
        }

    grade = {"base_pay": 0, "assessment_pay": 0, "target_bonus": 0, "leave_days": 5}
    day = ["08:30-12:00", "14:00-17:30"]
    title = TITLE.model_dump()
    return build(
        {
            "format": "jingxi-scenario/1",
            "title": title,
            "description": title,
            "horizon": {"start": "2025-03-03", "minutes": 20 * 1440},
            "calendar": {"country": "none", "week": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), day)},
            "roles": {"clerk": {"title": title, "front": True}},
            "grades": {"clerk": {"title": title, **grade}},
            "unit_types": {
                "hall": {
                    "title": title,
                    "discipline": discipline,
                    "preemption": preemption,
                    "when_duty_ends": duty_ends,
                    "front_desk": front_desk,
                }
            },
            "units": {"hall": {"type": "hall", "title": title}},
            "staff": {
                "quick": {"unit": "hall", "role": "clerk", "grade": "clerk"},
                "slow": {"unit": "hall", "role": "clerk", "grade": "clerk", "speed": 0.7},
            },
            "kinds": {"urgent": kind(1, 20), "common": kind(3, 35), "slow": kind(7, 150)},
            "demand": {
                "urgent": {"volumes": {"hall": 12}, "per": "day"},
                "common": {"volumes": {"hall": 20}, "per": "day"},
                "slow": {"volumes": {"hall": 4}, "per": "day"},
            },
            "committees": {
                "council": {"title": title, "first": [600, 2000], "places": [9, 4], "every_minutes": 2880}
            },
        }
    )


def test_each_rule_makes_a_difference():
    """Else the comparison above would compare little."""
    seen = {}
    for rules in RULES:
        world = draw_world(busy_hall(*rules), 3)
        trace = trace_of(bureau_of(world), world.end_s, "compiled")
        seen[rules] = trace.start_s.tobytes() + trace.end_s.tobytes()
    alike = {(one, other) for one in RULES for other in RULES if one < other and seen[one] == seen[other]}
    assert not alike


def test_results_are_the_same_whichever_executor():
    no_projects = Policy("no-projects", TITLE, TITLE, {"projects.on": False})  # they are of a year
    scenario = shortened(reform(load("binhai"), no_projects))
    results = [simulate(scenario, seed=4, engine=engine) for engine in ("compiled", "simpy")]
    for name in ("requests", "steps", "segments", "people", "outcomes"):
        one, other = (table_bytes(getattr(result, name)) for result in results)
        assert one == other, name


def test_the_loop_is_compiled_once_for_all_scenarios():
    """Another type of number would be compiled anew, in the middle of somebody's study."""
    for name in SHIPPED:
        world = draw_world(shortened(load(name)), 5)
        trace_of(bureau_of(world), world.begin_s + 3600, "compiled")
    assert [state[0] for _, state, *_ in compiled_flow.advance.natives] == [State]


def test_more_events_than_there_was_room_for():
    """The executor makes room on the way, and the rows stay the same."""
    scenario = busy_hall("class_priority", "resume", "resume", "one_window")
    flood = {"demand.urgent.volumes.hall": 4000, "kinds.urgent.patience_minutes": 9000}
    same(reform(scenario, Policy("flood", TITLE, TITLE, flood)), seed=6)


def test_nothing_happens_after_the_horizon():
    world = draw_world(busy_hall("class_priority", "resume", "resume", "one_window"), 7)
    trace = trace_of(bureau_of(world), world.end_s, "compiled")
    for name in ("ready_s", "end_s", "first_start_s", "finish_s", "withdrawn_s"):
        assert np.max(getattr(trace, name)) < world.end_s
