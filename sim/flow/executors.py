"""The executors by name, and the compilation of the compiled one."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from sim.jit import announced, may_compile, note_kept
from sim.scenario import InputError
from sim.scenario import build as scenario_of
from sim.world import draw_world, in_force

from .hours import Timesheet, hours
from .record import answers_of
from .tables import Tables, build, rostered
from .trace import Spells, Trace

ENGINES = ("compiled", "simpy")

_ready: set[str] = set()

# One counter for ten minutes: enough to compile every function for its types.
_TITLE = {"en": "counter", "zh": "窗口"}
_GRADE = {"base_pay": 0, "assessment_pay": 0, "target_bonus": 0, "leave_days": 0}
_SERVE = {"type": "work", "at": "own/clerk", "minutes": 1, "distribution": "constant"}
_COUNTER: dict[str, Any] = {
    "format": "jingxi-scenario/1",
    "title": _TITLE,
    "description": _TITLE,
    "horizon": {"start": "2025-01-06 09:00", "minutes": 10},
    "calendar": {"country": "none", "week": "always"},
    "roles": {"clerk": {"title": _TITLE}},
    "grades": {"clerk": {"title": _TITLE, **_GRADE}},
    "unit_types": {"hall": {"title": _TITLE}},
    "units": {"hall": {"type": "hall", "title": _TITLE}},
    "staff": {"clerk": {"unit": "hall", "role": "clerk", "grade": "clerk"}},
    "kinds": {"visit": {"title": _TITLE, "route": {"serve": _SERVE}}},
    "demand": {"visit": {"volumes": {"hall": 60}, "per": "hour"}},
    "careers": {"on": True},  # the roster may change
    "service_rules": {"online": {"on": True, "kinds": {"visit": 0.5}}},  # people file at their own hour
}


class Executor(Protocol):
    """Advances the tables of a replication to a given time; all give the same rows to the last bit."""

    @property
    def spells(self) -> Spells:
        """The work of people so far: a part of the trace."""

    @property
    def trace(self) -> Trace:
        """The events so far. Its arrays may be the executor's own, which go on changing."""

    def work_until(self, time: int) -> None:
        """Process all events before `time` (s)."""

    def set_speed(self, speed: np.ndarray) -> None:
        """Set the people's speed on each kind, float (people, kinds), for work begun from now on."""

    def set_care(self, careless: np.ndarray) -> None:
        """Set the people's carelessness (people,), 1 = standard, for checks of their work from now on."""

    def set_attention(self, neglect_s: np.ndarray, late_last: np.ndarray) -> None:
        """Set the neglect of each queue, int (queues,) s, and whether it serves late requests last, bool.

        Both hold for requests that join from now on; `late_last` also for the choice of the next request.
        """

    def redraw(self, tables: Tables, tasks: np.ndarray) -> None:
        """Take work and delays from these tables from now on.

        They differ only for some of `tasks`, positions (n,), and there only for those not yet begun.
        """

    def roster(self, tables: Tables, changed: np.ndarray, now: int) -> None:
        """Apply the duty of these tables from `now` (s) on.

        They may differ from the present ones only in the duty after `now` of the people `changed`, bool
        (people,). Work in the hands of these people is handed over.
        """


def executor(engine: str) -> Callable[[Tables], Executor]:
    """Return what makes an executor of tables; `engine` is one of `ENGINES`."""
    if engine == "simpy":
        from .simpy_flow import SimpyFlow
        from .simpy_joint import SimpyJointFlow

        return lambda tables: (SimpyJointFlow if tables.teams else SimpyFlow)(tables)
    from .compiled_flow import CompiledFlow

    return CompiledFlow


def prepare(engine: str) -> None:
    """Compile the compiled executor, or load it from disk; a compilation is announced on stderr.

    Call it before starting workers: what one process has compiled, the others load from disk.

    Raises InputError where the environment forbids numba to compile.
    """
    if engine in _ready:
        return
    if not may_compile():  # as Python the model would run for hours
        raise InputError("NUMBA_DISABLE_JIT is set, so nothing can be compiled", remedy="Unset it")
    with announced():
        _serve_one_counter(engine)
    note_kept(engine)
    _ready.add(engine)


def _serve_one_counter(engine: str) -> None:
    world = draw_world(in_force(scenario_of(copy.deepcopy(_COUNTER))), seed=0)
    bureau = build(world)
    tables = bureau.tables
    flow = executor(engine)(tables)
    half = (world.begin_s + world.end_s) // 2
    flow.work_until(half)
    spans = [person.duty for person in world.people]
    flow.roster(rostered(tables, spans), np.ones(len(spans), bool), half)
    flow.work_until(world.end_s)
    hours(world, tables, flow.trace, world.begin_s, world.end_s)
    Timesheet(world).used_by_kind(tables, flow.trace, world.begin_s, world.end_s)
    answers_of(world, bureau, flow.trace, np.arange(len(world.requests)), world.end_s)
