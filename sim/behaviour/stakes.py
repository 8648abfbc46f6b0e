"""The points at stake on scorecards: cases in time, overdue cases, duties, study, discipline, projects."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.scenario.indicators import INDICATORS
from sim.scenario.part import given
from sim.scenario.schema import Scenario
from sim.scenario.scorecard import Item


@dataclass(frozen=True)
class Stakes:
    """Arrays by unit in the scenario's order, (units,); 0 for units without a scorecard.

    on_time : points between none and all cases in time, of items by share.
    on_time_case : points that each late case costs, of items that deduct per case.
    overdue : points between all and no cases overdue.
    duties : points between all and none of the standing duties.
    study : points between all and none of the study that is asked, with those that public criticism costs.
    discipline : points between no day and every day of a person with a breach.
    projects : points between none and all of the target projects accepted in time.
    """

    on_time: np.ndarray
    on_time_case: np.ndarray
    overdue: np.ndarray
    duties: np.ndarray
    study: np.ndarray
    discipline: np.ndarray
    projects: np.ndarray

    @classmethod
    def of(cls, rules: Scenario) -> Stakes:
        points, criticism = [], given(rules.assessment).criticism
        named = criticism.points if criticism.on else 0.0
        for unit in rules.units:
            card = rules.type_of(unit).scorecard
            items = [] if card is None else list(rules.scorecards[card].items.values())
            of = {
                lever: [item for item in items if INDICATORS[item.indicator].lever == lever]
                for lever in ("on_time", "overdue", "duties", "study", "discipline", "projects")
            }
            points.append(
                (
                    sum(_whole(item) for item in of["on_time"]),
                    sum(item.deduct_per_case or 0.0 for item in of["on_time"]),
                    sum(_whole(item) or item.points for item in of["overdue"]),
                    sum(_whole(item) for item in of["duties"]),
                    sum(_whole(item) for item in of["study"]) + named * (card is not None),
                    sum(_whole(item) for item in of["discipline"]),
                    sum(_whole(item) for item in of["projects"]),
                )
            )
        return cls(*(np.array(column, float) for column in zip(*points, strict=True)))

    def points_a_case(self, cases: np.ndarray) -> np.ndarray:
        """Return the points that one late case costs a unit with `cases` a year, (units,)."""
        return self.on_time / np.maximum(cases, 1.0) + self.on_time_case


def _whole(item: Item) -> float:
    """Return the points for a whole 1 of the indicator; 0 where points go by case."""
    if item.rule == "per_case":
        return 0.0
    if item.rule == "deduction":
        return 100 * given(item.deduct)
    return item.points / given(item.target) if item.rule == "target" else item.points
