"""Results on disk: one Parquet file a unit of work, named by the hash of all that determines it.

A file is written beside and moved into place, so that it is whole or not there. Pages carry checksums; a
file that cannot be read, or is not what its name says, is set aside as ``.damaged`` and computed again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.scenario.errors import printable

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

FORMAT = "jingxi-result/1"
SOURCES = ("scenario", "world", "flow", "rules", "behaviour", "simulate.py")  # what a result can depend on
LIBRARIES = ("holidays", "numpy", "simpy")
STALE_S = 3600  # a half-written file of this age was left by a process that was killed
_META = b"jingxi"


@dataclass(frozen=True)
class Unit:
    """One replication under one policy and behaviour; ``key`` names its result.

    ``work`` is equal for policies that only judge the same work differently: one process does it once.
    """

    policy: str
    behaviour: str
    replication: int
    key: str
    work: str

    def __str__(self) -> str:
        return f"{self.policy}, {self.behaviour}, replication {self.replication}"


def code_version() -> str:
    """A hash of the sources that make a result, and of the versions of the libraries behind it."""
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.blake2b(digest_size=16)
    for room in SOURCES:
        place = root / room
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    for library in LIBRARIES:
        digest.update(f"{library} {metadata.version(library)}\0".encode())
    return digest.hexdigest()


def unit_key(scenario: str, behaviour: str, seed: int, replication: int, code: str) -> str:
    """The name of a result: a hash of the reformed scenario, behaviour, seed, replication and code."""
    content = json.dumps([FORMAT, scenario, behaviour, seed, replication, code])
    return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()


@cache
def _schema() -> pa.Schema:
    import pyarrow as pa

    text = pa.dictionary(pa.int32(), pa.string())
    whole = {"year": pa.int16(), "month": pa.int8()}
    texts = {name: text for name in ("unit", "kind", "person", "outcome")}
    return pa.schema({**whole, **texts, "value": pa.float64()})


@dataclass(frozen=True)
class Store:
    """The results in one folder."""

    folder: Path

    def file(self, key: str) -> Path:
        return self.folder / f"{key}.parquet"

    def requests_file(self, key: str) -> Path:
        return self.folder / f"{key}.requests.parquet"

    def failure_file(self, key: str) -> Path:
        return self.folder / f"{key}.failed.json"

    def write(self, unit: Unit, result: Any, keep_requests: bool = False) -> None:
        """Keep a result of `sim.simulate`. The file of outcomes comes last: where it is, all is."""
        import pyarrow as pa

        if keep_requests:
            requests = pa.Table.from_pandas(result.requests.reset_index(), preserve_index=False)
            self._write(self.requests_file(unit.key), requests, unit, {})
        outcomes = pa.Table.from_pandas(result.outcomes, schema=_schema(), preserve_index=False)
        self._write(self.file(unit.key), outcomes, unit, _checks(result.requests))
        self.failure_file(unit.key).unlink(missing_ok=True)

    def _write(self, file: Path, table: pa.Table, unit: Unit, checks: dict[str, int]) -> None:
        import pyarrow.parquet as pq

        stated = {"format": FORMAT, "key": unit.key, "rows": table.num_rows, "checks": checks}
        stated |= {"policy": unit.policy, "behaviour": unit.behaviour, "replication": unit.replication}
        table = table.replace_schema_metadata({_META: json.dumps(stated, sort_keys=True).encode()})
        with _beside(file) as partial:
            pq.write_table(table, partial, compression="zstd", write_page_checksum=True)

    def write_failure(self, unit: Unit, text: str) -> None:
        """Keep why a unit has no result."""
        stated = {
            "policy": unit.policy,
            "behaviour": unit.behaviour,
            "replication": unit.replication,
            "error": text,
        }
        with _beside(self.failure_file(unit.key)) as partial:
            partial.write_text(json.dumps(stated, indent=1, ensure_ascii=False), encoding="utf-8")

    def failure(self, key: str) -> str | None:
        """Why the last attempt at a unit failed, or None."""
        try:
            return str(json.loads(self.failure_file(key).read_text(encoding="utf-8"))["error"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError):
            return "it failed, and the record of why cannot be read"

    def sound(self, key: str, keep_requests: bool = False) -> bool:
        """Whether the result of `key` is there and can be read; what cannot is set aside."""
        return self.read(key) is not None and (not keep_requests or self.read_requests(key) is not None)

    def read(self, key: str) -> pa.Table | None:
        """The outcomes of one unit, or None."""
        return self._read(self.file(key), key, _schema())

    def read_requests(self, key: str) -> pa.Table | None:
        """The requests of one unit, or None."""
        return self._read(self.requests_file(key), key, None)

    def metadata(self, key: str) -> dict[str, Any]:
        """What a sound file says of itself: format, key, policy, behaviour, replication, rows, checks."""
        import pyarrow.parquet as pq

        return json.loads(pq.read_schema(self.file(key)).metadata[_META])

    def _read(self, file: Path, key: str, schema: pa.Schema | None) -> pa.Table | None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        if not file.exists():
            return None
        try:
            # memory_map off and one handle: on some systems an open file could not be moved away
            with file.open("rb") as handle:
                table = pq.read_table(handle, page_checksum_verification=True)
            stated = json.loads((table.schema.metadata or {}).get(_META, b"null"))
            if not isinstance(stated, dict) or (stated.get("format"), stated.get("key")) != (FORMAT, key):
                raise ValueError("it is not the result that its name says")
            if stated.get("rows") != table.num_rows:
                raise ValueError("rows are missing")
            if schema is not None and not table.schema.equals(schema, check_metadata=False):
                raise ValueError("its columns are not those of a result")
            return table.replace_schema_metadata(None)
        except (OSError, ValueError, KeyError, pa.ArrowException) as error:
            aside = file.with_name(file.name + ".damaged")
            with contextlib.suppress(FileNotFoundError):  # another process has set it aside
                os.replace(file, aside)
            reason = printable(str(error), 160)
            warnings.warn(f"{file.name} is damaged and was set aside as {aside.name}: {reason}", stacklevel=4)
            return None

    def read_all(self, units: Iterable[Unit]) -> tuple[pa.Table | None, int]:
        """The units that are there as one table, with policy, behaviour, replication; how many are not."""
        import pyarrow as pa

        tables, absent = [], 0
        read: dict[str, pa.Table | None] = {}
        for unit in units:
            if unit.key not in read:
                read[unit.key] = self.read(unit.key)
            table = read[unit.key]
            if table is None:
                absent += 1
                continue
            tables.append(_labelled(table, unit))
        if not tables:
            return None, absent
        return pa.concat_tables(tables).unify_dictionaries(), absent

    def sweep(self, processes: Iterable[int | None] = ()) -> None:
        """Remove what was only half written by these `processes`, or by any that was killed long ago."""
        endings = {f".{process}.partial" for process in processes}
        for partial in self.folder.glob(".*.partial"):
            with contextlib.suppress(FileNotFoundError):  # another process may move it into place meanwhile
                stale = time.time() - partial.stat().st_mtime >= STALE_S
                if stale or partial.name.endswith(tuple(endings)):
                    partial.unlink()


class _beside:
    """A file to write beside `file`, moved into its place when all went well and removed when not."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.partial = file.with_name(f".{file.name}.{os.getpid()}.partial")

    def __enter__(self) -> Path:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        return self.partial

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        if failed is None:
            os.replace(self.partial, self.file)
        else:
            self.partial.unlink(missing_ok=True)


def _labelled(table: pa.Table, unit: Unit) -> pa.Table:
    import numpy as np
    import pyarrow as pa

    def constant(text: str) -> pa.Array:
        return pa.DictionaryArray.from_arrays(np.zeros(table.num_rows, np.int32), pa.array([text]))

    replication = pa.array(np.full(table.num_rows, unit.replication, np.int32))
    columns = {
        "policy": constant(unit.policy),
        "behaviour": constant(unit.behaviour),
        "replication": replication,
    }
    return pa.table({**columns, **{name: table[name] for name in table.column_names}})


def _checks(requests: pd.DataFrame) -> dict[str, int]:
    """Counts that must add up: every request is finished, withdrawn or open."""
    finished, withdrawn = requests["finish_s"] >= 0, requests["withdrawn_s"] >= 0
    counts = {"requests": len(requests), "finished": finished.sum(), "withdrawn": withdrawn.sum()}
    return {name: int(count) for name, count in {**counts, "open": (~finished & ~withdrawn).sum()}.items()}
