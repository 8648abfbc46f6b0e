"""Public logs: fit the first part of each, simulate the second, and measure how far both are apart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from sim.logs import Log, Validation, fit_log, read_log, validate
from sim.logs.intervals import late_share
from sim.logs.simulated import simulated_part
from sim.scenario.folders import shipped_folder

LATER = pd.Timedelta(days=365)  # in which open cases can finish
REPLICATIONS = 20
WHOLE = 6  # simulations of a whole log


class Public(NamedTuple):
    """A public log: its title, the files in a folder of logs, and how it is read and split."""

    title: str
    files: tuple[str, ...]
    read: dict[str, Any]
    split: dict[str, Any]


CREDENTIALS = Public(
    "credentials office of a Colombian university",
    tuple(f"academic_credentials/AcademicCredentials_{part}.csv.gz" for part in ("train", "test")),
    {"time_zone": "America/Bogota", "written_in": "UTC"},
    {"split": pd.Timestamp("2016-04-15"), "finished": True},
)
RECEIPT = Public("permits of a Dutch municipality, receipt phase", ("receipt/receipt.csv.gz",), {}, {})
FINES = Public("fines of an Italian police", ("traffic-fines/data/log.csv.gz",), {}, {})
SHIPPED = (FINES,)
LOGS = (CREDENTIALS, RECEIPT, FINES)


def read(log: Public, folder: Path | None, scratch: Path) -> Log | None:
    """Read a log; None where a file of it is missing. Several files are put one after the other."""
    root = shipped_folder() if log in SHIPPED else folder
    files = [root / one for one in log.files] if root is not None else []
    if not files or not all(one.is_file() for one in files):
        return None
    if len(files) > 1:
        whole = scratch / f"{files[0].parent.name}.csv"
        pd.concat([pd.read_csv(one, dtype=str) for one in files]).to_csv(whole, index=False)
        files = [whole]
    return read_log(files[0], {}, **log.read)


def held_out(
    folder: Path | None,
    scratch: Path,
    replications: int = REPLICATIONS,
    progress: Callable[[str], object] = lambda _: None,
) -> dict[str, Validation | None]:
    """Validate each public log, by its title; None where it is missing."""
    found: dict[str, Validation | None] = {}
    for one in LOGS:
        progress(one.title)
        log = read(one, folder, scratch)
        found[one.title] = None if log is None else validate(log, replications=replications, **one.split)
    return found


def late_shares(log: Log) -> dict[str, list[float]]:
    """The late share as recorded, and as a fit of the whole log gives it: with open cases given another year,
    and cut where the log ends.
    """
    last, end = log.cases["arrival"].max(), log.events["end"].max()
    begin = log.cases["arrival"].min().normalize()
    parts = simulated_part(fit_log(log), begin, last, end + LATER, WHOLE)
    tables = [one.groupby("case").first() for one in parts]
    shares = {
        "recorded": [late_share(log.cases, end)],
        "later": [late_share(one, end + LATER) for one in tables],
        "cut": [late_share(one, end) for one in tables],
    }
    return {name: [one for one in several if one is not None] for name, several in shares.items()}
