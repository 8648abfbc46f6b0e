"""Print the table of speed and memory: ``python -m benchmarks [scenario] [runs]``."""

from __future__ import annotations

import subprocess
import sys
from statistics import median
from time import perf_counter, process_time

from sim.world.routes import WORK

from .mm4 import mm4
from .replication import stages

CUSTOMERS = 50_000
MEMORY = """
import resource, sys
from sim.simulate import simulate
simulate(sys.argv[1])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak / (1024**2 if sys.platform == "darwin" else 1024))
"""


def child(*arguments: str) -> str:
    """The output of this Python, started anew."""
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True).stdout


def wall(*arguments: str, runs: int = 5) -> float:
    """Median wall seconds of a start of Python."""
    taken = []
    for _ in range(runs):
        begin = perf_counter()
        child(*arguments)
        taken.append(perf_counter() - begin)
    return median(taken)


def main(scenario: str = "binhai", runs: str = "3") -> None:
    yardstick, replications = [], []
    for _ in range(int(runs)):  # by turns, so that both feel the same machine
        begin = process_time()
        mm4(CUSTOMERS)
        yardstick.append(process_time() - begin)
        replications.append(stages(scenario))
    tables = replications[0][1]
    seconds = {name: median(taken[name] for taken, _ in replications) for name in replications[0][0]}
    flow, whole = seconds["flow"], sum(seconds.values())
    requests, work_steps = len(tables.arrival_s), int((tables.tasks.type == WORK).sum())
    plain = CUSTOMERS / median(yardstick)
    rows = [
        (f"requests of {scenario}", f"{requests:,}", f"{work_steps / requests:.1f} work steps each"),
        ("plain SimPy, M/M/4", f"{plain:,.0f}", "customers a second"),
        ("simpy_flow", f"{requests / flow:,.0f}", "requests a second"),
        ("  relative to plain SimPy", f"{requests / flow / plain:.2f}", "requests a customer"),
        ("  a request", f"{1e6 * flow / requests:.0f}", "µs"),
        ("  a work step", f"{1e6 * flow / work_steps:.0f}", "µs"),
        ("whole replication", f"{requests / whole:,.0f}", "requests a second"),
        *((f"  {name}", f"{taken:.2f}", f"s, {taken / whole:.0%}") for name, taken in seconds.items()),
        ("import sim", f"{wall('-c', 'import sim'):.2f}", "s"),
        ("sim --help", f"{wall('-m', 'sim.cli', '--help'):.2f}", "s"),
        (f"peak memory of {scenario}", f"{float(child('-c', MEMORY, scenario)):,.0f}", "MB"),
    ]
    print(f"medians of {runs} runs, processor time (starts of Python: wall time, of 5)")
    for name, figure, unit in rows:
        print(f"{name:32}{figure:>12}  {unit}")


if __name__ == "__main__":
    main(*sys.argv[1:])
