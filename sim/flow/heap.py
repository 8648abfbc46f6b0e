"""A binary heap of whole numbers in a part of an array, for the compiled executor: the least is on top."""

from __future__ import annotations

from sim.compiled import inlined_lean


@inlined_lean
def add(heap, first, size, number):
    """Add a number to the heap ``heap[first : first + size]``."""
    place = size
    while place > 0:
        above = (place - 1) >> 1
        if heap[first + above] <= number:
            break
        heap[first + place] = heap[first + above]
        place = above
    heap[first + place] = number


@inlined_lean
def take_first(heap, first, size):
    """Take the least number off a heap that has `size` left afterwards."""
    number = heap[first + size]
    place, below = 0, 1
    while below < size:
        if below + 1 < size and heap[first + below + 1] < heap[first + below]:
            below += 1
        if heap[first + below] >= number:
            break
        heap[first + place] = heap[first + below]
        place, below = below, 2 * below + 1
    heap[first + place] = number
