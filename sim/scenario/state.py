"""What a scenario says now: as its file does, or as it was changed in code since.

A scenario is frozen, and yet there are ways to change one: ``model_copy(update=…)``, a new entry in one of
its mappings. Whoever makes a scenario of a scenario begins here, so that no such change is lost.
"""

from __future__ import annotations

import json
from typing import Any

from .errors import InputError
from .load import build_from
from .schema import Scenario, fingerprint
from .source import Path_, Source


def source_of(scenario: Scenario, said: bytes | None = None) -> Source:
    """The scenario as plain data, with lines, and with the evidence of what still is as its file says.

    `said` is what it says now (`Scenario.state`), where that is known. Of a scenario with its service rules
    written in, the one before. Raises InputError for a change that the scenario refuses, and for one that was
    made after its rules were written in.
    """
    said = scenario.state() if said is None else said
    if scenario._written is not None:
        before, as_written = scenario._written
        if said != as_written:
            raise InputError(
                f"the scenario '{scenario.name}' has its service rules written in and was changed after that",
                remedy="Change the scenario that was loaded, and simulate it",
            )
        return source_of(before)
    read = scenario.source
    if fingerprint(said) == scenario._as_read:
        return read
    changed: set[Path_] = set()
    as_read = Scenario.model_validate(read.data)
    data = _merged(read.data, _plain(as_read), _plain(scenario), (), changed)
    evidence = {
        path: one
        for path, one in read.evidence.items()
        if not any(path[: len(other)] == other for other in changed)
    }
    source = Source(read.file, data, dict(read.lines), evidence)
    try:
        build_from(source, scenario.folder)
    except InputError as error:
        raise InputError(
            f"the scenario '{scenario.name}' as it was changed in code is wrong: {error.message}",
            path=error.path,
            remedy=error.remedy,
        ) from None
    return source


def _plain(scenario: Scenario) -> Any:
    return scenario.model_dump(mode="json", warnings=False)


def _merged(said: Any, read: Any, now: Any, path: Path_, changed: set[Path_]) -> Any:
    """What a file said, with all that is now otherwise than it was read; `changed` gets the paths of that.

    What the file leaves to a default stays unsaid."""
    if json.dumps(read) == json.dumps(now):  # the order of people and steps counts
        return said
    if not all(isinstance(one, dict) for one in (said, read, now)):
        changed.add(path)
        return now
    changed.update((*path, key) for key in read.keys() - now.keys())
    merged = {}
    for key in now:
        there = (*path, key)
        if key in said and key in read:
            merged[key] = _merged(said[key], read[key], now[key], there, changed)
        elif key not in read or json.dumps(read[key]) != json.dumps(now[key]):
            changed.add(there)
            merged[key] = now[key]
    return merged
