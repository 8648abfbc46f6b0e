"""A known office, and the log that it leaves: what is fitted to it must find it again."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import sim
from sim.logs.simulated import simulated_log

STEPS = {("case", "take_in"): "Take in", ("case", "review"): "Review", ("case", "decide"): "Decide"}
HOURS = ["08:30-12:00", "13:30-17:30"]
WEEK = {day: HOURS for day in ("mon", "tue", "wed", "thu", "fri")}


def known(luck: np.random.Generator) -> dict[str, Any]:
    """An office with two clerks and two reviewers, its numbers drawn at random."""
    data = copy.deepcopy(sim.load("one-office").source.data)
    again = round(float(luck.uniform(0.1, 0.4)), 3)
    data["horizon"] = {"start": "2024-01-01", "minutes": 366 * 1440}
    data["calendar"] = {"country": "none", "week": WEEK}
    data["roles"] = {name: {"title": {"en": name, "zh": name}} for name in ("window", "review")}
    data["units"] = {"office": data["units"]["office"]}
    clerk = {"unit": "office", "role": "window", "grade": "clerk"}
    data["staff"] = {
        "clerk": clerk | {"count": 2, "names": ["Li", "Wang"]},
        "reviewer": clerk | {"role": "review", "count": 2, "names": ["Zhao", "Chen"]},
    }
    route = {
        "take_in": work("own/window", luck.uniform(10, 20), luck.uniform(0.5, 1.0)) | {"next": "wait"},
        "wait": {
            "type": "delay", "reason": "other", "amount": round(float(luck.uniform(1.5, 3)), 2), "cv": 0.4,
            "per": "hours", "distribution": "gamma", "next": "review",
        },
        "review": work("own/review", luck.uniform(15, 25), luck.uniform(0.4, 0.9)) | {"next": "turn"},
        "turn": {"type": "branch", "to": {"review": again, "decide": round(1 - again, 3)}},
        "decide": work("own/review", luck.uniform(4, 8), 0.5) | {"next": "end"},
    }  # fmt: skip
    limit = {"amount": 2, "per": "calendar_days"}
    data["kinds"] = {"case": {"title": {"en": "Case", "zh": "案件"}, "limit": limit, "route": route}}
    data["demand"] = {
        "case": {
            "volumes": {"office": round(float(luck.uniform(6, 12)), 2)}, "per": "day", "profile": "course",
            "dispersion": round(float(luck.uniform(0, 0.3)), 3),
        }
    }  # fmt: skip
    hours = [float(9 <= hour < 12 or 14 <= hour < 17) for hour in range(24)]
    data["profiles"] = {
        "course": {"weekdays": [1.4, 1.0, 1.0, 0.8, 0.8, 0, 0], "hours": hours, "while_open": False}
    }
    return data


def work(station: str, minutes: float, cv: float) -> dict[str, Any]:
    shape = {"distribution": "lognormal", "cv": round(float(cv), 2), "complexity": False}
    return {"type": "work", "at": station, "minutes": round(float(minutes), 2), **shape}


def log_of(data: dict[str, Any], seed: int) -> pd.DataFrame:
    """The events of a simulated year, as an office would export them; cases under way are not in it."""
    begin = pd.Timestamp(data["horizon"]["start"])
    log = simulated_log(sim.build(data), STEPS, begin, seed=seed, number=0)
    log = log[log["closed"].notna()].assign(case=lambda table: "c" + table["case"].astype(str))
    return log[["case", "activity", "person", "start", "end", "arrival", "due", "closed"]]


def written(log: pd.DataFrame, file: Path) -> Path:
    log.rename(columns={"arrival": "case_start", "closed": "case_end"}).to_csv(file, index=False)
    return file
