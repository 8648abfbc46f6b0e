"""Estimate bunching of scores at a threshold, and manipulation of records at a deadline, from binned counts.

Saez 2010, Do taxpayers bunch at kink points?; Chetty, Friedman, Olsen and Pistaferri 2011 (bunching against a
polynomial, round numbers); Kleven and Waseem 2013 (notches); McCrary 2008 (a density that breaks at a
cutoff).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import ndtr

from sim.rules.schedule import Schedule
from sim.scenario.errors import InputError

from .density import density_break
from .panel import panel

MANY = 200  # rounds of the bootstrap
_STEPS = 20  # towards the lower end of a hole


@dataclass(frozen=True)
class Bunching:
    """Excess mass at a threshold.

    excess : share of all values that are there and would not be. density : share of all values a point that
    would be there. points : excess / density, from how far away those who bunch have come. half_width,
    excess_half_width : of the 95 % intervals of points and of excess. p : of no excess, two-sided; NaN
    where nothing varies. kind : "kink" or "notch".
    """

    excess: float
    density: float
    points: float
    half_width: float
    excess_half_width: float
    p: float
    kind: str = "kink"


def bunching(
    values: np.ndarray,
    at: float,
    *,
    kind: Literal["kink", "notch"] = "kink",
    width: float = 0.5,
    low: float = 0.0,
    high: float = 0.5,
    reach: float = 5.0,
    degree: int = 3,
    heaps: Sequence[float] = (),
    scale: Literal["log", "counts"] = "log",
    seed: int = 0,
    groups: np.ndarray | None = None,
) -> Bunching:
    """Estimate how many more values than expected lie from `at` − `low` to `at` + `high`.

    `groups` (n,) tells which values belong together, as the offices of a replication do: the bootstrap draws
    whole groups. None = every value stands for itself.

    Bins of `width` run from `at` down and up to `reach`; `at` itself belongs to the bin above it, as a
    threshold is reached from it on. A polynomial of the logarithm of the counts (Poisson), or of the `scale`
    "counts" themselves, is fitted to the bins outside the window and tells what would have been inside. Bins
    that reach beyond the smallest or the greatest value are left out.

    At a "notch", where pay jumps, those who jump over it leave a hole under it. Its bins are left out of the
    fit. Its lower end is where as many are missing as there are too many above, `reach` / 2 away at most.
    `heaps` (1.0, 5.0) gives bins with a multiple of these numbers a height of their own (on the log scale a
    factor), because scores are often rounded.

    Raises InputError for too few bins, and for whole-numbered values in bins that are not: they heap.

    Examples
    --------
    >>> import numpy as np
    >>> scores = np.random.default_rng(1).uniform(80, 100, 5000)
    >>> bunched = np.where((scores > 93) & (scores < 95), 95.0, scores)
    >>> found = bunching(bunched, 95.0, kind="notch")
    >>> bool(abs(found.points - 2) < 3 * found.half_width), found.p < 1e-6
    (True, True)
    """
    values = np.asarray(values, float)
    known = np.isfinite(values)
    values = values[known]
    _whole(values, width, low, high)
    left, counts = _binned(values, at, width, reach, reach)
    kept = (left >= values.min() - width / 2) & (left + width <= values.max() + width / 2)
    kept |= (np.abs(left - at) < width / 2) & (values.max() >= at)  # nobody may be above the threshold
    left, counts = left[kept], counts[kept]
    above = left < at + high - 1e-9
    window = above & (left >= at - low - 1e-9)
    x = (left + width / 2 - at) / reach
    design = np.column_stack([x[:, None] ** np.arange(degree + 1), *_heaped(left, width, heaps)])

    usual: dict[float, np.ndarray] = {}  # terms of the first fit, from which the bootstrap's start

    def fitted(found: np.ndarray, hole: float) -> tuple[np.ndarray, np.ndarray]:
        """Return the excess in the window, and what would be there a bin, as counts; of rows of counts."""
        used = ~(above & (left >= at - max(hole, low) - 1e-9))
        if np.count_nonzero(used) <= design.shape[1] or not window.any():
            raise InputError("too few bins beside the window", remedy="Widen 'reach' or lower 'degree'")
        for column in design.T[degree + 1 :]:
            if column[used].sum() < 2 or column[used].all():
                raise InputError("too few bins with and without a round number", remedy="Leave 'heaps' out")
        if scale == "log":
            terms = _poisson_fits(design[used], found[:, used], usual.get(hole))
            usual.setdefault(hole, terms[0])
            expected, there = np.exp(terms @ design.T), np.exp(terms[:, 0])
        else:
            terms = np.linalg.lstsq(design[used], found[:, used].T, rcond=None)[0].T
            expected, there = terms @ design.T, terms[:, 0]
        return np.sum((found - expected)[:, window], axis=1), there

    def estimate(found: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return excess and density of each row of counts."""
        hole = np.full(len(found), reach / 2 if kind == "notch" else low)
        excess, there = fitted(found, hole[0])
        for _ in range(_STEPS if kind == "notch" else 0):
            wanted = width * np.clip(np.ceil(excess / there - 0.05), 0, reach / 2 / width)
            moved, hole = wanted != hole, wanted
            for one in np.unique(hole[moved]):
                mine = moved & (hole == one)
                excess[mine], there[mine] = fitted(found[mine], float(one))
            if not moved.any():
                break
        return excess / len(values), there / width / len(values)

    excess, density = (float(one[0]) for one in estimate(counts[None, :]))
    luck = np.random.default_rng(seed)
    if groups is None:
        draws = luck.poisson(counts, (MANY, len(counts))).astype(float)
    else:
        names, of = np.unique(np.asarray(groups)[known], return_inverse=True)
        each = [_binned(values[of == one], at, width, reach, reach)[1][kept] for one in range(len(names))]
        draws = luck.multinomial(len(names), np.full(len(names), 1 / len(names)), MANY) @ np.array(each)
    more, usually = estimate(draws)
    sd = np.std([more / usually, more], axis=1, ddof=1)
    p = float(2 * ndtr(-abs(excess) / sd[1])) if sd[1] > 0 else np.nan
    half = 1.96 * sd
    return Bunching(excess, density, excess / density, float(half[0]), float(half[1]), p, kind)


def _heaped(left: np.ndarray, width: float, heaps: Sequence[float]) -> list[np.ndarray]:
    """Return for each of `heaps` which bins hold a multiple of it, as columns of ones and zeros."""
    first = [np.ceil(np.round(left / step, 9)) * step for step in heaps]
    return [(np.round(at - left, 9) < width).astype(float) for at in first]


def implied_cost(found: Bunching, change: float) -> float:
    """Return the curvature c of the cost of a point, c/2 × points², that bunching implies.

    At a kink pay per point falls by `change`: c = change / points. At a notch pay jumps by it, and the
    farthest who jump are indifferent: c = 2 change / points².

    Examples
    --------
    >>> from sim.evaluate.bunching import Bunching
    >>> implied_cost(Bunching(0.1, 0.05, 2.0, 0.1, 0.01, 0.0, "notch"), 1.0)
    0.5
    """
    return change / found.points if found.kind == "kink" else 2 * change / found.points**2


FEWEST = 300  # scores within reach of a threshold from which bunching is looked for


def at_corners(outcomes: pd.DataFrame, policy: str, schedule: Schedule, units: Sequence[str]) -> pd.DataFrame:
    """Return whether the scores of units bunch at the corners of a pay rule, and what that implies.

    Parameters
    ----------
    outcomes, policy : DataFrame, str
        A study's outcomes under one behaviour, and the policy.
    schedule : Schedule
        Pay by score, in per cent of a year's full pay.
    units : sequence of str
        Whose pay follows it.

    Returns
    -------
    DataFrame
        One row per corner at which pay jumps up ("notch") or rises more slowly from there on ("kink"):
        ``threshold``, ``kind``, ``change`` (of pay, or of pay per point), ``n`` (scores within 5 points),
        ``excess`` (share of scores) with ``low``, ``high``, ``p``, ``implied_cost`` (curvature, where the
        excess is surely above 0), ``p_break`` (density test) and ``why`` ("" or why there is no estimate).

    Raises
    ------
    InputError
        If there are several behaviours, or fewer than two replications.

    Examples
    --------
    >>> import sim
    >>> rows = sim.study("incentive-schemes").outcomes.query("behaviour == 'mechanical'")
    >>> from sim.rules.schedule import pay_schedule
    >>> found = at_corners(rows, "current", pay_schedule(sim.load("binhai").pay), ["fanji", "datao"])
    >>> found[["threshold", "kind", "why"]].values.tolist()
    [[95.0, 'kink', 'too few scores near the threshold']]
    """
    found = panel(outcomes, policy, ["score"])
    own = np.isin(found.units, list(units))
    scores = found["score"][:, :, own]
    values, groups = scores.ravel(), np.repeat(np.arange(len(scores)), scores[0].size)
    rows = []
    for place, at in enumerate(schedule.at):
        jump = float(schedule.jumps[place])
        bend = float(schedule.slopes[place] - schedule.slopes[place + 1])
        if jump <= 1e-9 and bend <= 1e-9:
            continue
        kind: Literal["kink", "notch"] = "notch" if jump > 1e-9 else "kink"
        near = int(np.count_nonzero(np.abs(values - at) <= 5))
        row: dict[str, object] = {
            "threshold": float(at), "kind": kind, "change": jump if kind == "notch" else bend, "n": near,
            "excess": np.nan, "low": np.nan, "high": np.nan, "p": np.nan, "implied_cost": np.nan,
            "p_break": np.nan, "why": "",
        }  # fmt: skip
        if near < FEWEST:
            rows.append(row | {"why": "too few scores near the threshold"})
            continue
        try:
            bunched = bunching(values, float(at), kind=kind, groups=groups)
            broken = density_break(values, float(at))
        except InputError as error:
            rows.append(row | {"why": error.message})
            continue
        row |= {"excess": bunched.excess, "p": bunched.p, "p_break": broken.p}
        row |= {
            "low": bunched.excess - bunched.excess_half_width,
            "high": bunched.excess + bunched.excess_half_width,
        }
        if bunched.excess > 0 and bunched.p < 0.05:
            row["implied_cost"] = implied_cost(bunched, jump if kind == "notch" else bend)
        rows.append(row)
    columns = (
        "threshold",
        "kind",
        "change",
        "n",
        "excess",
        "low",
        "high",
        "p",
        "implied_cost",
        "p_break",
        "why",
    )
    return pd.DataFrame(rows, columns=list(columns))


@dataclass(frozen=True)
class Manipulation:
    """Counts before and after a deadline, the share expected before it, z and p (two-sided)."""

    before: int
    after: int
    expected_share: float
    z: float
    p: float


def share_before(values: np.ndarray, cutoff: float, window: float, expected: float) -> Manipulation:
    """Test the share before the cutoff, within `window` of it, against a known share (exact binomial test).

    A value just at the cutoff is before it (a case is late only after its due date). A share of one half is
    right only where the density is flat there, which waiting times are not.
    """
    from scipy.stats import binomtest

    values = np.asarray(values, float)
    before = int(np.count_nonzero((values > cutoff - window) & (values <= cutoff)))
    after = int(np.count_nonzero((values > cutoff) & (values <= cutoff + window)))
    if before + after == 0:
        raise InputError("no values within the window", remedy="Widen 'window'")
    spread = np.sqrt((before + after) * expected * (1 - expected))
    z = float((before - (before + after) * expected) / spread)
    return Manipulation(before, after, expected, z, float(binomtest(before, before + after, expected).pvalue))


def manipulation(
    values: np.ndarray, cutoff: float, *, window: float = 5.0, reach: float = 15.0, width: float = 1.0
) -> Manipulation:
    """Test whether more values lie just before the cutoff than the density around it predicts.

    The logarithm of the density is a parabola fitted (Poisson, maximum likelihood) to bins of `width` from
    `window` to `reach` on both sides; it gives the share before the cutoff that would be expected within the
    window, with its error. Raises InputError for too few values or bins, and for whole-numbered values in
    bins that are not.
    """
    values = np.asarray(values, float)
    values = values[np.isfinite(values)]
    _whole(values, width, window, reach)
    left, counts = _binned(-values, -cutoff, width, reach, reach)  # a value at the cutoff is before it
    left, counts = -left[::-1] - width, counts[::-1]
    kept = (left >= values.min() - width) & (left + width <= values.max() + width)
    left, counts = left[kept], counts[kept]
    middle = (left + width / 2 - cutoff) / reach
    inside = np.abs(left + width / 2 - cutoff) < window
    if np.count_nonzero(~inside) < 6 or counts[~inside].sum() < 30 or counts[inside].sum() == 0:
        raise InputError(
            "too few values around the cutoff to tell what is usual there", remedy="Widen 'reach'"
        )
    design = np.stack([np.ones_like(middle), middle, middle**2], axis=1)
    terms = _poisson_fits(design[~inside], counts[None, ~inside])[0]
    covariance = np.linalg.pinv(
        design[~inside].T @ (np.exp(design[~inside] @ terms)[:, None] * design[~inside])
    )
    rate = np.exp(design[inside] @ terms)
    early = middle[inside] < 0
    share = float(rate[early].sum() / rate.sum())
    slope = (rate[early] @ design[inside][early] - share * (rate @ design[inside])) / rate.sum()
    before, total = int(counts[inside][early].sum()), int(counts[inside].sum())
    spread = np.sqrt(total * share * (1 - share) + total**2 * (slope @ covariance @ slope))
    z = float((before - total * share) / spread)
    return Manipulation(before, total - before, share, z, float(2 * ndtr(-abs(z))))


def _binned(
    values: np.ndarray, at: float, width: float, below: float, above: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return left edges and counts of bins down and up from `at`; a value at an edge is above it."""
    first, last = -round(below / width), round(above / width)
    place = np.floor(np.round((values - at) / width, 9)).astype(np.int64)
    place = place[(place >= first) & (place < last)]
    return at + width * np.arange(first, last), np.bincount(place - first, minlength=last - first).astype(
        float
    )


def _poisson_fits(design: np.ndarray, counts: np.ndarray, start: np.ndarray | None = None) -> np.ndarray:
    """Fit a log-linear model to each row of `counts` (m, bins) by maximum likelihood (Newton).

    Return terms (m, columns of `design`). `start` : terms (columns,) to begin at.
    """
    if start is None:
        terms = np.linalg.lstsq(design, np.log(counts + 0.5).T, rcond=None)[0].T
    else:
        terms = np.tile(start, (len(counts), 1))
    left = np.arange(len(counts))  # rows still on their way
    for _ in range(50):
        rate = np.exp(terms[left] @ design.T)
        information = design.T @ (rate[:, :, None] * design)
        gradient = (counts[left] - rate) @ design
        move = (np.linalg.pinv(information, hermitian=True) @ gradient[:, :, None])[:, :, 0]
        terms[left] += np.clip(move, -2, 2)
        left = left[np.max(np.abs(move), axis=1) >= 1e-8]
        if len(left) == 0:
            break
    return terms


def _whole(values: np.ndarray, *lengths: float) -> None:
    """Check that whole-numbered values, which heap, get whole bins."""
    if len(values) == 0:
        raise InputError("there are no values", remedy="Give scores that are numbers")
    if np.all(values == np.round(values)) and any(length != round(length) for length in lengths):
        raise InputError("the values are whole numbers", remedy="Take a width and a window of whole points")
