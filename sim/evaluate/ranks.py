"""Who is named at the bottom, who belongs there, and how much of it is luck.

Goldstein and Spiegelhalter 1996, J. R. Stat. Soc. A 159 (league tables); Mogstad, Romano, Shaikh and Wilhelm
2024, Rev. Econ. Stud. 91 (confidence sets for ranks).
"""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import betainc, betaincinv, betaln, ndtri

from sim.scenario.counts import number_of
from sim.scenario.errors import InputError

from .accuracy import tolerance
from .estimate import wilson
from .noise import few_of
from .panel import Panel, jackknife, panel
from .reliability import between

DRAWS = 1000  # of the errors of all units together
YEARS = 3  # of a mean over years
_AGAIN = 5  # years in which somebody is named at least once
_MOST = 3000  # combinations of replications that are looked at
_TINY = 1e-13  # chance of a count that is left out


def bottom_of_counts(cases: ArrayLike, chance: ArrayLike, count: int) -> np.ndarray:
    """Return each unit's chance to be among the `count` lowest shares, exact; ties are broken at random.

    cases, chance : (units,), independent cases of each unit, and the chance of one to be in order. A unit
    whose cases share a queue counts as one of fewer cases: cases / design effect.

    Examples
    --------
    >>> bottom_of_counts([50] * 5 + [1000] * 10, 0.95, 3)[[0, -1]].round(4).tolist()
    [0.3746, 0.1127]
    """
    cases, chance = np.broadcast_arrays(np.asarray(cases, np.int64), np.asarray(chance, float))
    if (cases < 1).any() or not ((chance >= 0) & (chance <= 1)).all() or not 1 <= count < len(cases):
        raise InputError(
            "chances of a bottom need cases, chances of 0 to 1, and fewer places than units",
            remedy="Leave out units without cases",
        )
    masses = [_masses(int(size), float(own)) for size, own in zip(cases, chance, strict=True)]
    below = [np.append(0.0, np.cumsum(mass)) for mass in masses]
    found = np.zeros(len(cases))
    for unit, size in enumerate(cases):
        number = np.flatnonzero(masses[unit] > _TINY)
        # state: fewer than `count` others below, and so many level with the unit
        state = np.zeros((len(number), count, len(cases)))
        state[:, 0, 0] = 1.0
        for other, its in enumerate(cases):
            if other == unit:
                continue
            whole, rest = np.divmod(number * its, size)
            under = below[other][whole + (rest > 0)][:, None, None]
            level = np.where(rest == 0, masses[other][whole], 0.0)[:, None, None]
            moved = state * (1 - under - level)
            moved[:, 1:] += state[:, :-1] * under
            moved[:, :, 1:] += state[:, :, :-1] * level
            state = moved
        places = count - np.arange(count)[:, None]
        share = np.minimum(1.0, places / (np.arange(len(cases)) + 1))
        found[unit] = masses[unit][number] @ np.sum(state * share, axis=(1, 2))
    return np.clip(found, 0, 1)


def _masses(cases: int, chance: float) -> np.ndarray:
    """Return the binomial chances of 0, 1, … `cases`, (cases + 1,)."""
    number = np.arange(cases + 1)
    if chance in (0.0, 1.0):
        return (number == cases * chance).astype(float)
    ways = -betaln(number + 1, cases - number + 1) - np.log(cases + 1)
    return np.exp(ways + number * np.log(chance) + (cases - number) * np.log1p(-chance))


def true_bottom(
    met: ArrayLike,
    cases: ArrayLike,
    count: int,
    *,
    prior: tuple[float, float] = (1.0, 1.0),
    nodes: int = 4001,
) -> tuple[np.ndarray, float]:
    """Return each unit's chance to be truly among the `count` lowest, and that of the observed ones to be it.

    met, cases : (units,), cases in order, and all. Each true share has a beta posterior, from the same
    `prior`; the chances are integrals over it. Divide both counts by the design effect where cases share a
    queue.

    Examples
    --------
    >>> chances, right = true_bottom([90, 95, 99], [100, 100, 100], 1)
    >>> chances.round(2).tolist(), round(right, 2)
    ([0.9, 0.1, 0.0], 0.9)
    """
    met, cases = np.asarray(met, float), np.asarray(cases, float)
    a, b = met + prior[0], cases - met + prior[1]
    ends = betaincinv(a, b, np.array([[1e-10], [1 - 1e-10]]))
    grid = np.linspace(ends[0].min(), ends[1].max(), nodes)[:, None]
    under = betainc(a, b, grid)
    steps = np.diff(under, axis=0)
    middle = (under[1:] + under[:-1]) / 2
    lowest = np.array(
        [steps[:, unit] @ few_of(np.delete(middle, unit, axis=1), count) for unit in range(len(cases))]
    )
    named = lowest_of((met / cases)[None], count)[0]
    highest = np.diff(np.prod(under[:, named], axis=1))
    right = highest @ np.prod(1 - middle[:, ~named], axis=1)
    return lowest, float(right)


def rank_sets(
    estimate: ArrayLike, error: ArrayLike, *, confidence: float = 0.95, draws: int = DRAWS, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Return the best and the worst rank of each unit that the data allow, all at once (1 = highest).

    Parameters
    ----------
    estimate, error : array_like, (units,)
        Scores, and their standard errors; independent.
    confidence : float, default 0.95
        That all true ranks lie within their sets.
    draws, seed : int, optional
        Of the parametric bootstrap.

    Returns
    -------
    tuple of ndarray
        Best and worst ranks, int (units,).

    Notes
    -----
    All pairs whose difference is beyond what the greatest studentised difference of equal units would be are
    told apart. Those are taken out, and the rest is tested again (step-down). A unit ranks under as many as
    are surely higher, and over as many as are surely lower.

    Examples
    --------
    >>> best, worst = rank_sets([90.0, 95.0, 95.5], [0.5, 0.5, 0.5])
    >>> best.tolist(), worst.tolist()
    ([3, 1, 1], [3, 2, 2])
    """
    estimate, error = np.asarray(estimate, float), np.asarray(error, float)
    if not np.isfinite(estimate).all() or not (error > 0).all():
        raise InputError(
            "ranks need scores that are numbers and errors above 0", remedy="Leave out the others"
        )
    one, other = np.triu_indices(len(estimate), 1)
    size = np.hypot(error[one], error[other])
    drawn = np.random.default_rng(seed).standard_normal((draws, len(estimate))) * error
    equal = np.abs(drawn[:, one] - drawn[:, other]) / size
    apart = (estimate[one] - estimate[other]) / size
    told = np.zeros(len(one), bool)
    while not told.all():
        limit = np.quantile(equal[:, ~told].max(axis=1), confidence)
        more = np.abs(apart) > limit
        if not (more & ~told).any():
            break
        told |= more
    higher, lower = np.zeros(len(estimate), int), np.zeros(len(estimate), int)
    first, second = told & (apart > 0), told & (apart < 0)
    np.add.at(lower, one[first], 1)
    np.add.at(higher, other[first], 1)
    np.add.at(lower, other[second], 1)
    np.add.at(higher, one[second], 1)
    return higher + 1, len(estimate) - lower


def may_be_bottom(worst: np.ndarray, count: int) -> np.ndarray:
    """Return which units may be among the `count` lowest, by their worst ranks, bool (units,)."""
    return worst > len(worst) - count


def lowest_of(scores: np.ndarray, count: int) -> np.ndarray:
    """Mark the `count` lowest of each row (rows, units); NaN count as highest, ties go to the first."""
    order = np.argsort(np.where(np.isnan(scores), np.inf, scores), axis=1, kind="stable")[:, :count]
    named = np.zeros(scores.shape, bool)
    np.put_along_axis(named, order, True, axis=1)
    return named


def _league(outcomes: pd.DataFrame, policy: str, count: int, of: str) -> tuple[Panel, np.ndarray]:
    """Return the panel, and scores (replications, years, units) of units with one in every year."""
    found = panel(outcomes, policy, [of], least=3)
    whole = np.isfinite(found[of]).all(axis=(0, 1))
    scores = found[of][:, :, whole]
    if scores.shape[2] <= count or count < 1:
        raise InputError(
            f"{number_of(count, 'place')} at the bottom of {number_of(scores.shape[2], 'unit')} "
            f"with '{of}' in every year",
            remedy="Choose fewer places, or an outcome that more units have",
        )
    if np.ptp(scores, axis=2).max() == 0:
        raise InputError(f"all units have the same '{of}'", remedy="Choose an outcome in which units differ")
    names = [unit for unit, known in zip(found.units, whole, strict=True) if known]
    return Panel({of: scores}, names, found.replications, found.years), scores


def bottom_by_unit(
    outcomes: pd.DataFrame, policy: str, count: int, *, of: str = "score", confidence: float = 0.95
) -> pd.DataFrame:
    """Return for each unit how often it is among the lowest, and where it truly ranks.

    Parameters
    ----------
    outcomes, policy : DataFrame, str
        A study's outcomes under one behaviour, and the policy.
    count : int
        Places at the bottom.
    of : str, default "score"
        The outcome by which units are ranked; higher is better.
    confidence : float, default 0.95
        Of the intervals and sets.

    Returns
    -------
    DataFrame
        One row per unit, the lowest first: ``unit``, ``true`` (mean over all years), ``named`` (share of
        years among the lowest) with ``low``, ``high`` (replications as trials), ``once_in_five`` (named at
        least once in five independent years), ``rank`` (by the true value), ``best`` and ``worst`` (all
        replications' set of ranks), ``best_in_a_year`` and ``worst_in_a_year`` (mean ends of the sets that
        one year allows), ``may_be_bottom`` (share of years whose set reaches the bottom).

    Raises
    ------
    InputError
        If there are several behaviours or fewer than three replications, or all units are equal.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> scores = pd.DataFrame(np.random.default_rng(1).normal(95, 2, (20, 15)))
    >>> rows = scores.rename_axis("replication").reset_index().melt("replication", var_name="unit")
    >>> rows = rows.assign(policy="current", year=2025, month=0, kind="", person="", outcome="score")
    >>> float(bottom_by_unit(rows, "current", 3)["named"].mean().round(2))
    0.2
    """
    found, scores = _league(outcomes, policy, count, of)
    runs = scores.mean(axis=1)
    true, luck = runs.mean(axis=0), _luck(scores)
    named = lowest_of(scores.reshape(-1, scores.shape[2]), count).reshape(scores.shape).mean(axis=(0, 1))
    best, worst = rank_sets(
        true, np.maximum(runs.std(axis=0, ddof=1) / np.sqrt(len(runs)), 1e-9), confidence=confidence
    )
    sets = [rank_sets(year, luck, confidence=confidence) for year in scores.reshape(-1, scores.shape[2])]
    ends = [wilson(float(share), len(runs), confidence) for share in named]
    order = np.argsort(-true, kind="stable")
    rank = np.empty(len(true), int)
    rank[order] = np.arange(1, len(true) + 1)
    table = pd.DataFrame(
        {
            "unit": found.units,
            "true": true,
            "named": named,
            "low": [low for low, _ in ends],
            "high": [high for _, high in ends],
            "once_in_five": 1 - (1 - named) ** _AGAIN,
            "rank": rank,
            "best": best,
            "worst": worst,
            "best_in_a_year": np.mean([low for low, _ in sets], axis=0),
            "worst_in_a_year": np.mean([high for _, high in sets], axis=0),
            "may_be_bottom": np.mean([may_be_bottom(high, count) for _, high in sets], axis=0),
        }
    )
    return table.iloc[order[::-1]].reset_index(drop=True)


def _luck(scores: np.ndarray) -> np.ndarray:
    """Return the standard deviation of a year's score by luck, (units,); of those that never vary, tiny."""
    return np.maximum(np.sqrt(scores.var(axis=0, ddof=1).mean(axis=0)), 1e-9)


RULES = ("one_year", "mean_of_years", "shrunk", "if_sure")


def naming_rules(
    outcomes: pd.DataFrame, policy: str, count: int, *, of: str = "score", confidence: float = 0.95
) -> pd.DataFrame:
    """Return how well the lowest units are named by a year's score, and by three other rules.

    The rules: ``one_year``, the lowest of the year; ``mean_of_years``, of the mean of three independent
    years; ``shrunk``, of scores drawn to the mean by each unit's reliability; ``if_sure``, those of the
    lowest of the year whose whole set of ranks lies in the bottom third.

    Parameters
    ----------
    outcomes, policy, count, of, confidence : DataFrame, str, int, str, float
        As for `bottom_by_unit`.

    Returns
    -------
    DataFrame
        One row per rule: ``rule``, ``named`` (units a year), and with intervals ``…_low``, ``…_high``:
        ``all_right`` (share of years in which the named are the true lowest), ``share_right`` (of the named,
        who truly are), ``missed`` (of the true lowest, who are not named).

    Raises
    ------
    InputError
        As of `bottom_by_unit`.

    Notes
    -----
    The true lowest are those of the mean of the other replications, so that a year never judges itself.
    Standard errors are jackknifed over replications.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> scores = pd.DataFrame(np.random.default_rng(1).normal(95, 2, (20, 15)))
    >>> rows = scores.rename_axis("replication").reset_index().melt("replication", var_name="unit")
    >>> rows = rows.assign(policy="current", year=2025, month=0, kind="", person="", outcome="score")
    >>> naming_rules(rows, "current", 3)["rule"].tolist()
    ['one_year', 'mean_of_years', 'shrunk', 'if_sure']
    """
    _, scores = _league(outcomes, policy, count, of)
    replications, years, units = scores.shape
    luck = _luck(scores)
    true = scores.mean(axis=(0, 1))
    spread = between(true, luck**2 / (replications * years))
    trust = spread / (spread + luck**2)
    threes = _members(replications, min(YEARS, replications - 1))
    rows = {}
    ones = np.arange(replications)[:, None]
    one = scores.reshape(-1, units)
    single = (np.repeat(ones, years, axis=0), lowest_of(one, count))
    rows["one_year"] = single
    several = scores[threes].mean(axis=1).reshape(-1, units)
    rows["mean_of_years"] = (np.repeat(threes, years, axis=0), lowest_of(several, count))
    drawn = one.mean(axis=1, keepdims=True) + trust * (one - one.mean(axis=1, keepdims=True))
    rows["shrunk"] = (single[0], lowest_of(drawn, count))
    sure = np.array([rank_sets(year, luck, confidence=confidence)[0] for year in one]) > units * 2 / 3
    rows["if_sure"] = (single[0], single[1] & sure)
    table = []
    total = scores.sum(axis=(0, 1))
    for rule in RULES:
        members, named = rows[rule]
        others = total - scores.sum(axis=1)[members].sum(axis=1)
        truly = lowest_of(others, count)
        right = (named & truly).sum(axis=1)
        found: dict[str, object] = {"rule": rule, "named": float(named.sum(axis=1).mean())}
        for name, above, under in (
            ("all_right", (named == truly).all(axis=1), np.ones(len(named))),
            ("share_right", right, named.sum(axis=1)),
            ("missed", count - right, np.full(len(named), count)),
        ):
            parts = np.column_stack([above, under]).astype(float)
            found |= dict(
                zip((name, f"{name}_low", f"{name}_high"), _share(parts, members, confidence), strict=True)
            )
        table.append(found)
    return pd.DataFrame(table)


def _share(
    parts: np.ndarray, members: np.ndarray, confidence: float, least: float = 0.0, most: float = 1.0
) -> tuple[float, float, float]:
    """Return a mean with its interval between two bounds.

    Where no replication differs, the interval holds for any distribution: a replication is as those seen with
    a probability that their number bounds from below (Clopper and Pearson 1934), and else anything allowed.
    """
    value, se = jackknife(parts, members)
    if se <= tolerance():
        alike = ((1 - confidence) / 2) ** (1 / len(np.unique(members)))
        return value, least + alike * (value - least), most - alike * (most - value)
    half = float(ndtri((1 + confidence) / 2)) * se
    return value, max(value - half, least), min(value + half, most)


def _members(replications: int, size: int) -> np.ndarray:
    """Return combinations of replications, all or a fixed sample of them, (n, size)."""
    if comb(replications, size) <= _MOST:
        return np.array(list(combinations(range(replications), size)))
    luck = np.random.default_rng(0)
    return np.array([luck.choice(replications, size, replace=False) for _ in range(_MOST)])


def repetition(
    outcomes: pd.DataFrame, policy: str, count: int, *, of: str = "score", confidence: float = 0.95
) -> pd.DataFrame:
    """Return how far one year's ranking tells of the truth, and of another year.

    Two years are those of two replications: independent, with the same units.

    Parameters
    ----------
    outcomes, policy, count, of, confidence : DataFrame, str, int, str, float
        As for `bottom_by_unit`.

    Returns
    -------
    DataFrame
        Columns ``measure``, ``value``, ``low``, ``high``. Measures: ``overlap`` (units named in both of two
        years), ``same`` and ``none`` (shares of pairs with all and none of them again), ``once_in_five``
        (chance of a unit to be named in five years), ``tau_true`` and ``tau_again`` (Kendall's tau of a
        year with the truth, and with another year), ``reliability`` (mean over units), and what it would
        give under normal noise: ``tau_true_normal``, ``tau_again_normal``.

    Raises
    ------
    InputError
        As of `bottom_by_unit`.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> scores = pd.DataFrame(np.random.default_rng(1).normal(95, 2, (20, 15)))
    >>> rows = scores.rename_axis("replication").reset_index().melt("replication", var_name="unit")
    >>> rows = rows.assign(policy="current", year=2025, month=0, kind="", person="", outcome="score")
    >>> found = repetition(rows, "current", 3).set_index("measure")["value"]
    >>> bool(0.3 < found["overlap"] < 0.9)
    True
    """
    from scipy.stats import kendalltau  # late: a large import

    _, scores = _league(outcomes, policy, count, of)
    replications, years, units = scores.shape
    named = lowest_of(scores.reshape(-1, units), count).reshape(scores.shape)
    pairs = _members(replications, 2)
    of_pairs = np.sum(named[pairs[:, 0]] & named[pairs[:, 1]], axis=2)
    few = pairs[:: max(1, len(pairs) // 500)]
    luck, true = _luck(scores), scores.mean(axis=(0, 1))
    total = scores.sum(axis=(0, 1))
    taus = np.array(
        [
            np.mean([kendalltau(year, total - run.sum(axis=0)).statistic for year in run])
            for run in scores[: len(few)]
        ]
    )
    again = np.array([kendalltau(scores[i, 0], scores[j, 0]).statistic for i, j in few])
    ones = np.arange(replications)[:, None]
    rows: list[tuple[str, float, float, float]] = []
    for name, values, members, top in (
        ("overlap", of_pairs.mean(axis=1), pairs, float(count)),
        ("same", (of_pairs == count).mean(axis=1), pairs, 1.0),
        ("none", (of_pairs == 0).mean(axis=1), pairs, 1.0),
        ("tau_true", taus, ones[: len(taus)], 1.0),
        ("tau_again", again, few, 1.0),
    ):
        parts = np.column_stack([values, np.ones(len(values))])
        rows.append((name, *_share(parts, members, confidence, -1.0 if "tau" in name else 0.0, top)))
    share = named.mean(axis=(0, 1))
    rows.append(("once_in_five", float(np.mean(1 - (1 - share) ** _AGAIN)), np.nan, np.nan))
    spread = between(true, luck**2 / (replications * years))
    trust = float(np.mean(spread / (spread + luck**2)))
    rows.append(("reliability", trust, np.nan, np.nan))
    rows.append(("tau_true_normal", 2 / np.pi * np.arcsin(np.sqrt(trust)), np.nan, np.nan))
    rows.append(("tau_again_normal", 2 / np.pi * np.arcsin(trust), np.nan, np.nan))
    return pd.DataFrame(rows, columns=["measure", "value", "low", "high"])
