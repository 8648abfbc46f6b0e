"""A shift past midnight is one shift, in both executors."""

from __future__ import annotations

import pandas as pd
import pytest

import sim
from sim.flow import ENGINES
from sim.replication import simulate
from sim.scenario import InputError

from .offices import HOUR_S, clerks, kind, scenario, work


@pytest.mark.parametrize("engine", ENGINES)
def test_work_goes_on_after_midnight(engine: str) -> None:
    """A clerk is on duty on Wednesday from 22:00 to 06:00. People come at 20:00, 23:00 and 23:30; their work
    takes 2, 4 and 4 hours. They are served from 22:00, 24:00 and 04:00; the last is not done at 06:00.
    """
    night = {"clerk": clerks(week={"wed": ["22:00-06:00"]})}
    case = scenario(48, {"visit": kind(serve=work(1))}, {"visit": 1.0}, staff=night)
    table = pd.DataFrame(
        {
            "kind": "visit",
            "unit": "office",
            "arrival_s": [20 * HOUR_S, 23 * HOUR_S, int(23.5 * HOUR_S)],
            "work_s.serve": [2 * HOUR_S, 4 * HOUR_S, 4 * HOUR_S],
        }
    )
    result = simulate(case, replay=table, engine=engine)
    assert (result.requests["first_start_s"] / HOUR_S).tolist() == [22, 24, 28]
    assert result.requests["finish_s"].tolist() == [24 * HOUR_S, 28 * HOUR_S, -1]
    assert result.people["on_duty_s"].tolist() == [8 * HOUR_S]


@pytest.mark.parametrize(
    ("monday", "tuesday", "refused"),
    [("20:00-06:00", "05:00-12:00", True), ("20:00-06:00", "06:00-12:00", False)],
)
def test_a_night_ends_before_the_next_days_hours(monday: str, tuesday: str, refused: bool) -> None:
    """Hours of Tuesday from 5 on overlap with Monday's night until 6; from 6 on they follow it."""

    def office() -> sim.Scenario:
        staff = {"clerk": clerks(week={"mon": [monday], "tue": [tuesday]})}
        return scenario(24 * 7, {"visit": kind(serve=work(1))}, {"visit": 1.0}, staff=staff)

    if refused:
        with pytest.raises(InputError, match=f"{monday} on mon goes on into {tuesday} on tue"):
            office()
    else:
        assert simulate(office(), seed=1).people["on_duty_s"].tolist() == [16 * HOUR_S]
