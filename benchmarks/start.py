"""What a person waits for before the first answer: imports, compiling, a first comparison."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from statistics import median
from time import perf_counter

from sim.flow import prepare

from .measure import ROOT, Row, Scale

TARGETS = {"import sim": 0.03, "sim --help": 0.16, "answer": 3, "compile": 15}  # s
_PROCESSOR_S = "; import time; print(time.process_time())"


def start(scale: Scale) -> list[Row]:
    """Wall seconds of fresh processes, and processor seconds of compiling at the first use on a machine."""
    with tempfile.TemporaryDirectory() as empty:
        use = ("-c", scale.first_use + _PROCESSOR_S)
        first, again = (float(_python(*use, NUMBA_CACHE_DIR=empty)[1]) for _ in range(2))
    prepare("compiled")
    number = scale.replications
    answer = ("-c", f"import sim; sim.what_if({json.dumps(scale.scenario)}, replications={number})")
    _python(*answer)  # once compiles what is not yet on disk
    bare, imported, helped = (
        median(_python(*words)[0] for _ in range(scale.turns))
        for words in (("-c", "pass"), ("-c", "import sim"), ("-m", "sim.cli", "--help"))
    )
    answered = median(_python(*answer)[0] for _ in range(min(scale.turns, 3)))
    return [
        _row("import sim", "import sim", imported - bare),
        _row("sim --help", "sim --help", helped),
        _row(f"first answer of `sim.what_if` in a fresh process, {number} replications", "answer", answered),
        _row("compiling at first use, of the processor", "compile", first - again),
    ]


def _row(what: str, target: str, seconds: float) -> Row:
    return Row(what, f"{seconds:.2f} s", f"{TARGETS[target]} s", seconds <= TARGETS[target])


def _python(*words: str, **more: str) -> tuple[float, str]:
    """Wall seconds of a new process, and the last line that it prints. `more` is added to its environment."""
    begin = perf_counter()
    done = subprocess.run(
        [sys.executable, *words],
        env={**os.environ, **more},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return perf_counter() - begin, (done.stdout.strip().splitlines() or [""])[-1]
