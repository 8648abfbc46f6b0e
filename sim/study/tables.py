"""Many results as one table, and SQL over them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from sim.scenario.errors import InputError

from .result import Unit
from .store import Store

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import pyarrow as pa

STATES = ("done", "failed", "missing")
_ABSENT = re.compile(r"Table with name (\w+) does not exist")


def joined(units: Iterable[Unit], read: Callable[[str], pa.Table | None]) -> tuple[pa.Table | None, int]:
    """The units that are there as one table, with policy, behaviour, replication; how many are not.

    `read` gives the table of a key, or None; units of equal rules have one key, read once. A column that only
    some units have is null for the others.
    """
    import pyarrow as pa

    tables, absent = [], 0
    known: dict[str, pa.Table | None] = {}
    for unit in units:
        if unit.key not in known:
            known[unit.key] = read(unit.key)
        table = known[unit.key]
        if table is None:
            absent += 1
        else:
            tables.append(_labelled(table, unit))
    if not tables:
        return None, absent
    return pa.concat_tables(tables, promote_options="default").unify_dictionaries(), absent


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


Years = dict[str, dict[int, float]]  # by outcome and year


def bureau_years(table: pa.Table, outcomes: Iterable[str]) -> Years:
    """These outcomes of the whole bureau in whole years; the years in which one unit has a value."""
    import numpy as np
    import pyarrow as pa

    found: Years = {name: {} for name in outcomes}
    whole = table["month"].to_numpy() == 0
    for name, wanted in (("unit", [""]), ("kind", [""]), ("person", [""]), ("outcome", list(found))):
        coded = table[name].dictionary_encode().combine_chunks()
        whole &= np.isin(coded.dictionary.to_pylist(), wanted)[coded.indices.to_numpy()]
    rows = table.select(["outcome", "year", "value"]).filter(pa.array(whole))
    columns = (rows[name].to_pylist() for name in ("outcome", "year", "value"))
    for name, year, value in zip(*columns, strict=True):
        if name in found and value is not None and value == value:
            found[name][year] = value
    return found


def differences(
    replications: Iterable[dict[tuple[str, str], Years]], baseline: str, outcomes: Iterable[str]
) -> dict[tuple[str, str, str], np.ndarray]:
    """By policy, behaviour and outcome the differences to the baseline (replications,), NaN where there is
    none.

    `replications` gives for each the outcomes by policy and behaviour. A difference is the mean of those of
    the years that both sides have, as in `sim.evaluate.compare`.
    """
    import numpy as np

    outcomes = list(outcomes)
    found: dict[tuple[str, str, str], list[float]] = {}
    for values in replications:
        for (policy, behaviour), after in values.items():
            before = values[baseline, behaviour]
            for name in outcomes if policy != baseline else ():
                ours, theirs = after.get(name, {}), before.get(name, {})
                years = [ours[year] - theirs[year] for year in ours.keys() & theirs.keys()]
                difference = math.fsum(years) / len(years) if years else math.nan
                found.setdefault((policy, behaviour, name), []).append(difference)
    return {key: np.array(values) for key, values in found.items()}


def states(units: Sequence[Unit], store: Store, keep_requests: bool) -> pd.DataFrame:
    """One row a unit: policy, behaviour, replication, key, state (one of `STATES`), error ("" = none)."""
    import pandas as pd

    keys = {unit.key for unit in units}
    done = store.sound(keys, keep_requests)
    failed = store.failures(keys - done)
    rows = [
        (
            unit.policy,
            unit.behaviour,
            unit.replication,
            unit.key,
            "done" if unit.key in done else "failed" if unit.key in failed else "missing",
            failed.get(unit.key, ""),
        )
        for unit in units
    ]
    return pd.DataFrame(rows, columns=["policy", "behaviour", "replication", "key", "state", "error"])


def query(sql: str, views: dict[str, Callable[[], pd.DataFrame | pa.Table]]) -> pd.DataFrame:
    """The answer of DuckDB to `sql`. A view is made when DuckDB misses it.

    Raises InputError for all that DuckDB complains of.
    """
    import duckdb

    made: dict[str, pd.DataFrame | pa.Table] = {}
    while True:
        with duckdb.connect(config={"python_enable_replacements": False}) as connection:
            for name, view in made.items():
                connection.register(name, view)
            try:
                return connection.execute(sql).df()
            except duckdb.Error as error:
                absent = _ABSENT.search(str(error))
                name = absent[1].lower() if absent else ""
                if name not in views or name in made:
                    message = f"the query cannot be answered: {' '.join(str(error).split())}"
                    raise InputError(message, remedy=f"There are the views {', '.join(views)}") from None
        made[name] = views[name]()
