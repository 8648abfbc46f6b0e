"""Hand a long named tuple of columns to compiled functions by its address; fetch records ahead of their use.

numba passes a tuple as all its fields, and an array as seven numbers. A hundred columns then make each call
seven hundred arguments long, and the compiler spends most of its time on them. A held tuple is one address;
its fields are read from there when they are needed. It never changes while it is held, and says so to the
compiler, which need not read a field again after it wrote into a column.
"""

from __future__ import annotations

import hashlib
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, lower_getattr_generic, models, register_model
from numba.np.arrayobj import make_array


class Held(types.Type):
    """The type of a held tuple: `content` is numba's type of the tuple."""

    def __init__(self, content: types.NamedTuple) -> None:
        self.content = content
        digest = hashlib.blake2b(str(content).encode(), digest_size=4).hexdigest()
        super().__init__(f"{content.instance_class.__name__}_{digest}")


register_model(Held)(models.OpaqueModel)


def _hold(_context: Any, content: types.NamedTuple) -> Any:
    """Return a tuple held by its address, for a part that is called, not inlined (`sim.jit.part_lean`).

    The address is good until the function that holds the tuple returns.
    """

    def stored(_context: Any, builder: Any, _signature: Any, given: tuple) -> Any:
        return builder.bitcast(cgutils.alloca_once_value(builder, given[0]), cgutils.voidptr_t)

    return Held(content)(content), stored


hold: Any = intrinsic(_hold)


_Template: Any = AttributeTemplate  # numba's own class has a value where ours has a method


@infer_getattr
class _Fields(_Template):
    key = Held

    def generic_resolve(self, value, attr):
        fields = value.content.fields
        return value.content[fields.index(attr)] if attr in fields else None


@lower_getattr_generic(Held)
def _field(context, builder, held, address, name):
    kind = context.get_value_type(held.content)
    place = held.content.fields.index(name)
    start = builder.bitcast(address, kind.as_pointer())
    return _read(builder, cgutils.gep_inbounds(builder, start, 0, place), kind.elements[place])


def _read(builder: Any, address: Any, kind: ir.Type) -> Any:
    """Read a value number by number: those that nobody uses are dropped."""
    if isinstance(kind, ir.LiteralStructType | ir.ArrayType):
        parts = kind.elements if isinstance(kind, ir.LiteralStructType) else [kind.element] * kind.count
        value = ir.Constant(kind, ir.Undefined)
        for place, part in enumerate(parts):
            read = _read(builder, cgutils.gep_inbounds(builder, address, 0, place), part)
            value = builder.insert_value(value, read, place)
        return value
    number = builder.load(address)
    number.set_metadata("invariant.load", builder.module.add_metadata([]))
    return number


def _fetch(_context: Any, records: types.Array, index: types.Integer) -> Any:
    """Ask the processor to load a record soon, while it goes on. An index beyond the end does no harm."""

    def fetch(context: Any, builder: Any, signature: Any, given: tuple) -> Any:
        array = make_array(records)(context, builder, given[0])
        place = context.cast(builder, given[1], index, types.uintp)
        record = cgutils.get_item_pointer(context, builder, records, array, [place])
        address = builder.bitcast(record, cgutils.voidptr_t)
        number = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, number, number, number])
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", [cgutils.voidptr_t], kind)
        to_read, into_all_caches, data = 0, 3, 1
        builder.call(prefetch, [address, number(to_read), number(into_all_caches), number(data)])
        return context.get_dummy_value()

    return types.void(records, index), fetch


fetch: Any = intrinsic(_fetch)
