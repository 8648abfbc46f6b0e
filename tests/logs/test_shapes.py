"""Logs with the shape of published ones are imported: loans, a helpdesk, building permits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import sim
from sim.cli.commands import app
from sim.logs import fit_log, read_log, validate
from sim.logs.write import scenario_of

from .shapes import helpdesk, loans, permits


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """The logs, as they are read from a file."""
    folder, luck = tmp_path_factory.mktemp("shapes"), np.random.default_rng(1)
    tables = {"loans": loans(luck, 500), "helpdesk": helpdesk(luck, 600), "permits": permits(luck, 120)}
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    return {name: read_log(folder / f"{name}.csv") for name in tables}, folder


def test_what_a_system_does_needs_nobody_and_keeps_no_hours(read):
    for name in ("loans", "helpdesk"):
        judged = validate(read[0][name], replications=2)
        # hours; 4 to 7 while a system counted as a person
        assert judged.fitted["circadian"].mean() < 2.5, name
        assert judged.fitted["cycle"].mean() < judged.naive["cycle"] / 3, name
    fit = fit_log(read[0]["helpdesk"])
    assert fit.people.nobody == ("Closed",)
    closing = fit.kinds[0].routing.delays["Resolve ticket", "Closed"]
    assert closing.parts[0].amount.value == pytest.approx(360, rel=0.01) and closing.by_calendar
    assert scenario_of(fit).source.data["kinds"]["case"]["route"]["closed"]["type"] == "delay"


def test_steps_of_a_system_do_not_hide_the_starts_of_the_others(read):
    log = read[0]["loans"]
    fit = fit_log(log)
    assert not fit.starts and all(name[:2] in ("A_", "O_") for name in fit.people.nobody)
    work = log.events[log.events["activity"].astype("str").str.startswith("W_")]
    assert work["known"].all()
    counts = {one.name: one.count for one in log.findings}
    assert counts["not_ended"] == 0 and counts["other_lifecycle"] > 0


def test_hundreds_of_activities_make_a_scenario_that_loads(read, monkeypatch):
    folder: Path = read[1]
    monkeypatch.chdir(folder)
    ran = CliRunner().invoke(app, ["import-log", "permits.csv", "--replications", "0"])
    assert ran.exit_code == 0, ran.output
    scenario = sim.load(folder / "scenarios/permits")
    log = read[0]["permits"]
    route = next(iter(scenario.kinds.values())).route
    assert log.day_only and len(log.events["activity"].cat.categories) > 300
    assert sum(f"{name}_next" in route for name in route) == len(log.events["activity"].cat.categories)
    pairs = len(set(zip(log.events["activity"], log.events["activity"].shift(-1), strict=True)))
    assert (folder / "scenarios/permits/scenario.yaml").stat().st_size < 250 * pairs * len(scenario.kinds)
