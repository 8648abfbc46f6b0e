"""Work that leaves a person's hands, second by second: what is left of it, and who goes on. Both executors.

The clerk is on duty in [0, 500) and from 900 on. ``low`` is common work, ``high`` is urgent.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.flow import ENGINES, build, executor
from sim.world import draw_world
from tests.theory.offices import clerks, kind, scenario, shifts, work

DUTY = shifts((0, 500), (900, 90_000), unit_s=1)
KINDS = {"low": kind(serve=work(1), priority=2), "high": kind(serve=work(1), priority=1)}

pytestmark = pytest.mark.parametrize("engine", ENGINES)


def bureau(rows: list[tuple[str, int, int]], patience: dict[int, int] | None = None, **office: object):
    """The tables for requests of (kind, arrival, work); `patience` in seconds, by place in the row."""
    office = {"staff": {"clerk": clerks(roster=DUTY)}, "discipline": "class_priority", **office}
    case = scenario(20, KINDS, dict.fromkeys(KINDS, 1.0), **office)
    table = pd.DataFrame(rows, columns=["kind", "arrival_s", "work_s.serve"])
    world = draw_world(case, 1, replay=table.assign(unit="office"))
    patience_s = world.requests["patience_s"].to_numpy(copy=True)
    for place, seconds in (patience or {}).items():
        patience_s[place] = seconds
    world.requests = world.requests.assign(patience_s=patience_s)
    return build(world).tables


def finish(engine: str, tables, *, speed_at: tuple[int, float] | None = None) -> list[int]:
    """When each request is finished; `speed_at` changes everybody's speed at a moment."""
    flow = executor(engine)(tables)
    if speed_at is not None:
        flow.work_until(speed_at[0])
        flow.set_speed(np.full(tables.speed.shape, speed_at[1]))
    flow.work_until(tables.end)
    return flow.trace.finish_s.tolist()


def test_work_was_done_at_the_speed_with_which_it_began(engine):
    """400 s at speed 1 leave 600 s, though the clerk is twice as fast from 100 on; the rest is at speed 2."""
    tables = bureau([("low", 0, 1000), ("high", 400, 100)], staff={"clerk": clerks()}, preemption="resume")
    assert finish(engine, tables, speed_at=(100, 2.0)) == [750, 450]


@pytest.mark.parametrize(
    ("rule", "low", "high"),
    [
        # begun at 100, done to 1000 in spite of the break: 100 s are left when the urgent one comes at 1000
        ("finish", 1300, 1200),
        # 400 s before the break and 100 s after it: 500 s are left
        ("resume", 1700, 1200),
        # begun anew at 900: 900 s are left
        ("restart", 2100, 1200),
    ],
)
def test_what_counts_as_done_follows_the_rule_for_the_end_of_duty(engine, rule, low, high):
    tables = bureau([("low", 100, 1000), ("high", 1000, 200)], preemption="resume", when_duty_ends=rule)
    assert finish(engine, tables) == [low, high]


def test_work_handed_over_goes_on_with_a_colleague_on_duty(engine):
    staff = {"clerk": clerks(roster=DUTY), "late": clerks(roster=shifts((450, 90_000), unit_s=1))}
    tables = bureau([("low", 100, 1000), ("high", 5000, 1)], staff=staff, when_duty_ends="hand_over")
    assert finish(engine, tables) == [1100, 5001]


def test_who_comes_back_to_suspended_work_drops_it_for_something_urgent(engine):
    tables = bureau([("low", 100, 1000), ("high", 600, 50)], preemption="resume")
    assert finish(engine, tables) == [1550, 950]


def test_but_not_for_somebody_who_has_left(engine):
    """The urgent one came in the break and lost patience before its end; nobody is waited for."""
    tables = bureau([("low", 100, 1000), ("high", 600, 50)], patience={1: 200}, preemption="resume")
    assert finish(engine, tables) == [1500, -1]


def test_nor_where_its_own_rule_keeps_it(engine):
    tables = bureau([("low", 100, 1000), ("high", 600, 50)], preemption="none")
    assert finish(engine, tables) == [1500, 1550]


def test_the_least_urgent_and_of_these_the_latest_begun_is_taken_away(engine):
    tables = bureau(
        [("low", 0, 400), ("low", 10, 400), ("high", 20, 100)],
        staff={"clerk": clerks(2)},
        preemption="resume",
    )
    assert finish(engine, tables) == [400, 510, 120]
