"""The door to numba: functions compiled at their first use on a machine and kept on disk from then on.

What is kept is named by a hash of this package's compiled sources: numba itself looks only at the file of
the function that it compiles, not at the definitions which that function calls from other files.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path

import platformdirs

SOURCES = (
    "compiled.py",
    "flow/compiled_flow.py",
    "flow/definitions.py",
    "flow/heap.py",
    "flow/hours.py",
    "flow/idle.py",
    "flow/record.py",
    "flow/state.py",
    "flow/tables.py",
    "world/channels.py",
    "world/routes.py",
    "world/streams.py",
)
KEPT = 4  # versions of the sources on one machine


def _folder() -> Path | None:
    """Where machine code is kept; None where nothing can be written."""
    digest = hashlib.blake2b(f"{sys.version} {metadata.version('numba')}".encode(), digest_size=8)
    package = Path(__file__).parent
    for source in SOURCES:
        digest.update((package / source).read_bytes())
    given = os.environ.get("NUMBA_CACHE_DIR")  # other programs' as well: only what lies in our folder is ours
    root = (Path(given) / "jingxi" if given else platformdirs.user_cache_path("jingxi")) / "compiled"
    folder = root / digest.hexdigest()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
        versions = (other for other in root.iterdir() if re.fullmatch("[0-9a-f]{16}", other.name))
        for old in sorted(versions, key=lambda version: version.stat().st_mtime)[:-KEPT]:
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
    import numba

    return numba.njit(nogil=True, forceinline=True, _nrt=False)(function)


def _compile(function: Callable, options: dict) -> Callable:
    import numba

    if _FOLDER is None:
        return numba.njit(nogil=True, **options)(function)
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(_FOLDER)  # read once, while the function is decorated
    try:
        return numba.njit(nogil=True, cache=True, **options)(function)
    finally:
        numba.config.CACHE_DIR = before


def _mark(name: str) -> Path | None:
    """A file that says that all `name` needs is kept, compiled from the sources as they stand here."""
    if _FOLDER is None:
        return None
    package = Path(__file__).parent
    stamps = [f"{package / source} {(package / source).stat().st_mtime_ns}" for source in SOURCES]
    place = hashlib.blake2b("\n".join(stamps).encode(), digest_size=8).hexdigest()
    return _FOLDER / f"{name}-{place}.ready"


def is_kept(name: str) -> bool:
    """Whether all that `name` needs was compiled before and is on disk."""
    mark = _mark(name)
    return mark is not None and mark.exists()


def note_kept(name: str) -> None:
    """Remember that all that `name` needs is on disk now."""
    mark = _mark(name)
    if mark is not None:
        with contextlib.suppress(OSError):
            mark.touch()


def forget() -> None:
    """Throw away what is kept on disk of the present sources."""
    if _FOLDER is not None:
        for file in (*_FOLDER.rglob("*.nb*"), *_FOLDER.glob("*.ready")):
            file.unlink(missing_ok=True)


@contextlib.contextmanager
def announced() -> Iterator[None]:
    """Say on stderr if something is compiled meanwhile, and how long it took."""
    from numba.core import event

    class Teller(event.Listener):
        told = False

        def on_start(self, event: object) -> None:
            if not self.told:
                self.told = True
                kept = "once" if _FOLDER else "each time, as nothing can be kept on disk"
                message = f"jingxi: compiling the model for this machine, {kept} (about half a minute) …"
                print(message, file=sys.stderr, flush=True)

        def on_end(self, event: object) -> None:
            pass

    began = time.monotonic()
    teller = Teller()
    with event.install_listener("numba:compile", teller):
        yield
    if teller.told:
        print(f"jingxi: compiled in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
