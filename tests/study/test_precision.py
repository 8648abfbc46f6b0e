"""A study that asks for a precision goes on until it has it, and the number it ends with is its own."""

import math

import pandas as pd
import pyarrow as pa
import pytest

from sim import cli
from sim.evaluate.compare import compare
from sim.scenario.errors import InputError
from sim.study import study as load_study
from sim.study.result import unit_key
from sim.study.tables import bureau_years, differences

ASKED = "replications: {at_least: 10, at_most: 50, half_width: {on_time_rate: 0.06, mean_wait_minutes: 6}}"


def asking(folder, text=ASKED):
    file = folder / "scenarios" / "studies" / "counters.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("replications: 3", text), encoding="utf-8")
    return load_study("counters")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (ASKED.replace("at_least: 10", "at_least: 9"), "must be at least 10"),
        (ASKED.replace("at_most: 50", "at_most: 20").replace("10", "30"), "20, but 'at_least' is 30"),
        (ASKED.replace("on_time_rate", "on_time_rat"), "Did you mean 'on_time_rate'?"),
        (ASKED.replace("0.06", "0"), "must be above 0"),
        (ASKED.replace("0.06", "-1"), "must be above 0"),
        ("replications: {at_least: 10, at_most: 50}", "'half_width' is missing"),
        ("replications: {at_least: 10, at_most: 50, half_width: {}}", "empty. Name at least one outcome"),
        (ASKED.replace("at_most", "at_mist"), "unknown parameter 'at_mist'"),
        ("dask: {}\nreplications: 3", "either a scheduler or a number of workers"),
        ("dask: {workers: 0}\nreplications: 3", "must be at least 1"),
        (
            "dask: {scheduler: 'http://a:1; b'}\nreplications: 3",
            "dask.scheduler: 'http://a:1; b' is not the address of a scheduler. Give tcp://host:port",
        ),
        ("engine: fast\nreplications: 3", "'fast' is not possible here"),
    ],
)  # fmt: skip
def test_bad_values_are_told_with_their_line(folder, text, told):
    with pytest.raises(InputError) as caught:
        asking(folder, text)
    assert told in str(caught.value)
    assert str(caught.value).startswith(f"{folder / 'scenarios' / 'studies' / 'counters.yaml'}:")
    assert caught.value.line is not None


@pytest.mark.parametrize(
    ("most", "path"),
    [
        ("100000", "replications"),
        (ASKED.removeprefix("replications: ").replace("50", "100000"), "replications.at_most"),
    ],
)
def test_units_that_no_machine_could_hold_are_refused(folder, most, path, monkeypatch):
    monkeypatch.setattr("sim.study.file.MOST_UNITS", 299_999)
    with pytest.raises(
        InputError, match="300,000 replications of all policies together are more than 299,999"
    ) as caught:
        asking(folder, f"replications: {most}")
    assert caught.value.path == path
    monkeypatch.setattr("sim.study.file.MOST_UNITS", 300_000)
    asking(folder, f"replications: {most}")


def test_units_are_made_as_far_as_they_are_needed(folder, monkeypatch):
    made = []
    monkeypatch.setattr("sim.study.design.unit_key", lambda *given: made.append(given) or unit_key(*given))
    study = asking(folder, ASKED.replace("50", "100000"))
    assert len(study.missing()) == len(study.units) == 30 == len(made)
    assert study.units == load_study("counters").all_units[:30]


def years_of(values):
    columns = {"year": [], "month": [], "outcome": [], "value": []}
    for year, value in values.items():
        for month, told in ((0, value), (1, 99.0)):
            for name, entry in zip(columns, (year, month, "score", told), strict=True):
                columns[name].append(entry)
    empty = pa.array([""] * len(columns["year"]))
    return pa.table({**columns, "unit": empty, "kind": empty, "person": empty})


def test_a_year_that_one_side_lacks_is_left_out_on_both_as_in_the_comparison():
    sides = {
        "current": {2025: 1.0, 2026: 10.0, 2027: 5.0},
        "reform": {2025: 2.0, 2026: math.nan, 2027: 9.0},
    }
    tables_ = {policy: years_of(values) for policy, values in sides.items()}
    values = {(policy, "mechanical"): bureau_years(table, ["score"]) for policy, table in tables_.items()}
    found = differences([values, {**values, ("reform", "mechanical"): {}}], "current", ["score"])
    assert list(found) == [("reform", "mechanical", "score")]
    first, second = found["reform", "mechanical", "score"]
    assert first == (2 - 1 + 9 - 5) / 2 and math.isnan(second)
    rows = pd.concat(
        table.to_pandas().assign(policy=policy, replication=0) for policy, table in tables_.items()
    )
    rows["outcome"] = "mean_score"
    assert compare(rows, "reform", "current")["difference"].item() == first


def test_check_tells_the_span(folder, monkeypatch, capsys):
    asking(folder)
    monkeypatch.setattr("sys.argv", ["sim", "check", "scenarios/studies/counters.yaml"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code and "10 to 50 replications each" in capsys.readouterr().out


def test_it_stops_when_every_difference_is_known_and_tells_what_it_needed(folder, capfd):
    study = asking(folder)
    assert study.replications == 10
    study.run(workers=2)
    told = capfd.readouterr().err
    assert 10 < study.replications < 50 and not study.missing()
    assert f"the precision is reached with {study.replications} replications" in told
    assert "of third-clerk needs about" in told and "of null-policy" not in told
    table = study.compare("third-clerk").set_index("outcome")
    assert table.loc["on_time_rate", "n"] == study.replications
    assert table.loc["on_time_rate", "half_width"] <= 0.06
    assert table.loc["mean_wait_minutes", "half_width"] <= 6
    assert study.outcomes["replication"].nunique() == study.replications


def test_the_number_is_the_same_for_other_workers_and_other_batches(folder):
    study = asking(folder).run(workers=2, progress=False)
    reached, outcomes = study.replications, study.outcomes
    file = folder / "scenarios" / "studies" / "counters.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(ASKED, "replications: 50"), encoding="utf-8")
    load_study("counters").run(workers=1, progress=False)  # more than are needed, in one go
    file.write_text(text, encoding="utf-8")
    again = load_study("counters")
    assert not again.missing() and again.replications == reached
    assert again.outcomes.equals(outcomes)
    assert not again.store.of_nothing({unit.key for unit in again.all_units}, False)
    for number, unit in enumerate(again.all_units):  # half of the first ones were lost
        if number % 2 and unit.replication < reached:
            again.store.file(unit.key).unlink(missing_ok=True)
    again.run(workers=1, progress=False)
    assert again.replications == reached and again.outcomes.equals(outcomes)


def test_what_was_not_reached_is_told(folder, capfd, monkeypatch):
    asking(folder, ASKED.replace("at_most: 50", "at_most: 12").replace("0.06", "0.0001"))
    monkeypatch.setattr("sys.argv", ["sim", "run", "counters", "--workers", "1"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    told = capfd.readouterr().err
    assert not ended.value.code
    assert "on_time_rate of third-clerk is not known to ± 0.0001 after 12 replications" in told
    study = load_study("counters")
    assert study.replications == 12 and not study.plan.reached
    monkeypatch.setattr("sys.argv", ["sim", "status", "counters"])
    with pytest.raises(SystemExit):
        cli.main()
    assert "precision: not reached, at most 12 replications" in capfd.readouterr().out


def test_a_failed_replication_is_left_out_and_the_rest_count(folder, engine):
    from sim.study.run import run

    study = asking(folder)
    engine.order("third-clerk", 3, "fail")
    run(study, workers=1, progress=False, simulate=engine.simulate)
    assert study.plan.reached and study.replications > 10
    assert [unit.replication for unit in study.failed] == [3]
    n = study.compare("third-clerk").set_index("outcome").loc["on_time_rate", "n"]
    assert n == study.replications - 1
