"""Dask as the engine: the same bytes, workers killed in mid-run, schedulers that go or never were."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time

import dask
import pytest

from sim import cli
from sim.scenario.errors import InputError
from sim.study import study as load_study
from sim.study.file import scheduler_address
from sim.study.run import RunError, run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sends POSIX signals")

SCHEDULER = """
import asyncio
import sys
from distributed import Scheduler

async def serve():
    async with Scheduler(host="127.0.0.1", port=0, dashboard_address=None) as scheduler:
        print(scheduler.address, flush=True)
        await scheduler.finished()

asyncio.run(serve())
"""


@pytest.fixture
def scheduler(tmp_path):
    """A scheduler and one worker with a nanny, as on a cluster: (address, the scheduler's process)."""
    with contextlib.ExitStack() as stack:
        quiet = stack.enter_context((tmp_path / "cluster.log").open("w"))

        def start(*command: str, **options) -> subprocess.Popen:
            process = subprocess.Popen(
                [sys.executable, *command], stderr=quiet, start_new_session=True, **options
            )
            stack.callback(process.wait)
            stack.callback(end_group, process.pid)
            return process

        serving = start("-c", SCHEDULER, stdout=subprocess.PIPE, text=True)
        address = serving.stdout.readline().strip()
        stack.callback(serving.stdout.close)
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        start(
            "-m",
            "dask",
            "worker",
            address,
            "--nthreads",
            "1",
            "--no-dashboard",
            cwd=tmp_path,
            env=environment,
        )
        yield address, serving


def end_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


@pytest.fixture(autouse=True)
def soon_given_up(monkeypatch):
    monkeypatch.setattr("sim.study.cluster.ANSWER_S", 3.0)


def results(study) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in study.folder.glob("*.parquet")}


def remove_results(study) -> None:
    for file in study.folder.iterdir():
        file.unlink()


def with_line(folder, line: str):
    file = folder / "scenarios" / "studies" / "counters.yaml"
    file.write_text(file.read_text(encoding="utf-8") + line, encoding="utf-8")
    return load_study("counters")


def test_a_local_cluster_gives_the_same_bytes_though_workers_are_killed(folder, computed, engine):
    here = results(computed)
    remove_results(computed)
    study = with_line(folder, "dask: {workers: 2}\n")
    engine.order("current", 1, "die once")
    engine.order("third-clerk", 2, "die once")
    run(study, progress=False, simulate=engine.simulate)
    assert results(study) == here and not study.failed


def test_a_unit_that_kills_its_dask_worker_fails_alone(folder, engine):
    study = with_line(folder, "dask: {workers: 2}\n")
    engine.order("third-clerk", 0, "die")
    run(study, progress=False, simulate=engine.simulate)
    assert [(unit.policy, unit.replication) for unit in study.missing()] == [("third-clerk", 0)]
    assert "died" in next(iter(study.failed.values()))


def test_a_scheduler_that_runs_already_gives_the_same_bytes(computed, scheduler):
    here = results(computed)
    remove_results(computed)
    computed.run(scheduler=scheduler[0], progress=False)
    assert results(computed) == here


def test_a_scheduler_that_dies_ends_the_run_and_what_was_finished_is_kept(folder, study, engine, scheduler):
    address, serving = scheduler
    engine.order("third-clerk", 2, "wait")

    def kill_when_some_are_done():
        give_up = time.monotonic() + 60
        while len(results(study)) < 2 and time.monotonic() < give_up:
            time.sleep(0.02)
        os.kill(serving.pid, signal.SIGKILL)

    killer = threading.Thread(target=kill_when_some_are_done)
    killer.start()
    with pytest.raises(RunError, match="scheduler is gone; what was finished is kept"):
        run(study, scheduler=address, progress=False, simulate=engine.simulate)
    killer.join()
    assert 0 < len(study.missing()) < len(study.units)
    assert not list(study.folder.glob(".*.partial"))
    finished = len(engine.done)
    engine.forget()
    run(study, workers=1, progress=False, simulate=engine.simulate)
    assert not study.missing() and finished > 0


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["--scheduler", "tcp://127.0.0.1:9"], "no Dask scheduler with workers answers at tcp://127.0.0.1:9"),
        (
            ["--scheduler", "tls://127.0.0.1:9"],
            "no certificates for tls://127.0.0.1:9 (none are configured). Confi",
        ),
        (["--scheduler", "tcp://"], "'tcp://' is not the address of a scheduler. Give tcp://host:port"),
        (["--scheduler", "127.0.0.1:9"], "is not the address of a scheduler"),
        (["--scheduler", "tcp://127.0.0.1:9", "--workers", "2"], "a scheduler has its own workers"),
    ],
)
def test_a_scheduler_that_is_not_there_is_told(study, flags, told, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["sim", "run", "counters", *flags])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    "given", ["tcp://a:1", "tls://10.0.0.1:65535", "tcp://[::1]:8786", "tcp://[fe80::1%eth0]:1"]
)
def test_an_address_has_host_and_port(given):
    assert scheduler_address(given) == given


@pytest.mark.parametrize(
    "given",
    ["tcp://", "tcp://abc", "tcp://:1", "tcp://a:", "tcp://a:0", "tcp://a:65536", "tcp://a:1/x",
     "tcp://a b:1", "tcp://a:1\n", "tcp://::1:8786", "http://a:1", "a:1", "", 5, True,
     b"tcp://a:1", "tcp://" + "a" * 300 + ":1"],
)  # fmt: skip
def test_what_is_no_address_is_refused_before_anybody_is_called(study, given, monkeypatch):
    monkeypatch.setattr("sim.study.cluster.Client", None)
    with pytest.raises(InputError, match="is not the address of a scheduler. Give tcp://host:port"):
        study.run(scheduler=given, progress=False)
    assert not study.folder.exists()


@pytest.mark.parametrize(
    ("setting", "address", "told"),
    [
        ({"distributed.comm.tls.ca-file": "/no/such"}, "tls://127.0.0.1:9", "Configure distributed.comm.tls"),
        ({"distributed.comm.require-encryption": True}, "tcp://127.0.0.1:9", "encryption required"),
    ],
)
def test_what_dask_lacks_for_encryption_is_told(study, setting, address, told):
    with dask.config.set(setting), pytest.raises(InputError, match=told):
        study.run(scheduler=address, progress=False)


def test_the_number_of_processes_on_the_command_line_beats_the_file(folder, computed):
    study = with_line(folder, "dask: {scheduler: 'tcp://127.0.0.1:9'}\n")
    study.store.file(study.units[0].key).unlink()
    with pytest.raises(InputError, match="no Dask scheduler"):
        study.run(progress=False)
    study.run(workers=1, progress=False)
    assert not study.missing()
