"""The door to numba: functions compiled at their first use on a machine and kept on disk from then on.

What is kept is named by a hash of this package's compiled sources: numba itself looks only at the file of
the function that it compiles, not at the definitions which that function calls from other files.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numba
import platformdirs
from numba.core import event

SOURCES = (
    "compiled.py",
    "flow/compiled_flow.py",
    "flow/definitions.py",
    "flow/heap.py",
    "flow/hours.py",
    "flow/state.py",
    "flow/tables.py",
    "world/routes.py",
    "world/streams.py",
)
KEPT = 4  # versions of the sources on one machine


def _folder() -> Path | None:
    """Where machine code is kept; None where nothing can be written."""
    digest = hashlib.blake2b(f"{sys.version} {numba.__version__}".encode(), digest_size=8)
    package = Path(__file__).parent
    for source in SOURCES:
        digest.update((package / source).read_bytes())
    root = Path(os.environ.get("NUMBA_CACHE_DIR") or platformdirs.user_cache_path("jingxi") / "compiled")
    folder = root / digest.hexdigest()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
        others = sorted(
            (other for other in root.iterdir() if other.is_dir()), key=lambda f: f.stat().st_mtime
        )
        for old in others[:-KEPT]:
            shutil.rmtree(old, ignore_errors=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None


_FOLDER = _folder()


def compiled(function: Callable) -> Callable:
    """`function`, compiled. It may allocate, and holds no lock while it runs."""
    return _compile(function, {})


def compiled_lean(function: Callable) -> Callable:
    """The same without counting references: it must not allocate, and may hand many arrays to others."""
    return _compile(function, {"_nrt": False})


def inlined_lean(function: Callable) -> Callable:
    """A part of lean functions, compiled into each that calls it."""
    return numba.njit(nogil=True, forceinline=True, _nrt=False)(function)


def _compile(function: Callable, options: dict) -> Callable:
    if _FOLDER is None:
        return numba.njit(nogil=True, **options)(function)
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(_FOLDER)  # read once, while the function is decorated
    try:
        return numba.njit(nogil=True, cache=True, **options)(function)
    finally:
        numba.config.CACHE_DIR = before


def forget() -> None:
    """Throw away what is kept on disk of the present sources."""
    if _FOLDER is not None:
        for file in _FOLDER.rglob("*.nb*"):
            file.unlink(missing_ok=True)


@contextlib.contextmanager
def announced() -> Iterator[None]:
    """Say on stderr if something is compiled meanwhile, and how long it took."""
    began = time.monotonic()
    teller = _Teller()
    with event.install_listener("numba:compile", teller):
        yield
    if teller.told:
        print(f"jingxi: compiled in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)


class _Teller(event.Listener):
    told = False

    def on_start(self, event: object) -> None:
        if not self.told:
            self.told = True
            kept = "once" if _FOLDER else "each time, as nothing can be kept on disk"
            message = f"jingxi: compiling the model for this machine, {kept} (about half a minute) …"
            print(message, file=sys.stderr, flush=True)

    def on_end(self, event: object) -> None:
        pass
