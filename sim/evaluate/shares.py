"""What each measure of a whole adds: to all the others, alone, and by going together with them.

The whole is a policy, and each measure a part of it that can be taken out. Four policies tell a measure's
effects on an outcome Y: the whole, the whole without the measure, the measure alone, and none.

* last: Y(whole) − Y(without it), what it adds when all others are there;
* alone: Y(only it) − Y(none), what it brings where there is no other;
* interaction: last − alone; above 0 the others help it to raise the outcome, under 0 they do its work too;
* total: Y(whole) − Y(none), of all measures together.

In a game of all subsets of the measures, last and alone are a player's marginal contributions to the greatest
and to the least coalition, between which its Shapley value lies if marginal contributions only fall or only
rise with the coalition (Shapley 1953, A value for n-person games).
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from .compare import at_level, differences_of_pairs, keys_of, paired

NONE = "without-all"  # the policy in which no measure is left
EFFECTS = ("last", "alone", "interaction", "total")


def without(measure: str) -> str:
    """Return the name of the policy that is the whole without this measure."""
    return f"without-{measure}"


def alone(measure: str) -> str:
    """Return the name of the policy in which this measure is the only one."""
    return f"only-{measure}"


def parts(measures: Sequence[str]) -> list[str]:
    """Return the names of all policies that tell the measures' shares, beside the whole."""
    if not measures:
        return []
    return [*map(without, measures), *map(alone, measures), NONE]


def shares(
    outcomes: pd.DataFrame,
    whole: str,
    measures: Sequence[str],
    *,
    level: str = "bureau",
    only: Sequence[str] | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Compute what each measure adds, paired by replication.

    Parameters
    ----------
    outcomes : results of the policies `whole`, `NONE`, and of each measure `without` and `alone`, as
        `sim.evaluate.compare.compare` takes them.
    whole : the policy with all measures.
    measures : their names.
    level : one of `sim.evaluate.compare.LEVELS`.
    only : outcomes; all by default.

    Returns
    -------
    DataFrame of behaviour (where the table has several), measure ("" for the total), effect (one of
    `EFFECTS`), outcome, and the columns of `compare`: difference with low, high, half_width, n, p_value, …
    baseline and policy_mean are the two sides of the difference. p_holm is adjusted over all rows of one
    effect and outcome. A measure without a row of an effect has no value on one of its sides.
    """
    rows = at_level(outcomes, level)
    keys = [*keys_of(rows, level), "outcome"]

    def pairs_of(policy: str, to: str) -> pd.DataFrame:
        return paired(rows, policy, to, level=level, only=only)

    found = {"total": [pairs_of(whole, NONE).assign(measure="")]}
    for measure in measures:
        last = pairs_of(whole, without(measure))
        first = pairs_of(alone(measure), NONE)
        both = last.merge(first, on=[*keys, "replication", "year"], suffixes=("", "_alone"))
        both["policy_value"] -= both["baseline"]
        both["baseline"] = both.pop("policy_value_alone") - both.pop("baseline_alone")
        for effect, pairs in zip(EFFECTS, (last, first, both), strict=False):
            found.setdefault(effect, []).append(pairs.assign(measure=measure))
    tables = [
        differences_of_pairs(
            pd.concat(found[effect], ignore_index=True), ["measure", *keys], confidence
        ).assign(effect=effect)
        for effect in EFFECTS
        if effect in found
    ]
    table = pd.concat(tables, ignore_index=True)
    table.loc[table["effect"] == "interaction", "share_better"] = float("nan")  # no outcome of a policy
    first_columns = [*(["behaviour"] if "behaviour" in keys else []), "measure", "effect"]
    first_columns += [key for key in keys if key not in first_columns]
    return table[[*first_columns, *(name for name in table.columns if name not in first_columns)]]
