"""Write new files of a planner's own: a scenario's folder, a policy, a study. They pass the check."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.report.words import Text
from sim.rules.outcomes import OUTCOMES
from sim.scenario import InputError, Scenario, load, load_policy, reform
from sim.scenario.errors import nearest
from sim.scenario.folders import SCENARIO_FILE, checked_name, own_folder
from sim.scenario.source import Source, read_text, read_yaml
from sim.study.load import load_study

from .files import aside_of, header, move, own, put, refuse_taken, told_of, write, write_text_of

FOCUS = ("on_time_rate", "mean_wait_minutes", "mean_score", "pay_total")
SEED = 20250101
QUESTION = Text(en="What would the policies change?", zh="各方案会带来什么变化？")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_TITLES = {  # of names that are often given without
    "hall": Text(en="Hall", zh="服务大厅"),
    "north": Text(en="North office", zh="城北所"),
    "south": Text(en="South office", zh="城南所"),
    "east": Text(en="East office", zh="城东所"),
    "west": Text(en="West office", zh="城西所"),
    "visit": Text(en="Visit", zh="来访事项"),
}
_TITLE = re.compile(r"^title:.*\n(?:[ ]+.*\n)*", re.MULTILINE)
_MODELINE = re.compile(r"\A# yaml-language-server:.*\n")


@dataclass(frozen=True)
class Named:
    """A unit or a kind of matter: its name in the file, and its title in both languages."""

    name: str
    title: Text

    @classmethod
    def parsed(cls, given: str, place: int, what: str) -> Named:
        """Parse ``name``, ``name:English`` or ``name:English:中文``; a bare title gets a name by place."""
        name, *titles = (part.strip() for part in given.replace("：", ":").split(":"))
        if not name or len(titles) > 2:
            raise InputError(
                f"'{given}' is no {what}", remedy=f"Write {what}:English:中文, as in hall:Hall:大厅"
            )
        if not _NAME.match(name):
            if titles:
                remedy = "Use small letters, digits and '_', beginning with a letter"
                raise InputError(f"'{name}' cannot be the name of a {what}", remedy=remedy)
            titles, name = [name], f"{what}_{place}"
        usual = _TITLES.get(name) if not any(titles) else None
        if usual is not None:
            return cls(name, usual)
        english = titles[0] if titles and titles[0] else name.replace("_", " ").capitalize()
        return cls(name, Text(en=english, zh=titles[1] if len(titles) > 1 and titles[1] else english))


@dataclass(frozen=True)
class Office:
    """An office in a few numbers, all of them assumed until somebody counts.

    Attributes
    ----------
    units, kinds : tuple of str
        Units and kinds of matter, each ``name``, ``name:English`` or ``name:English:中文``.
    people : int
        Clerks of each unit.
    volume : int
        Requests of each kind a year in each unit.
    minutes : float
        Mean work on a request.
    days : int
        Time limit in working days.
    country : str
        Whose public holidays are kept: ``CN``, ``PL`` or ``none``.
    """

    units: tuple[str, ...] = ("hall", "north", "south")
    kinds: tuple[str, ...] = ("visit",)
    people: int = 4
    volume: int = 12_000
    minutes: float = 20
    days: int = 5
    country: str = "CN"


def new_scenario(
    name: str, office: Office | None = None, *, title: Text | None = None, like: str | None = None
) -> list[Path]:
    """Write a folder in ``scenarios/``, under the working folder: scenario, policy, README. And a study.

    Parameters
    ----------
    name : str
        The name of the folder and of the study.
    office : Office, optional
        What the office is like.
    title : sim.report.words.Text, optional
        The title in both languages.
    like : str, optional
        A scenario to be copied with its policies and tables, in place of an `office`.

    Returns
    -------
    list of Path
        The files, the scenario's first.

    Raises
    ------
    InputError
        If the name is taken or no name, or an argument is refused. Nothing is written then.
    """
    checked_scenario_name(name)
    folder = own_folder()
    study = folder / "studies" / f"{name}.yaml"
    refuse_taken(folder / name, study)
    with aside_of(folder) as aside:
        if like is None:
            title = title or Text(en=name.replace("-", " ").capitalize(), zh=name)
            first = _office(aside, name, title, office or Office())
            origin = Text(en="Made by `sim new`.", zh="由 `sim new` 生成。")
        else:
            title, first = _copied(aside, name, title, like)
            origin = Text(en=f"Copied from `{like}` by `sim new`.", zh=f"由 `sim new` 复制自 `{like}`。")
        write(aside / name / "README.md", "README.md", title=title, name=name, origin=origin)
        write_study(aside / "studies" / study.name, name, [first], title, 10, FOCUS)
        load(aside / name)
        load_study(aside / "studies" / study.name)
        return move(aside, folder, [Path(name), Path("studies") / study.name])


def new_policy(
    name: str,
    scenario: str,
    changes: Mapping[str, Any],
    *,
    title: Text | None = None,
    reason: Text | None = None,
) -> Path:
    """Write a policy of one's own scenario.

    Parameters
    ----------
    name : str
        The name of the policy.
    scenario : str
        The name of a scenario under the working folder's ``scenarios/``.
    changes : Mapping of str to Any
        The new value for each dotted path.
    title, reason : sim.report.words.Text, optional
        Texts in both languages.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If the policy is there already, or the scenario refuses it. Nothing is written then.
    """
    read = own(scenario)
    target = read.folder / "policies" / f"{checked_name(name, 'policy')}.yaml"
    refuse_taken(target)
    if not changes:
        raise InputError("the policy changes nothing", remedy="Give --change pay.full_pay_threshold=90")
    title = title or Text(en=name.replace("-", " ").capitalize(), zh=name)
    reason = reason or Text(en="To be tried.", zh="拟试行。")
    with aside_of(own_folder()) as aside:
        made = aside / target.name
        write(
            made,
            "policy.yaml",
            header=header("policy", 2),
            title=title,
            reason=reason,
            changes=[(path, json.dumps(value, ensure_ascii=False)) for path, value in changes.items()],
        )
        try:
            reform(read, load_policy(read, made))
        except InputError as error:
            raise told_of(error, target) from None
        target.parent.mkdir(exist_ok=True)
        return move(aside, target.parent, [Path(target.name)])[0]


def new_study(
    name: str,
    scenario: str,
    policies: Sequence[str],
    *,
    title: Text | None = None,
    replications: int = 10,
    focus: Sequence[str] = FOCUS,
) -> Path:
    """Write a study of a scenario's policies.

    Parameters
    ----------
    name : str
        The name of the study.
    scenario : str
        The name of a scenario.
    policies : sequence of str
        Names of its policies; all of them if there are none.
    title : sim.report.words.Text, optional
        The title in both languages.
    replications : int, optional
        Replications of each policy.
    focus : sequence of str, optional
        Outcomes that the reports show first.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If the study is there already, or something it names is not. Nothing is written then.
    """
    folder = own_folder()
    target = folder / "studies" / f"{checked_name(name, 'study')}.yaml"
    refuse_taken(target)
    read = load(scenario)
    chosen = list(policies) or sorted(file.stem for file in (read.folder / "policies").glob("*.yaml"))
    if not chosen:
        raise InputError(
            f"'{scenario}' has no policy", remedy=f"Make one: sim new policy NAME --scenario {scenario}"
        )
    for outcome in focus:
        if outcome not in OUTCOMES:
            raise InputError(f"unknown outcome '{outcome}'", remedy=nearest(outcome, OUTCOMES))
    title = title or Text(en=name.replace("-", " ").capitalize(), zh=name)
    with aside_of(folder) as aside:
        made = aside / "studies" / target.name
        write_study(made, read.name, chosen, title, replications, focus)
        try:
            load_study(made)
        except InputError as error:
            raise told_of(error, target) from None
        return move(aside, folder, [Path("studies") / target.name])[0]


def checked_scenario_name(name: str) -> str:
    """Return a name that a new scenario may have: none of another folder, or of what `sim new` makes."""
    if checked_name(name, "scenario") in ("policy", "study", "scenario", "studies"):
        raise InputError(f"a scenario cannot be called '{name}'", remedy="Give it another name")
    return name


def in_one_language(scenario: Scenario) -> list[str]:
    """Return the paths of titles that stand in one language only: of the scenario, its units and kinds.

    Examples
    --------
    >>> import sim
    >>> from sim.authoring.new import in_one_language
    >>> in_one_language(sim.load("one-office"))
    []
    """
    titled = {"title": scenario.title}
    for block, entries in (("units", scenario.units), ("kinds", scenario.kinds)):
        titled |= {f"{block}.{name}.title": entry.title for name, entry in entries.items()}
    return [
        path for path, title in titled.items() if not _CHINESE.search(title.zh) or _CHINESE.search(title.en)
    ]


def template_source() -> Source:
    """Return what `sim new` writes for an office of which nothing is told, as data and evidence."""
    with aside_of(Path(tempfile.gettempdir())) as aside:
        _office(aside, "office", Text(en="Our office", zh="本单位"), Office())
        return read_yaml(aside / "office" / SCENARIO_FILE)


def _office(aside: Path, name: str, title: Text, office: Office) -> str:
    """Write the scenario and the policy of an office; return the policy's name."""
    for what, most in (("people", 500), ("volume", 10_000_000), ("minutes", 100_000), ("days", 1000)):
        number = getattr(office, what)
        if not 0 < number <= most:
            raise InputError(f"{what} is {number:g}", remedy=f"Give a number above 0 and at most {most:,}")
    if office.country not in ("CN", "PL", "none"):
        raise InputError(f"unknown country '{office.country}'", remedy="One of: CN, PL, none")
    units = [Named.parsed(unit, place, "unit") for place, unit in enumerate(office.units, 1)]
    kinds = [Named.parsed(kind, place, "kind") for place, kind in enumerate(office.kinds, 1)]
    for several, what in ((units, "unit"), (kinds, "kind")):
        names = [one.name for one in several]
        if not names or len(set(names)) < len(names):
            raise InputError(f"each {what} needs a name of its own", remedy=f"Give --{what}s one,other")
    there = ", ".join(unit.title.en for unit in units), "、".join(unit.title.zh for unit in units)
    write(
        aside / name / SCENARIO_FILE,
        "scenario.yaml",
        header=header("scenario", 1),
        title=title,
        description=Text(en=f"{title.en}: {there[0]}."[:600], zh=f"{title.zh}：{there[1]}。"[:600]),
        **(vars(office) | {"units": units, "kinds": kinds}),
        bottom=min(1, len(units) - 1),
    )
    return first_policy(aside / name, load(aside / name))


def first_policy(folder: Path, scenario: Scenario) -> str:
    """Write a policy to be tried at once: lines of pay five points lower, or a tenth more requests."""
    title, reason = (
        Text(en="A tenth more requests", zh="来件增加一成"),
        Text(en="To be tried.", zh="拟试行。"),
    )
    changes = [(f"demand.{kind}.scale", round(one.scale * 1.1, 9)) for kind, one in scenario.demand.items()]
    name = "more-requests"
    if scenario.pay is not None:
        title = Text(en="Lines five points lower", zh="门槛降低5分")
        reason = Text(en="Fewer lose pay by chance.", zh="减少因偶然因素被扣减的情形。")
        lines = ("full_pay_threshold", "bonus_threshold")
        changes = [(f"pay.{line}", max(getattr(scenario.pay, line) - 5, 0)) for line in lines]
        name = "lower-lines"
    file = folder / "policies" / f"{name}.yaml"
    shown = [(path, f"{value:g}") for path, value in changes]
    write(file, "policy.yaml", header=header("policy", 2), title=title, reason=reason, changes=shown)
    return name


def _copied(aside: Path, name: str, title: Text | None, like: str) -> tuple[Text, str]:
    """Copy a scenario with its tables, notices and policies; return its title and the name of a policy."""
    original = load(like)
    folder = aside / name
    (folder / "policies").mkdir(parents=True)
    text = _MODELINE.sub("", read_text(original.source.file))
    if title is not None:
        text = _TITLE.sub(lambda _: f"title: {write_text_of(title)}\n", text, count=1)
    put(folder / SCENARIO_FILE, f"{header('scenario', 1)}\n{text}")
    for table in [*original.tables(), "NOTICE.md"]:
        if (original.folder / table).is_file():
            (folder / table).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(original.folder / table, folder / table)
    policies = sorted((original.folder / "policies").glob("*.yaml"))
    for policy in policies:
        text = _MODELINE.sub("", read_text(policy))
        put(folder / "policies" / policy.name, f"{header('policy', 2)}\n{text}")
    first = policies[0].stem if policies else first_policy(folder, original)
    return title or Text(en=original.title.en, zh=original.title.zh), first


def write_study(
    file: Path,
    scenario: str,
    policies: Sequence[str],
    title: Text,
    replications: int,
    focus: Sequence[str],
) -> None:
    write(
        file,
        "study.yaml",
        header=header("study", 1),
        title=title,
        question=QUESTION,
        scenario=scenario,
        policies=policies,
        replications=replications,
        seed=SEED,
        focus=focus,
    )
