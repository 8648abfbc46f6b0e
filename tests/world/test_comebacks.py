"""Who is turned away and comes again: on which day, and how the closing of that day holds for them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sim
from sim.flow import ENGINES
from sim.scenario.calendar import calendar_of
from sim.world.comebacks import comes_again
from sim.world.tasks import LAST_MOMENT
from tests.flow.counter import counter

HOUR_S = 3600
LONG, SHORT = ["08:00-16:00"], ["08:00-12:00"]
WEEK = {"mon": LONG, "tue": SHORT, "wed": LONG}


def second(engine: str, at: float, ahead_hours: float, kind: dict | None = None, **hall: object) -> pd.Series:
    """What becomes of who comes on Monday at that hour, when the day's only ticket is gone.

    The one ahead needs so many hours from 8:00 on; Tuesday closes at noon, Wednesday at 16:00.
    """
    data = counter(
        hall={"tickets_a_day": 1, **hall},
        kind={"comes_back": 0.95, **(kind or {})},
        calendar={"country": "none", "week": WEEK},
        horizon={"start": "2025-01-06", "minutes": 3 * 1440},
    )
    rows = [
        {"kind": "visit", "unit": "hall", "arrival_s": 8 * HOUR_S, "work_s.serve": ahead_hours * HOUR_S},
        {"kind": "visit", "unit": "hall", "arrival_s": int(at * HOUR_S), "work_s.serve": 600},
    ]
    return sim.simulate(sim.build(data), replay=pd.DataFrame(rows), seed=2, engine=engine).requests.iloc[1]


def hours(moment: int) -> float | None:
    return None if moment < 0 else moment / HOUR_S


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("at", "begins"),
    [
        (11, 24 + 11),  # on Tuesday at that hour
        (14.5, 48 + 14.5),  # Tuesday closes at noon, so on Wednesday
        (12, 48 + 12),  # at noon it is closed already
        (17, 48 + 8),  # it is never open at 17: from Tuesday 17:00 on it opens next on Wednesday
    ],
)
def test_people_come_again_when_the_office_is_open(engine, at, begins):
    row = second(engine, at, 5)
    assert (hours(row["first_start_s"]), row["turned_away"]) == (begins, 1)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_desk_closes_for_them_on_the_day_on_which_they_stand_there(engine):
    """The one ahead is served until Wednesday at 9. Who comes again on Tuesday at 11 goes home at noon."""
    assert hours(second(engine, 11, 13, goes_home=True)["withdrawn_s"]) == 24 + 12
    assert hours(second(engine, 11.25, 13, last_ticket_minutes=60)["withdrawn_s"]) == 24 + 11.25
    assert hours(second(engine, 10.75, 13, last_ticket_minutes=60)["first_start_s"]) == 48 + 9


@pytest.mark.parametrize("engine", ENGINES)
def test_who_comes_again_has_as_much_patience_as_at_first(engine):
    """Half an hour, on Tuesday as on Monday."""
    patient = {"patience_minutes": 30, "patience_shape": {"distribution": "constant"}}
    assert hours(second(engine, 11, 13, patient, goes_home=True)["withdrawn_s"]) == 24 + 11.5
    assert hours(second(engine, 11.75, 13, patient, goes_home=True)["withdrawn_s"]) == 24 + 12


OFFICE = {
    "mon": ["08:00-12:00", "14:00-16:00"],
    "thu": ["10:00-15:00", "22:00-06:00"],
    "fri": ["08:00-16:00"],
}


@pytest.mark.parametrize(
    ("from_", "to"),
    [
        ("mon 09:00", "fri 09:00"),  # on Thursday it is not yet open
        ("mon 11:00", "thu 11:00"),
        ("mon 13:00", "thu 13:00"),  # in the break at noon
        ("mon 15:30", "fri 15:30"),
        ("fri 03:00", None),  # the night shift comes again after the horizon
        ("thu 22:30", None),
        ("mon 17:00", "thu 10:00"),  # it is never open at that hour
        ("thu 07:00", "fri 08:00"),
        ("wed 03:00", "fri 03:00"),
    ],
)
def test_the_day_and_hour(from_, to):
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

    def moment(text: str) -> int:
        day, clock = text.split()
        return days.index(day) * 86_400 + int(clock[:2]) * HOUR_S + int(clock[3:]) * 60

    horizon = {"start": "2025-01-06", "minutes": 7 * 1440}
    case = sim.build(counter(calendar={"country": "none", "week": OFFICE}, horizon=horizon))
    found = comes_again(calendar_of(case), np.array([moment(from_), LAST_MOMENT]))
    assert found.tolist() == [LAST_MOMENT if to is None else moment(to), LAST_MOMENT]
