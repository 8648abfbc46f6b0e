"""The world of a replication and its tables, one for all rules that leave both as they are."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sim.cache import LruCache
from sim.flow import Bureau, build
from sim.scenario.schema import Scenario
from sim.world import World, draw_world
from sim.world.draw import Citizens, Digests, drawn

kept: LruCache[tuple[World, Bureau]] = LruCache(1)


def opened(
    rules: Scenario,
    seed: int,
    replication: int,
    replay: pd.DataFrame | str | Path | None = None,
    citizens: Citizens = drawn,
    known: Digests | None = None,
) -> tuple[World, Bureau]:
    """Return the world of a replication and its tables.

    `replay`, `citizens` and `known` are as for `draw_world`.
    """
    digests = known or Digests.of(rules)

    def open_() -> tuple[World, Bureau]:
        world = draw_world(rules, seed, replication, replay, citizens, digests)  # the same for every policy
        return world, build(world, digests.world)

    if replay is not None:
        return open_()
    world, bureau = kept.get((digests.world, seed, replication), open_)
    return world.under(rules), bureau
