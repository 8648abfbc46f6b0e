"""Compiled functions are kept under a name that changes with every source they are made from."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import sim
from sim import compiled

PACKAGE = Path(sim.__file__).parent
TELLING = {"announced", "forget", "is_kept", "note_kept"}
PREPARE = "from sim.flow import prepare; prepare('simpy')"  # a few small functions


def test_every_compiled_file_is_among_the_sources():
    using = set()
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            module = node.module if isinstance(node, ast.ImportFrom) else None
            names = {alias.name for alias in node.names} if isinstance(node, ast.ImportFrom) else set()
            if module == "numba.extending" or (module == "sim.compiled" and names - TELLING):
                using.add(file.relative_to(PACKAGE).as_posix())
    assert using <= set(compiled.SOURCES)
    assert all((PACKAGE / source).is_file() for source in compiled.SOURCES)


def prepared(folder: Path, code: str = PREPARE) -> str:
    """What a new process says on stderr."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(folder)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_it_is_compiled_once_and_again_where_the_copy_is_damaged(tmp_path):
    first = prepared(tmp_path)
    assert "compiling the model for this machine, once" in first and "compiled in" in first
    assert prepared(tmp_path) == ""
    kept = [file for file in tmp_path.rglob("*.nb*") if file.is_file()]
    assert kept
    for number, file in enumerate(kept):
        content = file.read_bytes()
        file.write_bytes(content[: len(content) // 2] if number % 2 else b"")
    assert "compiled in" in prepared(tmp_path)
    assert prepared(tmp_path) == ""


def test_what_others_keep_there_is_left_alone(tmp_path):
    """NUMBA_CACHE_DIR is every numba program's; only old versions of our own go."""
    theirs = [tmp_path / f"project{number}" / "data" for number in range(6)]
    ours = [tmp_path / "jingxi" / "compiled" / f"{number:016x}" / "code.nbi" for number in range(6)]
    for file in (*theirs, *ours):
        file.parent.mkdir(parents=True)
        file.write_text("kept")
    prepared(tmp_path, "import sim.compiled")
    assert all(file.exists() for file in theirs)
    assert sum(file.exists() for file in ours) == compiled.KEPT - 1


def test_where_nothing_can_be_kept_it_still_works(tmp_path):
    occupied = tmp_path / "file"
    occupied.write_text("not a folder")
    assert "each time" in prepared(occupied)
