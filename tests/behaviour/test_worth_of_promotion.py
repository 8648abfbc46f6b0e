"""What two ladders make of a score: the worth of a promotion, times its chance at the unit's score."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import betainc, ndtr

import sim
from sim.behaviour.expected_worth import expected
from sim.behaviour.promotion import Candidates
from sim.behaviour.worth import Rivals, needs_rivals, worths
from sim.scenario.part import Text

from .fifteen import NO_CAREERS, OFFICES, scenario_of, standing_at

UNITS = len(OFFICES) + 1
TEXT = Text(en="changed", zh="改")


def rules_of(ladders: dict | None = None, worth: dict | None = None, line: float = 90.0) -> sim.Scenario:
    bare = scenario_of({"careers": NO_CAREERS | {"to_head": 0, "to_city": 2} | (worth or {})})
    settings = {"on": True, **(ladders or {})}
    changes = {"pay.deduction_per_point": 0, "assessment.promotion_threshold": line, "careers.on": True}
    changes |= {f"careers.ladders.{name}": value for name, value in settings.items()}
    return sim.reform(bare, sim.Policy("changed", TEXT, TEXT, changes))


def worth_at(score: float, rules: sim.Scenario, heads: float = 1.0) -> float:
    """Of the first office, certain to end at `score`, in years of pay; the others lie at 94 ± 2."""
    standing = standing_at(94.0, assessment_pay=0.0, heads=np.full(UNITS, heads))
    outlook = standing.outlook
    reach = outlook.usual - 60, outlook.usual + 60
    rivals = Rivals(outlook.usual, outlook.unseen_sd, outlook.uniform)
    own = worths(standing, rules, np.ones(UNITS), reach)(rivals)[0]
    assert own is not None
    return expected(own, score, 1e-6, False)


def test_openings_are_shared_among_those_over_the_line():
    """Fifteen heads alike, one opening: a chance of a fifteenth, of those whom the line leaves."""
    assert worth_at(94.0, rules_of(line=0.0)) == pytest.approx(2 / 15, rel=0.04)
    assert worth_at(94.0, rules_of({"deputy_openings": 3}, line=0.0)) == pytest.approx(6 / 15, rel=0.04)
    fewer = worth_at(94.5, rules_of(line=94.0))  # half of the others are barred
    assert fewer == pytest.approx(2 / 8, rel=0.1)


def test_under_the_line_there_is_nothing_and_at_it_a_step():
    rules = rules_of()
    assert worth_at(89.9, rules) == pytest.approx(0, abs=1e-9)
    assert worth_at(90.1, rules) == pytest.approx(worth_at(97.0, rules), rel=1e-6)  # the unit has no weight


def test_where_the_units_score_counts_more_of_it_is_worth_more():
    weighed = rules_of({"unit": 1.0}, line=0.0)
    found = [worth_at(score, weighed) for score in (90.0, 92.0, 94.0, 96.0, 98.0)]
    assert (np.diff(found) > 0).all()
    heavier = rules_of({"unit": 3.0}, line=0.0)
    assert worth_at(98.0, heavier) > found[-1] and worth_at(90.0, heavier) < found[0]


def test_the_staff_is_barred_only_if_the_rules_say_so():
    worth = {"to_head": 2, "to_city": 0}
    for bars in (True, False):
        rules = rules_of({"bars_staff": bars}, worth)
        under = worth_at(85.0, rules, heads=0.0)
        assert (under == pytest.approx(0, abs=1e-9)) is bars


def test_it_takes_the_place_of_the_worth_of_the_line():
    with_ladders = rules_of(worth={"promotion": 5.0, "to_city": 0.0})
    assert not needs_rivals(with_ladders) and needs_rivals(rules_of())
    without = rules_of({"on": False}, {"promotion": 5.0})
    assert worth_at(95.0, without) - worth_at(85.0, without) == pytest.approx(5.0)
    assert worth_at(95.0, with_ladders) == worth_at(85.0, with_ladders)


@pytest.mark.parametrize(
    ("by_unit", "own", "posts", "openings"),
    [(0.05, 2.5, 3.0, 5.2), (0.15, 0.4, 6.0, 4.3), (1.0, 0.3, 20.0, 2.0), (0.5, 1.0, 0.4, 5.2)],
)
def test_the_chance_of_a_promotion_is_that_of_the_formula(by_unit, own, posts, openings):
    """However its tables are read: with many candidates and few, with weight on the unit and hardly any."""
    means, colleagues, score = np.linspace(80.0, 97.0, 14), 3.0, np.linspace(60.0, 105.0, 200)
    spread, staff = np.sqrt(own**2 + (by_unit * np.linspace(0.5, 3.0, 14)) ** 2), np.full(14, posts)
    found = Candidates(by_unit, own, by_unit * means, spread, staff, colleagues).chance(score, openings)
    luck, weight = np.polynomial.hermite_e.hermegauss(40)
    key = by_unit * score[:, None] + own * luck
    before = ndtr((by_unit * means - key[..., None]) / spread) @ staff + colleagues * ndtr(-luck)
    count = staff.sum() + colleagues
    after = np.clip(1 - before / count, 0.0, 1.0)
    exact = betainc(count + 1 - openings, openings, after) @ weight / weight.sum()
    np.testing.assert_allclose(found, exact, rtol=0, atol=1e-6)
    assert found.min() >= -1e-9 and found.max() > found.min() + 0.01
