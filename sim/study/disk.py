"""What a study takes on disk, and the removal of what it no longer uses."""

from __future__ import annotations

from .design import Study
from .store import Tell


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

    Files that no study wrote stay. Raises InputError or RunError where the folder cannot be written to.
    """
    if not study.folder.exists():
        return 0, 0
    before = study.store.files()
    with study.store.opened(tell):
        keys = set() if everything else {unit.key for unit in study.all_units}
        names = study.store.of_nothing(keys, study.file.keep_requests)
        freed = study.store.remove(names)
    swept = [name for name in before if name.endswith(".partial")]
    study.refresh()
    return len(names) + len(swept), freed + sum(before[name][0] for name in swept)
