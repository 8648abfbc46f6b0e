"""What the project says in prose: its pages, the text of its notebooks, docstrings and comments."""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
ROOMS = ("sim", "tests", "benchmarks", "scenarios")
CODE = sorted(
    path
    for room in ROOMS
    for path in (ROOT / room).rglob("*.py")
    if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)  # benchmarks/.others
)
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "scenarios").rglob("*.md")])
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
COMMENTED = ("Makefile", "setup.sh", ".ci/run", "pyproject.toml", "environment.yml")
_DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"(?:^ {4,}\S.*\n?)+", re.MULTILINE)


class Prose(NamedTuple):
    """A piece of text and where it stands."""

    file: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line}"


def pages() -> Iterator[Prose]:
    """The pages and the notebooks' text, whole."""
    for file in PAGES:
        yield Prose(file, 1, file.read_text(encoding="utf-8"))
    for file in NOTEBOOKS:
        for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                yield Prose(file, 1, "".join(cell["source"]))


def comments() -> Iterator[Prose]:
    """Docstrings and comments of the code, and the comments of what builds and checks it."""
    for file in CODE:
        source = file.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, _DOCUMENTED) and (text := ast.get_docstring(node)):
                yield Prose(file, getattr(node, "lineno", 1), text)
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                yield Prose(file, token.start[0], token.string)
    for name in COMMENTED:
        for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), 1):
            if "#" in line:
                yield Prose(ROOT / name, number, line[line.index("#") :])


def blocks(file: Path, *languages: str) -> list[str]:
    """The fenced blocks of a page in these languages."""
    found = _FENCE.finditer(file.read_text(encoding="utf-8"))
    return [block[2] for block in found if block[1] in languages]


def commands(file: Path) -> list[str]:
    """The lines that a page shows for a shell: of blocks without a language, fenced or indented."""
    shown = blocks(file, "", "sh", "bash")
    shown += _INDENTED.findall(_FENCE.sub("", file.read_text(encoding="utf-8")))
    return [line.partition("#")[0].strip() for block in shown for line in block.splitlines()]
