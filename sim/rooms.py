"""List the rooms (layers) of the package. Tests check README, CONTRIBUTING and the imports against this
list.

A room is a folder or a module under `sim`. It imports only from the rooms before it.
"""

from __future__ import annotations

MAKERS = ("cache", "jit", "scenario", "world", "flow", "rules", "behaviour", "replication")
"""The rooms that make a result: its name holds a hash of their code."""

READERS = ("rooms", "spawn", "evaluate", "study", "report", "cli")
"""The rooms that ask for results and read them: no result depends on their code."""

ROOMS = (READERS[0], *MAKERS, *READERS[1:])
