"""Whatever stops a command is told in one message, with its exit code, and no traceback."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SIM = [sys.executable, "-c", "from sim.cli import main; main()"]
LONG = "a" * 300
NAMED = [
    *(["run"], ["report"], ["status"], ["clean"], ["check"], ["simulate"]),
    ["simulate", "one-office", "--policy"],
    ["parameters"],
]
NAMES = [
    LONG,
    f"{LONG}.yaml",
    f"/tmp/{LONG}/x.yaml",
    "/no-such-policy.yaml",
    "loop",
    "loop.yaml",
    "loop/x.yaml",
]


def sim(*arguments: str, cwd: Path, **options) -> subprocess.CompletedProcess:
    return subprocess.run(
        [*SIM, *arguments], cwd=cwd, capture_output="stdout" not in options, text=True, timeout=120, **options
    )


@pytest.fixture
def called(monkeypatch, capsys, tmp_path):
    """``called("check", "x.yaml")`` in a folder with loops of links gives the exit code and stderr."""
    from sim import cli

    monkeypatch.chdir(tmp_path)
    for name in ("loop", "loop.yaml"):
        (tmp_path / name).symlink_to(name)

    def call(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["sim", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return ended.value.code or 0, capsys.readouterr().err

    return call


@pytest.mark.parametrize("name", NAMES, ids=lambda name: name[-20:])
@pytest.mark.parametrize("command", NAMED, ids=" ".join)
def test_a_name_that_no_file_can_have_is_the_users_mistake(called, command, name):
    code, told = called(*command, name)
    assert code == 2
    assert 0 < len(told.splitlines()) <= 2 and "Traceback" not in told


def test_a_working_folder_that_is_gone(tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    command = f"rmdir {gone}; exec {sys.executable} -c 'from sim.cli import main; main()' status x"
    done = subprocess.run(["sh", "-c", command], cwd=gone, capture_output=True, text=True)
    assert done.returncode == 2 and "the working folder cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("folder", ["results", "reports"])
def test_a_loop_of_links_where_results_and_reports_go(folder, tmp_path, monkeypatch):
    from sim.report.files import report_path, write_whole
    from sim.scenario.errors import InputError
    from sim.study.store import Store

    (tmp_path / folder).symlink_to(folder)
    if folder == "results":
        with pytest.raises(InputError, match="leads to itself"), Store(tmp_path / folder / "x").opened(print):
            pass
    else:
        with pytest.raises(InputError, match="reports cannot be written"):
            write_whole(report_path(tmp_path / folder, "x", "briefing", "en", "html"), "page")


def test_results_that_were_taken_away_are_told_as_such(tmp_path):
    import shutil

    from sim.study.store import RunError, Store

    store = Store(tmp_path / "results" / "x")
    with (
        pytest.raises(RunError, match="were removed or moved while they were written"),
        store.opened(print),
    ):
        shutil.rmtree(store.folder)
        store._write("a", b"b")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("arguments", ["parameters", "--help", "parameters pay --format json"])
def test_output_that_cannot_be_written(arguments):
    with open("/dev/full", "w") as full:
        done = sim(*arguments.split(), cwd=ROOT, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert done.stderr == "the output cannot be written (No space left on device)\n"


def test_output_that_nobody_reads_or_that_is_closed():
    shown = f"{sys.executable} -c 'from sim.cli import main; main()' parameters"
    piped = subprocess.run(
        ["bash", "-c", f"{shown} | head -1; exit ${{PIPESTATUS[0]}}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (piped.returncode, piped.stderr) == (141, "") and piped.stdout.startswith("path ")
    closed = subprocess.run(["sh", "-c", f"{shown} >&-"], cwd=ROOT, capture_output=True, text=True)
    assert closed.returncode == 2 and "the standard output is closed" in closed.stderr


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("after_s", [0.6, 2.0])
def test_a_simulation_ends_soon_when_it_is_told_to(sent, code, after_s):
    command = [*SIM, "neutral", "binhai", "deduction-double", "pay.full_pay_threshold"]
    running = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    time.sleep(after_s)
    running.send_signal(sent)
    began = time.monotonic()
    told = running.communicate(timeout=60)[1]
    assert running.returncode in (code, -sent)  # negative: Python itself was still starting
    if running.returncode == code:
        assert "interrupted" in told and "Traceback" not in told
    assert time.monotonic() - began < 5  # two seconds on a machine that has nothing else to do


def test_every_child_of_the_command_leaves_the_working_folder_alone(tmp_path):
    """Modules planted where the command is called are not imported, by workers neither."""
    from sim.spawn import starting

    for planted in ("runpy", "pickle", "socket"):
        (tmp_path / f"{planted}.py").write_text("raise SystemExit(77)")
    with starting():
        done = subprocess.run(
            [sys.executable, "-c", "import runpy, pickle, socket"], cwd=tmp_path, env=dict(os.environ)
        )
    assert done.returncode == 0


def test_threads_that_start_processes_side_by_side_leave_the_environment_as_it_was():
    from sim.spawn import starting

    def start(number: int) -> None:
        for _ in range(20):
            with starting(JINGXI_TEST=str(number)):
                time.sleep(0.001 * number)

    before = dict(os.environ)
    threads = [threading.Thread(target=start, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert dict(os.environ) == before


THROUGH = {
    "a library's fault": (
        "try:\n        time.sleep(9)\n"
        "    except KeyboardInterrupt:\n        raise ImportError('half of it is there') from None",
        "interrupted\n",
    ),
    "a text that is run": ("exec('time.sleep(9)')", "interrupted\n"),
    "a library that takes it for a mistake": (
        "class Swallows:\n        def __del__(self): time.sleep(9)\n"
        "    Swallows()\n    raise InputError('no name')",
        "interrupted\n",
    ),
    "an exit code of others": (
        "try:\n        time.sleep(9)\n    except KeyboardInterrupt:\n        sys.exit(1)",
        "",
    ),
}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("through", THROUGH)
def test_whatever_a_signal_passes_through_the_command_ends_as_interrupted(number, through, tmp_path):
    what, told = THROUGH[through]
    code = (
        "import os, sys, threading, time\n"
        "from sim.cli.endings import in_order, stoppable\n"
        "from sim.scenario.errors import InputError\n"  # before the signal, as it may take its time
        f"threading.Timer(0.2, os.kill, (os.getpid(), {int(number)})).start()\n"
        f"with in_order(), stoppable():\n    {what}\n"
    )
    (tmp_path / "command.py").write_text(code)
    command = [sys.executable, "-m", "command"]  # not "-c": there Python goes by the exit code in any case
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (128 + number, told)
