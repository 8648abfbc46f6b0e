"""Measure what people know of their own office before a study begins, on all processors of this machine.

What is measured is kept (`sim.replication.trials`); the workers of the study then find it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING

from sim.spawn import starting

from .progress import Progress
from .result import Unit

if TYPE_CHECKING:
    from sim.replication.trials import Run, S, T

    from .design import Study


def measure(study: Study, units: Iterable[Unit], workers: int, shown: Progress) -> None:
    """Measure what the behaviours of these units ask for, as far as it is not kept yet.

    A worker that dies over it is no end of the study: its units then measure for themselves.
    """
    from sim.behaviour import BEHAVIOURS
    from sim.replication import trials
    from sim.scenario.reform import reform
    from sim.world import in_force

    asked = dict.fromkeys((unit.policy, unit.behaviour) for unit in units)
    reformed = [(in_force(reform(study.scenario, study.policies[policy])), name) for policy, name in asked]
    wanted = [rules for rules, name in reformed if trials.matter(rules, BEHAVIOURS[name])]
    if not all(trials.are_kept(rules) for rules in wanted):
        shown.tell("measuring in trials what effort brings to each unit; it is kept for later runs")
    with contextlib.suppress(BrokenProcessPool), _processes(workers, shown) as run:
        trials.measure(wanted, study.file.engine, run)
        for rules in wanted:  # more of them, where errors are not small enough
            trials.known(rules, study.file.engine, run)


@contextlib.contextmanager
def _processes(workers: int, shown: Progress) -> Iterator[Run]:
    """Yield what computes trials in processes of their own, which start when they are first needed."""
    before = set(multiprocessing.active_children())
    pools: list[ProcessPoolExecutor] = []

    def run(one: Callable[[S], T], which: Iterable[S], /) -> Iterator[T]:
        which = list(which)
        shown.more(len(which))
        if not pools:
            pools.append(ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")))
        with starting():
            results = [pools[0].submit(one, thing) for thing in which]
        for result in results:
            yield result.result()
            shown.one()

    try:
        yield run
    finally:
        for pool in pools:
            pool.shutdown(wait=False, cancel_futures=True)
        for process in set(multiprocessing.active_children()) - before:
            process.terminate()
            process.join()
