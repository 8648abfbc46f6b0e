"""Comparisons at the terminal: the same figures as in Python, with labels, units and intervals."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

import sim
from sim.cli.commands import app

STUDY = """\
format: jingxi-study/1
title: {en: Clerks, zh: 人员}
question: {en: Does a clerk help?, zh: 增加人员是否有用？}
scenario: one-office
policies: [one-more-clerk, deduct-two]
replications: 3
seed: 1
"""


def call(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    folder = tmp_path_factory.mktemp("office")
    (folder / "clerks.yaml").write_text(STUDY, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        sim.study("clerks.yaml").run(workers=1)
    return folder


@pytest.fixture(autouse=True)
def in_the_folder(office, monkeypatch):
    monkeypatch.chdir(office)
    monkeypatch.delenv("COLUMNS", raising=False)


def test_a_study_is_compared_with_labels_units_and_intervals():
    told = call("compare", "clerks.yaml", "one-more-clerk", "--outcomes", "on_time_rate,pay_total")
    assert told.exit_code == 0, told.output
    head, rate, pay, count = told.stdout.splitlines()
    assert head.split()[:1] == ["outcome"] and "current" in head and "one-more-clerk" in head
    assert rate.startswith("On-time rate") and " % " in rate and "[+" in rate and rate.endswith("better")
    assert pay.startswith("Total pay") or "yuan" in pay
    assert count.startswith("3 replications, paired on common random numbers. Each interval holds by itself")
    chinese = call("compare", "clerks.yaml", "one-more-clerk", "--outcomes", "on_time_rate", "--lang", "zh")
    assert "按时办结率" in chinese.output and chinese.output.splitlines()[1].endswith("改善")


def test_units_and_behaviours_are_called_as_in_the_reports():
    arguments = ("compare", "clerks.yaml", "one-more-clerk", "--outcomes", "on_time_rate", "--lang", "zh")
    head, row, *_ = call(*arguments, "--level", "unit").stdout.splitlines()
    assert head.split()[0] == "单位" and row.startswith(sim.load("one-office").units["office"].title.zh)
    assert "单独成立" in call(*arguments).stdout


def test_one_replication_is_told_by_unit_and_kind_in_both_languages():
    head, *rows = call("simulate", "one-office", "--level", "unit", "--lang", "zh").stdout.splitlines()
    office = sim.load("one-office")
    assert head.split() == ["年度", "单位", "指标", "数值", "计量单位"]
    assert rows and all(office.units["office"].title.zh in row for row in rows)
    assert any("工作负荷率" in row for row in rows)
    kinds = call("simulate", "one-office", "--level", "kind", "--outcomes", "on_time_rate").stdout
    assert len(kinds.splitlines()) == 1 + len(office.kinds)
    wrong = call("simulate", "one-office", "--outcomes", "on_time_rat")
    assert wrong.exit_code == 2 and "on_time_rate" in wrong.output


def test_the_better_side_of_an_outcome_is_told_in_chinese():
    told = call("outcomes", "等候", "--lang", "zh").stdout
    assert "越低越好" in told and "lower" not in told
    assert (
        json.loads(call("outcomes", "wait", "--lang", "zh", "--format", "json").stdout)[0]["better"]
        == "lower"
    )


@pytest.mark.parametrize("word", ["salary", "vacation", "deadline", "请假", "扣钱", "薪酬"])
def test_everyday_words_find_parameters(word):
    assert len(call("parameters", word, "--format", "csv").stdout.splitlines()) > 1


def test_a_word_that_nothing_has_is_told_without_a_list_of_names():
    told = call("parameters", "审核员")
    assert told.exit_code == 2 and "another word" in told.output and "Known here" not in told.output


def test_two_policies_are_compared_with_one_another():
    told = call(
        "compare", "clerks.yaml", "deduct-two", "--to", "one-more-clerk", "--outcomes", "on_time_rate",
        "--format", "json",
    )  # fmt: skip
    found = json.loads(told.output)
    table = sim.study("clerks.yaml").compare("deduct-two", "one-more-clerk", outcomes=["on_time_rate"])
    assert found[0]["difference"] == pytest.approx(table["difference"][0]) and found[0]["difference"] < 0


def test_what_is_exactly_the_same_is_counted_and_not_listed():
    told = call("compare", "clerks.yaml", "deduct-two").output
    assert "Assessment pay" in told and "On-time rate" not in told
    assert "further outcomes are exactly the same" in told


def test_what_if_gives_the_figures_of_python():
    given = ("what-if", "one-office", "pay.deduction_per_point=2", "--replications", "3", "--seed", "1")
    told = json.loads(call(*given, "--outcomes", "pay_total", "--format", "json").stdout)
    trial = sim.what_if("one-office", replications=3, seed=1)
    table = trial.compare({"pay.deduction_per_point": 2}, outcomes=["pay_total"])
    assert told[0]["difference"] == pytest.approx(table["difference"][0])
    line = call("what-if", "one-office", "pay.full_pay_threshold=90", "--replications", "2").output
    assert "note: pay.bonus_threshold stays 95" in line


def test_limits_that_differ_are_told_where_the_rate_is_by_them():
    own = "within each rule's own limit"
    given = ("what-if", "one-office", "kinds.visit.limit.amount=20", "--replications", "2")
    assert own in call(*given).output and "自身时限" in call(*given, "--lang", "zh").output
    assert own not in call(*given, "--outcomes", "mean_wait_minutes").output  # which no limit touches
    assert own not in call("what-if", "one-office", "staff.clerk.count=2", "--replications", "2").output
    assert own not in call("compare", "clerks.yaml", "one-more-clerk").output
    json.loads(call(*given, "--format", "json").stdout)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("what-if one-office", "must be given"),
        ("what-if one-office pay.floor=1 --policy deduct-two", "not both"),
        ("what-if one-office pay.flor=1", "Did you mean 'pay.floor'"),
        ("what-if one-office pay.floor=much", "is not a number"),
        ("what-if one-office pay.floor", "is no change"),
        ("what-if one-office pay.floor=1 pay.floor=0.5", "changed twice"),
        ("what-if one-office pay.floor=[1", "not valid YAML"),
        ("what-if one-office pay.floor=1 --outcomes pay_totl", "pay_total"),
        ("what-if nowhere pay.floor=1", "unknown scenario"),
        ("compare clerks.yaml deduct-tow", "Did you mean 'deduct-two'"),
        ("compare clerks.yaml deduct-two --to nobody", "'nobody' is not a policy"),
        ("compare clerks.yaml deduct-two --outcomes on_time", "on_time"),
    ],
)
def test_a_mistake_is_told(arguments, told):
    done = call(*arguments.split())
    assert done.exit_code == 2 and told in done.output, done.output
