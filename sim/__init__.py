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

_PUBLIC = {
    "InputError": "sim.scenario",
    "Policy": "sim.scenario",
    "Scenario": "sim.scenario",
    "build": "sim.scenario",
    "load": "sim.scenario",
    "load_policy": "sim.scenario",
    "reform": "sim.scenario",
    "catalogue": "sim.scenario.parameters",
    "Result": "sim.replication",
    "simulate": "sim.replication",
    "Study": "sim.study",
    "what_if": "sim.study.what_if",
    "budget_neutral": "sim.study.neutral",
    "studio": "sim.study.studio",
    "resimulate": "sim.study.studio",
    "best_schedule": "sim.study.schedule_search",
    "sandbox": "sim.study.sandbox",
    "search": "sim.study.search",
    "asked": "sim.evaluate.asked",
    "draw_asked": "sim.report.asked",
    "draw_studio": "sim.report.design_figures",
    "draw_sandbox": "sim.report.design_figures",
}
_STUDY = "study"  # the room's name and that of its main function

__all__ = [*_PUBLIC, _STUDY, "__version__"]


class _CallableRoom(ModuleType):
    """The room of studies, which may be called: ``sim.study(…)`` is ``sim.study.study(…)``."""

    def __call__(self, *args: Any, **options: Any) -> Any:
        return self.study(*args, **options)


class _Package(ModuleType):
    """The package: a public name is imported when it is first asked for.

    Python sets a submodule as an attribute of its package whenever it is imported, by whomever. There the
    room of studies is made callable, so that ``sim.study`` is the same whatever was imported before.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if name == _STUDY and type(value) is ModuleType:
            value.__class__ = _CallableRoom
        super().__setattr__(name, value)


def __getattr__(name: str) -> Any:
    if name == _STUDY:
        return importlib.import_module(f"sim.{name}")
    if name in _PUBLIC:
        return getattr(importlib.import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'sim' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


sys.modules[__name__].__class__ = _Package
