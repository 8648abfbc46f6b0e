"""The public names in the order of the page, each with its members."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .sections import Docstring, parsed

# Each where a user imports it from. A longer path is that of a class which a function of `sim` returns.
GROUPS: dict[str, tuple[str, ...]] = {
    "Scenarios and policies": (
        "sim.load",
        "sim.build",
        "sim.Scenario",
        "sim.load_policy",
        "sim.Policy",
        "sim.reform",
        "sim.catalogue",
        "sim.scenario.parameters.Parameter",
    ),
    "One replication": ("sim.simulate", "sim.Result"),
    "Many replications": ("sim.study", "sim.Study"),
    "Trials in memory": (
        "sim.what_if",
        "sim.study.what_if.WhatIf",
        "sim.budget_neutral",
        "sim.study.neutral.Neutral",
    ),
    "What a rule asks of an office": ("sim.asked", "sim.evaluate.asked.Asked", "sim.draw_asked"),
    "Pay schedules at equal cost": (
        "sim.studio",
        "sim.study.studio.Studio",
        "sim.resimulate",
        "sim.best_schedule",
        "sim.study.schedule_search.BestSchedule",
        "sim.draw_studio",
    ),
    "Search": ("sim.search", "sim.study.search.Found"),
    "Evaluator's sandbox": ("sim.sandbox", "sim.study.sandbox.Sandbox", "sim.draw_sandbox"),
    "Errors": ("sim.InputError",),
}
_ROOM = "sim.study"  # a package that may be called like its main function


@dataclass(frozen=True)
class Entry:
    """A public name: ``path`` to import it, ``title`` on the page, ``kind`` and the object."""

    path: str
    title: str
    kind: str  # function, class, method or property
    object: Any

    @cached_property
    def doc(self) -> Docstring:
        """Its docstring, in sections."""
        return parsed(inspect.getdoc(self.object) or "")

    @property
    def members(self) -> list[Entry]:
        """The public methods and properties of a class, in the order of its code; then those of its parts."""
        found: dict[str, Entry] = {}
        for part in inspect.getmro(self.object) if self.kind == "class" else ():
            for name, member in vars(part).items() if part.__module__.startswith("sim.") else ():
                kind = _kind(part, name, member)
                if kind and name not in found:
                    one = member if kind == "property" else getattr(self.object, name)
                    found[name] = Entry(f"{self.path}.{name}", f"{self.title}.{name}", kind, one)
        return list(found.values())


def _kind(of: type, name: str, member: Any) -> str:
    """What a member is; "" for a field, a private name, and what a library has added to the class."""
    if name.startswith("_"):
        return ""
    if isinstance(member, property | cached_property):
        return "property"
    function = member.__func__ if isinstance(member, classmethod | staticmethod) else member
    own = inspect.isfunction(function) and function.__qualname__ == f"{of.__qualname__}.{name}"
    return "method" if own else ""


def entry(path: str) -> Entry:
    """The entry of a function or class, by its path."""
    module, _, name = path.rpartition(".")
    found = getattr(importlib.import_module(module), name)
    if path == _ROOM:
        found = found.study
    if inspect.isclass(found):
        return Entry(path, name, "class", found)
    return Entry(path, path, "function", found)


def entries() -> Iterator[Entry]:
    """All functions and classes, each class followed by its members."""
    for paths in GROUPS.values():
        for path in paths:
            found = entry(path)
            yield found
            yield from found.members
