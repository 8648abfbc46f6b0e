"""Make the tables of a paper anew from its recorded study, and compare them cell by cell."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.paper.contents import Exhibit, data_text
from sim.paper.crate import check_crate
from sim.paper.write import FORMAT, INPUTS, MANIFEST, TABLES, Paper
from sim.report.document import Table
from sim.report.latex import table_tex
from sim.report.record import versions
from sim.rooms import code_version
from sim.scenario.errors import InputError, nearest, printable
from sim.scenario.folders import checked_name

if TYPE_CHECKING:
    from sim.study import Study

SHOWN = 20  # cells of a table that are told


@dataclass
class Reproduced:
    """tables : those made anew, with their numbers of cells. differing : what differs, in sentences. notes :
    what is another here, and need not make a difference."""

    tables: dict[str, int] = field(default_factory=dict)
    differing: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def reproduce(
    folder: Path,
    only: str | None = None,
    workers: int | None = None,
    tell: Callable[[str], None] | None = None,
) -> Reproduced:
    """Make the tables of a paper anew, or one of them, and compare.

    The study in ``inputs/`` is run again with its seed, in a folder of its own that is removed afterwards.

    Parameters
    ----------
    folder : Path
        What `write_paper` wrote.
    only : str, optional
        The name of one table.
    workers : int, optional
        The number of processes.
    tell : callable, optional
        Gets a line about what is being done.

    Raises
    ------
    InputError
        If the folder is no paper, a file of it is missing or lies outside, the table is unknown, or the study
        in it is refused.
    sim.study.store.RunError
        If a replication fails.
    """
    from sim.study.store import RunError

    if not folder.is_dir():
        raise InputError("no such folder", file=folder, remedy="Give the folder that sim paper wrote")
    made = _manifest(folder / MANIFEST)
    names = made["tables"]
    if only is not None and only not in names:
        raise InputError(f"the paper has no table '{only}'", remedy=nearest(only, names))
    found = Reproduced(notes=list(_others(made)))
    found.differing += [f"{path} is not the file that was written" for path in check_crate(folder)]
    study = _study(folder, made)
    with tempfile.TemporaryDirectory(prefix="jingxi-reproduce-") as place:
        study.folder = Path(place)
        if tell is not None:
            tell(f"simulating {len(study.units)} replications anew")
        study.run(workers=workers, progress=False)
        if study.failed:
            raise RunError(f"{len(study.failed)} replications of the study failed")
        paper = Paper.of(study, made["lang"])
    for one in paper.tables:
        if only in (None, one.name):
            found.tables[one.name] = _compare(folder / TABLES, one, found.differing)
    for name in names if only is None else ():
        if name not in found.tables:
            found.differing.append(f"table {name}: the study gives none")
    return found


def _manifest(file: Path) -> dict[str, Any]:
    try:
        made = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError("no such file", file=file, remedy="Give the folder that sim paper wrote") from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", file=file) from None
    except (ValueError, RecursionError):
        raise InputError("is no JSON", file=file) from None
    wanted = {"lang": str, "study_file": str, "only_scenario": str, "tables": list, "versions": dict}
    if not isinstance(made, dict) or made.get("format") != FORMAT:
        raise InputError("is no manifest of a paper", file=file, remedy=f"Its format is '{FORMAT}'")
    for name, kind in wanted.items():
        if not isinstance(made.get(name), kind):
            raise InputError(f"'{name}' is missing, or is not what it should be", file=file)
    if made["lang"] not in ("en", "zh") or not all(isinstance(name, str) for name in made["tables"]):
        raise InputError("'lang' or 'tables' is not what it should be", file=file)
    return made


def _study(folder: Path, made: dict[str, Any]) -> Study:
    """Open the study of the folder, and nothing outside it."""
    from sim.study.load import load_study

    name = checked_name(Path(made["study_file"]).stem, "study")
    file = folder / INPUTS / "studies" / f"{name}.yaml"
    if not file.is_file():
        raise InputError("no such file", file=file)
    only = made["only_scenario"]
    study = load_study(f"{file}:{checked_name(only, 'scenario')}" if only else file)
    if not study.scenario.folder.resolve().is_relative_to(folder.resolve()):
        raise InputError("the scenario of the study is not in the folder", file=file)
    return study


def _others(made: dict[str, Any]) -> Iterator[str]:
    """Tell which versions are others than those recorded."""
    if (here := code_version()) != made.get("code_version"):
        yield f"the code is another: {printable(str(made.get('code_version')), 40)} there, {here} here"
    here_too = versions()
    for name, there in made["versions"].items():
        if (now := here_too.get(name, "none")) != there:
            yield f"{printable(name, 40)}: {printable(str(there), 40)} there, {now} here"


def _compare(place: Path, one: Exhibit, differing: list[str]) -> int:
    """Compare a table with the files there, add what differs, and return the number of cells compared."""
    file = place / f"{one.name}.csv"
    there, here = _rows(_text(file)), _rows(data_text(one.data))
    name = f"table {one.name}"
    if there[:1] != here[:1]:
        differing.append(f"{name}: its columns are {', '.join(there[0]) if there else 'none'} there")
        return 0
    if len(there) != len(here):
        differing.append(f"{name}: {len(there) - 1} rows there, {len(here) - 1} here")
    cells = [
        f"{name}, row {number} ({', '.join(here_row[:3])}), {column}: {printable(was, 80)} there, "
        f"{printable(now, 80)} here"
        for number, (there_row, here_row) in enumerate(zip(there[1:], here[1:], strict=False), start=1)
        for column, was, now in zip(here[0], there_row, here_row, strict=False)
        if was != now
    ]
    differing += cells[:SHOWN]
    if len(cells) > SHOWN:
        differing.append(f"{name}: {len(cells) - SHOWN} cells more")
    if not cells and _text(file.with_suffix(".tex")) != table_tex(_table(one)) + "\n":
        differing.append(f"{name}: {one.name}.tex is another, though its data are the same")
    return sum(map(len, here[1:]))


def _table(one: Exhibit) -> Table:
    assert isinstance(one.block, Table)
    return one.block


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError("no such file", file=file) from None
    except (OSError, UnicodeDecodeError):
        raise InputError("cannot be read", file=file) from None


def _rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))
