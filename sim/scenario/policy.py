"""A policy: a short list of changes to a scenario, by dotted path, and of people who move, with a title and a
reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, Strict

from .errors import InputError, nearest
from .folders import checked_name, not_linked_away
from .mistakes import validate
from .move import Move
from .part import Part, Text, key
from .schema import Scenario
from .shown import Shown, listed
from .since import Since, marked
from .source import Source, read_yaml

CURRENT = "current"  # the policy that changes nothing: the scenario as it stands
TRIED = "what-if"  # the name of a policy that is given as changes
FORMAT = "jingxi-policy/1"


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
