"""Start kernels as forks of one Python that has already loaded what notebooks use.

A kernel of its own Python takes two seconds of processor time to load that, and a hundred reports have a
hundred kernels. A study is opened once for all its reports as well. Where nothing can be forked safely (not
on Linux), each kernel is its own Python.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

from sim.scenario.load import load

_LOADED = (  # what most notebooks use, and takes long to load
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "matplotlib.pyplot",
    "pyarrow.parquet",
    "pyarrow.pandas_compat",
    "scipy.optimize",
    "scipy.stats",
    "babel.numbers",
    "holidays.countries",
    "sim.study.load",
    "sim.study.stored",
    "sim.behaviour",
    "sim.rules",
    "sim.report.leaders",
    "sim.report.pictures",
)
_LAUNCHER = ["-m", "ipykernel_launcher"]
_PAUSE_S = 0.05  # between two looks whether a kernel has ended
Opens = tuple[str, str, str]  # a study, a hash of all that it rests on, and the working folder


class Kernel:
    """A forked kernel, as `subprocess.Popen` would show it."""

    stdin = stdout = stderr = None

    def __init__(self, line: Connection, pid: int) -> None:
        self._line, self.pid = line, pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None:
            try:
                if self._line.poll():
                    self.returncode = self._line.recv()
            except (EOFError, OSError):  # with the one that forks, its kernels end
                self.returncode = -signal.SIGKILL
        return self.returncode

    def wait(self) -> int:
        while (code := self.poll()) is None:
            time.sleep(_PAUSE_S)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Forker:
    """The Python that forks, started with the environment of the first kernel that is asked for."""

    def __init__(self) -> None:
        self._line: Connection | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._last: Kernel | None = None
        self.opens: tuple[str, str] | None = None  # the study that kernels open, and what it rests on

    def start(self, command: Sequence[str], environment: Mapping[str, str], folder: Path) -> Kernel | None:
        """Start a kernel by its command; None where it must be started in another way, as while another of
        this forker's runs."""
        if command[1:3] != _LAUNCHER or (self._last is not None and self._last.poll() is None):
            return None
        try:
            line = self._open(environment)
            opens = self.opens and (*self.opens, str(folder))
            line.send((list(command[3:]), dict(environment), str(folder), opens))
            self._last = Kernel(line, line.recv())
        except (EOFError, OSError):
            self.close()
            return None
        return self._last

    def _open(self, environment: Mapping[str, str]) -> Connection:
        if self._line is None:
            self._line, theirs = Pipe()
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", __name__, str(theirs.fileno())],
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,  # Ctrl-C is not its business
                )
        return self._line

    def close(self) -> None:
        """End it, with a kernel that still runs."""
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            self._process.wait()
        self._line = self._process = self._last = None


_forkers: list[Forker] = []  # of the blocks of `forking` that this process is in


@contextlib.contextmanager
def forking() -> Iterator[None]:
    """Start kernels as forks meanwhile, where that can be done."""
    if sys.platform != "linux":
        yield
        return
    forker = Forker()
    _forkers.append(forker)
    try:
        yield
    finally:
        _forkers.remove(forker)
        forker.close()


@contextlib.contextmanager
def opening(study: str, rests_on: str) -> Iterator[None]:
    """Tell the Python that forks which study the kernels started meanwhile open, and the hash of all that
    it rests on: another hash is another study."""
    for forker in _forkers[-1:]:
        forker.opens = (study, rests_on) if study else None
    try:
        yield
    finally:
        for forker in _forkers[-1:]:
            forker.opens = None


def forked(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> Kernel | None:
    """Start a kernel as a fork; None outside of `forking`, and where that failed."""
    return _forkers[-1].start(command, environment, folder) if _forkers else None


# In the Python that forks


def _serve(line: Connection) -> None:
    for name in _LOADED:
        importlib.import_module(name)
    from sim.study.load import opened_before

    load("one-office")  # the first scenario that is read builds the validators of all parts
    _freeze()
    last: Opens | None = None
    while True:
        try:
            arguments, environment, folder, opens = line.recv()
        except EOFError:
            os._exit(0)  # at once: nothing here is worth tidying
        if opens != last:
            opened_before.clear()
            if opens is not None:
                _open(opens)
            last = opens
        pid = os.fork()
        if pid == 0:
            line.close()
            _run_kernel(arguments, environment, folder)
        line.send(pid)
        line.send(_code_of(pid, line))


def _freeze() -> None:
    """Else the first collection of each kernel copies all memory that they share."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def _open(opens: Opens) -> None:
    """Open a study for the kernels to come; one that is warned of, or refused, each of them opens itself."""
    from sim.study.load import open_before

    study, _, folder = opens
    os.chdir(folder)
    with warnings.catch_warnings(), contextlib.suppress(Exception):
        warnings.simplefilter("error")
        open_before(study)
    _freeze()


def _code_of(pid: int, line: Connection) -> int:
    """Wait for the end of a kernel; end it when nobody wants it any longer."""
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if line.poll(_PAUSE_S):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            os._exit(0)


def _run_kernel(arguments: list[str], environment: dict[str, str], folder: str) -> None:
    """Be a kernel, in its own session, as `ipykernel_launcher` would be."""
    parent = os.getppid()
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    from ipykernel.kernelapp import launch_new_instance

    sys.argv = ["ipykernel_launcher", *arguments]
    launch_new_instance(argv=[*arguments, f"--IPKernelApp.parent_handle={parent}"])
    os._exit(0)


if __name__ == "__main__":
    _serve(Connection(int(sys.argv[1])))
