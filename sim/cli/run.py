"""Run studies, and see what is done: ``run``, ``status``, ``clean``, ``sensitivity``, ``search``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.spawn import nursery

from .app import StudyName, StudyNames, app, studies_of
from .endings import FAILED, complain, fail, stop_code
from .make import changes_of
from .terminal import megabytes, patience, say, say_table

if TYPE_CHECKING:
    from sim.study import Study


@app.command()
def run(
    studies: StudyNames,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; all processors if left out.")] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="tcp://…", help="A Dask scheduler that runs already.")
    ] = None,
) -> None:
    """Compute the missing replications of studies. Interrupting is safe: finished ones are kept."""
    if scheduler is None:
        with nursery():  # it comes up meanwhile
            pass
    opened = [one for several in studies_of(studies) for one in several]  # all are checked first
    for study in opened:
        _run(study, workers, scheduler)
    for study in opened:
        report_failed(study)


def _run(opened: Study, workers: int | None, scheduler: str | None) -> None:
    from sim.scenario.counts import number_of

    wanted = len(opened.missing())
    say(f"{opened.called}: {number_of(len(opened.units), 'replication')}, {wanted} to be computed")
    from sim.study.run import RunError

    try:
        opened.run(workers=workers, scheduler=scheduler)
    except RunError as error:
        fail(str(error), FAILED)
    except KeyboardInterrupt:
        left = len(opened.missing())
        fail(
            f"interrupted: {left} of {number_of(len(opened.units), 'replication')} are left; run "
            "again to go on",
            stop_code(),
        )
    if not opened.failed:
        say(f"{opened.called}: all is in {opened.folder}")


@app.command()
def status(study: StudyName) -> None:
    """Show which replications of a study are done, missing and failed, and the disk space used."""
    (several,) = studies_of([study])
    for opened in several:
        if len(several) > 1:
            say(f"{opened.called}:")
        _status(opened)
    for opened in several:
        report_failed(opened)


def _status(opened: Study) -> None:
    from sim.scenario.counts import number_of
    from sim.study.at_points import is_whole
    from sim.study.disk import of_nothing, of_points, size

    opened.missing()  # sets damaged files aside and reports them
    states = opened.sql("select policy, state, count(*) n from units group by all")
    counts = {(policy, state): n for policy, state, n in states.itertuples(index=False)}
    each = opened.replications * len(opened.file.behaviours)
    for policy in opened.policies:
        failed = counts.get((policy, "failed"), 0)
        failures = f", {failed} failed" if failed else ""
        say(f"{policy}: {counts.get((policy, 'done'), 0)} of {number_of(each, 'replication')}{failures}")
    if opened.plan is not None:
        say(f"precision: {_precision(opened)}")
    say(f"{megabytes(size(opened))} in {opened.folder}")
    points, stale = of_points(opened)
    if points:
        kept = f"{megabytes(sum(points.values()))} of results at points of the plausible space"
        state = "" if is_whole(opened) else f"; not finished: sim sensitivity {opened.called} goes on"
        say(f"sensitivity: {kept}{state}")
    if unused := of_nothing(opened) | stale:
        verb = "belongs" if len(unused) == 1 else "belong"
        size_on_disk = megabytes(sum(unused.values()))
        summary = f"{number_of(len(unused), 'file')}, {size_on_disk}, {verb} to nothing in this study"
        say(f"{summary}: sim clean {opened.called}")


def _precision(study: Study) -> str:
    """Describe how close a study is to its requested precision."""
    from sim.scenario.counts import number_of

    plan, asked = study.plan, study.file.precision
    assert plan is not None and asked is not None  # of a study that asks for a precision
    if plan.reached:
        return f"reached with {number_of(plan.replications, 'replication')}"
    several = len(study.file.behaviours) > 1
    lacking = (
        f"{outcome} of {policy}{f' ({behaviour})' if several else ''} about {n}"
        for (policy, behaviour, outcome), n in plan.needs.items()
    )
    description = "; ".join(lacking) or f"not known before {asked.at_least} replications"
    return f"not reached, at most {number_of(asked.at_most, 'replication')}; needed: {description}"


@app.command()
def clean(
    study: StudyName,
    everything: Annotated[
        bool, typer.Option("--all", help="All results of the study, not only unused ones.")
    ] = False,
) -> None:
    """Remove results that a study no longer uses: of other code or rules, damaged, partial."""
    from sim.scenario.counts import number_of
    from sim.study.disk import clean as clean_study
    from sim.study.run import RunError

    (several,) = studies_of([study])
    for opened in several:
        try:
            removed, freed = clean_study(opened, everything=everything, tell=complain)
        except RunError as error:
            fail(str(error), FAILED)
        say(f"{opened.called}: {number_of(removed, 'file')} removed, {megabytes(freed)} freed")


@app.command()
def sensitivity(
    study: StudyName,
    rounds: Annotated[
        int | None,
        typer.Option(min=2, help="Of the screening: half of the blocks of numbers move at each point. [2]"),
    ] = None,
    trajectories: Annotated[
        int, typer.Option(min=0, help="In place of rounds: one block after the other moves alone (Morris).")
    ] = 0,
    years: Annotated[int, typer.Option(min=1, help="Simulated at each point.")] = 1,
    points: Annotated[int, typer.Option(min=0, help="Points more at which all numbers vary at once.")] = 0,
    replications: Annotated[int, typer.Option(min=2, help="Of each point.")] = 2,
    policies: Annotated[
        str, typer.Option(metavar="NAME,…", help="The rules compared; those that lead if left out.")
    ] = "",
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; all processors if left out.")] = None,
    within: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Of a calibration: its numbers vary within what it found."),
    ] = None,
    at: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH=VALUE", help="Foretell the differences there from a run that is kept."),
    ] = None,
) -> None:
    """See whether the answer of a finished study survives what is assumed. Interrupting is safe."""
    from sim.scenario import InputError
    from sim.scenario.counts import number_of
    from sim.study.at_points import folder_of
    from sim.study.leading import leading, moving
    from sim.study.load import load_study
    from sim.study.run import RunError
    from sim.study.sensitivity import ROUNDS, Sensitivity

    opened = load_study(study)
    if opened.missing():
        raise InputError(f"the study '{study}' is not finished", remedy=f"sim run {study}, then again")
    if at:
        _foretold(opened, at)
        return
    wanted = [name.strip() for name in policies.split(",") if name.strip()]
    if policies and not wanted:
        raise InputError(f"no rule is named by '{policies}'", remedy="Give --policies NAME,NAME")
    if rounds and trajectories:
        raise InputError("--rounds and --trajectories are two designs", remedy="Give one of them")
    span = "one year" if years == 1 else f"{years} years"
    sides = moving(opened, years)
    asked = None
    if wanted or leading(sides):
        asked = Sensitivity(
            opened, rounds or ROUNDS, points, replications, wanted or None, within, trajectories, years
        )
        why = "; these lead among the rules that move the answer in that time" if asked.leading else ""
        say(f"{opened.called}: {opened.baseline} against {', '.join(asked.policies)}, over {span}{why}")
    for behaviour, (_, later) in sides.items():
        if late := [name for name in later if asked is None or name not in asked.policies]:
            told = f"{', '.join(late)} ({behaviour}) {'acts' if len(late) == 1 else 'act'} only after {span}"
            say(f"{opened.called}: {told}: not asked; --years asks for more")
    if asked is None:
        say(
            f"{opened.called}: no rule moves the answer within {span}, so no points are simulated; give more "
            "--years, or name rules with --policies"
        )
        return
    try:
        found = asked.run(workers=workers, tell=lambda text: say(f"{opened.called}: {text}"))
    except RunError as error:
        fail(str(error), FAILED)
    except KeyboardInterrupt:
        fail("interrupted: what was finished is kept; run again to go on", stop_code())
    for rule, paths in found.made["fixed"].items():
        say(f"{opened.called}: {rule} writes {', '.join(paths)} itself: the same number at every point")
    if lost := len(found.points) - found.refused - len(found.by_rule(asked.policies[0])):
        say(f"{opened.called}: left out, for their runs failed: {number_of(lost, 'point')}")
    if found.refused:
        say(
            f"{opened.called}: the scenario refused {found.refused} of "
            f"{number_of(len(found.points), 'point')}"
        )
    say(f"{opened.called}: all is in {folder_of(opened)}; sim report {opened.called} tells it")


def _foretold(study: Study, at: list[str]) -> None:
    """Print what rules are foretold to do where some assumed numbers have other values."""
    from sim.report.words import number, percent
    from sim.rules import OUTCOMES
    from sim.scenario.counts import number_of
    from sim.study.foretell import foretell

    table = foretell(study, changes_of(at))
    rows = [["rule", "behaviour", "outcome", "unit", "as given", "foretold", "error", "foretells"]]
    for _, row in table.iterrows():
        known = OUTCOMES[str(row["outcome"])]
        unit = "points" if known.unit.en == "%" else known.unit_in(study.scenario.currency).en
        error = float(row["error"]) * known.scale
        told = [float(row[name]) * known.scale for name in ("given", "difference")]
        values = [number(value, se=error, signed=True) for value in told]
        more = [number(error, se=error), percent(float(row["explained"]), se=0.1)]
        rows.append([str(row["policy"]), str(row["behaviour"]), known.en, unit, *values, *more])
    say_table(rows)
    say(
        f"{number_of(int(table['n'].max()), 'point')}; all other assumed numbers may be anywhere in "
        "their ranges. Error and "
        "share foretold: each point from the others."
    )


@app.command()
def search(
    study: StudyName,
    space: Annotated[
        list[str], typer.Argument(metavar="PATH=LOW:HIGH…", help="What varies; PATH=A,B: choices.")
    ],
    goals: Annotated[
        str, typer.Option(metavar="NAME,…", help="Outcomes; NAME:higher or NAME:lower says which way.")
    ] = "on_time_rate,pay_total:lower",
    limits: Annotated[
        str, typer.Option(metavar="NAME=LOW:HIGH,…", help="Outcomes, headcount_change, payroll_change.")
    ] = "",
    tried: Annotated[int, typer.Option(min=2, help="Candidates.")] = 32,
    again: Annotated[int, typer.Option(min=2, help="Replications of the front, with other luck.")] = 10,
    behaviour: Annotated[str | None, typer.Option(help="The study's first if left out.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; all processors if left out.")] = None,
) -> None:
    """Search for rules and staffing that no other dominates, and simulate them anew."""
    from sim.scenario.counts import number_of
    from sim.study.load import load_study
    from sim.study.search import asked_goals, asked_limits, asked_space
    from sim.study.search import search as searched

    opened = load_study(study)
    spans, sides, within = asked_space(space), asked_goals(goals), asked_limits(limits)
    try:
        with patience(
            f"trying {number_of(tried, 'candidate')} of {opened.called}, then the front "
            f"{number_of(again, 'time')}"
        ):
            found = searched(
                opened,
                spans,
                sides,
                limits=within,
                tried=tried,
                again=again,
                behaviour=behaviour,
                workers=workers,
            )
    except KeyboardInterrupt:
        fail("interrupted: what was finished is kept; run again to go on", stop_code())
    values = found.tried.loc[list(found.policies), [*spans]]
    table = found.front.set_index("policy").drop(columns="dominated_by").join(values)
    rows = ([name, *row] for name, row in zip(table.index, table.to_numpy(object).tolist(), strict=True))
    say_table([["policy", *table], *([_cell(value) for value in row] for row in rows)])


def _cell(value: object) -> str:
    """Return a value of the search's table as it is printed; NaN is ``–``."""
    if isinstance(value, float):
        return "–" if value != value else f"{value:.6g}"
    return str(value)


def report_failed(study: Study) -> None:
    """List the failed replications, and exit with code 1 if there are any."""
    failed = study.failed
    if not failed:
        return
    for unit, text in failed.items():
        last = text.strip().splitlines()[-1] if text.strip() else ""
        complain(f"failed: {unit}: {last} (all of it: {study.store.failure_file(unit.key)})")
    fail(f"{len(failed)} of {len(study.units)} replications failed", FAILED)
