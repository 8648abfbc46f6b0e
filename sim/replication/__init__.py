"""One replication: a bureau over its years, its people, and the reviews that judge and instruct them.

`simulation` runs it, start to finish. `people` keeps who holds which post, and their skills. `review`
computes the standing of units each month, and measures each year.
"""

from __future__ import annotations

from .run import Work
from .simulation import Result, done, judge_work, simulate

__all__ = ["Result", "Work", "done", "judge_work", "simulate"]
