"""Briefings of scenarios: what a simulated office tells, which policies apply, and the files."""

from pathlib import Path

import pytest

from sim.report import brief, reach
from sim.report.brief import write_briefs
from sim.report.office import PARTS, office
from sim.scenario import load
from sim.scenario.errors import InputError
from sim.study.applicable import applicable

SHIPPED = Path(__file__).resolve().parents[2] / "scenarios"
MINUTES = """\
format: jingxi-policy/1
title: {en: Faster, zh: 加快}
reason: {en: A trial., zh: 试行。}
changes: {kinds.visit.route.serve.minutes: 20}
"""


@pytest.fixture
def here(small_study, monkeypatch):
    """The folder in which the scenario `offices` is, with nothing in reports/."""
    root = small_study.scenario.folder.parents[1]
    monkeypatch.chdir(root)
    return root


def test_the_time_of_a_request_is_the_sum_of_its_steps(here):
    found = office("offices", replications=2)
    (whole,) = found.flow.groupby("kind")[list(PARTS)].sum().sum(axis=1)
    times = found.results.means("kind", "mean_processing_days", "current")
    assert whole == pytest.approx(times["mean"].item(), rel=0.02)  # replications weigh by their requests
    assert found.flow["visits"].tolist() == [1.0]


def test_steps_that_rules_add_and_stages_are_told_together():
    steps = set(office(SHIPPED / "binhai", replications=2).flow["step"])
    assert {"error.", "desk.", "stage"} <= steps
    assert not [step for step in steps if "." in step[:-1] or step.startswith("stage_")]


def test_a_policy_that_the_scenario_lacks_is_left_out_with_the_reason(here):
    found, left_out = applicable(load("offices"), ["ninety", "current", "pooling"])
    assert [policy.name for policy in found] == ["ninety"]
    assert list(left_out) == ["pooling"] and "unknown policy" in left_out["pooling"].en
    (told,) = reach.not_applied(office("offices", ["ninety", "pooling"], replications=2).results)
    assert "does not apply" in told and "pooling" in told


def test_a_file_that_changes_what_is_not_there_does_not_apply(here, tmp_path):
    file = tmp_path / "faster.yaml"
    file.write_text(MINUTES, encoding="utf-8")
    assert [policy.name for policy in applicable(load("offices"), [str(file)])[0]] == ["faster"]
    found, left_out = applicable(load(SHIPPED / "binhai"), [str(file)])
    assert not found and "kinds.visit" in left_out["faster"].zh


@pytest.mark.parametrize(
    ("scenarios", "policies", "more"),
    [
        (["offices", "no-such"], [], {}),
        (["offices"], ["pooling"], {}),
        (["offices"], ["no-such.yaml"], {}),
        (["offices"], [], {"languages": ["fr"]}),
        (["offices"], [], {"behaviour": "lazy"}),
        (["offices"], [], {"replications": 1}),
    ],
)
@pytest.mark.filterwarnings("ignore:.*does not apply")
def test_a_mistake_is_told_before_anything_is_written(here, scenarios, policies, more):
    with pytest.raises(InputError):
        write_briefs(scenarios, policies, progress=False, **more)
    assert not (here / "reports" / "scenarios").exists()


def test_a_briefing_is_written_with_its_index(here, tmp_path, monkeypatch):
    scenario = here / "scenarios" / "offices"
    monkeypatch.chdir(tmp_path)
    written = write_briefs([str(scenario)], ["ninety"], ["zh"], replications=2, progress=False)
    names = [path.as_posix() for path in written]
    beside = [f"reports/scenarios/offices/scenario.zh.{suffix}" for suffix in ("ipynb", "html", "pdf")]
    assert names == [*beside, "reports/scenarios/index.html", "reports/index.html"]
    page = (tmp_path / names[1]).read_text(encoding="utf-8")
    for told in (
        "两个所",
        "机构与人员",
        "办件流程与等候",
        "全年逐月情况",
        "考核得分",
        "主要假定",
        "试行",
    ):
        assert told in page
    assert 'href="offices/scenario.zh.pdf"' in (tmp_path / names[3]).read_text(encoding="utf-8")
    assert 'href="scenarios/offices/scenario.zh.html"' in (tmp_path / names[4]).read_text(encoding="utf-8")
    assert brief.SCENARIOS.is_dir() and not list(brief.SCENARIOS.glob("*/.*partial"))
