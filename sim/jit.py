"""Compile functions with numba at their first use on a machine, and keep them on disk from then on.

What is kept is named by a hash of this package's compiled sources and by the processor, not by the folder in
which they lie: all clones of one version share it. numba's own cache would look only at the folder and the
file of the function that it compiles, not at the definitions which that function calls from other files.

Code that is loaded runs. So only files that belong to this user are read, and only whole ones.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import platform
import re
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from functools import cache, update_wrapper
from importlib import metadata
from pathlib import Path
from typing import Any

import platformdirs

SOURCES = (
    "behaviour/curves.py",
    "behaviour/expected_worth.py",
    "behaviour/planning.py",
    "flow/compiled_desks.py",
    "flow/compiled_flow.py",
    "flow/compiled_halls.py",
    "flow/compiled_joint.py",
    "flow/compiled_lines.py",
    "flow/compiled_parts.py",
    "flow/compiled_teams.py",
    "flow/definitions.py",
    "flow/heap.py",
    "flow/held.py",
    "flow/hours.py",
    "flow/idle.py",
    "flow/joint.py",
    "flow/record.py",
    "flow/state.py",
    "flow/tables.py",
    "flow/time_limits.py",
    "jit.py",
    "rules/indicators.py",
    "rules/satisfaction.py",
    "rules/statistics.py",
    "world/channels.py",
    "world/durations.py",
    "world/routes.py",
    "world/spans.py",
    "world/streams.py",
)
KEPT = 4  # versions of the sources on one machine that stay however old they are
KEPT_DAYS = 30  # a version used since stays too
_DIGEST_BYTES = 16


def _folder() -> Path | None:
    """Return the folder for these sources' machine code. None if none is usable or others could write."""
    digest = hashlib.blake2b(f"{sys.version} {metadata.version('numba')}".encode(), digest_size=8)
    package = Path(__file__).parent
    for source in SOURCES:
        digest.update((package / source).read_bytes())
    given = os.environ.get("NUMBA_CACHE_DIR")  # other programs' as well: only what lies in our folder is ours
    for place in ([Path(given) / "jingxi"] if given else []) + [platformdirs.user_cache_path("jingxi")]:
        with contextlib.suppress(OSError, RuntimeError):  # no such place; no home folder
            place.parent.mkdir(parents=True, exist_ok=True)
            folder = place / "compiled" / digest.hexdigest()
            if all(_is_ours(own) for own in (place, folder.parent, folder)):
                os.utime(folder)
                _drop_old(folder.parent)
                return folder
    return None


def _is_ours(folder: Path) -> bool:
    """Make a folder in which only this user can write; return False if it belongs to somebody else."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if not hasattr(os, "geteuid"):
        return os.access(folder, os.W_OK)
    status = folder.lstat()
    if folder.is_symlink() or status.st_uid != os.geteuid():
        return False
    if status.st_mode & 0o022:
        folder.chmod(0o700)
    return os.access(folder, os.W_OK)


def _drop_old(root: Path) -> None:
    """Remove versions that have not been used for long."""
    versions = [folder for folder in root.iterdir() if re.fullmatch("[0-9a-f]{16}", folder.name)]
    for old in sorted(versions, key=lambda version: version.stat().st_mtime)[:-KEPT]:
        if time.time() - old.stat().st_mtime > KEPT_DAYS * 86_400:
            shutil.rmtree(old, ignore_errors=True)


_FOLDER = _folder()


_to_register: list[Callable[[], Any]] = []  # called before anything is compiled
_making = threading.RLock()  # of dispatchers, by whichever thread comes first


class Compiled:
    """A function that is compiled when it is first called. numba, a large import, is imported then."""

    def __init__(self, function: Callable, options: Callable[[], dict[str, Any]], keeps: bool) -> None:
        update_wrapper(self, function)
        self.py_func = function
        self._options = options
        self._keeps = keeps
        self._made: Any = None

    @property
    def dispatcher(self) -> Any:
        """numba's own object for the function."""
        if self._made is None:
            with _making:
                self._made = self._made or self._make()
        return self._made

    def _make(self) -> Any:
        import numba

        while _to_register:
            _to_register.pop()()
        compiling = numba.njit(**{"nogil": True, "no_cfunc_wrapper": True, **self._options()})(self.py_func)
        if self._keeps and _FOLDER is not None and may_compile():
            compiling._cache = _kept_code()(self.py_func)
        return compiling

    @property
    def _numba_type_(self) -> Any:  # asked where another compiled function calls this one
        return self.dispatcher._numba_type_

    def __call__(self, *arguments: Any) -> Any:
        return (self._made or self.dispatcher)(*arguments)


def compiled(function: Callable) -> Compiled:
    """Compile `function`. It may allocate, and releases the GIL while it runs."""
    return Compiled(function, dict, keeps=True)


def compiled_lean(function: Callable) -> Compiled:
    """Compile `function` without reference counting: it must not allocate, and may pass on many arrays."""
    return Compiled(function, lambda: {"_nrt": False, "pipeline_class": _compilers()[0]}, keeps=True)


def inlined_lean(function: Callable) -> Compiled:
    """Compile a part of lean functions into each of its callers."""
    return Compiled(function, lambda: _part(forceinline=True), keeps=False)


def part_lean(function: Callable) -> Compiled:
    """Compile a part of lean functions that they call: rarely used, or too long to stand in each caller."""
    return Compiled(function, lambda: _part(forceinline=False), keeps=False)


def both_ways(function: Callable) -> Callable:
    """Leave `function` as it is for Python; compiled functions that call it compile it."""

    def register() -> None:
        from numba.extending import register_jitable

        register_jitable(function)

    when_compiling(register)
    return function


def when_compiling(register: Callable[[], Any]) -> Callable[[], Any]:
    """Call `register`, which tells numba something, before anything is compiled."""
    _to_register.append(register)
    return register


def may_compile() -> bool:
    """Return whether the environment lets numba compile."""
    import numba

    return not vars(numba.config)["DISABLE_JIT"]


def _part(forceinline: bool) -> dict[str, Any]:
    """Return numba's options for a part of lean functions."""
    # Without `forceinline` numba would take that of the first caller.
    wrappers = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return {"_nrt": False, "pipeline_class": _compilers()[1], "forceinline": forceinline, **wrappers}


@cache
def _compilers() -> tuple[type, type]:
    """Return the compilers of lean functions and of their parts.

    numba optimises each function with all that it calls, and so a part again with each of its callers. Here
    parts are optimised once, with the function that Python calls; that function owns them, so that arguments
    which a part does not read are not passed to it.
    """
    from llvmlite.binding import Linkage
    from numba.core.codegen import JITCodeLibrary
    from numba.core.compiler import Compiler

    class Whole(JITCodeLibrary):
        """A function with all its parts."""

        def _optimize_final_module(self) -> None:
            for function in self._final_module.functions:
                if function.linkage == Linkage.linkonce_odr:
                    function.linkage = Linkage.internal
            super()._optimize_final_module()

    class Piece(JITCodeLibrary):
        """A part: linked into others, not run by itself."""

        def _optimize_final_module(self) -> None:
            for function in self._final_module.functions:
                is_own = function.linkage == Linkage.external and not function.is_declaration
                if is_own and not any(b"alwaysinline" in attribute for attribute in function.attributes):
                    function.add_function_attribute("noinline")

        def _finalize_final_module(self) -> None:
            self._finalized = True

        def get_pointer_to_function(self, name: str) -> int:
            return 0

        @property
        def codegen(self) -> Any:  # asked only to note the objects that a function holds; a part has none
            return self

        def set_env(self, name: str, environment: object) -> None: ...

    class WholeCompiler(Compiler):
        def __init__(self, typing: Any, target: Any, *given: Any, **named: Any) -> None:
            super().__init__(typing, target, *given, **named)
            self.state.library = Whole(target.codegen(), "whole")
            self.state.library.enable_object_caching()

    class PieceCompiler(Compiler):
        def __init__(self, typing: Any, target: Any, *given: Any, **named: Any) -> None:
            super().__init__(typing, target, *given, **named)
            self.state.library = Piece(target.codegen(), "piece")

    return WholeCompiler, PieceCompiler


@cache
def _kept_code() -> type:
    """Return the class of numba's cache of one function, whose files are checked before they are read."""
    from numba.core import caching, serialize
    from numba.core.compiler import CompileResult

    class KeptCode(caching._Cache):
        """The machine code of one function: a file for each signature and processor."""

        def __init__(self, function: Callable) -> None:
            self._name = f"{function.__module__}.{function.__qualname__}"

        def load_overload(self, sig: object, target_context: Any) -> CompileResult | None:
            target_context.refresh()
            kept = _read(self._file(sig, target_context.codegen()))
            return None if kept is None else CompileResult._rebuild(target_context, *pickle.loads(kept))

        def save_overload(self, sig: object, data: Any) -> None:
            if not data.lifted and not data.library.has_dynamic_globals:
                _write(self._file(sig, data.codegen), serialize.dumps(data._reduce()))

        def _file(self, sig: object, codegen: Any) -> Path:
            key = hashlib.blake2b(f"{sig} {codegen.magic_tuple()}".encode(), digest_size=8).hexdigest()
            assert _FOLDER is not None
            return _FOLDER / f"{self._name}-{key}.code"

        @property
        def cache_path(self) -> str:
            return str(_FOLDER)

        def enable(self) -> None: ...

        def disable(self) -> None: ...

        def flush(self) -> None: ...

    return KeptCode


def _read(file: Path) -> bytes | None:
    """Return the content of `file`, if the file is whole and belongs to this user."""
    try:
        with file.open("rb") as opened:
            digest, content = opened.read(_DIGEST_BYTES), opened.read()
            owned = not hasattr(os, "geteuid") or os.fstat(opened.fileno()).st_uid == os.geteuid()
    except OSError:
        return None
    return content if owned and digest == _digest(content) else None


def _write(file: Path, content: bytes) -> None:
    """Write `content` whole or not at all; after a failure it is only compiled again."""
    with contextlib.suppress(OSError):
        handle, draft = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}.")
        try:
            with open(handle, "wb") as opened:
                opened.write(_digest(content) + content)
            os.replace(draft, file)
        except BaseException:
            os.unlink(draft)
            raise


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=_DIGEST_BYTES).digest()


def _mark(name: str) -> Path | None:
    """Return the marker file: it exists when all code that `name` needs was compiled on this machine."""
    if _FOLDER is None:
        return None
    return _FOLDER / f"{name}-{platform.node()}.ready"


def is_kept(name: str) -> bool:
    """Return whether all code that `name` needs was compiled and is on disk."""
    mark = _mark(name)
    return mark is not None and mark.exists()


def note_kept(name: str) -> None:
    """Record that all code that `name` needs is on disk."""
    mark = _mark(name)
    if mark is not None:
        with contextlib.suppress(OSError):
            mark.touch()


@contextlib.contextmanager
def announced() -> Iterator[None]:
    """Report on stderr if something is compiled meanwhile, how long it takes and how long it took."""
    from numba.core import event

    class Teller(event.Listener):
        announced = False

        def on_start(self, event: object) -> None:
            if not self.announced:
                self.announced = True
                kept = "once" if _FOLDER else "each time, as nothing can be kept on disk"
                message = f"jingxi: compiling the model for this machine, {kept} (about half a minute) …"
                print(message, file=sys.stderr, flush=True)

        def on_end(self, event: object) -> None:
            pass

    began = time.monotonic()
    teller = Teller()
    with event.install_listener("numba:compile", teller):
        yield
    if teller.announced:
        print(f"jingxi: compiled in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
