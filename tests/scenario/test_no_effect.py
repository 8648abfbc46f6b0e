"""What lies outside the horizon or the office hours is said by `sim check`, with counts."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from sim.cli.commands import app
from sim.scenario import load
from sim.scenario.no_effect import without_effect

from .bad_tables import RATES, REPLAY, scenario_with
from .small import small, write_scenario

LATE = "2027-01-02"


def found(home) -> dict[str, str]:
    return {".".join(path): message for path, message in without_effect(load(home))}


def test_a_scenario_of_which_all_has_an_effect_is_silent(tmp_path):
    assert found(write_scenario(tmp_path)) == {}


def test_sittings_and_shifts_outside_the_horizon(tmp_path):
    text = small(
        ("first: [600, 700]", "first: [600, 700_000]".replace("_", "")),
        ("every_minutes: 20160", "every_minutes: 20160000"),
        ("start: 2025-01-02 13:00, end: 2025-01-02 17:00", f"start: {LATE} 13:00, end: {LATE} 17:00"),
    )
    said = found(write_scenario(tmp_path, text))
    assert said["committees.board.first"].startswith("1 of 2 first sittings lie after the end")
    assert said["staff.hall_window.roster"].startswith("1 of 2 shifts lie outside the horizon")
    assert len(said) == 2


def test_rates_of_days_that_are_never_worked(tmp_path):
    home, _ = scenario_with(tmp_path, "rates", RATES.replace("north,1", "north,5").encode())
    assert found(home) == {
        "demand.visit.rates": "1 rates of 'rates.csv' are for weekdays that are never worked; "
        "these 2.0 requests a week do not come"
    }


def test_a_replay_takes_the_place_of_its_kinds_and_check_says_so(tmp_path):
    home, _ = scenario_with(tmp_path, "replay", REPLAY.replace("900000", "90000000").encode())
    with pytest.warns(UserWarning) as said:
        assert CliRunner().invoke(app, ["check", str(home)]).exit_code == 0
    told = " ".join(str(one.message) for one in said)
    assert "demand.visit: the replay table holds 'visit'; its demand has no effect" in told
    assert "1 row is after the end of the horizon and left out" in told


def test_check_finds_a_wrong_table(tmp_path):
    home, file = scenario_with(tmp_path, "rates", RATES.replace("1.5", "").encode())
    said = CliRunner().invoke(app, ["check", str(home)])
    assert said.exit_code == 2
    assert f"{file}:2: requests_per_hour: the cell is empty" in said.output.replace("\n", "")
