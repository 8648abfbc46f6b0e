"""Measure what people know of their own office before a study begins, by all workers on this machine.

What is measured is kept (`sim.replication.trials`); the workers then find it when they come to the study.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from .local import Died, Processes
from .progress import Progress
from .result import Unit

if TYPE_CHECKING:
    from sim.replication.trials import S, T
    from sim.scenario.schema import Scenario

    from .design import Study


def wanted(study: Study, units: Iterable[Unit]) -> list[Scenario]:
    """Return the rules of these units under which people ask what trials tell."""
    from sim.behaviour import BEHAVIOURS
    from sim.replication import trials
    from sim.scenario.reform import reform
    from sim.world import in_force

    asked = dict.fromkeys((unit.policy, unit.behaviour) for unit in units)
    reformed = [(in_force(reform(study.scenario, study.policies[policy])), name) for policy, name in asked]
    return [rules for rules, name in reformed if trials.matter(rules, BEHAVIOURS[name])]


def measure(all_rules: list[Scenario], executor: str, workers: Processes, shown: Progress) -> None:
    """Measure what people know under these rules, as far as it is not kept yet.

    A worker that dies over it is no end of the study: its units then measure for themselves.
    """
    from sim.replication import trials

    def run(one: Callable[[S], T], which: Iterable[S], /) -> Iterator[T]:
        which = list(which)
        with shown.of("trial") as told:
            told.more(len(which))
            for result in workers.run(one, which):
                yield result
                told.one()

    if not all(trials.are_kept(rules) for rules in all_rules):
        shown.tell("measuring in trials what effort brings to each unit; it is kept for later runs")
    with contextlib.suppress(Died):
        trials.measure(all_rules, executor, run)
        for rules in all_rules:  # more of them, where errors are not small enough
            trials.known(rules, executor, run)
