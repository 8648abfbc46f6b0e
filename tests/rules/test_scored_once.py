"""A case is scored once, in the year in which its limit first runs out: by hand, and over years of binhai."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

import sim
from sim.flow import ENGINES, executor
from sim.flow import build as bureau_of
from sim.flow.time_limits import due_dates, limits
from sim.rules.indicators import cohort
from sim.rules.record import Record
from sim.scenario.calendar import calendar_of
from sim.scenario.time import DAY_S
from sim.world import draw_world, in_force

MIDNIGHT, CLOSING = "midnight", "closing_time"
WEEK = {day: ["08:00-16:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
HOURS_TO = {  # from 10:10 on Monday 3 March, when the case was accepted
    "10 March 14:10": 7 * 24 + 4,
    "10 March 18:10": 7 * 24 + 8,
    "11 March 10:10": 8 * 24,
}
STOP = {"type": "delay", "reason": "outside_department", "amount": 3, "per": "working_days"}


@pytest.fixture
def case(county):
    """case(hours, **stop): one case received on Monday 3 March 2025 at 10:00, with a limit of five working
    days and one by statute of six. The `stop` begins so many hours after it was accepted, and takes three
    working days; ten minutes of work follow. Returns the result, and a function that writes its moments.
    """

    def run(hours, day_ends=MIDNIGHT, engine="compiled", **stop):
        task = {"type": "work", "at": "own/window", "minutes": 10, "distribution": "constant"}
        wait = {"type": "delay", "reason": "transfer", "amount": hours, "per": "hours"}
        constant = {"distribution": "constant"}
        route = {"accept": task, "wait": wait | constant, "stop": STOP | constant | stop, "answer": task}
        limits_ = {"limit": {"amount": 5, "per": "working_days"}}
        limits_["statutory_limit"] = {"amount": 6, "per": "working_days"}
        kinds = {"permit": {"title": {"en": "p", "zh": "p"}, "route": route, **limits_}}
        scenario = county(kinds=kinds, calendar={"country": "none", "week": WEEK, "last_day_ends": day_ends})
        calendar = calendar_of(scenario)
        arrival_s = calendar.day_of(dt.date(2025, 3, 3)) * DAY_S + 10 * 3600
        came = pd.DataFrame({"kind": ["permit"], "unit": ["east"], "arrival_s": [arrival_s]})
        result = sim.simulate(scenario, replay=came, engine=engine)
        midnight = dt.datetime.combine(calendar.first, dt.time())
        row = result.requests.iloc[0]

        def moment(name):
            """The minute; 24:00 of a day is the next day's 00:00."""
            return f"{midnight + dt.timedelta(seconds=int(row[name])):%d %B %H:%M}".lstrip("0")

        return result, moment

    return run


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("begins", "day_ends", "due"),
    [
        ("10 March 14:10", MIDNIGHT, "14 March 00:00"),  # on the last day: 11 to 13 March do not count
        ("10 March 14:10", CLOSING, "13 March 16:00"),
        ("10 March 18:10", MIDNIGHT, "14 March 00:00"),
        ("10 March 18:10", CLOSING, "10 March 16:00"),  # the office had closed: late
        ("11 March 10:10", MIDNIGHT, "11 March 00:00"),  # late since 24:00 of 10 March
        ("11 March 10:10", CLOSING, "10 March 16:00"),
    ],
)
def test_a_stop_counts_if_it_begins_before_the_limit_has_run_out(case, engine, begins, day_ends, due):
    result, moment = case(HOURS_TO[begins], day_ends, engine, stops_clock=True)
    steps = result.steps.set_index("step")
    began = steps.loc["stop", "start_s"] - steps.loc["accept", "end_s"]
    assert began == HOURS_TO[begins] * 3600
    assert moment("due_s") == due
    row = result.requests.iloc[0]
    in_time = float(row["finish_s"] <= row["due_s"])
    assert result.units.loc[(2025, "east"), ["due_cases", "on_time_rate"]].tolist() == [1, in_time]


def test_each_of_two_limits_stands_still_as_long_as_it_has_not_run_out(case):
    """The commitment of five days ran out on 10 March; the statutory limit of six did not on 11 March."""
    _, moment = case(HOURS_TO["11 March 10:10"], stops_clock=True)
    assert (moment("due_s"), moment("statutory_due_s")) == ("11 March 00:00", "15 March 00:00")


@pytest.mark.parametrize(
    ("hours", "due", "on_time"),
    [(48, "18 March 00:00", 1), (8 * 24, "11 March 00:00", 0)],
    ids=["answered on 5 March", "answered late"],
)
def test_a_matter_that_comes_again_has_a_limit_of_its_own(case, hours, due, on_time):
    """Answered on 5 March it comes again three working days later, on 10 March: five days from then. Answered
    on 11 March it was late, and is scored as late."""
    result, moment = case(hours, restarts_clock=True)
    assert moment("due_s") == due
    assert result.units.loc[(2025, "east"), ["due_cases", "on_time_rate"]].tolist() == [1, on_time]


def test_the_last_day_ends_with_the_hours_of_its_weekday():
    """A make-up Saturday ends like a Friday; an office that is open round the clock ends at midnight."""
    week = WEEK | {"fri": ["08:00-12:00"]}
    changes = {"last_day_ends": CLOSING, "country": "CN", "week": week}
    calendar = sim.scenario.calendar.WorkingCalendar(
        sim.scenario.time.Calendar(**changes), dt.date(2025, 1, 1), 365
    )
    ends = {
        date: calendar.ends_s[calendar.day_of(date)] % DAY_S / 3600 for date in map(calendar.date, range(90))
    }
    assert ends[dt.date(2025, 1, 2)] == 16 and ends[dt.date(2025, 1, 3)] == 12
    assert ends[dt.date(2025, 2, 8)] == 12  # a Saturday that is worked
    always = sim.scenario.time.Calendar(**(changes | {"week": "always"}))
    assert (
        np.diff(sim.scenario.calendar.WorkingCalendar(always, dt.date(2025, 1, 1), 9).ends_s) == DAY_S
    ).all()


def as_of_year_ends(rules, seed):
    """The world, its tables, and the record and trace of the requests at each year's end."""
    world = draw_world(rules, seed)
    bureau = bureau_of(world)
    flow = executor("compiled")(bureau.tables)
    seen = []
    for _, end_s in world.years:
        flow.work_until(end_s)
        trace, drawn = flow.trace, world.requests
        times = ("first_start_s", "finish_s", "withdrawn_s", "due_s", "returns")
        record = Record.of(
            kind=drawn["kind"].cat.codes.to_numpy(),
            unit=drawn["unit"].cat.codes.to_numpy(),
            case_number=drawn["case_number"].to_numpy(),
            arrival_s=drawn["arrival_s"].to_numpy(),
            until_start=sim.flow.record.until_start(world),
            **{name: getattr(trace, name).copy() for name in times},
        )
        seen.append((record, trace.start_s.copy()))
    return world, bureau.tables, seen


@pytest.mark.parametrize("day_ends", [MIDNIGHT, CLOSING])
@pytest.mark.parametrize("seed", [1, 2])
def test_over_three_years_of_binhai_each_case_is_scored_once(seed, day_ends):
    changes = {"horizon.years": 3, "calendar.last_day_ends": day_ends}
    policy = sim.Policy("years", *2 * [sim.scenario.part.Text(en="t", zh="t")], changes)
    rules = in_force(sim.reform(sim.load("binhai"), policy))
    world, tables, seen = as_of_year_ends(rules, seed)
    begin_s = world.years[0][0]
    scored = np.zeros(len(world.requests), int)
    stopped_late = 0
    for (start_s, end_s), (record, start_of_visit) in zip(world.years, seen, strict=True):
        assessed = cohort(record, start_s, end_s)
        scored += assessed.has("due")
        past = (record.due_s >= 0) & (record.due_s <= end_s)
        left_in_time = record.withdrawn_s <= record.due_s
        known = (scored > 0) | assessed.has("overdue") | left_in_time | (record.due_s <= begin_s)
        assert known[past].all()  # nothing past its limit is neither scored nor overdue
        assert (seen[-1][0].due_s[past] == record.due_s[past]).all()  # and its due date stays

        # Whose first stop began after the limit, the limit that a calendar gives, is late by that limit.
        amount, per = limits(rules, world.requests["kind"], "limit")
        days = tables.worked_days, tables.working_days, tables.day_ends_s
        at_first = due_dates(*days, tables.arrival_s, amount, per)
        began = np.flatnonzero((tables.stops > 0) & (start_of_visit >= 0))
        first_stop = np.full(len(scored), np.iinfo(np.int64).max)
        np.minimum.at(first_stop, world.tasks.request[began], start_of_visit[began])
        after = (at_first >= 0) & (at_first <= np.minimum(first_stop, end_s))
        assert (record.due_s[after] == at_first[after]).all()
        stopped_late += np.count_nonzero(after & (first_stop < end_s))
    assert scored.max() == 1
    assert stopped_late > 100  # there were such cases
