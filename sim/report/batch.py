"""Write the reports of finished studies: the notebooks that a study asks for, its tables, an index."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.report.errors import ReportError
from sim.report.execute import notebooks_folder
from sim.report.files import REPORTS, USUAL_FORMATS, write_whole
from sim.report.index import write_index
from sim.report.job import (
    Job,
    Report,
    check_formats,
    code_of_reports,
    digest,
    make_all,
    state_of,
)
from sim.report.words import InBothLanguages, Text, check_language, pick
from sim.scenario.counts import number_of
from sim.scenario.errors import InputError
from sim.scenario.folders import named

if TYPE_CHECKING:
    from sim.study import Study

OF = ".study"  # a file there: whose the reports of a folder are
ACROSS = "across"  # the page across the scenarios of a study
_TITLES = {
    "briefing": Text(en="briefing", zh="决策参考"),
    "comparison": Text(en="comparison", zh="方案比较"),
    "evaluation": Text(en="evaluation", zh="结果评估"),
    "measures": Text(en="measures and their shares", zh="各项措施的作用"),
    "sensitivity": Text(en="whether the answer survives what is assumed", zh="结论能否经受假定的变化"),
    ACROSS: Text(en="across the scenarios", zh="各情景对照"),
    "assumptions": Text(en="appendix", zh="附件"),
}
_APPENDICES = {"comparison": ("assumptions",)}  # reports that are written with one, as files of their own


@dataclass(frozen=True)
class Tables:
    """The tables of a study as CSV, and what made them. `argument` opens the study called `study`."""

    argument: str
    study: str
    rests_on: str

    @property
    def name(self) -> str:
        return f"{self.study}/tables"

    @property
    def record(self) -> Path:
        return Path(REPORTS) / self.study / ".tables.made.json"

    @property
    def made_from(self) -> str:
        return digest(self.rests_on, code_of_reports())

    @property
    def wanted(self) -> tuple[Path, ...]:
        return (self.record.with_name("manifest.json"),)

    def make(self) -> list[Path]:
        from sim.report.record import write_manifest, write_tables
        from sim.study import study

        opened, folder = study(self.argument), self.record.parent
        return [*write_tables(opened, folder / "tables"), write_manifest(opened, folder)]

    def sweep(self, kept: str) -> None:
        """Its files are written whole."""


def write_reports(
    studies: Study | Sequence[Study],
    languages: Sequence[str] | None = None,
    formats: Sequence[str] = USUAL_FORMATS,
    *,
    progress: bool = True,
    anew: bool = False,
    notebooks: Path | None = None,
) -> list[Path]:
    """Write ``reports/<study>/<report>.<lang>.{ipynb,html,pdf,docx}`` of what the file of a study asks for,
    ``tables/*.csv`` and ``manifest.json``, and ``reports/index.html``.

    Results are read from disk; nothing is simulated. What is up to date is left alone. As it starts
    processes, in a script the call must stand under ``if __name__ == "__main__":``.

    Parameters
    ----------
    studies : Study or sequence of Study
        One or many. Of a file over several scenarios, a page across them is written as well.
    languages : sequence of str, optional
        ``en``, ``zh``; those of each study's file if left out.
    formats : sequence of str
        Of ``html``, ``pdf``, ``docx``, ``tex``.
    anew : bool
        Write what is up to date as well.
    notebooks : Path, optional
        The folder of the notebooks, which are programs that run; this package's own if left out.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    InputError
        For a study without results or without a file, for two files that give studies of one name, and for
        a language or format that there is not.
    ReportError
        At the end, for reports that failed: they did not stop the others. How far each came stays as
        ``<report>.<lang>.partial.ipynb``.
    """
    several = [studies] if not isinstance(studies, Sequence) else list(studies)
    asked = _Asked(tuple(languages or ()), check_formats(formats), notebooks_folder(notebooks))
    for study in several:
        check_results(study)
    files = _by_file(several)
    jobs = [job for name, its in files.items() for job in _jobs_of_file(name, its, asked)]
    for study in several:
        _make_room(study)
    what = next(iter(files)) if len(files) == 1 else number_of(len(files), "study", "studies")
    written, failed = make_all(jobs, f"reports of {what}", progress, anew)
    written += write_index()
    if failed:
        raise ReportError(
            f"{len(failed)} of {number_of(len(jobs), 'report')} of {what} failed, the others are written. "
            + " | ".join(failed)
        )
    return written


def _by_file(studies: Sequence[Study]) -> dict[str, list[Study]]:
    """Return the studies by the name of their file, each once."""
    files: dict[str, dict[str, Study]] = {}
    for study in studies:
        name = study.called.partition(":")[0]
        its = files.setdefault(name, {})
        its.setdefault(study.called, study)
        for other in its.values():
            if other.path != study.path:
                raise InputError(
                    f"{other.path} and {study.path} both give the study '{name}'",
                    remedy="Give each study a name of its own, or report one after the other",
                )
    return {name: list(its.values()) for name, its in files.items()}


def check_results(study: Study) -> None:
    """Raises InputError for a study without results, before anything is written."""
    there = {name.split(".")[0] for name in study.store.files() if name.endswith(".parquet")}
    if not any(unit.key in there for unit in study.units):
        study.outcomes  # noqa: B018 (it raises)


def check_complete(study: Study) -> None:
    """Raises InputError for a study of which results are missing or damaged: nobody could make the same."""
    if missing := len(study.missing()):
        raise InputError(
            f"{missing} of {number_of(len(study.units), 'replication')} of '{study.called}' are missing",
            remedy=f"sim run {study.called}",
        )


class _Asked(NamedTuple):
    """What is asked of every report; without languages, those of its study's file."""

    languages: tuple[str, ...]
    formats: tuple[str, ...]
    notebooks: Path


def _jobs_of_file(name: str, studies: Sequence[Study], asked: _Asked) -> Iterator[Job]:
    """Give the jobs of the studies of one file, and those of the page across its scenarios."""
    first, states = studies[0], list(map(state_of, studies))
    languages = asked.languages or first.file.languages
    spoken = tuple(check_language(lang) for lang in dict.fromkeys(languages))
    asked = asked._replace(languages=spoken)
    for study, rests_on in zip(studies, states, strict=True):
        yield from _jobs(study, rests_on, asked)
    if len(studies) > 1:
        argument = study_argument(first).removesuffix(first.called.removeprefix(name))
        yield from _reports(name, ACROSS, argument, first.title, digest(*states), asked)


def _jobs(study: Study, rests_on: str, asked: _Asked) -> Iterator[Job]:
    argument = study_argument(study)
    yield Tables(argument, study.name, rests_on)
    for report in study.file.reports:
        there = [one for one in _APPENDICES.get(report, ()) if (asked.notebooks / f"{one}.ipynb").is_file()]
        for one in (report, *there):
            yield from _reports(study.name, one, argument, _about(study), rests_on, asked)


def _reports(
    name: str, report: str, argument: str, about: InBothLanguages, rests_on: str, asked: _Asked
) -> Iterator[Report]:
    """Give a report as a job for each language."""
    notebook = asked.notebooks / f"{report}.ipynb"
    for lang in asked.languages:
        title, parameters = (
            pick(_title(about, report), lang),
            {"study": argument, "lang": lang, "folder": "."},
        )
        yield Report(Path(REPORTS), name, report, lang, notebook, parameters, title, asked.formats, rests_on)


def _title(about: InBothLanguages, report: str) -> Text:
    """Return a report's title; a Chinese briefing is called as official papers are: 关于……的决策参考."""
    kind = _TITLES[report]
    zh = f"关于{about.zh}的{kind.zh}" if report == "briefing" else f"{about.zh}：{kind.zh}"
    return Text(en=f"{about.en}: {kind.en}", zh=zh)


def _about(study: Study) -> InBothLanguages:
    """The study's title; of one of several scenarios with the scenario's before it."""
    if study.called == study.name:
        return study.title
    mine, whole = study.scenario.title, study.title
    return Text(en=f"{mine.en}. {whole.en}", zh=f"{mine.zh}·{whole.zh}")


def study_argument(study: Study) -> str:
    """Return the name or file path that opens this very study from the working directory."""
    if study.path is None:
        raise InputError(
            f"the study '{study.name}' has no file, and reports are of a file",
            remedy="Write what it asks for to scenarios/studies",
        )
    name, colon, scenario = study.called.partition(":")
    try:
        by_name = named(name, "studies/*.yaml", "study", only_names=True)
    except InputError:
        by_name = None
    if by_name is not None and by_name.absolute() == study.path:
        return study.called
    here = Path.cwd()
    path = study.path.relative_to(here) if study.path.is_relative_to(here) else study.path
    return f"{path}{colon}{scenario}"


def _make_room(study: Study) -> None:
    """Reports of one folder are of one study: those of another file of the same name go, and it is said."""
    folder = Path(REPORTS) / study.name
    others = study.store.others(study.path)
    before = folder / OF
    mine = str(study.path)
    try:
        told = before.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        told = ""
    if told and told != mine and others:
        warnings.warn(
            f"{folder} held the reports of {told}, of the same name; they are replaced", stacklevel=3
        )
        for path in [*folder.glob("*.*.*"), *folder.glob("tables/*.csv")]:
            path.unlink(missing_ok=True)
    write_whole(before, mine + "\n")
