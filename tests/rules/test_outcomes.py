"""The register of outcomes."""

import re

from sim.rules import OUTCOMES


def test_every_outcome_is_described_in_both_languages():
    for name, outcome in OUTCOMES.items():
        assert outcome.name == name
        assert re.fullmatch("[a-z][a-z0-9_]*", name)
        assert outcome.better in ("higher", "lower", "neither")
        for words in (outcome.zh, outcome.definition.zh):
            assert re.search("[一-鿿]", words), name
        assert not re.search("[一-鿿]", outcome.en + outcome.definition.en)


def test_labels_are_told_apart():
    for side in ("en", "zh"):
        labels = [getattr(outcome, side) for outcome in OUTCOMES.values()]
        assert len(set(labels)) == len(labels)


def test_shares_are_shown_in_percent():
    assert OUTCOMES["on_time_rate"].scale == 100 and OUTCOMES["on_time_rate"].unit.en == "%"
    assert OUTCOMES["score"].scale == 1
