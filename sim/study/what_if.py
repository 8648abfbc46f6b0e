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

import numpy as np
import pandas as pd

from sim.behaviour import BEHAVIOURS
from sim.behaviour.year import Unsettled
from sim.evaluate.compare import compare
from sim.flow.stuck import Stuck
from sim.replication import Work, judge_work, simulate
from sim.rules.outcomes import bureau_facts
from sim.rules.shown_table import with_units
from sim.rules.table import LongTable, joined
from sim.scenario import Scenario, load, load_policy, reform
from sim.scenario.errors import InputError, nearest
from sim.scenario.idle import tell_idle
from sim.scenario.policy import CURRENT, PolicyLike
from sim.scenario.reform import made_upon
from sim.scenario.shown import Shown
from sim.world import in_force
from sim.world.draw import drawn


class WhatIf(Shown):
    """Replications of a scenario under a baseline, held in memory for comparison with other policies.

    Create it with `what_if`.

    Attributes
    ----------
    scenario : Scenario
        The scenario.
    baseline : str
        The name of the policy with which others are compared.
    replications : int
        The number of replications.
    first : int
        The number of the first replication.
    seed : int
        The seed of all random streams.
    behaviour : str
        The behaviour under which all policies are simulated.

    Notes
    -----
    The citizens of all replications and the baseline's work stay in memory, about 60 MB per replication for a
    bureau with 60,000 requests a year. A policy that changes only pay or assessment judges that work again.
    One that changes offices or staff is simulated with the same citizens, which are not drawn again.

    Examples
    --------
    >>> import sim
    >>> trial = sim.what_if("one-office", replications=3, seed=1)
    >>> trial.baseline, trial.replications, trial.behaviour
    ('current', 3, 'mechanical')
    """

    def __init__(
        self,
        scenario: Scenario,
        baseline: str | Path,
        replications: int,
        seed: int,
        behaviour: str,
        first: int = 0,
    ) -> None:
        self.scenario = scenario
        self.behaviour = behaviour
        self._upon = load_policy(scenario, baseline)
        self.baseline = self._upon.name
        self.replications = replications
        self.first = first
        self.seed = seed
        drawn.allow(replications)
        weakref.finalize(self, drawn.allow, -replications)
        self._work: dict[int, Work] = {}
        self._decisive = ""  # what decides the work that is kept
        self._baseline = self.outcomes(self._upon)

    def _facts(self) -> list[tuple[str, str]]:
        return [
            ("scenario", self.scenario.name),
            ("baseline", self.baseline),
            ("behaviour", self.behaviour),
            ("replications", f"{self.replications}, seed {self.seed}"),
            *bureau_facts(self._baseline, self.scenario.currency),
            ("try", 'trial.compare({"dotted.path": value})'),
        ]

    def outcomes(self, policy: PolicyLike) -> pd.DataFrame:
        """Simulate or judge all replications under a policy.

        Parameters
        ----------
        policy : str, Path, Policy or Mapping
            A name, a path that ends in ``.yaml``, a policy, or changes as ``{dotted path: new value}``.

        Returns
        -------
        DataFrame
            All outcomes in long form, with the columns of `Study.outcomes`.

        Raises
        ------
        InputError
            If the policy cannot be read, or the scenario refuses it.

        Warns
        -----
        sim.scenario.idle.NoEffect
            If a change of the policy has no effect.

        Examples
        --------
        >>> import sim
        >>> trial = sim.what_if("one-office", replications=3, seed=1)
        >>> table = trial.outcomes({"pay.deduction_per_point": 2})
        >>> sorted(table["replication"].unique().tolist())
        [0, 1, 2]
        """
        policy = made_upon(load_policy(self.scenario, policy), self._upon)
        rules = in_force(reform(self.scenario, policy))
        same_work = rules.digest(of_work=not BEHAVIOURS[self.behaviour].READS_RULES) == self._decisive
        if same_work:  # else `simulate` tells
            tell_idle(self.scenario, policy)

        def one(replication: int) -> LongTable:
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
            return result.told

        numbers = range(self.first, self.first + self.replications)
        # The executor holds no lock while it runs; what is Python around it takes turns, and judging is.
        threads = 1 if same_work else min(self.replications, os.cpu_count() or 1)
        with warnings.catch_warnings(), ThreadPoolExecutor(threads) as pool:
            warnings.simplefilter("ignore", Unsettled)  # so do these outcomes: `beliefs_unsettled`
            warnings.simplefilter("ignore", Stuck)  # the outcome `stuck` says it
            found = list(pool.map(one, numbers))
        self._decisive = self._decisive or rules.digest(of_work=not BEHAVIOURS[self.behaviour].READS_RULES)
        table = joined(found).frame()
        table["policy"], table["behaviour"] = policy.name, self.behaviour
        table["replication"] = np.repeat(numbers, [len(own.value) for own in found])
        return with_units(table, self.scenario.currency)

    def compare(
        self,
        policy: PolicyLike,
        level: str = "bureau",
        outcomes: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """Compare a policy with the baseline on common random numbers.

        Parameters
        ----------
        policy : str, Path, Policy or Mapping
            A name, a path that ends in ``.yaml``, a policy, or changes as ``{dotted path: new value}``.
        level : str, optional
            What a row of the table is about, as for `Study.compare`.
        outcomes : str or sequence of str, optional
            The names of outcomes; all by default.

        Returns
        -------
        DataFrame
            Paired differences with 95 % intervals, in the columns of `Study.compare`. ``p_holm`` is corrected
            for the rows of one outcome.

        Raises
        ------
        InputError
            If the policy is refused or is the baseline, or an outcome or the level is unknown.

        Warns
        -----
        sim.scenario.idle.NoEffect
            If a change of the policy has no effect.

        Examples
        --------
        >>> import sim
        >>> trial = sim.what_if("one-office", replications=3, seed=1)
        >>> table = trial.compare({"pay.deduction_per_point": 2}, outcomes=["mean_score", "pay_total"])
        >>> table[["outcome", "difference", "exact_zero"]].round(2)
                       outcome  difference  exact_zero
        0  mean_score [points]           0        True
        1     pay_total [yuan]      -5,708       False
        """
        tried = self.outcomes(policy)
        name = tried["policy"].iloc[0]
        if name == self.baseline:
            raise InputError(f"'{name}' is the baseline", remedy="Give another policy")
        found = compare(
            pd.concat([self._baseline, tried], ignore_index=True),
            name,
            self.baseline,
            level=level,
            only=outcomes,
        )
        return with_units(found, self.scenario.currency)


def what_if(
    scenario: Scenario | str | Path,
    *,
    baseline: str | Path = CURRENT,
    replications: int = 10,
    seed: int = 0,
    behaviour: str = "mechanical",
    first: int = 0,
) -> WhatIf:
    """Simulate the baseline in memory, to compare other policies with it at once.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A scenario, or its name or path as for `load`.
    baseline : str or Path, optional
        The name of a policy, or its file. The other policies change what it leaves.
    replications : int, optional
        The number of replications, from 2 to 1000.
    seed : int, optional
        The seed of all random streams.
    behaviour : {'mechanical', 'responsive', 'learning'}, optional
        How people respond to the rules; ``mechanical`` is not at all.
    first : int, optional
        The number of the first replication: trials of two from 0 and two from 2 are one of four from 0.

    Returns
    -------
    WhatIf
        The replications, with methods that compare policies.

    Raises
    ------
    InputError
        If the scenario, the baseline, the behaviour or a number of replications is wrong.

    See Also
    --------
    study : Run many replications that are kept on disk.

    Examples
    --------
    >>> import sim
    >>> trial = sim.what_if("one-office", replications=3, seed=1)
    >>> trial.compare("one-more-clerk", outcomes=["on_time_rate"])[["difference", "low", "high"]].round(2)
       difference   low  high
    0        0.29  0.23  0.34
    """
    if not isinstance(replications, int) or isinstance(replications, bool) or not 2 <= replications <= 1000:
        raise InputError(f"{replications!r} replications", remedy="Give a whole number from 2 to 1000")
    if not isinstance(first, int) or isinstance(first, bool) or first < 0:
        raise InputError(f"the first replication is {first!r}", remedy="Give a whole number from 0")
    if not isinstance(scenario, Scenario):
        scenario = load(scenario)
    if not isinstance(baseline, str | Path):
        raise InputError(f"the baseline is {baseline!r}", remedy="Give the name of a policy, or its file")
    if behaviour not in BEHAVIOURS:
        raise InputError(f"unknown behaviour '{behaviour}'", remedy=nearest(behaviour, BEHAVIOURS))
    return WhatIf(scenario, baseline, replications, seed, behaviour, first)
