"""Print the table of speed and memory: ``python -m benchmarks [part …] [--write FILE] [--history FILE]``."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
import traceback
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from .briefings import briefings
from .executors import executors, shares
from .growth import growth
from .history import keep
from .logs import logs
from .measure import Row, Scale, not_measured
from .memory import memory
from .rules import rules
from .simulators import against_c, against_others
from .start import start
from .studies import dask, default_study, design, picture, studies

PARTS: dict[str, Callable[[Scale], list[Row]]] = {
    "start": start,
    "executors": executors,
    "c": against_c,
    "others": against_others,
    "shares": shares,
    "studies": studies,
    "design": design,
    "dask": dask,
    "default": default_study,
    "briefings": briefings,
    "growth": growth,
    "memory": memory,
    "rules": rules,
    "logs": logs,
    "picture": picture,
}
BEGIN, END = "<!-- table of make bench -->", "<!-- end of table -->"


def main() -> None:
    """Exit code 1 if a part failed; the table says why."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure speed and memory.")
    parser.add_argument("part", nargs="*", choices=[[], *PARTS], metavar="part", help=", ".join(PARTS))
    parser.add_argument("--write", type=Path, metavar="FILE", help=f"put the table there, between {BEGIN}")
    parser.add_argument("--history", type=Path, metavar="FILE", help="note the commit's figures there")
    parser.add_argument("--briefings", type=int, default=Scale.briefings, metavar="N", help="of N studies")
    asked = parser.parse_args()
    if asked.write and BEGIN not in asked.write.read_text(encoding="utf-8"):
        parser.error(f"{asked.write} has no line {BEGIN}")
    rows, failed = [], False
    for name in asked.part or PARTS:
        began = time.monotonic()
        try:
            rows += PARTS[name](Scale(briefings=asked.briefings))
        except Exception as error:  # the other parts are worth having
            traceback.print_exc()
            rows.append(not_measured(name, str(error) or type(error).__name__))
            failed = True
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    table = markdown(rows)
    print(table)
    if asked.write:
        text = asked.write.read_text(encoding="utf-8")
        before, after = text.split(BEGIN)[0], text.split(END)[1]
        asked.write.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{after}", encoding="utf-8")
    if asked.history:
        keep(rows, asked.history)
    sys.exit(failed)


def markdown(rows: list[Row]) -> str:
    """The table, aligned so that it reads as it stands, and a line on the machine."""
    said = {None: "", True: "yes", False: "**no**"}
    cells = [("what", "figure", "target", "reached")]
    cells += [(row.what, row.figure, row.target, said[row.reached]) for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    cells.insert(1, tuple("-" * width for width in widths))
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in cells
    ]
    return "\n".join([*lines, "", machine()])


def machine() -> str:
    """What it was measured on, and how busy that was."""
    libraries = ", ".join(f"{name} {version(name)}" for name in ("numba", "numpy", "simpy"))
    busy = f"; load {os.getloadavg()[0]:.1f} at the end" if hasattr(os, "getloadavg") else ""
    return (
        f"{time.strftime('%Y-%m-%d')}, {_processor()}, {os.cpu_count()} processors, {platform.system()}, "
        f"Python {platform.python_version()}, {libraries}{busy}."
    )


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    if known.exists():
        for line in known.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
