"""The two executors on the county of the article, and each stage of its replication."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from functools import wraps
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import numpy as np

from sim.flow import Trace, build, compiled_flow, executor, prepare, record
from sim.replication import opened, people, review, run, simulation
from sim.scenario import load
from sim.study.result import Unit, pack
from sim.world import draw_world

from .measure import Row, Scale, by_turns, once
from .mm4 import mm4

FIRST = 5.3  # customers of M/M/4 that a request cost in the loop of the first version
# What `simulate` calls for each stage: where it looks the function up, and its name there.
STAGES = {
    "draw": [(opened, "draw_world")],
    "build": [(opened, "build")],
    "flow": [(compiled_flow.CompiledFlow, "__init__"), (compiled_flow.CompiledFlow, "work_until")],
    "people": [(people.Staff, "learn"), (people.Staff, "record_year"), (people.Staff, "instruct")],
    "record": [(record, "requests_of"), (record, "answers_of")],
    "assess": [(review, "measure"), (run, "judge"), (simulation, "told")],
}


def executors(scale: Scale) -> list[Row]:
    """Compiled over SimPy, same rows, and what a request costs in each."""
    prepare("compiled")
    world = draw_world(load(scale.scenario), seed=1)
    tables = build(world).tables
    traces: dict[str, Trace] = {}
    loops: list[float] = []  # of the SimPy executor, without the making of its lists and its trace

    def flow(engine: str) -> None:
        running = executor(engine)(tables)
        taken = once(lambda: running.work_until(world.end_s))
        traces[engine] = running.trace
        if engine == "simpy":
            loops.append(taken)

    taken = by_turns(
        {
            "compiled": lambda: flow("compiled"),
            "simpy": lambda: flow("simpy"),
            "mm4": lambda: mm4(scale.customers),
        },
        scale.turns,
    )
    for name in Trace.__dataclass_fields__:
        np.testing.assert_array_equal(*(getattr(trace, name) for trace in traces.values()), name)
    ratio = taken["simpy"] / taken["compiled"]
    requests = len(tables.arrival_s)
    each = {engine: 1e6 * taken[engine] / requests for engine in traces}
    loop = 1e6 * median(loops) / requests
    customer = 1e6 * taken["mm4"] / scale.customers
    return [
        Row(
            f"compiled over SimPy executor, {Path(scale.scenario).name}, a year, same rows",
            f"{ratio:.0f} times",
            "50 times",
            ratio >= 50,
        ),
        Row("– compiled executor", f"{each['compiled']:.2f} µs a request ({requests:,} requests)"),
        Row("– SimPy executor", f"{each['simpy']:.0f} µs a request"),
        Row("– plain SimPy, M/M/4 (what this machine is worth)", f"{customer:.1f} µs a customer"),
        Row(
            "a request in the loop of the SimPy executor, in customers of M/M/4",
            f"{loop / customer:.1f} ({loop:.0f} µs)",
            f"{FIRST}, as at first",
            loop / customer <= FIRST,
        ),
    ]


def shares(scale: Scale) -> list[Row]:
    """What each stage of a replication takes, all from the real functions."""
    prepare("compiled")
    loaded = load(scale.scenario)
    simulation.simulate(loaded, seed=1)
    runs = [_stages(loaded, replication) for replication in range(1, scale.turns + 1)]
    seconds = {name: median(run[name] for run in runs) for name in runs[0]}
    whole = sum(seconds.values())
    beside = {name: taken for name, taken in seconds.items() if name not in ("build", "flow")}
    parts = ", ".join(f"{name} {taken / whole:.0%}" for name, taken in seconds.items())
    return [
        Row(
            "draw, review, score and write against the flow (with its tables)",
            f"{sum(beside.values()) / (seconds['build'] + seconds['flow']):.2f} times",
            "less than 1",
            sum(beside.values()) < seconds["build"] + seconds["flow"],
        ),
        Row(f"– one replication, {1000 * whole:.0f} ms", parts),
    ]


def _stages(scenario: Any, replication: int) -> dict[str, float]:
    """Processor seconds of each of `STAGES`, of writing, and of the rest."""
    taken: Counter[str] = Counter(dict.fromkeys(STAGES, 0.0))
    with contextlib.ExitStack() as watched:
        for stage, places in STAGES.items():
            for owner, name in places:
                watched.enter_context(_watched(owner, name, stage, taken))
        begin = process_time()
        result = simulation.simulate(scenario, seed=1, replication=replication)
        simulated = process_time()
        pack(Unit("current", "mechanical", replication, "0" * 32, ""), result)
        taken["write"] = process_time() - simulated
    taken["rest"] = process_time() - begin - sum(taken.values())
    return dict(taken)


@contextlib.contextmanager
def _watched(owner: Any, name: str, stage: str, taken: Counter[str]) -> Iterator[None]:
    """Count what a function takes while it is called by its name in `owner`."""
    function = getattr(owner, name)

    @wraps(function)
    def timed(*arguments: Any, **options: Any) -> Any:
        begin = process_time()
        try:
            return function(*arguments, **options)
        finally:
            taken[stage] += process_time() - begin

    setattr(owner, name, timed)
    try:
        yield
    finally:
        setattr(owner, name, function)
