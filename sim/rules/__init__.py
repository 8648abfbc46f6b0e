"""The rules of assessment: from what happened in a year to indicators, scores, pay and careers.

`measure` counts one year, `judge` scores, ranks and pays it, `outcomes` tells both as a table; `assess` is
the three in a row. `OUTCOMES` names all that can be measured. The pieces (`score`, `pay_share`,
`bonus_share`, `verdicts`) are pure functions of arrays and parameters, for behaviour and for plots.
"""

from .areas import busy_area, queue_area
from .assess import assess, outcomes
from .careers import bottom, ranks, verdicts
from .judge import Verdict, judge
from .measure import Measured, measure
from .outcomes import OUTCOMES, Outcome
from .pay import bonus_share, gini, pay_share
from .scorecard import Draws, points, score
from .table import COLUMNS

__all__ = [
    "COLUMNS",
    "OUTCOMES",
    "Draws",
    "Measured",
    "Outcome",
    "Verdict",
    "assess",
    "bonus_share",
    "bottom",
    "busy_area",
    "gini",
    "judge",
    "measure",
    "outcomes",
    "pay_share",
    "points",
    "queue_area",
    "ranks",
    "score",
    "verdicts",
]
