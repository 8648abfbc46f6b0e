"""What has no effect, and what is too short for a clock of whole seconds, is said by `sim check`."""

from __future__ import annotations

import copy
import datetime as dt

import pytest

import sim
from sim.scenario import InputError, build, load
from sim.scenario.calendar import calendar_of
from sim.scenario.notes import notes

from .small import small, write_scenario

SHIPPED = ["binhai", "one-office", "outpatients", "urgent-care", "warsaw-halls", "province"]


def noted(folder, *changes: tuple[str, str]) -> dict[str, str]:
    return {note.path: note.message for note in notes(load(write_scenario(folder, small(*changes))))}


@pytest.mark.parametrize(
    ("old", "new", "path", "says"),
    [
        ("closed: [2025-03-03]", "closed: [2025-03-03, 2031-03-03]", "calendar.closed.1", "outside the"),
        ("closed: [2025-03-03]", "closed: [2025-03-08]", "calendar.closed.0", "a day off in any case"),
        ("closed: [2025-03-03]", "open: [2025-03-03]", "calendar.open.0", "worked in any case"),
        ("roles:\n", "roles:\n  spare: {title: {en: S, zh: 备}}\n", "roles.spare", "nobody has this role"),
        ("minutes: 20,", "minutes: 0.5,", "kinds.visit.route.intake.minutes", "whole seconds"),
        ("names: [张三]", "names: [张三, 李四]", "staff.south_window.names", "the last have no effect"),
    ],
)
def test_it_is_said(tmp_path, old, new, path, says):
    before, after = noted(tmp_path / "a"), noted(tmp_path / "b", (old, new))
    assert path not in before
    assert says in after[path]


def test_of_many_short_times_the_shortest_is_told(tmp_path):
    data = copy.deepcopy(sim.load("one-office").source.data)
    for kind in data["kinds"].values():
        for step in kind["route"].values():
            if step["type"] == "work":
                step["minutes"] = 0.51
    short = [note.message for note in notes(build(data)) if "whole seconds" in note.message]
    assert len(short) == 1 and short[0].startswith("a mean of 30.6 seconds")


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_scenarios_have_nothing_without_effect(name):
    assert [str(note) for note in notes(sim.load(name)) if "no effect" in note.message] == []


def test_a_public_holiday_can_be_opened(tmp_path):
    open_ = ("closed: [2025-03-03]", "open: [2025-10-06]")  # a Monday of the October holiday
    scenario = load(write_scenario(tmp_path, small(open_)))
    calendar = calendar_of(scenario)
    day = calendar.day_of(dt.date(2025, 10, 6))
    assert calendar.working[day] and calendar.weekday[day] == 0
    assert not calendar.working[day + 1]


def limited(amount: float, per: str) -> sim.Scenario:
    data = copy.deepcopy(sim.load("one-office").source.data)
    data["calendar"] = {"country": "none", "week": {day: ["00:00-24:00"] for day in ("mon", "wed")}}
    data["kinds"]["visit"]["limit"] = {"amount": amount, "per": per}
    return build(data)


def test_a_limit_runs_as_far_as_it_says():
    """Two days a week are worked: 1,500 working days are 750 weeks."""
    requests = sim.simulate(limited(1500, "working_days"), seed=1).requests
    weeks = (requests["due_s"] - requests["arrival_s"]) / (7 * 86_400)
    assert weeks.between(749, 751.01).all()


def test_a_limit_beyond_the_clock_is_refused():
    with pytest.raises(InputError, match="run out after the end of the clock") as raised:
        sim.simulate(limited(90_000, "calendar_days"))
    assert raised.value.path == "kinds.visit.limit.amount"


JARGON = ("tuple", "dict", "NoneType", "nput should", "pydantic", "instance", "frozenset", "validat", "Tag")
VALUES = ["[]", "{}", "x", "''", "-1", "1.5", "1e300", "1e-320", "null", "true", "[[]]", "{a: 1}", "[1, x]"]


@pytest.mark.parametrize("value", VALUES)
def test_no_message_speaks_of_python(tmp_path, value):
    """Every line of the small scenario with a value of its own, written anew."""
    home = write_scenario(tmp_path)
    lines = (home / "scenario.yaml").read_text(encoding="utf-8").splitlines()
    refused = 0
    for number, line in enumerate(lines):
        key, colon, rest = line.partition(": ")
        if not colon or "#" in line or key.startswith("title") or not rest:
            continue
        text = "\n".join([*lines[:number], f"{key}: {value}", *lines[number + 1 :]])
        (home / "scenario.yaml").write_text(text, encoding="utf-8")
        try:
            load(home)
        except InputError as error:
            refused += 1
            told = str(error)
            assert not [word for word in JARGON if word in told], told
    assert refused > 10


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("years: 1,", "years：1,", "U+FF1A"),
        ('mon: ["08:30-12:00",', 'mon: ["08:30-12:00"，', "U+FF0C"),
        ("skills: [visit]", "skills: [visit，visit]", "U+FF0C"),
        ("at: own/window", "at: own/\u00a0window", "NBSP"),
        ("role: review", "\u00a0role: review", "NBSP"),
        ("speed: 1.2", "speed: １.2", "full-width digit"),
        ("speed: 1.2", "speed: “1.2”", "U+201C"),
        ('tue: ["08:30-12:00", ', 'tue: ["17:00-12:00", ', "write the earlier hour first"),
    ],
)
def test_look_alikes_and_nights_are_named(tmp_path, old, new, says):
    with pytest.raises(InputError) as raised:
        load(write_scenario(tmp_path, small((old, new))))
    assert says in str(raised.value)
