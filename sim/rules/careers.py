"""What a score means for careers: ranks, the bottom units, and the thresholds of titles and promotion.

A unit without a score (NaN) is not ranked, is never at the bottom, and has no flag (NaN).
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from sim.scenario.assessment import Assessment

from .scorecard import settled


def ranks(score: np.ndarray) -> np.ndarray:
    """Rank of each score (n,), 1 = best; equal scores share the better rank (1, 2, 2, 4); NaN without a
    score.
    """
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
    """Which of the units (n,) are the `count` at the bottom, bool (n,).

    If the units tied at the edge do not all fit, `ties` says who is in. With ``more_overdue_in`` those
    with more `overdue` cases are; who is tied in that as well and does not fit is out, since no post is
    lost by lot. With no more scored units than `count`, all of them are in.
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
        fits = np.array([np.count_nonzero(cases >= mine) <= places for mine in cases])
        chosen[tied[fits]] = True
    return chosen


def verdicts(score: np.ndarray, overdue: np.ndarray, rules: Assessment) -> dict[str, np.ndarray]:
    """Ranks and flags of units (n,), each float (n,): rank, below_advanced, head_not_promotable, bottom,
    certified, excellent.
    """
    score = settled(score)
    flags = {
        "below_advanced": score < rules.advanced_threshold,
        "head_not_promotable": score < rules.promotion_threshold,
        "bottom": bottom(score, overdue, rules.bottom_count, rules.ties),
        "certified": score >= rules.certified_threshold,
        "excellent": score >= rules.excellent_threshold,
    }
    told = {name: np.where(np.isnan(score), np.nan, flag) for name, flag in flags.items()}
    return {"rank": ranks(score), **told}
