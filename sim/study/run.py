"""Compute the missing units of a study on several processes.

A worker writes its result to disk itself, so nothing that was finished is ever lost. When a worker dies
(killed, out of memory), the units that were under way are tried again, each alone; one that kills its
worker then too is recorded as failed. Seeds come from the unit itself: neither the order nor the number
of workers changes a result.
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection
from typing import TYPE_CHECKING, Any

from sim.scenario.errors import InputError

from .store import Unit

if TYPE_CHECKING:
    from .design import Study

MAX_DEATHS = 8  # of pools of workers in one run: more is no accident
LINE_EVERY_S = 30.0  # between two lines of progress where there is no terminal
_THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
_DIED = "the worker process died while it computed this unit alone (killed, or out of memory)"

Task = tuple[Unit, ...]  # units that share their work, for one process
Engine = Callable[..., Any]  # sim.simulate.simulate, or another with its signature


class RunError(RuntimeError):
    """The study could not be run: workers died again and again."""


def run(
    study: Study, workers: int | None = None, progress: bool = True, engine: Engine | None = None
) -> None:
    """Compute what is missing of `study`; see `Study.run`. `engine` stands in for `sim.simulate.simulate`."""
    if workers is not None and (not isinstance(workers, int) or isinstance(workers, bool) or workers < 1):
        raise InputError(f"the number of workers is {workers!r}", remedy="Give a whole number from 1")
    study.store.sweep()
    units = {unit.key: unit for unit in study.missing()}  # units of equal rules have one result
    if not units:
        return
    tasks: dict[tuple[str, str, int], Task] = {}
    for unit in units.values():
        shared = (unit.work, unit.behaviour, unit.replication)
        tasks[shared] = (*tasks.get(shared, ()), unit)
    width = min(workers or _processors(), len(tasks))
    finished = _finished(list(tasks.values()), study, width, engine)
    with _one_thread_each(), contextlib.closing(finished):
        for _ in _shown(finished, len(units), study.name) if progress else finished:
            pass


def _finished(tasks: list[Task], study: Study, workers: int, engine: Engine | None) -> Iterator[Unit]:
    """The units as they are done, well or not. Closing the iterator ends all workers."""
    together, alone = deque(tasks), deque[Task]()
    deaths = 0
    while together or alone:
        queue, width = (together, workers) if together else (alone, 1)
        under_way: dict[Future[None], Task] = {}
        try:
            with _pool(width, study, engine) as pool:
                while queue or under_way:
                    while queue and len(under_way) < width:
                        under_way[pool.submit(_compute, queue[0])] = queue[0]
                        queue.popleft()
                    for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                        future.result()
                        yield from under_way.pop(future)
        except BrokenProcessPool:
            deaths += 1
        for unit in itertools.chain(*under_way.values()):  # what was under way when a worker died
            if study.store.sound(unit.key, study.file.keep_requests):
                yield unit
            elif queue is together:
                alone.append((unit,))
            else:
                study.store.write_failure(unit, _DIED)
                yield unit
        if deaths >= MAX_DEATHS and (together or alone):
            raise RunError(
                f"worker processes died {deaths} times (killed, or out of memory?); what was finished is "
                "kept. Try fewer workers; in a script, call run() under: if __name__ == '__main__'"
            )


@contextlib.contextmanager
def _pool(width: int, study: Study, engine: Engine | None) -> Iterator[ProcessPoolExecutor]:
    """Fresh processes that hold the scenario; none of them outlives the block."""
    others = set(multiprocessing.active_children())
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(width, mp_context=context, initializer=_begin, initargs=(study, engine))
    try:
        yield pool
        pool.shutdown(wait=True)
    except BaseException:
        ours = set(multiprocessing.active_children()) - others
        for process in ours:
            process.terminate()
        pool.shutdown(wait=True, cancel_futures=True)
        study.store.sweep([process.pid for process in ours])
        raise


# In a worker

_here: dict[str, Any] = {}  # the study and the engine, set once in each worker


def _begin(study: Study, engine: Engine | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if engine is None:
        from sim.simulate import simulate as engine
    _here.update(study=study, engine=engine)


def _end_with_parent() -> None:
    """A parent that was killed cannot tell its workers to stop."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _compute(task: Task) -> None:
    study = _here["study"]
    for unit in task:
        policy = study.policies[unit.policy]
        options = {"behaviour": unit.behaviour, "seed": study.seed, "replication": unit.replication}
        try:
            result = _here["engine"](study.scenario, policy, **options)
            study.store.write(unit, result, study.file.keep_requests)
        except Exception:
            study.store.write_failure(unit, traceback.format_exc())


# Around the workers


def _processors() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextlib.contextmanager
def _one_thread_each() -> Iterator[None]:
    """Processes started meanwhile use one thread for linear algebra: the others need the processors."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _shown(finished: Iterator[Unit], total: int, name: str) -> Iterator[Unit]:
    """Pass the units on and show progress: a bar in a terminal or notebook, else a line now and then."""
    notebook = "ipykernel" in sys.modules
    if notebook or sys.stderr.isatty():
        if notebook:
            with warnings.catch_warnings():  # of missing widgets: a plain bar is shown then
                warnings.simplefilter("ignore")
                from tqdm.auto import tqdm
        else:
            from tqdm import tqdm
        yield from tqdm(finished, total=total, desc=name, unit="replication")
        return
    began = told = time.monotonic()
    for done, unit in enumerate(finished, 1):
        now = time.monotonic()
        if done == total or now - told >= LINE_EVERY_S:
            told = now
            print(f"{name}: {done} of {total} replications, {now - began:.0f} s", file=sys.stderr, flush=True)
        yield unit
