"""Items of a scorecard that a policy adds, removes or weighs anew, each by its own path.

The items of a scorecard sum to 100 points. Where a policy names some of them, the others share what is left
in their old proportions; what they take off for a failing changes with their points.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .source import Path_

IN_POINTS = ("points", "deduct", "deduct_per_case", "floor", "cap")  # of an item


def is_item(path: Path_) -> bool:
    """Return whether a path names an item of a scorecard: it may be new, or None to remove it."""
    return len(path) == 4 and (path[0], path[2]) == ("scorecards", "items")


def named_items(changed: Iterable[Path_]) -> dict[str, set[str]]:
    """Return the items that these paths add, remove or weigh anew, by scorecard."""
    named: dict[str, set[str]] = {}
    for path in changed:
        if is_item(path[:4]) and path[4:] in ((), ("points",)):
            named.setdefault(path[1], set()).add(path[3])
    return named


def weigh(data: Any, changed: Iterable[Path_]) -> None:
    """Share out the points of the scorecards in `data`, whose items a policy has `changed` by path.

    Nothing is done where the points sum to 100, where a policy names all items, or where those that it names
    leave nothing for the others. The scenario's checks then complain of a sum that is wrong.
    """
    for scorecard, own in named_items(changed).items():
        items = data["scorecards"][scorecard]["items"]
        for name in [name for name in own if items[name] is None]:
            del items[name]
        try:
            fixed, others = (
                sum(float(items[name]["points"]) for name in items if (name in own) is whether)
                for whether in (True, False)
            )
        except (TypeError, ValueError, KeyError):  # not numbers: the scenario's checks say so
            continue
        if abs(fixed + others - 100) < 1e-9 or not others > 0 or not 0 <= fixed < 100:
            continue
        factor = (100 - fixed) / others
        for name in set(items) - own:
            for number in IN_POINTS:
                if items[name].get(number) is not None:
                    items[name][number] = items[name][number] * factor
