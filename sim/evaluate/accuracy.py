"""Compare numbers up to rounding error.

Two policies that do the same may add up the same numbers in another order and end one bit apart. Signs, ties
and orders are therefore asked for here, never by ``==`` or ``argmax`` on the raw numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

ACCURACY = 1e-12  # of the larger of two numbers; of one, where both are smaller


def tolerance(*values: ArrayLike) -> np.ndarray:
    """Return the difference up to which numbers as large as `values` (arrays that broadcast) are equal."""
    size = np.ones(())
    for value in values:
        size = np.fmax(size, np.abs(np.asarray(value, float)))
    return ACCURACY * np.where(np.isfinite(size), size, 1.0)


def settled(values: ArrayLike, *of: ArrayLike) -> np.ndarray:
    """Return `values`, with exactly 0 where they are within the rounding of numbers as large as `of`."""
    values = np.asarray(values, float)
    return np.where(np.abs(values) <= tolerance(*of), 0.0, values)


def difference(after: ArrayLike, before: ArrayLike) -> np.ndarray:
    """Compute `after` − `before`, exactly 0 where they are equal; NaN where one is."""
    return settled(np.subtract(after, before, dtype=float), after, before)


def highest(values: ArrayLike, within: float = 0.0) -> np.ndarray:
    """Mark the values of the last axis that are the highest or at most `within` below: bool, as `values`."""
    values = np.asarray(values, float)
    most = np.max(values, axis=-1, keepdims=True)
    return values >= most - within - tolerance(most)


def levels(values: ArrayLike) -> np.ndarray:
    """Rank `values` (n,) by whole numbers from 0 up, equal where the values are equal; NaN come last.

    A key for sorting: ``frame.sort_values(column, key=levels, kind="stable")``.
    """
    values = np.asarray(values, float)
    if len(values) == 0:
        return np.zeros(0, np.int64)
    order = np.argsort(values, kind="stable")
    sorted_ = values[order]
    step = ~(np.diff(sorted_) <= tolerance(sorted_[1:], sorted_[:-1]))
    ranks = np.empty(len(values), np.int64)
    ranks[order] = np.concatenate([[0], np.cumsum(step)])
    return ranks


def first_highest(values: pd.Series) -> Any:
    """Return the label of the highest value, the first one in a tie; at least one must not be NaN."""
    known = values.dropna()
    return known.index[int(np.argmax(highest(known.to_numpy())))]
