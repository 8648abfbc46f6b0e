"""Briefings of many studies, in the formats that leaders get."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from sim.flow import prepare
from sim.report.files import USUAL_FORMATS

from .measure import Row, Scale, edited, wall

MANY, LIMIT_S = 100, 600  # briefings, and the seconds within which two processors should write them


def briefings(scale: Scale) -> list[Row]:
    """Write the briefings of studies by ``sim report``, from the start of Python to the last file. The
    studies are run before, each with its own seed."""
    prepare("compiled")
    count, formats = scale.briefings, ",".join(USUAL_FORMATS)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        short = {"years": 1, "behaviours": ["mechanical"], "replications": 2}
        files = [
            edited(scale.study, place, f"office-{seed}", **short, seed=seed, reports=["briefing"])
            for seed in range(1, count + 1)
        ]
        for number, file in enumerate(files, start=1):
            print(f"study {number} of {count}", file=sys.stderr, flush=True)
            wall(sys.executable, "-m", "sim.cli", "run", file, folder=folder)
        before = _of_children_s()
        taken = wall(
            sys.executable,
            "-m",
            "sim.cli",
            "report",
            *files,
            "--lang",
            "zh",
            "--format",
            formats,
            folder=folder,
            progress=True,
        )
        processor = _of_children_s() - before
        written = [one for suffix in USUAL_FORMATS for one in folder.glob(f"reports/*/briefing.zh.{suffix}")]
    if len(written) != count * len(USUAL_FORMATS):
        raise RuntimeError(f"{len(written)} files were written of {count * len(USUAL_FORMATS)}")
    many = MANY * taken / count
    return [
        Row(
            f"briefings of {count} studies, each as {formats}",
            f"{taken:.0f} s of wall time, {processor:.0f} s of processor, {processor / count:.1f} s each",
        ),
        Row(
            f"– {MANY} of them, reckoned from these",
            f"{many:.0f} s",
            f"under {LIMIT_S} s",
            many < LIMIT_S,
        ),
    ]


def _of_children_s() -> float:
    """Processor seconds of all processes that were started here and have ended."""
    import resource  # not on Windows

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
