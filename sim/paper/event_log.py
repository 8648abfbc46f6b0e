"""The event log of a run: what happened to each case, by whom and when, with dates.

A row of `events` is one activity of one case. `write_csv` and `write_xes` (IEEE 1849-2016) keep it in files
that process-mining tools read. Times are local, without a zone, as the scenario's calendar has them.
"""

from __future__ import annotations

import contextlib
import gzip
import io
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO
from xml.sax.saxutils import quoteattr

from sim.report.files import beside, write_whole
from sim.report.tables import csv_text
from sim.report.words import one_line, pick
from sim.scenario.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from sim.replication import Result

FORMATS = {"csv": (".csv",), "xes": (".xes", ".xes.gz")}  # and how the names of their files end
ARRIVAL, WITHDRAWAL = "arrival", "withdrawal"  # activities that no step of a route is
COLUMNS = (
    "case", "activity", "person", "ready", "start", "complete", "unit", "role", "kind", "type", "due",
)  # fmt: skip
_XES = "http://www.xes-standard.org/"
_VERSION = "1849.2016"  # its schema wants a decimal number
_EXTENSIONS = {"Concept": "concept", "Lifecycle": "lifecycle", "Organizational": "org", "Time": "time"}


def events(result: Result, lang: str | None = None) -> pd.DataFrame:
    """Tabulate a run's activities, those of a case in order of time.

    Parameters
    ----------
    result : Result
        One replication.
    lang : {'en', 'zh'}, optional
        Call units and kinds by their titles; by their names in the scenario's file if left out.

    Returns
    -------
    DataFrame
        One row per activity, with `COLUMNS`. ``case`` is the number of the request (int). ``activity`` is
        the name of a step, or ``arrival`` or ``withdrawal``. ``ready``, ``start``, ``complete`` and ``due``
        (of the case) are datetime64[s]; NaT means that it has not happened, or that there is no limit.
        ``person`` is who ended the work, named as the post's first holder; "" where nobody works.

    Examples
    --------
    >>> import sim
    >>> from sim.paper.event_log import events
    >>> table = events(sim.simulate("one-office", seed=1))
    >>> table.loc[:1, ["case", "activity", "person", "start", "complete"]]
       case activity person               start            complete
    0     0  arrival        2025-01-01 00:40:19 2025-01-01 00:40:19
    1     0    serve  clerk 2025-01-01 00:40:19 2025-01-01 00:41:22
    """
    import pandas as pd

    requests, steps = result.requests, result.steps
    steps = steps[steps["type"] != "check"]  # a check is of the model: nobody does it
    moments = {name: steps[name] for name in ("ready_s", "start_s", "end_s")}
    tables = [
        pd.DataFrame({"case": requests.index, "activity": ARRIVAL, "unit": requests["unit"].astype(str)})
        .assign(**dict.fromkeys(moments, requests["arrival_s"].to_numpy()), order=-1)
        .assign(person="", role="", type=ARRIVAL),
        pd.DataFrame(
            {
                "case": steps["request"],
                "activity": steps["step"].astype(str),
                **moments,
                "order": steps.index,
                **{name: steps[name].astype(str) for name in ("person", "unit", "role", "type")},
            }
        ),
    ]
    gone = requests[requests["withdrawn_s"] >= 0]
    if len(gone):
        at = dict.fromkeys(moments, gone["withdrawn_s"].to_numpy())
        left = pd.DataFrame({"case": gone.index, "activity": WITHDRAWAL, "unit": gone["unit"].astype(str)})
        tables.append(left.assign(**at, order=len(result.work.world.tasks.step)))
        tables[-1] = tables[-1].assign(person="", role="", type=WITHDRAWAL)
    table = pd.concat(tables, ignore_index=True)
    table = table.sort_values(["case", "ready_s", "order"], kind="stable", ignore_index=True)
    table["due_s"] = requests["due_s"].to_numpy()[table["case"]]
    table["kind"] = requests["kind"].astype(str).to_numpy()[table["case"]]
    table = result.dated(table).rename(columns={"end": "complete"})
    if lang is not None:
        scenario = result.scenario
        for column, titled in (("unit", scenario.units), ("kind", scenario.kinds)):
            titles = {name: pick(one.title, lang) for name, one in titled.items()}
            table[column] = table[column].map(lambda name, titles=titles: titles.get(name, name))
    return table[list(COLUMNS)]


def format_of(file: Path) -> str:
    """Return the format that the name of a file says: ``csv`` or ``xes``.

    Raises InputError for an ending that neither has.

    Examples
    --------
    >>> from pathlib import Path
    >>> from sim.paper.event_log import format_of
    >>> format_of(Path("log.xes.gz"))
    'xes'
    """
    name = file.name.lower()
    for one, endings in FORMATS.items():
        if name.endswith(endings):
            return one
    known = ", ".join(ending for endings in FORMATS.values() for ending in endings)
    raise InputError(
        "a log is not written in a file of this ending", file=file, remedy=f"Endings are {known}"
    )


def write_csv(table: pd.DataFrame, file: Path) -> Path:
    """Write `events` as CSV, UTF-8: dates as ``2025-01-31 08:30:00``, no cell a formula."""
    dates = table.select_dtypes("datetime").columns
    told = table.assign(**{name: table[name].dt.strftime("%Y-%m-%d %H:%M:%S").fillna("") for name in dates})
    return write_whole(file, csv_text(told).encode())


def write_xes(table: pd.DataFrame, file: Path, about: Mapping[str, str]) -> Path:
    """Write `events` as XES (IEEE 1849-2016): a trace per case, and per activity the events ``schedule``,
    ``start`` and ``complete``, as far as they have happened.

    Its structure, types and order are those of the standard's schema. The file is written case by case, and
    stands in its place when it is whole; compressed where its name ends with ``.gz``. `about` tells of the
    run: attributes of the log, by name.
    """
    opened = _compressed if file.name.endswith(".gz") else _plain
    with beside(file) as partial, opened(partial) as stream:
        _head(stream, about)
        for rows in _cases(table):
            stream.write(_trace(rows))
        stream.write("</log>\n")
    return file


def _plain(file: Path) -> TextIO:
    return file.open("w", encoding="utf-8", newline="\n")


@contextlib.contextmanager
def _compressed(file: Path) -> Iterator[TextIO]:
    """Open a file for gzip, without the time at which it is written."""
    with (
        file.open("wb") as raw,
        gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed,
        io.TextIOWrapper(packed, encoding="utf-8", newline="\n") as stream,
    ):
        yield stream


def _head(stream: TextIO, about: Mapping[str, str]) -> None:
    stream.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    stream.write(f'<log xes.version="{_VERSION}" xes.features="" xmlns="{_XES}">\n')
    for name, prefix in _EXTENSIONS.items():
        uri = quoteattr(f"{_XES}{prefix}.xesext")
        stream.write(f'  <extension name="{name}" prefix="{prefix}" uri={uri}/>\n')
    stream.write(f'  <global scope="trace">\n{_attribute("concept:name", "", 4)}  </global>\n')
    stream.write(
        '  <global scope="event">\n'
        + _attribute("concept:name", "", 4)
        + _attribute("lifecycle:transition", "complete", 4)
        + '    <date key="time:timestamp" value="1970-01-01T00:00:00"/>\n  </global>\n'
        '  <classifier name="Activity" scope="event" keys="concept:name"/>\n'
    )
    for name, value in {**about, "lifecycle:model": "standard"}.items():
        stream.write(_attribute(name, value, 2))


def _cases(table: pd.DataFrame) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of each case, moments as texts; "" for what has not happened."""
    columns = {}
    for name in table.columns:
        if table[name].dtype.kind == "M":
            columns[name] = table[name].dt.strftime("%Y-%m-%dT%H:%M:%S").fillna("").tolist()
        else:
            columns[name] = table[name].tolist()
    rows = (dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))
    for _, own in groupby(rows, key=lambda row: row["case"]):
        yield list(own)


def _trace(rows: list[dict[str, Any]]) -> str:
    """Return the trace of one case; its events are in order of time."""
    out, first = io.StringIO(), rows[0]
    out.write(f"<trace>\n{_attribute('concept:name', first['case'], 1)}")
    out.write(_attribute("kind", first["kind"], 1))
    if first["due"]:
        out.write(f' <date key="due" value="{first["due"]}"/>\n')
    moments = [
        (row[column], place, step, row)
        for place, row in enumerate(rows)
        for step, column in enumerate(("ready", "start", "complete"))
        if row[column] and (step > 0 or row["type"] not in (ARRIVAL, WITHDRAWAL))
    ]
    for moment, place, step, row in sorted(moments, key=lambda one: one[:3]):
        out.write(" <event>\n")
        out.write(_attribute("concept:name", row["activity"], 2))
        out.write(_attribute("concept:instance", f"{row['case']}-{place}", 2))
        out.write(_attribute("lifecycle:transition", ("schedule", "start", "complete")[step], 2))
        out.write(f'  <date key="time:timestamp" value="{moment}"/>\n')
        for key, column in (("org:resource", "person"), ("org:group", "unit"), ("org:role", "role")):
            if row[column] and (column != "person" or step):  # who will do it is not known before
                out.write(_attribute(key, row[column], 2))
        out.write(" </event>\n")
    out.write("</trace>\n")
    return out.getvalue()


def _attribute(key: str, value: object, indent: int) -> str:
    """Return a text attribute; what XML does not allow, such as control characters, is left out."""
    value = quoteattr(one_line(str(value)))
    return f"{' ' * indent}<string key={quoteattr(one_line(key))} value={value}/>\n"
