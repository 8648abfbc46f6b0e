"""People who change on the way: care, attention, late ones last, crowding, other rosters. The two executors
give the same rows, and each change does what it says."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.flow import build as bureau_of
from sim.flow import executor, rostered
from sim.scenario import build
from sim.scenario.calendar import without
from sim.world import draw_world, in_force
from tests.flow.scenarios import assert_same, bureaus
from tests.flow.test_same_rows import SEEDS, busy_hall

ENGINES = ("compiled", "simpy")


@dataclass(frozen=True)
class Change:
    """What happens at one of several moments."""

    careless: float
    neglect_s: int
    late_last: bool
    speed: float
    vacant: int


CHANGES = st.lists(
    st.builds(
        Change,
        careless=st.sampled_from([0.0, 1.0, 2.5]),
        neglect_s=st.sampled_from([0, 600, 90_000]),
        late_last=st.booleans(),
        speed=st.sampled_from([0.6, 1.0, 1.4]),
        vacant=st.integers(0, 5),
    ),
    min_size=3,
    max_size=3,
)


def bent(data: dict, exponent: float, errors: bool) -> dict:
    """The bureau with crowding, errors and room for other rosters."""
    return data | {
        "competence": {"crowding": {"on": exponent > 0, "exponent": exponent}},
        "careers": {"on": True},
        "frictions": {"errors": {"on": errors, "kinds": dict.fromkeys(data["kinds"], 0.2)}},
    }


def run(world, bureau, changes: list[Change], engine: str):
    tables, queues = bureau.tables, np.arange(len(bureau.queues))
    spans = [person.duty for person in world.people]
    flow = executor(engine)(tables)
    for part, change in enumerate(changes, 1):
        now = world.begin_s + (world.end_s - world.begin_s) * part // (len(changes) + 1)
        flow.work_until(now)
        flow.set_speed(change.speed * tables.speed)
        flow.set_care(np.full(len(spans), change.careless))
        flow.set_attention(
            np.where(queues % 2 == 0, change.neglect_s, 0), (queues % 3 != 1) & change.late_last
        )
        empty = np.arange(len(spans)) % 6 < change.vacant
        away = np.array([[now, now + (world.end_s - now) // 3]])
        spans = [without(own, away) if gone else own for own, gone in zip(spans, empty, strict=True)]
        flow.roster(rostered(tables, spans), empty, now)
    flow.work_until(world.end_s)
    return flow.trace


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(bureaus(), SEEDS, CHANGES, st.sampled_from([0.0, 0.0, 0.3, 1.0]), st.booleans())
def test_random_changes(data, seed, changes, exponent, errors):
    scenario = in_force(build(bent(data, exponent, errors)))
    world = draw_world(scenario, seed)
    bureau = bureau_of(world)
    assert_same(*(run(world, bureau, changes, engine) for engine in ENGINES))


@pytest.mark.parametrize("preemption", ["none", "resume", "restart"])
@pytest.mark.parametrize("duty_ends", ["resume", "finish", "hand_over", "restart"])
@pytest.mark.parametrize("exponent", [0.0, 0.5])
def test_changes_under_overload(preemption, duty_ends, exponent):
    plain = busy_hall("class_priority", preemption, duty_ends, "one_window").source.data
    world = draw_world(in_force(build(bent(plain, exponent, True))), 8)
    changes = [Change(2.0, 3600, True, 0.8, 1), Change(0.5, 0, True, 1.2, 2), Change(1.0, 600, False, 1.0, 0)]
    bureau = bureau_of(world)
    one, other = (run(world, bureau, changes, engine) for engine in ENGINES)
    assert_same(one, other)
    assert np.count_nonzero(one.finish_s >= 0) > 40


def trace(scenario, seed=8, **attention):
    world = draw_world(in_force(scenario), seed)
    bureau = bureau_of(world)
    flow = executor("compiled")(bureau.tables)
    queues = len(bureau.queues)
    neglect = np.array([attention.get(queue.kind, 0) for queue in bureau.queues])
    flow.set_attention(neglect, np.full(queues, attention.get("late_last", False)))
    flow.work_until(world.end_s)
    return world, flow.trace


def mean_wait(world, trace, kind: str) -> float:
    mine = (world.requests["kind"] == kind).to_numpy() & (trace.first_start_s >= 0)
    return float((trace.first_start_s - world.requests["arrival_s"])[mine].mean())


def hall():
    return busy_hall("first_come_first_served", "none", "resume", "one_window")


def test_neglected_kinds_wait_longer_and_the_others_less():
    plain, bent_ = trace(hall()), trace(hall(), common=2 * 3600)
    assert mean_wait(*bent_, "common") > mean_wait(*plain, "common")
    assert mean_wait(*bent_, "urgent") < mean_wait(*plain, "urgent")


def test_late_ones_last_keeps_fresh_ones_in_time_and_lets_late_ones_lie():
    patient = deepcopy(hall().source.data)
    for kind in patient["kinds"].values():
        kind["patience_minutes"] = None
    (world, plain), (_, bent_) = trace(build(patient)), trace(build(patient), late_last=True)

    def in_time(found):
        finished = found.finish_s >= 0
        return np.count_nonzero(finished & (found.finish_s <= found.due_s))

    def lateness(found):
        """The mean of the late ones, in seconds."""
        done = np.where(found.finish_s >= 0, found.finish_s, world.end_s)
        late = (done - found.due_s)[found.withdrawn_s < 0]
        return np.mean(late[late > 0])

    assert in_time(bent_) > in_time(plain)
    assert lateness(bent_) > 1.1 * lateness(plain)


def test_a_longer_line_is_served_more_quickly():
    crowded = build(bent(hall().source.data, 0.5, False))
    (world, plain), (_, hurried) = trace(hall()), trace(crowded)
    assert mean_wait(world, hurried, "common") < 0.8 * mean_wait(world, plain, "common")


def test_an_empty_post_does_no_work_and_its_case_goes_to_a_colleague():
    world = draw_world(in_force(build(bent(hall().source.data, 0.0, False))), 8)
    bureau = bureau_of(world)
    now = world.begin_s + 7 * 86_400 + 10 * 3600  # a Monday, ten o'clock
    away = np.array([[now, world.end_s]])
    spans = [without(person.duty, away) if n == 0 else person.duty for n, person in enumerate(world.people)]
    flow = executor("compiled")(bureau.tables)
    flow.work_until(now)
    in_hand = {int(person): int(task) for task, person, *_ in flow.trace.in_hand}
    flow.roster(rostered(bureau.tables, spans), np.array([True, False]), now)
    flow.work_until(world.end_s)
    done = flow.trace.segments
    assert 0 in in_hand, "the test needs somebody at work"
    assert np.max(done[done[:, 1] == 0, 3]) == now
    assert in_hand[0] in done[done[:, 1] == 1, 0]
