"""Turn many replications into estimates with confidence intervals, paired differences, winners and losers.

`compare` two policies, or two behaviours (`between_behaviours`), ask who gains (`winners_losers`) and which
is `best`; `estimate` has the statistics underneath. What is luck, what the score does not see and who gains
is in modules of their own: `reliability`, `noise`, `ranks`, `fairness`, `alarm`, `bunching`, `density`,
`distribution`.
"""

from .compare import between_behaviours, compare
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
from .gains import winners_losers
from .select import best

__all__ = [
    "Interval",
    "best",
    "between_behaviours",
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
