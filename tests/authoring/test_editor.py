"""Completion, words and checks in a real editor's language server, by the schema that `sim schema` writes."""

from __future__ import annotations

import pytest

from sim.authoring.json_schema import write_schemas

from .language_server import ROOT, LanguageServer

FIRST = "# yaml-language-server: $schema=schema/{}.schema.json\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("office")
    write_schemas(folder / "schema")
    return folder


def opened(folder, kind, text):
    file = folder / f"{kind}.yaml"
    file.write_text(FIRST.format(kind) + text, encoding="utf-8")
    return LanguageServer(file)


def labels(completion):
    return {item["label"] for item in completion["items"]}


def test_keys_of_a_block_are_completed_and_explained(folder):
    with opened(folder, "scenario", "pay:\n  full_pay_threshold: 95\n  \n") as server:
        offered = server.at("textDocument/completion", 3, 2)
        told = server.at("textDocument/hover", 2, 6)
    assert {"bonus_threshold", "deduction_per_point", "floor", "gate"} <= labels(offered)
    assert "full_pay_threshold" not in labels(offered)  # it stands already
    assert "全额发放门槛" in str(told) and "from this score on pay is full" in str(told)


def test_choices_and_steps_are_completed(folder):
    text = "unit_types:\n  office:\n    discipline: \nstaff:\n  clerk:\n    \n"
    with opened(folder, "scenario", text) as server:
        disciplines = labels(server.at("textDocument/completion", 3, 16))
        staff = labels(server.at("textDocument/completion", 6, 4))
    assert {"first_come_first_served", "earliest_due_date"} <= disciplines
    assert {"unit", "role", "grade", "count"} <= staff


def test_paths_of_a_policy_are_completed(folder):
    with opened(folder, "policy", "format: jingxi-policy/1\nchanges:\n  pay\n") as server:
        offered = labels(server.at("textDocument/completion", 3, 5))
    assert {"pay.full_pay_threshold", "pay.gate.on"} <= offered


def test_keys_of_a_study_are_completed(folder):
    with opened(folder, "study", "format: jingxi-study/1\n\n") as server:
        assert {"scenario", "policies", "replications", "seed", "focus"} <= labels(
            server.at("textDocument/completion", 2, 0)
        )


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("scenario", "scenarios/one-office/scenario.yaml"),
        ("scenario", "scenarios/outpatients/scenario.yaml"),
        ("policy", "scenarios/one-office/policies/one-more-clerk.yaml"),
        ("study", "scenarios/studies/incentive-schemes.yaml"),
    ],
)
def test_a_shipped_file_has_nothing_wrong(folder, kind, file):
    with opened(folder, kind, (ROOT / file).read_text(encoding="utf-8")) as server:
        assert server.problems() == []


@pytest.mark.parametrize(
    ("kind", "text", "word"),
    [
        ("policy", "changes: {pay.full_pay_treshold: 90}", "full_pay_treshold"),
        ("policy", "changes: {pay.full_pay_threshold: 190}", "100"),
        ("study", "replication: 3", "replication"),
    ],
)
def test_a_mistake_is_seen_while_it_is_typed(folder, kind, text, word):
    head = {
        "policy": "format: jingxi-policy/1\ntitle: {en: A, zh: 甲}\nreason: {en: A, zh: 甲}\n",
        "study": "",
    }
    with opened(folder, kind, head[kind] + text + "\n") as server:
        assert any(word in problem for problem in server.problems())
