"""From indicators to scores: the points of each item, the true score, and the score as it is measured.

Measurement has luck in it: an inspection looks at a sample of the cases, and marks are somebody's
opinion. Its numbers are drawn beforehand (`Draws`) and keyed by unit and item, so that a unit's luck is
the same under every policy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

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
    largest = np.partition(uniform, sample - 1)[sample - 1]
    return float(cases[uniform <= largest].mean())


def score(
    units: Sequence[str],
    indicators: Mapping[str, np.ndarray],
    files: Mapping[str, Sequence[np.ndarray]],
    scorecard: Scorecard,
    draws: Draws,
) -> tuple[np.ndarray, np.ndarray]:
    """Year-end scores of the units (n,): as measured, and true. A unit for which any item has no value has
    no score (NaN).

    `indicators` are floats (n,); `files` are those of which an inspection takes its sample: by indicator,
    and for each unit, bool (cases,) in the order of the requests.
    """
    measured, true = np.zeros(len(units)), np.zeros(len(units))
    for name, item in scorecard.items.items():
        if item.indicator == "marks":
            value = np.full(len(units), item.marks_mean)
            noise = np.array([draws.normal(unit, name) for unit in units]) if item.marks_sd else 0.0
            seen = np.clip(value + item.marks_sd * noise, 0.0, 1.0)
        else:
            value = seen = indicators[item.indicator]
            if item.sample is not None:
                seen = np.array(
                    [
                        inspected_rate(cases, item.sample, draws.uniform(unit, name, len(cases)))
                        for unit, cases in zip(units, files[item.indicator], strict=True)
                    ]
                )
        measured += points(item, seen)
        true += points(item, value)
    return settled(measured), settled(true)
