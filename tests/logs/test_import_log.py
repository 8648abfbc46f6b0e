"""`sim import-log` makes an ordinary scenario, tells its origin, and says what it is fit for."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import sim
from docs.tools.logs.office import known, log_of, written
from sim.cli.commands import app
from sim.logs import fit_log, read_log, validate
from sim.logs.report import report
from sim.report.execute import run_notebook
from sim.report.findings import choice
from sim.report.leaders import Leaders
from sim.report.results import Results
from sim.report.validated import validation
from sim.scenario import InputError, load_policy
from sim.study import Study
from sim.study.plausible import Plausible

LOGS = os.environ.get("JINGXI_LOGS", "")  # a folder with logs that may not be passed on


@pytest.fixture(scope="module")
def log_file(tmp_path_factory) -> Path:
    data = known(np.random.default_rng(2))
    return written(log_of(data, 2), tmp_path_factory.mktemp("log") / "office.csv")


@pytest.fixture(scope="module")
def made(log_file, tmp_path_factory):
    folder, before = tmp_path_factory.mktemp("work"), Path.cwd()
    os.chdir(folder)
    try:
        yield CliRunner().invoke(app, ["import-log", str(log_file), "--replications", "5"]), folder
    finally:
        os.chdir(before)


def test_the_scenario_passes_the_check_and_runs(made):
    ran, folder = made
    assert ran.exit_code == 0, ran.output
    checked = CliRunner().invoke(app, ["check", "office"])
    assert checked.exit_code == 0, checked.output
    result = sim.simulate(folder / "scenarios/office", seed=1)
    finished = result.requests["finish_s"] >= 0
    assert finished.mean() > 0.95
    assert result.units["on_time_rate"].iloc[0] > 0.9


def test_every_number_says_where_it_comes_from(made):
    _, folder = made
    scenario = sim.load(folder / "scenarios/office")
    evidence = scenario.source.evidence
    minutes = evidence["kinds", "case_2_days", "route", "review", "minutes"]
    assert minutes.source == "log: office.csv" and minutes.unit == "minutes" and minutes.fitted
    assert minutes.reason.startswith("n = ") and "standard error" in minutes.reason
    low, high = minutes.range
    assert low < scenario.kinds["case_2_days"].route["review"].minutes < high
    paths = {".".join(one.path) for one in Plausible(scenario, load_policy(scenario, "current")).dimensions}
    assert {"kinds.case_2_days.route.review.minutes", "demand.case_2_days.volumes.office"} <= paths


def test_probabilities_vary_by_their_standard_errors_and_sum_to_one(made):
    _, folder = made
    scenario = sim.load(folder / "scenarios/office")
    space = Plausible(scenario, load_policy(scenario, "current"))
    branch = ("kinds", "case_2_days", "route", "review_next", "to")
    own = [place for place, one in enumerate(space.dimensions) if one.path[:-1] == branch]
    given = scenario.kinds["case_2_days"].route["review_next"].to
    names = {space.dimensions[place].path[-1] for place in own}
    reasons = {name: scenario.source.evidence[*branch, name].reason for name in names}
    n = int(reasons[max(given, key=given.get)].split("n = ")[1].split(", st")[0].replace(",", ""))
    assert names == {name for name, chance in given.items() if chance * n > 4.5}  # of 5 cases or more
    luck = np.random.default_rng(1)
    drawn = []
    for _ in range(300):
        point = np.full(len(space.dimensions), 0.5)
        point[own] = luck.random(len(own))
        upon, _ = space.policies("point", point)
        drawn.append([upon.changes[".".join((*branch, name))] for name in given])
    drawn = np.array(drawn)
    assert drawn.sum(axis=1) == pytest.approx(1)
    for name, values in zip(given, drawn.T, strict=True):
        if name not in names:
            continue
        error = float(reasons[name].split("standard error ")[1].split(";")[0])
        assert values.mean() == pytest.approx(given[name], abs=error / 4)
        assert values.std() == pytest.approx(2 / np.sqrt(3) * error, rel=0.25)  # flat, two errors either way
    there = sim.reform(scenario, upon).kinds["case_2_days"].route["review_next"].to
    assert sum(there.values()) == pytest.approx(1) and there != given


def test_reports_tell_in_one_line_what_the_scenario_is_fit_for(made, monkeypatch):
    _, folder = made
    monkeypatch.chdir(folder)
    opened = sim.study("office")
    assert opened.policies.keys() == {
        "current", "tighter-limit", "one-more-person", "pooled-desks", "lower-lines",
    }  # fmt: skip
    small = Study.of(sim.load("office"), ["pooled-desks"], replications=2, name="small")
    small.run(workers=1, progress=False)
    english, chinese = (Results(small, lang) for lang in ("en", "zh"))
    assert "which way cases go" in validation(english).split(" Unfit for: ")[0] and "适用于：" in validation(
        chinese
    )
    assert "distance " in validation(english, figures=True) and "距离" in validation(chinese, figures=True)
    assert Leaders(chinese, choice(chinese)).sure()[-1] == validation(chinese)
    stored = folder / "scenarios/office/validation.csv"
    whole = stored.read_text(encoding="utf-8")
    try:
        stored.write_text(whole.replace(",yes,", ",maybe,", 1), encoding="utf-8")
        with pytest.raises(InputError, match="'maybe' is neither yes nor no"):
            validation(english)
        stored.write_text(whole.splitlines()[0] + "\n", encoding="utf-8")
        assert "was not held against it" in validation(english)
    finally:
        stored.write_text(whole, encoding="utf-8")


def test_activities_may_be_called_as_the_forks_between_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = ("begin", "Check", "Check next", "end")
    rows = [
        f"{case},{name},Li,2024-01-01 1{place}:00,2024-01-01 1{place}:30"
        for case in range(20)
        for place, name in enumerate(names)
    ]
    Path("log.csv").write_text("case,activity,person,start,end\n" + "\n".join(rows), encoding="utf-8")
    ran = CliRunner().invoke(app, ["import-log", "log.csv", "--replications", "0"])
    assert ran.exit_code == 0, ran.output
    route = next(iter(sim.load("scenarios/log").kinds.values())).route
    assert {"begin_activity", "check", "check_next_activity", "end_activity"} <= set(route)


def test_people_are_numbers_unless_names_are_asked_for(made, log_file):
    _, folder = made
    for file in (folder / "scenarios/office").rglob("*.*"):
        text = file.read_text(encoding="utf-8")
        assert not any(name in text for name in ("Zhao", "Chen", "Wang")), file
    ran = CliRunner().invoke(
        app, ["import-log", str(log_file), "--name", "named", "--names", "--replications", "0"]
    )
    assert ran.exit_code == 0, ran.output
    assert "Zhao" in (folder / "scenarios/named/scenario.yaml").read_text(encoding="utf-8")


def test_the_page_tells_origin_verdict_and_distances(made, log_file):
    ran, folder = made
    page = (folder / "scenarios/office/log.md").read_text(encoding="utf-8")
    log = read_log(log_file)
    assert log.origin.sha256 in page and "cycle time 办理周期" in page
    assert "fit for: which way cases go" in ran.output
    assert "fit for: how many cases come" in ran.output


def test_the_notebook_shows_the_same(log_file, tmp_path):
    notebook = Path(__file__).parents[2] / "notebooks" / "calibration.ipynb"
    values = {"log": str(log_file), "folder": ".", "replications": 3}
    run_notebook(notebook, tmp_path / "calibration.ipynb", values)
    text = (tmp_path / "calibration.ipynb").read_text(encoding="utf-8")
    assert "fit for: which way cases go" in text and "image/png" in text


def test_a_taken_name_is_refused_before_the_log_is_read(made, log_file):
    _, folder = made
    before = {file: file.stat().st_mtime_ns for file in folder.rglob("*")}
    ran = CliRunner().invoke(app, ["import-log", str(log_file), "--replications", "0"])
    assert ran.exit_code == 2 and "it is there already" in ran.stderr
    assert {file: file.stat().st_mtime_ns for file in folder.rglob("*")} == before


def test_hostile_names_stay_names(log_file, tmp_path):
    log = pd.read_csv(log_file)
    nasty = {"Review": "=cmd|' /C calc'!A0", "Decide": "<script>alert(1)</script>", "Take in": "end"}
    log["activity"] = log["activity"].map(nasty)
    log["person"] = log["person"].map({"Li": "../../x", "Wang": "nan", "Zhao": "a: {b}", "Chen": "\u202ex"})
    file = tmp_path / "nasty.csv"
    log.to_csv(file, index=False)
    os.chdir(tmp_path)
    ran = CliRunner().invoke(app, ["import-log", str(file), "--replications", "0", "--names"])
    assert ran.exit_code == 0, ran.output
    scenario = sim.load(tmp_path / "scenarios/nasty")
    assert "end_activity" in next(iter(scenario.kinds.values())).route
    table = (tmp_path / "scenarios/nasty/activities.csv").read_text(encoding="utf-8")
    assert "'=cmd" in table and "\n=" not in table and ",=" not in table
    page = (tmp_path / "scenarios/nasty/log.md").read_text(encoding="utf-8")
    assert "<script>" not in page.replace("\\<script\\>", "")


def test_activities_may_be_called_as_numbers(log_file, tmp_path):
    log = pd.read_csv(log_file)
    numbers = {
        name: text for name, text in zip(log["activity"].unique(), ["1e5", "08", "0x1F"], strict=False)
    }
    log["activity"] = log["activity"].map(numbers).fillna("null")
    log.to_csv(tmp_path / "numbers.csv", index=False)
    os.chdir(tmp_path)
    ran = CliRunner().invoke(app, ["import-log", "numbers.csv", "--replications", "0"])
    assert ran.exit_code == 0, ran.output
    titles = {one.title.en for one in sim.load(tmp_path / "scenarios/numbers").roles.values()}
    assert titles >= {"1e5", "08", "0x1F"}


def plain(file: Path, nobody: bool, cases: int) -> None:
    """A log without anything to vary: nobody is named; or each activity happens once, and takes as long."""
    rows = [
        [
            f"c{one // 3}",
            "abc"[one % 3] if nobody else f"a{one}",
            "" if nobody else f"p{one}",
            f"{day}:00",
            end,
        ]
        for one in range(3 * cases)
        for day in [f"2025-01-{6 + one // 9 % 20:02} 1{one % 3}"]
        for end in [f"{day}:{10 if nobody else 20}"]
    ]
    frame = pd.DataFrame(rows, columns=["case", "activity", "person", "start", "end"])
    frame.to_csv(file, index=False)


@pytest.mark.parametrize("nobody", [True, False])
def test_logs_with_nothing_to_vary_are_fitted(tmp_path, nobody):
    plain(tmp_path / "plain.csv", nobody, 60)
    os.chdir(tmp_path)
    ran = CliRunner().invoke(app, ["import-log", "plain.csv", "--replications", "0"])
    assert ran.exit_code == 0, ran.output
    scenario = sim.load(tmp_path / "scenarios/plain")
    assert (set(scenario.staff) == {"clerk"}) == nobody
    assert (scenario.folder / "policies" / "one-more-person.yaml").is_file() == (not nobody)


def test_a_log_that_names_nobody_says_that_no_policy_on_staff_can_be_tried(tmp_path):
    plain(tmp_path / "plain.csv", True, 150)
    os.chdir(tmp_path)
    ran = CliRunner().invoke(app, ["import-log", "plain.csv", "--replications", "2"])
    assert ran.exit_code == 0, ran.output
    assert "the log names nobody who works, so no policy on staff can be tried" in ran.output
    study = (tmp_path / "scenarios/studies/plain.yaml").read_text()
    assert "current" in study and "one-more-person" not in study


def test_a_log_without_waits_that_people_explain_is_unfit_for_staffing(tmp_path):
    luck = np.random.default_rng(4)
    rows = []
    for case, day in enumerate(pd.bdate_range("2024-01-01", periods=250).repeat(2)):
        moment = day + pd.Timedelta(hours=float(luck.uniform(9, 16)))
        for activity, wait in (("a", 0.0), ("b", float(luck.gamma(4, 2)))):
            moment += pd.Timedelta(days=round(wait))
            rows.append((f"c{case}", activity, f"P{case % 7}", moment, moment + pd.Timedelta(minutes=2)))
    table = pd.DataFrame(rows, columns=["case", "activity", "person", "start", "end"])
    table.to_csv(tmp_path / "log.csv", index=False)
    log = read_log(tmp_path / "log.csv")
    validation = validate(log, replications=4, finished=True)
    judged = {one.name: one.fit for one in validation.verdict}
    assert judged["cycle"] and judged["ngram"] and not judged["staffing"]
    assert validation.fitted["cycle"].mean() < validation.naive["cycle"] / 3
    fit = fit_log(log)
    page = report(fit, validation)
    assert "unfit 不适用" in page and "rests on" not in page
    fewer = replace(validation, cycles=validation.cycles[:3])
    assert "the interval rests on 2 simulations" in report(fit, fewer)


@pytest.mark.skipif(not LOGS, reason="JINGXI_LOGS names no folder with logs")
def test_real_logs_are_read_as_their_sources_say():
    log = read_log(Path(LOGS) / "receipt/receipt.csv.gz")
    found = {one.name: one.count for one in log.findings}
    assert (found["cases"], found["events"], found["activities"], found["people"]) == (1434, 8577, 27, 48)
    assert (found["variants"], found["late"]) == (116, 377)
