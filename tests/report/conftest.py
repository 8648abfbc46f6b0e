"""Toy notebooks, made here and run through the production wrapper."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests import two_offices

PARAMETERS = """\
from typing import Literal
lang: Literal["en", "zh"] = "en"
share: float = 0.5
count: int = 3
names: list[str] = ["a"]
note: str | None = None
untyped = 7
"""


@pytest.fixture(scope="session")
def make_notebook(tmp_path_factory):
    """Write a notebook: a `parameters` cell, then `cells`, tagged or not; ``# …`` is markdown."""

    def make(*cells, parameters=PARAMETERS):
        made = []
        if parameters is not None:
            made.append(new_code_cell(parameters, id="parameters", metadata={"tags": ["parameters"]}))
        for n, cell in enumerate(cells):
            source, tags = cell if isinstance(cell, tuple) else (cell, [])
            new = new_markdown_cell if source.startswith("# ") else new_code_cell
            made.append(new(source, id=f"cell-{n}", metadata={"tags": tags}))
        path = tmp_path_factory.mktemp("notebook") / "toy.ipynb"
        nbformat.write(new_notebook(cells=made), path)
        return path

    return make


@pytest.fixture
def make_executed(tmp_path):
    """Write a notebook as if its one cell had been run and had shown `html`, each a display."""

    def make(*html, **data):
        shown = [{"text/html": str(text), "text/plain": ""} for text in html] + ([data] if data else [])
        outputs = [new_output("display_data", data=item) for item in shown]
        cell = new_code_cell("…", id="shown", outputs=outputs, execution_count=1)
        path = tmp_path / "run.ipynb"
        nbformat.write(new_notebook(cells=[cell]), path)
        return path

    return make


@pytest.fixture(scope="session")
def small_study(tmp_path_factory):
    """A study of two offices that was run; the working directory must be its folder's grandparent."""
    from sim.study import study

    root = two_offices.write(tmp_path_factory.mktemp("study"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        return study("offices").run(workers=1, progress=False)
