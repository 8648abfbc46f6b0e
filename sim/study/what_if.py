"""An answer while somebody waits: one bureau, a few replications in memory, one policy after the other.

For sliders and for trying things out in a notebook. A study (`sim.study`) is for results that are to be kept.
"""

from __future__ import annotations

import os
import warnings
import weakref
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd

from sim.behaviour import BEHAVIOURS
from sim.evaluate.compare import compare
from sim.flow.stuck import Stuck
from sim.replication import Work, judge_work, simulate
from sim.scenario import Scenario, load, load_policy, reform
from sim.scenario.errors import InputError, nearest
from sim.scenario.idle import tell_idle
from sim.scenario.reform import CURRENT, PolicyLike
from sim.world import in_force
from sim.world.draw import drawn


class WhatIf:
    """The replications of a scenario under a baseline, ready to be compared with other policies.

    The citizens of all replications, and the baseline's work, stay in memory (about 60 MB a replication for
    a bureau with 60,000 requests a year): a policy that changes only pay or assessment is judged on work
    already done, one that changes offices or staff meets the same citizens without drawing them again.
    """

    def __init__(
        self, scenario: Scenario, baseline: str | Path, replications: int, seed: int, behaviour: str
    ) -> None:
        self.scenario = scenario
        self.behaviour = behaviour
        self.baseline = load_policy(scenario, baseline).name
        self.replications = replications
        self.seed = seed
        drawn.allow(replications)
        weakref.finalize(self, drawn.allow, -replications)
        self._work: dict[int, Work] = {}
        self._decisive = ""  # what decides the work that is kept
        self._baseline = self.outcomes(baseline)

    def outcomes(self, policy: PolicyLike) -> pd.DataFrame:
        """All outcomes under a policy, as `Study.outcomes` has them: with policy and replication in front.

        `policy` is the name of one, its file, or its changes as ``{dotted path: new value}``. Raises
        InputError for what the scenario refuses.
        """
        policy = load_policy(self.scenario, policy)
        rules = in_force(reform(self.scenario, policy))
        same_work = rules.digest(of_work=not BEHAVIOURS[self.behaviour].READS_RULES) == self._decisive
        if same_work:  # else `simulate` tells
            tell_idle(self.scenario, policy)

        def one(replication: int) -> pd.DataFrame:
            if same_work:
                return judge_work(self._work[replication], rules)
            result = simulate(
                self.scenario,
                policy,
                behaviour=self.behaviour,
                seed=self.seed,
                replication=replication,
            )
            if not self._decisive:  # the baseline
                self._work[replication] = result.work
            return result.outcomes

        # The executor holds no lock while it runs; what is Python around it takes turns.
        threads = min(self.replications, os.cpu_count() or 1)
        with warnings.catch_warnings(), ThreadPoolExecutor(threads) as pool:
            warnings.simplefilter("ignore", Stuck)  # the outcome `stuck` says it
            found = list(pool.map(one, range(self.replications)))
        self._decisive = self._decisive or rules.digest(of_work=not BEHAVIOURS[self.behaviour].READS_RULES)
        labels = {"policy": policy.name, "behaviour": self.behaviour}
        tables = [table.assign(**labels, replication=number) for number, table in enumerate(found)]
        return pd.concat(tables, ignore_index=True)

    def compare(
        self,
        policy: PolicyLike,
        level: str = "bureau",
        outcomes: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """Paired differences to the baseline with intervals: `sim.evaluate.compare.compare`."""
        if isinstance(outcomes, str):
            outcomes = [outcomes]
        tried = self.outcomes(policy)
        name = tried["policy"].iloc[0]
        if name == self.baseline:
            raise InputError(f"'{name}' is the baseline", remedy="Give another policy")
        return compare(
            pd.concat([self._baseline, tried], ignore_index=True),
            name,
            self.baseline,
            level=level,
            only=outcomes,
        )


def what_if(
    scenario: Scenario | str | Path,
    *,
    baseline: str | Path = CURRENT,
    replications: int = 10,
    seed: int = 0,
    behaviour: str = "mechanical",
) -> WhatIf:
    """Run the baseline, and return what compares other policies with it at once, under one behaviour.

    ::

        try_it = sim.what_if("binhai")
        try_it.compare({"pay.deduction_per_point": 2}, outcomes=["mean_score", "pay_total"])

    Raises InputError for anything wrong with the scenario, the policy, the behaviour or the number of
    replications.
    """
    if not isinstance(replications, int) or isinstance(replications, bool) or not 2 <= replications <= 1000:
        raise InputError(f"{replications!r} replications", remedy="Give a whole number from 2 to 1000")
    if not isinstance(scenario, Scenario):
        scenario = load(scenario)
    if not isinstance(baseline, str | Path):
        raise InputError(f"the baseline is {baseline!r}", remedy="Give the name of a policy, or its file")
    if behaviour not in BEHAVIOURS:
        raise InputError(f"unknown behaviour '{behaviour}'", remedy=nearest(behaviour, BEHAVIOURS))
    return WhatIf(scenario, baseline, replications, seed, behaviour)
