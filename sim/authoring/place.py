"""Place the scenario that a workbook says: checked first, written as a whole, or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sim.report.words import Text
from sim.scenario import InputError, Scenario, load
from sim.scenario.folders import SCENARIO_FILE, own_folder
from sim.scenario.load import build_from
from sim.scenario.source import Source
from sim.study.load import load_study
from sim.world import check_runs

from .files import aside_of, header, move, put, write
from .new import FOCUS, checked_scenario_name, first_policy, write_study
from .yaml_text import yaml_text

KEPT = "replaced"  # the folder in a scenario's own that keeps what was replaced


class Placed(NamedTuple):
    """The files that were written, the scenario's first, and where those stand that they replaced."""

    files: list[Path]
    kept: Path | None


def _first(folder: Path, scenario: Scenario) -> list[str]:
    return [first_policy(folder, scenario)]


def place_scenario(
    name: str,
    source: Source,
    files: Mapping[str, bytes],
    *,
    replace: bool,
    origin: str,
    policies: Callable[[Path, Scenario], list[str]] = _first,
) -> Placed:
    """Write the scenario that `source` says into a folder under ``scenarios/``, after all checks.

    Parameters
    ----------
    name : str
        The name of the folder.
    source : Source
        Data and evidence.
    files : Mapping of str to bytes
        Tables beside the scenario, by their names.
    replace : bool
        Replace the scenario of an existing folder; a copy of it stays in ``replaced/``, and what else is
        in the folder stays as it is.
    origin : str
        Where it comes from, for the README.
    policies : callable, optional
        Writes the policies of a new scenario into its folder, and returns their names. By default one that
        can be tried at once.

    Returns
    -------
    Placed
        The files, and the folder with the copy of what they replaced, if there was anything.

    Raises
    ------
    InputError
        If the scenario is refused, or the name is taken. Nothing is written then.
    """
    checked_scenario_name(name)
    folder = own_folder()
    study = folder / "studies" / f"{name}.yaml"
    is_new = not (folder / name).exists()
    if not is_new and not replace:
        remedy = "Give another --name, or --replace it: its policies are kept"
        raise InputError("it is there already", file=folder / name, remedy=remedy)
    with aside_of(folder) as aside:
        made = aside / name
        for table, content in files.items():
            (made / table).parent.mkdir(parents=True, exist_ok=True)
            (made / table).write_bytes(content)
        made.mkdir(parents=True, exist_ok=True)
        try:
            given = build_from(source, made)
            check_runs(given)
        except InputError as error:
            if error.file is not None and Path(error.file).is_relative_to(made):  # a table of the workbook
                name_of_table = Path(error.file).relative_to(made)
                error.file = f"{source.file} ({name_of_table})"
            raise
        put(made / SCENARIO_FILE, f"{header('scenario', 1)}\n{yaml_text(source)}")
        written = load(made)
        if written.digest() != given.digest():
            raise AssertionError("the YAML file says something else than the workbook")
        if not is_new:
            return _replaced(made, folder / name, [SCENARIO_FILE, *files])
        title = Text(en=given.title.en, zh=given.title.zh)
        told = Text(en=f"Read from `{origin}`.", zh=f"读自 `{origin}`。")
        write(made / "README.md", "README.md", title=title, name=name, origin=told)
        names = [Path(name)]
        if (given.pay or given.demand) and not study.exists():
            write_study(aside / "studies" / study.name, name, policies(made, given), title, 10, FOCUS)
            load_study(aside / "studies" / study.name)
            names.append(Path("studies") / study.name)
        return Placed(move(aside, folder, names), None)


def _replaced(made: Path, folder: Path, names: Sequence[str]) -> Placed:
    """Put the new files in the place of the old ones, of which a copy stays; all of them, or none."""
    files = [folder / name for name in names]
    old = [name for name in names if (folder / name).is_file()]
    if all(name in old and (made / name).read_bytes() == (folder / name).read_bytes() for name in names):
        return Placed(files, None)
    kept = _unused(folder / KEPT / f"{datetime.now():%Y-%m-%d-%H%M%S}")
    try:
        for name in old:
            _copy(folder / name, kept / name)
        for name, file in zip(names, files, strict=True):
            file.parent.mkdir(parents=True, exist_ok=True)
            (made / name).replace(file)
    except BaseException:  # an interruption, too
        for name in names:
            if (kept / name).is_file():
                _copy(kept / name, folder / name)
            elif name not in old:
                (folder / name).unlink(missing_ok=True)
        raise
    return Placed(files, kept if old else None)


def _copy(file: Path, target: Path) -> None:
    """Copy a file so that it is there as a whole, or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name}.part")
    shutil.copyfile(file, aside)
    aside.replace(target)


def _unused(folder: Path) -> Path:
    tried, number = folder, 1
    while tried.exists():  # two within a second
        number += 1
        tried = folder.with_name(f"{folder.name}-{number}")
    return tried
