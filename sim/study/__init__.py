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
    """Load a study and check it, with its scenario and policies.

    Parameters
    ----------
    name : str or Path
        The name of a file under ``scenarios/studies/``, or a path that ends in ``.yaml``.

    Returns
    -------
    Study
        The study, with the results that are on disk already.

    Raises
    ------
    InputError
        If a file cannot be read, or the study, its scenario or a policy is refused.

    See Also
    --------
    what_if : Compare policies over a few replications in memory.

    Examples
    --------
    >>> from pathlib import Path
    >>> import sim
    >>> text = '''
    ... format: jingxi-study/1
    ... title: {en: One more clerk, zh: 增加一名窗口人员}
    ... question: {en: How many people are called on time?, zh: 按时叫号的比例有多高？}
    ... scenario: one-office
    ... policies: [one-more-clerk]
    ... replications: 3
    ... seed: 1
    ... keep_requests: true
    ... '''
    >>> _ = Path("clerks.yaml").write_text(text, encoding="utf-8")
    >>> study = sim.study("clerks.yaml").run(workers=1, progress=False)
    >>> study.compare("one-more-clerk", outcomes=["on_time_rate"])[["difference", "low", "high"]].round(2)
       difference   low  high
    0        0.29  0.23  0.34
    """
    return load_study(name)
