"""What is valid but most likely not meant is told; what may be meant is not."""

from __future__ import annotations

import pytest

import sim
from sim.scenario.notes import notes
from sim.scenario.unlikely import unlikely
from tests.flow.counter import counter

OFFICE = sim.reform(
    sim.load("one-office"),
    {"calendar.week": dict.fromkeys(("mon", "tue", "wed"), ["08:00-12:00", "14:00-16:00"])},
)


@pytest.mark.parametrize(
    ("path", "value", "usual", "says"),
    [
        ("unit_types.office.last_ticket_minutes", 480, 479, "more than 480 minutes"),
        ("kinds.visit.route.serve.least", 13, 12, "the least, 13, is above the mean, 12"),
    ],
)
def test_it_is_told(path, value, usual, says):
    [(where, why)] = unlikely(sim.reform(OFFICE, {path: value}))
    assert ".".join(where) == path and says in why
    assert not list(unlikely(sim.reform(OFFICE, {path: usual})))


@pytest.mark.parametrize(("tuesday", "told"), [("02:00-06:00", False), ("03:00-06:00", True)])
def test_days_whose_shifts_touch_are_one(tuesday, told):
    """Open from Monday 20:00 to Tuesday 6:00, ten hours, or twice for less: last tickets of eight hours."""
    week = {"mon": ["20:00-02:00"], "tue": [tuesday]}
    case = sim.reform(OFFICE, {"calendar.week": week, "unit_types.office.last_ticket_minutes": 480})
    assert bool(list(unlikely(case))) == told


@pytest.mark.parametrize(("least", "told"), [(40, ["kinds.visit.patience_shape.least"]), (20, [])])
def test_patience_whose_least_is_above_its_mean(least, told):
    shape = {"distribution": "exponential", "least": least}
    case = sim.reform(OFFICE, {"kinds.visit.patience_minutes": 30, "kinds.visit.patience_shape": shape})
    assert [".".join(where) for where, _ in unlikely(case)] == told


@pytest.mark.parametrize(("received", "old"), [("1800-01-01", True), ("2001-01-01", False)])
def test_an_open_matter_of_long_ago(tmp_path, received, old):
    rows = f"kind,unit,step,received\nvisit,hall,serve,{received}\nvisit,hall,serve,2024-12-30\n"
    (tmp_path / "open.csv").write_text(rows, encoding="utf-8")
    told = [note.message for note in notes(sim.build(counter(work_in_progress="open.csv"), tmp_path))]
    assert any("1 matter was received over 30 years before" in one for one in told) == old


def test_an_open_matter_due_after_the_clock_ends_is_refused(tmp_path):
    rows = "kind,unit,step,received,due\nvisit,hall,serve,2024-12-30,9999-12-31\n"
    (tmp_path / "open.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(sim.InputError, match="after the end of the clock, 2093-01-23") as told:
        sim.build(counter(work_in_progress="open.csv"), tmp_path)
    assert told.value.path == "due" and told.value.line == 2
