"""People who know the rules: off is off, each switch by itself, theory in the steady state, and the signs."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from sim.behaviour import BEHAVIOURS, Conduct, responsive
from sim.behaviour.next_point import worth_of_a_point
from sim.scenario.schema import Scenario
from sim.world import Streams

from .fifteen import NO_CAREERS, OFFICES, item, scenario_of, standing_at

UNITS = len(OFFICES) + 1
ALL_ON = {name: {"on": True} for name in ("effort", "allocation", "timing", "recording")}


def answered(rules: Scenario, months: int = 1, **where: object) -> Conduct:
    conduct, memory = Conduct.neutral(UNITS, 2), responsive.Memory(Streams(1, 0))
    for _ in range(months):
        conduct = responsive.respond(standing_at(**where), rules, conduct, memory)
    return conduct


def changed(conduct: Conduct) -> set[str]:
    neutral = Conduct.neutral(UNITS, 2)
    names = (field.name for field in fields(Conduct))
    return {name for name in names if not np.array_equal(getattr(conduct, name), getattr(neutral, name))}


def test_the_three_behaviours_are_known_by_name():
    assert list(BEHAVIOURS) == ["mechanical", "responsive", "learning"]
    assert [part.READS_RULES for part in BEHAVIOURS.values()] == [False, True, True]


@pytest.mark.parametrize("behaviour", [{}, {**ALL_ON, "strength": 0}])
def test_off_is_off(behaviour):
    """Nothing chosen, or no strength: the neutral conduct to the last bit."""
    assert changed(answered(scenario_of(behaviour), 3)) == set()


@pytest.mark.parametrize(
    ("switch", "moved"),
    [
        ("effort", {"effort", "by_kind", "rush"}),
        ("allocation", {"attention", "duty"}),
        ("timing", {"late_last"}),
        ("recording", {"recording"}),
    ],
)
def test_each_switch_moves_its_own(switch, moved):
    assert changed(answered(scenario_of({switch: {"on": True}}))) == moved


def test_units_without_a_score_do_as_before():
    conduct = answered(scenario_of(ALL_ON), 6)
    section = len(OFFICES)
    assert conduct.effort[section] == 1 and conduct.recording[section] == 0
    assert (conduct.attention[section] == 1).all() and not conduct.late_last[section]


def settled_scores(rules: Scenario, start: float, points: float, months=400, **where: object) -> np.ndarray:
    """Month after month the forecast is what the effort so far would bring in a year: where it settles."""
    conduct, memory = Conduct.neutral(UNITS, 2), responsive.Memory(Streams(1, 0))
    for _ in range(months):
        mean = start + points * (conduct.effort[: len(OFFICES)] - 1)
        conduct = responsive.respond(standing_at(mean, **where), rules, conduct, memory)
    return start + points * (conduct.effort[: len(OFFICES)] - 1)


def theory(cost: float, **more: object) -> dict:
    """Effort of which a point costs `cost` / 2 × its square in pay points, with 40 points an effort."""
    effort = {"on": True, "cost": cost * 40**2 / 100, "points_per_effort": 40, "least": 0.5, "most": 2}
    return {"effort": effort, "careers": {**NO_CAREERS, **more}}


@pytest.mark.parametrize(("per_point", "aim"), [(0.5, 92.480570), (1.0, 94.323717), (2.0, 95.608682)])
def test_monthly_answers_settle_at_the_best_effort(per_point, aim):
    """Months of small steps from 88 end where theory's best effort is."""
    part = theory(0.1)
    part["effort"]["monthly_share"] = 0.2  # in greater steps the steepest of these incentives overshoots
    rules = scenario_of(part, pay={"deduction_per_point": per_point})
    np.testing.assert_allclose(settled_scores(rules, 88.0, 40.0), aim, atol=1e-4)


@pytest.mark.parametrize(
    ("start", "effort"), [(84.0, 0.022933), (88.0, 1.994704), (90.0, 1.503634), (94.0, 0.216201)]
)
def test_monthly_answers_to_a_cliff(start, effort):
    """A bonus of 5 % of pay from 90 on; the hopeless and the safe do little."""
    rules = scenario_of(theory(0.5), pay={"deduction_per_point": 0, "bonus_threshold": 90})
    found = settled_scores(rules, start, 40.0, assessment_pay=0.0, bonus=5.0)
    np.testing.assert_allclose(found - start, effort, atol=1e-4)


def test_monthly_answers_to_a_contest():
    """5 % of pay lost in the bottom three of fifteen; rivals answer each other."""
    rules = scenario_of(
        theory(0.5, bottom=0.05), assessment={"bottom_count": 3}, pay={"deduction_per_point": 0}
    )
    np.testing.assert_allclose(settled_scores(rules, 80.0, 40.0, 100) - 80, 1.310513, atol=1e-4)


def test_effort_is_a_part_of_the_way_and_bounded():
    rules = scenario_of({"effort": {"on": True, "monthly_share": 0.25, "most": 1.1}, "careers": NO_CAREERS})
    worth = 0.69146246 / 100  # years of pay a point: 1 % under 95, at 94 ± 2
    aim = min(1 + 40 * worth / 3, 1.1)
    efforts = [answered(rules, months).effort[0] for months in (1, 2, 3)]
    np.testing.assert_allclose(efforts, 1 + (aim - 1) * (1 - 0.75 ** np.arange(1, 4)), atol=1e-8)
    strong = scenario_of({"strength": 10, "effort": {"on": True, "monthly_share": 1, "most": 1.1}})
    assert answered(strong).effort[0] == 1.1


def test_at_the_end_of_the_year_there_is_nothing_to_gain():
    rules = scenario_of({"effort": {"on": True, "monthly_share": 1}})
    assert answered(rules, share_left=0.0).effort[0] == 1
    assert answered(rules, share_left=0.5).effort[0] < answered(rules, share_left=1.0).effort[0]


def test_rush_is_a_share_of_the_extra_effort():
    conduct = answered(scenario_of({"effort": {"on": True, "rush_share": 0.4}}))
    np.testing.assert_allclose(conduct.rush, 0.4 * (conduct.effort - 1))
    assert conduct.rush[0] > 0


def test_a_ratchet_leaves_a_part_of_the_incentive():
    """With κ = 0.3 and r = 0.1 a quarter is left."""
    plain, held = (
        worth_of_a_point(standing_at(), scenario_of({"ratchet": {"on": on, "kappa": 0.3, "discount": 0.1}}))
        for on in (False, True)
    )
    np.testing.assert_allclose(held, plain / 4)


def test_what_is_not_assessed_is_neglected():
    rules = scenario_of({"allocation": {"on": True}})
    conduct = answered(rules, 12, assessed=(1.0, 0.0))
    registration, petition = conduct.attention[0]
    assert registration == 1 and petition < 0.9
    assert conduct.duty[0] < 0.9
    even = answered(rules, 12, assessed=(0.6, 0.4))
    np.testing.assert_allclose(even.attention, 1.0)


def test_attention_keeps_a_floor_and_needs_substitution():
    apart = answered(scenario_of({"allocation": {"on": True, "substitution": 0.0, "duties": False}}), 12)
    together = answered(scenario_of({"allocation": {"on": True, "substitution": 0.9, "duties": False}}), 12)
    assert together.attention[0, 1] < apart.attention[0, 1] <= 1
    assert (together.duty == 1).all()
    least = answered(scenario_of({"allocation": {"on": True, "strength": 10, "floor": 0.45}}), 40)
    assert least.attention.min() == pytest.approx(0.45) and least.duty.min() == pytest.approx(0.45)


def test_duties_that_are_assessed_are_done():
    items = {"on_time": item("on_time_rate", 80), "patrol": item("duty_rate", 20)}
    conduct = answered(scenario_of({"allocation": {"on": True}}, items), 12)
    assert (conduct.duty == 1).all()


def test_late_to_the_back_only_where_being_in_time_counts_and_pays():
    timing = {"timing": {"on": True, "pressure": 0.2}}
    assert answered(scenario_of(timing)).late_last[: len(OFFICES)].all()
    assert not answered(scenario_of(timing), mean=99.9, sd=0.5).late_last.any()
    backlog = {"on_time": item("on_time_rate", 40), "overdue": item("overdue_rate", 60)}
    assert not answered(scenario_of(timing, backlog)).late_last.any()


def test_records_follow_pressure_and_fear_audits():
    on = {"recording": {"on": True}}

    def share(cases: float = 200.0, mean: float = 94.0, **audits: object) -> float:
        rules = scenario_of(on, assessment={"audits": {"on": bool(audits), **audits}})
        return float(answered(rules, mean=mean, cases=np.full(UNITS, cases)).recording[0])

    free = share()
    assert free > 0 and share(mean=99.0) < free
    # a case is worth half a point; found once in twenty it costs half a point, or five
    assert share(rate=0.05, penalty_points=0.5) == pytest.approx(0.95 * free)
    assert share(rate=0.05, penalty_points=5) == pytest.approx(0.5 * free)
    assert share(rate=0.5, penalty_points=5) == 0
    assert share(cases=2000, rate=0.05, penalty_points=0.5) < share(cases=20, rate=0.05, penalty_points=0.5)


@pytest.mark.parametrize(
    ("changes", "sign"),
    [
        ({"behaviour": {"careers": {**NO_CAREERS, "promotion": 0.3}}}, 1),
        ({"behaviour": {"careers": {**NO_CAREERS, "advanced": 0.3}}}, 1),
        (
            {
                "behaviour": {"careers": {**NO_CAREERS, "bottom": 0.3}},
                "assessment": {"bottom_count": 3},
            },
            1,
        ),
        ({"pay": {"reward_fund": {"on": True, "sum": 500, "top_count": 5}}}, 1),
        ({"pay": {"gate": {"on": True}}}, -1),
        ({"pay": {"deduction_per_point": 3}}, 1),
        ({"pay": {"full_pay_threshold": 85}}, -1),
        ({"assessment": {"rolling": {"on": True, "years": 3}}}, 1),
    ],
)
def test_what_a_point_is_worth(changes, sign):
    """Each rule moves the worth of a point at 94 ± 2 the way it should."""
    base = {"behaviour": {"careers": NO_CAREERS}}
    before = worth_of_a_point(standing_at(), scenario_of(**base))[: len(OFFICES)]
    after = worth_of_a_point(standing_at(), scenario_of(**{**base, **changes}))[: len(OFFICES)]
    assert (sign * (after - before) > 1e-6).all()


def test_a_share_that_cannot_move_is_worth_nothing():
    """Of a share bounded by last year's, only what a point can still move counts, for each office apart."""
    rules = scenario_of({"careers": NO_CAREERS})
    bounded = scenario_of({"careers": NO_CAREERS}, pay={"most_change": 1})
    fixed = scenario_of({"careers": NO_CAREERS}, pay={"most_change": 0})
    near_last_year = np.full(len(OFFICES) + 1, 0.99)  # what 94 points pay
    far = near_last_year.copy()
    far[0] = 0.5

    def worth(rules, last_year):
        return worth_of_a_point(standing_at(last_year=last_year), rules)[: len(OFFICES)]

    free, held, none = worth(rules, near_last_year), worth(bounded, far), worth(fixed, near_last_year)
    np.testing.assert_array_equal(none, 0)
    assert (held[1:] > 0).all() and (held[1:] < free[1:]).all() and held[0] < 1e-6
    np.testing.assert_array_equal(worth(bounded, None), worth(rules, None))


def test_a_contest_counts_only_if_told_apart():
    """With a margin in between, nobody has as much to fear."""
    careers = {"careers": {**NO_CAREERS, "bottom": 0.3}}
    assessment = {"bottom_count": 3, "noise": {"method": "given", "standard_error": 2}}
    mean = np.linspace(90, 97, len(OFFICES))

    def worth(**more: object) -> np.ndarray:
        rules = scenario_of(careers, assessment={**assessment, **more}, pay={"deduction_per_point": 0})
        return worth_of_a_point(standing_at(mean), rules)[: len(OFFICES)]

    plain, distinct = worth(), worth(bottom_only_if_distinct={"on": True})
    assert (plain > 0).all() and (distinct > 0).all()
    assert distinct.max() < plain.max()


@pytest.mark.parametrize("scaling", ["z_score", "rank_within_group"])
def test_scaled_ranks_with_one_scorecard_leave_the_contest_as_it_is(scaling):
    careers = {"careers": {**NO_CAREERS, "bottom": 0.3}}
    found = [
        worth_of_a_point(
            standing_at(np.linspace(90, 97, len(OFFICES))),
            scenario_of(
                careers, assessment={"bottom_count": 3, "scaling": how}, pay={"deduction_per_point": 0}
            ),
        )[: len(OFFICES)]
        for how in ("none", scaling)
    ]
    np.testing.assert_allclose(found[1], found[0], rtol=1e-5)


def test_pay_by_rank_pays_for_passing_others():
    """Where pay follows the percentile, a point is worth about the slope a percentile times those passed."""
    schedule = [{"score": 0, "share": 0}, {"score": 100, "share": 1}]
    rules = scenario_of({"careers": NO_CAREERS}, pay={"basis": "rank", "schedule": schedule})
    worth = worth_of_a_point(standing_at(90.0), rules)[: len(OFFICES)]
    np.testing.assert_allclose(worth, 100 * 14 / 15 * 0.282095 / 2, rtol=0.1)


def test_the_risk_averse_count_the_risk():
    """Over a threshold, more score is less risk as well; far from it there is no risk to speak of."""
    plain, averse = (
        worth_of_a_point(standing_at(96.0), scenario_of({"risk_aversion": r, "careers": NO_CAREERS}))[
            : len(OFFICES)
        ]
        for r in (0.0, 10.0)
    )
    assert (averse > plain).all()


def test_no_rules_no_incentive():
    rules = scenario_of(ALL_ON).model_copy(update={"pay": None, "assessment": None})
    assert changed(answered(rules)) == set()
