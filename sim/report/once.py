"""Compute what is asked of results once."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def once(function: Callable[Concatenate[Any, P], T]) -> Callable[Concatenate[Any, P], T]:
    """Keep what a function of `Results`, or a method, returns for each set of its other arguments, with the
    results. Nobody changes what is kept."""

    @functools.wraps(function)
    def found(results: Any, /, *given: P.args, **named: P.kwargs) -> T:
        kept: dict[Any, Any] = vars(results).setdefault("_once", {})
        key = (function.__module__, function.__qualname__, given, tuple(sorted(named.items())))
        if key not in kept:
            kept[key] = function(results, *given, **named)
        found: T = kept[key]
        return found

    return found
