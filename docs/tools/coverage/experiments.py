"""The experiments: each draws many studies of n replications and counts how often what is said is true."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from sim.evaluate import mean_interval, quantile_interval
from sim.evaluate.choose import decide
from sim.evaluate.compare import differences_of_pairs
from sim.evaluate.estimate import with_controls
from sim.evaluate.rates import share_interval
from sim.evaluate.selection import kim_nelson
from sim.evaluate.single_run import batch_means, effective_size, mser

from .queues import HORIZONS, LOADS, RATES, Pool, pool

SIZES = (10, 20, 50)
# Means, standard deviations and correlation of five policies of which one is best by δ = 1.
CONFIGURATIONS: dict[str, tuple[list[float], list[float], float]] = {
    "the others equal": ([0, 0, 1, 0, 0], [2, 2, 2, 2, 2], 0.0),
    "best in the middle, large variance": ([0, 0, 1, 0, 0], [0.5, 0.5, 6, 0.5, 0.5], 0.0),
    "best in the middle, small variance": ([0, 0, 1, 0, 0], [4, 3, 0.5, 3, 4], 0.0),
    "means in steps": ([1, 2, 3, 0, -1], [3, 2, 2, 3, 1], 0.0),
    "common random numbers": ([0, 0, 1, 0, 0], [3, 2, 2, 2, 3], 0.8),
}


def pools(rows: int) -> dict[tuple[str, float], Pool]:
    """Return the replications by horizon and load; of weeks five times as many."""
    return {
        (horizon, load): pool(load, horizon, rows * (5 if horizon == "week" else 1))
        for horizon in HORIZONS
        for load in LOADS
    }


def shares(found: Pool, place: int, n: int, studies: int, rng: np.random.Generator) -> tuple[float, float]:
    """Return the share of studies whose on-time rate is marked, and of right intervals among the others."""
    on_time, cases = found.on_time[:, place], found.arrivals
    true = float(np.sum(on_time * cases) / np.sum(cases))
    held = []
    for rows in rng.integers(len(cases), size=(studies, n)):
        one = share_interval(on_time[rows], cases[rows])
        if not one.note:
            held.append(one.low <= true <= one.high)
    return 1 - len(held) / studies, float(np.mean(held)) if held else float("nan")


def _covered(values: np.ndarray, n: int, studies: int, rng: np.random.Generator) -> float:
    """Return how often the t interval of n of the values holds their mean."""
    true, held = float(values.mean()), 0
    for rows in rng.integers(len(values), size=(studies, n)):
        one = mean_interval(values[rows])
        held += one.low <= true <= one.high
    return held / studies


def differences(found: Pool, place: int, n: int, studies: int, rng: np.random.Generator) -> float:
    """Return how often the interval of `compare` holds the mean paired difference in the on-time rate."""
    gain = found.faster[:, place] - found.on_time[:, place]
    chosen = rng.integers(len(gain), size=(studies, n))
    pairs = pd.DataFrame(
        {
            "study": np.repeat(np.arange(studies), n),
            "outcome": "on_time_rate",
            "replication": np.tile(np.arange(n), studies),
            "policy_value": found.faster[chosen, place].ravel(),
            "baseline": found.on_time[chosen, place].ravel(),
        }
    )
    table = differences_of_pairs(pairs, ["study", "outcome"], 0.95)
    return float(((table["low"] <= gain.mean()) & (gain.mean() <= table["high"])).mean())


def of_shares(rows: int, studies: int) -> pd.DataFrame:
    """Coverage of share intervals and of paired differences by horizon, load, on-time rate and n."""
    rng, table = np.random.default_rng(1), []
    for (horizon, load), found in pools(rows).items():
        for place, rate in enumerate(RATES):
            for n in SIZES:
                marked, right = shares(found, place, n, studies, rng)
                plain = _covered(found.on_time[:, place], n, studies, rng)
                paired = differences(found, place, n, studies, rng)
                table.append((horizon, load, rate, n, right, marked, plain, paired))
    columns = ["horizon", "load", "rate", "n", "covered", "marked", "t", "difference"]
    return pd.DataFrame(table, columns=columns)


def of_means(rows: int, studies: int) -> pd.DataFrame:
    """Coverage of mean times, of the 90th percentile of replications' means, and the gain by controls."""
    rng, table = np.random.default_rng(2), []
    for (horizon, load), found in pools(rows).items():
        values, controls = found.mean_time, np.column_stack([found.arrivals, found.mean_work])
        expected, true = controls.mean(axis=0), float(values.mean())  # the pool is the population
        tail = float(np.quantile(values, 0.9))
        for n in SIZES:
            plain = _covered(values, n, studies, rng)
            held, factors, tails = 0, [], 0
            for chosen in rng.integers(len(values), size=(studies, n)):
                one = with_controls(values[chosen], controls[chosen], expected)
                held += one.interval.low <= true <= one.interval.high
                factors.append(one.factor if one.used else 1.0)
                quantile = quantile_interval(values[chosen], 0.9)
                tails += quantile.low <= tail <= quantile.high
            table.append((horizon, load, n, plain, held / studies, np.median(factors), tails / studies))
    columns = ["horizon", "load", "n", "t", "controlled", "factor", "quantile"]
    return pd.DataFrame(table, columns=columns)


def of_places(studies: int) -> pd.DataFrame:
    """Coverage of a unit's share of years among the bottom three of fifteen, over three years of which each
    goes with the one before, by the unit's true distance from the others."""
    rng, table = np.random.default_rng(3), []

    def bottom(gap: float, n: int) -> np.ndarray:
        luck = rng.normal(size=(n, 1, 15)) * 0.7 + rng.normal(size=(n, 3, 15)) * 0.7
        luck[:, :, 0] -= gap
        return (luck[:, :, :1] > luck).sum(axis=2) < 3

    for gap in (0.0, 1.0, 2.0, 3.0):
        true = float(bottom(gap, 200_000).mean())
        for n in SIZES:
            held = 0
            for _ in range(studies):
                one = share_interval(bottom(gap, n).mean(axis=1), np.full(n, 3))
                held += one.low <= true <= one.high
            table.append((true, n, held / studies))
    return pd.DataFrame(table, columns=["share", "n", "covered"])


def of_one_run(studies: int) -> pd.DataFrame:
    """Coverage of batch means of an AR(1) series, its effective size, and where MSER-5 cuts an initial bias.

    The bias is five standard deviations at the start and fades with the series' own correlation.
    """
    rng, table = np.random.default_rng(4), []
    for correlation in (0.5, 0.8, 0.95):
        for n in (1000, 10_000):
            held, marked, sizes, cuts, counted = 0, 0, [], [], 0
            for _ in range(studies):
                noise = rng.normal(size=n) * np.sqrt(1 - correlation**2)
                series = _filtered(noise, correlation, rng.normal())
                one = batch_means(series)
                marked += bool(one.note)
                if not one.note:
                    counted += 1
                    held += one.interval.low <= 0 <= one.interval.high
                sizes.append(effective_size(series) / n)
                cuts.append(mser(series + 5 * correlation ** np.arange(n)).cut)
            true = (1 - correlation) / (1 + correlation)
            size, cut = np.median(sizes), np.median(cuts)
            right = held / counted if counted > studies / 2 else np.nan
            table.append((correlation, n, right, marked / studies, size, true, cut))
    columns = ["correlation", "n", "covered", "marked", "size", "true_size", "cut"]
    return pd.DataFrame(table, columns=columns)


def _filtered(noise: np.ndarray, correlation: float, start: float) -> np.ndarray:
    from scipy.signal import lfilter

    return lfilter([1.0], [1.0, -correlation], noise, zi=[correlation * start])[0]


def of_choices(studies: int) -> pd.DataFrame:
    """How often one of nine equal policies is recommended, by replications and behaviours."""
    rng, table = np.random.default_rng(5), []
    for behaviours in (1, 2):
        for n in (5, *SIZES):
            wrong = 0
            for _ in range(studies):
                sides = (
                    0.9 + rng.normal(size=(n, 1)) * 0.03 + rng.normal(size=(n, 9)) * 0.02
                    for _ in range(behaviours)
                )
                wrong += any(
                    decide(side, 0, 1.0, 0.005, family=behaviours)["recommended"].any() for side in sides
                )
            table.append((behaviours, n, wrong / studies))
    return pd.DataFrame(table, columns=["behaviours", "n", "wrong"])


def _draw(
    rng: np.random.Generator, means: list[float], sds: list[float], correlation: float, n: int
) -> np.ndarray:
    """Draw n replications of policies under common random numbers."""
    luck = np.sqrt(correlation) * rng.normal(size=(n, 1))
    return np.array(means) + np.array(sds) * (luck + np.sqrt(1 - correlation) * rng.normal(size=(n, 5)))


def of_guarantees(studies: int, most: int = 4000) -> pd.DataFrame:
    """How often the best of five is selected by elimination, with the replications it takes, and how often a
    statement "selected" from 20 replications is wrong."""
    rng, table = np.random.default_rng(6), []
    for name, (means, sds, correlation) in CONFIGURATIONS.items():
        draw = partial(_draw, rng, means, sds, correlation)
        best = int(np.argmax(means))
        found = [kim_nelson(draw(most), 1.0) for _ in range(studies)]
        right = np.mean([one.selected == best for one in found])
        rows = np.mean([one.out_at.sum() + one.out_at.max() for one in found])
        said, wrong = 0, 0
        for _ in range(5 * studies):
            chosen = np.flatnonzero(decide(draw(20), 0, 1.0, 0.5)["selected"])
            said += len(chosen)
            wrong += any(place != best for place in chosen)
        table.append((name, right, rows, said / (5 * studies), wrong / (5 * studies)))
    return pd.DataFrame(table, columns=["configuration", "right", "rows", "said", "wrong"])
