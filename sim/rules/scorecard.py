"""From indicators to scores: the points of each item, the true score, and the score as it is measured.

Measurement has luck in it: an inspection looks at a sample of the cases, and marks are somebody's
opinion. Its numbers are drawn beforehand (`Draws`) and keyed by unit and item, so that a unit's luck is
the same under every policy.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import pandas as pd

from sim.scenario.assessment import Item, Scorecard

LOWER_IS_BETTER = ("time_against_limit", "return_rate", "overdue_rate")
SCORE_DECIMALS = 9


class Draws(Protocol):
    """The year's luck. The same (unit, item) always gives the same numbers, whatever the policy."""

    def uniform(self, unit: str, item: str, n: int) -> np.ndarray:
        """The first `n` numbers of a stream in [0, 1), float (n,): fewer are the beginning of more."""

    def normal(self, unit: str, item: str) -> float:
        """One standard normal number."""


def settled(score: np.ndarray) -> np.ndarray:
    """Scores to the ninth decimal, float of the same shape.

    Thresholds bind the unrounded score: 94.95 is under 95. But a sum of points that is 95 in arithmetic
    may come out as 94.99999999999999 in floating point, and nobody loses pay by that.
    """
    return np.round(np.asarray(score, float), SCORE_DECIMALS)


def points(item: Item, value: np.ndarray) -> np.ndarray:
    """Points of `item` at indicator `value` (0 to 1), float of the same shape; NaN where there is no
    value.
    """
    value = np.asarray(value, float)
    lower = item.indicator in LOWER_IS_BETTER
    quality = 1 - value if lower else value
    if item.rule == "proportional":
        return item.points * quality
    wanted = 1 - item.target if lower else item.target
    if item.rule == "target":
        reached = quality / wanted if wanted > 0 else np.where(np.isnan(value), np.nan, 1.0)
        return item.points * np.minimum(reached, 1.0)
    missed = 100 * np.maximum(wanted - quality, 0.0)
    return np.maximum(item.points - item.deduct * missed, 0.0)


def inspected_rate(cases: np.ndarray, sample: int, uniform: np.ndarray) -> float:
    """Share of true among `sample` of the `cases` (bool, in the order of their requests), NaN without cases.

    Drawn without replacement: the cases with the smallest of the uniform numbers, the k-th number being
    the k-th case's.
    """
    if len(cases) == 0:
        return float("nan")
    if sample >= len(cases):
        return float(cases.mean())
    return float(cases[np.argpartition(uniform, sample - 1)[:sample]].mean())


def score(indicators: pd.DataFrame, cases: pd.DataFrame, scorecard: Scorecard, draws: Draws) -> pd.DataFrame:
    """Year-end scores of the units in `indicators` (index unit): columns score (measured) and true_score.

    `cases` are those of `indicators.unit_cases`, from which an inspection takes its sample. A unit for
    which any item has no value has no score (NaN).
    """
    measured, true = np.zeros(len(indicators)), np.zeros(len(indicators))
    by_unit = dict(list(cases[cases["due"]].groupby("unit", observed=True)))
    nobody = cases.iloc[:0]
    for name, item in scorecard.items.items():
        if item.indicator == "marks":
            value = np.full(len(indicators), item.marks_mean)
            noise = (
                np.array([draws.normal(unit, name) for unit in indicators.index]) if item.marks_sd else 0.0
            )
            seen = np.clip(value + item.marks_sd * noise, 0.0, 1.0)
        else:
            value = seen = indicators[item.indicator].to_numpy(float)
            if item.sample is not None:
                column = "on_time" if item.indicator == "on_time_rate" else "returned"
                mine = [by_unit.get(unit, nobody)[column].to_numpy() for unit in indicators.index]
                luck = [
                    draws.uniform(unit, name, len(rows))
                    for unit, rows in zip(indicators.index, mine, strict=True)
                ]
                seen = np.array(
                    [inspected_rate(rows, item.sample, one) for rows, one in zip(mine, luck, strict=True)]
                )
        measured += points(item, seen)
        true += points(item, value)
    return pd.DataFrame({"score": settled(measured), "true_score": settled(true)}, index=indicators.index)
