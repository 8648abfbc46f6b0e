"""Every part of the benchmarks runs, on the county with all its rules and few of its requests."""

from __future__ import annotations

import csv
import json
import re
import shutil
from importlib import import_module
from typing import Any

import pytest
import yaml

from benchmarks import __main__ as benchmarks
from benchmarks import in_c, memory, studies, watched
from benchmarks.history import COLUMNS, keep
from benchmarks.measure import DEFAULT_STUDY, ROOT, Row, Scale, not_measured
from benchmarks.simulators import OTHERS
from sim.scenario import load

SHARE = 0.02  # of the county's requests
MAY_LACK = {  # what need not be installed
    "c": not in_c.available(),
    "others": not OTHERS.is_dir(),
}


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Scale:
    folder = tmp_path_factory.mktemp("benchmarks")
    county = folder / "binhai"
    shutil.copytree(ROOT / "scenarios" / "binhai", county)
    content = load("binhai").source.data
    fewer = {f"demand.{kind}.scale": SHARE for kind in content["demand"]} | {"horizon.warm_up_days": 0}
    fewer |= {"behaviour.trials.at_least": 4, "behaviour.trials.at_most": 4}
    for demand in content["demand"].values():
        demand["scale"] = SHARE
    content["horizon"]["warm_up_days"] = 0
    (county / "scenario.yaml").write_text(
        yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    study = yaml.safe_load(DEFAULT_STUDY.read_text(encoding="utf-8"))
    study |= {"policies": study["policies"][:1], "replications": 2, "years": 1, "changes": fewer}
    (folder / "brief.yaml").write_text(
        yaml.safe_dump(study, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    return Scale(
        scenario=str(county),
        study=folder / "brief.yaml",
        turns=1,
        customers=100,
        days=2,
        shorter_days=0.1,
        study_units=4,
        study_runs=1,
        dask=(1,),
        replications=2,
        briefings=1,
        sizes={2: 1},
        logged=(str(county),),
        first_use="import numpy as np; from sim.world.streams import each; "
        "each(np.ones(2, 'u8'), np.ones(1, int))",
    )


@pytest.fixture
def in_this_process(monkeypatch, capsys):
    """Most of what parts run in processes of their own runs here, and studies have one worker: Python takes
    seconds to start."""

    def child(module: str, *arguments: object) -> Any:
        monkeypatch.chdir(ROOT)
        import_module(f"benchmarks.{module}").main(*map(str, arguments))
        monkeypatch.chdir(ROOT)
        return json.loads(capsys.readouterr().out)

    main = watched.main
    monkeypatch.setattr(
        watched, "main", lambda file, workers, results: main(file, re.sub(r"\d", "1", workers), results)
    )
    monkeypatch.setenv(watched.CALLS, "")  # so that it is put back
    for part in (memory, studies):
        monkeypatch.setattr(part, "child", child)


@pytest.mark.parametrize("part", benchmarks.PARTS)
def test_every_part_measures(small, part, in_this_process):
    rows = benchmarks.PARTS[part](small)
    assert rows and all(row.what and row.figure for row in rows)
    if not MAY_LACK.get(part):
        assert not [row for row in rows if "not measured" in row.figure]


def test_a_part_that_fails_costs_the_others_nothing(monkeypatch, capsys, tmp_path):
    def broken(scale: Scale) -> list[Row]:
        raise ValueError("it is broken")

    page = tmp_path / "page.md"
    page.write_text(f"before\n{benchmarks.BEGIN}\nold\n{benchmarks.END}\nafter\n", encoding="utf-8")
    whole = {"broken": broken, "whole": lambda scale: [Row("speed", "7 s", "under 8 s", True)]}
    monkeypatch.setattr(benchmarks, "PARTS", whole)
    monkeypatch.setattr("sys.argv", ["benchmarks", "--write", str(page)])
    with pytest.raises(SystemExit) as ended:
        benchmarks.main()
    assert ended.value.code == 1
    written = page.read_text(encoding="utf-8")
    assert "not measured: it is broken" in written and "| 7 s " in written and "old" not in written
    assert written.startswith("before\n") and written.endswith("after\n")
    assert "ValueError" in capsys.readouterr().err


def test_figures_are_kept_by_commit(tmp_path):
    file = tmp_path / "history.csv"
    rows = [
        Row("speed", "1,234.5 times (of 3)", "9 times", True),
        Row("– a detail", "7 s"),
        not_measured("rival", "there is no gcc"),
        Row("share", "7.8%"),
    ]
    keep(rows, file)
    keep([Row("speed", "1,300 times"), Row("later", "2 MB")], file)
    heading, *lines = csv.reader(file.read_text(encoding="utf-8").splitlines())
    assert tuple(heading) == COLUMNS
    assert [line[3:] for line in lines] == [
        ["share", "7.8", "%"],
        ["speed", "1300", "times"],
        ["later", "2", "MB"],
    ]
    other = file.read_text(encoding="utf-8").replace(lines[0][0], "another")
    file.write_text(other, encoding="utf-8")
    keep(rows, file)
    assert len(file.read_text(encoding="utf-8").splitlines()) == 1 + 3 + 2  # another commit's figures stay
