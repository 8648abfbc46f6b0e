"""Which activity follows which, loops included, and the waits in between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from .delays import ALONE, Delay, fit_delay
from .estimate import Estimate, share_of
from .passing import Bounds

MOST_ALONE = 200  # pairs of activities with waits of their own, so that a scenario can be read
END = ""  # what follows the last activity; also what stands before the first


@dataclass(frozen=True)
class Turn:
    """A step from one activity to the next: its probability, and the key of its waits in `Routing.delays`."""

    after: str
    chance: Estimate
    delay: tuple[str, str]


@dataclass(frozen=True)
class Routing:
    """The ways of the cases of one kind.

    Attributes
    ----------
    activities : tuple of str
        In order of their mean place in a case.
    turns : mapping of str to tuple of Turn
        What follows each activity, and "" what comes first.
    delays : mapping of (str, str) to Delay
        Waits by (before, after); ("*", after) where pairs are too rare to be fitted alone.
    """

    activities: tuple[str, ...]
    turns: Mapping[str, tuple[Turn, ...]]
    delays: Mapping[tuple[str, str], Delay]


def fit_routing(steps: pd.DataFrame, until_closed: pd.DataFrame) -> Routing:
    """Fit the ways from steps (`delays.unexplained`); `until_closed` has the waits after the last.

    A Markov chain of activities. Waits between two activities are fitted alone where there are enough.
    """
    place = steps.groupby("case").cumcount()
    ends = pd.DataFrame({"before": steps.groupby("case")["after"].last(), "after": END})
    whole = pd.concat([steps[["before", "after"]], ends], ignore_index=True)
    counts = whole.groupby(["before", "after"]).size()
    order = place.groupby(steps["after"]).mean().sort_values()
    often = counts[counts >= ALONE].drop(END, level="after", errors="ignore").nlargest(MOST_ALONE)
    alone = {(str(before), str(after)) for before, after in often.index.to_list()}
    turns: dict[str, tuple[Turn, ...]] = {}
    for before, rows in counts.groupby(level="before"):
        total = int(rows.sum())
        found = [
            Turn(str(after), share_of(int(count), total), _key(str(before), str(after), alone))
            for after, count in rows.droplevel("before").items()
        ]
        turns[str(before)] = tuple(sorted(found, key=lambda one: (-one.chance.value, one.after)))
    delays = {}
    pairs = list(zip(steps["before"], steps["after"], strict=True))
    own = np.array([pair if pair in alone else ("*", pair[1]) for pair in pairs], dtype=object)
    for key, waits in steps.groupby([own[:, 0], own[:, 1]]):
        delays[str(key[0]), str(key[1])] = _delay(waits)
    return closing(Routing(tuple(map(str, order.index)), turns, delays), until_closed)


def closing(routing: Routing, until_closed: pd.DataFrame) -> Routing:
    """The routing with the waits after the last activity that these cases had."""
    if until_closed.empty:
        return routing
    return replace(routing, delays={**routing.delays, ("*", END): _delay(until_closed)})


def _key(before: str, after: str, alone: set[tuple[str, str]]) -> tuple[str, str]:
    return (before, after) if (before, after) in alone else ("*", after)


def _delay(waits: pd.DataFrame) -> Delay:
    return fit_delay(
        waits["wait_s"].to_numpy(float), waits["days"].to_numpy(np.int64), Bounds.of_table(waits)
    )
