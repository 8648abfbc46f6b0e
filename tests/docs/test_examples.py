"""The examples of the pages and docstrings run, on a small study in the place of the default one."""

from __future__ import annotations

import ast
import doctest
import importlib
import re
import shlex
import shutil
import textwrap

import pytest
import yaml
from typer.testing import CliRunner

import sim
from sim.cli.commands import app
from sim.study.file import StudyFile

from .text import PAGES, ROOT, blocks, commands

BLOCK = re.compile(r"^::\n\n((?: {4}.*\n?|\n)+)", re.MULTILINE)
FENCED = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
STUDY = """
format: jingxi-study/1
title: {en: "Small", zh: "小型"}
question: {en: "What would change?", zh: "有何变化？"}
scenario: binhai
policies: [smooth-pay, deduction-double]
replications: 2
seed: 1
keep_requests: true
behaviours: [mechanical, responsive]
"""
FLAGS = doctest.NORMALIZE_WHITESPACE  # pandas ends lines with blanks
DOCTESTED = sorted(
    str(file.relative_to(ROOT).with_suffix("")).replace("/", ".")
    for file in (ROOT / "sim").rglob("*.py")
    if ">>> " in file.read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A working folder in which the default study is a small one, already run."""
    folder = tmp_path_factory.mktemp("place")
    shutil.copytree(ROOT / "scenarios" / "binhai", folder / "scenarios" / "binhai")
    county = folder / "scenarios" / "binhai" / "scenario.yaml"
    text = county.read_text(encoding="utf-8")
    few = "behaviour:\n  trials: {at_least: 4, at_most: 4}\n"
    county.write_text(text.replace("\nbehaviour:\n", f"\n{few}"), encoding="utf-8")
    shutil.copytree(ROOT / "scenarios" / "one-office", folder / "scenarios" / "one-office")
    study = folder / "scenarios" / "studies" / "incentive-schemes.yaml"
    study.parent.mkdir()
    study.write_text(STUDY, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        sim.study("incentive-schemes").run(workers=1, progress=False)
        # Its example writes and runs the study that the examples of `Study` go on with.
        assert not doctest.testmod(importlib.import_module("sim.study"), optionflags=FLAGS).failed
    return folder


def examples():
    """Python that pages and docstrings show as a block."""
    for page in PAGES:
        for found in FENCED.findall(page.read_text(encoding="utf-8")):
            yield pytest.param(found, id=f"{page.relative_to(ROOT)}: {found.splitlines()[0][:30]}")
    for file in sorted((ROOT / "sim").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                for found in BLOCK.findall(ast.get_docstring(node) or ""):
                    yield pytest.param(
                        textwrap.dedent(found), id=f"{file.relative_to(ROOT)}: {found.strip()[:30]}"
                    )


@pytest.mark.parametrize("example", list(examples()))
def test_an_example_runs(example, place, monkeypatch):
    monkeypatch.chdir(place)
    names = {"sim": sim, "study": sim.study("incentive-schemes")}
    few = re.sub(r"\breplications=\d+", "replications=4", example)
    exec(compile(few, "<example>", "exec"), names)  # the project's own pages


@pytest.mark.parametrize("module", DOCTESTED)
def test_what_a_docstring_shows_is_what_comes_out(module, place, monkeypatch):
    monkeypatch.chdir(place)
    found = doctest.testmod(importlib.import_module(module), optionflags=FLAGS)
    assert found.attempted and not found.failed


def runnable():
    """The commands of `sim` that pages show, as far as they name no STUDY, cluster or office of the reader's.

    Those of the tutorial need one another: `test_tutorial` runs them. Servers do not end, and studies take
    long: other tests run them.
    """
    lines = [line for page in PAGES if page.name.split(".")[0] != "tutorial" for line in commands(page)]
    calls = [re.sub(r" \[.*?\]", "", call).strip() for line in lines for call in line.split(" · ")]
    others = re.compile(r"sim (dashboard|lab|run|report|import-log)\b|.* office\b|.*(\b[A-Z]{3,}\b|tcp:)")
    return list(dict.fromkeys(call for call in calls if call.startswith("sim ") and not others.match(call)))


@pytest.mark.parametrize("call", runnable())
def test_a_command_on_a_page_ends_well(call, monkeypatch):
    monkeypatch.chdir(ROOT)
    done = CliRunner().invoke(app, shlex.split(call)[1:])
    assert done.exit_code == 0, done.output


POLICIES = [(page, text) for page in PAGES for text in blocks(page, "yaml") if "jingxi-policy/1" in text]


@pytest.mark.parametrize(("page", "text"), POLICIES, ids=[page.stem for page, _ in POLICIES])
def test_a_policy_on_a_page_changes_the_county(page, text, tmp_path):
    file = tmp_path / "policy.yaml"
    file.write_text(text, encoding="utf-8")
    county = sim.load("binhai")
    assert sim.reform(county, sim.load_policy(county, file)).digest() != county.digest()


@pytest.mark.parametrize("text", blocks(ROOT / "docs" / "studies.md", "yaml"))
def test_what_a_study_may_say_beside_the_rest_is_taken(text):
    StudyFile.model_validate(yaml.safe_load(STUDY) | yaml.safe_load(text))
