"""The command line as its users meet it: what is printed, where to, and the exit code."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sim import cli

ROOT = Path(__file__).parents[2]
HEAVY = {
    "distributed",
    "duckdb",
    "matplotlib",
    "numpy",
    "pandas",
    "papermill",
    "pyarrow",
    "pydantic",
    "scipy",
    "simpy",
    "weasyprint",
}


@pytest.fixture
def sim(monkeypatch, capsys):
    """``sim("check", "x.yaml")`` gives exit code, stdout and stderr."""

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["sim", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return ended.value.code or 0, out, err

    return call


@pytest.fixture(autouse=True)
def in_the_checkout(monkeypatch):
    monkeypatch.chdir(ROOT)


@pytest.mark.parametrize("code", ["import sim", "import sim.cli.commands", "import sim; dir(sim)"])
def test_nothing_heavy_is_imported_before_it_is_used(code):
    listed = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys, json\nprint(json.dumps(list(sys.modules)))"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert not HEAVY & set(json.loads(listed.stdout))


def test_the_public_face_is_whatever_was_imported_before():
    code = """
import sim.study.design, sim.replication
from sim import load, InputError, study
assert sim.study is study and callable(study) and callable(sim.simulate)
assert study("incentive-schemes").scenario.name == load("binhai").name == "binhai"
try:
    sim.nothing
except AttributeError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "module 'sim' has no attribute 'nothing'"


@pytest.mark.parametrize(
    "arguments",
    [
        "run",
        "nonsense",
        "check",
        "run x --workers 0",
        "run x --workers two",
        "run incentive-schemes --scheduler nowhere",
        "clean no-such-study",
        "report x --lang fr",
        "run no-such-study",
        "report no-such-study",
        "status ../../etc/passwd",
        "simulate no-such-scenario",
        "simulate binhai --policy threshold-9",
        "parameters pajx",
        "check no-such-file.yaml",
    ],
)
def test_a_mistake_ends_with_2_and_no_traceback(sim, arguments):
    code, _, err = sim(*arguments.split())
    assert code == 2 and err.strip() and "Traceback" not in err


def test_what_ships_is_sound(sim):
    shipped = [str(path.parent) for path in (ROOT / "scenarios").glob("*/scenario.yaml")]
    studies = [str(path) for path in (ROOT / "scenarios" / "studies").glob("*.yaml")]
    code, out, err = sim("check", *shipped, *studies)
    assert code == 0 and len(shipped) >= 2 and len(studies) >= 2
    assert all("the floor of 0% is out of reach" in line for line in err.splitlines())  # the article's rule
    assert out.count("ok: ") == len(out.splitlines()) and "changes nothing" not in out


def test_check_tells_all_the_files_that_are_wrong(sim, tmp_path):
    files = [tmp_path / "one.yaml", tmp_path / "two.yaml"]
    files[0].write_text("format: jingxi-study/1\n\x1b[31m: [", encoding="utf-8")
    files[1].write_text("- list\n", encoding="utf-8")
    code, _, err = sim("check", *map(str, files))
    assert code == 2 and all(str(file) in err for file in files) and "\x1b" not in err


def test_check_tells_of_a_policy_that_changes_nothing(sim, tmp_path):
    (tmp_path / "policies").mkdir()
    scenario = (ROOT / "scenarios" / "binhai" / "scenario.yaml").read_text(encoding="utf-8")
    (tmp_path / "scenario.yaml").write_text(scenario, encoding="utf-8")
    policy = tmp_path / "policies" / "idle.yaml"
    start = "format: jingxi-policy/1\ntitle: {en: Idle, zh: 无}\nreason: {en: None., zh: 无。}\n"
    policy.write_text(start + "changes: {assessment.bottom_count: 3}\n", encoding="utf-8")
    code, out, _ = sim("check", str(policy))
    assert code == 0 and "it changes nothing" in out


@pytest.mark.parametrize(("language", "label"), [("en", "full pay"), ("zh", "全额发放门槛")])
def test_parameters_are_listed_in_three_forms(sim, language, label):
    _, table, _ = sim("parameters", "pay", "--lang", language)
    _, rows, _ = sim("parameters", "pay", "--lang", language, "--format", "csv")
    _, data, _ = sim("parameters", "pay", "--lang", language, "--format", "json")
    listed = json.loads(data)
    assert len(listed) == len(table.splitlines()) - 1 == len(rows.splitlines()) - 1
    found = next(row for row in listed if row["path"] == "pay.full_pay_threshold")
    assert found["unit"] == {"en": "points", "zh": "分"}[language]
    assert label in found["label"] or "pay is full" in found["label"]


def test_a_study_from_run_to_status(sim, tmp_path, monkeypatch):
    folder = tmp_path / "scenarios"
    (folder / "studies").mkdir(parents=True)
    (folder / "tiny").mkdir()
    (folder / "tiny" / "scenario.yaml").write_text(TINY, encoding="utf-8")
    (folder / "tiny" / "policies").mkdir()
    (folder / "tiny" / "policies" / "fast.yaml").write_text(FAST, encoding="utf-8")
    (folder / "studies" / "small.yaml").write_text(STUDY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    code, out, _ = sim("run", "small", "--workers", "1")
    assert code == 0 and "4 to be computed" in out
    code, out, _ = sim("run", "small")
    assert code == 0 and "0 to be computed" in out
    code, out, _ = sim("status", "small")
    assert code == 0 and "fast: 2 of 2 replications" in out
    code, out, _ = sim("simulate", "tiny", "--policy", "fast", "--seed", "3")
    assert code == 0 and "Requests received" in out


TINY = """\
format: jingxi-scenario/1
title: {en: Tiny, zh: 微}
description: {en: One clerk., zh: 一人。}
horizon: {start: 2025-01-06 09:00, minutes: 300}
calendar: {country: none, week: always}
roles: {window: {title: {en: Window, zh: 窗口}, front: true}}
grades:
  one:
    title: {en: One, zh: 一}
    base_pay: 1
    assessment_pay: 1
    target_bonus: 1
    leave_days: 0
unit_types: {hall: {title: {en: Hall, zh: 厅}}}
units: {hall: {type: hall, title: {en: Hall, zh: 厅}}}
staff: {clerk: {unit: hall, role: window, grade: one}}
kinds:
  visit:
    title: {en: Visit, zh: 来访}
    route: {serve: {type: work, at: own/window, minutes: 5, distribution: exponential}}
demand: {visit: {volumes: {hall: 6}, per: hour}}
"""
FAST = """\
format: jingxi-policy/1
title: {en: Fast, zh: 快}
reason: {en: Try., zh: 试。}
changes: {staff.clerk.speed: 2.0}
"""
STUDY = """\
format: jingxi-study/1
title: {en: S, zh: 小}
question: {en: Q, zh: 问}
scenario: tiny
policies: [fast]
replications: 2
seed: 5
"""
