"""Start processes that compute or write reports for this one."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from multiprocessing import resource_tracker
from typing import Any

_THREADS = (  # one each for linear algebra: the other workers need the processors
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


@contextlib.contextmanager
def nursery() -> Iterator[Any]:
    """Yield the context in which workers start, each with one thread for linear algebra.

    On Linux a server imports the model once, with its machine code, and workers are forked from it: they
    begin at once and share that memory. Called early, the server comes up beside what else is imported.
    Elsewhere libraries of the system may not be forked; each worker imports the model itself.
    """
    with starting(**dict.fromkeys(_THREADS, "1")):
        if sys.platform != "linux":
            yield multiprocessing.get_context("spawn")
            return
        from multiprocessing import forkserver

        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["sim.study.born"])
        forkserver.ensure_running()
        yield context


@contextlib.contextmanager
def starting(**variables: str) -> Iterator[None]:
    """Start processes that ignore Ctrl-C and do not import from the working folder. Ctrl-C waits meanwhile,
    so that no process is started and lost. The working folder is no module path, because anybody may own its
    files. `variables` extend the environment of the processes.
    """
    with _environment({"PYTHONSAFEPATH": "1", **variables}):
        if not hasattr(signal, "pthread_sigmask"):
            yield
            return
        resource_tracker.ensure_running()  # else it starts with the first process, and lets Ctrl-C in again
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_if_run_by_a_worker() -> None:
    """End a worker that runs its parent's script, which starts workers without asking for ``__main__``."""
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        sys.exit(1)


_one_at_a_time = threading.RLock()


@contextlib.contextmanager
def _environment(given: dict[str, str]) -> Iterator[None]:
    """Set environment variables for processes started meanwhile."""
    with _one_at_a_time:
        before = {name: os.environ.get(name) for name in given}
        os.environ.update(given)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
