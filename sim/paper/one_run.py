"""One run of a scenario or of a study, simulated again, with what it is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.rooms import code_version
from sim.scenario.counts import number_of
from sim.scenario.errors import InputError, nearest

if TYPE_CHECKING:
    from sim.replication import Result


@dataclass(frozen=True)
class Run:
    """result : the replication. name : of a file about it. about : what made it, by name."""

    result: Result
    name: str
    about: dict[str, str]


def run_of_scenario(scenario: str, policy: str, behaviour: str, seed: int, replication: int) -> Run:
    """Simulate one replication of a scenario. Raises InputError as `sim.simulate` does."""
    from sim.replication import simulate
    from sim.scenario.load import load

    read = load(scenario)
    return _run(simulate(read, policy, behaviour=behaviour, seed=seed, replication=replication), read.name)


def run_of_study(study: str, policy: str, behaviour: str, replication: int) -> Run:
    """Simulate a replication of a study again: the same requests, steps and outcomes as in its results.

    Raises InputError for a policy, a behaviour or a replication that the study does not have.
    """
    from sim.replication import simulate
    from sim.study.load import load_study

    opened = load_study(study)
    asked = (("policy", policy, list(opened.policies)), ("behaviour", behaviour, opened.file.behaviours))
    for what, name, known in asked:
        if name not in known:
            message = f"'{name}' is no {what} of the study '{opened.called}'"
            raise InputError(message, remedy=nearest(name, known))
    if replication >= opened.replications:
        raise InputError(
            f"the study '{opened.called}' has {number_of(opened.replications, 'replication')}, "
            "numbered from 0",
            remedy=f"Give --replication 0 to {opened.replications - 1}",
        )
    result = simulate(
        opened.scenario,
        opened.policies[policy],
        behaviour=behaviour,
        seed=opened.seed,
        replication=replication,
        engine=opened.file.engine,
    )
    return _run(result, opened.called.replace(":", "-"))


def _run(result: Result, called: str) -> Run:
    about = {
        "concept:name": f"{called}, {result.policy}, replication {result.replication}",
        "scenario": result.scenario.name,
        "policy": result.policy,
        "behaviour": result.behaviour,
        "seed": str(result.seed),
        "replication": str(result.replication),
        "code": code_version(),
    }
    return Run(result, f"{called}.{result.policy}.{result.seed}-{result.replication}", about)
