"""Turn an event log into a scenario: ``import-log``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from .app import app
from .endings import complain
from .make import said
from .terminal import say


@app.command("import-log")
def import_log(
    file: Annotated[
        Path, typer.Argument(metavar="LOG", help="A .csv, .xlsx, .parquet or .xes file; .gz of text and XES.")
    ],
    name: Annotated[str, typer.Option(help="Of the scenario; the file's name if left out.")] = "",
    column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FIELD=NAME",
            help="The column of a field: case, activity, person, start, end, lifecycle, instance, kind, "
            "unit, due, case_start, case_end. FIELD= says that there is none.",
        ),
    ] = None,
    time_zone: Annotated[str | None, typer.Option(help="Of the office, as Asia/Shanghai.")] = None,
    written_in: Annotated[
        str | None, typer.Option(help="Time zone of moments without an offset, if another one.")
    ] = None,
    day_first: Annotated[
        bool | None, typer.Option("--day-first/--month-first", help="How to read 03/04/2025.")
    ] = None,
    leave_out_wrong: Annotated[
        bool, typer.Option("--leave-out-wrong", help="Leave out rows that cannot be events; count them.")
    ] = False,
    begin: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help="Leave out cases that came in before; count them."),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="DATE", help="Leave out cases that came in later; count them."),
    ] = None,
    names: Annotated[
        bool, typer.Option("--names", help="Keep people's names; else they are numbers.")
    ] = False,
    title: Annotated[str, typer.Option(help="The title in English.")] = "",
    title_zh: Annotated[str, typer.Option("--title-zh", help="The title in Chinese.")] = "",
    titles: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Titles of activities: columns name, en, zh.")
    ] = None,
    limit_days: Annotated[
        int | None,
        typer.Option(min=1, max=100_000, help="Limit in calendar days, if the log has no deadline."),
    ] = None,
    replications: Annotated[
        int, typer.Option(min=0, max=1000, help="Simulations of the last 30 % of the log; 0: no validation.")
    ] = 10,
    held_out_from: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Cases from then on are held out, instead of the last 30 %."),
    ] = None,
    finished: Annotated[
        bool, typer.Option("--finished-cases", help="The log holds finished cases only: none is under way.")
    ] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Replace the scenario; a copy is kept.")] = False,
    look: Annotated[bool, typer.Option("--look", help="Only tell what is in the log.")] = False,
) -> None:
    """Make a scenario of an event log, and tell what it is fit for. A mistake writes nothing."""
    from sim.authoring.new import checked_scenario_name
    from sim.logs import fit_log, read_log, told, validate, write_scenario
    from sim.logs.names import read_titles

    known = read_titles(titles) if titles is not None else {}
    split = _day(held_out_from, "--held-out-from")
    called = name if look else checked_scenario_name(name or _name_of(file))
    log = read_log(
        file,
        fields_of(column or ()),
        time_zone=time_zone,
        written_in=written_in,
        day_first=day_first,
        leave_out_wrong=leave_out_wrong,
        begin=_day(begin, "--from"),
        until=_day(until, "--until"),
    )
    for line in told(log.findings):
        say(line)
    say("columns: " + ", ".join(f"{field} = {one}" for field, one in log.origin.columns.items()))
    if look:
        return
    fit = fit_log(log, progress=_progress)
    validation = None
    if replications:
        _progress("validation")
        validation = validate(
            log, replications=replications, split=split, finished=finished, progress=_progress
        )
        for question in validation.verdict:
            say(question.line())
    placed = write_scenario(
        fit,
        called,
        validation,
        title=title,
        title_zh=title_zh,
        names=names,
        titles=known,
        limit_days=limit_days,
        replace=replace,
    )
    said(placed.files, f"sim check {called}; sim simulate {called}; sim run {called}")


def _progress(what: str) -> None:
    complain(f"{what} …")


def _day(given: str | None, option: str) -> Any:
    """The moment at which a day begins; None where none is given. Raises InputError."""
    import datetime as dt

    import pandas as pd

    from sim.scenario import InputError

    try:
        return pd.Timestamp(dt.date.fromisoformat(given)) if given is not None else None
    except ValueError:
        raise InputError(f"'{given}' is no day", remedy=f"Write {option} 2025-07-01") from None


def _name_of(file: Path) -> str:
    return re.sub(r"[^a-z0-9-]+", "-", file.name.split(".")[0].lower()).strip("-") or "log"


def fields_of(given: Any) -> dict[str, str]:
    """The columns in ``FIELD=NAME``. Raises InputError."""
    from sim.scenario import InputError

    found: dict[str, str] = {}
    for one in given:
        field, sign, name = (part.strip() for part in one.partition("="))
        if not sign or field in found:
            remedy = "Write FIELD=NAME once for each field, as in --column case=number"
            raise InputError(f"'{one}' is no column of a field", remedy=remedy)
        found[field] = name
    return found
