"""Read an event log from a file: CSV, XLSX, Parquet or XES, packed with gzip or not."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.scenario.errors import InputError
from sim.scenario.source import no_file

from .columns import STAMPS, columns_of
from .found import Finding, of_cases
from .lifecycle import ABORT, OTHER, paired, sorts_of
from .overview import overview
from .packed import opened
from .span import within
from .stamps import EARLIEST, LATEST, Clock, is_day_only
from .tables import MAX_ROWS, checked_names, read_csv, read_parquet, read_xlsx
from .xes import read_xes

LEAST_CASES = 20  # with fewer, nothing can be fitted
_YEARS = "in an impossible year (before 1990 or after 2089)", "年份不可能（早于1990年或晚于2089年）"
_NOTHING = ("", "NIL", "NULL", "null", "None", "NaT", "nan", "NaN", "N/A", "n/a", "#N/A", "-")
_TEXTS = ("case", "activity", "person", "kind", "unit", "instance", "lifecycle")


@dataclass(frozen=True)
class Origin:
    """Where a log comes from, for whoever must find it again.

    Attributes
    ----------
    file, sha256 : str
        The file's name and the hash of its bytes.
    size, rows : int
        Its bytes and its rows.
    columns : dict of str to str
        The column of each field.
    clock : str
        How moments were read.
    filters : tuple of str
        What was left out, with counts.
    """

    file: str
    sha256: str
    size: int
    rows: int
    columns: dict[str, str]
    clock: str
    filters: tuple[str, ...] = ()


@dataclass(frozen=True)
class Log:
    """An event log as a table.

    Attributes
    ----------
    events : DataFrame
        One row per event, sorted by case and time: case (int, the row of `cases`), activity and person
        (categorical, "" where nobody is named), start and end (datetime64[us], the office's wall clock) and
        known (whether the start was recorded).
    cases : DataFrame
        One row per case: name, arrival, closed and due (NaT where unknown), kind, unit.
    findings : tuple of Finding
        What was found.
    origin : Origin
        Where it comes from.
    """

    events: pd.DataFrame
    cases: pd.DataFrame
    findings: tuple[Finding, ...]
    origin: Origin

    @property
    def has_starts(self) -> bool:
        """Whether most starts were recorded."""
        return bool(self.events["known"].mean() > 0.5)

    @property
    def day_only(self) -> bool:
        """Whether moments are days without an hour."""
        return is_day_only(self.events["end"])


@dataclass
class _Rows:
    """The rows on their way to events: what is left, and what was found."""

    table: pd.DataFrame
    findings: list[Finding] = field(default_factory=list)

    def found(self, name: str, en: str, zh: str, rows: pd.Series, *, wrong: bool = False) -> None:
        places = np.flatnonzero(rows.to_numpy())
        case = self.table["case"].astype("str")
        examples = tuple(f"row {self.table.index[one] + 2}: {case.iloc[one]}" for one in places[:3])
        self.findings.append(Finding(name, en, zh, len(places), examples, wrong))

    def left_out(self, name: str, en: str, zh: str, rows: pd.Series, *, wrong: bool = True) -> None:
        self.found(name, en, zh, rows, wrong=wrong)
        if rows.any():
            self.table = self.table[~rows]


def read_log(
    file: str | Path,
    columns: Mapping[str, str] | None = None,
    *,
    time_zone: str | None = None,
    written_in: str | None = None,
    day_first: bool | None = None,
    leave_out_wrong: bool = False,
    begin: pd.Timestamp | None = None,
    until: pd.Timestamp | None = None,
    now: dt.datetime | None = None,
) -> Log:
    """Read an event log.

    Parameters
    ----------
    file : str or Path
        A .csv, .txt, .xlsx, .parquet or .xes file; text and XES may be packed as .gz.
    columns : mapping of str to str, optional
        The column of a field (`sim.logs.columns.FIELDS`), where the guess would be wrong.
    time_zone : str, optional
        The office's time zone. Moments with an offset are converted to it; without it they stay as written.
    written_in : str, optional
        The time zone of moments without an offset, where it is not the office's.
    day_first : bool, optional
        Whether 03/04/2025 is in April.
    leave_out_wrong : bool, optional
        Leave out rows that cannot be events, and count them. Otherwise they are refused.
    begin, until : Timestamp, optional
        Leave out cases that came in before the first, or later than the day of the second, and count them.
    now : datetime, optional
        The present moment; later ones are wrong.

    Returns
    -------
    Log
        Events, cases, what was found, and the origin.

    Raises
    ------
    InputError
        If the file is no log, has wrong rows, or has fewer than 20 cases.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from sim.logs import read_log
    >>> rows = [f"{one},sign,Li,2025-03-0{1 + one % 9} 10:00" for one in range(20)]
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "log.csv"
    ...     _ = file.write_text("case,activity,person,end\\n" + "\\n".join(rows))
    ...     log = read_log(file)
    >>> len(log.events), len(log.cases), log.has_starts
    (20, 20, False)
    """
    file = Path(file)
    clock = Clock(time_zone, written_in, day_first)
    table, told, encoding = _table(file, dict(columns or {}))
    rows = _Rows(_typed(table, clock, file))
    total = len(rows.table)
    latest = pd.Timestamp(now or dt.datetime.now()) + pd.Timedelta(days=1)
    _leave_out_impossible(rows, latest)
    if not leave_out_wrong:
        _refuse_wrong(rows.findings, file)
    if "lifecycle" in rows.table:
        _pair(rows)
    events, cases = within(rows.findings, *_sorted(rows, latest), begin, until)
    if len(cases) < LEAST_CASES:
        message = f"the log has {len(cases)} {'case' if len(cases) == 1 else 'cases'}"
        raise InputError(message, file=file, remedy=f"At least {LEAST_CASES} are needed to fit anything")
    filters = tuple(f"{one.en}: {one.count:,}" for one in rows.findings if one.wrong and one.count)
    zone = ", ".join(sorted(clock.forms)) + (f"; local time {time_zone}" if time_zone else "; as written")
    digest, size = _hash(file)
    origin = Origin(file.name, digest, size, total, told, f"{encoding}; {zone}", filters)
    log = Log(events, cases, (), origin)
    return replace(log, findings=(*overview(log, rows.table, clock), *rows.findings))


def _table(file: Path, told: dict[str, str]) -> tuple[pd.DataFrame, dict[str, str], str]:
    """The wanted columns, named by field; the field's columns; the encoding."""
    chosen: dict[str, str] = {}

    def wanted(names: Sequence[str]) -> list[str]:
        chosen.update(columns_of(names, told, file))
        return list(chosen.values())

    suffixes = [suffix.lower() for suffix in file.suffixes]
    kind = suffixes[-2] if suffixes[-1:] == [".gz"] and len(suffixes) > 1 else (suffixes or [""])[-1]
    if not file.is_file():
        raise no_file(file)
    if kind == ".xlsx":
        table, encoding = read_xlsx(file, wanted), "xlsx"
    elif kind in (".parquet", ".pq"):
        table, encoding = read_parquet(file, wanted), "parquet"
    elif kind in (".csv", ".txt", ".tsv"):
        with opened(file) as stream:
            table, encoding = read_csv(file, stream, wanted)
    elif kind == ".xes":
        with opened(file) as stream:
            table, encoding = read_xes(file, stream), "xes"
        if table.empty:
            raise InputError("the log has no events", file=file, remedy="Export it again")
        table = table[wanted(checked_names(file, table.columns.to_list()))]
    else:
        remedy = "Give a .csv, .xlsx, .parquet or .xes file (.csv.gz and .xes.gz too)"
        raise InputError(f"a log cannot be a '{kind or file.name}' file", file=file, remedy=remedy)
    if table.empty:
        raise InputError("the log has no rows", file=file, line=2, remedy="Export it again")
    if len(table) > MAX_ROWS:
        raise InputError(f"more than {MAX_ROWS:,} rows", file=file, remedy="Split the log")
    return table.rename(columns={name: field for field, name in chosen.items()}), chosen, encoding


def _hash(file: Path) -> tuple[str, int]:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest(), file.stat().st_size


def _typed(table: pd.DataFrame, clock: Clock, file: Path) -> pd.DataFrame:
    """Texts as categories, moments as moments; beside a moment, whether it could not be read ("name?"), and
    whether it is of a year that cannot be ("name!")."""
    typed: dict[str, Any] = {}
    for name in table:
        column = table[name]
        if isinstance(column.dtype, pd.CategoricalDtype):  # a dictionary of Parquet
            column = column.astype(object)
        if name in STAMPS:
            try:
                moments = clock.read(column)
            except InputError as error:
                raise InputError(f"'{name}': {error.message}", file=file, remedy=error.remedy) from None
            unread = moments.isna() & column.notna()
            nothing = column[unread].astype("str").str.strip().isin(_NOTHING)
            typed[f"{name}?"] = unread & ~nothing.reindex(column.index, fill_value=True)
            typed[f"{name}!"] = moments.notna() & ~moments.between(EARLIEST, LATEST)
            typed[name] = moments.mask(typed[f"{name}!"])
        elif name in _TEXTS:
            text = column.where(column.notna(), "").astype("str").astype("category")
            renamed = [str(one).strip() for one in text.cat.categories]
            if name == "person":
                renamed = ["" if one in _NOTHING else one for one in renamed]
            typed[name] = text.map(dict(zip(text.cat.categories, renamed, strict=True))).astype("category")
    return pd.DataFrame(typed).reset_index(drop=True)


def _leave_out_impossible(rows: _Rows, latest: pd.Timestamp) -> None:
    nameless = rows.table["case"].isin(_NOTHING)  # else all cases without a number would be one
    rows.left_out("no_case", "rows without a case", "无案件编号的行", nameless)
    nameless = rows.table["activity"].isin(_NOTHING)
    rows.left_out("no_activity", "rows without an activity", "无环节名称的行", nameless)
    for name, en, zh in (("end", "an end", "结束时间"), ("start", "a start", "开始时间")):
        if name in rows.table:
            unread = rows.table[f"{name}?"]
            rows.left_out(f"unread_{name}", f"rows with {en} that is no moment", f"{zh}无法识别的行", unread)
            far = rows.table[f"{name}!"]
            rows.left_out(f"year_{name}", f"rows with {en} {_YEARS[0]}", f"{zh}{_YEARS[1]}的行", far)
            future = rows.table[name] > latest
            rows.left_out(f"future_{name}", f"rows with {en} in the future", f"{zh}在将来的行", future)
    for name, en, zh in (
        ("due", "a deadline", "期限"),
        ("case_start", "a receipt", "收件时间"),
        ("case_end", "a closing date", "结案时间"),
    ):
        if name in rows.table:
            told = f"rows with {en} that is no moment, taken as unknown", f"{zh}无法识别、视为未知的行"
            rows.found(f"unread_{name}", *told, rows.table[f"{name}?"])
            told = f"rows with {en} {_YEARS[0]}, taken as unknown", f"{zh}{_YEARS[1]}、视为未知的行"
            rows.found(f"year_{name}", *told, rows.table[f"{name}!"])
    none = rows.table["end"].isna()
    told = "rows without an end, not done yet: left out", "无结束时间（尚未办结）、不计入的行"
    rows.left_out("no_end", *told, none, wrong=False)
    if "start" in rows.table:
        backwards = rows.table["end"] < rows.table["start"]
        rows.left_out("backwards", "rows with an end before the start", "结束早于开始的行", backwards)


def _refuse_wrong(findings: Sequence[Finding], file: Path) -> None:
    wrong = [one for one in findings if one.wrong and one.count]
    if wrong:
        told = "; ".join(f"{one.counted()} ({', '.join(one.examples)})" for one in wrong)
        remedy = "Mend them, or leave them out by --leave-out-wrong, which counts them"
        raise InputError(told, file=file, remedy=remedy)


def _pair(rows: _Rows) -> None:
    """Join starts and ends; leave other rows out, and count them."""
    what = sorts_of(rows.table["lifecycle"])
    told = "rows of other lifecycle steps", "其他状态变化的行"
    rows.left_out("other_lifecycle", *told, what == OTHER)
    what = what[rows.table.index]
    if (what == ABORT).any():
        told = "executions aborted and left out", "中止、不计入的办理"
        rows.found("aborted", *told, what == ABORT)
    rows.table, unended = paired(rows.table, what)
    rows.findings.append(Finding("not_ended", "starts without an end", "有开始无结束", unended))


def _sorted(rows: _Rows, latest: pd.Timestamp) -> tuple[pd.DataFrame, pd.DataFrame]:
    table = rows.table
    names = [name for name in ("case", "activity", "person", "start", "end") if name in table]
    twice = table.duplicated(names)
    rows.found("repeated", "rows the same as another one, kept", "与另一行相同的行（保留）", twice)
    if "person" not in table:
        table = table.assign(person=pd.Categorical([""] * len(table)))
    start = table["start"] if "start" in table else pd.Series(np.datetime64("NaT", "us"), table.index)
    case, case_names = pd.factorize(table["case"].astype("str"))
    events = pd.DataFrame(
        {
            "case": case,
            "activity": table["activity"].cat.remove_unused_categories(),
            "person": table["person"].astype("category").cat.remove_unused_categories(),
            "start": start.fillna(table["end"]).astype("datetime64[us]"),
            "end": table["end"].astype("datetime64[us]"),
            "known": start.notna(),
        }
    )
    order = np.lexsort((np.arange(len(events)), events["end"], events["start"], events["case"]))
    events = events.iloc[order].reset_index(drop=True)
    first = table.groupby(case, sort=True).first()
    begun = events.groupby("case")["start"].min()
    cases = pd.DataFrame({"name": case_names, "first": begun})
    known = (
        first["case_start"] if "case_start" in first else pd.Series(np.datetime64("NaT", "us"), first.index)
    )
    late = known > begun
    told = "cases with events before receipt", "早于收件的案件"
    rows.findings.append(of_cases("time_travel", *told, cases["name"][late]))
    cases["arrival"] = known.where(~late).fillna(begun).astype("datetime64[us]")
    for name, column in (("closed", "case_end"), ("due", "due")):
        given = first[column] if column in first else np.datetime64("NaT", "us")
        cases[name] = pd.Series(given, cases.index, dtype="datetime64[us]")
    for name in ("kind", "unit"):
        cases[name] = first[name].astype("str") if name in first else ""
    rows.findings.extend(_odd_dates(cases, latest))
    return events, cases


def _odd_dates(cases: pd.DataFrame, latest: pd.Timestamp) -> Iterator[Finding]:
    """Dates of cases that cannot be. They are told and kept: the events, which are fitted, may be right."""
    name, due, closed = cases["name"], cases["due"], cases["closed"]
    told = (
        "cases with a deadline before receipt, which tells no limit",
        "期限早于收件、不用于推算时限的案件",
    )
    yield of_cases("due_before", *told, name[due < cases["arrival"]])
    told = "cases closed before receipt", "结案早于收件的案件"
    yield of_cases("closed_before", *told, name[closed < cases["arrival"]])
    yield of_cases(
        "closed_future", "cases closed in the future", "结案时间在将来的案件", name[closed > latest]
    )
