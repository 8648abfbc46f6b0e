"""Jingxi 精细: a workbench that simulates how incentive rules change a local government's service.

::

    import sim

    binhai = sim.load("binhai")                                 # a scenario, checked
    result = sim.simulate(binhai, policy="smooth-pay", seed=7)  # one replication
    study = sim.study("incentive-schemes").run()                # many, kept on disk
    study.compare("smooth-pay")                                 # paired differences with intervals

Nothing heavy is imported before one of these is used.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

__version__ = "0.1.0"

_ROOM_OF = {
    "InputError": "sim.scenario",
    "Policy": "sim.scenario",
    "Scenario": "sim.scenario",
    "build": "sim.scenario",
    "load": "sim.scenario",
    "load_policy": "sim.scenario",
    "reform": "sim.scenario",
    "budget_neutral": "sim.neutral",
    "catalogue": "sim.scenario.parameters",
    "Study": "sim.study",
}
_DOORS = ("simulate", "study", "what_if")  # a module and its main function share the name

__all__ = [*_ROOM_OF, *_DOORS, "__version__"]


class _Door(ModuleType):
    """A module that may be called as its main function: ``sim.study(…)`` is ``sim.study.study(…)``."""

    def __call__(self, *args: Any, **options: Any) -> Any:
        return getattr(self, self.__name__.rpartition(".")[2])(*args, **options)


class _Face(ModuleType):
    """The package: what it shows is imported when first asked for, and its doors can be called.

    Python sets a submodule as an attribute of its package whenever it is imported, by whomever; that is
    where the doors are made, so that ``sim.study`` is the same thing whatever was imported before.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _DOORS and type(value) is ModuleType:
            value.__class__ = _Door
        super().__setattr__(name, value)


def __getattr__(name: str) -> Any:
    if name in _DOORS:
        return importlib.import_module(f"sim.{name}")
    if name in _ROOM_OF:
        return getattr(importlib.import_module(_ROOM_OF[name]), name)
    raise AttributeError(f"module 'sim' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


sys.modules[__name__].__class__ = _Face
