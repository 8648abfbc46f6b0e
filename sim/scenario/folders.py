"""Where scenarios lie, and which names and links may lead there."""

from __future__ import annotations

import os
import re
from pathlib import Path

from .errors import InputError, nearest

SCENARIO_FILE = "scenario.yaml"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\Z")


def own_folder() -> Path:
    """Return ``scenarios/`` under the working directory: what a planner writes stands there."""
    return Path.cwd() / "scenarios"


def shipped_folder() -> Path:
    """Return the scenarios that the package ships: those of the checkout, or those inside a wheel."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "scenarios"
    return inside if inside.is_dir() else package.parent / "scenarios"


def scenarios_folders() -> list[Path]:
    """Return the folders in which a name is looked up: one's own first, then the shipped one."""
    own = [own_folder()] if own_folder().is_dir() else []
    return own if own and own[0].resolve() == shipped_folder() else [*own, shipped_folder()]


def checked_name(name: str, what: str) -> str:
    """Return a name that is safe as a file name: letters, digits, ``-`` and ``_``."""
    if not isinstance(name, str) or not _NAME.match(name):
        raise InputError(
            f"'{name}' cannot be the name of a {what}", remedy="Use letters, digits, '-' and '_'"
        )
    return name


def named(given: str | Path, pattern: str, what: str, *, only_names: bool = False) -> Path:
    """Resolve a path, or a name: the ``*`` of `pattern` in the folder of scenarios.

    A bare word is a name first, whatever else is called so in the working folder: ``./binhai`` is a path. In
    a file it can only be a name. Raises InputError for a word that is neither; `what` says what it should be.
    """
    if not isinstance(given, str | Path):
        raise InputError(f"{given!r} is no {what}", remedy="Give its name or the path of its file")
    if not isinstance(given, str) or Path(given).name != given or Path(given).suffix:
        return Path(given)
    folders, (before, after) = scenarios_folders(), pattern.split("*")
    places = (folder / f"{before}{given}{after}" for folder in folders)
    if _NAME.match(given) and (place := next((one for one in places if one.is_file()), None)):
        return place
    if not only_names and (is_folder(Path(given)) or is_file(Path(given))):
        return Path(given)
    checked_name(given, what)
    files = (path.relative_to(folder).as_posix() for folder in folders for path in folder.glob(pattern))
    known = [name.removeprefix(before).removesuffix(after) for name in files]
    remedy = nearest(given, known) if known else f"There is none in {folders[0].absolute()}"
    if known and not own_folder().is_dir():  # as in the wrong folder
        stop = "" if remedy.endswith("?") else "."
        remedy = f"{remedy}{stop} Only shipped ones are known here: there is no folder {own_folder()}"
    raise InputError(f"unknown {what} '{given}'", remedy=remedy)


def real(path: Path) -> Path:
    """Return the absolute path behind links; in a loop of links, as far as they lead."""
    return Path(os.path.realpath(path))


def inside(folder: Path, name: str) -> Path | None:
    """Return the file `name` in `folder`, or None if the name leads out of it."""
    if Path(name).is_absolute() or ".." in Path(name).parts or not name.isprintable():
        return None
    target = real(folder / name)
    return target if target.is_relative_to(real(folder)) else None


def not_linked_away(file: Path, folder: Path | None = None) -> Path:
    """`file`, unless it is a link that leads out of `folder` (its own if none is given): that is refused.

    The folder itself may be a link.
    """
    folder = folder or file.parent
    if not real(file).is_relative_to(real(folder)):
        raise InputError(f"it is a link that leads out of {folder}", file=file, remedy="Put the file there")
    return file


def is_file(path: Path) -> bool:
    """Return whether `path` is a file; False too for an overlong name and a loop of links."""
    return os.path.isfile(path)


def is_folder(path: Path) -> bool:
    """Return whether `path` is a folder, likewise."""
    return os.path.isdir(path)
