"""Counts, means and quantiles by group."""

from __future__ import annotations

import numpy as np

from sim.jit import compiled


def combinations(bits: int) -> tuple[np.ndarray, ...]:
    """Return, for each of so many flags, the combinations of them in which it is set, bool (2**bits,)."""
    return tuple(np.arange(1 << bits) >> bit & 1 == 1 for bit in range(bits))


def group_sums(values: np.ndarray, groups: np.ndarray, count: int) -> np.ndarray:
    """Return the sums of values (n,) by group in 0 … count−1, float (count,), as `group_means` adds up; NaN
    if empty."""
    return _sums(np.ascontiguousarray(values, float), groups.astype(np.int64), count)[0]


def group_means(values: np.ndarray, groups: np.ndarray, count: int) -> np.ndarray:
    """Return the means of values (n,) by group in 0 … count−1, float (count,); NaN if empty.

    Their sums are compensated (Kahan, Further remarks on reducing truncation errors, 1965).
    """
    total, members = _sums(np.ascontiguousarray(values, float), groups.astype(np.int64), count)
    return total / np.maximum(members, 1)


@compiled
def _sums(values, groups, count):
    """Return the sums by group, and how many each has."""
    total, lost, members = np.zeros(count), np.zeros(count), np.zeros(count, np.int64)
    for i in range(len(values)):
        group = groups[i]
        more = values[i] - lost[group]
        sum_ = total[group] + more
        lost[group] = sum_ - total[group] - more
        total[group] = sum_
        members[group] += 1
    for group in range(count):
        if members[group] == 0:
            total[group] = np.nan
    return total, members


def quantiles(
    values: np.ndarray, groups: np.ndarray, count: int, shares: tuple[float, ...]
) -> list[np.ndarray]:
    """Return quantiles of `values` (n,) by group in -1 … count−1, with linear interpolation.

    They are float (count,) per share; NaN for an empty group.
    """
    order, ends = by_group(groups, count)
    ordered = values[order]
    result = np.full((len(shares), count), np.nan)
    for group, members in enumerate(np.split(ordered, ends[:-1])[1:]):
        if len(members) == 0:
            continue
        places = [share * (len(members) - 1) for share in shares]
        below = [int(place) for place in places]
        members = np.partition(members, below)
        above = [members[low + 1 :].min(initial=members[-1]) for low in below]
        result[:, group] = [
            members[low] + (high - members[low]) * (place % 1)
            for low, high, place in zip(below, above, places, strict=True)
        ]
    return list(result)


def by_group(groups: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the positions of all members of groups in -1 … count−1, group by group and in order within each,
    int (n,), and where each group ends, int (count + 1,)."""
    order: tuple[np.ndarray, np.ndarray] = _by_group(np.ascontiguousarray(groups, np.int64), count)
    return order


@compiled
def _by_group(groups, count):
    ends = np.zeros(count + 2, np.int64)  # the number of members of all groups before, then with each
    for i in range(len(groups)):
        ends[groups[i] + 2] += 1
    for group in range(1, count + 2):
        ends[group] += ends[group - 1]
    order = np.empty(len(groups), np.int64)
    for i in range(len(groups)):
        order[ends[groups[i] + 1]] = i
        ends[groups[i] + 1] += 1
    return order, ends[: count + 1]


def mean(values: np.ndarray) -> float:
    """Return the mean of the values (n,) other than NaN; NaN if there are none."""
    missing = np.isnan(values)
    count = len(values) - np.count_nonzero(missing)
    return float(np.where(missing, 0.0, values).sum() / count) if count else float("nan")
