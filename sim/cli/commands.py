"""Gather the commands, a module for each thing a user does.

Commands import rooms inside, so that ``sim --help`` is quick.
"""

from . import calibrate, check, compare, dashboard, evaluate, lab, logs, look_up, make, report, run
from .app import Commands, app

__all__ = [
    "Commands",
    "app",
    "calibrate",
    "check",
    "compare",
    "dashboard",
    "evaluate",
    "lab",
    "logs",
    "look_up",
    "make",
    "report",
    "run",
]
