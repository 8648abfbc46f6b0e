"""The urgent-care centre (Nelson 2013, exercise 13): a scenario folder, no code of its own, reaches its
published values.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
import pytest

from sim.scenario import load, load_policy, reform
from sim.world import draw_world

from .offices import Run, run

REPLICATIONS = 200
MINUTES = 1140
PLACES = {
    "triage": 1,
    "registration": 1,
    "examination": 3,
    "treatment": 1,
    "stabilisation": 2,
    "trauma_treatment": 1,
}

# Mean and 95 % half-width of 1000 replications with correct thinning; minutes, and patients.
PUBLISHED = {
    "current": {
        "arrivals": (229.87, 0.96),
        "wait.triage": (31.30, 1.12),
        "wait.registration": (103.72, 1.45),
        "wait.examination": (25.40, 0.54),
        "wait.treatment": (134.27, 1.61),
        "total.non_trauma": (228.28, 1.46),
        "wait.stabilisation": (153.38, 4.76),
        "wait.trauma_treatment": (17.68, 0.81),
        "throughput": (166.03, 0.51),
    },
    "triage-plus-one": {
        "arrivals": (229.87, 0.96),
        "wait.triage": (1.316, 0.055),
        "wait.registration": (130.17, 1.78),
        "wait.examination": (26.26, 0.55),
        "wait.treatment": (136.29, 1.61),
        "total.non_trauma": (226.02, 1.46),
        "wait.stabilisation": (174.32, 5.07),
        "wait.trauma_treatment": (18.32, 0.85),
        "throughput": (166.74, 0.51),
    },
}
BUSY = {
    "triage": 0.605,
    "registration": 0.851,
    "examination": 0.863,
    "treatment": 0.882,
    "stabilisation": 0.848,
    "trauma_treatment": 0.506,
}
RATES = [2.36667, 2.8, 8.83333, 10.43333, 14.8, 26.26667, 31.4, 18.06667, 16.46667, 12.03333]
RATES += [11.6, 28.86667, 18.03333, 11.5, 5.3, 4.06667, 2.2, 2.1, 2.36667]  # from 06:00 to 01:00


def figures(day: Run) -> dict[str, float]:
    """What the publication measures of one day."""
    tasks, requests = day.tasks, day.requests
    started = tasks[tasks["start_s"] >= 0]
    by_step = started.groupby("step")
    waits = ((started["start_s"] - started["ready_s"]) / 60).groupby(started["step"]).mean()
    work = by_step["work_s"].sum() / 60
    trauma = tasks.loc[tasks["step"] == "stabilisation", "request"]
    non_trauma = requests.drop(index=trauma)
    return {
        "arrivals": len(requests),
        "throughput": requests["stay"].notna().sum(),
        "total.non_trauma": 60 * non_trauma["stay"].mean(),
        **{f"wait.{step}": waits.get(step, np.nan) for step in PLACES},
        **{f"busy.{step}": work.get(step, 0.0) / (MINUTES * places) for step, places in PLACES.items()},
    }


@lru_cache
def days(policy: str, replications: int = REPLICATIONS) -> pd.DataFrame:
    """The figures of each replication under a policy; the same patients under each."""
    scenario = load("urgent-care")
    scenario = reform(scenario, load_policy(scenario, policy))
    return pd.DataFrame([figures(run(scenario, replication)) for replication in range(replications)])


def standard_error(values: pd.Series) -> float:
    return float(values.std() / np.sqrt(values.count()))


@pytest.mark.parametrize(
    ("policy", "figure"), [(policy, name) for policy, table in PUBLISHED.items() for name in table]
)
def test_published_value(policy: str, figure: str) -> None:
    """Within 4 standard errors of the difference, the publication's own error included."""
    mean, half_width = PUBLISHED[policy][figure]
    ours = days(policy)[figure]
    error = np.hypot(standard_error(ours), half_width / 1.96)
    assert abs(ours.mean() - mean) <= 4 * error, (
        f"{ours.mean():.4g} ± {standard_error(ours):.2g}, published {mean}"
    )
    assert 1.96 * standard_error(ours) <= 0.12 * mean


@pytest.mark.parametrize("step", BUSY)
def test_published_busy_share(step: str) -> None:
    """Busy shares are published to three digits, without an error of their own: ours is doubled for
    it.
    """
    ours = days("current")[f"busy.{step}"]
    assert abs(ours.mean() - BUSY[step]) <= 4 * standard_error(ours) + 0.0005


def test_arrivals_hour_by_hour() -> None:
    """C3. Each hour's mean count within 4 standard errors of the rate, and as variable as a Poisson
    count.
    """
    scenario = load("urgent-care")
    counts = np.zeros((REPLICATIONS, len(RATES)))
    for replication in range(REPLICATIONS):
        hours = draw_world(scenario, 1, replication).requests["arrival_s"] // 3600 - 6
        counts[replication] = np.bincount(hours, minlength=len(RATES))
    rates = np.array(RATES)
    assert (np.abs(counts.mean(axis=0) - rates) <= 4 * np.sqrt(rates / REPLICATIONS)).all()
    dispersion = counts.var(axis=0, ddof=1) / rates
    assert (np.abs(dispersion - 1) <= 4 * np.sqrt((2 + 1 / rates) / REPLICATIONS)).all()


def test_a_further_examination_room_changes_nothing_before_it() -> None:
    """Common random numbers: per replication, every figure of triage, registration and trauma stays as it
    was.
    """
    after = days("examination-plus-one", 50)
    before = days("current").head(len(after))
    untouched = [
        name
        for name in before
        if name == "arrivals"
        or name.split(".")[-1] in ("triage", "registration", "stabilisation", "trauma_treatment")
    ]
    assert len(untouched) == 9
    pd.testing.assert_frame_equal(before[untouched], after[untouched], check_exact=True)
    assert (after["wait.examination"] < before["wait.examination"]).mean() > 0.95
