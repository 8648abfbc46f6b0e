"""Random streams by stable names: adding a stream, an office or a replication leaves all others as they were.

Every stream is a Philox generator keyed by (seed, replication, names); the names are hashed, so their order
of use and their number do not matter (`numpy.random.SeedSequence`, Salmon et al. 2011).
"""

from __future__ import annotations

import hashlib

import numpy as np


class Streams:
    """The streams of one replication. ``streams("demand", unit, kind)`` is always the same generator, at its
    start."""

    def __init__(self, seed: int, replication: int) -> None:
        self.seed = seed
        self.replication = replication

    def __call__(self, *names: str) -> np.random.Generator:
        digest = hashlib.blake2b("\0".join(names).encode(), digest_size=16).digest()
        words = [int.from_bytes(digest[start : start + 4], "little") for start in range(0, 16, 4)]
        key = np.random.SeedSequence(self.seed, spawn_key=(self.replication, *words))
        return np.random.Generator(np.random.Philox(key))


class Luck:
    """The luck of one year's inspections and marks: keyed by unit and item, so that all policies share it."""

    def __init__(self, streams: Streams, year: int) -> None:
        self.streams = streams
        self.year = year

    def uniform(self, unit: str, item: str, n: int) -> np.ndarray:
        """`n` numbers in [0, 1); a longer row begins with the same numbers."""
        return self.streams("assessment", str(self.year), unit, item).random(n)

    def normal(self, unit: str, item: str) -> float:
        """One standard normal number."""
        return float(self.streams("assessment", str(self.year), unit, item).standard_normal())
