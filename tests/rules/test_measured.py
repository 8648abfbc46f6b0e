"""What is counted besides volumes and on-time rates: errors, duties, projects, kinds, conduct."""

from types import SimpleNamespace

import numpy as np
import pytest

from sim.rules import judge, measure_tables, outcomes
from sim.scenario.time import DAY_S

from .conftest import ITEM, SCENARIO, text

PERMIT = SCENARIO["kinds"]["permit"]
KINDS = {"permit": PERMIT, "petition": PERMIT, "project_review": PERMIT}
PROJECT = "project.dyke"  # as rules call a target project; no file can


def card(**items):
    return {"card": {"title": text("c"), "items": {name: ITEM | item for name, item in items.items()}}}


@pytest.fixture
def rows(requests_of, year):
    """East: two permits in time, one petition late and one open, a project in time. West: a permit."""
    start, _ = year
    due, late = start + 10 * DAY_S, start + 12 * DAY_S
    cases = [("east", "permit", due), ("east", "permit", due), ("east", "petition", late)]
    cases += [("east", "petition", -1), ("east", PROJECT, due), ("west", "permit", due)]
    return requests_of(
        *(
            {"unit": unit, "kind": kind, "arrival_s": start, "due_s": due, "finish_s": finish}
            for unit, kind, finish in cases
        )
    )


@pytest.fixture
def judged(county, rows, steps_of, people, year, luck):
    def make(scorecards=None, columns=None, staff=None, conduct=None):
        cards = {} if scorecards is None else {"scorecards": scorecards}
        scenario = county(kinds=KINDS, **cards)
        scenario = scenario.model_copy(
            update={"kinds": {**scenario.kinds, PROJECT: scenario.kinds["permit"]}}
        )
        requests, staff = rows.assign(**(columns or {})), people if staff is None else staff
        measured = measure_tables(requests, steps_of(), staff, scenario, *year, conduct=conduct)
        verdict = judge(measured, scenario, luck())
        return verdict, outcomes(measured, verdict)

    return make


def told(table, outcome, unit="", kind="", month=0):
    found = table[(table["outcome"] == outcome) & (table["month"] == month) & (table["person"] == "")]
    return found.set_index(["unit", "kind"])["value"].get((unit, kind))


def test_only_the_named_kinds_are_assessed(judged):
    everything, _ = judged()
    permits, _ = judged(card(on_time={"kinds": ["permit"]}))
    petitions, _ = judged(card(on_time={"kinds": ["petition"]}))
    np.testing.assert_allclose(everything.score[:2], [60, 100])
    np.testing.assert_allclose(permits.score[:2], [100, 100])
    np.testing.assert_allclose(petitions.score[:2], [0, np.nan])


def test_items_without_cases_are_left_out_and_the_others_scaled(judged):
    """West has no petitions: its 60 points of 60 are 100."""
    items = {"on_time": {"points": 60}, "care": {"points": 40, "kinds": ["petition"]}}
    verdict, _ = judged(card(**items))
    np.testing.assert_allclose(verdict.score[:3], [36, 100, np.nan])


def test_petitions_resolved_late_are_resolved(judged):
    verdict, _ = judged(card(on_time={"indicator": "petitions_resolved", "kinds": ["petition"]}))
    np.testing.assert_allclose(verdict.score[:2], [50, np.nan])


def test_projects_accepted_in_time(judged):
    verdict, table = judged(card(on_time={"indicator": "projects_accepted"}))
    np.testing.assert_allclose(verdict.score[:2], [100, np.nan])
    assert told(table, "projects_accepted", "east") == told(table, "projects_accepted") == 1


def test_a_planners_kind_is_no_target_project(judged, rows):
    """A review of projects is a matter like others, late or not."""
    late = rows["kind"].astype(str).replace("petition", "project_review")
    verdict, _ = judged(card(on_time={"indicator": "projects_accepted"}), columns={"kind": late})
    np.testing.assert_allclose(verdict.score[:2], [100, np.nan])


def test_projects_where_there_are_none(county, requests_of, steps_of, people, year, luck):
    scenario = county(scorecards=card(on_time={"indicator": "projects_accepted"}))
    verdict = judge(measure_tables(requests_of(), steps_of(), people, scenario, *year), scenario, luck())
    assert np.isnan(verdict.score).all()


def test_errors_and_complaints(judged):
    columns = {"error": [True, False, True, False, False, False], "complaint": [False] * 3 + [True] * 3}
    rules = {"rule": "per_case", "deduct_per_case": 5}
    errors, table = judged(card(on_time=rules | {"indicator": "error_rate"}), columns)
    complaints, _ = judged(card(on_time=rules | {"indicator": "complaint_rate"}), columns)
    np.testing.assert_allclose(errors.score[:2], [90, 100])
    np.testing.assert_allclose(complaints.score[:2], [90, 95])
    assert told(table, "error_rate", "east") == pytest.approx(0.4)
    assert told(table, "complaints") == 3 and told(table, "complaints", kind="petition") == 1


def test_what_the_table_says_nothing_of_has_no_rows_and_counts_as_none(judged):
    verdict, table = judged(card(on_time={"indicator": "error_rate"}))
    np.testing.assert_allclose(verdict.score[:2], [100, 100])
    assert not table["outcome"].isin(["error_rate", "complaints", "audited_cases", "on_time_gap"]).any()


def test_lateness_of_late_cases(judged, year):
    _, table = judged()
    start, end = year
    open_days = (end - start) / DAY_S - 10
    assert told(table, "mean_overdue_days", "east") == pytest.approx((2 + open_days) / 2)
    assert np.isnan(told(table, "mean_overdue_days", "west"))
    assert told(table, "resolved_rate", kind="petition") == 0.5


def test_duties_done(judged, people):
    staff = people.assign(duty_s=[3600, 3600, 0, 0, 0], duty_done_s=[1800, 3600, 0, 0, 0])
    verdict, table = judged(card(on_time={"indicator": "duty_rate"}), staff=staff)
    np.testing.assert_allclose(verdict.score[:3], [50, 100, 100])
    assert told(table, "duty_rate") == pytest.approx(0.75)
    silent, _ = judged(card(on_time={"indicator": "duty_rate"}), staff=staff.drop(columns="duty_done_s"))
    np.testing.assert_allclose(silent.score[:3], 100)


def test_needless_returns_count_where_the_request_came_in(judged):
    _, table = judged(columns={"needless": [True, False, False, True, False, True]})
    assert [told(table, "needless_returns", unit) for unit in ("east", "west", "")] == [2, 1, 3]


def test_competence_of_people(judged, people):
    staff = people.assign(experience_years=[1, 2, 3, 4, 5], knowledge_hours=10.0, vacant_s=[7200, 0, 0, 0, 0])
    _, table = judged(staff=staff)
    assert told(table, "experience_years", "south") == 3 and told(table, "experience_years") == 3
    assert told(table, "vacant_hours", "east") == told(table, "vacant_hours") == 2
    assert told(table, "knowledge_hours") == 10 and told(table, "study_gain_hours") is None


def conduct(effort):
    attention = np.ones((5, 3))
    attention[0] = [1, 0.4, 0.7]
    late_last = np.array([True] + [False] * 4)
    return SimpleNamespace(
        effort=np.array([effort, 1, 1, 1, 1.0]),
        at_bound=np.array([effort > 1.15, False, False, False, True]),
        rush=np.zeros(5),
        attention=attention,
        late_last=late_last,
        recording=np.full(5, 0.2),
    )


def test_conduct_by_month_and_year(judged):
    _, table = judged(conduct=[(1, conduct(1.1)), (2, conduct(1.2))])
    assert told(table, "effort", "east", month=2) == 1.2
    assert told(table, "effort", "east") == pytest.approx(1.15)
    assert told(table, "effort") == pytest.approx(1.03)
    assert told(table, "effort_at_bound", "east") == 0.5 and told(table, "effort_at_bound", "west") == 0
    assert told(table, "attention_spread", "east") == pytest.approx(0.6)
    assert told(table, "late_last", "east") == 1 and told(table, "late_last", "west") == 0
    assert told(table, "recording") == pytest.approx(0.2)


def test_further_outcomes_are_told_where_they_stand(county, rows, steps_of, people, year, luck):
    scenario = county(kinds=KINDS)
    measured = measure_tables(rows, steps_of(), people, scenario, *year)
    verdict = judge(measured, scenario, luck())
    more = [({"moved": np.array([2.0, 1.0])}, {"unit": np.array([0, 3])}), ({"moved": np.array([3.0])}, {})]
    table = outcomes(measured, verdict, more)
    assert told(table, "moved", "registry") == 1 and told(table, "moved") == 3
    assert len(table) == len(outcomes(measured, verdict)) + 3
