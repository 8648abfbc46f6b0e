"""Define the paths of report files, reports/<study>/<report>.<lang>.<suffix>, and write them whole."""

from __future__ import annotations

import contextlib
import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from sim.report.words import check_language
from sim.scenario.errors import InputError
from sim.scenario.folders import real

REPORTS = "reports"  # the folder, under the working directory
FORMATS = ("html", "pdf", "docx", "tex")  # in which a page may be asked for
USUAL_FORMATS = FORMATS[:3]  # in which it is made where nothing is asked for
SUFFIXES = ("ipynb", *FORMATS)
LONGEST_NAME = 120  # bytes of UTF-8; file systems end at 255, and suffixes come on top
_FORBIDDEN = frozenset('/\\:*?"<>|')  # in a file name, on one system or another
_DEVICES = frozenset({"con", "prn", "aux", "nul"} | {f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10)})


def safe_name(name: str, what: str) -> str:
    """Return `name` if every system accepts it as a file or folder name; `what` says whose name it is.

    Raises InputError for separators, a leading dot, control and invisible characters, and the like.
    """
    fault = _fault(name)
    if fault:
        raise InputError(
            f"the name of a {what}, {name!r}, {fault}", remedy="Letters, digits, '-', '_' and '.' are safe"
        )
    return name


def _fault(name: str) -> str | None:
    if not name.strip():
        return "is empty"
    if name.startswith("."):
        return "begins with a dot"
    if name != name.strip() or name.endswith("."):
        return "begins or ends with a space, or ends with a dot"
    if any(unicodedata.category(character).startswith("C") for character in name):
        return "has a control or invisible character in it"
    if forbidden := sorted(_FORBIDDEN & set(name)):
        return f"has {' '.join(forbidden)} in it"
    if name.split(".")[0].lower() in _DEVICES:
        return "is the name of a device on Windows"
    if len(name.encode()) > LONGEST_NAME:
        return f"is longer than {LONGEST_NAME} bytes"
    return None


def report_path(folder: Path, study: str, report: str, lang: str, suffix: str) -> Path:
    """Return ``folder/study/report.lang.suffix``, inside `folder`; create nothing.

    Raises InputError for names that a file cannot have, and where a link would lead out of `folder`.
    """
    if suffix not in SUFFIXES:
        raise ValueError(f"a report is one of {', '.join(SUFFIXES)}, not {suffix!r}")
    check_language(lang)
    path = Path(folder) / safe_name(study, "study") / f"{safe_name(report, 'report')}.{lang}.{suffix}"
    if not real(path).is_relative_to(real(Path(folder))):
        raise InputError("a link leads out of the folder of reports", file=path, remedy="Remove the link")
    return path


def half_written(executed: Path) -> list[Path]:
    """List the partial files that a killed process may have left of the report `executed`, a notebook."""
    beside = (path for path in executed.parent.glob(f".{executed.stem}.*.partial"))
    return [executed.with_name(f"{executed.stem}.partial.ipynb"), *beside]


def make_folder(folder: Path) -> None:
    """Make a folder for reports. Raises InputError if that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"reports cannot be written to {folder} ({error.strerror})",
            remedy="Remove the file or link that is in the way, or run where you may write",
        ) from None


def write_whole(path: Path, content: str | bytes) -> Path:
    """Write `content` (text as UTF-8) atomically: into a file beside `path`, then rename it."""
    with beside(path) as partial:
        partial.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@contextlib.contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Give a file beside `path` to write, and move it into its place when all went well."""
    make_folder(path.parent)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        yield partial
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
