"""People who know the rules: off is off, each switch by itself, a year of answers, what a score is worth."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pandas as pd
import pytest

import sim
from sim.behaviour import BEHAVIOURS, Conduct, Standing, responsive
from sim.behaviour.expected_worth import expected
from sim.behaviour.worth import Rivals, worths
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


def worth_of_a_point(standing: Standing, rules: Scenario) -> np.ndarray:
    """Return what a point more of expected score is worth to each office, pay points, (offices,)."""
    known, near = standing.outlook, 1e-3
    reach = known.usual - 60, known.usual + 60
    rivals = Rivals(known.usual, known.unseen_sd, known.uniform)
    found = worths(standing, rules, np.ones(UNITS), reach)(rivals)[: len(OFFICES)]
    return np.array(
        [
            100
            * (expected(own, score + near, sd, False) - expected(own, score - near, sd, False))
            / (2 * near)
            for own, score, sd in zip(found, known.usual, known.unseen_sd, strict=False)
        ]
    )


def theory(cost: float, **more: object) -> dict:
    """Effort of which a point costs `cost` / 2 × its square in pay points, with 40 points an effort."""
    effort = {"on": True, "cost": cost * 40**2 / 100, "least": 0.5, "most": 2, **more}
    return {"effort": effort, "careers": NO_CAREERS}


def year_of_answers(rules: Scenario, usual: float, **where: object) -> np.ndarray:
    """Return an office's effort of each month, in points a year, where each month brings what it should."""
    conduct, memory = Conduct.neutral(UNITS, 2), responsive.Memory(Streams(1, 0))
    heading, efforts = usual, []
    for month in range(12):
        standing = standing_at(usual, month=month, heading=heading, **where)
        conduct = responsive.respond(standing, rules, conduct, memory)
        efforts.append(40 * (conduct.by_kind[0, 0] - 1))
        heading += efforts[-1] / 12
    return np.array(efforts)


SCORED = (0.6, 0.4)  # as the work is: both kinds alike


@pytest.mark.parametrize(("per_point", "aim"), [(0.5, 92.480570), (1.0, 94.323717), (2.0, 95.608682)])
@pytest.mark.parametrize("foresight", ["dynamic", "plan"])
def test_the_best_plan_is_kept_up_all_year(per_point, aim, foresight):
    """Gain and cost are over the same time: with noise of measurement alone December is as January."""
    rules = scenario_of(theory(0.1, foresight=foresight), pay={"deduction_per_point": per_point})
    np.testing.assert_allclose(year_of_answers(rules, 88.0, assessed=SCORED), aim - 88, atol=1e-4)


@pytest.mark.parametrize(
    ("start", "effort"), [(84.0, 0.022933), (88.0, 1.994704), (90.0, 1.503634), (94.0, 0.216201)]
)
def test_a_cliff_all_year(start, effort):
    """A bonus of 5 % of pay from 90 on; the hopeless and the safe do little."""
    rules = scenario_of(theory(0.5), pay={"deduction_per_point": 0, "bonus_threshold": 90})
    found = year_of_answers(rules, start, assessment_pay=0.0, bonus=5.0, assessed=SCORED)
    np.testing.assert_allclose(found, effort, atol=1e-4)


def test_effort_follows_how_the_year_has_gone():
    """A line at 95 and luck of the months: near it they sprint in December, elsewhere they stop."""
    part = theory(0.5) | {"careers": {**NO_CAREERS, "advanced": 0.05}}
    rules = scenario_of(part, pay={"deduction_per_point": 0})

    def effort(heading: float, month: int) -> float:
        where = {"usual": 93.0, "unseen_sd": 0.0, "luck_sd": 2.0, "assessed": SCORED}
        return float(answered(rules, month=month, heading=heading, **where).effort[0] - 1)

    assert effort(94.5, 11) > 2 * effort(93.0, 0) > 0
    assert effort(91.0, 11) == pytest.approx(0, abs=1e-6) and effort(98.0, 11) == pytest.approx(0, abs=1e-4)
    assert effort(91.0, 2) > 0.001 and effort(98.0, 2) > 0.001


def test_effort_is_a_part_of_the_way_and_bounded():
    """1 % of pay a point: the best is 1 + 40 × 0.01 / 3, or the greatest."""
    aim = 1 + 40 * 0.01 / 3
    for most, best in ((1.5, aim), (1.1, 1.1)):
        part = {"effort": {"on": True, "monthly_share": 0.25, "most": most}, "careers": NO_CAREERS}
        efforts = [
            answered(scenario_of(part), months, usual=60.0, assessed=SCORED).effort[0] for months in (1, 2, 3)
        ]
        np.testing.assert_allclose(efforts, 1 + (best - 1) * (1 - 0.75 ** np.arange(1, 4)), atol=1e-6)


def test_a_bound_that_binds_is_told():
    for most, binds in ((1.1, True), (1.5, False)):
        part = {"effort": {"on": True, "most": most}, "careers": NO_CAREERS}
        conduct = answered(scenario_of(part), usual=60.0, assessed=SCORED)
        assert (conduct.at_bound[: len(OFFICES)] == binds).all() and not conduct.at_bound[len(OFFICES)]


def test_effort_by_kind():
    """The closed form with q = (1 − ρ)/(1 + ρ), of which the mean depends on the incentive alone."""
    gain, cost = 40 * 0.01, 3.0
    volume, assessed = np.array([0.6, 0.4]), np.array([1.0, 0.0])
    for substitution in (-0.5, 0.0, 0.43):
        q = (1 - substitution) / (1 + substitution)
        part = {"effort": {"on": True, "least": 0.5, "most": 2, "substitution": substitution}}
        conduct = answered(scenario_of(part | {"careers": NO_CAREERS}), usual=50.0)
        extra = (gain * assessed / (q * volume) - (1 / q - 1) * gain) / cost
        np.testing.assert_allclose(conduct.by_kind[0] - 1, extra, atol=1e-6)
        assert conduct.effort[0] - 1 == pytest.approx(gain / cost, abs=1e-6)


def test_rush_is_a_share_of_the_extra_effort():
    conduct = answered(scenario_of({"effort": {"on": True, "rush_share": 0.4}}))
    np.testing.assert_allclose(conduct.rush, 0.4 * (conduct.effort - 1))
    assert conduct.rush[0] > 0


def test_a_ratchet_leaves_a_part_of_the_incentive():
    """With κ = 0.3 and r = 0.1 a quarter is left."""
    plain, held = (
        worth_of_a_point(standing_at(), scenario_of({"ratchet": {"on": on, "kappa": 0.3}, "discount": 0.1}))
        for on in (False, True)
    )
    np.testing.assert_allclose(held, plain / 4)
    assert (plain > 0).all()


def test_what_is_not_assessed_is_neglected():
    """Attention goes as the effort for a task to that for all work; what gets more keeps full attention."""
    conduct = answered(scenario_of({"allocation": {"on": True}}))
    effort = answered(scenario_of({"effort": {"on": True}}))
    registration, petition = conduct.attention[0]
    assert registration == 1
    assert petition == pytest.approx(effort.by_kind[0, 1] / effort.effort[0])
    assert petition < 0.95 and conduct.duty[0] < 0.95
    q = (1 - 0.43) / (1 + 0.43)
    unpaid = 1 - (1 / q - 1) * (effort.effort[0] - 1)  # the effort for duties that no item counts
    assert conduct.duty[0] == pytest.approx(unpaid / effort.effort[0])
    even = answered(scenario_of({"allocation": {"on": True}}), assessed=SCORED)
    np.testing.assert_allclose(even.attention, 1.0)


def test_attention_keeps_a_floor_and_needs_substitution():
    def attending(substitution: float, **allocation: object) -> Conduct:
        part = {"effort": {"substitution": substitution}, "allocation": {"on": True, **allocation}}
        return answered(scenario_of(part))

    mean = {}
    for substitution in (0.0, 0.3, 0.8):
        conduct = attending(substitution, duties=False)
        mean[substitution] = conduct.attention[0, 1]
        assert conduct.attention[0, 0] == 1 and (conduct.duty == 1).all()
    assert (
        mean[0.8] < mean[0.3] < mean[0.0] < 1
    )  # independent: left behind by what goes faster, not neglected
    least = attending(0.8, strength=10, floor=0.45)
    assert least.attention.min() == pytest.approx(0.45) and least.duty.min() == pytest.approx(0.45)
    assert attending(0.0).duty[0] > attending(0.3).duty[0]


def test_duties_that_are_assessed_are_done():
    items = {"on_time": item("on_time_rate", 80), "patrol": item("duty_rate", 20)}
    conduct = answered(scenario_of({"allocation": {"on": True}}, items), 12)
    assert (conduct.duty == 1).all()


def test_late_to_the_back_only_where_being_in_time_counts_and_pays():
    timing = {"timing": {"on": True, "pressure": 0.2}}
    assert answered(scenario_of(timing)).late_last[: len(OFFICES)].all()
    assert not answered(scenario_of(timing), usual=99.9, unseen_sd=0.5).late_last.any()
    backlog = {"on_time": item("on_time_rate", 40), "overdue": item("overdue_rate", 60)}
    assert not answered(scenario_of(timing, backlog)).late_last.any()


def test_records_follow_pressure_and_fear_audits():
    on = {"recording": {"on": True}}

    def share(cases: float = 200.0, usual: float = 94.0, **audits: object) -> float:
        rules = scenario_of(on, assessment={"audits": {"on": bool(audits), **audits}})
        return float(answered(rules, usual=usual, cases=np.full(UNITS, cases)).recording[0])

    free = share()
    assert free > 0 and share(usual=99.0) < free
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
    base, here = {"behaviour": {"careers": NO_CAREERS}}, standing_at(error=1.0)
    before = worth_of_a_point(here, scenario_of(**base))
    after = worth_of_a_point(here, scenario_of(**{**base, **changes}))
    assert (sign * (after - before) > 1e-6).all()


@pytest.mark.parametrize(
    ("stake", "line"), [("certified", "certified_threshold"), ("excellent", "excellent_threshold")]
)
def test_titles_of_an_office_are_worth_something_at_their_line(stake, line):
    """A point is worth its share of the title times the density of the score at the line."""
    base = {"pay": {"deduction_per_point": 0}}
    without = scenario_of({"careers": NO_CAREERS}, **base)
    titled = scenario_of({"careers": {**NO_CAREERS, stake: 0.1}}, **base)
    at = getattr(titled.assessment, line)
    near, far = standing_at(at), standing_at(at - 20.0)
    gained = worth_of_a_point(near, titled) - worth_of_a_point(near, without)
    np.testing.assert_allclose(gained, 10 / (near.outlook.unseen_sd[:15] * np.sqrt(2 * np.pi)), rtol=1e-3)
    np.testing.assert_allclose(worth_of_a_point(far, titled), worth_of_a_point(far, without), atol=1e-6)


def test_only_some_types_are_excellent():
    base = {"pay": {"deduction_per_point": 0}}
    careers = {"careers": {**NO_CAREERS, "excellent": 0.1}}
    rules = scenario_of(careers, assessment={"excellent_types": ["section"]}, **base)
    np.testing.assert_allclose(worth_of_a_point(standing_at(97.0), rules), 0, atol=1e-9)


@pytest.mark.parametrize(("target", "decides"), [(1.0, 0.5**14), (8 / 15, 3432 * 0.5**14), (0.0, 0.0)])
def test_the_countys_target_is_worth_something_to_the_office_that_decides_it(target, decides):
    """All lie at the line with even chances: 7 of 14 are over it with a chance of C(14, 7) / 2¹⁴."""
    base = {"pay": {"deduction_per_point": 0}}
    rules = scenario_of(
        {"careers": {**NO_CAREERS, "county": 0.1}}, assessment={"certified_target": target}, **base
    )
    here = standing_at(rules.assessment.certified_threshold)
    density = 1 / (here.outlook.unseen_sd[:15] * np.sqrt(2 * np.pi))
    np.testing.assert_allclose(worth_of_a_point(here, rules), 10 * decides * density, rtol=1e-3, atol=1e-9)


def test_a_share_that_cannot_move_is_worth_nothing():
    """Of a share bounded by last year's, only what a point can still move counts, for each office apart."""
    rules = scenario_of({"careers": NO_CAREERS})
    bounded = scenario_of({"careers": NO_CAREERS}, pay={"most_change": 1})
    fixed = scenario_of({"careers": NO_CAREERS}, pay={"most_change": 0})
    near_last_year = np.full(len(OFFICES) + 1, 0.99)  # what 94 points pay
    far = near_last_year.copy()
    far[0] = 0.5

    def worth(rules, last_year):
        return worth_of_a_point(standing_at(last_year=last_year), rules)

    free, held, none = worth(rules, near_last_year), worth(bounded, far), worth(fixed, near_last_year)
    np.testing.assert_array_equal(none, 0)
    assert (held[1:] > 0).all() and (held[1:] < free[1:]).all() and held[0] < 1e-6 * free[0]
    np.testing.assert_array_equal(worth(bounded, None), worth(rules, None))


def test_a_contest_counts_only_if_told_apart():
    """With a margin in between, nobody has as much to fear."""
    careers = {"careers": {**NO_CAREERS, "bottom": 0.3}}
    assessment = {"bottom_count": 3, "noise": {"method": "given", "standard_error": 2}}

    def worth(**more: object) -> np.ndarray:
        rules = scenario_of(careers, assessment={**assessment, **more}, pay={"deduction_per_point": 0})
        return worth_of_a_point(standing_at(np.linspace(90, 97, len(OFFICES)), error=2.0), rules)

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
        )
        for how in ("none", scaling)
    ]
    np.testing.assert_allclose(found[1], found[0], rtol=1e-5)


def test_pay_by_rank_pays_for_passing_others():
    """Where pay follows the percentile, a point is worth about the slope a percentile times those passed."""
    schedule = [{"score": 0, "share": 0}, {"score": 100, "share": 1}]
    rules = scenario_of({"careers": NO_CAREERS}, pay={"basis": "rank", "schedule": schedule})
    worth = worth_of_a_point(standing_at(90.0), rules)
    np.testing.assert_allclose(worth, 100 * 14 / 15 * 0.282095 / 2, rtol=0.02)


def test_the_risk_averse_count_the_risk():
    """Over a threshold, more score is less risk as well; far from it there is no risk to speak of."""
    for usual, more in ((96.0, True), (60.0, False)):
        plain, averse = (
            answered(scenario_of(theory(0.5) | {"risk_aversion": r}), usual=usual, assessed=SCORED).effort[0]
            for r in (0.0, 10.0)
        )
        if more:
            assert averse - 1 > 1.02 * (plain - 1)
        else:
            assert averse == pytest.approx(plain, abs=1e-4)


def test_the_strength_of_response_scales_what_is_at_stake():
    """Twice the strength is half the cost, and as if all pay were doubled."""
    base = theory(0.2)
    strong = answered(scenario_of(base | {"strength": 2}), usual=88.0).effort
    cheap = answered(scenario_of(theory(0.1)), usual=88.0).effort
    np.testing.assert_allclose(strong, cheap, atol=1e-6)


def test_no_rules_no_incentive():
    """Without pay and assessment nobody is asked, and the bureau works as it does."""
    rules = scenario_of(ALL_ON)
    free = {"scorecard": None, "pay_bound": False, "certifiable": False}
    types = {name: part.model_copy(update=free) for name, part in rules.unit_types.items()}
    rules = rules.model_copy(
        update={"pay": None, "assessment": None, "scorecards": {}, "unit_types": types}
    )  # fmt: skip
    one, two = (sim.simulate(rules, behaviour=name, seed=1).outcomes for name in ("mechanical", "responsive"))
    pd.testing.assert_frame_equal(one, two)
    assert len(one)
