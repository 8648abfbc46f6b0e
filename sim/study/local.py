"""Workers on this machine: processes, each with a pipe of its own, so that none can hurt another by dying."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import pickle
import queue
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any, NamedTuple, TypeVar

from sim.behaviour.year import solved
from sim.spawn import nursery

from .store import RunError
from .work import Inputs, Task, begin, compute

MAX_STILLBORN = 8  # workers in a row that died before they could begin: more is no accident
PATIENCE_S = 5.0  # for a worker to end by itself

S = TypeVar("S")
T = TypeVar("T")


class Call(NamedTuple):
    """Another thing to do than units: a function of one argument, and the place of its answer."""

    function: Callable[[Any], Any]
    argument: Any
    place: int


class Died(RuntimeError):
    """A worker died over a call."""


@dataclass
class _Worker:
    process: Any
    pipe: Connection
    ready: bool = False
    tasks: deque[Task | Call] = field(default_factory=deque)  # sent; it is at the first one


class _Solved(NamedTuple):
    """Plans that a worker has solved, as a pickle, for the others: solving takes a hundred times as long."""

    plans: bytes


class Processes:
    """An engine of `sim.study.run`: `width` processes that hold the study's inputs.

    A worker that dies is replaced. Its first task comes back without answers, unless it had not begun yet;
    the others it had are given to its successor.
    """

    def __init__(self, inputs: Inputs, width: int) -> None:
        self.width = width
        self._inputs = inputs
        self._stillborn = 0
        self._workers: list[_Worker] = []
        try:
            for _ in range(width):
                self._workers.append(self._start())
            for worker in self._workers:  # they are coming up side by side meanwhile
                self._send(worker, inputs)
        except BaseException:
            self.close()
            raise

    def submit(self, task: Task | Call) -> None:
        worker = min(self._workers, key=lambda one: len(one.tasks))
        self._give(worker, task)

    def run(self, one: Callable[[S], T], which: Iterable[S], /) -> Iterator[T]:
        """Compute something of each of these things, in their order. Raises Died if a worker dies over one,
        when the others are done."""
        left = deque(Call(one, thing, place) for place, thing in enumerate(which))
        answers: dict[int, T] = {}
        under_way = place = 0
        died = False
        while under_way or (left and not died):
            while left and not died and under_way < 2 * self.width:
                self.submit(left.popleft())
                under_way += 1
            for call, answer in self.finished():
                under_way -= 1
                died = died or answer is None
                answers[call.place] = answer
            while place in answers and not died:
                yield answers.pop(place)
                place += 1
        if died:
            raise Died

    def finished(self) -> list[tuple[Any, Any]]:
        """Wait for some tasks to be done: each with its answers, None if its worker died over it.

        Raises RunError when workers cannot be started, Refused for a worker of other code.
        """
        found: list[tuple[Any, Any]] = []
        while not found:
            ready = wait([worker.pipe for worker in self._workers])
            for place, worker in enumerate(self._workers):
                if worker.pipe in ready:
                    found += self._heard(place, worker)
        return found

    def close(self) -> None:
        """End all workers, whatever they are at."""
        for worker in self._workers:
            worker.pipe.close()  # a worker that hears no more ends
        for worker in self._workers:
            _end(worker)

    def _heard(self, place: int, worker: _Worker) -> Iterator[tuple[Any, Any]]:
        try:
            answers = worker.pipe.recv()
        except (EOFError, OSError):
            yield from self._replace(place, worker)
            return
        if isinstance(answers, Exception):
            raise answers
        if isinstance(answers, _Solved):
            for other in self._workers:
                if other is not worker:
                    self._send(other, answers)
        elif answers is None:
            worker.ready, self._stillborn = True, 0
        else:
            yield worker.tasks.popleft(), answers

    def _replace(self, place: int, dead: _Worker) -> Iterator[tuple[Any, None]]:
        dead.pipe.close()
        _end(dead)
        if not dead.ready:
            self._stillborn += 1
            if self._stillborn >= MAX_STILLBORN:
                raise RunError(
                    f"{MAX_STILLBORN} worker processes died before they began; what was finished is kept. "
                    "Try fewer workers; in a script, call run() under: if __name__ == '__main__'"
                )
        successor = self._workers[place] = self._start()
        self._send(successor, self._inputs)
        if dead.ready and dead.tasks:
            yield dead.tasks.popleft(), None
        for task in dead.tasks:
            self._give(successor, task)

    def _give(self, worker: _Worker, task: Task | Call) -> None:
        worker.tasks.append(task)
        self._send(worker, task)

    def _send(self, worker: _Worker, thing: Inputs | Task | Call | _Solved) -> None:
        with contextlib.suppress(OSError):  # it has died: finished() will notice
            worker.pipe.send(thing)

    def _start(self) -> _Worker:
        ours, theirs = multiprocessing.Pipe()
        with nursery() as context:
            process = context.Process(target=_work, args=(theirs, dict(os.environ)), daemon=True)
            process.start()
        theirs.close()
        return _Worker(process, ours)


def _end(worker: _Worker) -> None:
    worker.process.join(PATIENCE_S)
    if worker.process.is_alive():
        worker.process.kill()
        worker.process.join()


# In a worker


def _work(pipe: Connection, environment: dict[str, str]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    os.environ.update(environment)  # that of the server from which it was forked may be older
    try:
        inputs: Inputs = pipe.recv()
    except (EOFError, OSError):
        os._exit(1)
    tasks: queue.SimpleQueue[Task | Call] = queue.SimpleQueue()
    told: set[Hashable] = set()
    threading.Thread(target=_listen, args=(pipe, tasks, told), daemon=True).start()
    try:
        begun = _answer(begin, inputs)
        gc.freeze()  # the model stays: looked through at each full collection, it costs a second in a minute
        pipe.send(begun)
        while True:
            task = tasks.get()
            if isinstance(task, Call):
                answer = _answer(task.function, task.argument)
            else:
                answer = _answer(compute, inputs, task)
            if own := {key: plans for key, plans in solved.items() if key not in told}:
                told.update(own)
                pipe.send(_Solved(pickle.dumps(own)))
            pipe.send(answer)
    except OSError:
        os._exit(1)  # nobody is there to answer to


def _answer(function: Callable[..., Any], *arguments: Any) -> Any:
    """What it returns, or why it cannot go on at all."""
    try:
        return function(*arguments)
    except RunError as error:
        return error
    except Exception:
        return RunError(traceback.format_exc())


def _listen(pipe: Connection, tasks: queue.SimpleQueue[Task | Call], told: set[Hashable]) -> None:
    """Take in tasks and plans at any time; end the process when its parent has closed the pipe, or has died.

    `told` are the keys of plans that the other workers have, or get."""
    while True:
        try:
            heard = pipe.recv()
        except (EOFError, OSError):
            os._exit(1)
        if isinstance(heard, _Solved):
            for key, plans in pickle.loads(heard.plans).items():
                told.add(key)
                solved.put(key, plans)
        else:
            tasks.put(heard)
