"""What `sim new` writes passes the check, and a mistake writes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

import sim
from sim.cli.commands import app
from sim.scenario.folders import shipped_folder

SHIPPED = sorted(file.parent.name for file in shipped_folder().glob("*/scenario.yaml"))
OFFICE = (
    "--title", "Tax hall", "--title-zh", "办税厅", "--units", "hall:Hall:大厅,城东所",
    "--kinds", "invoice:Invoices:发票，filing:Filing:申报", "--people", "3", "--volume", "9000",
    "--minutes", "12", "--days", "2",
)  # fmt: skip


@pytest.fixture
def call(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, given: str | None = None):
        return CliRunner().invoke(app, list(arguments), input=given)

    return run


def files(folder):
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def test_an_office_in_numbers_passes_the_check_and_runs(call, tmp_path):
    made = call("new", "tax", *OFFICE)
    assert made.exit_code == 0, made.output
    scenario = sim.load("tax")
    assert list(scenario.units) == ["hall", "unit_2"]
    assert scenario.units["unit_2"].title.zh == "城东所"
    assert scenario.title.zh == "办税厅" and scenario.kinds["filing"].title.zh == "申报"
    assert scenario.demand["invoice"].volumes == {"hall": 9000, "unit_2": 9000}
    assumed = scenario.source.evidence["demand", "invoice", "volumes", "hall"]
    assert assumed.assumed and assumed.range == (4500, 13500)
    checked = call("check", "tax")
    assert checked.exit_code == 0 and checked.output.count("ok: ") == 3
    assert sim.simulate("tax", policy="lower-lines").outcomes["value"].notna().any()


def test_usual_names_have_titles_in_both_languages_and_others_are_told(call):
    made = call("new", "tax", "--units", "hall,beijiao_station", "--kinds", "visit", "--title-zh", "办税厅")
    assert made.exit_code == 0, made.output
    units = sim.load("tax").units
    assert (units["hall"].title.en, units["hall"].title.zh) == ("Hall", "服务大厅")
    assert "title, units.beijiao_station.title" in made.output and "units.hall" not in made.output
    assert "one title" not in call("new", "land", "--title", "Land office", "--title-zh", "国土所").output


def test_the_first_lines_lead_to_the_schema(call, tmp_path):
    call("new", "tax")
    for file in ("tax/scenario.yaml", "tax/policies/lower-lines.yaml", "studies/tax.yaml"):
        path = tmp_path / "scenarios" / file
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert (path.parent / first.partition("$schema=")[2]).is_file(), first


def test_questions_are_asked_and_an_empty_answer_takes_what_is_offered(call):
    answers = "Land office\n国土所\noffice:Office:国土所\n\n2\n5000\n\n\n"
    made = call("new", "land", "--ask", given=answers)
    assert made.exit_code == 0, made.output
    scenario = sim.load("land")
    assert scenario.title.zh == "国土所" and list(scenario.units) == ["office"]
    assert scenario.staff["office_clerk"].count == 2 and scenario.demand["visit"].volumes == {"office": 5000}


@pytest.mark.parametrize("name", [name for name in SHIPPED if name != "province"])
def test_a_copy_of_a_shipped_scenario_is_equal_but_for_its_title(call, name):
    made = call("new", "mine", "--like", name, "--title", "Mine", "--title-zh", "我的")
    assert made.exit_code == 0, made.output
    copied, original = sim.load("mine"), sim.load(name)
    assert copied.title.zh == "我的" and copied.digest() == original.digest()
    assert list((copied.folder / "policies").glob("*.yaml"))
    assert call("check", "mine").exit_code == 0


def test_a_policy_tells_what_it_leaves(call):
    call("new", "tax")
    made = call("new", "policy", "line-85", "--scenario", "tax", "--change", "pay.full_pay_threshold=85")
    assert made.exit_code == 0 and "pay.bonus_threshold stays 95" in made.output
    assert sim.load_policy(sim.load("tax"), "line-85").changes == {"pay.full_pay_threshold": 85}
    assert "pay.bonus_threshold stays 95" in call("check", "tax").output
    study = call("new", "study", "lines", "--scenario", "tax", "--focus", "mean_score")
    assert study.exit_code == 0
    assert list(sim.study("lines").policies) == ["current", "line-85", "lower-lines"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["new", "a b"], "cannot be the name"),
        (["new", "tax"], "there already"),
        (["new", "other", "--like", "no-such"], "unknown scenario"),
        (["new", "other", "--units", "Q:1"], "cannot be the name of a unit"),
        (["new", "other", "--units", "a,a"], "a name of its own"),
        (["new", "other", "--people", "0"], "people is 0"),
        (["new", "other", "--minutes", "1e9"], "minutes is 1e+09"),
        (["new", "other", "--units", "a:b:c:d"], "is no unit"),
        (["new", "studies"], "cannot be called"),
        (["new", "policy", "p", "--scenario", "tax"], "changes nothing"),
        (["new", "policy", "p", "--change", "pay.floor=1"], "--scenario is missing"),
        (["new", "policy", "lower-lines", "--scenario", "tax", "--change", "pay.floor=1"], "there already"),
        (["new", "policy", "p", "--scenario", "tax", "--change", "pay.flor=1"], "Did you mean 'pay.floor'"),
        (["new", "policy", "p", "--scenario", "tax", "--change", "pay.floor=7"], "at most 1"),
        (["new", "policy", "p", "--scenario", "tax", "--change", "pay.floor"], "is no change"),
        (["new", "policy", "p", "--scenario", "binhai", "--change", "pay.floor=1"], "--like binhai"),
        (["new", "study", "s", "--scenario", "tax", "--policies", "no-such"], "unknown policy"),
        (["new", "study", "s", "--scenario", "tax", "--focus", "mean_scor"], "Did you mean 'mean_score'"),
        (["new", "study", "tax", "--scenario", "tax"], "there already"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_written(call, tmp_path, arguments, told):
    call("new", "tax")
    before = files(tmp_path)
    made = call(*arguments)
    assert made.exit_code == 2 and told in made.output, made.output
    assert files(tmp_path) == before and not list((tmp_path / "scenarios").glob(".new-*"))


def test_in_the_wrong_folder_a_name_is_told_with_the_folder_that_is_missing(call, tmp_path):
    told = call("check", "vehicles")
    assert told.exit_code == 2 and f"there is no folder {tmp_path / 'scenarios'}" in told.output


def test_jupyterlab_shows_the_working_folder_and_gets_further_options(call, tmp_path, monkeypatch):
    commands = []
    monkeypatch.setattr("subprocess.call", lambda command: commands.append(command) or 0)
    assert call("lab", "--no-browser", "--allow-root", "--port", "8899").exit_code == 0
    assert (tmp_path / "notebooks" / "start_here.ipynb").is_file()
    (command,) = commands
    assert command[1:3] == ["-m", "jupyterlab"] and "--ServerApp.root_dir=." in command
    assert command[-4:] == ["--no-browser", "--allow-root", "--port", "8899"]


def test_an_interruption_between_two_moves_takes_the_first_one_back(call, tmp_path, monkeypatch):
    real = Path.rename

    def interrupted(self, target):
        if self.name == "tax.yaml":  # the study, after the scenario's folder
            raise KeyboardInterrupt
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", interrupted)
        assert call("new", "tax").exit_code == 130
    assert not [name for name in files(tmp_path) if ".schema" not in name]
    assert call("new", "tax").exit_code == 0  # the name is free


@pytest.mark.parametrize("arguments", [("new", "tax"), ("workbook", "office.xlsx")])
def test_a_folder_that_cannot_be_written_is_told(call, monkeypatch, arguments):
    def refused(*_, **__):
        raise PermissionError(13, "Permission denied", "scenarios")

    monkeypatch.setattr("sim.authoring.files.tempfile.mkdtemp", refused)
    monkeypatch.setattr("openpyxl.Workbook.save", refused)
    told = call(*arguments)
    assert told.exit_code == 2 and "Permission denied" in told.output and "Traceback" not in told.output


def test_a_mistake_in_an_empty_folder_leaves_it_empty(call, tmp_path):
    assert call("new", "tax", "--people", "0").exit_code == 2
    assert list(tmp_path.iterdir()) == []
