"""Write the page of the coverage experiments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd

from . import experiments
from .queues import LOADS, RATES

ROWS, STUDIES = 4000, 2000  # replications of a pool of years, and studies of a cell
LEAST, MOST = 0.93, 0.97

HEAD = """# Coverage of the intervals, and guarantees of the choice

A 95 % interval should hold the truth in 95 of 100 studies. `python -m docs.tools coverage` measures how often
the intervals of `sim.evaluate` do, and writes this page. **Bold** is outside 93 to 97 %. A cell of the first
tables has {studies:,} studies (standard error about half a point). They are drawn from {rows:,} simulated
years, or five times as many weeks, whose mean is the truth.

The office: three clerks, exponential times of half an hour, first come, first served, empty at the start. A
week is 5 days of 8 hours, a year 250. Deadlines are set so that 90, 99 or 99.9 % are on time.
"""
SHARES = """
## On-time rates

`sim.evaluate.rates.share_interval`, which every report uses for rates. A study is **marked** ("too few to
say") in two cases. The rarer sort of case is under {rare} a replication (under {few} of ten replications),
and its share uncertain by more than {steady:.0%}; or the share is uncertain by more than {unsteady:.0%}. Late
cases come in runs, and few runs do not show how long they get. Coverage is of the studies that are not
marked. Where over half are marked it is not told (–).
"""
PLAIN = """
For comparison, Student's t interval of the same rates. It leaves [0, 1], and misses where late cases are
rare.
"""
PAIRED = """
## Differences between policies

The interval of `compare` for the paired difference in the on-time rate, if every request takes 5 % less time:
Student's t, from ten replications on without the skewness. Where a rate is marked above, the difference is no
better known (–).
"""
MEANS = """
## Mean times, quantiles, control variates

Mean time in the office: Student's t interval (a replication is one value); the same with the arrivals and the
mean work as control variates (`with_controls`); and the order-statistic interval for the 90th percentile of
the replications' means. The factor is the variance that the controls leave, 1 where they are not used. The
order-statistic interval has no upper bound at small n, and covers more than it says.
"""
PLACES = """
## Shares of years at the bottom

A unit's share of years among the bottom three of fifteen, from replications of three years that go together
(correlation 0.5): replications are counted, not years.
"""
ONE_RUN = """
## One long run

Batch means (20 batches) of an AR(1) series; marked where the batches still go together. The effective size is
a share of n, beside the true one of a long series. MSER-5 cuts a bias of five standard deviations that fades
with the series' own correlation.
"""
CHOICES = """
## Choosing among equal policies

Nine equal policies: the share of studies that recommend any over the current rule. It should be at most 5 %.
"""
GUARANTEES = """
## Choosing the best

Five policies, the best ahead by δ = 1. Kim and Nelson's procedure should select it in at least 95 % of runs.
Replications are of all policies together. From 20 replications of each, "selected" (within 0.5 of the best)
is said as often as shown, and should be wrong in at most 5 %.
"""


def percent(value: float, low: float = LEAST, high: float = MOST) -> str:
    """Format a share; bold outside the bounds, – for none."""
    if value != value:
        return "–"
    text = f"{100 * value:.1f}"
    return text if low <= value <= high else f"**{text}**"


def table(rows: Iterator[list[str]], head: list[str]) -> str:
    """Format a table of Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def by_cell(found: pd.DataFrame, show: Callable[[pd.Series], str]) -> str:
    """A table with a row for each horizon, load and rate, and a column for each n."""

    def rows() -> Iterator[list[str]]:
        for horizon in ("year", "week"):
            for load in LOADS:
                for rate in RATES:
                    mine = found.query("horizon == @horizon and load == @load and rate == @rate")
                    yield [
                        horizon,
                        f"{load:g}",
                        f"{100 * rate:g} %",
                        *(show(row) for _, row in mine.iterrows()),
                    ]

    return table(rows(), ["horizon", "load", "on time", *(f"n = {n}" for n in experiments.SIZES)])


def share_cell(row: pd.Series) -> str:
    """Format the coverage of a cell and, in brackets, the share of its studies that is marked."""
    if row["marked"] > 0.5:
        return f"– ({100 * row['marked']:.0f} % marked)"
    said = percent(row["covered"])
    return said if row["marked"] < 0.005 else f"{said} ({100 * row['marked']:.0f} % marked)"


def difference_cell(row: pd.Series) -> str:
    """Format the coverage of a difference, where the rate itself is not marked."""
    return "–" if row["marked"] > 0.5 else percent(row["difference"])


def text(rows: int = ROWS, studies: int = STUDIES) -> str:
    """Run the experiments, and return the page."""
    from sim.evaluate.rates import MANY, RARE, STEADY, UNSTEADY

    found = experiments.of_shares(rows, studies)
    means = experiments.of_means(rows, max(studies // 4, 50))
    places = experiments.of_places(studies)
    one_run = experiments.of_one_run(max(studies // 4, 50))
    choices = experiments.of_choices(max(studies // 2, 50))
    guarantees = experiments.of_guarantees(max(studies // 5, 20))
    parts = [
        HEAD.format(rows=rows, studies=studies),
        SHARES.format(rare=RARE, few=RARE * MANY // 10, steady=STEADY, unsteady=UNSTEADY),
        "\n" + by_cell(found, share_cell),
        PLAIN + "\n" + by_cell(found, lambda row: percent(row["t"])),
        PAIRED + "\n" + by_cell(found, difference_cell),
        MEANS
        + "\n"
        + table(
            (
                [
                    row["horizon"], f"{row['load']:g}", f"{row['n']}", percent(row["t"]),
                    percent(row["controlled"]), f"{row['factor']:.2f}", percent(row["quantile"], LEAST, 1),
                ]
                for _, row in means.iterrows()
            ),
            ["horizon", "load", "n", "t", "with controls", "factor", "90th percentile"],
        ),
        PLACES
        + "\n"
        + table(
            (
                [percent(row["share"], 0, 1), f"{row['n']:.0f}", percent(row["covered"])]
                for _, row in places.iterrows()
            ),
            ["true share", "n", "covered"],
        ),
        ONE_RUN
        + "\n"
        + table(
            (
                [
                    f"{row['correlation']:g}", f"{row['n']:,.0f}", percent(row["covered"]),
                    percent(row["marked"], 0, 1), f"{row['size']:.3f}", f"{row['true_size']:.3f}",
                    f"{row['cut']:.0f}",
                ]
                for _, row in one_run.iterrows()
            ),
            ["correlation", "n", "covered", "marked", "effective size", "true", "MSER-5 cut"],
        ),
        CHOICES
        + "\n"
        + table(
            (
                [f"{row['behaviours']:.0f}", f"{row['n']:.0f}", percent(row["wrong"], 0, 0.0707)]
                for _, row in choices.iterrows()
            ),
            ["behaviours", "n", "recommend"],
        ),
        GUARANTEES
        + "\n"
        + table(
            (
                [
                    row["configuration"], percent(row["right"], 0.92, 1), f"{row['rows']:,.0f}",
                    percent(row["said"], 0, 1), percent(row["wrong"], 0, 0.06),
                ]
                for _, row in guarantees.iterrows()
            ),
            ["configuration", "best selected", "replications", "said from 20", "wrong"],
        ),
    ]  # fmt: skip
    return "".join(parts)


def write(page: Path, rows: int = ROWS, studies: int = STUDIES) -> Path:
    """Run the experiments, and write the page."""
    page.write_text(text(rows, studies), encoding="utf-8")
    return page
