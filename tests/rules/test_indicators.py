"""Which requests count, when, and for whom."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import sim
from sim.rules import indicators
from sim.rules.record import Record
from sim.rules.study import study_rate
from sim.scenario.calendar import calendar_of
from sim.scenario.time import DAY_S


@pytest.fixture
def record_of(requests_of, county):
    """record_of(rows): as `requests_of`, as a record."""

    def make(*rows):
        return Record.of_table(requests_of(*rows), county())

    return make


@pytest.fixture
def seen(record_of):
    def one(start, end, **row):
        found = indicators.cohort(record_of(row), start, end)
        flags = {name: found.has(name)[0] for name in indicators.FLAGS}
        return SimpleNamespace(**flags, used=found.used[0])

    return one


@pytest.fixture
def rates_of(county, people):
    """rates_of(requests, steps, start, end): each case as (unit, request), and the rates of the units."""

    def make(requests, steps, start, end):
        scenario = county()
        units, record = list(scenario.units), Record.of_table(requests, scenario)
        found = indicators.cohort(record, start, end)
        unit, request = indicators.responsible(requests, steps, units, end)
        cases = (found.has("due") | found.has("overdue"))[request]
        unit, request = unit[cases], request[cases]
        rates = pd.DataFrame(indicators.rates(found, (unit, request), len(units)), index=units)
        return [(units[one], which) for one, which in zip(unit, request, strict=True)], rates

    return make


def test_on_time_to_the_second(seen):
    assert seen(100, 200, due_s=150, finish_s=150).on_time
    assert not seen(100, 200, due_s=150, finish_s=151).on_time
    assert not seen(100, 200, due_s=150).on_time


def test_scored_in_the_period_in_which_it_falls_due(seen):
    assert [bool(seen(100, 200, due_s=due).due) for due in (100, 101, 200, 201, -1)] == [
        False,
        True,
        True,
        False,
        False,
    ]


def test_open_past_its_date_is_late_and_overdue_until_it_is_done(seen):
    assert seen(100, 200, due_s=150).overdue
    assert seen(100, 200, due_s=50).overdue and not seen(100, 200, due_s=50).due
    assert seen(100, 200, due_s=150, finish_s=201).overdue
    assert not seen(100, 200, due_s=150, finish_s=200).overdue
    assert not seen(100, 200, due_s=201).overdue


def test_limit_to_the_first_start(seen):
    assert seen(100, 200, due_s=150, first_start_s=150, until_start=True).on_time
    assert not seen(100, 200, due_s=150, first_start_s=160, finish_s=170, until_start=True).on_time
    assert not seen(100, 200, due_s=150, first_start_s=160, until_start=True).overdue


def test_withdrawn_in_time_is_not_counted(seen):
    early, late = (seen(100, 200, due_s=150, withdrawn_s=at) for at in (150, 151))
    assert not early.due and not early.overdue
    assert late.due and not late.on_time and not late.overdue


def test_share_of_the_limit_used(seen):
    assert seen(0, 200, arrival_s=100, due_s=150, finish_s=120).used == pytest.approx(0.4)
    assert seen(0, 200, arrival_s=100, due_s=150, finish_s=190).used == 1


def test_units_answer_for_what_came_in_and_what_reached_them(requests_of, steps_of, rates_of):
    requests = requests_of({"due_s": 150, "finish_s": 140}, {"unit": "west", "due_s": 150})
    steps = steps_of(
        (0, "east", "work", 0),
        (0, "registry", "work", 20),
        (0, "registry", "work", 30),  # twice there, still one case
        (1, "south", "delay", 10),  # waiting is nobody's work
        (1, "registry", "work", 300),  # after the period
    )
    cases, found = rates_of(requests, steps, 100, 200)
    assert cases == [("east", 0), ("west", 1), ("registry", 0)]
    assert found["due_cases"].to_dict() == {"east": 1, "west": 1, "south": 0, "registry": 1, "bureau": 0}
    assert found["on_time_rate"].to_dict() == pytest.approx(
        {"east": 1, "west": 0, "south": np.nan, "registry": 1, "bureau": np.nan}, nan_ok=True
    )


def test_overdue_rate_stays_a_share_when_old_cases_are_open(requests_of, steps_of, rates_of):
    requests = requests_of({"due_s": 50}, {"due_s": 60}, {"due_s": 150, "finish_s": 140})
    _, rates = rates_of(requests, steps_of(), 100, 200)
    found = rates.loc["east"]
    assert (found["due_cases"], found["overdue_open"]) == (1, 2)
    assert found["overdue_rate"] == pytest.approx(2 / 3)


STUDY = {"weekly_hours": 2, "slots": [{"weekday": "mon", "at": "08:00"}]}


def rate_of(people, scenario, year):
    units = list(scenario.units)
    unit = np.array([units.index(name) for name in people["unit"]])
    return study_rate(people, unit, scenario, calendar_of(scenario), *year)


def test_study_asked_and_done(county, people, year):
    asked = 52 * 2 * 3600  # Mondays of 2025
    people["study_s"] = [asked, asked // 2, 2 * asked, 0, asked]
    found = rate_of(people, county(study=STUDY), year)
    assert found.tolist() == [1, 0.5, 1, 0, 1]


def test_leave_excuses_from_study(county, people, year):
    people["study_s"] = 26 * 2 * 3600
    people["leave_s"] = people["on_duty_s"] + people["study_s"]  # away for half of the year
    found = rate_of(people, county(study=STUDY), year)
    np.testing.assert_allclose(found, 1)


def test_nothing_asked_is_nothing_missed(county, people, year):
    people["study_s"] = 0
    assert (rate_of(people, county(), year) == 1).all()


def test_volumes_of_groups_with_and_without_requests(record_of):
    rows = [(0, 600, 1 * DAY_S), (0, 1200, 3 * DAY_S), (DAY_S, -1, -1), (0, 60, DAY_S)]
    record = record_of(*({"arrival_s": a, "first_start_s": b, "finish_s": c} for a, b, c in rows))
    found = pd.DataFrame(indicators.volumes(record, np.array([0, 0, 0, -1]), 2, 0, 10 * DAY_S))
    assert found.loc[0].to_dict() == pytest.approx(
        {
            "arrivals": 3,
            "finished": 2,
            "withdrawn": 0,
            "open_at_end": 1,
            "mean_processing_days": 2,
            "median_processing_days": 2,
            "p90_processing_days": 2.8,
            "p99_processing_days": 2.98,
            "mean_wait_minutes": 15,
        }
    )
    assert (found.loc[1, ["arrivals", "finished", "open_at_end"]] == 0).all()
    assert found.loc[1, ["mean_processing_days", "mean_wait_minutes"]].isna().all()


def test_what_comes_goes_or_stays(record_of):
    rng = np.random.default_rng(2)
    arrival = rng.integers(0, 1000, 400)
    left = arrival + rng.integers(1, 400, 400)
    how = rng.choice(["finish_s", "withdrawn_s", "none"], 400)
    record = record_of(
        *(
            {"arrival_s": a, **({} if h == "none" else {h: b})}
            for a, b, h in zip(arrival, left, how, strict=True)
        )
    )
    groups = rng.integers(-1, 3, 400)
    bounds = np.array([0, 300, 500, 900, 1000])
    months, together = indicators.monthly(record, groups, 3, bounds)
    before = np.zeros(3)
    for month, (start, end) in enumerate(zip(bounds, bounds[1:], strict=False)):
        found = indicators.volumes(record, groups, 3, start, end)
        after = before + found["arrivals"] - found["finished"] - found["withdrawn"]
        np.testing.assert_array_equal(found["open_at_end"], after)
        for outcome, values in months.items():
            np.testing.assert_allclose(values[month], found[outcome])
        whole = indicators.volumes(record, np.zeros(400, int), 1, start, end)
        for outcome, values in together.items():
            np.testing.assert_allclose(values[month], whole[outcome])
        before = after


def test_finished_on_the_day_of_arrival(seen):
    day = 86_400
    on_the_day = {"arrival_s": day + 3600, "due_s": 9 * day}
    assert seen(0, 10 * day, **on_the_day, finish_s=2 * day - 1).same_day
    assert not seen(0, 10 * day, **on_the_day, finish_s=2 * day).same_day
    assert not seen(0, 10 * day, **on_the_day).same_day


def test_a_case_finished_on_the_day_scores():
    office = sim.load("one-office")
    card, item = next((c, i) for c, card in office.scorecards.items() for i in card.items)
    policy = {f"scorecards.{card}.items.{item}.indicator": "same_day_rate"}
    before, after = (sim.simulate(office, rules, seed=3).outcomes for rules in ("current", policy))
    rate = after.query("outcome == 'same_day_rate' and unit != '' and kind == '' and month == 0")["value"]
    assert 0 < rate.iloc[0] < 1
    score = [t.query("outcome == 'true_score' and unit != ''")["value"].iloc[0] for t in (before, after)]
    assert score[0] != score[1]


def test_the_months_of_the_on_time_rate_average_to_the_years():
    outcomes = sim.simulate("binhai", seed=3).outcomes.query("kind == '' and person == ''")
    rows = outcomes[outcomes["outcome"].isin(["due_cases", "on_time_rate"])]
    table = rows.pivot_table(index=["unit", "month"], columns="outcome", values="value", observed=True)
    table["on_time"] = table["due_cases"] * table["on_time_rate"]
    year, months = (
        table.xs(0, level="month"),
        table.drop(0, level="month").groupby("unit", observed=True).sum(),
    )
    assert len(year) > 15 and "" in year.index
    np.testing.assert_allclose(months["due_cases"], year["due_cases"])
    np.testing.assert_allclose(months["on_time"], year["on_time"])
