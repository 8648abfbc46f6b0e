"""What a rule asks of one office: the worth of a score, the forecast, and the effort that it plans."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.behaviour import BEHAVIOURS
from sim.behaviour.expected_worth import expected_each
from sim.behaviour.responsive import drawn_people
from sim.behaviour.year import Plan, plans
from sim.flow import build, executor, prepare
from sim.replication import trials
from sim.replication.people import Staff
from sim.replication.review import Review
from sim.scenario import Scenario, load, load_policy, reform
from sim.scenario.errors import InputError, nearest
from sim.scenario.months import months_of
from sim.scenario.policy import CURRENT, PolicyLike
from sim.world import draw_world, in_force

SHARES = (0.1, 0.5, 0.9)  # of courses of the year under which effort lies
_COURSES = 400
_SPREADS = 4.0


@dataclass(frozen=True)
class Asked:
    """What a policy asks of one unit in the first year.

    Attributes
    ----------
    policy, unit : str
        Their names.
    score, worth : ndarray
        True year-end scores, points, (x,), and what each is worth on average, in years of full pay, (x,).
    usual, luck_sd, unseen_sd : float
        The score at usual effort, its spread by the luck of the months, and that of its measurement, points.
    aim : float
        The mean score at the planned effort, points.
    effort : ndarray
        (months, 4), mean effort in each month over courses of the year, and its 10, 50 and 90 % points.

    Examples
    --------
    >>> import sim
    >>> found = sim.asked("one-office", "office", {"behaviour.responsive.effort.on": True})
    >>> found.unit, found.score.shape == found.worth.shape
    ('office', True)
    """

    policy: str
    unit: str
    score: np.ndarray
    worth: np.ndarray
    usual: float
    luck_sd: float
    unseen_sd: float
    aim: float
    effort: np.ndarray


def asked(scenario: Scenario | str | Path, unit: str, policy: PolicyLike = CURRENT) -> Asked:
    """Return what a policy asks of one unit whose people know the rules and plan the first year.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A scenario, or its name or path as for `sim.load`.
    unit : str
        A unit with a scorecard.
    policy : str, Path, Policy or Mapping, optional
        As for `sim.simulate`.

    Returns
    -------
    Asked
        Worth by score, forecast, and planned effort by month.

    Raises
    ------
    InputError
        If the unit is unknown, has no score, or has nothing at stake under the policy, or if nobody changes
        effort.

    Notes
    -----
    What effort brings is measured in trials first, if it is not kept (`behaviour.trials`).

    Examples
    --------
    >>> import sim
    >>> found = sim.asked("one-office", "office", {"behaviour.responsive.effort.on": True})
    >>> found.effort.shape
    (12, 4)
    """
    if not isinstance(scenario, Scenario):
        scenario = load(scenario)
    if not isinstance(unit, str) or unit not in scenario.units:
        raise InputError(f"there is no unit '{unit}'", remedy=nearest(str(unit), scenario.units))
    policy = load_policy(scenario, policy)
    rules = in_force(reform(scenario, policy))
    behaviour = BEHAVIOURS["responsive"]
    if not rules.behaviour.responsive.effort.on:
        raise InputError(
            f"nobody changes effort under '{policy.name}'",
            remedy="Set 'behaviour.responsive.effort.on' to true",
        )
    if not trials.matter(rules, behaviour):
        raise InputError(
            f"nobody responds under '{policy.name}'", remedy="Give assessment, pay and a strength above 0"
        )
    prepare("compiled")
    world = draw_world(rules, trials.SEED)
    bureau = build(world)
    review = Review(rules, world, bureau, behaviour, trials.known(rules, "compiled"))
    month = months_of(rules.horizon, world.calendar, *world.years[0])[0]
    flow = executor("compiled")(bureau.tables)
    standing = review.standing(flow, Staff(rules, world, bureau), [], month)
    plan = plans(standing, rules, drawn_people(rules, world.streams)).units[list(rules.units).index(unit)]
    if plan is None:
        raise InputError(
            f"'{unit}' has nothing at stake under '{policy.name}'", remedy="Name a unit with a score"
        )
    reach = _SPREADS * max(np.hypot(plan.luck_sd, plan.unseen_sd), 0.5)
    score = np.linspace(min(plan.usual, plan.end) - reach, max(plan.usual, plan.end) + reach, 241)
    worth = expected_each(plan.worth, score, plan.unseen_sd, plan.uniform)
    return Asked(
        policy.name,
        unit,
        score,
        worth,
        plan.usual,
        plan.luck_sd,
        plan.unseen_sd,
        plan.end,
        _courses(plan, standing.volume[list(rules.units).index(unit)], standing.months),
    )


def _courses(plan: Plan, volume: np.ndarray, months: int) -> np.ndarray:
    """Return mean and quantiles of the effort in each month over courses of the year, (months, 4)."""
    luck = np.random.default_rng(trials.SEED).standard_normal((_COURSES, months))
    score = np.full(_COURSES, plan.usual)
    effort = np.empty((_COURSES, months))
    for month in range(months):
        for course in range(_COURSES):
            at, _ = plan.answer(score[course], 1 - month / months, month)
            extra = plan.extra(at)
            effort[course, month] = 1 + float(volume @ extra)
            gain = float(np.interp(at, np.arange(len(plan.options.gain)), plan.options.gain))
            score[course] += gain / months + plan.luck_sd / np.sqrt(months) * luck[course, month]
    return np.column_stack([effort.mean(axis=0), *np.quantile(effort, SHARES, axis=0)])
