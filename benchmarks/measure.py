"""Time taken by turns, Python started anew, and the rows of the table."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
DEFAULT_STUDY = ROOT / "scenarios" / "studies" / "incentive-schemes.yaml"


@dataclass(frozen=True)
class Scale:
    """How much is measured; by default what the table shows. The tests run every part at a small one.

    scenario : its name or path. study : the file of the default study.
    turns : of what is compared. customers : of M/M/4.
    days, shorter_days : of the network, with C and with the slow simulators.
    study_units : bureau-years of a study, an even number. study_runs : runs of it. dask : workers of Dask.
    replications : of a first answer and of a new picture.
    briefings : studies of which briefings are written.
    sizes : times the offices, with the runs of each.
    logged : scenarios whose event logs are counted, by name or path.
    first_use : Python that compiles what a first run compiles.
    """

    scenario: str = "binhai"
    study: Path = DEFAULT_STUDY
    turns: int = 5
    customers: int = 50_000
    days: float = 365
    shorter_days: float = 15
    study_units: int = 60
    study_runs: int = 3
    dask: Sequence[int] = (1, 2, 4)
    replications: int = 10
    briefings: int = 6
    sizes: Mapping[int, int] = field(default_factory=lambda: {1: 5, 4: 3, 16: 2, 64: 1})
    logged: Sequence[str] = ("traffic-fines", "binhai")
    first_use: str = "from sim.flow import prepare; prepare('compiled')"


@dataclass(frozen=True)
class Row:
    """A row of the table; ``reached`` is None where there is no target, or nothing was measured."""

    what: str
    figure: str
    target: str = ""
    reached: bool | None = None


def not_measured(what: str, why: str, target: str = "") -> Row:
    return Row(what, f"not measured: {why}", target)


def by_turns(
    functions: Mapping[str, Callable[[], Any]], turns: int, clock: Callable[[], float] = process_time
) -> dict[str, float]:
    """Median seconds of each function. They take turns, so that all feel the same machine."""
    taken: dict[str, list[float]] = {name: [] for name in functions}
    for _ in range(turns):
        for name, function in functions.items():
            taken[name].append(once(function, clock))
    return {name: median(mine) for name, mine in taken.items()}


def once(function: Callable[[], Any], clock: Callable[[], float] = process_time) -> float:
    """Seconds of one call."""
    begin = clock()
    function()
    return clock() - begin


def child(module: str, *arguments: object, folder: Path = ROOT) -> Any:
    """What ``python -m benchmarks.<module>`` prints, as JSON. Raises RuntimeError with its last line of error
    if it fails."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1])
    return json.loads(done.stdout)


def wall(*command: object, folder: Path = ROOT, progress: bool = False) -> float:
    """Wall seconds of a command that must succeed. `progress` shows its own."""
    begin = perf_counter()
    told = None if progress else subprocess.PIPE
    subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE, stderr=told, cwd=folder)
    return perf_counter() - begin


def edited(original: Path, folder: str, name: str, **changes: Any) -> Path:
    """A study with these changes in a file of its own, ``folder/name.yaml``."""
    content = yaml.safe_load(original.read_text(encoding="utf-8"))
    file = Path(folder) / f"{name}.yaml"
    file.write_text(yaml.safe_dump(content | changes, allow_unicode=True), encoding="utf-8")
    return file


def peak_mb() -> float:
    """The most memory this process has held so far."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss would begin with what the parent held
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1e6 if sys.platform == "darwin" else 1e6 / 1024
    )
