"""Read an event log in XES (IEEE 1849), streamed: no document type, no entities, no network."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

import numpy as np
import pandas as pd

from sim.scenario.errors import InputError

PIECE = 1 << 20
LONGEST = 16 << 20  # bytes of one tag or text
DEEPEST = 64
TIME = "time:timestamp"
_VALUES = frozenset(("string", "date", "int", "float", "boolean", "id"))


class _Reader:
    """Collects the attributes of events, and those of their trace as ``case:…`` columns.

    Values outside events and traces, and those nested in lists, are not read.
    """

    def __init__(self) -> None:
        self.events: dict[str, list[str]] = {}
        self.traces: dict[str, list[str]] = {}
        self.sizes: list[int] = []
        self.depth = 0
        self.at = ""  # the element whose attributes are read: trace or event
        self.level = 0
        self.count = 0

    def start(self, name: str, given: dict[str, str]) -> None:
        self.depth += 1
        if name in _VALUES:
            if self.depth != self.level + 1:
                return  # nested, or of the log itself
            key, value = given.get("key", ""), given.get("value", "")
            of_event = self.at == "event"
            columns = self.events if of_event else self.traces
            missing = (self.count if of_event else len(self.sizes)) - 1
            column = columns.get(key)
            if column is None:
                column = columns[key] = []
            missing -= len(column)
            if missing >= 0:  # the first of this key
                if missing:
                    column.extend([""] * missing)
                column.append(value if key == TIME else sys.intern(value))
        elif name == "event":
            self.count += 1
            self.at, self.level = "event", self.depth
            if not self.sizes:
                raise ValueError("an event stands outside a trace")
            self.sizes[-1] += 1
        elif name == "trace":
            self.sizes.append(0)
            self.at, self.level = "trace", self.depth
        elif self.depth > DEEPEST:
            raise ValueError(f"nested deeper than {DEEPEST} levels")
        elif self.depth == 1 and name != "log":
            raise ValueError(f"the document is a '{name[:40]}', not a log")

    def end(self, name: str) -> None:
        if self.at == "event" and self.depth == self.level:
            self.at, self.level = "trace", self.level - 1
        elif self.at == "trace" and self.depth == self.level:
            self.at, self.level = "", -1
        self.depth -= 1


def read_xes(file: Path, stream: BinaryIO) -> pd.DataFrame:
    """Read all events; attributes of the trace are columns ``case:…``. Raises InputError.

    A document type is refused, and with it every entity: an event log needs none, a bomb does.
    """
    parser, reader = expat.ParserCreate(), _Reader()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    fed = 0
    try:
        while piece := stream.read(PIECE):
            parser.Parse(piece, False)
            fed += len(piece)
            if fed - parser.CurrentByteIndex > LONGEST:
                raise ValueError(f"a tag is longer than {LONGEST // 1_000_000} MB")
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        message = f"not valid XML: {expat.ErrorString(error.code)}"
        raise InputError(message, file=file, line=error.lineno, remedy="Export the log again") from None
    except InputError:  # of the packed file
        raise
    except ValueError as error:
        line = parser.CurrentLineNumber
        raise InputError(str(error), file=file, line=line, remedy="Export the log again as XES") from None
    return _table(reader)


def _refuse(*_: object) -> None:
    raise ValueError("a document type or an entity is declared, which a log may not")


def _table(reader: _Reader) -> pd.DataFrame:
    columns: dict[str, object] = {}
    for key, values in reader.events.items():
        values.extend([""] * (reader.count - len(values)))
        columns[key] = pd.array(values, dtype="str")
    of_trace = np.repeat(np.arange(len(reader.sizes)), reader.sizes)
    for key, values in reader.traces.items():
        values.extend([""] * (len(reader.sizes) - len(values)))
        columns[f"case:{key}"] = pd.Series(values, dtype=object).take(of_trace).to_numpy()
    if "case:concept:name" not in columns:  # the trace's place is its number
        columns["case:concept:name"] = [f"trace {place + 1}" for place in of_trace]
    return pd.DataFrame(columns)
