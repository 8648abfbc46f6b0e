"""A heap of whole numbers in a slice of an array, for the compiled executor; the smallest is on top.

Each has up to four below it, side by side: a large heap has half the levels of a binary one, and a level is
one access to memory. Indices are unsigned, so that numba need not test each for being negative.
"""

from __future__ import annotations

import numpy as np

from sim.jit import inlined_lean

ONE = np.uint64(1)
TWO = np.uint64(2)
FOUR = np.uint64(4)


@inlined_lean
def add(heap, first, size, number):
    """Add a number to the heap ``heap[first : first + size]``."""
    first, place = np.uint64(first), np.uint64(size)
    while place >= ONE:
        above = (place - ONE) >> TWO
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
        least, smallest = below, heap[first + below]
        for other in range(below + ONE, min(below + FOUR, size)):
            if heap[first + other] < smallest:
                least, smallest = np.uint64(other), heap[first + other]
        if smallest >= number:
            break
        heap[first + place] = smallest
        place, below = least, (least << TWO) + ONE
    heap[first + place] = number


@inlined_lean
def remove(heap, first, size, number):
    """Remove a number of a heap that has `size` left afterwards, wherever it stands."""
    first, size = np.uint64(first), np.uint64(size)
    place = size - size
    while heap[first + place] != number:
        place += ONE
    while place >= ONE:  # let the hole rise to the top
        above = (place - ONE) >> TWO
        heap[first + place] = heap[first + above]
        place = above
    take_first(heap, first, size)
