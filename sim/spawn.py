"""Around the start of a process that computes, or writes reports, for this one."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from multiprocessing import resource_tracker


@contextlib.contextmanager
def starting(**variables: str) -> Iterator[None]:
    """Processes started meanwhile never hear of Ctrl-C, which waits, so that none is started and lost; and
    they do not look for modules in the working folder, whose files may be anybody's. `variables` are of their
    environment."""
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
    """Processes started meanwhile have these variables."""
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
