"""All reports of a study: notebooks run two at a time, each made into HTML and PDF, with tables and a manifest."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import TYPE_CHECKING

from sim.report.batch import run_notebook
from sim.report.export import to_html, to_pdf
from sim.report.files import report_path
from sim.report.record import write_manifest, write_tables
from sim.report.words import Text, check_language, pick
from sim.scenario.errors import InputError
from sim.scenario.load import scenarios_folder

if TYPE_CHECKING:
    from sim.study import Study

REPORTS = "reports"  # the folder, under the working directory
AT_ONCE = 2  # kernels, each a process of its own
_TITLES = {"briefing": Text(en="briefing", zh="决策简报"), "comparison": Text(en="comparison", zh="方案比较")}


def write_reports(study: Study, languages: Sequence[str] | None = None, progress: bool = True) -> list[Path]:
    """Write ``reports/<study>/<report>.<lang>.{ipynb,html,pdf}`` of what the study's file asks for, in its own languages
    if none are given, with ``tables/*.csv`` and ``manifest.json``; returns what was written.

    Results are read from disk; nothing is simulated. Raises InputError for a study without results, ReportError for a
    report that fails; the reports that were made before stay.
    """
    from tqdm import tqdm

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
    """What opens the study again from the working directory: its name, or the path of the file beside its scenario."""
    if (scenarios_folder() / "studies" / f"{study.name}.yaml").is_file():
        return study.name
    beside = study.scenario.folder.parent / "studies" / f"{study.name}.yaml"
    if not beside.is_file():
        raise InputError(
            f"the file of the study '{study.name}' is not beside its scenario",
            remedy="Put it into scenarios/studies/",
        )
    return str(beside.relative_to(Path.cwd()) if beside.is_relative_to(Path.cwd()) else beside)
