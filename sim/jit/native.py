"""Load machine code and call it: without numba, a large import, and without LLVM where there is a linker.

A native function takes the address of a block of words, 8 bytes each: the numbers of its arguments, then room
for those of its result. An array is seven numbers and more, as numba has them: owner, parent, size, item
size, address, shape, strides. A tuple is the numbers of its fields, one behind the other.
"""

from __future__ import annotations

import contextlib
import ctypes
import platform
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Hashable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from llvmlite.binding import ExecutionEngine

ENTRY, RELEASE = "entry", "release"  # names of the native functions, followed by that of their code
_SCALARS = {
    bool: "bool",
    int: "int64",
    float: "float64",
    np.bool_: "bool",
    np.int32: "int32",
    np.int64: "int64",
    np.uint32: "uint32",
    np.uint64: "uint64",
    np.float64: "float64",
}
_FORMATS = {"bool": "?7x", "float64": "d", "uint64": "Q"}  # of numbers in a block, for `struct`; others: q
_ARRAY = 5  # numbers of an array before its shape
_loading = threading.Lock()


class Packed:
    """A long tuple of arrays whose words were taken once, for many calls. It keeps the arrays alive."""

    def __init__(self, value: tuple) -> None:
        self.value = value
        self.words: list[Any] = []
        self.key = take(value, self.words)

    def __reduce__(self) -> tuple[type[Packed], tuple[tuple]]:
        return Packed, (self.value,)  # the words are addresses of this process


def take(value: Any, words: list[Any]) -> Hashable:
    """Append the words of an argument; return what distinguishes its type from others.

    Raises TypeError for what compiled functions do not take.
    """
    if isinstance(value, np.ndarray):
        return _take_array(value, words)
    scalar = _SCALARS.get(type(value))
    if scalar is not None:
        words.append(value)
        return scalar
    if isinstance(value, Packed):
        words += value.words
        return value.key
    if isinstance(value, tuple):
        return type(value), *[take(field, words) for field in value]
    raise TypeError(f"a compiled function takes no {type(value).__name__}")


def _take_array(array: np.ndarray, words: list[Any]) -> Hashable:
    about = array.__array_interface__
    (address, fixed), kind = about["data"], about["typestr"]
    words += (0, 0, array.size, array.itemsize, address, *about["shape"], *array.strides)
    if about["strides"] is None and kind[1] != "V" and not address % array.itemsize:
        return kind, array.ndim, fixed
    flags = array.flags
    return array.dtype, array.ndim, fixed, flags.c_contiguous, flags.f_contiguous, flags.aligned


def formats(value: Any) -> str:
    """Return the formats of an argument's words, for `struct`."""
    if isinstance(value, Packed):
        return formats(value.value)
    if isinstance(value, tuple):
        return "".join(map(formats, value))
    if isinstance(value, np.ndarray):
        return "q" * (_ARRAY + 2 * value.ndim)
    return _FORMATS.get(_SCALARS[type(value)], "q")


class Native:
    """A native function.

    name : of its code, in which no other has it. code : an object file, or where a shared library lies.
    arguments : the format of their words. result : its type, made of lists as JSON has them: ``["array",
    dtype, dimensions, writeable]``, ``["tuple", module, class, fields]``, a number's type, or None.
    """

    def __init__(self, name: str, code: bytes | Path, arguments: str, result: Any) -> None:
        self._name = name
        self._result = result
        self._given = struct.Struct(f"={arguments}")
        self._returned = struct.Struct("=" + "".join(words_of(result)))
        self._block = ctypes.c_char * (self._given.size + self._returned.size)
        addresses = _load(code, [f"{ENTRY}_{name}"] + [f"{RELEASE}_{name}"] * has_array(result))
        self._call = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)(addresses[0])
        self._release = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(addresses[-1])

    def __call__(self, words: list[Any], arguments: tuple) -> Any:
        """Call it with the words of these arguments."""
        block = self._block()
        self._given.pack_into(block, 0, *words)
        if self._call(ctypes.addressof(block)):
            raise RuntimeError(f"the compiled function {self._name} failed")
        numbers = iter(self._returned.unpack_from(block, self._given.size))
        return self._value(self._result, numbers, arguments)

    def _value(self, kind: Any, numbers: Iterator[Any], arguments: tuple) -> Any:
        if kind is None:
            return None
        if isinstance(kind, str):
            return next(numbers)
        if kind[0] == "tuple":
            values = [self._value(field, numbers, arguments) for field in kind[3]]
            made = _class(*kind[1:3])
            return made(values) if made is tuple else made(*values)
        _, dtype, dimensions, writeable = kind
        owner, _, _, _, address, *sizes = [next(numbers) for _ in range(_ARRAY + 2 * dimensions)]
        half = len(sizes) // 2
        about = {
            "version": 3,
            "typestr": dtype,
            "data": (address, not writeable),
            "shape": tuple(sizes[:half]),
            "strides": tuple(sizes[half:]),
        }
        return np.asarray(_Owned(owner, self._release, about) if owner else _Given(arguments, about))


class _Owned:
    """Memory of an array that a native function made; it is released with the last array that uses it."""

    def __init__(self, owner: int, release: Callable[[int], None], about: dict[str, Any]) -> None:
        self._owner, self._release = owner, release
        self.__array_interface__ = about

    def __del__(self) -> None:
        self._release(self._owner)


class _Given:
    """Memory of an argument, or a part of it, that a native function returned: it stays as long as that."""

    def __init__(self, arguments: tuple, about: dict[str, Any]) -> None:
        self._arguments = arguments
        self.__array_interface__ = about


def words_of(kind: Any) -> list[str]:
    """Return the formats of the words of a result."""
    if kind is None:
        return []
    if isinstance(kind, str):
        return [_FORMATS.get(kind, "q")]
    if kind[0] == "tuple":
        return [word for field in kind[3] for word in words_of(field)]
    return ["q"] * (_ARRAY + 2 * kind[2])


def has_array(kind: Any) -> bool:
    """Return whether a result holds an array."""
    return isinstance(kind, list) and (kind[0] == "array" or any(map(has_array, kind[3])))


@cache
def _class(module: str, name: str) -> type:
    return getattr(import_module(module), name)


@cache
def processor() -> str:
    """Return what machine code depends on: the machine's kind, its processor and what that can do."""
    with contextlib.suppress(OSError):
        first = Path("/proc/cpuinfo").read_text(errors="replace").split("\n\n")[0]
        if found := re.findall(r"^(?:vendor_id|cpu family|model|flags|CPU .*|Features)\s*:.*$", first, re.M):
            return "\n".join([platform.machine(), *found])
    from llvmlite import binding

    binding.initialize_native_target()
    features = binding.get_host_cpu_features().flatten()
    return f"{binding.get_default_triple()} {binding.get_host_cpu_name()} {features}"


def shared_library(code: bytes) -> bytes:
    """Return an object file as a shared library, which the system loads by itself.

    Without a linker, or where such a library may not be loaded, it is returned as it is.
    """
    linker = shutil.which("ld")
    if linker is None or sys.platform != "linux":
        return code
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(OSError, subprocess.SubprocessError):
        given, made = Path(folder) / "code.o", Path(folder) / "code.so"
        given.write_bytes(code)
        command = [linker, "-shared", "-s", "-z", "notext", "-o", str(made), str(given)]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        ctypes.CDLL(str(made))
        return made.read_bytes()
    return code


def is_shared(code: bytes) -> bool:
    """Return whether this is a shared library, not an object file."""
    return code[:4] == b"\x7fELF" and code[16:17] == b"\x03"


@cache
def _linker() -> ExecutionEngine:
    from llvmlite import binding

    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    machine = binding.Target.from_default_triple().create_target_machine(jit=True)
    return binding.create_mcjit_compiler(binding.parse_assembly(""), machine)


def _load(code: bytes | Path, names: list[str]) -> list[int]:
    """Return the addresses of functions of an object file, or of the shared library that lies there."""
    if isinstance(code, Path):
        library = ctypes.CDLL(str(code))
        return [ctypes.cast(getattr(library, name), ctypes.c_void_p).value or 0 for name in names]
    from llvmlite.binding import ObjectFileRef

    with _loading:
        linker = _linker()
        linker.add_object_file(ObjectFileRef.from_data(code))
        linker.finalize_object()
        return [linker.get_function_address(name) for name in names]
