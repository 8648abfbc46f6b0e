"""What an executor fills in: when each task and request was begun and ended, and who worked on what from
when to when."""

from __future__ import annotations

from array import array

import numpy as np


class Trace:
    """Times in whole seconds; −1 = has not happened. Lists by task and by request; ``segments`` of work in
    order of their end."""

    def __init__(self, requests: int, tasks: int) -> None:
        self.ready_s = [-1] * tasks
        self.start_s = [-1] * tasks
        self.end_s = [-1] * tasks
        self.first_start_s = [-1] * requests
        self.finish_s = [-1] * requests
        self.withdrawn_s = [-1] * requests
        self.returns = [0] * requests
        self._segments = array(
            "q"
        )  # four numbers each; an array becomes numpy's without a copy of its numbers one by one

    def worked(self, task: int, person: int, start_s: int, end_s: int) -> None:
        """`person` worked on `task` from `start_s` to `end_s` (off-duty time between included)."""
        self._segments.extend((task, person, start_s, end_s))

    def segments(self) -> np.ndarray:
        """int64 (n, 4): task, person, start_s, end_s."""
        return np.array(self._segments, dtype=np.int64).reshape(-1, 4)
