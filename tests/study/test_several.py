"""A study of several scenarios: one study for each, policies where they apply, and one page across them."""

import pytest

from sim.report import across
from sim.report.batch import write_reports
from sim.scenario.errors import InputError
from sim.study import study
from sim.study.load import load_studies
from tests.two_offices import SCENARIO

STUDY = """\
format: jingxi-study/1
title: {en: Two scenarios, zh: 两个情景}
question: {en: Do they agree?, zh: 是否一致？}
scenarios: [offices, others]
policies:
  - ninety
  - more.yaml
  - name: double
    title: {en: Double, zh: 加倍}
    reason: {en: Try., zh: 试。}
    changes: {pay.deduction_per_point: 2}
  - name: south
    title: {en: Fewer in the south, zh: 南所减员}
    reason: {en: Try., zh: 试。}
    changes: {staff.south_window.count: 1}
    scenarios: [others]
replications: 2
seed: 1
reports: [briefing]
languages: [zh]
focus: [on_time_rate, pay_total]
"""
POLICY = "format: jingxi-policy/1\ntitle: {en: More, zh: 增加}\nreason: {en: Try., zh: 试。}\nchanges: "


@pytest.fixture
def file(tmp_path, monkeypatch):
    """The study's file; `others` has neither the policy `ninety` nor a group `north_window`."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "scenarios"
    for name in ("offices", "others"):
        (folder / name / "policies").mkdir(parents=True)
        text = SCENARIO if name == "offices" else SCENARIO.replace("north_window", "northern")
        (folder / name / "scenario.yaml").write_text(text, encoding="utf-8")
    ninety = folder / "offices" / "policies" / "ninety.yaml"
    ninety.write_text(POLICY + "{pay.full_pay_threshold: 90}\n", encoding="utf-8")
    (folder / "studies").mkdir()
    more = folder / "studies" / "more.yaml"
    more.write_text(POLICY + "{staff.north_window.count: 2}\n", encoding="utf-8")
    path = folder / "studies" / "two.yaml"
    path.write_text(STUDY, encoding="utf-8")
    return path


def test_each_scenario_has_the_policies_that_apply_to_it(file):
    offices, others = load_studies("two")
    assert list(offices.policies) == ["current", "ninety", "more", "double"]
    assert list(others.policies) == ["current", "double", "south"]
    assert {name: why.en for name, why in offices.left_out.items()} == {"south": "it is for others"}
    assert "unknown policy" in others.left_out["ninety"].en and "north_window" in others.left_out["more"].zh
    assert (offices.called, others.called) == ("two:offices", "two:others")
    assert offices.folder != others.folder


def test_one_scenario_is_opened_by_its_name(file):
    assert study("two:others").scenario.name == "others"
    assert study(f"{file}:others").folder == study("two:others").folder
    with pytest.raises(InputError, match="several scenarios"):
        study("two")
    with pytest.raises(InputError, match="no scenario"):
        study("two:third")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("scenarios: [offices, others]", "scenarios: [offices, nowhere]", "nowhere"),
        ("scenarios: [offices, others]", "scenarios: [offices, offices]", "stands twice"),
        ("scenarios: [offices, others]", "scenarios: [offices]\nscenario: offices", "of one 'scenario'"),
        ("scenarios: [offices, others]\n", "", "of one 'scenario'"),
        ("  - ninety", "  - nineti", "applies to no scenario"),
        ("scenarios: [others]", "scenarios: [third]", "no scenario of the study"),
        ("staff.south_window.count", "staff.west.count", "does not apply to 'others'"),
        ("  - more.yaml", "  - less.yaml", "less.yaml"),
    ],
)
def test_a_mistake_is_told_once(file, before, after, told):
    file.write_text(STUDY.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_studies("two")
    assert told in str(error.value)


def test_reports_of_each_and_one_page_across(file):
    studies = [one.run(workers=1, progress=False) for one in load_studies("two")]
    written = write_reports(studies, formats=["html", "docx"], progress=False)
    folder = file.parents[2] / "reports"
    told = (folder / "two-others" / "briefing.zh.html").read_text(encoding="utf-8")
    assert "方案“ninety”不适用于本情景" in told
    assert [path.as_posix() for path in written[-4:]] == [
        *(f"reports/two/across.zh.{suffix}" for suffix in ("ipynb", "html", "docx")), "reports/index.html",
    ]  # fmt: skip
    assert {path.suffix for path in written} == {".ipynb", ".html", ".docx", ".csv", ".json"}
    page = (folder / "two" / "across.zh.html").read_text(encoding="utf-8")
    assert "不适用：该方案只用于others" in page and "与基准之差" in page
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert "two/across.zh.html" in index and "two-offices/briefing.zh.docx" in index
    results = across.opened("two", "en")
    assert [across.title(one) for one in results] == ["Two offices", "Two offices"]
