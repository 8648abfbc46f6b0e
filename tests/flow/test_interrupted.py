"""Long work is done in pieces: it hears of a Ctrl-C, and the rows are the same whatever the pieces."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pandas as pd
import pytest

import sim
from sim.flow import build as tables_of
from sim.flow import compiled_flow, executor, prepare
from sim.scenario.schema import Scenario
from sim.world import draw_world, routes
from tests.theory.offices import kind, scenario, work


def many_visits(step: dict) -> Scenario:
    """Some forty requests, each with some fifty thousand visits of `step`, each time followed by a fork."""
    again = {"type": "branch", "to": {"step_1": 1 - 2e-5, "end": 2e-5}}
    return scenario(20_000, {"visit": kind(step, again=again)}, {"visit": 0.002})


def test_rows_do_not_depend_on_the_pieces(monkeypatch):
    whole = sim.simulate("urgent-care", "triage-plus-one", seed=3)
    monkeypatch.setattr(compiled_flow, "AT_A_TIME", 7)
    monkeypatch.setattr(routes, "AT_A_TIME", 5)
    sim.simulate("one-office", seed=3)  # so that nothing of the first is kept
    pieces = sim.simulate("urgent-care", "triage-plus-one", seed=3)
    assert pieces.work is not whole.work
    for table in ("requests", "steps", "segments"):
        pd.testing.assert_frame_equal(getattr(pieces, table), getattr(whole, table))


@contextmanager
def ctrl_c_after(seconds: float) -> Iterator[None]:
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def interrupted(work: Callable[[], object]) -> None:
    prepare("compiled")
    with ctrl_c_after(0.02), pytest.raises(KeyboardInterrupt):
        work()


def test_work_under_way_answers_ctrl_c():
    world = draw_world(many_visits(work(1 / 3600, distribution="constant")), 1)
    flow = executor("compiled")(tables_of(world).tables)
    interrupted(lambda: flow.work_until(world.end_s))
    done = len(flow.trace.segments)
    flow.work_until(world.end_s)  # what was interrupted can go on
    assert 0 < done < len(flow.trace.segments)


def test_a_draw_under_way_answers_ctrl_c():
    """Without any task: only forks, whose visits leave no rows."""
    endless = scenario(
        20_000,
        {"visit": kind(again={"type": "branch", "to": {"again": 1 - 2e-6, "end": 2e-6}})},
        {"visit": 0.002},
    )
    interrupted(lambda: draw_world(endless, 1))
