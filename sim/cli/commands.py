"""Define the commands. They import rooms inside, so that ``sim --help`` is quick."""

from __future__ import annotations

import contextlib
import threading
import warnings
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from .endings import FAILED, MISTAKE, complain, fail, in_order, stop_code

if TYPE_CHECKING:
    from sim.study import Study


class Commands(TyperGroup):
    """The group of commands: settles how a command ends before Typer does."""

    def make_context(self, *given: Any, **named: Any) -> Any:
        with in_order():
            return super().make_context(*given, **named)

    def invoke(self, context: Any) -> Any:
        with in_order():
            return super().invoke(context)


app = typer.Typer(
    name="sim",
    cls=Commands,
    help="Jingxi 精细: simulate how incentive rules change a local government's service.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

StudyName = Annotated[
    str, typer.Argument(metavar="STUDY", help="Its name under scenarios/studies/, or its file.")
]


StudyNames = Annotated[
    list[str],
    typer.Argument(
        metavar="STUDY…",
        help="Names under scenarios/studies/, or files; STUDY:SCENARIO for one scenario of several.",
    ),
]


class Language(StrEnum):
    en = "en"
    zh = "zh"


class Languages(StrEnum):
    en = "en"
    zh = "zh"
    all = "all"


class Format(StrEnum):
    table = "table"
    csv = "csv"
    json = "json"


@app.command()
def run(
    studies: StudyNames,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; all processors if left out.")] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="tcp://…", help="A Dask scheduler that runs already.")
    ] = None,
) -> None:
    """Compute the missing replications of studies. Interrupting is safe: finished ones are kept."""
    opened = [one for several in _studies(studies) for one in several]  # all are checked first
    for study in opened:
        _run(study, workers, scheduler)
    for study in opened:
        _report_failed(study)


def _run(opened: Study, workers: int | None, scheduler: str | None) -> None:
    wanted = len(opened.missing())
    _say(f"{opened.called}: {len(opened.units)} replications, {wanted} to be computed")
    from sim.study.run import RunError

    try:
        opened.run(workers=workers, scheduler=scheduler)
    except RunError as error:
        fail(str(error), FAILED)
    except KeyboardInterrupt:
        left = len(opened.missing())
        fail(
            f"interrupted: {left} of {len(opened.units)} replications are left; run again to go on",
            stop_code(),
        )
    if not opened.failed:
        _say(f"{opened.called}: all is in {opened.folder}")


@app.command()
def sensitivity(
    study: StudyName,
    trajectories: Annotated[int, typer.Option(min=2, help="Of the screening by blocks of numbers.")] = 3,
    points: Annotated[int, typer.Option(min=0, help="Points more at which all numbers vary at once.")] = 0,
    replications: Annotated[int, typer.Option(min=2, help="Of each point.")] = 2,
    policies: Annotated[
        str, typer.Option(metavar="NAME,…", help="The rules compared; those that lead if left out.")
    ] = "",
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; all processors if left out.")] = None,
) -> None:
    """See whether the answer of a finished study survives what is assumed. Interrupting is safe."""
    from sim.scenario import InputError
    from sim.study.load import load_study
    from sim.study.run import RunError
    from sim.study.sensitivity import Sensitivity, folder_of

    opened = load_study(study)
    if opened.missing():
        raise InputError(f"the study '{study}' is not finished", remedy=f"sim run {study}, then again")
    wanted = [name.strip() for name in policies.split(",") if name.strip()]
    if policies and not wanted:
        raise InputError(f"no rule is named by '{policies}'", remedy="Give --policies NAME,NAME")
    asked = Sensitivity(opened, trajectories, points, replications, wanted or None)
    _say(f"{opened.called}: {opened.baseline} against {', '.join(asked.policies)}, over one year")
    try:
        found = asked.run(workers=workers, tell=lambda text: _say(f"{opened.called}: {text}"))
    except RunError as error:
        fail(str(error), FAILED)
    except KeyboardInterrupt:
        fail("interrupted: what was finished is kept; run again to go on", stop_code())
    for rule, paths in found.made["fixed"].items():
        _say(f"{opened.called}: {rule} writes {', '.join(paths)} itself: the same number at every point")
    if lost := len(found.points) - found.refused - len(found.by_rule(asked.policies[0])):
        _say(f"{opened.called}: {lost} points have no result, for their runs failed; they are left out")
    if found.refused:
        _say(f"{opened.called}: the scenario refused {found.refused} of {len(found.points)} points")
    _say(f"{opened.called}: all is in {folder_of(opened)}; sim report {opened.called} tells it")


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
    from sim.study.load import load_study
    from sim.study.search import asked_goals, asked_limits, asked_space
    from sim.study.search import search as searched

    opened = load_study(study)
    _say(f"{opened.called}: {tried} candidates, then the front in {again} replications")
    found = searched(
        opened,
        asked_space(space),
        asked_goals(goals),
        limits=asked_limits(limits),
        tried=tried,
        again=again,
        behaviour=behaviour,
        workers=workers,
    )
    values = found.tried.loc[list(found.policies), [*asked_space(space)]]
    table = found.front.set_index("policy").drop(columns="dominated_by").join(values)
    _say(table.to_string(float_format=lambda number: f"{number:.6g}", na_rep="–"))


@app.command()
def certify(study: StudyName) -> None:
    """Write the certificate of a finished study: its answer, what it rests on, and a seal over both."""
    from sim.report.certificate import place_of, write_certificate
    from sim.study.load import load_study

    opened = load_study(study)
    for line in write_certificate(opened):
        _say(line)
    _say(f"{opened.called}: {place_of(opened)}")


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
        _say(f"{opened.called}: {line}")
    if wrong:
        fail(f"{where} does not hold", FAILED)
    _say(f"{opened.called}: {where} holds")


@app.command()
def report(
    studies: StudyNames,
    lang: Annotated[Languages | None, typer.Option(help="The study's own languages if left out.")] = None,
    notebooks: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Run your own notebooks of that folder: they are programs."),
    ] = None,
) -> None:
    """Write the reports of finished studies, and one page across the scenarios of each that has several."""
    from sim.report.batch import write_across, write_reports
    from sim.report.errors import ReportError

    opened = _studies(studies)
    for study in (one for several in opened for one in several):
        study.outcomes  # noqa: B018 (one without results is told of before anything is written)
    languages = None if lang is None else ["en", "zh"] if lang == Languages.all else [lang.value]
    try:
        for several in opened:
            files = [file for one in several for file in write_reports(one, languages, notebooks=notebooks)]
            files += write_across(several, languages, notebooks) if len(several) > 1 else []
            for file in dict.fromkeys(files):
                _say(str(file))
    except ReportError as error:
        fail(str(error), FAILED)


@app.command()
def brief(
    scenarios: Annotated[list[str], typer.Argument(metavar="SCENARIO…", help="Names, or folders.")],
    policy: Annotated[
        list[str] | None, typer.Option(help="A policy, or its file; several times for several.")
    ] = None,
    lang: Annotated[str, typer.Option(help="Languages, with commas between them.")] = "en,zh",
    replications: Annotated[int, typer.Option(min=2, max=1000, help="Replications to average.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="The seed of all that is random.")] = 1,
    behaviour: Annotated[str, typer.Option(help="How people answer to the rules.")] = "mechanical",
) -> None:
    """Show offices as they are: simulate scenarios in memory and write reports/scenarios/."""
    from sim.report.brief import write_briefs
    from sim.report.errors import ReportError

    languages = [one.strip() for one in lang.split(",")]
    try:
        for file in write_briefs(
            scenarios, policy or (), languages, replications=replications, seed=seed, behaviour=behaviour
        ):
            _say(str(file))
    except ReportError as error:
        fail(str(error), FAILED)


@app.command()
def status(study: StudyName) -> None:
    """Show which replications of a study are done, missing and failed, and the disk space used."""
    (several,) = _studies([study])
    for opened in several:
        if len(several) > 1:
            _say(f"{opened.called}:")
        _status(opened)
    for opened in several:
        _report_failed(opened)


def _status(opened: Study) -> None:
    from sim.study.disk import of_nothing, of_points, size

    opened.missing()  # sets damaged files aside and reports them
    states = opened.sql("select policy, state, count(*) n from units group by all")
    counts = {(policy, state): n for policy, state, n in states.itertuples(index=False)}
    each = opened.replications * len(opened.file.behaviours)
    for policy in opened.policies:
        failed = counts.get((policy, "failed"), 0)
        failures = f", {failed} failed" if failed else ""
        _say(f"{policy}: {counts.get((policy, 'done'), 0)} of {each} replications{failures}")
    if opened.plan is not None:
        _say(f"precision: {_precision(opened)}")
    _say(f"{_megabytes(size(opened))} in {opened.folder}")
    points, stale = of_points(opened)
    if points:
        _say(f"sensitivity: {_megabytes(sum(points.values()))} of results at points of the plausible space")
    if unused := of_nothing(opened) | stale:
        summary = f"{len(unused)} files, {_megabytes(sum(unused.values()))}, belong to nothing in this study"
        _say(f"{summary}: sim clean {opened.called}")


@app.command()
def clean(
    study: StudyName,
    everything: Annotated[
        bool, typer.Option("--all", help="All results of the study, not only unused ones.")
    ] = False,
) -> None:
    """Remove results that a study no longer uses: of other code or rules, damaged, partial."""
    from sim.study.disk import clean as clean_study
    from sim.study.run import RunError

    (several,) = _studies([study])
    for opened in several:
        try:
            removed, freed = clean_study(opened, everything=everything, tell=complain)
        except RunError as error:
            fail(str(error), FAILED)
        _say(f"{opened.called}: {removed} files removed, {_megabytes(freed)} freed")


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="Scenarios, policies, studies.")],
) -> None:
    """Check scenario, policy and study files; a scenario's name or folder checks it and all its policies."""
    from sim.scenario import InputError

    wrong = False
    for file in files:
        try:
            targets = _targets(file)
        except InputError as error:
            wrong, targets = True, []
            complain(str(error))
        for target in targets:
            try:
                _say(f"ok: {target}: {_checked(target)}")
            except InputError as error:
                wrong = True
                complain(str(error))
    if wrong:
        raise typer.Exit(MISTAKE)


@app.command()
def parameters(
    under: Annotated[str, typer.Argument(help="A dotted path: only parameters under it.")] = "",
    lang: Annotated[Language, typer.Option(help="Language of the labels.")] = Language.en,
    format: Annotated[Format, typer.Option(help="How it is written.")] = Format.table,
) -> None:
    """List the parameters of a scenario: label, unit, bounds, default and source of each."""
    from sim.scenario.errors import InputError, nearest
    from sim.scenario.parameters import catalogue

    matches = catalogue(under)
    if not matches:
        known = {parameter.path.split(".")[0] for parameter in catalogue()}
        raise InputError(f"no parameter is under '{under}'", remedy=nearest(under.split(".")[0], known))
    head = ["path", "label", "unit", "bounds", "default", "source"]
    rows = [
        [
            one.path,
            one.label_en if lang == Language.en else one.label_zh,
            one.unit,
            one.bounds,
            one.default,
            one.source,
        ]
        for one in matches
    ]
    if format == Format.csv:
        import pandas as pd

        from sim.report.tables import csv_text

        print(csv_text(pd.DataFrame(rows, columns=head)), end="")
    elif format == Format.json:
        import json

        print(json.dumps([dict(zip(head, row, strict=True)) for row in rows], ensure_ascii=False, indent=1))
    else:
        _say_table([head, *rows])


@app.command()
def simulate(
    scenario: Annotated[str, typer.Argument(help="Its name under scenarios/, or its folder.")],
    policy: Annotated[str, typer.Option(help="A policy of the scenario, or its file.")] = "current",
    behaviour: Annotated[str, typer.Option(help="How people answer to the rules.")] = "mechanical",
    seed: Annotated[int, typer.Option(min=0, help="The seed of all that is random.")] = 0,
) -> None:
    """Simulate one replication and print the outcomes of the bureau."""
    from sim.replication import simulate as engine
    from sim.report.words import number
    from sim.rules.outcomes import OUTCOMES
    from sim.scenario import load

    read = load(scenario)
    with _patience(f"simulating {scenario} under {policy}"):
        outcomes = engine(read, policy, behaviour=behaviour, seed=seed).outcomes
    whole = (
        (outcomes["month"] == 0)
        & (outcomes["unit"] == "")
        & (outcomes["kind"] == "")
        & (outcomes["person"] == "")
    )
    rows = [["year", "outcome", "value", "unit"]]
    for year, name, value in outcomes.loc[
        whole & outcomes["value"].notna(), ["year", "outcome", "value"]
    ].itertuples(index=False):
        known, when = OUTCOMES[name], read.horizon.told(int(year)) if year else "-"
        rows.append([when, known.en, number(value * known.scale), known.unit_in(read.currency).en])
    _say_table(rows)


@app.command()
def neutral(
    scenario: Annotated[str, typer.Argument(help="Its name under scenarios/, or its folder.")],
    policy: Annotated[str, typer.Argument(help="A policy of the scenario, or its file.")],
    parameter: Annotated[str, typer.Argument(help="Dotted path of the number to solve for.")],
    low: Annotated[
        float | None, typer.Option(help="Least value; the parameter's own bound if left out.")
    ] = None,
    high: Annotated[float | None, typer.Option(help="Greatest value, likewise.")] = None,
    baseline: Annotated[str, typer.Option(help="The policy whose cost is to be met.")] = "current",
    cost: Annotated[str, typer.Option(help="Which cost.")] = "pay_total",
    replications: Annotated[int, typer.Option(min=2, max=1000, help="Replications to average.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="The seed of all that is random.")] = 0,
) -> None:
    """Solve for one parameter of a policy so that it costs as much as the baseline."""
    from sim.study.neutral import budget_neutral

    with _patience(f"simulating {scenario} {replications} times, and solving for {parameter}"):
        result = budget_neutral(
            scenario,
            policy,
            parameter,
            low=low,
            high=high,
            baseline=baseline,
            cost=cost,
            replications=replications,
            seed=seed,
        )
    _say(f"{parameter}: {result.value:.6g} ({result.confidence:.0%}: {result.low:.6g} to {result.high:.6g})")
    _say(f"{cost}: {result.amount:,.0f} a year; {baseline}: {result.target:,.0f}")


@app.command()
def studio(
    study: StudyName,
    policy: Annotated[
        list[str] | None, typer.Option(help="A policy, or its file; several times for several.")
    ] = None,
    lever: Annotated[
        Literal["threshold", "slope", "level", "none"],
        typer.Option(help="What moves until costs are equal."),
    ] = "threshold",
    luck: Annotated[
        Literal["all", "measurement"],
        typer.Option(help="What counts as luck: all of a year's, or measurement alone."),
    ] = "all",
    behaviour: Annotated[
        str | None, typer.Option(help="The behaviour of the scores; the study's first if left out.")
    ] = None,
    format: Annotated[Format, typer.Option(help="How it is written.")] = Format.table,
) -> None:
    """Compare pay schedules on the stored scores of a study, at equal expected cost."""
    from sim.report.tables import csv_text
    from sim.report.words import number
    from sim.study.studio import studio as compared

    (several,) = _studies([study])
    for opened in several:
        found = compared(opened, policy, lever=lever, luck=luck, behaviour=behaviour)
        if format == Format.csv:
            print(csv_text(found.table), end="")
            continue
        if format == Format.json:
            print(found.table.to_json(orient="records", force_ascii=False, indent=1))
            continue
        _say_table([["schedule", "moved by", "slope", "cost", "note"], *_moved(found.moved, number)])
        rows = [["schedule", "measure", "value", "low", "high", "normal scores", "unit", "note"]]
        for name, measure, unit, *values, note in found.table.itertuples(index=False):
            rows.append([name, measure, *(number(float(value)) for value in values), unit, note])
        _say_table(rows)


def _moved(moved: Any, number: Any) -> list[list[str]]:
    """Return the rows that tell how far schedules moved until they cost what the baseline costs."""
    return [
        [str(name), number(row["by"]), number(row["slope"]), number(row["cost"]), row["note"]]
        for name, row in moved.iterrows()
    ]


def _studies(names: Iterable[str | Path]) -> list[list[Study]]:
    """Open and check studies, each as one for each of its scenarios."""
    from sim.study.load import load_studies

    return [load_studies(name) for name in dict.fromkeys(names)]


def _targets(given: str) -> list[Path]:
    """Return the files meant by `given`: those of a scenario with its policies, or a study."""
    from sim.scenario.load import SCENARIO_FILE, is_file, is_folder, named, scenarios_folder

    study = scenarios_folder() / "studies" / f"{given}.yaml"
    if Path(given).name == given and is_file(study):
        return [study]
    path = named(given, f"*/{SCENARIO_FILE}", "scenario")
    if Path(given) != path:
        path = path.parent
    return [path / SCENARIO_FILE, *sorted(path.glob("policies/*.yaml"))] if is_folder(path) else [path]


def _checked(file: Path) -> str:
    """Read and check `file`; return a short description. Raises InputError."""
    from sim.scenario import load, load_policy
    from sim.scenario.idle import changes_nothing
    from sim.scenario.load import SCENARIO_FILE
    from sim.scenario.notes import notes
    from sim.scenario.posts import posts, posts_change
    from sim.scenario.source import read_yaml
    from sim.world import check_runs, closed_doors

    content = read_yaml(file).data
    format = str(content.get("format")) if isinstance(content, dict) else ""
    if format.startswith("jingxi-study/"):
        (several_studies,) = _studies([file])
        study = several_studies[0]
        if len(several_studies) > 1:
            each = ", ".join(f"{one.scenario.name} ({len(one.policies)} policies)" for one in several_studies)
            return f"study of {len(several_studies)} scenarios: {each}"
        asked = study.file.precision
        many = f"{asked.at_least} to {asked.at_most}" if asked else study.replications
        several = study.file.behaviours
        years = study.scenario.horizon.years or 1
        description = f"study of {len(study.policies)} policies, {many} replications each"
        description += f" of {years} years" if years > 1 else ""
        return description + (
            f", under {len(several)} behaviours: {', '.join(several)}" if len(several) > 1 else ""
        )
    if not format.startswith("jingxi-policy/"):
        scenario = load(file)
        check_runs(scenario)
        for note in (*notes(scenario), *closed_doors(scenario)):
            warnings.warn(str(note), stacklevel=2)
        people = posts(scenario).headcount
        many = f"units: {len(scenario.units)}, people: {people}, kinds of matter: {len(scenario.kinds)}"
        return f"scenario; {many}"
    scenario = load(file.absolute().parent.parent / SCENARIO_FILE)
    policy = load_policy(scenario, file)
    check_runs(scenario, policy)
    change, idle = posts_change(scenario, policy), changes_nothing(scenario, policy)
    if idle.keys() >= policy.changes.keys() and (not policy.move or "move" in idle):
        return "policy, but it changes nothing" + _because(idle)
    counts = {"change": len(policy.changes), "move": len(policy.move)}
    description = " and ".join(f"{n} {what}{'s' * (n > 1)}" for what, n in counts.items() if n)
    description = f"policy with {description}; {change.as_change(scenario.currency)}"
    return description + (f"; these change nothing{_because(idle)}" if idle else "")


def _because(idle: dict[str, str]) -> str:
    """Format the reasons: ``: pay.floor (it is so already), …``."""
    return ": " * bool(idle) + ", ".join(f"{path} ({why})" for path, why in idle.items())


def _precision(study: Study) -> str:
    """Describe how close a study is to its requested precision."""
    plan, asked = study.plan, study.file.precision
    assert plan is not None and asked is not None  # of a study that asks for a precision
    if plan.reached:
        return f"reached with {plan.replications} replications"
    lacking = (f"{outcome} of {policy} about {n}" for (policy, _, outcome), n in plan.needs.items())
    description = "; ".join(lacking) or f"not known before {asked.at_least} replications"
    return f"not reached, at most {asked.at_most} replications; needed: {description}"


@contextlib.contextmanager
def _patience(what: str) -> Iterator[None]:
    """Print `what` if it takes more than two seconds."""
    timer = threading.Timer(2.0, complain, [f"{what} …"])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def _report_failed(study: Study) -> None:
    """List the failed replications, and exit with code 1 if there are any."""
    failed = study.failed
    if not failed:
        return
    for unit, text in failed.items():
        last = text.strip().splitlines()[-1] if text.strip() else ""
        complain(f"failed: {unit}: {last} (all of it: {study.store.failure_file(unit.key)})")
    fail(f"{len(failed)} of {len(study.units)} replications failed", FAILED)


def _clean(text: str) -> str:
    from sim.scenario.errors import printable

    return printable(text, 2000)


def _say(text: str) -> None:
    print(_clean(text))


def _say_table(rows: Iterable[list[str]]) -> None:
    """Print aligned columns; a Chinese character is two places wide."""
    rows = [[_clean(cell) for cell in row] for row in rows]
    widths = [max(map(_places, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell + " " * (width - _places(cell)) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())


def _places(text: str) -> int:
    import unicodedata

    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
