"""Counts, means and quantiles by group."""

from __future__ import annotations

import numpy as np


def packed(*flags: np.ndarray) -> np.ndarray:
    """Flags, bool (n,), as the bits of one number (n,), the first in the lowest bit: uint8, or wider."""
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
    """In which of the columns of `tally` each of the flags is set, bool (2**bits,)."""
    return tuple(np.arange(1 << bits) >> bit & 1 == 1 for bit in range(bits))


def means(seconds: np.ndarray, groups: np.ndarray, count: int) -> np.ndarray:
    """Mean of whole `seconds` (n,) by group in -1 … count−1, float (count,); NaN of an empty group.

    Whole numbers add up exactly, in any order.
    """
    members = np.bincount(groups + 1, minlength=count + 1)[1:]
    with np.errstate(invalid="ignore"):
        return np.bincount(groups + 1, seconds, count + 1)[1:] / members


def quantiles(
    values: np.ndarray, groups: np.ndarray, count: int, shares: tuple[float, ...]
) -> list[np.ndarray]:
    """Quantiles of `values` (n,) by group in -1 … count−1, interpolated linearly: float (count,) a share;
    NaN of an empty group.
    """
    short = groups.astype(np.int16 if count < 2**15 else np.int32)  # sorted in fewer passes
    ordered = values[np.argsort(short, kind="stable")]
    ends = np.cumsum(np.bincount(groups + 1, minlength=count + 1))
    found = np.full((len(shares), count), np.nan)
    for group, mine in enumerate(np.split(ordered, ends[:-1])[1:]):
        if len(mine) == 0:
            continue
        places = [share * (len(mine) - 1) for share in shares]
        below = [int(place) for place in places]
        mine = np.partition(mine, below)
        above = [mine[low + 1 :].min(initial=mine[-1]) for low in below]
        found[:, group] = [
            mine[low] + (high - mine[low]) * (place % 1)
            for low, high, place in zip(below, above, places, strict=True)
        ]
    return list(found)


def mean(values: np.ndarray) -> float:
    """Mean of the values (n,) that there are; NaN where there are none."""
    missing = np.isnan(values)
    count = len(values) - np.count_nonzero(missing)
    return float(np.where(missing, 0.0, values).sum() / count) if count else float("nan")
