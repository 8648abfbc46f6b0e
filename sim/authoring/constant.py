"""Set the constant of satisfaction so that its mean under the current rules is one that was observed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.evaluate.estimate import half_widths
from sim.replication import simulate
from sim.scenario.errors import InputError
from sim.scenario.load import build_from
from sim.scenario.reform import reform
from sim.scenario.schema import Scenario
from sim.scenario.source import parse_yaml

from .files import own, put
from .yaml_text import with_entry

ASKED, CONSTANT = "satisfaction.on", "satisfaction.best"
NEAR = 0.0005  # points
DECIMALS = 4
ROUNDS = 12


@dataclass(frozen=True)
class Fitted:
    """The constant that was found.

    before, best : the constant, points. mean, half_width : of satisfaction under it, points, with half the
    width of its 95 % interval. file : where it stands.
    """

    before: float
    best: float
    mean: float
    half_width: float
    file: Path


def set_constant(scenario: str, mean: float, source: str, *, replications: int = 5, seed: int = 0) -> Fitted:
    """Write into one's own scenario the constant under which satisfaction has a given mean.

    The mean is of the policy ``current`` and the behaviour ``mechanical``, over years and replications.

    Parameters
    ----------
    scenario : str
        The name of a scenario under the working folder's ``scenarios/``.
    mean : float
        The mean that was observed, points from 0 to 100.
    source : str
        Where the mean comes from, which the file then says.
    replications, seed : int, optional
        How many replications, at least 2, and the seed of their random streams.

    Returns
    -------
    Fitted
        What was found, and the file that was changed; all else in it stays as it was.

    Raises
    ------
    InputError
        If the scenario is not one's own, no constant leads to the mean, or nobody is asked. Nothing is
        written then.
    """
    read = own(scenario)
    if not source.strip():
        raise InputError(
            "the mean has no source", remedy='Say where it comes from: --source "survey of 2024"'
        )
    if replications < 2:
        raise InputError(f"{replications} replications tell no interval", remedy="Give 2 or more")
    best, means = constant_for(read, mean, replications, seed)
    runs = f"{replications} replications, seed {seed}"
    reason = f"Set so that the mean under current, mechanical, is {mean:g} points ({runs})."
    stated = (
        f"{{value: {best:g}, unit: points, source: {json.dumps(source.strip(), ensure_ascii=False)}, "
        f"reason: {json.dumps(reason)}}}"
    )
    file = read.source.file
    text = with_entry(file.read_text(encoding="utf-8"), "satisfaction", "best", stated)
    build_from(parse_yaml(text, file), read.folder)  # which refuses what is wrong
    put(file, text)
    half_width = float(half_widths(float(np.std(means, ddof=1)), replications, 0.95))
    return Fitted(read.satisfaction.best, best, float(np.mean(means)), half_width, file)


def constant_for(scenario: Scenario, mean: float, replications: int, seed: int) -> tuple[float, list[float]]:
    """Return the constant that gives the mean, and the mean of each replication under it.

    A point more of the constant is a point more for all who do not give the least, so the steps are about
    as long as the gap. Raises InputError if no constant within its bounds gives the mean.
    """
    least = scenario.satisfaction.least
    best = tried = scenario.satisfaction.best
    slope, before = 1.0, None
    for _ in range(ROUNDS):
        means = [_mean(scenario, best, seed, number) for number in range(replications)]
        found = float(np.mean(means))
        if abs(found - mean) < NEAR:
            return best, means
        if before is not None and best != tried:
            slope = float(np.clip((found - before) / (best - tried), 0.05, 1.0))
        tried, before = best, found
        best = round(float(np.clip(best + (mean - found) / slope, least, 100.0)), DECIMALS)
        if best == tried:
            break
    end = "most, 100" if found < mean else f"least, {best:g}"
    raise InputError(
        f"no constant gives a mean of {mean:g} points: with 'best' at its {end}, the mean is {found:.2f}",
        path=CONSTANT,
        remedy="Mend the mean, or the points that waits, returns, lateness and complaints take off",
    )


def _mean(scenario: Scenario, best: float, seed: int, number: int) -> float:
    """Return the mean satisfaction of a replication, over its years."""
    result = simulate(reform(scenario, {ASKED: True, CONSTANT: best}), seed=seed, replication=number)
    table = result.outcomes
    whole = (table["month"] == 0) & (table["unit"] == "") & (table["kind"] == "") & (table["person"] == "")
    points = table[whole & (table["outcome"] == "satisfaction")]["value"]
    if points.empty or points.isna().all():
        remedy = "Name kinds with a time limit in 'satisfaction.kinds'"
        raise InputError(
            "no case falls due of which applicants are asked", path="satisfaction", remedy=remedy
        )
    return float(points.mean())
