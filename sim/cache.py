"""Keep large, costly values in an LRU cache."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class LruCache(Generic[T]):
    """LRU cache of at most `most` values, by a key that determines them; thread-safe."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._things: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = Lock()

    def allow(self, more: int) -> None:
        """Raise the limit by `more` values, or lower it (`more` < 0)."""
        with self._lock:
            self._most += more
            self._trim()

    def _trim(self) -> None:
        while len(self._things) > self._most:
            self._things.popitem(last=False)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the value of `key`; call `make` if it is not cached. Two threads may both make it."""
        with self._lock:
            if key in self._things:
                self._things.move_to_end(key)
                return self._things[key]
            while len(self._things) >= self._most:  # before another is made: memory holds no more than asked
                self._things.popitem(last=False)
        thing = make()
        self.put(key, thing)
        return thing

    def put(self, key: Hashable, thing: T) -> None:
        """Keep a value that was made elsewhere."""
        with self._lock:
            self._things[key] = thing
            self._trim()

    def items(self) -> list[tuple[Hashable, T]]:
        """Return what is cached now, the latest used last."""
        with self._lock:
            return list(self._things.items())
