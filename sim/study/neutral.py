"""Budget-neutral policies: the value of one parameter at which a policy costs what the baseline costs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from pydantic.fields import FieldInfo

from sim.evaluate.estimate import half_widths
from sim.replication import Work, simulate
from sim.rules.budget import NoSolution, neutral
from sim.scenario import InputError, Policy, Scenario, load, load_policy, reform
from sim.scenario.errors import nearest
from sim.scenario.part import card_of
from sim.scenario.paths import field_at
from sim.scenario.policy import CURRENT, PolicyLike
from sim.scenario.reform import made_upon

COSTS = ("pay_total", "assessment_pay", "bonus", "reward_fund")


@dataclass(frozen=True)
class Neutral:
    """The budget-neutral value of a parameter, as returned by `budget_neutral`.

    Attributes
    ----------
    parameter : str
        The dotted path of the parameter.
    value : float
        The value at which the policy costs what the baseline costs.
    low, high : float
        The confidence interval of the value, over replications.
    confidence : float
        The confidence level, from 0 to 1.
    cost : str
        The name of the cost.
    amount, target : float
        The mean yearly cost under the policy and under the baseline, in the scenario's currency.
    replications : int
        The number of replications.
    policy : Policy
        The policy with the value, ready for `simulate` or `what_if`.

    Examples
    --------
    >>> import sim
    >>> double = {"pay.deduction_per_point": 2}
    >>> found = sim.budget_neutral("one-office", double, "pay.full_pay_threshold", replications=3)
    >>> found.policy.name, sorted(found.policy.changes)
    ('what-if-neutral', ['pay.deduction_per_point', 'pay.full_pay_threshold'])
    """

    parameter: str
    value: float
    low: float
    high: float
    confidence: float
    cost: str
    amount: float
    target: float
    replications: int
    policy: Policy


def budget_neutral(
    scenario: Scenario | str | Path,
    policy: PolicyLike,
    parameter: str,
    *,
    low: float | None = None,
    high: float | None = None,
    baseline: str | Path = CURRENT,
    cost: str = "pay_total",
    replications: int = 10,
    seed: int = 0,
    confidence: float = 0.95,
) -> Neutral:
    """Find the value of a parameter at which a policy costs what the baseline costs.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A scenario, or its name or path as for `load`.
    policy : str, Path, Policy or Mapping
        A name, a path that ends in ``.yaml``, a policy, or changes as ``{dotted path: new value}``.
    parameter : str
        The dotted path of a number by which a year is judged or paid: a threshold, a slope, a level.
    low, high : float, optional
        The bounds of the search; the parameter's own by default. The cost must be monotone between them.
    baseline : str or Path, optional
        The name of a policy, or its file; `policy` changes what it leaves.
    cost : {'pay_total', 'assessment_pay', 'bonus', 'reward_fund'}, optional
        The yearly cost that is to be equal.
    replications : int, optional
        The number of replications, from 2 to 1000.
    seed : int, optional
        The seed of all random streams.
    confidence : float, optional
        The confidence level of the interval, between 0 and 1.

    Returns
    -------
    Neutral
        The value with its confidence interval, and the policy with that value.

    Raises
    ------
    InputError
        If a file, a name or a bound is wrong, the parameter changes the work itself, or no value between the
        bounds is neutral.

    Notes
    -----
    Each replication is simulated once and then judged for each trial value; the value is found by bisection.
    The interval is that of an estimating equation. Its standard error is that of the mean paired difference
    in cost, divided by the slope of the cost in the parameter.

    References
    ----------
    Huber, P. J. (1967). The behavior of maximum likelihood estimates under nonstandard conditions.
    Proceedings of the Fifth Berkeley Symposium on Mathematical Statistics and Probability, 1, 221–233.

    Examples
    --------
    >>> import sim
    >>> double = {"pay.deduction_per_point": 2}
    >>> found = sim.budget_neutral("one-office", double, "pay.full_pay_threshold", replications=3)
    >>> round(found.value, 1), round(found.low, 1), round(found.high, 1)
    (83.0, 80.5, 85.5)
    """
    if not isinstance(scenario, Scenario):
        scenario = load(scenario)
    if cost not in COSTS:
        raise InputError(f"unknown cost '{cost}'", remedy=nearest(cost, COSTS))
    if type(replications) is not int or not 2 <= replications <= 1000:
        raise InputError(f"{replications!r} replications", remedy="Give a whole number from 2 to 1000")
    if not 0 < confidence < 1:
        raise InputError(f"the confidence is {confidence!r}", remedy="Give a share under 1, for example 0.95")
    given = made_upon(load_policy(scenario, policy), load_policy(scenario, baseline))
    low, high = _bounds(scenario, given, parameter, low, high)
    at_ends = [_variant(given, parameter, value) for value in (low, high)]
    digests = {reform(scenario, variant).digest(of_work=True) for variant in at_ends}
    rules = reform(scenario, at_ends[0])
    if len(digests) > 1 or (rules.careers.on and (rules.horizon.years or 1) > 1):
        raise InputError(
            f"'{parameter}' changes the work itself, not only how it is judged and paid",
            path=parameter,
            remedy="Give a parameter of scorecards, assessment or pay, and switch careers off",
        )

    def work(of: PolicyLike) -> list[Work]:
        return [simulate(scenario, of, seed=seed, replication=one).work for one in range(replications)]

    works = work(baseline)
    target = _costs(works, reform(scenario, baseline), cost)
    if reform(scenario, baseline).digest(of_work=True) not in digests:
        works = work(at_ends[0])

    def costs(value: float) -> np.ndarray:
        return _costs(works, reform(scenario, _variant(given, parameter, value)), cost)

    try:
        value = neutral(lambda value: costs(value).mean(), target.mean(), low, high)
    except NoSolution as none:
        raise InputError(
            f"no '{parameter}' is neutral: {none}", path=parameter, remedy="Widen the bounds, or change more"
        ) from None
    except ValueError as wrong:
        raise InputError(str(wrong), path=parameter, remedy="Give other bounds") from None
    at_value = costs(value)
    step = 1e-3 * (high - low)
    left, right = max(value - step, low), min(value + step, high)
    slope = (costs(right).mean() - costs(left).mean()) / (right - left)
    spread = (at_value - target).std(ddof=1)
    half = float(half_widths(spread, np.array(replications), confidence)) if spread > 0 else 0.0
    half = half / abs(slope) if slope else float("inf") if half else 0.0
    return Neutral(
        parameter,
        value,
        float(max(value - half, low)),
        float(min(value + half, high)),
        confidence,
        cost,
        float(at_value.mean()),
        float(target.mean()),
        replications,
        _variant(given, parameter, value),
    )


def _variant(policy: Policy, parameter: str, value: float) -> Policy:
    """The policy with one more change, which is nobody's file any more."""
    return replace(
        policy, name=f"{policy.name}-neutral", changes={**policy.changes, parameter: value}, source=None
    )


def _bounds(
    scenario: Scenario, policy: Policy, parameter: str, low: float | None, high: float | None
) -> tuple[float, float]:
    """The given bounds, else those of the parameter's card."""
    data = reform(scenario, policy).source.data
    found = field_at(Scenario, tuple(parameter.split(".")), data)
    if found is None:
        reform(scenario, _variant(policy, parameter, 0.0))  # which says what is wrong with the name
    card = card_of(found) if isinstance(found, FieldInfo) else None
    own = card["bounds"] if card else {}
    low = own.get("ge", own.get("gt")) if low is None else low
    high = own.get("le", own.get("lt")) if high is None else high
    return _bound("low", low, parameter), _bound("high", high, parameter)


def _bound(name: str, bound: object, parameter: str) -> float:
    if isinstance(bound, bool) or not isinstance(bound, int | float):
        raise InputError(
            f"'{name}' is {bound!r}: where to look for '{parameter}' is not known",
            path=parameter,
            remedy=f"Give '{name}' as a number",
        )
    return float(bound)


def _costs(works: list[Work], rules: Scenario, cost: str) -> np.ndarray:
    """Mean yearly cost of each replication, in the scenario's currency (replications,)."""
    return np.array([np.mean([one.bureau[cost] for one in work.verdicts(rules)]) for work in works])
