"""Turn what a person set on the page into a policy, tell it in words, and write its file."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sim.authoring.together import left_alone
from sim.report.assumptions import changes, label
from sim.report.files import write_whole
from sim.report.words import Text, pick, signed
from sim.scenario import InputError, Policy, Scenario, load, load_policy
from sim.scenario.currency import words
from sim.scenario.folders import checked_name, not_linked_away
from sim.scenario.idle import changes_nothing
from sim.scenario.mistakes import validate
from sim.scenario.part import Text as Title
from sim.scenario.policy import CURRENT, FORMAT, TRIED, PolicyFile
from sim.scenario.posts import posts_change
from sim.scenario.source import Source, parse_yaml
from sim.world import check_runs

POLICIES = "policies"
MOST_BYTES = 200_000  # of a policy file that is opened
_MADE = Title(en="Made on the what-if page.", zh="由假设分析页面生成。")
_NOT_SCENARIO = (POLICIES, "__pycache__", "*.py", "README.md")  # what a copy of a scenario goes without


@dataclass(frozen=True)
class Draft:
    """What a person set: changes by dotted path, and people who move."""

    changes: dict[str, Any]
    move: list[dict[str, Any]]

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Draft:
        """Read the page's ``{"changes": {…}, "move": […]}``. Raises InputError for anything else."""
        changes, move = given.get("changes", {}), given.get("move", [])
        if not isinstance(changes, dict) or not isinstance(move, list) or len(changes) + len(move) > 500:
            raise InputError("this is no draft of a policy", remedy="Give changes by path, and moves")
        return cls(changes, move)

    @property
    def is_empty(self) -> bool:
        return not self.changes and not self.move

    def policy(self, name: str = TRIED) -> Policy:
        """Return the draft as a policy. Raises InputError for a malformed one."""
        tried = Policy.of(self.changes, name)
        texts = {key: text.model_dump() for key, text in (("title", tried.title), ("reason", tried.reason))}
        content = {"format": FORMAT, **texts, "changes": tried.changes, "move": self.move}
        moves = validate(PolicyFile, Source(Path("<the page>"), content)).move
        return Policy(name, tried.title, tried.reason, tried.changes, move=moves)


def draft_of(policy: Policy) -> Draft:
    """Return a policy as the page holds it."""
    moves = [one.model_dump(mode="json", by_alias=True, exclude_defaults=True) for one in policy.move]
    return Draft(policy.changes, moves)


def told(scenario: Scenario, draft: Draft, lang: str) -> dict[str, Any]:
    """Say what a draft changes, for the list on the page; nothing is simulated.

    Returns
    -------
    dict
        ``changes``: rows of ``what``, ``before``, ``after`` and ``undo``, what to take out of the draft (a
        path, the number of a move, or None). ``notes``: sentences. ``posts``: heads and pay, in words.

    Raises
    ------
    InputError
        If the scenario refuses the draft.
    """
    policy = draft.policy()
    check_runs(scenario, policy)
    rows = changes(scenario, policy, lang)
    undo: list[Any] = [*draft.changes]
    undo += [None] * (len(rows) - len(draft.changes) - len(draft.move))
    undo += range(len(draft.move))
    change = posts_change(scenario, policy)
    money = pick(words(scenario.currency), lang)
    posts = Text(
        en=f"Posts {signed(change.headcount)}; pay in full {signed(change.payroll)} {money} a year.",
        zh=f"人员编制增减：{signed(change.headcount)}人；足额工资增减：{signed(change.payroll)}{money}/年。",
    )
    return {
        "changes": [
            {"what": what, "before": before, "after": after, "undo": one}
            for (what, before, after), one in zip(rows, undo, strict=True)
        ],
        "notes": _notes(scenario, policy, lang),
        "posts": pick(posts, lang),
    }


def _notes(scenario: Scenario, policy: Policy, lang: str) -> list[str]:
    """Name what stays although one mostly means to change it too, and what has no effect."""
    said = []
    for path, value in left_alone(scenario, policy).items():
        what = label(scenario, tuple(path.split(".")), lang)
        said.append(pick(Text(en=f"{what}: stays {value:g}.", zh=f"{what}：仍为{value:g}。"), lang))
    for path in changes_nothing(scenario, policy):
        what = pick(Text(en="People who move", zh="人员调动"), lang)
        if path != "move":
            what = label(scenario, tuple(path.split(".")), lang)
        said.append(pick(Text(en=f"{what}: has no effect here.", zh=f"{what}：在此没有作用。"), lang))
    return said


def policy_text(draft: Draft, title: str, reason: str) -> str:
    """Return the policy file of a draft. A title or a reason in one language stands for both."""
    content: dict[str, Any] = {
        "format": FORMAT,
        "title": {"en": title, "zh": title},
        "reason": {"en": reason or _MADE.en, "zh": reason or _MADE.zh},
    }
    if draft.changes:
        content["changes"] = draft.changes
    if draft.move:
        content["move"] = draft.move
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)


def opened(text: str) -> Policy:
    """Read the text of a policy file from outside, as data.

    Raises InputError for what is no policy file. Whether a scenario accepts it is told by `told`.
    """
    if len(text.encode()) > MOST_BYTES:
        raise InputError("the file is too long for a policy", remedy="Choose a policy file")
    source = parse_yaml(text, Path("policy.yaml"))
    content = validate(PolicyFile, source)
    changes = source.data.get("changes") or {}
    return Policy("opened", content.title, content.reason, changes, move=content.move)


def save(folder: Path, scenario: Scenario, draft: Draft, name: str, title: str, reason: str) -> Path:
    """Write a draft as ``scenarios/<scenario>/policies/<name>.yaml`` in a person's `folder`.

    The folder gets a copy of the scenario, so that ``sim check`` and the other commands work in it. A policy
    of the same name is replaced.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If the draft changes nothing, the name is none, or the scenario refuses it. Nothing is written then.
    """
    checked_name(name, "policy")
    if name == CURRENT:
        raise InputError(f"'{CURRENT}' is the rule in force", remedy="Give another name")
    if draft.is_empty:
        raise InputError("the policy changes nothing", remedy="Move a slider first")
    text = policy_text(draft, title.strip() or name, reason.strip())
    own = _copied(folder, scenario)
    with tempfile.TemporaryDirectory(dir=folder) as aside:
        made = write_whole(Path(aside) / f"{name}.yaml", text)
        check_runs(own, load_policy(own, made))
    return write_whole(saved_file(folder, scenario.name, name), text)


def saved_file(folder: Path, scenario: str, name: str) -> Path:
    """Return the place of a saved policy, inside `folder`. Raises InputError for names that are none."""
    names = checked_name(scenario, "scenario"), POLICIES, f"{checked_name(name, 'policy')}.yaml"
    return not_linked_away(Path(folder, "scenarios", *names), folder)


def saved(folder: Path, scenario: str) -> list[str]:
    """List the names of the policies that a person saved for a scenario."""
    place = folder / "scenarios" / checked_name(scenario, "scenario") / POLICIES
    return sorted(file.stem for file in place.glob("*.yaml") if not file.is_symlink())


def _copied(folder: Path, scenario: Scenario) -> Scenario:
    """Copy a scenario, as it is now, with its tables into a person's folder, and load it there."""
    place = folder / "scenarios" / scenario.name
    shutil.copytree(
        scenario.folder,
        not_linked_away(place, folder),
        ignore=_not_copied,
        dirs_exist_ok=True,
    )
    return load(place)


def _not_copied(folder: str, names: list[str]) -> set[str]:
    """Return what a copy goes without: policies, programs, and links, which may lead anywhere."""
    programs = shutil.ignore_patterns(*_NOT_SCENARIO)(folder, names)
    return {*programs, *(name for name in names if Path(folder, name).is_symlink())}
