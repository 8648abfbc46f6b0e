"""Rows of an event log that a replication simulates in a second: calendars, queues, waits, scores and pay."""

from __future__ import annotations

from typing import Any

from sim.flow import prepare
from sim.replication import simulate
from sim.scenario import Scenario, load

from .measure import Row, Scale, by_turns

AT_LEAST = 5000  # rows a second


def logs(scale: Scale) -> list[Row]:
    """Whole replications of scenarios, drawing and assessing included, by the rows of their event logs."""
    prepare("compiled")
    return [_measured(load(name), scale.turns) for name in scale.logged]


def _measured(scenario: Scenario, turns: int) -> Row:
    number, rows = iter(range(10**6)), []

    def run() -> Any:
        result = simulate(scenario, seed=1, replication=next(number))
        rows.append(int((result.steps["end_s"] >= 0).sum()))

    run()  # what is read and compiled once
    taken = by_turns({"run": run}, turns)["run"]
    a_second = sum(rows[1:]) / len(rows[1:]) / taken
    figure = f"{a_second:,.0f} log rows a second ({rows[-1]:,} rows)"
    return Row(f"replication of {scenario.name}", figure, f"at least {AT_LEAST:,}", a_second >= AT_LEAST)
