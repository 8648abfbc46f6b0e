"""The constant of satisfaction: set to an observed mean, stored with its source, all else left as written."""

from __future__ import annotations

import pytest
import yaml
from typer.testing import CliRunner

import sim
from sim.authoring.yaml_text import with_entry
from sim.cli.commands import app
from sim.scenario.folders import shipped_folder

ASKED = "\nsatisfaction: # as the survey asks\n  on: true\n  late: 20\n"


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A working folder with `one-office`, for a hundred days of which late and waiting people are asked."""
    folder = tmp_path_factory.mktemp("constant")
    target = folder / "scenarios" / "mine"
    target.mkdir(parents=True)
    text = (shipped_folder() / "one-office" / "scenario.yaml").read_text(encoding="utf-8")
    text = text.replace('years: {value: 1, unit: years, source: "teaching example"}', "minutes: 144000")
    (target / "scenario.yaml").write_text(text + ASKED, encoding="utf-8")
    return folder


def called(*words: str):
    return CliRunner().invoke(app, ["set-constant", *words])


def means(scenario: sim.Scenario) -> list[float]:
    found = []
    for number in range(2):
        table = sim.simulate(scenario, seed=7, replication=number).outcomes
        found.append(
            table[(table["outcome"] == "satisfaction") & (table["unit"] == "") & (table["kind"] == "")]
        )
    return [float(rows["value"].iloc[0]) for rows in found]


def test_the_mean_is_the_one_observed_and_the_file_says_why(office, monkeypatch):
    monkeypatch.chdir(office)
    file = office / "scenarios" / "mine" / "scenario.yaml"
    before = file.read_text(encoding="utf-8")
    told = called("mine", "--mean", "70", "--source", "热线回访 2024", "--replications", "2", "--seed", "7")
    assert told.exit_code == 0, told.output
    assert "mean under current, mechanical: 70.00" in told.output
    after = sim.load("mine")
    assert sum(means(after)) / 2 == pytest.approx(70, abs=0.001)
    evidence = after.source.evidence["satisfaction", "best"]
    assert evidence.source == "热线回访 2024"
    assert (
        evidence.reason
        == "Set so that the mean under current, mechanical, is 70 points (2 replications, seed 7)."
    )
    lines = file.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "best:" not in line] == before.splitlines()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("mine", "--mean", "99.9", "--source", "a"), "with 'best' at its most, 100"),
        (("mine", "--mean", "70", "--source", " "), "the mean has no source"),
        (("one-office", "--mean", "70", "--source", "a"), "is not in the working folder"),
    ],
)
def test_mistakes_write_nothing(office, monkeypatch, words, message):
    monkeypatch.chdir(office)
    file = office / "scenarios" / "mine" / "scenario.yaml"
    before = file.read_bytes()
    told = called(*words, "--replications", "2")
    assert told.exit_code == 2
    assert message in told.output
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\n",
        "a: {}\n",
        "a: {c: 1} # kept\n",
        "a: {b: 1, c: 2}\n",
        "a:\n  c: 1\nd: 2\n",
        "x: 1\na:\n  b:\n    value: 1\n    unit: days\n\n  c: 2 # kept\nd: 3\n",
        "a: {value: {b: {value: 1, unit: days}, c: 2}, source: assumed}\n",
        "a:\n  value: {c: 2}\n  source: assumed\n",
        "{a: {b: 1}, d: 2}\n",
        "d: 2",
    ],
)
def test_an_entry_is_put_where_it_belongs(text):
    changed = with_entry(text, "a", "b", "{value: 5}")
    one, other = yaml.safe_load(text), yaml.safe_load(changed)
    there, here = (data.get("a") for data in (one, other))
    if isinstance(here, dict) and "value" in here:
        there, here = there["value"], here["value"]
    assert here.pop("b") == {"value": 5}
    assert here == ({k: v for k, v in there.items() if k != "b"} if isinstance(there, dict) else {})
    assert {k: v for k, v in other.items() if k != "a"} == {k: v for k, v in one.items() if k != "a"}
    assert all(comment in changed for comment in ("# kept",) if comment in text)
