"""Run notebooks with parameters, one or all that a study asks for: each is written whole, or not at all.

`run_notebook` is around papermill, because by itself that only warns of a parameter that a notebook does not
have, never checks types, writes its output in place, and records a run whose kernel was killed as completed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import TYPE_CHECKING

from sim.report.errors import ReportError
from sim.report.files import report_path
from sim.report.notebook import check_parameters, parameters_of, read_notebook
from sim.report.words import Text, check_language, pick
from sim.scenario.errors import InputError, printable
from sim.scenario.load import scenarios_folder

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from sim.study import Study

REPORTS = "reports"  # the folder, under the working directory
AT_ONCE = 2  # kernels, each a process of its own
_TITLES = {"briefing": Text(en="briefing", zh="决策简报"), "comparison": Text(en="comparison", zh="方案比较")}


def run_notebook(
    notebook: Path, output: Path, parameters: Mapping[str, object], timeout_s: int = 1800
) -> Path:
    """Execute `notebook` in a fresh kernel and write it, with what it showed, to `output`; returns `output`.

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

    output.parent.mkdir(parents=True, exist_ok=True)
    partial = output.with_name(f"{output.stem}.partial.ipynb")
    partial.unlink(missing_ok=True)
    reason = "interrupted"
    try:
        failure = _execute(node, partial, values, timeout_s)
        if failure is None:
            _tidy(partial)
            os.replace(partial, output)
            return output
        reason, cause = failure
        raise ReportError(f"{notebook}: {reason} (as far as it came: {partial})") from cause
    finally:
        if partial.exists():
            _mark_aborted(partial, reason)


def _execute(
    node: NotebookNode, partial: Path, values: dict[str, object], timeout_s: int
) -> tuple[str, Exception] | None:
    """None, or what went wrong and where in a few words."""
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
    """Take out what differs from run to run: times, random ids, this machine's folders."""
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


def write_reports(study: Study, languages: Sequence[str] | None = None, progress: bool = True) -> list[Path]:
    """Write ``reports/<study>/<report>.<lang>.{ipynb,html,pdf}`` of what the study's file asks for, in its
    own languages if none are given, with ``tables/*.csv`` and ``manifest.json``; returns what was written.

    Results are read from disk; nothing is simulated. Raises InputError for a study without results,
    ReportError for a report that fails; the reports that were made before stay.
    """
    from tqdm import tqdm

    from sim.report.record import write_manifest, write_tables

    languages = [check_language(lang) for lang in languages or study.file.languages]
    study.outcomes  # noqa: B018 (a study without results is told of before anything is written)
    wanted = [(report, lang) for report in study.file.reports for lang in languages]
    written: list[Path] = []
    with (
        tqdm(total=len(wanted) + 1, desc=f"reports of {study.name}", disable=not progress) as bar,
        ThreadPoolExecutor(min(AT_ONCE, os.cpu_count() or 1)) as pool,
    ):
        running = [pool.submit(write_report, study, report, lang) for report, lang in wanted]
        try:
            folder = Path(REPORTS) / study.name
            written += [*write_tables(study, folder / "tables"), write_manifest(study, folder)]
            bar.update()
            for one in as_completed(running):
                one.result()
                bar.update()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [path for one in running for path in one.result()] + written


def write_report(study: Study, report: str, lang: str) -> list[Path]:
    """One report in one language: its notebook, page and PDF."""
    from sim.report.export import to_html, to_pdf

    executed, html, pdf = (
        report_path(Path(REPORTS), study.name, report, lang, suffix) for suffix in ("ipynb", "html", "pdf")
    )
    values = {"study": study_argument(study), "lang": lang, "folder": "."}
    run_notebook(notebooks_folder() / f"{report}.ipynb", executed, values)
    dash = Text(en=": ", zh="：")
    title = f"{pick(study.title, lang)}{pick(dash, lang)}{pick(_TITLES[report], lang)}"
    to_html(executed, html, lang, title)
    return [executed, html, to_pdf(html, pdf)]


def notebooks_folder() -> Path:
    """``notebooks/`` under the working directory, or in the checkout the package runs from."""
    here = Path.cwd() / "notebooks"
    return here if here.is_dir() else Path(__file__).resolve().parents[2] / "notebooks"


def study_argument(study: Study) -> str:
    """What opens the study again from the working directory: its name, or the path of its file."""
    if (scenarios_folder() / "studies" / f"{study.name}.yaml").is_file():
        return study.name
    beside = study.scenario.folder.parent / "studies" / f"{study.name}.yaml"
    if not beside.is_file():
        raise InputError(
            f"the file of the study '{study.name}' is not beside its scenario",
            remedy="Put it into scenarios/studies/",
        )
    here = Path.cwd()
    return str(beside.relative_to(here) if beside.is_relative_to(here) else beside)
