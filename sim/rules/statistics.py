"""Counts, means and quantiles by group."""

from __future__ import annotations

import numpy as np

from sim.jit import compiled


def packed(*flags: np.ndarray) -> np.ndarray:
    """Return flags, bool (n,), as bits of one number (n,), the first in the lowest bit: uint8, or wider."""
    result = flags[0].astype(np.min_scalar_type((1 << len(flags)) - 1))
    for bit, flag in enumerate(flags[1:], 1):
        result |= flag.astype(result.dtype) << bit
    return result


def tally(flags: np.ndarray, groups: np.ndarray, count: int, bits: int = 4) -> np.ndarray:
    """How often each combination of so many `packed` flags occurs by group in -1 … count−1, int
    (count, 2**bits).
    """
    size = 1 << bits
    keys = groups * np.int64(size) + (flags + np.int64(size))
    return np.bincount(keys, minlength=size * (count + 1)).reshape(-1, size)[1:]


def combinations(bits: int = 4) -> tuple[np.ndarray, ...]:
    """Return, for each flag, the columns of `tally` in which it is set, bool (2**bits,)."""
    return tuple(np.arange(1 << bits) >> bit & 1 == 1 for bit in range(bits))


def means(seconds: np.ndarray, groups: np.ndarray, count: int) -> np.ndarray:
    """Return the mean of whole `seconds` (n,) by group in -1 … count−1, float (count,); NaN if empty.

    Whole numbers add up exactly, in any order.
    """
    members = np.bincount(groups + 1, minlength=count + 1)[1:]
    with np.errstate(invalid="ignore"):
        return np.bincount(groups + 1, seconds, count + 1)[1:] / members


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
    ordered = values[by_group(groups, count)]
    ends = np.cumsum(np.bincount(groups + 1, minlength=count + 1))
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


def by_group(groups: np.ndarray, count: int) -> np.ndarray:
    """Return the positions of all members of groups in -1 … count−1, group by group, int (n,)."""
    short = groups.astype(np.int16 if count < 2**15 else np.int32)  # sorts in fewer passes
    return np.argsort(short, kind="stable")


def mean(values: np.ndarray) -> float:
    """Return the mean of the values (n,) other than NaN; NaN if there are none."""
    missing = np.isnan(values)
    count = len(values) - np.count_nonzero(missing)
    return float(np.where(missing, 0.0, values).sum() / count) if count else float("nan")
