"""Rooms import in one direction, and what is heavy is imported only when it is used."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import sim
from sim.rooms import MAKERS, READERS, ROOMS

PACKAGE = Path(sim.__file__).parent
APART = {("rules", "world"), ("rules", "flow")}  # rules are pure functions on tables
HEAVY = ("pandas", "scipy", "matplotlib", "papermill", "simpy", "numba", "weasyprint")


def files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room_of(file: Path) -> str:
    """The room of a file: the folder or module under the package; the package's own face has none."""
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(file: Path) -> Iterator[str]:
    """The rooms a file imports from anywhere in it, absolutely or relatively."""
    package = ["sim", *file.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            names = [f"{module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == "sim" and len(parts) > 1 and parts[1] in ROOMS:
                yield parts[1]


@pytest.mark.parametrize("file", files(), ids=lambda file: str(file.relative_to(PACKAGE)))
def test_a_room_imports_only_from_rooms_on_its_left(file):
    here = room_of(file)
    if here == "__init__":
        return  # the face shows what is in the rooms, on demand
    assert here in ROOMS, f"{file} is in no known room"
    for other in imported_rooms(file):
        assert ROOMS.index(other) <= ROOMS.index(here), f"{here} imports {other}, which is on its right"
        assert (here, other) not in APART, f"{here} must not know {other}"


def test_no_result_depends_on_a_room_that_only_reads():
    assert {file.name.removesuffix(".py") for file in PACKAGE.iterdir()} - {"__init__", "__pycache__"} == set(
        ROOMS
    )
    reached = {other for file in files() if room_of(file) in MAKERS for other in imported_rooms(file)}
    assert reached <= set(MAKERS) and not set(MAKERS) & set(READERS)


def test_the_pages_name_the_rooms_in_their_order():
    checkout = PACKAGE.parent
    folders = [room for room in ROOMS if (PACKAGE / room).is_dir()]
    readme = (checkout / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `sim/(\w+)` \|", readme, re.MULTILINE) == folders
    assert all(f"sim/{room}.py" in readme for room in ROOMS if room not in folders)
    assert f"    {' → '.join(folders)}\n" in (checkout / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_the_reading_of_imports_sees_relative_ones():
    flow = PACKAGE / "flow" / "time_limits.py"
    assert set(imported_rooms(flow)) == {"jit", "scenario", "world", "flow"}
    assert "flow" in set(imported_rooms(PACKAGE / "flow" / "simpy_flow.py"))


def test_import_sim_is_light():
    code = f"import sim, sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_replication_needs_no_numba_once_its_code_is_on_disk():
    """Without it a process starts in less time, and needs some 70 MB less."""
    code = "import sim, sys; sim.simulate('one-office', seed=1); print('numba' in sys.modules)"
    for _ in range(2):  # the first may have to compile
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_rules_and_evaluation_do_without_what_only_simulation_needs():
    code = "import sim.rules, sim.evaluate, sys; print({'numba', 'llvmlite'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
