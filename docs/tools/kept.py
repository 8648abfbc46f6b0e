"""Many worlds simulated on the same citizens, as studies whose results are kept on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from sim.scenario import Policy, Scenario
from sim.study import Study
from sim.study.store import RunError


class World(NamedTuple):
    """How people answer to rules, and the rules; the policy's name is the world's."""

    behaviour: str
    policy: Policy


def outcomes(
    scenario: Scenario,
    worlds: Iterable[World],
    keep: Callable[[pd.DataFrame], pd.DataFrame],
    *,
    replications: int,
    seed: int,
    folder: Path,
    years: int | None = None,
    progress: bool = False,
) -> pd.DataFrame:
    """What `keep` leaves of the outcomes of all worlds, as `Study.outcomes` has them; texts are plain.

    What `folder` lacks is simulated, in one study for each behaviour. A policy changes the scenario as it
    stands, whatever the others are. Raises RunError where one fails.
    """
    groups: dict[str, list[Policy]] = {}
    for world in worlds:
        groups.setdefault(world.behaviour, []).append(world.policy)
    found = []
    for behaviour, policies in groups.items():
        study = Study.of(
            scenario,
            policies,
            behaviours=[behaviour],
            replications=replications,
            seed=seed,
            years=years,
            name=f"{scenario.name}-{behaviour}",
            folder=folder,
        ).run(progress=progress)
        for unit, error in study.failed.items():
            raise RunError(f"{unit} failed: {error}")
        rows = keep(study.outcomes)
        rows = rows[rows["policy"].isin([policy.name for policy in policies])]  # the baseline is no world
        found.append(rows.astype({name: str for name in rows.select_dtypes("category")}))
    return pd.concat(found, ignore_index=True)
