"""A unit of work, the name of its result, and the result as the bytes of its files.

Every file says what it is and carries a digest of all its bytes (the digest's own place counted as zeros),
so that one wrong bit anywhere is noticed. The Parquet pages have checksums of their own for other readers.
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.replication import Work
    from sim.rules.table import LongTable

FORMAT = "jingxi-result/2"
OUTCOMES, REQUESTS = ".parquet", ".requests.parquet"  # how the names of the files end

_META = b"jingxi"
_BLANK = b"0" * 32
_MARK = b'"sum": "'

Files = dict[str, bytes]  # by ending; in the order in which they are to be written


@dataclass(frozen=True)
class Unit:
    """One replication under one policy and behaviour; ``key`` names its result.

    ``work`` is equal for policies that only judge the same work differently, ``draw`` for those whose
    citizens are the same: one process makes it once.
    """

    policy: str
    behaviour: str
    replication: int
    key: str
    work: str
    draw: str = ""

    def __str__(self) -> str:
        return f"{self.policy}, {self.behaviour}, replication {self.replication}"


def unit_key(scenario: str, behaviour: str, seed: int, replication: int, code: str) -> str:
    """The name of a result: a hash of the reformed scenario, behaviour, seed, replication and code."""
    content = json.dumps([FORMAT, scenario, behaviour, seed, replication, code])
    return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()


@cache
def outcomes_schema() -> pa.Schema:
    """The columns of a unit's outcomes: `sim.rules.COLUMNS`."""
    import pyarrow as pa

    text = pa.dictionary(pa.int32(), pa.string())
    whole = {"year": pa.int16(), "month": pa.int8()}
    texts = {name: text for name in ("unit", "kind", "person", "outcome")}
    return pa.schema({**whole, **texts, "value": pa.float64()})


def pack(unit: Unit, result: Any, keep_requests: bool = False) -> Files:
    """A result of `sim.simulate` as files. The outcomes come last: where they are, all is."""
    import pyarrow as pa

    files = {}
    if keep_requests:
        requests = pa.Table.from_pandas(result.requests.reset_index(), preserve_index=False)
        files[REQUESTS] = _packed(requests, unit, {})
    columns = [_column(result.told, field) for field in outcomes_schema()]
    outcomes = pa.Table.from_arrays(columns, schema=outcomes_schema())
    files[OUTCOMES] = _packed(outcomes, unit, _checks(result.work))
    return files


def _column(told: LongTable, field: pa.Field) -> pa.Array:
    """A column; of its texts those that occur, in the order in which they do."""
    import pandas as pd
    import pyarrow as pa

    if not pa.types.is_dictionary(field.type):
        return pa.array(getattr(told, field.name), type=field.type)
    codes, found = pd.factorize(told.codes[field.name])
    texts = told.texts[field.name]
    named = pa.array([texts[place] for place in found.tolist()], pa.string())
    return pa.DictionaryArray.from_arrays(codes.astype("int32"), named)


def _packed(table: pa.Table, unit: Unit, checks: dict[str, int]) -> bytes:
    import pyarrow.parquet as pq

    stated = {"format": FORMAT, "key": unit.key, "rows": table.num_rows, "checks": checks}
    stated |= {"policy": unit.policy, "behaviour": unit.behaviour, "replication": unit.replication}
    text = json.dumps(stated | {"sum": _BLANK.decode()}, sort_keys=True)
    buffer = io.BytesIO()
    table = table.replace_schema_metadata({_META: text.encode()})
    pq.write_table(table, buffer, compression="zstd", write_page_checksum=True)
    data = bytearray(buffer.getbuffer())
    place = data.rindex(_MARK + _BLANK) + len(_MARK)
    data[place : place + len(_BLANK)] = _digest(data, place)
    return bytes(data)


def _digest(data: bytes | bytearray, place: int) -> bytes:
    digest, view = hashlib.blake2b(digest_size=16), memoryview(data)
    for part in (view[:place], _BLANK, view[place + len(_BLANK) :]):
        digest.update(part)
    return digest.hexdigest().encode()


def stated(data: bytes, key: str) -> dict[str, Any]:
    """What the file `data` says of itself: format, key, policy, behaviour, replication, rows, checks.

    Raises ValueError (or an ArrowException, a ValueError or OSError too) unless it is whole and of `key`.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    place = data.rfind(_MARK) + len(_MARK)
    if place < len(_MARK) or data[place : place + len(_BLANK)] != _digest(data, place):
        raise ValueError("its bytes are not those that were written")
    said = json.loads((pq.read_metadata(pa.BufferReader(data)).metadata or {}).get(_META, b"null"))
    if not isinstance(said, dict) or (said.get("format"), said.get("key")) != (FORMAT, key):
        raise ValueError("it is not the result that its name says")
    return said


def unpack(data: bytes, key: str) -> pa.Table:
    """The table in a file. Raises as `stated` does."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    _keep_memory()
    stated(data, key)
    return pq.ParquetFile(pa.BufferReader(data)).read(use_threads=False).replace_schema_metadata(None)


@cache
def _keep_memory() -> None:
    """Let Arrow take memory as the rest of Python does: its own allocator gives it back at once, and to take
    it again costs as much time as to read a result."""
    import pyarrow as pa

    pa.set_memory_pool(pa.system_memory_pool())


def _checks(work: Work) -> dict[str, int]:
    """Counts that must add up: every request is finished, withdrawn or open, and of the open some are
    stuck."""
    finished, withdrawn = work.trace.finish_s >= 0, work.trace.withdrawn_s >= 0
    counts = {"requests": len(finished), "finished": finished.sum(), "withdrawn": withdrawn.sum()}
    counts |= {"open": (~finished & ~withdrawn).sum(), "stuck": (work.stuck.codes > 0).sum()}
    return {name: int(count) for name, count in counts.items()}
