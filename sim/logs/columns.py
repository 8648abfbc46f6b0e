"""Find the columns of a log: by the names that systems usually give them, or as the user says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from sim.scenario.errors import InputError, nearest, printable

# What a column may be, and the names by which it is known, the likeliest first; compared without case, blanks
# and signs. A name stands once.
FIELDS: dict[str, tuple[str, ...]] = {
    "case": (
        "case", "caseid", "caseconceptname", "casenumber", "caseno", "request", "requestid", "ticket",
        "ticketid", "traceid", "案件编号", "案号", "件号", "业务编号", "受理编号", "编号",
    ),
    "activity": (
        "activity", "conceptname", "activityname", "event", "eventname", "task", "taskname", "step", "action",
        "环节", "活动", "步骤", "办理环节",
    ),
    "person": (
        "person", "resource", "orgresource", "user", "userid", "employee", "agent", "handler", "performer",
        "办理人", "人员", "经办人", "操作人",
    ),
    "start": (
        "start", "starttime", "starttimestamp", "begin", "begintime", "started", "startdate",
        "开始时间", "开始", "起始时间",
    ),
    "end": (
        "end", "endtime", "endtimestamp", "complete", "completetime", "completetimestamp", "completiontime",
        "finish", "finishtime", "timestamp", "timetimestamp", "time", "date", "completed", "enddate",
        "结束时间", "完成时间", "办结时间", "结束", "时间",
    ),
    "lifecycle": ("lifecycle", "lifecycletransition", "transition", "状态变化"),
    "instance": ("instance", "conceptinstance", "activityinstance", "activityinstanceid"),
    "kind": ("kind", "casekind", "casetype", "matter", "事项", "事项类型", "类型"),
    "unit": ("unit", "office", "caseunit", "department", "orggroup", "单位", "部门"),
    "due": ("due", "deadline", "casedeadline", "casedue", "duedate", "到期时间", "期限", "截止时间"),
    "case_start": ("casestart", "casestartdate", "received", "receipt", "受理时间", "收件时间"),
    "case_end": ("caseend", "caseenddate", "closed", "closedate", "结案时间"),
}  # fmt: skip
STAMPS = ("start", "end", "due", "case_start", "case_end")
MEANING = {
    "case": "the number of the case",
    "activity": "what was done",
    "person": "who did it",
    "start": "when it began",
    "end": "when it ended",
    "lifecycle": "whether the row says 'start' or 'complete'",
    "instance": "which of several executions of the activity",
    "kind": "the kind of case",
    "unit": "the office",
    "due": "the case's deadline",
    "case_start": "when the case came in",
    "case_end": "when the case was closed",
}


def columns_of(names: Sequence[str], told: Mapping[str, str], file: Path) -> dict[str, str]:
    """Return the column of each field that the log has.

    Parameters
    ----------
    names : sequence of str
        The names of the table's columns.
    told : mapping of str to str
        Fields and their columns, as the user says; an empty name says that there is none.
    file : Path
        The file, for the messages.

    Returns
    -------
    dict of str to str
        The name of the column of each field found.

    Raises
    ------
    InputError
        If a field or a column is unknown, if two fields have one column, or if case, activity or a moment is
        missing.

    Examples
    --------
    >>> from pathlib import Path
    >>> from sim.logs.columns import columns_of
    >>> columns_of(["Case ID", "Activity", "End time"], {}, Path("log.csv"))
    {'case': 'Case ID', 'activity': 'Activity', 'end': 'End time'}
    """
    for field, name in told.items():
        if field not in FIELDS:
            raise InputError(f"unknown field '{field}'", remedy=nearest(field, FIELDS))
        if name and name not in names:
            raise InputError(f"there is no column '{name}'", file=file, line=1, remedy=nearest(name, names))
    found = {field: name for field, name in told.items() if name}
    by_sound: dict[str, str] = {}
    for name in names:
        by_sound.setdefault(_sound(name), name)
    taken = set(found.values())
    for field, known in FIELDS.items():
        if field in told:
            continue
        free = [by_sound[one] for one in known if by_sound.get(one, "") not in {"", *taken}]
        if free:
            found[field] = free[0]
            taken.add(free[0])
    if len(set(found.values())) < len(found):
        twice = next(name for name in found.values() if list(found.values()).count(name) > 1)
        raise InputError(
            f"the column '{twice}' is told for two fields", file=file, remedy="Give each its own"
        )
    for field in ("case", "activity"):
        if field not in found:
            raise _missing(f"no column says {MEANING[field]}", field, names, file)
    if "end" not in found:
        message = "no column says when something ended" if "start" in found else "no column holds a moment"
        raise _missing(message, "end", names, file)
    return {field: found[field] for field in FIELDS if field in found}


def _missing(message: str, field: str, names: Sequence[str], file: Path) -> InputError:
    shown = ", ".join(printable(name, 40) for name in names[:12]) + (", …" if len(names) > 12 else "")
    remedy = f"The first line must hold column names; name it by --column {field}=NAME. Columns here: {shown}"
    return InputError(message, file=file, line=1, remedy=remedy)


def _sound(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()
