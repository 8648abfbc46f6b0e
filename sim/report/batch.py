"""Run notebooks with parameters, one or all of a study; write each whole or not at all.

`run_notebook` is around papermill, because by itself that only warns of a parameter that a notebook does not
have, never checks types, writes its output in place, and records a run whose kernel was killed as completed.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report.errors import ReportError
from sim.report.files import REPORTS, SUFFIXES, half_written, make_folder, report_path, write_whole
from sim.report.index import write_index
from sim.report.notebook import check_parameters, parameters_of, read_notebook
from sim.report.words import InBothLanguages, Text, check_language, pick
from sim.report.workers import side_by_side
from sim.scenario.errors import InputError, printable
from sim.scenario.load import named

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from sim.study import Study

OF = ".study"  # a file there: whose the reports of a folder are
AT_ONCE = 2  # processes that write reports, each with a kernel
_TITLES = {
    "briefing": Text(en="briefing", zh="决策参考"),
    "comparison": Text(en="comparison", zh="方案比较"),
    "evaluation": Text(en="evaluation", zh="结果评估"),
    "measures": Text(en="measures and their shares", zh="各项措施的作用"),
    "sensitivity": Text(en="whether the answer survives what is assumed", zh="结论能否经受假定的变化"),
    "across": Text(en="across the scenarios", zh="各情景对照"),
    "assumptions": Text(en="appendix", zh="附件"),
}
_APPENDICES = {"comparison": ("assumptions",)}  # reports that are written with one, as files of their own


def run_notebook(
    notebook: Path, output: Path, parameters: Mapping[str, object], timeout_s: int = 1800
) -> Path:
    """Execute `notebook` in a fresh kernel and write it, with its outputs, to `output`; return `output`.

    The kernel works in the caller's folder: hand over paths that are absolute. The same notebook,
    parameters and data give the same bytes, as far as the notebook's own output does.

    Parameters
    ----------
    parameters : values by name for the cell tagged `parameters`; checked before a kernel starts. A Path
    counts as text.
    timeout_s : seconds for the whole notebook.

    Raises
    ------
    InputError : no such notebook, no `parameters` cell, an unknown parameter, a value of the wrong type.
    ReportError : a cell failed, took too long, or the kernel died. What there was is beside `output` as
        ``<name>.partial.ipynb``, with the reason in ``metadata.papermill.aborted``.
    """
    notebook, output = Path(notebook), Path(output)
    values = {name: str(v) if isinstance(v, Path) else v for name, v in parameters.items()}
    node = read_notebook(notebook)
    check_parameters(parameters_of(node, notebook), values, notebook)

    make_folder(output.parent)
    partial = output.with_name(f"{output.stem}.partial.ipynb")
    partial.unlink(missing_ok=True)
    try:
        failure = _execute(node, partial, values, timeout_s)
    except BaseException:  # interrupted: nobody asks how far it came
        partial.unlink(missing_ok=True)
        raise
    if failure is None:
        _tidy(partial)
        os.replace(partial, output)
        return output
    reason, cause = failure
    _mark_aborted(partial, reason)
    raise ReportError(f"{notebook}: {reason} (as far as it came: {partial})") from cause


def _execute(
    node: NotebookNode, partial: Path, values: dict[str, object], timeout_s: int
) -> tuple[str, Exception] | None:
    """Return None, or a short description of the error and its place."""
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    from sim.report import kernel

    progress = kernel.Progress(timeout_s)
    literal = str(partial).replace("{", "{{").replace("}", "}}")  # papermill formats its paths
    try:
        papermill.execute_notebook(
            node,
            literal,
            parameters=values,
            engine_name=kernel.ENGINE,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            progress=progress,
        )
    except papermill.PapermillExecutionError as error:
        return (
            f"cell In [{error.exec_count}] failed: {printable(f'{error.ename}: {error.evalue}', 300)}",
            error,
        )
    except CellTimeoutError as error:
        return f"not done after {timeout_s} seconds, in cell In [{progress.cell}]", error
    except DeadKernelError as error:
        return f"the kernel died in cell In [{progress.cell}] (killed, or out of memory)", error
    except RuntimeError as error:  # of jupyter_client: the kernel never answered
        return printable(f"no kernel: {error}", 300), error
    return None


def _tidy(path: Path) -> None:
    """Remove what differs from run to run: times, random ids, this machine's folders."""
    import nbformat

    node = nbformat.read(path, as_version=4)
    kept = ("parameters", "version")
    node.metadata.papermill = {k: v for k, v in node.metadata.get("papermill", {}).items() if k in kept}
    for cell in node.cells:
        cell.metadata.pop("papermill", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = "injected-parameters"
    nbformat.write(node, path)


def _mark_aborted(path: Path, reason: str) -> None:
    import nbformat

    try:
        node = nbformat.read(path, as_version=4)
    except Exception:  # cut off in the middle of being written: it cannot be taken for a finished one either
        return
    node.metadata.setdefault("papermill", {})["aborted"] = reason
    nbformat.write(node, path)


def write_reports(
    study: Study,
    languages: Sequence[str] | None = None,
    progress: bool = True,
    notebooks: Path | None = None,
) -> list[Path]:
    """Write ``reports/<study>/<report>.<lang>.{ipynb,html,pdf}`` (a briefing also as docx) of what the
    study's file asks for, in its own languages if none are given, with ``tables/*.csv``, ``manifest.json``
    and ``reports/index.html``; returns what was written.

    The notebooks are this package's own, or those in the folder `notebooks`: they are programs that run.
    Results are read from disk; nothing is simulated. As it starts processes, in a script the call must stand
    under ``if __name__ == "__main__":``.

    Raises InputError for a study without results. A report that fails does not stop the others: at the end a
    ReportError names each, and how far it came stays as ``<report>.<lang>.partial.ipynb``. Interrupted, it
    says how many are left.
    """
    from tqdm import tqdm

    from sim.report.record import write_manifest, write_tables

    languages = [check_language(lang) for lang in languages or study.file.languages]
    study.outcomes  # noqa: B018 (a study without results is told of before anything is written)
    place, argument = notebooks_folder(notebooks), study_argument(study)
    reports: list[str] = []
    for asked in study.file.reports:
        appendices = [one for one in _APPENDICES.get(asked, ()) if (place / f"{one}.ipynb").is_file()]
        reports += [asked, *appendices]
    wanted = [(report, lang) for report in reports for lang in languages]
    jobs = [
        (place / f"{report}.ipynb", argument, study.name, _about(study), report, lang)
        for report, lang in wanted
    ]
    _make_room(study)
    done: dict[int, list[Path]] = {}
    failed: list[str] = []
    try:
        with (
            tqdm(total=len(wanted) + 1, desc=f"reports of {study.name}", disable=not progress) as bar,
            side_by_side(_tried, jobs, min(AT_ONCE, os.cpu_count() or 1)) as answers,
        ):
            folder = Path(REPORTS) / study.name
            written = [*write_tables(study, folder / "tables"), write_manifest(study, folder)]
            bar.update()
            for number, answer in answers:
                if isinstance(answer, str):
                    failed.append(f"{'.'.join(wanted[number])}: {answer}")
                else:
                    done[number] = answer
                bar.update()
    except BaseException as stop:
        told = str(stop)  # names the partial notebook of one that failed, which stays
        for report, lang in wanted:
            for path in half_written(report_path(Path(REPORTS), study.name, report, lang, "ipynb")):
                if str(path) not in told:
                    path.unlink(missing_ok=True)
        if not isinstance(stop, KeyboardInterrupt):
            raise
        left = len(wanted) - len(done)
        raise KeyboardInterrupt(
            f"interrupted: {left} of {len(wanted)} reports of {study.name} are left; report again for all"
        ) from None
    paths = [path for number in sorted(done) for path in done[number]] + written + write_index()
    if failed:
        raise ReportError(
            f"{len(failed)} of {len(wanted)} reports of {study.name} failed, the others are written. "
            + " | ".join(failed)
        )
    return paths


def _tried(*job: Any) -> list[Path] | str:
    """Return what `write_report` wrote, or why it failed: one report does not stop the others."""
    try:
        return write_report(*job)
    except ReportError as error:
        return str(error)


def write_across(
    studies: Sequence[Study], languages: Sequence[str] | None = None, notebooks: Path | None = None
) -> list[Path]:
    """Write ``reports/<study>/across.<lang>.{ipynb,html,pdf}``, one page across a study's scenarios, whose
    results are on disk; return what was written."""
    first = studies[0]
    name, place = first.called.partition(":")[0], notebooks_folder(notebooks) / "across.ipynb"
    argument = study_argument(first).removesuffix(first.called.removeprefix(name))
    languages = [check_language(lang) for lang in languages or first.file.languages]
    written = []
    for lang in languages:
        written += write_report(place, argument, name, first.title, "across", lang)
    return written + write_index()


def write_report(
    notebook: Path, argument: str, name: str, about: InBothLanguages, report: str, lang: str
) -> list[Path]:
    """Write one report in one language: notebook, page and PDF, and a Word file of a one-page paper.
    `argument` opens the study called `name`."""
    from sim.report.export import PAPER, fit, form_of, to_html, to_pdf
    from sim.report.word_file import to_docx

    executed, html, pdf, word = (report_path(Path(REPORTS), name, report, lang, one) for one in SUFFIXES)
    run_notebook(notebook, executed, {"study": argument, "lang": lang, "folder": "."})
    to_html(executed, html, lang, pick(_title(about, report), lang))
    if form_of(executed) != PAPER:
        return [executed, html, to_pdf(html, pdf)]
    fit(html)
    return [executed, html, to_pdf(html, pdf), to_docx(html, word, lang)]


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


def notebooks_folder(given: Path | None = None) -> Path:
    """The folder of the notebooks: this package's own unless another is given, whatever lies in the working
    folder, because they are programs. In a checkout they lie beside the package, in a wheel inside it."""
    if given is not None:
        return Path(given)
    package = Path(__file__).resolve().parents[1]
    inside = package / "notebooks"
    return inside if inside.is_dir() else package.parent / "notebooks"


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
