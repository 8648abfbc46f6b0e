"""Make reports side by side, each a job that knows its files and what they are made from.

A job leaves a record beside its files: a hash of all that determines them, and a hash of each. What is as its
record says, and would be made from the same again, is up to date and is left alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sim.report.errors import ReportError
from sim.report.execute import run_notebook
from sim.report.files import FORMATS, half_written, report_path, write_whole
from sim.report.forks import opening
from sim.report.workers import side_by_side
from sim.scenario.errors import InputError, nearest, printable

if TYPE_CHECKING:
    from sim.study import Study

AT_ONCE = 2  # processes that write reports, each with a kernel


class Job(Protocol):
    """What `make_all` makes. It is sent to a process."""

    @property
    def name(self) -> str:
        """What messages call it."""

    @property
    def record(self) -> Path:
        """The record of its files."""

    @property
    def made_from(self) -> str:
        """A hash of all that determines its files."""

    @property
    def wanted(self) -> tuple[Path, ...]:
        """The files that must be there; it may write more."""

    def make(self) -> list[Path]:
        """Write the files, and return them. Raises ReportError."""

    def sweep(self, kept: str) -> None:
        """Remove what is half written, except what the message `kept` names."""


@dataclass(frozen=True)
class Report:
    """A notebook run by papermill, and the pages made of it: ``folder/study/report.lang.*``.

    folder, study, report, lang : the place of the files. notebook, parameters : what is run. title : of the
    page. formats : of `FORMATS`. rests_on : a hash of the data that the notebook reads, of `state_of`.
    """

    folder: Path
    study: str
    report: str
    lang: str
    notebook: Path
    parameters: dict[str, Any] = field(hash=False)
    title: str
    formats: tuple[str, ...]
    rests_on: str

    @property
    def name(self) -> str:
        return f"{self.study}/{self.report}.{self.lang}"

    @property
    def record(self) -> Path:
        return self.path("ipynb").with_name(f".{self.report}.{self.lang}.made.json")

    @property
    def made_from(self) -> str:
        try:
            notebook = self.notebook.read_bytes()
        except OSError:
            notebook = b""  # running it says what is wrong
        return digest(self.rests_on, self.parameters, self.title, notebook, code_of_reports())

    @property
    def wanted(self) -> tuple[Path, ...]:
        return tuple(map(self.path, ("ipynb", *self.formats)))

    def path(self, suffix: str) -> Path:
        return report_path(self.folder, self.study, self.report, self.lang, suffix)

    def make(self) -> list[Path]:
        """Files of other formats than those asked for are of an earlier state, and go."""
        from sim.report.export import write_formats
        from sim.report.latex import remove_latex

        with opening(self.parameters.get("study", ""), self.rests_on):
            run_notebook(self.notebook, self.path("ipynb"), self.parameters)
        for suffix in set(FORMATS) - set(self.formats):
            self.path(suffix).unlink(missing_ok=True)
        remove_latex(self.path("tex"))
        files = {suffix: self.path(suffix) for suffix in self.formats}
        return [self.path("ipynb"), *write_formats(self.path("ipynb"), files, self.lang, self.title)]

    def sweep(self, kept: str) -> None:
        for path in half_written(self.path("ipynb")):
            if str(path) not in kept:
                path.unlink(missing_ok=True)


def check_formats(formats: Iterable[str]) -> tuple[str, ...]:
    """Return the formats, each once. Raises InputError for one that there is not."""
    found = tuple(dict.fromkeys(formats))
    for one in found:
        if one not in FORMATS:
            raise InputError(f"no reports in format {one!r}", remedy=nearest(one, FORMATS))
    if not found:
        raise InputError("no format of reports is given", remedy=f"Formats are {', '.join(FORMATS)}")
    return found


def make_all(
    jobs: Sequence[Job], what: str, progress: bool = True, anew: bool = False
) -> tuple[list[Path], list[str]]:
    """Make the jobs that are not up to date, two at once; return the files written, and what failed and why.

    Parameters
    ----------
    what : str
        What the jobs are, for progress and messages: ``reports of two``.
    progress : bool
        Show a progress bar, and say how many are up to date.
    anew : bool
        Make those that are up to date as well.

    Raises
    ------
    InputError
        For a notebook that is none, or that lacks a parameter: the others would fail as well.
    KeyboardInterrupt
        If interrupted; it says how many are left.
    """
    from tqdm import tqdm

    left = [job for job in jobs if anew or not up_to_date(job)]
    if progress and len(left) < len(jobs):
        print(f"{what}: {len(jobs) - len(left)} of {len(jobs)} are up to date", file=sys.stderr, flush=True)
    if not left:
        return [], []
    done: dict[int, list[Path]] = {}
    failed: list[str] = []
    try:
        with (
            tqdm(total=len(left), desc=what, disable=not progress) as bar,
            side_by_side(_made, [(job,) for job in left], min(AT_ONCE, os.cpu_count() or 1)) as answers,
        ):
            for number, answer in answers:
                if isinstance(answer, str):
                    failed.append(f"{left[number].name}: {answer}")
                else:
                    done[number] = answer
                bar.update()
    except BaseException as stop:
        for job in left:
            job.sweep(str(stop))
        if not isinstance(stop, KeyboardInterrupt):
            raise
        raise KeyboardInterrupt(
            f"interrupted: {len(left) - len(done)} of {len(jobs)} {what} are left; the same command goes on"
        ) from None
    return [path for number in sorted(done) for path in done[number]], failed


def _made(job: Job) -> list[Path] | str:
    """Return the files that a job has written, or why it failed: one does not stop the others."""
    job.record.unlink(missing_ok=True)
    made_from = job.made_from  # before: what changes meanwhile is noticed the next time
    try:
        files = job.make()
    except InputError:
        raise
    except ReportError as error:
        return str(error)
    except Exception as error:  # a fault of ours in one report
        return printable(f"{type(error).__name__}: {error}", 300)
    listed = {os.path.relpath(path, job.record.parent): hash_of(path) for path in files}
    write_whole(job.record, json.dumps({"from": made_from, "files": listed}, indent=1, ensure_ascii=False))
    return files


# What is up to date


def up_to_date(job: Job) -> bool:
    """Return whether all files of a job are as it made them, and it would make them from the same again."""
    try:
        record = json.loads(job.record.read_text(encoding="utf-8"))
        made_from, listed = record["from"], dict(record["files"])
        there = {os.path.relpath(path, job.record.parent) for path in job.wanted}
        return bool(
            made_from == job.made_from
            and there <= listed.keys()
            and all(hash_of(job.record.parent / name) == hashed for name, hashed in listed.items())
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def hash_of(path: Path) -> str:
    return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()


def digest(*parts: Any) -> str:
    """Hash texts, bytes, numbers, models, and lists and mappings of them."""
    whole = hashlib.blake2b(digest_size=16)
    for part in parts:
        text = part if isinstance(part, bytes) else json.dumps(part, default=_plain).encode()
        whole.update(hashlib.blake2b(text).digest())
    return whole.hexdigest()


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json", warnings=False) if hasattr(value, "model_dump") else repr(value)


def state_of(study: Study) -> str:
    """Hash all that a study's reports rest on: its file, scenario and policies with their texts and evidence,
    and the results on disk, by name, size and time.
    """
    from sim.study.at_points import folder_of

    keys = {unit.key for unit in study.all_units}
    marks = [(name, mark[:2]) for name, mark in study.store.files().items() if name.split(".")[0] in keys]
    doubted = sorted(path for path in folder_of(study).glob("*") if path.is_file())
    marks += [(path.name, (path.stat().st_size, path.stat().st_mtime_ns)) for path in doubted]
    source = study.scenario.source
    evidence = sorted((".".join(path), repr(one)) for path, one in source.evidence.items())
    policies = [
        (name, policy.title, policy.reason, policy.changes, policy.move)
        for name, policy in study.policies.items()
    ]
    left_out = list(study.left_out.items())
    scenario = [study.scenario.name, study.scenario.digest(), repr(source.data), evidence]
    return digest(study.called, study.file, scenario, policies, left_out, sorted(marks))


@cache
def code_of_reports() -> str:
    """Hash the package with its templates and fonts, and the versions of the libraries that make reports."""
    from sim.report.record import versions

    root = Path(__file__).resolve().parents[1]
    files = sorted(path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return digest([(path.relative_to(root).as_posix(), hash_of(path)) for path in files], versions())
