"""Start processes that compute or write reports for this one."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from multiprocessing import resource_tracker


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


@contextlib.contextmanager
def _environment(given: dict[str, str]) -> Iterator[None]:
    """Set environment variables for processes started meanwhile."""
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
