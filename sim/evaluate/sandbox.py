"""Score evaluation designs against a known truth: bias, coverage, power and their Monte Carlo errors.

Many pilots are evaluated; each has a twin world without the policy, which tells the true effect. The table
follows Morris, White and Crowther 2019 (ADEMP: aims, data, estimands, methods, performance).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.scenario.errors import InputError

LEVEL = 0.05  # of tests


def performance(estimates: pd.DataFrame) -> pd.DataFrame:
    """Return how designs perform over many pilots, one row per design.

    Parameters
    ----------
    estimates : one row per pilot and design. Columns: design, truth, value, se, low, high, p, note.

    Returns
    -------
    DataFrame indexed by design

    * n: pilots with an estimate; truth, mean: of the true effects and of the estimates;
    * bias (mean of estimate less truth) and mcse_bias; empirical_se (of estimate less truth); model_se (the
      root mean square of the standard errors told);
    * coverage of the truth by the 95 % intervals and mcse_coverage; both NaN where no interval is told;
    * rejects: share of pilots with p under .05, and mcse_rejects. It is power where the truth is not 0, and
      the rate of false alarms where it is;
    * note: what all estimates say of themselves, as why there is no interval.

    Raises InputError for fewer than two pilots.
    """
    rows = []
    for design, own in estimates.groupby("design", sort=False):
        known = own[own["value"].notna()]
        n = len(known)
        if len(own) < 2:
            raise InputError("one pilot tells no bias", remedy="Simulate two replications or more")
        off = (known["value"] - known["truth"]).to_numpy(float)
        ends = known[known["low"].notna() & known["high"].notna()]
        covered = ((ends["low"] <= ends["truth"]) & (ends["truth"] <= ends["high"])).to_numpy(float)
        alarms = (known.loc[known["p"].notna(), "p"] < LEVEL).to_numpy(float)
        spread = float(off.std(ddof=1)) if n > 1 else np.nan
        row = {"design": design, "n": n, "truth": known["truth"].mean(), "mean": known["value"].mean()}
        row |= {"bias": off.mean() if n else np.nan, "mcse_bias": spread / np.sqrt(n) if n else np.nan}
        row |= {"empirical_se": spread, "model_se": np.sqrt((known["se"] ** 2).mean())}
        row |= dict(zip(("coverage", "mcse_coverage"), _share(covered), strict=True))
        row |= dict(zip(("rejects", "mcse_rejects"), _share(alarms), strict=True))
        notes = own["note"].unique()
        rows.append(row | {"note": str(notes[0]) if not n or len(notes) == 1 else ""})
    return pd.DataFrame(rows).set_index("design")


def _share(flags: np.ndarray) -> tuple[float, float]:
    """Return a share and its Monte Carlo standard error, with half a case added on both sides."""
    n = len(flags)
    if n == 0:
        return np.nan, np.nan
    smoothed = (flags.sum() + 0.5) / (n + 1)
    return float(flags.mean()), float(np.sqrt(smoothed * (1 - smoothed) / n))


def reliability(values: np.ndarray) -> tuple[float, float]:
    """Return the reliability of yearly values (worlds, units), and their standard deviation over units.

    It is the variance of the units' means over worlds, less their error, as a share of a year's variance over
    units (one-way analysis of variance).
    """
    worlds = len(values)
    within = float(np.nanmean(np.nanvar(values, axis=0, ddof=1)))
    between = float(np.nanvar(np.nanmean(values, axis=0), ddof=1)) - within / worlds
    total = max(between, 0.0) + within
    return (max(between, 0.0) / total if total else np.nan), float(np.sqrt(total))


def named_lowest(values: np.ndarray, named: int) -> float:
    """Return by how much the lowest `named` units of a year improve on the others if nothing is done.

    `values` are (worlds, units). The units named in each world are held against their own mean over the
    other worlds: exact for units of unequal noise, where `designs.regression_to_the_mean` is not.
    """
    worlds, units = values.shape
    others = (values.sum(axis=0) - values) / (worlds - 1)
    lowest = np.argsort(values, axis=1, kind="stable")[:, :named]
    chosen = np.zeros((worlds, units), bool)
    np.put_along_axis(chosen, lowest, True, axis=1)
    gain = others - values
    return float(gain[chosen].mean() - gain[~chosen].mean())
