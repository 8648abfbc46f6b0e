"""Write a fitted log as an ordinary scenario folder, which a person can read and edit."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sim.authoring.place import Placed, place_scenario
from sim.report.validated import COLUMNS, VALIDATION

from .fit.model import Fit
from .names import Title, title_of
from .policies import write_policies
from .report import REPORT, report
from .scenario import ACTIVITIES, Writer, Written
from .verdict import Question

if TYPE_CHECKING:
    from .validate import Validation


def write_scenario(
    fit: Fit,
    name: str,
    validation: Validation | None = None,
    *,
    title: str = "",
    title_zh: str = "",
    names: bool = False,
    titles: Mapping[str, Title] | None = None,
    limit_days: int | None = None,
    replace: bool = False,
) -> Placed:
    """Write the scenario of a fitted log into a folder under ``scenarios/``, with a policy and a study.

    Parameters
    ----------
    fit : Fit
        What was fitted.
    name : str
        The name of the folder.
    validation : Validation, optional
        What a fit of the first part says of the second. It is told in ``log.md``, and stored in
        ``validation.csv`` for the reports of studies.
    title, title_zh : str, optional
        The title in English and in Chinese; the file's name if left out.
    names : bool, optional
        Keep the names of people; otherwise they are numbers.
    titles : mapping of str to Title, optional
        What activities and kinds are called in both languages (`sim.logs.names.read_titles`).
    limit_days : int, optional
        The limit of all cases in calendar days, where the log has no deadline.
    replace : bool, optional
        Replace the scenario of an existing folder; a copy is kept.

    Returns
    -------
    Placed
        The files that were written.

    Raises
    ------
    InputError
        If the name is taken or no name. Nothing is written then.
    """
    written = scenario_of(
        fit, title=title, title_zh=title_zh, names=names, titles=titles, limit_days=limit_days
    )
    told = title_of(fit.log.origin.file).replace("`", "'")
    tables = {ACTIVITIES: table_of(written), REPORT: report(fit, validation).encode()}
    tables[VALIDATION] = stored(validation)
    return place_scenario(name, written.source, tables, replace=replace, origin=told, policies=write_policies)


def scenario_of(
    fit: Fit,
    *,
    title: str = "",
    title_zh: str = "",
    names: bool = False,
    titles: Mapping[str, Title] | None = None,
    limit_days: int | None = None,
) -> Written:
    """Say a fitted log as the data of a scenario, with evidence, and which step is which activity."""
    stem = title_of(Path(fit.log.origin.file).name.split(".")[0])
    both = {"en": title or title_zh or stem, "zh": title_zh or title or stem}
    return Writer(fit, both, names=names, titles=titles, limit_days=limit_days).written()


def table_of(written: Written) -> bytes:
    """The table of steps and activities, for whoever reads the scenario beside the log."""
    rows = ([kind, step, _harmless(one)] for (kind, step), one in written.activities.items())
    return _csv(("kind", "step", "activity"), rows)


def stored(validation: Validation | None) -> bytes:
    """The verdict as a table, which the reports of a study read; without rows where there is none."""
    if validation is None:
        return _csv(COLUMNS, ())
    counts = validation.trained, validation.held_out, len(validation.fitted)
    return verdict_table(validation.split, *counts, validation.verdict)


def verdict_table(
    before: dt.date, trained: int, held_out: int, simulations: int, verdict: Iterable[Question]
) -> bytes:
    """The table that ``validation.csv`` holds: what was held out, and a row each question."""
    held = f"{before:%Y-%m-%d}", *(f"{one:,}" for one in (trained, held_out, simulations))
    rows = (
        [*held, one.name, "yes" if one.fit else "no", one.en, one.zh, one.why_en, one.why_zh]
        for one in verdict
    )
    return _csv(COLUMNS, rows)


def _csv(heading: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows(rows)
    return text.getvalue().encode()


def _harmless(title: str) -> str:
    """A title that no spreadsheet takes for a formula."""
    shown = title_of(title)
    return f"'{shown}" if shown[:1] in "=+-@" else shown
