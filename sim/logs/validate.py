"""Hold a fit against records that it has not seen, and say in words what it is fit for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sim.scenario.errors import InputError

from .distances import cycle_hours, distances
from .fit.delays import Delay
from .fit.estimate import Estimate
from .fit.model import Fit, fit_log
from .intervals import months, outcomes
from .read import Log
from .simulated import simulated_part
from .verdict import Question, verdict

LEAST_HELD_OUT = 30
TRAINING = 0.7
REPLICATIONS = 20
MANY_EVENTS = 100_000  # from here on, drawing numbers anew takes longer than simulating
NAIVE = 5  # simulations of the naive model at most: their mean is the yardstick
DRAWN_OF_MANY = 5  # simulations with drawn numbers then; Student's t widens the intervals
AFTERWARDS_DAYS = 365  # in which cases under way can finish


@dataclass(frozen=True)
class Validation:
    """What a fit of the first part of a log says of the second.

    Attributes
    ----------
    split : Timestamp
        The moment from which arrivals are held out.
    trained, held_out : int
        Cases of both parts.
    fitted : DataFrame
        The distances of each replication, a row each.
    replayed, naive : dict of str to float
        The distances of the two yardsticks: the training part shifted by whole weeks, and a model without the
        waits that people do not explain.
    outcomes : DataFrame
        Outcomes of the held-out part, a row each: real, low, middle, high. The interval is a 95 % prediction
        interval: the luck of a period, and fitted numbers that are drawn anew within their errors.
    months : DataFrame
        Likewise the mean cycle time, hours, of the cases of each month, and whether the interval covers it.
    cycles : list of ndarray
        Cycle times in hours: of the held-out part first, then of each replication with drawn numbers.
    verdict : tuple of Question
        What the fit is fit for.
    """

    split: pd.Timestamp
    trained: int
    held_out: int
    fitted: pd.DataFrame
    replayed: Mapping[str, float]
    naive: Mapping[str, float]
    outcomes: pd.DataFrame
    months: pd.DataFrame
    cycles: list[np.ndarray]
    verdict: tuple[Question, ...]

    @property
    def covered(self) -> float:
        """Share of the held-out months whose mean cycle time the interval covers; NaN without any."""
        return float(self.months["covered"].mean()) if len(self.months) else float("nan")


def validate(
    log: Log,
    *,
    replications: int = REPLICATIONS,
    split: pd.Timestamp | None = None,
    finished: bool = False,
    progress: Callable[[str], object] = lambda _: None,
) -> Validation:
    """Fit the first part of a log, simulate the second many times, and compare.

    Parameters
    ----------
    log : Log
        The log.
    replications : int, optional
        Simulations of the held-out period: as many with the fitted numbers, for the distances, and with
        numbers drawn within their errors, for the intervals (of these at most 5 from 100,000 events on).
    split : Timestamp, optional
        Cases that come from then on are held out; the last 30 % if left out.
    finished : bool, optional
        The log holds finished cases only. Otherwise cases under way when it ends are cut there, and the
        simulated ones with them.
    progress : callable, optional
        Is told what is computed next.

    Returns
    -------
    Validation
        Distances beside the yardsticks, outcomes with intervals, the verdict.

    Raises
    ------
    InputError
        If one of the two parts has fewer than 30 cases.
    """
    arrival = log.cases["arrival"]
    when = (arrival.sort_values().iloc[int(TRAINING * len(arrival))] if split is None else split).normalize()
    early = arrival < when
    if min(int(early.sum()), int((~early).sum())) < LEAST_HELD_OUT:
        message = f"one part of the log has fewer than {LEAST_HELD_OUT} cases, split at {when:%Y-%m-%d}"
        raise InputError(message, file=log.origin.file, remedy="Import it unvalidated, by --replications 0")
    training, held_out = part_of(log, early), part_of(log, ~early)
    fit = fit_log(training)
    last = arrival.max()
    end = log.events["end"].max() + (pd.Timedelta(days=AFTERWARDS_DAYS) if finished else pd.Timedelta(0))
    real = _until(_with_arrival(held_out), end)
    progress("replications")
    simulated = [_until(one, end) for one in simulated_part(fit, when, last, end, replications)]
    plain = simulated_part(_without_waits(fit), when, last, end, min(replications, NAIVE))
    naive = pd.DataFrame([distances(real, _until(one, end)) for one in plain]).mean()
    yardstick = {name: float(naive[name]) for name in naive.index}
    replayed = _until(_shifted(training, real), end)
    fitted = pd.DataFrame([distances(real, one) for one in simulated])
    several = drawn_replications(replications, len(log.events))
    progress(f"{several} replications with numbers drawn within their errors")
    drawn = [_until(one, end) for one in simulated_part(fit, when, last, end, several, drawn=True)]
    found = outcomes(held_out, real, drawn, end)
    told = {"replayed": distances(real, replayed), "naive": yardstick}
    questions = verdict(fit, fitted.mean(), told["replayed"], told["naive"], found)
    return Validation(
        split=when,
        trained=len(training.cases),
        held_out=len(held_out.cases),
        fitted=fitted,
        outcomes=found,
        months=months(real, drawn),
        cycles=[cycle_hours(one) for one in (real, *drawn)],
        verdict=tuple(questions),
        **told,
    )


def drawn_replications(replications: int, events: int) -> int:
    """Simulations with drawn numbers, of a log with so many events.

    Examples
    --------
    >>> from sim.logs.validate import drawn_replications
    >>> drawn_replications(10, 99_999), drawn_replications(10, 250_000), drawn_replications(3, 250_000)
    (10, 5, 3)
    """
    return min(replications, DRAWN_OF_MANY) if events >= MANY_EVENTS else replications


def part_of(log: Log, chosen: pd.Series) -> Log:
    """The log with the chosen cases only, each whole."""
    kept = np.flatnonzero(chosen.to_numpy())
    number = np.full(len(log.cases), -1)
    number[kept] = np.arange(len(kept))
    events = log.events[number[log.events["case"]] >= 0]
    events = events.assign(case=number[events["case"]]).reset_index(drop=True)
    for name in ("activity", "person"):
        events[name] = events[name].cat.remove_unused_categories()
    return replace(log, events=events, cases=log.cases.iloc[kept].reset_index(drop=True))


def _without_waits(fit: Fit) -> Fit:
    """The fit as if only people made cases wait: no delay but theirs."""
    none = Delay(Estimate(1.0, 0.0, 1), ())
    kinds = [
        replace(kind, routing=replace(kind.routing, delays=dict.fromkeys(kind.routing.delays, none)))
        for kind in fit.kinds
    ]
    return replace(fit, kinds=tuple(kinds))


def _with_arrival(log: Log) -> pd.DataFrame:
    return log.events.assign(arrival=log.cases["arrival"].to_numpy()[log.events["case"]])


def _until(log: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    return log[log["end"] <= end]


def _shifted(training: Log, real: pd.DataFrame) -> pd.DataFrame:
    """The training part in place of the held-out one: its last cases, moved on by whole weeks."""
    begin = real["arrival"].min()
    events = _with_arrival(training)
    span = real["arrival"].max() - begin
    events = events[events["arrival"] >= events["arrival"].max() - span]
    weeks = round((begin - events["arrival"].min()) / pd.Timedelta(days=7))
    moved = pd.Timedelta(days=7 * weeks)
    return events.assign(**{name: events[name] + moved for name in ("start", "end", "arrival")})
