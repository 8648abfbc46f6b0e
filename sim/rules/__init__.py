"""The rules of assessment: from what happened in a year to indicators, scores, pay and careers.

`assess` judges one year. `OUTCOMES` names all that can be measured. The pieces (`score`, `pay_share`,
`bonus_share`, `verdicts`) are pure functions of arrays and parameters, for behaviour and for plots.
"""

from .areas import busy_area, queue_area
from .assess import assess
from .careers import bottom, ranks, verdicts
from .outcomes import OUTCOMES, Outcome
from .pay import bonus_share, gini, pay_share
from .scorecard import Draws, points, score
from .table import COLUMNS

__all__ = [
    "COLUMNS",
    "OUTCOMES",
    "Draws",
    "Outcome",
    "assess",
    "bonus_share",
    "bottom",
    "busy_area",
    "gini",
    "pay_share",
    "points",
    "queue_area",
    "ranks",
    "score",
    "verdicts",
]
