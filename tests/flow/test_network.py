"""The network of the benchmarks: both executors and independent programs find the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks import in_c, in_simpy
from benchmarks.network import drawn, network
from sim.flow import executor

HOUR_S = 3600
needs_gcc = pytest.mark.skipif(not in_c.available(), reason="there is no gcc")


def rows_of(tables, engine: str):
    flow = executor(engine)(tables)
    flow.work_until(tables.end)
    return flow.trace


@pytest.fixture(scope="module")
def small():
    """Three offices, 25 days: their tables and plain columns."""
    bureau, trips = drawn(network(days=25, offices=3), seed=1)
    return bureau.tables, trips


@pytest.fixture(scope="module")
def by_the_hour(small):
    """The same where everything happens at full hours, so that most events have others beside them."""
    tables, trips = small
    columns = {
        "arrival_s": tables.arrival_s // HOUR_S * HOUR_S,
        "work_s": np.maximum(tables.work_s // HOUR_S, 1) * HOUR_S,
    }
    return tables._replace(**columns), replace(trips, **columns)


@needs_gcc
@pytest.mark.parametrize("engine", ["compiled", "simpy"])
@pytest.mark.parametrize("table", ["small", "by_the_hour"])
def test_same_rows_as_in_c(table, engine, request):
    tables, trips = request.getfixturevalue(table)
    trace = rows_of(tables, engine)
    rows = in_c.run(trips)
    assert (rows["finish_s"] >= 0).sum() > 1000
    for name, column in rows.items():
        np.testing.assert_array_equal(getattr(trace, name), column, name)


@needs_gcc
def test_moments_are_shared_where_all_happens_at_full_hours(by_the_hour):
    """Else the comparison above would not see the order of simultaneous events."""
    _, trips = by_the_hour
    ends = in_c.run(trips)["segments"][:, 3]
    assert len(np.unique(ends)) < len(ends) / 4


def test_plain_simpy_finds_the_same_times(small):
    """Its pools and its queue are its own; only the order within a second differs."""
    tables, trips = small
    finish_s = rows_of(tables, "compiled").finish_s
    other = in_simpy.run(trips)
    assert np.mean(other == finish_s) > 0.98
    assert trips.mean_sojourn_s(other) == pytest.approx(trips.mean_sojourn_s(finish_s), rel=1e-3)


def test_all_are_busy(small):
    _, trips = small
    load = np.bincount(trips.pool, trips.work_s) / trips.servers / trips.end_s
    assert ((load > 0.6) & (load < 1)).all()
