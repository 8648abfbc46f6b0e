"""Draw the pay schedule of a draft: corners for the sliders, lines for the picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.rules.schedule import Schedule, bonus_schedule, pay_schedule
from sim.scenario import InputError, Policy, Scenario
from sim.scenario.pay import Pay
from sim.scenario.reform import reform

LOWEST = 60.0  # the picture's left edge, where nothing happens under it
HANDLES = (0.0, 80.0, 90.0)  # scores at which a rule gets a corner to pull at, without changing
_APART = 2.0  # points from another corner


def drawn(scenario: Scenario, changes: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the lines of the current rule and of a draft.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    changes : mapping of str to Any
        The draft's changes; those of pay count.

    Returns
    -------
    dict or None
        ``now`` and ``new``, each with ``pay`` and ``bonus``, lists of [score, share], ``low`` (the left
        edge), ``rank`` (whether pay follows ranks), and ``corners``, those of the draft as a schedule
        writes them. None where the scenario has no pay.

    Raises
    ------
    InputError
        If the scenario refuses the changes.

    Examples
    --------
    >>> import sim
    >>> from sim.dashboard.schedule import drawn
    >>> drawn(sim.load("one-office"), {"pay.deduction_per_point": 2})["new"]["pay"]
    [[40.0, 0.0], [45.0, 0.0], [45.0, 0.0], [95.0, 1.0], [95.0, 1.0], [100.0, 1.0]]
    """
    if scenario.pay is None:
        return None
    of_pay = {path: value for path, value in changes.items() if path.split(".")[0] == "pay"}
    after = reform(scenario, Policy.of(of_pay)).pay if of_pay else scenario.pay
    if after is None:
        raise InputError("the pay rule cannot be taken away here", remedy="Reset it")
    low = min(_left(scenario.pay), _left(after))
    return {
        "now": _lines(scenario.pay, low),
        "new": _lines(after, low),
        "low": low,
        "rank": after.basis == "rank",
        "corners": corners(after),
    }


def corners(pay: Pay) -> list[dict[str, float]]:
    """Return a rule of assessment pay as the corners of a schedule, within 0 to 100 points; `HANDLES` are
    among them."""
    if pay.schedule is not None:
        return [point.model_dump(mode="json", exclude_none=True) for point in pay.schedule]
    line = pay_schedule(pay)
    found = [
        (float(score), float(before), float(here))
        for score, before, here in zip(line.at, line.before, line.here, strict=True)
        if 0 < score <= 100
    ]
    free = [at for at in HANDLES if all(abs(at - score) > _APART for score, _, _ in found)]
    listed = sorted([*found, *((at, *2 * (float(line.value(at)),)) for at in free)])
    return [
        {"score": round(score, 2), "share": round(before, 4)}
        | ({"jump_to": round(here, 4)} if here != before else {})
        for score, before, here in listed
    ]


def _left(pay: Pay) -> float:
    """Return the left edge of the picture: under the lowest corner at which something happens."""
    if pay.basis == "rank":
        return 0.0
    at = np.concatenate([pay_schedule(pay).at, bonus_schedule(pay).at])
    inner = at[at > 0]
    return float(max(min(LOWEST, np.floor(inner.min() / 5) * 5 - 5 if len(inner) else LOWEST), 0.0))


def _lines(pay: Pay, low: float) -> dict[str, list[list[float]]]:
    return {"pay": _line(pay_schedule(pay), low), "bonus": _line(bonus_schedule(pay), low)}


def _line(schedule: Schedule, low: float) -> list[list[float]]:
    """Return a schedule from `low` to 100 as points of a line; a jump is two points at one score."""
    inside = [
        point
        for score, before, here in zip(schedule.at, schedule.before, schedule.here, strict=True)
        if low < score < 100 or score == 100
        for point in ((score, before), (score, here))
    ]
    points = [(low, schedule.value(low)), *inside, (100.0, schedule.value(100.0))]
    return [[round(float(score), 4), round(float(share), 6)] for score, share in points]
