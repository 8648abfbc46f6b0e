"""Exact traces of steps that take several people, in both executors. Times are in units of 100 minutes."""

from __future__ import annotations

import pytest

from sim.flow import ENGINES
from sim.scenario import InputError

from .offices import clerks, kind, shifts, work
from .test_traces import UNIT_S, rows, timetable, units


def pair(priority: int = 1, people: int = 2, **more: object) -> dict:
    return kind(serve=work(1) | {"people": people, **more}, priority=priority)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return request.param


def segments(result) -> list[tuple]:
    table = result.segments.sort_values(["start_s", "person"])
    return [(row.request, row.person, row.start_s / UNIT_S, row.end_s / UNIT_S) for row in table.itertuples()]


def test_urgent_work_of_two_interrupts_two(engine: str) -> None:
    """Two clerks work on tasks of 10 from 0; urgent ones of 10 at 2 and 15 need both. With resume the tasks
    end at 30, the urgent ones at 12 and 25.
    """
    kinds = {"low": kind(serve=work(1), priority=2), "high": pair()}
    table = rows([0, 0.01], 10, "low") + rows([2, 15], 10, "high")
    result = timetable(
        60, table, kinds, staff=2, discipline="class_priority", preemption="resume", engine=engine
    )
    assert units(result.requests["finish_s"]) == [30, 30.01, 12, 25]


def test_the_free_wait_for_the_busy_and_nobody_passes(engine: str) -> None:
    """A single task holds the first clerk until 4. One for two comes at 1, a single one at 2: the second
    clerk waits from 1 to 4, and the last task waits until the pair is done at 7.
    """
    kinds = {"single": kind(serve=work(1)), "pair": pair()}
    table = rows([0, 2], [4, 2], "single") + rows([1], 3, "pair")
    result = timetable(20, table, kinds, staff=2, engine=engine)
    assert sorted(units(result.requests["first_start_s"])) == [0, 4, 7]
    assert segments(result)[1:3] == [(1, "clerk_1", 4, 7), (1, "clerk_2", 4, 7)]


def test_while_too_few_are_on_duty_it_steps_aside(engine: str) -> None:
    """One clerk until 4, two from 4 to 20. A pair comes at 1, singles of 3 at 2 and 3: the first single is
    done 2–5; the pair is back in its place when the second clerk has come, and the other single follows at 9.
    """
    staff = {
        "always": clerks(roster=shifts((0, 20), unit_s=UNIT_S)),
        "later": clerks(roster=shifts((4, 20), unit_s=UNIT_S)),
    }
    kinds = {"single": kind(serve=work(1)), "pair": pair()}
    table = rows([1], 4, "pair") + rows([2, 3], 3, "single")
    result = timetable(20, table, kinds, staff=staff, engine=engine)
    assert units(result.requests["first_start_s"]) == [5, 2, 9]


def test_who_waits_is_let_go_when_the_other_goes_home(engine: str) -> None:
    """One clerk is busy until 4, the other free from 1 on. A pair comes at 1. The busy one is off duty from 3
    on, so that the pair is out of reach: the free one waits until 3 and takes the task that came at 2.
    """
    staff = {
        "leaves": clerks(roster=shifts((0, 3), (10, 20), unit_s=UNIT_S)),
        "stays": clerks(roster=shifts((0, 20), unit_s=UNIT_S)),
    }
    kinds = {"single": kind(serve=work(1)), "pair": pair()}
    table = rows([0, 0.5, 2], [4, 0.5, 2], "single") + rows([1], 4, "pair")
    result = timetable(30, table, kinds, staff=staff, when_duty_ends="finish", engine=engine)
    assert units(result.requests["first_start_s"]) == [0, 0.5, 10, 3]


@pytest.mark.parametrize(
    ("rule", "need", "end"), [("resume", 6, 10), ("finish", 8, 8), ("restart", 6, 18), ("hand_over", 6, 10)]
)
def test_joint_work_goes_on_while_both_are_on_duty(rule: str, need: float, end: float, engine: str) -> None:
    """One is on duty [0, 10) and from 12, the other [0, 4) and from 8: together [0, 4), [8, 10) and from 12.
    Of a work of 6 the first 4 are done at 4 and all at 10; begun anew each time it has to wait for 12.
    """
    staff = {
        "one": clerks(roster=shifts((0, 10), (12, 100), unit_s=UNIT_S)),
        "other": clerks(roster=shifts((0, 4), (8, 100), unit_s=UNIT_S)),
    }
    result = timetable(
        40, rows([0], need, "pair"), {"pair": pair()}, staff=staff, when_duty_ends=rule, engine=engine
    )
    assert units(result.requests["finish_s"]) == [end]


def test_one_field_one_review(engine: str) -> None:
    """One of each role: the reviewer is busy until 5, so both begin the joint matter at 5."""
    staff = {"field": clerks(role="field"), "review": clerks(role="review")}
    both = kind(serve=work(1, "field") | {"joined_by": "own/review"})
    kinds = {"file": kind(serve=work(1, "review")), "visit": both}
    table = rows([0], 5, "file") + rows([1], 2, "visit")
    result = timetable(20, table, kinds, staff=staff, engine=engine)
    assert segments(result) == [(0, "review", 0, 5), (1, "field", 5, 7), (1, "review", 5, 7)]


def test_the_pace_is_the_mean_of_their_speeds(engine: str) -> None:
    staff = {"quick": clerks(speed=1.5), "slow": clerks(speed=0.5)}
    result = timetable(20, rows([0], 4, "pair"), {"pair": pair()}, staff=staff, engine=engine)
    assert units(result.requests["finish_s"]) == [4]
    assert result.people["busy_s"].tolist() == [4 * UNIT_S, 4 * UNIT_S]


def test_impatience_releases_those_who_waited(engine: str) -> None:
    """The pair gives up at 3; the single task behind it starts at once."""
    kinds = {"single": kind(serve=work(1)), "pair": pair() | {"patience_minutes": 200}}
    kinds["pair"]["patience_shape"] = {"distribution": "constant"}
    table = rows([0, 2], [6, 2], "single") + rows([1], 3, "pair")
    result = timetable(20, table, kinds, staff=2, engine=engine)
    assert units(result.requests["withdrawn_s"]) == [None, 3, None]
    assert units(result.requests["first_start_s"]) == [0, None, 3]


def test_too_few_are_refused() -> None:
    with pytest.raises(InputError, match="3 people at once, and 2 at office/clerk can do 'pair'"):
        timetable(20, rows([0], 1, "pair"), {"pair": pair(people=3)}, staff=2)
    with pytest.raises(InputError, match="unknown role 'nobody'"):
        timetable(20, rows([0], 1, "pair"), {"pair": pair(joined_by="own/nobody")}, staff=2)
    with pytest.raises(InputError, match="is the station itself"):
        timetable(20, rows([0], 1, "pair"), {"pair": pair(joined_by="own/clerk")}, staff=3)
