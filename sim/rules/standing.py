"""What decides a unit's score beside its work: luck that nobody sees, and which kinds count."""

from __future__ import annotations

import numpy as np

from sim.scenario.indicators import INDICATORS
from sim.scenario.projects import PROJECT
from sim.scenario.schema import Scenario
from sim.scenario.scorecard import Item

from .indicators import counted_as
from .measured import Measured
from .scorecard import points


def unseen_noise(measured: Measured, scenario: Scenario) -> tuple[np.ndarray, np.ndarray]:
    """Return the spread of measured less true scores, points, (units,), and whether it is uniform, (units,).

    It is of marks, of how a pace is measured, and of inspections that look at a sample of the cases. NaN
    without a scorecard.
    """
    units = len(scenario.units)
    noise, uniform = np.full(units, np.nan), np.zeros(units, bool)
    for number, unit in enumerate(scenario.units):
        card = scenario.type_of(unit).scorecard
        if card is None:
            continue
        items = scenario.scorecards[card].items.values()
        marks = np.array([item.points * item.marks_sd for item in items])
        sampled = np.array([_of_sample(item, measured, number) for item in items])
        noise[number] = np.sqrt(np.sum(marks**2) + np.sum(sampled**2))
        shapes = {item.marks_shape for item in items if item.marks_sd}
        uniform[number] = shapes == {"uniform"} and np.count_nonzero(marks) == 1 and not sampled.any()
    return noise, uniform


def _of_sample(item: Item, measured: Measured, unit: int) -> float:
    """Return the spread of an item's points because an inspection looks at some of the cases only."""
    if item.sample is None:
        return 0.0
    rate, known = counted_as(item.indicator), measured.evidence(item.kinds, item.limit)
    share, cases = known.true[rate][unit], known.true["due_cases"][unit]
    if not cases > item.sample:
        return 0.0
    error = np.sqrt(share * (1 - share) / item.sample * (cases - item.sample) / (cases - 1))
    up, down = (points(item, np.clip(share + way * error, 0, 1), item.sample) for way in (1, -1))
    return float(np.abs(up - down) / 2)


def months_noise(scenario: Scenario) -> np.ndarray:
    """Return the spread of the year's true score by the luck of the months in its pace, points, (units,)."""
    noise = np.zeros(len(scenario.units))
    for number, unit in enumerate(scenario.units):
        card = scenario.type_of(unit).scorecard
        if card is not None:
            items = scenario.scorecards[card].items.values()
            noise[number] = np.sqrt(sum((item.points * item.months_sd) ** 2 for item in items))
    return noise


def scored(scenario: Scenario, indicator: str) -> bool:
    """Return whether a scorecard scores this indicator."""
    cards = scenario.scorecards.values()
    return any(item.indicator == indicator for card in cards for item in card.items.values())


def asks_for_pace(scenario: Scenario) -> bool:
    """Return whether a scorecard has an indicator of pace."""
    cards = scenario.scorecards.values()
    return any(INDICATORS[item.indicator].of == "work" for card in cards for item in card.items.values())


def assessed_kinds(volume: np.ndarray, scenario: Scenario) -> np.ndarray:
    """Return the weight of each kind in each unit's score, (units, kinds), rows sum to 1; 0 without score.

    An item weighs its points, spread over the kinds that it looks at by their share in the unit's work
    (`volume`, (units, kinds)); one of pace weighs what a unit of effort brings. Items that look at no work
    (study, marks) weigh on none.
    """
    kinds = list(scenario.kinds)
    weight = np.zeros_like(volume)
    for number, unit in enumerate(scenario.units):
        card = scenario.type_of(unit).scorecard
        if card is None:
            continue
        for item in scenario.scorecards[card].items.values():
            if INDICATORS[item.indicator].of not in ("cases", "work"):
                continue
            weighs = item.points * (1.0 if item.gain is None else item.gain)
            looked_at = np.array([_looks_at(item, kind) for kind in kinds])
            share = volume[number] * looked_at
            if share.sum() > 0:
                weight[number] += weighs * share / share.sum()
    total = weight.sum(axis=1, keepdims=True)
    return np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)


def _looks_at(item: Item, kind: str) -> bool:
    if item.kinds:
        return kind in item.kinds
    return INDICATORS[item.indicator].only != "projects" or kind.startswith(PROJECT)
