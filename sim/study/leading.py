"""Which rules of a study are worth asking at other assumed numbers: those that lead and can move its answer.

Over a few years a rule that acts later moves nothing, whatever is assumed: it cannot be judged there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.evaluate.accuracy import difference
from sim.evaluate.compare import at_level
from sim.rules import OUTCOMES

from .choices import candidates, main_outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from .design import Study

LEADING = 2  # rules beside the baseline


def moving(study: Study, years: int) -> dict[str, tuple[list[str], list[str]]]:
    """Return which alternatives move the study's main outcome, by behaviour, those with the best means first.

    Parameters
    ----------
    study : Study
        With results.
    years : int
        How many years are asked about, from the first.

    Returns
    -------
    dict of str to (list of str, list of str)
        The rules that differ from the baseline in these years of one replication or more, and those that do
        only later. Means are of all years.
    """
    table = study.outcomes
    outcome, alternatives = main_outcome(study, table), candidates(study, table)
    rows = at_level(table[table["outcome"] == outcome], "bureau")
    found = {}
    for behaviour in study.file.behaviours:
        side = rows[rows["behaviour"] == behaviour].pivot_table(
            index=["year", "replication"], columns="policy", values="value", observed=True
        )
        means = side.mean().sort_values(ascending=OUTCOMES[outcome].better == "lower", kind="stable")
        in_order = [str(name) for name in means.index if name in alternatives and name != study.baseline]
        year = side.index.get_level_values("year")
        early = _differing(side[year < year.min() + years], study.baseline)
        later = _differing(side, study.baseline) - early
        found[behaviour] = ([n for n in in_order if n in early], [n for n in in_order if n in later])
    return found


def _differing(values: pd.DataFrame, baseline: str) -> set[str]:
    """Return the policies (columns) that differ from the baseline in some row; rounding is no difference."""
    base = values[baseline].to_numpy(float)
    return {
        str(name)
        for name in values.columns
        if np.nan_to_num(difference(values[name].to_numpy(float), base)).any()
    }


def leading(sides: Mapping[str, tuple[list[str], list[str]]]) -> list[str]:
    """Return the `LEADING` rules that lead, of `moving`: each behaviour in turn gives the best of its early
    rules that none gave before."""
    found: list[str] = []
    before = -1
    while before < len(found) < LEADING:
        before = len(found)
        for early, _ in sides.values():
            found += [name for name in early if name not in found][:1]
    return found[:LEADING]
