"""The plausible space of a scenario: each assumed number with a range, and how a point of it is written.

A point is (d,) numbers in [0, 1]; 0.5 is the value as given, 0 and 1 are the ends of its range. Half of the
space lies under a value and half over it, so the value is the median of what is plausible.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from sim.scenario.errors import InputError
from sim.scenario.items import is_item
from sim.scenario.part import Text, card_of
from sim.scenario.paths import copied, field_at, options
from sim.scenario.policy import Policy
from sim.scenario.reform import reform
from sim.scenario.schema import Scenario
from sim.scenario.source import Evidence, Path_, Source
from sim.scenario.state import source_of

POINT = Text(en="A point of the plausible space", zh="可信范围内的一点")
_PLAIN = frozenset({"1", "-"})  # units of shares and choices
_ORDINAL = frozenset({"month", "week", "grade", "times", "stages"})  # twice of it means nothing
_LIMITS = ("limit", "statutory_limit")
_WEIGHTS = frozenset({"months", "weekdays", "hours"})  # of a profile: their scale means nothing


@dataclass(frozen=True)
class Dimension:
    """An assumed number that may have another value, or a block of numbers that vary by one factor.

    path : where it stands in the scenario. value, low, high : as given, and the ends of its range; of a
    factor 1 and its bounds. factor : whether it is one.
    """

    path: Path_
    value: float
    low: float
    high: float
    factor: bool = False

    @property
    def name(self) -> str:
        """The dotted path."""
        return ".".join(self.path)

    @property
    def group(self) -> str:
        """The scenario's own block in which it stands."""
        return self.path[0]

    def at(self, place: float) -> float:
        """Return the value at a place in [0, 1]; 0.5 is the value as given."""
        if place <= 0.5:
            return self.low + 2 * place * (self.value - self.low)
        return self.value + (2 * place - 1) * (self.high - self.value)

    def place(self, value: float) -> float:
        """Return the place in [0, 1] of a value between `low` and `high`."""
        if value == self.value:
            return 0.5
        if value < self.value:
            return (value - self.low) / (self.value - self.low) / 2
        return 0.5 + (value - self.value) / (self.high - self.value) / 2


class Plausible:
    """The plausible space of a scenario under a baseline.

    Attributes
    ----------
    dimensions : tuple of Dimension, (d,), in the order of the scenario.
    groups : dict of str to array of int, the dimensions of each of the scenario's blocks.
    unvaried : tuple of str, paths of assumed numbers without a range: they stay as they are.
    """

    def __init__(self, scenario: Scenario, baseline: Policy) -> None:
        self.scenario, self.baseline = scenario, baseline
        self._source = source_of(reform(scenario, baseline))
        self._own = source_of(scenario).data
        self._changed = [tuple(path.split(".")) for path in baseline.changes]
        found = list(self._dimensions())
        self.dimensions = tuple(found)
        names = [dimension.group for dimension in found]
        self.groups = {
            group: np.flatnonzero([name == group for name in names]) for group in dict.fromkeys(names)
        }
        self.unvaried = tuple(
            ".".join(path)
            for path, one in self._source.evidence.items()
            if one.assumed and not _bounds(one) and _is_number(_at(self._source.data, path))
        )

    def _dimensions(self) -> Iterator[Dimension]:
        for path, one in self._source.evidence.items():
            bounds = _bounds(one)
            if not (one.assumed or one.fitted) or bounds is None:
                continue
            factor = one.factor is not None
            value = 1.0 if factor else float(self._value(path))
            if bounds[0] < bounds[1] and (not factor or self._leaves(path)):
                yield Dimension(path, value, *bounds, factor=factor)

    def _by_baseline(self, path: Path_) -> bool:
        """Return whether the baseline gives the number at a path."""
        return any(path[: len(changed)] == changed for changed in self._changed)

    def _value(self, path: Path_) -> Any:
        """Return what the baseline, else the scenario, says at a path, before points are shared out anew."""
        return _at(self._source.data if self._by_baseline(path) else self._own, path)

    def policies(self, name: str, point: np.ndarray) -> tuple[Policy, Policy]:
        """Return what makes the scenario that of a point (d,), and the baseline upon it, called ``name``."""
        own: dict[str, Any] = {}
        changes = copied(self.baseline.changes)
        moved = [
            written
            for dimension, place in zip(self.dimensions, point, strict=True)
            if place != 0.5
            for written in self._values(dimension, float(dimension.at(place)))
        ]
        for path, value in self._summing_to_one(moved):
            if self._by_baseline(path):
                _write(changes, path, value)
            else:
                own[".".join(path)] = value
        there = Policy(f"{name}-scenario", POINT, POINT, own)
        return there, replace(self.baseline, name=name, changes=changes, source=None, upon=there)

    def _summing_to_one(self, moved: Iterable[tuple[Path_, Any]]) -> Iterator[tuple[Path_, Any]]:
        """Return the numbers as given, but probabilities of a branch all together, scaled to sum to 1."""
        branches: dict[Path_, dict[str, float]] = {}
        for path, value in moved:
            if _is_probability(path):
                branches.setdefault(path[:-1], dict(self._value(path[:-1])))[path[-1]] = value
            else:
                yield path, value
        for path, chances in branches.items():
            total = sum(chances.values())
            for name, chance in chances.items():
                yield (*path, name), chance / total

    @property
    def written(self) -> list[Path_]:
        """The paths of all numbers that vary, those that a block's factor multiplies one by one."""
        return [path for one in self.dimensions for path, _ in self._values(one, one.value)]

    def refused(self, point: np.ndarray) -> InputError | None:
        """Return why the scenario cannot be as a point (d,) has it; None where it can."""
        try:
            _, baseline = self.policies("point", point)
            reform(self.scenario, baseline)
        except InputError as error:
            return error
        return None

    def _values(self, dimension: Dimension, value: float) -> Iterator[tuple[Path_, Any]]:
        """Return the numbers that a dimension writes, each with its path."""
        for path, number, whole in self._numbers_of[dimension.path]:
            if isinstance(number, list):  # weights: a sharper or a flatter profile
                yield path, [float(weight) ** value for weight in number]
            else:
                yield path, round(number * value) if whole else number * value

    @cached_property
    def _numbers_of(self) -> dict[Path_, list[tuple[Path_, Any, bool]]]:
        """By dimension: the paths that it writes, what its value multiplies there, and if that is whole."""
        return {
            one.path: [
                (path, number, not isinstance(number, list) and _is_whole(self._source, path))
                for path, number in (self._leaves(one.path) if one.factor else [(one.path, 1)])
            ]
            for one in self.dimensions
        }

    def _leaves(self, block: Path_) -> list[tuple[Path_, Any]]:
        """Return the numbers of a block that its factor multiplies, with their paths.

        They are those with a unit, or all where none has one. What has evidence of its own varies by that.
        """
        other = [path for path in self._source.evidence if len(path) > len(block)]
        found = [
            (path, self._value(path), unit)
            for path, unit in _numbers(self._source, block)
            if unit not in _ORDINAL
            and not (is_item(path[:-1]) and path[-1] == "points")  # they sum to 100
            and not any(path[: len(own)] == own for own in other)
        ]
        sized = [one for one in found if one[2] not in _PLAIN]
        return [(path, value) for path, value, _ in sized or found]


def _is_probability(path: Path_) -> bool:
    """Return whether a path names the probability of a branch in a route."""
    return len(path) == 6 and (path[0], path[2], path[4]) == ("kinds", "route", "to")


def _bounds(one: Evidence) -> tuple[float, float] | None:
    return one.factor or one.range


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _at(data: Any, path: Path_) -> Any:
    for part in path:
        data = data[int(part)] if isinstance(data, list | tuple) else data[part]
    return data


def _numbers(source: Source, path: Path_) -> Iterator[tuple[Path_, str]]:
    """Return the paths of the numbers under a path, and their units; a list of weights counts as one."""
    data = _at(source.data, path)
    if isinstance(data, dict):
        for key in data:
            yield from _numbers(source, (*path, key))
    elif isinstance(data, list) and path[-1] in _WEIGHTS:
        yield path, "1"
    elif isinstance(data, list):
        for number in range(len(data)):
            yield from _numbers(source, (*path, str(number)))
    elif _is_number(data):
        yield path, _unit(source, path)


def _unit(source: Source, path: Path_) -> str:
    """Return the unit of a number: that of the nearest parameter around it."""
    for length in range(len(path), 0, -1):
        found = field_at(Scenario, path[:length], source.data)
        card = card_of(found) if hasattr(found, "json_schema_extra") else None
        if card is not None:
            return str(card["unit"])
    return "-"


def _is_whole(source: Source, path: Path_) -> bool:
    """Return whether only whole numbers may stand at a path. Limits in days do too."""
    if path[-1] == "amount" and (path[-2] in _LIMITS or path[-3] == "limits"):
        return True
    found = field_at(Scenario, path, source.data)
    annotation = found.annotation if hasattr(found, "annotation") and not isinstance(found, type) else found
    return int in options(annotation) and float not in options(annotation)


def _write(changes: dict[str, Any], path: Path_, value: Any) -> None:
    """Write a value into the changes of a policy, one of which leads to `path`."""
    for length in range(len(path), 0, -1):
        key = ".".join(path[:length])
        if key in changes:
            if length == len(path):
                changes[key] = value
                return
            data = changes[key]
            for part in path[length:-1]:
                data = data[int(part)] if isinstance(data, list) else data[part]
            data[int(path[-1]) if isinstance(data, list) else path[-1]] = value
            return
