"""One replication of a scenario, stage by stage."""

from __future__ import annotations

from time import process_time

from sim.flow import SimpyFlow, Tables
from sim.flow import build as tables_of
from sim.scenario import Scenario, load
from sim.simulate import simulate
from sim.world import draw_world


def stages(name: str) -> tuple[dict[str, float], Tables]:
    """Processor seconds of each stage, in order; the rest is what `simulate` takes beyond those before it."""
    marks = [process_time()]
    scenario: Scenario = load(name)
    marks.append(process_time())
    world = draw_world(scenario, seed=0)
    marks.append(process_time())
    tables = tables_of(world)
    flow = SimpyFlow(tables, world.begin_s)
    marks.append(process_time())
    flow.work_until(world.end_s)
    marks.append(process_time())
    simulate(scenario)
    marks.append(process_time())
    taken = [after - before for before, after in zip(marks, marks[1:], strict=False)]
    *known, whole = taken
    names = ("load", "draw world", "build", "flow")
    rest = max(whole - sum(known[1:]), 0.0)
    return {**dict(zip(names, known, strict=True)), "collect and assess": rest}, tables
