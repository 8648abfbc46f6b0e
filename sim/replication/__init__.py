"""One replication: a bureau over its years, its people, and the reviews that judge and instruct them.

`simulation` is the story, start to finish. `people` says who holds which post and what they can do. `review`
says where the units stand each month, and what a year came to.
"""

from __future__ import annotations

from .simulation import Result, Work, done, judge_work, simulate

__all__ = ["Result", "Work", "done", "judge_work", "simulate"]
