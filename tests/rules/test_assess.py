"""A year from its tables to its outcomes."""

import numpy as np
import pandas as pd
import pytest

from sim.rules import COLUMNS, OUTCOMES, assess
from sim.scenario.time import DAY_S


def value(table, outcome, *, unit="", kind="", person="", month=0):
    rows = table[
        (table["outcome"] == outcome)
        & (table["unit"] == unit)
        & (table["kind"] == kind)
        & (table["person"] == person)
        & (table["month"] == month)
    ]
    assert len(rows) == 1, f"{len(rows)} rows of {outcome}"
    return rows["value"].item()


UNTOLD = {
    *("stuck", "turned_away"),  # the tables of this county say nothing of them
    *("recorded_on_time_rate", "on_time_gap", "audited_cases", "needless_returns"),
    *("limit_due_cases", "limit_on_time_rate", "limit_overdue_days"),
    *("error_rate", "complaint_rate", "complaints", "projects_accepted"),
    *("effort", "effort_at_bound", "rush", "attention_spread", "late_last", "recording"),
    *("gain_believed", "gain_realised", "usual_score", "usual_error", "return_to_effort", "return_error"),
    "beliefs_unsettled",
    "return_of_others",
    *("hands_on_hours", "hands_on_minutes"),
    *("experience_years", "knowledge_hours", "vacant_hours", "study_gain_hours", "study_balance_hours"),
    *("moved", "removed", "promoted", "newcomers", "awards", "award_pay"),
    *("promoted_to_head", "promoted_to_city", "barred", "share_promoted_by_merit"),
    *(f"promoted_by_{why}" for why in ("merit", "unit", "seniority", "luck")),
    *("record", "true_record", "commended", "commendation_pay"),
    # how projects get on, and what units do for one another
    *(f"projects_{name}" for name in ("in_store", "lagging", "checked", "sent_back", "taken_out")),
    *("assisted", "assistance_hours", "assistance_wait_days"),
    # what citizens and superiors see
    *(
        "discipline",
        "late_openings",
        "late_opening_hours",
        "duty_hours",
        "violations_found",
        "found_on_patrol",
        "days_unseen",
        "days_until_stopped",
        "violation_loss",
    ),
    *("repeat_petitions", "households_settled", "households_open", "visit_hours"),
    *("absences", "absence_days", "overreaches", "overreach_days", "reversals"),
    *("department_answers", "department_days", "department_days_p90", "promises_kept", "satisfaction"),
    *("study_done_rate", "study_false_hours", "articles", "study_notices", "unit_notices"),
    *("learning_models", "own_study_hours", "practice", "stage_leading", "stage_lagging"),
}


@pytest.fixture
def judged(county, requests_of, steps_of, people, year, luck):
    """east: 19 of 20 on time (95); west: 18 of 20 (90); south: nothing came; registry: one case."""
    start, end = year
    rows = [
        {"unit": unit, "arrival_s": start + n * DAY_S, "first_start_s": start + n * DAY_S + 600}
        | {"due_s": start + (n + 5) * DAY_S, "finish_s": start + (n + (9 if n < late else 2)) * DAY_S}
        for unit, late in (("east", 1), ("west", 2))
        for n in range(20)
    ]
    return assess(
        requests_of(*rows), steps_of((19, "registry", "work", start)), people, county(), start, end, luck()
    )


def test_shape(judged):
    assert list(judged.columns) == COLUMNS
    assert set(OUTCOMES) - set(judged["outcome"]) == UNTOLD
    assert not judged.duplicated(COLUMNS[:-1]).any()
    assert judged["value"].dtype == np.float64 and judged["month"].dtype == np.int64
    assert (judged["year"] == 2025).all()
    assert judged["month"].between(0, 12).all()


def test_scores_pay_and_flags(judged):
    assert [value(judged, "score", unit=unit) for unit in ("east", "west", "registry")] == [95, 90, 100]
    assert np.isnan(value(judged, "score", unit="south"))
    assert [value(judged, "rank", unit=unit) for unit in ("registry", "east", "west")] == [1, 2, 3]
    assert [value(judged, "bottom", unit=unit) for unit in ("registry", "east", "west")] == [0, 0, 1]
    assert value(judged, "pay_share", unit="west") == pytest.approx(0.95)
    assert value(judged, "bonus_share", unit="west") == 0
    assert value(judged, "below_advanced", unit="east") == 0
    assert value(judged, "below_advanced", unit="west") == 1
    assert np.isnan(value(judged, "rank", unit="south")) and value(judged, "pay_share", unit="south") == 1


def test_pay_in(judged):
    assert value(judged, "pay", unit="east", person="east") == 80_000
    assert value(judged, "pay", unit="west", person="west") == pytest.approx(50_000 + 0.95 * 20_000)
    assert value(judged, "pay", unit="west") == value(judged, "pay", unit="west", person="west")
    assert value(judged, "pay", unit="south") == 80_000
    assert value(judged, "pay_total") == pytest.approx(4 * 80_000 + 69_000)
    assert value(judged, "assessment_pay") == pytest.approx(4 * 20_000 + 19_000)
    assert value(judged, "bonus") == 40_000
    assert value(judged, "pay_gini") == pytest.approx(2 * (80_000 - 69_000) / (3 * 229_000))


def test_bureau_means_and_shares_skip_who_has_no_score(judged):
    assert value(judged, "mean_score") == 95
    assert value(judged, "share_not_advanced") == pytest.approx(1 / 3)
    assert value(judged, "share_not_promotable") == 0
    assert value(judged, "share_certified") == 1
    assert value(judged, "share_excellent") == 0  # the section has 100 points, but only offices count
    assert value(judged, "score_gap") == 0


def test_bureau_counts_each_request_once(judged):
    assert value(judged, "arrivals") == 40
    assert value(judged, "due_cases") == 40
    assert value(judged, "on_time_rate") == pytest.approx(37 / 40)
    assert value(judged, "on_time_rate", kind="permit") == pytest.approx(37 / 40)
    assert value(judged, "utilisation") == pytest.approx(0.8)
    assert value(judged, "overtime_hours", unit="east") == 3
    assert value(judged, "busy_hours", unit="east", person="east") == 800


def test_months_sum_to_the_year(judged):
    for unit in ("", "east", "south"):
        for outcome in ("arrivals", "finished"):
            months = [value(judged, outcome, unit=unit, month=month) for month in range(1, 13)]
            assert sum(months) == value(judged, outcome, unit=unit)
        assert value(judged, "open_at_end", unit=unit, month=12) == value(judged, "open_at_end", unit=unit)


def test_months_follow_the_start_of_the_year(county, requests_of, steps_of, people, luck):
    horizon = {"start": "2025-07-31", "years": 1}
    requests = requests_of({"arrival_s": 31 * DAY_S - 1}, {"arrival_s": 31 * DAY_S})  # 30 and 31 August
    table = assess(requests, steps_of(), people, county(horizon=horizon), 0, 365 * DAY_S, luck())
    assert (value(table, "arrivals", month=7), value(table, "arrivals", month=8)) == (1, 1)


def test_other_years_do_not_count(county, requests_of, steps_of, people, year, luck):
    start, end = year
    before = {"arrival_s": 0, "first_start_s": 10, "due_s": start, "finish_s": start}
    after = {"arrival_s": end, "first_start_s": end, "due_s": end + 1, "finish_s": end + 1}
    table = assess(requests_of(before, after), steps_of(), people, county(), start, end, luck())
    for outcome in ("arrivals", "finished", "due_cases", "open_at_end", "overdue_open"):
        assert value(table, outcome) == 0
    assert np.isnan(value(table, "on_time_rate")) and np.isnan(value(table, "mean_score"))


def test_without_scorecards_there_is_service_only(county, requests_of, steps_of, people, year, luck):
    types = {name: {"title": {"en": "t", "zh": "t"}} for name in ("office", "section", "leaders")}
    scenario, (start, end) = county(unit_types=types), year
    table = assess(requests_of({"arrival_s": start}), steps_of(), people, scenario, start, end, luck())
    assert value(table, "arrivals") == 1
    assert not table["outcome"].isin(["score", "pay", "rank", "bottom", "mean_score", "pay_gini"]).any()


def test_a_stretch_of_minutes_is_judged_as_a_whole(county, requests_of, steps_of, people, luck):
    start, end = 8 * 3600, 8 * 3600 + 5400
    scenario = county(horizon={"start": "2025-01-06 08:00", "minutes": 90})
    requests = requests_of({"arrival_s": start, "first_start_s": start, "due_s": end, "finish_s": end})
    table = assess(requests, steps_of(), people, scenario, start, end, luck())
    assert (table["year"] == 0).all() and (table["month"] == 0).all()
    assert value(table, "mean_wait_minutes") == 0 and value(table, "finished") == 1
    assert value(table, "score", unit="east") == 100


def test_nothing_happened(county, requests_of, steps_of, people, year, luck):
    table = assess(requests_of(), steps_of(), people, county(), *year, luck())
    assert value(table, "arrivals") == 0 and np.isnan(value(table, "score", unit="east"))


@pytest.fixture
def busy_year(requests_of, year):
    """2000 requests at three offices over more than the year, and up to three steps of each."""
    rng = np.random.default_rng(3)
    _, end = year
    n = 2000
    arrival = np.sort(rng.integers(0, end, n))
    finish = np.where(rng.random(n) < 0.9, arrival + rng.integers(60, 40 * DAY_S, n), -1)
    withdrawn = np.where((finish == -1) & (rng.random(n) < 0.5), arrival + 9 * DAY_S, -1)
    requests = pd.DataFrame(
        {
            "kind": "permit",
            "unit": rng.choice(["east", "west", "south"], n),
            "arrival_s": arrival,
            "first_start_s": np.where(withdrawn == -1, arrival + 60, -1),
            "finish_s": finish,
            "due_s": np.where(rng.random(n) < 0.9, arrival + 15 * DAY_S, -1),
            "until_start": rng.random(n) < 0.1,
            "returns": rng.integers(0, 2, n),
            "withdrawn_s": withdrawn,
        },
        index=pd.RangeIndex(n, name="request"),
    )
    request = np.sort(rng.integers(0, n, 3 * n))
    kind = rng.choice(["work", "work", "delay"], 3 * n)
    unit = np.where(kind == "work", rng.choice(["east", "west", "registry"], 3 * n), "")
    ready = arrival[request] + rng.integers(0, 5 * DAY_S, 3 * n)
    return requests, pd.DataFrame({"request": request, "type": kind, "unit": unit, "ready_s": ready})


def test_texts_may_be_plain_or_categorical(busy_year, people, county, year, luck):
    """Of any categories in any order, and a text of its own may be among them."""
    requests, steps = busy_year
    plain = assess(requests, steps, people, county(), *year, luck(normal_number=1))
    units = ["", "south", "nowhere", "registry", "east", "bureau", "west"]
    coded = assess(
        requests.assign(
            kind=pd.Categorical(requests["kind"]), unit=pd.Categorical(requests["unit"], categories=units)
        ),
        steps.assign(
            type=pd.Categorical(steps["type"]), unit=pd.Categorical(steps["unit"], categories=units)
        ),
        people.assign(unit=pd.Categorical(people["unit"], categories=units)),
        county(),
        *year,
        luck(normal_number=1),
    )
    pd.testing.assert_frame_equal(coded, plain, check_exact=True)
    assert value(plain, "due_cases", unit="registry") > 300, "and there was something to be judged"


def test_texts_of_the_outcomes_are_categories_in_the_order_of_the_scenario(judged, county):
    scenario = county()
    assert list(judged["unit"].cat.categories) == ["", *scenario.units]
    assert list(judged["kind"].cat.categories) == ["", *scenario.kinds]
    assert list(judged["person"].cat.categories) == ["", "east", "west", "south", "registry", "bureau"]
    assert list(judged["outcome"].cat.categories) == list(OUTCOMES)


def test_requests_may_have_names(busy_year, people, county, year, luck):
    requests, steps = busy_year
    numbered = assess(requests, steps, people, county(), *year, luck())
    named = assess(
        requests.set_axis([f"r{number}" for number in requests.index]),
        steps.assign(request=[f"r{number}" for number in steps["request"]]),
        people,
        county(),
        *year,
        luck(),
    )
    pd.testing.assert_frame_equal(named, numbered, check_exact=True)


def test_requests_of_no_unit_count_for_the_bureau_only(busy_year, people, county, year, luck):
    requests, steps = busy_year
    lost = requests.assign(unit=requests["unit"].where(requests["unit"] != "west", "elsewhere"))
    before, after = (assess(table, steps, people, county(), *year, luck()) for table in (requests, lost))
    for outcome in ("arrivals", "finished", "open_at_end", "mean_processing_days"):
        for month in (0, 7):
            assert value(after, outcome, month=month) == value(before, outcome, month=month)
            same = value(before, outcome, unit="east", month=month)
            assert value(after, outcome, unit="east", month=month) == same
    assert value(after, "arrivals", unit="west") == 0 < value(before, "arrivals", unit="west")
