"""What is open when the first year begins: a table starts the horizon, in both executors, by hand."""

from __future__ import annotations

import copy
import datetime as dt
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sim
from sim.cli.commands import app
from sim.flow import ENGINES
from sim.scenario.folders import shipped_folder
from sim.scenario.notes import notes
from sim.scenario.time import DAY_S
from tests.rules.conftest import SCENARIO

HOUR_S = 3600
HEAD = "kind,unit,step,received,due\n"


def office(folder: Path, rows: str, **changes: object) -> sim.Scenario:
    """Open 8 to 16 from Monday to Friday; a permit takes 10 minutes at its unit and 10 at the registry.

    The horizon begins on Wednesday, 1 January 2025.
    """
    data = copy.deepcopy(SCENARIO)
    data["horizon"] = {"start": "2025-01-01", "years": 1}
    data["kinds"]["permit"]["limit"] = {"amount": 5, "per": "working_days"}
    data["grades"]["clerk"]["leave_days"] = 0
    data["work_in_progress"] = "open.csv"
    data |= changes
    (folder / "open.csv").write_text(HEAD + rows, encoding="utf-8")
    return sim.build(data, folder)


ROWS = """permit,west,accept,2024-12-30,
permit,west,accept,2024-12-20,2025-01-01 08:15
permit,west,check,2024-12-27,2025-01-31
permit,west,accept,2024-12-02,2024-12-09
"""


@pytest.fixture(params=ENGINES, scope="module")
def result(request, tmp_path_factory) -> sim.Result:
    return sim.simulate(office(tmp_path_factory.mktemp("open"), ROWS), engine=request.param)


def test_they_take_up_their_way_in_order_of_receipt(result):
    """At 8 the west has three to accept, 10 minutes each; the registry has one to check."""
    mine = result.requests[result.requests["arrival_s"] < 0]
    assert [day / DAY_S for day in mine["arrival_s"]] == [-30, -12, -5, -2]
    visits = result.steps[result.steps["request"].isin(mine.index)]
    accepted = visits[visits["step"] == "accept"]["start_s"] / HOUR_S
    assert accepted.tolist() == pytest.approx([8, 8 + 1 / 6, 8 + 2 / 6])
    checked = visits[visits["step"] == "check"].sort_values("start_s")["start_s"] / HOUR_S
    assert checked.tolist() == pytest.approx([8, 8 + 1 / 6, 8 + 2 / 6, 8 + 3 / 6])
    assert result.dated(mine)["arrival"].dt.strftime("%m-%d").tolist() == ["12-02", "12-20", "12-27", "12-30"]


def test_when_they_are_due(result):
    """By the table, else 5 working days from receipt: the one of 30 December is due at the end of 6 January.

    What fell due in December is overdue when the year begins, and not of this year.
    """
    mine = result.requests[result.requests["arrival_s"] < 0]
    assert [moment / HOUR_S for moment in mine["due_s"]] == [0, 8.25, 31 * 24, 6 * 24]
    year = result.outcomes[(result.outcomes["unit"] == "west") & (result.outcomes["month"] == 0)]
    values = dict(zip(year["outcome"].astype(str), year["value"], strict=True))
    assert values["arrivals"] == 0  # they came before
    assert values["finished"] == 4
    assert values["due_cases"] == 3
    assert values["on_time_rate"] == pytest.approx(2 / 3)  # done at 8:40, not by 8:15


def test_waits_count_from_receipt_and_not_for_what_was_begun(result):
    """Three waited from their receipt until 8:00, 8:10 and 8:20."""
    year = result.outcomes[
        (result.outcomes["unit"] == "west") & (result.outcomes["outcome"] == "mean_wait_minutes")
    ]
    assert year["value"].iloc[0] == pytest.approx((30 + 12 + 2) / 3 * 1440 + 490)


def test_all_else_is_as_without(tmp_path):
    """The same citizens come; the open matters only stand before them."""
    with_, without = (
        sim.simulate(office(tmp_path, ROWS, work_in_progress=table)) for table in ("open.csv", None)
    )
    drawn = with_.requests[with_.requests["arrival_s"] >= 0]
    assert drawn["arrival_s"].tolist() == without.requests["arrival_s"].tolist()
    assert drawn["work_s"].tolist() == without.requests["work_s"].tolist()
    assert drawn["case_number"].tolist() == without.requests["case_number"].tolist()
    assert "step" not in without.work.world.requests


def test_beside_a_warm_up(tmp_path):
    """They come when the year begins, not the warm-up; the check says that both leave open matters."""
    case = office(tmp_path, ROWS, horizon={"start": "2025-01-01", "years": 1, "warm_up_days": 10})
    assert [str(note) for note in notes(case) if "warm-up leaves open matters" in str(note)]
    result = sim.simulate(case)
    drawn = result.work.world.requests
    mine = result.requests[drawn["arrival_s"] != drawn["received_s"]]
    assert [day / DAY_S for day in mine["arrival_s"]] == [-20, -2, 5, 8]
    visits = result.steps[result.steps["request"].isin(mine.index)]
    assert visits["start_s"].min() >= 10 * DAY_S + 8 * HOUR_S


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("permit,west,stamp,2024-12-01,\n", "'permit' has no step 'stamp'"),
        ("permit,west,check,2025-01-01,\n", "is not before the start"),
        ("permit,west,check,1 December,\n", "'1 December' is no date"),
        ("permit,west,check,,\n", "'' is no date"),
        ("permit,west,check,2024-12-05,2024-12-01\n", "before it came"),
        ("visa,west,check,2024-12-05,\n", "unknown kind 'visa'"),
        ("", "the table has no rows"),
    ],
)
def test_mistakes_are_told_by_row(tmp_path, row, message):
    with pytest.raises(sim.InputError) as told:
        office(tmp_path, row)
    assert message in str(told.value)
    assert "open.csv" in str(told.value)


def test_what_one_horizon_leaves_is_with_what_the_next_begins(tmp_path):
    """The clerk of the west is away, so nothing moves there; then a clerk comes."""
    first = office(tmp_path, ROWS)
    away = first.staff | {"west": first.staff["west"].model_copy(update={"roster": ()})}
    left = sim.simulate(first.model_copy(update={"staff": away})).open_matters
    assert left["step"].tolist() == ["accept"] * 3  # the fourth stood before the registry
    assert left["received"].dt.strftime("%m-%d").tolist() == ["12-02", "12-20", "12-30"]
    left.to_csv(tmp_path / "left.csv", index=False)
    data = {"work_in_progress": "left.csv", "horizon": {"start": "2026-01-01", "years": 1}}
    result = sim.simulate(office(tmp_path, ROWS, **data))
    mine = result.requests[result.requests["arrival_s"] < 0]
    assert (mine["finish_s"] > 0).all() and len(mine) == 3
    assert mine["due_s"].tolist() == [0, 0, 0]


def test_the_check_counts_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "scenarios" / "mine"
    shutil.copytree(shipped_folder() / "one-office", folder)
    with (folder / "scenario.yaml").open("a", encoding="utf-8") as file:
        file.write("work_in_progress: open.csv\n")
    (folder / "open.csv").write_text(HEAD + "visit,office,serve,2024-12-31,\n", encoding="utf-8")
    told = CliRunner().invoke(app, ["check", str(folder / "scenario.yaml")])
    assert told.exit_code == 0 and "open at the start: 1" in told.output


@pytest.mark.parametrize("engine", ENGINES)
def test_a_due_date_beyond_the_calendar_ends_at_midnight(tmp_path, engine):
    """A permit of the list may be due many years after the horizon."""
    result = sim.simulate(office(tmp_path, "permit,west,accept,2024-12-30,2035-01-01\n"), engine=engine)
    due_s = result.requests["due_s"].iloc[0]
    assert dt.datetime(2025, 1, 1) + dt.timedelta(seconds=int(due_s)) == dt.datetime(2035, 1, 2)
