"""Run reports in parallel in processes that end as soon as their parent does.

A notebook waits for its kernel and a page for the layout of its PDF: neither can be interrupted in a thread.
All that is temporary lies in one folder, so that nothing is left of a process that was ended.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.reduction
import os
import shutil
import signal
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import psutil

from sim.report.errors import ReportError
from sim.report.forks import forking
from sim.spawn import starting

Job = tuple[Any, ...]  # the arguments of one call


@contextlib.contextmanager
def side_by_side(
    function: Callable[..., Any], jobs: Sequence[Job], at_once: int
) -> Iterator[Iterator[tuple[int, Any]]]:
    """Call `function` with each of `jobs`; gives the job's number and what came back, as they are done.

    The processes begin at once, and are ended when the block is left. Each takes the next job when it has
    done one. Warnings are warned of here, and what the function raises is raised here. Raises ReportError
    where a process died.
    """
    context = multiprocessing.get_context("spawn")
    temporary = tempfile.mkdtemp(prefix="jx")
    started: dict[Connection, Any] = {}
    left = iter(enumerate(jobs))
    try:
        for _ in range(max(1, min(at_once, len(jobs)))):
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs, temporary, function), daemon=True)
            with starting(PYTHONHASHSEED="0"):  # the same PDF from every process
                process.start()
                started[ours] = process
            theirs.close()
            ours.send(next(left, None))
        yield _answers(list(started), left)
    finally:
        for pipe, process in started.items():
            _end(process.pid)
            process.join()
            pipe.close()
        shutil.rmtree(temporary, ignore_errors=True)


def _end(number: int | None = None) -> None:
    """End a process and the kernels that it has started; without a number only those of this process."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(number)
        for one in [*([] if number is None else [process]), *process.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()


def _answers(pipes: list[Connection], left: Iterator[tuple[int, Job]]) -> Iterator[tuple[int, Any]]:
    while pipes:
        speaking = wait(pipes)
        for pipe in [pipe for pipe in pipes if pipe in speaking]:
            try:
                heard = pipe.recv()
                if heard is not None:
                    pipe.send(next(left, None))
            except (EOFError, OSError):
                raise ReportError("a process that wrote reports died (killed, or out of memory)") from None
            if heard is None:
                pipes.remove(pipe)
                continue
            number, answer, warned = heard
            for message, category in warned:
                warnings.warn(message, category, stacklevel=2)
            if isinstance(answer, BaseException):
                raise answer
            yield number, answer


# In a process


def _work(pipe: Connection, temporary: str, function: Callable[..., Any]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    tempfile.tempdir = temporary
    threading.Thread(target=_end_with_parent, args=(Path(temporary),), daemon=True).start()
    with forking():
        for number, job in iter(pipe.recv, None):
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("default")
                answer = _answer(function, job)
            told = [
                (str(one.message), one.category) for one in caught if issubclass(one.category, UserWarning)
            ]
            pipe.send((number, answer, told))
    pipe.send(None)


def _answer(function: Callable[..., Any], job: Job) -> Any:
    try:
        return function(*job)
    except Exception as error:
        try:
            multiprocessing.reduction.ForkingPickler.dumps(error)
        except Exception:
            return ReportError(f"{type(error).__name__}: {error}")
        return error


def _end_with_parent(temporary: Path) -> None:
    """End when the parent has died, the kernel first: it writes into the folder."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        _end()
        shutil.rmtree(temporary, ignore_errors=True)
        os._exit(1)
