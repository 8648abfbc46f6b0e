"""Briefings of scenarios: what a simulated office tells, which policies apply, and the files."""

from pathlib import Path

import pytest

from sim.report import brief, exhibits, office_exhibits, reach, route_map, style, time_use
from sim.report.brief import write_briefs
from sim.report.office import PARTS, WAITING, office
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


@pytest.fixture(scope="module")
def binhai():
    return office(SHIPPED / "binhai", replications=2)


def test_who_withdraws_is_told_where_anybody_does(binhai):
    """Of the people at the desks of outpatients some lose patience; nobody does in binhai."""
    for found, told in ((office(SHIPPED / "outpatients", replications=2), True), (binhai, False)):
        tables = (exhibits.by_kind(found.results), exhibits.by_unit(found.results))
        for shown in (office_exhibits.answer(found), *tables):
            assert ("Requests withdrawn" in str(shown)) == told


def test_steps_that_rules_add_and_stages_are_told_together(binhai):
    steps = set(binhai.flow["step"])
    assert {"error.", "desk.", "stage"} <= steps
    assert not [step for step in steps if "." in step[:-1] or step.startswith("stage_")]


def test_every_visit_of_a_step_came_by_a_way_and_waited_as_long_as_all_do(binhai):
    arcs = binhai.arcs.assign(waited=binhai.arcs["share"] * binhai.arcs["wait"])
    into = arcs.groupby(["kind", "step"])[["share", "waited"]].sum()
    flow = binhai.flow.set_index(["kind", "step"])
    visits = flow["visits"]
    assert into["share"].reindex(visits.index).to_numpy() == pytest.approx(
        visits.to_numpy(), rel=0.1, abs=0.02
    )
    often = visits[visits > 0.5].index  # a sitting's wait is told as of its places
    work = [place for place in often if flow["in_hand"][place] > 0]
    assert len(work) > 20
    assert into["waited"][work].to_numpy() == pytest.approx(
        flow[WAITING][work].to_numpy(), rel=0.15, abs=0.02
    )
    known = arcs.dropna()  # not of ways that one replication alone saw
    assert len(known) > 60 and known["wait"].between(known["low"] - 1e-9, known["high"] + 1e-9).all()


def test_a_map_names_each_way_and_the_longest_wait(binhai):
    style.use_house_style()
    shown = str(route_map.route_map(binhai))
    assert shown.count("<svg") == 1 and "Land registration" in shown  # the most frequent kind
    kept = route_map.arcs_of(binhai, "registration")
    longest = kept.loc[kept["wait"].idxmax(), "step"]
    assert f"The longest wait is before: {longest} (" in shown
    assert route_map.route_map(binhai, "none") is None


def test_staff_time_adds_up_and_its_work_is_the_utilisation(binhai):
    results = binhai.results
    parts = time_use.shares(results, "current")
    assert sum(part.share for part in parts.values()) == pytest.approx(1)
    on_duty = parts["requests"].share + parts["free"].share
    assert parts["requests"].share / on_duty == pytest.approx(
        results.bureau_mean("utilisation", "current").estimate, rel=0.01
    )
    assert all(part.low <= part.share <= part.high for part in parts.values())
    bars = str(time_use.by_type_of_unit(results))
    assert bars.count("<svg") == 1 and "Service hall: 7" in bars  # the busiest


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
    formats = ("ipynb", "html", "pdf", "docx")
    beside = [f"reports/scenarios/offices/scenario.zh.{suffix}" for suffix in formats]
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
    assert 'href="offices/scenario.zh.pdf"' in (tmp_path / names[4]).read_text(encoding="utf-8")
    assert 'href="scenarios/offices/scenario.zh.html"' in (tmp_path / names[5]).read_text(encoding="utf-8")
    assert brief.SCENARIOS.is_dir() and not list(brief.SCENARIOS.glob("*/.*partial"))
