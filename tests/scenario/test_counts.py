"""A count and its noun agree, in the helper and in what a command says."""

from __future__ import annotations

from sim.scenario.counts import number_of


def test_one_is_singular_and_all_else_plural():
    assert number_of(1, "year") == "1 year"
    assert number_of(0, "year") == "0 years"
    assert number_of(1200, "person", "people") == "1,200 people"
