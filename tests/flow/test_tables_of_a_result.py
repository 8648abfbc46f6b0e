"""The tables of a result: what the docstrings name is there, visits have their work, moments have dates."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from sim.flow import hours, record
from sim.flow.dates import MOMENTS
from sim.replication import Result, simulate
from sim.scenario import InputError, Policy, build, load, load_policy
from tests.flow.counter import SERVE, counter


@pytest.fixture(scope="module")
def plain():
    wait = {"type": "delay", "reason": "other", "amount": 30, "per": "minutes", "distribution": "constant"}
    days = wait | {"amount": 1, "per": "working_days"}
    return simulate(
        build(counter(route={"serve": SERVE, "wait": wait, "again": SERVE, "days": days})), seed=3
    )


@pytest.fixture(scope="module")
def full():
    """A replication in which rules and behaviour add all the columns that they can."""
    policy = load_policy(load("binhai"), "all-service-rules")
    few = {"behaviour.return": "assumed", "behaviour.trials.at_least": 4}
    policy = Policy("all", policy.title, policy.reason, policy.changes | few)
    return simulate(load("binhai"), policy, behaviour="responsive")


def named(text: str) -> tuple[list[str], list[str]]:
    """The columns that a docstring names after "Columns:", and those after "also:"."""
    text = re.sub(r"\([^()]*\)", "", text)
    found = []
    for mark in ("Columns:", "also:"):
        listed = re.search(rf"{mark}([^.]*)\.", text)
        found.append(re.findall(r"[a-z]\w*", listed[1].replace(" and ", ", ")) if listed else [])
    return found[0], found[1]


TABLES = ("requests", "steps", "segments", "people", "outcomes")


@pytest.mark.parametrize("table", TABLES)
def test_the_docstring_names_the_columns(plain, full, table):
    attributes = dict(re.findall(r"^    (\w+) : \w+\n(.*?)(?=^    \w+.* : |^$)", Result.__doc__, re.S | re.M))
    text = attributes[table] if table in attributes else getattr(Result, table).__doc__
    columns, also = named(text)
    assert list(getattr(plain, table).columns) == columns
    assert set(getattr(full, table).columns) == {*columns, *also}


def test_the_tables_of_the_flow_are_as_documented(plain):
    work = plain.work
    made = hours(work.world, work.bureau.tables, work.trace, 0, work.world.end_s)
    assert set(re.findall(r"\b(?:unit|role|grade|[a-z_]+_s)\b", hours.__doc__.split("columns")[1])) - {
        "end_s",
        "start_s",
    } == set(made.columns)
    for make, table in ((record.steps_of, plain.steps), (record.segments_of, plain.segments)):
        for column in table.columns:
            assert re.search(rf"\b{column}\b", make.__doc__), column


def test_a_visit_has_its_standard_work_and_its_wait(plain):
    steps = plain.steps
    assert (steps.loc[steps["step"].isin(["serve", "again"]), "work_s"] == 600).all()
    waits = steps[steps["step"] == "wait"]
    assert (waits["work_s"] == 0).all() and (waits["delay_s"] == 1800).all()
    done = waits[waits["end_s"] >= 0]
    assert ((done["end_s"] - done["start_s"]) == 1800).all() and len(done) > 10
    days = steps[steps["step"] == "days"]
    assert (days["delay_s"] == -1).all() and (days["delay_days"] == 1).all() and len(days)
    whole = steps.groupby("request")["work_s"].sum()
    finished = plain.requests.index[plain.requests["finish_s"] >= 0]
    assert (whole[finished] == plain.requests.loc[finished, "work_s"]).all()


def test_segments_know_their_visit(plain):
    joined = plain.segments.merge(plain.steps, on="task", suffixes=("", "_of_visit"))
    assert (joined["request"] == joined["request_of_visit"]).all() and len(joined) > 10


@pytest.mark.parametrize("table", ["requests", "steps", "segments"])
def test_moments_have_dates(plain, table):
    dated, seconds = plain.dated(table), getattr(plain, table)
    moments = [name for name in seconds.columns if name in MOMENTS]
    assert [name for name in dated.columns if name not in seconds] == [n.removesuffix("_s") for n in moments]
    for name in moments:
        dates, there = dated[name.removesuffix("_s")], seconds[name] >= 0
        assert dates.dtype == "datetime64[s]"
        since = (dates[there] - pd.Timestamp("2025-01-06")).dt.total_seconds()
        np.testing.assert_array_equal(since, seconds.loc[there, name])
        assert dates[~there].isna().all()


def test_rows_of_a_table_have_dates_too_and_others_are_refused(plain):
    late = plain.dated(plain.steps.query("step == 'wait'"))
    assert late["start"].min() >= pd.Timestamp("2025-01-06 08:10")
    with pytest.raises(InputError, match="no table 'peple'"):
        plain.dated("peple")


def test_due_dates_stay_when_other_memory_is_used():
    """They were once those of memory that had been released: numbers of anything that came later."""
    for behaviour in ("mechanical", "learning"):
        requests = simulate("warsaw-halls", behaviour=behaviour, seed=3).requests
        assert (requests["statutory_due_s"] == -1).all()  # the scenario has no time limits
