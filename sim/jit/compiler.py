"""Compile functions to machine code with numba: imported only when something is to be compiled.

numba optimises each function with all that it calls, and so a part again with each of its callers. Here
parts are optimised once, with the function that Python calls; that function owns them, so that arguments
which a part does not read are not passed to it.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

from llvmlite import binding, ir
from llvmlite.binding import Linkage
from numba import njit, typeof, types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import cpu_target
from numba.core.runtime.nrt import rtsys
from numba.extending import register_jitable
from numba.np import numpy_support

from .native import ENTRY, RELEASE, has_array, words_of

_WORD, _POINTER = ir.IntType(64), ir.IntType(8).as_pointer()

# What LLVM's linker finds in any process: of the C library.
_FOUND = re.compile(
    "malloc|free|memcpy|memmove|memset|a?(cos|sin|tan)h?|atan2|ceil|erfc?|exp2?|expm1|fabs|floor|fmod|"
    "frexp|hypot|ldexp|log(10|1p|2)?|pow|round|sqrt|trunc"
)

# Memory of new arrays, with the header that numba has before it: references, three fields that are not used
# here, and the address of the data, at a multiple of `align`.
_MEMORY = """
declare i8* @malloc(i64)
declare void @free(i8*)

define i8* @NRT_MemInfo_alloc_aligned(i64 %size, i32 %align) {
  %step = zext i32 %align to i64
  %more = add i64 %step, 40
  %room = add i64 %size, %more
  %memory = call i8* @malloc(i64 %room)
  %none = icmp eq i8* %memory, null
  br i1 %none, label %over, label %made
made:
  %header = bitcast i8* %memory to i64*
  %begin = ptrtoint i8* %memory to i64
  %least = add i64 %begin, %more
  %beyond = urem i64 %least, %step
  %data = sub i64 %least, %beyond
  store i64 1, i64* %header
  %place = getelementptr i64, i64* %header, i64 3
  store i64 %data, i64* %place
  br label %over
over:
  ret i8* %memory
}

define void @NRT_MemInfo_call_dtor(i8* %memory) {
  call void @free(i8* %memory)
  ret void
}

define i8* @NRT_Allocate(i64 %size) {
  %memory = call i8* @malloc(i64 %size)
  ret i8* %memory
}

define void @NRT_Free(i8* %memory) {
  call void @free(i8* %memory)
  ret void
}
"""


class _Whole(JITCodeLibrary):
    """A function with all its parts, made into an object file."""

    code = b""

    def _refuse_unknown(self) -> None:
        """Refuse code that calls what only numba's own process knows: loaded without it, it would crash."""
        used = (*self._final_module.functions, *self._final_module.global_variables)
        names = [one.name for one in used if one.is_declaration and not one.name.startswith("llvm.")]
        if unknown := [name for name in names if not _FOUND.fullmatch(name)]:
            raise AssertionError(
                f"the code of {self.name} needs {', '.join(unknown)}: write it in another way"
            )

    def _optimize_final_module(self) -> None:
        for function in self._final_module.functions:
            if not function.is_declaration and not function.name.startswith((ENTRY, RELEASE)):
                function.linkage = Linkage.internal
        super()._optimize_final_module()

    def _finalize_final_module(self) -> None:
        self._finalized = True
        self._finalize_dynamic_globals()
        self._verify_declare_only_symbols()
        self._refuse_unknown()
        assert not self.has_dynamic_globals, self.name  # they are addresses of this process
        for variable in self._final_module.global_variables:
            if variable.linkage == Linkage.common:  # numba's, of each function; no two may have one name
                variable.linkage = Linkage.internal
        self.code = self._codegen._tm.emit_object(self._final_module)


class _Piece(JITCodeLibrary):
    """A function that is not run by itself: it and those it calls are linked into a whole, once each."""

    def finalize(self) -> None:
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        return 0

    @property
    def codegen(self) -> Any:  # asked only to note the objects that a function holds; a piece has none
        return self

    def set_env(self, name: str, environment: object) -> None: ...


class _Part(_Piece):
    """A piece that is called, not inlined."""

    def finalize(self) -> None:
        for function in self._final_module.functions:
            is_own = function.linkage == Linkage.external and not function.is_declaration
            if is_own and not any(b"alwaysinline" in attribute for attribute in function.attributes):
                function.add_function_attribute("noinline")
        super().finalize()


class _PieceCompiler(Compiler):
    library: type[_Piece] = _Piece

    def __init__(self, typing: Any, target: Any, *given: Any, **named: Any) -> None:
        super().__init__(typing, target, *given, **named)
        self.state.library = self.library(target.codegen(), "piece")


class _PartCompiler(_PieceCompiler):
    library = _Part


def type_of(intrinsic: Any) -> Any:
    """Return numba's type of an intrinsic, as a compiled function that uses it asks for it."""
    typing = cpu_target.typing_context
    typing.refresh()
    return typing.resolve_value_type(intrinsic)


def register_piece(function: Callable) -> None:
    """Let compiled functions call a plain function of Python: it is linked into them."""
    register_jitable(pipeline_class=_PieceCompiler, no_cpython_wrapper=True, no_cfunc_wrapper=True)(function)


def dispatcher_of(function: Callable, *, lean: bool, part: bool, inline: bool) -> Any:
    """Return numba's object for a function that is linked into others."""
    # Without `forceinline` numba would take that of the first caller.
    options: dict[str, Any] = {"_nrt": False, "forceinline": inline} if lean else {}
    options |= {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    made = njit(pipeline_class=_PartCompiler if part else _PieceCompiler, **options)(function)
    if part:
        template_of = made.get_call_template
        made.get_call_template = lambda given, named: template_of(*_general(given, named))
    return made


def _general(given: Sequence, named: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """Return the types in which a part takes its arguments: one for whole numbers of any size, constants too.

    So it is compiled once. A caller into which it is inlined knows more of them.
    """

    def general(kind: Any) -> Any:
        kind = types.unliteral(kind)
        return types.int64 if isinstance(kind, types.Integer) and kind != types.uint64 else kind

    return [general(kind) for kind in given], {name: general(kind) for name, kind in named.items()}


def object_of(dispatcher: Any, name: str, arguments: Sequence) -> tuple[bytes, Any]:
    """Return the object file of a function for arguments of these types, and what `Native` must know of its
    result."""
    kinds = tuple(typeof(argument) for argument in arguments)
    with global_compiler_lock, _nothing_collected():
        dispatcher.compile(kinds)
        made = dispatcher.overloads[kinds]
        whole = _Whole(made.target_context.codegen(), name)
        for library in (*_callers_first(made.library), rtsys.library):  # the last releases what it returns
            whole.add_linking_library(library)
        whole.add_llvm_module(_with_layout(whole, _MEMORY))
        result = _result(made.signature.return_type)
        whole.add_ir_module(_entry(whole, made, name, result))
        whole.finalize()
    return whole.code, result


def _callers_first(library: Any) -> list[Any]:
    """Return the library of a function and those of all that it calls, each behind its callers.

    LLVM links only what is called by then.
    """
    callees_first: dict[Any, None] = {}

    def visit(one: Any) -> None:
        if one not in callees_first:
            for called in one._linking_libraries:
                visit(called)
            callees_first[one] = None

    visit(library)
    return list(callees_first)[::-1]


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Keep the garbage collector away: it would look through numba's many objects again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _with_layout(whole: Any, text: str) -> Any:
    module = binding.parse_assembly(text)
    module.data_layout, module.triple = whole._final_module.data_layout, whole._final_module.triple
    return module


def _entry(whole: Any, made: Any, name: str, result: Any) -> ir.Module:
    """Return the function that takes the address of a block, and the one that releases an array."""
    module = whole.create_ir_module(ENTRY)
    function = ir.Function(module, ir.FunctionType(ir.IntType(32), [_WORD.as_pointer()]), f"{ENTRY}_{name}")
    builder = ir.IRBuilder(function.append_basic_block())
    places = (builder.gep(function.args[0], [_WORD(place)]) for place in count())
    callee = made.target_context.declare_function(module, made.fndesc)
    room, failure, *kinds = callee.function_type.args
    returned = builder.alloca(room.pointee)
    given = [_of_word(builder, builder.load(next(places)), kind) for kind in kinds]
    status = builder.call(callee, [returned, builder.alloca(failure.pointee), *given])
    numbers = _numbers(builder, builder.load(returned))
    for number, form in zip(numbers, words_of(result), strict=result is not None):
        builder.store(_to_word(builder, number, signed=form == "q"), next(places))
    builder.ret(status)
    if has_array(result):
        release = ir.Function(module, ir.FunctionType(ir.VoidType(), [_POINTER]), f"{RELEASE}_{name}")
        builder = ir.IRBuilder(release.append_basic_block())
        builder.call(ir.Function(module, release.function_type, "NRT_decref"), release.args)
        builder.ret_void()
    return module


def _of_word(builder: ir.IRBuilder, word: Any, kind: ir.Type) -> Any:
    if isinstance(kind, ir.PointerType):
        return builder.inttoptr(word, kind)
    return builder.bitcast(word, kind) if isinstance(kind, ir.DoubleType) else builder.trunc(word, kind)


def _to_word(builder: ir.IRBuilder, number: Any, signed: bool) -> Any:
    if isinstance(number.type, ir.PointerType):
        return builder.ptrtoint(number, _WORD)
    if isinstance(number.type, ir.DoubleType):
        return builder.bitcast(number, _WORD)
    return builder.sext(number, _WORD) if signed else builder.zext(number, _WORD)


def _numbers(builder: ir.IRBuilder, value: Any) -> Iterator[Any]:
    """Take a value apart into numbers and addresses."""
    if isinstance(value.type, ir.LiteralStructType | ir.ArrayType):
        for place in range(len(value.type)):
            yield from _numbers(builder, builder.extract_value(value, place))
    else:
        yield value


def _result(kind: Any) -> Any:
    """Return what `Native` must know of a result of this type."""
    if kind == types.none:
        return None
    if isinstance(kind, types.Array) and not isinstance(kind.dtype, types.Record):
        return ["array", numpy_support.as_dtype(kind.dtype).str, kind.ndim, kind.mutable]
    if isinstance(kind, types.BaseTuple):
        made = getattr(kind, "instance_class", tuple)
        fields = [_result(field) for field in getattr(kind, "types", ())]
        return ["tuple", made.__module__, made.__qualname__, fields]
    if isinstance(kind, types.Boolean):
        return "bool"
    if isinstance(kind, types.Integer):
        return "int64" if kind.minval < 0 else "uint64"
    if kind != types.float64:
        raise AssertionError(f"a compiled function returns no {kind}")
    return "float64"
