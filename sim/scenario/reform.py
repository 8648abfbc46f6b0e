"""Apply a policy to a scenario; a complaint is told at the line of the change or the move that caused it."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sim.cache import LruCache

from .errors import InputError, nearest, see
from .items import is_item, weigh
from .load import build_from
from .move import entries
from .paths import copied, down, fields_at
from .policy import CURRENT, Policy, PolicyLike, load_policy
from .renamed import elsewhere
from .schema import Scenario
from .since import JUDGED, first_year
from .source import Evidence, Path_, Source, dotted
from .state import source_of

KEPT = 256  # reforms remembered, since a study asks for the same ones in every replication

# By a scenario's id, which stays its own as long as the scenario is kept here, all that it says (it may be
# changed in code), and all that a policy says.
reformed: LruCache[tuple[Scenario, Scenario]] = LruCache(KEPT)


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
    return _known(scenario, scenario.state(), load_policy(scenario, policy))


def _known(scenario: Scenario, said: bytes, policy: Policy) -> Scenario:
    """Apply a policy to a scenario that says this now (`Scenario.state`)."""
    key = (id(scenario), said, policy.state())
    return reformed.get(key, lambda: (scenario, _reform(scenario, said, policy)))[1]


def made_upon(policy: Policy, baseline: Policy) -> Policy:
    """A policy as a change of the baseline with which it is compared; ``current`` is always the scenario as
    it stands."""
    if policy.name in (CURRENT, baseline.name) or policy.upon or not (baseline.changes or baseline.move):
        return policy
    return replace(policy, upon=baseline)


def apart(scenario: Scenario, policy: Policy) -> tuple[Scenario, Policy]:
    """The scenario that a policy changes, under the one `upon` which it is made, and the policy alone."""
    return _apart(scenario, scenario.state(), policy)


def _apart(scenario: Scenario, said: bytes, policy: Policy) -> tuple[Scenario, Policy]:
    if policy.upon is None:
        return scenario, policy
    before = _known(scenario, said, policy.upon)
    if before._earlier is not None:
        message = f"'{policy.upon.name}' begins later, so no other policy can be made upon it"
        raise _error(policy, message, ("from",), "Compare with a policy that holds from the start")
    return before, replace(policy, upon=None)


def _reform(scenario: Scenario, said: bytes, policy: Policy) -> Scenario:
    if policy.upon is not None:
        before, alone = _apart(scenario, said, policy)
        return _known(before, before.state(), alone)  # cached for those who ask for the policy alone, too
    if not policy.changes and not policy.move:
        if scenario._written is None:
            source_of(scenario, said)  # which refuses what is wrong
        return scenario
    source = _changed(scenario, said, policy)
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


def _changed(scenario: Scenario, said: bytes, policy: Policy) -> Source:
    """What the scenario says under a policy, whose paths and moves are checked, but not yet its values."""
    start = source_of(scenario, said)
    data = copied(start.data)
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
    said = scenario.state()
    for place, part in parts.items():
        try:
            build_from(_changed(scenario, said, part), scenario.folder)
        except InputError:
            return place
    return ("changes" if policy.changes else "move",)


def _parts(policy: Policy) -> Iterator[tuple[Path_, Policy]]:
    """Each change alone, and each move after those before it."""
    for path, value in policy.changes.items():
        yield ("changes", path), replace(policy, changes={path: value}, move=())
    for number in range(len(policy.move)):
        yield ("move", str(number)), replace(policy, changes={}, move=policy.move[: number + 1])
