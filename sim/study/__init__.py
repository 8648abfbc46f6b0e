"""Many replications of a scenario under several policies, kept on disk and read back as tables.

`file` is what a study file may say, `load` reads and checks it, `design` is the study with its units of
work. `run` has what is missing computed (`work`) by processes here (`local`) or by Dask (`cluster`); `store`
keeps each result (`result`) as a Parquet file named by the hash of all that determines it, `tables` reads
many, `disk` cleans up.
"""

from __future__ import annotations

from pathlib import Path

from .design import Study
from .load import load_study

__all__ = ["Study", "study"]


def study(name: str | Path) -> Study:
    """The study of that name under ``scenarios/studies/``, or in a file, checked. See `Study`.

    Raises InputError for everything that is wrong with it, its scenario or its policies.
    """
    return load_study(name)
