"""Offices of which all is known: how often a fit of their logs holds the truth."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd

from sim.logs import Fit, fit_log, read_log, validate

from .office import STEPS, known, log_of, written

WEEKDAYS = np.array([1.4, 1.0, 1.0, 0.8, 0.8])  # of the days on which people come
PEOPLE = {
    "Li": {"Take in"},
    "Wang": {"Take in"},
    "Zhao": {"Review", "Decide"},
    "Chen": {"Review", "Decide"},
}
WITHIN = 2.0  # standard errors
ALL = "all of these numbers"


def misses(data: dict[str, Any], fit: Fit) -> pd.DataFrame:
    """How many standard errors each fitted number is off its truth: columns number and miss."""
    kind, route, demand = fit.kinds[0], data["kinds"]["case"]["route"], data["demand"]["case"]
    pairs = [
        ("arrivals a day", kind.arrivals.a_day, demand["volumes"]["office"]),
        ("over-dispersion", kind.arrivals.dispersion, demand["dispersion"]),
    ]
    pairs += [
        ("mean work", fit.work[name].minutes, route[step]["minutes"]) for (_, step), name in STEPS.items()
    ]
    again = next(turn for turn in kind.routing.turns["Review"] if turn.after == "Review")
    pairs.append(("probability of a branch", again.chance, route["turn"]["to"]["review"]))
    weights = zip(kind.arrivals.weekdays[:5], WEEKDAYS.tolist(), strict=True)
    pairs += [("weight of a weekday", estimate, truth) for estimate, truth in weights]
    rows = [(number, (estimate.value - truth) / estimate.se) for number, estimate, truth in pairs]
    return pd.DataFrame(rows, columns=["number", "miss"])


def found_exactly(data: dict[str, Any], fit: Fit) -> dict[str, bool]:
    """Whether hours, people with their skills, and the limit are those of the office."""
    people = {one.name: set(one.activities) for one in fit.people.regular}
    limit = data["kinds"]["case"]["limit"]
    return {
        "hours of the week": fit.office.spans() == data["calendar"]["week"],
        "people, and what each does": people == PEOPLE,
        "limit": [one.limit_days for one in fit.kinds] == [limit["amount"]]
        and fit.limits.per == limit["per"],
    }


def recovered(offices: int, replications: int) -> pd.DataFrame:
    """Count, by sort of number, how many there are and how many hold the truth: columns count and held.
    After the numbers that have a standard error comes a row of all of them.

    The fit of a simulated year is held against what made it. A fit of the first 70 % of each log foretells
    the rest in 95 % prediction intervals.
    """
    rows: list[tuple[str, bool]] = []
    others: list[tuple[str, bool]] = []
    with TemporaryDirectory() as folder:
        for number in range(offices):
            data = known(np.random.default_rng(number))
            log = read_log(written(log_of(data, number), Path(folder) / "log.csv"))
            fit = fit_log(log)
            table = misses(data, fit)
            rows += zip(table["number"], table["miss"].abs() <= WITHIN, strict=True)
            others += found_exactly(data, fit).items()
            if replications:
                ahead = validate(log, replications=replications, finished=True)
                others += [("held-out monthly mean", bool(one)) for one in ahead.months["covered"]]
                held = ahead.outcomes["real"].between(ahead.outcomes["low"], ahead.outcomes["high"])
                others += [("held-out mean cycle time", bool(held["mean_cycle_hours"]))]
    frame = pd.DataFrame([*rows, *((ALL, held) for _, held in rows), *others], columns=["number", "held"])
    return frame.groupby("number", sort=False).agg(count=("held", "size"), held=("held", "sum"))
