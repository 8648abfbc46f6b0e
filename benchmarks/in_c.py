"""The network in C: `network.c`, compiled by gcc when it is asked for."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

from .network import Trips

SOURCE = Path(__file__).with_name("network.c")
COMMAND = ("gcc", "-O3", "-shared", "-fPIC")

Rows = dict[str, np.ndarray]


def available() -> bool:
    """Whether there is a gcc."""
    return shutil.which(COMMAND[0]) is not None


@cache
def _compiled() -> Callable[..., int]:
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "network.so"
        subprocess.run([*COMMAND, "-o", library, SOURCE], check=True)
        function = ctypes.CDLL(str(library)).run
    whole, number, rows = (
        np.ctypeslib.ndpointer(kind, dimensions, flags="C")
        for kind, dimensions in ((np.int64, 1), (np.int32, 1), (np.int64, 2))
    )
    count = ctypes.c_int64
    function.restype = count
    function.argtypes = [count, whole, whole, number, whole, count, whole, number, count, *[whole] * 5, rows]
    return function


def run(trips: Trips) -> Rows:
    """Columns of a `Trace` of the same names: by task, by request, and the segments of finished work."""
    function = _compiled()
    requests, tasks = len(trips.arrival_s), len(trips.work_s)
    rows = {name: np.full(tasks, -1, np.int64) for name in ("ready_s", "start_s", "end_s")}
    rows |= {name: np.full(requests, -1, np.int64) for name in ("first_start_s", "finish_s")}
    segments = np.empty((tasks, 4), np.int64)
    noted = function(
        requests,
        trips.arrival_s,
        trips.first_task,
        trips.pool,
        trips.work_s.astype(np.int64, copy=False),
        len(trips.servers),
        trips.first_of_staff,
        trips.staff,
        trips.end_s,
        *rows.values(),
        segments,
    )
    if noted < 0:
        raise MemoryError
    return rows | {"segments": segments[:noted]}
