"""A policy is a reform: a short list of changes to a scenario, by dotted path, and of people who move, with a
title and a reason."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, Strict

from sim.cache import LruCache

from .errors import InputError, nearest, see
from .items import is_item, weigh
from .load import build_from, checked_name, not_linked_away, validate
from .move import Move, entries
from .part import Part, Text, key
from .paths import down, fields_at
from .renamed import elsewhere
from .schema import Scenario
from .shown import Shown, listed
from .since import JUDGED, Since, first_year, marked
from .source import Evidence, Path_, Source, dotted, read_yaml
from .state import source_of

CURRENT = "current"  # the policy that changes nothing: the scenario as it stands
TRIED = "what-if"  # the name of a policy that is given as changes
FORMAT = "jingxi-policy/1"
KEPT = 256  # reforms remembered, since a study asks for the same ones in every replication


class PolicyFile(Part):
    """The file ``policies/<name>.yaml``."""

    format: Literal["jingxi-policy/1"] = key("the file format and its version", "文件格式及版本")
    title: Text
    reason: Text = key("why it is tried, in both languages", "提出理由（中英文）")
    since: Since | None = key(
        "the first year that is judged by it, as 2 or 2026, or a date in it; all years if left out",
        "自哪一年（如2或2026）或哪一日起施行（不填则全期）",
        default=None,
        alias="from",
        form="2026",
    )
    changes: dict[Annotated[str, Strict(), Field(max_length=200)], Any] = key(
        "new values of parameters, each by its dotted path",
        "参数的新值，逐项写明参数路径",
        default={},
        max_length=500,
        form="{pay.floor: 0.5}",
    )
    move: tuple[Move, ...] = key(
        "people who move between staff groups", "人员调动", default=(), max_length=500
    )


@dataclass(frozen=True, repr=False)
class Policy(Shown):
    """A reform: changes to a scenario's parameters, and people who move between staff groups.

    Parameters
    ----------
    name : str
        The name, which results carry.
    title, reason : sim.scenario.part.Text
        Texts in English (``en``) and Chinese (``zh``).
    changes : dict of str to Any, optional
        The new value for each dotted path.
    source : sim.scenario.source.Source, optional
        The file from which the policy was read.
    move : tuple of sim.scenario.move.Move, optional
        People who move, in this order. Plain dicts as in a policy file are accepted too.
    upon : Policy, optional
        The policy under which the scenario is before this one changes it; none by default.
    since : int or datetime.date, optional
        The first year that is judged by it (2 is the second, 2026 that year), or a date: each year is judged
        by the rules in force at its end. All years by default.

    Raises
    ------
    InputError
        If an entry of `move` is malformed.

    See Also
    --------
    load_policy : Load a policy from its file.
    reform : Apply a policy to a scenario.

    Examples
    --------
    >>> import sim
    >>> policy = sim.load_policy(sim.load("one-office"), "one-more-clerk")
    >>> policy.title.en
    'One more clerk'
    >>> policy.changes
    {'staff.clerk.count': 2}
    """

    name: str
    title: Text
    reason: Text
    changes: dict[str, Any] = field(default_factory=dict)
    source: Source | None = None
    move: tuple[Move, ...] = ()
    upon: Policy | None = None
    since: int | dt.date | None = None

    def state(self) -> str:
        """Serialise the policy whole, for a test whether two are the same.

        Returns
        -------
        str
            All fields, in full.

        Examples
        --------
        >>> import sim
        >>> policy = sim.load_policy(sim.load("one-office"), "one-more-clerk")
        >>> policy.state() == policy.state()
        True
        """
        upon = None if self.upon is None else self.upon.state()
        said = (self.name, self.title, self.reason, self.changes, self.source, self.move, upon, self.since)
        return repr(said)

    def _facts(self) -> list[tuple[str, str]]:
        facts = [
            ("name", self.name),
            ("title", f"{self.title.en} · {self.title.zh}"),
            ("changes", listed([f"{path} = {value}" for path, value in self.changes.items()], most=5)),
        ]
        if self.move:
            facts.append(("moves", listed([f"{one.heads} {one.origin} → {one.to}" for one in self.move])))
        if self.since is not None:
            facts.append(("from", str(self.since)))
        if self.upon is not None:
            facts.append(("upon", self.upon.name))
        return [*facts, ("reason", self.reason.en)]

    @classmethod
    def of(cls, changes: Mapping[str, Any], name: str = TRIED) -> Policy:
        """Make a policy from changes alone.

        Parameters
        ----------
        changes : Mapping of str to Any
            The new value for each dotted path. A NumPy scalar becomes a plain number.
        name : str, optional
            The name of the policy.

        Returns
        -------
        Policy
            The policy, with the title "What if".

        Raises
        ------
        InputError
            If a key is not text.

        Examples
        --------
        >>> import sim
        >>> sim.Policy.of({"pay.floor": 0.5}, name="higher-floor").changes
        {'pay.floor': 0.5}
        """
        for path in changes:
            if not isinstance(path, str):
                raise InputError(f"{path!r} is not the path of a parameter", remedy="Give {'pay.floor': 0.5}")
        plain = {path: one.item() if isinstance(one, np.generic) else one for path, one in changes.items()}
        title = Text(en="What if", zh="假设")
        return cls(name, title, title, plain)

    def __post_init__(self) -> None:
        if not all(isinstance(one, Move) for one in self.move):
            given = Source(Path(f"<policy {self.name}>"), {"move": list(self.move)})
            object.__setattr__(self, "move", validate(_Moves, given).move)


PolicyLike = str | Path | Policy | Mapping[str, Any]
"""What stands for a policy wherever one is asked for: its name, its file, itself, or its changes."""


class _Moves(Part):
    """Moves that are given in code."""

    move: tuple[Move, ...]


def load_policy(scenario: Scenario, policy: PolicyLike) -> Policy:
    """Load a policy of a scenario.

    Parameters
    ----------
    scenario : Scenario
        The scenario, in whose ``policies/`` folder a name is looked up.
    policy : str, Path, Policy or Mapping
        A name, a path that ends in ``.yaml``, a policy, or changes as ``{dotted path: new value}``.

    Returns
    -------
    Policy
        The policy. A `Policy` is returned as it is; changes become ``Policy.of(changes)``.

    Raises
    ------
    InputError
        If the name is unknown, or the file cannot be read or is malformed.

    Notes
    -----
    ``current`` needs no file: it is the policy that changes nothing. Paths and values of the changes are
    checked when the policy is applied (`reform`).

    Examples
    --------
    >>> import sim
    >>> office = sim.load("one-office")
    >>> sim.load_policy(office, "current").title.en
    'Current rules'
    >>> sim.load_policy(office, {"pay.floor": 0.5}).name
    'what-if'
    """
    if isinstance(policy, Policy):
        return policy
    if isinstance(policy, Mapping):
        return Policy.of(policy)
    if not isinstance(policy, str | Path):
        raise InputError(f"{policy!r} is no policy", remedy="Give its name, its file, or its changes")
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
        not_linked_away(file, scenario.folder)
    else:
        file = Path(policy)
    source = read_yaml(file)
    content = validate(PolicyFile, source)
    return Policy(
        checked_name(file.stem, "policy"),
        marked(content.title, content.since),
        content.reason,
        source.data.get("changes") or {},
        source,
        content.move,
        since=content.since,
    )


# By a scenario's id, which stays its own as long as the scenario is kept here, all that it says (it may be
# changed in code), and all that a policy says.
_reformed: LruCache[tuple[Scenario, Scenario]] = LruCache(KEPT)


def reform(scenario: Scenario, policy: PolicyLike) -> Scenario:
    """Apply a policy to a scenario.

    Parameters
    ----------
    scenario : Scenario
        The scenario as it is now, changes made in code included. The function does not modify it.
    policy : str, Path, Policy or Mapping
        A name, a path that ends in ``.yaml``, a policy, or changes as ``{dotted path: new value}``.

    Returns
    -------
    Scenario
        The scenario under the policy.

    Raises
    ------
    InputError
        If a path is unknown, a move is impossible, or the scenario refuses a value. The error gives the line
        of the policy file where there is one.

    Notes
    -----
    An LRU cache holds the latest reforms, since every replication of a study asks for the same ones.

    Examples
    --------
    >>> import sim
    >>> office = sim.load("one-office")
    >>> sim.reform(office, {"staff.clerk.count": 2}).staff["clerk"].count
    2
    >>> office.staff["clerk"].count
    1
    """
    policy = load_policy(scenario, policy)
    key = (id(scenario), scenario.state(), policy.state())
    return _reformed.get(key, lambda: (scenario, _reform(scenario, policy)))[1]


def made_upon(policy: Policy, baseline: Policy) -> Policy:
    """A policy as a change of the baseline with which it is compared; ``current`` is always the scenario as
    it stands."""
    if policy.name in (CURRENT, baseline.name) or policy.upon or not (baseline.changes or baseline.move):
        return policy
    return replace(policy, upon=baseline)


def apart(scenario: Scenario, policy: Policy) -> tuple[Scenario, Policy]:
    """The scenario that a policy changes, under the one `upon` which it is made, and the policy alone."""
    if policy.upon is None:
        return scenario, policy
    before = reform(scenario, policy.upon)
    if before._earlier is not None:
        message = f"'{policy.upon.name}' begins later, so no other policy can be made upon it"
        raise _error(policy, message, ("from",), "Compare with a policy that holds from the start")
    return before, replace(policy, upon=None)


def _reform(scenario: Scenario, policy: Policy) -> Scenario:
    scenario, policy = apart(scenario, policy)
    if not policy.changes and not policy.move:
        if scenario._written is None:
            source_of(scenario)  # which refuses what is wrong
        return scenario
    source = _changed(scenario, policy)
    try:
        after = build_from(source, scenario.folder)
    except InputError as error:
        raise blamed(error, scenario, policy) from None
    if policy.since is not None:
        after._earlier = _earlier(scenario, policy, policy.since)
    return after


def _earlier(scenario: Scenario, policy: Policy, since: int | dt.date) -> tuple[int, dict[str, Any]] | None:
    """The number of the first year under a policy, and the blocks by which those before it are judged."""
    for path in policy.changes:
        if path.split(".")[0] not in JUDGED:
            message = f"'{path}' changes the work, and a policy that does holds from the start"
            remedy = f"With 'from' change {', '.join(JUDGED)}; docs/offices.md says how to do it otherwise"
            raise _error(policy, message, ("changes", path), remedy)
    if policy.move:
        message = "people who move do so from the start"
        raise _error(policy, message, ("move",), "Leave 'from' out, or write the move in a policy of its own")
    try:
        number = first_year(scenario, since)
    except InputError as error:
        raise _error(policy, error.message, ("from",), error.remedy) from None
    return (number, {block: getattr(scenario, block) for block in JUDGED}) if number else None


def _changed(scenario: Scenario, policy: Policy) -> Source:
    """What the scenario says under a policy, whose paths and moves are checked, but not yet its values."""
    start = source_of(scenario)
    data = copy.deepcopy(start.data)
    evidence = dict(start.evidence)
    _forget({tuple(dotted_path.split(".")) for dotted_path in policy.changes}, evidence)
    for dotted_path, value in policy.changes.items():
        path = tuple(dotted_path.split("."))
        _check_path(start.data, policy, path, dotted_path)
        _set(data, path, copy.deepcopy(value))
        if policy.source is not None:
            _carry_over(path, dotted_path, policy.source, evidence)
    weigh(data, [tuple(dotted_path.split(".")) for dotted_path in policy.changes])
    _check_moves(policy)
    _move(scenario, policy, data, evidence)
    return Source(start.file, data, dict(start.lines), evidence)


def _check_moves(policy: Policy) -> None:
    """Refuse to set how many people a group has, or who, while people move from it or to it."""
    for group in (group for move in policy.move for group in (move.origin, move.to)):
        own = f"staff.{group}"
        for path in policy.changes:
            if path in ("staff", own) or f"{path}.".startswith((f"{own}.count.", f"{own}.names.")):
                message = f"'{path}' says who is in '{group}', and people move from it or to it"
                raise _error(policy, message, ("changes", path), "Write the move or the change, not both")


def _move(scenario: Scenario, policy: Policy, data: Any, evidence: dict[Path_, Evidence]) -> None:
    try:
        found = list(entries(scenario, policy.move))
    except InputError as error:
        raise _error(policy, error.message, ("move", *str(error.path).split(".")), error.remedy) from None
    for group, said in found:
        for name, value in said.items():
            _set(data, ("staff", group, name), value)
            _forget({("staff", group, name)}, evidence)


def _check_path(whole: Any, policy: Policy, path: Path_, dotted_path: str) -> None:
    """Refuse a path that leads nowhere, that names the scenario itself, or lies inside another change."""
    data: Any = whole
    for length, part in enumerate(path):
        if isinstance(data, dict) and part in data:  # what stands there has passed the schema
            data = data[part]
            continue
        here = ".".join(path[:length])
        known: list[str] = []  # under a single value
        if data is None or isinstance(data, dict):
            known = fields_at(Scenario, path[:length], whole)
        elif isinstance(data, list | tuple):
            known = [str(number) for number in range(len(data))]
        is_new = (
            known and is_item(path) and length == len(path) - 1 and policy.changes[dotted_path] is not None
        )
        if part not in known and not is_new:
            remedy = nearest(".".join(path[: length + 1]), (f"{here}.{name}".lstrip(".") for name in known))
            if not known:
                remedy = f"Nothing stands inside '{here}' that could be changed alone; change it as a whole"
            remedy = elsewhere(dotted_path) or see(remedy, here)
            raise _error(policy, f"unknown parameter '{dotted_path}'", ("changes", dotted_path), remedy)
        data = down(data, part)
    if path[0] in ("format", "title", "description", "currency"):
        remedy = "Change rules, staff, demand or calendars"
        raise _error(policy, f"a policy cannot change '{path[0]}'", ("changes", dotted_path), remedy)
    for length in range(1, len(path)):
        if (outer := ".".join(path[:length])) in policy.changes:
            message = f"'{dotted_path}' lies inside '{outer}', which the policy changes too"
            raise _error(policy, message, ("changes", dotted_path), "Write one of the two")


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


def _carry_over(path: Path_, dotted_path: str, file: Source, evidence: dict[Path_, Evidence]) -> None:
    """What the scenario said of a replaced path no longer holds; what the policy file says does."""
    _forget({path}, evidence)
    prefix = ("changes", dotted_path)
    for known, found in file.evidence.items():
        if known[:2] == prefix:
            evidence[(*path, *known[2:])] = found


def _forget(paths: set[Path_], evidence: dict[Path_, Evidence]) -> None:
    """Drop the evidence at and below the paths, in one pass: a point of a fitted scenario has thousands."""
    under = [known for known in evidence if any(known[:size] in paths for size in range(1, len(known) + 1))]
    for known in under:
        del evidence[known]


def _error(policy: Policy, message: str, path: Path_, remedy: str | None = None) -> InputError:
    """Told at the line of the change or move in the policy file, or of the policy's name where it is in no
    file."""
    if policy.source is not None:
        return policy.source.error(message, path, remedy)
    return InputError(f"policy '{policy.name}': {message}", path=dotted(path), remedy=remedy)


def blamed(error: InputError, scenario: Scenario, policy: Policy) -> InputError:
    """A complaint of the reformed scenario, told at the line of the change or the move that caused it."""
    guilty = _guilty(error, *apart(scenario, policy))
    wrong = f"'{error.path}'"
    if error.file != scenario.source.file:  # a table
        wrong = f"{error.file}:{error.line}" + (f" ({error.path})" if error.path else "")
    where = "" if error.path == guilty[-1] else f"with this {guilty[0].rstrip('s')} {wrong} is wrong: "
    return _error(policy, where + error.message, guilty, error.remedy)


def _guilty(error: InputError, scenario: Scenario, policy: Policy) -> Path_:
    """The change or move that the complaint is about, else the first that cannot stand alone."""
    parts = dict(_parts(policy))
    if len(parts) == 1:
        return next(iter(parts))
    for path in policy.changes:
        if f"{error.path}.".startswith(f"{path}."):
            return "changes", path
    for place, part in parts.items():
        try:
            build_from(_changed(scenario, part), scenario.folder)
        except InputError:
            return place
    return ("changes" if policy.changes else "move",)


def _parts(policy: Policy) -> Iterator[tuple[Path_, Policy]]:
    """Each change alone, and each move after those before it."""
    for path, value in policy.changes.items():
        yield ("changes", path), replace(policy, changes={path: value}, move=())
    for number in range(len(policy.move)):
        yield ("move", str(number)), replace(policy, changes={}, move=policy.move[: number + 1])
