"""From indicators to scores: the points of each item, the true score, and the measured score.

Measurement involves luck: an inspection looks at a sample of the cases, and marks are opinions. Its random
numbers are keyed by unit, item and case (`Draws`), so that a unit has the same luck under every policy
(common random numbers), and one case more displaces at most one other. It measures the records, which need
not be true.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from scipy.special import ndtr

from sim.scenario.assessment import Noise
from sim.scenario.indicators import INDICATORS
from sim.scenario.part import given
from sim.scenario.scorecard import Item, Scorecard

from .indicators import counted_as
from .measured import Evidence, Files

SCORE_DECIMALS = 9


class Draws(Protocol):
    """The year's luck: the same (unit, item, case) gives the same number under every policy."""

    def uniform(self, unit: str, item: str, case_numbers: np.ndarray) -> np.ndarray:
        """Return each case's own number in [0, 1), float (n,)."""

    def normal(self, unit: str, item: str) -> float:
        """Return a standard normal number."""

    def months(self, unit: str, item: str, n: int) -> np.ndarray:
        """Return a standard normal number for each of `n` months, float (n,)."""


class Scores(NamedTuple):
    """The year-end scores of units, measured and true, and the standard errors of scores, points (n,)."""

    measured: np.ndarray
    true: np.ndarray
    error: np.ndarray


def settled(score: np.ndarray) -> np.ndarray:
    """Return scores to the ninth decimal, float of the same shape.

    Thresholds bind the unrounded score: 94.95 is under 95. But a sum of points that is exactly 95 may be
    94.99999999999999 in floating point, and nobody must lose pay by that.
    """
    return np.round(np.asarray(score, float), SCORE_DECIMALS)


def points(item: Item, value: np.ndarray, cases: np.ndarray | float = 1.0) -> np.ndarray:
    """Return the points of `item` at indicator `value` (0 to 1), float of the same shape; NaN stays NaN.

    `cases` is the number of cases of which the value is a share; only the rule ``per_case`` uses it.
    """
    value = np.asarray(value, float)
    granted = np.maximum(_by_rule(item, value, cases), item.floor)
    return granted if item.cap is None else np.minimum(granted, item.cap)


def _by_rule(item: Item, value: np.ndarray, cases: np.ndarray | float) -> np.ndarray:
    lower = INDICATORS[item.indicator].better == "lower"
    quality = 1 - value if lower else value
    if item.rule == "proportional":
        return item.points * quality
    if item.rule == "per_case":
        return item.points - given(item.deduct_per_case) * np.round((1 - quality) * cases, SCORE_DECIMALS)
    target = given(item.target)
    wanted = 1 - target if lower else target
    if item.rule == "target":
        reached = quality / wanted if wanted > 0 else np.where(np.isnan(value), np.nan, 1.0)
        return item.points * np.minimum(reached, 1.0)
    missed = 100 * np.maximum(wanted - quality, 0.0)
    return item.points - given(item.deduct) * missed


def inspected(sample: int, uniform: np.ndarray) -> np.ndarray:
    """Return which cases an inspection looks at, bool (n,): the `sample` of smallest `uniform` numbers."""
    if sample >= len(uniform):
        return np.ones(len(uniform), bool)
    return uniform <= np.partition(uniform, sample - 1)[sample - 1]


def inspected_rate(cases: np.ndarray, sample: int, uniform: np.ndarray) -> float:
    """Return the share of true among a sample of `cases` (bool (n,), see `inspected`); NaN without cases."""
    return float(cases[inspected(sample, uniform)].mean()) if len(cases) else float("nan")


def score(
    units: Sequence[str],
    indicators: Mapping[str, np.ndarray],
    files: Mapping[str, Sequence[np.ndarray]],
    scorecard: Scorecard,
    draws: Draws,
    case_numbers: Sequence[np.ndarray] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the year-end scores of the units (n,), measured and true, where all records are true.

    `indicators` are floats (n,). `files` are sampled by inspections: by indicator, and for each unit, bool
    (cases,). `case_numbers` are those of each unit's cases, int (cases,); None = they are counted from 0.
    `scores` says which units have no score.
    """
    having = {name: list(of) for name, of in files.items()}
    if case_numbers is None:
        case_numbers = [np.arange(len(cases)) for cases in next(iter(having.values()), [])]
    inspectable = Files(having, list(case_numbers))
    known = Evidence(dict(indicators), dict(indicators), lambda: inspectable)
    result = scores(units, np.arange(len(units)), lambda item: known, scorecard, draws)
    return result.measured, result.true


def scores(
    units: Sequence[str],
    places: np.ndarray,
    evidence: Callable[[Item], Evidence],
    scorecard: Scorecard,
    draws: Draws | None,
    noise: Noise | None = None,
    pace: Callable[[str, Item], np.ndarray] | None = None,
) -> Scores:
    """Return the scores of the units (n,); `places` are their positions in the evidence of an item.

    Without `draws` there is no luck: every case is looked at, and marks are the mean. `pace` returns the
    true pace of all units under an item; without it all work as usual.

    A unit for which an item has no value has no score (NaN). Exceptions are items of some kinds only, of a
    further time limit, of projects or of petitions: they are left out for a unit that had none, and the
    others scaled up to 100.
    """
    count = len(units)
    measured, true, left_out = np.zeros(count), np.zeros(count), np.zeros(count)
    errors: dict[tuple[str, str | None], np.ndarray] = {}
    for name, item in scorecard.items.items():
        of = INDICATORS[item.indicator].of
        if of == "opinion":
            indicator = _marked(name, item, units, np.full(count, given(item.marks_mean)), draws)
        elif of == "work":
            usual = np.full(count, given(item.usual))
            indicator = _marked(name, item, units, usual if pace is None else pace(name, item)[places], draws)
        else:
            indicator = _counted(name, item, units, places, evidence(item), draws)
        deserved = granted = points(item, indicator.true, indicator.cases)
        if indicator.seen is not indicator.true or indicator.looked_at is not indicator.cases:
            granted = points(item, indicator.seen, indicator.looked_at)
        if item.kinds or item.limit or INDICATORS[item.indicator].rare:
            none = np.isnan(indicator.true)
            left_out += np.where(none, item.points, 0.0)
            granted, deserved = np.where(none, 0.0, granted), np.where(none, 0.0, deserved)
        measured += granted
        true += deserved
        if noise is not None:
            # Errors of items on the same cases add up; errors of marks are independent.
            source = (name, None) if of in ("opinion", "work") else (item.indicator, item.limit)
            errors[source] = errors.get(source, 0.0) + np.nan_to_num(_error(item, indicator, noise))
    error = np.sqrt(sum((own**2 for own in errors.values()), np.zeros(count)))
    if left_out.any():
        share = np.where(left_out < 100, 1 - left_out / 100, np.nan)
        measured, true, error = measured / share, true / share, error / share
    if noise is not None and noise.method == "given":
        error = np.full(count, noise.standard_error)
    return Scores(settled(np.maximum(measured, 0.0)), settled(np.maximum(true, 0.0)), error)


class _Seen(NamedTuple):
    """An indicator, true and as seen, (n,), and the numbers of cases of which they are shares."""

    true: np.ndarray
    seen: np.ndarray
    cases: np.ndarray
    looked_at: np.ndarray


def _marked(name: str, item: Item, units: Sequence[str], value: np.ndarray, draws: Draws | None) -> _Seen:
    """Return a value (n,) and how it is seen: a mark lies from 0 to 1, a measured pace may lie beyond."""
    once, seen = np.ones(len(units)), value
    if draws is not None and item.marks_sd:
        luck = np.array([draws.normal(unit, name) for unit in units])
        if item.marks_shape == "uniform":
            luck = np.sqrt(3) * (2 * ndtr(luck) - 1)
        seen = value + item.marks_sd * luck
        seen = np.clip(seen, 0.0, 1.0) if INDICATORS[item.indicator].of == "opinion" else seen
    return _Seen(value, seen, once, once)


def _counted(
    name: str, item: Item, units: Sequence[str], places: np.ndarray, known: Evidence, draws: Draws | None
) -> _Seen:
    indicator = counted_as(item.indicator)
    true, cases = known.true[indicator][places], _of_how_many(indicator, known.true, places)
    seen, looked_at = true, cases
    if known.seen is not known.true:
        seen, looked_at = known.seen[indicator][places], _of_how_many(indicator, known.seen, places)
    if item.sample is not None and draws is not None:
        sample, files = item.sample, known.files()
        seen = files.found(
            (name, indicator, sample, *units),
            draws,
            lambda: _inspected_rates(name, indicator, sample, units, places, files, draws),
        )
        looked_at = np.minimum(looked_at, sample)
    if seen is not true:  # where all records point to other years, only the truth can be seen
        seen = np.where(np.isnan(seen), true, seen)
    return _Seen(true, seen, cases, looked_at)


def _inspected_rates(
    name: str,
    indicator: str,
    sample: int,
    units: Sequence[str],
    places: np.ndarray,
    files: Files,
    draws: Draws,
) -> np.ndarray:
    having, numbers = files.having[indicator], files.case_numbers
    rates = [
        inspected_rate(having[place], sample, draws.uniform(unit, name, numbers[place]))
        for unit, place in zip(units, places, strict=True)
    ]
    return np.array(rates)


def _of_how_many(indicator: str, rates: Mapping[str, np.ndarray], places: np.ndarray) -> np.ndarray:
    """Return the number of cases of which the indicator is a share; 1 if unknown."""
    if "due_cases" not in rates:
        return np.ones(len(places))
    due = rates["due_cases"][places]
    if indicator != "overdue_rate":
        return due
    rate = rates[indicator][places]  # of the cases falling due and of older ones still open
    return np.divide(rates["overdue_open"][places], rate, out=due.copy(), where=rate > 0)


def _error(item: Item, value: _Seen, noise: Noise) -> np.ndarray:
    """Return the standard error of the item's points (n,): half the change over a standard error up and down.

    A share of cases is binomial. Its variance is multiplied by the design effect where queues cluster
    lateness (Kish, Survey Sampling, 1965, ch. 8). Indicators that are not shares of cases have no error.
    """
    indicator = INDICATORS[item.indicator]
    if indicator.of in ("opinion", "work"):
        return np.full(len(value.true), item.points * item.marks_sd)
    if not (indicator.per_case or indicator.rare) or indicator.of == "public":
        return np.zeros(len(value.true))
    effect = noise.design_effect if noise.method == "queue" else 1.0
    rate, cases = value.seen, np.maximum(value.looked_at, 1.0)
    spread = np.sqrt(rate * (1 - rate) * effect / cases)
    up, down = (points(item, np.clip(rate + sign * spread, 0, 1), cases) for sign in (1, -1))
    return np.abs(up - down) / 2
