"""The verdict on a year, the input of pay, careers and later years."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .personal import Records

BY_UNIT = (  # columns of units that exist only where they are judged
    "score",
    "true_score",
    "standard_error",
    "rolling_score",
    "rolling_error",
    "scaled_score",
    "percentile",
    "rank",
    "below_advanced",
    "head_not_promotable",
    "bottom",
    "certified",
    "excellent",
    "top",
    "criticised",
    "audit_points",
    "reward_fund",
)


@dataclass(frozen=True)
class Verdict:
    """The verdict on one assessment period (`judge`).

    units : all units' names; scored : int (n,), the positions of those with a scorecard (none, if the
    scenario assesses nobody). All arrays by unit are float (units,) in the scenario's order, NaN for units
    without a scorecard and, except shares and sums of pay, without a score.

    score, true_score : this year's points as measured and in truth; standard_error : of the measured score.
    rolling_score, rolling_error : the score that counts for thresholds and pay, of one year or several, and
    its standard error. scaled_score : the score by which units are ranked. percentile : of this year's rank,
    100 = best. rank : 1 = best. below_advanced, head_not_promotable, bottom, certified, excellent, top,
    criticised : flags, 0 or 1. audit_points : points taken off for false records. reward_fund : won by the
    unit.
    pay_share, bonus_share : shares of assessment pay and target bonus paid.

    people : their names; bound : bool (people,), the pay rule binds them; base_pay, assessment_pay, bonus,
    fund : float (people,), amounts paid; pay : their sum, with the rewards for degrees, certificates and
    commendations. records : the people's own records; None where nobody is judged by them.

    bureau : outcomes of the bureau by name.
    """

    year: int
    units: tuple[str, ...]
    scored: np.ndarray
    score: np.ndarray
    true_score: np.ndarray
    standard_error: np.ndarray
    rolling_score: np.ndarray
    rolling_error: np.ndarray
    scaled_score: np.ndarray
    percentile: np.ndarray
    rank: np.ndarray
    below_advanced: np.ndarray
    head_not_promotable: np.ndarray
    bottom: np.ndarray
    certified: np.ndarray
    excellent: np.ndarray
    top: np.ndarray
    criticised: np.ndarray
    audit_points: np.ndarray
    reward_fund: np.ndarray
    pay_share: np.ndarray
    bonus_share: np.ndarray
    people: tuple[str, ...]
    bound: np.ndarray
    base_pay: np.ndarray
    assessment_pay: np.ndarray
    bonus: np.ndarray
    fund: np.ndarray
    pay: np.ndarray
    bureau: dict[str, float]
    records: Records | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the units that have a scorecard."""
        return tuple(self.units[unit] for unit in self.scored)
