"""A policy is a reform: a short list of changes to a scenario, by dotted path, with a title and a reason."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, Strict

from .errors import InputError, nearest
from .load import build_from, checked_name, field_at, fields_at, validate
from .part import Part, Text
from .schema import Scenario
from .source import Path_, Source, read_yaml

CURRENT = "current"  # the policy that changes nothing: the scenario as it stands
FORMAT = "jingxi-policy/1"


class PolicyFile(Part):
    """The file ``policies/<name>.yaml``."""

    format: Literal["jingxi-policy/1"]
    title: Text
    reason: Text
    changes: dict[Annotated[str, Strict(), Field(max_length=200)], Any] = Field(default={}, max_length=500)


@dataclass(frozen=True)
class Policy:
    """A named reform. ``changes`` maps dotted paths to new values; ``source`` is the file it came from."""

    name: str
    title: Text
    reason: Text
    changes: dict[str, Any] = field(default_factory=dict)
    source: Source | None = None


def load_policy(scenario: Scenario, policy: str | Path | Policy) -> Policy:
    """The policy of that name in the scenario's ``policies/`` folder, or in a file, or as given.

    ``current`` needs no file: it is the scenario as it stands.
    """
    if isinstance(policy, Policy):
        return policy
    folder = scenario.folder / "policies"
    if isinstance(policy, str) and not policy.endswith(".yaml"):
        file = folder / f"{checked_name(policy, 'policy')}.yaml"
        if policy == CURRENT and not file.is_file():
            title = Text(en="Current rules", zh="现行规则")
            return Policy(CURRENT, title, Text(en="The scenario as it stands.", zh="按现行方案不作改动。"))
        if not file.is_file():
            known = [CURRENT, *(path.stem for path in folder.glob("*.yaml"))]
            raise InputError(
                f"unknown policy '{policy}' of scenario '{scenario.name}'", remedy=nearest(policy, known)
            )
    else:
        file = Path(policy)
    source = read_yaml(file)
    content = validate(PolicyFile, source)
    return Policy(
        checked_name(file.stem, "policy"),
        content.title,
        content.reason,
        source.data.get("changes") or {},
        source,
    )


def reform(scenario: Scenario, policy: str | Path | Policy) -> Scenario:
    """The scenario under a policy. The given scenario stays as it is.

    Raises InputError, with the policy file's line, for an unknown path (naming the nearest one) and for a value
    that the scenario refuses.
    """
    policy = load_policy(scenario, policy)
    if not policy.changes:
        return scenario
    data = copy.deepcopy(scenario.source.data)
    lines, evidence = dict(scenario.source.lines), dict(scenario.source.evidence)
    for dotted_path, value in policy.changes.items():
        path = tuple(dotted_path.split("."))
        _check_path(scenario, policy, path, dotted_path)
        _set(data, path, copy.deepcopy(value))
        _carry_over(path, dotted_path, policy, lines, evidence)
    source = Source(scenario.source.file, data, lines, evidence)
    try:
        changed = build_from(source, scenario.folder)
    except InputError as error:
        raise _blamed(error, policy) from None
    return changed


def changes_nothing(scenario: Scenario, policy: str | Path | Policy) -> list[str]:
    """The dotted paths a policy sets to the value they already have (all of them: it changes nothing)."""
    policy = load_policy(scenario, policy)
    before = scenario.digest()
    return (
        [
            path
            for path, value in policy.changes.items()
            if reform(scenario, Policy(policy.name, policy.title, policy.reason, {path: value})).digest()
            == before
        ]
        if reform(scenario, policy).digest() != before
        else list(policy.changes)
    )


def _check_path(scenario: Scenario, policy: Policy, path: Path_, dotted_path: str) -> None:
    data: Any = scenario.source.data
    for length, part in enumerate(path):
        here = path[:length]
        known = fields_at(Scenario, here, scenario.source.data)
        if isinstance(data, list | tuple):
            known = [str(number) for number in range(len(data))]
        if part not in known or not part:
            full = [".".join((*here, name)) for name in known]
            remedy = nearest(dotted_path if length == len(path) - 1 else ".".join(path[: length + 1]), full)
            if not known:
                remedy = (
                    f"'{'.'.join(here)}' is a single value"
                    if field_at(Scenario, here, scenario.source.data)
                    else None
                )
            raise _error(
                policy,
                f"unknown parameter '{dotted_path}'",
                dotted_path,
                f"{remedy} See: sim parameters {'.'.join(here)}".strip(),
            )
        if isinstance(data, dict):
            data = data.get(part)
        elif isinstance(data, list | tuple):
            data = data[int(part)]
    if path[0] in ("format", "title", "description"):
        raise _error(
            policy,
            f"a policy cannot change '{path[0]}'",
            dotted_path,
            "Change rules, staff, demand or calendars",
        )


def _set(data: Any, path: Path_, value: Any) -> None:
    for part in path[:-1]:
        if isinstance(data, list):
            data = data[int(part)]
        else:
            if data.get(part) is None:
                data[part] = {}
            data = data[part]
    if isinstance(data, list):
        data[int(path[-1])] = value
    else:
        data[path[-1]] = value


def _carry_over(path: Path_, dotted_path: str, policy: Policy, lines: dict, evidence: dict) -> None:
    """What the scenario file said of a path that is replaced no longer holds; what the policy file says does."""
    for known in [known for known in evidence if known[: len(path)] == path]:
        del evidence[known]
    if policy.source is None:
        return
    prefix = ("changes", dotted_path)
    for known, found in policy.source.evidence.items():
        if known[:2] == prefix:
            evidence[(*path, *known[2:])] = found


def _error(policy: Policy, message: str, dotted_path: str, remedy: str | None = None) -> InputError:
    if policy.source is None:
        return InputError(message, path=f"policy '{policy.name}'", remedy=remedy)
    return policy.source.error(message, ("changes", dotted_path), remedy)


def _blamed(error: InputError, policy: Policy) -> InputError:
    """A complaint of the reformed scenario, told at the line of the change that caused it."""
    guilty = next(
        (path for path in policy.changes if error.path and (error.path + ".").startswith(path + ".")), None
    )
    if guilty is None:
        guilty = next((path for path in policy.changes if error.path and path.startswith(error.path)), None)
    where = f"the change makes '{error.path}' wrong: " if error.path != guilty else ""
    if policy.source is None:
        return InputError(
            where + error.message, path=guilty or f"policy '{policy.name}'", remedy=error.remedy
        )
    return policy.source.error(
        where + error.message, ("changes", guilty) if guilty else ("changes",), error.remedy
    )
