"""How often a calibration holds the truth: totals of years whose demand and minutes are known."""

from __future__ import annotations

import copy
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import yaml

import sim
from sim.study.calibrate import calibrate
from sim.study.plausible import Plausible

DEMAND, MINUTES = "demand.visit.volumes.office", "kinds.visit.route.serve.minutes"
RANGES = {DEMAND: (4.0, [2.5, 4.5], "requests a hour"), MINUTES: (12.0, [8.0, 12.5], "minutes")}
TARGETS = ("arrivals", "utilisation", "mean_wait_minutes")
OF_A_DESIGN = 10  # trials that share the simulated points, and so their luck
FIRST_TRUTH = 10_000  # replication of the first observed year: none of those of the points


def recovered(trials: int, seed: int = 0) -> pd.DataFrame:
    """Calibrate as often to the totals of one year of the office with one clerk, made by numbers drawn anew.

    Returns a row a trial and number: number, held (whether the 95 % interval of the set holds the truth), and
    told (the share of its range that is ruled out).
    """
    luck, rows = np.random.default_rng(seed), []
    with TemporaryDirectory() as folder:
        scenario = sim.load(_office(Path(folder)))
        current = sim.load_policy(scenario, "current")
        space = Plausible(scenario, current)
        for trial in range(trials):
            point = luck.random(len(space.dimensions))
            year = sim.simulate(scenario, space.policies("truth", point)[1], replication=FIRST_TRUTH + trial)
            design = trial // OF_A_DESIGN
            found = calibrate(
                scenario, _totals(year.outcomes), list(RANGES), seed=seed + design, progress=False,
                folder=Path(folder) / f"design-{design}",
            )  # fmt: skip
            for one, place in zip(space.dimensions, point, strict=True):
                numbers = found.numbers.to_dict("index")[one.name]
                held = numbers["low"] <= one.at(place) <= numbers["high"]
                rows.append((one.name, bool(held), float(numbers["told"])))
    return pd.DataFrame(rows, columns=["number", "held", "told"])


def _office(folder: Path) -> Path:
    """The teaching example of one clerk, whose demand and minutes are assumed within ranges."""
    data = copy.deepcopy(sim.load("one-office").source.data)
    for path, (value, bounds, unit) in RANGES.items():
        *above, last = path.split(".")
        block = data
        for part in above:
            block = block[part]
        block[last] = {"value": value, "unit": unit, "source": "assumed", "range": bounds}
    place = folder / "scenarios" / "clerk"
    place.mkdir(parents=True)
    (place / "scenario.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return place


def _totals(outcomes: pd.DataFrame) -> pd.DataFrame:
    """What the office would record of a year, in the units of a table of targets."""
    whole = outcomes[(outcomes["person"] == "") & (outcomes["month"] == 0) & (outcomes["kind"] == "")]
    seen = whole[whole["unit"].astype("str") == ""].astype({"outcome": "str"}).set_index("outcome")["value"]
    values = [float(seen[name]) * (100 if name == "utilisation" else 1) for name in TARGETS]
    return pd.DataFrame({"outcome": TARGETS, "value": values})
