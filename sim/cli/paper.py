"""For researchers: ``paper``, ``reproduce``, ``log``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from .app import Language, app
from .terminal import patience, say


@app.command("log")
def event_log(
    scenario: Annotated[
        str | None, typer.Argument(help="Its name under scenarios/, or its folder.")
    ] = None,
    study: Annotated[
        str | None, typer.Option(metavar="STUDY", help="A run of this study, instead of a scenario's.")
    ] = None,
    policy: Annotated[str, typer.Option(help="A policy of the scenario, or its file.")] = "current",
    behaviour: Annotated[str, typer.Option(help="How people answer to the rules.")] = "mechanical",
    seed: Annotated[int | None, typer.Option(min=0, help="Of a scenario's run; 0 if left out.")] = None,
    replication: Annotated[int, typer.Option(min=0, help="Which replication, from 0.")] = 0,
    format: Annotated[Literal["csv", "xes"], typer.Option(help="How it is written.")] = "csv",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Where it is written.")] = None,
    lang: Annotated[
        Language | None, typer.Option(help="Titles of units and kinds; their names if left out.")
    ] = None,
) -> None:
    """Write the event log of one run: case, activity, person, start, complete, unit, kind, due, with dates."""
    from sim.paper.event_log import events, write_csv, write_xes
    from sim.paper.one_run import run_of_scenario, run_of_study
    from sim.scenario import InputError

    if (scenario is None) == (study is None):
        raise InputError("a log is of a scenario or of a study", remedy="Write sim log SCENARIO, or --study STUDY")
    with patience(f"simulating {scenario or study} under {policy}"):
        if study is not None:
            if seed is not None:
                raise InputError("a study has its own seed", remedy="Leave --seed out")
            run = run_of_study(study, policy, behaviour, replication)
        else:
            run = run_of_scenario(str(scenario), policy, behaviour, seed or 0, replication)
        table = events(run.result, None if lang is None else lang.value)
        file = out or Path(f"{run.name}.{format}")
        write_xes(table, file, run.about) if format == "xes" else write_csv(table, file)
    say(f"{file}: {table['case'].nunique():,} cases, {len(table):,} activities")
