"""A study to be disturbed, the results it must come to, and a table of what was tried and survived.

`make test` tries each fault a few times, `make test-faults` fifty times (the variable FAULTS).
"""

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from sim.study import study as load_study
from tests.study.conftest import engine, folder, study  # noqa: F401 (fixtures)

TIMES = int(os.environ.get("FAULTS", "0"))  # 0: the short form
REPLICATIONS = 10
COMMAND = [sys.executable, "-m", "sim.cli", "run", "counters", "--workers", "2"]
MOMENT_S = 4.0  # a run of the study takes about so long

LOGGED = """
import json
from pathlib import Path
from sim.replication import simulate as real

HERE = Path(__file__).parent
KEYS = json.loads((HERE / "keys.json").read_text())


def simulate(scenario, policy, *, behaviour, seed, replication, engine):
    key = KEYS[f"{policy.name} {replication}"]
    there = (HERE / "results" / "counters" / f"{key}.parquet").exists()
    with (HERE / "computed.log").open("a") as log:
        log.write(f"{key} {'again' if there else 'first'}\\n")
    return real(scenario, policy, behaviour=behaviour, seed=seed, replication=replication, engine=engine)
"""
DRIVE = """
import sys
import logged
from sim.study import cluster, study
from sim.study.run import RunError, run

cluster.ANSWER_S = 2.0
if __name__ == "__main__":
    place = {"scheduler": sys.argv[1]} if len(sys.argv) > 1 else {"workers": 2}
    try:
        run(study("counters"), progress=True, simulate=logged.simulate, **place)
    except RunError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
"""

_table: Counter = Counter()


def tries(short: int) -> int:
    return TIMES or short


@pytest.fixture
def survived():
    """``survived("kill -9 of a worker")`` counts a fault that came and did no harm."""
    return lambda fault: _table.update([fault])


def pytest_terminal_summary(terminalreporter):
    if not TIMES:
        return
    terminalreporter.section("faults survived")
    for fault, times in _table.items():
        terminalreporter.write_line(f"{fault:48} {times:>7}")


@pytest.fixture
def chance() -> random.Random:
    """Random moments, the same ones every time."""
    return random.Random(20250103)


class Disturbed:
    """The study ``counters`` in `folder`, to be run in processes of their own."""

    def __init__(self, folder: Path, undisturbed: dict[str, bytes]) -> None:  # noqa: F811
        self.folder = folder
        self.results = folder / "results" / "counters"
        self.undisturbed = undisturbed
        self._finished_before: set[str] = set()
        self._lines = 0

    def start(self, *command: str, **options) -> subprocess.Popen:
        """A run in a session of its own, with the finished units remembered."""
        self._finished_before = {name.split(".")[0] for name in self.files()}
        self._lines = len(self._log())
        command = command or (sys.executable, "drive.py")
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        return subprocess.Popen(
            command,
            cwd=self.folder,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            **options,
        )

    def files(self) -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in self.results.glob("*.parquet")}

    def assert_whole(self) -> None:
        """Nothing finished was computed again, and every file is one of the undisturbed study, to the bit."""
        log = self._log()
        assert not [line for line in log if line.endswith("again")]
        assert not {line.split()[0] for line in log[self._lines :]} & self._finished_before
        files = self.files()
        assert files.items() <= self.undisturbed.items()
        assert not list(self.results.glob("*.damaged")) and not list(self.results.glob("*.json"))

    def complete(self) -> None:
        """Run what is left, without disturbance: the tables are those of an undisturbed run."""
        process = self.start()
        told = process.communicate(timeout=120)[1]
        assert process.returncode == 0, told
        self.assert_whole()
        assert self.files() == self.undisturbed
        assert not self.half_written()

    def half_written(self) -> list[Path]:
        return list(self.results.glob(".*.partial"))

    def start_afresh(self) -> None:
        """Remove all results, if all are there: else there is nothing more to disturb."""
        if len(self.files()) == len(self.undisturbed):
            for file in self.results.glob("*.parquet"):
                file.unlink()
            self.forget_log()

    def forget_log(self) -> None:
        (self.folder / "computed.log").unlink(missing_ok=True)

    def _log(self) -> list[str]:
        log = self.folder / "computed.log"
        return log.read_text().splitlines() if log.exists() else []


_undisturbed: dict[str, bytes] = {}


@pytest.fixture
def disturbed(folder):  # noqa: F811
    file = folder / "scenarios" / "studies" / "counters.yaml"
    text = file.read_text(encoding="utf-8").replace("replications: 3", f"replications: {REPLICATIONS}")
    file.write_text(text, encoding="utf-8")
    counters = load_study("counters")
    if not _undisturbed:
        counters.run(workers=1, progress=False)
        _undisturbed.update({path.name: path.read_bytes() for path in counters.folder.glob("*.parquet")})
        shutil.rmtree(folder / "results")  # so that a test which comes first finds what all others find
    keys = {f"{unit.policy} {unit.replication}": unit.key for unit in counters.units}
    (folder / "keys.json").write_text(json.dumps(keys))
    (folder / "logged.py").write_text(LOGGED)
    (folder / "drive.py").write_text(DRIVE)
    return Disturbed(folder, dict(_undisturbed))


def children(parent: int) -> list[int]:
    """The worker processes of a run: those that multiprocessing spawned, or that its server forked."""
    processes = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = status.read_text().rsplit(")", 1)[1].split()
            processes[int(status.parent.name)] = int(fields[1]), (status.parent / "cmdline").read_bytes()
    servers = {one for one, (of, command) in processes.items() if of == parent and b"forkserver" in command}
    return [
        one
        for one, (of, command) in processes.items()
        if of in servers or (of == parent and b"spawn_main" in command)
    ]


def kill(process: int, sent: int = signal.SIGKILL) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, sent)


def assert_group_ends(group: int) -> None:
    give_up = time.monotonic() + 20
    while time.monotonic() < give_up:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)
    raise AssertionError("a process is left over")
