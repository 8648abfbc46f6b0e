"""Workers of Dask: of a scheduler that runs somewhere already, or of one started here for the occasion.

Dask sends its tasks as pickles: connect only to schedulers that you would let run programs as you.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import time
import uuid
from collections.abc import Iterator
from typing import Any

import dask
from distributed import Client, Future, KilledWorker, LocalCluster, WorkerPlugin
from distributed.security import Security

from sim.scenario.errors import InputError
from sim.spawn import starting

from .store import RunError
from .work import Answers, Inputs, Task, code_at_first, compute

ANSWER_S = 10.0  # a scheduler that says nothing for so long is gone
START_S = 30.0  # for the first worker to come
EMPTY_S = 60.0  # so long may it have no worker at all
LOOK_EVERY_S = 1.0

_held: dict[str, Inputs] = {}  # in a worker: what the studies at work share


class _Holder(WorkerPlugin):
    """Gives the inputs to every worker once, to those that come later too."""

    def __init__(self, name: str, inputs: Inputs) -> None:
        self.name, self.inputs = name, inputs

    def setup(self, worker: Any) -> None:
        code_at_first()  # before a file can change: the first task may come much later
        _held[self.name] = self.inputs

    def teardown(self, worker: Any) -> None:
        _held.pop(self.name, None)


def _compute(name: str, task: Task) -> Answers:
    return compute(_held[name], task)


class Cluster:
    """An engine of `sim.study.run`: the workers of the scheduler at `address`, or `workers` of its own.

    Raises InputError where no scheduler answers, it has no workers, or Dask has no certificates for ``tls://``.
    """

    def __init__(self, inputs: Inputs, *, address: str | None = None, workers: int | None = None) -> None:
        if address is not None and address.startswith("tls://"):
            _certificates(address)
        self._name = f"jingxi-{uuid.uuid4().hex}"
        self._tasks: dict[Future, Task] = {}
        self._ended: queue.SimpleQueue[Future] = queue.SimpleQueue()
        self._closing = contextlib.ExitStack()
        self._looked = 0.0
        self._width = 0
        try:
            self._closing.enter_context(_quiet())
            with starting():  # the threads and processes started here are not meant by Ctrl-C
                place = address or self._closing.enter_context(_local(workers or 1))
                self._client = self._closing.enter_context(
                    Client(place, timeout=ANSWER_S, set_as_default=False)
                )
            self._client.wait_for_workers(1, timeout=START_S)
            self._client.register_plugin(_Holder(self._name, inputs), name=self._name)
        except (OSError, ValueError, RuntimeError) as error:  # of the last kind: Dask asks for encryption
            self._closing.close()
            where = address or "here"
            raise InputError(
                f"no Dask scheduler with workers answers at {where} ({str(error)[:120]})",
                remedy="Start dask scheduler and dask worker, and give the address that the scheduler prints",
            ) from None
        except BaseException:
            self._closing.close()
            raise

    @property
    def width(self) -> int:
        """The workers that are there. Raises RunError when there was none for long."""
        if self._width == 0 or time.monotonic() - self._looked > LOOK_EVERY_S:
            self._look()
        return max(self._width, 1)

    def submit(self, task: Task) -> None:
        self._alive()
        future = self._client.submit(_compute, self._name, task, pure=False)
        self._tasks[future] = task
        future.add_done_callback(self._ended.put)

    def finished(self) -> list[tuple[Task, Answers | None]]:
        """Wait for some tasks to be done: each with its answers, None if its workers died over it.

        Raises RunError when the scheduler or all workers are gone, Refused for a worker of other code.
        """
        while True:
            try:
                futures = [self._ended.get(timeout=LOOK_EVERY_S)]
            except queue.Empty:
                self._alive()
                self._look()
                continue
            while not self._ended.empty():
                futures.append(self._ended.get())
            return [(self._tasks.pop(future), self._answers(future)) for future in futures]

    def close(self) -> None:
        """Leave the scheduler; stop what was started here."""
        for future in self._tasks:
            with contextlib.suppress(Exception):
                future.cancel()
        if self._client.status == "running":
            with contextlib.suppress(Exception):
                self._client.unregister_worker_plugin(self._name)
        self._closing.close()

    def _answers(self, future: Future) -> Answers | None:
        if future.status == "cancelled":
            raise _gone()
        error = future.exception() if future.status == "error" else None
        if isinstance(error, KilledWorker):
            return None
        if isinstance(error, RunError):
            raise error
        if error is not None:
            raise RunError(f"a Dask worker could not begin: {type(error).__name__}: {error}")
        return future.result()

    def _alive(self) -> None:
        if self._client.status not in ("running", "connecting"):
            raise _gone()

    def _look(self) -> None:
        try:
            width = len(self._client.nthreads())
        except (OSError, RuntimeError):  # it is being looked for: _alive() tells when it is given up
            return
        now = time.monotonic()
        if width:
            self._width, self._looked = width, now
        elif now - self._looked > EMPTY_S:
            raise RunError(
                f"the Dask scheduler has had no worker for {EMPTY_S:.0f} s; what was finished is kept. "
                "Start workers and run again"
            )


def _certificates(address: str) -> None:
    """Raises InputError unless Dask is configured to speak TLS."""
    try:
        context = Security().get_connection_args("client")["ssl_context"]
        reason = "none are configured"
    except (OSError, TypeError, ValueError) as error:
        context, reason = None, str(error)[:120]
    if context is None:
        raise InputError(
            f"Dask has no certificates for {address} ({reason})",
            remedy="Configure distributed.comm.tls: ca-file, client.cert and client.key",
        )


def _gone() -> RunError:
    return RunError(
        "the Dask scheduler is gone; what was finished is kept. Start it, and run again for the rest"
    )


@contextlib.contextmanager
def _local(workers: int) -> Iterator[LocalCluster]:
    """A scheduler and its workers on this machine. A task whose worker died comes back at once."""
    with dask.config.set({"distributed.scheduler.allowed-failures": 0}):
        cluster = LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        )
    with cluster:
        yield cluster


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """What Dask logs of lost connections is told in one message here."""
    logger = logging.getLogger("distributed")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)
