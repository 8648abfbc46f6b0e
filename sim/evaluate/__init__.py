"""Turn many replications into estimates with confidence intervals, paired differences, winners and losers.

`compare` two policies, or two behaviours (`between_behaviours`), ask who gains (`winners_losers`), `choose`
with a guarantee, and ask which are `undominated` by several goals; `estimate` and `selection` have the
statistics underneath, `batch_means`, `effective_size` and `mser` those of one long run. What is luck, what
the score does not see and who gains is in modules of their own: `reliability`, `noise`, `ranks`, `fairness`,
`alarm`, `bunching`, `density`, `distribution`; whether an answer survives what is assumed, in `screening` and
`doubt`.
"""

from .choose import choose
from .compare import between_behaviours, compare
from .estimate import (
    Interval,
    holm,
    mean_interval,
    paired_difference,
    quantile_interval,
    relative_half_width,
    replications_needed,
    with_controls,
)
from .gains import winners_losers
from .goals import undominated
from .single_run import batch_means, effective_size, mser

__all__ = [
    "Interval",
    "batch_means",
    "between_behaviours",
    "choose",
    "compare",
    "effective_size",
    "holm",
    "mean_interval",
    "mser",
    "paired_difference",
    "quantile_interval",
    "relative_half_width",
    "replications_needed",
    "undominated",
    "winners_losers",
    "with_controls",
]
