"""People move from one staff group to another: heads are conserved, and everybody keeps their name.

Whoever moves becomes one of the new group: its unit, role, grade and pay, skills and hours. The name decides
a person's luck (leave, training), which stays the same wherever they work.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import model_validator

from .check import people_of
from .errors import InputError, nearest
from .organisation import PersonName, Staff
from .part import DEFINITION, Name, Part, Whole, key, param
from .schema import Scenario


class Move(Part):
    """``{from: group, to: group, people: 1}``: so many people, the last ones of the group; or ``names:``,
    just these."""

    origin: Name = key("the staff group that people leave", "调出人员组", alias="from")
    to: Name = key("the staff group that they join", "调入人员组")
    people: Whole | None = param(
        "people who move", "调动人数", unit="people", source=DEFINITION, default=None, ge=1, le=500
    )
    names: tuple[PersonName, ...] = key("who moves, by name", "调动人员姓名", default=())

    @model_validator(mode="after")
    def _who(self):
        if (self.people is None) == (not self.names):
            raise ValueError("give how many people move, or their names; write people: 1, or names: […]")
        if len(set(self.names)) < len(self.names):
            raise ValueError("a name stands twice; name everybody once")
        return self

    @property
    def heads(self) -> int:
        """How many people move."""
        return self.people if self.people is not None else len(self.names)


def entries(scenario: Scenario, moves: Sequence[Move]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return the new ``count`` and ``names`` of each group that differs after the moves, made in order.

    Raises InputError for a move that cannot be; its ``path`` is the move's number and key.
    """
    for group, people in _moved(scenario, moves).items():
        staff = scenario.staff[group]
        if people != _people(group, staff):
            usual = people == people_of(group, len(people), ()) and not staff.names
            names = () if usual else (*people, *staff.names[staff.count :])  # the spare ones last
            yield group, {"count": len(people), "names": list(names)}


def _moved(scenario: Scenario, moves: Sequence[Move]) -> dict[str, list[str]]:
    """Return the people of each group that is moved from or to, in order."""
    people: dict[str, list[str]] = {}
    for number, move in enumerate(moves):
        for side, group in (("from", move.origin), ("to", move.to)):
            if group not in scenario.staff:
                remedy = nearest(group, scenario.staff)
                raise InputError(f"unknown staff group '{group}'", path=f"{number}.{side}", remedy=remedy)
            people.setdefault(group, _people(group, scenario.staff[group]))
        if move.origin == move.to:
            message = f"the move leads from '{move.to}' to itself"
            raise InputError(message, path=f"{number}.to", remedy="Name another group")
        for name in _leaving(move, people[move.origin], number):
            people[move.origin].remove(name)
            people[move.to].append(name)
    return people


def _people(group: str, staff: Staff) -> list[str]:
    return people_of(group, staff.count, staff.names)


def _leaving(move: Move, there: list[str], number: int) -> list[str]:
    if move.names:
        for place, name in enumerate(move.names):
            if name not in there:
                message, path = f"'{name}' is not one of '{move.origin}'", f"{number}.names.{place}"
                raise InputError(message, path=path, remedy=nearest(name, there))
        return list(move.names)
    if move.heads > len(there):
        has = {0: "nobody", 1: "1 person"}.get(len(there), f"{len(there)} people")
        remedy = f"Move {len(there)} at most" if there else "Move people from another group"
        raise InputError(
            f"'{move.origin}' has {has}, and {move.heads} are to move", path=f"{number}.people", remedy=remedy
        )
    return there[-move.heads :]
