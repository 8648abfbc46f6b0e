"""A study can be killed anywhere, resumed, and run on any number of processes: the results are the same."""

import os
import signal
import subprocess
import sys
import time
from collections import deque
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim.scenario.errors import InputError
from sim.study import progress, work
from sim.study import study as load_study
from sim.study.result import Unit
from sim.study.run import RunError, _answers, _divide, _portions, _strided, _task, run
from sim.study.work import tables_digest

pytestmark = pytest.mark.usefixtures("real_workers")


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
    run(study, workers=2, progress=False, simulate=engine.simulate)
    before = study.outcomes
    assert len(engine.done) == 6 and study.missing() == []
    engine.forget()
    lost = next(unit for unit in study.units if unit.policy == "third-clerk" and unit.replication == 1)
    study.store.file(lost.key).unlink()
    again = load_study("counters")
    assert again.missing() == [lost]
    run(again, progress=False, simulate=engine.simulate)
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
    run(study, workers=2, progress=False, simulate=engine.simulate)
    (unit, text), *others = study.failed.items()
    assert not others and (unit.policy, unit.replication) == ("third-clerk", 1)
    assert "told to fail" in text and "Traceback" in text
    assert study.missing() == [unit]
    engine.forget()
    run(study, progress=False, simulate=engine.simulate)
    assert not study.failed and not study.missing()


def test_a_killed_worker_is_replaced(study, engine):
    engine.order("current", 1, "die once")
    run(study, workers=2, progress=False, simulate=engine.simulate)
    assert not study.missing() and not study.failed


def test_a_unit_that_kills_its_worker_fails_alone(study, engine):
    engine.order("third-clerk", 0, "die")
    run(study, workers=2, progress=False, simulate=engine.simulate)
    assert [(unit.policy, unit.replication) for unit in study.missing()] == [("third-clerk", 0)]
    assert "died" in next(iter(study.failed.values()))


def test_a_script_whose_workers_run_it_again_is_told_what_it_lacks(folder):
    script = folder / "script.py"
    script.write_text("from sim.study import study\nstudy('counters').run(workers=2)\n", encoding="utf-8")
    done = subprocess.run([sys.executable, script], cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1 and "if __name__ == '__main__'" in done.stderr.splitlines()[-1]


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


def test_a_worker_of_other_code_is_refused_and_gives_no_result(study):
    study.__dict__["versions"] = study.versions._replace(code="of an hour ago")
    with pytest.raises(RunError, match="the model's code is not the same in a worker"):
        study.run(workers=2, progress=False)
    assert len(study.missing()) == 9 and not study.failed


@pytest.fixture
def new_process(monkeypatch):
    """As if this process had loaded no model yet: ``new_process(code)`` says what is on disk from now on."""

    def forget():
        work.code_at_first.cache_clear()
        work.code_loaded.cache_clear()

    forget()
    yield lambda code: monkeypatch.setattr(work, "code_version", lambda: code)
    forget()


def of_code(code):
    return SimpleNamespace(code=code)


def test_a_worker_that_has_loaded_old_code_is_refused_though_the_new_code_is_on_disk(new_process):
    new_process("old")
    work.begin(of_code("old"))
    new_process("new")
    with pytest.raises(work.Refused, match="restart the Dask workers"):
        work.begin(of_code("new"))
    work.begin(of_code("old"))  # what it computes is still what that name says


def test_code_edited_before_the_first_task_is_noticed(new_process):
    new_process("old")
    work.code_at_first()  # as when a worker gets its inputs
    new_process("new")
    for code in ("old", "new"):
        with pytest.raises(work.Refused):
            work.begin(of_code(code))


def test_a_worker_that_was_refused_once_serves_no_other_code_later(new_process):
    new_process("elsewhere")
    with pytest.raises(work.Refused):
        work.begin(of_code("here"))
    new_process("here")
    with pytest.raises(work.Refused):
        work.begin(of_code("here"))


def test_two_studies_of_one_name_share_a_folder_and_are_told(folder, computed, engine, capfd):
    other = folder / "elsewhere" / "counters.yaml"
    other.parent.mkdir()
    first = folder / "scenarios" / "studies" / "counters.yaml"
    other.write_text(first.read_text(encoding="utf-8"), encoding="utf-8")
    computed.run(workers=1)
    assert "keeps its results" not in capfd.readouterr().err
    load_study(other).run(workers=1)
    assert f"{first} keeps its results in {computed.folder} too" in capfd.readouterr().err


def test_an_edited_table_is_noticed(tmp_path, study):
    scenario = SimpleNamespace(folder=tmp_path, tables=lambda: ["rates.csv"])
    (tmp_path / "rates.csv").write_text("1,2")
    before = tables_digest(scenario)
    (tmp_path / "rates.csv").write_text("1,3")
    assert tables_digest(scenario) != before
    study.__dict__["versions"] = study.versions._replace(tables=before)
    with pytest.raises(RunError, match="a table that the scenario names is not the same"):
        study.run(workers=1, progress=False)
    assert len(study.missing()) == 9


def test_units_of_one_replication_travel_together_and_none_is_lost(study):
    units = [
        Unit(policy, "mechanical", replication, f"{policy}{replication}", work)
        for replication in range(100)
        for policy, work in (("a", "x"), ("b", "y"), ("c", "x"))
    ]
    portions = list(_portions(units, 4))
    assert len(portions) == 100 and [unit.policy for unit in portions[7]] == ["a", "c", "b"]
    assert [len(part) for part in _strided(portions[0], 4)] == [2, 1]  # what shares its work is not parted
    cut = deque(portions[:2])
    _divide(cut, 1)
    assert [len(portion) for portion in cut] == [2, 1, 3]
    left, tasks = deque(portions), []
    while left:
        tasks.append(_task(left, 4, 0.01))
    assert sorted(unit.key for task in tasks for unit in task) == sorted(unit.key for unit in units)
    assert max(map(len, tasks)) > 3 and len(tasks) >= 8 * 4 and len(tasks[-1]) == 3
    assert len(_task(deque(portions), 1, 10.0)) == 3  # long ones stay apart


def test_what_is_left_last_is_shared_out_so_that_all_end_together():
    """An engine that answers at once: a task is as long as may be, but for the last."""

    class AtOnce:
        width = 2
        tasks: list[tuple[Unit, ...]] = []

        def submit(self, task):
            self.tasks.append(task)
            self.due = [*getattr(self, "due", []), task]

        def finished(self):
            due, self.due = self.due, []
            return [(task, [(unit, "") for unit in task]) for task in due]

    units = [
        Unit(policy, "mechanical", replication, f"{policy}{replication}", policy, "a")
        for replication in range(41)
        for policy in "xy"
    ]
    engine = AtOnce()
    assert [unit for unit, _ in _answers(engine, units)] == [unit for task in engine.tasks for unit in task]
    assert sorted(unit.key for task in engine.tasks for unit in task) == sorted(unit.key for unit in units)
    assert [len(task) for task in engine.tasks[-2:]] == [1, 1]
    assert max(map(len, engine.tasks)) > 2


def test_few_replications_of_many_draws_travel_by_draw():
    units = [
        Unit(f"{draw}{rule}", "mechanical", replication, f"{draw}{rule}{replication}", f"{draw}{rule}", draw)
        for replication in range(2)
        for draw in "abcd"
        for rule in "xy"
    ]
    portions = list(_portions(units, 2))
    assert [{unit.draw for unit in portion} for portion in portions] == [{"a"}, {"b"}, {"c"}, {"d"}]
    assert [unit.replication for unit in portions[0]] == [0, 0, 1, 1]
    assert [len(portion) for portion in _portions(units, 4)] == [8, 8]  # too few draws for so many
    many = [
        Unit(f"{rule}", "mechanical", replication, f"{rule}-{replication}", f"{rule}", "a")
        for replication in range(2)
        for rule in range(30)
    ]
    shared = list(_portions([*units, *many], 2))
    assert max(map(len, shared)) <= 13 and sum(map(len, shared)) == len(units) + len(many)
    for rule in range(30):  # all of a policy in one portion
        assert sum(any(unit.policy == f"{rule}" for unit in portion) for portion in shared) == 1


def test_progress_without_a_terminal_is_a_line_at_the_end(study, capfd):
    study.run(workers=1)
    lines = capfd.readouterr().err.splitlines()
    assert len(lines) == 1 and lines[0].startswith("counters: 6 of 6 replications, ")


def test_trials_are_counted_apart_from_the_replications_that_follow(capsys):
    with progress.Progress("two") as shown:
        with shown.of("trial") as trials:
            trials.more(1)
            trials.one()
        shown.more(2)
        for _ in range(2):
            shown.one()
    counts = [line.rsplit(", ", 2)[0] for line in capsys.readouterr().err.splitlines()]
    assert counts == ["two: 1 of 1 trial", "two: 2 of 2 replications"]


def test_progress_tells_a_line_a_minute(monkeypatch, capsys):
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    with progress.Progress("slow") as shown:
        shown.more(10)
        for number in range(10):
            now[0] += 25.0
            shown.one(failed=number == 1)
    assert capsys.readouterr().err.splitlines() == [
        "slow: 3 of 10 replications, 1 failed, 0.04 a second, 175 s left",
        "slow: 6 of 10 replications, 1 failed, 0.04 a second, 100 s left",
        "slow: 9 of 10 replications, 1 failed, 0.04 a second, 25 s left",
        "slow: 10 of 10 replications, 1 failed, 0.04 a second, 250 s",
    ]
