"""A study can be killed anywhere, resumed, and run on any number of processes: the results are the same."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest

from sim.scenario.errors import InputError
from sim.study import study as load_study
from sim.study.run import run


def results(folder) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (folder / "results" / "counters").glob("*.parquet")}


def test_the_same_bytes_from_one_process_from_two_and_from_this_one(folder, computed):
    here = results(folder)
    assert len(here) == 6  # the null policy has the baseline's results
    for workers in (1, 2):
        for file in computed.folder.iterdir():
            file.unlink()
        computed.run(workers=workers, progress=False)
        assert results(folder) == here


def test_resuming_computes_only_what_is_missing(study, engine):
    run(study, workers=2, progress=False, engine=engine.simulate)
    before = study.outcomes
    assert len(engine.done) == 6 and study.missing() == []
    engine.forget()
    lost = next(unit for unit in study.units if unit.policy == "third-clerk" and unit.replication == 1)
    study.store.file(lost.key).unlink()
    again = load_study("counters")
    assert again.missing() == [lost]
    run(again, progress=False, engine=engine.simulate)
    assert engine.done == ["third-clerk 1"]
    pd.testing.assert_frame_equal(again.outcomes, before)


def test_one_more_replication_changes_none_of_the_others(folder, computed):
    before = results(folder)
    file = folder / "scenarios" / "studies" / "counters.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("replications: 3", "replications: 4"), encoding="utf-8"
    )
    more = load_study("counters")
    assert {unit.replication for unit in more.missing()} == {3}
    more.run(progress=False)
    after = results(folder)
    assert len(after) == 8 and before.items() <= after.items()


def test_a_policy_equal_to_the_baseline_differs_by_exactly_zero(computed):
    keys = ["replication", "year", "month", "unit", "kind", "person", "outcome"]
    table = computed.outcomes.astype(
        dict.fromkeys(["policy", "unit", "kind", "person", "outcome"], str)
    ).set_index(keys)
    value = {policy: rows["value"] for policy, rows in table.groupby("policy")}
    assert np.array_equal(value["null-policy"], value["current"], equal_nan=True)
    assert not np.array_equal(value["third-clerk"], value["current"], equal_nan=True)
    compared = computed.compare("null-policy")
    assert len(compared) > 0 and (compared["difference"].dropna() == 0).all()


def test_a_failed_replication_is_told_and_the_rest_go_on(study, engine):
    engine.order("third-clerk", 1, "fail")
    run(study, workers=2, progress=False, engine=engine.simulate)
    (unit, text), *others = study.failed.items()
    assert not others and (unit.policy, unit.replication) == ("third-clerk", 1)
    assert "told to fail" in text and "Traceback" in text
    assert study.missing() == [unit]
    engine.forget()
    run(study, progress=False, engine=engine.simulate)
    assert not study.failed and not study.missing()


def test_a_killed_worker_is_replaced(study, engine):
    engine.order("current", 1, "die once")
    run(study, workers=2, progress=False, engine=engine.simulate)
    assert not study.missing() and not study.failed


def test_a_unit_that_kills_its_worker_fails_alone(study, engine):
    engine.order("third-clerk", 0, "die")
    run(study, workers=2, progress=False, engine=engine.simulate)
    assert [(unit.policy, unit.replication) for unit in study.missing()] == [("third-clerk", 0)]
    assert "died" in next(iter(study.failed.values()))


def test_the_number_of_workers_is_checked(study):
    with pytest.raises(InputError, match="number of workers is 0"):
        study.run(workers=0)


@pytest.mark.skipif(sys.platform == "win32", reason="sends POSIX signals")
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_interrupted_it_leaves_no_process_and_no_half_result(folder, sent, code):
    file = folder / "scenarios" / "studies" / "counters.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("replications: 3", "replications: 900"), encoding="utf-8"
    )
    command = [sys.executable, "-m", "sim.cli", "run", "counters", "--workers", "2"]
    # its own session, so that what it started can be counted
    started = subprocess.Popen(command, cwd=folder, start_new_session=True, stderr=subprocess.PIPE, text=True)
    done = folder / "results" / "counters"
    give_up = time.monotonic() + 60
    while len(list(done.glob("*.parquet"))) < 3 and time.monotonic() < give_up:
        time.sleep(0.05)
    os.kill(started.pid, sent)
    assert started.wait(timeout=180) == code
    told = started.stderr.read() if sent == signal.SIGINT else ""
    assert "Traceback" not in told
    while group_lives(started.pid) and time.monotonic() < give_up:
        time.sleep(0.05)
    assert not group_lives(started.pid)
    study = load_study("counters")
    left = len(study.missing())
    assert 0 < left < len(study.units)
    assert not list(done.glob("*.damaged"))
    if sent == signal.SIGINT:
        assert "are left" in told and not list(done.glob(".*.partial"))


def group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
