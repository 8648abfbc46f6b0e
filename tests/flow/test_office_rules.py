"""What must hold for every bureau in which people work together or may be turned away, in both executors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sim.flow import ENGINES, Bureau, Trace, executor
from sim.flow import build as bureau_of
from sim.scenario import InputError, build
from sim.scenario.calendar import covered
from sim.world import World, draw_world, in_force
from tests.flow.scenarios import assert_same, bureaus, open_lists, trace_of, with_open

SEEDS = st.integers(0, 2**32 - 1)
some = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
few = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def offices(draw: st.DrawFn, together: bool = True) -> dict[str, Any]:
    """A random bureau with two to four people in each group, and rules of waiting rooms and of patience."""
    data = draw(bureaus())
    for group in data["staff"].values():
        if "skills" not in group:
            group["count"] = draw(st.integers(2, 4))
    for role in data["roles"].values():
        role["front"] = draw(st.booleans())
    for part in data["unit_types"].values():
        part["places"] = draw(st.sampled_from([None, 0, 1, 3]))
        part["tickets_a_day"] = draw(st.sampled_from([None, 1, 4, 9]))
        part["preempted"] = draw(st.sampled_from(["last_begun", "first_begun"]))
    crowding = {"on": draw(st.booleans()), "shape": "step", "step_from": draw(st.integers(1, 3))}
    data["competence"] = {"crowding": crowding}
    data["committees"]["council"]["one_by_one"] = draw(st.booleans())
    for kind in data["kinds"].values():
        kind["leaves_at"] = draw(st.sampled_from([None, 1, 4]))
        booking = {"share": 0.5, "every_minutes": 30, "places": draw(st.integers(1, 2))}
        kind["appointments"] = draw(st.sampled_from([None, None, booking]))
        kind["leaves_over_minutes"] = draw(st.sampled_from([None, 5, 60]))
        kind["comes_back"] = draw(st.sampled_from([0.0, 0.3, 0.8]))
        kind["patience_covers"] = draw(st.sampled_from(["first_step", "whole"]))
        kind["patience_shape"] = draw(st.sampled_from([{"distribution": "constant"}, {"cv": 1.0}]))
        for nth, step in enumerate(kind["route"].values()):
            if step["type"] == "sitting":
                step |= draw(st.sampled_from([{}, {"distribution": "exponential"}]))
            if nth and step["type"] == "work":
                step["same_person"] = draw(st.booleans())
            if together and step["type"] == "work":
                if step.get("same_person"):
                    continue
                step["people"] = draw(st.sampled_from([1, 1, 2, 3]))
                unit = draw(st.sampled_from(["own", *data["units"]]))
                joined = f"{unit}/{draw(st.sampled_from(list(data['roles'])))}"
                step["joined_by"] = draw(st.sampled_from([None, None, joined]))
    return data


def drawn(data: dict[str, Any], seed: int, folder: Path | None = None) -> tuple[World, Bureau]:
    """The world and bureau; where nobody can do a step, another example is drawn."""
    try:
        world = draw_world(in_force(build(data, folder)), seed)
        return world, bureau_of(world)
    except InputError:
        assume(False)
        raise


@some
@given(offices(), SEEDS, st.data())
def test_every_office_keeps_the_laws(tmp_path_factory, data, seed, picks):
    """Both executors give the same rows; teams are whole; nobody is in two places."""
    folder = tmp_path_factory.mktemp("open")
    if picks.draw(st.booleans()):
        data = with_open(data, picks.draw(open_lists(data)), folder)
    world, bureau = drawn(data, seed, folder)
    trace = trace_of(bureau, world.end_s, "compiled")
    assert_same(trace, trace_of(bureau, world.end_s, "simpy"))
    teams_are_whole(bureau, trace)
    nobody_is_in_two_places(trace)
    rooms_and_tickets_suffice(world, bureau, trace)


@few
@given(offices(together=False), SEEDS)
def test_every_office_without_joint_work(data, seed):
    world, bureau = drawn(data, seed)
    trace = trace_of(bureau, world.end_s, "compiled")
    assert not bureau.tables.teams
    assert_same(trace, trace_of(bureau, world.end_s, "simpy"))
    rooms_and_tickets_suffice(world, bureau, trace)


def work_rows(trace: Trace) -> np.ndarray:
    """Task, person, start and end of all work; what is under way ends never."""
    under_way = trace.in_hand.copy()
    under_way[:, 3] = 2**31 - 1
    return np.concatenate((trace.segments, under_way))


def teams_are_whole(bureau: Bureau, trace: Trace) -> None:
    """Of each stretch of work as many people take part as the step asks for, of its stations."""
    t = bureau.tables
    stretches: dict[tuple[int, int, int], list[int]] = {}
    for task, person, start, end in work_rows(trace).tolist():
        stretches.setdefault((task, start, end), []).append(person)
    for (task, start, end), team in stretches.items():
        people = int(t.people[task]) if t.teams else 1
        joined = int(t.joined[task]) if t.teams else -1
        team = sorted(set(team)) if start == end else team  # an instant may be noted twice
        assert len(set(team)) == len(team) == people + (joined >= 0)
        able = [person for person in team if t.queue[task] in bureau.serves[person]]
        assert len(able) >= people
        if joined >= 0:
            assert any(joined in bureau.serves[person] for person in team)


def nobody_is_in_two_places(trace: Trace) -> None:
    work = work_rows(trace)
    for person in np.unique(work[:, 1]):
        own = work[work[:, 1] == person]
        own = own[np.lexsort((own[:, 3], own[:, 2]))]
        assert (own[1:, 2] >= own[:-1, 3]).all()


def rooms_and_tickets_suffice(world: World, bureau: Bureau, trace: Trace) -> None:
    """Those for whom there was no room or ticket were not begun; a day gives no more tickets than it has."""
    t = bureau.tables
    if not t.refuses:
        assert len(trace.turned_away) == 0
        return
    gone = trace.turned_away > t.comebacks
    assert (trace.withdrawn_s[gone] >= 0).all() and (trace.first_start_s[gone] < 0).all()
    assert (trace.turned_away <= t.comebacks.astype(int) + 1).all()
    again_s = t.comeback_s[t.comeback_s < world.end_s]
    assert covered(world.calendar.open_spans(), again_s).all()  # nobody comes again to shut doors
    first = t.first_task[:-1]
    stayed = (t.hall >= 0) & ~gone & (trace.ready_s[first] >= 0)
    came_s = trace.ready_s[first]  # the last time
    stayed &= (trace.first_start_s >= 0) | (trace.withdrawn_s != came_s)  # who leaves at once takes no ticket
    pending = (trace.turned_away > 0) & (trace.first_start_s < 0) & (trace.withdrawn_s < 0)
    for number in np.flatnonzero(t.tickets >= 0):
        own = stayed & (t.hall == number) & ~pending
        days = np.bincount(came_s[own] // 86_400) if own.any() else np.zeros(1)
        assert days.max() <= t.tickets[number]


@pytest.mark.parametrize("engine", ENGINES)
@few
@given(offices(), SEEDS, st.lists(st.integers(1, 7000), max_size=6))
def test_stopping_on_the_way_changes_nothing(engine, data, seed, stops):
    world, bureau = drawn(data, seed)
    flow = executor(engine)(bureau.tables)
    for stop in sorted({world.begin_s + 60 * minutes for minutes in stops}):
        if stop < world.end_s:
            flow.work_until(stop)
    flow.work_until(world.end_s)
    assert_same(flow.trace, trace_of(bureau, world.end_s, engine))
