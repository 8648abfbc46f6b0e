"""A year judged: from what was counted to scores, ranks, flags and pay. Cheap, and pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.scenario.schema import Scenario

from .careers import verdicts
from .measure import Measured
from .pay import bonus_share, gini, pay_share
from .scorecard import Draws, score
from .statistics import mean

_SHARES = {
    "below_advanced": "share_not_advanced",
    "head_not_promotable": "share_not_promotable",
    "certified": "share_certified",
    "excellent": "share_excellent",
}


@dataclass(frozen=True)
class Verdict:
    """The verdict on one assessment period.

    units : all units' names; scored : int (n,), the positions of those with a scorecard (none, if the
    scenario assesses nobody). All arrays by unit are float (units,) in the scenario's order, NaN for units
    without a scorecard and, except the shares of pay, without a score.

    score, true_score : points as measured and in truth. rank : 1 = best. below_advanced,
    head_not_promotable, bottom, certified, excellent : flags, 0 or 1. pay_share, bonus_share : shares of
    assessment pay and target bonus that are paid.

    people : their names; bound : bool (people,), the pay rule binds them; assessment_pay_yuan, bonus_yuan,
    pay_yuan : float (people,), what each is paid, pay_yuan all together.

    bureau : outcomes of the bureau by name.
    """

    year: int
    units: tuple[str, ...]
    scored: np.ndarray
    score: np.ndarray
    true_score: np.ndarray
    rank: np.ndarray
    below_advanced: np.ndarray
    head_not_promotable: np.ndarray
    bottom: np.ndarray
    certified: np.ndarray
    excellent: np.ndarray
    pay_share: np.ndarray
    bonus_share: np.ndarray
    people: tuple[str, ...]
    bound: np.ndarray
    assessment_pay_yuan: np.ndarray
    bonus_yuan: np.ndarray
    pay_yuan: np.ndarray
    bureau: dict[str, float]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the units that have a scorecard."""
        return tuple(self.units[unit] for unit in self.scored)


def judge(measured: Measured, scenario: Scenario, draws: Draws, past: Sequence[Verdict] = ()) -> Verdict:
    """Score, rank and pay one assessment period.

    Parameters
    ----------
    measured : what was counted (`measure`).
    scenario : its scorecards, assessment and pay are what the year is judged by.
    draws : luck of this year's inspections and marks, shared by all policies.
    past : the verdicts of the years before, oldest first.
    """
    names, rules, pay = measured.units, scenario.assessment, scenario.pay
    types = [scenario.unit_types[part.type] for part in scenario.units.values()]
    cards = [part.scorecard for part in types]
    assessed = rules is not None and pay is not None
    scored = np.flatnonzero([assessed and card is not None for card in cards])
    score_, true = np.full(len(names), np.nan), np.full(len(names), np.nan)
    for name, scorecard in scenario.scorecards.items() if assessed else ():
        mine = np.flatnonzero([card == name for card in cards])
        score_[mine], true[mine] = score(
            [names[unit] for unit in mine],
            {indicator: values[mine] for indicator, values in measured.indicators.items()},
            {indicator: [found[unit] for unit in mine] for indicator, found in measured.files.items()},
            scorecard,
            draws,
        )
    nothing = dict.fromkeys(
        ("rank", "below_advanced", "head_not_promotable", "bottom", "certified", "excellent"),
        np.full(len(names), np.nan),
    )
    flags = verdicts(score_, measured.indicators["overdue_open"], rules) if len(scored) else nothing
    certifiable = np.array([part.certifiable for part in types])
    for flag in ("certified", "excellent"):
        flags[flag] = np.where(certifiable, flags[flag], np.nan)
    binding = np.array([part.pay_bound for part in types])
    shares = np.ones((2, len(names)))
    if len(scored):
        own = np.where(binding, score_, np.nan)  # no score, no deduction
        shares = np.array([pay_share(own, pay), bonus_share(own, pay)])
    has_card = np.isin(np.arange(len(names)), scored)
    shown = np.where(has_card, shares, np.nan)
    base, assessed_yuan, target = _full_pay(measured, scenario)
    assessment_yuan = assessed_yuan * shares[0][measured.staff]
    bonus_yuan = target * shares[1][measured.staff]
    total = base + assessment_yuan + bonus_yuan
    bound = binding[measured.staff]
    told = {name: flags[flag][scored] for flag, name in _SHARES.items()}
    bureau = {
        "mean_score": mean(score_[scored]),
        "score_gap": mean(np.abs(score_ - true)[scored]),
        **{name: mean(values) for name, values in told.items()},
        "assessment_pay_yuan": assessment_yuan.sum(),
        "bonus_yuan": bonus_yuan.sum(),
        "pay_total_yuan": total.sum(),
        "pay_gini": gini(total[bound]),
    }
    return Verdict(
        year=measured.year,
        units=names,
        scored=scored,
        score=score_,
        true_score=true,
        **flags,
        pay_share=shown[0],
        bonus_share=shown[1],
        people=tuple(measured.people.index),
        bound=bound,
        assessment_pay_yuan=assessment_yuan,
        bonus_yuan=bonus_yuan,
        pay_yuan=total,
        bureau=bureau,
    )


def _full_pay(measured: Measured, scenario: Scenario) -> np.ndarray:
    """Base pay, assessment pay and target bonus of each person in full, yuan, float (3, people)."""
    amounts = {
        name: (part.base_pay_yuan, part.assessment_pay_yuan, part.target_bonus_yuan)
        for name, part in scenario.grades.items()
    }
    given = [amounts[grade] for grade in measured.people["grade"]]
    return np.array(given, float).reshape(-1, 3).T
