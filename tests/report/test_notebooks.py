"""The shipped notebooks: no outputs, fixed cell ids, checked parameters, thin, clean, and they run."""

import ast
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from sim.report.execute import run_notebook
from sim.report.notebook import parameters_of, read_notebook

FOLDER = Path(__file__).parents[2] / "notebooks"
EMERGENCE = FOLDER.parent / "docs" / "tools" / "emergence" / "emergence.ipynb"
NOTEBOOKS = [*sorted(FOLDER.glob("*.ipynb")), EMERGENCE]


def test_the_notebooks_are_there():
    reports = [
        "across",
        "assumptions",
        "briefing",
        "calibration",
        "comparison",
        "evaluation",
        "measures",
        "scenario",
        "sensitivity",
    ]
    assert [path.stem for path in NOTEBOOKS] == [*reports, "start_here", "emergence"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs_and_with_ids_that_have_a_meaning(path):
    notebook = nbformat.read(path, as_version=4)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert all(identifier.replace("-", "").isalpha() for identifier in ids), ids  # not random
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_parameter_has_a_type_and_a_word_of_help(path):
    parameters = parameters_of(read_notebook(path), path)
    assert parameters
    (cell,) = (c for c in read_notebook(path).cells if "parameters" in c.metadata.get("tags", []))
    for name, parameter in parameters.items():
        assert parameter.annotation is not None, name
        (line,) = (line for line in cell.source.splitlines() if line.startswith(f"{name}:"))
        assert "  # " in line, name


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_defines_nothing(path):
    for cell in read_notebook(path).cells:
        if cell.cell_type == "code":
            kinds = (ast.FunctionDef, ast.ClassDef, ast.Lambda)
            assert not [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, kinds)]


def test_notebooks_are_clean_to_ruff():
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, FOLDER],
            capture_output=True,
            text=True,
            cwd=FOLDER.parent,
        )
        assert done.returncode == 0, done.stdout


def test_start_here_runs(small_study, tmp_path, monkeypatch):
    monkeypatch.chdir(small_study.scenario.folder.parents[1])
    values = {"scenario": "offices", "policy": "second-clerk", "study": "offices", "folder": "."}
    run_notebook(FOLDER / "start_here.ipynb", tmp_path / "start_here.ipynb", values)
    executed = nbformat.read(tmp_path / "start_here.ipynb", as_version=4)
    assert sum(bool(cell.get("outputs")) for cell in executed.cells) >= 8
