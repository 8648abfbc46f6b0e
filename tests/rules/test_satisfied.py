"""Satisfaction: a case worked by hand for each coefficient, and its bounds."""

from __future__ import annotations

import pytest

from sim.rules.satisfaction import satisfied
from sim.scenario.satisfaction import Satisfaction

RULE = Satisfaction(
    on=True, best=90, wait_hour=0.5, most_hours=10, returned=8, late=12, late_day=2, most_days=5, complaint=30
)


@pytest.mark.parametrize(
    ("case", "points"),
    [
        ((0, False, False, 0, False), 90),
        ((4, False, False, 0, False), 88),  # four hours
        ((400, False, False, 0, False), 85),  # ten count
        ((0, True, False, 0, False), 82),
        ((0, False, True, 3, False), 72),  # 12, and 2 for each day
        ((0, False, True, 300, False), 68),  # five days count
        ((0, False, False, 3, False), 90),  # days until a limit that was met count nothing
        ((0, False, False, 0, True), 60),
        ((400, True, True, 300, True), 25),
    ],
)
def test_by_hand(case, points):
    assert satisfied(RULE, *case) == points


def test_never_under_zero():
    hard = RULE.model_copy(update={"complaint": 100.0})
    assert satisfied(hard, 0, False, False, 0, True) == 0
