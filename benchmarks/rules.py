"""What each rule costs: the compiled executor and whole replications, against the same with all rules off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    """A rule switched on alone: the switches, how people bend the rules from the first day on, and changes.

    at_most : times the cost of the same with all rules off; None = no target.
    """

    switches: tuple[str, ...]
    bend: Bend = field(default=lambda flow: None)
    changes: Mapping[str, Any] = field(default_factory=dict)
    at_most: float | None = None


def _late_last(flow: CompiledFlow) -> None:
    queues = len(flow.tables.line)
    flow.set_attention(np.zeros(queues, np.int64), np.ones(queues, bool))


def _neglect(flow: CompiledFlow) -> None:
    queues = len(flow.tables.line)
    flow.set_attention(np.arange(queues) % 3 * 86_400, np.zeros(queues, bool))


SERVICE = tuple(path for path in OFF if path.startswith("service_rules."))
FRICTIONS = tuple(path for path in OFF if path.startswith("frictions."))
# What offices have (docs/offices.md), on the county: few of its people are turned away or work in pairs.
_OFFICES: dict[str, Any] = {
    "kinds.enforcement.route.finding.people": 2,
    "kinds.enforcement.route.inquiry.people": 2,
    "kinds.farmland.route.joint_check.joined_by": "land_use/review",
    "unit_types.office.places": 12,
    "unit_types.office.tickets_a_day": 60,
    "kinds.registration.leaves_at": 8,
    "kinds.registration.leaves_over_minutes": 480,
    "kinds.registration.comes_back": 0.5,
    "kinds.registration.appointments": {"share": 0.5, "every_minutes": 30},
    "kinds.registration.route.issue.same_person": True,
    "kinds.petition.route.reply.same_person": True,
    "kinds.homestead.patience_minutes": 4800,
    "kinds.homestead.patience_covers": "whole",
    "kinds.homestead.patience_shape": {"distribution": "constant"},
    "committees.land_committee.one_by_one": True,
    "kinds.land_listing.route.committee.distribution": "exponential",
    "unit_types.hall.when_duty_ends": "hand_over_restart",
}
_BY_A_STEP = _OFFICES | {"competence.crowding.shape": "step", "competence.crowding.step_from": 3}
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
    "what offices have": Case((), changes=_OFFICES, at_most=1.5),
    "what offices have, and hurry by a step": Case(
        ("competence.crowding.on",), changes=_BY_A_STEP, at_most=1.5
    ),
    "all but crowding": Case((*SERVICE, *FRICTIONS, "projects.on", "careers.on"), _late_last, at_most=2),
    "all": Case(
        (*SERVICE, *FRICTIONS, "projects.on", "careers.on", "competence.crowding.on"), _late_last, at_most=2
    ),
}


def rules(scale: Scale) -> list[Row]:
    """The compiled executor under each rule alone and under all, by the request and against all rules off."""
    prepare("compiled")
    scenario = load(scale.scenario)
    plain = _tables(scenario, ())
    rows = []
    for label, case in CASES.items():
        tables = _tables(scenario, case.switches, case.changes)
        pair = {"off": lambda: _flow(plain), "on": lambda: _flow(tables, case.bend)}  # noqa: B023
        taken = by_turns(pair, scale.turns)
        requests = len(plain.arrival_s)
        ratio, more = taken["on"] / taken["off"], 1e6 * (taken["on"] - taken["off"]) / requests
        told = f"{ratio:.2f} times ({more:+.2f} µs a request)"
        most = case.at_most
        target = ("", None) if most is None else (f"{most:g} times", ratio <= most)
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


def _changed(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    return reform(scenario, Policy("benchmark", _TITLE, _TITLE, {**OFF, **changes}))


def _tables(scenario: Scenario, switches: tuple[str, ...], changes: Mapping[str, Any] | None = None):
    on = dict.fromkeys(switches, True) | dict(changes or {})
    return build(draw_world(_changed(scenario, on), seed=1)).tables


def _flow(tables, bend: Bend = lambda flow: None) -> None:
    flow = executor("compiled")(tables)
    bend(flow)
    flow.work_until(tables.end)
