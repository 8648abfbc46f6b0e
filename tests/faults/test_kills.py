"""kill -9, Ctrl-C and SIGTERM at random moments: run again, and the tables are those of a calm run."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest
from filelock import FileLock

from tests.faults.conftest import COMMAND, MOMENT_S, TIMES, assert_group_ends, children, kill, tries
from tests.study.test_cluster import scheduler  # noqa: F401 (a fixture)

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds processes in /proc")


def test_workers_killed(disturbed, chance, survived):
    left = tries(2)
    while left:
        disturbed.start_afresh()
        run = disturbed.start()
        while run.poll() is None and left:
            time.sleep(chance.uniform(0.0, 3 * MOMENT_S if TIMES else MOMENT_S))
            workers = children(run.pid)
            if workers and run.poll() is None:
                kill(chance.choice(workers))
                left -= 1
                survived("kill -9 of a worker")
        told = run.communicate(timeout=120)[1]
        assert run.returncode == 0, told
        disturbed.assert_whole()
        assert disturbed.files() == disturbed.undisturbed


def test_the_parent_killed(disturbed, chance, survived):
    for _ in range(tries(2)):
        disturbed.start_afresh()
        run = disturbed.start()
        time.sleep(chance.uniform(0.0, MOMENT_S))
        kill(run.pid)
        run.communicate()
        assert_group_ends(run.pid)
        disturbed.assert_whole()
        survived("kill -9 of the parent")
    disturbed.complete()


@pytest.mark.skipif(not TIMES, reason="at length only: tests/study/test_cluster.py does it once")
@pytest.mark.parametrize("number", range(max(TIMES, 1)))
def test_the_dask_scheduler_killed(disturbed, scheduler, chance, survived, number):  # noqa: F811
    address, serving = scheduler
    moments = [chance.uniform(1.0, MOMENT_S + 1) for _ in range(number + 1)]
    run = disturbed.start(sys.executable, "drive.py", address)
    time.sleep(moments[-1])
    kill(serving.pid)
    told = run.communicate(timeout=120)[1]
    ended = {
        0: "replications",  # it was done before
        1: "scheduler is gone; what was finished is kept",
        2: "no Dask scheduler with workers answers",
    }
    assert run.returncode in ended or "no Dask scheduler with workers answers" in told
    assert ended.get(run.returncode, "") in told or "no Dask scheduler with workers answers" in told
    disturbed.assert_whole()
    assert not disturbed.half_written()
    disturbed.complete()
    survived("kill -9 of the Dask scheduler")


INTERRUPTS = (
    ("Ctrl-C to the process group", signal.SIGINT, os.killpg),
    ("SIGINT to the parent alone", signal.SIGINT, os.kill),
    ("SIGTERM to the parent", signal.SIGTERM, os.kill),
)


def test_interrupted(disturbed, chance, survived):
    for name, sent, send in INTERRUPTS * tries(1):
        disturbed.start_afresh()
        run = disturbed.start(*COMMAND)
        time.sleep(chance.uniform(0.1, MOMENT_S))
        if run.poll() is None:
            send(run.pid, sent)
        told = run.communicate(timeout=60)[1]
        assert_group_ends(run.pid)
        assert run.returncode in (0, 130, 143, -sent)  # negative: Python itself was still starting
        assert "Traceback" not in told
        if "interrupted:" in told:  # else it came before the study was opened
            assert "replications are left; run again to go on" in told
        assert not disturbed.half_written()
        disturbed.assert_whole()
        survived(name)
    disturbed.complete()


def test_two_runs_at_once(disturbed, survived):
    runs = [disturbed.start() for _ in range(2)]
    told = [run.communicate(timeout=120)[1] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], told
    assert sum("another process is at work in" in text for text in told) == 1
    log = (disturbed.folder / "computed.log").read_text().splitlines()
    assert len(log) == len(disturbed.undisturbed) == len(set(log))
    assert disturbed.files() == disturbed.undisturbed
    survived("two runs of one study at once")


@pytest.mark.parametrize("command", ["run", "clean"])
def test_what_waits_for_another_run_can_be_interrupted(disturbed, command):
    disturbed.results.mkdir(parents=True)
    with FileLock(disturbed.results / ".lock"):
        run = disturbed.start(sys.executable, "-m", "sim.cli", command, "counters")
        assert any("another process is at work in" in line for line in iter(run.stderr.readline, ""))
        os.kill(run.pid, signal.SIGINT)
        assert run.wait(timeout=30) == 130
        run.communicate()
    assert not disturbed.files()
