"""Exact traces: arrivals and works replayed as timetables, so every start and end is known without
tolerance.

Times are in units of 100 minutes; a half and a tenth of a unit are whole minutes.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.replication import Result, simulate

from .areas import busy_area, queue_area
from .offices import clerks, kind, scenario, shifts, work

UNIT_S = 6000
UNIT_MINUTES = 100


def timetable(
    length: float,
    rows: list[dict],
    kinds: dict | None = None,
    engine: str = "compiled",
    **office: object,
) -> Result:
    """Replay `rows` (kind, at, work, again: in units; patience_s) for `length` units."""
    kinds = kinds or {"request": kind(serve=work(1))}
    case = scenario(length * UNIT_S / 3600, kinds, dict.fromkeys(kinds, 1.0), **office)
    columns = {"at": "arrival_s", "work": "work_s.serve", "again": "again_s.serve"}
    table = pd.DataFrame(rows).rename(columns=columns)
    for column in set(columns.values()) & set(table.columns):
        table[column] = (table[column] * UNIT_S).round()
    return simulate(case, replay=table.assign(unit="office"), engine=engine)


def rows(arrivals: list[float], works: list[float] | float, kind: str = "request") -> list[dict]:
    works = [works] * len(arrivals) if isinstance(works, int | float) else works
    return [{"kind": kind, "at": at, "work": need} for at, need in zip(arrivals, works, strict=True)]


def units(seconds: pd.Series) -> list[float | None]:
    """In units of time; None = has not happened."""
    return [None if moment < 0 else moment / UNIT_S for moment in seconds]


@pytest.mark.parametrize(
    ("rule", "end"), [("resume", 15), ("finish", 11), ("restart", 19), ("hand_over", 15)]
)
def test_shift_ends_while_somebody_is_served(rule: str, end: float) -> None:
    """B1. One clerk, on duty [0, 5) and from 9. A request of 10 comes at 1: 4 are done when the shift
    ends.
    """
    staff = {"clerk": clerks(roster=shifts((0, 5), (9, 100), unit_s=UNIT_S))}
    result = timetable(40, rows([1], 10), staff=staff, when_duty_ends=rule)
    assert units(result.requests["first_start_s"]) == [1]
    assert units(result.requests["finish_s"]) == [end]


def test_the_shortest_expected_work_is_next() -> None:
    """At 4 three wait: the short kind goes first though it takes 3, of the two long ones the earlier."""
    kinds = {"long": kind(serve=work(2)), "short": kind(serve=work(0.5))}
    table = rows([0, 1, 2], [4, 0.5, 1], "long") + rows([3], 3, "short")
    result = timetable(20, table, kinds=kinds, discipline="shortest_expected_work")
    assert units(result.requests["first_start_s"]) == [0, 7, 7.5, 4]


URGENT = {"low": kind(serve=work(1), priority=2), "high": kind(serve=work(1), priority=1)}


@pytest.mark.parametrize(
    ("rule", "low", "high"),
    [("restart", 19, (3, 13)), ("resume", 17, (3, 13)), ("resample", 16, (3, 13)), ("none", 7, (7, 17))],
)
def test_more_urgent_request_comes(rule: str, low: float, high: tuple[float, float]) -> None:
    """B2. A low request of 6 (3, if drawn anew) is served from 1; a high one of 10 comes at 3."""
    table = [
        {"kind": "low", "at": 1, "work": 6, "again": 3},
        {"kind": "high", "at": 3, "work": 10, "again": 10},
    ]
    result = timetable(40, table, kinds=URGENT, discipline="class_priority", preemption=rule)
    assert units(result.requests["finish_s"]) == [low, high[1]]
    assert units(result.requests["first_start_s"]) == [1, high[0]]


@pytest.mark.parametrize(
    ("rule", "segments"),
    [
        ("none", [(0, 1.5, 6.5), (1, 6.5, 11.5), (2, 11.5, 15.5)]),
        ("resample", [(0, 1.5, 6.5), (1, 6.5, 7.5), (2, 7.5, 11.5), (1, 11.5, 16.5)]),
    ],
)
def test_who_works_on_what_around_an_interruption(rule: str, segments: list[tuple]) -> None:
    """B3. Low requests of 5 come at 1.5 and 5, a high one of 4 at 7.5, one unit into the second low
    one.
    """
    table = rows([1.5, 5], 5, "low") + rows([7.5], 4, "high")
    table = [row | {"again": row["work"]} for row in table]
    result = timetable(40, table, kinds=URGENT, discipline="class_priority", preemption=rule)
    worked = result.segments[["request", "start_s", "end_s"]].to_numpy() / (1, UNIT_S, UNIT_S)
    assert [tuple(row) for row in worked] == segments


def test_roster_shrinks_under_four_busy_clerks() -> None:
    """B10. Requests of 10 every 3. Four clerks until 12.5, none until 17, then one, who takes up what was
    left.

    At 12.5 the four have 0.5, 3.5, 6.5 and 9.5 left. The first two are done by 27.5, where the trace
    stops while the
    third is about to end; the fourth is still interrupted; of nine requests seven are in the office.
    """
    staff = {
        "stays": clerks(roster=shifts((0, 12.5), (17, 100), unit_s=UNIT_S)),
        "leave": clerks(3, roster=shifts((0, 12.5), unit_s=UNIT_S)),
    }
    result = timetable(
        27.5, rows([3.0 * n for n in range(1, 10)], 10), staff=staff, when_duty_ends="hand_over"
    )
    assert units(result.requests["finish_s"]) == [17.5, 21.0] + [None] * 7
    second = result.segments[result.segments["start_s"] >= 17 * UNIT_S]
    lengths = (second["end_s"] - second["start_s"]) / UNIT_S
    assert list(zip(second["request"], lengths, strict=True)) == [(0, 0.5), (1, 3.5), (2, 6.5)]
    assert units(result.requests["first_start_s"]) == [3, 6, 9, 12] + [None] * 5
    assert (result.segments["request"] == 3).sum() == 1  # interrupted at 12.5, not taken up again


def test_service_only_at_fixed_sittings() -> None:
    """B11. A committee sits at 1.5 (one place) and 4.4 (three places), and again every 4.4; a matter
    takes 0.2.
    """
    committee = {"title": {"en": "c", "zh": "c"}, "first": [150, 440], "places": [1, 3], "every_minutes": 440}
    kinds = {"request": kind(hear={"type": "sitting", "committee": "board", "minutes": 20})}
    arrivals = [0.7, 1.4, 2.6, 2.9, 4.3, 5.5, 6.1, 15.0]
    table = [{"kind": "request", "at": at} for at in arrivals]
    result = timetable(30, table, kinds=kinds, committees={"board": committee})
    starts = [1.5, 4.4, 4.4, 4.4, 5.9, 8.8, 8.8, 17.6]
    assert units(result.steps["start_s"]) == starts
    assert [
        round(end - start, 9) for start, end in zip(starts, units(result.requests["finish_s"]), strict=True)
    ] == [0.2] * 8


def test_doors_open_late_and_close_in_between() -> None:
    """B13. Three requests of 5 wait at 0 for a clerk who is there in [5, 10) and from 15."""
    staff = {"clerk": clerks(roster=shifts((5, 10), (15, 100), unit_s=UNIT_S))}
    result = timetable(40, rows([0, 0, 0], 5), staff=staff)
    assert units(result.requests["finish_s"]) == [10, 20, 25]


def test_areas_of_a_run_that_is_cut_off() -> None:
    """B17. Requests of 5, 10 and 15 at 0, one clerk, stopped at 12: two wait for 5, then one for 7;
    always busy.
    """
    result = timetable(12, rows([0, 0, 0], [5, 10, 15]))
    queue = queue_area(result.steps, 0, 12 * UNIT_S) / UNIT_S
    busy = busy_area(result.segments, 0, 12 * UNIT_S) / UNIT_S
    assert (queue, busy) == (17, 12)
    assert queue / 12 == pytest.approx(1.41667, abs=5e-6)


def test_queue_area_leaves_out_the_request_that_is_started() -> None:
    """B18. Waits of 0, 2, 4, 0, 1 in 19 units make a mean queue of 7/19; each start leaves nobody counted
    twice.
    """
    result = timetable(19, rows([0, 2, 3, 12, 15], [4, 3, 3, 4, 3]))
    waits = result.requests["first_start_s"] - result.requests["arrival_s"]
    assert units(waits) == [0, 2, 4, 0, 1]
    assert queue_area(result.steps, 0, 19 * UNIT_S) / (19 * UNIT_S) == pytest.approx(7 / 19, abs=1e-12)
    edges = np.arange(20) * UNIT_S
    by_unit = queue_area(result.steps, edges[:-1], edges[1:]) / UNIT_S
    assert by_unit.tolist() == [0, 0, 1, 2, 1, 1, 1] + [0] * 8 + [1] + [0] * 3


def test_a_queue_in_which_nobody_was_served() -> None:
    """Nobody on duty: all wait to the end of the window, nobody is busy."""
    staff = {"clerk": clerks(roster=shifts((90, 91), unit_s=UNIT_S))}
    result = timetable(20, rows([4, 10], 5), staff=staff)
    assert queue_area(result.steps, 5 * UNIT_S, 20 * UNIT_S) == (15 + 10) * UNIT_S
    assert busy_area(result.segments, 0, 20 * UNIT_S) == 0


@pytest.mark.parametrize("patience", [None, 30.0])
def test_conservation(patience: float | None) -> None:
    """B19. Requests = begun + waiting + withdrawn; begun = finished + under way; nobody works more than
    the time there is.
    """
    hours, capacity = 400, 3
    impatient = kind(serve=work(1)) | ({} if patience is None else {"patience_minutes": patience})
    result = simulate(scenario(hours, {"request": impatient}, {"request": 3.3}, staff=capacity), seed=4)
    requests, end_s = result.requests, hours * 3600
    begun, withdrawn = (requests["first_start_s"] >= 0), (requests["withdrawn_s"] >= 0)
    finished = requests["finish_s"] >= 0
    waiting = result.steps["start_s"].lt(0) & ~result.steps["request"].map(withdrawn)
    under_way = result.segments["end_s"].eq(end_s)
    assert len(requests) == begun.sum() + waiting.sum() + withdrawn.sum()
    assert begun.sum() == finished.sum() + under_way.sum()
    assert withdrawn.any() == (patience is not None)
    edges = np.unique(np.concatenate((result.segments["start_s"], result.segments["end_s"])))
    in_use = busy_area(result.segments, edges[:-1], edges[1:]) / np.diff(edges)
    assert in_use.min() >= 0 and in_use.max() == capacity
    assert 0 <= busy_area(result.segments, 0, end_s) / (capacity * end_s) <= 1


def again(delay_units: float, **clock: bool) -> dict[str, dict]:
    """A matter with a limit of four units that is done, waits, and is done once more."""
    wait = {"type": "delay", "reason": "other", "amount": delay_units * UNIT_MINUTES, "per": "minutes"}
    wait |= {"distribution": "constant", **clock}
    limit = {"amount": 4 * UNIT_MINUTES, "per": "minutes"}
    return {"request": kind(serve=work(1), wait=wait, reply=work(1)) | {"limit": limit}}


@pytest.mark.parametrize(
    ("clock", "need", "due"),
    [
        ({}, 1, 5),  # from 1 on four units
        ({"stops_clock": True}, 1, 15),  # ten units stand still
        ({"restarts_clock": True}, 1, 16),  # done at 2, comes again at 12: four units from then
        ({"restarts_clock": True}, 6, 5),  # late already when it is answered: late it stays
    ],
)
def test_a_matter_that_comes_again_has_a_new_limit_unless_it_is_late(
    clock: dict, need: float, due: float
) -> None:
    result = timetable(60, rows([1], need), again(10, **clock))
    assert units(result.requests["due_s"]) == [due]


@pytest.mark.parametrize(
    ("lags_from", "starts"), [(None, [0, 4, 8, 12]), (0.5, [0, 8, 12, 4]), (0.9, [0, 4, 8, 12])]
)
def test_supervised_work_that_lags_passes_those_who_came_before(
    lags_from: float | None, starts: list[float]
) -> None:
    """One clerk, works of four. Three common matters come at 0, 1 and 2; the watched one came at 0 too, with
    a limit of five, and reaches the desk at 3: 60 % of its limit is gone.
    """
    wait = {"type": "delay", "reason": "other", "amount": 3 * UNIT_MINUTES, "per": "minutes"}
    watched = kind(wait=wait | {"distribution": "constant"}, serve=work(1) | {"supervised_from": lags_from})
    watched["limit"] = {"amount": 5 * UNIT_MINUTES, "per": "minutes"}
    arrivals = [*rows([0, 1, 2], 4, "common"), *rows([0], 4, "watched")]
    result = timetable(60, arrivals, {"common": kind(serve=work(1)), "watched": watched})
    begun = result.requests.sort_values(["kind", "arrival_s"])["first_start_s"]
    assert units(begun) == starts
