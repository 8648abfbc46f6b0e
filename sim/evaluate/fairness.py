"""Whether one standard asks the same of small and large offices, and what remedies cost.

A small office waits in bursts: at the same load it misses the same limit more often, and its yearly result is
noisier. Erlang 1917 (M/M/c); Kolesar and Green 1998, Prod. Oper. Manag. 7 (economies of scale in staffing).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri, pdtr

from sim.rules.schedule import Schedule
from sim.scenario.counts import number_of
from sim.scenario.errors import InputError

from .panel import jackknife, panel

LIMIT, SHARE = 10.0, 0.95  # in mean service times; of the cases
CLASSES = ("small", "middle", "large")
QUALITY, WEAK = 1.0, -2.0  # points from the line of a good and of a weak office


def late_share(servers: int, load: float, limit: float) -> float:
    """Return the chance that a case of an M/M/c queue takes longer than `limit` mean service times."""
    offered = servers * load
    blocked = 1 - float(pdtr(servers - 1, offered) / pdtr(servers, offered))
    waits = blocked / (1 - load * (1 - blocked))
    rate = servers * (1 - load)
    if abs(rate - 1) < 1e-7:  # both stages are equally long
        return float(np.exp(-limit) * (1 + waits * limit))
    return float(np.exp(-limit) + waits * (np.exp(-rate * limit) - np.exp(-limit)) / (1 - rate))


def highest_load(servers: ArrayLike, *, limit: float = LIMIT, share: float = SHARE) -> np.ndarray:
    """Return the greatest load at which this share of cases is done within `limit` mean service times.

    servers : whole numbers, 1 or more. NaN where not even an idle office reaches the share.

    Examples
    --------
    >>> highest_load([1, 3, 8]).round(3).tolist()
    [0.7, 0.895, 0.959]
    """
    from scipy.optimize import brentq  # late: a large import

    found = []
    for count in np.atleast_1d(np.asarray(servers, int)):
        if count < 1:
            raise InputError(f"a queue of {count} servers", remedy="Give offices with 1 or more people")
        if np.exp(-limit) > 1 - share:
            found.append(np.nan)
            continue
        edge = 1 - 1e-9
        found.append(
            brentq(lambda load, own=count: late_share(int(own), load, limit) - (1 - share), 1e-6, edge)
        )
    return np.array(found)


def by_size(
    outcomes: pd.DataFrame,
    policy: str,
    line: float,
    people: Mapping[str, int],
    schedule: Schedule,
    *,
    of: str = "score",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return false alarms and deductions of small, middle and large units, in thirds by number of people.

    Parameters
    ----------
    outcomes, policy : DataFrame, str
        A study's outcomes under one behaviour, and the policy.
    line : float
        The threshold, in the outcome's unit.
    people : mapping of str to int
        People of each unit; other units are left out.
    schedule : Schedule
        Share of assessment pay by score.
    of : str, default "score"
        The outcome that is judged.
    confidence : float, default 0.95
        Of the intervals, which are jackknifed over replications.

    Returns
    -------
    DataFrame
        One row per class with units: ``size``, ``units``, ``people`` (mean), ``false_alarm`` (share of the
        years of units truly at or above the line that are measured below), ``deduction`` (mean, % of
        assessment pay) and ``excess`` (beyond what the true value costs), each with ``…_low``, ``…_high``.

    Raises
    ------
    InputError
        If there are several behaviours, fewer than two replications, or fewer than three sized units.

    Examples
    --------
    >>> import sim
    >>> rows = sim.study("incentive-schemes").outcomes.query("behaviour == 'mechanical'")
    >>> from sim.rules.schedule import pay_schedule
    >>> people = {"fanji": 3, "datao": 4, "dongkan": 8, "batan": 7}
    >>> by_size(rows, "current", 95.0, people, pay_schedule(sim.load("binhai").pay))["size"].tolist()
    ['small', 'middle', 'large']
    """
    found = panel(outcomes, policy, [of])
    sized = [(place, people[unit]) for place, unit in enumerate(found.units) if people.get(unit)]
    if len(sized) < len(CLASSES):
        raise InputError(
            f"{number_of(len(sized), 'unit')} with people and '{of}'",
            remedy="Give the people of three or more units",
        )
    places, sizes = map(np.array, zip(*sized, strict=True))
    edges = np.quantile(sizes, [1 / 3, 2 / 3])
    classes = np.searchsorted(edges, sizes, side="left")
    values = found[of][:, :, places]
    true = np.nanmean(values, axis=(0, 1))
    at_true = 100 * (1 - schedule.value(true))
    taken = np.where(np.isnan(values), np.nan, 100 * (1 - schedule.value(np.nan_to_num(values))))
    members = np.repeat(np.arange(len(values)), values.shape[1])[:, None]
    z = float(ndtri((1 + confidence) / 2))
    rows = []
    for number, name in enumerate(CLASSES):
        own = classes == number
        if not own.any():
            continue
        known = np.isfinite(values[:, :, own])
        good = known & (true[own] >= line)
        row: dict[str, object] = {"size": name, "units": int(own.sum()), "people": float(sizes[own].mean())}
        parts = {
            "false_alarm": (good & (values[:, :, own] < line - 1e-9), good),
            "deduction": (np.where(known, taken[:, :, own], 0), known),
            "excess": (np.where(known, taken[:, :, own] - at_true[own], 0), known),
        }
        for column, (above, under) in parts.items():
            sums = np.stack([above.sum(axis=2).ravel(), under.sum(axis=2).ravel()], axis=1).astype(float)
            value, se = jackknife(sums, members)
            ends = np.array([value - z * se, value + z * se])
            low, high = np.clip(ends, 0, 1) if column == "false_alarm" else ends
            row |= {column: value, f"{column}_low": float(low), f"{column}_high": float(high)}
        rows.append(row)
    return pd.DataFrame(rows)


def remedies(
    units: pd.DataFrame, line: float, *, quality: float = QUALITY, weak: float = WEAK
) -> pd.DataFrame:
    """Return what remedies do to equally good units of unequal noise, and to weak ones.

    Every unit is held to be `quality` points above the line, and then `weak` below it, with its own noise.

    Parameters
    ----------
    units : DataFrame
        Columns luck_sd and reliability, as of `reliability` of scores.
    line : float
        The threshold, points.
    quality, weak : float, optional
        Points from the line.

    Returns
    -------
    DataFrame
        One row per remedy: ``remedy`` (``as_is``, ``mean_of_years`` of 2, 3, 5 years, ``gate`` at a one-sided
        confidence, ``own_line`` for each unit with one chance of a false alarm, ``shrunk``), ``setting``,
        ``false_alarm`` (mean over units), ``unequal`` (greatest less least false alarm) and ``caught`` (mean
        chance of a weak unit to be under the line).

    Raises
    ------
    InputError
        If fewer than two units have noise.

    Notes
    -----
    Noise is normal. A fair remedy has a small ``unequal``; an efficient one still catches the weak.

    Examples
    --------
    >>> import pandas as pd
    >>> units = pd.DataFrame({"true": 95.0, "luck_sd": [1.0, 3.0], "reliability": [0.8, 0.3]})
    >>> found = remedies(units, 95.0).set_index("remedy")
    >>> float(found.loc["as_is", "unequal"].round(2))
    0.21
    """
    known = units[(units["luck_sd"] > 0) & units["reliability"].notna()]
    if len(known) < 2:
        raise InputError(
            f"{number_of(len(known), 'unit')} with noise", remedy="Give two or more, of several replications"
        )
    sd, trust = known["luck_sd"].to_numpy(float), known["reliability"].to_numpy(float)

    def row(remedy: str, setting: float, cut: np.ndarray, noise: np.ndarray, pull: np.ndarray) -> dict:
        """Judge scores, drawn to the units' middle by `pull`, against `cut`; both in points from the line."""
        false, caught = (ndtr((cut - (middle + pull * (at - middle))) / noise) for at in (quality, weak))
        return {
            "remedy": remedy,
            "setting": setting,
            "false_alarm": float(false.mean()),
            "unequal": float(np.ptp(false)),
            "caught": float(caught.mean()),
        }

    middle = float(known["true"].mean()) - line
    one, none = np.ones(len(sd)), np.zeros(len(sd))
    rows = [row("as_is", 1.0, none, sd, one)]
    rows += [row("mean_of_years", float(years), none, sd / np.sqrt(years), one) for years in (2, 3, 5)]
    rows += [row("gate", level, -float(ndtri(level)) * sd, sd, one) for level in (0.6, 0.7, 0.8, 0.9, 0.95)]
    rows += [
        row("own_line", chance, quality + float(ndtri(chance)) * sd, sd, one)
        for chance in (0.4, 0.3, 0.2, 0.1, 0.05)
    ]
    rows.append(row("shrunk", float(trust.mean()), none, trust * sd, trust))
    return pd.DataFrame(rows)
