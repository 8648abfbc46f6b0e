"""A binary heap of whole numbers in a slice of an array, for the compiled executor; the smallest is on top.

Indices are unsigned, so that numba need not test each for being negative.
"""

from __future__ import annotations

import numpy as np

from sim.jit import inlined_lean

ONE = np.uint64(1)


@inlined_lean
def add(heap, first, size, number):
    """Add a number to the heap ``heap[first : first + size]``."""
    first, place = np.uint64(first), np.uint64(size)
    while place >= ONE:
        above = (place - ONE) >> ONE
        if heap[first + above] <= number:
            break
        heap[first + place] = heap[first + above]
        place = above
    heap[first + place] = number


@inlined_lean
def take_first(heap, first, size):
    """Remove the smallest number of a heap that has `size` left afterwards."""
    first, size = np.uint64(first), np.uint64(size)
    number = heap[first + size]
    place, below = size - size, ONE
    while below < size:
        if below + ONE < size and heap[first + below + ONE] < heap[first + below]:
            below += ONE
        if heap[first + below] >= number:
            break
        heap[first + place] = heap[first + below]
        place, below = below, below + below + ONE
    heap[first + place] = number


@inlined_lean
def remove(heap, first, size, number):
    """Remove a number of a heap that has `size` left afterwards, wherever it stands."""
    first, size = np.uint64(first), np.uint64(size)
    place = size - size
    while heap[first + place] != number:
        place += ONE
    while place >= ONE:  # let the hole rise to the top
        above = (place - ONE) >> ONE
        heap[first + place] = heap[first + above]
        place = above
    take_first(heap, first, size)
