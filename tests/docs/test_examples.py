"""The examples of the pages and docstrings run, on a small study in the place of the default one."""

from __future__ import annotations

import ast
import doctest
import importlib
import re
import shutil
import textwrap

import pytest

import sim

from .text import PAGES, ROOT

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
    shutil.copytree(ROOT / "scenarios" / "one-office", folder / "scenarios" / "one-office")
    study = folder / "scenarios" / "studies" / "incentive-schemes.yaml"
    study.parent.mkdir()
    study.write_text(STUDY, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        sim.study("incentive-schemes").run(workers=1, progress=False)
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


@pytest.mark.parametrize("example", examples())
def test_an_example_runs(example, place, monkeypatch):
    monkeypatch.chdir(place)
    names = {"sim": sim, "study": sim.study("incentive-schemes")}
    exec(compile(example, "<example>", "exec"), names)  # the project's own pages


@pytest.mark.parametrize("module", DOCTESTED)
def test_what_a_docstring_shows_is_what_comes_out(module, place, monkeypatch):
    monkeypatch.chdir(place)
    found = doctest.testmod(importlib.import_module(module))
    assert found.attempted and not found.failed
