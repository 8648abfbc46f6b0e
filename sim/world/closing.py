"""The end of the day at a front desk: the last tickets, and people who go home when it closes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.scenario.calendar import WorkingCalendar
from sim.scenario.schema import Scenario
from sim.scenario.steps import Work
from sim.scenario.time import DAY_S

from .reroute import COUNTER
from .tasks import Tasks


def until_closing(
    scenario: Scenario,
    calendar: WorkingCalendar,
    requests: pd.DataFrame,
    tasks: Tasks,
    rows: np.ndarray,
    comes_s: np.ndarray,
) -> np.ndarray:
    """Return the patience of the requests `rows` that come at `comes_s`, shortened by the closing of their
    front desk on that day, int64 s.

    Who comes in person within `last_ticket_minutes` of closing has none, unless they have an appointment. Who
    `goes_home` has it until then. Those who come when the desk has closed wait for the morning, as ever; so
    do open matters.
    """
    patience = requests["patience_s"].to_numpy(np.int64)[rows]
    rules = {
        unit: (
            round(60 * (scenario.setting(unit, "last_ticket_minutes") or 0)),
            scenario.setting(unit, "goes_home"),
        )
        for unit in scenario.units
    }
    if not any(map(any, rules.values())):
        return patience
    requests = requests.iloc[rows]
    last_s, home = _at_desks(scenario, rules)
    first = np.append(tasks.step, 0)[tasks.first[rows]]
    cell = first, requests["unit"].cat.codes.to_numpy()
    left_s = _closings(calendar, comes_s) - comes_s
    there = (left_s > 0) & (np.diff(tasks.first)[rows] > 0)
    if "channel" in requests:
        there &= (requests["channel"] == COUNTER).to_numpy()
    if "received_s" in requests:
        there &= (requests["received_s"] == requests["arrival_s"]).to_numpy()
    endless = np.iinfo(np.int64).max
    most = np.where(there & home[cell], left_s, endless)
    walks_in = ~requests["booked"].to_numpy() if "booked" in requests else True
    most = np.where(there & walks_in & (left_s <= last_s[cell]), 0, most)
    shorter = np.minimum(np.where(patience < 0, endless, patience), most)
    return np.where(shorter == endless, -1, shorter)


def _at_desks(scenario: Scenario, rules: dict[str, tuple[int, bool]]) -> tuple[np.ndarray, np.ndarray]:
    """Return, by the step to which a request comes first and its unit, (steps, units): the seconds before
    closing without tickets, and whether people go home then; 0 and False where it is no front desk.

    `rules` are those of each unit.
    """
    units = list(scenario.units)
    steps = [step for kind in scenario.kinds.values() for step in kind.route.values()]
    last_s, home = np.zeros((2, len(steps), len(units)), np.int64)
    for number, step in enumerate(steps):
        if not isinstance(step, Work):
            continue
        place, _, role = step.at.partition("/")
        if not scenario.roles[role].front:
            continue
        for column, own in enumerate(units):
            unit = place if place in scenario.units else own
            last_s[number, column], home[number, column] = rules[unit]
    return last_s, home > 0


def _closings(calendar: WorkingCalendar, moments: np.ndarray) -> np.ndarray:
    """Return when the office closes on the day of each moment, int64 s; 0 where it does not.

    Hours past midnight are of the day on which they begin. A day whose last shift ends as the next day's
    first begins has no closing of its own: the office closes at the end of that day. Hours that reach the
    end of the horizon do not close.
    """
    shifts, end_s = calendar.shifts(), calendar.days * DAY_S
    begins, ends = shifts.T
    opens, closes = np.full(calendar.days + 1, end_s), np.zeros(calendar.days + 1, np.int64)
    np.minimum.at(opens, begins // DAY_S, begins)
    np.maximum.at(closes, begins // DAY_S, ends)
    goes_on = np.append(closes[:-1] >= opens[1:], False)
    last_day = np.where(goes_on, calendar.days, np.arange(calendar.days + 1))
    closes = closes[np.minimum.accumulate(last_day[::-1])[::-1]]
    closes[closes >= end_s] = 0
    number = np.searchsorted(begins, moments, side="right") - 1  # of the shift that began last
    begun, until = (np.append(edge, 0)[number] for edge in (begins, ends))  # none before the first
    day = np.where(moments < until, begun, moments) // DAY_S
    return closes[np.minimum(day, calendar.days)]
