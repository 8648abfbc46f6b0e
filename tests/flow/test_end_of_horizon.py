"""When the horizon has ended the compiled executor keeps its trace, and lets go of what it worked with."""

from __future__ import annotations

import numpy as np
import pytest

from sim.flow import build, executor
from sim.scenario import build as scenario_of
from sim.world import draw_world
from tests.flow.counter import counter


@pytest.fixture
def ended():
    world = draw_world(scenario_of(counter() | {"careers": {"on": True}}), seed=1)
    tables = build(world).tables
    flow = executor("compiled")(tables)
    flow.work_until(world.end_s)
    return flow, tables


def test_the_trace_holds_no_more_than_itself(ended):
    flow, _ = ended
    trace = flow.trace
    stages = [getattr(trace, name) for name in ("ready_s", "start_s", "end_s")]
    for column in stages:
        held = column if column.base is None else column.base
        assert column.flags.c_contiguous and held.nbytes <= sum(own.nbytes for own in stages)
    assert (trace.end_s >= 0).any()


def test_what_comes_later_changes_nothing(ended):
    flow, tables = ended
    before = {name: np.copy(column) for name, column in vars(flow.trace).items()}
    flow.work_until(tables.end)
    flow.work_until(tables.end + 86_400)
    flow.redraw(tables._replace(work_s=tables.work_s * 2), np.arange(len(tables.type)))
    flow.set_speed(tables.speed * 2)
    for name, column in before.items():
        np.testing.assert_array_equal(getattr(flow.trace, name), column, name)


def test_a_roster_after_the_end_is_refused(ended):
    flow, tables = ended
    with pytest.raises(ValueError, match="has ended"):
        flow.roster(tables, np.ones(len(tables.speed), bool), tables.end)
