"""What effort was believed to bring to each unit, and what it brought."""

from __future__ import annotations

import numpy as np
import pandas as pd

APART = 2.0  # standard errors by which belief and outcome part
POINTS = 0.2  # … and points, at least


def returns(responsive: pd.DataFrame, mechanical: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return what a year's effort was believed to bring to each unit, and what it brought, points.

    Parameters
    ----------
    responsive : DataFrame
        Outcomes of units under one policy, of people who respond. Columns: replication, year, unit, outcome,
        value; one row each.
    mechanical : DataFrame, optional
        The same of people who do not respond. Replications are then paired, so that luck cancels.

    Returns
    -------
    DataFrame
        One row per unit with a return, indexed by ``unit``: ``extra`` (mean effort − 1), ``believed``,
        ``realised``, ``se`` (standard error of realised less believed, over replications and trials), ``n``
        (replications) and ``parts`` (bool: they differ by more than two standard errors and 0.2 points).

    Notes
    -----
    Without `mechanical`, what was realised is the true score less the usual score of the trials, whose error
    is then in ``se``.
    """
    own = _by_replication(responsive)
    if "gain_believed" not in own or own.empty:
        return pd.DataFrame(columns=["extra", "believed", "realised", "se", "n", "parts"])
    realised, of_usual = own["gain_realised"], own.get("usual_error", 0 * own["gain_realised"])
    if mechanical is not None and not mechanical.empty:
        without = _by_replication(mechanical)["true_score"]
        realised, of_usual = (own["true_score"] - without).reindex(own.index), 0 * of_usual
    extra = own["effort"] - 1
    of_trials = (own["return_error"] * extra).abs() if "return_error" in own else 0 * extra
    table = pd.DataFrame(
        {
            "extra": extra,
            "believed": own["gain_believed"],
            "realised": realised,
            "apart": realised - own["gain_believed"],
            "trials": np.hypot(of_trials, of_usual),
        }
    ).dropna(subset=["believed", "realised"])
    by_unit = table.groupby(level="unit", sort=False)
    found, count = by_unit.mean(), by_unit.size()
    luck: pd.Series = by_unit["apart"].std(ddof=1) / np.sqrt(count)
    se = np.hypot(luck.fillna(0.0), found["trials"].fillna(0.0))
    apart = found["apart"].abs()
    parts = (apart > APART * se) & (apart > POINTS) & (count > 1)
    return found[["extra", "believed", "realised"]].assign(se=se, n=count, parts=parts)


def _by_replication(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the mean over years of each outcome (columns) by replication and unit."""
    texts = rows.astype({"unit": str, "outcome": str})
    return texts.pivot_table(
        index=["replication", "unit"], columns="outcome", values="value", sort=False, observed=True
    )
