"""Hands-on time and effort by kind: known answers, conservation, and each visit's seconds counted by hand."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import sim
from sim.behaviour import BEHAVIOURS, Memory
from tests.behaviour.fifteen import OFFICES, scenario_of
from tests.flow.scenarios import DUTY_ENDS, PREEMPTION, table_bytes
from tests.flow.test_same_rows import busy_hall

QUICK, SLOW = OFFICES[:2]
DEMAND = {
    "registration": {"volumes": {QUICK: 3000, SLOW: 1000}},
    "petition": {"volumes": {QUICK: 2000}},
}
NAMES = ("hands_on_hours", "hands_on_minutes", "effort")


@pytest.fixture
def quick_at_registration(monkeypatch):
    """A behaviour: one office works on registrations, and on nothing else, 1.25 times as fast."""

    def respond(standing, rules, conduct, memory):
        by_kind = np.ones_like(conduct.by_kind)
        by_kind[OFFICES.index(QUICK), list(rules.kinds).index("registration")] = 1.25
        return replace(conduct, by_kind=by_kind)

    stub = SimpleNamespace(NAME="quick", READS_RULES=True, Memory=Memory, respond=respond)
    monkeypatch.setitem(BEHAVIOURS, "quick", stub)
    return stub.NAME


def by_unit_and_kind(result) -> dict:
    """The year's outcomes in `NAMES`, by (outcome, unit, kind); unit "" = the bureau."""
    table = result.outcomes.query("kind != '' and month == 0")
    table = table[table["outcome"].isin(NAMES)]
    rows = table.astype({"unit": str, "kind": str, "outcome": str})
    return rows.set_index(["outcome", "unit", "kind"])["value"].to_dict()


def test_ten_minutes_at_effort_of_a_quarter_more_take_eight(quick_at_registration):
    result = sim.simulate(scenario_of(demand=DEMAND), behaviour=quick_at_registration, seed=1)
    found = by_unit_and_kind(result)
    hours, minutes, effort = (
        {(unit, kind): value for (name, unit, kind), value in found.items() if name == wanted}
        for wanted in NAMES
    )
    minutes = {key: value for key, value in minutes.items() if key[0]}
    assert minutes == {(QUICK, "registration"): 8, (SLOW, "registration"): 10, (QUICK, "petition"): 10}
    visits = result.requests[result.requests["first_start_s"] >= 0].groupby(["unit", "kind"], observed=True)
    for (unit, kind), count in visits.size().items():  # the last may be under way
        assert 60 * hours[unit, kind] == pytest.approx(count * minutes[unit, kind], abs=10)
    assert {key: value for key, value in effort.items() if key[0]} == {
        (QUICK, "registration"): 1.25,
        (SLOW, "registration"): 1,
        (QUICK, "petition"): 1,
    }
    share = hours[QUICK, "registration"] / hours["", "registration"]
    assert effort["", "registration"] == pytest.approx(1 + 0.25 * share) and 0.5 < share < 0.9
    assert effort["", "petition"] == 1


def test_both_executors_give_the_same_rows_with_effort_by_kind(quick_at_registration):
    results = [
        sim.simulate(scenario_of(demand=DEMAND), behaviour=quick_at_registration, seed=2, engine=engine)
        for engine in ("compiled", "simpy")
    ]
    for name in ("requests", "steps", "segments", "people", "outcomes"):
        one, other = (table_bytes(getattr(result, name)) for result in results)
        assert one == other, name


def test_effort_by_kind_is_told_by_month(quick_at_registration):
    outcomes = sim.simulate(scenario_of(demand=DEMAND), behaviour=quick_at_registration, seed=1).outcomes
    rows = outcomes.query(f"outcome == 'effort' and kind == 'registration' and unit == '{QUICK}'")
    assert dict(zip(rows["month"], rows["value"], strict=True)) == dict.fromkeys(range(13), 1.25)


def test_where_nobody_responds_there_is_no_effort():
    found = by_unit_and_kind(sim.simulate(scenario_of(demand=DEMAND), seed=1))
    assert {name for name, *_ in found} == {"hands_on_hours", "hands_on_minutes"}


@pytest.mark.parametrize("duty_ends", DUTY_ENDS)
@pytest.mark.parametrize("preemption", PREEMPTION)
def test_every_second_is_counted_once(preemption, duty_ends):
    """Against the segments, added up by hand: on duty, and beyond it where work is finished first."""
    result = sim.simulate(busy_hall("class_priority", preemption, duty_ends, "one_window"), seed=3)
    found, world = by_unit_and_kind(result), result.work.world
    duty = {person.name: person.duty for person in world.people}
    kind, ended_s = result.steps["kind"].astype(str), result.steps["end_s"]
    busy_s, visit_s = dict.fromkeys(result.scenario.kinds, 0), dict.fromkeys(result.scenario.kinds, 0)
    for task, person, start, end in result.segments[["task", "person", "start_s", "end_s"]].values.tolist():
        begin_s, end_s = duty[person].T
        on_duty = np.clip(end_s, start, end) - np.clip(begin_s, start, end)
        busy_s[kind[task]] += on_duty.sum()
        if ended_s[task] >= 0:
            visit_s[kind[task]] += end - start if duty_ends == "finish" else on_duty.sum()
    ended = kind[(result.steps["type"] == "work") & (ended_s >= 0)].value_counts()
    for name in result.scenario.kinds:
        for unit in ("", "hall"):
            assert found["hands_on_hours", unit, name] == pytest.approx(busy_s[name] / 3600, rel=1e-12)
            if name in ended:
                minutes = visit_s[name] / 60 / ended[name]
                assert found["hands_on_minutes", unit, name] == pytest.approx(minutes, rel=1e-12)
        assert (("hands_on_minutes", "hall", name) in found) == (name in ended)
    assert sum(busy_s.values()) == result.people["busy_s"].sum() > 0


def test_kinds_add_up_to_the_busy_hours_of_each_unit_in_each_year():
    years = {"horizon.years": 2, "demand.registration.scale": 0.2, "demand.fees.scale": 0.2}
    years |= {"behaviour.return": "assumed", "behaviour.trials.at_least": 4}
    outcomes = sim.simulate("binhai", years, behaviour="responsive", seed=4).outcomes.query("month == 0")
    keys = ["year", "unit"]
    own, kinds = (
        rows.astype({"unit": str}).groupby(keys)["value"].sum()
        for rows in (
            outcomes.query("outcome == 'busy_hours' and person != ''"),
            outcomes.query("outcome == 'hands_on_hours' and kind != '' and unit != ''"),
        )
    )
    np.testing.assert_allclose(kinds.reindex(own.index, fill_value=0.0), own, rtol=1e-12)
    assert (outcomes.query("outcome == 'hands_on_hours' and unit != ''")["value"] > 0).all()
