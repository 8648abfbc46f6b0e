"""The flow of requests through offices. The model is tables; an executor advances them to a given time.

`build` makes an executor's tables from a world. `SimpyFlow` is the reference executor; `CompiledFlow` gives
the same rows many times faster. `executor` finds either by the name that a study gives. `record` and `hours`
turn an executor's trace into named tables.
"""

from __future__ import annotations

from . import record
from .executors import ENGINES, Executor, executor, prepare
from .hours import HandsOn, Timesheet, hours
from .tables import Bureau, Tables, build, rostered
from .trace import Trace

__all__ = [
    "ENGINES",
    "Bureau",
    "HandsOn",
    "Tables",
    "Timesheet",
    "Trace",
    "build",
    "Executor",
    "executor",
    "hours",
    "prepare",
    "record",
    "rostered",
]
