"""Appointments 预约: people who book a slot come when it begins, not when the thought struck them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.scenario.calendar import WorkingCalendar
from sim.scenario.schema import Scenario
from sim.scenario.service import Appointments

from .routes import Cells
from .streams import Streams


def with_appointments(
    scenario: Scenario, calendar: WorkingCalendar, requests: pd.DataFrame, end_s: int, streams: Streams
) -> pd.DataFrame:
    """Return the requests with `booked`, bool, and those booked at the begin of their slots.

    Of each kind a share books, at the moment at which it would have come, the next slot that has a place at
    the unit. Who finds none within the horizon comes without. Without any appointments the table stays.
    """
    offered = {name: kind.appointments for name, kind in scenario.kinds.items() if kind.appointments}
    if not offered:
        return requests
    drawn = Cells.of(requests).draw("appointment", requests["number"], streams)
    arrival = requests["arrival_s"].to_numpy(np.int64).copy()
    booked = np.zeros(len(requests), bool)
    units = requests["unit"].cat.codes.to_numpy()
    for name, part in offered.items():
        begins = _slots(part, calendar, end_s)
        books = (requests["kind"] == name).to_numpy() & (drawn < part.share)
        for unit in np.unique(units[books]):
            own = np.flatnonzero(books & (units == unit))
            own = own[np.argsort(arrival[own], kind="stable")]
            slots = _booked(arrival[own], begins, part.places)
            own, slots = own[slots < len(begins)], slots[slots < len(begins)]
            arrival[own], booked[own] = begins[slots], True
    return requests.assign(arrival_s=arrival, booked=booked)


def _slots(offered: Appointments, calendar: WorkingCalendar, end_s: int) -> np.ndarray:
    """Return when the slots begin (s), in order: from each opening on, as long as the office is open."""
    every_s = round(60 * offered.every_minutes)
    begins = [np.arange(start, end, every_s) for start, end in calendar.open_spans().tolist()]
    slots = np.concatenate([np.empty(0, np.int64), *begins])
    return slots[slots < end_s]


def _booked(wished_s: np.ndarray, begins: np.ndarray, places: int) -> np.ndarray:
    """Return the slot of each wish, in order of wishes: the next with a place; ``len(begins)`` = none."""
    slot, taken = 0, 0
    chosen = np.searchsorted(begins, wished_s)
    for wish, earliest in enumerate(chosen.tolist()):
        if earliest > slot:
            slot, taken = earliest, 0
        elif taken == places:
            slot, taken = slot + 1, 0
        chosen[wish] = slot
        taken += 1
    return chosen
