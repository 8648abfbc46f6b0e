"""Finite waiting rooms, tickets, people who leave at once, patience of any shape: exact traces, closed forms.

Cases B4 to B6 are of the literature on simulators with reneging.
"""

from __future__ import annotations

import copy

import numpy as np
import pandas as pd
import pytest

import sim
from sim.flow import ENGINES
from tests.flow.counter import counter, text

from .offices import agrees, clerks, kind, scenario, shifts, work
from .test_traces import UNIT_S, rows, timetable, units


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return request.param


def replayed(table: list[dict], patience: list[float]) -> list[dict]:
    return [row | {"patience_s": units_ * UNIT_S} for row, units_ in zip(table, patience, strict=True)]


def test_b4_patience_of_three(engine: str) -> None:
    """Arrivals every 7, service 11, patience 3: 1 is served 7–18, 2 leaves at 17, 3 is served 21–32, 4 leaves
    at 31.
    """
    steady = kind(serve=work(1)) | {"patience_minutes": 300, "patience_shape": {"distribution": "constant"}}
    result = timetable(34, rows([7, 14, 21, 28], 11), {"request": steady}, engine=engine)
    assert units(result.requests["first_start_s"]) == [7, None, 21, None]
    assert units(result.requests["withdrawn_s"]) == [None, 17, None, 31]


def test_b5_patience_replayed(engine: str) -> None:
    """Arrivals 3, 4, 5, 20, service 20, patience 100, 7, 6, 100: served 3–23 and 23–43, two leave at 11."""
    table = replayed(rows([3, 4, 5, 20], 20), [100, 7, 6, 100])
    result = timetable(50, table, engine=engine)
    assert units(result.requests["finish_s"]) == [23, None, None, 43]
    assert units(result.requests["withdrawn_s"]) == [None, 11, 11, None]


def test_b6_the_clerk_only_until_16_but_finishing(engine: str) -> None:
    """As B4: 1 is served 7–18, 2 leaves at 17, 3 at 24, 4 arrives at 28."""
    steady = kind(serve=work(1)) | {"patience_minutes": 300, "patience_shape": {"distribution": "constant"}}
    staff = {"clerk": clerks(roster=shifts((0, 16), unit_s=UNIT_S))}
    table = rows([7, 14, 21, 28], 11)
    result = timetable(30, table, {"request": steady}, staff=staff, when_duty_ends="finish", engine=engine)
    assert units(result.requests["finish_s"]) == [18, None, None, None]
    assert units(result.requests["withdrawn_s"]) == [None, 17, 24, None]


@pytest.mark.parametrize(("covers", "left"), [("first_step", [None, None]), ("whole", [None, 6])])
def test_patience_for_the_whole_matter(covers: str, left: list, engine: str) -> None:
    """Two steps of 4, first all first steps, then the second ones at another desk that is busy until 20."""
    patient = kind(serve=work(1), reply=work(1, "desk")) | {"patience_covers": covers}
    blocked = kind(serve=work(1, "desk"))
    staff = {"clerk": clerks(), "desk": clerks(role="desk")}
    table = [
        {"kind": "blocked", "at": 0, "work": 20},
        {"kind": "request", "at": 1, "work": 4, "patience_s": 5 * UNIT_S},
    ]
    kinds = {"request": patient, "blocked": blocked}
    result = timetable(19, table, kinds, staff=staff, engine=engine)
    assert units(result.requests["withdrawn_s"]) == left
    assert units(result.requests["first_start_s"]) == [0, 1]


@pytest.mark.parametrize("rule", ["hand_over", "hand_over_restart"])
def test_whole_patience_runs_out_while_a_later_step_is_laid_down(rule: str, engine: str) -> None:
    """Who waited 5–6, was served 6–8 and whose next step was begun at 8 and laid down at 10 leaves at 12."""
    staff = {"clerk": clerks(roster=shifts((0, 10), (60, 120), unit_s=UNIT_S))}
    patient = kind(serve=work(1), finish=work(1)) | {"patience_covers": "whole"}
    table = [
        {"kind": "first", "at": 0, "work": 6},
        {"kind": "patient", "at": 5, "work": 2, "work_s.finish": 4 * UNIT_S, "patience_s": 7 * UNIT_S},
    ]
    kinds = {"first": kind(serve=work(1)), "patient": patient}
    result = timetable(120, table, kinds, staff=staff, when_duty_ends=rule, engine=engine)
    assert units(result.requests["withdrawn_s"]) == [None, 12]


@pytest.mark.parametrize("joint", [False, True], ids=["alone", "beside a pair"])
@pytest.mark.parametrize(
    ("covers", "patience", "left"),
    [("whole", 8, 13), ("whole", 3, 10), ("whole", 60, None), ("first_step", 3, None)],
)
def test_whole_patience_of_who_never_waited(
    covers: str, patience: float, left: float | None, joint: bool, engine: str
) -> None:
    """Served at once, 5–10, then laid down: leaves at 13, or at once if patience is out; else ends at 65."""
    staff = {"clerk": clerks(2 if joint else 1, roster=shifts((0, 10), (60, 120), unit_s=UNIT_S))}
    kinds = {"request": kind(serve=work(1)) | {"patience_covers": covers}}
    if joint:  # who comes when all is over
        kinds["pair"] = kind(serve=work(1) | {"people": 2})
    later = rows([110], 1, "pair") if joint else []
    table = replayed(rows([5], 10), [patience]) + later
    result = timetable(120, table, kinds, staff=staff, when_duty_ends="hand_over", engine=engine)
    request = result.requests.iloc[:1]
    assert units(request["withdrawn_s"]) == [left]
    assert units(request["finish_s"]) == [65 if left is None else None]


def test_they_leave_at_once_when_three_are_there(engine: str) -> None:
    """Arrivals every 5, service 21: those of 20, 25, 35, 40 and 45 leave; served 5–26 and 26–47 up to 51."""
    hasty = kind(serve=work(1)) | {"leaves_at": 3}
    arrivals = [5.0 * nth for nth in range(1, 11)]
    result = timetable(51, rows(arrivals, 21), {"request": hasty}, engine=engine)
    left = result.requests[result.requests["turned_away"] > 0]
    assert units(left["withdrawn_s"]) == [20, 25, 35, 40, 45]
    assert units(result.requests["finish_s"].head(2)) == [26, 47]


def hall(**more: object) -> sim.Scenario:
    """Two clerks and one place to wait; λ 3 and μ 4 an hour."""
    case = scenario(1000, {"request": kind(serve=work(0.25))}, {"request": 3.0}, staff=2, **more)
    data = copy.deepcopy(case.source.data)
    data["roles"]["clerk"]["front"] = True
    return sim.build(data)


def test_a_room_of_three_places() -> None:
    """M/M/2/3 with λ 3 and μ 4: 4.936 % of people find the room full."""
    shares = [
        result.requests["turned_away"].gt(0).mean()
        for result in (sim.simulate(hall(places=1), seed=5, replication=number) for number in range(40))
    ]
    agrees(shares, 0.04936)


def test_the_outcome_counts_who_is_turned_away_and_is_not_there_without() -> None:
    result = sim.simulate(hall(places=1), seed=5)
    counted = result.outcomes.query("outcome == 'turned_away' and unit == '' and kind == '' and month == 0")
    assert counted["value"].tolist() == [float((result.requests["turned_away"] > 0).sum())]
    without = sim.simulate(hall(), seed=5)
    assert "turned_away" not in set(without.outcomes["outcome"])
    assert "turned_away" not in without.requests


def test_tickets_of_a_day_and_those_who_come_again(engine: str) -> None:
    """Two tickets a day. Five come on Monday: two are served, three turned away. Those who come again are
    there on Tuesday at the same hour, when again two have tickets.
    """
    data = counter(hall={"tickets_a_day": 2}, kind={"comes_back": 0.95})
    data["roles"] = {"clerk": {"title": text("clerk"), "front": True}}
    table = pd.DataFrame(
        {"kind": "visit", "unit": "hall", "arrival_s": [(9 * 60 + 15 * nth) * 60 for nth in range(5)]}
    )
    result = sim.simulate(sim.build(data), replay=table, seed=2, engine=engine)
    requests = result.requests
    monday = requests["first_start_s"].between(0, 86_399)
    assert monday.tolist() == [True, True, False, False, False]
    again = requests["first_start_s"] >= 86_400
    assert again.sum() == 2
    clock = requests.loc[again, "first_start_s"] % 86_400
    np.testing.assert_array_equal(clock, requests.loc[again, "arrival_s"])
    assert (requests.loc[again, "turned_away"] == 1).all()
