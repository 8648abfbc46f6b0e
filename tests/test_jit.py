"""Compiled functions are kept under a name that changes with every source they are made from."""

from __future__ import annotations

import ast
import os
import pickle
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

import sim
from sim import jit
from sim.world.streams import each

PACKAGE = Path(sim.__file__).parent
TELLING = {"Packed", "announced", "is_kept", "may_compile", "note_kept"}
PREPARE = """
import numpy as np
from sim.jit import announced
from sim.world.streams import block  # a small function that calls another
with announced():
    block(*np.arange(4, dtype=np.uint64))
"""


class Key(NamedTuple):
    """A named tuple whose module names no kept code."""

    first: int
    last: int


def test_a_named_tuple_of_a_module_outside_the_sources_is_refused():
    with pytest.raises(AssertionError, match="takes a Key: name .* in SOURCES"):
        each(Key(1, 2), np.arange(3))


def test_every_compiled_file_is_among_the_sources():
    using = set()
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            module = node.module if isinstance(node, ast.ImportFrom) else None
            names = {alias.name for alias in node.names} if isinstance(node, ast.ImportFrom) else set()
            if module == "numba.extending" or (module == "sim.jit" and names - TELLING):
                using.add(file.relative_to(PACKAGE).as_posix())
    assert using <= set(jit.SOURCES)
    assert all((PACKAGE / source).is_file() for source in jit.SOURCES)


def prepared(folder: Path, code: str = PREPARE, home: Path | None = None, **more: str) -> str:
    """What a new process says on stderr that keeps its code in `folder`, and imports `sim` from `home`."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(folder), **more}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, cwd=home, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.fixture(scope="module")
def compiled_once(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("code")
    first = prepared(folder)
    assert "compiling the model for this machine, once" in first and "compiled in" in first
    return folder


@pytest.fixture
def kept(compiled_once, tmp_path) -> Path:
    """A copy of what was compiled."""
    return shutil.copytree(compiled_once, tmp_path / "kept")


def code_in(folder: Path) -> list[Path]:
    found = sorted(folder.rglob("*.code"))
    assert found
    return found


def test_it_is_compiled_once_and_again_where_the_copy_is_damaged(kept):
    assert prepared(kept) == ""
    for number, file in enumerate(code_in(kept)):
        content = file.read_bytes()
        file.write_bytes((content[: len(content) // 2], b"", content[:-9] + b"otherwise")[number % 3])
    assert "compiled in" in prepared(kept)
    assert prepared(kept) == ""


NEEDS_NUMBA = """
import sys
import numpy as np
from sim.jit import compiled

@compiled
def reshaped(number):
    return np.array([number]).reshape(1, -1)[0, 0]

try:
    reshaped(1.0)
except AssertionError as error:
    print(error, file=sys.stderr)
"""


def test_code_that_needs_numba_to_run_is_refused(compiled_once):
    """Loaded without numba it would call what is not there."""
    assert "write it in another way" in prepared(compiled_once, NEEDS_NUMBA)


@jit.part_lean
def doubled(number):
    return number + number


@jit.compiled_lean
def four_times_doubled(numbers):
    return doubled(numbers[0]) + doubled(np.uint32(numbers[1])) + doubled(len(numbers)) + doubled(3)


def test_a_part_is_compiled_once_for_whole_numbers_of_any_size_and_constants(compiled_once):
    assert four_times_doubled(np.array([-(2**31), 2**31 - 1], np.int32)) == 2 * (-(2**31) + 2**31 - 1 + 2 + 3)
    assert len(doubled.dispatcher.overloads) == 1


def test_another_clone_compiles_nothing_and_throws_nothing_away(kept, tmp_path):
    clone = tmp_path / "clone"
    shutil.copytree(PACKAGE, clone / "sim", ignore=shutil.ignore_patterns("__pycache__", "fonts"))
    for file in (clone / "sim").rglob("*.py"):
        os.utime(file, (1, 1))  # checked out at another time
    assert prepared(kept, "import sim; print(sim.__file__, file=__import__('sys').stderr)", clone).startswith(
        str(clone)
    )
    assert prepared(kept, home=clone) == ""
    (clone / "sim" / "flow" / "heap.py").open("a").write("# another version\n")
    prepared(kept, "import sim.jit", clone)
    assert prepared(kept) == ""


def test_code_of_somebody_else_is_not_run(kept, tmp_path):
    """A pickle that was planted under the name of a file of ours does nothing."""

    class Planted:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "was run"),)

    content = pickle.dumps(Planted())
    for file in code_in(kept):
        file.write_bytes(content)
    assert "compiled in" in prepared(kept)
    assert not (tmp_path / "was run").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_files_and_folders_that_belong_to_others_are_not_read(kept, tmp_path):
    for file in code_in(kept):
        os.chown(file, 65534, 65534)
    assert "compiled in" in prepared(kept)
    os.chown(kept / "jingxi", 65534, 65534)
    home = {"XDG_CACHE_HOME": str(tmp_path / "cache"), "HOME": str(tmp_path)}
    prepared(kept, "import sim.jit", **home)
    assert len(list(tmp_path.glob("cache/jingxi/compiled/*"))) == 1  # in this user's own cache, then


def test_a_folder_in_which_others_may_write_is_closed_to_them(kept):
    (kept / "jingxi" / "compiled").chmod(0o777)
    assert prepared(kept) == ""
    assert (kept / "jingxi" / "compiled").stat().st_mode & 0o022 == 0


def test_what_others_keep_there_is_left_alone_and_ours_goes_when_nobody_used_it_for_long(tmp_path):
    theirs = [tmp_path / f"project{number}" / "data" for number in range(6)]
    ours = [tmp_path / "jingxi" / "compiled" / f"{number:016x}" for number in range(8)]
    for place in (*(file.parent for file in theirs), *ours):
        place.mkdir(parents=True)
    for file in theirs:
        file.write_text("kept")
    recent = time.time() - 86_400
    for number, folder in enumerate(ours):
        os.utime(folder, (recent, recent) if number < 6 else (1, 1))
    prepared(tmp_path, "import sim.jit")
    assert all(file.exists() for file in theirs)
    assert [folder.exists() for folder in ours] == [True] * 6 + [False] * 2


def test_where_nothing_can_be_kept_it_still_works(tmp_path):
    occupied = tmp_path / "file"
    occupied.write_text("not a folder")
    assert "each time" in prepared(occupied, XDG_CACHE_HOME=str(occupied))


def test_what_was_packed_is_packed_anew_where_it_is_copied_to():
    packed = jit.Packed((np.arange(3.0), 2))
    copied = pickle.loads(pickle.dumps(packed))
    address = copied.value[0].ctypes.data
    assert address in copied.words and address not in packed.words and copied.key == packed.key


WITHOUT_LINKER = "import shutil; shutil.which = lambda *_: None"
WITHOUT_LOADER = """
import ctypes
real = ctypes.CDLL
def refuse(name, *more, **options):
    if str(name).endswith("code.so"):
        raise OSError("not here")
    return real(name, *more, **options)
ctypes.CDLL = refuse
"""
TELL = """
import sys
print(*block(*np.arange(4, dtype=np.uint64)), 'llvmlite' in sys.modules, file=sys.stderr)
"""


@pytest.mark.parametrize("change", [WITHOUT_LINKER, WITHOUT_LOADER])
def test_without_a_linker_or_where_no_library_may_be_loaded_llvm_loads_the_code(change, kept, tmp_path):
    folder, code = tmp_path / "other", f"{change}\n{PREPARE}{TELL}"
    assert "compiled in" in prepared(folder, code)
    *numbers, with_llvm = prepared(folder, code).split()
    assert with_llvm == "True"
    assert prepared(kept, PREPARE + TELL).split()[:-1] == numbers


@pytest.mark.skipif(shutil.which("ld") is None, reason="no linker")
def test_kept_code_needs_no_llvm_where_the_system_has_a_linker(kept):
    assert prepared(kept, PREPARE + TELL).split()[-1] == "False"


def test_arrays_of_any_form_are_taken_and_those_returned_outlive_the_call(kept):
    code = """
import sys
from resource import RUSAGE_SELF, getrusage
import numpy as np
from sim.world.streams import each
key, numbers = np.ones(2, np.uint64), np.arange(18)
drawn = each(key, numbers)
packed = np.zeros(18, np.dtype([("odd", np.int8), ("number", np.int64)]))
packed["number"] = numbers
fixed = numbers.copy()
fixed.flags.writeable = False
for same in (fixed, np.repeat(numbers, 2)[::2], packed["number"], np.stack([numbers] * 2, axis=1)[:, 1]):
    assert (each(key, same) == drawn).all()
column, before = each(key, numbers)[3:5], getrusage(RUSAGE_SELF).ru_maxrss
for _ in range(2000):
    each(key, np.arange(20_000))
kilobytes = (getrusage(RUSAGE_SELF).ru_maxrss - before) / (1024 if sys.platform == "darwin" else 1)
assert kilobytes < 100_000, "320 MB of results were not released"
assert (column == drawn[3:5]).all() and len(each(key, numbers[:0])) == 0
try:
    each(key, "numbers")
except TypeError as error:
    assert str(error) == "a compiled function takes no str"
"""
    prepared(kept, code)


ALL_OR_PART = """
import sys
import numpy as np
from sim.jit import compiled

@compiled
def part(numbers, sign):
    return numbers[1:], np.full(len(numbers), sign), numbers

@compiled
def positive(number):
    return number > 0

def given():
    return np.arange(100_000)

for _ in range(20):
    rest, made, whole = part(given(), -1)
    others = [given() * 0 for _ in range(4)]  # they would take the memory of what was given
    assert (rest == given()[1:]).all() and (whole == given()).all() and (made == -1).all()
    assert whole.flags.writeable and np.shares_memory(rest, whole)
fixed = given()
fixed.flags.writeable = False
assert not part(fixed, 1)[0].flags.writeable
try:
    positive(2**63)
except Exception as error:
    print(type(error).__name__, error, file=sys.stderr)
assert not positive(-1)
"""


def test_an_argument_that_is_returned_stays_and_a_large_number_is_no_other_type(compiled_once):
    before = code_in(compiled_once)
    assert prepared(compiled_once, ALL_OR_PART).startswith("error ")
    assert code_in(compiled_once) == before  # what is not among the sources may change, so it is not kept


def test_where_numba_may_not_compile_that_is_said(compiled_once):
    before = [file.read_bytes() for file in code_in(compiled_once)]
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(compiled_once), "NUMBA_DISABLE_JIT": "1"}
    command = [sys.executable, "-m", "sim.cli", "simulate", "one-office"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "NUMBA_DISABLE_JIT is set, so nothing can be compiled. Unset it\n"
    assert [file.read_bytes() for file in code_in(compiled_once)] == before


def test_threads_may_be_the_first_to_compile_side_by_side(kept):
    code = """
import numpy as np
from concurrent.futures import ThreadPoolExecutor
from sim.world.streams import block, each
with ThreadPoolExecutor(4) as pool:
    drawn = list(pool.map(lambda _: each(np.ones(2, np.uint64), np.arange(9)), range(4)))
assert all((one == drawn[0]).all() for one in drawn)
with np.errstate(over="ignore"):  # Python gives the same
    assert block.py_func(*np.array([1, 1, 5, 0], np.uint64))[0] == drawn[0][5]
"""
    prepared(kept, code)
