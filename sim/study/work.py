"""What a worker does: units of work in, the bytes of their results out. Nothing here writes to disk.

A worker is refused when its own code, or the tables that the scenario names, are not those by which the
results will be named: on another machine, or because a file was edited while the study runs. A process keeps
the code that it has loaded, so it never serves a study of another.
"""

from __future__ import annotations

import hashlib
import threading
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sim.cache import LruCache
from sim.rooms import code_version
from sim.scenario.policy import Policy
from sim.scenario.reform import KEPT
from sim.scenario.schema import Scenario

from .result import Files, Unit, pack
from .store import RunError

if TYPE_CHECKING:
    from sim.replication.simulation import InForce

Task = tuple[Unit, ...]  # what one process computes in one go
Answers = list[tuple[Unit, Files | str]]  # a result, or the traceback of why there is none


@dataclass(frozen=True)
class Inputs:
    """What all units of a study share; every worker gets it once.

    ``code`` and ``tables`` are the digests behind the names of the results. ``simulate`` stands in for
    `sim.simulate`.
    """

    scenario: Scenario
    policies: dict[str, Policy]
    seed: int
    keep_requests: bool
    engine: str
    code: str
    tables: str
    simulate: Callable[..., Any] | None = None


class Refused(RunError):
    """A worker whose code or tables are not those of the study."""


in_force: LruCache[tuple[Inputs, InForce]] = LruCache(KEPT)  # by the inputs' id, which they keep meanwhile
_one_at_a_time = threading.Lock()  # a model in use keeps its last work; workers on a cluster may have threads


@cache
def code_at_first() -> str:
    """The digest of the code on disk when this process first got inputs, whoever asks later."""
    return code_version()


@cache
def code_loaded() -> str:
    """The digest of the code that this process has loaded, for good; "" if it was edited on the way."""
    first = code_at_first()
    import sim.replication  # noqa: F401

    return first if code_version() == first else ""


def begin(inputs: Inputs) -> None:
    """Have the model ready in this process. Raises Refused if it is not the one that names the results.

    What counts is the code that was loaded: a worker of Dask may be older than the files on disk.
    """
    _check(code_loaded(), inputs.code, "the model's code", "restart the Dask workers, if any, and run again")


def compute(inputs: Inputs, task: Task) -> Answers:
    """The results of the units of `task`, each alone: the same in every process.

    Raises Refused instead of giving a result that would get the wrong name.
    """
    with _one_at_a_time:
        begin(inputs)
        answers = [(unit, _computed(inputs, unit)) for unit in task]
        _check(tables_digest(inputs.scenario), inputs.tables, "a table that the scenario names", "run again")
        return answers


def _computed(inputs: Inputs, unit: Unit) -> Files | str:
    from sim.behaviour.year import Unsettled
    from sim.flow.stuck import Stuck
    from sim.replication.simulation import replicated

    options: dict[str, Any] = {
        "behaviour": unit.behaviour,
        "seed": inputs.seed,
        "replication": unit.replication,
        "engine": inputs.engine,
    }
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Unsettled)  # an outcome says so
            warnings.simplefilter("ignore", Stuck)  # `run` says it once of all replications
            if inputs.simulate is not None:
                result = inputs.simulate(inputs.scenario, inputs.policies[unit.policy], **options)
            else:
                result = replicated(_in_force(inputs, unit.policy), **options)
        return pack(unit, result, inputs.keep_requests)
    except Exception:
        return traceback.format_exc()


def _in_force(inputs: Inputs, policy: str) -> InForce:
    """The rules in force under a policy: nobody else has a worker's inputs, so they stay what they are."""
    from sim.replication.simulation import in_force_under

    key = (id(inputs), policy)
    return in_force.get(key, lambda: (inputs, in_force_under(inputs.scenario, inputs.policies[policy])))[1]


def _check(here: str, there: str, what: str, remedy: str) -> None:
    if here != there:
        raise Refused(
            f"{what} is not the same in a worker as where the study was started: it was edited meanwhile, "
            f"or the worker has another version. What was finished is kept; {remedy}"
        )


def tables_digest(scenario: Scenario) -> str:
    """A hash of the CSV files that a scenario names, as they are now."""
    digest = hashlib.blake2b(digest_size=16)
    for name in scenario.tables():
        try:
            content = (scenario.folder / name).read_bytes()
        except OSError as error:
            content = f"cannot be read: {error.strerror}".encode()
        digest.update(hashlib.blake2b(content).digest())
    return digest.hexdigest()
