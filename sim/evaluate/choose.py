"""Choose a policy, with a guarantee: which is selected, and which is recommended over the current rule.

The two words are kept apart.

* *Selected*: the policy with the best mean, if with probability 0.95 it is at most δ worse than the best of
  all (Hsu's multiple comparisons with the best under common random numbers).
* *Recommended over the current rule*: the interval of its difference from the baseline excludes 0 on the
  better side, and the difference is more than δ. All policies under all behaviours are one family: their
  intervals hold together with probability 0.95 (Bonferroni, which allows for any dependence). Of shares, each
  end reaches as far as Student's t or Hall's transformation of it asks.

A policy may be selected and not recommended: where the baseline is as good, nothing speaks for a change. One
may be recommended and not selected: it is better than the baseline, and another may be better still. Policies
that differ by rounding alone are equal.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.rules import OUTCOMES
from sim.scenario.errors import InputError, nearest

from .accuracy import difference, highest
from .compare import at_level, behaviours, of_one_behaviour
from .estimate import at_least_student, equivalence, half_widths, less_sure
from .selection import (
    FIRST,
    dudewicz_dalal_constant,
    kim_nelson,
    ocba,
    rinott_constant,
    second_stage,
    subset_then_select,
    with_the_best,
)

CONFIDENCE = 0.95
# What makes a difference in practice: half a percentage point of a share, a hundredth of anything else.
POINTS, PART = 0.005, 0.01
PROCEDURES = ("kim-nelson", "rinott", "dudewicz-dalal", "subset", "ocba")
COLUMNS = (
    "policy", "mean", "n", "best_low", "best_high", "may_be_best", "shortfall", "good", "selected",
    "difference", "low", "high", "equivalent", "recommended", "needed", "note",
)  # fmt: skip
ONE = "one replication: no estimate"
CONSTANT = "the same difference in every replication"


def way_of(outcome: str) -> float:
    """Return 1 where more of an outcome is better, −1 where less is. InputError where neither is."""
    if outcome not in OUTCOMES:
        raise InputError(f"no outcome '{outcome}'", remedy=nearest(outcome, OUTCOMES))
    if OUTCOMES[outcome].better == "neither":
        raise InputError(
            f"of '{outcome}' neither more nor less is better",
            remedy="Choose an outcome that has a better side",
        )
    return 1.0 if OUTCOMES[outcome].better == "higher" else -1.0


def zone(outcome: str, mean: float) -> float:
    """Return an outcome's default δ in its table's unit: half a point of a share, 1 % of another mean."""
    return POINTS if OUTCOMES[outcome].unit.en == "%" else PART * abs(mean)


def by_replication(
    outcomes: pd.DataFrame, outcome: str, policies: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return an outcome of the bureau by replication (index) and policy (columns), years averaged.

    The outcomes are of one behaviour. A year that any of the policies lacks is dropped for all.
    """
    rows = at_level(of_one_behaviour(outcomes), "bureau")
    known = list(rows["policy"].unique())
    rows = rows[(rows["outcome"] == outcome) & rows["value"].notna()]
    chosen = known if policies is None else list(policies)
    if missing := [name for name in chosen if name not in known]:
        raise InputError(f"no results for policy '{missing[0]}'", remedy=nearest(missing[0], known))
    if without := [name for name in chosen if name not in set(rows["policy"].unique())]:
        raise InputError(
            f"no '{outcome}' was measured under '{without[0]}'",
            remedy="Choose an outcome, or policies, that were measured",
        )
    rows = rows[rows["policy"].isin(chosen)].astype({"policy": str})
    if rows.duplicated(["policy", "replication", "year"]).any():
        raise InputError(
            "several results for one replication of a policy",
            remedy="Choose among the policies of one scenario; a column 'behaviour' tells behaviours apart",
        )
    years = rows.pivot(index=["replication", "year"], columns="policy", values="value")[chosen].dropna()
    if years.empty:
        raise InputError(
            f"no replication has '{outcome}' under every policy", remedy="Run the same replications of each"
        )
    return years.groupby("replication").mean()


def choose(
    outcomes: pd.DataFrame,
    outcome: str,
    baseline: str,
    *,
    policies: Sequence[str] | None = None,
    delta: float | None = None,
    confidence: float = CONFIDENCE,
    procedure: str = "kim-nelson",
    budget: int | None = None,
    family: int | None = None,
) -> pd.DataFrame:
    """Choose among policies by one outcome of the bureau, under each behaviour of the table.

    Parameters
    ----------
    outcomes : as `sim.evaluate.compare.compare` takes them.
    baseline : the current rule.
    policies : those to choose among; all by default. The baseline is always one.
    delta : the least difference that matters, in the table's unit; `zone` by default.
    procedure : of `PROCEDURES`, which tells the replications that are `needed`.
    budget : the replications, all policies together, that ``ocba`` shares out.
    family : how many behaviours are judged together; those of the table by default.

    Returns
    -------
    DataFrame of a row for each behaviour and policy, with behaviour (where the table has several) and

    * mean over n replications that every policy has;
    * best_low, best_high: Hsu's interval of the mean less the best of the others' (above 0 is better);
      may_be_best: not ruled out;
    * shortfall: how far below the best at most; good: at most δ; selected: the best mean, if it is good;
    * difference from the baseline with its simultaneous interval low, high; equivalent: shown to lie within
      ± δ, by two one-sided tests; recommended: the interval excludes 0 on the better side, and the difference
      is more than δ;
    * needed: replications in all until the procedure is sure; NaN where it cannot tell;
    * note: what an estimate lacks, or "".
    """
    way = way_of(outcome)
    if procedure not in PROCEDURES:
        raise InputError(f"no procedure '{procedure}'", remedy=nearest(procedure, PROCEDURES))
    if not 0.5 < confidence < 1:
        raise InputError(f"the confidence is {confidence}", remedy="Give a number between 0.5 and 1")
    if (procedure == "ocba") != (budget is not None):
        raise InputError("only 'ocba' shares out a budget, and it needs one", remedy="Give 'budget' with it")
    several = behaviours(outcomes)
    sides: list[tuple[str | None, pd.DataFrame]] = [(None, outcomes)]
    if len(several) > 1:
        sides = [(name, outcomes[outcomes["behaviour"] == name]) for name in several]
    count, tables = family or len(sides), []
    for behaviour, rows in sides:
        chosen = None if policies is None else list(dict.fromkeys([baseline, *policies]))
        values = by_replication(rows, outcome, chosen)
        names = [str(name) for name in values]
        if baseline not in names:
            raise InputError(f"no results for policy '{baseline}'", remedy=nearest(baseline, names))
        if len(names) < 2:
            raise InputError("only the baseline has results", remedy="Run another policy, or name one")
        least = zone(outcome, float(values[baseline].mean())) if delta is None else delta
        if delta is None and least == 0:
            raise InputError(
                f"'{outcome}' is 0 under '{baseline}', and a part of it is nothing",
                remedy="Give delta, the least difference that matters",
            )
        numbers, sure = values.to_numpy(), 1 - (1 - confidence) / count
        share = OUTCOMES[outcome].unit.en == "%"
        found = decide(numbers, names.index(baseline), way, least, confidence, count, share)
        found["needed"] = _needed(way * numbers, least, sure, procedure, budget)
        table = pd.DataFrame({"policy": names, "n": len(numbers)} | found)[list(COLUMNS)]
        if behaviour is not None:
            table.insert(0, "behaviour", behaviour)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def decide(
    values: np.ndarray,
    baseline: int,
    way: float,
    delta: float,
    confidence: float = CONFIDENCE,
    family: int = 1,
    share: bool = False,
) -> dict[str, np.ndarray]:
    """Compute the columns of `choose`, each (k,), from values (n, k) of k policies under one behaviour.

    `baseline` is the column of the current rule, `way` 1 where more is better and −1 where less is, and
    `family` the number of behaviours that are judged together. Of a `share`, which is skewed near 0 and 1,
    intervals allow for the skewness.
    """
    if isinstance(delta, str) or not delta > 0 or not math.isfinite(delta):
        raise InputError(
            f"the difference that matters is {delta}", remedy="Give a number above 0, in the outcome's unit"
        )
    n, k = values.shape
    means, is_base = values.mean(axis=0), np.arange(k) == baseline
    own = difference(values, values[:, [baseline]])
    change = difference(means, means[baseline])
    sd = own.std(axis=0, ddof=1) if n > 1 else np.full(k, math.nan)
    sd = np.where((own == own[0]).all(axis=0) & (n > 1), 0.0, sd)
    sure = 1 - (1 - confidence) / (family * (k - 1))
    half = half_widths(sd, n, sure)
    below, above = at_least_student(own, sd, sure) if share else (half, half)
    found = {"mean": means, "difference": change, "low": change - below, "high": change + above}
    unknown, no = np.full(k, math.nan), np.zeros(k, bool)
    if n < 2:
        found |= {"best_low": unknown, "best_high": unknown, "shortfall": unknown, "may_be_best": ~no}
        found |= dict.fromkeys(("good", "selected", "equivalent", "recommended"), no)
        return found | {"note": np.full(k, ONE)}
    bounds, possible = with_the_best(way * values, 1 - (1 - confidence) / family)
    shortfall = np.maximum(-bounds[:, 0], 0.0)
    good = shortfall <= delta * (1 + 1e-12)
    first = highest(way * means)
    leader = baseline if first[baseline] else int(np.argmax(first))
    better = found["low"] > 0 if way > 0 else found["high"] < 0
    return found | {
        "best_low": bounds[:, 0],
        "best_high": bounds[:, 1],
        "may_be_best": possible,
        "shortfall": shortfall,
        "good": good,
        "selected": (np.arange(k) == leader) & good,
        "equivalent": equivalence(own, delta) <= (1 - confidence) / (family * (k - 1)),
        "recommended": better & (way * change > delta) & ~is_base,
        "note": np.where((sd == 0) & (change != 0), CONSTANT, ""),
    }


def chance_better(values: pd.DataFrame, baseline: str, outcome: str, delta: float) -> pd.Series:
    """Return by policy the probability that it is better than the baseline by more than `delta`, as far as
    luck goes.

    The paired differences are taken as normal with a flat prior, so that their mean has Student's t with
    n − 1 degrees of freedom. Of a share, which is skewed near 0 and 1, Hall's transformation of it is taken
    where that is less sure, as in the intervals. Where all differences are the same, the probability is 0
    or 1.

    Parameters
    ----------
    values : an outcome by replication (index) and policy (columns), of `by_replication`.
    delta : in the outcome's unit; 0 or more.
    """
    from scipy.special import stdtr

    others = [str(name) for name in values if name != baseline]
    gain = way_of(outcome) * difference(values[others].to_numpy(), values[[baseline]].to_numpy())
    n, over = len(gain), gain.mean(axis=0) - delta
    if n < 2:
        raise InputError("one replication gives no probability", remedy="Run two or more")
    error = gain.std(axis=0, ddof=1) / math.sqrt(n)
    error = np.where((gain == gain[0]).all(axis=0), 0.0, error)
    ratio = np.divide(over, error, out=np.copysign(np.inf, over), where=error > 0)
    if OUTCOMES[outcome].unit.en == "%":
        ratio = less_sure(ratio, gain, error * math.sqrt(n))
    return pd.Series(np.where(over == 0, 0.0, stdtr(n - 1, ratio)), index=others)


def _needed(
    values: np.ndarray, delta: float, confidence: float, procedure: str, budget: int | None
) -> np.ndarray:
    """Return the replications in all that a procedure needs of each policy, from the values so far."""
    n, k = values.shape
    if procedure == "ocba":
        shares = ocba(values.mean(axis=0), values.std(axis=0, ddof=1)) if n > 1 else np.full(k, math.nan)
        return np.round(shares * (budget or 0))
    if n < FIRST:  # a first stage comes first
        return np.full(k, float(FIRST))
    if procedure == "kim-nelson":
        return kim_nelson(values, delta, FIRST, confidence).most.astype(float)
    if procedure == "subset":
        return subset_then_select(values, delta, confidence)[1].astype(float)
    constant = rinott_constant if procedure == "rinott" else dudewicz_dalal_constant
    more = 0 if procedure == "rinott" else 1
    h = constant(k, n, confidence)
    return second_stage(values.var(axis=0, ddof=1), delta, h, n, more).astype(float)
