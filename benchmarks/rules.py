"""What each rule costs: the compiled executor and whole replications, against the same with all rules off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.flow import build, executor, prepare
from sim.flow.compiled_flow import CompiledFlow
from sim.replication import simulate
from sim.scenario import Policy, Scenario, load, reform
from sim.scenario.parameters import catalogue
from sim.scenario.part import Text
from sim.world import draw_world

from .measure import Row, Scale, by_turns

OFF = {parameter.path: False for parameter in catalogue() if parameter.path.endswith(".on")}
_TITLE = Text(en="benchmark", zh="基准")
Bend = Callable[[CompiledFlow], None]


@dataclass(frozen=True)
class Case:
    """A rule switched on alone: the switches, and how people bend the rules from the first day on."""

    switches: tuple[str, ...]
    bend: Bend = field(default=lambda flow: None)


def _late_last(flow: CompiledFlow) -> None:
    queues = len(flow.tables.line)
    flow.set_attention(np.zeros(queues, np.int64), np.ones(queues, bool))


def _neglect(flow: CompiledFlow) -> None:
    queues = len(flow.tables.line)
    flow.set_attention(np.arange(queues) % 3 * 86_400, np.zeros(queues, bool))


SERVICE = tuple(path for path in OFF if path.startswith("service_rules."))
FRICTIONS = tuple(path for path in OFF if path.startswith("frictions."))
CASES = {
    "errors, with checks of the work": Case(("frictions.errors.on",)),
    "all frictions": Case(FRICTIONS),
    "online filing": Case(("service_rules.online.on",)),
    "pooling and mobile teams": Case(("service_rules.pooling.on", "service_rules.mobile_support.on")),
    "all service rules": Case(SERVICE),
    "target projects, supervised": Case(("projects.on",)),
    "other rosters (careers)": Case(("careers.on",)),
    "late ones last": Case((), _late_last),
    "attention by kind": Case((), _neglect),
    "crowding: speed by the line": Case(("competence.crowding.on",)),
    "all but crowding": Case((*SERVICE, *FRICTIONS, "projects.on", "careers.on"), _late_last),
    "all": Case((*SERVICE, *FRICTIONS, "projects.on", "careers.on", "competence.crowding.on"), _late_last),
}


def rules(scale: Scale) -> list[Row]:
    """The compiled executor under each rule alone and under all, by the request and against all rules off."""
    prepare("compiled")
    scenario = load(scale.scenario)
    plain = _tables(scenario, ())
    rows = []
    for label, case in CASES.items():
        tables = _tables(scenario, case.switches)
        pair = {"off": lambda: _flow(plain), "on": lambda: _flow(tables, case.bend)}  # noqa: B023
        taken = by_turns(pair, scale.turns)
        requests = len(plain.arrival_s)
        ratio, more = taken["on"] / taken["off"], 1e6 * (taken["on"] - taken["off"]) / requests
        told = f"{ratio:.2f} times ({more:+.2f} µs a request)"
        target = ("2 times", ratio <= 2) if label.startswith("all") else ("", None)
        rows.append(Row(f"executor, {label}", told, *target))
    return [*rows, *_behaviours(scenario, scale.turns)]


def _behaviours(scenario: Scenario, turns: int) -> list[Row]:
    """A whole replication as the scenario stands, under each behaviour, against all rules off."""
    off = _changed(scenario, {})
    number = iter(range(10**6))

    def run(which: Scenario, behaviour: str) -> Callable[[], Any]:
        return lambda: simulate(which, behaviour=behaviour, seed=1, replication=next(number))

    taken = by_turns(
        {
            "off": run(off, "mechanical"),
            "mechanical": run(scenario, "mechanical"),
            "responsive": run(scenario, "responsive"),
        },
        turns,
    )
    return [
        Row(f"replication of {scenario.name}, {behaviour}, against all rules off", f"{ratio:.2f} times")
        for behaviour in ("mechanical", "responsive")
        for ratio in (taken[behaviour] / taken["off"],)
    ]


def _changed(scenario: Scenario, switches: dict[str, bool]) -> Scenario:
    return reform(scenario, Policy("benchmark", _TITLE, _TITLE, OFF | switches))


def _tables(scenario: Scenario, switches: tuple[str, ...]):
    return build(draw_world(_changed(scenario, dict.fromkeys(switches, True)), seed=1)).tables


def _flow(tables, bend: Bend = lambda flow: None) -> None:
    flow = executor("compiled")(tables)
    bend(flow)
    flow.work_until(tables.end)
