"""The rules of assessment: from the events of a year to indicators, scores, pay and careers.

`measure` counts one year, `judge` scores, ranks and pays it, `outcomes` makes a table of both; `assess` does
all three. `OUTCOMES` names all that can be measured. The pieces (`score`, `pay_share`,
`bonus_share`, `verdicts`) are pure functions of arrays and parameters, for behaviour and for plots.
"""

from .assess import assess, outcomes
from .careers import bottom, distinct, ranks, top, verdicts
from .judge import judge, true_score
from .measure import measure, measure_tables, so_far
from .measured import Measured
from .outcomes import OUTCOMES, Outcome
from .pay import bonus_share, gini, pay_share, shares
from .record import Record
from .scaling import percentiles, rolled, scaled
from .scorecard import Draws, points, score
from .table import COLUMNS
from .verdict import Verdict

__all__ = [
    "COLUMNS",
    "OUTCOMES",
    "Draws",
    "Measured",
    "Outcome",
    "Record",
    "Verdict",
    "assess",
    "bonus_share",
    "bottom",
    "distinct",
    "gini",
    "judge",
    "measure",
    "measure_tables",
    "outcomes",
    "pay_share",
    "percentiles",
    "points",
    "ranks",
    "rolled",
    "scaled",
    "score",
    "so_far",
    "shares",
    "top",
    "true_score",
    "verdicts",
]
