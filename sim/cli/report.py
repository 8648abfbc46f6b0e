"""Report what was computed: ``report``, ``brief``, ``certify``, ``verify``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from .app import StudyName, StudyNames, app, studies_of
from .endings import FAILED, fail
from .make import parts_of
from .terminal import say

Formats = Annotated[str, typer.Option("--format", help="Of html, pdf, docx, tex, with commas between them.")]
Anew = Annotated[bool, typer.Option("--anew", help="Write what is up to date as well.")]


@app.command()
def report(
    studies: StudyNames,
    lang: Annotated[
        str, typer.Option(help="Languages, with commas between them; the study's own if left out.")
    ] = "",
    formats: Formats = "html,pdf,docx",
    anew: Anew = False,
    notebooks: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Run your own notebooks of that folder: they are programs."),
    ] = None,
) -> None:
    """Write the reports of finished studies, and one page across the scenarios of each that has several.

    What is up to date is left alone.
    """
    from sim.report.batch import write_reports
    from sim.report.errors import ReportError

    opened = [study for several in studies_of(studies) for study in several]
    try:
        for file in write_reports(opened, parts_of(lang), parts_of(formats), anew=anew, notebooks=notebooks):
            say(str(file))
    except ReportError as error:
        fail(str(error), FAILED)


@app.command()
def brief(
    scenarios: Annotated[list[str], typer.Argument(metavar="SCENARIO…", help="Names, or folders.")],
    policy: Annotated[
        list[str] | None, typer.Option(help="A policy, or its file; several times for several.")
    ] = None,
    lang: Annotated[str, typer.Option(help="Languages, with commas between them.")] = "en,zh",
    formats: Formats = "html,pdf,docx",
    replications: Annotated[int, typer.Option(min=2, max=1000, help="Replications to average.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="The seed of all that is random.")] = 1,
    behaviour: Annotated[str, typer.Option(help="How people answer to the rules.")] = "mechanical",
    anew: Anew = False,
) -> None:
    """Show offices as they are: simulate scenarios in memory and write reports/scenarios/."""
    from sim.report.brief import write_briefs
    from sim.report.errors import ReportError

    asked: dict[str, Any] = {"replications": replications, "seed": seed, "behaviour": behaviour, "anew": anew}
    try:
        for file in write_briefs(scenarios, policy or (), parts_of(lang), parts_of(formats), **asked):
            say(str(file))
    except ReportError as error:
        fail(str(error), FAILED)


@app.command()
def certify(study: StudyName) -> None:
    """Write the certificate of a finished study: its answer, what it rests on, and a seal over both."""
    from sim.report.certificate import place_of, write_certificate
    from sim.study.load import load_study

    opened = load_study(study)
    for line in write_certificate(opened):
        say(line)
    say(f"{opened.called}: {place_of(opened)}")


@app.command()
def verify(
    study: StudyName,
    file: Annotated[Path | None, typer.Argument(help="The certificate; the study's own if left out.")] = None,
) -> None:
    """Make a study's certificate again from its results, and tell what differs. Exit code 1: it fails."""
    from sim.report.certificate import place_of
    from sim.report.certificate import verify as differing
    from sim.study.load import load_study

    opened = load_study(study)
    where = file or place_of(opened)
    wrong = differing(opened, where)
    for line in wrong:
        say(f"{opened.called}: {line}")
    if wrong:
        fail(f"{where} does not hold", FAILED)
    say(f"{opened.called}: {where} holds")
