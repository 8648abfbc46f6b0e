"""Make files of one's own: ``new``, ``new policy``, ``new study``, ``workbook``, ``import-workbook``,
``set-constant``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from .app import Commands, app
from .terminal import say


class _New(Commands):
    """``sim new NAME`` is ``sim new scenario NAME``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in {*self.commands, "--help"}:
            args = ["scenario", *args]
        return super().parse_args(ctx, args)


new = typer.Typer(
    cls=_New,
    help="Make a scenario with a policy and a study (sim new NAME); or a policy; or a study. "
    "It passes sim check.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(new, name="new")

Title = Annotated[str, typer.Option(help="The title in English.")]
Chinese = Annotated[str, typer.Option("--title-zh", help="The title in Chinese.")]
Ask = Annotated[
    bool | None, typer.Option("--ask/--no-ask", help="Ask for what is not given; at a terminal it does.")
]


@new.command("scenario")
def scenario(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of its folder under scenarios/.")],
    like: Annotated[str | None, typer.Option(metavar="SCENARIO", help="Copy this one.")] = None,
    title: Title = "",
    title_zh: Chinese = "",
    units: Annotated[
        str, typer.Option(metavar="NAME:English:中文,…", help="The units; titles may be left out.")
    ] = "hall,north,south",
    kinds: Annotated[str, typer.Option(metavar="NAME:English:中文,…", help="The kinds of matter.")] = "visit",
    people: Annotated[int, typer.Option(help="Clerks in each unit.")] = 4,
    volume: Annotated[int, typer.Option(help="Requests a year, of each kind in each unit.")] = 12_000,
    minutes: Annotated[float, typer.Option(help="Minutes of work on a request.")] = 20,
    days: Annotated[int, typer.Option(help="Time limit in working days.")] = 5,
    country: Annotated[Literal["CN", "PL", "none"], typer.Option(help="Whose holidays.")] = "CN",
    ask: Ask = None,
) -> None:
    """Make a scenario, with a policy and a study: a copy of another one, or an office in a few numbers."""
    from sim.authoring.new import Office, in_one_language, new_scenario
    from sim.scenario import load

    given: dict[str, Any] = {
        "title": title,
        "title_zh": title_zh,
        "units": units,
        "kinds": kinds,
        "people": people,
        "volume": volume,
        "minutes": minutes,
        "days": days,
    }
    if like is None and _asks(ask):
        for key, question in _QUESTIONS.items():
            given[key] = typer.prompt(question, default=given[key], type=type(given[key]))
    named = _title(str(given.pop("title")), str(given.pop("title_zh")))
    listed = {what: tuple(parts_of(str(given.pop(what)))) for what in ("units", "kinds")}
    office = Office(**(given | listed | {"country": country}))
    files = new_scenario(name, office, title=named, like=like)
    said(files, f"sim check {name}; sim run {name}; sim report {name}")
    if single := in_one_language(load(files[0].parent)):
        say(f"note: one title stands for both languages: {', '.join(single)}")


_QUESTIONS = {
    "title": "Title in English 英文名称",
    "title_zh": "Title in Chinese 中文名称",
    "units": "Units, as name:English:中文, commas between them 单位",
    "kinds": "Kinds of matter, likewise 事项",
    "people": "Clerks in each unit 每单位窗口人数",
    "volume": "Requests a year, of each kind in each unit 每单位每类事项年来件量",
    "minutes": "Minutes of work on a request 每件办理分钟数",
    "days": "Time limit in working days 时限（工作日）",
}


@new.command("policy")
def policy(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of the policy.")],
    scenario: Annotated[str, typer.Option(help="Your own scenario that it changes.")] = "",
    change: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH=VALUE", help="A parameter's new value; several times for several."),
    ] = None,
    title: Title = "",
    title_zh: Chinese = "",
    reason: Annotated[str, typer.Option(help="Why, in English.")] = "",
    reason_zh: Annotated[str, typer.Option("--reason-zh", help="Why, in Chinese.")] = "",
    ask: Ask = None,
) -> None:
    """Make a policy of your own scenario; sim parameters WORD finds the paths."""
    from sim.authoring.new import new_policy
    from sim.authoring.together import left_alone
    from sim.scenario import load, load_policy

    changes = list(change or ())
    if _asks(ask):
        scenario = scenario or typer.prompt("Scenario 情景")
        while not changes or typer.confirm("Another change 还有其他改动", default=False):
            changes.append(typer.prompt("Change, as pay.floor=0.5 改动（参数路径=新值）"))
    file = new_policy(
        name,
        _needed(scenario, "--scenario"),
        changes_of(changes),
        title=_title(title, title_zh),
        reason=_title(reason, reason_zh),
    )
    said([file], f"name it in a study, or try it: sim what-if {scenario} --policy {name}")
    read = load(scenario)
    for path, value in left_alone(read, load_policy(read, file)).items():
        say(f"note: {path} stays {value}")


@new.command("study")
def study(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of the study.")],
    scenario: Annotated[str, typer.Option(help="The scenario.")] = "",
    policies: Annotated[str, typer.Option(metavar="NAME,…", help="Policies; all if left out.")] = "",
    title: Title = "",
    title_zh: Chinese = "",
    replications: Annotated[int, typer.Option(min=2, help="Replications of each policy.")] = 10,
    focus: Annotated[str, typer.Option(metavar="NAME,…", help="Outcomes shown first (sim outcomes).")] = "",
    ask: Ask = None,
) -> None:
    """Make a study: the policies of a scenario, compared."""
    from sim.authoring.new import FOCUS, new_study

    if _asks(ask):
        scenario = scenario or typer.prompt("Scenario 情景")
        policies = typer.prompt("Policies, commas between them; all if empty 方案", default=policies)
    file = new_study(
        name,
        _needed(scenario, "--scenario"),
        parts_of(policies),
        title=_title(title, title_zh),
        replications=replications,
        focus=parts_of(focus) or FOCUS,
    )
    said([file], f"sim run {name}; sim report {name}")


@app.command()
def workbook(
    given: Annotated[
        str, typer.Argument(metavar="SCENARIO|FILE.xlsx", help="A scenario; or a name for an empty workbook.")
    ],
    file: Annotated[
        Path | None, typer.Option(metavar="FILE.xlsx", help="Where; NAME.xlsx if left out.")
    ] = None,
) -> None:
    """Write a scenario as an Excel workbook, or an empty one to be filled in; import-workbook reads it."""
    from sim.authoring.workbook import write_template, write_workbook
    from sim.scenario import load

    if given.lower().endswith(".xlsx"):
        say(str(write_template(Path(given))))
        return
    read = load(given)
    say(str(write_workbook(read, file or Path(f"{read.name}.xlsx"))))


@app.command("import-workbook")
def import_workbook(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="A workbook as sim workbook makes it.")],
    name: Annotated[str, typer.Option(help="Of the scenario; the file's name if left out.")] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the scenario; a copy and its policies are kept.")
    ] = False,
) -> None:
    """Make a scenario of a workbook. Mistakes are told by sheet and cell, and nothing is written then."""
    from sim.authoring.workbook import import_workbook as imported

    files, read = imported(file, name or _name_of(file), anew=replace)
    for remark in read.remarks:
        say(f"note: {remark}")
    for path in read.assumed:
        say(f"assumed, for it has no source: {path}")
    called = files[0].parent.name
    said(list(files), f"sim check {called}; sim run {called}; sim report {called}")


@app.command("set-constant")
def set_constant(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Your own scenario.")],
    mean: Annotated[float, typer.Option(min=0, max=100, help="The mean satisfaction observed, points.")],
    source: Annotated[str, typer.Option(help="Where the mean comes from; the file says it.")],
    replications: Annotated[int, typer.Option(min=2, help="Replications of the current rules.")] = 5,
    seed: Annotated[int, typer.Option(min=0, help="Of their random streams.")] = 0,
) -> None:
    """Set satisfaction.best so that mean satisfaction under current, mechanical, is the one observed."""
    from sim.authoring.constant import set_constant as fitted

    found = fitted(scenario, mean, source, replications=replications, seed=seed)
    say(
        f"satisfaction.best: {found.before:g} → {found.best:g}; mean under current, mechanical: "
        f"{found.mean:.2f} ± {found.half_width:.2f} points ({replications} replications, seed {seed})"
    )
    said([found.file], f"sim check {scenario}")


def _name_of(file: Path) -> str:
    """The scenario's name that a file's gives; a Chinese one gives none. Raises InputError."""
    from sim.scenario import InputError
    from sim.scenario.folders import checked_name

    try:
        return checked_name(file.stem.lower().replace(" ", "-"), "scenario")
    except InputError as error:
        raise InputError(error.message, file=file, remedy="Give one by --name, as in --name office") from None


def _asks(ask: bool | None) -> bool:
    """Whether to ask: as told, else where a person sits at both ends."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty() if ask is None else ask


def _title(english: str, chinese: str) -> Any:
    from sim.report.words import Text

    return Text(en=english or chinese, zh=chinese or english) if english or chinese else None


def parts_of(given: str) -> list[str]:
    return [part.strip() for part in given.replace("，", ",").replace("、", ",").split(",") if part.strip()]


def changes_of(given: Sequence[str]) -> dict[str, Any]:
    """The changes in ``PATH=VALUE``, each value as YAML reads it. Raises InputError."""
    from sim.scenario import InputError
    from sim.scenario.source import parse_yaml

    found: dict[str, Any] = {}
    for one in given:
        path, sign, value = (part.strip() for part in one.partition("="))
        if not sign or not path or not value:
            raise InputError(f"'{one}' is no change", remedy="Write PATH=VALUE, as in pay.floor=0.5")
        if path in found:
            raise InputError(f"'{path}' is changed twice", remedy="Give it once")
        found[path] = parse_yaml(value, Path(f"<{path}>")).data
    return found


def _needed(given: str, option: str) -> str:
    from sim.scenario import InputError

    if not given:
        raise InputError(f"{option} is missing", remedy=f"Give {option} NAME")
    return given


def said(files: list[Any], after: str) -> None:
    for file in files:
        here = Path(file)
        say(str(here.relative_to(Path.cwd()) if here.is_relative_to(Path.cwd()) else here))
    say(f"next: {after}")
