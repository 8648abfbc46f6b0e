"""Every key of the files explains itself in both languages, and can be found by words."""

from __future__ import annotations

import re

import jsonschema
import pytest
import yaml

import sim
from sim.authoring.json_schema import json_schema
from sim.authoring.keys import FILES, keys
from sim.authoring.search import find_keys, find_outcomes
from sim.authoring.together import left_alone
from sim.cli.terminal import places, say_table, wrapped
from sim.scenario import InputError
from sim.scenario.parameters import catalogue
from sim.scenario.source import read_yaml

from .language_server import ROOT

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("file", FILES)
def test_every_key_is_explained_in_both_languages(file):
    for key in keys(file):
        assert key.label.en and not CHINESE.search(key.label.en), key.path
        assert CHINESE.search(key.label.zh), key.path
        assert key.bounds.en and key.bounds.zh and key.default.en and key.default.zh, key.path
        assert CHINESE.search(key.unit.zh) or not re.search(r"[a-z]{3}", key.unit.zh), (key.path, key.unit.zh)
        assert key.since or not (key.source or key.field.json_schema_extra), key.path


def test_keys_hold_the_catalogue_and_the_names_it_leaves_out():
    paths = {key.path for key in keys()}
    assert {parameter.path for parameter in catalogue()} <= paths
    assert {"staff.<group>.unit", "kinds.<kind>.route.<work step>.next", "units.<unit>.title"} <= paths


def test_what_belongs_together_names_keys_both_ways():
    known = {key.path: key for key in keys()}
    for key in known.values():
        for other in key.together:
            assert key.path in known[other].together
    assert known["pay.full_pay_threshold"].together == ("pay.bonus_threshold",)
    assert known["pay.ceiling"].together == ("pay.floor",)  # which bounds it


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("full pay", "pay.full_pay_threshold"),
        ("全额发放", "pay.full_pay_threshold"),
        ("Patience", "kinds.<kind>.patience_minutes"),
        ("排队规则", "unit_types.<unit_type>.discipline"),
        ("earliest_due_date", "unit_types.<unit_type>.discipline"),
        ("staff", "staff.<group>.unit"),
        ("kinds.registration.route.survey.minutes", "kinds.<kind>.route.<work step>.minutes"),
    ],
)
def test_keys_are_found_by_words_of_either_language(words, path):
    assert path in [key.path for key in find_keys(words)]


def test_what_is_not_found_is_told_with_the_nearest():
    with pytest.raises(InputError, match="thresold") as told:
        find_keys("full_pay_thresold")
    assert told.value.remedy == "Did you mean 'full_pay_threshold'?"
    with pytest.raises(InputError) as told:
        find_keys("half_width")
    assert "--of study" in told.value.remedy


def test_outcomes_are_found_by_words():
    assert [one.name for one in find_outcomes("群众满意度")] == ["satisfaction"]
    assert "mean_wait_minutes" in [one.name for one in find_outcomes("wait first step")]
    with pytest.raises(InputError):
        find_outcomes("no-such-thing")


def test_a_policy_that_leaves_the_bonus_line_is_told():
    office = sim.load("one-office")
    assert left_alone(office, sim.Policy.of({"pay.full_pay_threshold": 80})) == {"pay.bonus_threshold": 95}
    both = {"pay.full_pay_threshold": 80, "pay.bonus_threshold": 80}
    assert left_alone(office, sim.Policy.of(both)) == {}
    assert left_alone(office, sim.Policy.of({"staff.clerk.count": 2})) == {}


@pytest.mark.parametrize("file", FILES)
def test_shipped_files_fit_the_schema(file):
    schema = json_schema(file)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    where = {"scenario": "*/scenario.yaml", "policy": "*/policies/*.yaml", "study": "studies/*.yaml"}
    files = sorted((ROOT / "scenarios").glob(where[file]))
    files = [one for one in files if one.stat().st_size < 100_000]
    assert len(files) >= 4
    for one in files:
        wrong = [error.message for error in validator.iter_errors(read_yaml(one).data)]
        assert not wrong, (one, wrong[:2])


def test_evidence_fits_the_schema_and_a_wrong_key_does_not():
    validator = jsonschema.Draft7Validator(json_schema("scenario"))
    pay = {"full_pay_threshold": {"value": 95, "source": "assumed", "range": [90, 95]}}
    whole = read_yaml(ROOT / "scenarios/one-office/scenario.yaml").data
    whole["pay"] |= pay
    assert validator.is_valid(whole)
    whole["pay"]["full_pay_treshold"] = 95
    assert not validator.is_valid(whole)


def test_a_row_that_is_wider_than_the_terminal_becomes_a_block(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "50")
    say_table([["path", "label"], ["pay.floor", "考核工资最低发放比例" * 4], ["pay.gate.on", ""]])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "pay.floor" and lines[-1] == "pay.gate.on" and len(lines) > 3
    assert all(places(line) <= 50 for line in lines)
    assert "".join(line.strip() for line in lines[1:-1]) == "label  " + "考核工资最低发放比例" * 4


def test_words_are_wrapped_at_blanks():
    assert wrapped("one two three", 7) == ["one two", "three"]
    assert wrapped("a" * 9, 4) == ["aaaa", "aaaa", "a"]


def test_the_examples_of_the_reference_are_yaml():
    page = (ROOT / "docs/keys.en.md").read_text(encoding="utf-8")
    rows = [re.split(r" (?<!\\)\| ", line) for line in page.splitlines() if line.startswith("| `")]
    assert len(rows) > 500
    for row in rows:
        example = row[5].strip("`").replace("\\|", "|")
        if example:
            name = row[0].strip("| `").split("`")[0].rpartition(".")[2]
            assert list(yaml.safe_load(example))[0] in (name, True), row  # YAML 1.1 reads on as true
