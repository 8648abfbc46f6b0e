"""The figures by commit, so that a loss is seen when it happens."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from .measure import ROOT, Row

COLUMNS = ("commit", "date", "load", "what", "figure", "unit")


def keep(rows: Sequence[Row], file: Path) -> None:
    """Put the leading number of each row into the file, without details (“– …”) and what was not measured.

    What the file has of the same commit is replaced.
    """
    commit, date = _commit(), time.strftime("%Y-%m-%d")
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    new = {
        row.what: (commit, date, load, row.what, number["figure"].replace(",", ""), number["unit"])
        for row in rows
        if not row.what.startswith("–")
        and (number := re.match(r"(?P<figure>-?[\d,]+(\.\d+)?)\s*(?P<unit>[^\s(;,]*)", row.figure))
    }
    kept: list[Sequence[str]] = []
    if file.exists():
        with file.open(encoding="utf-8", newline="") as opened:
            before = list(csv.reader(opened))[1:]
        kept += [line for line in before if line[0] != commit or line[3] not in new]
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened, lineterminator="\n").writerows([COLUMNS, *kept, *new.values()])


def _commit() -> str:
    """The commit that was measured, with “+” where files differ from it; “unknown” outside of git."""
    commands = (("rev-parse", "--short", "HEAD"), ("status", "--porcelain", "--untracked-files=no"))
    try:
        name, changes = (
            subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout
            for words in commands
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return name.strip() + ("+" if changes.strip() else "")
