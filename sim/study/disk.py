"""What a study takes on disk, and the removal of what it no longer uses."""

from __future__ import annotations

from sim.scenario.errors import InputError

from .at_points import MADE, POINTS, RUNS, VALUES, folder_of, runs_of
from .design import Study
from .store import STUDIES, Store, Tell


def size(study: Study) -> int:
    """Bytes of all files in the study's folder."""
    return sum(length for length, *_ in study.store.files().values())


def of_nothing(study: Study) -> dict[str, int]:
    """Name and bytes of the files that belong to no unit of the study; see `Store.of_nothing`.

    Replications beyond those that a precision called for are units of the study.
    """
    return study.store.of_nothing({unit.key for unit in study.all_units}, study.file.keep_requests)


def clean(study: Study, everything: bool, tell: Tell) -> tuple[int, int]:
    """Remove what belongs to nothing, or all results of the study; returns how many files and bytes.

    Files that no study wrote stay. Raises InputError where another study file of that name keeps its results
    in the folder too; InputError or RunError where the folder cannot be written to.
    """
    if not study.folder.exists():
        return 0, 0
    before = study.store.files()
    with study.store.opened(tell):
        if others := study.store.others(study.path):
            raise InputError(
                f"the results of {others[0]} are kept here too",
                file=study.folder,
                remedy="Rename one of the two study files, and run it again",
            )
        keys = set() if everything else {unit.key for unit in study.all_units}
        names = study.store.of_nothing(keys, study.file.keep_requests)
        freed = study.store.remove(names)
        if everything:
            study.store.remove([STUDIES])
    swept = [name for name in before if name.endswith(".partial")]
    study.refresh()
    removed, more = _clean_points(study, everything, tell)
    return len(names) + len(swept) + removed, freed + sum(before[name][0] for name in swept) + more


def of_points(study: Study) -> tuple[dict[str, int], dict[str, int]]:
    """Return the files of the study's sensitivity run by size in bytes, and those of them of other rules."""
    store, keys = Store(folder_of(study)), runs_of(study)
    there = store.files()
    unused = {} if keys is None else store.of_nothing(keys, False)
    if keys is not None and not keys:  # of other rules
        unused |= {name: there[name][0] for name in (POINTS, VALUES, MADE, RUNS) if name in there}
    return {name: mark[0] for name, mark in there.items()}, unused


def _clean_points(study: Study, everything: bool, tell: Tell) -> tuple[int, int]:
    """Remove what belongs to no sensitivity run of the study as it is, or all; returns files and bytes."""
    store = Store(folder_of(study))
    if not store.folder.exists():
        return 0, 0
    with store.opened(tell):
        names = list(of_points(study)[1])
        if everything:
            names = [*store.of_nothing(set(), False), POINTS, VALUES, MADE, RUNS]
        names = [name for name in names if (store.folder / name).exists()]
        return len(names), store.remove(names)
