"""Several promises for one matter: further time limits by name, counted by hand, scored, told of, neutral."""

from __future__ import annotations

import pytest

import sim
from sim.flow import ENGINES
from tests.theory.offices import kind, text, work
from tests.theory.test_traces import rows, timetable, units

LIMITS = {
    "counter": {"title": text("at the counter"), "amount": 100, "per": "minutes", "until": "first_start"},
    "matter": {"title": text("in all"), "amount": 300, "per": "minutes"},
}
SCORED = {
    "kinds.visit.limits": {
        "counter": {"title": text("counter"), "amount": 20, "per": "minutes", "until": "first_start"}
    },
    "scorecards.office.items.on_time.limit": "counter",
}


def of_limits(result: sim.Result, unit: str = "") -> dict[tuple[str, str], float]:
    table = result.outcomes.astype({"unit": str, "kind": str, "outcome": str})
    own = table[table["kind"].str.startswith("limit.") & (table["unit"] == unit)]
    return dict(zip(zip(own["kind"], own["outcome"], strict=True), own["value"], strict=True))


@pytest.mark.parametrize("engine", ENGINES)
def test_two_further_promises_by_hand(engine):
    """Arrivals at 0, 1 and 2 that take 2 each are begun at 0, 2, 4 and finished at 2, 4, 6.

    At the counter they may wait 1, in all they may take 3: the third is late by both, by 1 each. The
    committed limit of 10 is kept by all.
    """
    visit = kind(serve=work(1)) | {"limit": {"amount": 1000, "per": "minutes"}, "limits": LIMITS}
    result = timetable(20, rows([0, 1, 2], 2), {"request": visit}, engine=engine)
    assert units(result.requests["due_s.counter"]) == [1, 2, 3]
    assert units(result.requests["due_s.matter"]) == [3, 4, 5]
    for unit in ("", "office"):
        told = of_limits(result, unit)
        for name in ("limit.counter", "limit.matter"):
            assert told[name, "limit_due_cases"] == 3
            assert told[name, "limit_on_time_rate"] == pytest.approx(2 / 3)
            assert told[name, "limit_overdue_days"] == pytest.approx(100 / 1440)
    table = result.outcomes
    assert table[(table["outcome"] == "on_time_rate") & (table["unit"] == "")]["value"].iloc[0] == 1


def test_a_scorecard_counts_by_it_and_nothing_else_changes():
    """Score and wait of the office by the counter's 20 minutes, counted again from the table of requests."""
    usual = sim.simulate("one-office", seed=1)
    scored = sim.simulate("one-office", SCORED, seed=1)
    requests = scored.requests
    due, end_s = requests["due_s.counter"], scored.work.years[0].end_s
    cases = (due > 0) & (due <= end_s)
    in_time = cases & (requests["first_start_s"] >= 0) & (requests["first_start_s"] <= due)
    assert scored.units["score"].iloc[0] == pytest.approx(100 * in_time.sum() / cases.sum())
    assert of_limits(scored)["limit.counter", "limit_on_time_rate"] == in_time.sum() / cases.sum()
    assert scored.units["on_time_rate"].equals(usual.units["on_time_rate"])
    assert scored.work.trace.finish_s.tolist() == usual.work.trace.finish_s.tolist()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"scorecards.office.items.on_time.limit": "counter"}, "unknown further limit 'counter'"),
        ({"kinds.visit.limits": {"limit": LIMITS["matter"]}}, "is called 'limit', which is a key"),
        (
            SCORED | {"scorecards.office.items.on_time.indicator": "study_rate"},
            "'study_rate' is not of cases with a time limit",
        ),
    ],
)
def test_mistakes_are_told(changes, message):
    with pytest.raises(sim.InputError, match=message):
        sim.reform(sim.load("one-office"), changes)
