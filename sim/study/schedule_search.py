"""Search for the pay schedule that is best by a stated goal at a stated budget."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from sim.evaluate.choose import choose
from sim.evaluate.levers import Rule
from sim.evaluate.studio import MEASURES, expected_cost, neutral_pay, schedules_table
from sim.scenario.counts import number_of
from sim.scenario.errors import InputError, nearest
from sim.scenario.pay import Gate, SchedulePoint
from sim.scenario.policy import Policy
from sim.scenario.reform import reform
from sim.scenario.shown import Shown, listed

from .design import Study
from .studio import SERVICE, as_policy, resimulate, simulated, stored_scores

Goal = Literal["marginal_incentive", "noise_tax", "wrongful", "expected_deduction"]
SPACE: dict[str, tuple[float, ...]] = {
    "full_pay_threshold": (88.0, 99.0),  # points
    "deduction_per_point": (0.25, 5.0),  # % of assessment pay
    "bonus_line": (88.0, 99.0),  # points: the middle of the bonus's rise
    "bonus_width": (0.0, 8.0),  # points over which the bonus rises; under 0.5 it jumps
    "years": (1.0, 4.0),  # whole ones
    "confidence": (0.3, 0.99),  # of the gate; none under 0.5
}


@dataclass(frozen=True, repr=False)
class BestSchedule(Shown):
    """Schedules found by `best_schedule`.

    Attributes
    ----------
    tried : DataFrame
        One row per schedule tried, indexed by its name: the numbers that make it, its measures, ``allowed``
        (it keeps all limits), best first.
    policies : dict of str to Policy
        The best ones, at the budget.
    service : DataFrame or None
        The best ones simulated with people who respond: the columns of `resimulate`. None if not asked.
    ranking : DataFrame or None
        The choice among them by the first outcome of service: the columns of `Study.choose`, by policy. None
        if not asked.

    Examples
    --------
    >>> import sim
    >>> study = sim.Study.of("one-office", replications=4, name="search").run(workers=1, progress=False)
    >>> found = sim.best_schedule(study, "noise_tax", limits={"marginal_incentive": 0.5}, tried=16)
    >>> bool(found.tried["allowed"].iloc[0]), len(found.policies)
    (True, 3)
    """

    tried: pd.DataFrame
    policies: dict[str, Policy]
    service: pd.DataFrame | None
    ranking: pd.DataFrame | None

    def _facts(self) -> list[tuple[str, str]]:
        allowed = int(self.tried["allowed"].sum())
        return [
            ("tried", f"{number_of(len(self.tried), 'schedule')}, of which {allowed} keep all limits"),
            ("best", listed(list(self.policies))),
            ("simulated with response", "no" if self.service is None else "yes: .service, .ranking"),
            ("see", ".tried, .policies"),
        ]


def best_schedule(
    study: Study,
    goal: Goal = "noise_tax",
    *,
    limits: Mapping[str, float] | None = None,
    budget: float | None = None,
    tried: int = 128,
    kept: int = 3,
    seed: int = 0,
    behaviour: str | None = None,
    outcomes: Sequence[str] = SERVICE,
    replications: int | None = None,
    workers: int | None = None,
) -> BestSchedule:
    """Search for the pay schedule that is best by a goal, each made to cost the budget.

    Parameters
    ----------
    study : Study
        A study with results. The scores are those of its baseline.
    goal : {'noise_tax', 'marginal_incentive', 'wrongful', 'expected_deduction'}, optional
        What is to be least, the noise tax in size; the marginal incentive is to be greatest.
    limits : mapping of str to float, optional
        The greatest value of other measures, of the noise tax in size; the least of the marginal incentive.
    budget : float, optional
        The expected cost, currency a year; the baseline's by default.
    tried : int, optional
        How many schedules are tried.
    kept : int, optional
        How many of the best are returned.
    seed : int, optional
        The seed of the scrambled Sobol sequence of schedules.
    behaviour : str, optional
        A behaviour under which the best are simulated; they are not by default.
    outcomes : sequence of str, optional
        The outcomes of the simulation. The best are ranked by the first.
    replications, workers : int, optional
        As for `resimulate`.

    Returns
    -------
    BestSchedule
        All schedules tried, the best as policies, and what they do once people respond.

    Raises
    ------
    InputError
        If a measure is unknown, a number is too small, or no schedule keeps the limits at this budget.

    Notes
    -----
    The search is over threshold, deduction per point, place and width of the bonus, years that count, and
    the confidence of the gate. The level of assessment pay makes each cost the budget. The measures of a
    search flatter its winner: read `service`, which is simulated anew.

    References
    ----------
    Niederreiter, H. (1992). Random number generation and quasi-Monte Carlo methods. SIAM.

    Examples
    --------
    >>> import sim
    >>> study = sim.Study.of("one-office", replications=4, name="search").run(workers=1, progress=False)
    >>> found = sim.best_schedule(study, "noise_tax", limits={"marginal_incentive": 0.5}, tried=16)
    >>> bool(found.tried["marginal_incentive"].iloc[0] >= 0.5)
    True
    """
    from scipy.stats import qmc

    limits = dict(limits or {})
    for name in (goal, *limits):
        if name not in MEASURES or name == "expected_cost":
            raise InputError(f"no measure '{name}'", remedy=nearest(name, [*MEASURES][1:]))
    for name, value in (limits | {"budget": 0.0 if budget is None else budget}).items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise InputError(f"'{name}' is {value!r}", remedy="Give a number")
    if type(seed) is not int or seed < 0:
        raise InputError(f"the seed is {seed!r}", remedy="Give a whole number from 0")
    if type(tried) is not int or tried < 2 or type(kept) is not int or not 0 < kept <= tried:
        raise InputError(f"{kept!r} of {tried!r} schedules are kept", remedy="Try two or more, keep some")
    scores = stored_scores(study)
    now = reform(study.scenario, study.policies[study.baseline])
    target = expected_cost(Rule.of(now), scores) if budget is None else budget
    low, high = np.array(list(SPACE.values())).T
    points = qmc.Sobol(len(SPACE), rng=seed).random(1 << (tried - 1).bit_length())[:tried]
    rules: dict[str, Rule] = {}
    made = {}
    for number, point in enumerate(low + points * (high - low)):
        name = f"schedule-{number}"
        numbers = dict(zip(SPACE, point.tolist(), strict=True))
        try:
            rules[name] = neutral_pay(_rule(Rule.of(now), numbers), scores, target, "level")[0]
        except InputError:  # it cannot cost so much
            continue
        made[name] = numbers
    if not rules:
        raise InputError(f"no schedule costs {target:,.0f}", remedy="Give another budget")
    measured = schedules_table(rules, scores).pivot(index="schedule", columns="measure", values="value")
    table = pd.DataFrame.from_dict(made, orient="index").join(measured).rename_axis("schedule")
    allowed = np.ones(len(table), bool)
    for name, limit in limits.items():
        allowed &= _worse(name, table[name].to_numpy(float)) <= _worse(name, np.array(limit))
    if not allowed.any():
        raise InputError(f"none of {len(table)} schedules keeps the limits", remedy="Widen them, or try more")
    order = np.lexsort((np.nan_to_num(_worse(goal, table[goal].to_numpy(float)), nan=np.inf), ~allowed))
    table = table.assign(allowed=allowed).iloc[order]
    chosen = list(table.index[table["allowed"]][:kept])
    policies = {name: as_policy(study, rules[name], Policy.of({}, name=name)) for name in chosen}
    if behaviour is None:
        return BestSchedule(table, policies, None, None)
    service = resimulate(
        study,
        policies,
        behaviour=behaviour,
        replications=replications,
        workers=workers,
        outcomes=outcomes,
    )
    again = simulated(study, policies, behaviour, replications, workers)  # from the store
    ranking = choose(again.outcomes, outcomes[0], study.baseline, policies=list(again.policies))
    return BestSchedule(table, policies, service, ranking.set_index("policy"))


def _worse(measure: str, values: np.ndarray) -> np.ndarray:
    """Return values that are the worse the greater: luck that pays is as bad as luck that costs."""
    if measure == "marginal_incentive":
        return -values
    return np.abs(values) if measure == "noise_tax" else values


def _rule(now: Rule, numbers: Mapping[str, float]) -> Rule:
    """Return the pay rule with these numbers of `SPACE`."""
    line, half = numbers["bonus_line"], numbers["bonus_width"] / 2
    change: dict[str, Any] = {
        "schedule": None,
        "bonus_schedule": None,
        "basis": "score",
        "most_change": None,
        "full_pay_threshold": round(numbers["full_pay_threshold"], 2),
        "deduction_per_point": round(numbers["deduction_per_point"], 3),
        "bonus_threshold": round(line, 2),
    }
    if half >= 0.25:
        ends = (round(max(line - half, 0), 2), round(min(line + half, 100), 2))
        change["bonus_schedule"] = tuple(
            SchedulePoint(score=score, share=share) for score, share in zip(ends, (0.0, 1.0), strict=True)
        )
    gated = numbers["confidence"] >= 0.5
    change["gate"] = Gate(on=gated, confidence=round(numbers["confidence"], 3)) if gated else Gate()
    years = min(int(numbers["years"]), 3)
    rolling = now.rolling.model_copy(update={"on": years > 1, "years": years, "weights": ()})
    return Rule(now.pay.model_copy(update=change), rolling)
