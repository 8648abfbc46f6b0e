"""The marginal value of score to a unit: m = d E[pay and career value] / d score, money per point."""

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
    """Return money per point, (units,), at the forecast of the year-end score; 0 for units without a score.

    It sums the slopes of pay and bonus where the score may fall, each jump times the density of the forecast
    at it, and the same for the lines of advanced units and of promotion. The contests at the bottom and for
    the reward fund add their densities. Pay by rank, ranks of scaled scores and rolling scores follow the
    rules, with normal approximations; a point then has its value of all years in which it counts.
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
    """Return the standard deviation of the mean of several years, relative to one year."""
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
        # margins differ by unit: the forecast moves up instead of the schedule down
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
    """Return the marginal mean pay, less the marginal price of its risk, per point."""
    slope = marginal(paid, mean, sd)
    return slope - aversion / 2 * marginal_variance(paid, mean, sd) if np.any(aversion) else slope


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
    worth = np.zeros(len(who))
    lines = given(rules.assessment)
    loss, count = rules.behaviour.responsive.careers.bottom, lines.bottom_count
    if loss and count:
        ranked, spread, rise = _comparable(rules, who, mean, sd)
        distinct = lines.bottom_only_if_distinct
        if distinct.on:  # a unit must lie lower by the margin to be told apart
            ranked = ranked + rise * ndtri(distinct.confidence) * np.sqrt(2) * _error(standing, rules, who)
        worth -= loss * standing.pay[who] * rise * bottom_chances(ranked, spread, count)[1]
    fund = given(rules.pay).reward_fund
    if fund.on and fund.sum:
        among = _contestants(rules, who) if fund.among == "certifiable" else np.ones(len(who), bool)
        out = int(np.count_nonzero(among)) - fund.top_count
        if out > 0:
            prize = fund.sum / fund.top_count / _people(rules)[who[among]]
            worth[among] -= prize * bottom_chances(mean[among], sd[among], out)[1]
    return worth


def _comparable(
    rules: Scenario, who: np.ndarray, mean: np.ndarray, sd: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return mean and sd of the forecasts on the scale of ranking, and the size of a point of score on it.

    The scale is standard deviations from the mean of the units with the same scorecard; ranks within the
    group are similar.
    """
    rise = np.ones(len(who))
    if given(rules.assessment).scaling == "none":
        return mean, sd, rise
    types = [rules.type_of(unit) for unit in rules.units]
    card = np.array([str(types[unit].scorecard) for unit in who])
    ranked = mean.copy()
    for name in np.unique(card):
        same_card = card == name
        rise[same_card] = 1 / np.sqrt(np.var(mean[same_card]) + np.mean(sd[same_card] ** 2))
        ranked[same_card] = (mean[same_card] - mean[same_card].mean()) * rise[same_card]
    return ranked, sd * rise, rise


def _contestants(rules: Scenario, who: np.ndarray) -> np.ndarray:
    types = [rules.type_of(unit) for unit in rules.units]
    return np.array([types[unit].certifiable for unit in who])


def _people(rules: Scenario) -> np.ndarray:
    """Return the posts of each unit, (units,), at least 1."""
    posts = dict.fromkeys(rules.units, 0)
    for group in rules.staff.values():
        posts[group.unit] += group.count
    return np.maximum(np.array(list(posts.values()), float), 1.0)


def _error(standing: Standing, rules: Scenario, who: np.ndarray) -> np.ndarray:
    """Return the standard error of a score under the rules: computed so far, or as given, in points."""
    noise = given(rules.assessment).noise
    if standing.score_error is not None and noise.method != "given":
        return np.nan_to_num(standing.score_error[who])
    return np.full(len(who), noise.standard_error)
