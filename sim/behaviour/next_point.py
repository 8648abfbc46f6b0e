"""What the next point of score is worth to a unit: m = d E[pay and career value] / d score, money a point."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from sim.rules.incentive import marginal, marginal_variance
from sim.rules.schedule import Schedule, bonus_schedule, combined, pay_schedule, step
from sim.rules.tournament import bottom_chances, expected_percentiles
from sim.scenario.part import given
from sim.scenario.schema import Scenario

from .conduct import Standing
from .effort import ratchet_share


def worth_of_a_point(standing: Standing, rules: Scenario) -> np.ndarray:
    """Money a point, (units,), at the forecast of the year-end score; 0 for units without a score.

    Slopes of pay and bonus where the score may fall, each jump times the density of the forecast at it, the
    lines of advanced units and of promotion, and the density of the contests at the bottom and for the
    reward fund. Pay by rank, ranks of scaled scores and rolling scores are read as they are judged, with
    normal approximations; a point is then worth what it brings in all the years in which it counts.
    """
    worth = np.zeros(len(standing.score_mean))
    who = np.flatnonzero(standing.scored & np.isfinite(standing.score_mean) & (standing.pay > 0))
    if len(who) == 0 or rules.assessment is None or rules.pay is None:
        return worth
    part = rules.behaviour.responsive
    mean = standing.score_mean[who]
    sd = np.maximum(standing.score_sd[who] * _calmed(rules), part.least_spread)
    worth[who] = (
        _of_pay(standing, rules, who, mean, sd)
        + _of_titles(standing, rules, who, mean, sd)
        + _of_contests(standing, rules, who, mean, sd)
    )
    if part.ratchet.on:
        worth *= ratchet_share(part.ratchet.kappa, part.ratchet.discount)
    return worth


def _calmed(rules: Scenario) -> float:
    """How much less the mean of several years varies than one year."""
    rolling = given(rules.assessment).rolling
    if not rolling.on:
        return 1.0
    weight = np.array(rolling.weights or (1.0,) * rolling.years, float)
    return float(np.sqrt(np.sum((weight / weight.sum()) ** 2)))


def _of_pay(
    standing: Standing, rules: Scenario, who: np.ndarray, mean: np.ndarray, sd: np.ndarray
) -> np.ndarray:
    bound = standing.bound[who]
    if not bound.any():
        return np.zeros(len(who))
    pay = given(rules.pay)
    last_year = None if standing.last_year is None else standing.last_year[who]
    share, bonus = pay_schedule(pay, last_year), bonus_schedule(pay)
    if pay.gate.on:
        # each unit has a margin of its own: its forecast moves up instead of the schedule down
        mean = mean + ndtri(pay.gate.confidence) * _error(standing, rules, who)
    paid = combined(
        [
            (share, np.where(bound, standing.assessment_pay[who], 0.0)),
            (bonus, np.where(bound, standing.bonus[who], 0.0)),
        ]
    )
    aversion = rules.behaviour.responsive.risk_aversion / standing.pay[who]
    if pay.basis == "rank":
        place, spread, rise = expected_percentiles(mean, sd, bound)
        return rise * _certain(paid, place, spread, aversion)
    return _certain(paid, mean, sd, aversion)


def _certain(paid: Schedule, mean: np.ndarray, sd: np.ndarray, aversion: np.ndarray) -> np.ndarray:
    """Mean pay less the price of its risk, per point."""
    found = marginal(paid, mean, sd)
    return found - aversion / 2 * marginal_variance(paid, mean, sd) if np.any(aversion) else found


def _of_titles(
    standing: Standing, rules: Scenario, who: np.ndarray, mean: np.ndarray, sd: np.ndarray
) -> np.ndarray:
    values, lines = rules.behaviour.responsive.careers, given(rules.assessment)
    if values.promotion == 0 and values.advanced == 0:
        return np.zeros(len(who))
    pay = standing.pay[who]
    titles = combined(
        [
            (step(lines.promotion_threshold), values.promotion * pay),
            (step(lines.advanced_threshold), values.advanced * pay),
        ]
    )
    if lines.thresholds == "rank":
        place, spread, rise = expected_percentiles(mean, sd, np.ones(len(who), bool))
        return rise * marginal(titles, place, spread)
    return marginal(titles, mean, sd)


def _of_contests(
    standing: Standing, rules: Scenario, who: np.ndarray, mean: np.ndarray, sd: np.ndarray
) -> np.ndarray:
    found = np.zeros(len(who))
    lines = given(rules.assessment)
    loss, count = rules.behaviour.responsive.careers.bottom, lines.bottom_count
    if loss and count:
        ranked, spread, rise = _comparable(rules, who, mean, sd)
        distinct = lines.bottom_only_if_distinct
        if distinct.on:  # one must lie that much lower to be told apart
            ranked = ranked + rise * ndtri(distinct.confidence) * np.sqrt(2) * _error(standing, rules, who)
        found -= loss * standing.pay[who] * rise * bottom_chances(ranked, spread, count)[1]
    fund = given(rules.pay).reward_fund
    if fund.on and fund.sum:
        among = _contestants(rules, who) if fund.among == "certifiable" else np.ones(len(who), bool)
        out = int(np.count_nonzero(among)) - fund.top_count
        if out > 0:
            prize = fund.sum / fund.top_count / _people(rules)[who[among]]
            found[among] -= prize * bottom_chances(mean[among], sd[among], out)[1]
    return found


def _comparable(
    rules: Scenario, who: np.ndarray, mean: np.ndarray, sd: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Forecasts on the scale by which units are ranked, and how much a point of score is on it.

    Standard deviations from the mean of the units with the same scorecard; ranks within the group are much
    like them.
    """
    rise = np.ones(len(who))
    if given(rules.assessment).scaling == "none":
        return mean, sd, rise
    types = [rules.type_of(unit) for unit in rules.units]
    card = np.array([str(types[unit].scorecard) for unit in who])
    ranked = mean.copy()
    for name in np.unique(card):
        mine = card == name
        rise[mine] = 1 / np.sqrt(np.var(mean[mine]) + np.mean(sd[mine] ** 2))
        ranked[mine] = (mean[mine] - mean[mine].mean()) * rise[mine]
    return ranked, sd * rise, rise


def _contestants(rules: Scenario, who: np.ndarray) -> np.ndarray:
    types = [rules.type_of(unit) for unit in rules.units]
    return np.array([types[unit].certifiable for unit in who])


def _people(rules: Scenario) -> np.ndarray:
    """Posts of each unit, (units,), at least 1."""
    posts = dict.fromkeys(rules.units, 0)
    for group in rules.staff.values():
        posts[group.unit] += group.count
    return np.maximum(np.array(list(posts.values()), float), 1.0)


def _error(standing: Standing, rules: Scenario, who: np.ndarray) -> np.ndarray:
    """The error that the rules hold a score to have: as reckoned so far, or the given one."""
    noise = given(rules.assessment).noise
    if standing.score_error is not None and noise.method != "given":
        return np.nan_to_num(standing.score_error[who])
    return np.full(len(who), noise.standard_error)
