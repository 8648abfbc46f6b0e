"""With every rule off a bureau is, to the last bit, what it was before there were such rules."""

from __future__ import annotations

import json

import pytest

import sim
from sim.cache import LruCache
from sim.replication import simulation
from sim.world.streams import Luck

from .before import CASES, FILE, HERE, TABLES, digests
from .switches import ALL_OFF, SWITCHES, at

BEFORE = json.loads(FILE.read_text())
IN_SIMPY = ("six weeks", "six weeks at desks", "urgent care")  # the reference takes its time


@pytest.fixture(autouse=True)
def inspected_by_place(monkeypatch):
    """Inspections as then: the k-th number of a stream was that of the k-th case in the list."""

    def uniform(self, unit, item, case_numbers):
        return self.streams("assessment", str(self.year), unit, item).random(len(case_numbers))

    monkeypatch.setattr(Luck, "uniform", uniform)
    monkeypatch.setattr(simulation, "done", LruCache(1))  # what was judged by other luck is not kept


@pytest.mark.parametrize("case", CASES)
def test_all_off_is_as_before_to_the_last_bit(case):
    check(case, "compiled")


@pytest.mark.parametrize("case", IN_SIMPY)
def test_all_off_is_as_before_in_the_reference_executor(case):
    check(case, "simpy")


def check(case: str, engine: str) -> None:
    before = BEFORE[case]
    now = digests(case, engine, before["names"])
    assert {name: now[name] for name in TABLES} == {name: before[name] for name in TABLES}
    for year, digest in before["outcomes"].items():
        assert now["outcomes"][year] == digest, f"outcomes of {year}"


@pytest.mark.parametrize("name", ["binhai", "urgent-care"])
def test_the_scenarios_from_before_have_every_rule_off(name):
    scenario = sim.load(HERE / name)
    assert {path: at(scenario, path) for path in SWITCHES} == ALL_OFF | NOTHING_TO_SWITCH[name]


# Blocks that a scenario from before does not have at all.
NOTHING_TO_SWITCH = {
    "binhai": {},
    "urgent-care": {path: None for path in SWITCHES if path.startswith(("assessment.", "pay.", "study."))},
}
