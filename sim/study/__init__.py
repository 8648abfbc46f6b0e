"""Many replications of a scenario under several policies, kept on disk and read back as one table.

`design` reads the study file and knows its units of work, `run` computes those that are missing on all
processors, `store` keeps each as one Parquet file named by the hash of all that determines it.
"""

from __future__ import annotations

from pathlib import Path

from .design import Study, load_study

__all__ = ["Study", "study"]


def study(name: str | Path) -> Study:
    """The study of that name under ``scenarios/studies/``, or in a file, checked. See `Study`.

    Raises InputError for everything that is wrong with it, its scenario or its policies.
    """
    return load_study(name)
