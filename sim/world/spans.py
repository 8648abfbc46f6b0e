"""What two people's hours, or two uses of them, have in common."""

from __future__ import annotations

import numpy as np

from sim.jit import compiled


@compiled
def common(spans, others):
    """Return the seconds that lie in both; both sorted and disjoint, int64 (n, 2); adjoining ones joined."""
    found, count, j = np.empty((len(spans) + len(others), 2), np.int64), 0, 0
    for i in range(len(spans)):
        while j < len(others) and others[j, 1] <= spans[i, 0]:
            j += 1
        k = j
        while k < len(others) and others[k, 0] < spans[i, 1]:
            begin, end = max(spans[i, 0], others[k, 0]), min(spans[i, 1], others[k, 1])
            if begin < end and count > 0 and found[count - 1, 1] == begin:
                found[count - 1, 1] = end
            elif begin < end:
                found[count, 0], found[count, 1] = begin, end
                count += 1
            k += 1
    return found[:count].copy()
