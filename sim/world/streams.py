"""Random streams by stable names: adding a stream, an office or a replication does not change the others.

Every stream is a Philox generator (Salmon, Moraes, Dror and Shaw 2011, Parallel random numbers: as easy as
1, 2, 3) keyed by a hash of seed, replication and names, so the order and number of uses do not matter. Where
many requests each need a few numbers, they are looked up in the stream: `block` computes the numbers of one
request and visit directly, independently of the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.random.bit_generator import ISeedSequence

from sim.jit import both_ways, compiled, when_compiling

_MULTIPLY = (np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157))
_ADD = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B))


class Streams:
    """The streams of one replication. ``streams("demand", unit, kind)`` is always the same generator, at its
    start."""

    def __init__(self, seed: int, replication: int) -> None:
        self.seed = seed
        self.replication = replication
        self._hash = hashlib.blake2b(f"{seed}\0{replication}\0".encode(), digest_size=16)

    def key(self, *names: str) -> bytes:
        """Return the stream's key, 16 bytes."""
        digest = self._hash.copy()
        digest.update("\0".join(names).encode())
        return digest.digest()

    def keys(self, names: tuple[str, ...], last: list[bytes]) -> list[bytes]:
        """Return the keys of streams of these `names` that differ in their `last` one."""
        common = self._hash.copy()
        common.update("".join(f"{name}\0" for name in names).encode())
        keys = []
        for name in last:
            digest = common.copy()
            digest.update(name)
            keys.append(digest.digest())
        return keys

    def __call__(self, *names: str) -> np.random.Generator:
        key: Any = _Key(words([self.key(*names)])[0])  # numpy's types know of no other seeds than its own
        return np.random.Generator(np.random.Philox(key))

    def uniform(self, names: Sequence[tuple[str, ...]], count: int = 1) -> np.ndarray:
        """Return the first numbers of many streams, (names, count): ``self(*name).random(count)`` of each."""
        return _first(words([self.key(*name) for name in names]), count)

    def orders(self, names: Sequence[tuple[str, ...]], count: int) -> np.ndarray:
        """Return random orders of `count` things from many streams, int64 (names, count):
        ``self(*name).permutation(count)`` of each."""
        return _orders(words([self.key(*name) for name in names]), count)


class _Key(ISeedSequence):
    """A key as Philox takes it at once; given as ``key=``, numpy first asks the system for a random seed."""

    def __init__(self, key: np.ndarray) -> None:
        self._key = key

    def generate_state(self, n_words: int, dtype: Any = np.uint64) -> np.ndarray:
        return self._key


def words(keys: list[bytes]) -> np.ndarray:
    """Return keys as `block` takes them, uint64 (n, 2)."""
    return np.frombuffer(b"".join(keys), "<u8").astype(np.uint64).reshape(-1, 2)


def _product(a, b):
    """Return the upper and the lower 64 bits of a product."""
    product = int(a) * int(b)
    return np.uint64(product >> 64), np.uint64(product & 2**64 - 1)


@when_compiling
def _compile_product() -> None:
    """Compile `_product` to the one instruction that it is; numba does not expose it."""
    from llvmlite import ir
    from numba import types
    from numba.extending import intrinsic, overload

    halves = types.UniTuple(types.uint64, 2)

    def both(_context: Any, a: Any, b: Any) -> Any:
        def build(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            wide, half = ir.IntType(128), ir.IntType(64)
            product = builder.mul(*(builder.zext(argument, wide) for argument in arguments))
            upper = builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), half)
            return context.make_tuple(builder, halves, (upper, builder.trunc(product, half)))

        return halves(types.uint64, types.uint64), build

    instruction: Any = intrinsic(both)
    overload(_product)(lambda a, b: lambda a, b: instruction(a, b))


@compiled
def block(key_0, key_1, number, visit):
    """Return four numbers in [0, 1) of the stream with this key, for `number` and `visit` (uint64).

    They are the words of `_words`, converted to floats as in numpy.
    """
    a, b, c, d = _words(key_0, key_1, number, visit)
    return _share(a), _share(b), _share(c), _share(d)


@both_ways
def _words(key_0, key_1, number, visit):
    """Return the 64-bit words of Philox 4×64 with ten rounds for the counter (number, visit, 0, 0)."""
    a, b, c, d = number, visit, np.uint64(0), np.uint64(0)
    for _ in range(10):
        high_0, low_0 = _product(a, _MULTIPLY[0])
        high_1, low_1 = _product(c, _MULTIPLY[1])
        a, b, c, d = high_1 ^ b ^ key_0, low_1, high_0 ^ d ^ key_1, low_0
        key_0 += _ADD[0]
        key_1 += _ADD[1]
    return a, b, c, d


@compiled
def _share(word):
    return (word >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@compiled
def each(key, numbers):
    """Return the number in [0, 1) of the stream with this key (one of `words`) for each of `numbers` (int64).

    Each does not depend on the others.
    """
    drawn = np.empty(len(numbers))
    for i in range(len(numbers)):
        drawn[i] = block(key[0], key[1], np.uint64(numbers[i]), np.uint64(0))[0]
    return drawn


@compiled
def _first(keys, count):
    """Return the first numbers in [0, 1) of the streams with these keys (`words`), (keys, count)."""
    drawn = np.empty((len(keys), count))
    for i in range(len(keys)):
        for j in range(0, count, 4):  # a generator of numpy counts its blocks of four from 1
            four = block(keys[i, 0], keys[i, 1], np.uint64(j // 4 + 1), np.uint64(0))
            for k in range(min(4, count - j)):
                drawn[i, j + k] = four[k]
    return drawn


@compiled
def _orders(keys, count):
    """Return the orders that numpy's generators of these keys (`words`) would give, (keys, count).

    numpy shuffles from the last place to the second (Durstenfeld 1964, Algorithm 235). For each it draws as
    many bits as the place has, until they are no more than it: from 32 bits, the lower half of a word of the
    stream first.
    """
    orders = np.empty((len(keys), count), np.int64)
    four = np.empty(4, np.uint64)
    for i in range(len(keys)):
        halves = 0
        for place in range(count):
            orders[i, place] = place
        for place in range(count - 1, 0, -1):
            mask = 1
            while mask < place:
                mask = 2 * mask + 1
            other = count
            while other > place:
                if halves % 8 == 0:  # a generator of numpy counts its blocks of four from 1
                    number = np.uint64(halves // 8 + 1)
                    four[0], four[1], four[2], four[3] = _words(keys[i, 0], keys[i, 1], number, np.uint64(0))
                half = four[halves // 2 % 4] >> np.uint64(32 * (halves % 2))
                other = np.int64(half & np.uint64(mask))
                halves += 1
            orders[i, place], orders[i, other] = orders[i, other], orders[i, place]
    return orders


class Luck:
    """The luck of one year's inspections and marks, keyed by unit, item and case: all policies share it, and
    what was drawn for one is kept for those that judge the same cases otherwise."""

    def __init__(self, streams: Streams, year: int) -> None:
        self.streams = streams
        self.year = year
        self._cases: dict[tuple[str, str], tuple[np.ndarray, np.ndarray]] = {}
        self._marks: dict[tuple[str, str], float] = {}

    def uniform(self, unit: str, item: str, case_numbers: np.ndarray) -> np.ndarray:
        """Draw each case's own number in [0, 1), (n,), whatever other cases there are."""
        of, drawn = self._cases.get((unit, item), (None, None))
        if drawn is None or of is not case_numbers:
            key = words([self.streams.key("assessment", str(self.year), unit, item)])[0]
            drawn = each(key, case_numbers)
            self._cases[unit, item] = case_numbers, drawn
        return drawn

    def normal(self, unit: str, item: str) -> float:
        """Draw a standard normal number."""
        if (unit, item) not in self._marks:
            drawn = self.streams("assessment", str(self.year), unit, item).standard_normal()
            self._marks[unit, item] = float(drawn)
        return self._marks[unit, item]

    def months(self, unit: str, item: str, n: int) -> np.ndarray:
        """Draw a standard normal number for each of `n` months."""
        return self.streams("pace", str(self.year), unit, item).standard_normal(n)
