"""Delays and work that change between months, as patrol does: the executors give the same rows."""

from __future__ import annotations

import numpy as np
import pytest

from sim.flow import build as bureau_of
from sim.flow import executor
from sim.world import draw_world, in_force
from sim.world.tasks import DELAY, WORK
from tests.flow.scenarios import assert_same
from tests.world.rules_office import office

ENGINES = ("compiled", "simpy")


def redrawn(tables, moment: int):
    """The tables with twice the work and half the delays of requests that come after `moment`."""
    after = np.repeat(tables.arrival_s > moment, np.diff(tables.first_task))
    work_s, delay_s = tables.work_s.copy(), tables.delay_s.copy()
    work_s[after & (tables.type == WORK)] *= 2
    delay_s[after & (tables.type == DELAY) & (delay_s >= 0)] //= 2
    return tables._replace(work_s=work_s, delay_s=delay_s)


@pytest.fixture(scope="module")
def traces():
    world = draw_world(in_force(office()), 7)
    tables = bureau_of(world).tables
    half = (world.begin_s + world.end_s) // 2
    found = []
    for engine in ENGINES:
        flow = executor(engine)(tables)
        flow.work_until(half)
        flow.redraw(redrawn(tables, half), np.arange(len(tables.type)))
        flow.work_until(world.end_s)
        found.append(flow.trace)
    return world, tables, half, found


def test_the_executors_agree(traces):
    assert_same(*traces[3])


def test_it_changes_what_comes_after_and_nothing_before(traces):
    world, tables, half, (trace, _) = traces
    flow = executor("compiled")(tables)
    flow.work_until(world.end_s)
    of_task = np.repeat(tables.arrival_s, np.diff(tables.first_task))
    lasted, usual = (one.end_s - one.start_s for one in (trace, flow.trace))
    outside = (tables.type == DELAY) & (tables.delay_s > 0) & (trace.end_s >= 0) & (flow.trace.end_s >= 0)
    late, early = outside & (of_task > half), outside & (flow.trace.end_s < half)
    assert late.any() and early.any()
    assert (lasted[late] == tables.delay_s[late] // 2).all()
    assert (lasted[early] == usual[early]).all()
