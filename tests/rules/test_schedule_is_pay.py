"""Every schedule in one form: the corners say what the pay rule pays, at each score and between."""

import numpy as np
import pytest

from sim.rules import bonus_share, pay_share
from sim.rules.schedule import bonus_schedule, pay_schedule
from sim.rules.scorecard import settled
from sim.scenario.assessment import Pay

THRESHOLD = {"full_pay_threshold": 95.0, "deduction_per_point": 1.0, "bonus_threshold": 95.0}
CORNERS = [
    {"score": 80, "share": 0.2, "jump_to": 0.5},
    {"score": 90, "share": 0.7, "jump_to": 0.9},
    {"score": 100, "share": 1.3},
]
RULES = {
    "slope": {},
    "slope to a floor": {"deduction_per_point": 10.0, "floor": 0.3},
    "slope under a ceiling": {"deduction_per_point": 10.0, "floor": 0.2, "ceiling": 0.75},
    "steps begun": {"points_counted": "whole_started", "deduction_per_point": 7.0},
    "steps completed": {"points_counted": "whole_completed", "deduction_per_point": 7.0, "floor": 0.4},
    "cliff": {"schedule": [{"score": 95, "share": 0, "jump_to": 1}]},
    "corners": {"schedule": CORNERS, "bonus_schedule": CORNERS},
    "corners cut off": {
        "schedule": CORNERS,
        "floor": 0.3,
        "ceiling": 1.1,
        "bonus_schedule": CORNERS,
        "bonus_floor": 0.6,
        "bonus_ceiling": 0.95,
    },
    "no deduction": {"deduction_per_point": 0.0},
}


@pytest.mark.parametrize("rule", RULES)
def test_corners_pay_what_the_rule_pays(rule):
    pay = Pay(**THRESHOLD | RULES[rule])
    fine = np.unique(np.round(np.concatenate([np.linspace(0, 100, 4001), np.arange(101) - 1e-6]), 6))
    scores = fine[fine >= 0]
    np.testing.assert_allclose(pay_schedule(pay).value(scores), pay_share(scores, pay), atol=1e-9)
    np.testing.assert_allclose(bonus_schedule(pay).value(scores), bonus_share(scores, pay), atol=1e-9)


def by_the_words(score, pay):
    """The article's rule without its form: so much less for each point under the threshold."""
    missing = settled(np.maximum(pay.full_pay_threshold - settled(score), 0.0))
    counted = {"fraction": missing, "whole_started": np.ceil(missing), "whole_completed": np.floor(missing)}
    share = 1 - pay.deduction_per_point / 100 * counted[pay.points_counted]
    return np.clip(share, pay.floor, pay.ceiling)


@pytest.mark.parametrize("counted", ["fraction", "whole_started", "whole_completed"])
@pytest.mark.parametrize("threshold", [95.0, 95.3, 90.1])
@pytest.mark.parametrize("bounds", [{}, {"floor": 0.3, "ceiling": 0.9}, {"floor": 1.0}])
def test_the_form_pays_to_the_last_bit_what_the_words_say(counted, threshold, bounds):
    pay = Pay(
        **THRESHOLD | {"full_pay_threshold": threshold, "deduction_per_point": 1.7} | bounds,
        points_counted=counted,
    )
    rng = np.random.default_rng(5)
    scores = np.concatenate(
        [rng.uniform(0, 100, 20_000), threshold - np.arange(80), rng.uniform(0, 100, 2000).round(2)]
    )
    np.testing.assert_array_equal(pay_share(scores, pay), by_the_words(scores, pay))


def test_floor_and_ceiling_of_the_bonus():
    pay = Pay(**THRESHOLD, bonus_floor=0.2, bonus_ceiling=0.8)
    np.testing.assert_allclose(bonus_share([94, 95, np.nan], pay), [0.2, 0.8, 1])
