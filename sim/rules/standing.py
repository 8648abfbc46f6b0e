"""Forecasts of a unit's year from its course so far. Pure functions of arrays."""

from __future__ import annotations

import numpy as np

from sim.scenario.indicators import INDICATORS
from sim.scenario.projects import PROJECT
from sim.scenario.schema import Scenario
from sim.scenario.scorecard import Item


def forecast(
    so_far: np.ndarray, last_year: np.ndarray, share_gone: float, noise: np.ndarray, scenario: Scenario
) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and spread of a unit's forecast of its year-end score, points, float (units,) each.

    The mean depends the more on last year's score the less of the year is gone. The spread is that of
    measurement (`noise`, points) and of the rest of the year, which falls with its square root.
    """
    rules = scenario.behaviour.forecast
    weight = np.where(np.isnan(so_far), 0.0, share_gone)
    prior = np.where(np.isnan(last_year), so_far, last_year)
    mean = (weight * np.nan_to_num(so_far) + rules.prior_share * prior) / (weight + rules.prior_share)
    left = 1 - share_gone
    return mean, np.sqrt(noise**2 + left * rules.spread**2)


def measuring_noise(scenario: Scenario) -> np.ndarray:
    """Return the spread of scores due to marks alone, points, float (units,); NaN without a scorecard."""
    noise = np.full(len(scenario.units), np.nan)
    for number, unit in enumerate(scenario.units):
        card = scenario.type_of(unit).scorecard
        if card is not None:
            items = scenario.scorecards[card].items.values()
            noise[number] = np.sqrt(sum((item.points * item.marks_sd) ** 2 for item in items))
    return noise


def assessed_kinds(volume: np.ndarray, scenario: Scenario) -> np.ndarray:
    """Return the weight of each kind in each unit's score, (units, kinds), rows sum to 1; 0 without score.

    An item weighs its points, spread over the kinds that it looks at by their share in the unit's work
    (`volume`, (units, kinds)); items that look at no cases (study, marks) weigh on none.
    """
    kinds = list(scenario.kinds)
    weight = np.zeros_like(volume)
    for number, unit in enumerate(scenario.units):
        card = scenario.type_of(unit).scorecard
        if card is None:
            continue
        for item in scenario.scorecards[card].items.values():
            if INDICATORS[item.indicator].of != "cases":
                continue
            looked_at = np.array([_looks_at(item, kind) for kind in kinds])
            share = volume[number] * looked_at
            if share.sum() > 0:
                weight[number] += item.points * share / share.sum()
    total = weight.sum(axis=1, keepdims=True)
    return np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)


def _looks_at(item: Item, kind: str) -> bool:
    if item.kinds:
        return kind in item.kinds
    return INDICATORS[item.indicator].only != "projects" or kind.startswith(PROJECT)
