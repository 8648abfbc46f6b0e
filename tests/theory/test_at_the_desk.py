"""Exact traces at a desk: people who reckon their wait, files that stay open, sittings that overrun,
colleagues who start anew, who is interrupted, and hurry by a step. Times are in units of 100 minutes.

Each trace is also made where some step takes two people, so that the part for joint work gives it as well.
"""

from __future__ import annotations

import copy

import pandas as pd
import pytest

import sim
from sim.flow import ENGINES
from sim.replication import Result
from sim.scenario import InputError

from .offices import clerks, kind, scenario, shifts, work
from .test_traces import UNIT_S, rows, timetable, units

PAIR = {"pair": kind(serve=work(1) | {"people": 2})}


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(params=[False, True], ids=["alone", "beside a pair"])
def pair(request: pytest.FixtureRequest) -> list[dict]:
    """Rows for a pair that comes when all is over, and makes the bureau one with joint work."""
    return rows([200], 1, "pair") if request.param else []


def finished(result: Result) -> list[float | None]:
    return units(result.requests.loc[result.requests["kind"] != "pair", "finish_s"])


def turned_away_at(result: Result) -> list[float | None]:
    left = result.requests[result.requests["turned_away"] > 0]
    return units(left["withdrawn_s"])


@pytest.mark.parametrize(("bound", "as_at"), [(6299, 3), (6300, 4)])
def test_they_reckon_how_long_they_would_wait(bound: float, as_at: int, engine: str) -> None:
    """Arrivals every 5, service 21, mean 21: a bound of just under 63 is like seeing three, 63 like four."""
    table = rows([5.0 * nth for nth in range(1, 11)], 21)
    reckons = kind(serve=work(35)) | {"leaves_over_minutes": bound}
    sees = kind(serve=work(35)) | {"leaves_at": as_at}
    left = [turned_away_at(timetable(51, table, {"request": k}, engine=engine)) for k in (reckons, sees)]
    assert left[0] == left[1]
    if as_at == 3:
        assert left[0] == [20, 25, 35, 40, 45]


def test_nobody_leaves_while_a_clerk_is_free(pair: list[dict], engine: str) -> None:
    """Two clerks, service 21, nobody would wait: the third, at 2, leaves; who comes at 22 is served."""
    hasty = kind(serve=work(35)) | {"leaves_over_minutes": 1}
    table = rows([0, 1, 2, 22], 21) + pair
    result = timetable(300, table, {"request": hasty, **(PAIR if pair else {})}, staff=2, engine=engine)
    assert finished(result) == [21, 22, None, 43]
    assert turned_away_at(result) == [2]


def call(same_person: bool) -> dict:
    """A call of 2, a wait of 5 on the telephone, and the answer of 1."""
    waits = {"type": "delay", "reason": "other", "amount": 500, "per": "minutes", "distribution": "constant"}
    return kind(serve=work(1), waits=waits, answer=work(1) | {"same_person": same_person})


CALL = {"kind": "call", "at": 0, "work": 2, "work_s.answer": 1.0 * UNIT_S}
DAY = rows([1, 2.5, 3, 6], [8, 6, 4, 1], "visit")


@pytest.mark.parametrize(
    ("same_person", "ends"), [(True, [9.5, 9, 8.5, 13, 10.5]), (False, [11, 9, 8.5, 12.5, 10])]
)
def test_a_file_stays_open(same_person: bool, ends: list, pair: list[dict], engine: str) -> None:
    """The first clerk calls 0–2 and serves others meanwhile. The answer comes at 7. At 8.5 it goes before the
    visits of 3 and 6; without the rule it comes after them, to whoever is free.
    """
    kinds = {"call": call(same_person), "visit": kind(serve=work(1)), **(PAIR if pair else {})}
    result = timetable(300, [CALL, *DAY, *pair], kinds, staff=2, engine=engine)
    assert finished(result) == ends


def test_who_has_gone_for_good_is_not_waited_for(pair: list[dict], engine: str) -> None:
    """The first clerk is there until 5, so that the second gives the answer, 7–8."""
    staff = {
        "first": clerks(
            roster=shifts((0, 5), (150, 300), unit_s=UNIT_S) if pair else shifts((0, 5), unit_s=UNIT_S)
        ),
        "second": clerks(roster=shifts((0, 300), unit_s=UNIT_S)),
    }
    result = timetable(
        300, [CALL, *pair], {"call": call(True), **(PAIR if pair else {})}, staff=staff, engine=engine
    )
    assert finished(result) == [151 if pair else 8]  # in a bureau with pairs the first comes again, at 150


def test_the_same_person_needs_a_step_before() -> None:
    with pytest.raises(InputError, match="nobody worked on the matter before"):
        timetable(10, rows([1], 1), {"request": kind(serve=work(1) | {"same_person": True})})


@pytest.mark.parametrize(("one_by_one", "ends"), [(True, [22, 25, 29]), (False, [22, 13, 24])])
def test_sittings_overrun_into_later_places(one_by_one: bool, ends: list, engine: str) -> None:
    """Two places at 10 and two at 20; matters of 12, 3 and 4. One after another they are heard 10–22, 22–25
    and, booked for 20, 25–29.
    """
    hall = {
        "title": {"en": "court", "zh": "庭"},
        "first": [1000, 2000],
        "places": [2, 2],
        "one_by_one": one_by_one,
    }
    heard = kind(hear={"type": "sitting", "committee": "court", "minutes": 10})
    table = [
        {"kind": "request", "at": at, "delay_s.hear": long * UNIT_S}
        for at, long in ((1, 12.0), (2, 3.0), (3, 4.0))
    ]
    result = timetable(40, table, {"request": heard}, committees={"court": hall}, engine=engine)
    assert units(result.requests["finish_s"]) == ends


def test_the_length_of_a_sitting_is_drawn() -> None:
    """Mean 30 minutes, lognormal: a thousand matters take 30 on average, none the same."""
    hall = {"title": {"en": "court", "zh": "庭"}, "first": [60_000], "places": [100_000]}
    hear = {"type": "sitting", "committee": "court", "minutes": 30, "distribution": "lognormal", "cv": 0.5}
    case = scenario(1100, {"request": kind(hear=hear)}, {"request": 2.0}, committees={"court": hall})
    steps = sim.simulate(case, seed=1).steps
    minutes = (steps["end_s"] - steps["start_s"])[steps["end_s"] >= 0] / 60
    assert len(minutes) > 1500 and minutes.nunique() > 500
    assert abs(minutes.mean() - 30) < 4 * minutes.std() / len(minutes) ** 0.5


@pytest.mark.parametrize(("rule", "end"), [("hand_over", 11), ("hand_over_restart", 15)])
def test_a_colleague_starts_anew(rule: str, end: float, pair: list[dict], engine: str) -> None:
    """A request of 10 comes at 1; the first clerk goes at 5, when 4 are done, and the second takes over."""
    staff = {
        "first": clerks(roster=shifts((0, 5), (150, 300), unit_s=UNIT_S)),
        "second": clerks(roster=shifts((4, 300), unit_s=UNIT_S)),
    }
    kinds = {"request": kind(serve=work(1)), **(PAIR if pair else {})}
    result = timetable(300, rows([1], 10) + pair, kinds, staff=staff, when_duty_ends=rule, engine=engine)
    assert finished(result) == [end]


@pytest.mark.parametrize(("victim", "ends"), [("last_begun", [10, 13, 5]), ("first_begun", [12, 11, 5])])
def test_who_is_interrupted(victim: str, ends: list, pair: list[dict], engine: str) -> None:
    """Two tasks of 10 begin at 0 and 1; an urgent one of 2 comes at 3 and interrupts one of them until 5."""
    kinds = {"low": kind(serve=work(1), priority=2), "high": kind(serve=work(1)), **(PAIR if pair else {})}
    rules = {"discipline": "class_priority", "preemption": "resume", "preempted": victim}
    table = rows([0, 1], 10, "low") + rows([3], 2, "high") + pair
    result = timetable(300, table, kinds, staff=2, engine=engine, **rules)
    assert finished(result) == ends


def hurried(
    table: list[dict], kinds: dict, engine: str, step_from: int = 2, **office: object
) -> list[float | None]:
    """When each request ends; from two a head on all work twice as fast."""
    crowding = {"on": True, "shape": "step", "step_from": step_from, "step_factor": 2}
    case = scenario(300 * UNIT_S / 3600, kinds, dict.fromkeys(kinds, 1.0), **office)
    case = sim.build(copy.deepcopy(case.source.data) | {"competence": {"crowding": crowding}})
    columns = {"at": "arrival_s", "work": "work_s.serve"}
    replay = pd.DataFrame(table).rename(columns=columns)
    replay[list(columns.values())] *= UNIT_S
    return finished(sim.simulate(case, replay=replay.assign(unit="office"), engine=engine))


def test_hurry_by_a_step(pair: list[dict], engine: str) -> None:
    """Works of 4 come at 0 and 1. With two the clerk is twice as quick: 0–2.5; then alone: 2.5–6.5."""
    kinds, staff = {"request": kind(serve=work(1))}, 2 if pair else 1
    if pair:  # the second clerk is there for the pair only
        kinds |= PAIR
        staff = {"clerk": clerks(skills=["request", "pair"]), "second": clerks(skills=["pair"])}
    assert hurried(rows([0, 1], 4) + pair, kinds, engine, staff=staff) == [2.5, 6.5]


def test_who_has_left_is_no_reason_to_hurry(engine: str) -> None:
    """Three are there from 2 to 3, when the last of them leaves: 10 of work from 0 end at 9, 4 more at 13."""
    table = rows([0, 1], [10, 4]) + [rows([2], 1)[0] | {"patience_s": UNIT_S}]
    assert hurried(table, {"request": kind(serve=work(1))}, engine, step_from=3) == [9, 13, None]


def test_hurry_of_who_comes_from_another_line(pair: list[dict], engine: str) -> None:
    """The first clerk serves both kinds, the second only visits. At 3 two letters wait: the first clerk ends
    a visit and goes on with letters at the pace of their line, 3–5; then alone, 5–9.
    """
    kinds = {"letter": kind(serve=work(1)), "visit": kind(serve=work(1)), **(PAIR if pair else {})}
    staff = {"both": clerks(), "visits": clerks(skills=[name for name in kinds if name != "letter"])}
    table = rows([0], 3, "visit") + rows([1, 2], 4, "letter") + pair
    assert hurried(table, kinds, engine, staff=staff) == [3, 5, 9]


def test_appointments_stand_before_walk_ins(engine: str) -> None:
    """Slots at 0, 1, 2, … with one place. Two book at 0.5: for 1 and 2. Walk-ins of 3 come at 0 and 0.6. The
    clerk is free at 3: both appointments go before the walk-in of 0.6.
    """
    offered = {"share": 1, "every_minutes": 100, "places": 1}
    kinds = {"booked": kind(serve=work(1)) | {"appointments": offered}, "walk_in": kind(serve=work(1))}
    table = rows([0, 0.6], 3, "walk_in") + rows([0.5, 0.5], 1, "booked")
    requests = timetable(20, table, kinds, engine=engine).requests
    assert units(requests["arrival_s"]) == [0, 0.6, 1, 2]
    assert requests["booked"].tolist() == [False, False, True, True]
    assert units(requests["first_start_s"]) == [0, 5, 3, 4]


def test_an_appointment_holds_a_place(engine: str) -> None:
    """As above, and whoever sees somebody leaves. The walk-in of 0.6 does; who has booked does not."""
    hasty = kind(serve=work(1)) | {"leaves_at": 1}
    kinds = {
        "booked": hasty | {"appointments": {"share": 1, "every_minutes": 100, "places": 1}},
        "walk_in": hasty,
    }
    table = rows([0, 0.6], 3, "walk_in") + rows([0.5, 0.5], 1, "booked")
    requests = timetable(20, table, kinds, engine=engine).requests
    assert units(requests["first_start_s"]) == [0, None, 3, 4]
    assert requests["turned_away"].tolist() == [0, 1, 0, 0]


def test_who_finds_no_slot_comes_without() -> None:
    offered = {"share": 1, "every_minutes": 400, "places": 1}
    table = rows([0.5, 1, 1.5], 0.1)
    requests = timetable(8, table, {"request": kind(serve=work(1)) | {"appointments": offered}}).requests
    assert units(requests["arrival_s"]) == [1, 1.5, 4]
    assert requests["booked"].tolist() == [False, False, True]


def test_a_policy_may_bring_appointments() -> None:
    """The same people come, some of them at the begin of a slot, every quarter of an hour."""
    office = scenario(100, {"request": kind(serve=work(0.1))}, {"request": 4.0})
    before = sim.simulate(office, seed=1).requests
    offered = {"kinds.request.appointments": {"share": 0.5}}
    after = sim.simulate(sim.reform(office, offered), seed=1).requests
    assert set(before["case_number"]) == set(after["case_number"])
    booked = after[after["booked"]]
    assert 0.4 < len(booked) / len(after) < 0.6
    assert (booked["arrival_s"] % 900 == 0).all() and booked["arrival_s"].is_unique
    came = before.set_index("case_number")["arrival_s"]
    assert (booked["arrival_s"].to_numpy() >= came[booked["case_number"]].to_numpy()).all()
    others = after[~after["booked"]]
    assert (others["arrival_s"].to_numpy() == came[others["case_number"]].to_numpy()).all()
