"""Policies of a study change its baseline; the measures of a baseline, each one's share in it and alone."""

import pytest

import sim
from sim.evaluate.shares import shares
from sim.report.batch import write_reports
from sim.scenario.errors import InputError
from sim.study import Study, study
from tests import two_offices

WHOLE = sim.Policy.of(
    {"staff.north_window.count": 2, "pay.deduction_per_point": 2, "pay.floor": 0.5}, name="whole"
)
STAFF = {
    "name": "staff",
    "title": {"en": "More staff", "zh": "增员"},
    "without": {"staff.north_window.count": 1},
}
PAY = {
    "name": "deduction",
    "title": {"en": "Two per cent", "zh": "下浮2%"},
    "without": {"pay.deduction_per_point": 1, "pay.floor": 0},
}
FILE = """\
format: jingxi-study/1
title: {en: Parts, zh: 各项}
question: {en: What does each add?, zh: 各有何作用？}
scenario: offices
baseline: whole
policies: [current]
replications: 4
seed: 1
reports: [measures]
focus: [on_time_rate, pay_total]
measures:
  - name: staff
    title: {en: More staff, zh: 增员}
    without: {staff.north_window.count: 1}
    meant:
      - {outcome: on_time_rate, way: higher}
      - {outcome: mean_wait_minutes, way: higher, kind: visit}
  - name: deduction
    title: {en: Two per cent, zh: 下浮2%}
    without: {pay.deduction_per_point: 1, pay.floor: 0}
    meant: [{outcome: on_time_rate, way: higher}]
"""
POLICY = two_offices.policy("The whole", WHOLE.changes, zh="全部措施")


@pytest.fixture
def file(tmp_path, monkeypatch):
    """A study of two measures of two offices."""
    monkeypatch.chdir(tmp_path)
    root = two_offices.write(tmp_path, policies={"whole": POLICY}, studies={"parts": FILE})
    return root / "scenarios" / "studies" / "parts.yaml"


def rules(of, policy):
    return sim.reform(of.scenario, of.policies[policy])


def test_a_policy_changes_the_baseline_and_current_is_the_scenario_as_it_stands(file):
    floor = sim.Policy.of({"pay.floor": 0.25}, name="lower-floor")
    made = Study.of("offices", [floor, "current"], baseline="whole", replications=2)
    assert rules(made, "lower-floor").pay.floor == 0.25
    assert rules(made, "lower-floor").staff["north_window"].count == 2
    assert rules(made, "current").staff["north_window"].count == 1
    assert rules(made, "current").pay.floor == 0
    trial = sim.what_if("offices", baseline="whole", replications=2)
    assert trial.compare(floor, outcomes=["on_time_rate"])["exact_zero"].all()
    with pytest.warns(sim.scenario.idle.NoEffect, match="'pay.floor' has no effect: it is so already"):
        Study.of("offices", {"pay.floor": 0.5}, baseline="whole", replications=2)


def test_a_study_with_measures_has_the_whole_without_each_with_each_alone_and_with_none(file):
    made = study("parts")
    assert list(made.policies) == [
        "whole", "current", "without-staff", "without-deduction", "only-staff", "only-deduction",
        "without-all",
    ]  # fmt: skip
    said = {
        name: (rules(made, name).staff["north_window"].count, rules(made, name).pay.deduction_per_point)
        for name in made.policies
    }
    assert said["whole"] == (2, 2) and said["current"] == said["without-all"] == (1, 1)
    assert said["without-staff"] == said["only-deduction"] == (1, 2)
    assert said["without-deduction"] == said["only-staff"] == (2, 1)


def test_shares_are_those_counted_from_the_outcomes_of_each_policy(file):
    made = Study.of("offices", baseline=WHOLE, measures=[STAFF, PAY], replications=4, seed=1, name="parts")
    table = made.run(workers=1, progress=False).shares(["pay_total", "on_time_rate"])
    rows = made.outcomes
    rows = rows[(rows["unit"] == "") & (rows["kind"] == "") & (rows["person"] == "") & (rows["month"] == 0)]
    pay = rows[rows["outcome"] == "pay_total"].pivot_table(
        index="replication", columns="policy", values="value", observed=True
    )
    found = table.set_index(["outcome", "measure", "effect"])["difference"]
    last = (pay["whole"] - pay["without-deduction"]).mean()
    alone = (pay["only-deduction"] - pay["without-all"]).mean()
    assert found["pay_total", "deduction", "last"] == pytest.approx(last)
    assert found["pay_total", "deduction", "alone"] == pytest.approx(alone)
    assert found["pay_total", "deduction", "interaction"] == pytest.approx(last - alone)
    assert found["pay_total", "", "total"] == pytest.approx((pay["whole"] - pay["without-all"]).mean())
    assert last - alone < -100  # the floor lifts those alone whom more people lift as well
    assert found["on_time_rate", "deduction", "last"] == 0  # nobody reacts
    assert found["on_time_rate", "staff", "last"] == found["on_time_rate", "", "total"] > 0
    of_kinds = shares(rows := made.outcomes, "whole", ["staff"], level="kind", only=["on_time_rate"])
    assert set(of_kinds["kind"]) == set(rows["kind"]) - {""}


def test_the_report_says_which_measure_does_what_it_is_meant_to(file):
    made = study("parts").run(workers=1, progress=False)
    written = {path.name: path for path in write_reports(made, ["en"], progress=False)}
    page = written["measures.en.html"].read_text(encoding="utf-8")
    assert "1 of 2 certainly move what they are meant to move" in page
    for verdict in ("as meant", "the other way", "none"):
        assert f">{verdict}<" in page
    assert written["shares.csv"].read_text(encoding="utf-8").count("interaction") > 2


OFF = "without: {pay.deduction_per_point: 1, pay.floor: 0}"
INLINE = "policies: [{name: without-staff, title: {en: a, zh: a}, reason: {en: a, zh: a}}]"
BAD = [
    (OFF, "without: {staff.north_window: {}}", "changed by the measure 'staff', too"),
    ("name: deduction", "name: staff", "'staff' stands twice"),
    ("outcome: on_time_rate, way: higher}]", "outcome: on_time, way: higher}]", "unknown outcome 'on_time'"),
    ("kind: visit", "kind: vsit", "unknown kind 'vsit'. Did you mean 'visit'"),
    (OFF, "without: {pay.flor: 0}", "unknown parameter 'pay.flor'"),
    ("policies: [current]", INLINE, "a policy that the measures make"),
    ("baseline: whole", "baseline: without-staff", "a policy that the measures make"),
    ("name: deduction", "name: Staff", "by capitals alone"),
    ("way: higher}]", "way: higher}, {outcome: on_time_rate, way: lower}]", "'on_time_rate' stands twice"),
    (OFF, "without: {horizon.years: 2}", "the same years are compared"),
    ("name: deduction", "name: all", "'without-all' is the baseline without all measures"),
    ("scenario: offices", "scenarios: [offices]", "measures are parts of one scenario's baseline"),
]


@pytest.mark.parametrize(("good", "bad", "message"), BAD, ids=[message for *_, message in BAD])
def test_a_wrong_measure_is_told_with_its_line(file, good, bad, message):
    text = file.read_text(encoding="utf-8")
    assert good in text
    file.write_text(text.replace(good, bad), encoding="utf-8")
    with pytest.raises(InputError, match=message) as told:
        study("parts")
    assert "parts.yaml:" in str(told.value)


def test_a_measure_that_is_not_in_the_baseline_is_told(file):
    file.write_text(
        FILE.replace("baseline: whole\npolicies: [current]", "policies: [whole]"), encoding="utf-8"
    )
    with pytest.warns(sim.scenario.idle.NoEffect, match="'without-staff': 'staff.north_window.count' has no"):
        study("parts")


def test_without_policies_and_measures_there_is_nothing_to_compare(file):
    head = FILE[: FILE.index("measures:\n")].replace("policies: [current]\n", "")
    for text, message in (
        (head.replace("reports: [measures]\n", ""), "nothing is compared with the baseline"),
        (head.replace("baseline", "policies: [current]\nbaseline"), "has no 'measures' to report"),
    ):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=message):
            study("parts")
