"""Whole studies, from the start of Python to the last file, and one change to a picture."""

from __future__ import annotations

import contextlib
import io
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import pandas as pd

from sim.flow import prepare
from sim.study import study
from sim.study.sensitivity import Sensitivity
from sim.study.what_if import WhatIf, what_if

from .measure import Row, Scale, child, edited, once, wall

MORE = "hall_window"  # people of whom a new policy has some more
OTHER_WORK = ["move-two-staff"]  # a policy that changes who does what: nothing is shared but the draw
SAME_WORK = ["threshold-98"]  # one that only judges it otherwise
DESIGN = 2_000  # bureaus of the design whose time is reckoned


def studies(scale: Scale) -> list[Row]:
    """Rate, two processes against one, and what the runner and the store take."""
    prepare("compiled")
    with tempfile.TemporaryDirectory() as folder:
        other = edited(scale.study, folder, "other-work", **_one_year(scale, OTHER_WORK))
        same = edited(scale.study, folder, "same-work", **_one_year(scale, SAME_WORK))
        by_two, by_one = [], []
        for _ in range(scale.study_runs):
            by_two.append(_run(other, workers=2))
            by_one.append(_run(other, workers=1))
        shared = _run(same, workers=2).seconds
    taken = median(run.seconds for run in by_two)
    rate = 60 * scale.study_units / taken
    faster = median(run.seconds for run in by_one) / taken
    begun = median(run.rate for run in by_two) / median(run.rate for run in by_one)
    share, with_start = (median(run.share for run in by_two), median(run.share_with_start for run in by_two))
    return [
        Row(
            "bureau-years a minute on two cores, work of each its own",
            f"{rate:,.0f} ({scale.study_units} in {taken:.1f} s)",
            "300",
            rate >= 300,
        ),
        Row("– the same, two policies sharing the work", f"{60 * scale.study_units / shared:,.0f}"),
        Row("two processes against one", f"{faster:.2f} times", "1.85 times", faster >= 1.85),
        Row("– the same, from the end of the first replication on", f"{begun:.2f} times"),
        Row("runner's and store's own share of a study's time", f"{share:.1%}", "under 5 %", share < 0.05),
        Row("– the same, start of the workers included", f"{with_start:.1%}"),
    ]


def _one_year(scale: Scale, policies: list[str]) -> dict[str, Any]:
    """What is changed in the default study, for `Scale.study_units` bureau-years."""
    replications = scale.study_units // 2
    return {"years": 1, "behaviours": ["mechanical"], "replications": replications, "policies": policies}


def default_study(scale: Scale) -> list[Row]:
    """The default study as it stands, by ``sim run``."""
    prepare("compiled")
    with tempfile.TemporaryDirectory() as folder:
        file = edited(scale.study, folder, "default")
        taken = wall(sys.executable, "-m", "sim.cli", "run", file, folder=Path(folder))
        with contextlib.chdir(folder):
            done = study(file)
            policies, people, replications = len(done.policies), len(done.file.behaviours), done.replications
    size = f"{policies} policies × {people} behaviours × {replications} × {done.file.years} years"
    return [Row(f"default study, {size}, by `sim run`", f"{taken:.0f} s", "under 120 s", taken < 120)]


def design(scale: Scale) -> list[Row]:
    """A design of a sensitivity run: bureaus of a year, each with citizens and work of its own."""
    prepare("compiled")
    with tempfile.TemporaryDirectory() as folder:
        file = edited(scale.study, folder, "design", **_one_year(scale, OTHER_WORK))
        with contextlib.chdir(folder):
            one = study(file)
            one.run(progress=False)
            points = Sensitivity(one, trajectories=2, policies=OTHER_WORK)
            taken = once(lambda: points.run(progress=False), clock=perf_counter)
    bureaus = (1 + len(points.design)) * points.replications * (1 + len(OTHER_WORK))
    whole = taken * DESIGN / bureaus
    return [
        Row(
            f"{DESIGN:,} bureaus of a sensitivity design, mechanical, a year, reckoned from {bureaus}",
            f"{whole:.0f} s ({bureaus / taken:.1f} a second)",
            "under 120 s",
            whole < 120,
        )
    ]


def dask(scale: Scale) -> list[Row]:
    """The same study by workers of Dask on this machine: how it scales, and what that costs."""
    prepare("compiled")
    rows, one = [], 0.0
    for workers in scale.dask:
        with tempfile.TemporaryDirectory() as folder:
            year = {"years": 1, "behaviours": ["mechanical"], "replications": scale.study_units // 2}
            file = edited(
                scale.study, folder, "on-dask", policies=OTHER_WORK, dask={"workers": workers}, **year
            )
            found = _run(file, workers=f"dask {workers}")
        one = one or found.rate
        rows.append(
            Row(
                f"Dask, {workers} worker{'s' * (workers > 1)} on this machine, work of each its own",
                f"{60 * found.rate:,.0f} bureau-years a minute, {found.rate / one:.2f} times one; "
                f"overhead {found.share:.1%}; {found.sent / scale.study_units / 1000:,.0f} KB sent for each",
            )
        )
    return rows


@dataclass(frozen=True)
class Run:
    """Wall seconds from the start of Python to its end; what part of the workers' time was not spent on
    replications, from each worker's second one on, and from the start of the run on; replications a second
    from the first one's end on; bytes sent on the machine's own network."""

    seconds: float
    share: float
    share_with_start: float
    rate: float
    sent: int


def _run(file: Path, workers: int | str) -> Run:
    with tempfile.TemporaryDirectory() as results:
        begin = perf_counter()
        shares = child("watched", file, workers, results)
        return Run(perf_counter() - begin, *shares)


# One change to a picture


def picture(scale: Scale) -> list[Row]:
    """A policy that nobody has tried, paired replications of one year, the comparison and its figure, in
    a process that has the baseline and has done all this before."""
    try_it = what_if(scale.scenario, replications=scale.replications)
    clerks = try_it.scenario.staff[MORE].count
    turns = range(1, scale.turns + 2)
    work = [_picture_s(try_it, {f"staff.{MORE}.count": clerks + turn}) for turn in turns]
    pay = [_picture_s(try_it, {"pay.deduction_per_point": 1 + turn / 10}) for turn in turns]
    taken = median(work[1:])
    return [
        Row(
            f"one policy change to a new picture, {scale.replications} paired replications of a year",
            f"{taken:.2f} s of wall time",
            "under 0.7 s",
            taken < 0.7,
        ),
        Row(
            "a change of pay to a new picture, where the same work is judged anew",
            f"{(judged := median(pay[1:])):.2f} s of wall time",
            "under 0.1 s",
            judged < 0.1,
        ),
    ]


def _picture_s(try_it: WhatIf, changes: dict[str, Any]) -> float:
    begin = perf_counter()
    _draw(try_it.compare(changes, outcomes=["on_time_rate", "mean_processing_days", "mean_score"]))
    return perf_counter() - begin


def _draw(table: pd.DataFrame) -> bytes:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 2))
    for place, (_, row) in enumerate(table.iterrows()):
        axis = figure.add_subplot(1, len(table), place + 1)
        axis.set_yticks([])  # its height says nothing
        axis.errorbar(row["difference"], 0, xerr=row["half_width"], marker="o")
        axis.axvline(0)
        axis.set_title(row["outcome"])
    target = io.BytesIO()
    figure.savefig(target, format="svg")
    return target.getvalue()
