"""Cases whose answer is known, through the engine as it is now: an office of one clerk against theory."""

from __future__ import annotations

from math import exp, factorial

import numpy as np
import pandas as pd

from sim.cache import LruCache
from sim.replication import simulate
from sim.scenario import Scenario, load
from sim.scenario.errors import InputError

OFFICE = "one-office"
REPLICATIONS, SEED = 20, 1
ERRORS = 4.0  # standard errors within which a case passes
_LOAD = 4 / 5
_WAITS = 2 * (_LOAD / 2) ** 2 / (1 + _LOAD / 2)  # Erlang's C of two clerks

# Four requests an hour of twelve minutes each; in time means called within the hour.
_IN_TIME_CONSTANT = (1 - _LOAD) * sum(
    exp(_LOAD * (5 - k)) * (-_LOAD * (5 - k)) ** k / factorial(k) for k in range(6)
)
THEORY = {
    ("current", "mean_wait_minutes"): ("M/M/1", 12 * _LOAD / (1 - _LOAD)),
    ("current", "on_time_rate"): ("M/M/1", 1 - _LOAD * exp(-1)),
    ("current", "utilisation"): ("M/M/1", _LOAD),
    ("one-more-clerk", "mean_wait_minutes"): ("M/M/2, Erlang C", 60 * _WAITS / (10 - 4)),
    ("one-more-clerk", "on_time_rate"): ("M/M/2, Erlang C", 1 - _WAITS * exp(-6)),
    ("same-twelve-minutes", "mean_wait_minutes"): ("M/D/1, Pollaczek-Khinchine", 24.0),
    ("same-twelve-minutes", "on_time_rate"): ("M/D/1, Erlang's sum", _IN_TIME_CONSTANT),
}


def cases() -> pd.DataFrame:
    """Run the cases.

    Returns
    -------
    DataFrame
        One row a case: case, policy, outcome, expected, found (mean of `REPLICATIONS` years), error (its
        standard error) and passed: within `ERRORS` standard errors.

    Raises
    ------
    InputError
        If the scenario ``one-office`` is not there.
    """
    try:
        office = load(OFFICE)
    except InputError as error:
        raise InputError(f"the cases need the scenario '{OFFICE}': {error.message}") from None
    columns = ["case", "policy", "outcome", "expected", "found", "error", "passed"]
    return pd.DataFrame(_done.get(office.digest(), lambda: _rows(office)), columns=columns)


Row = tuple[str, str, str, float, float, float, bool]
_done: LruCache[list[Row]] = LruCache(1)  # the code of a process stays the same


def _rows(office: Scenario) -> list[Row]:
    rows = []
    for policy in dict.fromkeys(policy for policy, _ in THEORY):
        years = [
            simulate(office, policy, seed=SEED, replication=number).units.iloc[0]
            for number in range(REPLICATIONS)
        ]
        for (of, outcome), (case, expected) in THEORY.items():
            if of != policy:
                continue
            values = np.array([float(year[outcome]) for year in years])
            spread = float(values.std(ddof=1) / np.sqrt(REPLICATIONS))
            passed = bool(abs(values.mean() - expected) <= ERRORS * spread)
            rows.append((case, policy, outcome, expected, float(values.mean()), spread, passed))
    return rows
