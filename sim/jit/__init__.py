"""Compile functions with numba at their first use on a machine, and keep them on disk from then on.

What is kept is named by a hash of this package's compiled sources and by the processor, not by the folder in
which they lie: all clones of one version share it. numba's own cache would look only at the folder and the
file of the function that it compiles, not at the definitions which that function calls from other files.

Code that is loaded runs. So only files that belong to this user are read, and only whole ones.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import struct
import sys
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from functools import cache, update_wrapper
from importlib import import_module
from pathlib import Path
from typing import Any

from .files import folder_for, read, write
from .native import Native, Packed, formats, is_shared, processor, shared_library, take

__all__ = [
    "SOURCES",
    "Compiled",
    "Intrinsic",
    "Packed",
    "announced",
    "both_ways",
    "compiled",
    "compiled_lean",
    "inlined_lean",
    "is_kept",
    "may_compile",
    "note_kept",
    "part_lean",
    "when_compiling",
]

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
    "jit/__init__.py",
    "jit/compiler.py",
    "jit/native.py",
    "replication/practice.py",
    "rules/indicators.py",
    "rules/satisfaction.py",
    "rules/statistics.py",
    "world/channels.py",
    "world/durations.py",
    "world/routes.py",
    "world/spans.py",
    "world/streams.py",
)
_FOLDER = folder_for(SOURCES)
_KEPT = {f"sim.{source.removesuffix('.py').replace('/', '.')}" for source in SOURCES}  # of no other module

_to_register: list[Callable[[], Any]] = []  # called before anything is compiled
_making = threading.RLock()  # by whichever thread comes first
_when_compiling: list[Callable[[], Any]] = []  # to be told that something is compiled


class Compiled:
    """A function that is compiled when it is first called with arguments of some types."""

    def __init__(self, function: Callable, **options: bool) -> None:
        update_wrapper(self, function)
        self.py_func = function
        self._options = options
        self.natives: dict[Hashable, Native] = {}
        self._made: Any = None

    @property
    def dispatcher(self) -> Any:
        """numba's own object for the function."""
        with _making:
            if self._made is None:
                from .compiler import dispatcher_of

                while _to_register:
                    _to_register.pop()()
                self._made = dispatcher_of(self.py_func, **self._options)
        return self._made

    @property
    def _numba_type_(self) -> Any:  # asked where another compiled function calls this one
        return self.dispatcher._numba_type_

    def __call__(self, *arguments: Any) -> Any:
        if not may_compile():
            return self.py_func(*_unpacked(arguments))
        words: list[Any] = []
        key = tuple([take(argument, words) for argument in arguments])
        native = self.natives.get(key)
        if native is None:
            with _making:
                native = self.natives.get(key) or self._native(key, words, arguments)
                self.natives[key] = native
        return native(words, arguments)

    def _native(self, key: Hashable, words: list[Any], arguments: tuple) -> Native:
        """Return the machine code for arguments of these types: from disk if it is there."""
        struct.pack(formats(arguments), *words)  # refuses numbers that numba takes for another type
        digest = hashlib.blake2b(f"{key} {processor()}".encode(), digest_size=8).hexdigest()
        name = f"{self.py_func.__module__}.{self.py_func.__qualname__}-{digest}"
        file = None
        if self.py_func.__module__ in _KEPT:
            _check_named(arguments, self.py_func.__module__)
            file = _FOLDER / f"{name}.code" if _FOLDER else None
        if file and (kept := read(file)):
            code, result = kept.rsplit(b"\n", 1)
            return Native(name, file if is_shared(code) else code, formats(arguments), json.loads(result))
        for tell in _when_compiling:
            tell()
        from .compiler import object_of

        code, kind = object_of(self.dispatcher, name, _unpacked(arguments))
        if file:
            write(file, shared_library(code) + b"\n" + json.dumps(kind).encode())
        return Native(name, code, formats(arguments), kind)


def _unpacked(arguments: tuple) -> list[Any]:
    return [given.value if isinstance(given, Packed) else given for given in arguments]


def _check_named(arguments: tuple, module: str) -> None:
    """Refuse a named tuple of a module outside `SOURCES`: when its fields change, kept code would stay."""
    for own in _unpacked(arguments):
        if isinstance(own, tuple):
            if hasattr(own, "_fields") and type(own).__module__ not in _KEPT:
                raise AssertionError(
                    f"{module} takes a {type(own).__name__}: name {type(own).__module__} in SOURCES"
                )
            _check_named(own, module)


def compiled(function: Callable) -> Compiled:
    """Compile `function`. It may allocate, and releases the GIL while it runs."""
    return Compiled(function, lean=False, part=False, inline=False)


def compiled_lean(function: Callable) -> Compiled:
    """Compile `function` without reference counting: it must not allocate, and may pass on many arrays."""
    return Compiled(function, lean=True, part=False, inline=False)


def inlined_lean(function: Callable) -> Compiled:
    """Compile a part of lean functions into each of its callers."""
    return Compiled(function, lean=True, part=True, inline=True)


def part_lean(function: Callable) -> Compiled:
    """Compile a part of lean functions that they call: rarely used, or too long to stand in each caller."""
    return Compiled(function, lean=True, part=True, inline=False)


def both_ways(function: Callable) -> Callable:
    """Leave `function` as it is for Python; compiled functions that call it compile it."""

    def register() -> None:
        from .compiler import register_piece

        register_piece(function)

    when_compiling(register)
    return function


def when_compiling(register: Callable[[], Any]) -> Callable[[], Any]:
    """Call `register`, which tells numba something, before anything is compiled."""
    _to_register.append(register)
    return register


class Intrinsic:
    """An intrinsic of numba in a module of ours that is imported only when something is compiled."""

    def __init__(self, module: str, name: str) -> None:
        self._module, self._name = module, name

    @property
    def _numba_type_(self) -> Any:  # asked where a compiled function uses it
        from .compiler import type_of

        return type_of(getattr(import_module(self._module), self._name))

    def __call__(self, *arguments: Any) -> Any:
        raise NotImplementedError(f"{self._name} is for compiled functions only")


@cache
def may_compile() -> bool:
    """Return whether the environment lets numba compile."""
    return os.environ.get("NUMBA_DISABLE_JIT", "0") in ("", "0")


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
    began = time.monotonic()
    told: list[bool] = []

    def tell() -> None:
        if not told:
            kept = "once" if _FOLDER else "each time, as nothing can be kept on disk"
            message = f"jingxi: compiling the model for this machine, {kept} (about half a minute) …"
            print(message, file=sys.stderr, flush=True)
        told.append(True)

    _when_compiling.append(tell)
    try:
        yield
    finally:
        _when_compiling.remove(tell)
    if told:
        print(f"jingxi: compiled in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
