"""List the rooms (layers) of the package. Tests check README, CONTRIBUTING and the imports against this
list.

A room is a folder or a module under `sim`. It imports only from the rooms before it.
"""

from __future__ import annotations

import hashlib
import platform
from importlib import metadata
from pathlib import Path

MAKERS = ("rooms", "cache", "jit", "scenario", "world", "flow", "rules", "behaviour", "replication")
"""The rooms that make a result: its name holds a hash of their code."""

READERS = ("spawn", "evaluate", "study", "report", "paper", "authoring", "logs", "dashboard", "cli")
"""The rooms that ask for results and read them: no result depends on their code."""

ROOMS = (*MAKERS, *READERS)

LIBRARIES = ("holidays", "numba", "numpy", "pandas", "scipy", "simpy")


def code_version() -> str:
    """Return a hash of the rooms that make a result, and of the versions of Python and its libraries.

    Python's too: its ``sum()`` of floats, for one, rounds otherwise from 3.12 on.
    """
    root = Path(__file__).resolve().parent
    digest = hashlib.blake2b(digest_size=16)
    for room in MAKERS:
        folder = root / room
        for file in sorted(folder.rglob("*.py")) if folder.is_dir() else [root / f"{room}.py"]:
            digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    digest.update(".".join(platform.python_version_tuple()[:2]).encode() + b"\0")
    for library in LIBRARIES:
        digest.update(f"{library} {metadata.version(library)}\0".encode())
    return digest.hexdigest()
