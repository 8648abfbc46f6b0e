"""The last tickets of the day, and people who go home when the desk closes: by hand, in both executors."""

from __future__ import annotations

import pandas as pd
import pytest

import sim
from sim.flow import ENGINES

HOUR_S = 3600
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ["08:00-12:00", "14:00-16:00"])
OFFICE = sim.reform(
    sim.load("one-office"),
    {"calendar.week": WEEK, "horizon": {"start": "2025-01-06", "minutes": 2880}},
)


def served(engine: str, arrivals: list[float], hours: float, **rules: object) -> list[float | None]:
    """When each is begun, in hours, None = leaves; the office is open 8 to 12 and 14 to 16."""
    rows = [
        {"kind": "visit", "unit": "office", "arrival_s": HOUR_S * at, "work_s.serve": HOUR_S * hours}
        for at in arrivals
    ]
    changes = {f"unit_types.office.{name}": value for name, value in rules.items()}
    result = sim.simulate(OFFICE, changes, replay=pd.DataFrame(rows), engine=engine)
    return [None if moment < 0 else moment / HOUR_S for moment in result.requests["first_start_s"]]


@pytest.mark.parametrize("engine", ENGINES)
def test_no_tickets_in_the_last_half_hour(engine):
    """Work of an hour. At 15:15 the clerk is free, at 15:20 not yet late; 15:40 leaves, and 17:00 waits for
    the morning."""
    arrivals = [15.25, 15 + 1 / 3, 15 + 2 / 3, 17]
    assert served(engine, arrivals, 1) == [15.25, 32.25, 33.25, 34.25]
    assert served(engine, arrivals, 1, last_ticket_minutes=30) == [15.25, 32.25, None, 33.25]


@pytest.mark.parametrize("engine", ENGINES)
def test_who_comes_late_and_finds_a_clerk_free_is_served(engine):
    assert served(engine, [11.75, 15.75], 0.2, last_ticket_minutes=30) == [11.75, 15.75]


@pytest.mark.parametrize("engine", ENGINES)
def test_who_waits_at_closing_goes_home(engine):
    """Noon is no closing. Those of 15:00 and 15:30 wait for a clerk who is busy until 16:00."""
    assert served(engine, [11, 11.5, 15], 2, goes_home=True) == [11, 15, None]
    assert served(engine, [11, 11.5, 15], 2) == [11, 15, 33]


def test_off_is_as_without():
    usual = sim.simulate(OFFICE, seed=4).requests
    off = {"unit_types.office.goes_home": False, "unit_types.office.last_ticket_minutes": None}
    assert sim.simulate(OFFICE, off, seed=4).requests.equals(usual)
