"""The county with many times the offices and requests."""

from __future__ import annotations

import copy
import json
import sys
from statistics import median
from typing import Any

from sim.flow import build, executor, prepare
from sim.replication import simulate
from sim.scenario import Scenario, load
from sim.scenario import build as scenario_of
from sim.world import draw_world

from .measure import Row, Scale, child, not_measured, once, peak_mb

OFFICES = ("office", "branch")  # types of unit that are copied; all others grow
MEMORY = 12 * 2**30


def times(scenario: Scenario, factor: int) -> Scenario:
    """So many times the offices with their people and requests; the county's sections have as many times the
    people and requests of their own, and committees the places."""
    data: dict[str, Any] = copy.deepcopy(scenario.source.data)
    copied = {name for name, unit in data["units"].items() if unit["type"] in OFFICES}

    def renamed(text: str, number: int) -> str:
        """A unit or station, as it is called in a copy."""
        unit, slash, role = text.partition("/")
        return f"{unit}_{number}{slash}{role}" if unit in copied and number else text

    numbers = range(factor)
    units, staff = {}, {}
    for name, unit in data["units"].items():
        units |= {renamed(name, number): unit for number in (numbers if name in copied else (0,))}
    for group, part in data["staff"].items():
        for number in numbers:
            also = [renamed(station, number) for station in part.get("also_serves", ())]
            changed = {"unit": renamed(part["unit"], number), "also_serves": also}
            staff[f"{group}_{number}" if number else group] = part | changed
    for demand in data["demand"].values():
        volumes = demand["volumes"].items()
        demand["volumes"] = {
            renamed(unit, number): volume * (1 if unit in copied else factor)
            for unit, volume in volumes
            for number in (numbers if unit in copied else (0,))
        }
    for committee in data["committees"].values():
        committee["places"] = [places * factor for places in committee["places"]]
    return scenario_of(data | {"units": units, "staff": staff})


def growth(scale: Scale) -> list[Row]:
    """Cost of a request at each of the sizes, the flow alone and the whole replication."""
    what = f"cost of a request at {', '.join(map(str, scale.sizes))} times the offices"
    target = "within 2 of flat"
    found: dict[int, dict[str, float]] = {}
    failed = []
    for factor, runs in scale.sizes.items():
        try:
            found[factor] = child("growth", scale.scenario, factor, runs)
        except RuntimeError as error:
            failed.append(not_measured(f"– {factor} times", str(error)))
    rows = []
    for part, title in (("flow", "flow alone"), ("whole", "whole replication")):
        costs = [one[part] for one in found.values()]
        ratio = max(costs) / min(costs)
        rows += [
            Row(f"{what}, {title}", f"{ratio:.1f} times", target, ratio <= 2 and not failed),
            Row("– µs a request", ", ".join(f"{cost:.2f}" for cost in costs)),
        ]
    for title, part in (("requests", "requests"), ("peak memory, MB", "peak_mb")):
        rows.append(Row(f"– {title}", ", ".join(f"{one[part]:,.0f}" for one in found.values())))
    return rows + failed


def main(name: str, factor: str, runs: str) -> None:
    """Requests, and processor µs a request of the flow and of a replication, as JSON."""
    import resource

    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    prepare("compiled")
    scenario = times(load(name), int(factor))
    requests, flows = _flows(scenario, int(runs))
    wholes = [once(lambda n=n: simulate(scenario, seed=1, replication=n)) for n in range(int(runs))]
    taken = {"flow": flows, "whole": wholes}
    cost = {part: 1e6 * median(seconds) / requests for part, seconds in taken.items()}
    print(json.dumps({"requests": requests, "peak_mb": peak_mb(), **cost}))


def _flows(scenario: Scenario, runs: int) -> tuple[int, list[float]]:
    """How many requests there are, and the seconds of each run of their flow."""
    world = draw_world(scenario, seed=1)
    tables = build(world).tables

    def flow() -> None:
        running = executor("compiled")(tables)
        running.work_until(world.end_s)

    flow()  # memory that the machine has never lent costs ten times as much as what it has
    return len(tables.arrival_s), [once(flow) for _ in range(runs)]


if __name__ == "__main__":
    main(*sys.argv[1:])
