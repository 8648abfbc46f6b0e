"""Cases that stand far from all others are told; --from and --until leave cases out, or are refused."""

import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.cli.commands import app
from sim.logs import read_log
from sim.scenario import InputError

from .test_read import found, put, rows, text


@pytest.mark.parametrize("day", ["1990-01-01", "1994-06-01", "2004-02-29"])
def test_a_stray_date_is_told_with_its_case_and_a_way_out(tmp_path, day):
    file = put(tmp_path, text([*rows(), ["stray", "decide", "P", day, day]]))
    log = read_log(file)
    assert found(log, "far_from") == 1
    line = next(one for one in log.findings if one.name == "far_from").line()
    first = log.cases["arrival"].sort_values().iloc[1].normalize()
    assert f"stray on {day}" in line and f"--from {first:%Y-%m-%d}" in line
    mended = read_log(file, begin=first)
    plain = read_log(put(tmp_path, text(rows())))
    assert mended.events["start"].tolist() == plain.events["start"].tolist()
    assert found(mended, "from") == 1 and found(mended, "far_from") == 0
    assert mended.origin.filters == (f"cases left out by --from {first:%Y-%m-%d}: 1",)


def test_a_stray_late_date_is_told_and_quiet_times_are_not(tmp_path):
    log = read_log(put(tmp_path, text([*rows(), ["late", "decide", "P", "2026-09-01", "2026-09-01"]])))
    assert found(log, "far_until") == 1 and found(log, "far_from") == 0
    quiet = [
        [f"q{day}", "decide", "P", f"2024-{month:02}-{day:02}"] * 1
        for month in (2, 9)
        for day in range(1, 29)
    ]
    log = read_log(put(tmp_path, text([[*row, row[3]] for row in quiet])))
    assert found(log, "far_until") == found(log, "far_from") == 0


def test_the_command_leaves_out_what_came_before_and_refuses_what_is_no_day(tmp_path):
    file = put(tmp_path, text([*rows(), ["stray", "decide", "P", "1994-06-01", "1994-06-01"]]))
    told = CliRunner().invoke(app, ["import-log", str(file), "--look"])
    assert "--from 2025-03-01" in told.output and "stray on 1994-06-01" in told.output
    mended = CliRunner().invoke(app, ["import-log", str(file), "--look", "--from", "2025-03-01"])
    assert "1  case left out by --from 2025-03-01" in mended.output and "1994" not in mended.output
    wrong = CliRunner().invoke(app, ["import-log", str(file), "--look", "--until", "soon"])
    assert wrong.exit_code == 2 and "Write --until 2025-07-01" in wrong.stderr


def test_no_case_within_the_asked_days_is_refused_with_the_days_of_the_log(tmp_path):
    file = put(tmp_path, text(rows()))
    with pytest.raises(InputError, match="no case came in") as refused:
        read_log(file, begin=pd.Timestamp("2026-01-01"))
    assert "from 2025-03-01 to 2025-03-24" in refused.value.remedy
    with pytest.raises(InputError, match="--from 2025-03-09 is after --until 2025-03-04"):
        read_log(file, begin=pd.Timestamp("2025-03-09"), until=pd.Timestamp("2025-03-04"))
    empty = CliRunner().invoke(app, ["import-log", str(file), "--look", "--from", ""])
    assert empty.exit_code == 2 and "'' is no day" in empty.stderr


def test_a_log_of_which_no_row_has_an_end_says_so(tmp_path):
    with pytest.raises(InputError, match="no row is left that has an end"):
        read_log(put(tmp_path, text([[*row[:4], "NULL"] for row in rows()])))
