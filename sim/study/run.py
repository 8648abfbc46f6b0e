"""Compute the missing units of a study, and keep them.

Workers compute and answer with bytes; only this process writes. Local processes and Dask are two engines
behind one face: ``width`` (workers), ``submit(task)``, ``finished()`` (waits; each task with its answers, or
None if its worker died over it) and ``close()``. Seeds come from the unit itself: neither the order nor the
number of workers changes a result. What a worker died over is tried again, each unit alone, with nothing
else under way; one that kills its worker twice then is recorded as failed.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sim.jit import is_kept
from sim.scenario.counts import number_of
from sim.scenario.errors import InputError
from sim.spawn import end_if_run_by_a_worker

from .design import rules_of
from .file import scheduler_address
from .measuring import measure, wanted
from .progress import Progress
from .result import OUTCOMES, Files, Unit, stated
from .store import RunError, Tell
from .work import Inputs, Task

if TYPE_CHECKING:
    from .design import Study

__all__ = ["RunError", "run"]

TASK_S = 1.0  # of work in a task, about: much more than it takes to hand one out
TASKS_EACH = 8  # at least so many are left for each worker, so that all end together
PARTS = 2  # into so many parts for each worker long portions are cut, of all that is left
MOST_UNITS = 500  # in one task
SHARED = 12  # units of one draw that a worker does together
LIVES = 2  # workers that a unit may kill while it is computed alone
_DIED = f"{LIVES} worker processes died while they computed this unit alone (killed, or out of memory)"


def run(
    study: Study,
    workers: int | None = None,
    progress: bool = True,
    scheduler: str | None = None,
    simulate: Callable[..., Any] | None = None,
) -> None:
    """Compute what is missing of `study`; see `Study.run`.

    `simulate` stands in for `sim.simulate`.
    """
    end_if_run_by_a_worker()
    start = _engine(study, workers, scheduler)
    local = scheduler is None and (study.file.dask is None or workers is not None)
    _check_unchanged(study)
    with contextlib.ExitStack() as stack:
        shown = stack.enter_context(Progress(study.name, progress))
        stack.enter_context(study.store.opened(shown.tell))
        for other in study.store.others(study.path):
            shown.tell(
                f"{other} keeps its results in {study.folder} too; better give each study a name of its own"
            )
        study.store.claim(study.path)
        engine, still = None, 0
        tried: set[str] = set()
        while units := {unit.key: unit for unit in study.missing() if unit.key not in tried}:
            if engine is None:
                if not is_kept(study.file.engine):  # else the workers find it on disk
                    from sim.flow import prepare

                    prepare(study.file.engine)
                width = workers or processors()
                before = simulate is None and local and not _by_draw(units.values(), width)
                rules = wanted(study, units.values()) if before else []
                most = width if rules else len(units)
                engine = stack.enter_context(contextlib.closing(start(_inputs(study, simulate), most)))
                if rules:
                    measure(rules, study.file.engine, engine, shown)
            shown.more(len(units))  # units of equal rules have one result
            for unit, answer in _answers(engine, units.values()):
                tried.add(unit.key)
                if isinstance(answer, str):
                    study.store.write_failure(unit, answer)
                else:
                    study.store.write(unit, answer)
                    still += stated(answer[OUTCOMES], unit.key)["checks"]["stuck"]
                shown.one(failed=isinstance(answer, str))
            study.refresh()
            _tell_precision(study, shown.tell)
        if still:
            shown.tell(
                f"{still:,} requests stand still at the end, in all replications computed now together: "
                "nobody who could go on with them is on duty again (outcome 'stuck')"
            )


def _engine(study: Study, workers: int | None, scheduler: str | None) -> Callable[[Inputs, int], Any]:
    """What starts the engine that is asked for, of that many workers at most: by the arguments, else by the
    study's file."""
    if workers is not None and (not isinstance(workers, int) or isinstance(workers, bool) or workers < 1):
        raise InputError(f"the number of workers is {workers!r}", remedy="Give a whole number from 1")
    if workers is not None and scheduler is not None:
        raise InputError(
            "a scheduler has its own workers", remedy="Give either the number of workers or the scheduler"
        )
    dask = study.file.dask if workers is None and scheduler is None else None
    if scheduler is not None:
        scheduler_address(scheduler)
    if dask is None and scheduler is None:
        from .local import Processes

        return lambda inputs, most: Processes(inputs, min(workers or processors(), most))
    from .cluster import Cluster

    if dask is None:
        return lambda inputs, most: Cluster(inputs, address=scheduler)
    return lambda inputs, most: Cluster(inputs, address=dask.scheduler, workers=dask.workers)


def _check_unchanged(study: Study) -> None:
    """Refuse to run a study whose scenario or policies were changed in code after they named its results.

    What was computed now would be kept under the name of other rules.
    """
    now = rules_of(study.scenario, study.policies)
    for policy, digests in study.versions.rules.items():
        if now.get(policy) != digests:
            raise InputError(
                f"the study '{study.name}' was changed in code after its results were named "
                f"(policy '{policy}')",
                remedy="Change scenario and policies first, then make the study",
            )


def _inputs(study: Study, simulate: Callable[..., Any] | None) -> Inputs:
    code, csv, _ = study.versions
    return Inputs(
        scenario=study.scenario,
        policies=study.policies,
        seed=study.seed,
        keep_requests=study.file.keep_requests,
        engine=study.file.engine,
        code=code,
        tables=csv,
        simulate=simulate,
    )


def processors() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _answers(engine: Any, units: Collection[Unit]) -> Iterator[tuple[Unit, Files | str]]:
    """Each unit once, as it is done, with its files or why it has none."""
    whole = _by_draw(units, engine.width)
    portions = deque(_portions(units, engine.width))
    if not whole:  # the workers begin with different rules, and tell one another the plans that they solve
        portions.extendleft(reversed(_strided(portions.popleft(), engine.width)))
    left = len(units)
    alone: deque[Unit] = deque()
    deaths: Counter[Unit] = Counter()  # of workers, over a unit alone
    under_way = done = 0
    first = 0.0  # when the first answers came: before it, workers were starting
    while portions or alone or under_way:
        # two for each worker, so that none waits for the next; at the end one, so that none waits for another
        while portions and under_way < engine.width * (2 if len(portions) > 2 * engine.width else 1):
            each = (time.monotonic() - first) * engine.width / done if done else TASK_S
            if not whole:  # the last one finely, so that all end together
                least = int(TASK_S / each) if len(portions) > 1 else 1
                _divide(portions, max(left // (PARTS * engine.width), least, 1))
            task = _task(portions, engine.width, each)
            engine.submit(task)
            left -= len(task)
            under_way += 1
        solitary = not under_way
        if solitary:
            engine.submit((alone.popleft(),))
            under_way = 1
        for task, answers in engine.finished():
            under_way -= 1
            if answers is not None:
                done, first = (done + len(task), first) if first else (0, time.monotonic())
                yield from answers
                continue
            deaths.update(task if solitary else ())
            for unit in task:
                if deaths[unit] < LIVES:
                    alone.append(unit)
                else:
                    yield unit, _DIED


def _by_draw(units: Collection[Unit], width: int) -> bool:
    """Whether there are few replications and many draws of citizens, as where scenarios differ.

    One worker then does all of a draw, and measures for it what people know of their office."""
    replications, draws = ({getattr(unit, name) for unit in units} for name in ("replication", "draw"))
    return len(replications) < 2 * width <= len(draws)


def _portions(units: Collection[Unit], width: int) -> Iterator[Task]:
    """The units of one replication together, side by side those that meet the same citizens, and among them
    those that share their work, so that each is made once. Where replications are few and draws of citizens
    many, those of one draw together, over all replications."""
    together: dict[int, dict[str, dict[tuple[str, str], list[Unit]]]] = {}
    for unit in units:
        draws = together.setdefault(unit.replication, {})
        draws.setdefault(unit.draw, {}).setdefault(_shared(unit), []).append(unit)
    if _by_draw(units, width):
        for draw in dict.fromkeys(draw for draws in together.values() for draw in draws):
            of_draw = [works for draws in together.values() for works in draws.get(draw, {}).values()]
            yield from _by_policy([unit for shared in of_draw for unit in shared])
        return
    for draws in together.values():
        yield tuple(unit for works in draws.values() for shared in works.values() for unit in shared)


def _shared(unit: Unit) -> tuple[str, str]:
    """What units have in common that share their work."""
    return unit.behaviour, unit.work


def _strided(portion: Task, parts: int) -> list[Task]:
    """A portion in parts, each with every so manyth of its works."""
    works = [tuple(own) for _, own in groupby(portion, _shared)]
    return [
        tuple(unit for own in works[part::parts] for unit in own) for part in range(min(parts, len(works)))
    ]


def _divide(portions: deque[Task], most: int) -> None:
    """Cut the first portion after `most` units, or where those that share the work of the last one end."""
    portion = portions[0]
    for cut in range(most, len(portion)):
        if _shared(portion[cut]) != _shared(portion[cut - 1]):
            portions[0] = portion[cut:]
            portions.appendleft(portion[:cut])
            return


def _by_policy(units: list[Unit]) -> Iterator[Task]:
    """Units of one draw in portions of about `SHARED`, all of a policy in one: many may share a draw.

    In a portion those of a replication stand side by side, and among them those that share their world."""
    by: dict[str, list[Unit]] = {}
    for unit in units:
        by.setdefault(unit.policy, []).append(unit)
    portion: list[Unit] = []
    for own in by.values():
        portion += own
        if len(portion) >= SHARED:
            yield tuple(sorted(portion, key=_side_by_side))
            portion = []
    if portion:
        yield tuple(sorted(portion, key=_side_by_side))


def _side_by_side(unit: Unit) -> tuple[int, str, str]:
    return unit.replication, unit.work, unit.behaviour


def _task(portions: deque[Task], width: int, seconds_each: float) -> Task:
    """The next portions as one task of about `TASK_S`, where enough are left for the other workers."""
    task = portions.popleft()
    most = 1 + len(portions) // (TASKS_EACH * width)
    for _ in range(most - 1):
        longer = len(task) + len(portions[0])
        if longer > MOST_UNITS or longer * seconds_each > TASK_S:
            break
        task += portions.popleft()
    return task


def _tell_precision(study: Study, tell: Tell) -> None:
    """Say what a study that asks for a precision has reached, and what it lacks."""
    plan, asked = study.plan, study.file.precision
    if plan is None or asked is None:
        return
    several = len(study.file.behaviours) > 1
    for policy, _, outcome in plan.empty:
        tell(f"{outcome} of {policy} has no value to compare; it is left out of the precision")
    if plan.reached:
        tell(f"the precision is reached with {number_of(plan.replications, 'replication')}")
        return
    for (policy, behaviour, outcome), needed in plan.needs.items():
        which = f"{outcome} of {policy}" + (f" ({behaviour})" if several else "")
        aim = f"± {asked.half_width[outcome]:g}"
        if plan.replications == asked.at_most and not study.missing():
            tell(
                f"{which} is not known to {aim} after {number_of(asked.at_most, 'replication')}: it "
                f"needs about {needed}"
            )
        else:
            tell(f"{which} needs about {needed} replications to be known to {aim}")
