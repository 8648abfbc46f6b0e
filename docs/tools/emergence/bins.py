"""Estimate pooled statistics with intervals from resampling whole replications.

The offices of a replication share their citizens' luck and, where people move, their people: they are not
independent, and the bootstrap never draws them one by one (Davison and Hinkley, Bootstrap Methods and their
Application, 1997, sec. 3.8).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

ROUNDS = 1000


def resampled(
    sums: np.ndarray,
    statistic: Callable[[np.ndarray], np.ndarray],
    *,
    confidence: float = 0.95,
    seed: int = 0,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return estimate, low and high of a statistic of the sum over replications (percentile bootstrap).

    `sums` (replications, …) are what each replication adds; `statistic` takes their sum (…). NaN where the
    statistic is nowhere known.
    """
    sums = np.asarray(sums, float)
    count = len(sums)
    weights = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), ROUNDS)
    with np.errstate(invalid="ignore", divide="ignore"):
        again = np.array([statistic(total) for total in np.tensordot(weights, sums, axes=1)])
        estimate = np.asarray(statistic(sums.sum(axis=0)))
    again = again.reshape(ROUNDS, -1)
    known = np.isfinite(again).any(axis=0)
    tails = np.full((2, again.shape[1]), np.nan)
    ends = [50 * (1 - confidence), 50 * (1 + confidence)]
    tails[:, known] = np.nanpercentile(again[:, known], ends, axis=0)
    low, high = tails.reshape(2, *estimate.shape)
    return estimate, low, high


def histogram(table: pd.DataFrame, value: str, edges: np.ndarray) -> pd.DataFrame:
    """Compute the share of all values in each bin: left, right, share, low, high.

    `table` has a column replication; a bin holds its left edge, not its right. Shares are of all values, also
    of those outside the bins.
    """
    counts = _added(table, table[value], edges, [np.ones(len(table))])[:, 0]
    total = table.groupby("replication", sort=True).size().to_numpy()
    sums = np.column_stack([counts, total])
    share, low, high = resampled(sums, lambda added: added[:-1] / added[-1])
    return pd.DataFrame({"left": edges[:-1], "right": edges[1:], "share": share, "low": low, "high": high})


def by_bins(table: pd.DataFrame, along: str, value: str, edges: np.ndarray) -> pd.DataFrame:
    """Compute the mean of `value` in each bin of `along`. Columns: at (mean of `along` in the bin), mean,
    low, high, n. Empty bins are omitted.
    """
    added = _added(table, table[along], edges, [np.ones(len(table)), table[value], table[along]])
    mean, low, high = resampled(added, lambda sums: sums[1] / sums[0])
    count = added[:, 0].sum(axis=0)
    at = np.divide(added[:, 2].sum(axis=0), count, out=np.full(len(count), np.nan), where=count > 0)
    means = pd.DataFrame({"at": at, "mean": mean, "low": low, "high": high, "n": count.astype(int)})
    return means[means["n"] > 0].reset_index(drop=True)


def shares_between(table: pd.DataFrame, value: str, low: float, high: float) -> pd.Series:
    """Compute each replication's share of values from `low` to under `high`; the index is replication."""
    inside = (table[value] >= low) & (table[value] < high)
    return inside.groupby(table["replication"], sort=True).mean()


def _added(table: pd.DataFrame, along: pd.Series, edges: np.ndarray, columns: list) -> np.ndarray:
    """Return sums of columns (replications, columns, bins)."""
    numbers, replication = np.unique(table["replication"], return_inverse=True)
    place = np.searchsorted(edges, along.to_numpy(), side="right") - 1
    inside = (place >= 0) & (place < len(edges) - 1)
    sums = np.zeros((len(numbers), len(columns), len(edges) - 1))
    for number, column in enumerate(columns):
        np.add.at(sums[:, number], (replication[inside], place[inside]), np.asarray(column, float)[inside])
    return sums
