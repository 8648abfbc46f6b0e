"""Several goals at once: which policies are dominated, and how sure that is.

A policy is dominated if another is at least as good by every goal and better by one. What is not dominated is
the Pareto front: no other policy serves all goals better, and which of them to take is a matter of value. How
often a policy is on the front when whole replications are resampled is its membership probability.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from sim.rules import OUTCOMES
from sim.scenario.errors import InputError, nearest

from .accuracy import tolerance
from .choose import by_replication

RESAMPLES = 2000
COST = {"pay_total": "lower"}  # what an outcome without a better side is where it is a goal


def direction(goal: str, better: str | None = None) -> float:
    """Return 1 where more of a goal is better, −1 where less is; `better` says so of other outcomes."""
    if goal not in OUTCOMES:
        raise InputError(f"no outcome '{goal}'", remedy=nearest(goal, OUTCOMES))
    if better not in (None, "higher", "lower"):
        raise InputError(f"'{better}' is no way of '{goal}'", remedy="Write higher or lower")
    side = better or COST.get(goal) or OUTCOMES[goal].better
    if side not in ("higher", "lower"):
        raise InputError(
            f"of '{goal}' neither more nor less is better", remedy=f"Say which: {{'{goal}': 'lower'}}"
        )
    return 1.0 if side == "higher" else -1.0


def directions(goals: Sequence[str] | Mapping[str, str]) -> np.ndarray:
    """Return `direction` of each of several goals, names or names with their better side, (goals,)."""
    if len(goals) < 2 or len(set(goals)) < len(goals):
        raise InputError("several goals are needed, each once", remedy="Give two outcomes or more")
    sides = goals if isinstance(goals, Mapping) else {}
    return np.array([direction(goal, sides.get(goal)) for goal in goals])


def dominates(values: np.ndarray) -> np.ndarray:
    """Return whether policy i dominates j: bool (…, i, j) of values (…, policies, goals), more is better."""
    gaps = values[..., :, None, :] - values[..., None, :, :]
    slack = tolerance(values[..., :, None, :], values[..., None, :, :])
    return (gaps >= -slack).all(axis=-1) & (gaps > slack).any(axis=-1)


def undominated(
    outcomes: pd.DataFrame,
    goals: Sequence[str] | Mapping[str, str],
    *,
    policies: Sequence[str] | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> pd.DataFrame:
    """Tell which policies no other dominates by the goals, all outcomes of the bureau under one behaviour.

    Parameters
    ----------
    goals : names of outcomes, or a mapping of each to "higher" or "lower". Of pay less is better.
    policies : those to compare; all by default.

    Returns
    -------
    DataFrame of policy, the mean of each goal, n, undominated, dominated_by (names, joined by ", "), and
    probability: the share of resamples of whole replications in which no policy dominates it (NaN for one
    replication).
    """
    ways = directions(goals)
    tables = [by_replication(outcomes, goal, policies) for goal in goals]
    names = list(tables[0])
    shared = sorted(set.intersection(*(set(table.index) for table in tables)))
    if not shared:
        raise InputError("no replication has all goals under every policy", remedy="Leave a goal out")
    values = np.stack([table.loc[shared, names].to_numpy() for table in tables], axis=-1)
    means = values.mean(axis=0)
    beats = np.asarray(dominates(ways * means))
    found = pd.DataFrame({"policy": names, **dict(zip(goals, means.T, strict=True)), "n": len(shared)})
    found["undominated"] = np.logical_not(beats.any(axis=0))
    found["dominated_by"] = [", ".join(np.array(names)[beats[:, j]]) for j in range(len(names))]
    found["probability"] = np.nan
    if len(shared) > 1:
        draws = np.random.default_rng(seed).integers(len(shared), size=(resamples, len(shared)))
        on_front = np.zeros(len(names))
        for draw in draws:  # one at a time: hundreds of policies fit
            on_front += ~dominates(ways * values[draw].mean(axis=0)).any(axis=0)
        found["probability"] = on_front / resamples
    return found
