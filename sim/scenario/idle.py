"""Find changes of a policy that certainly have no effect, with the reason.

A change is judged with all others of the policy made, so that two which only work together both count.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from sim.cache import LruCache

from .calendar import calendar_of
from .careers import Careers
from .errors import InputError
from .move import entries
from .no_effect import MOST_CHANGE, NO_YEAR_BEFORE
from .no_effect_at_desks import without_effect_at_desks
from .paths import down
from .policy import Policy, PolicyLike, load_policy
from .reform import KEPT, apart, reform
from .schema import Scenario

# The blocks whose numbers nobody reads while their switch is off; of `behaviour` one part reads another's.
_SWITCHED = (
    "service_rules",
    "frictions",
    "departments",
    "satisfaction",
    "projects",
    "assessment",
    "pay",
    "competence",
    "careers",
    "study",
    "practice",
)


def changes_nothing(scenario: Scenario, policy: PolicyLike, *, replayed: bool = False) -> dict[str, str]:
    """Return the changes of a policy without effect, by dotted path (``move`` for all moves), with reasons.

    `replayed` says that requests come from a table, which may hold any kind.
    """
    scenario, policy = apart(scenario, load_policy(scenario, policy))
    after = reform(scenario, policy)
    blocks = {path.split(".")[0] for path in policy.changes}
    before_data, after_data = (
        one.model_dump(mode="json", warnings=False, include=blocks) for one in (scenario, after)
    )
    found: dict[str, str] = {}
    for dotted_path in policy.changes:
        path = dotted_path.split(".")
        if _same(_at(before_data, path), _at(after_data, path)):
            found[dotted_path] = "it is so already"
        elif why := next(_reasons(scenario, after, policy, path, replayed), None):
            found[dotted_path] = why
    if policy.move and not list(entries(scenario, policy.move)):
        found["move"] = "all are where they were"
    return found


class NoEffect(UserWarning):
    """A change of a policy that has no effect."""


_told: LruCache[tuple[Scenario, dict[str, str]]] = LruCache(KEPT)  # as `sim.scenario.reform` keeps reforms


def tell_idle(scenario: Scenario, policy: Policy, *, replayed: bool = False, stacklevel: int = 3) -> None:
    """Warn of the changes that have no effect (`NoEffect`)."""
    key = (id(scenario), scenario.state(), policy.state(), replayed)
    found = _told.get(key, lambda: (scenario, changes_nothing(scenario, policy, replayed=replayed)))[1]
    for path, why in found.items():
        message = f"policy '{policy.name}': '{path}' has no effect: {why}"
        warnings.warn(message, NoEffect, stacklevel=stacklevel)


def _reasons(
    before: Scenario, after: Scenario, policy: Policy, path: list[str], replayed: bool
) -> Iterator[str]:
    if switch := _off(before, after, path):
        yield f"{switch}.on is false"
    if path[0] == "calendar" and _same_days(before, after, policy, ".".join(path)):
        yield "no working day and no hour changes"
    if tuple(path) == MOST_CHANGE and before.horizon.one_year and after.horizon.one_year:
        yield NO_YEAR_BEFORE
    for at_desk, why in without_effect_at_desks(after):
        if at_desk == tuple(path):
            yield why
    for blocks, idle, why in _BY_CAREERS:
        if ".".join(path).startswith(blocks) and idle(before.careers) and idle(after.careers):
            yield why
    for block, unused, why in _UNUSED:
        if path[0] != block or len(path) == 1 or (replayed and block == "kinds"):
            continue
        if all(path[1] in getattr(one, block) and unused(one, path[1]) for one in (before, after)):
            yield why


def _off(before: Scenario, after: Scenario, path: list[str]) -> str | None:
    """Return the switched-off block around a path, or at it; with its switch the path itself counts."""
    if path[0] not in _SWITCHED or path[-1] == "on":
        return None
    for length in range(1, len(path) + 1):
        there = path[:length]
        inside = length < len(path)
        if all(_switch(one, there) is False for one in ((after,) if inside else (before, after))):
            return ".".join(there)
    return None


def _switch(scenario: Scenario, path: list[str]) -> bool | None:
    here: Any = scenario
    for part in path:
        here = getattr(here, part, None)
    return here.on if "on" in getattr(type(here), "model_fields", ()) else None  # a switch, not a summary


def _same_days(before: Scenario, after: Scenario, policy: Policy, path: str) -> bool:
    """Whether days and hours are the same with and without the change, alone and among the others."""
    try:
        others = {other: value for other, value in policy.changes.items() if other != path}
        alone = reform(before, replace(policy, changes={path: policy.changes[path]}, move=()))
        without = reform(before, replace(policy, changes=others))
        return _equal_days(before, alone) and _equal_days(without, after)
    except InputError:  # the one does not stand without the other
        return False


def _equal_days(one: Scenario, other: Scenario) -> bool:
    if one.calendar.week != other.calendar.week:
        return False
    mine, theirs = calendar_of(one), calendar_of(other)
    if (mine.first, mine.days) != (theirs.first, theirs.days):
        return False
    if _bytes(mine.clock_hours) != _bytes(theirs.clock_hours):
        return False
    same = np.array_equal(mine.working, theirs.working)
    return same and np.array_equal(mine.weekday[mine.working], theirs.weekday[theirs.working])


def _bytes(numbers: np.ndarray | None) -> bytes:
    return b"" if numbers is None else numbers.tobytes()


def _no_demand(scenario: Scenario, kind: str) -> bool:
    demand = scenario.demand.get(kind)
    if scenario.replay is not None:
        return False
    return demand is None or not demand.scale or (demand.rates is None and not any(demand.volumes.values()))


_UNUSED = (
    (
        "unit_types",
        lambda scenario, name: all(unit.type != name for unit in scenario.units.values()),
        "no unit is of this type",
    ),
    ("kinds", _no_demand, "no request of this kind comes"),
    (
        "grades",
        lambda scenario, name: not any(one.count for one in scenario.staff.values() if one.grade == name),
        "nobody has this grade",
    ),
    ("staff", lambda scenario, name: scenario.staff[name].count == 0, "nobody is in this group"),
)


_WORTH = "behaviour.responsive.careers."
_BY_CAREERS: tuple[tuple[tuple[str, ...], Callable[[Careers], bool], str], ...] = (
    (
        ("careers.record",),
        lambda careers: not careers.by_record,
        "careers.ladders.on and careers.commendations.on are false",
    ),
    (
        (f"{_WORTH}to_head", f"{_WORTH}to_city"),
        lambda careers: not (careers.on and careers.ladders.on),
        "careers.ladders.on is false",
    ),
    (
        (f"{_WORTH}promotion",),
        lambda careers: careers.on and careers.ladders.on,
        "with careers.ladders a promotion is worth to_head and to_city, times its chance",
    ),
)


def _at(data: Any, path: list[str]) -> Any:
    for part in path:
        data = down(data, part)
    return data


def _same(one: Any, other: Any) -> bool:
    """Return whether two values are equal, also in order: that of people and steps counts."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(_same(one[key], other[key]) for key in one)
    return one == other
