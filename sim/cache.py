"""An LRU cache for what is dear to make and large to keep."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class LruCache(Generic[T]):
    """Keep the `most` values that were made or asked for last, by a key that determines them; thread-safe."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._things: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = Lock()

    def allow(self, more: int) -> None:
        """Keep so many more things, or fewer (`more` < 0)."""
        with self._lock:
            self._most += more
            self._trim()

    def _trim(self) -> None:
        while len(self._things) > self._most:
            self._things.popitem(last=False)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The thing of this key; made if it is not kept. Two threads may both make it."""
        with self._lock:
            if key in self._things:
                self._things.move_to_end(key)
                return self._things[key]
            while len(self._things) >= self._most:  # before another is made: memory holds no more than asked
                self._things.popitem(last=False)
        thing = make()
        with self._lock:
            self._things[key] = thing
            self._trim()
        return thing
