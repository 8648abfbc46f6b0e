"""Requests that nothing in the horizon could move on are counted, by reason, and said once."""

from __future__ import annotations

import warnings

import pytest

from sim.flow.stuck import REASONS, Stuck
from sim.replication import simulate
from sim.scenario import build
from tests.flow.counter import DAY, SERVE, counter, text


def results(data):
    """Of both executors, with what was said."""
    for engine in ("compiled", "simpy"):
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            result = simulate(build(data), seed=3, engine=engine)
        yield result, [str(one.message) for one in said if one.category is Stuck]


def counted(data):
    """How many requests stand still by reason; the same in the outcome, the note and both executors."""
    found = []
    for result, said in results(data):
        stuck = result.requests["stuck"]
        counts = {reason: int((stuck == reason).sum()) for reason in REASONS}
        of_bureau = result.outcomes.query("outcome == 'stuck' and unit == '' and month == 0")["value"]
        assert of_bureau.tolist() == [sum(counts.values())]
        assert len(said) == (sum(counts.values()) > 0)
        for reason, count in counts.items():
            assert count == 0 or f"{count:,} {REASONS[reason]}" in said[0]
        assert not (result.requests["finish_s"] >= 0)[stuck != ""].any()
        found.append(counts)
    assert found[0] == found[1]
    return {reason: count for reason, count in found[0].items() if count}


def test_what_waits_for_the_next_day_does_not_stand_still():
    slow = {"serve": SERVE | {"minutes": 100}}
    assert counted(counter(route=slow)) == {}


@pytest.mark.parametrize("over", ["resume", "restart"])
def test_a_clerk_who_never_returns(over):
    shift = [{"start": f"{DAY} 08:00", "end": f"{DAY} 11:55"}]
    data = counter(
        staff={"roster": shift}, route={"serve": SERVE | {"minutes": 60}}, hall={"when_duty_ends": over}
    )
    found = counted(data)
    assert found["away"] == 1 and found["nobody"] > 20
    for result, _ in results(data):
        assert result.segments["end_s"].max() <= (11 * 60 + 55) * 60, "shown as worked when nobody was there"


def test_who_finishes_first_does_not_leave_work_behind():
    shift = [{"start": f"{DAY} 08:00", "end": f"{DAY} 11:55"}]
    assert "away" not in counted(counter(staff={"roster": shift}, hall={"when_duty_ends": "finish"}))


def test_work_begun_anew_each_day_that_fits_into_none():
    data = counter(route={"serve": SERVE | {"minutes": 500}}, hall={"when_duty_ends": "restart"})
    found = counted(data)
    assert found["too_long"] == 1 and found["nobody"] > 20


def test_no_sitting_is_left():
    route = {"serve": SERVE, "sit": {"type": "sitting", "committee": "board", "minutes": 5}}
    board = {"title": text("board"), "first": [120], "places": [2]}
    found = counted(counter(route=route, committees={"board": board}))
    assert set(found) == {"no_sitting"} and found["no_sitting"] > 5
