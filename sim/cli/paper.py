"""For researchers: ``paper``, ``reproduce``, ``log``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from .app import Language, StudyName, app
from .endings import FAILED, complain, fail
from .terminal import patience, say


@app.command("log")
def event_log(
    scenario: Annotated[str | None, typer.Argument(help="Its name under scenarios/, or its folder.")] = None,
    study: Annotated[
        str | None, typer.Option(metavar="STUDY", help="A run of this study, instead of a scenario's.")
    ] = None,
    policy: Annotated[str, typer.Option(help="A policy of the scenario, or its file.")] = "current",
    behaviour: Annotated[str, typer.Option(help="How people answer to the rules.")] = "mechanical",
    seed: Annotated[int | None, typer.Option(min=0, help="Of a scenario's run; 0 if left out.")] = None,
    replication: Annotated[int, typer.Option(min=0, help="Which replication, from 0.")] = 0,
    format: Annotated[
        Literal["csv", "xes"] | None,
        typer.Option(help="How it is written; as the ending of FILE says, or else csv, if left out."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where it is written: .csv, .xes or .xes.gz.")
    ] = None,
    lang: Annotated[
        Language | None, typer.Option(help="Titles of units and kinds; their names if left out.")
    ] = None,
) -> None:
    """Write the event log of one run, with dates: case, activity, person, start, complete, …"""
    from sim.paper.event_log import events, format_of, write_csv, write_xes
    from sim.paper.one_run import run_of_scenario, run_of_study
    from sim.scenario import InputError
    from sim.scenario.counts import number_of

    if (scenario is None) == (study is None):
        raise InputError(
            "a log is of a scenario or of a study", remedy="Write sim log SCENARIO, or --study STUDY"
        )
    named = format_of(out) if out is not None else None
    if named is not None and format not in (None, named):
        raise InputError(
            f"the file's name says {named}, and --format says {format}", file=out, remedy="Leave --format out"
        )
    written_as = named or format or "csv"
    with patience(f"simulating {scenario or study} under {policy}"):
        if study is not None:
            if seed is not None:
                raise InputError("a study has its own seed", remedy="Leave --seed out")
            run = run_of_study(study, policy, behaviour, replication)
        else:
            run = run_of_scenario(str(scenario), policy, behaviour, seed or 0, replication)
        table = events(run.result, None if lang is None else lang.value)
        file = out or Path(f"{run.name}.{written_as}")
        write_xes(table, file, run.about) if written_as == "xes" else write_csv(table, file)
    say(
        f"{file}: {number_of(table['case'].nunique(), 'case')}, "
        f"{number_of(len(table), 'activity', 'activities')}"
    )


@app.command()
def paper(
    study: StudyName,
    lang: Annotated[Language, typer.Option(help="Language of the paper.")] = Language.en,
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="reports/STUDY/paper.LANG if left out.")
    ] = None,
) -> None:
    """Write the paper of a finished study: text, tables, figures, checklists, data, in an RO-Crate."""
    from sim.paper import stress
    from sim.paper.authors import file_of
    from sim.paper.write import write_paper
    from sim.report.batch import check_results
    from sim.report.errors import ReportError
    from sim.study.load import load_study

    opened = load_study(study)
    check_results(opened)
    try:
        with patience(f"writing the paper of {opened.called}"):
            folder, made = write_paper(opened, lang.value, out)
    except ReportError as error:
        fail(str(error), FAILED)
    scored = stress.score(made.checklist)
    say(f"{folder}: {len(made.tables)} tables and the checklist, {len(made.figures)} figures")
    say(
        f"STRESS-DES: {scored['stress_des_met']} of {scored['stress_des_items']} items met; "
        f"statements of the authors: {scored['statements_met']} of {scored['statements']}"
    )
    if gaps := [one for one in made.checklist if not one.met]:
        say(f"gaps: {', '.join(f'{one.number} {one.title.en}' for one in gaps)}")
        say(f"what only the authors can say is read from {file_of(opened)}")


@app.command()
def reproduce(
    folder: Annotated[Path, typer.Argument(metavar="PAPER", help="The folder that sim paper wrote.")],
    table: Annotated[str | None, typer.Option(metavar="NAME", help="Only this table.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; all processors if left out.")] = None,
) -> None:
    """Make the tables of a paper anew from its own inputs, and compare. Exit code 1: something differs."""
    from sim.paper.reproduce import reproduce as made_anew
    from sim.study.store import RunError

    try:
        found = made_anew(folder, table, workers, complain)
    except RunError as error:
        fail(str(error), FAILED)
    for note in found.notes:
        complain(f"note: {note}")
    for line in found.differing:
        say(line)
    cells = sum(found.tables.values())
    if found.differing:
        fail(f"{folder}: {len(found.tables)} tables made anew, and something differs", FAILED)
    say(f"{folder}: {len(found.tables)} tables made anew, {cells:,} cells, all the same")
