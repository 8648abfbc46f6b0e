"""Scores and careers: ranks, the bottom units, and the thresholds of titles and promotion.

A unit without a score (NaN) is not ranked, is never at the bottom, and has no flag (NaN).
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy.special import ndtri

from sim.scenario.assessment import Assessment
from sim.scenario.part import given
from sim.scenario.schema import Scenario

from .scorecard import settled


def ranks(score: np.ndarray) -> np.ndarray:
    """Return the ranks of scores (n,), 1 = best; ties share the better rank (1, 2, 2, 4); NaN stays NaN."""
    score = settled(score)
    ordered = np.sort(score[~np.isnan(score)])
    better = len(ordered) - np.searchsorted(ordered, score, side="right")
    return np.where(np.isnan(score), np.nan, better + 1)


def bottom(
    score: np.ndarray,
    overdue: np.ndarray,
    count: int,
    ties: Literal["all_tied_in", "all_tied_out", "more_overdue_in"],
) -> np.ndarray:
    """Return which of the units (n,) are the `count` at the bottom, bool (n,).

    If the units tied at the edge do not all fit, the tie-breaking rule `ties` decides. Under
    ``more_overdue_in`` those with more `overdue` cases are in; units tied in these too that do not fit are
    out, since no post is lost by lot. If no more than `count` units have a score, all of them are in.
    """
    score = settled(score)
    scored = np.flatnonzero(~np.isnan(score))
    chosen = np.zeros(len(score), bool)
    if count == 0 or len(scored) == 0:
        return chosen
    edge = np.sort(score[scored])[min(count, len(scored)) - 1]
    chosen[scored] = score[scored] < edge
    tied = scored[score[scored] == edge]
    places = count - int(chosen.sum())
    if len(tied) <= places or ties == "all_tied_in":
        chosen[tied] = True
    elif ties == "more_overdue_in":
        cases = np.asarray(overdue, float)[tied]
        fits = np.array([np.count_nonzero(cases >= own) <= places for own in cases])
        chosen[tied[fits]] = True
    return chosen


def distinct(
    chosen: np.ndarray, ranked: np.ndarray, score: np.ndarray, error: np.ndarray, confidence: float
) -> np.ndarray:
    """Return which of the units chosen for the bottom (n,) are distinct from the next unit above, bool (n,).

    The next unit is the lowest in `ranked` of those not chosen. A unit is distinct if its `score` is lower by
    more than the one-sided margin of the difference of two scores with independent standard `error`s. If no
    unit is above, all those chosen are distinct.
    """
    above = np.flatnonzero(~chosen & ~np.isnan(ranked))
    if len(above) == 0:
        return chosen
    following = above[np.argmin(ranked[above])]
    margin = ndtri(confidence) * np.hypot(error, error[following])
    with np.errstate(invalid="ignore"):
        return chosen & (settled(score[following] - score) > settled(margin))


def counts_for_excellence(scenario: Scenario) -> np.ndarray:
    """Return which units can be excellent, bool (units,): all that count for certification, or some types."""
    types, given_types = scenario.unit_types, given(scenario.assessment).excellent_types
    return np.array(
        [
            types[unit.type].certifiable and (not given_types or unit.type in given_types)
            for unit in scenario.units.values()
        ]
    )


def top(ranked: np.ndarray, among: np.ndarray, count: int) -> np.ndarray:
    """Return which of the units in the contest (`among`, bool (n,)) are the best `count`, bool (n,).

    Units tied with the last of them are in too.
    """
    own = ranks(np.where(among, ranked, np.nan))
    return own <= count


def verdicts(
    score: np.ndarray,
    overdue: np.ndarray,
    rules: Assessment,
    ranked: np.ndarray | None = None,
    compared: tuple[np.ndarray, np.ndarray] | None = None,
) -> dict[str, np.ndarray]:
    """Return ranks and flags of units (n,), each float (n,).

    They are rank, below_advanced, head_not_promotable, bottom, certified and excellent.

    score : compared with the thresholds. ranked : values by which units are ranked; by default the score.
    compared : scores comparable between units, and their standard errors, for the rule that the bottom must
    be distinct.
    """
    score = settled(score)
    ranked = score if ranked is None else settled(ranked)
    last = bottom(ranked, overdue, rules.bottom_count, rules.ties)
    if rules.bottom_only_if_distinct.on and compared is not None:
        last = distinct(last, ranked, *compared, rules.bottom_only_if_distinct.confidence)
    flags = {
        "below_advanced": score < rules.advanced_threshold,
        "head_not_promotable": score < rules.promotion_threshold,
        "bottom": last,
        "certified": score >= rules.certified_threshold,
        "excellent": score >= rules.excellent_threshold,
    }
    of_scored = {name: np.where(np.isnan(score), np.nan, flag) for name, flag in flags.items()}
    return {"rank": ranks(ranked), **of_scored}
