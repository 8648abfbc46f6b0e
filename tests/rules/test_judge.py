"""The designer's options of assessment, each on and off, in a county whose scores are known."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim.rules import judge, measure_tables, outcomes
from sim.scenario.time import DAY_S

from .conftest import SCENARIO

NAN = np.nan


@pytest.fixture
def judged(county, requests_of, steps_of, people, year, luck):
    """judged(assessment={…}, pay={…}, late={unit: late cases of 20}, …): the verdict and what was counted.

    On-time rates are the scores: east 95, west 90, south 80 unless `late` says otherwise.
    """

    def make(assessment=None, pay=None, late=None, past=(), columns=None, staff=None, **blocks):
        start, end = year
        late = {"east": 1, "west": 2, "south": 4} if late is None else late
        rows = [
            {"unit": unit, "arrival_s": start + n * DAY_S, "first_start_s": start + n * DAY_S + 600}
            | {"due_s": start + (n + 5) * DAY_S, "finish_s": start + (n + (9 if n < bad else 2)) * DAY_S}
            for unit, bad in late.items()
            for n in range(20)
        ]
        scenario = county(
            assessment=SCENARIO["assessment"] | (assessment or {}),
            pay=SCENARIO["pay"] | (pay or {}),
            **blocks,
        )
        requests = requests_of(*rows).assign(**(columns or {}))
        staff = people if staff is None else staff
        measured = measure_tables(requests, steps_of(), staff, scenario, start, end)
        verdict = judge(measured, scenario, luck(), past)
        return SimpleNamespace(verdict=verdict, table=outcomes(measured, verdict), scenario=scenario)

    return make


def of_unit(table, outcome):
    whole = (table["month"] == 0) & (table["person"] == "") & (table["kind"] == "")
    rows = table[(table["outcome"] == outcome) & (table["unit"] != "") & whole]
    return dict(zip(rows["unit"], rows["value"], strict=True))


def test_plain(judged):
    verdict = judged().verdict
    np.testing.assert_array_equal(verdict.score, [95, 90, 80, NAN, NAN])
    np.testing.assert_array_equal(verdict.rolling_score, verdict.score)
    np.testing.assert_array_equal(verdict.scaled_score, verdict.score)
    np.testing.assert_array_equal(verdict.bottom, [0, 0, 1, NAN, NAN])
    np.testing.assert_array_equal(verdict.top, [0, 0, 0, NAN, NAN])
    np.testing.assert_allclose(verdict.percentile, [250 / 3, 50, 50 / 3, NAN, NAN])
    assert verdict.names == ("east", "west", "south", "registry")
    assert verdict.bureau["reward_fund"] == 0 and verdict.audit_points[0] == 0


def test_error_of_a_score_is_binomial(judged):
    verdict = judged().verdict
    np.testing.assert_allclose(verdict.standard_error[1], 100 * np.sqrt(0.9 * 0.1 / 20))
    queue = judged({"noise": {"method": "queue", "design_effect": 2}}).verdict
    np.testing.assert_allclose(queue.standard_error[1], 100 * np.sqrt(2 * 0.9 * 0.1 / 20))
    given = judged({"noise": {"method": "given", "standard_error": 3}}).verdict
    assert given.standard_error[1] == 3


def test_rolling_scores_count_for_all_that_follows(judged):
    first = judged(late={"east": 6, "west": 1, "south": 0}).verdict  # 70, 95, 100
    off = judged(past=[first]).verdict
    rolled = judged({"rolling": {"on": True, "years": 2}}, past=[first]).verdict
    np.testing.assert_array_equal(off.rolling_score[:3], [95, 90, 80])
    np.testing.assert_array_equal(rolled.score[:3], [95, 90, 80])
    np.testing.assert_array_equal(rolled.rolling_score[:3], [82.5, 92.5, 90])
    np.testing.assert_array_equal(rolled.bottom[:3], [1, 0, 0])
    np.testing.assert_allclose(rolled.pay_share[:3], [0.875, 0.975, 0.95])
    weighted = judged({"rolling": {"on": True, "years": 2, "weights": [3, 1]}}, past=[first]).verdict
    np.testing.assert_array_equal(weighted.rolling_score[:3], [88.75, 91.25, 85])


def test_ranks_may_roll_instead_of_scores(judged):
    """Percentiles 16.7, 50, 83.3 last year and 83.3, 50, 16.7 this year: all are level."""
    first = judged(late={"east": 6, "west": 1, "south": 0}).verdict
    rules = {"rolling": {"on": True, "years": 2, "of": "rank"}}
    verdict = judged(rules, past=[first]).verdict
    np.testing.assert_allclose(verdict.scaled_score[:3], [50, 50, 50])
    np.testing.assert_array_equal(verdict.rank[:3], [1, 1, 1])


def test_thresholds_may_be_percentiles(judged):
    verdict = judged({"thresholds": "rank", "excellent_threshold": 80, "certified_threshold": 40}).verdict
    np.testing.assert_array_equal(verdict.excellent[:3], [1, 0, 0])
    np.testing.assert_array_equal(verdict.certified[:3], [1, 1, 0])


def test_scaling_ranks_units_of_different_scorecards(judged):
    """The section's card gives 99 points to everybody, so its only unit is first unless scores are scaled."""
    easy = {"title": {"en": "m", "zh": "m"}, "indicator": "marks", "points": 100, "rule": "proportional"}
    cards = SCENARIO["scorecards"] | {
        "easy": {"title": {"en": "e", "zh": "e"}, "items": {"m": easy | {"marks_mean": 0.99}}}
    }
    types = SCENARIO["unit_types"] | {"section": {"title": {"en": "s", "zh": "s"}, "scorecard": "easy"}}
    plain = judged(scorecards=cards, unit_types=types).verdict
    np.testing.assert_array_equal(plain.rank[:4], [2, 3, 4, 1])
    # A group of one stands at the mean of its kind: under west, which is above the offices' mean of 88.3, or
    # level with it, the second of three.
    for scaling, rank in (("z_score", 3), ("rank_within_group", 2)):
        verdict = judged({"scaling": scaling}, scorecards=cards, unit_types=types).verdict
        assert verdict.rank[3] == rank
        np.testing.assert_array_equal(verdict.score, plain.score)
        np.testing.assert_array_equal(verdict.pay_share, plain.pay_share)


def test_bottom_must_be_told_apart(judged):
    """South is 10 points under west; with an error of 4.5 the 95 % margin is 1.645 × 4.5 × √2 = 10.5."""

    def bottom(error, on=True):
        rules = {"noise": {"method": "given", "standard_error": error}, "bottom_only_if_distinct": {"on": on}}
        return judged(rules).verdict.bottom[:3].tolist()

    assert bottom(4.5) == [0, 0, 0]
    assert bottom(4.2) == [0, 0, 1]
    assert bottom(4.5, on=False) == [0, 0, 1]


def test_each_bottom_unit_is_compared_with_the_next_above_the_bottom(judged):
    rules = {"bottom_count": 2, "noise": {"method": "given", "standard_error": 3}}
    rules |= {"bottom_only_if_distinct": {"on": True}}  # margin 6.98; west is 5 under east, south 15
    assert judged(rules).verdict.bottom[:3].tolist() == [0, 0, 1]


def test_gate_in_the_year(judged):
    rules = {"noise": {"method": "given", "standard_error": 2}}
    gated = judged(rules, {"gate": {"on": True, "confidence": 0.95}}).verdict
    margin = 2 * 1.6448536269514722
    np.testing.assert_allclose(gated.pay_share[:3], [1, 1 - (5 - margin) / 100, 1 - (15 - margin) / 100])


def test_pay_by_rank_in_the_year(judged):
    line = [{"score": 0, "share": 0.7}, {"score": 100, "share": 1.3}]
    verdict = judged(pay={"basis": "rank", "schedule": line}).verdict
    np.testing.assert_allclose(verdict.pay_share[:3], [1.2, 1.0, 0.8])
    assert verdict.bureau["assessment_pay"] == pytest.approx(5 * 20_000)


def test_reward_fund(judged, people):
    staff = people.loc[[*people.index, "east"]].set_axis([*people.index, "second"])
    fund = {"on": True, "sum": 9000, "top_count": 2}
    found, off = (judged(pay={"reward_fund": fund | {"on": on}}, staff=staff) for on in (True, False))
    assert of_unit(found.table, "reward_fund") == {"east": 4500, "west": 4500, "south": 0, "registry": 0}
    np.testing.assert_array_equal(found.verdict.top[:3], [1, 1, 0])
    extra = dict(zip(found.verdict.people, found.verdict.pay - off.verdict.pay, strict=True))
    expected = {"east": 2250, "second": 2250, "west": 4500, "south": 0, "registry": 0, "bureau": 0}
    assert extra == pytest.approx(expected)
    total = found.verdict.bureau["pay_total"] - off.verdict.bureau["pay_total"]
    assert total == pytest.approx(9000)


def test_only_advanced_units_win(judged):
    fund = {"on": True, "sum": 9000, "top_count": 2, "only_advanced": True}
    assert judged(pay={"reward_fund": fund}).verdict.top[:3].tolist() == [1, 0, 0]


def test_audits_take_points_off_the_measured_score_only(judged):
    found = np.zeros(60, bool)
    found[[0, 1, 2, 45]] = True  # three of east, one of south
    rules = {"penalty_points": 2, "cap_points": 5}
    on, off = (judged({"audits": rules | {"on": on}}, columns={"audited": found}) for on in (True, False))
    np.testing.assert_array_equal(on.verdict.score[:3], [90, 90, 78])
    np.testing.assert_array_equal(on.verdict.audit_points[:3], [5, 0, 2])
    np.testing.assert_array_equal(on.verdict.true_score[:3], [95, 90, 80])
    np.testing.assert_array_equal(off.verdict.score[:3], [95, 90, 80])
    assert of_unit(on.table, "audited_cases") == {
        "east": 3,
        "west": 0,
        "south": 1,
        "registry": 0,
        "bureau": 0,
    }


STUDY = {"weekly_hours": 2, "slots": [{"weekday": "mon", "at": "08:00"}]}  # 52 Mondays: 104 hours a year


def test_criticism_of_missed_study(judged, people):
    staff = people.assign(study_s=3600 * np.array([104, 60, 104, 104, 104]))
    rule, study = {"points": 3}, STUDY | {"criticism_share": 0.9}
    on, off = (
        judged({"criticism": rule | {"on": on}}, study=study, staff=staff).verdict for on in (True, False)
    )
    np.testing.assert_array_equal(on.criticised, [0, 1, 0, 0, NAN])
    np.testing.assert_array_equal(on.score[:3], [95, 87, 80])
    np.testing.assert_array_equal(on.true_score[:3], [95, 87, 80])
    np.testing.assert_array_equal(off.score[:3], [95, 90, 80])
    np.testing.assert_array_equal(off.criticised, on.criticised)
    unnamed = judged({"criticism": rule | {"on": True}}, study=STUDY, staff=staff).verdict
    np.testing.assert_array_equal(unnamed.criticised, [0, 0, 0, 0, NAN])


def test_options_that_are_off_change_nothing(judged):
    """Whatever their numbers say."""
    assessment = {
        "rolling": {"on": False, "years": 2, "weights": [1, 9]},
        "bottom_only_if_distinct": {"on": False, "confidence": 0.99},
        "audits": {"on": False, "penalty_points": 50},
        "criticism": {"on": False, "points": 50},
        "noise": {"method": "given", "standard_error": 40},
    }
    pay = {"gate": {"on": False}, "reward_fund": {"on": False, "sum": 1e6, "top_count": 1}}
    first = judged(late={"east": 6, "west": 1, "south": 0}).verdict
    plain, off = judged(past=[first]).table, judged(assessment, pay, past=[first]).table
    pd.testing.assert_frame_equal(off, plain, check_exact=True)


def test_targets_of_certification_and_excellence(judged):
    verdict = judged({"certified_target": 0.6, "excellent_target": 0.3}).verdict
    assert verdict.bureau["share_certified"] == pytest.approx(2 / 3)
    assert (verdict.bureau["certified_target_met"], verdict.bureau["excellent_target_met"]) == (1, 0)


def test_pay_at_equal_merit_has_no_spread_without_luck(judged):
    assert judged().verdict.bureau["pay_spread_equal_merit"] == 0
    found = np.zeros(60, bool)
    found[:3] = True  # east falls from 95 to 90: 5 % of 20,000 and the bonus of 10,000
    rules = {"on": True, "penalty_points": 2, "cap_points": 5}
    verdict = judged({"audits": rules}, columns={"audited": found}).verdict
    assert verdict.bureau["pay_spread_equal_merit"] == pytest.approx(np.std([-11_000, 0, 0]))


def test_false_records_lift_the_measured_score(judged, year):
    """West's two late cases are recorded in time, one of them is found and put right."""
    start, _ = year
    due = np.array([start + (n % 20 + 5) * DAY_S for n in range(60)])
    recorded = due.copy()
    recorded[[20, 21]] += 9 * DAY_S
    audited = np.zeros(60, bool)
    audited[21] = True
    gamed = judged(columns={"recorded_due_s": recorded})
    np.testing.assert_array_equal(gamed.verdict.score[:3], [95, 100, 80])
    np.testing.assert_array_equal(gamed.verdict.true_score[:3], [95, 90, 80])
    assert of_unit(gamed.table, "on_time_rate")["west"] == pytest.approx(0.9)
    assert of_unit(gamed.table, "recorded_on_time_rate")["west"] == 1
    assert of_unit(gamed.table, "on_time_gap")["west"] == pytest.approx(0.1)
    found = judged(columns={"recorded_due_s": recorded, "audited": audited})
    np.testing.assert_array_equal(found.verdict.score[:3], [95, 95, 80])
    honest = judged(columns={"recorded_due_s": due})
    np.testing.assert_array_equal(honest.verdict.score, judged().verdict.score)


def test_a_scenario_that_assesses_nobody(county, requests_of, steps_of, people, year, luck):
    types = {name: {"title": {"en": "t", "zh": "t"}} for name in ("office", "section", "leaders")}
    scenario = county(unit_types=types)
    measured = measure_tables(requests_of(), steps_of(), people, scenario, *year)
    verdict = judge(measured, scenario, luck())
    assert verdict.names == () and np.isnan(verdict.score).all() and np.isnan(verdict.bottom).all()
    assert (verdict.pay == 80_000).all()
