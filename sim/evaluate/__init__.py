"""From many replications to statements: estimates with intervals, paired differences, winners and losers.

`compare` two policies, ask who gains (`winners_losers`) and which is `best`; `estimate` has the
statistics underneath.
"""

from .compare import best, compare, winners_losers
from .estimate import (
    Interval,
    holm,
    mean_interval,
    paired_difference,
    precise,
    quantile_interval,
    relative_half_width,
    replications_needed,
)

__all__ = [
    "Interval",
    "best",
    "compare",
    "holm",
    "mean_interval",
    "paired_difference",
    "precise",
    "quantile_interval",
    "relative_half_width",
    "replications_needed",
    "winners_losers",
]
