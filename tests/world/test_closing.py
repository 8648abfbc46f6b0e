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


def served(
    engine: str, arrivals: list[float], hours: float, office: sim.Scenario = OFFICE, **rules: object
) -> list[float | None]:
    """When each is begun, in hours, None = leaves; the office is open 8 to 12 and 14 to 16."""
    rows = [
        {"kind": "visit", "unit": "office", "arrival_s": HOUR_S * at, "work_s.serve": HOUR_S * hours}
        for at in arrivals
    ]
    changes = {f"unit_types.office.{name}": value for name, value in rules.items()}
    result = sim.simulate(office, changes, replay=pd.DataFrame(rows), engine=engine)
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


@pytest.mark.parametrize("engine", ENGINES)
def test_who_comes_too_late_takes_no_ticket(engine):
    """Two tickets. The clerk is busy until 15:30; who comes at 15:24 leaves, and 15:48 has the second."""
    arrivals = [15, 15.4, 15.8]
    rules = {"last_ticket_minutes": 42, "tickets_a_day": 2}
    assert served(engine, arrivals, 0.5, **rules) == [15, None, 15.8]


NIGHT = sim.reform(
    OFFICE,
    {
        "calendar.week": dict.fromkeys(("mon", "tue"), ["22:00-06:00"]),
        "horizon": {"start": "2025-01-06", "minutes": 4 * 1440},
    },
)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_night_shift_closes_in_the_morning(engine):
    """Work of an hour. Those of 4:30 and 5:12 are served from 4:30 and 5:30; who comes at 5:36 is late."""
    arrivals = [28.5, 29.2, 29.6]
    assert served(engine, arrivals, 1, NIGHT) == [28.5, 29.5, 46.5]
    assert served(engine, arrivals, 1, NIGHT, last_ticket_minutes=30) == [28.5, 29.5, None]
    assert served(engine, arrivals, 1, NIGHT, goes_home=True) == [28.5, 29.5, None]


TOUCHING = sim.reform(
    OFFICE,
    {
        "calendar.week": dict.fromkeys(("mon", "tue", "thu"), ["06:00-14:00", "22:00-06:00"]),
        "horizon": {"start": "2025-01-06", "minutes": 5 * 1440},
    },
)


@pytest.mark.parametrize("engine", ENGINES)
def test_shifts_that_touch_close_when_the_last_of_them_ends(engine):
    """Open 6 to 14 and 22 to 6. From 14 to 22 is a break on Monday and on Tuesday; at 6 on Tuesday the office
    goes on. It closes on Wednesday at 6, and opens again on Thursday."""
    arrivals = [13.25, 13.75, 29.25, 29.75, 37.25, 37.75, 53.25, 53.75]
    waits = [13.25, 22.25, 29.25, 30.25, 37.25, 46.25, 53.25]
    assert served(engine, arrivals, 1, TOUCHING) == [*waits, 78.25]
    assert served(engine, arrivals, 1, TOUCHING, last_ticket_minutes=30) == [*waits, None]
    assert served(engine, arrivals, 1, TOUCHING, goes_home=True) == [*waits, None]


def test_an_office_that_never_closes_has_no_last_tickets():
    always = {"calendar.week": "always", "unit_types.office.last_ticket_minutes": 30}
    usual = sim.simulate(OFFICE, {"calendar.week": "always"}, seed=4).requests
    assert sim.simulate(OFFICE, always, seed=4).requests.equals(usual)


@pytest.mark.parametrize("engine", ENGINES)
def test_who_has_booked_needs_no_ticket(engine):
    """Works of 1.5 hours. Slots at 9, 10, 11 and 15: all are served, in the last hour and without places."""
    offered = {"kinds.visit.appointments": {"share": 1, "every_minutes": 60, "places": 1}}
    rules = {"tickets_a_day": 1, "places": 0, "last_ticket_minutes": 60}
    booked = sim.reform(OFFICE, offered)
    assert served(engine, [8.5, 8.5, 8.5, 14.5], 1.5, booked, **rules) == [9, 10.5, 14, 15.5]


@pytest.mark.parametrize("engine", ENGINES)
def test_closing_ends_the_first_wait_only(engine):
    """Served 15:00–16:00, called back at noon of the next day: patience is for the whole matter, 60 hours."""
    waits = {"type": "delay", "reason": "other", "amount": 20, "per": "hours", "distribution": "constant"}
    serve = {"type": "work", "at": "own/window", "minutes": 60, "distribution": "constant"}
    changes = {
        "kinds.visit.route": {"serve": serve, "waits": waits, "answer": serve},
        "kinds.visit.patience_minutes": 3600,
        "kinds.visit.patience_shape": {"distribution": "constant"},
        "kinds.visit.patience_covers": "whole",
        "unit_types.office.goes_home": True,
    }
    rows = [{"kind": "visit", "unit": "office", "arrival_s": HOUR_S * 15}]
    steps = sim.simulate(OFFICE, changes, replay=pd.DataFrame(rows), engine=engine).steps
    assert (steps["start_s"] / HOUR_S).tolist() == [15, 16, 38]


def test_off_is_as_without():
    usual = sim.simulate(OFFICE, seed=4).requests
    off = {"unit_types.office.goes_home": False, "unit_types.office.last_ticket_minutes": None}
    assert sim.simulate(OFFICE, off, seed=4).requests.equals(usual)
